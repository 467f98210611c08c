//! `gluelint schema`: what the documents that gluelint writes look like, for programs and editors.

use std::io::{self, Write};

use super::args::{SchemaArguments, SchemaOf};
use super::{CLEAN, Failure};
use crate::report;

/// Prints a JSON Schema.
pub(super) fn schema(arguments: &SchemaArguments) -> Result<u8, Failure> {
    let text = match arguments.of {
        SchemaOf::Report => report::SCHEMA,
    };
    io::stdout().lock().write_all(text.as_bytes())?;
    Ok(CLEAN)
}
