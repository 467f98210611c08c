//! `gluelint init`: a configuration to start from, after a look at what is here.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::Path;

use clap::Parser;

use super::args::{Arguments, Command, InitArguments};
use super::files::{Files, describe};
use super::settings::Configurations;
use super::{CLEAN, Failure, atomic, walk};
use crate::config::{KEYS, NAMES};
use crate::diag::count;
use crate::lint::Report;
use crate::spec::Rule;

/// Comments are no wider than this.
const WIDTH: usize = 90;

/// What each setting may look like.
const SAMPLES: &[(&str, &str)] = &[
    ("extends", "extends: ../gluelint.yaml"),
    ("severity", "severity: warning"),
    ("fail-on", "fail-on: error"),
    ("include", "include: [\"*.json\", infra/]"),
    ("exclude", "exclude: [vendor/, \"**/testdata/\"]"),
    ("form", "form: cloudformation"),
    (
        "allow",
        "allow:\n  - rule: tls-not-enforced\n    connection: orders\n    until: 2027-01-31\n    reason: \
         never leaves the subnet",
    ),
    ("reasons", "reasons: required"),
    ("types", "types: [REDIS]"),
    ("properties", "properties: [CONNECT_TIMEOUT]"),
    (
        "overrides",
        "overrides:\n  - paths: [legacy/]\n    rules: {plaintext-password: warning}",
    ),
    (
        "policy",
        "policy:\n  - name: acme/jdbc-without-secret\n    message: JDBC connections log in with a \
         secret of AWS Secrets Manager\n    help: Create a secret with `make secret` and name it in \
         `SECRET_ID`.\n    types: [JDBC]\n    require: [SECRET_ID]\n    forbid: [USERNAME, PASSWORD]\n    \
         secret-prefixes: [prod/, test/]",
    ),
];

/// Writes the configuration.
pub(super) fn init(arguments: &InitArguments) -> Result<u8, Failure> {
    let there = NAMES.into_iter().find(|name| Path::new(name).exists());
    if let Some(name) = there.filter(|_| !arguments.force) {
        return Err(Failure::Usage(format!(
            "there is a {name} already; `gluelint init --force` replaces it"
        )));
    }
    let [usual, ..] = NAMES;
    let name = there.unwrap_or(usual);
    let report = look()?;
    atomic::write(Path::new(name), starter(&report).as_bytes())
        .map_err(|error| Failure::Usage(format!("{name}: {}", describe(&error))))?;
    let mut text = format!("Wrote {name}.\n");
    for line in found(&report) {
        let _ = writeln!(text, "{line}");
    }
    io::stdout().lock().write_all(text.as_bytes())?;
    Ok(CLEAN)
}

/// What `gluelint check` says of everything here, whatever a configuration says.
fn look() -> Result<Report, Failure> {
    let words = ["gluelint", "check", "--no-config", "--severity", "info"];
    let Command::Check(arguments) = Arguments::parse_from(words).command else {
        return Ok(Report::default());
    };
    let files = Files::default();
    let configurations = Configurations::new(&arguments.settings, &files)?;
    walk::lint_all(&arguments, &configurations, &files)
}

/// What is here, in lines.
fn found(report: &Report) -> Vec<String> {
    if report.connections == 0 {
        return vec!["No connection was found here.".to_owned()];
    }
    let mut lines = vec![format!(
        "{} found in {}:",
        count(report.connections, "connection"),
        count(report.with_connections, "file"),
    )];
    let width = report.forms.keys().map(|form| form.len()).max();
    let forms = report.forms.iter();
    lines.extend(forms.map(|(form, files)| {
        format!(
            "  {form:0$}  {1}",
            width.unwrap_or(0),
            count(*files, "file")
        )
    }));
    lines
}

/// A configuration in which everything is explained and nothing is set.
fn starter(report: &Report) -> String {
    let mut text = String::from(
        "# The configuration of gluelint. Take the # away from what you want to set.\n#\n\
         # `gluelint config show` prints what holds and why, `gluelint explain NAME` explains a \
         rule.\n#\n",
    );
    for line in found(report) {
        let _ = writeln!(text, "# {line}");
    }
    for key in KEYS {
        text.push('\n');
        for line in wrapped(key.about) {
            let _ = writeln!(text, "# {line}");
        }
        if key.name == "rules" {
            text.push_str(&rules(report));
        }
        let sample = SAMPLES.iter().find(|(name, _)| *name == key.name);
        for line in sample.iter().flat_map(|(_, sample)| sample.lines()) {
            let _ = writeln!(text, "#{line}");
        }
    }
    text
}

/// The rules that found something here, each with its own level.
fn rules(report: &Report) -> String {
    let mut found: BTreeMap<&str, (&Rule, usize)> = BTreeMap::new();
    for (_, finding) in report.findings() {
        found
            .entry(finding.rule.name)
            .or_insert((finding.rule, 0))
            .1 += 1;
    }
    found.retain(|name, _| !crate::check::is_always_said(name));
    if found.is_empty() {
        return "#rules:\n#  tls-not-enforced: warning\n".to_owned();
    }
    let width = found.keys().map(|name| name.len()).max().unwrap_or(0);
    let mut text = String::from(
        "# Those listed here have findings today, with the level that they have.\n#rules:\n",
    );
    for (name, (rule, number)) in found {
        let set = format!("{name}: {}", rule.severity);
        let width = width + "warning".len() + 2;
        let _ = writeln!(text, "#  {set:width$}  # {}", count(number, "finding"));
    }
    text
}

/// A text in lines.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.is_empty() || line.len() + 1 + word.len() <= WIDTH => {
                if !line.is_empty() {
                    line.push(' ');
                }
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config;
    use crate::text::Source;

    #[test]
    fn every_setting_is_shown_and_every_sample_can_be_used() {
        let text = starter(&Report::default());
        let live: String = (text.lines())
            .filter(|line| !line.starts_with("# "))
            .map(|line| line.strip_prefix('#').unwrap_or(line).to_owned() + "\n")
            .collect();
        for key in KEYS {
            assert!(
                live.contains(&format!("\n{}:", key.name)),
                "{}:\n{live}",
                key.name
            );
        }
        // What it extends is not there.
        let live = live.replace("extends: ../gluelint.yaml", "");
        for text in [text, live] {
            let findings =
                config::Alone::read(&Source::new("gluelint.yaml", text.as_str())).findings;
            assert!(findings.is_empty(), "{text}\n{findings:#?}");
        }
    }
}
