//! URLs, tokens and codes.

use std::sync::LazyLock;

use regex::Regex;
use url::Url;

use super::{MALFORMED_TOKEN, MALFORMED_WEB_URL, MEMBER, UNENCRYPTED_WEB_URL};
use crate::check::formats::holes::is_stand_in;
use crate::check::formats::host::{Host, parse_host, split_port};
use crate::check::{Findings, Reading};
use crate::diag::Finding;
use crate::form::{Map, Shape, Value};
use crate::spec::{self, Family, Format, Member, MemberShape, Severity};
use crate::syntax::GAP;

/// Judges the members of `AuthenticationConfiguration` and of the structures in it.
pub(super) fn members(reading: &Reading<'_>, configuration: &Map<'_>, findings: &mut Findings) {
    each_text(
        MEMBER,
        configuration,
        &mut |member, value| match member.format {
            Format::WebUrl => web_url(reading, member.name, member.pattern, value, findings),
            _ => token(member, value, findings),
        },
    );
}

/// Hands over the text members of a structure, nested ones included.
fn each_text(structure: &str, map: &Map<'_>, each: &mut dyn FnMut(&'static Member, &Value<'_>)) {
    let Some(structure) = spec::structure(structure) else {
        return;
    };
    for entry in &map.entries {
        let Some(member) = structure.member(&entry.name) else {
            continue;
        };
        for value in entry.value.alternatives() {
            match (member.shape, &value.shape) {
                (MemberShape::Structure(inner), Shape::Map(map)) => each_text(inner, map, each),
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
pub(in crate::check) fn fits(pattern: &str, text: &str) -> bool {
    PATTERNS
        .iter()
        .find(|(known, _)| *known == pattern)
        .is_none_or(|(_, regex)| regex.is_match(text))
}

/// Judges the URLs among the keys of `ConnectionProperties`.
pub(super) fn property_urls(reading: &Reading<'_>, findings: &mut Findings) {
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
    use super::super::{enumerated, oauth2::USER_MANAGED};
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
