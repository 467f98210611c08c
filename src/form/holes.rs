//! Parts of a text that a tool fills in before the text goes anywhere.

use std::ops::Range;

use crate::syntax::{Text, TextBuilder};
use crate::text::Span;

/// The same text with a gap for each of `holes`, which are in order and apart.
pub(super) fn with_gaps<'t>(text: Text<'t>, holes: &[Range<usize>]) -> Text<'t> {
    if holes.is_empty() {
        return text;
    }
    let mut builder = TextBuilder::default();
    let mut from = 0;
    for hole in holes {
        push_part(&mut builder, &text, slice(&text, from..hole.start));
        builder.push_gap(text.span_of(hole.clone()));
        from = hole.end;
    }
    push_part(&mut builder, &text, slice(&text, from..text.as_str().len()));
    builder.finish()
}

/// Appends `part`, a slice of `text`, with its place.
pub(super) fn push_part(builder: &mut TextBuilder, text: &Text<'_>, part: &str) {
    let span = text.span_of_part(part);
    if span.len() as usize == part.len() {
        builder.push_verbatim(part, span.start);
        return;
    }
    for character in part.split_inclusive(|_| true) {
        let span = text.span_of_part(character);
        builder.push_from(character, span);
    }
}

fn slice<'s>(text: &'s Text<'_>, range: Range<usize>) -> &'s str {
    text.as_str().get(range).unwrap_or_default()
}

/// Whether one hole is all that a text holds, so that its value may be of any sort.
pub(super) fn is_all_of(holes: &[Range<usize>], text: &str) -> bool {
    match holes {
        [hole] => {
            let around = [text.get(..hole.start), text.get(hole.end..)];
            (around.into_iter().flatten()).all(|part| part.trim().is_empty())
        }
        _ => false,
    }
}

/// Where the expression ends whose inside begins at `from`: behind the `close` that is in no
/// quotes and no braces.
pub(super) fn end_of_expression(text: &str, from: usize, close: &str) -> Option<usize> {
    let mut quote = None;
    let mut depth = 0_usize;
    let mut escaped = false;
    for (offset, byte) in text.bytes().enumerate().skip(from) {
        if let Some(open) = quote {
            if byte == open && !escaped {
                quote = None;
            }
            escaped = byte == b'\\' && !escaped;
            continue;
        }
        match byte {
            b'"' | b'\'' => quote = Some(byte),
            b'{' => depth += 1,
            b'}' if depth > 0 => depth -= 1,
            _ if depth == 0
                && text
                    .get(offset..)
                    .is_some_and(|rest| rest.starts_with(close)) =>
            {
                return Some(offset + close.len());
            }
            _ => {}
        }
    }
    None
}

/// The name at the head of `name.attribute["key"][0]`, and the steps behind it; `None` where that is
/// not all there is.
pub(super) fn steps(expression: &str) -> Option<(&str, Vec<&str>)> {
    let word = |text: &'_ str| text.find(['.', '[']).unwrap_or(text.len());
    let (name, mut rest) = expression.split_at(word(expression));
    let mut steps = Vec::new();
    while !rest.is_empty() {
        let step;
        (step, rest) = if let Some(after) = rest.strip_prefix('.') {
            after.split_at(word(after))
        } else {
            let (inside, after) = rest.strip_prefix('[')?.split_once(']')?;
            (inside.trim_matches(['"', '\'']), after)
        };
        if step.is_empty() {
            return None;
        }
        steps.push(step);
    }
    (!name.is_empty()).then_some((name, steps))
}

/// What stands in quotes within `holes`: the default of an expression may be a password.
pub(super) fn quoted_within(text: &Text<'_>, holes: &[Range<usize>]) -> Vec<Span> {
    let mut found = Vec::new();
    for hole in holes {
        let mut open: Option<(u8, usize)> = None;
        for (offset, byte) in slice(text, hole.clone()).bytes().enumerate() {
            let offset = hole.start + offset;
            match open {
                Some((quote, start)) if quote == byte => {
                    found.push(text.span_of(start..offset));
                    open = None;
                }
                None if matches!(byte, b'"' | b'\'') => open = Some((byte, offset + 1)),
                _ => {}
            }
        }
        if let Some((_, start)) = open {
            found.push(text.span_of(start..hole.end));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_ends_outside_of_quotes_and_braces() {
        let end = |text: &str, close: &str| {
            end_of_expression(text, 2, close).and_then(|end| text.get(end..).map(str::to_owned))
        };
        assert_eq!(end("{{ a }}b", "}}").as_deref(), Some("b"));
        assert_eq!(end("{{ '}}' }}b", "}}").as_deref(), Some("b"));
        assert_eq!(end("{{ {'a': {}}['a'] }}b", "}}").as_deref(), Some("b"));
        assert_eq!(end("${a:b, ${c:d}}e", "}").as_deref(), Some("e"));
        assert_eq!(end("{{ a", "}}"), None);
    }

    #[test]
    fn what_is_quoted_in_a_hole_is_found() {
        let text = Text::verbatim("x'y'{{ a('b', \"c\") }}", 10);
        let spans = quoted_within(&text, std::slice::from_ref(&(4..21)));
        assert_eq!(spans, [Span::new(20, 21), Span::new(25, 26)]);
    }

    #[test]
    fn steps_are_read_in_each_notation() {
        assert_eq!(steps("a"), Some(("a", vec![])));
        assert_eq!(
            steps("a.b[\"c\"]['d'][0]"),
            Some(("a", vec!["b", "c", "d", "0"]))
        );
        for text in ["", ".a", "a.", "a[", "a[]", "a[0]b"] {
            assert_eq!(steps(text), None, "{text}");
        }
    }
}
