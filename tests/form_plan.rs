//! Plans and states of Terraform in JSON: recognition, places, what is unknown, and secrets.

mod linted;

use gluelint::form::{self, Direction, Stream};
use gluelint::lint::FileReport;
use gluelint::spec::Severity;
use gluelint::syntax::{Language, Tree};
use serde_json::{Value, json};

fn lint(text: &str, least: Severity) -> FileReport {
    linted::lint("plan.json", text, least)
}

/// What is found: the rule, the text under it, the logical path.
#[track_caller]
fn assert_found(document: &Value, connections: usize, expected: &[(&str, &str, &str)]) {
    for text in [
        document.to_string(),
        serde_json::to_string_pretty(document).unwrap(),
    ] {
        let report = lint(&text, Severity::Warning);
        assert_eq!(report.connections, connections, "{text}");
        assert_eq!(linted::found(&report, &text), expected, "{text}");
    }
}

/// The values of a good connection as the provider plans them.
fn good() -> Value {
    json!({
        "athena_properties": null,
        "authentication_configuration": [],
        "catalog_id": "123456789012",
        "connection_properties": {
            "JDBC_CONNECTION_URL": "jdbc:postgresql://db.example.org:5432/orders",
            "JDBC_ENFORCE_SSL": "true",
            "SECRET_ID": "orders/etl"
        },
        "connection_type": "JDBC",
        "description": null,
        "match_criteria": null,
        "name": "orders",
        "physical_connection_requirements": [{
            "availability_zone": "eu-west-1a",
            "security_group_id_list": ["sg-0a1b2c3d4e5f60718"],
            "subnet_id": "subnet-0a1b2c3d4e5f60718"
        }],
        "region": "eu-west-1",
        "tags": {"team": "sales"},
        "tags_all": {"team": "sales"}
    })
}

fn with(mut values: Value, changes: &[(&str, Value)]) -> Value {
    for (pointer, value) in changes {
        let (holder, key) = pointer.rsplit_once('/').unwrap();
        values.pointer_mut(holder).unwrap()[key] = value.clone();
    }
    values
}

fn resource(address: &str, values: &Value) -> Value {
    json!({
        "address": address, "mode": "managed", "type": "aws_glue_connection", "name": "orders",
        "provider_name": "registry.terraform.io/hashicorp/aws", "schema_version": 0,
        "values": values, "sensitive_values": {"tags": {}}
    })
}

fn change(address: &str, after: &Value, unknown: &Value) -> Value {
    json!({
        "address": address, "mode": "managed", "type": "aws_glue_connection", "name": "orders",
        "change": {"actions": ["create"], "before": null, "after": after, "after_unknown": unknown,
                   "before_sensitive": false, "after_sensitive": {"tags": {}}}
    })
}

const ADDRESS: &str = "aws_glue_connection.orders";

fn plan(values: &Value, unknown: &Value) -> Value {
    json!({
        "format_version": "1.2", "terraform_version": "1.9.5",
        "planned_values": {"root_module": {"resources": [resource(ADDRESS, values)]}},
        "resource_changes": [change(ADDRESS, values, unknown)],
        "configuration": {"root_module": {"resources": [{
            "address": ADDRESS, "mode": "managed", "type": "aws_glue_connection", "name": "orders",
            "expressions": {"name": {"constant_value": "orders"}}
        }]}}
    })
}

fn shown_state(values: &Value) -> Value {
    json!({"format_version": "1.0", "terraform_version": "1.9.5",
           "values": {"root_module": {"resources": [resource(ADDRESS, values)]}}})
}

fn stored_state(attributes: &Value) -> Value {
    json!({
        "version": 4, "terraform_version": "1.9.5", "serial": 3, "outputs": {},
        "lineage": "7e8f9d1c-0000-4000-8000-000000000000",
        "resources": [{
            "module": "module.etl", "mode": "managed", "type": "aws_glue_connection", "name": "orders",
            "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
            "instances": [{"index_key": "a", "schema_version": 0, "attributes": attributes,
                           "sensitive_attributes": [], "private": "bnVsbA=="}]
        }]
    })
}

#[test]
fn good_documents_are_silent() {
    let computed = json!({"id": true, "arn": true, "catalog_id": true, "tags_all": true});
    assert_found(&plan(&good(), &computed), 1, &[]);
    assert_found(&shown_state(&good()), 1, &[]);
    assert_found(&stored_state(&good()), 1, &[]);
    let awscc = json!({
        "catalog_id": "123456789012", "id": null, "tags": null,
        "connection_input": {
            "name": "orders", "connection_type": "JDBC", "description": null, "match_criteria": null,
            "authentication_configuration": null, "athena_properties": null,
            "connection_properties": "{\"JDBC_CONNECTION_URL\":\"jdbc:postgresql://db.example.org/orders\",\
                                      \"JDBC_ENFORCE_SSL\":true,\"SECRET_ID\":\"orders/etl\"}",
            "physical_connection_requirements": {
                "availability_zone": "eu-west-1a", "subnet_id": "subnet-0a1b2c3d4e5f60718",
                "security_group_id_list": ["sg-0a1b2c3d4e5f60718"]
            }
        }
    });
    let mut document = shown_state(&awscc);
    document["values"]["root_module"]["resources"][0]["type"] = json!("awscc_glue_connection");
    assert_found(&document, 1, &[]);
}

#[test]
fn other_documents_are_not_recognised() {
    let data = {
        let mut document = plan(&good(), &json!({}));
        document["planned_values"]["root_module"]["resources"][0]["mode"] = json!("data");
        document["resource_changes"] = json!([]);
        document
    };
    let job = {
        let mut document = shown_state(&good());
        document["values"]["root_module"]["resources"][0]["type"] = json!("aws_glue_job");
        document
    };
    let deleted = json!({
        "format_version": "1.2", "planned_values": {"root_module": {}},
        "resource_changes": [{
            "address": ADDRESS, "mode": "managed", "type": "aws_glue_connection", "name": "orders",
            "change": {"actions": ["delete"], "before": with(good(), &[("/connection_type", json!("X"))]),
                       "after": null, "after_unknown": {}}
        }]
    });
    let prior = json!({
        "format_version": "1.2", "planned_values": {"root_module": {}},
        "prior_state": shown_state(&with(good(), &[("/connection_type", json!("X"))]))
    });
    let deposed = {
        let mut document = stored_state(&good());
        document["resources"][0]["instances"][0]["deposed"] = json!("0a1b2c3d");
        document
    };
    for document in [
        data,
        job,
        deleted,
        prior,
        deposed,
        json!({"format_version": "1.0"}),
    ] {
        assert_found(&document, 0, &[]);
    }
    assert!(form::may_hold_connection(
        br#"{"type":"aws_glue_connection"}"#
    ));
    assert!(form::may_hold_connection(
        br#"{"type":"awscc_glue_connection"}"#
    ));
    assert!(!form::may_hold_connection(
        br#"{"type":"aws_directconnect_connection"}"#
    ));
    assert!(!form::may_hold_connection(
        br#"{"x":"aws_glue_connection.orders"}"#
    ));
}

#[test]
fn what_only_the_apply_tells_is_unknown() {
    for (values, unknown) in [
        (
            with(
                good(),
                &[(
                    "/connection_properties",
                    json!({"JDBC_ENFORCE_SSL": "true"}),
                )],
            ),
            json!({"connection_properties": {"JDBC_CONNECTION_URL": true, "SECRET_ID": true}}),
        ),
        (
            with(good(), &[("/connection_properties", json!({}))]),
            json!({"connection_properties": true}),
        ),
        (
            with(good(), &[("/connection_properties", json!(null))]),
            json!({"connection_properties": {"JDBC_CONNECTION_URL": true}}),
        ),
        (
            with(
                good(),
                &[(
                    "/physical_connection_requirements",
                    json!([{"availability_zone": "eu-west-1a"}]),
                )],
            ),
            json!({"physical_connection_requirements":
                   [{"subnet_id": true, "security_group_id_list": true}]}),
        ),
        (
            with(
                good(),
                &[(
                    "/physical_connection_requirements/0/security_group_id_list",
                    json!([null]),
                )],
            ),
            json!({"physical_connection_requirements": [{"security_group_id_list": [true]}]}),
        ),
        (
            with(
                good(),
                &[
                    ("/connection_type", json!("NETWORK")),
                    ("/connection_properties", json!(null)),
                    ("/physical_connection_requirements", json!([])),
                ],
            ),
            json!({"physical_connection_requirements": true}),
        ),
    ] {
        assert_found(&plan(&values, &unknown), 1, &[]);
        let text = plan(&values, &unknown).to_string();
        // Nobody can tell whether a zone that is written out was looked up.
        let advice = lint(&text, Severity::Info);
        assert!(advice.findings.is_empty(), "{:?}", advice.findings);
    }
    // What is known all the same is judged, the names of unknown values too.
    let values = with(
        good(),
        &[(
            "/connection_properties",
            json!({"JDBC_ENFORCE_SSL": "yes", "SECRET_ID": "x/y"}),
        )],
    );
    assert_found(
        &plan(
            &values,
            &json!({"connection_properties": {"JDBC_URL": true}}),
        ),
        1,
        &[
            (
                "not-a-boolean",
                "yes",
                "aws_glue_connection.orders.connection_properties.JDBC_ENFORCE_SSL",
            ),
            (
                "misspelled-property",
                "\"JDBC_URL\"",
                "aws_glue_connection.orders",
            ),
        ],
    );
}

#[test]
fn defects_are_found_where_they_stand() {
    let bad = with(
        good(),
        &[
            (
                "/connection_properties/JDBC_CONNECTION_URL",
                json!("jdbc:postgresql://db.example.org:99999/orders"),
            ),
            (
                "/physical_connection_requirements/0/subnet_id",
                json!("subnet-x"),
            ),
            (
                "/physical_connection_requirements/0/security_group_id_list",
                json!(["default"]),
            ),
        ],
    );
    let expected = |address: &str| {
        let path = |rest: &str| format!("{address}.{rest}");
        vec![
            (
                "port-out-of-range",
                "99999",
                path("connection_properties.JDBC_CONNECTION_URL"),
            ),
            (
                "malformed-security-group-id",
                "default",
                path("physical_connection_requirements.security_group_id_list[0]"),
            ),
            (
                "malformed-subnet-id",
                "subnet-x",
                path("physical_connection_requirements.subnet_id"),
            ),
        ]
    };
    for (document, address) in [
        (plan(&bad, &json!({})), ADDRESS),
        (shown_state(&bad), ADDRESS),
        (
            stored_state(&bad),
            "module.etl.aws_glue_connection.orders[\"a\"]",
        ),
    ] {
        let expected = expected(address);
        let expected: Vec<_> = expected
            .iter()
            .map(|(a, b, c)| (*a, *b, c.as_str()))
            .collect();
        assert_found(&document, 1, &expected);
    }
}

#[test]
fn modules_instances_and_changes_are_all_read() {
    let bad = with(good(), &[("/catalog_id", json!("12345"))]);
    let mut document = plan(&good(), &json!({}));
    document["planned_values"]["root_module"]["child_modules"] = json!([{
        "address": "module.a",
        "resources": [resource("module.a.aws_glue_connection.orders[\"x\"]", &bad),
                      resource("module.a.aws_glue_connection.orders[\"y\"]", &bad)],
        "child_modules": [{"address": "module.a.module.b",
                           "resources": [resource("module.a.module.b.aws_glue_connection.orders[0]", &bad)]}]
    }]);
    // It is planned, but the planned values lack it.
    let extra = change("aws_glue_connection.extra", &bad, &json!({"name": true}));
    document["resource_changes"]
        .as_array_mut()
        .unwrap()
        .push(extra);
    let text = document.to_string();
    let report = lint(&text, Severity::Warning);
    let mut paths: Vec<_> = report.findings.iter().map(|it| it.path.as_str()).collect();
    paths.sort_unstable();
    assert_eq!(report.connections, 5);
    assert_eq!(
        paths,
        [
            "aws_glue_connection.extra.catalog_id",
            "module.a.aws_glue_connection.orders[\"x\"].catalog_id",
            "module.a.aws_glue_connection.orders[\"y\"].catalog_id",
            "module.a.module.b.aws_glue_connection.orders[0].catalog_id",
        ]
    );
}

#[test]
fn json_in_text_is_read_where_it_stands() {
    let values = json!({"catalog_id": "123456789012", "connection_input": {
        "name": "events", "connection_type": "KAFKA",
        "connection_properties": "{\"KAFKA_BOOTSTRAP_SERVERS\":\"a.example.org:99999\",\"KAFKA_SSL_ENABLED\":\"true\"}"
    }});
    let mut document = shown_state(&values);
    document["values"]["root_module"]["resources"][0]["type"] = json!("awscc_glue_connection");
    assert_found(
        &document,
        1,
        &[(
            "malformed-broker-list",
            "99999",
            "aws_glue_connection.orders.connection_input.connection_properties.KAFKA_BOOTSTRAP_SERVERS",
        )],
    );
}

#[test]
fn findings_speak_as_the_document_does() {
    let values = with(
        good(),
        &[
            ("/connection_type", json!("NETWORK")),
            ("/physical_connection_requirements", json!([])),
        ],
    );
    let report = lint(&plan(&values, &json!({})).to_string(), Severity::Warning);
    let network = report
        .findings
        .iter()
        .find(|it| it.rule.name == "network-without-placement");
    let message = &network.unwrap().message;
    assert!(
        message.contains("`physical_connection_requirements`"),
        "{message}"
    );
    assert_eq!(network.unwrap().connection, "orders");
}

/// What the provider has applied is not for the reader of a state to mend.
#[test]
fn a_state_is_an_observation() {
    let values = with(
        good(),
        &[
            ("/connection_type", json!("BRANDNEW")),
            (
                "/authentication_configuration",
                json!([{"authentication_type": "BASIC", "secret_arn": null,
                        "basic_authentication_credentials": [{"username": "etl", "password": "****"}]}]),
            ),
        ],
    );
    assert_found(&stored_state(&values), 1, &[]);
    let text = plan(&values, &json!({})).to_string();
    let report = lint(&text, Severity::Warning);
    assert!(
        report
            .findings
            .iter()
            .any(|it| it.rule.name == "unknown-connection-type")
    );
    for (document, direction) in [
        (plan(&good(), &json!({})), Direction::Authored),
        (shown_state(&good()), Direction::Observed),
    ] {
        let text = document.to_string();
        let tree = Tree::read(&text, Language::Json);
        let root = tree.documents().next().unwrap();
        let form = form::form_of(root).unwrap();
        (form.connections)(root, &Stream::of(&tree), &mut |connection| {
            assert_eq!(connection.facets.direction, direction);
            assert_eq!(connection.address, ADDRESS);
        });
    }
}

#[test]
fn credentials_are_one_finding_for_each_connection() {
    let values = with(
        good(),
        &[(
            "/connection_properties",
            json!({"JDBC_CONNECTION_URL": "jdbc:mysql://etl:blue-kettle-42@db.example.org/x",
                   "JDBC_ENFORCE_SSL": "true", "PASSWORD": "blue-kettle-42", "USERNAME": "etl"}),
        )],
    );
    for document in [plan(&values, &json!({})), shown_state(&values)] {
        let text = document.to_string();
        let report = lint(&text, Severity::Warning);
        let [finding] = report.findings.as_slice() else {
            panic!("{:?}", report.findings);
        };
        assert_eq!(finding.rule.name, "secret-in-plan-or-state");
        assert_eq!(finding.severity, Severity::Warning);
        assert_eq!(finding.labels.len(), 1);
    }
}
