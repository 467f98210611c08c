//! Configurations are found, read, and asked what holds for a file.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};
use std::{env, fs};

use super::args::SettingsArguments;
use super::files::{Files, describe, display_name};
use super::{Failure, forms};
use crate::allow::Date;
use crate::config::{self, Configuration, File, Settings};
use crate::diag::Finding;
use crate::form::Form;
use crate::lint::{FileReport, Options, Report};
use crate::spec::Severity;
use crate::text::Source;

/// Every configuration of a run, read when the first file asks for it.
pub(super) struct Configurations<'a> {
    arguments: &'a SettingsArguments,
    files: &'a Files,
    /// The form that the command line asks for.
    form: Option<&'static Form>,
    /// Whether findings are wanted that are not to be shown.
    judges_all: bool,
    /// The current folder.
    here: PathBuf,
    choice: Choice,
    /// The nearest configuration of each folder that was asked about.
    folders: Mutex<BTreeMap<PathBuf, Option<Arc<Known>>>>,
    /// The reports on configurations that cannot be used, by name.
    unusable: Mutex<BTreeMap<String, FileReport>>,
    /// Whether there is any.
    is_unusable: AtomicBool,
    /// What holds where there is no configuration.
    none: Arc<Settings>,
}

/// Which configuration a file has.
enum Choice {
    /// The nearest one.
    Nearest,
    /// The one that the command line names, or none at all.
    Given(Option<Arc<Known>>),
}

/// A configuration, with the settings that it has for files so far.
pub(super) struct Known {
    pub(super) configuration: Configuration,
    /// By the overrides that fit the file.
    settings: Mutex<BTreeMap<Vec<usize>, Arc<Settings>>>,
}

/// What holds for a file.
pub(super) struct Settled {
    pub(super) settings: Arc<Settings>,
    /// Findings that weigh less are not to be shown.
    shown: Severity,
    least: Severity,
    fail_on: Option<Severity>,
    form: Option<&'static Form>,
    named: bool,
}

impl Settled {
    /// Whether the same holds for another file of the same folder.
    pub(super) fn is_like(&self, other: &Settled) -> bool {
        Arc::ptr_eq(&self.settings, &other.settings)
    }

    /// Gives a finding its weight; false for one that is not to be told.
    pub(super) fn weigh(&self, finding: &mut Finding) -> bool {
        self.settings.levels.weigh(finding) && finding.severity >= self.least
    }

    /// The same for the linter.
    pub(super) fn options(&self) -> Options<'_> {
        Options {
            least: self.least,
            fail_on: self.fail_on,
            named: self.named,
            form: self.form,
            levels: &self.settings.levels,
            overlay: &self.settings.overlay,
            today: today(),
            needs_reason: (self.settings.reasons.as_ref()).is_some_and(|it| it.value),
            permissions: &self.settings.allow,
        }
    }
}

/// The day, in UTC; `None` where the clock is wrong beyond all measure.
pub(super) fn today() -> Option<Date> {
    const SECONDS: u64 = 24 * 60 * 60;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    Date::since_epoch(now.as_secs() / SECONDS)
}

impl<'a> Configurations<'a> {
    /// The configurations that the command line asks for.
    ///
    /// # Errors
    ///
    /// An error of usage, where it names a form that there is not or a file that cannot be read.
    pub(super) fn new(
        arguments: &'a SettingsArguments,
        files: &'a Files,
    ) -> Result<Configurations<'a>, Failure> {
        let mut configurations = Configurations {
            arguments,
            files,
            form: arguments.form.as_deref().map(forms::named).transpose()?,
            judges_all: false,
            here: env::current_dir().unwrap_or_default(),
            choice: Choice::Nearest,
            folders: Mutex::default(),
            unusable: Mutex::default(),
            is_unusable: AtomicBool::new(false),
            none: Arc::default(),
        };
        if let Some(path) = &arguments.config {
            let file = (configurations.read(&configurations.absolute(path)))
                .map_err(|why| Failure::Usage(format!("{}: {why}", display_name(path))))?;
            let file = File {
                folder: configurations.here.clone(),
                ..file
            };
            configurations.choice = Choice::Given(configurations.known(file));
        } else if arguments.no_config {
            configurations.choice = Choice::Given(None);
        }
        Ok(configurations)
    }

    /// Lets everything be judged, whatever is to be shown.
    pub(super) fn judge_all(&mut self) {
        self.judges_all = true;
    }

    /// The form that the command line asks for.
    pub(super) fn form(&self) -> Option<&'static Form> {
        self.form
    }

    /// A view of them for one thread.
    pub(super) fn scout(&self) -> Scout<'_> {
        Scout {
            configurations: self,
            last: None,
        }
    }

    /// The configurations that were found and allow something; none where the command line names one,
    /// which may be there for other folders too.
    pub(super) fn allowing(&self) -> Vec<Arc<Known>> {
        let mut allowing: Vec<Arc<Known>> = Vec::new();
        for known in lock(&self.folders).values().flatten() {
            let path = |known: &Known| known.configuration.file().map(|file| file.path.clone());
            // Two threads may have read one.
            let is_new = !allowing.iter().any(|it| path(it) == path(known));
            if is_new && known.configuration.allowed().next().is_some() {
                allowing.push(Arc::clone(known));
            }
        }
        allowing
    }

    /// The path of a file without detours.
    pub(super) fn absolute(&self, path: &Path) -> PathBuf {
        absolute(path, &self.here)
    }

    /// What a run found; where a configuration cannot be used, that and nothing else.
    pub(super) fn finish(&self, report: Report) -> Report {
        let unusable = lock(&self.unusable);
        if unusable.is_empty() {
            return report;
        }
        Report {
            looked_at: unusable.len(),
            unusable: unusable.len(),
            files: unusable.values().cloned().collect(),
            ..Report::default()
        }
    }

    /// Reads a configuration, which has an absolute path.
    fn read(&self, path: &Path) -> Result<File, String> {
        let bytes = (self.files.configuration(path)).map_err(|error| describe(&error))?;
        let name = shown(path, &self.here);
        Ok(File {
            source: Source::decode(name, bytes).map_err(|error| error.to_string())?,
            folder: path.parent().unwrap_or(Path::new("")).to_owned(),
            // However it was found, it is one file.
            path: fs::canonicalize(path).unwrap_or_else(|_| path.to_owned()),
        })
    }

    /// Reads what a configuration extends.
    fn known(&self, file: File) -> Option<Arc<Known>> {
        let mut load = |from: &File, wanted: &str| {
            let folder = from.path.parent().unwrap_or(Path::new(""));
            let path = folder.join(wanted);
            let path = fs::canonicalize(&path).map_err(|error| describe(&error))?;
            self.read(&path)
        };
        match Configuration::read(file, &mut load) {
            Ok(configuration) => Some(Arc::new(Known {
                configuration,
                settings: Mutex::default(),
            })),
            Err(files) => {
                for file in files {
                    let report = FileReport::on_configuration(&file.source, file.findings);
                    self.refuse(report);
                }
                None
            }
        }
    }

    fn refuse(&self, report: FileReport) {
        self.is_unusable.store(true, Ordering::Relaxed);
        lock(&self.unusable).insert(report.name().to_owned(), report);
    }

    /// The configuration in a folder itself.
    fn own(&self, folder: &Path) -> Option<Arc<Known>> {
        let path = (config::NAMES.iter())
            .map(|name| folder.join(name))
            .find(|path| path.is_file())?;
        match self.read(&path) {
            Ok(file) => self.known(file),
            Err(why) => {
                let name = shown(&path, &self.here);
                self.refuse(FileReport::unreadable(&name, &why));
                None
            }
        }
    }

    /// The nearest configuration of a folder, which has an absolute path.
    fn nearest(&self, folder: &Path) -> Option<Arc<Known>> {
        if let Some(known) = lock(&self.folders).get(folder) {
            return known.clone();
        }
        let found = self.own(folder).or_else(|| {
            // A repository is a world of its own.
            let is_root = folder.join(".git").exists();
            let above = folder.parent().filter(|_| !is_root);
            above.and_then(|above| self.nearest(above))
        });
        // Another thread may have been here first.
        let mut folders = lock(&self.folders);
        folders.entry(folder.to_owned()).or_insert(found).clone()
    }

    /// The configuration of a file; of an empty path, that of the current folder.
    pub(super) fn of_file(&self, path: &Path) -> Option<Arc<Known>> {
        self.of_folder(&self.absolute(path.parent().unwrap_or(Path::new(""))))
    }

    /// What holds for a file by its configuration, or without a file for those that no override
    /// fits.
    pub(super) fn of(&self, known: Option<&Known>, path: Option<&Path>) -> Settled {
        let path = path.map(|path| self.absolute(path)).unwrap_or_default();
        self.settled(known, &path, true)
    }

    /// The configuration of the files in a folder.
    pub(super) fn of_folder(&self, folder: &Path) -> Option<Arc<Known>> {
        match &self.choice {
            Choice::Nearest => self.nearest(folder),
            Choice::Given(known) => known.clone(),
        }
    }

    /// What holds for a file by its configuration.
    fn settled(&self, known: Option<&Known>, path: &Path, named: bool) -> Settled {
        let settings = known.map_or_else(
            || Arc::clone(&self.none),
            |known| {
                let overrides = known.configuration.overrides(path);
                let mut settings = lock(&known.settings);
                let entry = settings.entry(overrides);
                let settings = entry.or_insert_with_key(|overrides| {
                    Arc::new(known.configuration.settings(overrides))
                });
                Arc::clone(settings)
            },
        );
        let arguments = self.arguments;
        let set = settings.severity.as_ref().map(|setting| setting.value);
        let shown = (arguments.severity.map(Severity::from))
            .or(set)
            .unwrap_or(Options::DEFAULT.least);
        let set = settings.fail_on.as_ref().map(|setting| setting.value);
        let fail_on = (arguments.fail_on.map(|fail_on| fail_on.severity()))
            .or(set)
            .unwrap_or(Options::DEFAULT.fail_on);
        let set = settings.form.as_ref().map(|setting| setting.value);
        // What makes the exit code 1 is shown, whatever else is.
        let shown = fail_on.map_or(shown, |fail_on| fail_on.min(shown));
        Settled {
            shown,
            least: if self.judges_all {
                Severity::Info
            } else {
                shown
            },
            fail_on,
            form: self.form.or(set),
            named,
            settings,
        }
    }
}

/// Configurations as one thread sees them: most files lie in the folder of the one before.
pub(super) struct Scout<'c> {
    configurations: &'c Configurations<'c>,
    /// A folder as it was given, its absolute path, and its configuration.
    last: Option<(PathBuf, PathBuf, Option<Arc<Known>>)>,
}

impl Scout<'_> {
    fn look(&mut self, folder: &Path) -> (&Path, Option<&Known>) {
        let is_last = (self.last.as_ref()).is_some_and(|(last, ..)| last == folder);
        if !is_last {
            let path = self.configurations.absolute(folder);
            let known = self.configurations.of_folder(&path);
            self.last = Some((folder.to_owned(), path, known));
        }
        match &self.last {
            Some((_, path, known)) => (path, known.as_deref()),
            None => (Path::new(""), None),
        }
    }

    /// What holds for a file; `None` where nothing can be linted, for want of a configuration that
    /// can be used. `named` tells that it was named, rather than found in a folder.
    pub(super) fn settle(&mut self, path: &Path, named: bool) -> Option<Settled> {
        let configurations = self.configurations;
        let (folder, known) = self.look(path.parent().unwrap_or(Path::new("")));
        if configurations.is_unusable.load(Ordering::Relaxed) {
            return None;
        }
        let path = match known {
            Some(_) => folder.join(path.file_name().unwrap_or_default()),
            // Nobody will ask for it.
            None => PathBuf::new(),
        };
        Some(configurations.settled(known, &path, named))
    }

    /// Of a file, findings that weigh less are not to be shown.
    pub(super) fn least(&mut self, path: &Path) -> Severity {
        (self.settle(path, false)).map_or(Severity::Info, |settled| settled.shown)
    }

    /// Whether there are to be no findings of a rule in a file.
    pub(super) fn is_off(&mut self, path: &Path, rule: &str) -> bool {
        (self.settle(path, false)).is_none_or(|settled| settled.settings.levels.is_off(rule))
    }

    /// Whether a file is left out.
    pub(super) fn excludes(&mut self, path: &Path) -> bool {
        self.matches(path, Configuration::excludes)
    }

    /// Whether a folder that lies in another is left out.
    pub(super) fn excludes_folder(&mut self, path: &Path) -> bool {
        self.matches(path, Configuration::excludes_folder)
    }

    /// Whether a folder that was named is left out, as far as its own configuration tells.
    pub(super) fn excludes_named(&mut self, folder: &Path) -> bool {
        let (folder, known) = self.look(folder);
        known.is_some_and(|known| known.configuration.excludes_folder(folder))
    }

    /// Whether a file in a folder is looked at, where its configuration says so.
    pub(super) fn includes(&mut self, path: &Path) -> Option<bool> {
        self.matches(path, |configuration, path| {
            Some(configuration.included()?.matches(path))
        })
    }

    /// What the configuration of a file says of its absolute path.
    fn matches<T: Default>(
        &mut self,
        path: &Path,
        says: impl FnOnce(&Configuration, &Path) -> T,
    ) -> T {
        let (folder, known) = self.look(path.parent().unwrap_or(Path::new("")));
        known.map_or_else(T::default, |known| {
            let path = folder.join(path.file_name().unwrap_or_default());
            says(&known.configuration, &path)
        })
    }
}

/// The name of a file for people: from the current folder, if it is not far away.
fn shown(path: &Path, here: &Path) -> String {
    if let Ok(below) = path.strip_prefix(here) {
        return display_name(below);
    }
    let folder = path.parent().unwrap_or(Path::new(""));
    match here.strip_prefix(folder) {
        Ok(down) => {
            let up: PathBuf = down.components().map(|_| Component::ParentDir).collect();
            display_name(&up.join(path.file_name().unwrap_or_default()))
        }
        Err(_) => display_name(path),
    }
}

/// The path of a file from the root, without detours.
fn absolute(path: &Path, here: &Path) -> PathBuf {
    if path.components().any(|part| part == Component::ParentDir) {
        if let Ok(path) = fs::canonicalize(path) {
            return path;
        }
        // It is not there, its folder may be.
        let folder = path.parent().and_then(|it| fs::canonicalize(it).ok());
        if let (Some(folder), Some(name)) = (folder, path.file_name()) {
            return folder.join(name);
        }
    }
    let mut absolute = here.to_owned();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            part => absolute.push(part),
        }
    }
    absolute
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
