//! `--add-allow`: suppressions for everything that is reported.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::{Drafts, Lint, Outcome, Refusal, stdin_name};
use crate::allow::{Additions, Permission, Wording, additions};
use crate::cli::Failure;
use crate::cli::args::CheckArguments;
use crate::cli::files::{Files, display_name};
use crate::cli::settings::Configurations;
use crate::cli::terminal::remark;
use crate::config;
use crate::diag::{Finding, count};
use crate::fix::Masked;
use crate::lint::{FileReport, Report};
use crate::report::plain;
use crate::text::{Edits, Source};

/// What a finding says, wherever it stands.
type Said = (&'static str, String, String, String);

fn said(finding: &Finding) -> Said {
    (
        finding.rule.name,
        finding.path.clone(),
        finding.connection.clone(),
        finding.message.clone(),
    )
}

/// Lints, and adds a suppression for each finding, where one can be written: into the document, or else
/// into the configuration that it has.
pub(super) fn run(
    arguments: &CheckArguments,
    mut files: Files,
    lint: Lint<'_>,
    configurations: &Configurations<'_>,
) -> Result<Outcome, Failure> {
    if stdin_name(arguments)?.is_some() {
        let message = "suppressions cannot be added to standard input: name the file";
        return Err(Failure::Usage(message.to_owned()));
    }
    let wording = wording(arguments)?;
    let report = lint(&files)?;
    let mut drafts = Drafts {
        purpose: "changed",
        ..Drafts::new(None, true)
    };
    // What is found in a file when all is done.
    let mut left: BTreeMap<&str, Vec<Said>> = BTreeMap::new();
    let mut plans: BTreeMap<PathBuf, Plan> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    let mut refused: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for file in &report.files {
        let findings = |indices: &[usize]| -> Vec<&Finding> {
            let findings = indices.iter();
            findings
                .filter_map(|index| file.findings.get(*index))
                .collect()
        };
        let additions = match drafts.allow(file, wording, &mut files, &mut seen) {
            Ok(additions) => additions,
            Err(refusal) => {
                drafts.refuse(file.name(), &refusal);
                continue;
            }
        };
        let expected = left.entry(file.name()).or_default();
        expected.extend(findings(&additions.refused).into_iter().map(said));
        let why = if file.unreadable { NOT_READ } else { NEVER };
        if !additions.refused.is_empty() {
            refused.insert((file.name(), why.to_owned()), additions.refused.len());
        }
        let elsewhere = findings(&additions.elsewhere);
        if elsewhere.is_empty() {
            continue;
        }
        let permissions = elsewhere.iter().map(|it| wording.permission(it)).collect();
        let planned = Plan::for_file(file.name(), configurations, arguments).and_then(|found| {
            let plan = plans.entry(found.configuration.path.clone());
            let plan = plan.or_insert_with(|| Plan::new(&found.configuration));
            plan.add(file.name(), &found.pattern, permissions, elsewhere.len())
        });
        if let Err(why) = planned {
            expected.extend(elsewhere.iter().copied().map(said));
            refused.insert((file.name(), why), elsewhere.len());
        }
    }
    let mut configured: BTreeMap<String, PathBuf> = BTreeMap::new();
    for plan in plans.into_values() {
        match drafts.configure(&plan, &mut files) {
            Ok(path) => {
                let names = plan.files.into_iter();
                configured.extend(names.map(|name| (name, path.clone())));
            }
            Err(refusal) => drafts.refuse(&plan.file.source.name, &refusal),
        }
    }
    let after = lint(&files)?;
    drafts.keep_wanted(left, &after, &configured, &mut files);
    drafts.write();
    for ((name, why), number) in refused {
        let name = plain(name);
        let findings = count(number, "finding");
        remark!("note: {name}: {findings} cannot be allowed there: {why}");
    }
    // What was not written is as it was.
    drafts.drafts.keys().for_each(|path| files.discard(path));
    let report = lint(&files)?;
    Ok(Outcome {
        failed: !drafts.refused.is_empty(),
        differs: false,
        summary: Some(summary(&drafts)),
        report,
    })
}

/// What a configuration is going to say.
struct Plan {
    file: config::File,
    /// Its text then.
    text: String,
    /// The files in which it allows something more.
    files: Vec<String>,
    /// How many findings it allows more.
    count: usize,
}

/// Where a file's findings can be allowed.
struct Home {
    configuration: config::File,
    pattern: String,
}

impl Plan {
    fn new(file: &config::File) -> Plan {
        Plan {
            file: file.clone(),
            text: file.source.text.clone(),
            files: Vec::new(),
            count: 0,
        }
    }

    /// The configuration of a file, and how the file is called in it.
    fn for_file(
        name: &str,
        configurations: &Configurations<'_>,
        arguments: &CheckArguments,
    ) -> Result<Home, String> {
        if arguments.settings.no_config {
            return Err(format!("{ONLY_CONFIGURATION}, and none is to be used"));
        }
        let path = Path::new(name);
        let known = configurations.of_file(path);
        let Some(file) = known.as_deref().and_then(|it| it.configuration.file()) else {
            return Err(format!(
                "{ONLY_CONFIGURATION}, and there is none: `gluelint init` writes one"
            ));
        };
        let path = configurations.absolute(path);
        let Ok(below) = path.strip_prefix(&file.folder) else {
            return Err(format!(
                "{ONLY_CONFIGURATION}, but the file does not lie in its folder"
            ));
        };
        Ok(Home {
            configuration: file.clone(),
            pattern: config::literal(&display_name(below)),
        })
    }

    fn add(
        &mut self,
        name: &str,
        pattern: &str,
        permissions: Vec<Permission>,
        count: usize,
    ) -> Result<(), String> {
        let mut unique: Vec<Permission> = Vec::new();
        for permission in permissions {
            if !unique.contains(&permission) {
                unique.push(permission);
            }
        }
        let mut edits = Edits::default();
        let text = (config::allowing(&self.text, pattern, &unique))
            .filter(|written| edits.add(written))
            .map(|_| edits.apply(&self.text))
            .filter(|text| {
                let source = Source::new(self.file.source.name.as_str(), text.as_str());
                config::Alone::read(&source).findings.is_empty()
            });
        let Some(text) = text else {
            return Err(format!(
                "{ONLY_CONFIGURATION}, and `allow` cannot be added to {} as that is written",
                plain(&self.file.source.name)
            ));
        };
        self.text = text;
        self.files.push(name.to_owned());
        self.count += count;
        Ok(())
    }
}

fn wording(arguments: &CheckArguments) -> Result<Wording<'_>, Failure> {
    let reason = arguments
        .allowing
        .reason
        .as_deref()
        .unwrap_or_default()
        .trim();
    if reason.contains(char::is_control) {
        let message = "a reason is one line without control characters";
        return Err(Failure::Usage(message.to_owned()));
    }
    Ok(Wording {
        reason,
        until: arguments.allowing.until,
    })
}

fn summary(drafts: &Drafts<'_>) -> String {
    let added: usize = drafts.drafts.values().map(|draft| draft.mended).sum();
    let files = drafts.drafts.values().filter(|it| it.mended > 0).count();
    if added == 0 {
        return "Allowed nothing".to_owned();
    }
    format!(
        "Allowed {} in {}",
        count(added, "finding"),
        count(files, "file")
    )
}

impl Drafts<'_> {
    /// Adds suppressions to a draft of a file, once however often it was named.
    fn allow(
        &mut self,
        file: &FileReport,
        wording: Wording<'_>,
        files: &mut Files,
        seen: &mut BTreeSet<PathBuf>,
    ) -> Result<Additions, Refusal> {
        if file.unreadable || file.findings.is_empty() {
            return Ok(Additions {
                refused: (0..file.findings.len()).collect(),
                ..Additions::default()
            });
        }
        let path = self.open(file, files)?;
        let Some(draft) = self.drafts.get(&path).filter(|_| seen.insert(path.clone())) else {
            return Ok(Additions::default());
        };
        let source = Source::new(file.name(), draft.before.text());
        let additions = additions(&source, &file.findings, wording);
        let mut wanted = file.clone();
        wanted
            .findings
            .iter_mut()
            .for_each(|finding| finding.fixes.clear());
        for (index, fix) in &additions.fixes {
            if let Some(finding) = wanted.findings.get_mut(*index) {
                finding.fixes.push(fix.clone());
            }
        }
        if additions.fixes.is_empty() {
            return Ok(additions);
        }
        self.mend(&path, &wanted, files);
        if let Some(draft) = self.drafts.get_mut(&path) {
            draft.mended = additions.allowed.len();
        }
        Ok(additions)
    }

    /// Gives up drafts after which a file has something else to say than is to be left: what is written
    /// has to be what was wanted, and nothing else.
    fn keep_wanted(
        &mut self,
        left: BTreeMap<&str, Vec<Said>>,
        after: &Report,
        configured: &BTreeMap<String, PathBuf>,
        files: &mut Files,
    ) {
        let mut found: BTreeMap<&str, Vec<Said>> = BTreeMap::new();
        for file in &after.files {
            let found = found.entry(file.name()).or_default();
            found.extend(file.findings.iter().map(said));
        }
        let mut unlike = BTreeSet::new();
        for (name, mut expected) in left {
            let mut found = found.remove(name).unwrap_or_default();
            found.sort();
            expected.sort();
            if found != expected {
                unlike.insert(name);
            }
        }
        let homes: BTreeSet<&PathBuf> = (unlike.iter())
            .filter_map(|name| configured.get(*name))
            .collect();
        let mut refused = Vec::new();
        for (path, draft) in &mut self.drafts {
            let is_unlike = unlike.contains(draft.name.as_str()) || homes.contains(path);
            if !is_unlike || draft.mended == 0 {
                continue;
            }
            draft.after = draft.before.clone();
            draft.mended = 0;
            files.discard(path);
            refused.push(draft.name.clone());
        }
        for name in refused {
            self.refuse(&name, &Refusal::Unlike);
        }
    }

    /// Makes a draft of a configuration, and says what tells it from other files.
    fn configure(&mut self, plan: &Plan, files: &mut Files) -> Result<PathBuf, Refusal> {
        let shown = |source: &Source| FileReport::on_configuration(source, Vec::new());
        let path = self.open(&shown(&plan.file.source), files)?;
        let name = plan.file.source.name.as_str();
        let seen = shown(&Source::new(name, plan.text.as_str()));
        let draft = self.drafts.get_mut(&path).ok_or(Refusal::Changed)?;
        if draft.before.text() != plan.file.source.text {
            return Err(Refusal::Changed);
        }
        let after = Masked::new(plan.text.clone(), &seen.document.text);
        draft.after = after.ok_or(Refusal::Changed)?;
        draft.mended = plan.count;
        files.draft(path.clone(), draft.bytes());
        Ok(path)
    }
}

const NEVER: &str = "nothing can allow it";
const NOT_READ: &str = "not all of the file could be read";
const ONLY_CONFIGURATION: &str = "only a configuration can allow it";
