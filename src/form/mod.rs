//! Floor 2: where a connection may be written. What leaves this floor has forgotten where.
//!
//! A form is one file and one row of [`FORMS`].

mod ansible;
mod api;
mod cloudformation;
mod compose;
mod crossplane;
mod datazone;
mod holes;
mod intrinsics;
mod lower;
mod model;
mod module;
mod plan;
mod provider;
mod pulumi;
mod serverless;
mod surroundings;
mod terraform;

use std::cell::OnceCell;
use std::fmt;

use crate::syntax::{NodeRef, Tree};
use crate::text::Span;

pub use lower::{embedded_json, lower_plain};
pub use model::{
    Connection, Direction, Entry, Envelope, Facets, Map, Origin, Parameter, Presence, Reference,
    Scalar, Shape, Spelling, Typing, Value, Words,
};
pub use module::{Role, module_role};
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
    /// What stands around them.
    pub surroundings: for<'t> fn(NodeRef<'t>, &Stream<'t>) -> Surroundings<'t>,
    /// Whether the documents of a unit are one, so that what stands around the connections of one
    /// stands around those of all.
    pub is_module: bool,
}

impl fmt::Debug for Form {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name)
    }
}

/// A file of a unit, as forms see it.
#[derive(Clone, Copy, Debug)]
pub struct File<'t> {
    /// Its name, with `/` between folders.
    pub name: &'t str,
    /// What it holds.
    pub tree: &'t Tree<'t>,
    /// Where it lies in the text of the unit.
    pub span: Span,
    /// Whether all of it could be read.
    pub whole: bool,
}

/// The files of a unit, for forms in which one document speaks of another.
#[derive(Debug)]
pub struct Stream<'t> {
    files: Vec<File<'t>>,
    /// Kubernetes Secrets by name; found when the first is asked for.
    secrets: OnceCell<crossplane::KubernetesSecrets<'t>>,
    /// The Terraform module that the files make up; read when it is asked for.
    module: OnceCell<terraform::Module<'t>>,
}

impl<'t> Stream<'t> {
    /// The files of a unit.
    pub fn new(files: Vec<File<'t>>) -> Stream<'t> {
        Stream {
            files,
            secrets: OnceCell::new(),
            module: OnceCell::new(),
        }
    }

    /// The only file of a unit, without a name.
    pub fn of(tree: &'t Tree<'t>) -> Stream<'t> {
        Stream::new(vec![File {
            name: "",
            tree,
            span: Span::of(0..tree.text().len()),
            whole: true,
        }])
    }

    /// The files, in the order of the unit.
    pub fn files(&self) -> &[File<'t>] {
        &self.files
    }

    /// The documents of all files.
    pub fn documents(&self) -> impl Iterator<Item = NodeRef<'t>> {
        self.files.iter().flat_map(|file| file.tree.documents())
    }

    /// The Terraform module that the files make up.
    fn module(&self) -> &terraform::Module<'t> {
        (self.module).get_or_init(|| terraform::Module::of(self.files()))
    }

    /// Parts of the unit that no report may show, whatever the connections make of them.
    pub fn hidden(&self) -> Vec<Span> {
        let encoded = (self.secrets.get()).map(crossplane::KubernetesSecrets::encoded);
        let mut hidden = encoded.unwrap_or_default();
        for file in &self.files {
            if !file.whole && plan::may_be_plan(file.span.slice(file.tree.text())) {
                hidden.push(file.span);
            }
            hidden.extend(file.tree.documents().flat_map(plan::hidden));
        }
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
    terraform::FORM,
    ansible::FORM,
    datazone::FORM,
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
    may_call_module_or_resource(bytes) || may_be_request(bytes)
}

/// Whether a request may stand there that does not name what it is about.
fn may_be_request(bytes: &[u8]) -> bool {
    // Others have an `instanceMatchCriteria`.
    let is_apart = |at: usize, word: &[u8]| {
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        let after = bytes.get(at + word.len());
        ![before, after]
            .iter()
            .flatten()
            .any(|byte| byte.is_ascii_alphanumeric())
    };
    [b"HidePassword".as_slice(), b"MatchCriteria"]
        .into_iter()
        .any(|word| memchr::memmem::find_iter(bytes, word).any(|at| is_apart(at, word)))
}

/// Whether Ansible's module or Terraform's resource may be there. Both have the same name: the
/// module's stands there as a key, the resource's as a text of its own.
fn may_call_module_or_resource(bytes: &[u8]) -> bool {
    const NAME: &[u8] = b"glue_connection";
    memchr::memmem::find_iter(bytes, NAME).any(|at| {
        let before = bytes.get(..at).unwrap_or_default();
        let after = bytes.get(at + NAME.len()..).unwrap_or_default();
        is_resource(before, after) || is_module(before, after)
    })
}

/// Whether the name of Terraform's resource stands there, in one of the two providers: in quotes,
/// as in its state and plans too, or without them behind `resource`.
fn is_resource(before: &[u8], after: &[u8]) -> bool {
    let provider = [b"aws_".as_slice(), b"awscc_"].into_iter();
    provider
        .filter_map(|provider| before.strip_suffix(provider))
        .any(|before| {
            let is_bare = before.trim_ascii_end().ends_with(b"resource")
                && after.first().is_some_and(u8::is_ascii_whitespace);
            is_bare || (before.ends_with(b"\"") && after.starts_with(b"\""))
        })
}

/// Whether the name of Ansible's module stands there as a key, or as what an action is.
fn is_module(before: &[u8], after: &[u8]) -> bool {
    let before = before.strip_suffix(b"aws_").unwrap_or(before);
    let before = before.strip_suffix(b"community.aws.").unwrap_or(before);
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    if before.last().is_some_and(is_word) || after.first().is_some_and(is_word) {
        return false;
    }
    let is_quote = |byte: &u8| matches!(byte, b'"' | b'\'');
    let after = after.strip_prefix(b"\"").unwrap_or(after);
    let after = after.strip_prefix(b"'").unwrap_or(after);
    let key = (before.trim_ascii_end().iter().rev())
        .skip_while(|byte| is_quote(byte) || byte.is_ascii_whitespace())
        .skip_while(|byte| **byte == b':')
        .skip_while(|byte| is_quote(byte) || byte.is_ascii_whitespace());
    let is_action = [b"module".as_slice(), b"action"]
        .iter()
        .any(|word| key.clone().take(word.len()).eq(word.iter().rev()));
    is_action || after.trim_ascii_start().starts_with(b":")
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
