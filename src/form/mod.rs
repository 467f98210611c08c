//! Floor 2: where a connection may be written. What leaves this floor has forgotten where.
//!
//! A form is one file and one row of [`FORMS`].

mod ansible;
mod api;
mod cloudformation;
mod crossplane;
mod holes;
mod intrinsics;
mod lower;
mod model;
mod plan;
mod provider;
mod pulumi;
mod serverless;
mod surroundings;

use std::cell::OnceCell;
use std::fmt;

use crate::syntax::{NodeRef, ProblemKind, Tree};
use crate::text::Span;

pub use lower::{embedded_json, lower_plain};
pub use model::{
    Connection, Direction, Entry, Envelope, Facets, Map, Origin, Presence, Reference, Scalar,
    Shape, Spelling, Typing, Value, Words,
};
pub use surroundings::{SecurityGroup, Subnet, Surroundings, User};

/// A form in which connections are written.
pub struct Form {
    /// Its name.
    pub name: &'static str,
    /// What it is, in a few words.
    pub title: &'static str,
    /// By what its documents are recognised.
    pub mark: &'static str,
    /// Whether a document is of this form and holds a connection.
    pub recognises: fn(NodeRef<'_>) -> bool,
    /// Hands over the connections of such a document, one by one; of any other, what there is.
    pub connections: for<'t> fn(NodeRef<'t>, &Stream<'t>, &mut dyn FnMut(Connection<'t>)),
}

impl fmt::Debug for Form {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name)
    }
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
        let text = self.tree.text();
        let is_broken = (self.tree.problems().iter()).any(|it| it.kind == ProblemKind::Syntax);
        if is_broken && plan::may_be_plan(text) {
            return vec![Span::of(0..text.len())];
        }
        let encoded = (self.secrets.get()).map(crossplane::KubernetesSecrets::encoded);
        let mut hidden = encoded.unwrap_or_default();
        hidden.extend(self.tree.documents().flat_map(plan::hidden));
        hidden
    }
}

/// Every form. The first that recognises a document reads it.
pub const FORMS: &[Form] = &[
    plan::FORM,
    crossplane::FORM,
    serverless::FORM,
    cloudformation::FORM,
    pulumi::FORM,
    ansible::FORM,
    api::FORM,
];

/// The form of that name.
pub fn form(name: &str) -> Option<&'static Form> {
    FORMS.iter().find(|form| form.name == name)
}

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
    may_call_module(bytes) || may_be_plan(bytes) || may_be_request(bytes)
}

/// Whether a request may stand there that does not name what it is about.
fn may_be_request(bytes: &[u8]) -> bool {
    [b"HidePassword".as_slice(), b"MatchCriteria"]
        .iter()
        .any(|word| memchr::memmem::find(bytes, word).is_some())
}

/// Whether Terraform's resource may stand there as the value of a key, as in JSON.
fn may_be_plan(bytes: &[u8]) -> bool {
    const NAME: &[u8] = b"_glue_connection\"";
    memchr::memmem::find_iter(bytes, NAME).any(|at| {
        let before = bytes.get(..at).unwrap_or_default();
        let quoted = ["\"aws", "\"awscc"].iter();
        quoted
            .filter_map(|start| before.strip_suffix(start.as_bytes()))
            .any(|before| before.trim_ascii_end().ends_with(b":"))
    })
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
    (b"", b"ConnectionNameList"),
    (b"", b"ConnectionSchemaVersion"),
];
