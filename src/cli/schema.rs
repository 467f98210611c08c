//! `gluelint schema`: what the documents that gluelint reads and writes look like, for programs and
//! editors.

use std::io::{self, Write};

use super::args::{SchemaArguments, SchemaOf};
use super::{CLEAN, Failure, to_json};
use crate::config;
use crate::report;

/// Prints a JSON Schema.
pub(super) fn schema(arguments: &SchemaArguments) -> Result<u8, Failure> {
    let text = match arguments.of {
        SchemaOf::Report => report::SCHEMA.to_owned(),
        SchemaOf::Config => to_json(&config::schema())?,
    };
    io::stdout().lock().write_all(text.as_bytes())?;
    Ok(CLEAN)
}
