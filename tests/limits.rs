//! What AWS documents as the limit of a text, a list or a map is taken; one more is not. Most of
//! these are too long to show on a page.

use gluelint::lint::{Options, lint};
use gluelint::spec::Severity;
use gluelint::text::Source;
use serde_json::{Value, json};

/// The names of the rules that find something in a document, each with its weight.
fn found(document: &Value) -> Vec<(&'static str, Severity)> {
    let options = Options {
        least: Severity::Info,
        ..Options::default()
    };
    let report = lint(Source::new("limits.json", document.to_string()), &options);
    assert_eq!(report.connections, 1);
    report
        .findings
        .iter()
        .map(|finding| (finding.rule.name, finding.severity))
        .collect()
}

/// How often a rule finds something in a document.
fn count(rule: &str, document: &Value) -> usize {
    found(document)
        .iter()
        .filter(|(name, _)| *name == rule)
        .count()
}

/// A request with one member of its connection replaced.
fn request(member: &str, value: &Value) -> Value {
    let mut document = json!({
        "ConnectionInput": {
            "Name": "orders",
            "ConnectionType": "JDBC",
            "ConnectionProperties": {
                "JDBC_CONNECTION_URL": "jdbc:postgresql://db.example.org:5432/orders",
                "SECRET_ID": "orders/etl"
            }
        }
    });
    document["ConnectionInput"][member] = value.clone();
    document
}

fn long(len: usize) -> String {
    // Characters are counted, not bytes.
    "ä".repeat(len)
}

/// A map of that many entries with values of their own.
fn map(len: usize) -> Value {
    let entries = (0..len).map(|n| (format!("KEY_{n}"), json!("x")));
    Value::Object(entries.collect())
}

fn list(len: usize) -> Value {
    (0..len).map(|n| format!("sg-{n:017x}")).collect()
}

/// A member, the greatest length of a text in it, and its value with such a text.
type Case = (&'static str, usize, fn(String) -> Value);

#[test]
fn texts_have_a_greatest_length() {
    let cases: [Case; 8] = [
        ("Name", 255, |text| json!(text)),
        ("Description", 2048, |text| json!(text)),
        ("MatchCriteria", 255, |text| json!([text])),
        (
            "ConnectionProperties",
            1024,
            |text| json!({"USERNAME": text}),
        ),
        ("SparkProperties", 2048, |text| json!({"a": text})),
        ("AthenaProperties", 128, |text| json!({text: "a"})),
        (
            "PhysicalConnectionRequirements",
            255,
            |text| json!({"SubnetId": text}),
        ),
        (
            "AuthenticationConfiguration",
            256,
            |text| json!({"OAuth2Properties": {"TokenUrl": text}}),
        ),
    ];
    for (member, most, value) in cases {
        let rule = "text-too-long";
        assert_eq!(
            count(rule, &request(member, &value(long(most)))),
            0,
            "{member}"
        );
        assert_eq!(
            count(rule, &request(member, &value(long(most + 1)))),
            1,
            "{member}"
        );
    }
}

#[test]
fn lists_and_maps_have_a_greatest_number_of_entries() {
    let rule = "too-many-entries";
    let criteria = |len| request("MatchCriteria", &list(len));
    let properties = |len| request("ConnectionProperties", &map(len));
    let groups = |len| json!({ "SecurityGroupIdList": list(len) });
    let placed = |len| request("PhysicalConnectionRequirements", &groups(len));
    assert_eq!(count(rule, &criteria(10)), 0);
    assert_eq!(count(rule, &criteria(11)), 1);
    assert_eq!(count(rule, &properties(100)), 0);
    assert_eq!(count(rule, &properties(101)), 1);
    assert_eq!(count(rule, &placed(50)), 0);
    assert_eq!(count(rule, &placed(51)), 1);
    let mut tagged = request("Name", &json!("orders"));
    tagged["Tags"] = map(50);
    assert_eq!(count(rule, &tagged), 0);
    tagged["Tags"] = map(51);
    assert_eq!(count(rule, &tagged), 1);
}

#[test]
fn what_aws_answers_with_is_within_its_limits() {
    let answer = json!({
        "Connection": {
            "Name": long(300),
            "ConnectionType": "JDBC",
            "MatchCriteria": ["a", "a"],
            "ConnectionProperties": map(101),
            "CreationTime": "2026-05-01T08:00:00Z",
            "AddedSince": { "a": 1 },
        }
    });
    for rule in [
        "text-too-long",
        "too-many-entries",
        "duplicate-entry",
        "unknown-member",
        "member-in-foreign-casing",
    ] {
        assert_eq!(count(rule, &answer), 0, "{rule}");
    }
}

#[test]
fn an_empty_text_weighs_what_is_known_of_it() {
    let empty = |key: &str| request("ConnectionProperties", &json!({ key: "" }));
    let weight = |document| {
        found(&document)
            .into_iter()
            .find_map(|(name, severity)| (name == "empty-value").then_some(severity))
    };
    assert_eq!(weight(empty("USERNAME")), Some(Severity::Error));
    assert_eq!(weight(empty("KAFKA_CUSTOM_CERT")), Some(Severity::Warning));
    let answer = json!({"Connection": {
        "ConnectionType": "JDBC",
        "ConnectionProperties": {"PASSWORD": ""},
    }});
    assert_eq!(weight(answer), Some(Severity::Info));
}

#[test]
fn a_skeleton_is_told_whatever_value_its_enumerations_hold() {
    let skeleton = |kind: &str, login: &str, grant: &str, engine: &str, name: &str| {
        json!({
            "CatalogId": "",
            "ConnectionInput": {
                "Name": name,
                "Description": "",
                "ConnectionType": kind,
                "MatchCriteria": [""],
                "ConnectionProperties": { "KeyName": "" },
                "AuthenticationConfiguration": {
                    "AuthenticationType": login,
                    "OAuth2Properties": {
                        "OAuth2GrantType": grant,
                        "TokenUrlParametersMap": { "KeyName": "" }
                    },
                    "SecretArn": ""
                },
                "ValidateCredentials": true,
                "ValidateForComputeEnvironments": [engine]
            }
        })
    };
    for (kind, login, grant, engine) in [
        ("SFTP", "BASIC", "AUTHORIZATION_CODE", "SPARK"),
        ("CUSTOM", "IAM", "REFRESH_TOKEN", "PYTHON"),
    ] {
        let document = skeleton(kind, login, grant, engine, "");
        assert_eq!(found(&document), [("unfilled-skeleton", Severity::Warning)]);
    }
    let begun = skeleton("JDBC", "BASIC", "JWT_BEARER", "SPARK", "orders");
    assert_eq!(count("unfilled-skeleton", &begun), 0);
}
