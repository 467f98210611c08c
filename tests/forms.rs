//! Forms: which documents hold a connection, and what their values are known to be.

mod linted;

use gluelint::form::{self, Connection, Direction, Shape, Value};
use gluelint::syntax::GAP;

/// Reads a document and hands over its connections; how many there are.
fn read(text: &str, look: &mut dyn FnMut(&Connection<'_>)) -> usize {
    linted::read(text, &mut |_, connection| look(connection))
}

fn count(text: &str) -> usize {
    read(text, &mut |_| {})
}

/// The properties of the only connection of a template, one a line.
fn template(properties: &str, rest: &str) -> String {
    let properties: String = properties
        .lines()
        .map(|line| format!("          {line}\n"))
        .collect();
    format!(
        "Resources:\n  A:\n    Type: AWS::Glue::Connection\n    Properties:\n      CatalogId: !Ref AWS::AccountId\n      \
         ConnectionInput:\n        ConnectionType: JDBC\n        ConnectionProperties:\n{properties}{rest}"
    )
}

/// What a property of a template is: its text with `…` for gaps, branches with `|` between.
fn shown(value: &Value<'_>) -> String {
    match &value.shape {
        Shape::Scalar(scalar) => scalar.text.as_str().replace(GAP, "…"),
        Shape::OneOf(branches) => branches.iter().map(shown).collect::<Vec<_>>().join(" | "),
        Shape::Absent => "absent".into(),
        Shape::Unknown => "unknown".into(),
        Shape::List(items) => format!(
            "[{}]",
            items.iter().map(shown).collect::<Vec<_>>().join(", ")
        ),
        Shape::Map(_) => "map".into(),
    }
}

#[track_caller]
fn assert_property(text: &str, key: &str, expected: &str) {
    let mut seen = Vec::new();
    read(text, &mut |connection| {
        let properties = connection
            .field("ConnectionProperties")
            .and_then(Value::as_map)
            .unwrap();
        seen.push(shown(&properties.get(key).unwrap().value));
    });
    assert_eq!(seen, [expected], "{text}");
}

const PARAMETERS: &str = "Parameters:\n  Port: {Type: Number, Default: 80}\n  Engine: {Type: String, AllowedValues: [mysql, oracle]}\n  \
                          Empty: {Type: String, Default: \"\"}\n  Host: {Type: String}\n  \
                          Path: {Type: \"AWS::SSM::Parameter::Value<String>\", Default: /db/host}\n";

#[test]
fn references_are_followed_as_far_as_the_template_says() {
    for (value, expected) in [
        ("!Ref Port", "80"),
        ("{Ref: Port}", "80"),
        ("!Ref Engine", "mysql | oracle"),
        ("!Ref Empty", "unknown"),
        ("!Ref Host", "unknown"),
        ("!Ref Path", "unknown"),
        ("!Ref Missing", "unknown"),
        ("!Ref AWS::NoValue", "absent"),
        ("!GetAtt Db.Endpoint.Port", "unknown"),
        ("!ImportValue x", "unknown"),
        ("{\"Fn::Transform\": {Name: x}}", "unknown"),
        (
            "!Sub \"jdbc:mysql://${Host}:${Port}/x\"",
            "jdbc:mysql://…:80/x",
        ),
        ("!Sub [\"${a}-${Port}-${!b}\", {a: one}]", "one-80-${b}"),
        ("!Sub \"${Engine}\"", "…"),
        ("{\"Fn::Sub\": \"${AWS::Region}a\"}", "…a"),
        ("!Join [\":\", [a, !Ref Port, !Ref Host]]", "a:80:…"),
        ("!Join [\"\", !Split [\",\", x]]", "x"),
        (
            "{\"Fn::Join\": [\"\", [\"{{resolve:secretsmanager:\", {Ref: Host}, \":SecretString:pw}}\"]]}",
            "…",
        ),
        ("\"a{{resolve:ssm:/db/host:1}}b\"", "a…b"),
        (
            "!If [c, !Ref Port, !If [d, x, !Ref AWS::NoValue]]",
            "80 | x | absent",
        ),
        ("!Select [0, !GetAZs \"\"]", "unknown"),
        ("plain ${Host}", "plain ${Host}"),
    ] {
        assert_property(&template(&format!("K: {value}"), PARAMETERS), "K", expected);
    }
}

#[test]
fn a_default_keeps_its_own_place() {
    let text = template("PORT: !Ref Port\nURL: !Sub \"h:${Port}\"", PARAMETERS);
    read(&text, &mut |connection| {
        let properties = connection
            .field("ConnectionProperties")
            .and_then(Value::as_map)
            .unwrap();
        for (key, used) in [("PORT", "!Ref Port"), ("URL", "${Port}")] {
            let value = &properties.get(key).unwrap().value;
            let origin = value.origins.first().unwrap();
            assert_eq!(origin.place.span.slice(&text), "80");
            let used_text = origin.used.slice(&text);
            assert!(used.ends_with(used_text), "{used_text:?}");
            assert!(origin.what.contains("`Port`"));
        }
    });
}

#[test]
fn properties_may_be_json_text_with_places_of_its_own() {
    let text = "{\"Resources\": {\"A\": {\"Type\": \"AWS::Glue::Connection\", \"Properties\": {\"ConnectionInput\": \
                {\"ConnectionProperties\": \"{\\\"PORT\\\": \\\"80\\\", \\\"HOST\\\": \\\"x\\\\u002ey\\\"}\"}}}}}";
    let seen = read(text, &mut |connection| {
        let properties = connection
            .field("ConnectionProperties")
            .and_then(Value::as_map)
            .unwrap();
        let port = &properties.get("PORT").unwrap().value;
        assert_eq!(port.place_of(port.known().unwrap()).span.slice(text), "80");
        assert_eq!(
            properties.get("PORT").unwrap().key.span.slice(text),
            "\\\"PORT\\\""
        );
        let host = &properties.get("HOST").unwrap().value;
        assert_eq!(host.known(), Some("x.y"));
        let dot = host.known().unwrap().get(1..2).unwrap();
        assert_eq!(host.place_of(dot).span.slice(text), "\\\\u002e");
    });
    assert_eq!(seen, 1);
    let yaml = template("", "").replace(
        "ConnectionProperties:\n",
        "ConnectionProperties: >-\n          {\"PORT\": \"80\",\n           \"HOST\": \"h\"}\n",
    );
    read(&yaml, &mut |connection| {
        let properties = connection
            .field("ConnectionProperties")
            .and_then(Value::as_map)
            .unwrap();
        let port = &properties.get("PORT").unwrap().value;
        assert_eq!(port.place_of(port.known().unwrap()).span.slice(&yaml), "80");
    });
}

#[test]
fn every_wrapper_of_the_api_is_known() {
    let bare = "{\"Name\": \"a\", \"ConnectionType\": \"JDBC\", \"ConnectionProperties\": {}}";
    let shown = bare.replace("\"Name\"", "\"CreationTime\": 1, \"Name\"");
    for (text, direction, path) in [
        (bare.to_owned(), Direction::Authored, ""),
        (shown.clone(), Direction::Observed, ""),
        (
            format!("{{\"ConnectionInput\": {bare}}}"),
            Direction::Authored,
            "",
        ),
        (
            format!("{{\"Name\": \"a\", \"ConnectionInput\": {bare}}}"),
            Direction::Authored,
            "",
        ),
        (
            format!("{{\"TestConnectionInput\": {bare}}}"),
            Direction::Authored,
            "",
        ),
        (
            format!("{{\"Connection\": {bare}}}"),
            Direction::Observed,
            "Connection",
        ),
        (
            format!("{{\"ConnectionList\": [{bare}]}}"),
            Direction::Observed,
            "ConnectionList[0]",
        ),
        (format!("[{shown}]"), Direction::Observed, "[0]"),
        (
            format!("[{{\"ConnectionList\": [{bare}]}}]"),
            Direction::Observed,
            "[0].ConnectionList[0]",
        ),
    ] {
        assert_eq!(count(&text), 1, "{text}");
        read(&text, &mut |connection| {
            assert_eq!(connection.facets.direction, direction, "{text}");
            assert_eq!(connection.path, path, "{text}");
        });
    }
    assert_eq!(count(&format!("{bare}\n{bare}\n")), 2, "JSON Lines");
    let yaml = "Name: a\nConnectionType: JDBC\nConnectionProperties: {}\n";
    assert_eq!(
        count(&format!("{yaml}---\n{yaml}---\nother: 1\n")),
        2,
        "a stream of documents"
    );
}

#[test]
fn neighbours_are_silent() {
    for text in [
        "{\"Connection\": {\"connectionId\": \"dxcon-1\", \"connectionState\": \"ok\"}}",
        "{\"ConnectionList\": []}",
        "{\"ConnectionList\": [{\"ConnectionType\": \"Email Connection\"}]}",
        "{\"ConnectionType\": \"VPC_LINK\", \"ConnectionId\": \"x\"}",
        "{\"connectionInput\": {\"connectionType\": \"JDBC\", \"connectionProperties\": {}}}",
        "Resources:\n  A:\n    Type: AWS::Events::Connection\n    Properties: {ConnectionProperties: {}}\n",
        "Resources:\n  A:\n    Type: AWS::Glue::ConnectionType\n    Properties: {ConnectionType: REST-a}\n",
        "Types: [\"AWS::Glue::Connection\"]\n",
        "Type: AWS::Glue::Connection\n",
        "Resources:\n  A:\n    Type: AWS::Lambda::Function\n    Properties:\n      Code: |\n        {\"ConnectionInput\": {\"ConnectionType\": \"JDBC\"}}\n",
        "kind: Connection\napiVersion: directconnect.aws.upbound.io/v1beta1\nspec: {forProvider: {ConnectionProperties: x}}\n",
    ] {
        assert_eq!(count(text), 0, "{text}");
    }
}

#[test]
fn a_condition_on_all_of_the_input_is_read_branch_by_branch() {
    let text = "Resources:\n  A:\n    Type: AWS::Glue::Connection\n    Properties:\n      ConnectionInput: !If\n        - c\n        \
                - {ConnectionType: JDBC}\n        - !If [d, {ConnectionType: KAFKA}, !Ref AWS::NoValue]\n";
    let mut kinds = Vec::new();
    read(text, &mut |connection| {
        kinds.extend(
            connection
                .field("ConnectionType")
                .and_then(Value::known)
                .map(str::to_owned),
        );
    });
    assert_eq!(kinds, ["JDBC", "KAFKA"]);
}

#[test]
fn the_byte_test_is_exact_about_the_resource_type() {
    assert!(form::may_hold_connection(b"Type: AWS::Glue::Connection\n"));
    assert!(form::may_hold_connection(b"x AWS::Glue::Connection"));
    assert!(!form::may_hold_connection(
        b"Type: AWS::Glue::ConnectionType\n"
    ));
    assert!(!form::may_hold_connection(
        b"Connection Connections AWS::Events::Connection"
    ));
    assert!(form::may_hold_connection(b"PhysicalConnectionRequirements"));
    assert!(form::may_hold_connection(b"{\"MatchCriteria\": []}"));
    assert!(!form::may_hold_connection(b"instanceMatchCriteria: {}"));
    assert!(!form::may_hold_connection(b"HidePasswords: true"));
}

#[test]
fn the_name_of_terraforms_resource_is_known_where_it_stands_by_itself() {
    for text in [
        "resource \"aws_glue_connection\" \"a\" {\n",
        "resource \"awscc_glue_connection\" \"a\" {\n",
        "resource  aws_glue_connection a {\n",
        "{\"resource\": {\"aws_glue_connection\": {}}}",
        "{\"type\": \"aws_glue_connection\", \"name\": \"a\"}",
    ] {
        assert!(form::may_hold_connection(text.as_bytes()), "{text}");
    }
    for text in [
        "name = aws_glue_connection.a.name",
        "the aws_glue_connection resource",
        "resource \"my_glue_connection\" \"a\" {}",
        "resource \"aws_glue_connection_x\" \"a\" {}",
        "resource \"xaws_glue_connection\" \"a\" {}",
        "resource aws_glue_connection.a",
    ] {
        assert!(!form::may_hold_connection(text.as_bytes()), "{text}");
    }
}
