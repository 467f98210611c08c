//! Entries of maps and items of lists: other names, removals, additions.

use super::{Writer, are_alike, is_gap, is_identifier, quoted};
use crate::syntax::{Kind, Language, Style};
use crate::text::{Edit, Span};

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

/// Whether some YAML may have an anchor in it.
fn may_have_anchor(raw: &str) -> bool {
    let begins =
        |before: &str| before.is_empty() || before.ends_with([' ', '\t', '\n', '[', '{', ',']);
    (raw.match_indices('&')).any(|(at, _)| raw.get(..at).is_some_and(begins))
}

impl Writer<'_> {
    /// The map that has its key at `key`, and the index of the key among the map's children.
    pub(super) fn entry_of(&self, key: Span) -> Option<(u32, usize)> {
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

    pub(super) fn key(&self, key: Span, name: &str) -> Option<Vec<Edit>> {
        let (map, index) = self.entry_of(key)?;
        let id = *self.tree.children_of(map).get(index)?;
        let style = self.style(id)?;
        // Two entries may not be mended to be the same.
        let mut others = (self.node(map).own_entries()).filter(|(other, _)| other.span() != key);
        if others.any(|(key, _)| key.str().is_some_and(|other| are_alike(&other, name))) {
            return None;
        }
        let is_bare = self.tree.language == Language::Hcl && style == Style::Plain;
        let edit = if is_bare {
            is_identifier(name).then(|| Edit::new(key, name))
        } else {
            self.whole(id, style, name)
        };
        edit.map(|edit| vec![self.aligned(edit)])
    }

    /// The same edit of a key in HCL, and as many blanks behind it that an equals sign which stands
    /// below others, as `terraform fmt` puts it, stays there.
    fn aligned(&self, edit: Edit) -> Edit {
        let behind = self.slice(edit.span.end, Span::of(0..self.tree.text().len()).end);
        let blanks = behind.len() - behind.trim_start_matches(' ').len();
        let is_aligned = blanks > 1 && behind.trim_start_matches(' ').starts_with('=');
        if self.tree.language != Language::Hcl || !is_aligned {
            return edit;
        }
        let width = |text: &str| text.chars().count();
        let before = width(edit.span.slice(self.tree.text())) + blanks;
        let kept = before.saturating_sub(width(&edit.replacement)).max(1);
        let end = Span::of(0..edit.span.end as usize + blanks).end;
        Edit::new(
            Span::new(edit.span.start, end),
            edit.replacement + &" ".repeat(kept),
        )
    }

    /// The entry or item that stands at `span`.
    fn extent(&self, span: Span) -> Option<Extent> {
        let trail = self.tree.trail(span);
        // A map of one key without a value ends where the key does: the innermost is meant.
        let at = (trail.iter()).rposition(|id| self.tree.node(*id).span == span)?;
        let (id, container) = (*trail.get(at)?, *trail.get(at.checked_sub(1)?)?);
        let children = self.tree.children_of(container);
        let index = children.iter().position(|child| *child == id)?;
        let end = |id: u32| self.tree.node(id).span.end;
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

    pub(super) fn removal(&self, span: Span) -> Option<Vec<Edit>> {
        let it = self.extent(span)?;
        // What other places repeat must stay.
        if self.tree.language == Language::Yaml && may_have_anchor(self.raw(it.span)) {
            return None;
        }
        let is_block = self.is_block(it.container);
        if is_block && it.before.is_none() && it.behind.is_none() {
            return self.emptied(&it).map(|edit| vec![edit]);
        }
        let deleted = (self.lines_of(&it, is_block))
            .or_else(|| self.up_to_next(&it))
            .or_else(|| self.up_from_previous(&it, is_block))
            .or_else(|| self.only_one(&it, is_block))?;
        Some(vec![Edit::delete(deleted)])
    }

    /// Writes brackets in place of the only entry of a block, without which it would be none: behind
    /// the key of the block, unless something stands between the two.
    fn emptied(&self, it: &Extent) -> Option<Edit> {
        let above = self.slice(0, it.container.start).trim_end();
        let first = self.slice(it.container.start, it.span.start).trim();
        let is_alone = first == if it.is_item { "-" } else { "" };
        let (behind, _) = self.line_behind(it.span.end);
        let is_all = matches!(behind.trim().chars().next(), None | Some('#'));
        let ends_in_line = !self.raw(it.span).ends_with('\n');
        let brackets = if it.is_item { "[]" } else { "{}" };
        (is_alone && is_all && ends_in_line).then(|| {
            if above.ends_with(':') {
                let start = Span::of(0..above.len()).end;
                Edit::new(Span::new(start, it.span.end), format!(" {brackets}"))
            } else {
                Edit::new(Span::new(it.container.start, it.span.end), brackets)
            }
        })
    }

    /// Whether a container of YAML is written in block style.
    pub(super) fn is_block(&self, container: Span) -> bool {
        self.tree.language == Language::Yaml && !self.raw(container).starts_with(['{', '['])
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
    fn up_from_previous(&self, it: &Extent, is_block: bool) -> Option<Span> {
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

    pub(super) fn entry(
        &self,
        behind: Span,
        holds: &str,
        name: &str,
        text: &str,
    ) -> Option<Vec<Edit>> {
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
        let before = self.line_before(it.span.start);
        let indent: String = (before.chars())
            .map(|c| if c == '\t' { '\t' } else { ' ' })
            .collect();
        let is_own_line = before.trim().is_empty();
        // In HCL, the signs of neighbouring lines stand in one column.
        let blanks = between.len() - between.trim_start().len();
        let width = if is_hcl && is_own_line {
            (behind.range().len() + blanks).saturating_sub(1)
        } else {
            0
        };
        let written = format!("{name:<width$}{colon}{text}");
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
}
