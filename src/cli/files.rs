//! Files are read, and named as reports name them.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::config;
use crate::lint::{FileReport, Options, lint_bytes};

/// Reads files, one after the other, into one buffer.
pub(super) struct Reader {
    buffer: Vec<u8>,
}

/// Nearly every file that people write fits in here.
const BUFFER: usize = 1 << 16;

impl Reader {
    pub(super) fn new() -> Reader {
        Reader {
            buffer: vec![0; BUFFER],
        }
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

    /// Reads a file, into the buffer if it fits.
    pub(super) fn read(&mut self, path: &Path, is_regular: bool) -> io::Result<Cow<'_, [u8]>> {
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
        if is_regular && len < self.buffer.len() {
            return Ok(Cow::Borrowed(begin));
        }
        let mut whole = begin.to_vec();
        file.read_to_end(&mut whole)?;
        Ok(Cow::Owned(whole))
    }
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
