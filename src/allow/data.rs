//! Suppressions in the data of a document: `Metadata` of CloudFormation, `"//"` of Terraform's JSON.

use super::directive::{self, Directive, Malformed};
use super::{Date, Name, Reason, Suppression, Trouble};
use crate::syntax::{Language, NodeKind, NodeRef, Tree};
use crate::text::Span;

/// What is found.
pub(super) struct Data<'a> {
    /// The file.
    pub(super) file: Span,
    pub(super) suppressions: &'a mut Vec<Suppression>,
    pub(super) troubles: &'a mut Vec<(Span, Trouble)>,
}

impl Data<'_> {
    /// Looks through the documents of a file.
    pub(super) fn find(&mut self, tree: &Tree<'_>) {
        for document in tree.documents() {
            self.look(document, document.span());
        }
    }

    /// Looks through what lies in `whole`, an entry or a document.
    fn look(&mut self, node: NodeRef<'_>, whole: Span) {
        // What an alias repeats is looked at where it stands.
        if node.anchored_span().is_some() {
            return;
        }
        for item in node.items() {
            self.look(item, item.span_with_tag());
        }
        let is_terraform = node.tree().language() == Language::TerraformJson;
        for (key, value) in node.entries().filter(|(key, _)| whole.contains(key.span())) {
            if key.is("Metadata") {
                if let Some((_, ours)) = value.entry("gluelint") {
                    self.metadata(ours, whole);
                }
            } else if is_terraform && key.is("//") {
                self.comment(value, whole);
                for item in value.items() {
                    self.comment(item, whole);
                }
            } else {
                self.look(value, key.span().cover(value.span_with_tag()));
            }
        }
    }

    /// A text that is a comment of Terraform's JSON.
    fn comment(&mut self, node: NodeRef<'_>, governs: Span) {
        let Some(text) = node.text() else {
            return;
        };
        let raw = text.as_str();
        let Some(said) = raw.trim_start().strip_prefix("gluelint") else {
            return;
        };
        let start = raw.len() - said.len();
        let span_of =
            |range: std::ops::Range<usize>| text.span_of(start + range.start..start + range.end);
        match directive::read(said) {
            Ok(Directive {
                names,
                whole_file,
                until,
                reason,
            }) => self.suppressions.push(Suppression {
                place: node.span(),
                names: (names.into_iter())
                    .filter_map(|range| Some(Name::new(said.get(range.clone())?, span_of(range))))
                    .collect(),
                until: until.map(|(range, date)| (span_of(range), date)),
                reason: Reason {
                    text: said.get(reason.clone()).unwrap_or_default().to_owned(),
                    span: span_of(reason),
                },
                governs: if whole_file {
                    Some(self.file)
                } else {
                    Some(governs)
                },
                path: None,
                is_comment: false,
            }),
            Err(Malformed { range, fault }) => {
                (self.troubles).push((span_of(range), Trouble::Directive(fault)));
            }
        }
    }

    /// `gluelint` in `Metadata`: `{allow: [rule, {rule, reason, until, path}]}`.
    fn metadata(&mut self, node: NodeRef<'_>, governs: Span) {
        if node.kind() != NodeKind::Map {
            return self.trouble(node, Trouble::NotAllow);
        }
        for (key, value) in node.entries() {
            if !key.is("allow") {
                self.trouble(key, Trouble::NotAllow);
            } else if value.kind() == NodeKind::List {
                for item in value.items() {
                    self.allowance(item, governs);
                }
            } else {
                self.allowance(value, governs);
            }
        }
    }

    fn allowance(&mut self, node: NodeRef<'_>, governs: Span) {
        let mut suppression = Suppression {
            place: node.span(),
            names: Vec::new(),
            until: None,
            reason: Reason::default(),
            governs: Some(governs),
            path: None,
            is_comment: false,
        };
        if node.kind() != NodeKind::Map {
            match name(node) {
                Some(name) => suppression.names.push(name),
                None => return self.trouble(node, Trouble::NotARule),
            }
            return self.suppressions.push(suppression);
        }
        for (key, value) in node.entries() {
            let key_text = key.str().unwrap_or_default();
            match &*key_text {
                "rule" => match name(value) {
                    Some(name) => suppression.names.push(name),
                    None => return self.trouble(value, Trouble::NotARule),
                },
                "reason" => match value.str() {
                    Some(text) => {
                        suppression.reason = Reason {
                            text: text.trim().to_owned(),
                            span: value.span(),
                        }
                    }
                    None => return self.trouble(value, Trouble::NotAText),
                },
                "until" => match value.str().and_then(|text| Date::parse(&text)) {
                    Some(date) => suppression.until = Some((value.span(), date)),
                    None => return self.trouble(value, Trouble::NotADay),
                },
                "path" => match value.str() {
                    Some(text) => suppression.path = Some(text.into_owned()),
                    None => return self.trouble(value, Trouble::NotAText),
                },
                _ => return self.trouble(key, Trouble::UnknownMember),
            }
        }
        if suppression.names.is_empty() {
            return self.trouble(node, Trouble::NotARule);
        }
        self.suppressions.push(suppression);
    }

    fn trouble(&mut self, node: NodeRef<'_>, trouble: Trouble) {
        self.troubles.push((node.span_with_tag(), trouble));
    }
}

/// The name of a rule, if a text is written there.
fn name(node: NodeRef<'_>) -> Option<Name> {
    let text = node
        .str()
        .filter(|text| !text.is_empty() && node.tag().is_none())?;
    Some(Name::new(&text, node.span()))
}
