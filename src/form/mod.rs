//! Floor 2: where a connection may be written. What leaves this floor has forgotten where.
//!
//! A form is one file and one row of [`FORMS`].

mod api;
mod cloudformation;
mod intrinsics;
mod lower;
mod model;

use crate::syntax::NodeRef;

pub use lower::{embedded_json, lower_plain};
pub use model::{
    Connection, Direction, Entry, Envelope, Facets, Map, Origin, Presence, Scalar, Shape, Typing,
    Value,
};

/// A form in which connections are written.
pub struct Form {
    /// Its name.
    pub name: &'static str,
    /// What it is, in a few words.
    pub title: &'static str,
    /// Whether a document is of this form and holds a connection.
    pub recognises: fn(NodeRef<'_>) -> bool,
    /// Hands over the connections of such a document, one by one.
    pub connections: for<'t> fn(NodeRef<'t>, &mut dyn FnMut(Connection<'t>)),
}

/// Every form. The first that recognises a document reads it.
pub const FORMS: &[Form] = &[cloudformation::FORM, api::FORM];

/// The form of a document, if it holds a connection.
pub fn form_of(document: NodeRef<'_>) -> Option<&'static Form> {
    FORMS.iter().find(|form| (form.recognises)(document))
}

/// Whether a file with these bytes may hold a connection: the test that comes before any decoding
/// or parsing. UTF-16 text is given the benefit of the doubt.
pub fn may_hold_connection(bytes: &[u8]) -> bool {
    if matches!(bytes, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]) {
        return true;
    }
    // All of the words hold this one, which is rare; most files are done after one search.
    let mut rest = bytes;
    while let Some(found) = memchr::memmem::find(rest, b"Connection") {
        let (before, from) = rest.split_at(found);
        if before.ends_with(b"AWS::Glue::")
            && !(from.get(b"Connection".len())).is_some_and(u8::is_ascii_alphanumeric)
        {
            return true;
        }
        if WORDS
            .iter()
            .any(|(ahead, word)| before.ends_with(ahead) && from.starts_with(word))
        {
            return true;
        }
        rest = from.get(b"Connection".len()..).unwrap_or_default();
    }
    false
}

/// What stands before `Connection`, and the word from there on.
const WORDS: &[(&[u8], &[u8])] = &[
    (b"", b"ConnectionProperties"),
    (b"", b"ConnectionInput"),
    (b"Physical", b"ConnectionRequirements"),
    (b"Test", b"ConnectionInput"),
];
