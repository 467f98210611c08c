//! Pulumi programs in YAML: recognition, places, what is unknown, and secrets.

use gluelint::form;
use gluelint::lint::{FileReport, Options, Report, lint_bytes};
use gluelint::report::{RENDERERS, Style};
use gluelint::spec::Severity;

const CANARY: &str = "cAnArY7x9";

fn lint(text: &str, least: Severity) -> FileReport {
    let options = Options {
        least,
        ..Options::default()
    };
    lint_bytes("Pulumi.yaml", text.as_bytes().to_vec(), &options)
}

/// What is found: the rule, the text under it, the logical path.
#[track_caller]
fn assert_found(text: &str, expected: &[(&str, &str, &str)]) {
    let report = lint(text, Severity::Warning);
    let seen: Vec<_> = (report.findings.iter())
        .map(|finding| {
            let part = finding.place.span.slice(text);
            (finding.rule.name, part, finding.path.as_str())
        })
        .collect();
    assert_eq!(report.connections, 1, "{text}");
    assert_eq!(seen, expected, "{text}");
}

/// A program with one connection; a line of the properties a line.
fn program(kind: &str, properties: &str) -> String {
    let properties: String = (properties.lines())
        .map(|line| format!("      {line}\n"))
        .collect();
    format!(
        "name: etl\nruntime: yaml\nresources:\n  orders:\n    type: {kind}\n    properties:\n{properties}"
    )
}

const CLASSIC: &str = "aws:glue:Connection";
const NATIVE: &str = "aws-native:glue:Connection";

const GOOD: &str = "connectionProperties:\n  JDBC_CONNECTION_URL: jdbc:postgresql://${db.address}:5432/orders\n  \
                    JDBC_ENFORCE_SSL: true\n  SECRET_ID: orders/etl\n\
                    physicalConnectionRequirements:\n  subnetId: ${subnet.id}\n  \
                    availabilityZone: ${subnet.availabilityZone}\n  securityGroupIdLists: [\"${sg.id}\"]\n\
                    tags: {team: sales}";

fn native(input: &str) -> String {
    let input: String = input.lines().map(|line| format!("  {line}\n")).collect();
    program(
        NATIVE,
        &format!("catalogId: ${{account}}\nconnectionInput:\n{input}"),
    )
}

#[test]
fn the_types_of_connections_are_known_and_no_other() {
    for kind in [CLASSIC, "aws:glue/connection:Connection"] {
        assert_found(&program(kind, GOOD), &[]);
    }
    let singular = GOOD
        .replace("IdLists", "IdList")
        .replace("\ntags: {team: sales}", "");
    assert_found(&native(&format!("connectionType: JDBC\n{singular}")), &[]);
    for text in [
        program("aws:glue:Job", GOOD),
        program("aws:glue:ConnectionType", GOOD),
        program("aws:directconnect:Connection", GOOD),
        program("aws:glue:Connection", "x: 1").replace("resources:", "plan:"),
        program(CLASSIC, GOOD).replace("    properties", "    get: {id: x}\n    properties"),
        "config: {etl:type: aws:glue:Connection}\n".to_owned(),
    ] {
        assert_eq!(lint(&text, Severity::Info).connections, 0, "{text}");
    }
    assert!(!form::may_hold_connection(
        b"type: aws:glue:ConnectionType\n"
    ));
}

#[test]
fn what_a_deployment_fills_in_is_unknown() {
    for properties in [
        "connectionProperties: ${props}",
        "connectionProperties: {fn::invoke: {function: x}}",
        "connectionProperties:\n  JDBC_CONNECTION_URL: {fn::secret: \"jdbc:mysql://h:99999\"}\n  SECRET_ID: ${s}",
        "connectionType: ${kind}\nconnectionProperties: {}",
        "connectionType: NETWORK\nphysicalConnectionRequirements: ${net}",
        "connectionType: NETWORK\nphysicalConnectionRequirements: {subnetId: \"${s}\", availabilityZone: \"${z}\", \
         securityGroupIdLists: \"${groups}\"}",
        "name: null\nconnectionProperties: ${props}",
        "somethingNew: 1\nconnectionType: KAFKA",
    ] {
        assert_found(&program(CLASSIC, properties), &[]);
    }
}

#[test]
fn defects_are_found_where_they_stand() {
    let properties = "resources.orders.properties";
    assert_found(
        &program(CLASSIC, &GOOD.replace(":5432/", ":99999/")),
        &[(
            "port-out-of-range",
            "99999",
            &format!("{properties}.connectionProperties.JDBC_CONNECTION_URL"),
        )],
    );
    // Pieces that are joined, and an escape, keep their places.
    let joined = "jdbc:postgresql://${db.address}:5432/orders";
    let pieces = "{\"fn::join\": [\"\", [\"jdbc:mysql://\", \"${h}\", \":\", 99999, \"/x$${y}\"]]}";
    assert_found(
        &program(CLASSIC, &GOOD.replace(joined, pieces)),
        &[(
            "port-out-of-range",
            "99999",
            &format!("{properties}.connectionProperties.JDBC_CONNECTION_URL"),
        )],
    );
    assert_found(
        &program(
            CLASSIC,
            &GOOD.replace("\"${sg.id}\"", "\"sg-${x}\", default"),
        ),
        &[(
            "malformed-security-group-id",
            "default",
            &format!("{properties}.physicalConnectionRequirements.securityGroupIdLists[1]"),
        )],
    );
    // The spelling of the other provider.
    assert_found(
        &program(CLASSIC, &GOOD.replace("IdLists", "IdList")),
        &[(
            "member-in-foreign-casing",
            "securityGroupIdList",
            &format!("{properties}.physicalConnectionRequirements.securityGroupIdList"),
        )],
    );
    assert_found(
        &program(CLASSIC, &format!("{GOOD}\nconnectionType: KAFKAA")),
        &[(
            "unknown-connection-type",
            "KAFKAA",
            &format!("{properties}.connectionType"),
        )],
    );
    assert_found(
        &native("connectionType: KAFKA\nconnectionProperties: {KAFKA_SSL_ENABLED: true}"),
        &[(
            "missing-property",
            "connectionProperties",
            &format!("{properties}.connectionInput.connectionProperties"),
        )],
    );
    assert_found(
        &program(CLASSIC, &format!("{GOOD}\ncatalogId: 12345")),
        &[(
            "catalog-id-not-an-account",
            "12345",
            &format!("{properties}.catalogId"),
        )],
    );
}

#[test]
fn help_speaks_as_the_document_does() {
    for (text, words) in [
        (
            program(CLASSIC, &GOOD.replace("IdLists", "IdList")),
            "`securityGroupIdLists`",
        ),
        (
            program(CLASSIC, "connectionType: NETWORK"),
            "`physicalConnectionRequirements`",
        ),
    ] {
        let report = lint(&text, Severity::Warning);
        let finding = report.findings.first().unwrap();
        let help = finding.help.as_deref().unwrap();
        assert!(finding.message.contains(words), "{}", finding.message);
        assert!(help.contains(words), "{help}");
    }
}

#[test]
fn the_names_of_properties_are_the_documents_own() {
    let text = program(
        CLASSIC,
        "connectionType: KAFKA\nconnectionProperties:\n  KAFKA_BOOTSTRAP_SERVERS: ${brokers}\n  SubnetId: x",
    );
    assert_found(
        &text,
        &[(
            "unknown-property",
            "SubnetId",
            "resources.orders.properties.connectionProperties.SubnetId",
        )],
    );
    let report = lint(&text, Severity::Warning);
    let message = &report.findings.first().unwrap().message;
    assert!(message.contains("`SubnetId`"), "{message}");
}

#[test]
fn no_output_tells_a_secret() {
    for properties in [
        format!("connectionProperties:\n  PORT: 80\n  PASSWORD: {CANARY}"),
        format!("connectionProperties:\n  PORT: 80\n  ROLE: {{fn::secret: {CANARY}}}"),
        format!(
            "connectionProperties:\n  PORT: 80\n  ROLE:\n    fn::toJSON:\n      fn::secret: {{a: {CANARY}}}"
        ),
        format!(
            "connectionProperties:\n  PORT: 80\n  PASSWORD: {{fn::join: [\"\", [a, {CANARY}, \"${{x}}\"]]}}"
        ),
        format!(
            "connectionProperties:\n  JDBC_CONNECTION_URL: \"jdbc:mysql://etl:{CANARY}@${{h}}:99999/x\""
        ),
        format!(
            "connectionProperties: {{PORT: 80}}\nauthenticationConfiguration:\n  oauth2Properties: {{oauth2Credentials: {{accessToken: {CANARY}}}}}"
        ),
    ] {
        for kind in [CLASSIC, NATIVE] {
            let text = match kind {
                CLASSIC => program(CLASSIC, &format!("ConnectionType: JDBC\n{properties}")),
                _ => native(&format!("ConnectionType: JDBC\n{properties}")),
            };
            let text = format!("config:\n  x: {{secret: true, default: {CANARY}}}\n{text}");
            let mut report = Report::default();
            report.add(lint(&text, Severity::Info));
            assert!(report.findings().count() > 0, "{text}");
            let mut outputs = format!("{report:?}").into_bytes();
            for renderer in RENDERERS {
                let style = Style {
                    color: false,
                    links: false,
                    width: 80,
                    unicode: true,
                };
                (renderer.render)(&report, &style, &mut outputs).unwrap();
            }
            let outputs = String::from_utf8(outputs).unwrap();
            assert!(!outputs.contains(CANARY), "{text}\n{outputs}");
        }
    }
}
