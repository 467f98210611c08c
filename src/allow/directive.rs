//! What is written behind `gluelint:`: `allow(rule, …) until=2027-01-31 reason`.

use std::ops::Range;

use super::Date;

/// What is to be allowed. Ranges count bytes of the text that was read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Directive {
    /// The names between the parentheses.
    pub(super) names: Vec<Range<usize>>,
    /// Whether it is `allow-file`.
    pub(super) whole_file: bool,
    /// The last day on which it holds, and where that is written.
    pub(super) until: Option<(Range<usize>, Date)>,
    /// The rest; empty where there is none.
    pub(super) reason: Range<usize>,
}

/// Why a text is no directive.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Malformed {
    /// The part that is wrong.
    pub(super) range: Range<usize>,
    pub(super) fault: Fault,
}

/// What is wrong with a directive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Something else than `allow` or `allow-file`.
    Word,
    /// The colon is missing.
    Colon,
    /// No parenthesis follows `allow`.
    Parenthesis,
    /// The parenthesis is not closed.
    Unclosed,
    /// There is nothing between the parentheses.
    Empty,
    /// `until` is not followed by `=` and a day.
    Until,
}

/// Reads what is written behind `gluelint`.
pub(super) fn read(text: &str) -> Result<Directive, Malformed> {
    let fail = |range: Range<usize>, fault| Err(Malformed { range, fault });
    let at = |rest: &str| text.len() - rest.len();
    let behind = text.trim_start();
    let Some(rest) = behind.strip_prefix(':') else {
        return fail(at(behind)..word_end(text, at(behind)), Fault::Colon);
    };
    let rest = rest.trim_start();
    let word = at(rest)..word_end(text, at(rest));
    let whole_file = match text.get(word.clone()).unwrap_or_default() {
        "allow" => false,
        "allow-file" => true,
        _ => return fail(word, Fault::Word),
    };
    let rest = text.get(word.end..).unwrap_or_default().trim_start();
    let Some(rest) = rest.strip_prefix('(') else {
        return fail(word, Fault::Parenthesis);
    };
    let Some((inside, behind)) = rest.split_once(')') else {
        return fail(at(rest) - 1..text.trim_end().len(), Fault::Unclosed);
    };
    let mut names = Vec::new();
    let mut from = at(rest);
    for piece in inside.split(',') {
        let name = piece.trim();
        if !name.is_empty() {
            let start = from + piece.len() - piece.trim_start().len();
            names.push(start..start + name.len());
        }
        from += piece.len() + 1;
    }
    if names.is_empty() {
        return fail(at(rest) - 1..at(behind), Fault::Empty);
    }
    let (until, rest) = until(text, at(behind))?;
    // People set a reason off.
    let tail = text.get(rest..).unwrap_or_default();
    let reason = tail.trim_start_matches(['-', '–', '—', ':', ' ', '\t']);
    let start = rest + tail.len() - reason.len();
    Ok(Directive {
        names,
        whole_file,
        until,
        reason: start..start + reason.trim_end().len(),
    })
}

/// The day behind `until=`, which may come first, and where the rest begins.
type Until = (Option<(Range<usize>, Date)>, usize);

fn until(text: &str, from: usize) -> Result<Until, Malformed> {
    let behind = text.get(from..).unwrap_or_default();
    let start = from + behind.len() - behind.trim_start().len();
    let Some(rest) = text.get(start..).and_then(|it| it.strip_prefix("until")) else {
        return Ok((None, from));
    };
    // A reason may begin with the word.
    if !rest.trim_start().starts_with(['=', ':']) && !rest.trim_start().starts_with(is_digit) {
        return Ok((None, from));
    }
    let end = (start..=text.len()).find(|at| {
        (text.get(*at..)).is_some_and(|it| it.is_empty() || it.starts_with(char::is_whitespace))
    });
    let end = end.unwrap_or(text.len());
    let day = rest.strip_prefix('=').map(|_| start + "until=".len()..end);
    let date = day.clone().and_then(|day| Date::parse(text.get(day)?));
    match (day, date) {
        (Some(day), Some(date)) => Ok((Some((day, date)), end)),
        _ => Err(Malformed {
            range: start..end,
            fault: Fault::Until,
        }),
    }
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

/// Where the word that begins at `start` ends: at least a character behind, if there is one.
fn word_end(text: &str, start: usize) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let len = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
    let first = rest.chars().next().map_or(0, char::len_utf8);
    start + len.max(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> (Vec<&str>, Option<String>, &str) {
        let it = read(text).unwrap();
        (
            it.names.into_iter().map(|name| &text[name]).collect(),
            it.until.map(|(range, date)| {
                assert_eq!(text[range], date.to_string());
                date.to_string()
            }),
            &text[it.reason],
        )
    }

    #[test]
    fn rules_a_day_and_a_reason() {
        let day = || Some("2027-01-31".to_owned());
        assert_eq!(parts(": allow(a)"), (vec!["a"], None, ""));
        assert_eq!(
            parts(":allow( a-b ,c, ) until=2027-01-31  moves in January \t"),
            (vec!["a-b", "c"], day(), "moves in January")
        );
        assert_eq!(parts(": allow(a) — see #12"), (vec!["a"], None, "see #12"));
        assert_eq!(parts(": allow(a)until=2027-01-31"), (vec!["a"], day(), ""));
        let text = ": allow(a) until the move";
        assert_eq!(parts(text), (vec!["a"], None, "until the move"));
        assert!(read(": allow-file(a)").unwrap().whole_file);
    }

    #[test]
    fn what_is_wrong_is_said_of_the_very_part() {
        let fault = |text: &'static str| {
            let it = read(text).unwrap_err();
            (&text[it.range], it.fault)
        };
        assert_eq!(fault(": alow(x)"), ("alow", Fault::Word));
        assert_eq!(fault(":"), ("", Fault::Word));
        assert_eq!(fault(": ü"), ("ü", Fault::Word));
        assert_eq!(fault(" allow(x)"), ("allow", Fault::Colon));
        assert_eq!(fault(": allow x"), ("allow", Fault::Parenthesis));
        assert_eq!(fault(": allow(x, y "), ("(x, y", Fault::Unclosed));
        assert_eq!(fault(": allow( , )"), ("( , )", Fault::Empty));
        assert_eq!(fault(": allow(a) until=2027"), ("until=2027", Fault::Until));
        let text = ": allow(a) until:2027-01-31 x";
        assert_eq!(fault(text), ("until:2027-01-31", Fault::Until));
        assert_eq!(fault(": allow(a) until 2027"), ("until", Fault::Until));
    }
}
