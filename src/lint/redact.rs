//! A document without its secrets, which reads as it did.
//!
//! What is a secret is decided as for reports. But a report is looked at, and a redacted document is
//! read again, by people's tools too: so where the document can be read, masks stand only inside
//! scalars and comments, and are made of characters that mean nothing in any language. (A `*` at the
//! beginning of a YAML scalar is an alias.) Of a document that cannot be read all is masked that may be
//! a secret.

use super::{Share, hidden_in, read, scopes, share_at, stream};
use crate::diag::{Secrets, masked};
use crate::form::Form;
use crate::syntax::{Language, NodeKind, NodeRef, Style, Text, Tree};
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
            let hidden = hidden_in(unit, part, share, &secrets);
            let text = unit.text_of(part);
            let canvas = if share.unreadable {
                Canvas::default()
            } else {
                Canvas::of(part, text, tree)
            };
            let (text, secrets) = canvas.mask(text, &hidden);
            Redacted {
                text,
                secrets,
                connections: share.connections,
                unreadable: share.unreadable,
            }
        })
        .collect()
}

/// Where in a document masks may stand.
#[derive(Default)]
struct Canvas {
    /// In order, apart from each other; none where they may stand anywhere.
    areas: Vec<(Span, Ink)>,
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
            // Functions of CloudFormation, which may stand below the name of a secret.
            "Ref" | "\"Ref\"" => None,
            function if function.trim_start_matches('"').starts_with("Fn::") => None,
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
            Language::Json | Language::TerraformJson => return,
            Language::Yaml => &[("#", "\n")],
            Language::Hcl => &[("#", "\n"), ("//", "\n"), ("/*", "*/")],
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
            self.areas
                .push((Span::of(inside..inside + len), Ink::Letters));
            rest = Span::new(Span::of(0..inside + len).end, part.end);
        }
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
