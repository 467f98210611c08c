//! One connection, written in every form, is judged alike.
//!
//! The connections are those of the examples on the rules' pages: for each rule a defect, and the
//! same without it. What a form cannot say, or says otherwise, stands in one table, with the reason.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use gluelint::check;
use gluelint::diag::Safety;
use gluelint::fix::fix;
use gluelint::lint::{FileReport, Options};
use gluelint::spec::Severity;
use gluelint::text::Source;
use serde_json::{Map, Value, json};

mod forms_writing;
use forms_writing::{Abstract, UNKNOWN, WRITERS, canonical, pretty, run};

// ---- the connections --------------------------------------------------------------------------

/// A connection of a rule's page.
struct Case {
    rule: &'static str,
    role: &'static str,
    connection: Abstract,
}

impl Case {
    /// Whether a part of the connection is known to a deployment only.
    fn has_unknown(&self) -> bool {
        self.connection.wrapped().to_string().contains(UNKNOWN)
    }
}

/// The connections of the pages that are written as requests of the API.
fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for rule in check::rules() {
        for example in rule.page.examples() {
            let text: String = (example.text.lines())
                .filter(|line| !line.trim_start_matches([' ', '#']).starts_with('^'))
                .map(|line| without_references(line) + "\n")
                .collect();
            for text in text.split("\n---\n") {
                // YAML of a connection is JSON's data, except where it is about YAML itself.
                let Ok(document) = serde_yaml::from_str::<Value>(text) else {
                    continue;
                };
                if let Some(connection) = abstracted(document) {
                    cases.push(Case {
                        rule: rule.name,
                        role: example.role,
                        connection,
                    });
                }
            }
        }
    }
    cases
}

/// A line of a template, with a mark in place of `!Ref Name` and `!GetAtt Name.Attribute`.
fn without_references(line: &str) -> String {
    let mut out = line.to_owned();
    for tag in ["!Ref ", "!GetAtt ", "!ImportValue "] {
        while let Some((before, after)) = out.split_once(tag) {
            let len = after.find([',', ']', '}', ' ']).unwrap_or(after.len());
            let (name, rest) = after.split_at(len);
            let name = name.replace([':', '.', '-'], "");
            out = format!("{before}\"{UNKNOWN}{name}\"{rest}");
        }
    }
    out
}

/// The value with a mark in place of each reference; `None` where there are other functions.
fn without_functions(value: &Value) -> Option<Value> {
    Some(match value {
        Value::Object(map) if map.len() == 1 && map.contains_key("Ref") => {
            let name = map["Ref"].as_str()?.replace(':', "");
            json!(format!("{UNKNOWN}{name}"))
        }
        Value::Object(map) => {
            if map.keys().any(|key| key.starts_with("Fn::")) {
                return None;
            }
            let entries =
                (map.iter()).map(|(key, value)| Some((key.clone(), without_functions(value)?)));
            Value::Object(entries.collect::<Option<_>>()?)
        }
        Value::Array(items) => {
            Value::Array(items.iter().map(without_functions).collect::<Option<_>>()?)
        }
        other => other.clone(),
    })
}

fn abstracted(document: Value) -> Option<Abstract> {
    let Value::Object(mut document) = document else {
        return None;
    };
    if let Some(Value::Object(resources)) = document.get("Resources") {
        let mut connections =
            (resources.values()).filter(|it| it["Type"] == "AWS::Glue::Connection");
        // What stands around it has other tests.
        let (Some(only), None, 1) = (connections.next(), connections.next(), resources.len())
        else {
            return None;
        };
        let properties = without_functions(&only["Properties"])?;
        let mut properties = properties.as_object()?.clone();
        let members = properties.remove("ConnectionInput")?.as_object()?.clone();
        return Some(Abstract {
            members,
            request: properties,
        });
    }
    if let Some(Value::Object(members)) = document.remove("ConnectionInput") {
        // To update is to name what is updated.
        let is_plain = document
            .keys()
            .all(|key| matches!(key.as_str(), "CatalogId" | "Tags"));
        return is_plain.then_some(Abstract {
            members,
            request: document,
        });
    }
    let is_bare =
        document.contains_key("ConnectionProperties") || document.contains_key("ConnectionType");
    let is_other = [
        "Resources",
        "resources",
        "apiVersion",
        "Connection",
        "ConnectionList",
        "TestConnectionInput",
    ]
    .iter()
    .any(|key| document.contains_key(*key));
    // What AWS answers is judged as an answer.
    let is_answer = gluelint::spec::structure("Connection").is_some_and(|structure| {
        (structure.members.iter())
            .filter(|member| member.direction == gluelint::spec::Direction::Output)
            .any(|member| document.contains_key(member.name))
    });
    (is_bare && !is_other && !is_answer).then(|| Abstract {
        members: document,
        request: Map::new(),
    })
}

// ---- what is found ----------------------------------------------------------------------------

fn found(report: &FileReport, prefixes: &[&str]) -> BTreeSet<(&'static str, String)> {
    (report.findings.iter())
        .map(|finding| (finding.rule.name, canonical(&finding.path, prefixes)))
        .collect()
}

/// What a form cannot say, or says otherwise.
struct Exception {
    rules: &'static [&'static str],
    forms: &'static [&'static str],
    why: &'static str,
}

/// In place of a rule: that the connection was not even recognised.
const UNRECOGNISED: &str = "(not recognised)";

const EXCEPTIONS: &[Exception] = &[
    Exception {
        rules: &[
            "driver-of-another-engine",
            "port-of-another-engine",
            "authentication-without-credentials",
            "broker-port-of-another-protocol",
            "certificate-check-skipped",
            "certificate-without-tls",
            "control-character",
            "duplicate-entry",
            "empty-value",
            "groups-without-subnet",
            "host-without-url",
            "incomplete-credentials",
            "incomplete-driver",
            "incomplete-grant",
            "incomplete-host-group",
            "incomplete-jdbc-connector",
            "incomplete-placement",
            "incomplete-view-validation",
            "invisible-character",
            "member-in-foreign-casing",
            "missing-authentication",
            "missing-credentials",
            "missing-jdbc-target",
            "missing-member",
            "mechanism-not-on-msk",
            "missing-property",
            "missing-sasl-credentials",
            "misspelled-property",
            "mixed-snowflake-forms",
            "network-without-placement",
            "oauth2-properties-mismatch",
            "output-member-in-input",
            "private-host-without-placement",
            "property-in-wrong-case",
            "property-of-another-mechanism",
            "skip-without-certificate",
            "snowflake-properties-missing",
            "subnet-without-zone",
            "tls-not-enforced",
            "too-many-entries",
            "unknown-jdbc-subprotocol",
            "unknown-member",
            "unknown-property",
            "wrong-container",
            "wrong-scalar-type",
            "zone-without-subnet",
        ],
        forms: &["datazone"],
        why: "what it shares with the API is not told whole: what is missing there is not judged",
    },
    Exception {
        rules: &[
            "missing-authentication",
            "missing-member",
            "network-without-placement",
        ],
        forms: &["api-bare"],
        why: "no key stands in front of the connection: what is missing is said at its first member",
    },
    Exception {
        rules: &["output-member-in-input", "empty-value"],
        forms: &["api-bare"],
        why: "with such a member, it is taken for an answer of AWS",
    },
    Exception {
        rules: &[UNRECOGNISED],
        forms: &["api-bare"],
        why: "without a map of properties, nothing tells it from an object of another service",
    },
    Exception {
        rules: &[
            "empty-value",
            "unnamed-connection",
            "wrong-container",
            "incomplete-placement",
            "missing-member",
        ],
        forms: &["terraform", "terraform-json", "awscc", "plan"],
        why: "an argument that is empty counts as not set",
    },
    Exception {
        rules: &["connection-type-left-out", "tls-not-enforced"],
        forms: &["terraform", "terraform-json", "plan"],
        why: "without a type, or with an empty one, it is JDBC",
    },
    Exception {
        rules: &["property-unknown-to-terraform"],
        forms: &["terraform", "terraform-json"],
        why: "no other tool takes listed keys alone",
    },
    Exception {
        rules: &["tls-not-enforced"],
        forms: &["pulumi", "ansible"],
        why: "without a type, it is JDBC",
    },
    Exception {
        rules: &["empty-value"],
        forms: &[
            "pulumi",
            "pulumi-native",
            "crossplane-classic",
            "crossplane-upjet",
            "ansible",
        ],
        why: "an empty description or criterion is for the tool to refuse",
    },
    Exception {
        rules: &["missing-member", "unnamed-connection"],
        forms: &["cloudformation", "cloudformation-yaml", "sam", "serverless"],
        why: "CloudFormation makes up a name, with a warning",
    },
    Exception {
        rules: &["missing-member", "unnamed-connection"],
        forms: &["pulumi", "pulumi-native", "crossplane-classic", "ansible"],
        why: "the tool has a name for it, or refuses it itself",
    },
    Exception {
        rules: &["not-a-string", "wrong-scalar-type"],
        forms: &[
            "cloudformation",
            "cloudformation-yaml",
            "sam",
            "serverless",
            "terraform",
            "terraform-json",
            "awscc",
            "plan",
            "pulumi",
            "pulumi-native",
            "ansible",
        ],
        why: "the tool makes the right type of it",
    },
    Exception {
        rules: &["output-member-in-input", "unknown-member"],
        forms: &[
            "terraform",
            "terraform-json",
            "awscc",
            "plan",
            "pulumi",
            "pulumi-native",
            "crossplane-classic",
            "crossplane-upjet",
        ],
        why: "the tool knows its own arguments, and may know more than the API",
    },
    Exception {
        rules: &[
            "plaintext-password",
            "password-in-url",
            "password-beside-secret",
            "secret-in-plan-or-state",
        ],
        forms: &["plan"],
        why: "a plan writes every credential out: that is one warning, and the rest is said beside it",
    },
    Exception {
        rules: &["properties-not-an-object", "wrong-container"],
        forms: &[
            "terraform",
            "terraform-json",
            "awscc",
            "pulumi",
            "pulumi-native",
        ],
        why: "a text in place of a map is JSON in some forms, and for the tool to refuse in others",
    },
    Exception {
        rules: &["unresolved-template-marker"],
        forms: &["crossplane-classic", "crossplane-upjet"],
        why: "double braces are filled in by the tools around Kubernetes",
    },
    Exception {
        rules: &[
            "password-resolved-at-deployment",
            "secret-content-as-id",
            "swapped-credentials",
            "unresolved-template-marker",
            "unresolvable-reference",
        ],
        forms: &[
            "terraform",
            "terraform-json",
            "awscc",
            "pulumi",
            "pulumi-native",
        ],
        why: "dynamic references are CloudFormation's alone",
    },
    Exception {
        rules: &[
            "incomplete-placement",
            "subnet-without-zone",
            "wrong-container",
            "malformed-security-group-id",
            "properties-not-an-object",
            "placement-without-use",
        ],
        forms: &["ansible"],
        why: "the placement has no key of its own, groups may be named, and texts are split to lists",
    },
];

/// Rules that no single connection in a request can show, and why.
const ELSEWHERE: &[(&str, &str)] = &[
    (
        "connection-type-left-out",
        "about tools that take a missing type for JDBC",
    ),
    ("property-unknown-to-terraform", "about Terraform"),
    ("unreadable-file", "about a file"),
    ("no-connection-found", "about a file"),
    ("invalid-configuration", "about a configuration"),
    ("stale-baseline-entry", "about a baseline"),
    ("too-much-to-follow", "about references; tests/bounds.rs"),
    ("malformed-suppression", "about a comment"),
    ("unknown-rule", "about a comment"),
    ("unused-suppression", "about a comment"),
    ("expired-suppression", "about a comment"),
    ("suppression-without-reason", "about a comment"),
    ("invalid-syntax", "about a language"),
    ("unrendered-template", "about a language"),
    ("comment-in-json", "about a language"),
    ("trailing-comma-in-json", "about a language"),
    ("mangled-by-yaml", "about a language"),
    (
        "read-only-name",
        "about the resource around a connection in CloudFormation",
    ),
    (
        "reserved-tag-key",
        "about the resource around a connection in CloudFormation",
    ),
    ("number-out-of-range", "about requests without a connection"),
    ("renamed-in-update", "about a request to update"),
    ("ambiguous-test-target", "about a request to test"),
    ("password-lost-in-copy", "about a request to update"),
    ("input-member-in-output", "about answers"),
    ("unknown-output-value", "about answers"),
    ("failed-connection", "about answers"),
    ("secret-in-plan-or-state", "about plans and states"),
    (
        "reference-to-wrong-resource",
        "about references; tests/cross.rs and the forms' own tests",
    ),
    (
        "credential-in-shown-parameter",
        "about references; tests/cross.rs and the forms' own tests",
    ),
    (
        "security-group-without-self-reference",
        "about resources around it; tests/cross.rs",
    ),
    (
        "zone-differs-from-subnet",
        "about resources around it; tests/cross.rs",
    ),
    (
        "duplicate-connection",
        "about several connections; tests/cross.rs",
    ),
    (
        "connection-referred-by-id",
        "about jobs and crawlers; tests/cross.rs",
    ),
];

#[test]
fn a_connection_is_judged_alike_in_every_form() {
    let mut failures: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
    let mut used: BTreeSet<(usize, &str, &str)> = BTreeSet::new();
    let mut compared: BTreeMap<&str, usize> = BTreeMap::new();
    let mut shown: BTreeSet<&str> = BTreeSet::new();
    for case in cases() {
        let expected = if case.has_unknown() {
            let template = WRITERS
                .iter()
                .find(|writer| writer.name == "cloudformation")
                .unwrap();
            let text = template.document(&case.connection).unwrap();
            found(&run(template.file, &text), template.prefixes)
        } else {
            let text = pretty(&case.connection.wrapped());
            found(&run("input.json", &text), &["ConnectionInput"])
        };
        if case.role == "bad" && expected.iter().any(|(rule, _)| *rule == case.rule) {
            shown.insert(case.rule);
        }
        for writer in WRITERS {
            let Some(text) = writer.document(&case.connection) else {
                continue;
            };
            let report = run(writer.file, &text);
            let seen = match report.connections {
                1 => found(&report, writer.prefixes),
                _ => BTreeSet::from([(UNRECOGNISED, text.clone())]),
            };
            *compared.entry(writer.name).or_default() += 1;
            let differences: Vec<_> = match seen.first() {
                Some(first) if first.0 == UNRECOGNISED => vec![first],
                _ => expected.symmetric_difference(&seen).collect(),
            };
            for (rule, path) in differences {
                let exception = (EXCEPTIONS.iter()).position(|exception| {
                    exception.rules.contains(rule) && exception.forms.contains(&writer.name)
                });
                match exception {
                    Some(index) => {
                        used.insert((index, rule, writer.name));
                    }
                    None => failures
                        .entry((rule, writer.name))
                        .or_default()
                        .push(format!(
                            "{} at {path:?}, on the page of {} ({})",
                            if seen.contains(&(*rule, path.clone())) {
                                "too much"
                            } else {
                                "missing"
                            },
                            case.rule,
                            case.role
                        )),
                }
            }
        }
    }
    let mut message = String::new();
    for ((rule, form), places) in &failures {
        let (first, last) = (&places[0], &places[places.len() - 1]);
        writeln!(
            message,
            "{rule} in {form}: {} times, such as {first}; {last}",
            places.len()
        )
        .unwrap();
    }
    for (index, exception) in EXCEPTIONS.iter().enumerate() {
        for rule in exception.rules {
            if !used
                .iter()
                .any(|(at, name, _)| (*at, name) == (index, rule))
            {
                writeln!(message, "{rule} is no exception: {}", exception.why).unwrap();
            }
        }
        for form in exception.forms {
            if !used
                .iter()
                .any(|(at, _, name)| (*at, name) == (index, form))
            {
                writeln!(message, "{form} is no exception: {}", exception.why).unwrap();
            }
        }
    }
    for rule in check::rules() {
        let elsewhere = ELSEWHERE.iter().any(|(name, _)| *name == rule.name);
        if shown.contains(rule.name) == elsewhere {
            writeln!(message, "{} is shown: {}", rule.name, !elsewhere).unwrap();
        }
    }
    assert!(message.is_empty(), "\n{message}");
    for writer in WRITERS {
        let count = compared.get(writer.name).copied().unwrap_or_default();
        assert!(count > 100, "{} wrote {count} connections", writer.name);
    }
}

// ---- fixes ------------------------------------------------------------------------------------

/// The form of documents that a tool prints, and that are not the ones to mend.
const PRINTED: &str = "plan";

/// What would mend each finding, as far as it is told apart here.
fn mended(report: &FileReport, prefixes: &[&str]) -> BTreeMap<(&'static str, String), Vec<Safety>> {
    (report.findings.iter())
        .map(|finding| {
            let fixes = finding.fixes.iter().map(|fix| fix.safety).collect();
            (
                (finding.rule.name, canonical(&finding.path, prefixes)),
                fixes,
            )
        })
        .collect()
}

#[test]
fn a_connection_is_mended_alike_in_every_form() {
    let options = Options {
        least: Severity::Info,
        ..Options::default()
    };
    let mut failures: BTreeMap<(String, &str), String> = BTreeMap::new();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let known = |case: &&Case| case.role == "bad" && !case.has_unknown();
    for case in cases().iter().filter(known) {
        let text = pretty(&case.connection.wrapped());
        let expected = mended(&run("input.json", &text), &["ConnectionInput"]);
        for writer in WRITERS {
            let Some(text) = writer.document(&case.connection) else {
                continue;
            };
            let mut fail = |rule: &str, what: String| {
                failures
                    .entry((rule.to_owned(), writer.name))
                    .or_insert(what);
            };
            let before = run(writer.file, &text);
            for (key, fixes) in mended(&before, writer.prefixes) {
                if writer.name == PRINTED {
                    assert_eq!(fixes, []);
                    continue;
                }
                if let Some(expected) = expected.get(&key)
                    && *expected != fixes
                {
                    fail(key.0, format!("{fixes:?}, not {expected:?}:\n{text}"));
                }
            }
            let fixed = fix(Source::new(writer.file, text), &options, &|_, _| true);
            *counts.entry(writer.name).or_default() += fixed.count;
            let left = &fixed.report;
            if left.findings.iter().any(|it| !it.fixes.is_empty()) {
                fail(case.rule, format!("left to mend:\n{}", fixed.source.text));
            }
            if left.unreadable || left.connections != before.connections {
                fail(case.rule, format!("broken:\n{}", fixed.source.text));
            }
        }
    }
    let failures: Vec<String> = (failures.iter())
        .map(|((rule, form), what)| format!("{rule} in {form}: {what}"))
        .collect();
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
    for writer in WRITERS.iter().filter(|writer| writer.name != PRINTED) {
        let count = counts.get(writer.name).copied().unwrap_or_default();
        assert!(count > 40, "{} was mended {count} times", writer.name);
    }
}
