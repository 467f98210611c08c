//! Files are read, and named as reports name them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::changed::Changed;
use super::progress;
use crate::config;
use crate::lint::{FileReport, Options, lint_bytes};

/// The path that means standard input.
pub(super) const STDIN: &str = "-";

/// The files as they are, or as they are going to be.
#[derive(Default)]
pub(super) struct Files {
    /// What could be read but once: standard input and pipes.
    once: Mutex<BTreeMap<PathBuf, Vec<u8>>>,
    /// What is not written yet, by [`identity`].
    drafts: BTreeMap<PathBuf, Vec<u8>>,
    /// Which of them to check; `None` for all.
    changed: Option<Changed>,
}

impl Files {
    /// The files of which only the changed ones are to be checked, if it is said which those are.
    pub(super) fn only(changed: Option<Changed>) -> Files {
        Files {
            changed,
            ..Files::default()
        }
    }

    /// Whether a file is to be checked, if it is asked for.
    pub(super) fn admits(&self, path: &Path) -> bool {
        (self.changed.as_ref()).is_none_or(|changed| changed.holds(path))
    }

    /// Whether some are left out.
    pub(super) fn is_partial(&self) -> bool {
        self.changed.is_some()
    }

    /// Lets a file be read as if it held that.
    pub(super) fn draft(&mut self, identity: PathBuf, bytes: Vec<u8>) {
        self.drafts.insert(identity, bytes);
    }

    /// Lets a file be read as it is.
    pub(super) fn discard(&mut self, identity: &Path) {
        self.drafts.remove(identity);
    }

    /// Reads a configuration.
    pub(super) fn configuration(&self, path: &Path) -> io::Result<Vec<u8>> {
        (self.drafted(path)).map_or_else(|| fs::read(path), |draft| Ok(draft.to_vec()))
    }

    fn drafted(&self, path: &Path) -> Option<&[u8]> {
        if self.drafts.is_empty() {
            return None;
        }
        (self.drafts.get(&identity(path).ok()?)).map(Vec::as_slice)
    }
}

/// What a file is called, however it was named.
///
/// # Errors
///
/// Those of the system: the file has to be there.
pub(super) fn identity(path: &Path) -> io::Result<PathBuf> {
    if path == Path::new(STDIN) {
        return Ok(path.to_owned());
    }
    fs::canonicalize(path)
}

/// Reads files, one after the other, into one buffer.
pub(super) struct Reader<'f> {
    files: &'f Files,
    buffer: Vec<u8>,
}

/// Nearly every file that people write fits in here.
const BUFFER: usize = 1 << 16;

impl<'f> Reader<'f> {
    pub(super) fn new(files: &'f Files) -> Reader<'f> {
        Reader {
            files,
            buffer: vec![0; BUFFER],
        }
    }

    /// The files that it reads.
    pub(super) fn files(&self) -> &'f Files {
        self.files
    }

    /// Lints a file. `is_regular` tells that it is no pipe or device.
    pub(super) fn lint(&mut self, path: &Path, is_regular: bool, options: &Options) -> FileReport {
        let bytes = match self.read(path, is_regular) {
            Ok(bytes) => bytes,
            Err(error) => {
                return FileReport::unreadable(&display_name(path), &describe(&error));
            }
        };
        // Most files end here, without a copy.
        if options.pass_over(&bytes) && !is_configuration(path) {
            return FileReport::without_connection(&display_name(path), options);
        }
        lint_bytes(&display_name(path), bytes.into_owned(), options)
    }

    /// Reads a file, into the buffer if it fits; `-` is standard input. `is_regular` tells that it is
    /// no pipe or device.
    pub(super) fn read(&mut self, path: &Path, is_regular: bool) -> io::Result<Cow<'_, [u8]>> {
        if let Some(draft) = self.files.drafted(path) {
            return Ok(Cow::Borrowed(draft));
        }
        if is_regular {
            return self.read_file(path);
        }
        let mut once = match self.files.once.lock() {
            Ok(once) => once,
            Err(poisoned) => poisoned.into_inner(),
        };
        if let Some(bytes) = once.get(path) {
            return Ok(Cow::Owned(bytes.clone()));
        }
        let mut bytes = Vec::new();
        if path == Path::new(STDIN) {
            read_rest(io::stdin().lock(), &mut bytes)?;
        } else {
            read_rest(File::open(path)?, &mut bytes)?;
        }
        once.insert(path.to_owned(), bytes.clone());
        Ok(Cow::Owned(bytes))
    }

    fn read_file(&mut self, path: &Path) -> io::Result<Cow<'_, [u8]>> {
        progress::note();
        let mut file = File::open(path)?;
        let len = loop {
            match file.read(&mut self.buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read?,
            }
        };
        let begin = self.buffer.get(..len).unwrap_or_default();
        // A regular file that does not fill the buffer has ended; to ask again would cost as much
        // as the reading.
        if len < self.buffer.len() {
            return Ok(Cow::Borrowed(begin));
        }
        if file.metadata()?.len() > LONGEST {
            return Err(io::Error::other(TOO_LONG));
        }
        let mut whole = begin.to_vec();
        read_rest(file, &mut whole)?;
        Ok(Cow::Owned(whole))
    }
}

/// Of what is longer, places could not be told. A device may have no end.
const LONGEST: u64 = u32::MAX as u64;

const TOO_LONG: &str = "it has more than 4 GiB";

/// Reads what is left of an input.
fn read_rest(input: impl Read, bytes: &mut Vec<u8>) -> io::Result<()> {
    let room = LONGEST.saturating_sub(bytes.len() as u64);
    if input.take(room + 1).read_to_end(bytes)? as u64 > room {
        return Err(io::Error::other(TOO_LONG));
    }
    Ok(())
}

fn is_configuration(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.is_some_and(config::is_configuration)
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
