//! Suppressions that are added to a document, one for each finding that is to be allowed.

use std::collections::BTreeMap;

use super::{Date, Suppressions};
use crate::check;
use crate::diag::{Finding, Fix};
use crate::spec::Overlay;
use crate::syntax::{Language, NodeKind, NodeRef, Outline, Part, PartKind, Tree};
use crate::text::{Edit, Source, Span, Unit};

/// What added suppressions say.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wording<'w> {
    /// Why the findings are allowed; empty where nobody says. It has no line break.
    pub reason: &'w str,
    /// The last day on which they are.
    pub until: Option<Date>,
}

/// What is added to a document.
#[derive(Debug, Default)]
pub struct Additions {
    /// Fixes that add suppressions, each with the index of a finding that it allows.
    pub fixes: Vec<(usize, Fix)>,
    /// The indices of all findings that they allow, in order.
    pub allowed: Vec<usize>,
    /// The indices of the others, and why they are not.
    pub refused: Vec<(usize, &'static str)>,
}

/// Where a suppression is to stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Spot {
    /// In a comment that is there, behind the last of its names, which end at this offset.
    Behind(u32),
    /// In a comment on a line of its own, in front of the line that begins at this offset.
    Above(u32),
    /// In a comment at the end of a line, which is at this offset.
    End(u32),
    /// In `"//"` of the object whose first entry is at this offset.
    Object(u32),
}

/// Adds suppressions to a document, for findings that lie in it.
pub fn additions(source: &Source, findings: &[Finding], wording: Wording<'_>) -> Additions {
    let language = Language::of(&source.name, &source.text);
    let tree = Tree::read(&source.text, language);
    let unit = Unit::of(source.clone());
    let writer = Writer {
        text: &source.text,
        tree: &tree,
        outline: &Outline::of(&tree),
        known: Suppressions::of(&unit, std::slice::from_ref(&tree), Overlay::NONE),
        wording,
    };
    let mut additions = Additions::default();
    let mut spots: BTreeMap<Spot, (usize, Vec<&str>)> = BTreeMap::new();
    for (index, finding) in findings.iter().enumerate() {
        if check::cannot_be_allowed(finding.rule.name) {
            additions.refused.push((index, "nothing can allow it"));
            continue;
        }
        match writer.spot(finding) {
            Ok(spot) => {
                let (_, rules) = spots.entry(spot).or_insert_with(|| (index, Vec::new()));
                if !rules.contains(&finding.rule.name) {
                    rules.push(finding.rule.name);
                }
                additions.allowed.push(index);
            }
            Err(why) => additions.refused.push((index, why)),
        }
    }
    for (spot, (index, rules)) in spots {
        let edit = writer.edit(spot, &rules.join(", "));
        (additions.fixes).push((index, Fix::written("Allow it", vec![edit])));
    }
    additions
}

struct Writer<'t> {
    text: &'t str,
    tree: &'t Tree<'t>,
    outline: &'t Outline,
    /// The suppressions that are there.
    known: Suppressions,
    wording: Wording<'t>,
}

impl Writer<'_> {
    fn spot(&self, finding: &Finding) -> Result<Spot, &'static str> {
        let span = finding.place.span;
        match self.tree.language() {
            Language::Yaml | Language::Hcl => {
                self.comment(span).ok_or("no comment can stand beside it")
            }
            Language::TerraformJson => self.object(span),
            Language::Json => Err(
                "JSON has no comments: write it into `allow` of gluelint.yaml, or into the \
                 `Metadata` of a template's resource",
            ),
        }
    }

    /// Where a comment governs the least part that holds `span`.
    fn comment(&self, span: Span) -> Option<Spot> {
        let part = self.outline.around(span)?;
        let start = self.start_of_line(part.span.start);
        // A block is an entry for each of its labels; the first of them begins the line.
        let first = self
            .outline
            .next(start)
            .filter(|it| it.span.end == part.span.end);
        let target = first.map_or(part.span, |first| first.span);
        let before = Span::new(start, target.start).slice(self.text);
        let is_first = before.trim_matches(['-', ' ', '\t']).is_empty();
        let governs_it =
            (self.outline.next(start)).is_some_and(|next| self.is_same(next, target, part));
        if let Some(spot) = self.merged(target) {
            return Some(spot);
        }
        if is_first && governs_it && !self.is_within_text(start) {
            return Some(Spot::Above(start));
        }
        // A text in quotes may end on another line.
        [
            target.start,
            span.start,
            target.end.saturating_sub(1).max(target.start),
        ]
        .map(|offset| self.end_of_line(offset))
        .into_iter()
        .find(|end| !self.outline.is_in_text(*end))
        .map(Spot::End)
    }

    /// Whether a line begins within a text of several lines.
    fn is_within_text(&self, start: u32) -> bool {
        (start.checked_sub(1)).is_some_and(|line_break| self.outline.is_in_text(line_break))
    }

    /// Whether a comment above would govern the target and no more.
    fn is_same(&self, next: Part, target: Span, part: Part) -> bool {
        next.span == target && (next.kind != PartKind::Document || part.kind == PartKind::Document)
    }

    /// Where a suppression of the same words, which governs the same, ends its names.
    fn merged(&self, target: Span) -> Option<Spot> {
        let is_alike = |it: &&super::Suppression| {
            it.is_comment
                && it.governs == Some(target)
                && it.reason.text == self.wording.reason
                && it.until.map(|(_, until)| until) == self.wording.until
        };
        let known = self.known.list.iter().find(is_alike)?;
        known.names.last().map(|name| Spot::Behind(name.span.end))
    }

    fn start_of_line(&self, offset: u32) -> u32 {
        let before = Span::new(0, offset).slice(self.text);
        Span::of(0..before.rfind('\n').map_or(0, |at| at + 1)).end
    }

    /// The offset of the line break that ends the line.
    fn end_of_line(&self, offset: u32) -> u32 {
        let rest = self.text.get(offset as usize..).unwrap_or_default();
        let line = rest.lines().next().unwrap_or_default();
        offset + Span::of(0..line.len()).end
    }

    /// The body of the resource that holds `span`, in Terraform's JSON.
    fn object(&self, span: Span) -> Result<Spot, &'static str> {
        let within = |node: NodeRef<'_>| node.span().contains(span);
        let mut trail: Vec<NodeRef<'_>> = Vec::new();
        let mut next = self.tree.documents().find(|it| within(*it));
        while let Some(node) = next {
            let in_map = node
                .entries()
                .find(|(key, value)| key.span().contains(span) || within(*value));
            next = in_map
                .map(|(_, value)| value)
                .or_else(|| node.items().find(|it| within(*it)));
            if node.kind() == NodeKind::Map {
                trail.push(node);
            }
        }
        // The document, the resources, those of a type, the one.
        let body = trail
            .get(3)
            .ok_or("it lies in no block to which a comment can be added")?;
        if body.get("//").is_some() {
            return Err("its block has a comment already: add it there");
        }
        let (key, _) = body.entries().next().ok_or("its block is empty")?;
        Ok(Spot::Object(key.span().start))
    }

    fn edit(&self, spot: Spot, rules: &str) -> Edit {
        let mut words = format!("gluelint: allow({rules})");
        if let Some(until) = self.wording.until {
            words += &format!(" until={until}");
        }
        if !self.wording.reason.is_empty() {
            words += " ";
            words += self.wording.reason;
        }
        let indent = |offset: u32| {
            let line =
                Span::new(self.start_of_line(offset), self.end_of_line(offset)).slice(self.text);
            let blanks = line.len() - line.trim_start().len();
            line.get(..blanks).unwrap_or_default().to_owned()
        };
        match spot {
            Spot::Behind(offset) => Edit::insert(offset, format!(", {rules}")),
            Spot::Above(offset) => {
                let line_break = self.line_break();
                Edit::insert(offset, format!("{}# {words}{line_break}", indent(offset)))
            }
            Spot::End(offset) => Edit::insert(offset, format!(" # {words}")),
            Spot::Object(offset) => {
                let text = words.replace('\\', "\\\\").replace('"', "\\\"");
                let start = self.start_of_line(offset);
                let is_first = Span::new(start, offset).slice(self.text).trim().is_empty();
                let behind = if is_first {
                    format!("{}{}", self.line_break(), indent(offset))
                } else {
                    " ".to_owned()
                };
                Edit::insert(offset, format!("\"//\": \"{text}\",{behind}"))
            }
        }
    }

    /// The line break that the document is written with.
    fn line_break(&self) -> &'static str {
        let first = self.text.split_inclusive('\n').next().unwrap_or_default();
        if first.ends_with("\r\n") {
            "\r\n"
        } else {
            "\n"
        }
    }
}
