//! How a change is written: as edits of the document's bytes, in the style of the place.
//!
//! A change that cannot be written for certain is not written at all: in a text that a document
//! only stands for, behind an alias, next to a comment that would be lost.

use super::{Kind, Language, Literal, NodeRef, Schema, Style, Text, Tree, scalar};
use crate::text::{Edit, Span};

/// What to change in a document, however that is written there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The text `from`, which is written at `span` and is a scalar or a part of one, becomes `to`.
    Text {
        /// Where it is written, quotes of a whole scalar included or not.
        span: Span,
        /// What it is now.
        from: String,
        /// What it will be.
        to: String,
    },
    /// The scalar at `span`, which is written without quotes, gets them.
    Quotes {
        /// Where it is written.
        span: Span,
    },
    /// The key at `key` becomes `name`.
    Key {
        /// Where it is written.
        key: Span,
        /// What it will be.
        name: String,
    },
    /// The entry of the key at `span`, or the item of a list at `span`, goes away.
    Removal {
        /// Where the key or the item is written.
        span: Span,
    },
    /// The entry of the key at `behind` gets another one behind it, whose value is a text.
    Entry {
        /// Where the key is written.
        behind: Span,
        /// The text of the value that it has.
        holds: String,
        /// The new key.
        name: String,
        /// The new text.
        text: String,
    },
    /// The list of pairs, `[{Key, Value}]`, that is the value of the key at `key` becomes a map.
    Pairs {
        /// Where the key is written.
        key: Span,
    },
}

impl Change {
    /// Where it is made, or beside what.
    pub fn span(&self) -> Span {
        match self {
            Change::Text { span, .. } | Change::Quotes { span } | Change::Removal { span } => *span,
            Change::Key { key, .. } | Change::Pairs { key } => *key,
            Change::Entry { behind, .. } => *behind,
        }
    }
}

impl Tree<'_> {
    /// The edits that a change takes; `None` where it cannot be written for certain.
    pub fn edits(&self, change: &Change) -> Option<Vec<Edit>> {
        let writer = Writer { tree: self };
        match change {
            Change::Text { span, from, to } => writer.text(*span, from, to),
            Change::Quotes { span } => writer.quotes(*span),
            Change::Key { key, name } => writer.key(*key, name),
            Change::Removal { span } => writer.removal(*span),
            Change::Entry {
                behind,
                holds,
                name,
                text,
            } => writer.entry(*behind, holds, name, text),
            Change::Pairs { key } => writer.pairs(*key),
        }
    }

    /// Whether what stands at `span` also stands elsewhere, by an alias.
    pub fn is_repeated(&self, span: Span) -> bool {
        let trail = self.trail(span);
        self.has_aliases
            && self.nodes.iter().any(|node| match node.kind {
                Kind::Alias(target) => trail.contains(&target),
                _ => false,
            })
    }

    /// The entry at the top of its document in which `span` lies, by the span of its key.
    pub fn section(&self, span: Span) -> Option<Span> {
        let trail = self.trail(span);
        let [root, child, ..] = trail.as_slice() else {
            return None;
        };
        let children = self.children_of(*root);
        let index = children.iter().position(|id| id == child)?;
        let key = children.get(index - index % 2)?;
        Some(self.node(*key).span)
    }

    /// The nodes around `span`, from the document that holds it to the innermost. Aliases are not
    /// followed.
    fn trail(&self, span: Span) -> Vec<u32> {
        let mut trail = Vec::new();
        let mut next = child_around(self, &self.documents, span);
        while let Some(id) = next {
            trail.push(id);
            next = child_around(self, self.children_of(id), span);
        }
        trail
    }

    fn children_of(&self, id: u32) -> &[u32] {
        match self.node(id).kind {
            Kind::List { first, len } | Kind::Expression { first, len, .. } => {
                self.slice(first, len)
            }
            Kind::Map { first, len } => self.slice(first, len.saturating_mul(2)),
            Kind::Scalar { .. } | Kind::Alias(_) | Kind::Broken => &[],
        }
    }
}

/// The one of `nodes`, which are in the order of the document, that lies around `span`.
fn child_around(tree: &Tree<'_>, nodes: &[u32], span: Span) -> Option<u32> {
    let is_around = |id: &&u32| tree.node(**id).span.contains(span);
    let near = nodes.partition_point(|id| tree.node(*id).span.end <= span.start);
    let mut candidates = nodes.get(near).into_iter().chain(nodes);
    candidates.find(is_around).copied()
}

/// The entry of a map or the item of a list, as it is written.
struct Extent {
    /// From its key, or its first byte, to its last.
    span: Span,
    /// The end of the entry before it and the start of the one behind it.
    before: Option<u32>,
    behind: Option<u32>,
    /// What it stands in.
    container: Span,
    is_item: bool,
}

struct Writer<'t> {
    tree: &'t Tree<'t>,
}

impl<'t> Writer<'t> {
    fn slice(&self, start: u32, end: u32) -> &'t str {
        Span::new(start, end).slice(self.tree.text)
    }

    fn node(&self, id: u32) -> NodeRef<'t> {
        NodeRef {
            tree: self.tree,
            id,
        }
    }

    /// The style of a scalar; `None` for anything else, an alias of a scalar included.
    fn style(&self, id: u32) -> Option<Style> {
        match self.tree.node(id).kind {
            Kind::Scalar { style, .. } => Some(style),
            _ => None,
        }
    }

    fn is_json(&self) -> bool {
        matches!(self.tree.language, Language::Json | Language::TerraformJson)
    }

    /// What stands in front of `offset` on its line.
    fn line_before(&self, offset: u32) -> &'t str {
        let before = self.slice(0, offset);
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        before.get(start..).unwrap_or_default()
    }

    /// What stands from `offset` on to the end of its line, and the offset behind the line break.
    fn line_behind(&self, offset: u32) -> (&'t str, u32) {
        let rest = self.tree.text.get(offset as usize..).unwrap_or_default();
        let len = rest.find('\n').map_or(rest.len(), |newline| newline + 1);
        let line = rest.get(..len).unwrap_or_default();
        (line, offset + Span::of(0..len).end)
    }

    /// The line break that the document is written with.
    fn line_break(&self) -> &'static str {
        match self.tree.text.find('\n') {
            Some(at)
                if self
                    .tree
                    .text
                    .get(..at)
                    .is_some_and(|it| it.ends_with('\r')) =>
            {
                "\r\n"
            }
            _ => "\n",
        }
    }

    // ---- scalars -----------------------------------------------------------------------------

    fn text(&self, span: Span, from: &str, to: &str) -> Option<Vec<Edit>> {
        let id = *self.tree.trail(span).last()?;
        let style = self.style(id)?;
        let place = self.tree.node(id).span;
        let text = self.node(id).text()?;
        let range = part(&text, span, from)
            .or_else(|| (text.as_str() == from && span == place).then(|| 0..from.len()))?;
        let (before, behind) = (
            text.as_str().get(..range.start)?,
            text.as_str().get(range.end..)?,
        );
        let wanted = format!("{before}{to}{behind}");
        // Nothing that somebody fills in may come into being.
        let markers = |text: &str| ["${", "%{", "{{"].map(|mark| text.matches(mark).count());
        if markers(&wanted).iter().sum::<usize>() > markers(text.as_str()).iter().sum() {
            return None;
        }
        if behind.is_empty() && to.is_empty() && from.bytes().all(|byte| byte == b'\n') {
            if let Style::Literal | Style::Folded = style {
                return self.without_last_breaks(id, &text, from);
            }
        }
        let is_whole = range == (0..text.as_str().len());
        if !is_whole && let Some(edit) = self.within(id, style, span, to, &wanted) {
            return Some(vec![edit]);
        }
        match style {
            Style::HclPart | Style::HeredocPart => {
                (self.within(id, style, span, to, &wanted)).map(|edit| vec![edit])
            }
            _ => self.whole(id, style, &wanted).map(|edit| vec![edit]),
        }
    }

    /// Writes a part of a scalar anew, if the scalar then says what is wanted.
    fn within(&self, id: u32, style: Style, span: Span, to: &str, wanted: &str) -> Option<Edit> {
        let place = self.tree.node(id).span;
        let raw = self.slice(span.start, span.end);
        let is_line = |text: &str| !text.contains(['\n', '\r']);
        let replacement = match style {
            Style::Json | Style::DoubleQuoted | Style::Hcl | Style::HclPart => escaped(to),
            Style::SingleQuoted if is_line(to) => to.replace('\'', "''"),
            // Its lines and their indentation are no one's to change.
            Style::HeredocPart if !(is_line(raw) && !raw.trim().is_empty() && is_plain(to)) => {
                return None;
            }
            Style::Plain | Style::Literal | Style::Folded | Style::HeredocPart if is_line(to) => {
                to.to_owned()
            }
            _ => return None,
        };
        let head = self.line_before(place.start);
        let start = self.slice(place.start, span.start);
        let end = self.slice(span.end, place.end);
        let written = format!("{head}{start}{replacement}{end}");
        let own = Span::of(head.len()..written.len());
        let breaks = match self.tree.node(id).kind {
            Kind::Scalar { breaks, .. } => breaks,
            _ => 0,
        };
        if scalar::decode(&written, own, style, breaks).as_str() != wanted {
            return None;
        }
        if style == Style::Plain && !(self.tree.language == Language::Yaml && stays_plain(wanted)) {
            return None;
        }
        Some(Edit::new(span, replacement))
    }

    /// Writes a scalar anew, in its own quotes if it can be.
    fn whole(&self, id: u32, style: Style, wanted: &str) -> Option<Edit> {
        let span = self.tree.node(id).span;
        let fills_in = matches!(self.tree.language, Language::Hcl | Language::TerraformJson);
        if fills_in && (wanted.contains("${") || wanted.contains("%{")) {
            return None;
        }
        let replacement = match style {
            Style::SingleQuoted if !wanted.contains(char::is_control) => {
                format!("'{}'", wanted.replace('\'', "''"))
            }
            Style::Plain
                if self.tree.language == Language::Yaml
                    && is_plain(wanted)
                    && stays_plain(wanted) =>
            {
                wanted.to_owned()
            }
            Style::Literal | Style::Folded => {
                let header = self.header(span)?;
                let between = self.slice(header.end, span.start);
                // A comment may stand behind the header.
                if !between.trim().is_empty() {
                    return None;
                }
                return Some(Edit::new(header.cover(span), quoted(wanted)));
            }
            Style::HclPart | Style::HeredocPart => return None,
            _ => quoted(wanted),
        };
        Some(Edit::new(span, replacement))
    }

    /// Lets a block scalar end without a line break.
    fn without_last_breaks(&self, id: u32, text: &Text<'_>, from: &str) -> Option<Vec<Edit>> {
        let kept = text.as_str().trim_end_matches('\n');
        if kept.is_empty() || text.as_str().len() - kept.len() != from.len() {
            return None;
        }
        let header = self.header(self.tree.node(id).span)?;
        let raw = self.slice(header.start, header.end);
        Some(vec![match raw.find('+') {
            Some(at) => {
                let at = header.start + Span::of(0..at).end;
                Edit::new(Span::new(at, at + 1), "-")
            }
            None => Edit::insert(header.end, "-"),
        }])
    }

    /// The header of a block scalar whose text begins at `text`: `|`, `>-`, `|2+`.
    fn header(&self, text: Span) -> Option<Span> {
        let above = self.slice(0, text.start).trim_end();
        let start = above.rfind('\n').map_or(0, |newline| newline + 1);
        let line = above.get(start..)?;
        let line = line
            .get(..line.find(" #").unwrap_or(line.len()))?
            .trim_end();
        let at = line.rfind(['|', '>'])?;
        let marks = line.get(at + 1..)?;
        (marks
            .bytes()
            .all(|b| matches!(b, b'+' | b'-' | b'1'..=b'9')))
        .then(|| Span::of(start + at..start + line.len()))
    }

    fn quotes(&self, span: Span) -> Option<Vec<Edit>> {
        let id = *self.tree.trail(span).last()?;
        if self.tree.node(id).span != span
            || self.style(id) != Some(Style::Plain)
            || !is_plain(self.slice(span.start, span.end))
        {
            return None;
        }
        Some(vec![
            Edit::insert(span.start, "\""),
            Edit::insert(span.end, "\""),
        ])
    }

    // ---- entries -----------------------------------------------------------------------------

    /// The map that has its key at `key`, and the index of the key among the map's children.
    fn entry_of(&self, key: Span) -> Option<(u32, usize)> {
        let trail = self.tree.trail(key);
        let [.., map, id] = trail.as_slice() else {
            return None;
        };
        let Kind::Map { .. } = self.tree.node(*map).kind else {
            return None;
        };
        let index = (self.tree.children_of(*map).iter()).position(|child| child == id)?;
        (self.tree.node(*id).span == key && !key.is_empty() && index.is_multiple_of(2))
            .then_some((*map, index))
    }

    fn key(&self, key: Span, name: &str) -> Option<Vec<Edit>> {
        let (map, index) = self.entry_of(key)?;
        let id = *self.tree.children_of(map).get(index)?;
        let style = self.style(id)?;
        if self.node(map).own_entries().any(|(key, _)| key.is(name)) {
            return None;
        }
        let is_bare = self.tree.language == Language::Hcl && style == Style::Plain;
        if is_bare {
            return is_identifier(name).then(|| vec![Edit::new(key, name)]);
        }
        self.whole(id, style, name).map(|edit| vec![edit])
    }

    /// The entry or item that stands at `span`.
    fn extent(&self, span: Span) -> Option<Extent> {
        let trail = self.tree.trail(span);
        // The first item of a list in block style may begin where the list does.
        let position = trail
            .iter()
            .position(|id| self.tree.node(*id).span == span)?;
        let mut at = position;
        while self.is_list_item(&trail, at + 1) && self.tree.node(*trail.get(at + 1)?).span == span
        {
            at += 1;
        }
        let (id, container) = (*trail.get(at)?, *trail.get(at.checked_sub(1)?)?);
        let children = self.tree.children_of(container);
        let index = children.iter().position(|child| *child == id)?;
        let end = |id: u32| self.end_of(id);
        let start = |id: u32| self.node(id).span_with_tag().start;
        match self.tree.node(container).kind {
            Kind::List { .. } => Some(Extent {
                span: Span::new(start(id), end(id)),
                before: index
                    .checked_sub(1)
                    .and_then(|it| children.get(it).copied())
                    .map(end),
                behind: children.get(index + 1).copied().map(start),
                container: self.tree.node(container).span,
                is_item: true,
            }),
            Kind::Map { .. } if index.is_multiple_of(2) => {
                let value = *children.get(index + 1)?;
                let own = Span::new(span.start, self.end_of_entry(id, value)?);
                let before = match index.checked_sub(2) {
                    Some(it) => {
                        Some(self.end_of_entry(*children.get(it)?, *children.get(it + 1)?)?)
                    }
                    None => None,
                };
                Some(Extent {
                    span: own,
                    before,
                    behind: children.get(index + 2).copied().map(start),
                    container: self.tree.node(container).span,
                    is_item: false,
                })
            }
            _ => None,
        }
    }

    fn is_list_item(&self, trail: &[u32], at: usize) -> bool {
        let container = at.checked_sub(1).and_then(|it| trail.get(it));
        let is_list = |id: &u32| matches!(self.tree.node(*id).kind, Kind::List { .. });
        container.is_some_and(is_list) && trail.get(at).is_some()
    }

    fn end_of(&self, id: u32) -> u32 {
        self.tree.node(id).span.end
    }

    /// Where an entry ends; `None` where that is not certain.
    fn end_of_entry(&self, key: u32, value: u32) -> Option<u32> {
        let (key, value) = (self.tree.node(key).span, self.node(value));
        let start = value.span_with_tag().start;
        // A heredoc, and what stands in parentheses, go on behind the text of their value.
        if self.tree.language == Language::Hcl && start >= key.end {
            let between = self.slice(key.end, start);
            if between.contains(['(', '<']) {
                return None;
            }
        }
        if !value.span().is_empty() && value.span().end > key.end {
            return Some(value.span().end);
        }
        // Nothing stands behind the colon.
        let (line, _) = self.line_behind(key.end);
        let colon = line.len() - line.trim_start().len();
        (line.as_bytes().get(colon) == Some(&b':')).then(|| key.end + Span::of(0..colon).end + 1)
    }

    fn removal(&self, span: Span) -> Option<Vec<Edit>> {
        let it = self.extent(span)?;
        let raw = self.slice(it.span.start, it.span.end);
        // What other places repeat must stay.
        if self.tree.language == Language::Yaml && raw.contains('&') {
            return None;
        }
        let is_block = self.is_block(it.container);
        if is_block && it.before.is_none() && it.behind.is_none() {
            return None;
        }
        let deleted = (self.lines_of(&it, is_block))
            .or_else(|| self.up_to_next(&it))
            .or_else(|| self.from_previous(&it, is_block))
            .or_else(|| self.only_one(&it, is_block))?;
        Some(vec![Edit::delete(deleted)])
    }

    /// Whether a container of YAML is written in block style.
    fn is_block(&self, container: Span) -> bool {
        self.tree.language == Language::Yaml
            && !self
                .slice(container.start, container.end)
                .starts_with(['{', '['])
    }

    /// The lines of an entry that stands on lines of its own.
    fn lines_of(&self, it: &Extent, is_block: bool) -> Option<Span> {
        let before = self.line_before(it.span.start);
        let is_own = match before.trim() {
            "" => !(is_block && it.is_item),
            "-" => is_block && it.is_item,
            _ => false,
        };
        let (line, next) = self.line_behind(it.span.end);
        let rest = line.trim();
        let rest = match rest.strip_prefix(',') {
            Some(rest) if !is_block => rest.trim_start(),
            _ => rest,
        };
        let is_comment = match self.tree.language {
            Language::Json | Language::TerraformJson => false,
            Language::Yaml => rest.starts_with('#'),
            Language::Hcl => rest.starts_with('#') || rest.starts_with("//"),
        };
        // JSON has a comma between entries only.
        let is_last = self.is_json() && it.behind.is_none();
        if !is_own || is_last || !(rest.is_empty() || is_comment) {
            return None;
        }
        let start = it.span.start - Span::of(0..before.len()).end;
        if it.behind.is_some_and(|behind| behind < next) {
            return None;
        }
        if line.ends_with('\n') {
            return Some(Span::new(start, next));
        }
        // The last line takes the break before it along.
        let above = self.slice(0, start);
        let above = above.strip_suffix('\n').unwrap_or(above);
        let above = above.strip_suffix('\r').unwrap_or(above);
        Some(Span::new(Span::of(0..above.len()).end, next))
    }

    /// From the start of an entry to that of the next one.
    fn up_to_next(&self, it: &Extent) -> Option<Span> {
        let behind = it.behind?;
        is_gap(self.slice(it.span.end, behind)).then(|| Span::new(it.span.start, behind))
    }

    /// From the end of the entry before it to the end of the last one.
    fn from_previous(&self, it: &Extent, is_block: bool) -> Option<Span> {
        let before = it.before.filter(|_| it.behind.is_none() && !is_block)?;
        is_gap(self.slice(before, it.span.start)).then(|| Span::new(before, it.span.end))
    }

    /// All that is in brackets around the only entry.
    fn only_one(&self, it: &Extent, is_block: bool) -> Option<Span> {
        if is_block || it.before.is_some() || it.behind.is_some() || it.container.len() < 2 {
            return None;
        }
        let inside = Span::new(it.container.start + 1, it.container.end - 1);
        let opens = self.slice(it.container.start, inside.start);
        let is_free = opens.starts_with(['{', '['])
            && is_gap(self.slice(inside.start, it.span.start))
            && is_gap(self.slice(it.span.end, inside.end));
        is_free.then_some(inside)
    }

    fn entry(&self, behind: Span, holds: &str, name: &str, text: &str) -> Option<Vec<Edit>> {
        let (map, index) = self.entry_of(behind)?;
        let value = *self.tree.children_of(map).get(index + 1)?;
        let style = self.style(value)?;
        let is_there = self.node(map).own_entries().any(|(key, _)| key.is(name));
        // In a block scalar, where it ends and what follows is not so plain.
        if is_there
            || !self.node(value).is(holds)
            || matches!(style, Style::Literal | Style::Folded | Style::HeredocPart)
        {
            return None;
        }
        let it = self.extent(behind)?;
        let is_hcl = self.tree.language == Language::Hcl;
        let is_block = self.is_block(it.container);
        let key_style = self.style(*self.tree.children_of(map).get(index)?)?;
        let name = match key_style {
            Style::Plain if is_identifier(name) => name.to_owned(),
            Style::SingleQuoted => format!("'{name}'"),
            _ => quoted(name),
        };
        let text = match style {
            Style::SingleQuoted if !text.contains(['\'', '\n']) => format!("'{text}'"),
            _ => quoted(text),
        };
        let between = self.slice(behind.end, it.span.end);
        let colon = match between.strip_prefix(':') {
            _ if is_hcl => " = ",
            Some(rest) if self.is_json() && !rest.starts_with([' ', '\n', '\r']) => ":",
            _ => ": ",
        };
        let written = format!("{name}{colon}{text}");
        let before = self.line_before(it.span.start);
        let indent: String = (before.chars())
            .map(|c| if c == '\t' { '\t' } else { ' ' })
            .collect();
        let is_own_line = before.trim().is_empty();
        let line_break = self.line_break();
        let (line, next) = self.line_behind(it.span.end);
        let (has_comma, rest) = match line.trim_start().strip_prefix(',') {
            Some(rest) => (true, rest.trim()),
            None => (false, line.trim()),
        };
        let ends_line = rest.is_empty() || rest.starts_with('#') || rest.starts_with("//");
        if is_block || (is_hcl && is_own_line && ends_line) {
            if !ends_line {
                return None;
            }
            let comma = if has_comma && !is_block { "," } else { "" };
            let written = format!("{indent}{written}{comma}");
            return Some(vec![if line.ends_with('\n') {
                Edit::insert(next, format!("{written}{line_break}"))
            } else {
                Edit::insert(next, format!("{line_break}{written}"))
            }]);
        }
        // In a block of HCL on one line there is room for one argument.
        if is_hcl && !self.is_in_object(map) {
            return None;
        }
        let separator = if is_own_line {
            format!(",{line_break}{indent}")
        } else if colon == ":" {
            ",".to_owned()
        } else {
            ", ".to_owned()
        };
        Some(vec![Edit::insert(
            it.span.end,
            format!("{separator}{written}"),
        )])
    }

    /// Whether a map of HCL is an object, and not the body of a block.
    fn is_in_object(&self, map: u32) -> bool {
        let start = self.tree.node(map).span.start;
        let before = self.slice(0, start).trim_end();
        before.ends_with(['=', ':', '(', '[', ','])
    }

    // ---- pairs -------------------------------------------------------------------------------

    fn pairs(&self, key: Span) -> Option<Vec<Edit>> {
        let (map, index) = self.entry_of(key)?;
        let list = *self.tree.children_of(map).get(index + 1)?;
        let Kind::List { .. } = self.tree.node(list).kind else {
            return None;
        };
        let span = self.tree.node(list).span;
        let is_block = self.is_block(span);
        let mut edits = Vec::new();
        if !is_block {
            edits.push(Edit::new(Span::new(span.start, span.start + 1), "{"));
            edits.push(Edit::new(Span::new(span.end - 1, span.end), "}"));
        }
        let mut names: Vec<String> = Vec::new();
        for item in self.tree.children_of(list) {
            let name = self.pair(*item, key, is_block, &mut edits)?;
            if names.contains(&name) {
                return None;
            }
            names.push(name);
        }
        Some(edits)
    }

    /// Makes an entry of a pair, and yields its name.
    fn pair(
        &self,
        item: u32,
        parent: Span,
        is_block: bool,
        edits: &mut Vec<Edit>,
    ) -> Option<String> {
        let [first, name, second, value] = *self.tree.children_of(item) else {
            return None;
        };
        let is = |id: u32, names: &[&str]| names.iter().any(|name| self.node(id).is(name));
        if !(is(first, &["Key", "key", "Name", "name"]) && is(second, &["Value", "value"])) {
            return None;
        }
        let style = self.style(name)?;
        let span = |id: u32| self.node(id).span_with_tag();
        let (own, name_span, value_span) = (span(item), span(name), span(value));
        let is_line = |span: Span| !self.slice(span.start, span.end).contains('\n');
        // A bare word of HCL would be another key than the text that it stands for.
        let is_text = match style {
            Style::Literal | Style::Folded | Style::HclPart | Style::HeredocPart => false,
            Style::Plain => self.tree.language == Language::Yaml,
            _ => true,
        };
        let is_separated = |gap: &str, key: u32, opens: &str| {
            let key = span(key);
            let key = self.slice(key.start, key.end);
            let rest = gap.trim_start().strip_prefix(opens)?.trim_start();
            let rest = rest.strip_prefix(key)?.trim_start();
            let rest = rest.strip_prefix([':', '='])?;
            rest.trim().is_empty().then_some(())
        };
        let is_flow = self.slice(own.start, own.end).starts_with('{');
        let between = self.slice(name_span.end, value_span.start);
        let comma = if between.trim_start().starts_with(',') {
            ","
        } else {
            ""
        };
        if !is_text || !is_line(name_span) || !is_line(value_span) {
            return None;
        }
        let opening = self.slice(own.start, name_span.start);
        is_separated(opening, first, if is_flow { "{" } else { "" })?;
        is_separated(between, second, comma)?;
        let mut start = own.start;
        let mut lead = String::new();
        if is_block {
            let before = self.line_before(own.start);
            let dash = before.find('-')?;
            if before.trim() != "-" {
                return None;
            }
            start = own.start - Span::of(dash..before.len()).len();
            // A list may stand no further in than its key, but a map may not.
            let key_before = self.line_before(parent.start);
            if dash <= key_before.len() {
                lead = "  ".to_owned();
            }
        }
        edits.push(Edit::new(Span::new(start, name_span.start), lead));
        let sign = if self.tree.language == Language::Hcl {
            " = "
        } else {
            ": "
        };
        edits.push(Edit::new(Span::new(name_span.end, value_span.start), sign));
        if is_flow {
            let closing = self.slice(value_span.end, own.end);
            let inside = closing.strip_suffix('}')?;
            if !is_gap(inside) {
                return None;
            }
            edits.push(Edit::delete(Span::new(value_span.end, own.end)));
        }
        Some(self.node(name).str()?.into_owned())
    }
}

/// Where `part` stands in a text, if it comes from just that span.
fn part(text: &Text<'_>, span: Span, part: &str) -> Option<std::ops::Range<usize>> {
    let whole = text.as_str();
    (whole.char_indices().map(|(at, _)| at))
        .chain([whole.len()])
        .filter(|at| whole.get(*at..).is_some_and(|rest| rest.starts_with(part)))
        .map(|at| at..at + part.len())
        .find(|range| text.span_of(range.clone()) == span)
}

/// Whether between two entries there is nothing but white space and a comma.
fn is_gap(text: &str) -> bool {
    let mut commas = 0;
    text.chars().all(|c| {
        commas += usize::from(c == ',');
        c.is_whitespace() || (c == ',' && commas == 1)
    })
}

/// Whether a text has only characters that mean themselves wherever they stand.
fn is_plain(text: &str) -> bool {
    (text.bytes()).all(|b| b.is_ascii_alphanumeric() || b"_./:@+=-".contains(&b))
}

/// Whether a text that has been a scalar of YAML without quotes, and lost or gained plain characters,
/// is still one, and still a text.
fn stays_plain(text: &str) -> bool {
    let is_start = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '/' | '.');
    text.starts_with(is_start)
        && !text.ends_with([':', ' ', '\t'])
        && ![": ", " #", "\n", "\t"].iter().any(|it| text.contains(it))
        && ![Schema::Core, Schema::Yaml11]
            .iter()
            .any(|schema| Literal::of_plain(text, *schema) != Literal::String)
}

/// Whether HCL takes a name for a key without quotes.
fn is_identifier(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && (name.bytes()).all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
}

/// A text in double quotes, as JSON, YAML and HCL all read it.
fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

/// A text with the escape sequences that JSON, YAML and HCL share.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}
