//! What configurations allow and nothing needs any more.
//!
//! A run sees some of the files. What is allowed in one file by its path is known to be unused as soon as
//! that file was judged; what is allowed in many, only when the run saw all that there are.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::args::CheckArguments;
use super::files::{Files, Reader, STDIN};
use super::settings::{Configurations, today};
use super::walk;
use crate::check::{self, suppressions};
use crate::config::{self, Mark, Patterns};
use crate::form::may_hold_connection;
use crate::lint::{FileReport, Report};
use crate::text::{FileId, Place};

/// Something that a configuration allows, and nothing that was found needs.
struct Idle<'c> {
    file: &'c config::File,
    rule: &'c str,
    /// The files that it is for; `None` for all.
    paths: Option<&'c Patterns>,
    mark: Mark,
}

/// The files that something is allowed in, as far as they were checked.
#[derive(Default)]
struct Governed {
    /// Whether one of them holds a connection.
    any: bool,
    /// Whether in one of them nobody wants to know what the rule finds.
    is_off: bool,
}

/// Adds to a report what configurations allow and is known to be unused.
pub(super) fn tell(
    report: &mut Report,
    arguments: &CheckArguments,
    configurations: &Configurations<'_>,
    files: &Files,
) {
    let is_stdin = |path: &PathBuf| path == Path::new(STDIN);
    // Who asks for another form, or about a text that is not saved, asks about that alone.
    let is_partial = arguments.settings.form.is_some() || arguments.paths.iter().any(is_stdin);
    if is_partial || report.unusable > 0 {
        return;
    }
    let allowing = configurations.allowing();
    if allowing.is_empty() {
        return;
    }
    let mut scout = configurations.scout();
    let mut checked = BTreeSet::new();
    let mut governed: BTreeMap<Mark, Governed> = BTreeMap::new();
    for name in &report.checked {
        let path = Path::new(name);
        if !report.partial.contains(name) {
            checked.insert(configurations.absolute(path));
        }
        let Some(settled) = scout.settle(path, false) else {
            continue;
        };
        for allowed in &settled.settings.allow {
            let governed = governed.entry(allowed.mark()).or_default();
            governed.any |= report.holding.contains(name);
            governed.is_off |= settled.settings.levels.is_off(&allowed.value.rule);
        }
    }
    let mut idle = Vec::new();
    let mut perhaps: Vec<Idle<'_>> = Vec::new();
    for known in &allowing {
        let Some(file) = known.configuration.file() else {
            continue;
        };
        let saw_all = saw_all(file, report, arguments, configurations, files);
        for (paths, allowed) in known.configuration.allowed() {
            let permission = &allowed.value;
            let mark = allowed.mark();
            let seen = governed.get(&mark);
            if report.used.contains(&mark)
                || permission.until.is_some_and(|until| until.is_over(today()))
                || check::cannot_be_allowed(&permission.rule)
                || seen.is_some_and(|seen| seen.is_off)
            {
                continue;
            }
            let it = Idle {
                file,
                rule: &permission.rule,
                paths,
                mark,
            };
            // A file that is not there may be made by another tool.
            match paths.and_then(Patterns::only_paths) {
                Some(paths) if paths.iter().all(|path| checked.contains(path)) => idle.push(it),
                Some(_) => {}
                None if saw_all && seen.is_some_and(|seen| seen.any) => perhaps.push(it),
                None => {}
            }
        }
    }
    keep_known(&mut perhaps, &checked, files);
    idle.extend(perhaps);
    idle.sort_by(|one, other| one.mark.cmp(&other.mark));
    for it in idle {
        let place = Place {
            file: FileId::default(),
            span: it.mark.1,
        };
        let mut finding = suppressions::unused_in_configuration(place, it.rule);
        let name = it.file.path.file_name().unwrap_or_default();
        let Some(settled) = scout.settle(&it.file.folder.join(name), false) else {
            continue;
        };
        if settled.weigh(&mut finding) {
            let told = FileReport::on_configuration(&it.file.source, vec![finding]);
            report.supplement(FileReport {
                fail_on: settled.options().fail_on,
                ..told
            });
        }
    }
    report.sort();
}

/// Whether a run saw all files that a configuration may be for: those of its repository, where another
/// configuration may extend it; without a repository, those of its folder.
fn saw_all(
    file: &config::File,
    report: &Report,
    arguments: &CheckArguments,
    configurations: &Configurations<'_>,
    files: &Files,
) -> bool {
    if files.is_partial() || arguments.files_from.is_some() || !report.partial.is_empty() {
        return false;
    }
    let mut above = file.folder.ancestors();
    let root = above.find(|folder| folder.join(".git").exists());
    let root = root.unwrap_or(&file.folder);
    let mut paths = arguments.paths.iter();
    paths.any(|path| path.is_dir() && root.starts_with(configurations.absolute(path)))
}

/// Leaves out what may be for a file that is there and was not checked: git-ignored, excluded, hidden.
fn keep_known(idle: &mut Vec<Idle<'_>>, checked: &BTreeSet<PathBuf>, files: &Files) {
    let mut reader = Reader::new(files);
    let folders: BTreeSet<&Path> = idle.iter().map(|it| it.file.folder.as_path()).collect();
    for folder in folders {
        for path in walk::every_document(folder) {
            let is_own = |it: &Idle<'_>| it.file.folder == folder;
            let Some(path) = path else {
                idle.retain(|it| !is_own(it));
                break;
            };
            let is_for =
                |it: &Idle<'_>| is_own(it) && it.paths.is_none_or(|paths| paths.matches(&path));
            if checked.contains(&path) || !idle.iter().any(is_for) {
                continue;
            }
            let bytes = reader.read(&path, true);
            if bytes.is_ok_and(|bytes| !may_hold_connection(&bytes)) {
                continue;
            }
            idle.retain(|it| !is_for(it));
        }
    }
}
