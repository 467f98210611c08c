//! Patterns of paths, as `.gitignore` writes them.

use std::path::{Path, PathBuf};

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};

use super::Setting;

/// A pattern has at most this many bytes, so that reading it takes no time.
const MAX_LENGTH: usize = 1000;

/// Patterns of paths below a folder. One that matches a folder matches all that is in it.
#[derive(Clone, Debug)]
pub struct Patterns {
    /// The folder that they are relative to.
    folder: PathBuf,
    /// What is written, for people.
    pub written: Vec<Setting<String>>,
    files: Vec<GlobSet>,
    folders: Vec<GlobSet>,
}

impl Patterns {
    /// Patterns below `folder`. Those that are none are left out.
    pub(super) fn new(folder: &Path, written: Vec<Setting<String>>) -> Patterns {
        let read = (written.iter()).filter_map(|pattern| globs(&pattern.value).ok());
        let (mut files, mut folders) = (Vec::new(), Vec::new());
        for globs in read {
            files.extend((!globs.is_folder).then(|| globs.itself.clone()));
            files.push(globs.inside.clone());
            folders.extend([globs.itself, globs.inside]);
        }
        Patterns {
            folder: folder.to_owned(),
            written,
            files: sets(&files),
            folders: sets(&folders),
        }
    }

    /// Whether a file matches, which has an absolute path. Of one outside of the folder, only patterns
    /// match that are bound to no place.
    pub fn matches(&self, path: &Path) -> bool {
        is_match(&self.files, self.relative(path))
    }

    /// The same for a folder.
    pub fn matches_folder(&self, path: &Path) -> bool {
        is_match(&self.folders, self.relative(path))
    }

    /// The absolute paths that they match, if those are all.
    pub fn only_paths(&self) -> Option<Vec<PathBuf>> {
        let written = self.written.iter();
        written
            .map(|pattern| Some(self.folder.join(only_path(&pattern.value)?)))
            .collect()
    }

    fn relative<'p>(&self, path: &'p Path) -> &'p Path {
        let below = path.strip_prefix(&self.folder);
        below.unwrap_or_else(|_| path.strip_prefix("/").unwrap_or(path))
    }
}

/// The pattern of one file and no other, by its path from the folder of the configuration on, with `/`
/// between folders.
pub fn literal(path: &str) -> String {
    let mut pattern = String::new();
    // Without a slash, it would match in every folder.
    if !path.contains('/') {
        pattern.push('/');
    }
    for character in path.chars() {
        match character {
            '*' | '?' | '[' | ']' | '{' | '}' => pattern.extend(['[', character, ']']),
            '\\' => pattern.push_str("\\\\"),
            '!' if pattern.is_empty() => pattern.push_str("/!"),
            character => pattern.push(character),
        }
    }
    pattern
}

/// The path that a pattern matches and no other, from the folder of the configuration on; `None` where it
/// may match several. All that is in it matches too, if it is a folder.
fn only_path(pattern: &str) -> Option<String> {
    let is_bound = pattern.trim_end_matches('/').contains('/');
    let path = pattern.strip_prefix("./").unwrap_or(pattern);
    let path = path.strip_prefix('/').unwrap_or(path);
    let mut only = String::new();
    let mut rest = path.chars();
    while let Some(character) = rest.next() {
        match character {
            '*' | '?' | '{' | '}' | ']' => return None,
            '\\' => only.push(rest.next()?),
            // A class of one character is that character.
            '[' => {
                only.push(rest.next().filter(|it| *it != '!' && *it != '^')?);
                rest.next().filter(|it| *it == ']')?;
            }
            character => only.push(character),
        }
    }
    (is_bound && !only.ends_with('/')).then_some(only)
}

/// One set of all globs; where that would be too large, one for each.
fn sets(globs: &[Glob]) -> Vec<GlobSet> {
    match set(globs) {
        Ok(set) => vec![set],
        Err(_) => (globs.iter())
            .filter_map(|glob| set(std::slice::from_ref(glob)).ok())
            .collect(),
    }
}

fn set(globs: &[Glob]) -> Result<GlobSet, globset::Error> {
    let mut builder = GlobSetBuilder::new();
    for glob in globs {
        builder.add(glob.clone());
    }
    builder.build()
}

fn is_match(sets: &[GlobSet], path: &Path) -> bool {
    sets.iter().any(|set| set.is_match(path))
}

/// What a pattern matches.
#[derive(Debug)]
pub(super) struct Globs {
    itself: Glob,
    /// What lies in that.
    inside: Glob,
    /// Whether it is about folders only.
    is_folder: bool,
}

/// Reads a pattern.
///
/// # Errors
///
/// What is wrong with it, in a few words.
pub(super) fn globs(pattern: &str) -> Result<Globs, String> {
    if pattern.len() > MAX_LENGTH {
        return Err(format!("it is longer than {MAX_LENGTH} bytes"));
    }
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
    let glob = |text: String| {
        let built = GlobBuilder::new(&text).literal_separator(true).build();
        let glob = built.map_err(|error| error.kind().to_string())?;
        match set(std::slice::from_ref(&glob)) {
            Ok(_) => Ok(glob),
            Err(_) => Err("it is too large".to_owned()),
        }
    };
    Ok(Globs {
        itself: glob(format!("{lead}{trimmed}"))?,
        inside: glob(format!("{lead}{trimmed}/**"))?,
        is_folder,
    })
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
    fn the_pattern_of_one_file_matches_that_file() {
        for path in [
            "a.json",
            "x/a.json",
            "!a.json",
            "a[1]{b}*?.json",
            "x/!a.json",
            "a\\b.json",
            "a]b",
        ] {
            let own = patterns("/repo", &literal(path));
            assert!(
                own.matches(&Path::new("/repo").join(path)),
                "{}",
                literal(path)
            );
            let only = own.only_paths().unwrap();
            assert_eq!(only, [Path::new("/repo").join(path)], "{}", literal(path));
            assert!(!own.matches(&Path::new("/repo/y").join(path)));
        }
        for several in [
            "a.json",
            "x/*.json",
            "x/a?.json",
            "/[ab].json",
            "/{a,b}",
            "x/",
        ] {
            assert_eq!(patterns("/repo", several).only_paths(), None, "{several}");
        }
    }

    #[test]
    fn a_pattern_with_a_slash_at_its_end_is_about_folders() {
        let vendor = patterns("/repo", "vendor/");
        let path = Path::new("/repo/x/vendor");
        assert!(vendor.matches_folder(path) && !vendor.matches(path));
        assert!(patterns("/repo", "vendor").matches_folder(path));
        assert!(!patterns("/repo", "*.yaml").matches_folder(path));
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
