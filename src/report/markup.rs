//! Texts of documents in markup, where they must never be markup themselves.

use std::borrow::Cow;

use super::plain;

/// A text for XML and HTML, between tags or in quotes: everything stands for itself, and what would
/// hide or move other characters is an escape. XML has no way to write most control characters.
pub(super) fn escaped(text: &str) -> Cow<'_, str> {
    let text = plain(text);
    if !text.contains(['&', '<', '>', '"', '\'', '\u{FFFE}', '\u{FFFF}']) {
        return text;
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\u{FFFE}' | '\u{FFFF}' => escaped.push(char::REPLACEMENT_CHARACTER),
            other => escaped.push(other),
        }
    }
    Cow::Owned(escaped)
}

/// The pieces of a message, in which names of properties and texts of the document stand between
/// backticks. `None` where the backticks do not tell, as the document's text has some of its own.
pub(super) fn pieces(message: &str) -> Option<impl Iterator<Item = Piece<'_>>> {
    let is_clear = message.matches('`').count().is_multiple_of(2) && !message.contains("``");
    let pieces = message.split('`').enumerate();
    is_clear.then(|| {
        pieces.map(|(index, text)| match index % 2 {
            0 => Piece::Prose(text),
            _ => Piece::Code(text),
        })
    })
}

/// A piece of a message.
pub(super) enum Piece<'m> {
    Prose(&'m str),
    /// What stood between backticks.
    Code(&'m str),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_markup() {
        assert_eq!(
            escaped("</script><img onerror='x' a=\"b\">&amp;"),
            "&lt;/script&gt;&lt;img onerror=&#39;x&#39; a=&quot;b&quot;&gt;&amp;amp;"
        );
        assert_eq!(
            escaped("a\x1b\u{202E}\n\u{FFFF}"),
            "a\\u{1b}\\u{202e}\\n\u{FFFD}"
        );
        assert!(matches!(escaped("naïve"), Cow::Borrowed(_)));
    }
}
