//! `gluelint config`: what holds for a file and why, and whether a policy does what it should.

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::sync::Arc;

use serde::Serialize;

use super::args::{
    Color, ConfigCommand, PlainFormat, SettingsArguments, ShowArguments, TestArguments,
};
use super::files::{Files, display_name};
use super::settings::{Configurations, Known, Settled};
use super::{CLEAN, FOUND, Failure, USAGE, terminal, to_json, walk};
use crate::check;
use crate::config::{Example, Level, Origin, Setting};
use crate::diag::count;
use crate::lint::{FileReport, Options, Report, lint};
use crate::report::{RENDERERS, plain};
use crate::spec::{Overlay, Rule, Severity};
use crate::text::Source;

/// Runs one of the commands about configurations.
pub(super) fn config(command: &ConfigCommand) -> Result<u8, Failure> {
    match command {
        ConfigCommand::Show(arguments) => show(arguments),
        ConfigCommand::Test(arguments) => test(arguments),
    }
}

/// Prints what is wrong with configurations.
pub(super) fn refuse(
    report: &Report,
    color: Color,
    out: &mut (impl Write + IsTerminal),
) -> Result<u8, Failure> {
    let style = terminal::style(color, out);
    if let Some(renderer) = RENDERERS.first() {
        (renderer.render)(report, &style, out)?;
    }
    Ok(USAGE)
}

/// The same for those that were asked, if they cannot be used.
fn refuse_unusable(configurations: &Configurations<'_>) -> Result<Option<u8>, Failure> {
    let report = configurations.finish(Report::default());
    let is_usable = report.unusable == 0;
    (!is_usable)
        .then(|| refuse(&report, Color::Auto, &mut io::stdout().lock()))
        .transpose()
}

// ---- config show -----------------------------------------------------------------------------

/// What holds for a file, in JSON.
#[derive(Serialize)]
struct Shown {
    schema_version: u32,
    /// `null` where no file was named.
    file: Option<String>,
    /// The files that were read, the one that extends the others last.
    configurations: Vec<String>,
    /// Whether the file is left out.
    excluded: bool,
    settings: Vec<Row>,
}

/// Where a setting comes from that nobody has set.
const DEFAULT: &str = "default";

/// What the names of the levels of rules begin with.
const LEVEL: &str = "rules.";

/// A setting.
#[derive(Serialize)]
struct Row {
    name: String,
    /// `null` where nothing is set.
    value: Option<String>,
    /// `default`, `command line` or `configuration`.
    from: &'static str,
    /// The configuration and the line in it.
    file: Option<String>,
    line: Option<u32>,
}

impl Row {
    fn default(name: impl Into<String>, value: Option<String>) -> Row {
        Row {
            name: name.into(),
            value,
            from: DEFAULT,
            file: None,
            line: None,
        }
    }

    fn command_line(name: &str, value: String) -> Row {
        Row {
            from: "command line",
            ..Row::default(name, Some(value))
        }
    }

    fn configured(name: impl Into<String>, value: &str, origin: &Origin) -> Row {
        Row {
            from: "configuration",
            file: Some(origin.file.to_string()),
            line: Some(origin.line),
            ..Row::default(name, Some(value.to_owned()))
        }
    }

    /// A setting for which the command line comes first, then the configuration.
    fn first<T>(
        name: &str,
        given: Option<String>,
        set: Option<&Setting<T>>,
        word: impl Fn(&T) -> &'static str,
        default: Option<&str>,
    ) -> Row {
        match (given, set) {
            (Some(value), _) => Row::command_line(name, value),
            (None, Some(set)) => Row::configured(name, word(&set.value), &set.origin),
            (None, None) => Row::default(name, default.map(str::to_owned)),
        }
    }

    fn origin(&self) -> String {
        match (&self.file, self.line) {
            (Some(file), Some(line)) => format!("{file}:{line}"),
            _ => self.from.to_owned(),
        }
    }
}

fn show(arguments: &ShowArguments) -> Result<u8, Failure> {
    let files = Files::default();
    let configurations = Configurations::new(&arguments.settings, &files)?;
    // Without a file, what holds for those in this folder that no override fits.
    let path = arguments.file.as_deref();
    let known = configurations.of_file(path.unwrap_or(Path::new("")));
    let settled = configurations.of(known.as_deref(), path);
    let excluded = path.is_some_and(|path| configurations.scout().excludes(path));
    let rows = rows(&arguments.settings, known.as_deref(), &settled);
    if let Some(code) = refuse_unusable(&configurations)? {
        return Ok(code);
    }
    let shown = Shown {
        schema_version: 1,
        file: path.map(display_name),
        configurations: known.map_or_else(Vec::new, |known| {
            known.configuration.files().map(str::to_owned).collect()
        }),
        excluded,
        settings: rows,
    };
    let text = match arguments.format {
        PlainFormat::Json => to_json(&shown)?,
        PlainFormat::Text => lines(&shown, arguments.all),
    };
    io::stdout().lock().write_all(text.as_bytes())?;
    Ok(CLEAN)
}

fn rows(arguments: &SettingsArguments, known: Option<&Known>, settled: &Settled) -> Vec<Row> {
    let settings = &settled.settings;
    let severity = |severity: &Severity| severity.name();
    let fail_on = |severity: &Option<Severity>| severity.map_or("never", Severity::name);
    let default = Options::DEFAULT;
    let mut rows = vec![
        Row::first(
            "severity",
            (arguments.severity).map(|it| Severity::from(it).name().to_owned()),
            settings.severity.as_ref(),
            severity,
            Some(default.least.name()),
        ),
        Row::first(
            "fail-on",
            (arguments.fail_on).map(|it| fail_on(&it.severity()).to_owned()),
            settings.fail_on.as_ref(),
            fail_on,
            Some(fail_on(&default.fail_on)),
        ),
        Row::first(
            "form",
            arguments.form.clone(),
            settings.form.as_ref(),
            |form| form.name,
            None,
        ),
    ];
    let reasons = |required: &bool| if *required { "required" } else { "optional" };
    let set = settings.reasons.as_ref();
    let default = Some(reasons(&false));
    rows.push(Row::first("reasons", None, set, reasons, default));
    let configuration = known.map(|known| &known.configuration);
    let listed = |rows: &mut Vec<Row>, name: &str, list: Vec<&Setting<String>>| {
        if list.is_empty() {
            rows.push(Row::default(name, None));
        }
        let configured = |it: &&Setting<String>| Row::configured(name, &it.value, &it.origin);
        rows.extend(list.iter().map(configured));
    };
    match configuration.and_then(|it| it.included()) {
        Some(patterns) => listed(&mut rows, "include", patterns.written.iter().collect()),
        None => rows.push(Row::default("include", Some(walk::usual_files()))),
    }
    let all = configuration.into_iter();
    let excluded = (all.clone().flat_map(|it| it.excluded())).flat_map(|it| &it.written);
    listed(&mut rows, "exclude", excluded.collect());
    listed(
        &mut rows,
        "types",
        all.clone().flat_map(|it| it.types()).collect(),
    );
    let properties = all.clone().flat_map(|it| it.properties());
    listed(&mut rows, "properties", properties.collect());
    if settings.allow.is_empty() {
        rows.push(Row::default("allow", None));
    }
    rows.extend((settings.allow.iter()).map(|it| {
        let value = it.value.to_string();
        Row::configured("allow", &value, &it.origin)
    }));
    let policies = all.flat_map(|it| it.policies()).map(|it| it.policy.rule);
    for rule in check::rules().chain(policies) {
        let name = format!("{LEVEL}{}", rule.name);
        rows.push(match settings.levels.get(rule.name) {
            Some(set) => Row::configured(name, set.value.name(), &set.origin),
            None => Row::default(name, Some(rule.severity.name().to_owned())),
        });
    }
    rows
}

/// The settings for people. Of the levels of rules only those that were set, unless all are wanted:
/// the others are many, and the same everywhere.
fn lines(shown: &Shown, all: bool) -> String {
    let is_own = |row: &&Row| !all && row.from == DEFAULT && row.name.starts_with(LEVEL);
    let (own, mut rows): (Vec<&Row>, Vec<&Row>) = shown.settings.iter().partition(is_own);
    let others = count(own.len(), "rule");
    let rest = Row::default(
        format!("{LEVEL}*"),
        Some(format!("({others}, as they come)")),
    );
    if !own.is_empty() {
        rows.push(&rest);
    }
    let value = |row: &Row| match (&row.value, row.name.as_str()) {
        (Some(value), _) => plain(value).into_owned(),
        (None, "form") => "(recognized)".to_owned(),
        (None, _) => "(none)".to_owned(),
    };
    let mut text = String::new();
    let width = (rows.iter())
        .map(|row| row.name.len() + value(row).chars().count() + 3)
        .filter(|width| *width <= 60)
        .max()
        .unwrap_or(0);
    for row in rows {
        let set = format!("{} = {}", row.name, value(row));
        let _ = writeln!(text, "{set:width$}  {}", plain(&row.origin()));
    }
    if !own.is_empty() {
        text.push_str("\n--all lists the level of every rule.\n");
    }
    if let Some(file) = shown.file.as_deref().filter(|_| shown.excluded) {
        let _ = writeln!(text, "\n{} is excluded.", plain(file));
    }
    text
}

// ---- config test -----------------------------------------------------------------------------

fn test(arguments: &TestArguments) -> Result<u8, Failure> {
    let settings = SettingsArguments {
        config: arguments.config.clone(),
        ..SettingsArguments::default()
    };
    let files = Files::default();
    let configurations = Configurations::new(&settings, &files)?;
    let known = configurations.of_file(Path::new(""));
    if let Some(code) = refuse_unusable(&configurations)? {
        return Ok(code);
    }
    let Some(known) = known else {
        return Err(Failure::Usage(
            "there is no configuration here; `gluelint init` writes one".to_owned(),
        ));
    };
    let configuration = &known.configuration;
    let overlay = configuration.settings(&[]).overlay;
    let mut text = String::new();
    let (mut tried, mut failed, mut policies) = (0, 0, 0);
    for entry in configuration.policies() {
        policies += 1;
        let name = entry.policy.rule.name;
        let mut wrong: Vec<(&Example, String)> = (entry.examples.iter())
            .filter_map(|example| Some((example, fault(example, name, &overlay)?)))
            .collect();
        wrong.sort_by_key(|(example, _)| example.text.origin.line);
        tried += entry.examples.len();
        failed += wrong.len();
        match (entry.examples.len(), wrong.is_empty()) {
            (0, _) => {
                let _ = writeln!(text, "none    {name}");
            }
            (number, true) => {
                let _ = writeln!(text, "ok      {name} ({})", count(number, "example"));
            }
            (_, false) => {
                let _ = writeln!(text, "FAILED  {name}");
            }
        }
        for (example, what) in wrong {
            let origin = &example.text.origin;
            let _ = writeln!(
                text,
                "        {}:{}: {what}",
                plain(&origin.file),
                origin.line
            );
        }
    }
    let _ = writeln!(
        text,
        "{} tried on {}, {failed} failed",
        match policies {
            1 => "1 policy".to_owned(),
            number => format!("{number} policies"),
        },
        count(tried, "example"),
    );
    io::stdout().lock().write_all(text.as_bytes())?;
    Ok(if failed > 0 { FOUND } else { CLEAN })
}

/// What is wrong with an example of a policy, if anything is.
fn fault(example: &Example, policy: &str, overlay: &Overlay) -> Option<String> {
    let options = Options {
        least: Severity::Info,
        overlay,
        ..Options::DEFAULT
    };
    let read = |name: &str| lint(Source::new(name, example.text.value.as_str()), &options);
    // YAML is JSON too, but not Terraform's own language.
    let mut report = read("example.yaml");
    if report.connections == 0 {
        let module = read("example.tf");
        report = if module.connections > 0 {
            module
        } else {
            report
        };
    }
    if report.connections == 0 {
        let why = "no connection is recognized in this example";
        return Some(format!("{why}{}", first_problem(&report)));
    }
    let mut found = (report.findings.iter()).filter(|finding| finding.rule.name == policy);
    match (example.is_good, found.next()) {
        (true, Some(finding)) => {
            let position = (report.document.lines).index_of(finding.place.span.start);
            Some(format!(
                "this good example has a finding, in line {} of it",
                position + 1
            ))
        }
        (false, None) => Some("this bad example has no finding".to_owned()),
        _ => None,
    }
}

/// What keeps a document from being read.
fn first_problem(report: &FileReport) -> String {
    let mut problems = report.findings.iter();
    let problem = problems.find(|finding| check::is_always_said(finding.rule.name));
    problem.map_or_else(String::new, |problem| format!(": {}", problem.message))
}

/// The rules that the policy in the current folder brings, with their levels.
pub(super) struct Policies {
    known: Option<Arc<Known>>,
    /// Whether there may be others, in a configuration that cannot be used.
    pub(super) is_unusable: bool,
}

impl Policies {
    /// Those of the configuration that holds in the current folder.
    pub(super) fn here() -> Policies {
        let arguments = SettingsArguments::default();
        let files = Files::default();
        let Ok(configurations) = Configurations::new(&arguments, &files) else {
            return Policies {
                known: None,
                is_unusable: false,
            };
        };
        let known = configurations.of_file(Path::new(""));
        let is_unusable = configurations.finish(Report::default()).unusable > 0;
        Policies { known, is_unusable }
    }

    /// The rules, each with its level in the policy.
    pub(super) fn rules(&self) -> impl Iterator<Item = (&'static Rule, Level)> {
        let configuration = self.known.iter().map(|known| &known.configuration);
        let entries = configuration.flat_map(|it| it.policies());
        entries.map(|entry| (entry.policy.rule, entry.level.value))
    }
}
