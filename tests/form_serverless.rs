//! The Serverless Framework: CloudFormation with variables of another sort.

mod linted;

use gluelint::form::{Connection, Shape, Value};
use gluelint::lint::{FileReport, Options};
use gluelint::syntax::GAP;

fn read(text: &str, look: &mut dyn FnMut(&Connection<'_>)) -> usize {
    linted::read(text, &mut |form, connection| {
        assert_eq!(form, "serverless", "{text}");
        look(connection);
    })
}

fn lint(text: &str) -> FileReport {
    linted::lint("serverless.yml", text, Options::default().least)
}

const PARAMETERS: &str = "  Parameters:\n    Port: {Type: Number, Default: 80}\n    Stage: {Type: String, Default: \"${opt:stage}\"}\n";

/// A service with a connection that is good but for these properties.
fn service(properties: &str) -> String {
    let properties: String = (properties.lines())
        .map(|line| format!("            {line}\n"))
        .collect();
    format!(
        "service: etl\nprovider: {{name: aws, stage: \"${{opt:stage, 'dev'}}\"}}\nresources:\n{PARAMETERS}  Resources:\n    Orders:\n      \
         Type: AWS::Glue::Connection\n      Properties:\n        CatalogId: ${{aws:accountId}}\n        ConnectionInput:\n          \
         Name: orders-${{sls:stage}}\n          ConnectionType: JDBC\n          ConnectionProperties:\n{properties}"
    )
}

#[test]
fn variables_are_gaps_and_placeholders_are_not() {
    for (value, expected) in [
        ("a-${self:custom.x}-b", "a-…-b"),
        ("${self:custom.x}", "unknown"),
        ("${file(./a.yml):b}", "unknown"),
        ("\"${env:A, 'b'}:80\"", "…:80"),
        ("${self:custom.${sls:stage}.host}:80", "…:80"),
        ("${AWS::Region}-${Db}", "${AWS::Region}-${Db}"),
        (
            "!Sub \"${Db}:${Port}/${self:custom.a.${sls:stage}}\"",
            "…:80/…",
        ),
        ("!Sub \"${Stage}:80\"", "…:80"),
        ("!Ref Stage", "unknown"),
        ("!Ref Port", "80"),
        ("!Join [\"\", [h-, \"${env:A}\", \":80\"]]", "h-…:80"),
        ("\"{{resolve:ssm:/${sls:stage}/a}}:80\"", "…:80"),
    ] {
        let text = service(&format!("K: {value}"));
        let mut shown = String::new();
        read(&text, &mut |connection| {
            let properties = connection
                .field("ConnectionProperties")
                .and_then(Value::as_map)
                .unwrap();
            shown = match &properties.get("K").unwrap().value.shape {
                Shape::Scalar(scalar) => scalar.text.as_str().replace(GAP, "…"),
                Shape::Unknown => "unknown".to_owned(),
                other => format!("{other:?}"),
            };
        });
        assert_eq!(shown, expected, "{text}");
    }
}

#[test]
fn resources_may_be_a_list() {
    let resource =
        "Type: AWS::Glue::Connection, Properties: {ConnectionInput: {ConnectionType: JDBC}}";
    let text = format!(
        "service: etl\nprovider: aws\nresources:\n  - ${{file(a.yml)}}\n  - Resources: {{A: {{{resource}}}}}\n  \
         - Parameters: {{}}\n  - Resources: {{B: {{{resource}}}, C: {{Type: AWS::Glue::Job}}}}\n"
    );
    let mut paths = Vec::new();
    read(&text, &mut |connection| paths.push(connection.path.clone()));
    assert_eq!(
        paths,
        ["resources[1].Resources.A", "resources[3].Resources.B"]
    );
    for text in [
        text.replace("service:", "name:"),
        text.replace("provider:", "cloud:"),
        text.replace("resources:", "functions:"),
        text.replace("Resources:", "Outputs:"),
        text.replace("Glue::Connection,", "Glue::ConnectionType,"),
        "service: a\nprovider: aws\nresources: ${file(AWS::Glue::Connection)}\n".to_owned(),
    ] {
        assert_eq!(read(&text, &mut |_| {}), 0, "{text}");
    }
}

#[test]
fn what_a_variable_stands_for_is_not_judged() {
    let good = service(
        "JDBC_CONNECTION_URL: jdbc:postgresql://${self:custom.host}:${env:PORT}/orders\nJDBC_ENFORCE_SSL: \"true\"\n\
         SECRET_ID: ${ssm:/etl/secret}\n${self:custom.key}: x",
    );
    assert!(
        lint(&good).findings.is_empty(),
        "{:?}",
        lint(&good).findings
    );
    assert_eq!(lint(&good).form, Some("serverless"));
    for (from, to) in [
        (
            "          ConnectionType: JDBC",
            "          ConnectionType: ${self:custom.type}",
        ),
        (
            "        ConnectionInput:\n",
            "        ConnectionInput: ${file(conn.yml)}\n        Tags:\n",
        ),
    ] {
        let text = good.replace(from, to);
        assert_ne!(text, good);
        let head = text.split("          Name").next().unwrap().to_owned();
        let text = if to.contains("Tags") {
            format!("{head}          a: b\n")
        } else {
            text
        };
        assert!(
            lint(&text).findings.is_empty(),
            "{text}\n{:?}",
            lint(&text).findings
        );
    }
}

#[test]
fn defects_are_found_at_their_place() {
    let text = service(
        "JDBC_CONNECTION_URL: jdbc:postgresql://${self:custom.host}:99999/${AWS::StackName}\nSECRET_ID: a\nUSERNAME: x\n\
         PASSWORD: ${env:PW, 'cAnArY7x9'}",
    );
    let report = lint(&text);
    let found: Vec<(&str, &str, &str)> = (report.findings.iter())
        .map(|finding| {
            (
                finding.rule.name,
                finding.path.as_str(),
                finding.place.span.slice(&text),
            )
        })
        .collect();
    let path =
        "resources.Resources.Orders.ConnectionInput.ConnectionProperties.JDBC_CONNECTION_URL";
    assert!(
        found.contains(&("port-out-of-range", path, "99999")),
        "{found:?}"
    );
    assert!(
        found.contains(&("unresolved-template-marker", path, "${AWS::StackName}")),
        "{found:?}"
    );
    assert!(!format!("{report:?}").contains("cAnArY7x9"));
}

#[test]
fn what_extensions_patch_is_not_known() {
    let text = service("JDBC_CONNECTION_URL: jdbc:postgresql://db.example.org:99999/orders")
        + "  extensions:\n    Orders:\n      Properties:\n";
    let found = |patch: &str| {
        let text = format!("{text}        {patch}\n");
        let report = lint(&text);
        let rules = report.findings.iter().map(|finding| finding.rule.name);
        rules.collect::<Vec<_>>()
    };
    let both = ["missing-credentials", "port-out-of-range"];
    assert_eq!(found("{}"), both);
    assert_eq!(found("Tags: {a: b}"), both);
    let input = |patch: &str| format!("ConnectionInput: {{ConnectionProperties: {patch}}}");
    assert_eq!(found(&input("{SECRET_ID: a}")), ["port-out-of-range"]);
    assert!(found(&input("{JDBC_CONNECTION_URL: a, SECRET_ID: a}")).is_empty());
    assert!(found(&input("\"${file(a.yml)}\"")).is_empty());
    let other = text.replace(
        "    Orders:\n      Properties:\n",
        "    Sales:\n      Properties:\n",
    );
    assert_eq!(
        lint(&format!("{other}        CatalogId: a\n"))
            .findings
            .len(),
        2
    );
}

#[test]
fn loops_and_mappings_are_those_of_cloudformation() {
    let text = service("JDBC_CONNECTION_URL: !Sub [\"jdbc:postgresql://${h}:${p}/x\", {h: \"${self:custom.h}\", p: !FindInMap [Ports, !Ref Id, db]}]\nSECRET_ID: ${Id}")
        .replace(
            "    Orders:\n      Type",
            "    Fn::ForEach::All:\n    - Id\n    - [a, b]\n    - Orders${Id}:\n       Type",
        )
        .replace("      Properties:", "       Properties:")
        + "  Mappings:\n    Ports: {a: {db: \"5432\"}, b: {db: \"5433\"}, c: {db: \"1\"}}\n";
    let mut seen = 0;
    read(&text, &mut |connection| {
        seen += 1;
        assert_eq!(connection.realm, "Fn::ForEach::All");
        assert_eq!(
            connection.path,
            "resources.Resources.Fn::ForEach::All.Orders${Id}"
        );
    });
    assert_eq!(seen, 1);
    assert!(
        lint(&text).findings.is_empty(),
        "{:?}",
        lint(&text).findings
    );
}
