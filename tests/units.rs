//! Files that are linted together: whose a finding is, where its labels lie, what is said of
//! files that nobody asked for.

use gluelint::check;
use gluelint::lint::{FileReport, Options, Report, lint as lint_alone, lint_unit};
use gluelint::report::{RENDERERS, Style};
use gluelint::spec::Severity;
use gluelint::text::{Place, Source, Unit};

/// A connection whose properties stand in a Secret.
const MANIFEST: &str = "\
apiVersion: glue.aws.upbound.io/v1beta2
kind: Connection
metadata: {name: orders}
spec:
  forProvider:
    region: eu-west-1
    catalogId: \"012345678901\"
    connectionPropertiesSecretRef: {name: props, namespace: data}
    physicalConnectionRequirements:
      subnetId: subnet-0a1b2c3d4e5f60718
      availabilityZone: eu-west-1a
      securityGroupIdList: [sg-0a1b2c3d4e5f60718]
";

fn secret(properties: &str) -> String {
    format!(
        "# the properties\napiVersion: v1\nkind: Secret\nmetadata: {{name: props, namespace: data}}\nstringData:\n{properties}"
    )
}

const GOOD: &str = "  JDBC_CONNECTION_URL: jdbc:postgresql://db.example.org:5432/orders\n  \
                    JDBC_ENFORCE_SSL: \"true\"\n  SECRET_ID: orders/etl\n";

fn unit(files: &[(&str, &str, bool)]) -> Unit {
    let mut unit = Unit::default();
    for (name, text, asked) in files {
        let source = Source::decode(*name, text.as_bytes().to_vec()).unwrap();
        unit.push(source, *asked);
    }
    unit
}

fn lint(unit: &Unit) -> Vec<FileReport> {
    let options = Options {
        least: Severity::Info,
        named: true,
        ..Options::default()
    };
    lint_unit(unit, &options)
}

/// The rule, the text under it, and each label's file and text.
type Found<'r> = (&'static str, &'r str, Vec<(&'r str, &'r str)>);

/// What is found in a file.
fn found(report: &FileReport) -> Vec<Found<'_>> {
    let at = |place: Place| {
        let document = report.document_at(place);
        (document.name.as_str(), place.span.slice(&document.text))
    };
    (report.findings.iter())
        .map(|finding| {
            let labels = finding.labels.iter().map(|label| at(label.place));
            (finding.rule.name, at(finding.place).1, labels.collect())
        })
        .collect()
}

fn rules(report: &FileReport) -> Vec<&'static str> {
    (report.findings.iter())
        .map(|finding| finding.rule.name)
        .collect()
}

#[test]
fn a_finding_is_of_the_file_in_which_it_lies_and_its_labels_may_be_of_others() {
    let properties = "  SECRET_ID: arn:aws:secretsmanager:us-east-1:012345678901:secret:orders-a1b2c3\n  \
                      JDBC_CONNECTION_URL: jdbc:postgresql://db.example.org:5432/orders\n  \
                      JDBC_ENFORCE_SSL: \"yes\"\n";
    let properties = format!("\u{FEFF}{}", secret(properties));
    let reports = lint(&unit(&[
        ("0.yaml", "# Größe", true),
        ("a.yaml", &MANIFEST.replace("012345678901", "0123"), true),
        ("b.yaml", &properties, false),
    ]));
    let [other, manifest, secret] = reports.as_slice() else {
        panic!("{reports:?}");
    };
    assert_eq!(found(other), []);
    assert_eq!(
        found(manifest),
        [("catalog-id-not-an-account", "\"0123\"", vec![])]
    );
    assert_eq!(
        found(secret),
        [
            ("mixed-regions", "us-east-1", vec![("a.yaml", "eu-west-1")]),
            ("not-a-boolean", "yes", vec![]),
        ]
    );
    let connections = reports
        .iter()
        .map(|report| (report.connections, report.form));
    assert_eq!(
        connections.collect::<Vec<_>>(),
        [(0, None), (1, Some("crossplane")), (0, None)]
    );
    assert_eq!(secret.document.offset, 3);
    assert_eq!(secret.document.text.len() + 3, properties.len());
    assert!(other.document.text.is_empty(), "nothing of it is shown");
    assert!(manifest.others.is_empty());
}

#[test]
fn connections_are_taken_from_files_that_were_asked_for() {
    let bad =
        "Name: orders\nConnectionType: JDBC\nConnectionProperties: {PORT: \"80\"}\nBogus: 1\n";
    let reports = lint(&unit(&[("a.yaml", "x: 1\n", true), ("b.yaml", bad, false)]));
    assert_eq!(reports.len(), 1);
    assert_eq!(rules(&reports[0]), ["no-connection-found"]);
    let reports = lint(&unit(&[("a.yaml", "x: 1\n", true), ("b.yaml", bad, true)]));
    assert_eq!(reports.len(), 2);
    // The word is for a unit without any.
    assert_eq!(found(&reports[0]), []);
    assert!(rules(&reports[1]).contains(&"unknown-member"));
    // A file without a finding that nobody asked for has no report.
    let reports = lint(&unit(&[("a.yaml", "x: 1\n", false), ("b.yaml", bad, true)]));
    assert_eq!(reports.len(), 1);
    assert_eq!(reports[0].name(), "b.yaml");
}

#[test]
fn what_cannot_be_read_beside_a_connection_is_said() {
    let good = secret(GOOD);
    let with = |text: &str, asked| {
        let mut unit = unit(&[("a.yaml", text, true), ("b.yaml", &good, false)]);
        unit.push(Source::new("broken.json", "{\n  \"x\": [1,\n"), asked);
        unit.push_unreadable("gone.json".to_owned(), "no such file".to_owned(), asked);
        let reports = lint(&unit);
        (reports.iter())
            .map(|report| {
                (
                    report.name().to_owned(),
                    report.unreadable,
                    rules(report).join(" "),
                )
            })
            .filter(|(_, unreadable, rules)| *unreadable || !rules.is_empty())
            .map(|(name, unreadable, rules)| format!("{name} {unreadable} {rules}"))
            .collect::<Vec<_>>()
    };
    let said = [
        "broken.json true invalid-syntax",
        "gone.json true unreadable-file",
    ];
    assert_eq!(with(MANIFEST, false), said);
    assert_eq!(with(MANIFEST, true), said);
    let nothing = "a.yaml false no-connection-found";
    assert_eq!(with("x: 1\n", true), [nothing, said[0], said[1]]);
    assert_eq!(with("x: 1\n", false), [nothing]);
}

#[test]
fn the_end_of_a_file_is_its_own() {
    // The problem lies behind the last byte, where the next file almost begins.
    let reports = lint(&unit(&[
        ("a.json", "{\"x\": [1,", true),
        ("b.json", "{\"y\": 1}", true),
    ]));
    let [first, second] = reports.as_slice() else {
        panic!("{reports:?}");
    };
    assert_eq!(rules(first), ["invalid-syntax"]);
    assert_eq!(first.findings[0].place.span.range(), 9..9);
    assert_eq!(rules(second), ["no-connection-found"]);
}

/// What is found in a document does not depend on what stands in the files beside it.
#[test]
fn a_file_among_others_is_judged_as_if_it_were_alone() {
    let outline = |report: &FileReport| -> Vec<String> {
        (report.findings.iter())
            .map(|finding| {
                let labels: Vec<_> = (finding.labels.iter())
                    .map(|label| (label.place.span, &label.text))
                    .collect();
                format!(
                    "{} {:?} {} {} {labels:?}",
                    finding.rule.name, finding.place.span, finding.message, finding.path
                )
            })
            .collect()
    };
    let mut count = 0;
    // Where a file beside it is broken, nothing is known to be unused.
    let rules = check::rules().filter(|rule| rule.name != "unused-suppression");
    let examples = rules.flat_map(|rule| rule.page.examples());
    // A module is one document: what stands in its other files does matter.
    for example in examples.filter(|example| example.language != "hcl") {
        let name = format!("m.{}", example.language);
        let options = Options {
            least: Severity::Info,
            ..Options::default()
        };
        let source = Source::decode(name.clone(), example.text.as_bytes().to_vec()).unwrap();
        let alone = lint_alone(source, &options);
        let unit = unit(&[
            ("a.yaml", "# é: password: x\na: &x [1, 2]\nb: \"\\\n", false),
            ("b.json", "[\"\\u00e9\"]", true),
            (&name, example.text, true),
            ("n.yaml", "c: *x", false),
        ]);
        let reports = lint_unit(&unit, &options);
        let among = reports.iter().find(|report| report.name() == name).unwrap();
        assert_eq!(outline(among), outline(&alone), "{}", example.text);
        assert_eq!(among.connections, alone.connections);
        assert_eq!(
            among.document.text, alone.document.text,
            "it is masked alike"
        );
        count += among.findings.len();
    }
    assert!(count > 200, "{count}");
}

#[test]
fn every_renderer_shows_a_unit() {
    let properties = secret(
        "  JDBC_CONNECTION_URL: jdbc:x\n  SECRET_ID: arn:aws:secretsmanager:us-east-1:012345678901:secret:orders-a1b2c3\n",
    );
    let mut report = Report::default();
    for file in lint(&unit(&[
        ("b.yaml", MANIFEST, true),
        ("a.yaml", &properties, false),
    ])) {
        report.add(file);
    }
    report.sort();
    assert_eq!((report.looked_at, report.files.len()), (2, 1));
    for renderer in RENDERERS {
        let mut out = Vec::new();
        (renderer.render)(&report, &Style::default(), &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(
            text.contains("mixed-regions") && text.contains("a.yaml"),
            "{text}"
        );
        // Where labels are shown, so are the files that they lie in.
        let has_labels =
            ["full", "json", "jsonl", "sarif", "rdjson", "html"].contains(&renderer.name);
        assert_eq!(text.contains("b.yaml"), has_labels, "{text}");
    }
}
