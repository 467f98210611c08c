//! Credentials: where they come from, and where they must not stand.
//!
//! No message here quotes a value: keys are named, values never.

mod sources;
mod verdict;

use std::ops::Range;

use super::reading::with_origins;
use super::values::{Site, template_marker};
use super::{Findings, Reading, Section, jdbc, names};
use crate::diag::{Finding, credentials_in, is_secret_name};
use crate::form::{Entry, Presence, Scalar, Shape, Value, embedded_json};
use crate::spec::near;
use crate::spec::{self, Format, Severity, rules};
use crate::syntax::{GAP, Literal, Text};
use crate::text::{Place, Span};
pub(super) use sources::{Role, role_of};
use verdict::{Exposure, Purpose};

rules! {
    /// A credential in clear.
    PLAINTEXT_PASSWORD = "plaintext-password", Error, since "0.1.0";
    /// The ARN of a secret where its content belongs.
    SECRET_ARN_AS_CREDENTIAL = "secret-arn-as-credential", Error, since "0.1.0";
    /// A credential inside a URL or a list of options.
    PASSWORD_IN_URL = "password-in-url", Error, since "0.1.0";
    /// A credential in what Terraform prints or stores.
    SECRET_IN_PLAN_OR_STATE = "secret-in-plan-or-state", Warning, since "0.1.0";
    /// Ciphertext of the service in a document that people write.
    ENCRYPTED_PASSWORD_IN_INPUT = "encrypted-password-in-input", Warning, since "0.1.0";
    /// A password in clear beside its ciphertext.
    TWO_PASSWORDS = "two-passwords", Warning, since "0.1.0";
    /// No credentials at all.
    MISSING_CREDENTIALS = "missing-credentials", Error, since "0.1.0";
    /// A user without a password, or a password without a user.
    INCOMPLETE_CREDENTIALS = "incomplete-credentials", Error, since "0.1.0";
    /// A user or a password that a secret makes useless.
    PASSWORD_BESIDE_SECRET = "password-beside-secret", Warning, since "0.1.0";
    /// Credentials among the properties that an AuthenticationConfiguration makes useless.
    CREDENTIALS_BESIDE_AUTHENTICATION = "credentials-beside-authentication", Warning, since "0.1.0";
    /// A copy of an answer in which the password was hidden.
    PASSWORD_LOST_IN_COPY = "password-lost-in-copy", Warning, since "0.1.0";
    /// What a secret holds, where its name belongs.
    SECRET_CONTENT_AS_ID = "secret-content-as-id", Warning, since "0.1.0";
    /// A password that CloudFormation looks up, and AWS Glue keeps.
    PASSWORD_RESOLVED_AT_DEPLOYMENT = "password-resolved-at-deployment", Info, since "0.1.0";
    /// A certificate of one's own that nobody checks.
    CERTIFICATE_CHECK_SKIPPED = "certificate-check-skipped", Warning, since "0.1.0";
}

/// Judges one reading.
pub(super) fn check(reading: &Reading<'_>, findings: &mut Findings) {
    let mut exposures = in_clear(reading);
    if reading.facets().resolved {
        in_plan_or_state(exposures.drain(..), findings);
    }
    verdict::check(reading, exposures, findings);
    secret_arn(reading, findings);
    if reading.is_authored() {
        wanting(reading, findings);
        sources::check(reading, findings);
    }
    certificate_check(reading, findings);
}

/// How bad a credential in clear is: the author of a document can do something about it, the
/// reader of an answer only beware. One that is made up weighs less than one that opens something.
fn weight(reading: &Reading<'_>, credential: &str) -> Severity {
    match (reading.is_authored(), is_made_up(credential)) {
        (true, false) => Severity::Error,
        (true, true) | (false, false) => Severity::Warning,
        (false, true) => Severity::Info,
    }
}

/// Words of which placeholders are made, and whether one of them is enough to tell that there is
/// no credential.
const MADE_UP: &[(&str, bool)] = &[
    ("change", false),
    ("database", false),
    ("db", false),
    ("do", false),
    ("dummy", true),
    ("enter", true),
    ("example", true),
    ("fake", true),
    ("fill", true),
    ("fixme", true),
    ("for", false),
    ("here", true),
    ("in", false),
    ("insert", true),
    ("it", false),
    ("later", false),
    ("me", true),
    ("my", false),
    ("of", false),
    ("pass", false),
    ("passwd", false),
    ("password", false),
    ("placeholder", true),
    ("pw", false),
    ("pwd", false),
    ("replace", true),
    ("sample", true),
    ("secret", false),
    ("some", true),
    ("tbd", true),
    ("test", true),
    ("the", false),
    ("this", true),
    ("to", false),
    ("todo", true),
    ("token", false),
    ("user", false),
    ("value", false),
    ("with", false),
    ("your", true),
];

/// Whether a credential is nothing but the words of a placeholder: `examplepassword`, `change-me`.
/// A digit or a mark that is no separator makes a real one of it, and so does a lone `password`.
fn is_made_up(text: &str) -> bool {
    let is_separator = |c: char| matches!(c, ' ' | '-' | '_' | '.');
    let mut letters = text.chars().filter(|c| !is_separator(*c));
    if text.len() > LONGEST_MADE_UP || !letters.all(|c| c.is_ascii_alphabetic()) {
        return false;
    }
    // Whatever is yours: `your_redshift_password`.
    let yours =
        (text.split_once(['-', '_'])).filter(|(first, _)| first.eq_ignore_ascii_case("your"));
    if yours.is_some_and(|(_, rest)| !rest.is_empty()) {
        return true;
    }
    let word: String = (text.chars().filter(|c| !is_separator(*c)))
        .map(|c| c.to_ascii_lowercase())
        .collect();
    // For each length of the beginning: whether it is made of words, and whether they are enough.
    let mut made = vec![None; word.len() + 1];
    if let Some(start) = made.first_mut() {
        *start = Some(false);
    }
    for at in 0..word.len() {
        let Some(Some(enough)) = made.get(at).copied() else {
            continue;
        };
        for (part, tells) in MADE_UP {
            if word.get(at..).is_some_and(|rest| rest.starts_with(part))
                && let Some(end) = made.get_mut(at + part.len())
            {
                *end = Some(end.unwrap_or(false) || enough || *tells);
            }
        }
    }
    made.last().copied().flatten() == Some(true)
}

/// A placeholder is not longer than this, in bytes.
const LONGEST_MADE_UP: usize = 64;

/// Whether a text is the ARN of a secret, of which parts may not be known.
fn is_secret_arn(text: &str) -> bool {
    let text = text.trim();
    text.starts_with("arn:") && text.contains(":secretsmanager:")
}

/// Who can read a credential that stands here.
fn readers(reading: &Reading<'_>) -> &'static str {
    if reading.is_authored() {
        "anyone who can see this file or call GetConnection can read it"
    } else {
        "anyone who can see this file can read it"
    }
}

// Credentials in clear

fn in_clear(reading: &Reading<'_>) -> Vec<Exposure> {
    let mut exposures = Vec::new();
    for site in &reading.sites {
        let mut found = Vec::new();
        let purpose = if site.format == Format::JsonObject {
            in_json(reading, site, &mut found);
            Purpose::Other
        } else {
            if site.secret {
                found.extend(plaintext(reading, site));
            } else {
                in_url(reading, site, &mut found);
                found.extend(under_own_key(reading, site));
            }
            match site.name.or_else(|| meant_key(site)) {
                Some(key) if site.is_property => Purpose::of(key),
                _ => Purpose::Other,
            }
        };
        exposures.extend(found.into_iter().map(|finding| Exposure {
            purpose,
            finding: with_origins(site.value, finding),
        }));
    }
    exposures
}

/// A tool writes every credential out, wherever the author keeps it: that is one thing to beware
/// of, and no mistake for each of them.
fn in_plan_or_state(exposures: impl Iterator<Item = Exposure>, findings: &mut Findings) {
    let mut places: Vec<Place> = exposures.map(|exposure| exposure.finding.place).collect();
    places.sort();
    places.dedup();
    let mut places = places.into_iter();
    let Some(first) = places.next() else {
        return;
    };
    let finding = Finding::new(
        &SECRET_IN_PLAN_OR_STATE,
        first,
        "this credential is in plain text, as all values in a Terraform plan or state are: anyone \
         who can see this file can read it",
    )
    .help(
        "Keep the file out of repositories and artifacts, and name a secret in AWS Secrets Manager \
         in place of the credential: then neither plan nor state holds it.",
    );
    findings.add(places.fold(finding, |finding, place| {
        finding.label(place, "another credential")
    }));
}

fn plaintext(reading: &Reading<'_>, site: &Site<'_>) -> Option<Finding> {
    let is_ciphertext = site
        .name
        .and_then(spec::property)
        .is_some_and(|fact| fact.output_only);
    if is_ciphertext {
        return None;
    }
    let known = credential(site.scalar)?;
    if is_secret_arn(known) || covers(&from_elsewhere(site.value), site.scalar.text.span()) {
        return None;
    }
    let finding = in_plain_text(reading, site.value.place, &site.called(), known);
    Some(finding.help(plaintext_help(reading, site)))
}

/// A credential in plain text, in what is called so.
pub(super) fn in_plain_text(
    reading: &Reading<'_>,
    place: Place,
    called: &str,
    credential: &str,
) -> Finding {
    let message = if is_made_up(credential) {
        format!(
            "{called} looks like a placeholder, but a real credential in its place would be in \
             plain text, too"
        )
    } else {
        format!(
            "{called} holds a credential in plain text: {}",
            readers(reading)
        )
    };
    Finding::new(&PLAINTEXT_PASSWORD, place, message).severity(weight(reading, credential))
}

/// The key of a credential that is meant by one in another case.
fn meant_key(site: &Site<'_>) -> Option<&'static str> {
    let name = near::fold(&site.entry?.name);
    let is_meant = |fact: &&spec::Property| fact.secret && near::fold(fact.key) == name;
    spec::properties()
        .iter()
        .find(is_meant)
        .map(|fact| fact.key)
}

/// Endings of the names that connectors give to credentials.
const OWN_KEYS: &[&str] = &[
    "accesstoken",
    "apikey",
    "apitoken",
    "authtoken",
    "bearertoken",
    "clientsecret",
    "passphrase",
    "passwd",
    "password",
    "privatekey",
    "pwd",
    "refreshtoken",
    "secretaccesskey",
    "secretkey",
];

/// A credential under a key that the facts do not know, such as one of a connector.
fn under_own_key(reading: &Reading<'_>, site: &Site<'_>) -> Option<Finding> {
    let entry = site.entry.filter(|_| site.name.is_none())?;
    let name = near::fold(&entry.name).to_ascii_lowercase();
    let is_one = is_secret_name(&entry.name) && OWN_KEYS.iter().any(|end| name.ends_with(end));
    let known = site.scalar.text.known()?;
    // A switch or a number says something about a credential.
    let is_plain = matches!(known, "true" | "false") || known.bytes().all(|b| b.is_ascii_digit());
    if !is_one
        || is_plain
        || site.scalar.literal != Literal::String
        || !is_credential(known)
        || is_secret_arn(known)
        || covers(&from_elsewhere(site.value), site.scalar.text.span())
    {
        return None;
    }
    let severity = weight(reading, known).min(Severity::Warning);
    Some(
        Finding::new(
            &PLAINTEXT_PASSWORD,
            site.value.place,
            format!(
                "by its name, {} holds a credential in plain text: {}",
                reading.quote_name(entry),
                readers(reading)
            ),
        )
        .severity(severity)
        .help(
            "Put it into a secret in AWS Secrets Manager, and name that in `SECRET_ID`, if the \
             connector takes it from there.",
        ),
    )
}

/// The ARN of a secret in place of what it holds: AWS Glue looks into no secret there.
fn secret_arn(reading: &Reading<'_>, findings: &mut Findings) {
    let mut found: Option<Finding> = None;
    for site in &reading.sites {
        let is_login = site.secret || site.name.is_some_and(|name| name.ends_with("USERNAME"));
        if !is_login || !is_secret_arn(site.scalar.text.as_str()) {
            continue;
        }
        let place = site.value.place;
        found = Some(match found.take() {
            Some(first) => first.label(place, "this one, too"),
            None => with_origins(
                site.value,
                Finding::new(
                    &SECRET_ARN_AS_CREDENTIAL,
                    place,
                    format!(
                        "{} holds the ARN of a secret, which AWS Glue would use as the credential \
                         itself",
                        site.called()
                    ),
                )
                .help(if site.is_property {
                    "Name the secret in `SECRET_ID`, and remove the user name and password."
                } else {
                    "Name the secret in `SecretArn`, and remove the credential."
                }),
            ),
        });
    }
    findings.add_any(found);
}

fn plaintext_help(reading: &Reading<'_>, site: &Site<'_>) -> &'static str {
    if !reading.is_authored() {
        return "Call GetConnection with `HidePassword`, and keep the response out of repositories.";
    }
    match site.name {
        Some("PASSWORD" | "KAFKA_SASL_PLAIN_PASSWORD" | "KAFKA_SASL_SCRAM_PASSWORD") => {
            "Put the user name and password into a secret in AWS Secrets Manager, and name it in \
             `SECRET_ID`."
        }
        Some(key) if key.starts_with("KAFKA_") && reading.facets().dialect == "terraform" => {
            "Pass it in by a variable with `sensitive = true`, and encrypt connection passwords in \
             the Data Catalog."
        }
        Some(key) if key.starts_with("KAFKA_") => {
            "Pass it in at deployment, for example by a parameter with `NoEcho`, and encrypt \
             connection passwords in the Data Catalog."
        }
        _ => "Put it into a secret in AWS Secrets Manager, and name that in `SecretArn`.",
    }
}

/// The credentials among the members of JSON text.
fn in_json(reading: &Reading<'_>, site: &Site<'_>, found: &mut Vec<Finding>) {
    let text = &site.scalar.text;
    let Ok(json) = embedded_json(text, site.value.place) else {
        return;
    };
    let elsewhere = from_elsewhere(site.value);
    let entries = json.as_map().map_or(&[][..], |map| map.entries.as_slice());
    for entry in entries.iter().filter(|entry| is_secret_name(&entry.name)) {
        let Some(credential) = entry.value.as_scalar().and_then(credential) else {
            continue;
        };
        if covers(&elsewhere, entry.value.place.span) {
            continue;
        }
        let called = format!("the JSON of {}", site.called());
        found.push(
            in_plain_text(reading, entry.value.place, &called, credential)
                .help("Put it into a secret in AWS Secrets Manager, and refer to that instead."),
        );
    }
}

fn in_url(reading: &Reading<'_>, site: &Site<'_>, found: &mut Vec<Finding>) {
    // Of members, only URLs hold credentials that are none themselves.
    let is_url = site.is_property || site.format == Format::WebUrl || site.is_prose();
    if !is_url || site.scalar.literal != Literal::String {
        return;
    }
    let text = &site.scalar.text;
    let elsewhere = from_elsewhere(site.value);
    for range in credentials_in(text.as_str()) {
        let Some(part) = literal_part(text, range) else {
            continue;
        };
        let place = site.value.place_of(part);
        if is_bracketed(part) || !is_credential(part) || covers(&elsewhere, place.span) {
            continue;
        }
        found.push(
            Finding::new(
                &PASSWORD_IN_URL,
                place,
                if is_made_up(part) {
                    format!(
                        "{} contains what looks like a placeholder, but a real credential in its \
                         place would be in plain text, too",
                        site.called()
                    )
                } else {
                    format!(
                        "{} contains a credential: {}",
                        site.called(),
                        readers(reading)
                    )
                },
            )
            .severity(weight(reading, part))
            .help(if reading.is_authored() {
                "Remove it, put it into a secret in AWS Secrets Manager, and name that in \
                 `SECRET_ID`."
            } else {
                "Change the connection to use a secret, and keep this response out of \
                 repositories."
            }),
        );
    }
}

/// The part of a text under a range, unless it goes on with what is not known.
fn literal_part<'a>(text: &'a Text<'_>, range: Range<usize>) -> Option<&'a str> {
    let whole = text.as_str();
    let goes_on = whole.get(range.end..)?.starts_with(GAP);
    whole
        .get(range)
        .filter(|part| !goes_on && !part.contains(GAP))
}

/// The text of a scalar that stands for a credential, if it is known and one.
pub(super) fn credential<'s>(scalar: &'s Scalar<'_>) -> Option<&'s str> {
    let known = (scalar.text.known()).filter(|_| scalar.literal != Literal::Null)?;
    // As `gluelint redact` masks what has to stay a number.
    let is_number = matches!(scalar.literal, Literal::Integer | Literal::Float);
    let is_masked = is_number && known.bytes().all(|byte| !matches!(byte, b'0'..=b'8'));
    (is_credential(known) && !is_masked).then_some(known)
}

/// Whether a text that stands for a credential is one: not masked, not a placeholder, not a
/// template's marker.
fn is_credential(text: &str) -> bool {
    let text = text.trim();
    // Masks keep their blanks, and the width of wider characters.
    let is_mask = |c: char| {
        matches!(c, '*' | '•' | '●' | '.' | '…' | 'x' | 'X' | '#' | '-' | '_')
            || matches!(c, ' ' | '\t' | '\n' | '\u{B7}' | '\u{1F512}')
    };
    let is_wrapped = |open, close| text.starts_with(open) && text.ends_with(close);
    let word = near::fold(text.trim_matches(|c: char| !c.is_alphanumeric()));
    let is_word = matches!(
        word.as_str(),
        "REDACTED" | "MASKED" | "HIDDEN" | "SENSITIVE" | "SENSITIVEVALUE" | "OMITTED"
    );
    !text.is_empty()
        && !text.chars().all(is_mask)
        && !is_word
        && !is_wrapped('<', '>')
        && template_marker(text).is_none()
}

/// Whether the value of an option begins as a placeholder does: `[SECRET KEY]`, `<password>`.
fn is_bracketed(value: &str) -> bool {
    value.starts_with(['[', '<'])
}

/// The parts of a value that come from elsewhere, such as the defaults of parameters: in order,
/// apart from each other.
fn from_elsewhere(value: &Value<'_>) -> Vec<Span> {
    let defaults = value.origins.iter().filter(|origin| origin.is_default);
    let mut used: Vec<Span> = defaults.map(|origin| origin.used).collect();
    used.sort_unstable();
    let mut joined: Vec<Span> = Vec::with_capacity(used.len());
    for span in used {
        match joined.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => joined.push(span),
        }
    }
    joined
}

/// Whether one of the parts covers all of a span.
fn covers(parts: &[Span], span: Span) -> bool {
    let index = parts.partition_point(|part| part.end < span.end);
    parts.get(index).is_some_and(|part| part.contains(span))
}

// Credentials that are missing

/// What carries a user, a password, or both.
const LOGIN: &[&str] = &["USERNAME", "PASSWORD", "ENCRYPTED_PASSWORD", "SECRET_ID"];

fn wanting(reading: &Reading<'_>, findings: &mut Findings) {
    let is_jdbc = reading.is("JDBC");
    if !is_jdbc && !reading.is("MONGODB") {
        return;
    }
    let no_authentication = matches!(reading.authentication, Section::Missing);
    let absent = |key| names::is_missing(reading, key);
    // With nothing there at all it is the target that is missed.
    let is_empty = reading.properties.entries().is_empty();
    if !no_authentication || !absent("SECRET_ID") || is_empty {
        return;
    }
    if let Some(copied) = response_only(reading)
        && let Some(user) = reading.entry("USERNAME")
        && absent("PASSWORD")
        && absent("ENCRYPTED_PASSWORD")
    {
        findings.add(
            Finding::new(
                &PASSWORD_LOST_IN_COPY,
                user.key,
                "the password was hidden in the response that this is copied from, and an update would \
                 delete it",
            )
            .label(copied.key, "only AWS responses have this")
            .help("Name a secret in `SECRET_ID`, or pass in the password at deployment."),
        );
        return;
    }
    if login_in_url(reading) != Some(false) {
        return;
    }
    if LOGIN.iter().all(|key| absent(key)) {
        findings.add(missing(reading, is_jdbc));
        return;
    }
    let weight = if is_jdbc {
        Severity::Error
    } else {
        Severity::Warning
    };
    let (entry, has, lacks) = match (reading.entry("USERNAME"), reading.entry("PASSWORD")) {
        (Some(user), None) if absent("PASSWORD") && absent("ENCRYPTED_PASSWORD") => {
            (user, "USERNAME", "PASSWORD")
        }
        (None, Some(password)) if absent("USERNAME") => (password, "PASSWORD", "USERNAME"),
        _ => return,
    };
    findings.add(
        Finding::new(
            &INCOMPLETE_CREDENTIALS,
            entry.key,
            format!("`{has}` is set without `{lacks}`, and nothing else says how to log in"),
        )
        .severity(weight)
        .help("Put both into a secret in AWS Secrets Manager, and name it in `SECRET_ID`."),
    );
}

fn missing(reading: &Reading<'_>, is_jdbc: bool) -> Finding {
    // A driver of one's own may know other ways to log in.
    let is_certain = is_jdbc && has_own_driver(reading) == Some(false);
    let (what, severity) = if is_certain {
        ("a JDBC connection", Severity::Error)
    } else if is_jdbc {
        ("most JDBC drivers", Severity::Warning)
    } else {
        ("a MongoDB connection", Severity::Warning)
    };
    let verb = if is_certain || !is_jdbc {
        "needs"
    } else {
        "need"
    };
    Finding::new(
        &MISSING_CREDENTIALS,
        reading.properties_key(),
        format!(
            "there are no credentials, but {what} {verb} a secret, or a user name and password"
        ),
    )
    .severity(severity)
    .help(
        "Put the user name and password into a secret in AWS Secrets Manager, and name it in \
           `SECRET_ID`.",
    )
}

/// Whether the database is reached by a driver that AWS Glue does not bring along; `None` where
/// that is not known.
fn has_own_driver(reading: &Reading<'_>) -> Option<bool> {
    let is_built_in = |name: &str| {
        (spec::engines().iter()).any(|engine| engine.built_in && engine.subprotocol == name)
    };
    match reading.property("JDBC_CONNECTION_URL") {
        Presence::Here(entry) => {
            let url = entry.value.text()?.as_str().trim();
            let (subprotocol, _) = url.strip_prefix("jdbc:")?.split_once(':')?;
            (!subprotocol.contains(GAP)).then(|| !is_built_in(subprotocol))
        }
        Presence::Absent => Some(false),
        Presence::Maybe => None,
    }
}

/// The first member that only answers of AWS have.
fn response_only<'c>(reading: &Reading<'c>) -> Option<&'c Entry<'c>> {
    let structure = spec::structure(reading.connection.structure)?;
    reading.connection.fields.entries.iter().find(|entry| {
        structure
            .member(&entry.name)
            .is_some_and(|member| member.direction == spec::Direction::Output)
    })
}

/// Names of options that say how a driver logs in.
const LOGIN_OPTIONS: &[&str] = &[
    "user",
    "username",
    "uid",
    "password",
    "pwd",
    "token",
    "accesstoken",
    "authtype",
    "authentication",
    "authenticationscheme",
    "authenticator",
    "authmechanism",
    "authmech",
    "credentialsprovider",
    "awscredentialsproviderclass",
    "iam",
    "integratedsecurity",
    "profile",
    "accesskeyid",
    "wrapperplugins",
    "trustedconnection",
];

/// Whether the URL of a connection carries what a login needs; `None` where that is not known.
fn login_in_url(reading: &Reading<'_>) -> Option<bool> {
    let mut found = Some(false);
    for key in ["JDBC_CONNECTION_URL", "CONNECTION_URL"] {
        let in_this = match reading.property(key) {
            Presence::Absent => Some(false),
            Presence::Maybe => None,
            Presence::Here(entry) => match &entry.value.shape {
                Shape::Scalar(scalar) => carries_login(scalar.text.as_str()),
                _ => None,
            },
        };
        found = match (found, in_this) {
            (Some(true), _) | (_, Some(true)) => return Some(true),
            (Some(false), other) => other,
            (None, _) => None,
        };
    }
    found
}

fn carries_login(url: &str) -> Option<bool> {
    let is_known_start = url
        .split_once(':')
        .is_some_and(|(start, _)| !start.contains(GAP));
    // Options may hide in a gap that stands where options do.
    let may_hide = ["?", ";", "&"]
        .iter()
        .any(|mark| url.split(mark).skip(1).any(|after| after.starts_with(GAP)));
    if url.starts_with("jdbc:redshift:iam:") || url.starts_with("jdbc:oracle:thin:/@") {
        return Some(true);
    }
    // `jdbc:oracle:thin:user/password@…`, whatever of it is known.
    let oracle_user = (url.strip_prefix("jdbc:oracle:"))
        .and_then(|rest| rest.split_once(':'))
        .and_then(|(_, rest)| rest.split_once('@'))
        .is_some_and(|(before, _)| !before.trim_matches('/').is_empty() && !before.contains('('));
    if oracle_user {
        return Some(true);
    }
    let has_user = url.split_once("://").is_some_and(|(_, rest)| {
        let authority = rest.split(['/', '?', ';']).next().unwrap_or_default();
        authority.find('@').is_some_and(|at| at > 0)
    }) || credentials_in(url)
        .into_iter()
        .filter_map(|range| url.get(range))
        .any(|value| !is_bracketed(value));
    let has_option = url
        .split(['?', '&', ';', ',', '(', ')'])
        .filter_map(|option| option.split_once('='))
        .any(|(name, value)| {
            let name = near::fold(name).to_ascii_lowercase();
            LOGIN_OPTIONS.contains(&name.as_str()) && !is_bracketed(value)
        });
    if has_user || has_option {
        Some(true)
    } else if !is_known_start || may_hide || template_marker(url).is_some() {
        None
    } else {
        Some(false)
    }
}

/// The member of an AuthenticationConfiguration that gives credentials.
fn credentials_of(section: Section<'_>) -> Option<Place> {
    let members = [
        "SecretArn",
        "BasicAuthenticationCredentials",
        "CustomAuthenticationCredentials",
    ];
    for member in members {
        if let Presence::Here(entry) = section.presence(member) {
            return Some(entry.key);
        }
    }
    match section.presence("OAuth2Properties") {
        Presence::Here(entry) => match entry.value.as_map()?.presence("OAuth2Credentials") {
            Presence::Here(entry) => Some(entry.key),
            _ => None,
        },
        _ => None,
    }
}

// Certificates

fn certificate_check(reading: &Reading<'_>, findings: &mut Findings) {
    let jdbc_is_off = jdbc::is_tls_off(reading);
    let kafka_is_off = reading.is_false("KAFKA_SSL_ENABLED");
    for (skip, certificate, is_off) in [
        (
            "SKIP_CUSTOM_JDBC_CERT_VALIDATION",
            "CUSTOM_JDBC_CERT",
            jdbc_is_off,
        ),
        (
            "KAFKA_SKIP_CUSTOM_CERT_VALIDATION",
            "KAFKA_CUSTOM_CERT",
            kafka_is_off,
        ),
    ] {
        // Without a certificate there is nothing to check, and without TLS nothing is checked: other
        // rules say so.
        if !reading.is_true(skip) || reading.property(certificate).is_absent() || is_off {
            continue;
        }
        let Some(entry) = reading.entry(skip) else {
            continue;
        };
        let mut finding = Finding::new(
            &CERTIFICATE_CHECK_SKIPPED,
            entry.value.place,
            format!(
                "`{skip}` makes AWS Glue accept the certificate without checking its \
                     signature and key algorithms"
            ),
        )
        .help("Remove it, and use a certificate that passes the check.");
        if let Some(certificate) = reading.entry(certificate) {
            finding = finding.label(certificate.key, "the certificate");
        }
        findings.add_at(&entry.value, finding);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::judge;
    use crate::diag::Secrets;
    use crate::form::{Stream, Surroundings, form_of};
    use crate::syntax::{Language, Tree};

    #[test]
    fn masks_and_placeholders_are_no_credentials() {
        for text in [
            "****",
            "",
            "REDACTED",
            "<redacted>",
            "[REDACTED]",
            "(sensitive value)",
            "XXXXXXXX",
            "<password>",
            "${Password}",
            "{{ password }}",
            "•••••",
        ] {
            assert!(!is_credential(text), "{text}");
        }
        for text in ["hunter2", "redacted1", "x1", "CHANGEME"] {
            assert!(is_credential(text), "{text}");
        }
    }

    #[test]
    fn logins_are_found_in_urls() {
        for url in [
            "jdbc:redshift:iam://orders:eu-west-1/dev",
            "jdbc:mysql://etl:pw@db.example.org/orders",
            "jdbc:postgresql://db.example.org/orders?user=etl&password=\u{FFFC}",
            "jdbc:sqlserver://db.example.org;integratedSecurity=true",
            "mongodb://db.example.org/?authMechanism=MONGODB-AWS",
            "jdbc:oracle:thin:etl/pw@db.example.org:1521/orders",
        ] {
            assert_eq!(carries_login(url), Some(true), "{url}");
        }
        for url in [
            "jdbc:mysql://db.example.org:3306/orders",
            "jdbc:mysql://\u{FFFC}:3306/\u{FFFC}",
            "jdbc:oracle:thin:@//db.example.org:1521/orders",
            "jdbc:oracle:thin://@db.example.org:1521/orders",
            "jdbc:awsathena://AwsRegion=[REGION];UID=[ACCESS KEY];PWD=[SECRET KEY]",
        ] {
            assert_eq!(carries_login(url), Some(false), "{url}");
        }
        for url in [
            "\u{FFFC}",
            "jdbc:mysql://db.example.org/orders?\u{FFFC}",
            "jdbc:x://${Host}",
        ] {
            assert_eq!(carries_login(url), None, "{url}");
        }
    }

    #[test]
    fn what_is_made_up_is_told_from_what_opens_something() {
        for text in [
            "changeme",
            "CHANGE-ME",
            "Replace_Me",
            "examplepassword",
            "testpassword",
            "your_password_here",
            "your_redshift_password",
            "Your-Warehouse-Secret",
            "TODO",
            "dummy",
        ] {
            assert!(is_made_up(text), "{text}");
        }
        for text in [
            "password",
            "secret",
            "admin",
            "mypassword",
            "ChangeMe123!",
            "changeme1",
            "skillboostpass",
            "test-kettle",
            "yourwarehouse",
            "your_kettle1",
            "",
        ] {
            assert!(!is_made_up(text), "{text}");
        }
    }

    /// Every key and member that may hold a credential holds the canary.
    #[test]
    fn no_finding_holds_a_credential() {
        const CANARY: &str = "Kanarienvogel7";
        let mut properties = vec![format!(
            "\"JDBC_CONNECTION_URL\": \"jdbc:mysql://etl:{CANARY}@h.example.org/x?password={CANARY}&a=b\""
        )];
        for url in ["CONNECTION_URL", "HOST", "JDBC_PARAMS", "DATABASE"] {
            properties.push(format!(
                "\"{url}\": \"mongodb://etl:{CANARY}@h?password={CANARY}\""
            ));
        }
        for fact in spec::properties().iter().filter(|fact| fact.secret) {
            properties.push(format!("\"{}\": \" {CANARY}\\u200b\\n\"", fact.key));
        }
        properties.push(format!(
            "\"SparkProperties\": \"{{\\\"sfPassword\\\": \\\"{CANARY}\\\"}}\""
        ));
        for wrapper in ["ConnectionInput", "Connection"] {
            let document = format!(
                "{{\"{wrapper}\": {{\"Name\": \"x\", \"ConnectionType\": \"JDBC\", \
                 \"ConnectionProperties\": {{{}}}, \"AuthenticationConfiguration\": {{\
                 \"BasicAuthenticationCredentials\": {{\"Username\": \"etl\", \"Password\": \"{CANARY}\"}}, \
                 \"CustomAuthenticationCredentials\": {{\"key\": \"{CANARY}\"}}, \
                 \"OAuth2Properties\": {{\"OAuth2Credentials\": {{\"AccessToken\": \"{CANARY}\"}}, \
                 \"AuthorizationCodeProperties\": {{\"AuthorizationCode\": \"{CANARY}\"}}}}}}}}}}",
                properties.join(", ")
            );
            let tree = Tree::read(&document, Language::Json);
            let mut findings = Vec::new();
            for document in tree.documents() {
                let form = form_of(document).unwrap();
                (form.connections)(document, &Stream::of(&tree), &mut |connection| {
                    let secrets = Secrets::of(&connection);
                    let alone = Surroundings::default();
                    findings.extend(judge(
                        &connection,
                        &alone,
                        &secrets,
                        spec::Overlay::NONE,
                        Severity::Info,
                    ));
                });
            }
            let found = |rule| findings.iter().filter(|f| f.rule == rule).count();
            // One for the login, two for the keystore, and those that are no properties.
            assert_eq!(found(&PLAINTEXT_PASSWORD), 3 + 5);
            let login = (findings.iter())
                .find(|f| f.rule == &PLAINTEXT_PASSWORD && f.path.ends_with("PASSWORD"));
            assert!(
                login.is_some_and(|login| login.labels.len() >= 8),
                "{login:?}"
            );
            let said = format!("{findings:?}");
            assert!(
                !said.contains(CANARY) && !said.contains("Kanarien"),
                "{said}"
            );
        }
    }
}
