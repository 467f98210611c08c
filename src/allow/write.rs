//! Suppressions that are added to a document, one for each finding that is to be allowed.

use std::collections::BTreeMap;

use super::{Date, Permission, Suppressions};
use crate::check;
use crate::diag::{Finding, Fix};
use crate::spec::Overlay;
use crate::syntax::{
    Addition, Language, NodeKind, NodeRef, Outline, Part, PartKind, Position, Tree,
};
use crate::text::{Edit, Source, Span, Unit};

/// What added suppressions say.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wording<'w> {
    /// Why the findings are allowed; empty where nobody says. It has no line break.
    pub reason: &'w str,
    /// The last day on which they are.
    pub until: Option<Date>,
}

impl Wording<'_> {
    /// What a configuration has to say to allow a finding.
    pub fn permission(&self, finding: &Finding) -> Permission {
        Permission {
            rule: finding.rule.name.to_owned(),
            connection: Some(finding.connection.clone()).filter(|it| !it.is_empty()),
            path: tail(finding),
            until: self.until,
            reason: self.reason.to_owned(),
        }
    }
}

/// The end of a finding's logical path within its connection, by which people call a value; `None`
/// where the connection itself is meant.
fn tail(finding: &Finding) -> Option<String> {
    let path = finding.path.as_str();
    let behind = |rest: &'_ str| -> Option<usize> {
        let is_edge = rest.is_empty() || rest.starts_with('.');
        is_edge.then(|| path.len() - rest.trim_start_matches('.').len())
    };
    let of_connection = (path.strip_prefix(finding.connection.as_str()))
        .filter(|_| !finding.connection.is_empty())
        .and_then(behind);
    // A resource of a template may have another name than its connection.
    let of_resource = || {
        let (_, rest) = path.split_once("Resources.")?;
        behind(rest.trim_start_matches(|c: char| c != '.'))
    };
    let own = (of_connection.or_else(of_resource)).and_then(|at| path.get(at..));
    let path = own.unwrap_or(path);
    let from = match path.rmatch_indices('.').nth(1) {
        Some((at, _)) => at + 1,
        None => 0,
    };
    let last_two = path.get(from..).unwrap_or(path);
    // Which of a list it is, may change.
    let tail = match last_two.split_once('.') {
        Some((before, last)) if before.ends_with(']') => last,
        _ => last_two,
    };
    // An item of a list that is a connection is known by its name.
    let is_item = own.is_none() && tail == path && tail.ends_with(']');
    let is_whole = tail.is_empty() || (is_item && !finding.connection.is_empty());
    (!is_whole).then(|| tail.to_owned())
}

impl Permission {
    /// What is written of it in data, in the order in which people read it.
    pub(crate) fn written(&self) -> Addition {
        let mut entries = vec![("rule", Addition::text(&self.rule))];
        let optional = [("connection", &self.connection), ("path", &self.path)];
        for (name, text) in optional {
            entries.extend(text.as_ref().map(|text| (name, Addition::text(text))));
        }
        let until = self.until.map(|until| until.to_string());
        entries.extend(until.map(|until| ("until", Addition::Text(until))));
        if !self.reason.is_empty() {
            entries.push(("reason", Addition::text(&self.reason)));
        }
        Addition::Map(entries)
    }
}

/// What is added to a document.
#[derive(Debug, Default)]
pub struct Additions {
    /// Fixes that add suppressions, each with the index of a finding that it allows.
    pub fixes: Vec<(usize, Fix)>,
    /// The indices of all findings that they allow, in order.
    pub allowed: Vec<usize>,
    /// The indices of those for which the document has no place, but a configuration has.
    pub elsewhere: Vec<usize>,
    /// The indices of those that nothing can allow.
    pub refused: Vec<usize>,
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
    /// In `"//"` of the object that begins at this offset.
    Object(u32),
    /// In the `Metadata` of the object that begins at this offset.
    Metadata(u32),
}

/// What is to stand there.
#[derive(Default)]
struct Wanted<'f> {
    /// The findings that it allows.
    findings: Vec<(usize, &'f Finding)>,
}

impl Wanted<'_> {
    /// The rules, none twice.
    fn rules(&self) -> String {
        let mut rules: Vec<&str> = Vec::new();
        for (_, finding) in &self.findings {
            if !rules.contains(&finding.rule.name) {
                rules.push(finding.rule.name);
            }
        }
        rules.join(", ")
    }
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
        alike: Alike::of(
            &Suppressions::of(&unit, std::slice::from_ref(&tree), Overlay::NONE),
            wording,
        ),
        wording,
    };
    let mut additions = Additions::default();
    let mut spots: BTreeMap<Spot, Wanted<'_>> = BTreeMap::new();
    for (index, finding) in findings.iter().enumerate() {
        if check::cannot_be_allowed(finding.rule.name) {
            additions.refused.push(index);
            continue;
        }
        match writer.spot(finding) {
            Some(spot) => {
                let wanted = spots.entry(spot).or_default();
                wanted.findings.push((index, finding));
            }
            None => additions.elsewhere.push(index),
        }
    }
    for (spot, wanted) in spots {
        let indices = wanted.findings.iter().map(|(index, _)| *index);
        let Some(edits) = writer.edits(spot, &wanted) else {
            additions.elsewhere.extend(indices);
            continue;
        };
        let first = wanted.findings.first().map_or(0, |(index, _)| *index);
        (additions.fixes).push((first, Fix::written("Allow it", edits)));
        additions.allowed.extend(indices);
    }
    additions.allowed.sort_unstable();
    additions.elsewhere.sort_unstable();
    additions
}

/// The suppressions that are there and say what an added one would: where their names end. Of several,
/// the first.
struct Alike {
    /// Those in comments, by what they govern.
    governing: BTreeMap<Span, u32>,
    /// All, by where they are written.
    written: BTreeMap<Span, u32>,
}

impl Alike {
    fn of(known: &Suppressions, wording: Wording<'_>) -> Alike {
        let mut alike = Alike {
            governing: BTreeMap::new(),
            written: BTreeMap::new(),
        };
        for it in &known.list {
            let until = it.until.map(|(_, until)| until);
            let says_the_same = it.reason.text == wording.reason && until == wording.until;
            let Some(last) = it.names.last().filter(|_| says_the_same) else {
                continue;
            };
            alike.written.entry(it.place).or_insert(last.span.end);
            if let Some(governed) = it.governs.filter(|_| it.is_comment) {
                alike.governing.entry(governed).or_insert(last.span.end);
            }
        }
        alike
    }
}

struct Writer<'t> {
    text: &'t str,
    tree: &'t Tree<'t>,
    outline: &'t Outline,
    alike: Alike,
    wording: Wording<'t>,
}

impl<'t> Writer<'t> {
    fn spot(&self, finding: &Finding) -> Option<Spot> {
        let span = finding.place.span;
        match self.tree.language() {
            Language::Yaml | Language::Hcl => self.comment(span),
            Language::TerraformJson => {
                let body = self.block(span)?;
                (self.joined(body)).or(Some(Spot::Object(body.span().start)))
            }
            Language::Json => {
                let body = self.resource(span)?;
                Some(Spot::Metadata(body.span().start))
            }
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
        if let Some(end) = self.alike.governing.get(&target) {
            return Some(Spot::Behind(*end));
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

    /// The maps around `span`, from `within` inwards.
    fn maps(&self, within: NodeRef<'t>, span: Span) -> Vec<NodeRef<'t>> {
        let holds = |node: NodeRef<'_>| node.span().contains(span);
        let mut maps = Vec::new();
        let mut next = Some(within).filter(|it| holds(*it));
        while let Some(node) = next {
            let mut entries = node.entries();
            let in_map = entries.find(|(key, value)| key.span().contains(span) || holds(*value));
            next = in_map
                .map(|(_, value)| value)
                .or_else(|| node.items().find(|it| holds(*it)));
            if node.kind() == NodeKind::Map {
                maps.push(node);
            }
        }
        maps
    }

    fn document(&self, span: Span) -> Option<NodeRef<'t>> {
        let mut documents = self.tree.documents();
        documents.find(|it| it.span().contains(span))
    }

    /// The body of the block that holds `span`, in Terraform's JSON. Only there `"//"` means nothing.
    fn block(&self, span: Span) -> Option<NodeRef<'t>> {
        let maps = self.maps(self.document(span)?, span);
        let mut entries = maps.first()?.entries();
        let (sort, _) =
            entries.find(|(key, value)| key.span().cover(value.span()).contains(span))?;
        let labels = match &*sort.str()? {
            "resource" | "data" => 2,
            "locals" | "terraform" => 0,
            _ => 1,
        };
        maps.get(labels + 1).copied()
    }

    /// Where a comment of the same words, in Terraform's JSON, ends its names.
    fn joined(&self, body: NodeRef<'_>) -> Option<Spot> {
        let comment = body.get("//")?;
        std::iter::once(comment)
            .chain(comment.items())
            .find_map(|it| self.alike.written.get(&it.span()))
            .map(|end| Spot::Behind(*end))
    }

    /// The body of the resource that holds `span`, in a template of CloudFormation; the template, if it
    /// lies in none.
    fn resource(&self, span: Span) -> Option<NodeRef<'t>> {
        let document = self.document(span)?;
        let own = document.get("Resources");
        // The Serverless Framework has its template in an entry.
        let resources = own.or_else(|| document.get("resources")?.get("Resources"))?;
        let is_resource = |node: &NodeRef<'_>| {
            let sort = node.get("Type");
            sort.is_some_and(|sort| matches!(sort.kind(), NodeKind::Scalar(_)))
        };
        let within = self.maps(resources, span).into_iter();
        within.skip(1).find(is_resource).or(own.map(|_| document))
    }

    fn edits(&self, spot: Spot, wanted: &Wanted<'_>) -> Option<Vec<Edit>> {
        let mut words = format!("gluelint: allow({})", wanted.rules());
        if let Some(until) = self.wording.until {
            words += &format!(" until={until}");
        }
        if !self.wording.reason.is_empty() {
            words += " ";
            words += self.wording.reason;
        }
        Some(match spot {
            Spot::Behind(offset) => vec![Edit::insert(offset, format!(", {}", wanted.rules()))],
            Spot::Above(offset) => {
                let line_break = self.line_break();
                let line = Span::new(offset, self.end_of_line(offset)).slice(self.text);
                let blanks = line.len() - line.trim_start().len();
                let indent = line.get(..blanks).unwrap_or_default();
                let text = format!("{indent}# {words}{line_break}");
                vec![Edit::insert(offset, text)]
            }
            Spot::End(offset) => vec![Edit::insert(offset, format!(" # {words}"))],
            Spot::Object(_) => {
                let (_, finding) = wanted.findings.first()?;
                let body = self.block(finding.place.span)?;
                let comment = Addition::Text(words);
                match body.get("//") {
                    // What a tool keeps there is not ours to move.
                    Some(known) if known.kind() == NodeKind::Map => return None,
                    Some(known) => self.tree.with_items(known, &[comment])?,
                    None => self
                        .tree
                        .with_entry(body, Position::First, "//", &comment)?,
                }
            }
            Spot::Metadata(_) => {
                let (_, finding) = wanted.findings.first()?;
                let body = self.resource(finding.place.span)?;
                let mut items: Vec<Addition> = Vec::new();
                for (_, finding) in &wanted.findings {
                    let item = self.item(finding);
                    if !items.contains(&item) {
                        items.push(item);
                    }
                }
                self.metadata(body, items)?
            }
        })
    }

    /// What allows a finding in `Metadata`.
    fn item(&self, finding: &Finding) -> Addition {
        let permission = Permission {
            connection: None,
            ..self.wording.permission(finding)
        };
        match permission.written() {
            Addition::Map(entries) if entries.len() == 1 => Addition::text(finding.rule.name),
            written => written,
        }
    }

    /// Adds to what the `Metadata` of a resource or of a template allows.
    fn metadata(&self, body: NodeRef<'_>, items: Vec<Addition>) -> Option<Vec<Edit>> {
        let tree = self.tree;
        let Some(metadata) = body.get("Metadata") else {
            let ours = Addition::Map(vec![("allow", Addition::List(items))]);
            let value = Addition::Map(vec![("gluelint", ours)]);
            let before = if body.get("Type").is_some() {
                "Type"
            } else {
                "Description"
            };
            return tree.with_entry(body, Position::Behind(before), "Metadata", &value);
        };
        let Some(ours) = metadata.get("gluelint") else {
            let value = Addition::Map(vec![("allow", Addition::List(items))]);
            return tree.with_entry(metadata, Position::Last, "gluelint", &value);
        };
        match ours.get("allow") {
            Some(list) => tree.with_items(list, &items),
            None => tree.with_entry(ours, Position::Last, "allow", &Addition::List(items)),
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
