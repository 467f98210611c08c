//! From paths to a report: files are found, read and linted, in parallel where there are many.

use std::borrow::Cow;
use std::path::Path;
use std::sync::Mutex;

use ignore::{ParallelVisitor, ParallelVisitorBuilder, WalkBuilder, WalkState};

use super::Failure;
use super::args::CheckArguments;
use super::files::{Files, Reader, STDIN, describe, display_name};
use super::modules::{self, Asked};
use super::progress::Progress;
use crate::lint::{FileReport, Options, Report, lint_bytes};

/// The endings of files that may hold a connection. Files without an ending may too.
pub(super) const ENDINGS: &[&str] = &[
    "json", "yaml", "yml", "template", "jsonl", "ndjson", "tf", "tofu", "tfstate",
];

/// Lints everything that the arguments name.
pub(super) fn lint_all(
    arguments: &CheckArguments,
    options: &Options,
    files: &Files,
) -> Result<Report, Failure> {
    let mut found = Found::default();
    let mut folders = Vec::new();
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
    let named = Options {
        named: true,
        ..*options
    };
    for path in &paths {
        if path == Path::new(STDIN) {
            let name = arguments.stdin_name();
            let bytes = reader.read(path, false).map(Cow::into_owned);
            let files = match bytes {
                // What an editor has not saved yet has its siblings all the same.
                Ok(bytes) if modules::role(Path::new(name)).is_some() => {
                    modules::lint_unsaved(Path::new(name), bytes, &mut reader, &named)
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
        } else {
            let is_regular = kind.is_some_and(|kind| kind.is_file());
            found.add(path, is_regular, &mut reader, &named);
        }
    }
    // One file is read before anybody could look.
    let may_take_long = !folders.is_empty() && !arguments.output.quiet;
    let progress = may_take_long.then(Progress::start);
    if let Some((first, rest)) = folders.split_first() {
        let mut walk = WalkBuilder::new(first);
        for folder in rest {
            walk.add(folder);
        }
        // Of the files that say what to leave out, git's own.
        walk.threads(arguments.threads)
            .require_git(false)
            .ignore(false);
        let collector = Collector {
            options,
            files,
            found: Mutex::new(found),
        };
        walk.build_parallel().visit(&mut &collector);
        found = match collector.found.into_inner() {
            Ok(found) => found,
            Err(poisoned) => poisoned.into_inner(),
        };
    }
    let Found { mut report, asked } = found;
    report.merge(modules::lint(asked, arguments.threads, options, files));
    report.sort();
    drop(progress);
    Ok(report)
}

/// What was found so far.
#[derive(Default)]
struct Found {
    report: Report,
    /// Files that have to wait: others may belong to them.
    asked: Vec<Asked>,
}

impl Found {
    /// Lints a file, or lets it wait. `is_regular` tells that it is no pipe or device.
    fn add(&mut self, path: &Path, is_regular: bool, reader: &mut Reader<'_>, options: &Options) {
        // What is no regular file can be read but once.
        let role = modules::role(path).filter(|_| is_regular);
        match role {
            Some(role) => (self.asked).push(Asked::look(path, role, reader, options)),
            None => self.report.add(reader.lint(path, is_regular, options)),
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

/// Takes what the threads found.
struct Collector<'o> {
    options: &'o Options,
    files: &'o Files,
    found: Mutex<Found>,
}

/// One thread's share.
struct Visitor<'c> {
    collector: &'c Collector<'c>,
    reader: Reader<'c>,
    found: Found,
}

impl<'s> ParallelVisitorBuilder<'s> for &'s Collector<'s> {
    fn build(&mut self) -> Box<dyn ParallelVisitor + 's> {
        Box::new(Visitor {
            collector: self,
            reader: Reader::new(self.files),
            found: Found::default(),
        })
    }
}

impl ParallelVisitor for Visitor<'_> {
    fn visit(&mut self, entry: Result<ignore::DirEntry, ignore::Error>) -> WalkState {
        match entry {
            Ok(entry) => {
                let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
                if is_file && may_be_document(entry.path()) {
                    let options = self.collector.options;
                    (self.found).add(entry.path(), true, &mut self.reader, options);
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
