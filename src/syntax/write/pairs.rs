//! `[{Key, Value}]` as the map that is meant.

use super::{Writer, is_gap};
use crate::syntax::{Kind, Language, Style};
use crate::text::{Edit, Span};

impl Writer<'_> {
    pub(super) fn pairs(&self, key: Span) -> Option<Vec<Edit>> {
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
            // What begins on a line of its own is in block style.
            (rest.trim().is_empty() && !rest.contains('\n')).then_some(())
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
            let above = self.slice(0, own.start).trim_end().strip_suffix('-')?;
            start = Span::of(0..above.len()).end;
            let before = self.line_before(start);
            if !before.trim().is_empty() {
                return None;
            }
            // A list may stand no further in than its key, but a map may not.
            if before.len() <= self.line_before(parent.start).len() {
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
