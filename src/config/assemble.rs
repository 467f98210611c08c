//! A configuration with all that it extends.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::layer::{Layer, Scope, instead};
use super::{File, Patterns, PolicyEntry, Setting, Settings};
use crate::allow::Permission;
use crate::check;
use crate::diag::Finding;
use crate::spec::{self, Overlay};
use crate::text::Source;

/// Reads the file that another extends, by the name that is written there.
///
/// # Errors
///
/// Why it cannot be read, in a few words.
pub type Load<'l> = &'l mut dyn FnMut(&File, &str) -> Result<File, String>;

/// More files are not stacked: nobody could say what holds.
const MAX_DEPTH: usize = 16;

/// A configuration with all that it extends.
#[derive(Debug)]
pub struct Configuration {
    /// What is extended comes before what extends it.
    layers: Vec<Layer>,
    overlay: Arc<Overlay>,
}

/// A file that cannot be used.
#[derive(Clone, Debug)]
pub struct Unusable {
    /// Its text.
    pub source: Source,
    /// What is wrong with it.
    pub findings: Vec<Finding>,
}

/// A configuration by itself: what it extends is not read. Spans count bytes of its text.
#[derive(Debug)]
pub struct Alone {
    /// What is wrong with it, as far as it tells by itself, in order.
    pub findings: Vec<Finding>,
    /// What it allows.
    pub permissions: Vec<Setting<Permission>>,
}

impl Alone {
    /// Reads a configuration.
    pub fn read(source: &Source) -> Alone {
        let mut layer = Layer::read(File {
            source: source.clone(),
            path: PathBuf::new(),
            folder: PathBuf::new(),
        });
        let is_whole = layer.said.extends.is_empty() && layer.findings.is_empty();
        compare_names(std::slice::from_mut(&mut layer), is_whole);
        layer.findings.sort();
        let scopes = (layer.said.overrides.into_iter()).map(|it| it.scope);
        let scopes = std::iter::once(layer.said.general).chain(scopes);
        Alone {
            findings: layer.findings,
            permissions: scopes.flat_map(|scope| scope.allow).collect(),
        }
    }
}

impl Configuration {
    /// Reads a configuration and what it extends.
    ///
    /// # Errors
    ///
    /// The files that cannot be used, each with what is wrong with it.
    pub fn read(file: File, load: Load<'_>) -> Result<Configuration, Vec<Unusable>> {
        let mut layers = Vec::new();
        collect(file, &mut Vec::new(), &mut layers, load);
        let is_whole = layers.iter().all(|layer| layer.findings.is_empty());
        compare_names(&mut layers, is_whole);
        if layers.iter().any(|layer| !layer.findings.is_empty()) {
            let wrong = layers.into_iter().filter(|it| !it.findings.is_empty());
            return Err(wrong
                .map(|mut layer| {
                    layer.findings.sort();
                    Unusable {
                        source: layer.file.source,
                        findings: layer.findings,
                    }
                })
                .collect());
        }
        let mut overlay = Overlay::default();
        for layer in &layers {
            let said = &layer.said;
            let values = |list: &[Setting<String>]| -> Vec<String> {
                list.iter().map(|setting| setting.value.clone()).collect()
            };
            overlay.types.extend(values(&said.types));
            overlay.properties.extend(values(&said.properties));
            for entry in &said.policies {
                let name = entry.policy.rule.name;
                overlay.policies.retain(|other| other.rule.name != name);
                overlay.policies.push(Arc::clone(&entry.policy));
            }
        }
        Ok(Configuration {
            layers,
            overlay: Arc::new(overlay),
        })
    }

    /// The file itself, without what it extends.
    pub fn file(&self) -> Option<&File> {
        self.layers.last().map(|layer| &layer.file)
    }

    /// What the file itself allows, each with the files that it is for, if not all.
    pub fn allowed(&self) -> impl Iterator<Item = (Option<&Patterns>, &Setting<Permission>)> {
        let own = self.layers.last();
        own.into_iter().flat_map(|layer| {
            let said = &layer.said;
            let some = (said.overrides.iter()).map(|it| (Some(&it.paths), &it.scope));
            let scopes = std::iter::once((None, &said.general)).chain(some);
            scopes.flat_map(|(paths, scope)| scope.allow.iter().map(move |it| (paths, it)))
        })
    }

    /// The names of its files, the one that extends the others last.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        (self.layers.iter()).map(|layer| layer.file.source.name.as_str())
    }

    /// Whether a file, which has an absolute path, is left out.
    pub fn excludes(&self, path: &Path) -> bool {
        self.excluded().any(|patterns| patterns.matches(path))
    }

    /// The same for a folder.
    pub fn excludes_folder(&self, path: &Path) -> bool {
        self.excluded()
            .any(|patterns| patterns.matches_folder(path))
    }

    /// What is left out.
    pub fn excluded(&self) -> impl Iterator<Item = &Patterns> {
        (self.layers.iter()).filter_map(|layer| layer.said.exclude.as_ref())
    }

    /// What is looked at in folders, where that is said.
    pub fn included(&self) -> Option<&Patterns> {
        let mut layers = self.layers.iter().rev();
        layers.find_map(|layer| layer.said.include.as_ref())
    }

    /// The types that it knows beside those of the facts.
    pub fn types(&self) -> impl Iterator<Item = &Setting<String>> {
        self.layers.iter().flat_map(|layer| &layer.said.types)
    }

    /// The properties that it knows beside those of the facts.
    pub fn properties(&self) -> impl Iterator<Item = &Setting<String>> {
        self.layers.iter().flat_map(|layer| &layer.said.properties)
    }

    /// Its policies that hold.
    pub fn policies(&self) -> impl Iterator<Item = &PolicyEntry> {
        let entries = self.layers.iter().flat_map(|layer| &layer.said.policies);
        entries.filter(|entry| {
            let mut holding = self.overlay.policies.iter();
            holding.any(|policy| Arc::ptr_eq(policy, &entry.policy))
        })
    }

    /// The numbers of the overrides that fit a file, which has an absolute path.
    pub fn overrides(&self, path: &Path) -> Vec<usize> {
        let overrides = self.layers.iter().flat_map(|layer| &layer.said.overrides);
        (overrides.enumerate())
            .filter(|(_, it)| it.paths.matches(path))
            .map(|(number, _)| number)
            .collect()
    }

    /// What holds for the files that these overrides fit.
    pub fn settings(&self, overrides: &[usize]) -> Settings {
        let mut settings = Settings {
            overlay: Arc::clone(&self.overlay),
            ..Settings::default()
        };
        let mut number = 0..;
        for layer in &self.layers {
            let said = &layer.said;
            settings.severity = said.severity.clone().or(settings.severity);
            settings.fail_on = said.fail_on.clone().or(settings.fail_on);
            settings.reasons = said.reasons.clone().or(settings.reasons);
            for entry in &said.policies {
                let name = entry.policy.rule.name;
                settings.levels.set(name, entry.level.clone());
            }
            settings.apply(&said.general);
            for it in &said.overrides {
                if (number.next()).is_some_and(|number| overrides.contains(&number)) {
                    settings.apply(&it.scope);
                }
            }
        }
        settings
    }
}

impl Settings {
    fn apply(&mut self, scope: &Scope) {
        self.form = scope.form.clone().or(self.form.take());
        self.allow.extend(scope.allow.iter().cloned());
        for (name, level) in &scope.rules {
            (self.levels).set(&name.value, name.clone().map(|_| *level));
        }
    }
}

/// Reads a file, and before it what it extends.
fn collect(file: File, stack: &mut Vec<PathBuf>, layers: &mut Vec<Layer>, load: Load<'_>) {
    stack.push(file.path.clone());
    let mut layer = Layer::read(file);
    for wanted in std::mem::take(&mut layer.said.extends) {
        let loaded = load(&layer.file, &wanted.value).and_then(|file| {
            if stack.contains(&file.path) {
                return Err("it extends this file in turn".to_owned());
            }
            if stack.len() >= MAX_DEPTH {
                return Err(format!("more than {MAX_DEPTH} files extend each other"));
            }
            Ok(file)
        });
        match loaded {
            // What two files extend says it once.
            Ok(file) if layers.iter().any(|layer| layer.file.path == file.path) => {}
            Ok(file) => collect(file, stack, layers, load),
            Err(why) => layer.complain(
                wanted.span,
                "extends",
                format!("the configuration that is extended cannot be used: {why}"),
                "Write the path of a configuration, relative to this file.".to_owned(),
            ),
        }
    }
    stack.pop();
    layers.push(layer);
}

/// Complains about names of nothing. `is_whole` tells that all could be read that may bring names
/// of the team's own.
fn compare_names(layers: &mut [Layer], is_whole: bool) {
    let own = |list: fn(&Layer) -> &[Setting<String>]| -> BTreeSet<String> {
        (layers.iter().flat_map(list))
            .map(|setting| setting.value.clone())
            .collect()
    };
    let types = own(|layer| &layer.said.types);
    let properties = own(|layer| &layer.said.properties);
    let policies: BTreeSet<&'static str> = (layers.iter())
        .flat_map(|layer| &layer.said.policies)
        .map(|entry| entry.policy.rule.name)
        .collect();
    let listed = spec::connection_types().iter().map(|kind| kind.name);
    let known_types: BTreeSet<&str> = listed.chain(types.iter().map(String::as_str)).collect();
    let mut known_names: BTreeSet<&str> = check::policy_names().collect();
    known_names.extend(properties.iter().map(String::as_str));
    let listed = check::rules().map(|rule| rule.name);
    let known_rules: BTreeSet<&str> = listed.chain(policies.iter().copied()).collect();
    for layer in layers {
        let mut wrong: Vec<(Setting<String>, &str, String, String)> = Vec::new();
        let said = &layer.said;
        let scopes = (said.overrides.iter()).map(|it| ("overrides.rules", &it.scope));
        for (path, scope) in [("rules", &said.general)].into_iter().chain(scopes) {
            let allowed = (scope.allow.iter()).map(|it| it.clone().map(|it| it.rule));
            let named = scope.rules.iter().map(|(name, _)| name.clone());
            for name in named.chain(allowed) {
                let is_open = !is_whole && name.value.contains('/');
                if is_open || known_rules.contains(name.value.as_str()) {
                    continue;
                }
                let help = instead(&name.value, known_rules.iter().copied())
                    .unwrap_or_else(|| "`gluelint rules` lists the rules.".to_owned());
                let message = format!("no rule is called `{}`", name.value);
                wrong.push((name, path, message, help));
            }
        }
        for entry in said.policies.iter().filter(|_| is_whole) {
            for name in &entry.types {
                if !known_types.contains(name.value.as_str()) {
                    let help =
                        instead(&name.value, known_types.iter().copied()).unwrap_or_else(|| {
                            "Add it to `types` beside `policy` if AWS's list lacks it.".to_owned()
                        });
                    let message = format!("no connection type is called `{}`", name.value);
                    wrong.push((name.clone(), "policy.types", message, help));
                }
            }
            for name in &entry.names {
                if !known_names.contains(name.value.as_str()) {
                    let help =
                        instead(&name.value, known_names.iter().copied()).unwrap_or_else(|| {
                            "Add it to `properties` beside `policy` if AWS's list lacks it."
                                .to_owned()
                        });
                    let message = format!("no property or member is called `{}`", name.value);
                    wrong.push((name.clone(), "policy", message, help));
                }
            }
        }
        for (name, path, message, help) in wrong {
            layer.complain(name.span, path, message, help);
        }
    }
}
