//! `--add-allow`: suppressions for everything that is reported.

use std::collections::{BTreeMap, BTreeSet};

use super::{Drafts, Lint, Outcome, Refusal, stdin_name};
use crate::allow::{Additions, Wording, additions};
use crate::cli::Failure;
use crate::cli::args::CheckArguments;
use crate::cli::files::Files;
use crate::diag::{Finding, count};
use crate::lint::FileReport;
use crate::report::plain;
use crate::text::Source;

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

/// Lints, and adds a suppression for each finding, where one can be written.
pub(super) fn run(
    arguments: &CheckArguments,
    mut files: Files,
    lint: Lint<'_>,
) -> Result<Outcome, Failure> {
    if stdin_name(arguments)?.is_some() {
        let message = "suppressions cannot be added to standard input: name the file";
        return Err(Failure::Usage(message.to_owned()));
    }
    let wording = wording(arguments)?;
    let report = lint(&files)?;
    let mut drafts = Drafts::new(None, true);
    let mut left: BTreeMap<String, Vec<Said>> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    let mut added = 0;
    let mut refused: BTreeMap<(String, &'static str), usize> = BTreeMap::new();
    for file in &report.files {
        match drafts.allow(file, wording, &mut files, &mut seen) {
            Ok(additions) => {
                added += additions.allowed.len();
                let expected = left.entry(file.name().to_owned()).or_default();
                for (indices, why) in [(additions.refused, NEVER), (additions.elsewhere, NO_PLACE)]
                {
                    for index in indices {
                        *refused.entry((file.name().to_owned(), why)).or_default() += 1;
                        expected.extend(file.findings.get(index).map(said));
                    }
                }
            }
            Err(refusal) => drafts.refuse(file.name(), &refusal),
        }
    }
    // What is written has to be what was wanted, and nothing else.
    let after = lint(&files)?;
    let mut given_up = Vec::new();
    for (path, draft) in drafts
        .drafts
        .iter_mut()
        .filter(|(_, draft)| draft.mended > 0)
    {
        let is_own = |file: &&FileReport| file.name() == draft.name;
        let mut found: Vec<Said> = (after.files.iter().filter(is_own))
            .flat_map(|file| file.findings.iter().map(said))
            .collect();
        let mut expected = left.remove(&draft.name).unwrap_or_default();
        found.sort();
        expected.sort();
        if found != expected {
            draft.after = draft.before.clone();
            added -= std::mem::take(&mut draft.mended).min(added);
            given_up.push((path.clone(), draft.name.clone()));
        }
    }
    for (path, name) in given_up {
        files.discard(&path);
        drafts.refuse(&name, &Refusal::Unlike);
    }
    drafts.write();
    for ((name, why), number) in refused {
        eprintln!(
            "note: {}: {} cannot be allowed there: {why}",
            plain(&name),
            count(number, "finding")
        );
    }
    // What was not written is as it was.
    drafts.drafts.keys().for_each(|path| files.discard(path));
    let report = lint(&files)?;
    Ok(Outcome {
        failed: !drafts.refused.is_empty(),
        differs: false,
        summary: Some(summary(added, &drafts)),
        report,
    })
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

fn summary(added: usize, drafts: &Drafts<'_>) -> String {
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
        seen: &mut BTreeSet<std::path::PathBuf>,
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
        self.mend(&path, &wanted, files);
        if let Some(draft) = self.drafts.get_mut(&path) {
            draft.mended = additions.allowed.len();
        }
        Ok(additions)
    }
}

const NEVER: &str = "nothing can allow it";
const NO_PLACE: &str = "the file has no place for it";
