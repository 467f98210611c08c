//! Holes: the parts of a text that nobody knows yet.
//!
//! A hole is a [`GAP`], or a placeholder that somebody is to fill in: `${…}`, `{{…}}`, `{% … %}`,
//! `<…>` or `{your-…}`. Whatever stands inside of it is neither a delimiter nor a mistake. A text that is
//! masked as a whole is one, too.

use crate::syntax::GAP;

/// How documentation begins what its readers are to fill in. Other braces are no placeholders.
const YOURS: &[&str] = &["{your-", "{your_"];

/// A placeholder in angle brackets is at most this long, in bytes.
const LONGEST_IN_ANGLES: usize = 64;

/// Whether any part of a text is not known.
pub fn has_hole(text: &str) -> bool {
    text.contains(GAP) || has_placeholder(text)
}

/// Whether a text holds something that another tool is to fill in.
pub fn has_placeholder(text: &str) -> bool {
    memchr::memchr3_iter(b'$', b'{', b'<', text.as_bytes())
        .any(|at| placeholder(text, at).is_some())
        || is_mask(text)
}

/// Whether a text is there to be replaced, by people or by another tool: what it will be is not
/// known.
pub fn is_stand_in(text: &str) -> bool {
    // IDs and zones have none of these, and most are good.
    let marks = |byte: &u8| matches!(byte, b'<' | b'*' | b'{' | b'[' | b'%' | b'x' | b'X');
    if !text.as_bytes().iter().any(marks) {
        return false;
    }
    [
        "<", "***", "{{", "{%", "[[", "${", "%[", "%s", "xxxx", "XXXX",
    ]
    .iter()
    .chain(YOURS)
    .any(|mark| text.contains(mark))
}

/// Whether a text hides another one: `****`, or what `gluelint redact` makes of a whole value. Of one
/// character nobody could tell.
pub fn is_mask(text: &str) -> bool {
    let is_one = |c: char| matches!(c, '*' | 'x' | 'X' | '\u{B7}' | '•' | '●' | '\u{1F512}');
    // The first character of nearly every text is none of these.
    text.chars().all(is_one) && text.chars().nth(1).is_some()
}

/// Whether a text begins with a part that is not known.
pub fn begins_with_hole(text: &str) -> bool {
    text.starts_with(GAP) || placeholder(text, 0).is_some()
}

/// What stands before the first part that is not known.
pub fn known_start(text: &str) -> &str {
    let mut offsets = text.char_indices();
    let is_hole = |(at, c): &(usize, char)| *c == GAP || placeholder(text, *at).is_some();
    let hole = offsets.find(is_hole).map_or(text.len(), |(at, _)| at);
    text.get(..hole).unwrap_or(text)
}

/// Whether a text ends with a part that is not known, so that it may go on.
pub fn ends_with_hole(text: &str) -> bool {
    let mut end = 0;
    let mut last = false;
    for (at, character) in text.char_indices() {
        if at < end {
            continue;
        }
        let hole = placeholder(text, at);
        last = character == GAP || hole.is_some();
        end = hole.unwrap_or(0);
    }
    last
}

/// The byte offset of the first of `marks`, which are ASCII, outside of placeholders.
pub fn find(text: &str, marks: &[char]) -> Option<usize> {
    // A bit for each mark: this is asked of every byte.
    let set = (marks.iter()).fold(0_u128, |set, mark| set | (1 << (u32::from(*mark) & 127)));
    let is_mark = |byte: u8| byte.is_ascii() && (set >> byte) & 1 == 1;
    let bytes = text.as_bytes();
    let first = bytes.iter().position(|byte| is_mark(*byte))?;
    let before = bytes.get(..first).unwrap_or_default();
    // Only a placeholder that begins in front of the first mark can hide it.
    let Some(mut at) = memchr::memchr3(b'$', b'{', b'<', before) else {
        return Some(first);
    };
    // All marks are ASCII, and no byte of another character is.
    while let Some(byte) = bytes.get(at).copied() {
        if let Some(behind) = placeholder(text, at) {
            at = behind;
        } else if is_mark(byte) {
            return Some(at);
        } else {
            at += 1;
        }
    }
    None
}

/// The text before the first of `marks` outside of placeholders, and the text from there on.
pub fn cut<'a>(text: &'a str, marks: &[char]) -> (&'a str, &'a str) {
    text.split_at(find(text, marks).unwrap_or(text.len()))
}

/// The pieces of a text between `marks` outside of placeholders.
pub fn split<'a>(text: &'a str, marks: &[char]) -> Vec<&'a str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    loop {
        let (piece, tail) = cut(rest, marks);
        pieces.push(piece);
        let mut characters = tail.chars();
        if characters.next().is_none() {
            return pieces;
        }
        rest = characters.as_str();
    }
}

/// The byte offset behind the placeholder that begins at byte `at`. One that is never closed
/// reaches to the end.
fn placeholder(text: &str, at: usize) -> Option<usize> {
    if at == 0 && is_mask(text) {
        return Some(text.len());
    }
    // Nearly every character is none of these, and this is asked of every one.
    if !matches!(text.as_bytes().get(at)?, b'$' | b'{' | b'<') {
        return None;
    }
    let rest = text.get(at..)?;
    if rest.starts_with("${") {
        let mut depth = 0_usize;
        for (offset, byte) in rest.bytes().enumerate() {
            match byte {
                b'{' => depth += 1,
                b'}' if depth == 1 => return Some(at + offset + 1),
                b'}' => depth -= 1,
                _ => {}
            }
        }
        return Some(text.len());
    }
    if rest.starts_with("{{") {
        return Some(rest.find("}}").map_or(text.len(), |len| at + len + 2));
    }
    // What stands between two statements may not come to be.
    if rest.starts_with("{%") {
        return Some(rest.rfind("%}").map_or(text.len(), |len| at + len + 2));
    }
    if YOURS.iter().any(|begin| rest.starts_with(begin)) {
        return Some(at + rest.find('}')? + 1);
    }
    if rest.starts_with('<') {
        let len = (rest.bytes().take(LONGEST_IN_ANGLES)).position(|byte| byte == b'>')?;
        return Some(at + len + 1);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_hide_what_is_in_them() {
        assert_eq!(find("${a:b}:c", &[':']), Some(6));
        assert_eq!(find("${a:${b}/c}/d", &['/']), Some(11));
        assert_eq!(find("{{ a | b:c }}/", &['/', ':']), Some(13));
        assert_eq!(find("<host:port>/x", &['/', ':']), Some(11));
        assert_eq!(find("{% if a %}b:c{% endif %}:d", &[':']), Some(24));
        assert_eq!(find("${never:closed", &[':']), None);
        assert_eq!(split("a,${b,c},d", &[',']), ["a", "${b,c}", "d"]);
        assert_eq!(split("", &[',']), [""]);
    }

    #[test]
    fn holes_are_seen_wherever_they_stand() {
        assert!(has_hole("a\u{FFFC}") && has_hole("a${b}") && has_hole("<a>"));
        assert!(has_hole("{your-host}:80") && !has_hole("{your-host"));
        assert!(!has_hole("a{b}") && !has_hole("a < b"));
        assert!(has_hole("****") && has_hole("xxxx") && has_hole("x\u{B7}•\u{1F512}"));
        assert!(has_hole("xx") && !has_hole("x") && !has_hole("xxxy") && !has_hole(""));
        assert_eq!((known_start("***"), begins_with_hole("***")), ("", true));
        assert_eq!(known_start("ab${c}d"), "ab");
        assert!(begins_with_hole("${a}b") && !begins_with_hole("a${b}"));
        assert!(ends_with_hole("a\u{FFFC}") && ends_with_hole("a${b}"));
        assert!(!ends_with_hole("${a}b") && !ends_with_hole(""));
    }
}
