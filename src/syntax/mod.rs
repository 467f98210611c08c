//! Floor 1: any language to one tree.
//!
//! Reading never fails: what could not be read is a [`Problem`] of the tree. The tree holds spans
//! only; text is decoded when it is asked for, with the map that leads back to the document.

mod builder;
mod hcl;
mod json;
mod outline;
mod scalar;
mod text;
mod write;
mod yaml;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::text::Span;

pub use outline::{Outline, Part, PartKind};
pub use scalar::{Literal, Schema};
pub use text::{GAP, Text, TextBuilder};
pub use write::{Addition, Change, Position};

/// A language that documents are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// JSON, or several JSON values on lines of their own.
    Json,
    /// JSON in which strings may be templates.
    TerraformJson,
    /// YAML, one or several documents.
    Yaml,
    /// The native syntax of Terraform and OpenTofu.
    Hcl,
}

impl Language {
    /// The language of a document, by its name where the ending says it, else by its beginning.
    pub fn of(name: &str, text: &str) -> Language {
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        let ends_with = |suffix: &str| {
            let start = name.len().checked_sub(suffix.len());
            (start.and_then(|start| name.get(start..)))
                .is_some_and(|end| end.eq_ignore_ascii_case(suffix))
        };
        if [".tf.json", ".tofu.json", ".tfvars.json"]
            .into_iter()
            .any(ends_with)
        {
            return Language::TerraformJson;
        }
        if ["tf", "tofu", "tfvars", "hcl"]
            .iter()
            .any(|e| ending.eq_ignore_ascii_case(e))
        {
            return Language::Hcl;
        }
        if ["json", "jsonl", "ndjson", "tfstate"]
            .iter()
            .any(|e| ending.eq_ignore_ascii_case(e))
        {
            return Language::Json;
        }
        if ["yaml", "yml"]
            .iter()
            .any(|e| ending.eq_ignore_ascii_case(e))
        {
            return Language::Yaml;
        }
        match text.trim_start().as_bytes().first() {
            Some(b'{' | b'[') => Language::Json,
            _ => Language::Yaml,
        }
    }
}

/// Something in a document that its language does not allow.
#[derive(Clone, Debug)]
pub struct Problem {
    /// Where.
    pub span: Span,
    /// What sort of thing.
    pub kind: ProblemKind,
    /// A sentence part, without a final stop.
    pub message: String,
}

/// The sorts of [`Problem`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// A comment in JSON. The reader went on.
    Comment,
    /// A comma behind the last entry in JSON. The reader went on.
    TrailingComma,
    /// Anything else. What it stands in is not read.
    Syntax,
}

/// Deeper nesting is not read.
pub const MAX_DEPTH: usize = 192;

/// A document as a tree of nodes.
#[derive(Debug)]
pub struct Tree<'s> {
    text: &'s str,
    language: Language,
    nodes: Vec<Node>,
    /// Items of lists; keys and values of maps in turn.
    children: Vec<u32>,
    documents: Vec<u32>,
    /// Tags by node, in ascending order.
    tags: Vec<(u32, Span)>,
    /// Decoded text by node, where this crate's decoder and the parser do not agree.
    decoded: Vec<(u32, String)>,
    has_merges: bool,
    has_aliases: bool,
    problems: Vec<Problem>,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    span: Span,
    kind: Kind,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Scalar {
        style: Style,
        /// Whether the text stands in the document as it is, between the quotes if there are any.
        verbatim: bool,
        /// How many line breaks a block scalar keeps at its end.
        breaks: u8,
    },
    List {
        first: u32,
        len: u32,
    },
    Map {
        first: u32,
        len: u32,
    },
    Alias(u32),
    /// What has to be evaluated.
    Expression {
        operator: Operator,
        first: u32,
        len: u32,
    },
    /// What follows an error.
    Broken,
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes: YAML's plain scalars; numbers, booleans and null in JSON.
    Plain,
    /// A JSON string.
    Json,
    /// YAML in single quotes.
    SingleQuoted,
    /// YAML in double quotes.
    DoubleQuoted,
    /// YAML's `|`.
    Literal,
    /// YAML's `>`.
    Folded,
    /// A string of HCL in quotes, without anything to evaluate in it.
    Hcl,
    /// A literal piece of a template in quotes.
    HclPart,
    /// A literal piece of a template without escape sequences: in a heredoc, in Terraform's JSON.
    HeredocPart,
}

/// What makes an expression of its operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// A text of pieces: literal ones, interpolations and directives.
    Template,
    /// `${a}`: a.
    Interpolation,
    /// `%{ if a }`, `%{ endif }`: what it asks for.
    Directive,
    /// `f(a, b)`: the function's name, then the arguments.
    Call,
    /// `a.b[c]`: the root, then the steps.
    Traversal,
    /// `a ? b : c`: the three.
    Conditional,
    /// `a + !b`: every term.
    Operation,
    /// `[for a in b : c if d]`: every expression in it.
    For,
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// A scalar.
    Scalar(Style),
    /// A sequence.
    List,
    /// A mapping.
    Map,
    /// What has to be evaluated.
    Expression(Operator),
    /// What follows an error.
    Broken,
}

impl<'s> Tree<'s> {
    /// Reads a document.
    pub fn read(text: &'s str, language: Language) -> Tree<'s> {
        Tree::read_part(text, Span::of(0..text.len()), language)
    }

    /// Reads the document that is a part of a text and begins on a line of its own. Its spans count
    /// bytes of the whole text.
    pub fn read_part(text: &'s str, part: Span, language: Language) -> Tree<'s> {
        // What stands behind the part is no concern of the reader's; what stands in front of it
        // has to stay, for the spans.
        let text = text.get(..part.end as usize).unwrap_or(text);
        let start = part.start as usize;
        match language {
            Language::Json | Language::TerraformJson => json::read(text, start, language),
            Language::Yaml => yaml::read(text, start),
            Language::Hcl => hcl::read(text, start),
        }
    }

    /// The text it was read from.
    pub fn text(&self) -> &'s str {
        self.text
    }

    /// The language it was read as.
    pub fn language(&self) -> Language {
        self.language
    }

    /// Every scalar, in the order of the document.
    pub fn scalars(&self) -> Vec<NodeRef<'_>> {
        let ids = (0..).zip(&self.nodes);
        let mut scalars: Vec<NodeRef<'_>> = ids
            .filter(|(_, node)| matches!(node.kind, Kind::Scalar { .. }))
            .map(|(id, _)| NodeRef { tree: self, id })
            .collect();
        scalars.sort_by_key(|node| node.span());
        scalars
    }

    /// What the language does not allow, in the order of the document.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The roots of its documents. A document with a syntax problem has none; one in HCL, where only
    /// the value of an argument is broken, has [`NodeKind::Broken`] in its place.
    pub fn documents<'t>(&'t self) -> impl Iterator<Item = NodeRef<'t>> + use<'t, 's> {
        self.documents.iter().map(move |id| NodeRef {
            tree: self,
            id: *id,
        })
    }

    fn node(&self, id: u32) -> Node {
        self.nodes.get(id as usize).copied().unwrap_or(Node {
            span: Span::default(),
            kind: Kind::Broken,
        })
    }
}

/// A node of a [`Tree`]. Aliases are followed.
#[derive(Clone, Copy, Debug)]
pub struct NodeRef<'t> {
    tree: &'t Tree<'t>,
    id: u32,
}

impl<'t> NodeRef<'t> {
    fn target(self) -> NodeRef<'t> {
        let mut id = self.id;
        // The builder lets an alias point to an earlier node only, so this ends.
        while let Kind::Alias(target) = self.tree.node(id).kind {
            id = target;
        }
        NodeRef {
            tree: self.tree,
            id,
        }
    }

    /// The tree it belongs to.
    pub fn tree(self) -> &'t Tree<'t> {
        self.tree
    }

    /// Where it stands: quotes included, a block scalar's header not. For an alias, where the
    /// alias stands.
    pub fn span(self) -> Span {
        self.tree.node(self.id).span
    }

    /// For an alias, where the text stands that it repeats.
    pub fn anchored_span(self) -> Option<Span> {
        let target = self.target();
        (target.id != self.id).then(|| target.span())
    }

    /// Where it stands, its tag included: all of `!Ref DbPort`.
    pub fn span_with_tag(self) -> Span {
        match self.tag_span() {
            // An alias stands elsewhere than the tag of what it means.
            Some(tag) if self.target().id == self.id => tag.cover(self.span()),
            _ => self.span(),
        }
    }

    /// What it is.
    pub fn kind(self) -> NodeKind {
        match self.tree.node(self.target().id).kind {
            Kind::Scalar { style, .. } => NodeKind::Scalar(style),
            Kind::List { .. } => NodeKind::List,
            Kind::Map { .. } => NodeKind::Map,
            Kind::Expression { operator, .. } => NodeKind::Expression(operator),
            Kind::Alias(_) | Kind::Broken => NodeKind::Broken,
        }
    }

    /// Its tag as it is written, `!Ref` say.
    pub fn tag(self) -> Option<&'t str> {
        self.tag_span().map(|span| span.slice(self.tree.text))
    }

    fn tag_span(self) -> Option<Span> {
        if self.tree.tags.is_empty() {
            return None;
        }
        let id = self.target().id;
        let index = self.tree.tags.binary_search_by_key(&id, |tag| tag.0).ok()?;
        self.tree.tags.get(index).map(|tag| tag.1)
    }

    /// The items of a list; none for anything else.
    pub fn items(self) -> impl ExactSizeIterator<Item = NodeRef<'t>> {
        let children: &'t [u32] = match self.tree.node(self.target().id).kind {
            Kind::List { first, len } => self.tree.slice(first, len),
            _ => &[],
        };
        let tree = self.tree;
        children.iter().map(move |id| NodeRef { tree, id: *id })
    }

    /// The operands of an expression; none for anything else.
    pub fn operands(self) -> impl ExactSizeIterator<Item = NodeRef<'t>> {
        let children: &'t [u32] = match self.tree.node(self.target().id).kind {
            Kind::Expression { first, len, .. } => self.tree.slice(first, len),
            _ => &[],
        };
        let tree = self.tree;
        children.iter().map(move |id| NodeRef { tree, id: *id })
    }

    /// What is written there.
    pub fn source(self) -> &'t str {
        self.span().slice(self.tree.text)
    }

    /// The entries of a map, duplicates included, merged ones (`<<`) behind its own; none for
    /// anything else.
    pub fn entries(self) -> Entries<'t> {
        let own = self.own_entries();
        if !self.tree.has_merges || !own.clone().any(|(key, _)| key.is_merge_key()) {
            return Entries::Own(own);
        }
        let mut merged: Vec<(NodeRef, NodeRef)> = Vec::new();
        self.collect_merged(&mut merged, &mut BTreeSet::new(), 0);
        Entries::Merged(merged.into_iter())
    }

    fn own_entries(self) -> OwnEntries<'t> {
        let children: &'t [u32] = match self.tree.node(self.target().id).kind {
            Kind::Map { first, len } => self.tree.slice(first, len.saturating_mul(2)),
            _ => &[],
        };
        OwnEntries {
            tree: self.tree,
            pairs: children.chunks_exact(2),
        }
    }

    fn collect_merged(
        self,
        entries: &mut Vec<(NodeRef<'t>, NodeRef<'t>)>,
        known: &mut BTreeSet<Option<Cow<'t, str>>>,
        depth: usize,
    ) {
        // Duplicates within a map are kept: they are a finding.
        let first = entries.len();
        entries.extend(
            (self.own_entries())
                .filter(|(key, _)| !key.is_merge_key())
                .filter(|(key, _)| !known.contains(&key.str())),
        );
        let own = entries.get(first..).unwrap_or_default();
        known.extend(own.iter().map(|(key, _)| key.str()));
        if depth > 8 {
            return;
        }
        for (key, value) in self.own_entries() {
            if !key.is_merge_key() {
                continue;
            }
            if value.kind() == NodeKind::List {
                for item in value.items() {
                    item.collect_merged(entries, known, depth + 1);
                }
            } else {
                value.collect_merged(entries, known, depth + 1);
            }
        }
    }

    fn is_merge_key(self) -> bool {
        self.tree.language == Language::Yaml
            && matches!(self.kind(), NodeKind::Scalar(Style::Plain))
            && self.span().slice(self.tree.text) == "<<"
    }

    /// The value of the last entry of that key.
    pub fn get(self, key: &str) -> Option<NodeRef<'t>> {
        self.entry(key).map(|(_, value)| value)
    }

    /// The last entry of that key. An own entry comes before a merged one.
    pub fn entry(self, key: &str) -> Option<(NodeRef<'t>, NodeRef<'t>)> {
        match self.entries() {
            Entries::Own(own) => own.filter(|(name, _)| name.is(key)).last(),
            Entries::Merged(mut entries) => entries.find(|(name, _)| name.is(key)),
        }
    }

    /// The entries by their keys, of each key the one that [`NodeRef::entry`] yields: for those who
    /// ask for many of them.
    pub fn entries_by_key(self) -> BTreeMap<Cow<'t, str>, (NodeRef<'t>, NodeRef<'t>)> {
        let keyed = |(key, value): (NodeRef<'t>, NodeRef<'t>)| Some((key.str()?, (key, value)));
        match self.entries() {
            Entries::Own(own) => own.filter_map(keyed).collect(),
            // Of a key that comes again, the last one stays.
            Entries::Merged(entries) => entries.rev().filter_map(keyed).collect(),
        }
    }

    /// Whether it is a scalar of that text.
    pub fn is(self, text: &str) -> bool {
        self.str().is_some_and(|own| own == text)
    }

    /// The text of a scalar.
    pub fn str(self) -> Option<Cow<'t, str>> {
        let node = self.tree.node(self.target().id);
        match node.kind {
            Kind::Scalar {
                style,
                verbatim: true,
                ..
            } => Some(Cow::Borrowed(
                scalar::inside_quotes(style, node.span).slice(self.tree.text),
            )),
            Kind::Scalar { .. } => Some(Cow::Owned(self.text()?.as_str().to_owned())),
            _ => None,
        }
    }

    /// The text of a scalar, with its map. The text of an alias comes from the whole alias.
    pub fn text(self) -> Option<Text<'t>> {
        let target = self.target();
        let node = self.tree.node(target.id);
        let Kind::Scalar {
            style,
            verbatim,
            breaks,
        } = node.kind
        else {
            return None;
        };
        let text = if verbatim {
            let inside = scalar::inside_quotes(style, node.span);
            Text::verbatim(inside.slice(self.tree.text), inside.start)
        } else {
            let overridden = (self.tree.decoded).binary_search_by_key(&target.id, |(id, _)| *id);
            match overridden
                .ok()
                .and_then(|index| self.tree.decoded.get(index))
            {
                Some((_, decoded)) => Text::from_whole(decoded.as_str(), node.span),
                None => scalar::decode(self.tree.text, node.span, style, breaks),
            }
        };
        if target.id == self.id {
            Some(text)
        } else {
            Some(Text::from_whole(text.as_str().to_owned(), self.span()))
        }
    }

    /// The type of a scalar under a schema; quoted scalars are strings under any.
    pub fn literal(self, schema: Schema) -> Literal {
        match self.kind() {
            NodeKind::Scalar(Style::Plain) => self
                .str()
                .map_or(Literal::String, |text| Literal::of_plain(&text, schema)),
            _ => Literal::String,
        }
    }
}

impl Tree<'_> {
    fn slice(&self, first: u32, len: u32) -> &[u32] {
        let first = first as usize;
        self.children
            .get(first..first + len as usize)
            .unwrap_or_default()
    }
}

/// The entries of a map: see [`NodeRef::entries`].
#[derive(Clone, Debug)]
pub enum Entries<'t> {
    /// A map without merges.
    Own(OwnEntries<'t>),
    /// A map with what is merged into it.
    Merged(std::vec::IntoIter<(NodeRef<'t>, NodeRef<'t>)>),
}

/// The entries that stand in a map itself.
#[derive(Clone, Debug)]
pub struct OwnEntries<'t> {
    tree: &'t Tree<'t>,
    pairs: std::slice::ChunksExact<'t, u32>,
}

impl<'t> Iterator for OwnEntries<'t> {
    type Item = (NodeRef<'t>, NodeRef<'t>);

    fn next(&mut self) -> Option<Self::Item> {
        let tree = self.tree;
        match self.pairs.next()? {
            [key, value] => Some((NodeRef { tree, id: *key }, NodeRef { tree, id: *value })),
            _ => None,
        }
    }
}

impl<'t> Iterator for Entries<'t> {
    type Item = (NodeRef<'t>, NodeRef<'t>);

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Entries::Own(own) => own.next(),
            Entries::Merged(merged) => merged.next(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_is_small() {
        // ARCHITECTURE.md says so, and memory for large documents depends on it.
        assert_eq!(size_of::<Node>(), 20);
    }
}
