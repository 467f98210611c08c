//! `AuthenticationConfiguration`: types, grants, URLs and tokens.

use std::sync::LazyLock;

use regex::Regex;
use url::Url;

use super::formats::holes::is_stand_in;
use super::formats::host::{Host, parse_host, split_port};
use super::formats::near::{fold, nearest};
use super::{Findings, Reading, Section, words};
use crate::diag::{Finding, Fix};
use crate::form::{Entry, Map, Presence, Shape, Value};
use crate::spec::{
    self, ConnectionType, Family, Format, Member, MemberShape, Need, Rule, Severity, rules,
};
use crate::syntax::GAP;

rules! {
    /// A type that logs in by `AuthenticationConfiguration`, without one.
    MISSING_AUTHENTICATION = "missing-authentication", Error, since "0.1.0";
    /// An authentication type that does not exist.
    UNKNOWN_AUTHENTICATION_TYPE = "unknown-authentication-type", Error, since "0.1.0";
    /// An OAuth 2.0 grant that does not exist.
    UNKNOWN_GRANT_TYPE = "unknown-grant-type", Error, since "0.1.0";
    /// What belongs to one authentication type beside another.
    OAUTH2_PROPERTIES_MISMATCH = "oauth2-properties-mismatch", Warning, since "0.1.0";
    /// A grant without what it exchanges for a token.
    INCOMPLETE_GRANT = "incomplete-grant", Warning, since "0.1.0";
    /// Two applications that ask for one token.
    TWO_CLIENT_APPLICATIONS = "two-client-applications", Warning, since "0.1.0";
    /// What is no `http:` or `https:` URL.
    MALFORMED_WEB_URL = "malformed-web-url", Error, since "0.1.0";
    /// A URL that is spoken to without TLS.
    UNENCRYPTED_WEB_URL = "unencrypted-web-url", Warning, since "0.1.0";
    /// A token, code or client id with characters that it cannot have.
    MALFORMED_TOKEN = "malformed-token", Error, since "0.1.0";
    /// An `AuthenticationConfiguration` that the type does not use.
    AUTHENTICATION_WITHOUT_USE = "authentication-without-use", Warning, since "0.1.0";
}

const MEMBER: &str = "AuthenticationConfiguration";

/// Judges one reading.
pub(super) fn check(reading: &Reading<'_>, findings: &mut Findings) {
    property_urls(reading, findings);
    let Section::Here(configuration) = reading.authentication else {
        if matches!(reading.authentication, Section::Missing) && reading.is_authored() {
            missing(reading, findings);
        }
        return;
    };
    without_use(reading, configuration, findings);
    let oauth2 = section(configuration, "OAuth2Properties");
    enumeration(
        reading,
        configuration,
        (MEMBER, "AuthenticationType"),
        (&UNKNOWN_AUTHENTICATION_TYPE, "authentication type"),
        findings,
    );
    if let Section::Here(oauth2) = oauth2 {
        enumeration(
            reading,
            oauth2,
            ("OAuth2Properties", "OAuth2GrantType"),
            (&UNKNOWN_GRANT_TYPE, "OAuth 2.0 grant type"),
            findings,
        );
        client_applications(reading, oauth2, findings);
        if reading.is_authored() {
            grant(configuration, oauth2, findings);
        }
    }
    mismatch(reading, configuration, findings);
    texts(
        MEMBER,
        configuration,
        &mut |member, value| match member.format {
            Format::WebUrl => web_url(reading, member.name, member.pattern, value, findings),
            _ => token(member, value, findings),
        },
    );
}

/// What is known of a member that is a structure.
pub(super) fn section<'c>(map: &'c Map<'c>, name: &str) -> Section<'c> {
    match map.presence(name) {
        Presence::Here(entry) => match &entry.value.shape {
            Shape::Map(map) => Section::Here(map),
            _ => Section::Unknown,
        },
        Presence::Maybe => Section::Unknown,
        Presence::Absent => Section::Missing,
    }
}

/// The entry that is certainly there and not just an empty text.
pub(super) fn filled<'c>(section: Section<'c>, name: &str) -> Option<&'c Entry<'c>> {
    match section.presence(name) {
        Presence::Here(entry) => Some(entry).filter(|entry| entry.value.known() != Some("")),
        _ => None,
    }
}

// ---- the configuration as a whole ------------------------------------------------------------

fn missing(reading: &Reading<'_>, findings: &mut Findings) {
    let Some(kind) = reading.kind else { return };
    let name = kind.name;
    let (severity, message) = match (kind.authentication, kind.family) {
        (Need::Required, _) => (
            Severity::Error,
            format!("AWS Glue rejects a {name} connection without `{MEMBER}`"),
        ),
        (Need::Expected, Family::Saas) => (
            Severity::Warning,
            format!("a {name} connection cannot log in without `{MEMBER}`"),
        ),
        (Need::Expected, Family::Federated) if logs_in_elsewhere(reading, kind) == Some(false) => (
            Severity::Info,
            format!("nothing says how the {name} connection logs in: `{MEMBER}` is missing"),
        ),
        _ => return,
    };
    findings.add(
        Finding::new(
            &MISSING_AUTHENTICATION,
            reading.connection.fields.key,
            message,
        )
        .severity(severity)
        .help(format!(
            "Add `{MEMBER}` with `AuthenticationType` and the ARN of the secret that holds the \
             credentials."
        )),
    );
}

/// Whether a federated connection may log in by something else; `None` where it may not have to
/// log in at all.
fn logs_in_elsewhere(reading: &Reading<'_>, kind: &ConnectionType) -> Option<bool> {
    const KEYS: &[&str] = &[
        "SECRET_ID",
        "USERNAME",
        "PASSWORD",
        "ENCRYPTED_PASSWORD",
        "JDBC_PARAMS",
        "JDBC_CONNECTION_URL",
        "SparkProperties",
        "PythonProperties",
    ];
    const MEMBERS: &[&str] = &["AthenaProperties", "SparkProperties", "PythonProperties"];
    // Databases do; of the others, AWS's samples show some without.
    let is_database = kind.requires.contains(&"DATABASE") && !kind.name.starts_with("CLOUDERA");
    let fields = &reading.connection.fields;
    is_database.then(|| {
        KEYS.iter().any(|key| !reading.property(key).is_absent())
            || (MEMBERS.iter()).any(|member| !fields.presence(member).is_absent())
    })
}

fn without_use(reading: &Reading<'_>, configuration: &Map<'_>, findings: &mut Findings) {
    if let Some(kind) = reading.kind
        && kind.authentication == Need::Unused
    {
        findings.add(
            Finding::new(
                &AUTHENTICATION_WITHOUT_USE,
                configuration.key,
                format!("`{MEMBER}` has no effect on a {} connection", kind.name),
            )
            .help("Remove it."),
        );
    }
}

/// What only one authentication type uses.
const BELONGINGS: &[(&str, &str)] = &[
    ("OAuth2Properties", "OAUTH2"),
    ("BasicAuthenticationCredentials", "BASIC"),
    ("CustomAuthenticationCredentials", "CUSTOM"),
];

fn mismatch(reading: &Reading<'_>, configuration: &Map<'_>, findings: &mut Findings) {
    let Presence::Here(kind) = configuration.presence("AuthenticationType") else {
        return;
    };
    // What is no type at all is said already.
    let Some(name) = kind.value.known().filter(|name| {
        enumerated(MEMBER, "AuthenticationType").is_some_and(|member| member.values.contains(name))
    }) else {
        return;
    };
    for (member, owner) in BELONGINGS {
        let Presence::Here(entry) = configuration.presence(member) else {
            continue;
        };
        if *owner == name {
            continue;
        }
        findings.add(
            Finding::new(
                &OAUTH2_PROPERTIES_MISMATCH,
                entry.key,
                format!(
                    "`{member}` belongs to `{owner}`, which is not this connection's \
                         authentication type"
                ),
            )
            .label(kind.value.place, "the authentication type")
            .help(format!(
                "Remove it, or set `AuthenticationType` to \"{owner}\"."
            )),
        );
    }
    if name == "OAUTH2"
        && reading.is_authored()
        && configuration.presence("OAuth2Properties").is_absent()
    {
        findings.add_at(
            &kind.value,
            Finding::new(
                &OAUTH2_PROPERTIES_MISMATCH,
                kind.value.place,
                "`OAUTH2` needs `OAuth2Properties`, which is missing",
            )
            .help("Add `OAuth2Properties` with `OAuth2GrantType` and what the grant needs."),
        );
    }
}

// ---- enumerations ----------------------------------------------------------------------------

fn enumerated(structure: &str, member: &str) -> Option<&'static Member> {
    spec::structure(structure)?.member(member)
}

fn enumeration(
    reading: &Reading<'_>,
    map: &Map<'_>,
    (structure, name): (&str, &str),
    (rule, what): (&'static Rule, &str),
    findings: &mut Findings,
) {
    let (Some(member), Some(entry)) = (enumerated(structure, name), map.get(name)) else {
        return;
    };
    for value in entry.value.alternatives() {
        let Some(text) = value.known() else { continue };
        if text.trim().is_empty() || is_stand_in(text) || member.values.contains(&text) {
            continue;
        }
        let values = || member.values.iter().copied();
        let quoted = reading.quote_value(value);
        let folded = fold(text);
        let finding = if let Some(meant) = values().find(|value| fold(value) == folded) {
            Finding::new(
                rule,
                value.place,
                format!("{quoted} is not how the {what} is spelled"),
            )
            .help(format!("Write \"{meant}\"."))
            .fix(Fix::replace(value, meant))
        } else {
            let all: Vec<&str> = values().collect();
            Finding::new(rule, value.place, format!("{quoted} is not a known {what}")).help(
                match nearest(text, values()) {
                    Some(meant) => format!("Did you mean `{meant}`?"),
                    None => format!("Use {}.", words::or(&all)),
                },
            )
        };
        findings.add_at(value, finding);
    }
}

// ---- OAuth 2.0 -------------------------------------------------------------------------------

const USER_MANAGED: &str = "UserManagedClientApplicationClientId";
const AWS_MANAGED: &str = "AWSManagedClientApplicationReference";

fn client_applications(reading: &Reading<'_>, oauth2: &Map<'_>, findings: &mut Findings) {
    let application = section(oauth2, "OAuth2ClientApplication");
    let own = filled(application, USER_MANAGED);
    let aws = filled(application, AWS_MANAGED);
    if let (Some(own), Some(aws)) = (own, aws) {
        findings.add(
            Finding::new(
                &TWO_CLIENT_APPLICATIONS,
                aws.key,
                format!(
                    "`{AWS_MANAGED}` is set together with `{USER_MANAGED}`, but only one \
                         application can request the token"
                ),
            )
            .label(own.key, "the other application")
            .help(
                "Keep the application that is registered with the provider, and remove the \
                   other.",
            ),
        );
        return;
    }
    // The parameters are sent along and can name an application, too.
    let Some(parameter) = filled(section(oauth2, "TokenUrlParametersMap"), "client_id") else {
        return;
    };
    let Some((entry, name)) = own
        .map(|own| (own, USER_MANAGED))
        .or_else(|| aws.map(|aws| (aws, AWS_MANAGED)))
    else {
        return;
    };
    let differ = match (parameter.value.known(), entry.value.known()) {
        (Some(one), Some(other)) => one != other,
        _ => false,
    };
    if differ {
        findings.add_at(
            &parameter.value,
            Finding::new(
                &TWO_CLIENT_APPLICATIONS,
                parameter.value.place,
                format!(
                    "the parameter `client_id` is {}, but `{name}` names another application",
                    reading.quote_value(&parameter.value)
                ),
            )
            .label(entry.value.place, "the other application")
            .help("Remove the parameter: AWS Glue adds the client ID itself."),
        );
    }
}

fn grant(configuration: &Map<'_>, oauth2: &Map<'_>, findings: &mut Findings) {
    let Presence::Here(grant) = oauth2.presence("OAuth2GrantType") else {
        return;
    };
    let Some(name) = grant.value.known() else {
        return;
    };
    let application = section(oauth2, "OAuth2ClientApplication");
    let credentials = section(oauth2, "OAuth2Credentials");
    let parameters = section(oauth2, "TokenUrlParametersMap");
    // A secret may hold codes, tokens and client secrets.
    let no_secret = configuration.presence("SecretArn").is_absent();
    let no_aws_application = application.presence(AWS_MANAGED).is_absent();
    let (missing, help): (&str, &str) = match name {
        "AUTHORIZATION_CODE" => {
            // Tokens are what a code is exchanged for; a client secret alone is none.
            let no_code = oauth2.presence("AuthorizationCodeProperties").is_absent()
                && credentials.presence("AccessToken").is_absent()
                && credentials.presence("RefreshToken").is_absent();
            if !(no_code && no_aws_application && no_secret) {
                return;
            }
            (
                "an authorization code",
                "Add `AuthorizationCodeProperties`, use an AWS managed application, or name a \
                 secret in `SecretArn`.",
            )
        }
        "CLIENT_CREDENTIALS" => {
            let no_url = oauth2.presence("TokenUrl").is_absent();
            let no_client = application.presence(USER_MANAGED).is_absent()
                && no_aws_application
                && parameters.presence("client_id").is_absent();
            match (no_url, no_client) {
                (true, true) => (
                    "`TokenUrl` and a client ID",
                    "Add `TokenUrl`, and `UserManagedClientApplicationClientId` in \
                     `OAuth2ClientApplication`.",
                ),
                (true, false) => (
                    "`TokenUrl`",
                    "Add the URL at which the provider issues tokens.",
                ),
                (false, true) => (
                    "a client ID",
                    "Add `UserManagedClientApplicationClientId` in `OAuth2ClientApplication`.",
                ),
                (false, false) => return,
            }
        }
        "JWT_BEARER" => {
            let no_token = credentials.presence("JwtToken").is_absent();
            if !(no_token && no_secret) {
                return;
            }
            (
                "a signed token (JWT)",
                "Name a secret that holds the token in `SecretArn`.",
            )
        }
        "REFRESH_TOKEN" => {
            let no_token = credentials.presence("RefreshToken").is_absent();
            if !(no_token && no_secret) {
                return;
            }
            (
                "a refresh token",
                "Name a secret that holds the token in `SecretArn`.",
            )
        }
        _ => return,
    };
    findings.add_at(
        &grant.value,
        Finding::new(
            &INCOMPLETE_GRANT,
            grant.value.place,
            format!("the grant cannot obtain a token without {missing}"),
        )
        .help(help),
    );
}

// ---- texts -----------------------------------------------------------------------------------

/// Hands over the text members of a structure, nested ones included.
fn texts(structure: &str, map: &Map<'_>, each: &mut dyn FnMut(&'static Member, &Value<'_>)) {
    let Some(structure) = spec::structure(structure) else {
        return;
    };
    for entry in &map.entries {
        let Some(member) = structure.member(&entry.name) else {
            continue;
        };
        for value in entry.value.alternatives() {
            match (member.shape, &value.shape) {
                (MemberShape::Structure(inner), Shape::Map(map)) => texts(inner, map, each),
                (MemberShape::String, Shape::Scalar(_)) => each(member, value),
                _ => {}
            }
        }
    }
}

/// The expressions of the facts' texts, each compiled once.
static PATTERNS: LazyLock<Vec<(&'static str, Regex)>> = LazyLock::new(|| {
    let mut patterns: Vec<(&str, Regex)> = Vec::new();
    for structure in spec::structures() {
        for pattern in structure.members.iter().filter_map(|member| member.pattern) {
            if patterns.iter().any(|(known, _)| *known == pattern) {
                continue;
            }
            if let Ok(regex) = Regex::new(pattern) {
                patterns.push((pattern, regex));
            }
        }
    }
    patterns
});

/// Whether a text fits an expression of the facts.
pub(super) fn fits(pattern: &str, text: &str) -> bool {
    PATTERNS
        .iter()
        .find(|(known, _)| *known == pattern)
        .is_none_or(|(_, regex)| regex.is_match(text))
}

fn property_urls(reading: &Reading<'_>, findings: &mut Findings) {
    if reading
        .kind
        .is_some_and(|kind| kind.family == Family::Connector)
    {
        return;
    }
    for entry in reading.properties.entries() {
        let Some(fact) = spec::property(&entry.name) else {
            continue;
        };
        if fact.format == Format::WebUrl {
            for value in entry.value.alternatives() {
                web_url(reading, fact.key, None, value, findings);
            }
        }
    }
}

fn web_url(
    reading: &Reading<'_>,
    name: &str,
    pattern: Option<&str>,
    value: &Value<'_>,
    findings: &mut Findings,
) {
    let Some(text) = value.text() else { return };
    // Blanks around the value are for another rule.
    let url = text.as_str().trim();
    if url.is_empty() || is_stand_in(url) {
        return;
    }
    if let Some((part, why)) = url_problem(url, pattern) {
        findings.add_at(
            value,
            Finding::new(
                &MALFORMED_WEB_URL,
                value.place_of(part),
                format!("{} {why}", reading.quote(text, part)),
            )
            .help(format!(
                "Write a complete URL in `{name}`, beginning with `https://`."
            )),
        );
        return;
    }
    let Some(rest) = url.strip_prefix("http://") else {
        return;
    };
    // A browser is sent to the redirect URI, which may lead to its own machine.
    if name == "RedirectUri" && may_be_local(rest) {
        return;
    }
    let scheme = url.get(.."http:".len()).unwrap_or(url);
    findings.add_at(
        value,
        Finding::new(
            &UNENCRYPTED_WEB_URL,
            value.place_of(scheme),
            format!("without TLS, anyone on the network can read what is sent to `{name}`"),
        )
        .help("Use `https:`."),
    );
}

/// Whether the host of a URL is the machine itself, as far as it is known.
fn may_be_local(rest: &str) -> bool {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, _) = split_port(authority);
    match parse_host(host) {
        Ok(Host::Unknown) => true,
        Ok(kind) => kind.is_local(host) || host == "[::1]",
        Err(_) => host.contains(GAP),
    }
}

/// What is wrong with a URL: the part of it, and why.
fn url_problem<'u>(url: &'u str, pattern: Option<&str>) -> Option<(&'u str, String)> {
    const SCHEMES: [&str; 2] = ["https://", "http://"];
    let known = url.split(GAP).next().unwrap_or_default();
    let is_open = known.len() < url.len();
    if !SCHEMES.iter().any(|scheme| url.starts_with(scheme)) {
        if is_open && SCHEMES.iter().any(|scheme| scheme.starts_with(known)) {
            return None;
        }
        let why = if url.contains("://") {
            "has a scheme other than `https:` and `http:`"
        } else {
            "is not a URL: it does not begin with `https://`"
        };
        return Some((url, why.into()));
    }
    if url.contains(char::is_whitespace) {
        return Some((url, "contains whitespace, which a URL cannot".into()));
    }
    if is_open {
        return None;
    }
    if let Err(error) = Url::parse(url) {
        return Some((url, format!("is not a valid URL: {error}")));
    }
    let pattern = pattern.filter(|pattern| !fits(pattern, url))?;
    // The expressions allow or forbid single characters, but for the last one.
    let refused = url.char_indices().skip(SCHEMES[1].len()).find(|(_, c)| {
        let mut alone = "https://a.example/".to_owned();
        alone.push(*c);
        alone.push('a');
        !fits(pattern, &alone)
    });
    Some(match refused {
        Some((at, c)) => (
            url.get(at..at + c.len_utf8()).unwrap_or(url),
            "is a character that AWS does not accept in this URL".into(),
        ),
        None => (
            url,
            "ends in a character that AWS does not accept there".into(),
        ),
    })
}

/// Judges a token, code or client id. None of it is ever quoted.
fn token(member: &'static Member, value: &Value<'_>, findings: &mut Findings) {
    let (Some(pattern), Some(text)) = (member.pattern, value.text()) else {
        return;
    };
    let token = text.as_str().trim();
    if token.is_empty() || is_stand_in(token) {
        return;
    }
    let problem = if member.name == "JwtToken" {
        jwt_problem(token, pattern)
    } else {
        characters_problem(token, pattern).map(|why| (Severity::Error, why.to_owned()))
    };
    let Some((severity, why)) = problem else {
        return;
    };
    let help = match severity {
        Severity::Error => "Copy it again, complete and on one line.",
        _ => "Store the token in a secret and name that in `SecretArn`.",
    };
    findings.add_at(
        value,
        Finding::new(
            &MALFORMED_TOKEN,
            value.place_of(token),
            format!("`{}` {why}", member.name),
        )
        .severity(severity)
        .help(help),
    );
}

/// Which character a text cannot have. The expression allows or forbids single characters.
fn characters_problem(text: &str, pattern: &str) -> Option<&'static str> {
    let known = text.replace(GAP, "");
    if known.is_empty() || fits(pattern, &known) {
        return None;
    }
    let without_blanks: String = known.chars().filter(|c| !c.is_whitespace()).collect();
    Some(if fits(pattern, &without_blanks) {
        "contains whitespace or a line break"
    } else {
        "contains a character that is not printable ASCII"
    })
}

/// What is wrong with a signed token.
fn jwt_problem(token: &str, pattern: &str) -> Option<(Severity, String)> {
    if token.contains(GAP) || fits(pattern, token) {
        return None;
    }
    let parts = token.split('.').count();
    Some(if parts != 3 {
        let why = "a signed token has three, separated by dots";
        let plural = if parts == 1 { "part" } else { "parts" };
        (Severity::Error, format!("has {parts} {plural}; {why}"))
    } else if fits(pattern, &token.replace('-', "_")) {
        let why = "has `-` in its first two parts, which is valid in a token but not in the \
                   pattern AWS publishes";
        (Severity::Warning, why.into())
    } else {
        let why = "is not a signed token: a part is empty or not Base64";
        (Severity::Error, why.into())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_expression_of_the_facts_compiles() {
        for structure in spec::structures() {
            for pattern in structure.members.iter().filter_map(|member| member.pattern) {
                assert!(Regex::new(pattern).is_ok(), "{pattern}");
            }
        }
    }

    fn pattern(structure: &str, member: &str) -> &'static str {
        enumerated(structure, member).unwrap().pattern.unwrap()
    }

    #[test]
    fn tokens_are_judged_by_their_characters() {
        let id = pattern("OAuth2ClientApplication", USER_MANAGED);
        let token = pattern("OAuth2Credentials", "AccessToken");
        assert_eq!(characters_problem("3MVG9.x_y", id), None);
        assert_eq!(characters_problem("\u{FFFC}", id), None);
        assert!(characters_problem("3MVG9 x\u{FFFC}", id).is_some());
        assert_eq!(characters_problem("Bearer x", token), None);
        assert!(characters_problem("t\u{F6}ken", token).is_some());
    }

    #[test]
    fn signed_tokens_have_three_parts() {
        let pattern = pattern("OAuth2Credentials", "JwtToken");
        let weight = |token| jwt_problem(token, pattern).map(|(severity, _)| severity);
        assert_eq!(weight("aGVh.cGF5.c2ln-_"), None);
        assert_eq!(weight("\u{FFFC}"), None);
        assert_eq!(weight("aG-h.cGF5.c2ln"), Some(Severity::Warning));
        assert_eq!(weight("aGVh.cGF5"), Some(Severity::Error));
        assert_eq!(weight("aGVh..c2ln"), Some(Severity::Error));
        assert_eq!(weight("aGVh.cGF5.c2 n"), Some(Severity::Error));
    }

    #[test]
    fn urls_are_whole() {
        let token_url = pattern("OAuth2Properties", "TokenUrl");
        let problem = |url| url_problem(url, Some(token_url)).is_some();
        for url in [
            "https://login.example.org/oauth2/token",
            "http://login.example.org:8080/token?x=1",
            "\u{FFFC}/token",
            "https\u{FFFC}",
            "https://\u{FFFC}:\u{FFFC}/token",
        ] {
            assert!(!problem(url), "{url}");
        }
        for url in [
            "login.example.org/token",
            "ftp://login.example.org/",
            "https://login.example.org:99999/token",
            "https://login.example.org/oauth2 token",
            "https://",
            "https://login.example.org/token?",
            "ftp://\u{FFFC}",
        ] {
            assert!(problem(url), "{url}");
        }
    }
}
