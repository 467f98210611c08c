//! From paths to a report: files are found, read and linted, in parallel where there are many.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Mutex;

use ignore::{ParallelVisitor, ParallelVisitorBuilder, WalkBuilder, WalkState};

use super::Failure;
use super::args::CheckArguments;
use crate::lint::{FileReport, Options, Report, lint_bytes};

/// The endings of files that may hold a connection. Files without an ending may too.
const ENDINGS: &[&str] = &["json", "yaml", "yml", "template", "jsonl", "ndjson"];

/// Lints everything that the arguments name.
pub(super) fn lint_all(arguments: &CheckArguments, options: &Options) -> Result<Report, Failure> {
    let mut report = Report::default();
    let mut folders = Vec::new();
    let mut reader = Reader::new();
    let mut paths = arguments.paths.clone();
    if let Some(list) = &arguments.files_from {
        // A list takes the place of the default, not of paths that were named.
        if paths.len() == 1 && paths.first().is_some_and(|path| path == Path::new(".")) {
            paths.clear();
        }
        paths.extend(
            names_from(list)?
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
        if path == Path::new("-") {
            let name = arguments.stdin_filename.as_deref().unwrap_or("<stdin>");
            let mut bytes = Vec::new();
            report.add(match io::stdin().lock().read_to_end(&mut bytes) {
                Ok(_) => lint_bytes(name, bytes, &named),
                Err(error) => FileReport::unreadable(name, &describe(&error)),
            });
            continue;
        }
        let kind = path.metadata().map(|metadata| metadata.file_type()).ok();
        if kind.is_some_and(|kind| kind.is_dir()) {
            folders.push(path.as_path());
        } else {
            let is_regular = kind.is_some_and(|kind| kind.is_file());
            report.add(reader.lint(path, is_regular, &named));
        }
    }
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
            report: Mutex::new(report),
        };
        walk.build_parallel().visit(&mut &collector);
        report = match collector.report.into_inner() {
            Ok(report) => report,
            Err(poisoned) => poisoned.into_inner(),
        };
    }
    report.sort();
    Ok(report)
}

fn names_from(list: &Path) -> Result<String, Failure> {
    let read = if list == Path::new("-") {
        io::read_to_string(io::stdin().lock())
    } else {
        std::fs::read_to_string(list)
    };
    read.map_err(|error| {
        Failure::Usage(format!(
            "the list of files {}: {}",
            list.display(),
            describe(&error)
        ))
    })
}

/// Reads files, one after the other, into one buffer.
struct Reader {
    buffer: Vec<u8>,
}

/// Nearly every file that people write fits in here.
const BUFFER: usize = 1 << 16;

impl Reader {
    fn new() -> Reader {
        Reader {
            buffer: vec![0; BUFFER],
        }
    }

    /// Lints a file. `is_regular` tells that it is no pipe or device.
    fn lint(&mut self, path: &Path, is_regular: bool, options: &Options) -> FileReport {
        let read = File::open(path).and_then(|file| self.read(file, is_regular));
        let bytes = match read {
            Ok(bytes) => bytes,
            Err(error) => {
                return FileReport::unreadable(&display_name(path), &describe(&error));
            }
        };
        // Most files end here, without a copy.
        if options.pass_over(&bytes) {
            return FileReport::without_connection(&display_name(path), options);
        }
        lint_bytes(&display_name(path), bytes.into_owned(), options)
    }

    /// Reads a file, into the buffer if it fits.
    fn read(&mut self, mut file: File, is_regular: bool) -> io::Result<Cow<'_, [u8]>> {
        let len = loop {
            match file.read(&mut self.buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read?,
            }
        };
        let begin = self.buffer.get(..len).unwrap_or_default();
        // A regular file that does not fill the buffer has ended; to ask again would cost as much
        // as the reading.
        if is_regular && len < self.buffer.len() {
            return Ok(Cow::Borrowed(begin));
        }
        let mut whole = begin.to_vec();
        file.read_to_end(&mut whole)?;
        Ok(Cow::Owned(whole))
    }
}

/// The name that reports give a file: as it was given, without `./`, with `/` between folders.
pub(super) fn display_name(path: &Path) -> String {
    let name = path.to_string_lossy();
    let name = name.strip_prefix("./").unwrap_or(&name);
    if std::path::MAIN_SEPARATOR == '/' {
        name.to_owned()
    } else {
        name.replace(std::path::MAIN_SEPARATOR, "/")
    }
}

/// An error of the system, in words without its number.
pub(super) fn describe(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(characters).collect()
    })
}

/// Takes what the threads found.
struct Collector<'o> {
    options: &'o Options,
    report: Mutex<Report>,
}

/// One thread's share.
struct Visitor<'c> {
    collector: &'c Collector<'c>,
    reader: Reader,
    report: Report,
}

impl<'s> ParallelVisitorBuilder<'s> for &'s Collector<'s> {
    fn build(&mut self) -> Box<dyn ParallelVisitor + 's> {
        Box::new(Visitor {
            collector: self,
            reader: Reader::new(),
            report: Report::default(),
        })
    }
}

impl ParallelVisitor for Visitor<'_> {
    fn visit(&mut self, entry: Result<ignore::DirEntry, ignore::Error>) -> WalkState {
        match entry {
            Ok(entry) => {
                let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
                if is_file && may_be_document(entry.path()) {
                    let file = self.reader.lint(entry.path(), true, self.collector.options);
                    self.report.add(file);
                }
            }
            Err(error) => {
                let (name, why) = place_of(&error);
                self.report.add(FileReport::unreadable(&name, &why));
            }
        }
        WalkState::Continue
    }
}

impl Drop for Visitor<'_> {
    fn drop(&mut self) {
        let report = std::mem::take(&mut self.report);
        match self.collector.report.lock() {
            Ok(mut all) => all.merge(report),
            Err(poisoned) => poisoned.into_inner().merge(report),
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
