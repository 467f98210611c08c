//! Floor 2: where a connection may be written. What leaves this floor has forgotten where.
//!
//! A form is one file and one row of [`FORMS`].

mod ansible;
mod api;
mod cloudformation;
mod crossplane;
mod datazone;
mod holes;
mod intrinsics;
mod lower;
mod model;
mod pulumi;
mod serverless;
mod surroundings;

use std::cell::OnceCell;

use crate::syntax::{NodeRef, Tree};
use crate::text::Span;

pub use lower::{embedded_json, lower_plain};
pub use model::{
    Connection, Direction, Entry, Envelope, Facets, Map, Origin, Presence, Reference, Scalar,
    Shape, Spelling, Typing, Value,
};
pub use surroundings::{SecurityGroup, Subnet, Surroundings, User};

/// A form in which connections are written.
pub struct Form {
    /// Its name.
    pub name: &'static str,
    /// What it is, in a few words.
    pub title: &'static str,
    /// Whether a document is of this form and holds a connection.
    pub recognises: fn(NodeRef<'_>) -> bool,
    /// Hands over the connections of such a document, one by one.
    pub connections: for<'t> fn(NodeRef<'t>, &Stream<'t>, &mut dyn FnMut(Connection<'t>)),
}

/// The documents of a file, for forms in which one document speaks of another.
#[derive(Debug)]
pub struct Stream<'t> {
    tree: &'t Tree<'t>,
    /// Kubernetes Secrets by name; found when the first is asked for.
    secrets: OnceCell<crossplane::KubernetesSecrets<'t>>,
}

impl<'t> Stream<'t> {
    /// The documents of a tree.
    pub fn of(tree: &'t Tree<'t>) -> Stream<'t> {
        Stream {
            tree,
            secrets: OnceCell::new(),
        }
    }

    /// Parts of the file that no report may show, whatever the connections make of them.
    pub fn hidden(&self) -> Vec<Span> {
        (self.secrets.get()).map_or_else(Vec::new, crossplane::KubernetesSecrets::encoded)
    }
}

/// Every form. The first that recognises a document reads it.
pub const FORMS: &[Form] = &[
    crossplane::FORM,
    serverless::FORM,
    cloudformation::FORM,
    pulumi::FORM,
    ansible::FORM,
    datazone::FORM,
    api::FORM,
];

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
    let mut is_manifest = None;
    // All words but one hold this one, which is rare; most files are done after two searches.
    let mut rest = bytes;
    while let Some(found) = memchr::memmem::find(rest, b"Connection") {
        let (before, from) = rest.split_at(found);
        let ends = !(from.get(b"Connection".len())).is_some_and(u8::is_ascii_alphanumeric);
        if ends && RESOURCES.iter().any(|ahead| before.ends_with(ahead)) {
            return true;
        }
        if ends && *is_manifest.get_or_insert_with(|| crossplane::may_be_manifest(bytes)) {
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
    may_call_module(bytes)
}

/// Whether Ansible's module may be called: its name stands there as a key. Terraform's resource
/// has the same name, but does not write it so.
fn may_call_module(bytes: &[u8]) -> bool {
    const NAME: &[u8] = b"glue_connection";
    memchr::memmem::find_iter(bytes, NAME).any(|at| {
        let before = bytes.get(..at).unwrap_or_default();
        let before = before.strip_suffix(b"aws_").unwrap_or(before);
        let before = before.strip_suffix(b"community.aws.").unwrap_or(before);
        let is_word =
            |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
        let after = bytes.get(at + NAME.len()..).unwrap_or_default();
        let after = after.strip_prefix(b"\"").unwrap_or(after);
        let after = after.strip_prefix(b"'").unwrap_or(after);
        !before.last().is_some_and(is_word) && after.trim_ascii_start().starts_with(b":")
    })
}

/// What stands before `Connection` in the types of resources.
const RESOURCES: &[&[u8]] = &[b"AWS::Glue::", b":glue:", b":glue/connection:"];

/// What stands before `Connection`, and the word from there on.
const WORDS: &[(&[u8], &[u8])] = &[
    (b"", b"ConnectionProperties"),
    (b"", b"ConnectionInput"),
    (b"Physical", b"ConnectionRequirements"),
    (b"Test", b"ConnectionInput"),
];
