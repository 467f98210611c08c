//! The policy of a team, judged like the rules that are built in.

use std::path::PathBuf;

use gluelint::config::{Configuration, File, Settings};
use gluelint::lint::{FileReport, Options, lint};
use gluelint::spec::Severity;
use gluelint::text::Source;

fn settings(text: &str) -> Settings {
    let file = File {
        source: Source::new("gluelint.yaml", text),
        path: PathBuf::from("/gluelint.yaml"),
        folder: PathBuf::from("/"),
    };
    let read = Configuration::read(file, &mut |_, _| Err("there is none".to_owned()));
    read.unwrap_or_else(|files| panic!("{text}: {files:#?}"))
        .settings(&[])
}

fn run(settings: &Settings, name: &str, document: &str) -> FileReport {
    let options = Options {
        levels: &settings.levels,
        overlay: &settings.overlay,
        ..Options::default()
    };
    lint(Source::new(name, document), &options)
}

/// What a policy of these demands underlines in a document, in order.
fn found_in(demands: &str, name: &str, document: &str) -> Vec<String> {
    let policy = format!("policy: [{{name: acme/x, message: not like this, {demands}}}]");
    let report = run(&settings(&policy), name, document);
    assert_eq!(report.connections, 1, "{document}");
    (report.findings.iter())
        .filter(|finding| finding.rule.name == "acme/x")
        .inspect(|finding| assert_eq!(finding.message, "not like this"))
        .inspect(|finding| assert!(!finding.path.is_empty()))
        .map(|finding| finding.place.span.slice(&report.document.text).to_owned())
        .collect()
}

/// The same in a connection with these properties.
fn found(demands: &str, properties: &str) -> Vec<String> {
    found_of("JDBC", demands, properties)
}

fn found_of(kind: &str, demands: &str, properties: &str) -> Vec<String> {
    let document =
        format!("Name: orders\nConnectionType: {kind}\nConnectionProperties: {{{properties}}}\n");
    found_in(demands, "a.yaml", &document)
}

const NOTHING: [&str; 0] = [];

#[test]
fn what_is_required_is_missed_at_the_map_that_it_belongs_to() {
    assert_eq!(found("require: SECRET_ID", ""), ["ConnectionProperties"]);
    assert_eq!(
        found("require: [SECRET_ID, USERNAME]", "SECRET_ID: x"),
        ["ConnectionProperties"]
    );
    assert_eq!(found("require: SECRET_ID", "SECRET_ID: x"), NOTHING);
    // That the name is wrong says another rule.
    assert_eq!(found("require: SECRET_ID", "SECRETID: x"), NOTHING);
    assert_eq!(found("require: Description", "").len(), 1);
    let placed = "Name: a\nConnectionType: JDBC\nConnectionProperties: {}\n\
                  PhysicalConnectionRequirements: {AvailabilityZone: eu-west-1a}\n";
    assert_eq!(
        found_in("require: SubnetId", "a.yaml", placed),
        ["PhysicalConnectionRequirements"]
    );
    assert_eq!(found("require: SubnetId", "").len(), 1);
}

#[test]
fn what_is_forbidden_is_found_at_its_key() {
    assert_eq!(
        found("forbid: [USERNAME, PASSWORD]", "USERNAME: a, PORT: '1'"),
        ["USERNAME"]
    );
    assert_eq!(found("forbid: Name", ""), ["Name"]);
}

#[test]
fn values_are_compared_as_a_whole_and_patterns_wherever_they_match() {
    let ssl = "property: JDBC_ENFORCE_SSL, values: 'true'";
    assert_eq!(found(ssl, "JDBC_ENFORCE_SSL: 'false'"), ["'false'"]);
    assert_eq!(found(ssl, "JDBC_ENFORCE_SSL: 'true'"), NOTHING);
    assert_eq!(found(ssl, ""), NOTHING);
    let name = "property: Name, pattern: '^(dev|prod)-[a-z]+$'";
    assert_eq!(found(name, ""), ["orders"]);
    assert_eq!(found("property: Name, pattern: '(?i)ORD'", ""), NOTHING);
    assert_eq!(
        found("property: ConnectionType, values: [KAFKA, NETWORK]", ""),
        ["JDBC"]
    );
}

#[test]
fn hosts_and_ports_are_found_wherever_a_connection_names_them() {
    let hosts = "hosts: ['*.example.org', 10.0.0.0/8]";
    let ports = "ports: [5432, 9000-9099]";
    let url =
        "JDBC_CONNECTION_URL: 'jdbc:postgresql://a.example.org:5432,b.evil.net:5433,10.1.2.3/x'";
    assert_eq!(found(hosts, url), ["b.evil.net"]);
    assert_eq!(found(ports, url), ["5433"]);
    let group = "HOST: evil.net, PORT: '3306', JDBC_ENGINE: mysql";
    assert_eq!(found(hosts, group), ["evil.net"]);
    assert_eq!(found(ports, group), ["'3306'"]);
    let brokers = "KAFKA_BOOTSTRAP_SERVERS: 'A.EXAMPLE.ORG:9092, b.evil.net:9100'";
    assert_eq!(found_of("KAFKA", hosts, brokers), ["b.evil.net"]);
    assert_eq!(found_of("KAFKA", ports, brokers), ["9100"]);
    let mongo = "CONNECTION_URL: 'mongodb://11.0.0.1:27017/x'";
    assert_eq!(found_of("MONGODB", hosts, mongo), ["11.0.0.1"]);
    assert_eq!(found_of("MONGODB", ports, mongo), ["27017"]);
}

#[test]
fn secrets_are_told_by_the_beginning_of_their_names() {
    let prefixes = "secret-prefixes: [prod/, test/]";
    assert_eq!(found(prefixes, "SECRET_ID: prod/x"), NOTHING);
    assert_eq!(found(prefixes, "SECRET_ID: dev/x"), ["dev/x"]);
    let arn = |name: &str| {
        format!("SECRET_ID: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:{name}'")
    };
    assert_eq!(found(prefixes, &arn("prod/x-AbCdEf")), NOTHING);
    assert_eq!(found(prefixes, &arn("dev/x-AbCdEf")), ["dev/x-AbCdEf"]);
    assert_eq!(found(prefixes, "SECRET_ID: ''"), NOTHING);
    let login = "Name: a\nConnectionType: SALESFORCE\nConnectionProperties: {}\n\
                 AuthenticationConfiguration: {AuthenticationType: OAUTH2, SecretArn: \
                 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:dev/x'}\n";
    assert_eq!(found_in(prefixes, "a.yaml", login), ["dev/x"]);
}

#[test]
fn subnets_are_listed() {
    let document = "Name: a\nConnectionType: NETWORK\nConnectionProperties: {}\n\
                    PhysicalConnectionRequirements: {SubnetId: subnet-0a1b2c3d}\n";
    assert_eq!(
        found_in("subnets: subnet-0a1b2c3d", "a.yaml", document),
        NOTHING
    );
    assert_eq!(
        found_in("subnets: [subnet-11111111]", "a.yaml", document),
        ["subnet-0a1b2c3d"]
    );
}

fn template(properties: &str) -> String {
    format!(
        "Parameters:\n  P: {{Type: String}}\n  Port: {{Type: String, Default: '81'}}\nConditions:\n  C: \
         !Equals [!Ref P, x]\nResources:\n  C:\n    Type: AWS::Glue::Connection\n    Properties:\n      \
         CatalogId: !Ref AWS::AccountId\n      ConnectionInput:\n        Name: a\n        ConnectionType: \
         JDBC\n        ConnectionProperties:\n          {properties}\n"
    )
}

#[test]
fn what_is_not_known_is_silent_and_what_is_known_is_judged() {
    let silent = |demands: &str, properties: &str| {
        let found = found_in(demands, "t.yaml", &template(properties));
        assert_eq!(found, NOTHING, "{demands} {properties}");
    };
    silent("property: HOST, values: a", "HOST: !Ref P");
    silent("property: HOST, pattern: ^a", "HOST: !Sub 'b${P}'");
    silent("hosts: a.example.org", "HOST: !Sub '${P}.evil.net'");
    silent(
        "hosts: a.example.org",
        "JDBC_CONNECTION_URL: !Sub 'jdbc:mysql://${P}:3306/x'",
    );
    silent("secret-prefixes: prod/", "SECRET_ID: !Ref P");
    silent("secret-prefixes: prod/", "SECRET_ID: !Sub 'pr${P}'");
    silent("secret-prefixes: prod/", "SECRET_ID: !Sub '${P}dev/x'");
    silent("secret-prefixes: prod/", "SECRET_ID: '{{ secret }}'");
    silent("require: SECRET_ID", "Fn::Transform: {Name: X}");
    silent(
        "require: SECRET_ID",
        "SECRET_ID: !If [C, x, !Ref AWS::NoValue]",
    );
    silent("forbid: SECRET_ID", "SECRET_ID: !Ref AWS::NoValue");
    let found =
        |demands: &str, properties: &str| found_in(demands, "t.yaml", &template(properties));
    assert_eq!(
        found(
            "ports: 5432",
            "JDBC_CONNECTION_URL: !Sub 'jdbc:mysql://${P}:3306/x'"
        ),
        ["3306"]
    );
    assert_eq!(
        found("secret-prefixes: prod/", "SECRET_ID: !Sub 'dev/${P}'"),
        ["dev/"]
    );
    assert_eq!(
        found(
            "forbid: SECRET_ID",
            "SECRET_ID: !If [C, x, !Ref AWS::NoValue]"
        ),
        ["SECRET_ID"]
    );
    assert_eq!(
        found(
            "property: PORT, values: '5432'",
            "PORT: !If [C, '5432', '80']"
        ),
        ["'80'"]
    );
    // A default has a place of its own.
    let policy = "policy: [{name: acme/x, message: m, ports: 5432}]";
    let report = run(&settings(policy), "t.yaml", &template("PORT: !Ref Port"));
    let finding = report
        .findings
        .iter()
        .find(|it| it.rule.name == "acme/x")
        .unwrap();
    assert_eq!(
        finding.labels[0].text,
        "from here: the default of parameter `Port`"
    );
}

#[test]
fn a_policy_is_about_connections_of_its_types() {
    let demands = "types: [KAFKA, MONGODB], require: SECRET_ID";
    assert_eq!(found(demands, ""), NOTHING);
    assert_eq!(found_of("KAFKA", demands, ""), ["ConnectionProperties"]);
    assert_eq!(
        found_in(
            demands,
            "t.yaml",
            &template("HOST: a").replace("JDBC\n", "!Ref P\n")
        ),
        NOTHING
    );
}

/// One connection in every form that people write.
const DOCUMENTS: &[(&str, &str)] = &[
    (
        "api.json",
        "{\"ConnectionInput\": {\"Name\": \"a\", \"ConnectionType\": \"JDBC\", \"ConnectionProperties\": \
         {\"HOST\": \"evil.net\"}, \"PhysicalConnectionRequirements\": {\"SubnetId\": \"subnet-0a1b2c3d\"}}}",
    ),
    (
        "template.yaml",
        "Resources:\n  A:\n    Type: AWS::Glue::Connection\n    Properties:\n      CatalogId: !Ref \
         AWS::AccountId\n      ConnectionInput:\n        Name: a\n        ConnectionType: JDBC\n        \
         ConnectionProperties: {HOST: evil.net}\n        PhysicalConnectionRequirements: {SubnetId: \
         subnet-0a1b2c3d}\n",
    ),
    (
        "main.tf",
        "resource \"aws_glue_connection\" \"a\" {\n  name = \"a\"\n  connection_properties = { HOST = \
         \"evil.net\" }\n  physical_connection_requirements {\n    subnet_id = \"subnet-0a1b2c3d\"\n  }\n}\n",
    ),
    (
        "Pulumi.yaml",
        "name: x\nruntime: yaml\nresources:\n  a:\n    type: aws:glue:Connection\n    properties:\n      name: \
         a\n      connectionProperties: {HOST: evil.net}\n      physicalConnectionRequirements: {subnetId: \
         subnet-0a1b2c3d}\n",
    ),
    (
        "crossplane.yaml",
        "apiVersion: glue.aws.upbound.io/v1beta1\nkind: Connection\nmetadata: {name: a}\nspec:\n  \
         forProvider:\n    region: eu-west-1\n    connectionType: JDBC\n    connectionProperties: {HOST: \
         evil.net}\n    physicalConnectionRequirements: [{subnetId: subnet-0a1b2c3d}]\n",
    ),
    (
        "playbook.yaml",
        "- hosts: all\n  tasks:\n  - community.aws.glue_connection:\n      name: a\n      state: present\n      \
         subnet_id: subnet-0a1b2c3d\n      connection_properties: {HOST: evil.net}\n",
    ),
    (
        "answer.json",
        "{\"Connection\": {\"Name\": \"a\", \"ConnectionType\": \"JDBC\", \"ConnectionProperties\": {\"HOST\": \
         \"evil.net\"}, \"PhysicalConnectionRequirements\": {\"SubnetId\": \"subnet-0a1b2c3d\"}, \
         \"CreationTime\": 1}}",
    ),
];

#[test]
fn a_policy_holds_in_every_form() {
    for (name, document) in DOCUMENTS {
        let bare = |demands: &str| -> Vec<String> {
            (found_in(demands, name, document).iter())
                .map(|part| part.trim_matches('"').to_owned())
                .collect()
        };
        assert_eq!(bare("hosts: '*.example.org'"), ["evil.net"], "{name}");
        assert_eq!(bare("forbid: HOST"), ["HOST"], "{name}");
        assert_eq!(
            bare("subnets: subnet-11111111"),
            ["subnet-0a1b2c3d"],
            "{name}"
        );
        assert_eq!(bare("property: SubnetId, pattern: 0a"), NOTHING, "{name}");
        assert_eq!(bare("require: SECRET_ID").len(), 1, "{name}");
        assert_eq!(
            bare("types: JDBC, property: Name, values: b"),
            ["a"],
            "{name}"
        );
    }
}

#[test]
fn words_about_members_are_those_of_the_document() {
    let policy =
        "policy: [{name: acme/x, message: '`SubnetId` is ours to choose', forbid: SubnetId}]";
    let report = run(&settings(policy), "main.tf", DOCUMENTS[2].1);
    let finding = report
        .findings
        .iter()
        .find(|it| it.rule.name == "acme/x")
        .unwrap();
    assert_eq!(finding.message, "`subnet_id` is ours to choose");
    assert_eq!(finding.help.as_deref(), Some("Remove `subnet_id`."));
}

#[test]
fn what_a_team_knows_is_not_unknown() {
    let document = "Name: a\nConnectionType: REDIS\nConnectionProperties: {}\n";
    let rules = |settings: &Settings, document: &str| -> Vec<&'static str> {
        let report = run(settings, "a.yaml", document);
        report.findings.iter().map(|it| it.rule.name).collect()
    };
    let none = Settings::default();
    let own = settings(
        "types: REDIS\nproperties: CONNECT_TIMEOUT\npolicy:\n- {name: acme/x, message: m, types: REDIS, \
         require: CONNECT_TIMEOUT}\n",
    );
    assert_eq!(rules(&none, document), ["unknown-connection-type"]);
    assert_eq!(rules(&own, document), ["acme/x"]);
    let document = "Name: a\nConnectionType: JDBC\nConnectionProperties: {CONNECT_TIMEOUT: '3', \
                    JDBC_CONNECTION_URL: 'jdbc:mysql://a.example.org:3306/x', SECRET_ID: x}\n";
    assert_eq!(rules(&none, document), ["unknown-property"]);
    assert_eq!(rules(&own, document), [""; 0]);
}

#[test]
fn a_policy_prints_no_secret() {
    let policy = "policy: [{name: acme/x, message: m, property: PASSWORD, pattern: '^$'}]";
    let document =
        "Name: a\nConnectionType: JDBC\nConnectionProperties: {PASSWORD: hunter2-hunter2}\n";
    let report = run(&settings(policy), "a.yaml", document);
    let finding = report
        .findings
        .iter()
        .find(|it| it.rule.name == "acme/x")
        .unwrap();
    assert!(!format!("{finding:?}").contains("hunter2"), "{finding:?}");
    assert!(!report.document.text.contains("hunter2"));
    // What is allowed for a password is one.
    let policy =
        "policy: [{name: acme/x, message: m, property: PASSWORD, values: cAnArY, types: JDBC}]";
    let report = run(&settings(policy), "a.yaml", document);
    let finding = (report.findings.iter()).find(|it| it.rule.name == "acme/x");
    let finding = finding.unwrap();
    assert!(!format!("{finding:?}").contains("cAnArY"), "{finding:?}");
    let page = finding.rule.page.0;
    assert!(page.contains("- Connection types: `JDBC`\n"), "{page}");
}

#[test]
fn a_policy_has_a_level() {
    let found = |level: &str, rules: &str| {
        let policy = format!(
            "policy: [{{name: acme/x, message: m, {level} require: SECRET_ID}}]\nrules: {{{rules}}}\n"
        );
        let document = "Name: a\nConnectionType: JDBC\nConnectionProperties: {}\n";
        let report = run(&settings(&policy), "a.yaml", document);
        let mut found = report.findings.iter().filter(|it| it.rule.name == "acme/x");
        found.next().map(|it| it.severity)
    };
    assert_eq!(found("", ""), Some(Severity::Error));
    assert_eq!(found("level: warning,", ""), Some(Severity::Warning));
    assert_eq!(found("level: info,", ""), None);
    assert_eq!(found("level: 'off',", ""), None);
    assert_eq!(
        found("level: info,", "acme/x: warning"),
        Some(Severity::Warning)
    );
    assert_eq!(
        found("level: 'off',", "acme/x: error"),
        Some(Severity::Error)
    );
    assert_eq!(found("", "acme/x: 'off'"), None);
}
