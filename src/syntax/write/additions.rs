//! New entries and items, whatever they hold.

use super::{Writer, escaped, is_plain, quoted, stays_plain};
use crate::syntax::{Kind, NodeKind, NodeRef, Style, Tree};
use crate::text::{Edit, Span};

/// What is written new into a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Addition {
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Addition>),
    /// A map.
    Map(Vec<(&'static str, Addition)>),
}

impl Addition {
    /// A text.
    pub fn text(text: impl Into<String>) -> Addition {
        Addition::Text(text.into())
    }
}

/// Where a new entry stands in its map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position<'k> {
    /// In front of all others.
    First,
    /// Behind the entry of that key; where there is none, as the last one.
    Behind(&'k str),
    /// Behind all others.
    Last,
}

impl Tree<'_> {
    /// The edits that give a map of JSON or YAML another entry; `None` where that cannot be written.
    pub fn with_entry(
        &self,
        map: NodeRef<'_>,
        position: Position<'_>,
        name: &'static str,
        value: &Addition,
    ) -> Option<Vec<Edit>> {
        let writer = Writer { tree: self };
        let Kind::Map { .. } = self.node(map.id).kind else {
            return None;
        };
        let children = self.children_of(map.id);
        let entries: Vec<(u32, u32)> = (children.chunks_exact(2))
            .filter_map(|pair| Some((*pair.first()?, *pair.get(1)?)))
            .collect();
        let written = |layout: &Layout| layout.entry(name, value);
        let Some((first, _)) = entries.first() else {
            return writer.in_empty(map.span(), written);
        };
        let start = self.node(*first).span.start;
        let layout = writer.layout(map.span(), start);
        let behind = match position {
            Position::First => {
                return writer.in_front(start, &layout, &written(&layout));
            }
            Position::Behind(key) => {
                let mut known = entries.iter();
                known.find(|(id, _)| writer.node(*id).is(key))
            }
            Position::Last => None,
        };
        let (_, value) = behind.or(entries.last())?;
        writer.behind(*value, &layout, &written(&layout))
    }

    /// The edits that put items behind those of a list of JSON or YAML. A value that is no list becomes
    /// the first item of one. `None` where that cannot be written.
    pub fn with_items(&self, list: NodeRef<'_>, items: &[Addition]) -> Option<Vec<Edit>> {
        let writer = Writer { tree: self };
        let span = list.span();
        if list.kind() != NodeKind::List {
            let is_block = match list.kind() {
                NodeKind::Map => writer.is_block(span),
                NodeKind::Scalar(style) => style != Style::DoubleQuoted,
                _ => true,
            };
            if (is_block && !writer.is_json()) || list.anchored_span().is_some() {
                return None;
            }
            let layout = writer.compact();
            let written = layout.items(items);
            let behind = format!("{}{written}]", layout.comma());
            return Some(vec![
                Edit::insert(span.start, "["),
                Edit::insert(span.end, behind),
            ]);
        }
        let written = |layout: &Layout| layout.items(items);
        let children = self.children_of(list.id);
        let (Some(first), Some(last)) = (children.first(), children.last()) else {
            return writer.in_empty(span, written);
        };
        let first = self.node(*first).span;
        let mut layout = writer.layout(span, first.start);
        if layout.style == Dress::Block {
            // The mark of an item stands where the next one's does.
            let before = writer
                .line_before(first.start)
                .trim_end()
                .strip_suffix('-')?;
            layout.indent = " ".repeat(before.len());
        }
        writer.behind(*last, &layout, &written(&layout))
    }

    /// The edits that put an entry of block style at the end of a YAML document that is a map or
    /// empty.
    pub fn with_last_entry(&self, name: &'static str, value: &Addition) -> Option<Vec<Edit>> {
        let writer = Writer { tree: self };
        let root = self.documents().next();
        let is_open = root.is_none_or(|root| match root.kind() {
            NodeKind::Map => {
                writer.is_block(root.span()) && writer.indent(root.span().start).is_empty()
            }
            NodeKind::Scalar(_) => root.span().is_empty(),
            _ => false,
        });
        let is_ended = self.text.lines().any(|line| line.starts_with("..."));
        if !is_open || is_ended {
            return None;
        }
        let line_break = writer.line_break();
        let layout = Layout {
            style: Dress::Block,
            indent: String::new(),
            unit: "  ".to_owned(),
            line_break,
            colon: ": ",
        };
        let (kept, space) = match self.text {
            "" => ("", ""),
            text if text.ends_with("\n\n") || text.ends_with("\n\r\n") => ("", ""),
            text if text.ends_with('\n') => ("", line_break),
            _ => (line_break, line_break),
        };
        let end = Span::of(0..self.text.len()).end;
        let written = layout.entry(name, value);
        Some(vec![Edit::insert(
            end,
            format!("{kept}{space}{written}{line_break}"),
        )])
    }
}

/// How entries and items are set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dress {
    /// Each on a line of its own, without brackets.
    Block,
    /// Each on a line of its own, in brackets.
    Spread,
    /// All on one line, in brackets.
    Compact,
}

/// How something is written at a place.
#[derive(Clone, Debug)]
struct Layout {
    style: Dress,
    /// What stands in front of an entry or item on its line.
    indent: String,
    /// How much further what is in it is indented.
    unit: String,
    line_break: &'static str,
    colon: &'static str,
}

impl Layout {
    fn comma(&self) -> &'static str {
        if self.colon == ":" { "," } else { ", " }
    }

    /// What stands between two entries or items.
    fn separator(&self) -> String {
        match self.style {
            Dress::Block => format!("{}{}", self.line_break, self.indent),
            Dress::Spread => format!(",{}{}", self.line_break, self.indent),
            Dress::Compact => self.comma().to_owned(),
        }
    }

    fn deeper(&self) -> Layout {
        Layout {
            indent: format!("{}{}", self.indent, self.unit),
            ..self.clone()
        }
    }

    fn entry(&self, name: &str, value: &Addition) -> String {
        if self.style != Dress::Block {
            return format!("{}{}{}", quoted(name), self.colon, self.value(value));
        }
        match value {
            Addition::Text(text) => format!("{name}: {}", scalar(text)),
            Addition::List(_) | Addition::Map(_) => {
                let deeper = self.deeper();
                let written = deeper.value(value);
                format!("{name}:{}{}{written}", self.line_break, deeper.indent)
            }
        }
    }

    fn items(&self, items: &[Addition]) -> String {
        let items = items.iter().map(|item| match self.style {
            // What is in an item begins beside its mark.
            Dress::Block => {
                let within = Layout {
                    indent: format!("{}  ", self.indent),
                    ..self.clone()
                };
                format!("- {}", within.value(item))
            }
            Dress::Spread | Dress::Compact => self.value(item),
        });
        items.collect::<Vec<_>>().join(&self.separator())
    }

    /// A value that is an entry's or an item; in block style, what begins at the indentation.
    fn value(&self, value: &Addition) -> String {
        let (inside, brackets) = match value {
            Addition::Text(text) if self.style == Dress::Block => return scalar(text),
            Addition::Text(text) => return quoted(text),
            Addition::List(_) => (self.within(), ('[', ']')),
            Addition::Map(_) => (self.within(), ('{', '}')),
        };
        let written = match value {
            Addition::Text(text) => escaped(text),
            Addition::List(items) => inside.items(items),
            Addition::Map(entries) => {
                let entries = entries
                    .iter()
                    .map(|(name, value)| inside.entry(name, value));
                entries.collect::<Vec<_>>().join(&inside.separator())
            }
        };
        let (open, close) = brackets;
        match self.style {
            Dress::Block => written,
            Dress::Spread => format!(
                "{open}{0}{1}{written}{0}{2}{close}",
                self.line_break, inside.indent, self.indent
            ),
            Dress::Compact => format!("{open}{written}{close}"),
        }
    }

    fn within(&self) -> Layout {
        match self.style {
            Dress::Spread => self.deeper(),
            Dress::Block | Dress::Compact => self.clone(),
        }
    }
}

/// A scalar of YAML, in quotes if it needs them.
fn scalar(text: &str) -> String {
    let words = || text.split(' ');
    let is_simple = words().all(|word| !word.is_empty() && is_plain(word));
    if is_simple && stays_plain(text) {
        text.to_owned()
    } else {
        quoted(text)
    }
}

impl Writer<'_> {
    /// What stands in front of `offset` on its line, as blanks.
    fn indent(&self, offset: u32) -> String {
        let before = self.line_before(offset).chars();
        before.map(|c| if c == '\t' { '\t' } else { ' ' }).collect()
    }

    /// The blanks that the line of `offset` begins with.
    fn margin(&self, offset: u32) -> String {
        let before = self.line_before(offset);
        let blanks = before.len() - before.trim_start().len();
        before.get(..blanks).unwrap_or_default().to_owned()
    }

    /// How one more is written on one line.
    fn compact(&self) -> Layout {
        // `{"a":1}` has no blanks anywhere.
        let is_tight = self.is_json() && self.tree.text.contains("\":") && {
            let colons = self.tree.text.match_indices("\":").take(100);
            let mut behind = colons.map(|(at, _)| self.tree.text.get(at + 2..).unwrap_or_default());
            behind.all(|rest| !rest.starts_with(char::is_whitespace))
        };
        Layout {
            style: Dress::Compact,
            indent: String::new(),
            unit: String::new(),
            line_break: self.line_break(),
            colon: if is_tight { ":" } else { ": " },
        }
    }

    /// How one more is written in a container whose first entry or item begins at `first`.
    fn layout(&self, container: Span, first: u32) -> Layout {
        let compact = self.compact();
        let indent = self.indent(first);
        if self.is_block(container) {
            return Layout {
                style: Dress::Block,
                unit: "  ".to_owned(),
                indent,
                ..compact
            };
        }
        if !self.line_before(first).trim().is_empty() {
            return compact;
        }
        let outside = self.margin(container.start);
        let unit = indent
            .strip_prefix(&outside)
            .filter(|unit| !unit.is_empty());
        Layout {
            style: Dress::Spread,
            unit: unit.unwrap_or("  ").to_owned(),
            indent,
            ..compact
        }
    }

    /// Writes the first that there is in brackets.
    fn in_empty(&self, container: Span, written: impl Fn(&Layout) -> String) -> Option<Vec<Edit>> {
        let inside = self.raw(container);
        let inside = inside.get(1..inside.len().checked_sub(1)?)?;
        if !inside.trim().is_empty() || !self.raw(container).starts_with(['{', '[']) {
            return None;
        }
        let place = Span::new(container.start + 1, container.end - 1);
        let head = self.line_before(container.start);
        let compact = self.compact();
        // The entry that it is the value of may begin its line.
        let is_spread =
            self.is_json() && head.trim_start().starts_with('"') && !head.contains(['{', '[']);
        if !is_spread {
            return Some(vec![Edit::new(place, written(&compact))]);
        }
        let outside = self.margin(container.start);
        // The first line that is indented tells by how much.
        let unit = (self.tree.text.lines()).find_map(|line| {
            let blanks = line.len() - line.trim_start().len();
            line.get(..blanks).filter(|unit| !unit.is_empty())
        });
        let unit = unit.unwrap_or("  ").to_owned();
        let layout = Layout {
            style: Dress::Spread,
            indent: format!("{outside}{unit}"),
            unit,
            ..compact
        };
        let text = format!(
            "{0}{1}{2}{0}{outside}",
            layout.line_break,
            layout.indent,
            written(&layout)
        );
        Some(vec![Edit::new(place, text)])
    }

    fn in_front(&self, start: u32, layout: &Layout, written: &str) -> Option<Vec<Edit>> {
        Some(vec![Edit::insert(
            start,
            format!("{written}{}", layout.separator()),
        )])
    }

    /// Writes something behind a value.
    fn behind(&self, value: u32, layout: &Layout, written: &str) -> Option<Vec<Edit>> {
        let end = self.tree.node(value).span.end;
        if layout.style != Dress::Block {
            return Some(vec![Edit::insert(
                end,
                format!("{}{written}", layout.separator()),
            )]);
        }
        let Layout {
            indent, line_break, ..
        } = layout;
        // A text of several lines may end where the next line begins.
        let head = self.line_before(end);
        if head.trim().is_empty() && end > 0 {
            let start = end - Span::of(0..head.len()).end;
            return Some(vec![Edit::insert(
                start,
                format!("{indent}{written}{line_break}"),
            )]);
        }
        let (line, next) = self.line_behind(end);
        let is_free = matches!(line.trim_start().chars().next(), None | Some('#' | ':'));
        is_free.then(|| {
            vec![if line.ends_with('\n') {
                Edit::insert(next, format!("{indent}{written}{line_break}"))
            } else {
                Edit::insert(next, format!("{line_break}{indent}{written}"))
            }]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::Language;
    use crate::text::Edits;

    fn apply(text: &str, edits: Option<Vec<Edit>>) -> Option<String> {
        let mut all = Edits::default();
        assert!(all.add(&edits?));
        Some(all.apply(text))
    }

    fn entry(language: Language, text: &str, position: Position<'_>) -> Option<String> {
        let tree = Tree::read(text, language);
        let item = Addition::Map(vec![("b", Addition::text("x y"))]);
        let value = Addition::Map(vec![("a", Addition::List(vec![item]))]);
        let map = tree.documents().next()?;
        let map = map.get("in").unwrap_or(map);
        apply(text, tree.with_entry(map, position, "new", &value))
    }

    #[test]
    fn an_entry_is_set_as_its_neighbours_are() {
        let json = |text: &str, position| entry(Language::Json, text, position).unwrap();
        assert_eq!(
            json(r#"{"a":1,"z":2}"#, Position::Behind("a")),
            r#"{"a":1,"new":{"a":[{"b":"x y"}]},"z":2}"#
        );
        assert_eq!(
            json(r#"{"a": 1}"#, Position::First),
            r#"{"new": {"a": [{"b": "x y"}]}, "a": 1}"#
        );
        let spread = "{\r\n\t\"a\": 1\r\n}\r\n";
        assert_eq!(
            json(spread, Position::Last),
            "{\r\n\t\"a\": 1,\r\n\t\"new\": {\r\n\t\t\"a\": [\r\n\t\t\t{\r\n\t\t\t\t\"b\": \"x \
             y\"\r\n\t\t\t}\r\n\t\t]\r\n\t}\r\n}\r\n"
        );
        assert_eq!(
            json("{\n    \"in\": {}\n}", Position::Last),
            "{\n    \"in\": {\n        \"new\": {\n            \"a\": [\n                {\n                    \
             \"b\": \"x y\"\n                }\n            ]\n        }\n    }\n}"
        );
        assert_eq!(
            json("{ }", Position::Last),
            r#"{"new": {"a": [{"b": "x y"}]}}"#
        );
        let yaml = |text: &str| entry(Language::Yaml, text, Position::Last).unwrap();
        let block = "new:\n  a:\n    - b: x y\n";
        assert_eq!(
            yaml("a: 1 # one\n# end\n"),
            format!("a: 1 # one\n{block}# end\n")
        );
        assert_eq!(yaml("a: 1"), format!("a: 1\n{}", block.trim_end()));
        assert_eq!(yaml("a: |\n  b\nz:\n"), format!("a: |\n  b\nz:\n{block}"));
        assert_eq!(yaml("{a: 1}"), r#"{a: 1, "new": {"a": [{"b": "x y"}]}}"#);
    }

    #[test]
    fn items_come_last() {
        let items = [Addition::text("a: b"), Addition::text("/c.json")];
        let with = |language, text: &str| {
            let tree = Tree::read(text, language);
            let list = tree.documents().next().unwrap().get("in").unwrap();
            apply(text, tree.with_items(list, &items))
        };
        let json = |text| with(Language::Json, text).unwrap();
        assert_eq!(json(r#"{"in":[]}"#), r#"{"in":["a: b","/c.json"]}"#);
        assert_eq!(
            json(r#"{"in": "x"}"#),
            r#"{"in": ["x", "a: b", "/c.json"]}"#
        );
        assert_eq!(
            json("{\"in\": [\n  1\n]}"),
            "{\"in\": [\n  1,\n  \"a: b\",\n  \"/c.json\"\n]}"
        );
        let yaml = |text| with(Language::Yaml, text);
        assert_eq!(
            yaml("in:\n- a: 1\n  b: 2\nc: 1\n").unwrap(),
            "in:\n- a: 1\n  b: 2\n- \"a: b\"\n- /c.json\nc: 1\n"
        );
        assert_eq!(
            yaml("in:\n    -   x  # one\n").unwrap(),
            "in:\n    -   x  # one\n    - \"a: b\"\n    - /c.json\n"
        );
        assert_eq!(
            yaml("in: [x]\n").unwrap(),
            "in: [x, \"a: b\", \"/c.json\"]\n"
        );
        assert_eq!(yaml("in: x\n"), None);
    }

    #[test]
    fn a_document_gets_its_last_entry() {
        let with = |text: &str| {
            let tree = Tree::read(text, Language::Yaml);
            apply(
                text,
                tree.with_last_entry("new", &Addition::text("2027-01-31")),
            )
        };
        assert_eq!(with("").unwrap(), "new: 2027-01-31\n");
        assert_eq!(with("# a\n").unwrap(), "# a\n\nnew: 2027-01-31\n");
        assert_eq!(with("a: 1").unwrap(), "a: 1\n\nnew: 2027-01-31\n");
        assert_eq!(
            with("a: 1\r\n\r\n").unwrap(),
            "a: 1\r\n\r\nnew: 2027-01-31\r\n"
        );
        assert_eq!(with("{a: 1}\n"), None);
        assert_eq!(with("a: 1\n...\n"), None);
    }
}
