//! Patterns of paths, as `.gitignore` writes them.

use std::path::{Path, PathBuf};

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};

use super::Setting;

/// Patterns of paths below a folder. One that matches a folder matches all that is in it.
#[derive(Clone, Debug)]
pub struct Patterns {
    /// The folder that they are relative to.
    folder: PathBuf,
    /// What is written, for people.
    pub written: Vec<Setting<String>>,
    set: GlobSet,
}

impl Patterns {
    /// Patterns below `folder`. Those that are none are left out.
    pub(super) fn new(folder: &Path, written: Vec<Setting<String>>) -> Patterns {
        let mut set = GlobSetBuilder::new();
        let read = (written.iter()).filter_map(|pattern| globs(&pattern.value).ok());
        for glob in read.flatten() {
            set.add(glob);
        }
        Patterns {
            folder: folder.to_owned(),
            written,
            set: set.build().unwrap_or_default(),
        }
    }

    /// Whether an absolute path matches. Of a path outside of the folder, only patterns match that
    /// are bound to no place.
    pub fn matches(&self, path: &Path) -> bool {
        let below = path.strip_prefix(&self.folder);
        let path = below.unwrap_or_else(|_| path.strip_prefix("/").unwrap_or(path));
        self.set.is_match(path)
    }
}

/// The globs of a pattern: what it matches, and what lies in that.
///
/// # Errors
///
/// What is wrong with it, in a few words.
pub(super) fn globs(pattern: &str) -> Result<Vec<Glob>, String> {
    if pattern.starts_with('!') {
        return Err("`!` is not understood here".to_owned());
    }
    let is_here = pattern.starts_with("./");
    let trimmed = pattern.strip_prefix("./").unwrap_or(pattern);
    let (trimmed, is_folder) = match trimmed.strip_suffix('/') {
        Some(trimmed) => (trimmed, true),
        None => (trimmed, false),
    };
    let is_bound = is_here || trimmed.contains('/');
    let trimmed = trimmed.strip_prefix('/').unwrap_or(trimmed);
    if trimmed.is_empty() {
        return Err("it matches nothing".to_owned());
    }
    if trimmed.split('/').any(|part| part == "..") {
        return Err("it leads out of the folder of the configuration".to_owned());
    }
    let lead = if is_bound || trimmed.starts_with("**") {
        ""
    } else {
        "**/"
    };
    let itself = (!is_folder).then(|| format!("{lead}{trimmed}"));
    let inside = format!("{lead}{trimmed}/**");
    (itself.into_iter().chain([inside]))
        .map(|glob| {
            let built = GlobBuilder::new(&glob).literal_separator(true).build();
            built.map_err(|error| error.kind().to_string())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::Origin;
    use super::*;
    use crate::text::Span;

    fn patterns(folder: &str, pattern: &str) -> Patterns {
        let setting = Setting {
            value: pattern.to_owned(),
            span: Span::default(),
            origin: Origin::default(),
        };
        Patterns::new(Path::new(folder), vec![setting])
    }

    #[test]
    fn patterns_are_those_of_gitignore() {
        let matches = |pattern: &str, path: &str| {
            patterns("/repo", pattern).matches(&Path::new("/repo").join(path))
        };
        assert!(matches("*.json", "a/b/c.json") && !matches("*.json", "a.yaml"));
        assert!(matches("vendor", "vendor/a.yaml") && matches("vendor", "x/vendor/a.yaml"));
        assert!(matches("vendor/", "x/vendor/a/b.yaml") && !matches("vendor/", "vendor"));
        assert!(matches("/a.yaml", "a.yaml") && !matches("/a.yaml", "x/a.yaml"));
        assert!(matches("./a.yaml", "a.yaml"));
        assert!(matches("x/*.yaml", "x/a.yaml") && !matches("x/*.yaml", "x/y/a.yaml"));
        assert!(!matches("x/*.yaml", "y/x/a.yaml"));
        assert!(matches("x/**/*.yaml", "x/y/z/a.yaml") && matches("x/**/*.yaml", "x/a.yaml"));
        assert!(matches("**/x/a.{yaml,yml}", "y/x/a.yml"));
    }

    #[test]
    fn of_what_lies_elsewhere_only_free_patterns_match() {
        assert!(patterns("/a", "*.json").matches(Path::new("/b/x.json")));
        assert!(!patterns("/a", "/x.json").matches(Path::new("/b/x.json")));
    }

    #[test]
    fn what_is_no_pattern_is_said() {
        for (pattern, why) in [
            ("a[", "unclosed character class; missing ']'"),
            ("!a", "`!` is not understood here"),
            ("/", "it matches nothing"),
            ("../a", "it leads out of the folder of the configuration"),
        ] {
            assert_eq!(globs(pattern).unwrap_err(), why, "{pattern}");
        }
    }
}
