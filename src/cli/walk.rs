//! From paths to a report: files are found, read and linted, in parallel where there are many.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ignore::{ParallelVisitor, ParallelVisitorBuilder, WalkBuilder, WalkState};

use super::Failure;
use super::args::CheckArguments;
use super::files::{Files, Reader, STDIN, describe, display_name};
use super::modules::{self, Asked};
use super::progress::Progress;
use super::settings::{Configurations, Scout};
use crate::lint::{FileReport, Report, lint_bytes};

/// The endings of files that may hold a connection. Files without an ending may too.
pub(super) const ENDINGS: &[&str] = &[
    "json", "yaml", "yml", "template", "jsonl", "ndjson", "tf", "tofu", "tfstate",
];

/// Lints everything that the arguments name.
pub(super) fn lint_all(
    arguments: &CheckArguments,
    configurations: &Configurations<'_>,
    files: &Files,
) -> Result<Report, Failure> {
    let mut found = Found::default();
    let mut scout = configurations.scout();
    let mut folders = Vec::new();
    let mut named = 0;
    let mut reader = Reader::new(files);
    let mut paths = arguments.paths.clone();
    if let Some(list) = &arguments.files_from {
        // A list takes the place of the default, not of paths that were named.
        if paths.len() == 1 && paths.first().is_some_and(|path| path == Path::new(".")) {
            paths.clear();
        }
        paths.extend(
            names_from(list, &mut reader)?
                .lines()
                .filter(|line| !line.is_empty())
                .map(Into::into),
        );
    }
    let mut met = Met::default();
    for path in &paths {
        if path == Path::new(STDIN) {
            named += 1;
            let name = arguments.stdin_name();
            let path = Path::new(name);
            if arguments.force_exclude && scout.excludes(path) {
                continue;
            }
            let Some(settled) = scout.settle(path, true) else {
                continue;
            };
            let named = settled.options();
            let bytes = reader.read(Path::new(STDIN), false).map(Cow::into_owned);
            let files = match bytes {
                // What an editor has not saved yet has its siblings all the same.
                Ok(bytes) if modules::role(path).is_some() => {
                    modules::lint_unsaved(path, bytes, &mut reader, &named)
                }
                Ok(bytes) => vec![lint_bytes(name, bytes, &named)],
                Err(error) => vec![FileReport::unreadable(name, &describe(&error))],
            };
            files.into_iter().for_each(|file| found.report.add(file));
            continue;
        }
        let kind = path.metadata().map(|metadata| metadata.file_type()).ok();
        if kind.is_some_and(|kind| kind.is_dir()) {
            folders.push(path.as_path());
        } else if !(arguments.force_exclude && scout.excludes(path))
            && met.is_new(configurations.absolute(path))
        {
            named += 1;
            let kind = match kind {
                Some(kind) if kind.is_file() => Kind::Regular,
                _ => Kind::Other,
            };
            found.add(path, kind, true, &mut scout, &mut reader);
        }
    }
    // One file is read before anybody could look.
    let may_take_long = !folders.is_empty() && !arguments.output.quiet;
    let progress = may_take_long.then(Progress::start);
    // In which order threads meet a file must not tell which of its names it has.
    let walks: Vec<&[&Path]> = if overlap(&folders, configurations) {
        folders.chunks(1).collect()
    } else {
        vec![&folders]
    };
    let collector = Collector {
        configurations,
        files,
        force_exclude: arguments.force_exclude,
        met: (paths.len() > 1).then(|| Mutex::new(met)),
        found: Mutex::new(found),
    };
    for folders in walks {
        collector.walk(folders, arguments.threads);
    }
    let found = (collector.found.into_inner()).unwrap_or_else(PoisonError::into_inner);
    let Found { mut report, asked } = found;
    report.merge(modules::lint(
        asked,
        arguments.threads,
        configurations,
        files,
    ));
    if named > 1 {
        report.pass_over_empty();
    }
    report.sort();
    drop(progress);
    Ok(report)
}

/// What a file is to the system.
#[derive(Clone, Copy)]
enum Kind {
    Regular,
    /// A pipe or a device; or it is not there.
    Other,
}

/// What was found so far.
#[derive(Default)]
struct Found {
    report: Report,
    /// Files that have to wait: others may belong to them.
    asked: Vec<Asked>,
}

impl Found {
    /// Lints a file, or lets it wait. `named` tells that it was named, rather than found in a folder.
    fn add(
        &mut self,
        path: &Path,
        kind: Kind,
        named: bool,
        scout: &mut Scout<'_>,
        reader: &mut Reader<'_>,
    ) {
        let is_regular = matches!(kind, Kind::Regular);
        // What is not there has to be said.
        if is_regular && !reader.files().admits(path) {
            return;
        }
        let Some(settled) = scout.settle(path, named) else {
            return;
        };
        let options = settled.options();
        // What is no regular file can be read but once.
        let role = modules::role(path).filter(|_| is_regular);
        match role {
            Some(role) => (self.asked).push(Asked::look(path, role, reader, &options)),
            None => self.report.add(reader.lint(path, is_regular, &options)),
        }
    }

    fn merge(&mut self, other: Found) {
        self.report.merge(other.report);
        self.asked.extend(other.asked);
    }
}

fn names_from(list: &Path, reader: &mut Reader<'_>) -> Result<String, Failure> {
    let fail = |why: String| Failure::Usage(format!("the list of files {}: {why}", list.display()));
    let bytes = (reader.read(list, false)).map_err(|error| fail(describe(&error)))?;
    String::from_utf8(bytes.into_owned()).map_err(|_| fail("it is not UTF-8".to_owned()))
}

/// The files that were met, from the root on: one may be named twice, or be named and lie in a folder
/// that is.
#[derive(Default)]
struct Met(BTreeSet<PathBuf>);

impl Met {
    /// Whether a file is met for the first time.
    fn is_new(&mut self, path: PathBuf) -> bool {
        self.0.insert(path)
    }
}

/// Whether one of these folders lies in another, or is another.
fn overlap(folders: &[&Path], configurations: &Configurations<'_>) -> bool {
    let mut folders: Vec<PathBuf> = (folders.iter())
        .map(|folder| configurations.absolute(folder))
        .collect();
    folders.sort();
    let mut pairs = folders.array_windows::<2>();
    pairs.any(|[one, other]| other.starts_with(one))
}

/// Takes what the threads found.
struct Collector<'c> {
    configurations: &'c Configurations<'c>,
    files: &'c Files,
    force_exclude: bool,
    /// What was met; `None` where nothing can be met twice.
    met: Option<Mutex<Met>>,
    found: Mutex<Found>,
}

impl Collector<'_> {
    /// Lints what lies in folders.
    fn walk(&self, folders: &[&Path], threads: usize) {
        let Some((first, rest)) = folders.split_first() else {
            return;
        };
        let mut walk = WalkBuilder::new(first);
        for folder in rest {
            walk.add(folder);
        }
        // Of the files that say what to leave out, git's own.
        walk.threads(threads).require_git(false).ignore(false);
        walk.build_parallel().visit(&mut &*self);
    }

    /// Whether a file is met for the first time.
    fn is_new(&self, path: &Path) -> bool {
        let Some(met) = &self.met else {
            return true;
        };
        let path = self.configurations.absolute(path);
        met.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_new(path)
    }
}

/// One thread's share.
struct Visitor<'c> {
    collector: &'c Collector<'c>,
    scout: Scout<'c>,
    reader: Reader<'c>,
    found: Found,
}

impl<'s> ParallelVisitorBuilder<'s> for &'s Collector<'s> {
    fn build(&mut self) -> Box<dyn ParallelVisitor + 's> {
        Box::new(Visitor {
            collector: self,
            scout: self.configurations.scout(),
            reader: Reader::new(self.files),
            found: Found::default(),
        })
    }
}

impl Visitor<'_> {
    /// Whether what was found so deep in a folder that was named is left out. What is left out with
    /// that folder is named with it.
    fn is_left_out(&mut self, path: &Path, depth: usize, is_folder: bool) -> bool {
        let force = self.collector.force_exclude;
        let excluded = match depth {
            0 => force && self.scout.excludes_named(path),
            _ if is_folder => self.scout.excludes_folder(path),
            _ => self.scout.excludes(path),
        };
        let named = path.ancestors().nth(depth);
        excluded && (force || !named.is_some_and(|named| self.scout.excludes_named(named)))
    }
}

impl ParallelVisitor for Visitor<'_> {
    fn visit(&mut self, entry: Result<ignore::DirEntry, ignore::Error>) -> WalkState {
        match entry {
            Ok(entry) => {
                let path = entry.path();
                let kind = entry.file_type();
                let is_file = kind.is_some_and(|kind| kind.is_file());
                let is_folder = kind.is_some_and(|kind| kind.is_dir());
                if self.is_left_out(path, entry.depth(), is_folder) {
                    return WalkState::Skip;
                }
                let is_wanted = |scout: &mut Scout<'_>| {
                    (scout.includes(path)).unwrap_or_else(|| may_be_document(path))
                };
                if is_file && is_wanted(&mut self.scout) && self.collector.is_new(path) {
                    let (scout, reader) = (&mut self.scout, &mut self.reader);
                    (self.found).add(path, Kind::Regular, false, scout, reader);
                }
            }
            Err(error) => {
                let (name, why) = place_of(&error);
                (self.found.report).add(FileReport::unreadable(&name, &why));
            }
        }
        WalkState::Continue
    }
}

impl Drop for Visitor<'_> {
    fn drop(&mut self) {
        let found = std::mem::take(&mut self.found);
        match self.collector.found.lock() {
            Ok(mut all) => all.merge(found),
            Err(poisoned) => poisoned.into_inner().merge(found),
        }
    }
}

/// The files that are looked at in folders, for people.
pub(super) fn usual_files() -> String {
    let endings: Vec<String> = ENDINGS.iter().map(|ending| format!("*.{ending}")).collect();
    format!("{}, and files without an ending", endings.join(", "))
}

/// All files in a folder that are looked at by their names, those that a check leaves out too; `None` in
/// place of what could not be read.
pub(super) fn every_document(folder: &Path) -> impl Iterator<Item = Option<PathBuf>> {
    let entries = WalkBuilder::new(folder)
        .standard_filters(false)
        .filter_entry(|entry| entry.file_name() != ".git")
        .build();
    entries.filter_map(|entry| match entry {
        Ok(entry) => {
            let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
            (is_file && may_be_document(entry.path())).then(|| Some(entry.into_path()))
        }
        Err(_) => Some(None),
    })
}

fn may_be_document(path: &Path) -> bool {
    match path.extension() {
        Some(ending) => ENDINGS
            .iter()
            .any(|known| ending.eq_ignore_ascii_case(known)),
        None => true,
    }
}

/// The path that an error of the walk is about, and what is wrong with it.
fn place_of(error: &ignore::Error) -> (String, String) {
    match error {
        ignore::Error::WithPath { path, err } => (display_name(path), place_of(err).1),
        ignore::Error::WithDepth { err, .. } => place_of(err),
        ignore::Error::Io(error) => (String::from("."), describe(error)),
        other => (String::from("."), other.to_string()),
    }
}
