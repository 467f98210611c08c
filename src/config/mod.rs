//! Floor 4: what a team decides, in `gluelint.yaml`. Text in, settings and findings out.
//!
//! A configuration is a document like any other: what is wrong with it is a finding at its place.
//! Nothing is linted with half a configuration, so one with findings yields no settings. Where files
//! lie and how they are read is for the caller to know.

mod assemble;
mod keys;
mod layer;
mod page;
mod pattern;
mod schema;
mod write;

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use crate::allow::Permission;
use crate::diag::Finding;
use crate::form::Form;
use crate::spec::{Overlay, Severity};
use crate::text::{Source, Span};

pub use assemble::{Alone, Configuration, Unusable};
pub use keys::{KEYS, Key, Kind, LEVELS};
pub use layer::{Example, PolicyEntry};
pub use pattern::{Patterns, literal};
pub use schema::schema;
pub use write::allowing;

/// The names of configurations. Where a folder has several, the first is read. The short endings are
/// there since a file that is passed over in silence would be worse.
pub const NAMES: [&str; 4] = [
    "gluelint.yaml",
    ".gluelint.yaml",
    "gluelint.yml",
    ".gluelint.yml",
];

/// Whether a document is a configuration, by its name.
pub fn is_configuration(name: &str) -> bool {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    NAMES.contains(&file)
}

/// A configuration as it was read.
#[derive(Clone, Debug)]
pub struct File {
    /// Its text, and the name that reports give it.
    pub source: Source,
    /// What tells it from other files: its absolute path.
    pub path: PathBuf,
    /// The absolute folder that its patterns are relative to.
    pub folder: PathBuf,
}

/// Where a setting is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The name of the configuration.
    pub file: Arc<str>,
    /// The line, counted from 1.
    pub line: u32,
}

impl fmt::Display for Origin {
    /// `gluelint.yaml:3`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// A setting, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting<T> {
    /// What is set.
    pub value: T,
    /// Where it is written, in its own file.
    pub span: Span,
    /// The same for people.
    pub origin: Origin,
}

/// What tells a setting from all others: its file and its place there.
pub type Mark = (Arc<str>, Span);

impl<T> Setting<T> {
    /// What tells it from all others.
    pub fn mark(&self) -> Mark {
        (Arc::clone(&self.origin.file), self.span)
    }

    /// Another value at the same place.
    pub(crate) fn map<U>(self, value: impl FnOnce(T) -> U) -> Setting<U> {
        Setting {
            value: value(self.value),
            span: self.span,
            origin: self.origin,
        }
    }
}

/// What becomes of a rule's findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// There are none.
    Off,
    /// They weigh as much.
    At(Severity),
}

impl Level {
    /// The level of that name.
    pub fn from_name(name: &str) -> Option<Level> {
        match name {
            "off" => Some(Level::Off),
            _ => Severity::from_name(name).map(Level::At),
        }
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Level::Off => "off",
            Level::At(severity) => severity.name(),
        }
    }
}

/// The levels of rules, by name. A rule without one weighs what it weighs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Levels(BTreeMap<String, Setting<Level>>);

impl Levels {
    /// No level for any rule.
    pub const NONE: &'static Levels = &Levels(BTreeMap::new());

    /// The level of a rule.
    pub fn get(&self, rule: &str) -> Option<&Setting<Level>> {
        self.0.get(rule)
    }

    /// Gives a finding the weight that its rule has; false for one that there is not to be.
    pub fn weigh(&self, finding: &mut Finding) -> bool {
        match self.0.get(finding.rule.name).map(|setting| setting.value) {
            Some(Level::Off) => false,
            Some(Level::At(severity)) => {
                finding.severity = severity;
                true
            }
            None => true,
        }
    }

    /// Whether there are to be no findings of a rule.
    pub fn is_off(&self, rule: &str) -> bool {
        (self.0.get(rule)).is_some_and(|level| level.value == Level::Off)
    }

    /// The least weight that rules must be judged for, so that what weighs `least` in the end is
    /// found: a level may raise what weighs less.
    pub fn judged_from(&self, least: Severity) -> Severity {
        let raises = |level: &Setting<Level>| matches!(level.value, Level::At(to) if to >= least);
        if self.0.values().any(raises) {
            Severity::Info
        } else {
            least
        }
    }

    fn set(&mut self, rule: &str, level: Setting<Level>) {
        self.0.insert(rule.to_owned(), level);
    }
}

/// What holds for a file, by its configuration. The command line comes before all of it.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// What is reported.
    pub severity: Option<Setting<Severity>>,
    /// What fails; `None` in it where nothing does.
    pub fail_on: Option<Setting<Option<Severity>>>,
    /// What its documents are taken for.
    pub form: Option<Setting<&'static Form>>,
    /// Whether suppressions need a reason.
    pub reasons: Option<Setting<bool>>,
    /// What is allowed.
    pub allow: Vec<Setting<Permission>>,
    /// The levels of rules.
    pub levels: Levels,
    /// What the team adds to the facts.
    pub overlay: Arc<Overlay>,
}
