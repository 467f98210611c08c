//! `gluelint redact`: a document without its secrets, to share or to commit.

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::Path;

use super::args::RedactArguments;
use super::files::{Files, Reader, STDIN, describe, display_name};
use super::terminal::remark;
use super::{CLEAN, Failure, UNREADABLE, atomic, forms, modules};
use crate::diag::count;
use crate::lint::{Redacted, redact as redact_unit};
use crate::report::plain;
use crate::text::{Encoding, Source, Unit};

/// Prints a document with its secrets masked, byte for byte otherwise.
pub(super) fn redact(arguments: &RedactArguments) -> Result<u8, Failure> {
    let form = arguments.form.as_deref().map(forms::named).transpose()?;
    let files = Files::default();
    let mut reader = Reader::new(&files);
    let is_stdin = arguments.file == Path::new(STDIN);
    let path = match &arguments.stdin_filename {
        Some(name) if is_stdin => Path::new(name),
        None if is_stdin => Path::new("<stdin>"),
        _ => &arguments.file,
    };
    let name = display_name(path);
    let fail = |why: &str| {
        remark!("error: {} was not redacted: {why}", plain(&name));
        Ok(UNREADABLE)
    };
    let bytes = match reader.read(&arguments.file, false).map(Cow::into_owned) {
        Ok(bytes) => bytes,
        Err(error) => return fail(&describe(&error)),
    };
    let source = match Source::decode(&*name, bytes.clone()) {
        Ok(source) => source,
        Err(error) => return fail(&error.to_string()),
    };
    let encoding = source.encoding;
    // Which variable of a module holds a password is said where it is used.
    let unit = match modules::role(path) {
        Some(_) => modules::unit_around(path, bytes, &mut reader),
        None => Unit::of(source),
    };
    let Some(redacted) = redact_unit(&unit, form).pop() else {
        return fail("it is not there");
    };
    let bytes = encoded(&redacted, encoding);
    match &arguments.output {
        Some(output) => {
            if let Err(error) = atomic::write(output, &bytes) {
                remark!("error: {}: {}", output.display(), describe(&error));
                return Ok(UNREADABLE);
            }
        }
        None => io::stdout().lock().write_all(&bytes)?,
    }
    if redacted.unreadable {
        remark!(
            "note: {} could not be read in full: all that may be a secret is masked",
            plain(&name)
        );
    }
    remark!(
        "{} masked ({})",
        count(redacted.secrets, "secret"),
        count(redacted.connections, "connection")
    );
    Ok(CLEAN)
}

fn encoded(redacted: &Redacted, encoding: Encoding) -> Vec<u8> {
    let source = Source {
        encoding,
        ..Source::new("", &*redacted.text)
    };
    source.encode()
}
