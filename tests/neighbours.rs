//! Documents that speak of connections and define none of AWS Glue's: nothing is found in them,
//! whatever is asked for.

use gluelint::lint::{Options, lint_bytes};
use gluelint::spec::Severity;

/// What it is, the file's name, and the document.
const NEIGHBOURS: &[(&str, &str, &str)] = &[
    (
        "a connection of EventBridge",
        "template.yaml",
        "Resources:\n  Api:\n    Type: AWS::Events::Connection\n    Properties:\n      AuthorizationType: BASIC\n      \
         AuthParameters: {BasicAuthParameters: {Username: a, Password: b}}\n",
    ),
    (
        "an answer of EventBridge",
        "connections.json",
        "{\"Connections\": [{\"ConnectionArn\": \"arn:aws:events:x\", \"Name\": \"api\", \
         \"ConnectionState\": \"AUTHORIZED\", \"AuthorizationType\": \"BASIC\"}]}",
    ),
    (
        "a connection of Direct Connect",
        "connection.json",
        "{\"Connection\": {\"connectionId\": \"dxcon-1\", \"connectionName\": \"a\", \"bandwidth\": \"1Gbps\"}}",
    ),
    (
        "a resource of Direct Connect",
        "main.tf",
        "resource \"aws_dx_connection\" \"a\" {\n  name = \"a\"\n  bandwidth = \"1Gbps\"\n}\n",
    ),
    (
        "a connection of CodeStar",
        "connection.json",
        "{\"Connection\": {\"ConnectionName\": \"github\", \"ConnectionArn\": \"arn:aws:x\", \"ProviderType\": \
         \"GitHub\", \"ConnectionStatus\": \"AVAILABLE\"}}",
    ),
    (
        "a connection of App Runner",
        "connection.yaml",
        "apiVersion: apprunner.aws.upbound.io/v1beta1\nkind: Connection\nmetadata: {name: a}\nspec:\n  \
         forProvider: {providerType: GITHUB, region: us-west-1}\n",
    ),
    (
        "connections of Airflow",
        "connections.yaml",
        "orders_db:\n  conn_type: postgres\n  host: db.example.org\n  login: etl\n  password: x\n  port: 80\n",
    ),
    (
        "connections of Airflow in JSON",
        "connections.json",
        "{\"orders\": {\"conn_type\": \"jdbc\", \"extra\": {\"driver_path\": \"/x.jar\"}, \"port\": 80}}",
    ),
    (
        "a connector of Debezium",
        "connector.json",
        "{\"name\": \"orders\", \"config\": {\"connector.class\": \"io.debezium.connector.mysql.MySqlConnector\", \
         \"database.hostname\": \"db\", \"database.port\": \"80\", \"database.password\": \"x\"}}",
    ),
    (
        "a connector of Kafka Connect in Kubernetes",
        "connector.yaml",
        "apiVersion: kafka.strimzi.io/v1beta2\nkind: KafkaConnector\nmetadata: {name: a}\nspec:\n  config: \
         {KAFKA_BOOTSTRAP_SERVERS: \"b:1\"}\n",
    ),
    (
        "options of a Spark job",
        "options.json",
        "{\"connectionType\": \"mysql\", \"connectionOptions\": {\"url\": \"jdbc:mysql://h:80/x\", \"dbtable\": \"t\", \
         \"customJdbcDriverS3Path\": \"s3://b/x.jar\"}}",
    ),
    (
        "a catalog of Athena",
        "catalog.json",
        "{\"Name\": \"orders\", \"Type\": \"FEDERATED\", \"Parameters\": {\"connection-type\": \"MYSQL\", \
         \"connection-properties\": \"{\\\"host\\\": \\\"x\\\"}\"}}",
    ),
    (
        "a job that uses connections",
        "template.yaml",
        "Resources:\n  Load:\n    Type: AWS::Glue::Job\n    Properties:\n      Role: etl\n      Command: {Name: \
         glueetl}\n      Connections: {Connections: [orders]}\n",
    ),
    (
        "a type of connections",
        "template.yaml",
        "Resources:\n  Rest:\n    Type: AWS::Glue::ConnectionType\n    Properties: {ConnectionType: REST-ORDERS, \
         ConnectionProperties: {}}\n",
    ),
    (
        "an endpoint of DMS",
        "template.yaml",
        "Resources:\n  Source:\n    Type: AWS::DMS::Endpoint\n    Properties: {EngineName: mysql, Port: 80, \
         Password: x, ExtraConnectionAttributes: a}\n",
    ),
    (
        "a method of API Gateway",
        "template.yaml",
        "Resources:\n  Method:\n    Type: AWS::ApiGateway::Method\n    Properties:\n      Integration: \
         {ConnectionType: VPC_LINK, ConnectionId: abc}\n",
    ),
    (
        "an integration of API Gateway",
        "integration.json",
        "{\"ConnectionType\": \"INTERNET\", \"IntegrationType\": \"HTTP_PROXY\", \"IntegrationUri\": \"https://x\"}",
    ),
    (
        "connections of Dynamics",
        "connections.json",
        "{\"ConnectionList\": [{\"ConnectionType\": \"AzureActiveDirectory\", \"Url\": \"https://x\"}]}",
    ),
    (
        "an event about a connection",
        "event.json",
        "{\"eventSource\": \"glue.amazonaws.com\", \"eventName\": \"CreateConnection\", \"requestParameters\": \
         {\"connectionInput\": {\"name\": \"a\", \"connectionType\": \"JDBC\", \"connectionProperties\": {\"PORT\": \"80\"}}}}",
    ),
    (
        "a list of types",
        "types.json",
        "[\"AWS::Glue::Connection\", \"AWS::Glue::Job\", \"aws_glue_connection\"]",
    ),
    (
        "a policy on connections",
        "policy.json",
        "{\"Statement\": [{\"Effect\": \"Allow\", \"Action\": [\"glue:GetConnection\"], \"Resource\": \
         \"arn:aws:glue:*:*:connection/*\"}]}",
    ),
    (
        "a Secret without a connection",
        "secret.yaml",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {JDBC_CONNECTION_URL: jdbc:x, PORT: \"80\"}\n",
    ),
    (
        "variables of a container",
        "deployment.yaml",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec:\n  template:\n    spec:\n      \
         containers:\n        - env: [{name: KAFKA_BOOTSTRAP_SERVERS, value: \"b:1\"}]\n",
    ),
    (
        "a connection that is looked up",
        "main.tf",
        "data \"aws_glue_connection\" \"a\" {\n  id = \"123456789012:a\"\n}\n\noutput \"properties\" {\n  value = \
         data.aws_glue_connection.a.connection_properties\n}\n",
    ),
    (
        "a module that may make connections",
        "main.tf",
        "module \"glue\" {\n  source = \"./glue\"\n  connections = {\n    orders = { connection_properties = { \
         PORT = \"80\" } }\n  }\n}\n",
    ),
    (
        "a resource that is moved and one that is imported",
        "main.tf",
        "moved {\n  from = aws_glue_connection.a\n  to   = aws_glue_connection.b\n}\n\nimport {\n  to = \
         aws_glue_connection.b\n  id = \"123456789012:b\"\n}\n",
    ),
    (
        "a plan that deletes a connection",
        "plan.json",
        "{\"format_version\": \"1.2\", \"planned_values\": {\"root_module\": {}}, \"resource_changes\": [{\"address\": \
         \"aws_glue_connection.a\", \"mode\": \"managed\", \"type\": \"aws_glue_connection\", \"change\": {\"actions\": \
         [\"delete\"], \"before\": {\"connection_properties\": {\"PORT\": \"80\"}}, \"after\": null}}]}",
    ),
    (
        "another resource of Pulumi",
        "Pulumi.yaml",
        "name: a\nruntime: yaml\nresources:\n  api:\n    type: aws:cloudwatch:EventConnection\n    properties: \
         {authorizationType: BASIC}\n",
    ),
    (
        "settings of a Pulumi stack",
        "Pulumi.prod.yaml",
        "config:\n  etl:connectionProperties:\n    secure: AAABAExample\n",
    ),
    (
        "a task of another module",
        "tasks.yml",
        "- name: Job\n  community.aws.glue_job: {name: a, state: present, connections: [orders]}\n",
    ),
    (
        "a connection of QuickSight",
        "template.yaml",
        "Resources:\n  Source:\n    Type: AWS::QuickSight::DataSource\n    Properties:\n      \
         VpcConnectionProperties: {VpcConnectionArn: arn:aws:x}\n",
    ),
    (
        "a request for other things",
        "input.json",
        "{\"Name\": \"orders\", \"MaxResults\": 5000, \"Filter\": {\"Status\": \"READY\"}}",
    ),
];

#[test]
fn nothing_is_found_in_what_is_no_connection() {
    for (what, name, text) in NEIGHBOURS {
        let options = Options {
            least: Severity::Info,
            ..Options::default()
        };
        let report = lint_bytes(name, text.as_bytes().to_vec(), &options);
        assert_eq!(report.connections, 0, "{what}\n{text}");
        assert!(report.findings.is_empty(), "{what}: {:?}", report.findings);
        assert!(!report.unreadable, "{what}");
        let detected = gluelint::detect::detect(name, text.as_bytes().to_vec());
        assert!(detected.sightings.is_empty(), "{what}");
        assert_eq!(detected.unreadable, None, "{what}");
    }
}
