//! `gluelint forms` and `gluelint detect`: what gluelint reads, and what it takes a file for.

use std::fmt::Write as _;
use std::io::{self, Read, Write};
use std::path::Path;

use serde::Serialize;

use super::args::{DetectArguments, FormsArguments, ListFormat, PlainFormat};
use super::files::{describe, display_name};
use super::{CLEAN, Failure, UNREADABLE, to_json};
use crate::detect::{self, Detection};
use crate::form::{self, FORMS, Form};
use crate::report::plain;
use crate::spec::near;

/// The form of that name.
///
/// # Errors
///
/// An error of usage that says which name may be meant.
pub(super) fn named(name: &str) -> Result<&'static Form, Failure> {
    if let Some(form) = form::form(name) {
        return Ok(form);
    }
    let near = near::nearest(name, FORMS.iter().map(|form| form.name));
    let instead = match near {
        Some(near) => format!("did you mean {near}?"),
        None => "`gluelint forms` lists the forms".to_owned(),
    };
    Err(Failure::Usage(format!(
        "no form is called {name:?}; {instead}"
    )))
}

/// A form in JSON.
#[derive(Serialize)]
struct ListedForm {
    name: &'static str,
    title: &'static str,
    mark: &'static str,
}

fn listed() -> Vec<ListedForm> {
    (FORMS.iter())
        .map(|form| ListedForm {
            name: form.name,
            title: form.title,
            mark: form.mark,
        })
        .collect()
}

/// Prints the forms, in the order in which they are tried.
pub(super) fn forms(arguments: &FormsArguments) -> Result<u8, Failure> {
    let text = match arguments.format {
        ListFormat::Json => to_json(&listed())?,
        ListFormat::Markdown => table(),
        ListFormat::Text => (FORMS.iter())
            .map(|form| format!("{}\n  {}\n  by {}\n", form.name, form.title, form.mark))
            .collect(),
    };
    io::stdout().lock().write_all(text.as_bytes())?;
    Ok(CLEAN)
}

/// The forms as a table in Markdown.
fn table() -> String {
    let mut text = String::from("| Form | Documents | Known by |\n|---|---|---|\n");
    for form in FORMS {
        let _ = writeln!(text, "| `{}` | {} | {} |", form.name, form.title, form.mark);
    }
    text
}

/// What was found in all files, in JSON.
#[derive(Serialize)]
struct Document {
    schema_version: u32,
    files: Vec<DetectedFile>,
    /// What was looked for, in that order.
    forms: Vec<ListedForm>,
}

#[derive(Serialize)]
struct DetectedFile {
    file: String,
    /// Why it could not be read, or not in full; `null` where it could.
    unreadable: Option<String>,
    connections: Vec<DetectedConnection>,
}

#[derive(Serialize)]
struct DetectedConnection {
    form: &'static str,
    mark: &'static str,
    connection: Option<String>,
    logical_path: Option<String>,
    line: u32,
    column: u32,
}

/// Prints what each file is taken for.
pub(super) fn detect(arguments: &DetectArguments) -> Result<u8, Failure> {
    let files: Vec<(String, Detection)> = arguments.files.iter().map(|path| look(path)).collect();
    let is_unreadable = files.iter().any(|(_, found)| found.unreadable.is_some());
    let text = match arguments.format {
        PlainFormat::Text => lines(&files),
        PlainFormat::Json => to_json(&Document {
            schema_version: 1,
            files: files.into_iter().map(detected).collect(),
            forms: listed(),
        })?,
    };
    io::stdout().lock().write_all(text.as_bytes())?;
    Ok(if is_unreadable { UNREADABLE } else { CLEAN })
}

fn look(path: &Path) -> (String, Detection) {
    let (name, read) = if path == Path::new("-") {
        let mut bytes = Vec::new();
        let read = io::stdin().lock().read_to_end(&mut bytes);
        ("<stdin>".to_owned(), read.map(|_| bytes))
    } else {
        (display_name(path), std::fs::read(path))
    };
    let detection = match read {
        Ok(bytes) => detect::detect(&name, bytes),
        Err(error) => Detection {
            unreadable: Some(describe(&error)),
            ..Detection::default()
        },
    };
    (name, detection)
}

/// One line for each connection, and for each file without any; then what was looked for.
fn lines(files: &[(String, Detection)]) -> String {
    let mut text = String::new();
    let mut is_empty = false;
    for (name, found) in files {
        let name = plain(name);
        for sighting in &found.sightings {
            let path = match sighting.path.as_str() {
                "" => "(document)",
                path => path,
            };
            let _ = writeln!(
                text,
                "{name}:{}:{}  {}  {}  ({})",
                sighting.position.line,
                sighting.position.column,
                sighting.form.name,
                plain(path),
                sighting.form.mark
            );
        }
        if let Some(why) = &found.unreadable {
            let _ = writeln!(text, "{name}  could not be read: {}", plain(why));
        } else if found.sightings.is_empty() {
            is_empty = true;
            let _ = writeln!(text, "{name}  no connection");
        }
    }
    if is_empty {
        text.push_str("\nA connection is recognized by one of these:\n");
        for form in FORMS {
            let _ = writeln!(text, "  {}: {}", form.name, form.mark);
        }
    }
    text
}

fn detected((file, found): (String, Detection)) -> DetectedFile {
    let said = |text: String| Some(text).filter(|text| !text.is_empty());
    let connections = found.sightings.into_iter();
    DetectedFile {
        file,
        unreadable: found.unreadable,
        connections: connections
            .map(|sighting| DetectedConnection {
                form: sighting.form.name,
                mark: sighting.form.mark,
                connection: said(sighting.title),
                logical_path: said(sighting.path),
                line: sighting.position.line,
                column: sighting.position.column,
            })
            .collect(),
    }
}
