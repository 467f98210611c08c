//! Secrets: found from the facts before anything is said, and never said.
//!
//! Two layers. The first knows the connection: every value that the facts call a credential, and
//! the credentials inside URLs, options and JSON text. The second knows only words: in any line of
//! the document, what stands behind a key such as `MasterUserPassword` is hidden too, because a
//! report shows lines around a finding.

use std::borrow::Cow;

use crate::form::{Connection, Map, Shape, Value};
use crate::spec::{self, MemberShape};
use crate::syntax::{GAP, Text};
use crate::text::Span;

/// The spans of a document's secrets, in order, apart from each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Secrets {
    spans: Vec<Span>,
    /// What stands for secrets that are written elsewhere: `var.password`. It may be shown, but not
    /// what it stands for.
    uses: Vec<Span>,
}

impl Secrets {
    /// The secrets of a connection.
    pub fn of(connection: &Connection<'_>) -> Secrets {
        let mut collector = Collector::default();
        collector.structure(connection.structure, &connection.fields);
        let mut secrets = Secrets {
            spans: collector.spans,
            uses: Vec::new(),
        };
        secrets.spans.extend(&connection.secrets);
        secrets.settle();
        // What is secret where it is written is secret wherever it is used.
        let mut used = Vec::new();
        secrets.uses(&connection.fields, &mut used);
        secrets.uses = used;
        secrets.settle();
        secrets
    }

    /// The places that stand for texts which are secret where they are written.
    fn uses(&self, map: &Map<'_>, used: &mut Vec<Span>) {
        for entry in &map.entries {
            self.uses_in(&entry.value, used);
        }
    }

    fn uses_in(&self, value: &Value<'_>, used: &mut Vec<Span>) {
        let secret =
            (value.origins.iter()).filter(|origin| touches(&self.spans, origin.place.span));
        used.extend(secret.map(|origin| origin.used));
        match &value.shape {
            Shape::Map(map) => self.uses(map, used),
            Shape::List(items) | Shape::OneOf(items) => {
                items.iter().for_each(|item| self.uses_in(item, used));
            }
            Shape::Scalar(_) | Shape::Absent | Shape::Unknown => {}
        }
    }

    /// Secrets at these places.
    pub fn at(spans: Vec<Span>) -> Secrets {
        Secrets {
            spans,
            uses: Vec::new(),
        }
        .settled()
    }

    /// The secrets that the words of a document betray, whatever it is. Of a broken document
    /// nothing is known for sure, so all that may belong to a secret is taken for one.
    pub fn betrayed_by_words(text: &str, is_broken: bool) -> Secrets {
        let mut secrets = Secrets::default();
        let mut hidden_below: Option<usize> = None;
        let mut names_secret = false;
        let mut declares_secret = false;
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let content = line.trim_end();
            let indent = content.len() - content.trim_start().len();
            // A block scalar or a nested value goes on while lines are indented further.
            if let Some(limit) = hidden_below {
                if indent > limit && !content.is_empty() {
                    secrets
                        .spans
                        .push(Span::of(start + indent..start + content.len()));
                    start += line.len();
                    continue;
                }
                if !content.is_empty() {
                    hidden_below = None;
                }
            }
            let mut hides_rest = false;
            for range in secret_values(content, is_broken, &mut hides_rest) {
                secrets
                    .spans
                    .push(Span::of(start + range.start..start + range.end));
            }
            if hides_rest {
                hidden_below = Some(indent);
            }
            // `Name: DB_PASSWORD` and, in the next line, `Value: ...`.
            match key_and_value(content) {
                Some(("Value" | "value", range)) if names_secret => {
                    secrets
                        .spans
                        .push(Span::of(start + range.start..start + range.end));
                }
                Some(("Name" | "name" | "Key" | "key", range)) => {
                    names_secret = content.get(range).is_some_and(is_secret_name);
                }
                _ => names_secret = false,
            }
            // `variable "db_password" {` and, in one of the next lines, `default = ...`.
            if let Some(name) = terraform_variable(content) {
                declares_secret = is_secret_name(name);
            } else if declares_secret && let Some(value) = terraform_default(content) {
                (secrets.spans).push(Span::of(start + value..start + content.len()));
                hidden_below = Some(indent);
                declares_secret = false;
            } else if content == "}" {
                declares_secret = false;
            }
            for range in credentials_in(content)
                .into_iter()
                .chain(doubtful_port(content))
            {
                secrets
                    .spans
                    .push(Span::of(start + range.start..start + range.end));
            }
            start += line.len();
        }
        secrets
            .spans
            .extend(tokens_in(text).into_iter().map(Span::of));
        secrets.settle();
        secrets
    }

    /// Adds other secrets; [`Secrets::settled`] puts them in order.
    pub fn push(&mut self, other: Secrets) {
        self.spans.extend(other.spans);
    }

    /// The same secrets, in order, apart from each other.
    pub fn settled(mut self) -> Secrets {
        self.settle();
        self
    }

    /// The spans, in order, apart from each other.
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// Those within a part of the text, with spans that count bytes of the part.
    pub fn within(&self, part: Span) -> Secrets {
        let first = self.spans.partition_point(|span| span.end <= part.start);
        let spans = self.spans.get(first..).unwrap_or_default().iter();
        Secrets {
            spans: spans
                .take_while(|span| span.start < part.end)
                .map(|span| {
                    let start = span.start.max(part.start) - part.start;
                    Span::new(start, span.end.min(part.end) - part.start)
                })
                .collect(),
            uses: Vec::new(),
        }
    }

    /// Whether any of them touches `span`, or what stands for one.
    pub fn touch(&self, span: Span) -> bool {
        touches(&self.spans, span) || touches(&self.uses, span)
    }

    /// A part of a text for a message: cut to a readable length, invisible characters made
    /// visible, secrets masked. The only way for a document's text into a message.
    pub fn quote(&self, text: &Text<'_>, part: &str) -> String {
        let mut quoted = String::from("`");
        let base = (part.as_ptr() as usize).wrapping_sub(text.as_str().as_ptr() as usize);
        for (count, (offset, character)) in part.char_indices().enumerate() {
            if count >= MAX_QUOTE {
                quoted.push('…');
                break;
            }
            let at = base.wrapping_add(offset);
            let hidden = at
                .checked_add(character.len_utf8())
                .filter(|end| *end <= text.as_str().len())
                .is_none_or(|end| self.touch(text.span_of(at..end)));
            match character {
                GAP => quoted.push('…'),
                _ if hidden => quoted.push('*'),
                '`' => quoted.push('\''),
                _ if is_invisible(character) => quoted.extend(character.escape_unicode()),
                _ => quoted.push(character),
            }
        }
        quoted.push('`');
        quoted
    }

    /// Puts the spans in order and joins those that touch.
    fn settle(&mut self) {
        settle(&mut self.spans);
        settle(&mut self.uses);
    }
}

/// Whether any of the spans, which are in order and apart from each other, touches `span`.
fn touches(spans: &[Span], span: Span) -> bool {
    let index = spans.partition_point(|secret| secret.end <= span.start);
    (spans.get(index)).is_some_and(|secret| secret.start < span.end)
}

fn settle(spans: &mut Vec<Span>) {
    spans.retain(|span| !span.is_empty());
    spans.sort_unstable();
    let mut settled: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans.drain(..) {
        match settled.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => settled.push(span),
        }
    }
    *spans = settled;
}

/// A quote in a message has at most this many characters.
const MAX_QUOTE: usize = 72;

/// Whether a character leaves no mark on a screen, or a misleading one.
fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{A0}' | '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// The text with each secret character masked by a character of the same width in bytes, so that
/// every offset and every column stays what it was.
pub fn mask<'s>(text: &'s str, secrets: &Secrets) -> Cow<'s, str> {
    if secrets.spans.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut hidden = String::with_capacity(text.len());
    let mut from = 0;
    for span in &secrets.spans {
        let range = span.range();
        hidden.push_str(text.get(from..range.start).unwrap_or_default());
        let secret = text.get(range.clone()).unwrap_or_default();
        hidden.extend(secret.chars().map(masked));
        from = range.end;
    }
    hidden.push_str(text.get(from..).unwrap_or_default());
    Cow::Owned(hidden)
}

/// What is shown of a character of a secret: one of the same width. Blanks are shown.
pub fn masked(character: char) -> char {
    match (character, character.len_utf8()) {
        ('\n' | '\r' | ' ' | '\t', _) => character,
        (_, 1) => '*',
        (_, 2) => '\u{B7}',
        (_, 3) => '\u{2022}',
        _ => '\u{1F512}',
    }
}

/// Collects the secrets of a connection.
#[derive(Default)]
struct Collector {
    spans: Vec<Span>,
}

impl Collector {
    fn structure(&mut self, name: &str, fields: &Map<'_>) {
        let structure = spec::structure(name);
        for entry in &fields.entries {
            let member = structure.and_then(|structure| structure.member(&entry.name));
            if let Some(member) = member.filter(|member| member.secret) {
                self.all_of(&entry.value, member.shape != MemberShape::Map);
                continue;
            }
            for value in entry.value.alternatives() {
                match (member.map(|member| member.shape), &value.shape) {
                    (Some(MemberShape::Structure(inner)), Shape::Map(map)) => {
                        self.structure(inner, map);
                    }
                    (_, Shape::Map(map)) => self.properties(map),
                    _ => self.inside_of(value),
                }
            }
        }
    }

    /// A map of names and values, as `ConnectionProperties` is.
    fn properties(&mut self, map: &Map<'_>) {
        for entry in &map.entries {
            let fact = spec::property(&entry.name);
            let secret = match fact {
                Some(fact) => fact.secret,
                None => may_be_secret_name(&entry.name),
            };
            // `PASSWORD=x` in flow style is a key without a value.
            if has_credential(&entry.name) {
                self.spans.push(entry.key.span);
            }
            if secret {
                self.all_of(&entry.value, true);
            } else {
                self.inside_of(&entry.value);
            }
        }
    }

    /// Every known character of a value. Where no map should be, its keys may be a secret that
    /// YAML took apart.
    fn all_of(&mut self, value: &Value<'_>, hides_keys: bool) {
        match &value.shape {
            Shape::Scalar(scalar) => {
                let text = &scalar.text;
                for run in text.as_str().split(GAP).filter(|run| !run.is_empty()) {
                    let span = text.span_of_part(run);
                    // What came from elsewhere is hidden there; here stands only its name.
                    if !value
                        .origins
                        .iter()
                        .any(|origin| origin.used.contains(span))
                    {
                        self.spans.push(span);
                    }
                }
                self.spans
                    .extend(value.origins.iter().map(|origin| origin.place.span));
            }
            Shape::List(items) | Shape::OneOf(items) => {
                for item in items {
                    self.all_of(item, hides_keys);
                }
            }
            Shape::Map(map) => {
                for entry in &map.entries {
                    if hides_keys {
                        self.spans.push(entry.key.span);
                    }
                    self.all_of(&entry.value, hides_keys);
                }
            }
            // It may be made of texts that can be seen.
            Shape::Absent | Shape::Unknown => {
                (self.spans).extend(value.origins.iter().map(|origin| origin.place.span));
            }
        }
    }

    /// The credentials inside a value that is none itself.
    fn inside_of(&mut self, value: &Value<'_>) {
        match &value.shape {
            Shape::Scalar(scalar) => {
                let text = &scalar.text;
                for range in tokens_in(text.as_str()) {
                    self.spans.push(text.span_of(range));
                }
                if let Some(range) = doubtful_port(text.as_str()) {
                    self.spans.push(text.span_of(range));
                }
                if !may_hold_credential(text.as_str()) {
                    return;
                }
                for range in credentials_in(text.as_str()) {
                    self.spans.push(text.span_of(range.clone()));
                    let hidden = text.span_of(range);
                    let origins = value
                        .origins
                        .iter()
                        .filter(|origin| hidden.contains(origin.used));
                    self.spans.extend(origins.map(|origin| origin.place.span));
                }
                let mut hides_rest = false;
                for range in secret_values(text.as_str(), false, &mut hides_rest) {
                    self.spans.push(text.span_of(range));
                }
            }
            Shape::List(items) | Shape::OneOf(items) => {
                for item in items {
                    self.inside_of(item);
                }
            }
            Shape::Map(map) => self.properties(map),
            Shape::Absent | Shape::Unknown => {}
        }
    }
}

/// Words of which a name of a credential has one, once case and separators are set aside.
const SECRET_WORDS: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "secretkey",
    "secretaccesskey",
    "accesskey",
    "apikey",
    "applicationkey",
    "apisecret",
    "privatekey",
    "clientsecret",
    "accesstoken",
    "refreshtoken",
    "jwttoken",
    "apitoken",
    "authtoken",
    "sessiontoken",
    "bearertoken",
    "authorizationcode",
    "sastoken",
    "secretstring",
    "credential",
];

/// Words that are credentials where they are the whole name.
const SECRET_NAMES: &[&str] = &["pass", "token", "secret", "pw", "jwt"];

/// Beginnings of names that speak *about* credentials and hold none.
const ABOUT_SECRETS: &[&str] = &[
    "validate", "hide", "generate", "manage", "rotate", "enable", "has", "require",
];

/// Endings of names that speak *about* credentials and hold none.
const REFERENCES: &[&str] = &[
    "arn",
    "id",
    "name",
    "parameter",
    "ref",
    "length",
    "policy",
    "url",
    "path",
    "type",
    "parametersmap",
    "credentials",
    "enabled",
    "protection",
    "encryption",
    "file",
    "version",
];

/// Endings of names that are often credentials: not often enough for a finding, but too often to
/// be shown.
const SECRET_ENDINGS: &[&str] = &[
    "pass",
    "passcode",
    "passwort",
    "pw",
    "token",
    "secret",
    "secretvalue",
    "signature",
    "authorization",
    "masterkey",
    "encryptionkey",
    "pvtkey",
    "sig",
];

/// A name without case and separators; `None` where it speaks about credentials and is none's.
fn folded(name: &str) -> Option<String> {
    let mut folded = String::with_capacity(name.len());
    folded.extend(
        name.chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_lowercase()),
    );
    let is_about = REFERENCES.iter().any(|ending| folded.ends_with(ending))
        || (ABOUT_SECRETS.iter()).any(|beginning| folded.starts_with(beginning));
    (!is_about).then_some(folded)
}

/// Whether something of that name is a credential.
pub fn is_secret_name(name: &str) -> bool {
    folded(name).is_some_and(|name| {
        SECRET_NAMES.contains(&name.as_str()) || SECRET_WORDS.iter().any(|word| name.contains(word))
    })
}

/// Whether something of that name had better not be shown.
pub fn may_be_secret_name(name: &str) -> bool {
    is_secret_name(name)
        || folded(name)
            .is_some_and(|name| SECRET_ENDINGS.iter().any(|ending| name.ends_with(ending)))
}

/// Whether a text has one of the marks that every credential inside a text stands behind: `=`, `@`,
/// or a colon at the end of a key.
fn may_hold_credential(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr2(b'=', b'@', bytes).is_some()
        || memchr::memchr_iter(b':', bytes).any(|at| {
            let before = at.checked_sub(1).and_then(|before| bytes.get(before));
            matches!(before, Some(b'"' | b'\'' | b'\\'))
                || matches!(bytes.get(at + 1), None | Some(b' ' | b'\t' | b'\r' | b'\n'))
        })
}

/// Whether a text that should not hold any credential does.
fn has_credential(text: &str) -> bool {
    may_hold_credential(text)
        && (!credentials_in(text).is_empty() || !secret_values(text, false, &mut false).is_empty())
}

/// The ranges of private keys in PEM notation, and of what stands behind `Bearer`.
fn tokens_in(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let bytes = text.as_bytes();
    if memchr::memchr(b' ', bytes).is_none() {
        // Both begin with a blank in them, which few values have.
        return found;
    }
    let mut covered = 0;
    for begin in memchr::memmem::find_iter(bytes, b"PRIVATE KEY-----") {
        let start = begin + b"PRIVATE KEY-----".len();
        if start < covered {
            continue;
        }
        let end = memchr::memmem::find(bytes.get(start..).unwrap_or_default(), b"-----END ")
            .map_or(text.len(), |len| start + len);
        covered = end + b"-----END RSA PRIVATE KEY-----".len();
        found.push(start..end);
    }
    for begin in memchr::memmem::find_iter(bytes, b"Bearer ") {
        let start = begin + b"Bearer ".len();
        let rest = text.get(start..).unwrap_or_default();
        let is_end = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | '}');
        let len = rest.find(is_end).unwrap_or(rest.len());
        found.push(start..start + len);
    }
    found
}

/// The ranges of credentials inside a URL or a list of options: the password before `@`, and the
/// value of each option whose name is a credential's.
pub fn credentials_in(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    if text.contains('@') {
        let first = user_info_password(text);
        found.extend(first.clone());
        // A text may hold several URLs.
        let mut start = 0;
        for word in text.split_inclusive(|c: char| c.is_whitespace() || matches!(c, '"' | '\'')) {
            let range =
                user_info_password(word).map(|range| start + range.start..start + range.end);
            if range != first {
                found.extend(range);
            }
            start += word.len();
        }
    }
    if !text.contains('=') {
        return found;
    }
    // MongoDB's properties of a mechanism: `AWS_SESSION_TOKEN:…`.
    for (at, name) in text.match_indices("SESSION_TOKEN:") {
        let start = at + name.len();
        let value = text.get(start..).unwrap_or_default();
        let is_end =
            |c: char| matches!(c, '&' | ',' | '"' | '\'' | '$') || c.is_whitespace() || c == GAP;
        let end = start + value.find(is_end).unwrap_or(value.len());
        if start < end {
            found.push(start..end);
        }
    }
    let mut covered = 0;
    for (at, _) in text.match_indices('=') {
        if at < covered {
            continue;
        }
        let before = text.get(..at).unwrap_or_default();
        let name_start = before
            .rfind(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '$')))
            .map_or(0, |i| {
                i + before
                    .get(i..)
                    .and_then(|s| s.chars().next())
                    .map_or(1, char::len_utf8)
            });
        let name = before.get(name_start..).unwrap_or_default();
        if name.is_empty() || !is_secret_name(name) {
            continue;
        }
        let value = text.get(at + 1..).unwrap_or_default();
        let is_end = |c: char| {
            matches!(c, '&' | ';' | ',' | '"' | '\'' | '#' | ')' | '<' | '>')
                || c.is_whitespace()
                || c == GAP
        };
        // A placeholder names the credential; it is none. What follows it is a part of one.
        let named = placeholder_len(value);
        let value = value.get(named..).unwrap_or_default();
        let braced = braced_len(value);
        let rest = value.get(braced..).unwrap_or_default();
        let len = braced + rest.find(is_end).unwrap_or(rest.len());
        covered = at + 1 + named + len;
        if len > 0 {
            found.push(at + 1 + named..covered);
        }
    }
    found
}

/// The length of `${…}` or `{{…}}` at the beginning of a text.
fn placeholder_len(text: &str) -> usize {
    let len = |open: &str, close: &str| {
        let rest = text.strip_prefix(open)?;
        let longest = rest.floor_char_boundary(LONGEST_PLACEHOLDER);
        Some(open.len() + rest.get(..longest)?.find(close)? + close.len())
    };
    len("${", "}").or_else(|| len("{{", "}}")).unwrap_or(0)
}

/// A placeholder is not longer than this, in bytes.
const LONGEST_PLACEHOLDER: usize = 512;

/// The length of `{…}` at the beginning of a text: SQL Server's way to write a value with marks in
/// it. A brace inside is doubled.
fn braced_len(text: &str) -> usize {
    if !text.starts_with('{') {
        return 0;
    }
    let mut rest = text;
    loop {
        let Some(close) = rest.find('}') else {
            // Without its end it is no such value.
            return if rest.len() == text.len() {
                0
            } else {
                text.len() - rest.len()
            };
        };
        rest = rest.get(close + 1..).unwrap_or_default();
        match rest.strip_prefix('}') {
            Some(behind) => rest = behind,
            None => return text.len() - rest.len(),
        }
    }
}

/// The byte offset behind the first `://`.
fn behind_scheme(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b':', bytes)
        .map(|colon| colon + 3)
        .find(|end| bytes.get(end - 2..*end) == Some(b"//"))
}

/// `password` in `scheme://user:password@host`, and in Oracle's `thin:user/password@host`.
fn user_info_password(text: &str) -> Option<std::ops::Range<usize>> {
    if let Some(start) = memchr::memmem::find(text.as_bytes(), ORACLE.as_bytes()) {
        return oracle_password(text, start + ORACLE.len());
    }
    let is_stop = |c: char| c.is_whitespace() || matches!(c, '/' | '?' | '"' | '\'' | ';' | '#');
    if let Some(start) = behind_scheme(text) {
        let authority = text.get(start..)?;
        // A password may hold a slash or a question mark that should have been encoded: the last
        // `@` before a blank or a quote ends it.
        let end = authority
            .find(|c: char| c.is_whitespace() || matches!(c, '"' | '\''))
            .unwrap_or(authority.len());
        let authority = authority.get(..end)?;
        let first_stop = authority.find(is_stop).unwrap_or(authority.len());
        let at = authority
            .get(..first_stop)
            .and_then(|host| host.rfind('@'))
            .or_else(|| {
                // Only where a colon stands before the stop can a password have begun.
                let colon = authority.get(..first_stop)?.find(':')?;
                let port = authority.get(colon + 1..first_stop)?;
                if port.chars().all(|c| c.is_ascii_digit()) {
                    None
                } else {
                    authority.rfind('@')
                }
            })?;
        let colon = authority.get(..at)?.find(':')?;
        let range = start + colon + 1..start + at;
        return (!range.is_empty() && !text.get(range.clone())?.contains(GAP)).then_some(range);
    }
    if !text.contains(char::is_whitespace) && !text.contains("jdbc:") && !text.starts_with("arn:") {
        // `user:password@host` without a scheme.
        let at = text.rfind('@')?;
        let colon = text.get(..at)?.find(':')?;
        return (colon + 1 < at).then_some(colon + 1..at);
    }
    // `jdbc:mysql:user:password@host`: the slashes are missing.
    let rest = text.strip_prefix("jdbc:")?;
    let at = rest.rfind('@')?;
    let before = rest.get(..at)?;
    let subprotocol = before.find([':', '/'])? + 1;
    let colon = subprotocol + before.get(subprotocol..)?.find(':')?;
    let base = text.len() - rest.len();
    (colon + 1 < at).then_some(base + colon + 1..base + at)
}

/// The beginning of Oracle's URLs.
const ORACLE: &str = "jdbc:oracle:";

/// `password` in `thin:user/password@host`, where `start` is behind `jdbc:oracle:`. What follows the
/// `@` may be a descriptor or have a scheme.
fn oracle_password(text: &str, start: usize) -> Option<std::ops::Range<usize>> {
    let rest = text.get(start..)?;
    let mode = rest.find(':')? + 1;
    let login = rest.get(mode..)?;
    let end = login.find(char::is_whitespace).unwrap_or(login.len());
    let before_descriptor = login.find("@(").map(|at| at + 1).unwrap_or(end);
    let login = login.get(..login.get(..before_descriptor.min(end))?.rfind('@')?)?;
    let lead = login.len() - login.trim_start_matches('/').len();
    let mark = lead + login.get(lead..)?.find(['/', ':'])? + 1;
    let range = start + mode + mark..start + mode + login.len();
    (!range.is_empty()).then_some(range)
}

/// What stands in a URL where a port should and is none: `user:password` without a host looks so. No
/// finding calls it a credential, but no output shows it.
fn doubtful_port(text: &str) -> Option<std::ops::Range<usize>> {
    let start = behind_scheme(text)?;
    if text.get(..start)?.ends_with("s3://") {
        // A bucket has no port, and nobody logs in to it by its name.
        return None;
    }
    let rest = text.get(start..)?;
    let is_end = |c: char| {
        c.is_whitespace() || matches!(c, '/' | '?' | '"' | '\'' | ';' | '#' | ',' | '@' | '\\')
    };
    let authority = rest.get(..rest.find(is_end).unwrap_or(rest.len()))?;
    // An address in brackets has colons of its own; `${…}` and gaps are nobody's password.
    if authority.contains(['[', '$', '{', '<', GAP]) {
        return None;
    }
    let colon = authority.find(':')?;
    let port = authority.get(colon + 1..)?;
    (!port.is_empty() && !port.bytes().all(|b| b.is_ascii_digit()))
        .then_some(start + colon + 1..start + authority.len())
}

/// The ranges of values behind `key:` or `key =` in one line, where the key is a credential's.
/// `hides_rest` tells that the value goes on in the lines below.
fn secret_values(
    line: &str,
    is_broken: bool,
    hides_rest: &mut bool,
) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let mut covered = 0;
    for (at, separator) in line.match_indices([':', '=']) {
        if at < covered {
            continue;
        }
        let before = line.get(..at).unwrap_or_default();
        let trimmed = before.trim_end_matches([' ', '\t', '"', '\'', '\\']);
        let quoted_key = before.ends_with(['"', '\'']);
        let is_name = |c: char| {
            c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.') || (quoted_key && c == ' ')
        };
        let start = trimmed.rfind(|c: char| !is_name(c)).map_or(0, |i| {
            i + trimmed
                .get(i..)
                .and_then(|s| s.chars().next())
                .map_or(1, char::len_utf8)
        });
        let name = trimmed.get(start..).unwrap_or_default();
        if name.is_empty() || !may_be_secret_name(name) {
            continue;
        }
        let rest = line.get(at + separator.len()..).unwrap_or_default();
        if separator == ":" && !quoted_key && !rest.starts_with([' ', '\t']) && !rest.is_empty() {
            continue;
        }
        let lead = rest.len() - rest.trim_start_matches([' ', '\t', '\\']).len();
        let value = rest.get(lead..).unwrap_or_default();
        let begin = at + separator.len() + lead;
        if is_broken {
            *hides_rest = true;
            found.push(begin..line.len());
            break;
        }
        if value.is_empty() || value.starts_with(['|', '>']) {
            *hides_rest = true;
            continue;
        }
        let (begin, value) = behind_anchor(begin, value);
        let is_option = separator == "=" && !value.starts_with("${");
        let is_literal_function = LITERAL_FUNCTIONS.iter().any(|tag| value.starts_with(tag));
        if is_literal_function {
            found.push(begin..line.len());
            break;
        }
        if !is_option && value.starts_with(['!', '{', '[', '*', '$', '('])
            || value.starts_with("\"${")
            || value.starts_with("\"{{")
            || value.starts_with("'{{")
            || value.starts_with("{{")
        {
            // A reference or a structure: what it holds has keys of its own.
            continue;
        }
        let (open, len) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let inside = value.get(1..).unwrap_or_default();
                // In JSON within a text, the quotes themselves are escaped.
                let is_nested = rest
                    .get(..lead)
                    .is_some_and(|lead| lead.ends_with('\\') && !lead.ends_with("\\\\"));
                let len = if is_nested {
                    closing_escaped_quote(inside, quote)
                } else {
                    closing_quote(inside, quote)
                };
                (1, len)
            }
            _ => {
                let ends = |c: char| {
                    matches!(c, ',' | '}' | ']' | '#')
                        || (separator == "=" && matches!(c, '&' | ';'))
                };
                let braced = if is_option { braced_len(value) } else { 0 };
                let unbraced = value.get(braced..).unwrap_or_default();
                let len = braced + unbraced.find(ends).unwrap_or(unbraced.len());
                covered = begin + len;
                let plain = value.get(..len).unwrap_or_default().trim_end();
                let is_reference = [
                    "var.", "local.", "each.", "data.", "module.", "aws_", "random_",
                ]
                .iter()
                .any(|p| plain.starts_with(p));
                let is_word =
                    matches!(plain, "true" | "false" | "null" | "~") || plain.ends_with('(');
                if is_reference || is_word {
                    continue;
                }
                (0, plain.len())
            }
        };
        covered = covered.max(begin + open + len);
        let runs_on = begin + open + len >= line.len() && !line.trim_start().starts_with('#');
        if separator == ":" && runs_on {
            // Lines that are indented further belong to the same scalar.
            *hides_rest = true;
        }
        if len > 0 {
            found.push(begin + open..begin + open + len);
        }
    }
    found
}

/// Functions whose argument is the text itself, and no name of something else.
const LITERAL_FUNCTIONS: &[&str] = &["!Base64", "!Select", "!Join"];

/// A value behind its anchor, `&name`, and where it begins.
fn behind_anchor(begin: usize, value: &str) -> (usize, &str) {
    let Some((_, behind)) = value
        .strip_prefix('&')
        .and_then(|name| name.split_once([' ', '\t']))
    else {
        return (begin, value);
    };
    let behind = behind.trim_start();
    (begin + (value.len() - behind.len()), behind)
}

/// The name in a line that begins the declaration of a Terraform variable.
fn terraform_variable(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("variable")?.trim_start();
    let (name, rest) = rest.strip_prefix('"')?.split_once('"')?;
    rest.trim_start().starts_with('{').then_some(name)
}

/// Where the value begins in a line that gives the default of a Terraform variable.
fn terraform_default(line: &str) -> Option<usize> {
    let rest = line.trim_start().strip_prefix("default")?.trim_start();
    let value = rest.strip_prefix('=')?.trim_start();
    let is_nothing = matches!(value, "null" | "\"\"" | "");
    (!is_nothing).then_some(line.len() - value.len())
}

/// The key of a line that is `key: value`, and the range of a value that is a literal.
fn key_and_value(line: &str) -> Option<(&str, std::ops::Range<usize>)> {
    const AROUND: &[char] = &[' ', '\t', '"', '\'', ',', '-', '{', '}'];
    let colon = line.find(':')?;
    let key = line.get(..colon)?.trim_matches(AROUND);
    let rest = line.get(colon + 1..)?;
    let value = rest.trim_matches(AROUND);
    let start = colon + 1 + (rest.len() - rest.trim_start_matches(AROUND).len());
    (!value.is_empty() && !value.starts_with(['!', '$', '[', '&', '*']))
        .then_some((key, start..start + value.len()))
}

/// The length of the text up to the closing quote, where what encloses the text escapes it: `\"`
/// closes, `\\\"` is a quote in the text.
fn closing_escaped_quote(text: &str, quote: char) -> usize {
    let mut backslashes = 0;
    for (offset, character) in text.char_indices() {
        match character {
            '\\' => backslashes += 1,
            // Each backslash of the inner text is two here, and one belongs to the quote.
            c if c == quote && backslashes % 4 == 1 => return offset - 1,
            c if c == quote && backslashes % 2 == 0 => return offset,
            _ => backslashes = 0,
        }
    }
    text.len()
}

/// The length of the text up to the closing quote.
fn closing_quote(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (offset, character) in text.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return offset,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(text: &str) -> String {
        mask(text, &Secrets::betrayed_by_words(text, false)).into_owned()
    }

    #[test]
    fn words_betray_secrets_in_any_line() {
        assert_eq!(
            hidden("MasterUserPassword: hunter2\n"),
            "MasterUserPassword: *******\n"
        );
        assert_eq!(
            hidden("\"password\": \"a\\\"b\", \"x\": 1"),
            "\"password\": \"****\", \"x\": 1"
        );
        assert_eq!(
            hidden(r#""x": "{\"password\": \"a\\\"b\", \"url\": \"y\"}""#),
            r#""x": "{\"password\": \"******\", \"url\": \"y\"}""#
        );
        assert_eq!(hidden("password = \"hunter2\""), "password = \"*******\"");
        assert_eq!(
            hidden("key: jdbc:x://u:pw@h/db?password=pp&a=b"),
            "key: jdbc:x://u:**@h/db?password=**&a=b"
        );
        assert_eq!(
            hidden("PASSWORD: |\n  abc\nNAME: x"),
            "PASSWORD: |\n  ***\nNAME: x"
        );
    }

    #[test]
    fn names_of_secrets_are_left_readable() {
        for line in [
            "SECRET_ID: orders/etl",
            "SecretArn: arn:aws:secretsmanager:eu-west-1:1:secret:x",
            "PASSWORD: !Ref DbPassword",
            "password = var.db_password",
            "ValidateCredentials: false",
            "PORT: 5432 # password is elsewhere",
            "TokenUrl: https://a.example.org/token",
        ] {
            assert_eq!(hidden(line), line);
        }
    }

    #[test]
    fn the_name_of_a_variable_tells_what_its_default_is() {
        assert_eq!(
            hidden(
                "variable \"db_password\" {\n  type = string\n  default = \"x\"\n}\nname = \"x\"\n"
            ),
            "variable \"db_password\" {\n  type = string\n  default = ***\n}\nname = \"x\"\n"
        );
        for text in [
            "variable \"db_password\" {\n  default = null\n}\n",
            "variable \"db_password_arn\" {\n  default = \"x\"\n}\n",
        ] {
            assert_eq!(hidden(text), text);
        }
    }

    #[test]
    fn masks_keep_every_offset() {
        let text = "PASSWORD: \"pä\u{20AC}\u{1F600}\" # x";
        let hidden = hidden(text);
        assert_eq!(hidden.len(), text.len());
        assert_eq!(hidden.chars().count(), text.chars().count());
        assert!(!hidden.contains('ä') && hidden.ends_with("# x"));
    }
}
