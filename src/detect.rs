//! Floor 4: what a document is taken for, and by what. It cannot fail.

use crate::check;
use crate::diag::{Secrets, mask};
use crate::form::{self, Form, Stream};
use crate::syntax::{Language, ProblemKind, Tree};
use crate::text::{ColumnUnit, Lines, Position, Source};

/// What a document is taken for.
#[derive(Clone, Debug, Default)]
pub struct Detection {
    /// The connections in it, in the order of their forms.
    pub sightings: Vec<Sighting>,
    /// Why it could not be read, or not in full.
    pub unreadable: Option<String>,
}

/// A connection that was recognised. No part of it is a secret.
#[derive(Clone, Debug)]
pub struct Sighting {
    /// The form.
    pub form: &'static Form,
    /// Where it begins, in code points.
    pub position: Position,
    /// Its logical path; empty where it is the document.
    pub path: String,
    /// What people call it.
    pub title: String,
}

/// Looks for connections in a document that is there as bytes.
pub fn detect(name: &str, bytes: Vec<u8>) -> Detection {
    if !form::may_hold_connection(&bytes) {
        return Detection::default();
    }
    let source = match Source::decode(name, bytes) {
        Ok(source) => source,
        Err(error) => {
            return Detection {
                unreadable: Some(error.to_string()),
                ..Detection::default()
            };
        }
    };
    let tree = Tree::read(&source.text, Language::of(&source.name, &source.text));
    let lines = Lines::new(&source.text);
    let position = |offset| lines.position(&source.text, offset, ColumnUnit::CodePoint);
    let stream = Stream::of(&tree);
    let mut sightings: Vec<Sighting> = Vec::new();
    for document in tree.documents() {
        let Some(form) = form::form_of(document) else {
            continue;
        };
        (form.connections)(document, &stream, &mut |connection| {
            let title = check::title(&connection, &Secrets::of(&connection));
            let sighting = Sighting {
                form,
                position: position(connection.anchor.span.start),
                path: masked(&connection.path),
                title: masked(title),
            };
            // A resource may be read several times, for each of its instances.
            let is_seen = |last: &Sighting| {
                (last.position, &last.path) == (sighting.position, &sighting.path)
            };
            if !sightings.last().is_some_and(is_seen) {
                sightings.push(sighting);
            }
        });
    }
    let mut problems = tree.problems().iter();
    let problem = problems.find(|problem| problem.kind == ProblemKind::Syntax);
    Detection {
        sightings,
        unreadable: problem.map(|problem| {
            let Position { line, column } = position(problem.span.start);
            format!("line {line}, column {column}: {}", problem.message)
        }),
    }
}

/// A name of the document, without what its words betray.
fn masked(name: &str) -> String {
    mask(name, &Secrets::betrayed_by_words(name, false)).into_owned()
}
