//! Scalars: of the right type, of the right length, and not changed by YAML on the way.

use super::authentication::fits;
use super::members::{Visit, members, structures};
use super::{Findings, Reading, words};
use crate::diag::{Finding, Fix};
use crate::form::{Entry, Map, Scalar, Shape, Typing, Value};
use crate::spec::{self, Direction, Format, Member, MemberShape, Severity, rules};
use crate::syntax::{GAP, Literal};

rules! {
    /// A number or a truth value where a string is wanted.
    NOT_A_STRING = "not-a-string", Error, since "0.1.0";
    /// A scalar without quotes that YAML turns into something else.
    MANGLED_BY_YAML = "mangled-by-yaml", Warning, since "0.1.0";
    /// Something else where a truth value or a number is wanted.
    WRONG_SCALAR_TYPE = "wrong-scalar-type", Error, since "0.1.0";
    /// A number that AWS does not take.
    NUMBER_OUT_OF_RANGE = "number-out-of-range", Error, since "0.1.0";
    /// Nothing, where something is wanted.
    EMPTY_VALUE = "empty-value", Error, since "0.1.0";
    /// More characters than AWS takes.
    TEXT_TOO_LONG = "text-too-long", Error, since "0.1.0";
    /// A character that AWS does not take.
    CONTROL_CHARACTER = "control-character", Error, since "0.1.0";
    /// More entries than AWS takes.
    TOO_MANY_ENTRIES = "too-many-entries", Error, since "0.1.0";
    /// The same entry twice in a list.
    DUPLICATE_ENTRY = "duplicate-entry", Warning, since "0.1.0";
    /// A compute environment that AWS Glue does not have.
    UNKNOWN_COMPUTE_ENVIRONMENT = "unknown-compute-environment", Error, since "0.1.0";
    /// An answer that AWS does not give.
    UNKNOWN_OUTPUT_VALUE = "unknown-output-value", Warning, since "0.1.0";
}

/// Judges one reading.
pub(super) fn check(reading: &Reading<'_>, findings: &mut Findings) {
    structures(reading, &mut |structure, map| {
        members(structure, map, &mut |visit| {
            member(reading, &visit, findings)
        });
    });
}

/// What a message calls a text, with names in backticks. Most texts are good, so the words are
/// put together only when one is not.
type Naming<'n> = &'n dyn Fn() -> String;

/// What a text is called, how long it may be, and what it may hold.
struct Limits<'n> {
    name: Naming<'n>,
    /// The entry that it is in.
    entry: &'n Entry<'n>,
    /// Whether the entry may as well not be there.
    is_optional: bool,
    length: Option<(u32, u32)>,
    format: Format,
    /// Whether it is a value of `ConnectionProperties`.
    property: bool,
    /// Whether nothing at all is its documented default.
    defaults_to_nothing: bool,
    /// Where line breaks are none of the business of this family.
    breaks: Breaks,
    /// The expression that AWS publishes for it.
    pattern: Option<&'static str>,
}

/// Where a text may have line breaks, or where another rule speaks of them.
#[derive(Clone, Copy, PartialEq)]
enum Breaks {
    Anywhere,
    /// Between other characters: what fits no expression is for the rules about tokens and URLs,
    /// which look at a text without what is around it.
    Inside,
    Nowhere,
}

impl Breaks {
    fn of(member: &Member) -> Breaks {
        match member.format {
            Format::Text => Breaks::Anywhere,
            _ if member.pattern.is_some() => Breaks::Inside,
            _ => Breaks::Nowhere,
        }
    }
}

fn member(reading: &Reading<'_>, visit: &Visit<'_>, findings: &mut Findings) {
    let Visit {
        member,
        entry,
        value,
    } = *visit;
    if reading.is_authored() && member.direction == Direction::Output {
        // The member itself is the mistake, whatever it holds.
        return;
    }
    let whole = || format!("`{}`", member.name);
    let name = || match member.shape {
        MemberShape::List => format!("an entry of `{}`", member.name),
        _ => whole(),
    };
    let limits = Limits {
        name: &name,
        entry,
        is_optional: member.required_in.is_empty() && !is_of_placement(member),
        length: member.length,
        format: member.format,
        property: false,
        defaults_to_nothing: false,
        breaks: Breaks::of(member),
        pattern: member.pattern,
    };
    if is_null(value) {
        null(reading, &limits, &whole, value, findings);
        return;
    }
    match (&value.shape, member.shape) {
        (Shape::Scalar(scalar), MemberShape::String) => {
            text(reading, &limits, value, scalar, findings);
            environment(reading, member, value, scalar, findings);
        }
        (Shape::Scalar(scalar), MemberShape::Boolean) => {
            truth(reading, member, value, scalar, findings);
        }
        (Shape::Scalar(scalar), MemberShape::Integer) if reading.is_authored() => {
            number(reading, member, value, scalar, findings);
        }
        (Shape::Scalar(scalar), MemberShape::Integer | MemberShape::Timestamp) => {
            output_value(reading, member, value, scalar, findings);
        }
        (Shape::List(items), MemberShape::List) => {
            entries(reading, member, entry, items.iter(), findings);
            for item in items.iter().flat_map(Value::alternatives) {
                if is_null(item) {
                    null(reading, &limits, &name, item, findings);
                } else if let Shape::Scalar(scalar) = &item.shape {
                    text(reading, &limits, item, scalar, findings);
                    environment(reading, member, item, scalar, findings);
                }
            }
            duplicates(reading, member, items, findings);
        }
        (Shape::Map(map), MemberShape::Map) => {
            let values = map.entries.iter().map(|entry| &entry.value);
            entries(reading, member, entry, values, findings);
            strings(reading, member, map, findings);
        }
        _ => {}
    }
    if let (Shape::Scalar(scalar), "Status") = (&value.shape, member.name) {
        output_value(reading, member, value, scalar, findings);
    }
}

/// Whether a member belongs to a placement. Each is of use only with the others: one without a value
/// waits for it, and without the entry the connection would be made, outside of its network.
fn is_of_placement(member: &Member) -> bool {
    spec::structure("PhysicalConnectionRequirements")
        .is_some_and(|placement| placement.member(member.name).is_some())
}

/// The strings of a map: keys and values.
fn strings(reading: &Reading<'_>, member: &'static Member, map: &Map<'_>, findings: &mut Findings) {
    let properties = member.name == "ConnectionProperties";
    for entry in &map.entries {
        let name = || reading.quote_name(entry);
        if let Some((least, most)) = member.key_length {
            key(reading, member, entry, (least, most), findings);
        }
        let fact = spec::property(&entry.name).filter(|_| properties);
        let limits = Limits {
            name: &name,
            entry,
            // What has no default may be the half of a login.
            is_optional: fact.is_some_and(|fact| fact.default.is_some()),
            length: member.length,
            format: match fact {
                Some(fact) => fact.format,
                None if properties => Format::Text,
                None => member.format,
            },
            property: properties,
            defaults_to_nothing: fact.is_some_and(|fact| fact.default == Some("")),
            breaks: match properties {
                true => Breaks::Anywhere,
                false => Breaks::of(member),
            },
            pattern: None,
        };
        for value in entry.value.alternatives() {
            if is_null(value) {
                null(reading, &limits, &name, value, findings);
            } else if let Shape::Scalar(scalar) = &value.shape {
                text(reading, &limits, value, scalar, findings);
            }
        }
    }
}

/// The length of a map's key.
fn key(
    reading: &Reading<'_>,
    member: &Member,
    entry: &Entry<'_>,
    (least, most): (u32, u32),
    findings: &mut Findings,
) {
    let len = entry.name.chars().count();
    if !reading.is_authored() {
        return;
    }
    if len == 0 && least > 0 {
        findings.add(
            Finding::new(
                &EMPTY_VALUE,
                entry.key,
                format!(
                    "a key in `{}` is empty, but AWS requires at least one character",
                    member.name
                ),
            )
            .help("Name the key, or remove the entry."),
        );
    } else if len > most as usize {
        findings.add(
            Finding::new(
                &TEXT_TOO_LONG,
                entry.key,
                format!(
                    "a key in `{}` has {len} characters, but AWS accepts at most {most}",
                    member.name
                ),
            )
            .help("Shorten the key."),
        );
    }
}

fn is_null(value: &Value<'_>) -> bool {
    value
        .as_scalar()
        .is_some_and(|scalar| scalar.literal == Literal::Null)
}

fn null(
    reading: &Reading<'_>,
    limits: &Limits<'_>,
    name: Naming<'_>,
    value: &Value<'_>,
    findings: &mut Findings,
) {
    if !reading.is_authored() || reading.facets().typing == Typing::Free {
        return;
    }
    let place = if value.place.span.is_empty() {
        limits.entry.key
    } else {
        value.place
    };
    findings.add(
        Finding::new(
            &EMPTY_VALUE,
            place,
            format!(
                "{} is null, which the AWS CLI, the SDKs and CloudFormation reject",
                name()
            ),
        )
        .help("Set a value, or remove the entry.")
        .fix(limits.removal(value)),
    );
}

impl Limits<'_> {
    /// Takes out what holds no value, if nothing needs it.
    fn removal(&self, value: &Value<'_>) -> Option<Fix> {
        match &self.entry.value.shape {
            Shape::List(items) => (items.iter())
                .any(|item| std::ptr::eq(item, value))
                .then(|| Fix::remove_item(value)),
            _ => (self.is_optional && std::ptr::eq(&self.entry.value, value))
                .then(|| Fix::remove(self.entry)),
        }
    }
}

fn text(
    reading: &Reading<'_>,
    limits: &Limits<'_>,
    value: &Value<'_>,
    scalar: &Scalar<'_>,
    findings: &mut Findings,
) {
    typing(reading, limits, value, scalar, findings);
    let text = scalar.text.as_str();
    let Some((least, most)) = limits.length else {
        // A word of a list, or an ARN, is never empty, though no length says so.
        let names_something = matches!(
            limits.format,
            Format::Enumeration | Format::OpenEnumeration | Format::SecretArn
        );
        if text.is_empty() && names_something && reading.is_authored() {
            empty(reading, limits, value, findings);
        }
        // A word with anything else in it is another word, which other rules say.
        let is_word = matches!(limits.format, Format::Enumeration | Format::OpenEnumeration);
        if !is_word && reading.is_authored() {
            control_character(reading, limits, value, text, findings);
        }
        return;
    };
    // A gap may hold any number of characters, none included.
    let known = text.chars().filter(|c| *c != GAP).count();
    if text.is_empty() && (least > 0 || is_refused_when_empty(reading, limits)) {
        empty(reading, limits, value, findings);
    }
    // What AWS answers with, it has taken before.
    if !reading.is_authored() {
        return;
    }
    if known > most as usize {
        let at_least = if scalar.text.has_gap() {
            "at least "
        } else {
            ""
        };
        findings.add_at(
            value,
            Finding::new(
                &TEXT_TOO_LONG,
                value.place,
                format!(
                    "{} has {at_least}{known} characters, but AWS accepts at most {most}",
                    (limits.name)()
                ),
            )
            .help("Shorten it."),
        );
    }
    control_character(reading, limits, value, text, findings);
}

/// Whether the expression for a text refuses nothing at all, whatever length it may have.
fn is_refused_when_empty(reading: &Reading<'_>, limits: &Limits<'_>) -> bool {
    reading.is_authored() && limits.pattern.is_some_and(|pattern| !fits(pattern, ""))
}

/// The first character that AWS does not take: below the blank it takes the tab, and at the end of
/// Unicode's first plane it leaves out two.
fn first_refused(text: &str, breaks: Breaks) -> Option<(usize, char)> {
    let behind = text.trim_end().len();
    let before = text.len() - text.trim_start().len();
    text.char_indices().find(|(at, c)| match c {
        '\t' => false,
        '\n' | '\r' => match breaks {
            Breaks::Anywhere => false,
            Breaks::Inside => !(before..behind).contains(at),
            Breaks::Nowhere => true,
        },
        c => *c < ' ' || matches!(c, '\u{FFFE}' | '\u{FFFF}'),
    })
}

fn control_character(
    reading: &Reading<'_>,
    limits: &Limits<'_>,
    value: &Value<'_>,
    text: &str,
    findings: &mut Findings,
) {
    let Some((offset, character)) = first_refused(text, limits.breaks) else {
        return;
    };
    if reading.is_secret(value.place) {
        return;
    }
    let part = (text.get(offset..offset + character.len_utf8())).unwrap_or_default();
    let what = match character {
        '\n' | '\r' => "a line break".to_owned(),
        '\u{FFFE}' | '\u{FFFF}' => format!("U+{:04X}", u32::from(character)),
        _ => format!("the control character U+{:04X}", u32::from(character)),
    };
    let (severity, why) = if limits.property {
        // No documented expression forbids it there.
        (Severity::Warning, "which is not visible")
    } else {
        (
            CONTROL_CHARACTER.severity,
            "which AWS does not accept there",
        )
    };
    let help = match (character, reading.facets().dialect) {
        ('\n' | '\r', "terraform") => {
            "Write the value in quotes, or wrap the text in `trimspace()`."
        }
        ('\n' | '\r', _) => {
            "Write the value on one line; in YAML, `|-` and `>-` drop the last line break."
        }
        _ => "Remove the character.",
    };
    findings.add_at(
        value,
        Finding::new(
            &CONTROL_CHARACTER,
            value.place_of(part),
            format!("{} contains {what}, {why}", (limits.name)()),
        )
        .severity(severity)
        .help(help),
    );
}

fn empty(reading: &Reading<'_>, limits: &Limits<'_>, value: &Value<'_>, findings: &mut Findings) {
    let name = (limits.name)();
    let (severity, message) = if !reading.is_authored() {
        (
            Severity::Info,
            format!("{name} is empty, which AWS no longer accepts"),
        )
    } else if limits.defaults_to_nothing {
        (
            Severity::Warning,
            format!(
                "{name} is empty, which is its documented default, but AWS requires at least one \
                 character"
            ),
        )
    } else if limits.length.is_some_and(|(least, _)| least == 0) {
        // The length that AWS publishes beside it would allow it.
        (
            Severity::Warning,
            format!("{name} is empty, which does not fit the pattern that AWS publishes for it"),
        )
    } else {
        (
            EMPTY_VALUE.severity,
            format!("{name} is empty, but AWS requires at least one character"),
        )
    };
    findings.add_at(
        value,
        Finding::new(&EMPTY_VALUE, value.place, message)
            .severity(severity)
            .help("Set a value, or remove the entry.")
            .fix(limits.removal(value)),
    );
}

/// A scalar that is no string, where a string is wanted.
fn typing(
    reading: &Reading<'_>,
    limits: &Limits<'_>,
    value: &Value<'_>,
    scalar: &Scalar<'_>,
    findings: &mut Findings,
) {
    let kind = match scalar.literal {
        Literal::String | Literal::Null => return,
        Literal::Integer | Literal::Float => "a number",
        Literal::Boolean => "a boolean",
    };
    let facets = reading.facets();
    if facets.typing == Typing::Free || !reading.is_authored() {
        return;
    }
    let quoted = reading.quote_value(value);
    let converts = facets.typing == Typing::Converting || limits.format == Format::CatalogId;
    if let Some(why) = mangled(scalar).filter(|_| converts) {
        findings.add_at(
            value,
            Finding::new(
                &MANGLED_BY_YAML,
                value.place,
                format!("unquoted, {quoted} {why}"),
            )
            .help(meant(limits, scalar))
            .fix(
                (scalar.literal != Literal::Boolean)
                    .then(|| Fix::quote(value).safe_if(limits.format == Format::CatalogId)),
            ),
        );
        return;
    }
    let help = "Put it in quotes.";
    // A truth value is best written as clients compare it.
    let fix = match scalar.literal {
        Literal::Boolean => Fix::replace(value, &scalar.text.as_str().to_ascii_lowercase()),
        _ => Some(Fix::quote(value)),
    };
    if facets.typing == Typing::Strict {
        findings.add_at(
            value,
            Finding::new(
                &NOT_A_STRING,
                value.place,
                format!(
                    "{} is {kind} here, {quoted}, but {} only strings",
                    (limits.name)(),
                    match facets.dialect {
                        "crossplane" => "Kubernetes accepts",
                        _ => "the AWS CLI and the SDKs accept",
                    }
                ),
            )
            .help(help)
            .fix(fix),
        );
    } else if limits.property {
        findings.add_at(
            value,
            Finding::new(
                &NOT_A_STRING,
                value.place,
                format!(
                    "{} is {kind} here, {quoted}, which CloudFormation converts to a string",
                    (limits.name)()
                ),
            )
            .severity(Severity::Info)
            .help(help)
            .fix(fix),
        );
    }
}

/// What a YAML parser makes of a scalar that is not what stands there.
fn mangled(scalar: &Scalar<'_>) -> Option<&'static str> {
    let text = scalar.text.as_str();
    let digits = text.trim_start_matches(['+', '-']);
    match scalar.literal {
        Literal::Integer if digits.contains(':') => Some("is a base-60 number in YAML 1.1"),
        Literal::Integer if digits.contains('_') => {
            Some("is a number in YAML 1.1 and loses its underscores")
        }
        Literal::Integer if digits.starts_with("0x") => {
            Some("is a hexadecimal number and may be written back as a decimal one")
        }
        Literal::Integer if digits.len() > 1 && digits.starts_with('0') => {
            Some("is a number, loses its leading zero, and is octal to some parsers")
        }
        Literal::Integer if text.starts_with('+') => Some("is a number and loses its sign"),
        Literal::Float if digits.contains(['e', 'E']) => {
            Some("is a number and may be written back without its exponent")
        }
        Literal::Float if digits.ends_with('0') => Some("is a number and loses its trailing zero"),
        Literal::Boolean
            if !text.eq_ignore_ascii_case("true") && !text.eq_ignore_ascii_case("false") =>
        {
            Some("is a boolean in YAML 1.1 but a string in YAML 1.2")
        }
        _ => None,
    }
}

/// What to write in place of a scalar that YAML changes.
fn meant(limits: &Limits<'_>, scalar: &Scalar<'_>) -> &'static str {
    if limits.format != Format::Boolean || scalar.literal != Literal::Boolean {
        return "Put it in quotes.";
    }
    match scalar.text.as_str().to_ascii_lowercase().as_str() {
        "yes" | "y" | "on" => "Write \"true\", in quotes.",
        _ => "Write \"false\", in quotes.",
    }
}

fn truth(
    reading: &Reading<'_>,
    member: &Member,
    value: &Value<'_>,
    scalar: &Scalar<'_>,
    findings: &mut Findings,
) {
    let text = scalar.text.as_str();
    let is_truth = scalar.literal == Literal::Boolean
        || (reading.facets().typing != Typing::Strict && matches!(text, "true" | "false"));
    if is_truth || scalar.text.has_gap() {
        return;
    }
    findings.add_at(
        value,
        Finding::new(
            &WRONG_SCALAR_TYPE,
            value.place,
            format!(
                "`{}` is {} here, but AWS accepts only an unquoted true or false",
                member.name,
                reading.quote_value(value)
            ),
        )
        .help("Write `true` or `false`, without quotes."),
    );
}

/// A number that people write.
fn number(
    reading: &Reading<'_>,
    member: &Member,
    value: &Value<'_>,
    scalar: &Scalar<'_>,
    findings: &mut Findings,
) {
    let Some(text) = scalar.text.known() else {
        return;
    };
    if scalar.literal != Literal::Integer {
        findings.add_at(
            value,
            Finding::new(
                &WRONG_SCALAR_TYPE,
                value.place,
                format!(
                    "`{}` is {} here, but AWS accepts only an unquoted whole number",
                    member.name,
                    reading.quote_value(value)
                ),
            )
            .help("Write a number, without quotes."),
        );
    } else if let Some((least, most)) = member.range
        && !text.parse().is_ok_and(|n: u32| (least..=most).contains(&n))
    {
        findings.add_at(
            value,
            Finding::new(
                &NUMBER_OUT_OF_RANGE,
                value.place,
                format!(
                    "`{}` is {} here, but AWS accepts only {least} to {most}",
                    member.name,
                    reading.quote_value(value)
                ),
            )
            .help("Write a number in that range, or leave the member out."),
        );
    }
}

fn environment(
    reading: &Reading<'_>,
    member: &Member,
    value: &Value<'_>,
    scalar: &Scalar<'_>,
    findings: &mut Findings,
) {
    let Some(text) = scalar.text.known() else {
        return;
    };
    let is_environment = matches!(
        member.name,
        "ValidateForComputeEnvironments" | "ApplyOverrideForComputeEnvironment"
    );
    if !is_environment || member.values.contains(&text) || text.is_empty() {
        return;
    }
    let near = member
        .values
        .iter()
        .find(|known| known.eq_ignore_ascii_case(text));
    findings.add_at(
        value,
        Finding::new(
            &UNKNOWN_COMPUTE_ENVIRONMENT,
            value.place,
            format!(
                "{} is not a compute environment: AWS Glue has {}",
                reading.quote_value(value),
                words::and(member.values)
            ),
        )
        .help(match near {
            Some(near) => format!("Write `{near}`, in upper case."),
            None => "Choose one of these.".to_owned(),
        })
        .fix(near.and_then(|near| Fix::replace(value, near))),
    );
}

/// Values that only AWS writes.
fn output_value(
    reading: &Reading<'_>,
    member: &Member,
    value: &Value<'_>,
    scalar: &Scalar<'_>,
    findings: &mut Findings,
) {
    let Some(text) = scalar.text.known() else {
        return;
    };
    let (least, most) = member.range.unwrap_or((0, u32::MAX));
    let is_number = matches!(scalar.literal, Literal::Integer | Literal::Float);
    let is_known = match member.shape {
        MemberShape::String => member.values.contains(&text),
        MemberShape::Integer => text.parse().is_ok_and(|n: u32| (least..=most).contains(&n)),
        _ => is_number || is_time(text),
    };
    if is_known {
        return;
    }
    let wanted = match member.shape {
        MemberShape::String => format!("one of {}", words::or(member.values)),
        MemberShape::Integer => format!("a number from {least} to {most}"),
        _ => "a time, such as `2026-05-01T08:00:00+00:00`".to_owned(),
    };
    let found = if text.is_empty() {
        "empty".to_owned()
    } else {
        reading.quote_value(value)
    };
    findings.add_at(
        value,
        Finding::new(
            &UNKNOWN_OUTPUT_VALUE,
            value.place,
            format!(
                "`{}` is {found} here, but AWS returns {wanted}",
                member.name
            ),
        )
        .help("Fetch the connection from AWS again: this response was edited or damaged."),
    );
}

/// Whether a text begins like a date of ISO 8601, `2026-05-01` say, or is a number of seconds.
fn is_time(text: &str) -> bool {
    let digits = |range: std::ops::Range<usize>| {
        (text.get(range)).is_some_and(|part| part.bytes().all(|b| b.is_ascii_digit()))
    };
    let date = digits(0..4)
        && text.get(4..5) == Some("-")
        && digits(5..7)
        && text.get(7..8) == Some("-")
        && digits(8..10)
        && text
            .get(10..11)
            .is_none_or(|next| matches!(next, "T" | "t" | " "));
    date || (!text.is_empty() && text.parse::<f64>().is_ok_and(f64::is_finite))
}

fn entries<'c>(
    reading: &Reading<'_>,
    member: &Member,
    entry: &Entry<'_>,
    values: impl Iterator<Item = &'c Value<'c>>,
    findings: &mut Findings,
) {
    // An entry that a condition may take away does not count.
    let len = values
        .filter(|value| value.is_absent() == Some(false))
        .count();
    if let Some(most) = member.entries
        && len > most as usize
        && reading.is_authored()
    {
        findings.add(
            Finding::new(
                &TOO_MANY_ENTRIES,
                entry.key,
                format!(
                    "`{}` has {len} entries, but AWS accepts at most {most}",
                    member.name
                ),
            )
            .help(match member.name {
                "ConnectionNameList" => "Spread the names over several requests.",
                _ => "Remove the entries that the connection does not need.",
            }),
        );
    }
}

fn duplicates(
    reading: &Reading<'_>,
    member: &Member,
    items: &[Value<'_>],
    findings: &mut Findings,
) {
    if !reading.is_authored() {
        return;
    }
    let mut known: Vec<(&str, &Value<'_>)> = items
        .iter()
        .filter_map(|item| Some((item.known()?, item)))
        .filter(|(text, item)| !text.is_empty() && !is_null(item))
        .collect();
    known.sort_by_key(|(text, value)| (*text, value.place));
    for pair in known.windows(2) {
        if let [(first, one), (second, other)] = pair
            && first == second
        {
            findings.add_at(
                other,
                Finding::new(
                    &DUPLICATE_ENTRY,
                    other.place,
                    format!(
                        "{} is in `{}` twice",
                        reading.quote_value(other),
                        member.name
                    ),
                )
                .label(one.place, "also here")
                .help("Remove one of the two.")
                .fix(Fix::remove_item(other)),
            );
        }
    }
}
