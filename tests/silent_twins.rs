//! Connections that look like a mistake and are none.

use gluelint::lint::{Options, lint_bytes};
use gluelint::spec::Severity;

/// The rules that speak of a document, in order.
fn rules(file: &str, text: &str) -> Vec<&'static str> {
    let options = Options {
        least: Severity::Info,
        ..Options::default()
    };
    let report = lint_bytes(file, text.as_bytes().to_vec(), &options);
    assert_eq!(report.connections, 1, "{text}");
    (report.findings.iter())
        .map(|finding| finding.rule.name)
        .collect()
}

fn terraform(arguments: &str) -> Vec<&'static str> {
    let text = format!(
        "variable \"x\" {{}}\nresource \"aws_glue_connection\" \"x\" {{\n  name = \"x\"\n{arguments}\n}}\n"
    );
    rules("main.tf", &text)
}

fn api(members: &str) -> Vec<&'static str> {
    rules("connection.yaml", &format!("Name: x\n{members}"))
}

#[test]
fn a_type_that_is_left_out_is_believed_where_nothing_speaks_against_it() {
    const PLACE: &str = "physical_connection_requirements {\n subnet_id = \"subnet-0a1b2c3d\"\n \
                         availability_zone = \"eu-west-1a\"\n security_group_id_list = \
                         [\"sg-0a1b2c3d\"]\n }";
    let left_out = "connection-type-left-out";
    let says = |arguments: &str| terraform(arguments).contains(&left_out);
    for arguments in [
        // What the properties are, or whether there are any, is not known.
        format!("connection_properties = var.x\n{PLACE}"),
        format!("connection_properties = merge(var.x, {{}})\n{PLACE}"),
        // A switch that the console writes into every connection.
        "connection_properties = { KAFKA_SSL_ENABLED = \"false\" }".to_owned(),
        // A key of several types beside one of JDBC alone.
        "connection_properties = { JDBC_CONNECTION_URL = \"jdbc:mysql://a.example.org:3306/x\", \
         SECRET_ID = \"x\", DATABASE = \"x\" }"
            .to_owned(),
        // Keys that no type is documented for.
        "connection_properties = { ENDPOINT = \"x\", TABLE = \"y\" }".to_owned(),
        // A type that a deployment chooses.
        "connection_type = var.x\nconnection_properties = { KAFKA_BOOTSTRAP_SERVERS = \
         \"a.example.org:9092\" }"
            .to_owned(),
    ] {
        assert!(!says(&arguments), "{arguments}");
    }
    assert!(says(PLACE));
    assert!(says(
        "connection_properties = { CONNECTION_URL = \"mongodb://a.example.org/x\" }"
    ));
    // A tool that has no default is not spoken of.
    let found = api("ConnectionProperties: {KAFKA_BOOTSTRAP_SERVERS: 'a.example.org:9092'}\n");
    assert!(!found.contains(&left_out), "{found:?}");
}

#[test]
fn only_keys_that_the_provider_certainly_refuses_are_hinted_at() {
    let unknown = "property-unknown-to-terraform";
    let says = |properties: &str, rest: &str| {
        terraform(&format!(
            "connection_type = \"SNOWFLAKE\"\nconnection_properties = {properties}\n{rest}"
        ))
        .contains(&unknown)
    };
    assert!(says("{ WAREHOUSE = \"x\" }", ""));
    assert!(!says("{ SparkProperties = var.x, DATABASE = \"x\" }", ""));
    assert!(!says("{ (var.x) = \"x\" }", ""));
    // A version that knows how to log in may know more keys.
    let newer =
        "authentication_configuration {\n authentication_type = \"BASIC\"\n secret_arn = var.x\n}";
    assert!(!says("{ WAREHOUSE = \"x\" }", newer));
}

#[test]
fn credentials_may_come_from_anywhere() {
    let wanting = "authentication-without-credentials";
    let says = |configuration: &str| {
        api(&format!(
            "ConnectionType: ZOHOCRM\nConnectionProperties: {{}}\nAuthenticationConfiguration: {configuration}\n"
        ))
        .contains(&wanting)
    };
    for configuration in [
        "{AuthenticationType: IAM}",
        "{AuthenticationType: CUSTOM, CustomAuthenticationCredentials: {apiKey: '****'}}",
        "{AuthenticationType: OAUTH2, OAuth2Properties: {OAuth2GrantType: CLIENT_CREDENTIALS, \
         OAuth2ClientApplication: {AWSManagedClientApplicationReference: x}}}",
        "{AuthenticationType: OAUTH2, OAuth2Properties: {OAuth2GrantType: CLIENT_CREDENTIALS, \
         OAuth2ClientApplication: {UserManagedClientApplicationClientId: x}, \
         OAuth2Credentials: {UserManagedClientApplicationClientSecret: '****'}}}",
    ] {
        assert!(!says(configuration), "{configuration}");
    }
    assert!(says("{AuthenticationType: CUSTOM}"));
    // An answer of AWS leaves them out.
    let answer = "{\"Connection\": {\"Name\": \"x\", \"ConnectionType\": \"ZOHOCRM\", \
                  \"ConnectionProperties\": {}, \"AuthenticationConfiguration\": \
                  {\"AuthenticationType\": \"BASIC\"}}}";
    assert!(!rules("answer.json", answer).contains(&wanting));
}

#[test]
fn what_no_page_rules_out_is_not_called_undocumented() {
    let undocumented = "undocumented-authentication";
    let says = |kind: &str, configuration: &str| {
        api(&format!(
            "ConnectionType: {kind}\nConnectionProperties: {{}}\nAuthenticationConfiguration: \
             {{SecretArn: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:x-AbCdEf', {configuration}}}\n"
        ))
        .contains(&undocumented)
    };
    assert!(says("SAPODATA", "AuthenticationType: BASIC"));
    assert!(!says("SAPODATA", "AuthenticationType: IAM"));
    assert!(!says("JIRACLOUD", "AuthenticationType: BASIC"));
    assert!(!says("MYSQL", "AuthenticationType: OAUTH2"));
    assert!(!says(
        "ZENDESK",
        "AuthenticationType: OAUTH2, OAuth2Properties: {OAuth2GrantType: REFRESH_TOKEN}"
    ));
}

#[test]
fn names_of_parameters_are_read_with_care() {
    let swapped = "swapped-credentials";
    let says = |user: &str, password: &str| {
        terraform(&format!(
            "connection_properties = {{ JDBC_CONNECTION_URL = \"jdbc:mysql://a.example.org:3306/x\", \
             USERNAME = {user}, PASSWORD = {password} }}"
        ))
        .contains(&swapped)
    };
    let declared = |name: &str| format!("var.{name}");
    for (user, password) in [
        ("db_username", "db_password"),
        ("user_password", "password_user_secret"),
        ("login", "user_pw"),
        ("x", "user_key"),
    ] {
        assert!(
            !says(&declared(user), &declared(password)),
            "{user} {password}"
        );
    }
    // Of a text of several pieces, no name tells what it is.
    assert!(!says("\"etl-${var.db_password}\"", "var.x"));
}

#[test]
fn the_ways_of_athena_are_not_those_of_glue() {
    let private = "private-host-without-placement";
    let mysql = "ConnectionType: MYSQL\nConnectionProperties: {HOST: 10.0.0.1, PORT: '3306', DATABASE: x}\n";
    assert!(api(mysql).contains(&private));
    for rest in [
        "AthenaProperties: {spill_bucket: x}\n",
        "ValidateForComputeEnvironments: [ATHENA]\n",
    ] {
        let found = api(&format!("{mysql}{rest}"));
        assert!(!found.contains(&private), "{found:?}");
    }
    let found = api(&format!("{mysql}AthenaProperties: {{spill_bucket: x}}\n"));
    assert!(!found.contains(&"missing-authentication"), "{found:?}");
}

#[test]
fn both_forms_of_snowflake_are_left_alone() {
    for members in [
        "ConnectionType: SNOWFLAKE\nConnectionProperties:\n  SparkProperties: '{\"sfURL\": \
         \"acme.snowflakecomputing.com\", \"secretId\": \"x\"}'\n",
        "ConnectionType: SNOWFLAKE\nConnectionProperties: {HOST: \
         acme.privatelink.snowflakecomputing.com, PORT: '443', WAREHOUSE: x, SECRET_ID: x}\n\
         ValidateForComputeEnvironments: [SPARK]\n",
        "ConnectionType: SNOWFLAKE\nConnectionProperties: {HOST: <account>, SECRET_ID: x}\n\
         ValidateForComputeEnvironments: [SPARK]\n",
    ] {
        let found = api(members);
        let loud = found.iter().filter(|rule| **rule != "placeholder-value");
        assert_eq!(loud.count(), 0, "{members} {found:?}");
    }
}

#[test]
fn dashes_belong_to_names_and_texts() {
    let found = api(
        "Description: orders – of the web shop\nMatchCriteria: [orders – prod]\nConnectionType: \
         DYNAMODB\nConnectionProperties: {}\n",
    );
    assert!(found.is_empty(), "{found:?}");
}
