//! Requests of the Glue API that speak of connections without describing one.

mod linted;

use gluelint::form;
use gluelint::lint::FileReport;
use gluelint::spec::Severity;

/// What is found: the rule, the text under it, the logical path.
#[track_caller]
fn assert_found(text: &str, expected: &[(&str, &str, &str)]) {
    assert!(form::may_hold_connection(text.as_bytes()), "{text}");
    let report = lint(text, Severity::Info);
    assert_eq!(report.connections, 1, "{text}");
    assert_eq!(linted::found(&report, text), expected, "{text}");
}

fn lint(text: &str, least: Severity) -> FileReport {
    linted::lint("request.json", text, least)
}

#[test]
fn good_requests_are_silent() {
    for text in [
        r#"{"Name": "orders", "HidePassword": true}"#,
        r#"{"Name": "or:ders", "HidePassword": false, "CatalogId": "123456789012",
            "ApplyOverrideForComputeEnvironment": "SPARK"}"#,
        r#"{"HidePassword": true}"#,
        r#"{"HidePassword": true, "MaxResults": 1000, "NextToken": "x"}"#,
        r#"{"Filter": {"MatchCriteria": ["shop"]}}"#,
        r#"{"Filter": {"ConnectionType": "SALESFORCE", "ConnectionSchemaVersion": 2}, "MaxResults": 1}"#,
        r#"{"Filter": {}, "HidePassword": true}"#,
        r#"{"ConnectionNameList": ["a", "b"], "CatalogId": "123456789012"}"#,
        r#"{"ConnectionNameList": []}"#,
    ] {
        assert_found(text, &[]);
    }
}

#[test]
fn wrong_requests_are_reported() {
    for (text, expected) in [
        (
            r#"{"Name": "orders", "HidePassword": "true"}"#,
            ("wrong-scalar-type", "\"true\"", "HidePassword"),
        ),
        (
            r#"{"Name": ["orders"], "HidePassword": true}"#,
            ("wrong-container", "\"Name\"", "Name"),
        ),
        (
            r#"{"Name": "", "HidePassword": true}"#,
            ("empty-value", "\"\"", "Name"),
        ),
        (
            r#"{"Name": "orders", "HidePassword": true, "ApplyOverrideForComputeEnvironment": "EMR"}"#,
            (
                "unknown-compute-environment",
                "\"EMR\"",
                "ApplyOverrideForComputeEnvironment",
            ),
        ),
        (
            r#"{"HidePassword": true, "MaxResults": 0}"#,
            ("number-out-of-range", "0", "MaxResults"),
        ),
        (
            r#"{"HidePassword": true, "MaxResults": "50"}"#,
            ("wrong-scalar-type", "\"50\"", "MaxResults"),
        ),
        (
            r#"{"HidePassword": true, "MaxResults": 50, "MaxItems": 50}"#,
            ("unknown-member", "\"MaxItems\"", "MaxItems"),
        ),
        (
            r#"{"HidePassword": true, "MaxResults": 50, "ConnectionType": "KAFKA"}"#,
            ("unknown-member", "\"ConnectionType\"", "ConnectionType"),
        ),
        (
            r#"{"Filter": {"ConnectionType": "KAFKAA"}, "HidePassword": true}"#,
            (
                "unknown-connection-type",
                "\"KAFKAA\"",
                "Filter.ConnectionType",
            ),
        ),
        (
            r#"{"Filter": {"Type": "KAFKA"}, "HidePassword": true}"#,
            ("unknown-member", "\"Type\"", "Filter.Type"),
        ),
        (
            r#"{"Filter": ["KAFKA"], "HidePassword": true}"#,
            ("wrong-container", "\"Filter\"", "Filter"),
        ),
        (
            r#"{"Filter": {"ConnectionSchemaVersion": 3}}"#,
            ("number-out-of-range", "3", "Filter.ConnectionSchemaVersion"),
        ),
        (
            r#"{"ConnectionNameList": "orders"}"#,
            (
                "wrong-container",
                "\"ConnectionNameList\"",
                "ConnectionNameList",
            ),
        ),
        (
            r#"{"ConnectionNameList": ["a", "a"]}"#,
            ("duplicate-entry", "\"a\"", "ConnectionNameList[1]"),
        ),
        (
            r#"{"ConnectionNameList": ["a"], "CatalogId": "12345"}"#,
            ("catalog-id-not-an-account", "\"12345\"", "CatalogId"),
        ),
        (
            r#"{"ConnectionNameList": ["a"], "Catalog": "123456789012"}"#,
            ("unknown-member", "\"Catalog\"", "Catalog"),
        ),
        (
            r#"{"TestConnectionInput": "orders"}"#,
            (
                "wrong-container",
                "\"TestConnectionInput\"",
                "TestConnectionInput",
            ),
        ),
    ] {
        assert_found(text, &[expected]);
    }
    let names: Vec<String> = (0..26).map(|n| format!("\"c{n}\"")).collect();
    assert_found(
        &format!("{{\"ConnectionNameList\": [{}]}}", names.join(", ")),
        &[(
            "too-many-entries",
            "\"ConnectionNameList\"",
            "ConnectionNameList",
        )],
    );
    let long = format!("\"{}\"", "ab".repeat(128));
    assert_found(
        &format!("{{\"ConnectionNameList\": [{long}]}}"),
        &[("text-too-long", &long, "ConnectionNameList[0]")],
    );
}

#[test]
fn a_test_needs_a_whole_connection() {
    assert_found(
        r#"{"TestConnectionInput": {}}"#,
        &[
            (
                "missing-member",
                "\"TestConnectionInput\"",
                "TestConnectionInput",
            ),
            (
                "missing-member",
                "\"TestConnectionInput\"",
                "TestConnectionInput",
            ),
        ],
    );
}

#[test]
fn neighbours_are_left_alone() {
    for text in [
        r#"{"Name": "orders"}"#,
        r#"{"ConnectionName": "orders"}"#,
        r#"{"ConnectionName": "orders", "CatalogId": "123456789012"}"#,
        r#"{"MaxResults": 5, "NextToken": "x"}"#,
        r#"{"Filter": {"ConnectionType": "on-premises"}, "MaxResults": 5}"#,
        r#"{"Filter": {"ConnectionType": "KAFKA"}, "Theme": "dark"}"#,
        r#"{"Filter": {"MatchCriteria": ["x"], "Regex": "y"}}"#,
        r#"{"HidePassword": true, "Theme": "dark"}"#,
        r#"{"hidePassword": true, "Name": "x"}"#,
        r#"{"Settings": {"HidePassword": true}}"#,
        r#"{"ConnectionNameList": ["x"], "Theme": "dark", "Size": 1}"#,
        r#"{"MatchCriteria": ["x"]}"#,
        r#"{"Filter": "MatchCriteria"}"#,
    ] {
        assert_eq!(lint(text, Severity::Info).connections, 0, "{text}");
    }
}
