//! `--changed`: only files that git says were changed.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;

use super::Failure;

#[derive(Debug, Args)]
#[command(next_help_heading = "New findings only")]
pub(super) struct ChangedArguments {
    /// Of the files to check, check only those that git says were changed
    ///
    /// Staged, unstaged and untracked files count, compared with the last commit. A Terraform module is
    /// read as a whole all the same. Standard input counts as changed.
    #[arg(long)]
    pub(super) changed: bool,

    /// Compare with the point where the branch left this revision, such as origin/main
    #[arg(long, value_name = "REV", requires = "changed")]
    pub(super) since: Option<String>,
}

/// Files that were changed.
#[derive(Debug)]
pub(super) struct Changed {
    /// From the root on, links in the last place not followed.
    paths: BTreeSet<PathBuf>,
    /// Their names, to pass over other files without asking the system.
    names: BTreeSet<OsString>,
}

impl Changed {
    /// Asks git, if that is wanted.
    ///
    /// # Errors
    ///
    /// An error of usage: there is no git, no repository, or no such revision.
    pub(super) fn ask(arguments: &ChangedArguments) -> Result<Option<Changed>, Failure> {
        if !arguments.changed {
            return Ok(None);
        }
        let root = git(None, &["rev-parse", "--show-toplevel"])?;
        let root = path(root.strip_suffix(b"\n").unwrap_or(&root));
        let root = fs::canonicalize(&root).unwrap_or(root);
        let base = base(&root, arguments.since.as_deref())?;
        let diff = ["diff", "--name-only", "-z", "--no-renames", "--no-relative"];
        let diff = [
            &diff[..],
            &["--no-ext-diff", "--diff-filter=d", &base, "--"],
        ]
        .concat();
        let mut names = git(Some(&root), &diff)?;
        let untracked = ["ls-files", "-z", "--others", "--exclude-standard"];
        names.extend(git(Some(&root), &untracked)?);
        let names = names.split(|byte| *byte == 0).filter(|it| !it.is_empty());
        let paths: BTreeSet<PathBuf> = names.map(|name| root.join(path(name))).collect();
        Ok(Some(Changed {
            names: (paths.iter())
                .filter_map(|path| path.file_name().map(OsStr::to_owned))
                .collect(),
            paths,
        }))
    }

    /// Whether a file is one of them.
    pub(super) fn holds(&self, path: &Path) -> bool {
        let Some(name) = path.file_name().filter(|name| self.names.contains(*name)) else {
            return false;
        };
        let folder = match path.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        };
        fs::canonicalize(folder).is_ok_and(|folder| self.paths.contains(&folder.join(name)))
    }
}

/// What to compare with.
fn base(root: &Path, since: Option<&str>) -> Result<String, Failure> {
    let commit = |revision: &str| {
        let revision = format!("{revision}^{{commit}}");
        let arguments = ["rev-parse", "--verify", "--end-of-options", &revision];
        git(Some(root), &arguments).map(|hash| trimmed(&hash))
    };
    let Some(since) = since else {
        // In a repository without a commit everything is new.
        let empty = || git(Some(root), &["hash-object", "-t", "tree", "--stdin"]);
        return commit("HEAD").or_else(|_| Ok(trimmed(&empty()?)));
    };
    let theirs = commit(since)?;
    git(Some(root), &["merge-base", &theirs, "HEAD"])
        .map(|hash| trimmed(&hash))
        .map_err(|_| Failure::Usage(format!("{since} and HEAD have no commit in common")))
}

fn trimmed(hash: &[u8]) -> String {
    String::from_utf8_lossy(hash).trim().to_owned()
}

/// What git prints.
fn git(folder: Option<&Path>, arguments: &[&str]) -> Result<Vec<u8>, Failure> {
    let mut command = Command::new("git");
    if let Some(folder) = folder {
        command.current_dir(folder);
    }
    command.stdin(std::process::Stdio::null());
    let fail = |why: &str| Failure::Usage(format!("--changed asks git: {why}"));
    let output = (command.args(arguments).output())
        .map_err(|error| fail(&super::files::describe(&error)))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let words = String::from_utf8_lossy(&output.stderr);
    let words = words.lines().next().unwrap_or("it failed");
    Err(fail(words.strip_prefix("fatal: ").unwrap_or(words)))
}

#[cfg(unix)]
fn path(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
fn path(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}
