//! Fixes: on every bad example of every page, and in the styles in which people write.

use std::collections::BTreeMap;

use gluelint::check;
use gluelint::diag::{Finding, Fix, Safety};
use gluelint::fix::{Fixed, fix, fix_once};
use gluelint::lint::{FileReport, Options, lint};
use gluelint::spec::{Example, Rule, Severity};
use gluelint::text::Source;

const OPTIONS: Options = Options {
    least: Severity::Info,
    named: false,
    form: None,
};

/// An example without its marks.
fn document(example: &Example) -> String {
    let is_mark = |line: &&str| line.trim_start_matches([' ', '#', '\t']).starts_with('^');
    (example.text.split_inclusive('\n'))
        .filter(|line| !is_mark(line))
        .collect()
}

fn source(language: &str, text: &str) -> Source {
    Source::new(format!("example.{language}"), text)
}

fn safe(_: &Finding, fix: &Fix) -> bool {
    fix.safety == Safety::Safe
}

fn any(_: &Finding, _: &Fix) -> bool {
    true
}

/// The fixes that a page shows: all safe ones, and its rule's own in any case.
fn shown_on(rule: &'static Rule) -> impl Fn(&Finding, &Fix) -> bool {
    move |finding, fix| fix.safety == Safety::Safe || std::ptr::eq(finding.rule, rule)
}

fn has_fixes(report: &FileReport, rule: &Rule) -> bool {
    (report.findings.iter()).any(|it| std::ptr::eq(it.rule, rule) && !it.fixes.is_empty())
}

/// How many errors and warnings of each rule there are.
fn weighty(report: &FileReport) -> BTreeMap<&'static str, usize> {
    let mut count = BTreeMap::new();
    for finding in &report.findings {
        if finding.severity >= Severity::Warning {
            *count.entry(finding.rule.name).or_default() += 1;
        }
    }
    count
}

#[test]
fn pages_show_what_fixes_make_of_their_bad_examples() {
    let is_update = std::env::var_os("UPDATE").is_some();
    let mut failures = Vec::new();
    for rule in check::rules() {
        let wanted = shown_on(rule);
        let examples = rule.page.examples();
        let mut page = rule.page.0.to_owned();
        let mut is_shown = false;
        let mut first_fixable = None;
        for (index, example) in examples.iter().enumerate() {
            if example.role != "bad" {
                continue;
            }
            let source = source(example.language, &document(example));
            let before = lint(source.clone(), &OPTIONS);
            let fixed = fix(source, &OPTIONS, &wanted);
            if has_fixes(&before, rule) && first_fixable.is_none() {
                first_fixable = Some((example, fixed.source.text.clone()));
            }
            let Some(shown) = examples.get(index + 1).filter(|it| it.role == "fixed") else {
                continue;
            };
            is_shown = true;
            if shown.language != example.language || document(shown) != fixed.source.text {
                failures.push(format!("{}:{}", rule.name, shown.first_line));
                page = page.replace(shown.text, &fixed.source.text);
            }
        }
        if let Some((example, text)) = first_fixable.filter(|_| !is_shown) {
            failures.push(format!("{} shows no fix", rule.name));
            let fence = format!("{}```\n", example.text);
            let language = example.language;
            let more = format!("{fence}\n```{language} fixed\n{text}```\n");
            page = page.replacen(&fence, &more, 1);
        }
        if is_update && page != rule.page.0 {
            let path = format!("{}/rules/{}.md", env!("CARGO_MANIFEST_DIR"), rule.name);
            std::fs::write(path, page).unwrap();
        }
    }
    assert!(failures.is_empty(), "UPDATE=1 writes them: {failures:#?}");
}

/// What a mended mistake had hidden: the page, and the rule that then has something to say.
const UNVEILED: &[(&str, &str)] = &[
    ("misspelled-property", "password-beside-secret"),
    ("password-lost-in-copy", "incomplete-credentials"),
    ("unknown-grant-type", "incomplete-grant"),
];

/// What is wrong with the fixes of a document; nothing is.
fn faults(page: &str, before: &Source, wanted: &dyn Fn(&Finding, &Fix) -> bool) -> Vec<String> {
    let mut faults = Vec::new();
    let report = lint(before.clone(), &OPTIONS);
    for finding in &report.findings {
        for edit in finding.fixes.iter().flat_map(|fix| &fix.edits) {
            let own = edit.span.slice(&before.text);
            if own != edit.span.slice(&report.document.text) {
                faults.push(format!("{} touches a secret", finding.rule.name));
            }
        }
        if finding.fixes.iter().any(|fix| fix.edits.is_empty()) {
            faults.push(format!("{} has a fix that does nothing", finding.rule.name));
        }
    }
    let Fixed {
        source: after,
        report: left,
        count,
    } = fix(before.clone(), &OPTIONS, wanted);
    if count == 0 {
        assert_eq!(before.text, after.text);
        return faults;
    }
    if let (_, 1..) = fix_once(&after.text, &left, wanted) {
        faults.push("fixing does not come to an end".into());
    }
    if left.unreadable && !report.unreadable {
        faults.push("what was fixed cannot be read".into());
    }
    if left.connections != report.connections {
        faults.push("a connection came or went".into());
    }
    let had = weighty(&report);
    for (rule, number) in weighty(&left) {
        let is_new = number > had.get(rule).copied().unwrap_or_default();
        if is_new && !UNVEILED.contains(&(page, rule)) {
            faults.push(format!("{rule} is new"));
        }
    }
    // Line breaks and a byte order mark survive.
    let windows = |text: &str| text.replace('\n', "\r\n");
    let with_mark = Source::decode(
        before.name.clone(),
        [b"\xEF\xBB\xBF", windows(&before.text).as_bytes()].concat(),
    );
    let other = fix(with_mark.unwrap(), &OPTIONS, wanted);
    if other.source.text != windows(&after.text) {
        faults.push(format!("line breaks changed: {:?}", other.source.text));
    }
    if faults.is_empty() {
        return faults;
    }
    faults.push(after.text);
    faults
}

#[test]
fn fixes_of_bad_examples_come_to_an_end_and_do_no_harm() {
    let mut failures = Vec::new();
    let mut mended = 0;
    for rule in check::rules() {
        for example in rule.page.examples() {
            let before = source(example.language, &document(&example));
            for (name, wanted) in [("safe", safe as fn(&_, &_) -> bool), ("any", any)] {
                mended += fix(before.clone(), &OPTIONS, &wanted).count;
                for fault in faults(rule.name, &before, &wanted) {
                    let line = example.first_line;
                    failures.push(format!("{}:{line} ({name}): {fault}", rule.name));
                }
            }
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
    assert!(mended > 100, "{mended} findings were mended");
}
