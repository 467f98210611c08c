//! Documents that people really wrote, each with what is found in it. `testdata/README.md` tells
//! where they come from.

use gluelint::lint::{FileReport, Options, lint_bytes};
use gluelint::spec::Severity;

struct Document {
    name: &'static str,
    connections: usize,
    /// `rule@line` of each warning and error, in order.
    weighty: &'static [&'static str],
    /// The same of what is merely worth knowing.
    info: &'static [&'static str],
}

const DOCUMENTS: &[Document] = &[
    Document {
        name: "agent-toolkit-bigquery.json",
        connections: 1,
        weighty: &[],
        info: &["placeholder-value@2", "placeholder-value@5"],
    },
    Document {
        name: "agent-toolkit-jdbc.json",
        connections: 1,
        weighty: &[],
        info: &[
            "placeholder-value@2",
            "placeholder-value@5",
            "placeholder-value@6",
            "placeholder-value@10",
            "placeholder-value@11",
            "placeholder-value@12",
        ],
    },
    Document {
        name: "agent-toolkit-snowflake.json",
        connections: 1,
        weighty: &[],
        info: &[
            "snowflake-properties-missing@5",
            "placeholder-value@5",
            "placeholder-value@6",
            "placeholder-value@7",
            "placeholder-value@8",
            "placeholder-value@9",
        ],
    },
    Document {
        name: "crossplane-classic.yaml",
        connections: 3,
        weighty: &["plaintext-password@14", "plaintext-password@43"],
        info: &[
            "tls-not-enforced@11",
            "hard-coded-zone@20",
            "hard-coded-zone@45",
            "hard-coded-zone@68",
        ],
    },
    Document {
        name: "crossplane-upjet-cluster.yaml",
        connections: 1,
        weighty: &["plaintext-password@31"],
        info: &["tls-not-enforced@29", "jdbc-url-without-port@30"],
    },
    Document {
        name: "crossplane-upjet-namespaced.yaml",
        connections: 1,
        weighty: &["plaintext-password@30"],
        info: &["tls-not-enforced@28", "jdbc-url-without-port@29"],
    },
    Document {
        name: "data-accelerator-snapshot.json",
        connections: 5,
        weighty: &[
            "not-an-availability-zone@15",
            "malformed-security-group-id@17",
            "malformed-subnet-id@19",
            "not-an-availability-zone@33",
            "missing-credentials@52",
            "not-an-availability-zone@60",
            "malformed-security-group-id@62",
            "malformed-subnet-id@64",
            "not-an-availability-zone@85",
            "malformed-security-group-id@87",
            "malformed-subnet-id@89",
            "missing-credentials@99",
            "not-an-availability-zone@106",
            "malformed-security-group-id@108",
            "malformed-subnet-id@110",
        ],
        info: &[
            "catalog-id-not-an-account@6",
            "catalog-id-not-an-account@27",
            "catalog-id-not-an-account@50",
            "unknown-jdbc-subprotocol@53",
            "not-a-string@54",
            "catalog-id-not-an-account@72",
            "not-a-string@76",
            "catalog-id-not-an-account@97",
        ],
    },
    Document {
        name: "glue-book-opensearch.yaml",
        connections: 2,
        weighty: &[],
        info: &[],
    },
    Document {
        name: "hive-metastore-federation.yaml",
        connections: 1,
        weighty: &[],
        info: &[],
    },
    Document {
        name: "sdk-pandas-databases-wrong-engine.yaml",
        connections: 4,
        weighty: &["malformed-jdbc-url@101"],
        info: &[
            "tls-not-enforced@27",
            "tls-not-enforced@51",
            "tls-not-enforced@75",
        ],
    },
    Document {
        name: "sdk-pandas-databases.yaml",
        connections: 5,
        weighty: &[],
        info: &[
            "tls-not-enforced@27",
            "tls-not-enforced@51",
            "tls-not-enforced@75",
            "not-a-string@102",
            "tls-not-enforced@125",
        ],
    },
    Document {
        name: "sdk-pandas-flow-map.yaml",
        connections: 3,
        weighty: &[
            "credential-in-shown-parameter@54",
            "credential-in-shown-parameter@85",
            "credential-in-shown-parameter@116",
        ],
        info: &[
            "tls-not-enforced@39",
            "tls-not-enforced@70",
            "tls-not-enforced@101",
        ],
    },
    Document {
        name: "terraform-module-dynamic-placement.tf",
        connections: 1,
        weighty: &[],
        info: &[],
    },
    Document {
        name: "terraform-module-for-each.tf",
        connections: 1,
        weighty: &[],
        info: &[],
    },
    Document {
        name: "terraform-module-own-group.tf",
        connections: 1,
        weighty: &[],
        info: &[],
    },
    Document {
        name: "terraform-old-style.tf",
        connections: 1,
        weighty: &[],
        info: &[],
    },
    Document {
        name: "terraform-rds.tf",
        connections: 1,
        weighty: &[],
        info: &["tls-not-enforced@37"],
    },
];

/// A document that speaks of connections and holds none is met with silence.
const NO_CONNECTION: &str = "not-a-connection-";

fn folder() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/wild")
}

fn run(name: &str) -> FileReport {
    let options = Options {
        least: Severity::Info,
        ..Options::default()
    };
    lint_bytes(name, std::fs::read(folder().join(name)).unwrap(), &options)
}

fn found(report: &FileReport, wanted: impl Fn(Severity) -> bool) -> Vec<String> {
    (report.findings.iter())
        .filter(|finding| wanted(finding.severity))
        .map(|finding| {
            let line = report.document.lines.index_of(finding.place.span.start) + 1;
            format!("{}@{line}", finding.rule.name)
        })
        .collect()
}

#[test]
fn real_documents_have_the_findings_that_their_authors_would_grant() {
    for document in DOCUMENTS {
        let report = run(document.name);
        assert_eq!(
            report.connections, document.connections,
            "{}",
            document.name
        );
        assert!(!report.unreadable, "{}", document.name);
        let weighty = found(&report, |severity| severity >= Severity::Warning);
        assert_eq!(weighty, document.weighty, "{}", document.name);
        let info = found(&report, |severity| severity == Severity::Info);
        assert_eq!(info, document.info, "{}", document.name);
    }
}

#[test]
fn documents_that_only_speak_of_connections_are_left_alone() {
    let mut count = 0;
    for entry in std::fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if !name.starts_with(NO_CONNECTION) {
            assert!(
                DOCUMENTS.iter().any(|document| document.name == name),
                "nothing is said of testdata/wild/{name}"
            );
            continue;
        }
        let report = run(&name);
        assert_eq!(report.connections, 0, "{name}");
        assert!(report.findings.is_empty(), "{name}: {:?}", report.findings);
        count += 1;
    }
    assert_eq!(count, 6);
}

/// What is found in a file, as it is found in a folder: the rule, the text under it, whether the
/// file counts as one that could not be read.
fn in_folder(name: &str, text: &str) -> (Vec<(&'static str, String)>, bool) {
    let report = lint_bytes(name, text.as_bytes().to_vec(), &Options::default());
    let found = (report.findings.iter())
        .map(|it| (it.rule.name, it.place.span.slice(text).to_owned()))
        .collect();
    (found, report.unreadable)
}

const RESOURCE: &str = "  Orders:\n    Type: AWS::Glue::Connection\n    Properties:\n      \
                        CatalogId: !Ref AWS::AccountId\n      ConnectionInput:\n        \
                        Name: orders\n        ConnectionType: NETWORK\n";

/// Templates of other tools are no broken documents.
#[test]
fn a_template_is_told_from_a_broken_document() {
    let template = |marker: &str| (vec![("unrendered-template", marker.to_owned())], false);
    for (name, text, marker) in [
        (
            "a.yaml",
            format!("Resources:\n{{% if a %}}\n{RESOURCE}{{% endif %}}\n"),
            "{%",
        ),
        (
            "a.template",
            format!("Resources:\n<% if a %>\n{RESOURCE}<% end %>\n"),
            "<%",
        ),
        (
            "a.yaml",
            format!("{{{{- if .Values.glue }}}}\nResources:\n{RESOURCE}"),
            "{{",
        ),
        (
            "a.yaml",
            format!("Name: {{{{ .Values.name }}}}-a\nResources:\n{RESOURCE}"),
            "{{",
        ),
        (
            "a.yaml",
            format!("Name: {{{{ include \"a.name\" . }}}}-a\nResources:\n{RESOURCE}"),
            "{{",
        ),
        (
            "a.yaml",
            format!("Name: {{{{ $name }}}}-a\nResources:\n{RESOURCE}"),
            "{{",
        ),
        (
            "a.yaml",
            format!("%{{ for a in b ~}}\nResources:\n{RESOURCE}%{{ endfor }}"),
            "%{",
        ),
        (
            "a.yaml",
            format!("Resources:\n{RESOURCE}        Description: %{{NAME}}\n"),
            "%{",
        ),
        (
            "a.json",
            "{\"ConnectionInput\": {\"Name\": {{ name | tojson }}}}".to_owned(),
            "{{",
        ),
        (
            "a.json",
            "{\"ConnectionInput\": {\"Name\": \"a\", \"Description\": ${jsonencode(a)}}}"
                .to_owned(),
            "${",
        ),
        (
            "a.tf",
            "resource \"aws_glue_connection\" \"a\" {\n  name = aws_a.{{ name }}.id\n  \
             connection_properties = var.a\n}\n"
                .to_owned(),
            "{{",
        ),
    ] {
        assert_eq!(in_folder(name, &text), template(marker), "{text}");
    }
    for (name, text) in [
        (
            "a.yaml",
            "- glue_connection:\n    name: {{ lookup('env', 'A') }}-a\n".to_owned(),
        ),
        // An expression without quotes is a slip in a playbook.
        (
            "a.yaml",
            "- glue_connection:\n    name: {{ name }}-a\n".to_owned(),
        ),
        // Statements in a text are none that break the document.
        (
            "a.yaml",
            format!("Description: |\n  {{% if a %}}\n  b\n\nResources:\n  - a\n{RESOURCE}"),
        ),
        (
            "a.json",
            "{\"ConnectionInput\": {\"Name\": \"{{ name }}\", , \"A\": 1}}".to_owned(),
        ),
        (
            "a.json",
            "{\"ConnectionInput\": {\"Name\": {{resolve:ssm:name}}}}".to_owned(),
        ),
    ] {
        let (found, unreadable) = in_folder(name, &text);
        assert!(unreadable, "{text}");
        assert!(
            found.iter().all(|(rule, _)| *rule == "invalid-syntax"),
            "{text}"
        );
    }
}

/// Nothing tells that a file without an ending is a document, unless it holds a connection or was
/// asked for.
#[test]
fn a_script_without_an_ending_is_no_broken_document() {
    let script = "#!/bin/bash\nset +x\nCOLOURS=(\n  [A]=b\n)\naws glue create-connection \
                  --connection-input '{\"Name\": \"a\", \"ConnectionProperties\": {}}'\n";
    let makefile = "connection:\n\taws glue create-connection --connection-input \
                    '{\"Name\": \"a\", \"ConnectionProperties\": {}}'\n";
    for (name, text) in [("bin/deploy", script), ("a.d/Makefile", makefile)] {
        assert_eq!(in_folder(name, text), (vec![], false), "{name}");
    }
    assert!(in_folder("deploy.yaml", script).1);
    let named = Options {
        named: true,
        ..Options::default()
    };
    assert!(lint_bytes("bin/deploy", script.into(), &named).unreadable);
    // A connection tells that it is one.
    let stream = format!("Resources:\n{RESOURCE}---\na: b: c\n");
    assert!(in_folder("template", &stream).1);
}
