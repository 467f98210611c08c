//! Characters that do not belong to a value, and what stands in place of one.

use super::{
    BLANKS_AROUND_VALUE, INVISIBLE_CHARACTER, LINE_BREAK_IN_VALUE, PLACEHOLDER_VALUE,
    QUOTES_AROUND_VALUE, Site, UNRESOLVABLE_REFERENCE, UNRESOLVED_TEMPLATE_MARKER, at,
    may_be_connector,
};
use crate::check::formats::holes::is_mask;
use crate::check::{Findings, Reading};
use crate::diag::{Finding, Fix};
use crate::form::Value;
use crate::spec::near::nearest;
use crate::spec::{Format, Severity};
use crate::text::Place;

/// The first marker of a template in a text: `${…}`, `{{ … }}` or `{% … %}`.
pub(in crate::check) fn template_marker(text: &str) -> Option<&str> {
    memchr::memchr2(b'$', b'{', text.as_bytes())?;
    let (at, close) = [("${", "}"), ("{{", "}}"), ("{%", "%}")]
        .into_iter()
        .filter_map(|(open, close)| Some((text.find(open)?, close)))
        .min()?;
    let rest = text.get(at..)?;
    let len = rest.find(close)? + close.len();
    rest.get(..len)
}

pub(super) fn unresolved_marker(
    reading: &Reading<'_>,
    site: &Site<'_>,
    marker: &str,
    findings: &mut Findings,
) {
    if let Some(finding) = dynamic_reference(reading, site, marker) {
        findings.add_at(site.value, finding);
        return;
    }
    let is_braces = !marker.starts_with('$');
    // `${self:custom.x}` and `${aws:region}` are filled in before CloudFormation sees them.
    let is_foreign = marker.contains(':') && !marker.contains("::");
    // `${!Name}` under Fn::Sub is meant to stay literal.
    let is_escaped = site.text().span_of_part(marker).len() as usize != marker.len();
    if may_be_connector(reading) || is_escaped || (is_foreign && !is_braces) {
        return;
    }
    let called = site.called();
    let quoted = if site.secret || reading.is_secret(site.value.place) {
        "a template placeholder".to_owned()
    } else {
        reading.quote(site.text(), marker)
    };
    let is_sub = !is_braces && reading.facets().dialect == "cloudformation";
    let finding = if is_sub {
        at(
            &UNRESOLVED_TEMPLATE_MARKER,
            site,
            marker,
            format!(
                "{quoted} stays literal in {called}: CloudFormation replaces it only under \
                     `Fn::Sub`"
            ),
        )
        .help("Write `!Sub` before the value, or `Fn::Sub` in JSON.")
    } else {
        at(
            &UNRESOLVED_TEMPLATE_MARKER,
            site,
            marker,
            format!(
                "{quoted} in {called} looks like a template placeholder that nothing has \
                     replaced"
            ),
        )
        .severity(Severity::Info)
        .help("Check that the template is rendered before it is sent to AWS.")
    };
    findings.add_at(site.value, finding);
}

/// The services whose values CloudFormation looks up for a connection.
const RESOLVED: [&str; 2] = ["secretsmanager", "ssm"];

/// A `{{resolve:…}}` that nothing will replace. Those that CloudFormation does replace are gaps and
/// never come here.
fn dynamic_reference(reading: &Reading<'_>, site: &Site<'_>, marker: &str) -> Option<Finding> {
    let inside = marker.strip_prefix("{{")?;
    let reference = inside.trim_start().strip_prefix("resolve:")?;
    let facets = reading.facets();
    let finding = |severity, part: &str, message: String, help: String| {
        Some(
            at(&UNRESOLVABLE_REFERENCE, site, part, message)
                .severity(severity)
                .help(help),
        )
    };
    let called = site.called();
    if facets.dialect != "cloudformation" {
        // Of the others, only these are known to send a text as it is; what becomes of it in the
        // Cloud Control API, which the providers of their own spelling go by, is not.
        let tool = match facets.dialect {
            "terraform" if facets.spelled("SparkProperties") == "SparkProperties" => "Terraform",
            "pulumi" if facets.spelled("MatchCriteria") == "matchCriterias" => "Pulumi",
            _ => return None,
        };
        return finding(
            Severity::Warning,
            marker,
            format!(
                "only CloudFormation replaces `{{{{resolve:…}}}}`: {tool} sends it as the value of \
                 {called}"
            ),
            "Name the secret in `SECRET_ID`, or read the value from a data source.".to_owned(),
        );
    }
    let service = reference.split([':', '}']).next().unwrap_or_default();
    if service == "ssm-secure" {
        return finding(
            Severity::Error,
            service,
            format!(
                "CloudFormation does not replace `ssm-secure` in {called}: it does so in a few \
                 properties of other resources only"
            ),
            "Keep the credential in AWS Secrets Manager, and name the secret in `SECRET_ID`."
                .to_owned(),
        );
    }
    if !RESOLVED.contains(&service) {
        let part = if service.is_empty() { marker } else { service };
        let meant = nearest(service, RESOLVED);
        let fix = meant.map(|meant| Fix::replace_part(site.value, part, meant).unsafe_to_apply());
        return finding(
            Severity::Error,
            part,
            format!(
                "the dynamic reference in {called} names no service that CloudFormation looks \
                 values up in: those are `ssm` and `secretsmanager`"
            ),
            match meant {
                Some(meant) => format!("Write `{meant}` if that is meant."),
                None => "Write `{{resolve:secretsmanager:` or `{{resolve:ssm:`.".to_owned(),
            },
        )
        .map(|finding| finding.fix(fix));
    }
    finding(
        Severity::Warning,
        marker,
        format!("with whitespace in front of `resolve`, {called} holds no dynamic reference"),
        "Write `{{resolve:` without whitespace.".to_owned(),
    )
}

/// The characters that nobody sees, or takes for others; by the names of Unicode.
const INVISIBLE: &[(char, &str)] = &[
    ('\u{7F}', "DELETE"),
    ('\u{85}', "NEXT LINE"),
    ('\u{A0}', "NO-BREAK SPACE"),
    ('\u{AD}', "SOFT HYPHEN"),
    ('\u{61C}', "ARABIC LETTER MARK"),
    ('\u{1680}', "OGHAM SPACE MARK"),
    ('\u{180E}', "MONGOLIAN VOWEL SEPARATOR"),
    ('\u{2000}', "EN QUAD"),
    ('\u{2001}', "EM QUAD"),
    ('\u{2002}', "EN SPACE"),
    ('\u{2003}', "EM SPACE"),
    ('\u{2004}', "THREE-PER-EM SPACE"),
    ('\u{2005}', "FOUR-PER-EM SPACE"),
    ('\u{2006}', "SIX-PER-EM SPACE"),
    ('\u{2007}', "FIGURE SPACE"),
    ('\u{2008}', "PUNCTUATION SPACE"),
    ('\u{2009}', "THIN SPACE"),
    ('\u{200A}', "HAIR SPACE"),
    ('\u{200B}', "ZERO WIDTH SPACE"),
    ('\u{200C}', "ZERO WIDTH NON-JOINER"),
    ('\u{200D}', "ZERO WIDTH JOINER"),
    ('\u{200E}', "LEFT-TO-RIGHT MARK"),
    ('\u{200F}', "RIGHT-TO-LEFT MARK"),
    ('\u{2010}', "HYPHEN"),
    ('\u{2011}', "NON-BREAKING HYPHEN"),
    ('\u{2018}', "LEFT SINGLE QUOTATION MARK"),
    ('\u{2019}', "RIGHT SINGLE QUOTATION MARK"),
    ('\u{201A}', "SINGLE LOW-9 QUOTATION MARK"),
    ('\u{201B}', "SINGLE HIGH-REVERSED-9 QUOTATION MARK"),
    ('\u{201C}', "LEFT DOUBLE QUOTATION MARK"),
    ('\u{201D}', "RIGHT DOUBLE QUOTATION MARK"),
    ('\u{201E}', "DOUBLE LOW-9 QUOTATION MARK"),
    ('\u{201F}', "DOUBLE HIGH-REVERSED-9 QUOTATION MARK"),
    ('\u{2028}', "LINE SEPARATOR"),
    ('\u{2029}', "PARAGRAPH SEPARATOR"),
    ('\u{202A}', "LEFT-TO-RIGHT EMBEDDING"),
    ('\u{202B}', "RIGHT-TO-LEFT EMBEDDING"),
    ('\u{202C}', "POP DIRECTIONAL FORMATTING"),
    ('\u{202D}', "LEFT-TO-RIGHT OVERRIDE"),
    ('\u{202E}', "RIGHT-TO-LEFT OVERRIDE"),
    ('\u{202F}', "NARROW NO-BREAK SPACE"),
    ('\u{205F}', "MEDIUM MATHEMATICAL SPACE"),
    ('\u{2060}', "WORD JOINER"),
    ('\u{2061}', "FUNCTION APPLICATION"),
    ('\u{2062}', "INVISIBLE TIMES"),
    ('\u{2063}', "INVISIBLE SEPARATOR"),
    ('\u{2064}', "INVISIBLE PLUS"),
    ('\u{2066}', "LEFT-TO-RIGHT ISOLATE"),
    ('\u{2067}', "RIGHT-TO-LEFT ISOLATE"),
    ('\u{2068}', "FIRST STRONG ISOLATE"),
    ('\u{2069}', "POP DIRECTIONAL ISOLATE"),
    ('\u{3000}', "IDEOGRAPHIC SPACE"),
    ('\u{3164}', "HANGUL FILLER"),
    ('\u{FE0E}', "VARIATION SELECTOR-15"),
    ('\u{FE0F}', "VARIATION SELECTOR-16"),
    ('\u{FEFF}', "ZERO WIDTH NO-BREAK SPACE, the byte order mark"),
];

/// Characters that are taken for one of ASCII; legal in names and texts, but in nothing that is
/// made of ASCII alone. With what they are taken for.
const LOOK_ALIKE: &[(char, &str, char)] = &[
    ('\u{AB}', "LEFT-POINTING DOUBLE ANGLE QUOTATION MARK", '"'),
    ('\u{B4}', "ACUTE ACCENT", '\''),
    ('\u{BB}', "RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK", '"'),
    ('\u{2012}', "FIGURE DASH", '-'),
    ('\u{2013}', "EN DASH", '-'),
    ('\u{2014}', "EM DASH", '-'),
    ('\u{2015}', "HORIZONTAL BAR", '-'),
    ('\u{2024}', "ONE DOT LEADER", '.'),
    ('\u{2032}', "PRIME", '\''),
    ('\u{2033}', "DOUBLE PRIME", '"'),
    ('\u{2044}', "FRACTION SLASH", '/'),
    ('\u{2212}', "MINUS SIGN", '-'),
    ('\u{2215}', "DIVISION SLASH", '/'),
    ('\u{2236}', "RATIO", ':'),
    ('\u{FE55}', "SMALL COLON", ':'),
    ('\u{FF0C}', "FULLWIDTH COMMA", ','),
    ('\u{FF0D}', "FULLWIDTH HYPHEN-MINUS", '-'),
    ('\u{FF0E}', "FULLWIDTH FULL STOP", '.'),
    ('\u{FF0F}', "FULLWIDTH SOLIDUS", '/'),
    ('\u{FF1A}', "FULLWIDTH COLON", ':'),
    ('\u{FF1B}', "FULLWIDTH SEMICOLON", ';'),
    ('\u{FF20}', "FULLWIDTH COMMERCIAL AT", '@'),
];

/// Whether values of a format are made of ASCII alone, so that a look-alike in them is a slip.
fn is_ascii_only(format: Format) -> bool {
    matches!(
        format,
        Format::Boolean
            | Format::Host
            | Format::Port
            | Format::JdbcUrl
            | Format::ConnectionUrl
            | Format::WebUrl
            | Format::SecretId
            | Format::SecretArn
            | Format::KmsKeyArn
            | Format::RoleArn
            | Format::Region
            | Format::AvailabilityZone
            | Format::SubnetId
            | Format::SecurityGroupId
            | Format::BrokerList
    )
}

/// How bad a character is that is not of ASCII: in what is made of ASCII alone it is certainly wrong.
fn in_value(reading: &Reading<'_>, site: &Site<'_>) -> Severity {
    if is_ascii_only(site.format) && reading.is_authored() {
        Severity::Error
    } else {
        INVISIBLE_CHARACTER.severity
    }
}

/// Takes out what a character that is certainly wrong makes of its value: that is one mistake.
pub(in crate::check) fn drop_what_follows(findings: &mut Vec<Finding>) {
    let is_wrong =
        |it: &&Finding| it.rule == &INVISIBLE_CHARACTER && it.severity == Severity::Error;
    let wrong: Vec<Place> = findings
        .iter()
        .filter(is_wrong)
        .map(|it| it.place)
        .collect();
    if wrong.is_empty() {
        return;
    }
    findings.retain(|finding| {
        let holds = |character: &Place| {
            finding.place.file == character.file && finding.place.span.contains(character.span)
        };
        finding.rule == &INVISIBLE_CHARACTER || !wrong.iter().any(holds)
    });
}

/// Says that a character is not the one it looks like.
pub(super) fn look_alike(reading: &Reading<'_>, site: &Site<'_>, findings: &mut Findings) {
    let whole = site.text().as_str();
    if whole.is_ascii() || !is_ascii_only(site.format) {
        return;
    }
    let found = whole.char_indices().find_map(|(at, character)| {
        let known = LOOK_ALIKE.iter().find(|(known, ..)| *known == character)?;
        Some((whole.get(at..at + character.len_utf8())?, known))
    });
    let Some((part, (character, name, meant))) = found else {
        return;
    };
    let place = site.value.place_of(part);
    if reading.is_secret(place) {
        return;
    }
    let code = u32::from(*character);
    findings.add_at(
        site.value,
        Finding::new(
            &INVISIBLE_CHARACTER,
            place,
            format!(
                "{} contains U+{code:04X} {name}, which looks like `{meant}` but is another \
                 character",
                site.called()
            ),
        )
        .severity(in_value(reading, site))
        .help(format!("Write `{meant}`."))
        .fix(Fix::replace_part(
            site.value,
            part,
            meant.encode_utf8(&mut [0; 4]),
        )),
    );
}

pub(super) fn invisible(reading: &Reading<'_>, site: &Site<'_>, findings: &mut Findings) -> bool {
    let whole = site.text().as_str();
    if whole.is_ascii() && !whole.contains('\u{7F}') {
        return false;
    }
    let Some((part, character, name)) = whole.char_indices().find_map(|(at, character)| {
        let index = INVISIBLE
            .binary_search_by_key(&character, |(known, _)| *known)
            .ok()?;
        let part = whole.get(at..at + character.len_utf8())?;
        INVISIBLE
            .get(index)
            .map(|(_, name)| (part, character, *name))
    }) else {
        return false;
    };
    let place = site.value.place_of(part);
    if reading.is_secret(place) {
        return true;
    }
    let code = u32::from(character);
    let why = if name.contains("QUOTATION") {
        "a typographic quote that is part of the value and does not delimit it"
    } else {
        "which is part of the value but looks like another character or like nothing"
    };
    // Nobody can have meant what nobody sees. Of a blank, it is not known whether one is meant.
    let has_no_width = matches!(code, 0xAD | 0x200B..=0x200F | 0x2060..=0x2064 | 0xFEFF);
    let fix = (has_no_width && is_ascii_only(site.format))
        .then(|| Fix::remove_part(site.value, part, "the character"));
    findings.add_at(
        site.value,
        Finding::new(
            &INVISIBLE_CHARACTER,
            place,
            format!("{} contains U+{code:04X} {name}, {why}", site.called()),
        )
        .severity(in_value(reading, site))
        .help("Type the value again instead of pasting it.")
        .fix(fix),
    );
    true
}

/// Whether a text has no line break, and neither blanks nor quotes around it.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_edge = |byte: &u8| matches!(byte, b' ' | b'\t' | b'"' | b'\'' | b'`');
    memchr::memchr2(b'\n', b'\r', bytes).is_none()
        && !bytes.first().is_none_or(is_edge)
        && !bytes.last().is_none_or(is_edge)
}

/// Judges what stands around a value. Returns the value without it; `None` where it is not worth
/// judging further.
pub(super) fn around<'c>(
    reading: &Reading<'_>,
    site: &Site<'c>,
    findings: &mut Findings,
) -> Option<&'c str> {
    let whole = site.text().as_str();
    if is_plain(whole) {
        return Some(whole);
    }
    let called = site.called();
    // These are compared as a whole, by rules that say so.
    let is_word = matches!(
        site.format,
        Format::Boolean | Format::Port | Format::Enumeration
    );
    let is_break = |c: char| matches!(c, '\n' | '\r');
    let is_blank = |c: char| matches!(c, ' ' | '\t');
    let inside = whole.trim_matches(|c| is_break(c) || is_blank(c));
    if inside.is_empty() || is_word {
        if inside.is_empty() && !is_word {
            findings.add_at(
                site.value,
                Finding::new(
                    &BLANKS_AROUND_VALUE,
                    site.value.place,
                    format!("{called} contains only whitespace"),
                )
                .help("Set a value, or remove the entry."),
            );
            return None;
        }
        return Some(whole);
    }
    if whole.contains(is_break) {
        // Of members, a line break is a control character, for another rule.
        if !site.is_property {
            return None;
        }
        let is_trailing = !inside.contains(is_break);
        let (what, help) = if is_trailing {
            (
                "begins or ends with a line break",
                match reading.facets().dialect {
                    "terraform" => "Write the value in quotes, or wrap the text in `trimspace()`.",
                    _ => {
                        "Write the value on the line of its key, or use `|-` or `>-` to drop the \
                         last line break."
                    }
                },
            )
        } else {
            (
                "has several lines, but AWS Glue takes one",
                "Write the value on one line.",
            )
        };
        findings.add_at(
            site.value,
            at(
                &LINE_BREAK_IN_VALUE,
                site,
                inside,
                format!("{called} {what}"),
            )
            .help(help)
            .fix(without_edges(site.value, whole, inside).filter(|_| is_trailing)),
        );
        return is_trailing.then_some(inside);
    }
    let called_is_name = site.name == Some("Name");
    if inside.len() != whole.len() && !called_is_name {
        let (side, part) = if whole.ends_with(is_blank) {
            let kept = whole.trim_end_matches(is_blank);
            ("end", whole.get(kept.len()..))
        } else {
            let lead = whole.len() - whole.trim_start_matches(is_blank).len();
            ("beginning", whole.get(..lead))
        };
        findings.add_at(
            site.value,
            at(
                &BLANKS_AROUND_VALUE,
                site,
                part.unwrap_or(whole),
                format!("the whitespace at the {side} of {called} is part of the value"),
            )
            .help("Remove the whitespace.")
            .fix(without_edges(site.value, whole, inside)),
        );
    }
    let quote = inside
        .chars()
        .next()
        .filter(|c| matches!(c, '"' | '\'' | '`'));
    if let Some(quote) = quote
        && inside.len() > 1
        && inside.ends_with(quote)
    {
        findings.add_at(
            site.value,
            at(
                &QUOTES_AROUND_VALUE,
                site,
                inside,
                format!(
                    "the quotes around {} are part of {called}",
                    reading.quote(site.text(), inside.trim_matches(quote))
                ),
            )
            .help("Take the inner quotes out: those of the document are enough.")
            .fix(without_edges(
                site.value,
                inside,
                inside.trim_matches(quote),
            )),
        );
        return None;
    }
    Some(inside)
}

/// Takes out what stands around `inside`, a slice of `whole`, which is one of the value's text.
fn without_edges(value: &Value<'_>, whole: &str, inside: &str) -> Option<Fix> {
    let (before, behind) = whole.split_once(inside).filter(|_| !inside.is_empty())?;
    let mut edges = [before, behind].into_iter().filter(|edge| !edge.is_empty());
    let fix = |edge| Fix::remove_part(value, edge, "what stands around the value");
    let first = fix(edges.next()?);
    Some(edges.map(fix).fold(first, Fix::and))
}

/// Words that stand for a value to come, whatever their case.
const PLACEHOLDERS: &[&str] = &[
    "CHANGEME",
    "CHANGE_ME",
    "CHANGE-ME",
    "REPLACEME",
    "REPLACE_ME",
    "REPLACE-ME",
    "PLACEHOLDER",
];

/// Whether a text may hold a placeholder: a test for the many that do not.
fn may_hold_placeholder(text: &str) -> bool {
    const fn word(letters: [u8; 4]) -> u32 {
        u32::from_le_bytes(letters)
    }
    /// The beginnings of what `find_placeholder` finds, in lower case.
    const BEGINNINGS: [u32; 7] = [
        word(*b"xxxx"),
        word(*b"todo"),
        word(*b"fixm"),
        word(*b"chan"),
        word(*b"repl"),
        word(*b"plac"),
        word(*b"your"),
    ];
    let bytes = text.as_bytes();
    let mut window = 0;
    memchr::memchr(b'<', bytes).is_some()
        || text.contains("TBD")
        || bytes.iter().any(|byte| {
            window = (window >> 8) | (u32::from(byte | 0x20) << 24);
            BEGINNINGS.contains(&window)
        })
}

/// The part of a text that stands for a value to come.
fn find_placeholder(text: &str) -> Option<&str> {
    // A few letters may be a name.
    if is_mask(text) && !text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Some(text);
    }
    if !may_hold_placeholder(text) {
        return None;
    }
    if let Some(open) = text.find('<')
        && let Some(rest) = text.get(open..)
        && let Some(close) = rest.find('>')
        && let Some(part) = rest.get(..=close)
    {
        let inside = part.trim_matches(['<', '>']);
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '.');
        if inside.starts_with(|c: char| c.is_alphabetic()) && inside.chars().all(is_name) {
            return Some(part);
        }
    }
    text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-')))
        .find_map(|word| {
            let starts = |prefix: &str| {
                word.get(..prefix.len())
                    .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
            };
            if matches!(word, "TODO" | "TBD" | "FIXME")
                || PLACEHOLDERS
                    .iter()
                    .any(|known| word.eq_ignore_ascii_case(known))
                || starts("your-")
                || starts("your_")
            {
                return Some(word);
            }
            word.split(['_', '-'])
                .find(|part| part.len() >= 4 && part.bytes().all(|b| matches!(b, b'x' | b'X')))
        })
}

pub(super) fn placeholder(
    reading: &Reading<'_>,
    site: &Site<'_>,
    inside: &str,
    findings: &mut Findings,
) -> bool {
    let Some(part) = find_placeholder(inside) else {
        return false;
    };
    if !reading.is_secret(site.value.place_of(part)) {
        findings.add_at(
            site.value,
            at(
                &PLACEHOLDER_VALUE,
                site,
                part,
                format!(
                    "{} in {} looks like a placeholder that nobody has filled in",
                    reading.quote(site.text(), part),
                    site.called()
                ),
            )
            .help("Write the real value."),
        );
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_found_in_their_places() {
        for (text, part) in [
            ("<host>", "<host>"),
            ("****", "****"),
            ("x\u{B7}x", "x\u{B7}x"),
            ("db.<your region>.example.org", "<your region>"),
            ("CHANGEME", "CHANGEME"),
            ("s3://your-bucket/ca.pem", "your-bucket"),
            ("subnet-xxxxxxxx", "xxxxxxxx"),
            ("TODO", "TODO"),
        ] {
            assert_eq!(find_placeholder(text), Some(part));
        }
        for text in [
            "todo",
            "db.example.org",
            "yours",
            "xxx",
            "a<b",
            "a<1>b",
            "exxxxon",
        ] {
            assert_eq!(find_placeholder(text), None, "{text}");
        }
    }

    #[test]
    fn markers_are_found() {
        assert_eq!(template_marker("a-${Env}-b"), Some("${Env}"));
        assert_eq!(template_marker("{{ host }}:${Port}"), Some("{{ host }}"));
        assert_eq!(template_marker("{% if a %}b"), Some("{% if a %}"));
        assert_eq!(template_marker("a${b"), None);
        assert_eq!(template_marker("a{b}"), None);
    }

    #[test]
    fn the_table_of_characters_is_in_order() {
        use crate::syntax::GAP;
        assert!(INVISIBLE.is_sorted_by_key(|(character, _)| *character));
        assert!(INVISIBLE.iter().all(|(character, _)| *character != GAP));
    }
}
