//! Folders that are Terraform modules: their files are linted together, whichever were asked for.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::panic;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::files::{Files, Reader, describe, display_name};
use super::settings::{Configurations, Scout, Settled};
use crate::form::{Role, module_role};
use crate::lint::{FileReport, Options, Report, lint_unit};
use crate::text::{Source, Unit};

/// A file that was asked for and belongs to a module, if its folder is one.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Asked {
    /// Its folder, as it was given.
    folder: PathBuf,
    name: OsString,
    role: Role,
    /// Whether it was named, rather than found in a folder.
    named: bool,
    look: Look,
}

/// What a first look into a file told.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Look {
    /// It may hold a connection.
    MayHold,
    /// It holds none.
    Nothing,
    /// It could not be read, and why.
    Failed(String),
}

/// What a file is in a module, by its name.
pub(super) fn role(path: &Path) -> Option<Role> {
    module_role(&path.file_name()?.to_string_lossy())
}

impl Asked {
    /// Looks into a file of that role.
    pub(super) fn look(
        path: &Path,
        role: Role,
        reader: &mut Reader<'_>,
        options: &Options,
    ) -> Asked {
        let look = match reader.read(path, true) {
            Ok(bytes) if options.pass_over(&bytes) => Look::Nothing,
            Ok(_) => Look::MayHold,
            Err(error) => Look::Failed(describe(&error)),
        };
        Asked {
            folder: path.parent().unwrap_or(Path::new("")).to_owned(),
            name: path.file_name().unwrap_or_default().to_owned(),
            role,
            named: options.named,
            look,
        }
    }

    fn settle(&self, scout: &mut Scout<'_>) -> Option<Settled> {
        scout.settle(&self.folder.join(&self.name), self.named)
    }

    /// Lints a file whose folder is no module.
    fn lint(&self, reader: &mut Reader<'_>, options: &Options) -> FileReport {
        let path = self.folder.join(&self.name);
        match &self.look {
            Look::MayHold => reader.lint(&path, true, options),
            Look::Nothing => FileReport::without_connection(&display_name(&path), options),
            Look::Failed(why) => FileReport::unreadable(&display_name(&path), why),
        }
    }
}

/// Lints the files that were asked for, those of a module together with all others of it.
pub(super) fn lint(
    mut asked: Vec<Asked>,
    threads: usize,
    configurations: &Configurations<'_>,
    files: &Files,
) -> Report {
    if asked.is_empty() {
        return Report::default();
    }
    // Threads found them, in any order.
    asked.sort();
    let mut report = Report::default();
    let mut reader = Reader::new(files);
    let mut scout = configurations.scout();
    let mut modules: BTreeMap<PathBuf, Vec<Asked>> = BTreeMap::new();
    for (folder, asked) in by_folder(asked) {
        let Some(settled) = asked.first().and_then(|file| file.settle(&mut scout)) else {
            continue;
        };
        let options = &settled.options();
        let is_module = |file: &Asked| file.role != Role::Values && file.look == Look::MayHold;
        // A file that was picked out may give a value to a connection that stands in another.
        let mut is_part = || {
            (files.is_partial() || asked.iter().any(|file| file.named))
                && may_hold_connection(&folder, &mut reader, options)
        };
        if asked.iter().any(is_module) || is_part() {
            // A folder may be given in two ways.
            let home = fs::canonicalize(or_here(&folder)).unwrap_or(folder);
            modules.entry(home).or_default().extend(asked);
        } else {
            for file in asked {
                if let Some(settled) = file.settle(&mut scout) {
                    report.add(file.lint(&mut reader, &settled.options()));
                }
            }
        }
    }
    let modules: Vec<Vec<Asked>> = modules.into_values().collect();
    report.merge(lint_modules(&modules, threads, configurations, files));
    report
}

/// Whether a configuration file of a folder may hold a connection.
fn may_hold_connection(folder: &Path, reader: &mut Reader<'_>, options: &Options) -> bool {
    let entries = fs::read_dir(or_here(folder))
        .into_iter()
        .flatten()
        .flatten();
    let paths = entries.map(|entry| entry.path());
    paths
        .filter(|path| role(path).is_some_and(|role| role != Role::Values))
        .any(|path| {
            let bytes = reader.read(&path, true);
            bytes.is_ok_and(|bytes| !options.pass_over(&bytes))
        })
}

fn by_folder(asked: Vec<Asked>) -> BTreeMap<PathBuf, Vec<Asked>> {
    let mut folders: BTreeMap<PathBuf, Vec<Asked>> = BTreeMap::new();
    for file in asked {
        folders.entry(file.folder.clone()).or_default().push(file);
    }
    folders
}

/// Lints modules, several at a time.
fn lint_modules(
    modules: &[Vec<Asked>],
    threads: usize,
    configurations: &Configurations<'_>,
    files: &Files,
) -> Report {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut report = Report::default();
        let mut reader = Reader::new(files);
        let mut scout = configurations.scout();
        while let Some(module) = modules.get(next.fetch_add(1, Ordering::Relaxed)) {
            for file in lint_module(module, &mut scout, &mut reader) {
                report.add(file);
            }
        }
        report
    };
    let threads = match threads {
        0 => thread::available_parallelism().map_or(1, usize::from),
        some => some,
    };
    if threads.min(modules.len()) <= 1 {
        return work();
    }
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads.min(modules.len()))
            .map(|_| scope.spawn(work))
            .collect();
        let mut report = Report::default();
        for worker in workers {
            match worker.join() {
                Ok(share) => report.merge(share),
                Err(cause) => panic::resume_unwind(cause),
            }
        }
        report
    })
}

/// Lints a module: once for each of the settings that its files have, for the files that have them.
fn lint_module(
    module: &[Asked],
    scout: &mut Scout<'_>,
    reader: &mut Reader<'_>,
) -> Vec<FileReport> {
    let mut groups: Vec<(Settled, Vec<&Asked>)> = Vec::new();
    let is_named = module.iter().any(|file| file.named);
    for file in module {
        let Some(settled) = scout.settle(&file.folder.join(&file.name), is_named) else {
            return Vec::new();
        };
        let same = |(other, _): &&mut (Settled, _)| other.is_like(&settled);
        match groups.iter_mut().find(same) {
            Some((_, files)) => files.push(file),
            None => groups.push((settled, vec![file])),
        }
    }
    let folder = module.first().map_or(Path::new(""), |file| &file.folder);
    let mut reports: BTreeMap<String, FileReport> = BTreeMap::new();
    for (settled, files) in &groups {
        let asked = files.iter().map(|file| (file.name.clone(), true)).collect();
        let unit = unit(folder, asked, None, reader);
        for report in lint_unit(&unit, &settled.options()) {
            let is_own = |file: &Asked| display_name(&folder.join(&file.name)) == report.name();
            let is_anothers = !files.iter().any(|file| is_own(file)) && module.iter().any(is_own);
            // What is said of a file that nobody asked for, the first group says.
            if !is_anothers && !reports.contains_key(report.name()) {
                reports.insert(report.name().to_owned(), report);
            }
        }
    }
    reports.into_values().collect()
}

/// Lints a file of a module that is there as bytes, with those that lie in its folder.
pub(super) fn lint_unsaved(
    path: &Path,
    bytes: Vec<u8>,
    reader: &mut Reader<'_>,
    options: &Options,
) -> Vec<FileReport> {
    let folder = path.parent().unwrap_or(Path::new(""));
    if options.pass_over(&bytes) && !may_hold_connection(folder, reader, options) {
        return vec![FileReport::without_connection(&display_name(path), options)];
    }
    lint_unit(&unit_around(path, bytes, reader), options)
}

/// The module of a file that is there as bytes; no other file of it was asked for.
pub(super) fn unit_around(path: &Path, bytes: Vec<u8>, reader: &mut Reader<'_>) -> Unit {
    let folder = path.parent().unwrap_or(Path::new(""));
    let name = path.file_name().unwrap_or_default().to_owned();
    let asked = BTreeMap::from([(name.clone(), true)]);
    unit(folder, asked, Some((name, bytes)), reader)
}

/// The files of a module, in the order of their names: those that were asked for and those that
/// lie beside them, git-ignored ones too, for what is deployed depends on them. One may be there as
/// bytes.
fn unit(
    folder: &Path,
    mut files: BTreeMap<OsString, bool>,
    mut unsaved: Option<(OsString, Vec<u8>)>,
    reader: &mut Reader<'_>,
) -> Unit {
    for entry in fs::read_dir(or_here(folder))
        .into_iter()
        .flatten()
        .flatten()
    {
        // A link that leads nowhere counts: what it should lead to is missing.
        let is_file = fs::metadata(entry.path()).map_or(true, |metadata| metadata.is_file());
        if role(&entry.path()).is_some() && is_file {
            files.entry(entry.file_name()).or_insert(false);
        }
    }
    let mut unit = Unit::default();
    for (name, asked) in files {
        let path = folder.join(&name);
        let bytes = match unsaved.take_if(|(unsaved, _)| *unsaved == name) {
            Some((_, bytes)) => Ok(Cow::Owned(bytes)),
            None => reader.read(&path, true).map_err(|error| describe(&error)),
        };
        let name = display_name(&path);
        let source = bytes.and_then(|bytes| {
            Source::decode(&*name, bytes.into_owned()).map_err(|error| error.to_string())
        });
        match source {
            Ok(source) => unit.push(source, asked),
            Err(why) => unit.push_unreadable(name, why, asked),
        }
    }
    unit
}

/// A folder that can be opened: the current one has no name as part of a path.
fn or_here(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    }
}
