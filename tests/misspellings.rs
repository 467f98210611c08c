//! One misspelling is one finding, and hides no other.

mod linted;

use gluelint::spec::Severity;

/// What is found in a document: each rule with the text that it underlines.
fn found(text: &str) -> Vec<(&'static str, &str)> {
    let report = linted::lint("connection.yaml", text, Severity::Info);
    assert_eq!(report.connections, 1, "{text}");
    (report.findings.iter())
        .map(|finding| (finding.rule.name, finding.place.span.slice(text)))
        .collect()
}

/// A connection to Salesforce.
fn salesforce(authentication: &str) -> String {
    format!(
        "Name: x
ConnectionType: SALESFORCE
ConnectionProperties:
  INSTANCE_URL: https://x.my.salesforce.com
{authentication}"
    )
}

/// How it logs in, all but the secret.
const JWT: &str = "  AuthenticationType: OAUTH2
  OAuth2Properties:
    OAuth2GrantType: JWT_BEARER
    TokenUrl: https://login.salesforce.com/services/oauth2/token";

const SECRET: &str = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:x-AbCdEf";

#[test]
fn a_member_under_a_wrong_name_is_not_missed() {
    for (section, member, rule, name) in [
        (
            "AuthenticationConfiguration",
            "SecertArn",
            "unknown-member",
            "SecertArn",
        ),
        (
            "AuthenticationConfiguration",
            "secret_arn",
            "member-in-foreign-casing",
            "secret_arn",
        ),
        (
            "AuthenticationConfigurations",
            "SecretArn",
            "unknown-member",
            "AuthenticationConfigurations",
        ),
    ] {
        let text = salesforce(&format!("{section}:\n{JWT}\n  {member}: {SECRET}\n"));
        assert_eq!(found(&text), [(rule, name)], "{text}");
    }
    let text = "ConnectionInput:
  Name: x
  ConnectionType: NETWORK
  ConnectionProperties: {}
  PhysicalConnectionRequirements:
    SubnetID: subnet-0a1b2c3d
    AvailabilityZone: eu-west-1a
    SecurityGroupIdList: [sg-0a1b2c3d]
";
    assert_eq!(found(text), [("member-in-foreign-casing", "SubnetID")]);
}

#[test]
fn what_a_misspelling_does_not_mean_is_still_missed() {
    // A token is missing, whatever the description was to be.
    let text = salesforce(&format!(
        "AuthenticationConfiguration:\n{JWT}\nDescripton: x\n"
    ));
    let expected = [
        ("incomplete-grant", "JWT_BEARER"),
        ("unknown-member", "Descripton"),
    ];
    assert_eq!(found(&text), expected, "{text}");
}

#[test]
fn where_no_list_has_all_keys_a_slip_is_told_from_another_key() {
    let mysql = |properties: &str| {
        format!(
            "Name: x
ConnectionType: MYSQL
ConnectionProperties:
  HOST: db.example.org
  PORT: \"3306\"
  DATABASE: orders
{properties}AuthenticationConfiguration:
  AuthenticationType: BASIC
  SecretArn: {SECRET}
"
        )
    };
    for (name, is_slip) in [
        ("JDBC_PARAM", true),
        ("JDBC_PARMAS", true),
        ("IAM_ROLE_ARN", true),
        ("ENFORCE_SLL", true),
        // Endings, numbers, keys of other types and whatever is two letters away.
        ("JDBC_PARAMETERS", false),
        ("JDBC_PARAMS2", false),
        ("WAREHOUSES", false),
        ("HOSTS", false),
        ("PORTS", false),
        ("DATABASES", false),
        ("JBC_PARAM", false),
    ] {
        let text = mysql(&format!("  {name}: x\n"));
        let expected = match is_slip {
            true => vec![("unknown-property", name)],
            false => vec![],
        };
        assert_eq!(found(&text), expected, "{text}");
    }
    // Beside the key that it could be a slip of, it is another one.
    let text = mysql("  JDBC_PARAM: x\n  JDBC_PARAMS: x=y\n");
    assert_eq!(found(&text), []);
}

#[test]
fn a_slip_of_what_the_connection_cannot_do_without_is_an_error() {
    let severity = |kind: &str, properties: &str| {
        let text = format!("Name: x\nConnectionType: {kind}\nConnectionProperties:\n{properties}");
        let report = linted::lint("connection.yaml", &text, Severity::Warning);
        let [finding] = &*report.findings else {
            panic!("{:?}", report.findings);
        };
        assert_eq!(finding.rule.name, "unknown-property");
        finding.severity
    };
    const BROKERS: &str = "b-1.example.org:9094";
    const URL: &str = "jdbc:postgresql://db.example.org:5432/orders\n  SECRET_ID: orders/etl";
    for (kind, properties, expected) in [
        (
            "KAFKA",
            format!("  KAFKA_BOTSTRAP_SERVERS: {BROKERS}\n"),
            Severity::Error,
        ),
        (
            "JDBC",
            format!("  JDBC_CONECTION_URL: {URL}\n"),
            Severity::Error,
        ),
        // It is there, and so the slip is of something else.
        (
            "JDBC",
            format!("  JDBC_CONECTION_URL: x\n  JDBC_CONNECTION_URL: {URL}\n"),
            Severity::Warning,
        ),
        (
            "JDBC",
            format!("  JDBC_CONNECTION_URL: {URL}\n  JDBC_ENFORC_SSL: \"true\"\n"),
            Severity::Warning,
        ),
    ] {
        assert_eq!(severity(kind, &properties), expected, "{properties}");
    }
}
