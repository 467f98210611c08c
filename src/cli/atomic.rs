//! Files are written whole or not at all.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process;

/// How many names to try for the temporary file: one may be left from a run that was killed.
const TRIES: u32 = 100;

/// Writes a file, so that whoever reads it meanwhile sees the old content or the new one. A link is
/// followed, and a file that is there keeps its permissions. What is no regular file, such as a
/// pipe or `/dev/stderr`, is written to as it is.
///
/// # Errors
///
/// Those of the system. The file is then as it was.
pub(super) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let target = target(path)?;
    let permissions = match fs::metadata(&target) {
        Ok(metadata) if !metadata.is_file() => return fs::write(&target, bytes),
        // A rename would ask only for the folder's permission.
        Ok(metadata) if metadata.permissions().readonly() => {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        Ok(metadata) => Some(metadata.permissions()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    let (temporary, mut file) = create_beside(&target)?;
    let written = (|| {
        if let Some(permissions) = permissions {
            file.set_permissions(permissions)?;
        }
        file.write_all(bytes)?;
        // Else a crash of the machine may leave the new name with no content.
        file.sync_all()?;
        drop(file);
        fs::rename(&temporary, &target)
    })();
    if written.is_err() {
        // The first error is the one to tell.
        let _ = fs::remove_file(&temporary);
    }
    written
}

/// Where links lead to, in the end; the file there need not exist.
fn target(path: &Path) -> io::Result<PathBuf> {
    // As many as Linux follows.
    const LINKS: usize = 40;
    let mut path = path.to_owned();
    for _ in 0..LINKS {
        match fs::read_link(&path) {
            // A relative link counts from the folder that it lies in.
            Ok(next) => path = path.parent().unwrap_or(Path::new("")).join(next),
            Err(_) => return Ok(path),
        }
    }
    Err(io::Error::other("too many levels of symbolic links"))
}

/// Creates a file in the same folder, with a name that nothing has.
fn create_beside(target: &Path) -> io::Result<(PathBuf, File)> {
    let name = target.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let mut outcome = Err(io::ErrorKind::AlreadyExists.into());
    for attempt in 0..TRIES {
        let mut temporary = OsString::from(".");
        temporary.push(name);
        temporary.push(format!(".{}-{attempt}.tmp", process::id()));
        let temporary = target.with_file_name(temporary);
        let file = (OpenOptions::new().write(true).create_new(true)).open(&temporary);
        outcome = file.map(|file| (temporary, file));
        if !matches!(&outcome, Err(error) if error.kind() == io::ErrorKind::AlreadyExists) {
            break;
        }
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names in a folder.
    fn names(folder: &Path) -> Vec<OsString> {
        let mut names: Vec<_> = (fs::read_dir(folder).unwrap())
            .map(|entry| entry.unwrap().file_name())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_made_or_replaced_and_nothing_else_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        for content in ["one", "a longer one", ""] {
            write(&path, content.as_bytes()).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), content);
        }
        assert_eq!(names(folder.path()), ["a.json"]);
    }

    #[test]
    fn an_error_leaves_the_file_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let error = write(&folder.path().join("none/a.json"), b"x").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
        let path = folder.path().join("a.json");
        write(&path, b"old").unwrap();
        let mut permissions = fs::metadata(&path).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&path, permissions).unwrap();
        let error = write(&path, b"new").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::PermissionDenied);
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        assert_eq!(names(folder.path()), ["a.json"]);
    }

    #[cfg(unix)]
    #[test]
    fn permissions_and_links_stay() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let real = folder.path().join("real");
        fs::create_dir(&real).unwrap();
        let file = real.join("a.sh");
        fs::write(&file, "old").unwrap();
        fs::set_permissions(&file, PermissionsExt::from_mode(0o750)).unwrap();
        // A link to a link, each relative to its own folder.
        symlink("real/b", folder.path().join("link")).unwrap();
        symlink("a.sh", real.join("b")).unwrap();
        write(&folder.path().join("link"), b"new").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o750);
        assert!(folder.path().join("link").is_symlink() && real.join("b").is_symlink());
        assert_eq!(names(&real), ["a.sh", "b"]);
        // A link may lead to a file that is not there yet, or round in a circle.
        symlink("real/new", folder.path().join("dangling")).unwrap();
        write(&folder.path().join("dangling"), b"x").unwrap();
        assert_eq!(fs::read_to_string(real.join("new")).unwrap(), "x");
        symlink("round", folder.path().join("round")).unwrap();
        assert!(write(&folder.path().join("round"), b"x").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_regular_file_is_written_to() {
        write(Path::new("/dev/null"), b"x").unwrap();
        assert!(!Path::new("/dev/null").is_file());
    }
}
