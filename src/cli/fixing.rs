//! `--fix` and `--diff`: what fixes make of files.
//!
//! Fixes are made in memory, and files are linted as they are going to be, until there is nothing left
//! to fix; then they are written. So a module's files are seen together, and the report is about what
//! is in the files afterwards.

mod allowing;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::args::{CheckArguments, FixArguments};
use super::files::{Files, Reader, STDIN, describe, identity};
use super::settings::Configurations;
use super::terminal::remark;
use super::{Failure, atomic, terminal};
use crate::diag::{Finding, Fix, Safety, count};
use crate::fix::{Diff, MAX_ROUNDS, Masked};
use crate::lint::{FileReport, Report};
use crate::report::plain;
use crate::text::{Encoding, Source};

/// Lints everything that was asked for, as the files say.
pub(super) type Lint<'l> = &'l dyn Fn(&Files) -> Result<Report, Failure>;

/// What is left, and what became of the files.
pub(super) struct Outcome {
    /// What the files have to say afterwards.
    pub(super) report: Report,
    /// Whether a file could not be fixed that should have been.
    pub(super) failed: bool,
    /// With `--diff`: whether there is something to change.
    pub(super) differs: bool,
    /// What to tell people about it, in a line.
    pub(super) summary: Option<String>,
}

/// Lints, and does with fixes what the arguments want.
pub(super) fn run(
    arguments: &CheckArguments,
    mut files: Files,
    lint: Lint<'_>,
    configurations: &Configurations<'_>,
) -> Result<Outcome, Failure> {
    if arguments.allowing.add_allow {
        return allowing::run(arguments, files, lint, configurations);
    }
    let wants = &arguments.fixes;
    let mut report = lint(&files)?;
    if !wants.fix && !wants.diff {
        return Ok(Outcome {
            report,
            failed: false,
            differs: false,
            summary: None,
        });
    }
    let stdin = stdin_name(arguments)?;
    let mut drafts = Drafts::new(stdin, wants.unsafe_fixes);
    for _ in 0..MAX_ROUNDS {
        if !drafts.improve(&report, &mut files) {
            break;
        }
        report = lint(&files)?;
        if drafts.give_up_broken(&report, &mut files) {
            report = lint(&files)?;
        }
    }
    let mut differs = false;
    if wants.diff {
        differs = drafts.print(arguments)?;
    } else if stdin.is_some() {
        drafts.hand_over(&files)?;
    } else if drafts.write() {
        // What was not written is as it was.
        drafts.drafts.keys().for_each(|path| files.discard(path));
        report = lint(&files)?;
    }
    Ok(Outcome {
        summary: drafts.summary(&report, wants),
        report,
        failed: !drafts.refused.is_empty(),
        differs,
    })
}

/// The name of standard input, if that is what is fixed.
fn stdin_name(arguments: &CheckArguments) -> Result<Option<&str>, Failure> {
    let is_stdin = |path: &PathBuf| path == Path::new(STDIN);
    if !arguments.paths.iter().any(is_stdin) {
        return Ok(None);
    }
    if arguments.paths.len() > 1 || arguments.files_from.is_some() {
        return Err(Failure::Usage(
            "standard input is fixed alone: leave the other paths out".to_owned(),
        ));
    }
    Ok(Some(arguments.stdin_name()))
}

/// A file that is being fixed.
struct Draft {
    /// Its name in reports.
    name: String,
    /// Its bytes before.
    original: Vec<u8>,
    before: Masked,
    after: Masked,
    encoding: Encoding,
    /// Whether all of it could be read before.
    was_whole: bool,
    /// How many findings were mended.
    mended: usize,
    /// Whether fixes did it no good, so that it is left as it is.
    given_up: bool,
}

/// Why a file is not fixed.
enum Refusal {
    System(io::Error),
    ReadOnly,
    Changed,
    Broken,
    Unlike,
}

impl Refusal {
    fn words(&self) -> String {
        match self {
            Refusal::System(error) => describe(error),
            Refusal::ReadOnly => "it is read-only".to_owned(),
            Refusal::Changed => "it was changed while it was checked".to_owned(),
            Refusal::Unlike => {
                "with the suppressions, something else would be found in it".to_owned()
            }
            Refusal::Broken => {
                "what fixes make of it could not be read, which is a fault of gluelint".to_owned()
            }
        }
    }
}

/// The files that are being fixed, by what they are called in any case.
struct Drafts<'a> {
    stdin: Option<&'a str>,
    unsafe_too: bool,
    /// What should have become of a file that was refused.
    purpose: &'static str,
    drafts: BTreeMap<PathBuf, Draft>,
    /// The names of files that were not fixed though they should have been.
    refused: BTreeSet<String>,
}

impl<'a> Drafts<'a> {
    fn new(stdin: Option<&'a str>, unsafe_too: bool) -> Drafts<'a> {
        Drafts {
            stdin,
            unsafe_too,
            purpose: "fixed",
            drafts: BTreeMap::new(),
            refused: BTreeSet::new(),
        }
    }

    fn wants(&self, fix: &Fix) -> bool {
        self.unsafe_too || fix.safety == Safety::Safe
    }

    /// Makes the fixes of a report. Says whether there were any.
    fn improve(&mut self, report: &Report, files: &mut Files) -> bool {
        // A file may have been named in two ways.
        let mut seen = BTreeSet::new();
        for file in &report.files {
            let fixes = file.findings.iter().flat_map(|finding| &finding.fixes);
            if !fixes.into_iter().any(|fix| self.wants(fix)) {
                continue;
            }
            match self.open(file, files) {
                Ok(path) if seen.contains(&path) => {}
                Ok(path) => {
                    if self.mend(&path, file, files) {
                        seen.insert(path);
                    }
                }
                Err(refusal) => self.refuse(file.name(), &refusal),
            }
        }
        !seen.is_empty()
    }

    /// The identity of a file, of which there is a draft from then on.
    fn open(&mut self, file: &FileReport, files: &Files) -> Result<PathBuf, Refusal> {
        let is_stdin = self.stdin == Some(file.name());
        let name = if is_stdin { STDIN } else { file.name() };
        let path = identity(Path::new(name)).map_err(Refusal::System)?;
        if self.drafts.contains_key(&path) {
            return Ok(path);
        }
        let original = (Reader::new(files).read(&path, !is_stdin))
            .map_err(Refusal::System)?
            .into_owned();
        let source = Source::decode("", original.clone()).map_err(|_| Refusal::Changed)?;
        let before = Masked::new(source.text, &file.document.text).ok_or(Refusal::Changed)?;
        let draft = Draft {
            name: file.name().to_owned(),
            original,
            after: before.clone(),
            before,
            encoding: source.encoding,
            was_whole: !file.unreadable,
            mended: 0,
            given_up: false,
        };
        self.drafts.insert(path.clone(), draft);
        Ok(path)
    }

    /// Makes the fixes of a file. Says whether there were any.
    fn mend(&mut self, path: &Path, file: &FileReport, files: &mut Files) -> bool {
        let unsafe_too = self.unsafe_too;
        let wanted = |_: &Finding, fix: &Fix| unsafe_too || fix.safety == Safety::Safe;
        let Some(draft) = self.drafts.get_mut(path).filter(|draft| !draft.given_up) else {
            return false;
        };
        let seen = draft.after.clone().hide(&file.document.text);
        let (after, mended) = seen.fix_once(file, &wanted);
        if mended == 0 {
            return false;
        }
        draft.after = after;
        draft.mended += mended;
        files.draft(path.to_owned(), draft.bytes());
        true
    }

    /// Gives up files that could be read before they were fixed. Says whether there were any.
    fn give_up_broken(&mut self, report: &Report, files: &mut Files) -> bool {
        let mut broken = Vec::new();
        for (path, draft) in &mut self.drafts {
            let is_broken = |file: &FileReport| file.unreadable && file.name() == draft.name;
            if draft.mended > 0 && draft.was_whole && report.files.iter().any(is_broken) {
                draft.after = draft.before.clone();
                draft.mended = 0;
                draft.given_up = true;
                files.discard(path);
                broken.push(draft.name.clone());
            }
        }
        for name in &broken {
            self.refuse(name, &Refusal::Broken);
        }
        !broken.is_empty()
    }

    fn refuse(&mut self, name: &str, why: &Refusal) {
        if self.refused.insert(name.to_owned()) {
            let (name, purpose) = (plain(name), self.purpose);
            remark!("error: {name} was not {purpose}: {}", why.words());
        }
    }

    /// Writes the files. Says whether one could not be written.
    fn write(&mut self) -> bool {
        let mut refused = Vec::new();
        for (path, draft) in self.drafts.iter_mut().filter(|(_, draft)| draft.differs()) {
            if let Err(refusal) = draft.write(path) {
                draft.mended = 0;
                refused.push((draft.name.clone(), refusal));
            }
        }
        for (name, refusal) in &refused {
            self.refuse(name, refusal);
        }
        !refused.is_empty()
    }

    /// Writes standard input, fixed, to standard output.
    fn hand_over(&self, files: &Files) -> Result<(), Failure> {
        let path = Path::new(STDIN);
        let bytes = match self.drafts.get(path) {
            Some(draft) => draft.bytes(),
            None => Reader::new(files).read(path, false)?.into_owned(),
        };
        io::stdout().lock().write_all(&bytes)?;
        Ok(())
    }

    /// Prints what would change. Says whether anything would.
    fn print(&self, arguments: &CheckArguments) -> Result<bool, Failure> {
        let mut out = io::stdout().lock();
        let color = terminal::style(arguments.color, &out).color;
        let mut drafts: Vec<&Draft> = self.drafts.values().filter(|it| it.differs()).collect();
        drafts.sort_by(|one, other| one.name.cmp(&other.name));
        let mut bare = 0;
        for draft in &drafts {
            let diff = draft.diff();
            out.write_all(diff.write(&draft.name, color).as_bytes())?;
            bare += diff.bare;
            let name = plain(&draft.name);
            if diff.masked > 0 {
                let hunks = count(diff.masked, "hunk");
                remark!(
                    "note: {name}: {hunks} with a masked secret: only --fix can make that change"
                );
            }
            if matches!(draft.encoding, Encoding::Utf16Le | Encoding::Utf16Be) {
                remark!(
                    "note: {name} is UTF-16, its diff UTF-8: only --fix can make these changes"
                );
            }
        }
        if bare > 0 {
            remark!(
                "note: lines with secrets are left out around changes: `git apply` needs \
                 --unidiff-zero"
            );
        }
        Ok(!drafts.is_empty())
    }

    /// Says how many findings were fixed, if there were any.
    fn summary(&self, left: &Report, wants: &FixArguments) -> Option<String> {
        let mended: usize = self.drafts.values().map(|draft| draft.mended).sum();
        let changed = (self.drafts.values())
            .filter(|draft| draft.mended > 0)
            .count();
        let all = mended + left.findings().count();
        let with_fix = |(_, finding): &(&FileReport, &Finding)| !finding.fixes.is_empty();
        let more = left.findings().filter(with_fix).count();
        if all == 0 {
            return None;
        }
        let verb = if wants.diff { "Would fix" } else { "Fixed" };
        let mut line = format!("{verb} {mended} of {}", count(all, "finding"));
        if changed > 0 {
            line += &format!(" in {}", count(changed, "file"));
        }
        if more > 0 && !self.unsafe_too {
            line += &format!(" ({more} more with --unsafe-fixes)");
        }
        Some(line)
    }
}

impl Draft {
    fn differs(&self) -> bool {
        self.before.text() != self.after.text()
    }

    /// Its bytes afterwards.
    fn bytes(&self) -> Vec<u8> {
        let source = Source {
            encoding: self.encoding,
            ..Source::new("", self.after.text())
        };
        source.encode()
    }

    fn diff(&self) -> Diff {
        // The mark is a part of the first line.
        let mark = match self.encoding {
            Encoding::Utf8Bom => "\u{FEFF}",
            Encoding::Utf8 | Encoding::Utf16Le | Encoding::Utf16Be => "",
        };
        Diff::new(&self.before.behind(mark), &self.after.behind(mark))
    }

    /// Writes it, if it still is what it was before.
    fn write(&self, path: &Path) -> Result<(), Refusal> {
        if fs::read(path).map_err(Refusal::System)? != self.original {
            return Err(Refusal::Changed);
        }
        if fs::metadata(path).is_ok_and(|metadata| metadata.permissions().readonly()) {
            return Err(Refusal::ReadOnly);
        }
        atomic::write(path, &self.bytes()).map_err(Refusal::System)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_changes_meanwhile_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.yaml");
        let text = |text: &str| Masked::new(text.to_owned(), text).unwrap();
        let draft = Draft {
            name: "a.yaml".to_owned(),
            original: b"old".to_vec(),
            before: text("old"),
            after: text("new"),
            encoding: Encoding::Utf8,
            was_whole: true,
            mended: 1,
            given_up: false,
        };
        fs::write(&path, "other").unwrap();
        assert!(matches!(draft.write(&path), Err(Refusal::Changed)));
        assert_eq!(fs::read(&path).unwrap(), b"other");
        fs::write(&path, "old").unwrap();
        assert!(draft.write(&path).is_ok());
        assert_eq!(fs::read(&path).unwrap(), b"new");
    }
}
