//! `--baseline` and `--write-baseline`: only what is new is reported.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use super::files::describe;
use super::settings::Scout;
use super::terminal::remark;
use super::{Failure, atomic};
use crate::baseline::{self, Baseline};
use crate::diag::count;
use crate::lint::Report;
use crate::report::plain;
use crate::text::Source;

#[derive(Debug, Args)]
#[command(next_help_heading = "New findings only")]
pub(super) struct BaselineArguments {
    /// Leave out the findings that this file knows
    ///
    /// They are known by file, rule and place in the document, never by line. Entries of checked files
    /// that stand for nothing any more are reported.
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,

    /// Write all findings to this file, for --baseline, and report none
    ///
    /// Files are named as seen from its folder. It holds no value and no secret. Exits with 0, unless
    /// an input could not be read.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["baseline", "diff"])]
    pub(super) write_baseline: Option<PathBuf>,
}

/// A baseline and its folder.
pub(super) struct Known {
    baseline: Baseline,
    folder: PathBuf,
}

impl Known {
    /// Reads the baseline that is wanted, if one is.
    ///
    /// # Errors
    ///
    /// An error of usage with the place in the file.
    pub(super) fn read(arguments: &BaselineArguments) -> Result<Option<Known>, Failure> {
        let Some(path) = &arguments.baseline else {
            return Ok(None);
        };
        let name = super::files::display_name(path);
        let shown = plain(&name);
        let fail = |why: String| Failure::Usage(format!("the baseline {shown}{why}"));
        let bytes = fs::read(path).map_err(|error| fail(format!(": {}", describe(&error))))?;
        let source = Source::decode(&*name, bytes).map_err(|error| fail(format!(": {error}")))?;
        let baseline = Baseline::read(&source).map_err(|malformed| {
            let at = malformed.position;
            fail(format!(
                ":{}:{}: {}",
                at.line,
                at.column,
                plain(&malformed.why)
            ))
        })?;
        Ok(Some(Known {
            baseline,
            folder: folder_of(path),
        }))
    }

    /// Takes known findings out of a report of all findings, and then what weighs less than is shown
    /// of a file of that name.
    pub(super) fn apply(&self, report: &mut Report, scout: &mut Scout<'_>) {
        let gone = |name: &str| !self.folder.join(name).exists();
        let naming = |name: &str| name_from(&self.folder, name);
        let mut is_off = |name: &str, rule: &str| scout.is_off(Path::new(name), rule);
        (self.baseline).apply(report, &naming, &gone, &mut is_off);
        for file in &mut report.files {
            let least = scout.least(Path::new(file.name()));
            file.findings.retain(|finding| finding.severity >= least);
        }
        report.files.retain(|file| !file.findings.is_empty());
    }
}

/// Writes a baseline of a report, and says so.
///
/// # Errors
///
/// Those of the system.
pub(super) fn write(path: &Path, report: &Report) -> Result<(), Failure> {
    let folder = folder_of(path);
    let naming = |name: &str| name_from(&folder, name);
    let (text, known) = baseline::write(report, &naming).map_err(std::io::Error::other)?;
    atomic::write(path, text.as_bytes()).map_err(|error| {
        Failure::Output(std::io::Error::other(format!(
            "{}: {}",
            path.display(),
            describe(&error)
        )))
    })?;
    let known = count(known, "finding");
    remark!("Wrote {known} to {}", path.display());
    Ok(())
}

fn folder_of(path: &Path) -> PathBuf {
    let whole = real(path);
    whole.parent().unwrap_or(Path::new("")).to_owned()
}

/// A path from the root on. What is not there is at least made absolute.
fn real(path: &Path) -> PathBuf {
    fs::canonicalize(path)
        .or_else(|_| {
            let folder = match path.parent() {
                Some(folder) if folder != Path::new("") => folder,
                _ => Path::new("."),
            };
            let folder = fs::canonicalize(folder)?;
            Ok::<_, std::io::Error>(folder.join(path.file_name().unwrap_or_default()))
        })
        .or_else(|_| std::path::absolute(path))
        .unwrap_or_else(|_| path.to_owned())
}

/// How a file is called from a folder on, with `/` between folders.
fn name_from(folder: &Path, name: &str) -> String {
    let path = real(Path::new(name));
    let mut ours = folder.components().peekable();
    let mut theirs = path.components().peekable();
    while let (Some(one), Some(other)) = (ours.peek(), theirs.peek()) {
        if one != other {
            break;
        }
        ours.next();
        theirs.next();
    }
    let up = ours.map(|_| "..".to_owned());
    let down = theirs.map(|it| it.as_os_str().to_string_lossy().into_owned());
    up.chain(down).collect::<Vec<_>>().join("/")
}
