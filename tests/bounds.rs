//! What repeats itself beyond measure is not followed to its end, and that is said.

mod linted;

use gluelint::lint::FileReport;
use gluelint::spec::Severity;

fn lint(name: &str, text: &str) -> FileReport {
    linted::lint(name, text, Severity::Warning)
}

/// How many connections were found, and of how many it is said that they were not checked in full.
fn curtailed(report: &FileReport) -> (usize, usize) {
    let found = report.findings.iter();
    let said = found.filter(|finding| finding.rule.name == "too-much-to-follow");
    (report.connections, said.count())
}

/// Ten names, each of which stands for ten times the one before.
fn names(item: fn(&str) -> String, line: fn(&str, &str) -> String) -> String {
    let mut text = String::new();
    let mut before = "x".to_owned();
    for name in ["a", "b", "c", "d", "e", "f"] {
        text += &line(name, &vec![before; 10].join(", "));
        before = item(name);
    }
    text
}

#[test]
fn terraform() {
    let locals = names(
        |name| format!("local.{name}"),
        |name, items| format!("  {name} = [{}]\n", items.replace('x', "\"x\"")),
    );
    let text = format!(
        "locals {{\n{locals}}}\nresource \"aws_glue_connection\" \"a\" {{\n  name = \"a\"\n  \
         match_criteria = local.f\n  connection_properties = {{}}\n}}\n"
    );
    assert_eq!(curtailed(&lint("main.tf", &text)), (1, 1));
}

#[test]
fn instances_of_terraform() {
    let text = |count: usize| {
        format!(
            "resource \"aws_glue_connection\" \"a\" {{\n  count = {count}\n  name = \
             \"a${{count.index}}\"\n  connection_properties = {{\n    PORT = \"80\"\n  }}\n}}\n"
        )
    };
    assert_eq!(curtailed(&lint("main.tf", &text(100))), (100, 0));
    assert_eq!(curtailed(&lint("main.tf", &text(10_001))), (10_000, 1));
}

#[test]
fn pulumi() {
    let variables = names(
        |name| format!("\"${{{name}}}\""),
        |name, items| format!("  {name}: [{items}]\n"),
    );
    let text = format!(
        "name: p\nruntime: yaml\nvariables:\n{variables}resources:\n  a:\n    type: \
         aws:glue:Connection\n    properties:\n      matchCriterias: ${{f}}\n"
    );
    assert_eq!(curtailed(&lint("Pulumi.yaml", &text)), (1, 1));
}

#[test]
fn ansible() {
    let variables = names(
        |name| format!("\"{{{{ {name} }}}}\""),
        |name, items| format!("    {name}: [{items}]\n"),
    );
    let text = format!(
        "- hosts: all\n  vars:\n{variables}  tasks:\n  - community.aws.glue_connection:\n      \
         name: a\n      match_criteria: \"{{{{ f }}}}\"\n      connection_properties: {{}}\n"
    );
    assert_eq!(curtailed(&lint("site.yml", &text)), (1, 1));
}

#[test]
fn tasks_of_ansible_that_repeat_themselves() {
    let items = vec!["x"; 101].join(", ");
    let task = "  - community.aws.glue_connection:\n      name: \"{{ item }}\"\n      \
                connection_properties: {}\n    loop: \"{{ names }}\"\n";
    let text = format!(
        "- hosts: all\n  vars:\n    names: [{items}]\n  tasks:\n{}",
        task.repeat(100)
    );
    // The last task runs 101 times, and the first 99 leave one for it.
    let (connections, said) = curtailed(&lint("site.yml", &text));
    assert_eq!((connections, said), (10_000, 1));
}

#[test]
fn cloudformation() {
    let text = format!(
        "Parameters:\n  P:\n    Type: String\n    Default: {}\nResources:\n  A:\n    Type: \
         AWS::Glue::Connection\n    Properties:\n      CatalogId: !Ref AWS::AccountId\n      \
         ConnectionInput:\n        Name: a\n        ConnectionType: NETWORK\n        Description: \
         !Sub \"{}\"\n  B:\n    Type: AWS::Glue::Connection\n    Properties: {{}}\n",
        "x".repeat(2_000),
        "${P}".repeat(300),
    );
    // What comes behind was not read at all, and is counted all the same.
    assert_eq!(curtailed(&lint("t.yaml", &text)), (2, 2));
}
