//! Documents of a size that nobody writes: work that grows faster than they do would take minutes here.

mod linted;

use std::fmt::Write as _;

use gluelint::lint::FileReport;
use gluelint::spec::Severity;

fn lint(name: &str, text: &str) -> FileReport {
    linted::lint(name, text, Severity::Warning)
}

/// How often a rule finds something.
fn count(report: &FileReport, rule: &str) -> usize {
    let found = report.findings.iter();
    found.filter(|finding| finding.rule.name == rule).count()
}

fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect()
}

#[test]
fn many_parameters_that_are_all_used() {
    let text = format!(
        "Parameters:\n{}Resources:\n  A:\n    Type: AWS::Glue::Connection\n    Properties:\n      \
         CatalogId: !Ref AWS::AccountId\n      ConnectionInput:\n        Name: a\n        \
         ConnectionType: NETWORK\n        MatchCriteria:\n{}",
        lines(40_000, |n| format!(
            "  P{n}: {{ Type: String, Default: x{n} }}\n"
        )),
        lines(40_000, |n| format!("          - !Ref P{n}\n")),
    );
    let report = lint("t.yaml", &text);
    assert_eq!(count(&report, "too-many-entries"), 1);
}

#[test]
fn many_security_groups_that_are_handed_out() {
    let text = format!(
        "{}output \"groups\" {{\n  value = [\n{}  ]\n}}\nresource \"aws_glue_connection\" \"a\" {{\n  \
         name = \"a\"\n  connection_type = \"NETWORK\"\n  physical_connection_requirements {{\n    \
         security_group_id_list = [aws_security_group.a1.id, aws_security_group.b.id]\n    subnet_id = \
         \"subnet-0a1b2c3d4e5f60718\"\n    availability_zone = \"eu-west-1a\"\n  }}\n}}\nresource \
         \"aws_security_group\" \"b\" {{\n}}\n",
        lines(30_000, |n| format!(
            "resource \"aws_security_group\" \"a{n}\" {{\n}}\n"
        )),
        lines(30_000, |n| format!("    aws_security_group.a{n}.id,\n")),
    );
    let report = lint("main.tf", &text);
    assert_eq!(report.connections, 1);
}

#[test]
fn many_findings_that_are_allowed_one_by_one() {
    let mut text =
        "Name: a\nConnectionType: NETWORK\nConnectionProperties: {}\nMatchCriteria:\n".to_owned();
    for _ in 0..20_000 {
        let _ = writeln!(text, "  - a # gluelint: allow(duplicate-entry)");
    }
    let report = lint("a.yaml", &text);
    assert_eq!(count(&report, "duplicate-entry"), 0);
    assert_eq!(report.allowed.len(), 19_999);
    assert_eq!(count(&report, "unused-suppression"), 1);
}
