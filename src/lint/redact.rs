//! A document without its secrets, which reads as it did.
//!
//! What is a secret is decided as for reports. But a report is looked at, and a redacted document is
//! read again, by people's tools too: so where the document can be read, names of secrets are looked for
//! in its tree and not in its lines, masks stand only inside scalars and comments, and are made of
//! characters that mean nothing in any language. (A `*` at the beginning of a YAML scalar is an alias.)
//! Of a document that cannot be read all is masked that may be a secret.

use std::collections::BTreeSet;
use std::ops::Range;

use super::{Share, hidden_in, read, scopes, share_at, stream};
use crate::diag::{Secrets, masked, may_be_secret_name};
use crate::form::Form;
use crate::syntax::{Language, NodeKind, NodeRef, Operator, Style, Text, Tree};
use crate::text::{Part, Span, Unit};

/// A document of which all secrets are masked, each character by one of the same width.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redacted {
    /// Its text.
    pub text: String,
    /// How many secrets were masked.
    pub secrets: usize,
    /// How many connections it holds.
    pub connections: usize,
    /// Whether a part of it could not be read.
    pub unreadable: bool,
}

/// Masks the secrets of the files that were asked for, whether they hold connections or not. Every
/// document is taken for one of `form`, if there is one.
pub fn redact(unit: &Unit, form: Option<&'static Form>) -> Vec<Redacted> {
    let trees = read(unit);
    let mut shares: Vec<Share> = (unit.parts().iter().zip(&trees))
        .map(|(part, tree)| Share::of(part, tree))
        .collect();
    let stream = stream(unit, &trees, &shares);
    let mut secrets = Secrets::default();
    for (form, documents) in scopes(&stream, form) {
        for document in documents {
            (form.connections)(document, &stream, &mut |connection| {
                let place = unit.locate(connection.anchor.span);
                if let Some(share) = share_at(&mut shares, place) {
                    share.connections += 1;
                }
                secrets.push(Secrets::of(&connection));
            });
        }
    }
    secrets.push(Secrets::at(stream.hidden()));
    let secrets = secrets.settled();
    let parts = unit.parts().iter().zip(&trees).zip(&shares);
    parts
        .filter(|((part, _), _)| part.asked)
        .map(|((part, tree), share)| {
            let text = unit.text_of(part);
            let (text, secrets) = if share.unreadable {
                Canvas::default().mask(text, &hidden_in(unit, part, share, &secrets))
            } else {
                let canvas = Canvas::of(part, text, tree);
                let mut hidden = secrets.within(part.span);
                let in_tree = tree.documents().flat_map(betrayed_by_names).collect();
                hidden.push(Secrets::at(in_tree).within(part.span));
                hidden.push(Secrets::betrayed_by_words(
                    &canvas.only_comments(text),
                    false,
                ));
                canvas.mask(text, &hidden.settled())
            };
            Redacted {
                text,
                secrets,
                connections: share.connections,
                unreadable: share.unreadable,
            }
        })
        .collect()
}

/// The places of the texts in a document that are secrets by their names, or hold one.
fn betrayed_by_names(document: NodeRef<'_>) -> Vec<Span> {
    let mut found = Vec::new();
    let is_terraform = matches!(
        document.tree().language(),
        Language::Hcl | Language::TerraformJson
    );
    let mut open = vec![(document, Names::Count { hidden: false })];
    if is_terraform {
        open.clear();
        for (key, value) in document.entries() {
            let labels = match key.str().as_deref() {
                Some("resource" | "data" | "ephemeral") => 2,
                Some("module" | "provider") => 1,
                _ => 0,
            };
            open.push((value, Names::Labels(labels)));
        }
    }
    // An alias repeats what is hidden where it stands.
    let mut seen = BTreeSet::new();
    while let Some((node, names)) = open.pop() {
        let hidden = matches!(names, Names::Count { hidden: true });
        if !seen.insert((node.span(), hidden)) {
            continue;
        }
        match node.kind() {
            NodeKind::Scalar(_) => found.extend(secrets_in(node, hidden)),
            NodeKind::List => {
                // The first is the name of a condition.
                let names_what = usize::from(node.tag() == Some("!If"));
                open.extend(node.items().skip(names_what).map(|it| (it, names)));
            }
            NodeKind::Map => each_entry(node, names, &mut open),
            NodeKind::Expression(operator) => {
                let names_what = match operator {
                    Operator::Traversal => continue,
                    // The name of the function.
                    Operator::Call => 1,
                    _ => 0,
                };
                open.extend(node.operands().skip(names_what).map(|it| (it, names)));
            }
            NodeKind::Broken => {}
        }
    }
    found
}

/// What the names around a value say about it.
#[derive(Clone, Copy)]
enum Names {
    /// So many of the next names are labels of a Terraform block, which say nothing.
    Labels(u8),
    /// Whether it is a secret by a name above it.
    Count { hidden: bool },
}

/// Goes on with the entries of a map.
fn each_entry<'t>(map: NodeRef<'t>, names: Names, open: &mut Vec<(NodeRef<'t>, Names)>) {
    let text = |key: &str| map.get(key).and_then(NodeRef::str);
    let is_named = ["Name", "name", "Key", "key"]
        .iter()
        .any(|key| text(key).is_some_and(|name| may_be_secret_name(&name)));
    // A parameter, a variable or a resource, of which the name says what its value is.
    let is_declaration = [
        "Type",
        "type",
        "Default",
        "default",
        "Value",
        "value",
        "Description",
    ]
    .iter()
    .chain(&["description", "Properties"])
    .any(|key| map.get(key).is_some());
    for (key, value) in map.entries() {
        open.push((key, Names::Count { hidden: false }));
        let hidden = match (names, key.str().as_deref()) {
            (Names::Labels(labels @ 1..), _) => {
                open.push((value, Names::Labels(labels - 1)));
                continue;
            }
            (_, None) => false,
            // These take names of other things.
            (_, Some("Ref" | "Fn::GetAtt" | "Fn::ImportValue" | "Fn::FindInMap" | "Condition")) => {
                continue;
            }
            (names, Some(name)) => {
                let is_inside = matches!(names, Names::Count { hidden: true });
                let is_value = matches!(name, "Default" | "default" | "Value" | "value");
                may_be_secret_name(name)
                    || (is_inside && (is_value || !is_declaration))
                    || (is_named && is_value)
            }
        };
        open.push((value, Names::Count { hidden }));
    }
}

/// The secrets in a scalar: all of it, if its name says so.
fn secrets_in(scalar: NodeRef<'_>, hidden: bool) -> Vec<Span> {
    let Some(text) = scalar.text() else {
        return Vec::new();
    };
    let is_reference = matches!(
        scalar.tag(),
        Some("!Ref" | "!GetAtt" | "!ImportValue" | "!FindInMap" | "!Condition")
    );
    let written = text.as_str().trim();
    let is_harmless = matches!(written, "true" | "false" | "null" | "~" | "")
        || (written.starts_with("${") && written.ends_with('}'))
        || (written.starts_with("{{") && written.ends_with("}}"));
    if is_reference {
        Vec::new()
    } else if hidden && !is_harmless {
        vec![text.span()]
    } else {
        let secrets = Secrets::betrayed_by_words(text.as_str(), false);
        let spans = secrets.spans().iter();
        spans.map(|span| text.span_of(span.range())).collect()
    }
}

/// Where in a document masks may stand.
#[derive(Default)]
struct Canvas {
    /// In order, apart from each other; none where they may stand anywhere.
    areas: Vec<(Span, Ink)>,
    /// The areas that are comments.
    comments: Vec<Span>,
}

/// What masks are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ink {
    /// Letters.
    Letters,
    /// What is a number stays one.
    Digits,
}

impl Ink {
    /// What may stand in a scalar; `None` for a word that is no secret and in whose place nothing else
    /// may stand.
    fn of(scalar: NodeRef<'_>) -> Option<Ink> {
        let is_typed = scalar.tree().language() != Language::Yaml
            && scalar.kind() == NodeKind::Scalar(Style::Plain);
        match scalar.source() {
            "true" | "false" | "null" if is_typed => None,
            number if is_typed && number.starts_with(|c: char| c.is_ascii_digit() || c == '-') => {
                Some(Ink::Digits)
            }
            _ => Some(Ink::Letters),
        }
    }
}

/// A span of the whole text as one of a file's own.
fn local(span: Span, part: &Part) -> Span {
    let local = |offset: u32| offset.saturating_sub(part.span.start);
    Span::new(local(span.start), local(span.end))
}

impl Canvas {
    fn of(part: &Part, text: &str, tree: &Tree<'_>) -> Canvas {
        let mut canvas = Canvas::default();
        let mut end = 0;
        for scalar in tree.scalars() {
            let Some(written) = scalar.text() else {
                continue;
            };
            let whole = local(scalar.span(), part);
            canvas.add_comments(text, Span::new(end, whole.start), tree.language());
            end = end.max(whole.end);
            canvas.add_scalar(scalar, &written, part);
        }
        let rest = Span::new(end, Span::of(0..text.len()).end);
        canvas.add_comments(text, rest, tree.language());
        canvas
    }

    /// Lets masks stand in a scalar, or in those of the JSON that it holds.
    fn add_scalar(&mut self, scalar: NodeRef<'_>, text: &Text<'_>, part: &Part) {
        if text.as_str().starts_with(['{', '[']) {
            let json = Tree::read(text.as_str(), Language::Json);
            if json.problems().is_empty() {
                for inner in json.scalars() {
                    if let (Some(ink), Some(written)) = (Ink::of(inner), inner.text()) {
                        let span = text.span_of(written.span().range());
                        self.areas.push((local(span, part), ink));
                    }
                }
                return;
            }
        }
        if let Some(ink) = Ink::of(scalar) {
            self.areas.push((local(text.span(), part), ink));
        }
    }

    /// Lets masks stand in the comments of a part of a document that is outside of all scalars.
    fn add_comments(&mut self, text: &str, part: Span, language: Language) {
        let kinds: &[(&str, &str)] = match language {
            Language::Yaml => &[("#", "\n")],
            // JSON has none, but people write them.
            _ => &[("#", "\n"), ("//", "\n"), ("/*", "*/")],
        };
        let mut rest = part;
        while !rest.is_empty() {
            let slice = rest.slice(text);
            let starts =
                (kinds.iter()).filter_map(|(mark, end)| Some((slice.find(mark)?, mark, end)));
            let Some((start, mark, end)) = starts.min_by_key(|(start, ..)| *start) else {
                return;
            };
            let inside = rest.start as usize + start + mark.len();
            let behind = text.get(inside..part.end as usize).unwrap_or_default();
            let len = behind.find(end).unwrap_or(behind.len());
            let comment = Span::of(inside..inside + len);
            self.areas.push((comment, Ink::Letters));
            self.comments.push(comment);
            rest = Span::new(Span::of(0..inside + len).end, part.end);
        }
    }

    /// The text with a blank in place of every byte outside of comments.
    fn only_comments(&self, text: &str) -> String {
        let mut only = String::with_capacity(text.len());
        let mut from = 0;
        let blank = |only: &mut String, range: Range<usize>| {
            let bytes = text.as_bytes().get(range).unwrap_or_default();
            only.extend(
                bytes
                    .iter()
                    .map(|byte| if *byte == b'\n' { '\n' } else { ' ' }),
            );
        };
        for comment in &self.comments {
            blank(&mut only, from..comment.start as usize);
            only.push_str(comment.slice(text));
            from = comment.end as usize;
        }
        blank(&mut only, from..text.len());
        only
    }

    /// The text with its secrets masked, and how many there were.
    fn mask(&self, text: &str, secrets: &Secrets) -> (String, usize) {
        let mut redacted = String::with_capacity(text.len());
        let mut count = 0;
        let mut from = 0;
        let mut areas = self.areas.iter().peekable();
        for span in secrets.spans() {
            redacted.push_str(text.get(from..span.start as usize).unwrap_or_default());
            let before = redacted.len();
            for (offset, character) in span.slice(text).char_indices() {
                let at = span.start as usize + offset;
                while areas.next_if(|(area, _)| area.end as usize <= at).is_some() {}
                let ink = match areas.peek() {
                    Some((area, ink)) if area.start as usize <= at => Some(*ink),
                    _ if self.areas.is_empty() => Some(Ink::Letters),
                    _ => None,
                };
                redacted.push(match (ink, masked(character)) {
                    (None, _) => character,
                    (Some(Ink::Letters), '*') => 'x',
                    (Some(Ink::Digits), _) if character.is_ascii_digit() => '9',
                    (Some(Ink::Digits), _) => character,
                    (Some(Ink::Letters), mask) => mask,
                });
            }
            let is_masked = redacted.get(before..) != Some(span.slice(text));
            count += usize::from(is_masked);
            from = span.end as usize;
        }
        redacted.push_str(text.get(from..).unwrap_or_default());
        (redacted, count)
    }
}
