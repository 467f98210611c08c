//! From a reader's events to a [`Tree`].

use std::collections::BTreeMap;

use super::{Kind, Language, MAX_DEPTH, Node, Operator, Problem, ProblemKind, Style, Tree};
use crate::text::Span;

/// Takes a reader's events in the order of the document.
pub(super) struct Builder<'s> {
    tree: Tree<'s>,
    /// Containers that are not closed yet.
    open: Vec<Open>,
    /// Children of the containers that are not closed yet.
    pending: Vec<u32>,
    /// Where the document that is being read began, to take it back should it turn out broken.
    document: Mark,
    /// How many nodes there are so far, each alias counted as what it stands for.
    unfolded: usize,
    /// How many of them aliases add to what is written.
    aliased: usize,
    /// How many nodes each closed container with an anchor holds, itself included.
    sizes: BTreeMap<u32, usize>,
}

struct Open {
    node: u32,
    is_map: bool,
    /// Where its children begin among the pending ones.
    first: usize,
    /// How many nodes stood before it, aliases unfolded.
    before: usize,
    has_anchor: bool,
}

/// How much there was at some moment: see [`Builder::pending`].
#[derive(Clone, Copy)]
pub(super) struct Pending {
    nodes: usize,
    children: usize,
    pending: usize,
    open: usize,
    problems: usize,
}

/// What becomes of nodes that turn out to belong together.
#[derive(Clone, Copy)]
pub(super) enum Group {
    List,
    /// Keys and values in turn.
    Map,
    Expression(Operator),
}

/// Aliases add no more nodes than this to a file. An alias to a list of aliases to lists of aliases
/// would otherwise make any number of them out of a few lines.
const MAX_ALIASED: usize = 100_000;

#[derive(Clone, Copy, Default)]
struct Mark {
    nodes: usize,
    children: usize,
    tags: usize,
    decoded: usize,
}

impl<'s> Builder<'s> {
    pub(super) fn new(text: &'s str, language: Language) -> Builder<'s> {
        Builder {
            tree: Tree {
                text,
                language,
                nodes: Vec::new(),
                children: Vec::new(),
                documents: Vec::new(),
                tags: Vec::new(),
                decoded: Vec::new(),
                has_merges: false,
                has_aliases: false,
                problems: Vec::new(),
            },
            open: Vec::new(),
            pending: Vec::new(),
            document: Mark::default(),
            unfolded: 0,
            aliased: 0,
            sizes: BTreeMap::new(),
        }
    }

    /// Adds a scalar and yields its id.
    pub(super) fn scalar(&mut self, span: Span, style: Style, verbatim: bool) -> u32 {
        self.block_scalar(span, style, verbatim, 0)
    }

    /// Adds a scalar that keeps that many line breaks at its end.
    pub(super) fn block_scalar(
        &mut self,
        span: Span,
        style: Style,
        verbatim: bool,
        breaks: u8,
    ) -> u32 {
        self.add(
            span,
            Kind::Scalar {
                style,
                verbatim,
                breaks,
            },
        )
    }

    /// Adds a scalar whose text the parser knows better than this crate's decoder.
    pub(super) fn decoded_scalar(&mut self, span: Span, style: Style, decoded: String) -> u32 {
        let id = self.scalar(span, style, false);
        self.tree.decoded.push((id, decoded));
        id
    }

    /// Opens a list or a map; `false` where it would be nested too deeply.
    pub(super) fn open(&mut self, span: Span, is_map: bool) -> Option<u32> {
        if self.open.len() >= MAX_DEPTH {
            self.problem(
                span,
                ProblemKind::Syntax,
                format!("more than {MAX_DEPTH} levels of nesting are not read"),
            );
            return None;
        }
        let node = self.add(span, Kind::Broken);
        self.open.push(Open {
            node,
            is_map,
            first: self.pending.len(),
            before: self.unfolded.saturating_sub(1),
            has_anchor: false,
        });
        Some(node)
    }

    /// Closes the innermost container at `end`; at the end of its last child where that is `None`.
    pub(super) fn close(&mut self, end: Option<u32>) {
        let Some(Open {
            node,
            is_map,
            first,
            before,
            has_anchor,
        }) = self.open.pop()
        else {
            return;
        };
        if has_anchor {
            self.sizes.insert(node, self.unfolded - before);
        }
        let last = self.pending.get(first..).and_then(<[u32]>::last).copied();
        let end = end.or_else(|| last.map(|last| self.tree.node(last).span.end));
        let start = u32::try_from(self.tree.children.len()).unwrap_or(u32::MAX);
        let len = u32::try_from(self.pending.len() - first).unwrap_or(u32::MAX);
        self.tree.children.extend(self.pending.drain(first..));
        if let Some(node) = self.tree.nodes.get_mut(node as usize) {
            node.span.end = end.unwrap_or(node.span.end).max(node.span.start);
            node.kind = if is_map {
                Kind::Map {
                    first: start,
                    len: len / 2,
                }
            } else {
                Kind::List { first: start, len }
            };
        }
        self.root(node);
    }

    /// A moment to which [`Builder::group`] and [`Builder::take_back`] can refer.
    pub(super) fn pending(&self) -> Pending {
        Pending {
            nodes: self.tree.nodes.len(),
            children: self.tree.children.len(),
            pending: self.pending.len(),
            open: self.open.len(),
            problems: self.tree.problems.len(),
        }
    }

    /// Whether a container is open.
    pub(super) fn is_within_container(&self) -> bool {
        !self.open.is_empty()
    }

    /// Makes one node of the nodes that the open container got since then: what they are is known
    /// only once they have been read, as with `a ? b : c`.
    pub(super) fn group(&mut self, since: Pending, span: Span, group: Group) {
        let first = u32::try_from(self.tree.children.len()).unwrap_or(u32::MAX);
        let members = self.pending.drain(since.pending.min(self.pending.len())..);
        let len = u32::try_from(members.len()).unwrap_or(u32::MAX);
        self.tree.children.extend(members);
        let kind = match group {
            Group::List => Kind::List { first, len },
            Group::Map => Kind::Map {
                first,
                len: len / 2,
            },
            Group::Expression(operator) => Kind::Expression {
                operator,
                first,
                len,
            },
        };
        self.add(span, kind);
    }

    /// Takes back everything since then.
    pub(super) fn take_back(&mut self, since: Pending) {
        self.take_back_nodes(since);
        self.tree.problems.truncate(since.problems);
    }

    /// Puts so many broken nodes in place of those since then. The problem stays.
    pub(super) fn broken(&mut self, since: Pending, span: Span, nodes: usize) {
        self.take_back_nodes(since);
        for _ in 0..nodes {
            self.add(span, Kind::Broken);
        }
    }

    fn take_back_nodes(&mut self, since: Pending) {
        self.tree.nodes.truncate(since.nodes);
        self.tree.children.truncate(since.children);
        self.pending.truncate(since.pending);
        self.open.truncate(since.open);
    }

    /// How many problems there are.
    pub(super) fn problems(&self) -> usize {
        self.tree.problems.len()
    }

    /// Notes that aliases may point to the container that was opened last.
    pub(super) fn anchor(&mut self, node: u32) {
        if let Some(open) = self.open.last_mut().filter(|open| open.node == node) {
            open.has_anchor = true;
        }
    }

    /// Adds an alias. One that points to a container around it is broken, and so is one that
    /// stands for more nodes than are left to give.
    pub(super) fn alias(&mut self, span: Span, target: Option<u32>) {
        self.tree.has_aliases = true;
        let target = target.filter(|id| self.open.iter().all(|open| open.node != *id));
        let size = target.map_or(0, |id| self.sizes.get(&id).copied().unwrap_or(1));
        let kind = match target {
            Some(target) if self.aliased + size <= MAX_ALIASED => {
                self.aliased += size;
                self.unfolded += size;
                Kind::Alias(target)
            }
            _ => Kind::Broken,
        };
        self.add(span, kind);
    }

    /// Notes the tag of the node that was added last. Ids ascend, so the tags stay in order.
    pub(super) fn tag(&mut self, node: u32, span: Span) {
        self.tree.tags.push((node, span));
    }

    /// Notes that a map has a merge key.
    pub(super) fn merges(&mut self) {
        self.tree.has_merges = true;
    }

    /// Whether the scalar that would be added next is a key.
    pub(super) fn at_key(&self) -> bool {
        self.open
            .last()
            .is_some_and(|open| open.is_map && (self.pending.len() - open.first).is_multiple_of(2))
    }

    pub(super) fn problem(&mut self, span: Span, kind: ProblemKind, message: impl Into<String>) {
        self.tree.problems.push(Problem {
            span,
            kind,
            message: message.into(),
        });
    }

    /// Begins a document.
    pub(super) fn begin_document(&mut self) {
        self.document = Mark {
            nodes: self.tree.nodes.len(),
            children: self.tree.children.len(),
            tags: self.tree.tags.len(),
            decoded: self.tree.decoded.len(),
        };
    }

    /// Takes back what was read of a document that turned out broken.
    pub(super) fn abandon_document(&mut self) {
        self.open.clear();
        self.pending.clear();
        self.sizes.clear();
        let mark = self.document;
        self.tree.nodes.truncate(mark.nodes);
        self.tree.children.truncate(mark.children);
        self.tree.tags.truncate(mark.tags);
        self.tree.decoded.truncate(mark.decoded);
        (self.tree.documents).retain(|id| (*id as usize) < mark.nodes);
    }

    pub(super) fn finish(self) -> Tree<'s> {
        self.tree
    }

    fn add(&mut self, span: Span, kind: Kind) -> u32 {
        let id = u32::try_from(self.tree.nodes.len()).unwrap_or(u32::MAX);
        self.unfolded += 1;
        self.tree.nodes.push(Node { span, kind });
        if !self.open.is_empty() {
            self.pending.push(id);
        } else if !matches!(kind, Kind::Broken) {
            self.tree.documents.push(id);
        }
        id
    }

    /// A container at the top is a document once it is closed.
    fn root(&mut self, node: u32) {
        if self.open.is_empty() {
            self.tree.documents.push(node);
        }
    }
}
