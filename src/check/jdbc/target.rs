//! Which keys say where the database is: a URL, or HOST, PORT and JDBC_ENGINE.

use super::{
    CONNECTION_URL_ON_JDBC, HOST_BESIDE_URL, HOST_CONTRADICTS_URL, HOST_GROUP, HOST_WITHOUT_URL,
    INCOMPLETE_HOST_GROUP, MISSING_JDBC_TARGET, URL, are_alike, certain_url, is_jdbc, is_url,
    may_have_misplaced_url, meant_engine, texts,
};
use crate::check::formats::holes;
use crate::check::formats::host::parse_host;
use crate::check::names::is_missing;
use crate::check::{Findings, Reading, Section, words};
use crate::diag::{Finding, Fix};
use crate::form::{Entry, Presence};
use crate::spec::{self, Severity};

/// Judges one reading.
pub(super) fn check(reading: &Reading<'_>, findings: &mut Findings) {
    if !reading.is("JDBC") {
        return;
    }
    if reading.is_authored() {
        absence(reading, findings);
    }
    misplaced_url(reading, findings);
    let contradicted = contradictions(reading, findings);
    if reading.is_authored() && !contradicted {
        beside_url(reading, findings);
    }
}

/// Keys that should be there and are not.
fn absence(reading: &Reading<'_>, findings: &mut Findings) {
    if !is_missing(reading, URL) || may_have_misplaced_url(reading) || is_said_elsewhere(reading) {
        return;
    }
    let here: Vec<&Entry<'_>> = HOST_GROUP
        .iter()
        .filter_map(|key| reading.entry(key))
        .collect();
    let missing: Vec<&str> = (HOST_GROUP.iter().copied())
        .filter(|key| is_missing(reading, key))
        .collect();
    match (here.first(), missing.as_slice()) {
        (None, missing) if missing.len() == HOST_GROUP.len() => findings.add(
            Finding::new(
                &MISSING_JDBC_TARGET,
                reading.properties_key(),
                "nothing says which database this JDBC connection points to",
            )
            .help("Add `JDBC_CONNECTION_URL`, such as `jdbc:postgresql://host:5432/database`."),
        ),
        (Some(first), []) if here.len() == HOST_GROUP.len() && findings.wants(Severity::Info) => {
            findings.add(
                Finding::new(
                    &HOST_WITHOUT_URL,
                    first.key,
                    "`HOST`, `PORT` and `JDBC_ENGINE` replace `JDBC_CONNECTION_URL`, which AWS \
                     documents but has been seen to reject",
                )
                .help("Write the same address as a URL in `JDBC_CONNECTION_URL`."),
            );
        }
        (Some(first), missing) if !missing.is_empty() => {
            let mut finding = Finding::new(
                &INCOMPLETE_HOST_GROUP,
                first.key,
                format!(
                    "without `JDBC_CONNECTION_URL`, `HOST`, `PORT` and `JDBC_ENGINE` are all \
                     needed; {} {} missing",
                    words::and(missing),
                    if missing.len() == 1 { "is" } else { "are" },
                ),
            );
            for other in here.iter().skip(1) {
                finding = finding.label(other.key, "this one is set");
            }
            findings.add(finding.help(format!(
                "Add {}, or better, write the whole address in `JDBC_CONNECTION_URL`.",
                words::and(missing)
            )));
        }
        _ => {}
    }
}

/// Whether `ConnectionProperties` is not there and another rule says that it has to be.
fn is_said_elsewhere(reading: &Reading<'_>) -> bool {
    let member = spec::structure(reading.connection.structure)
        .and_then(|structure| structure.member("ConnectionProperties"));
    matches!(reading.properties, Section::Missing)
        && member.is_some_and(|member| member.required_in.contains(&reading.facets().dialect))
}

/// A URL under CONNECTION_URL.
fn misplaced_url(reading: &Reading<'_>, findings: &mut Findings) {
    const KEY: &str = "CONNECTION_URL";
    let Some(entry) = reading.properties.map().and_then(|map| map.get(KEY)) else {
        return;
    };
    let Some((_, url)) = texts(reading, KEY).find(|(_, text)| is_url(text.as_str())) else {
        return;
    };
    let mut finding = Finding::new(
        &CONNECTION_URL_ON_JDBC,
        entry.key,
        "a JDBC connection takes its URL from `JDBC_CONNECTION_URL`, not from `CONNECTION_URL`",
    );
    finding = match reading.property(URL) {
        Presence::Here(other) => finding
            .label(other.key, "this is the key that AWS Glue reads")
            .help("Remove `CONNECTION_URL`.")
            .fix(Fix::remove(entry).unsafe_to_apply()),
        _ if is_jdbc(url.as_str()) => finding
            .help("Rename the property to `JDBC_CONNECTION_URL`.")
            .fix(Fix::rename(entry, URL)),
        _ if url.as_str().trim_start().starts_with("mongodb") => {
            finding.help("Set `ConnectionType` to `MONGODB`, whose URL this is.")
        }
        _ => finding.help(
            "Write the URL in `JDBC_CONNECTION_URL`, as in \
             `jdbc:postgresql://host:5432/database`.",
        ),
    };
    findings.add(finding);
}

/// HOST, PORT and JDBC_ENGINE that differ from the URL. Returns whether any does.
fn contradictions(reading: &Reading<'_>, findings: &mut Findings) -> bool {
    if HOST_GROUP.iter().all(|key| reading.entry(key).is_none()) {
        return false;
    }
    let Some((url_value, url_text, url)) = certain_url(reading) else {
        return false;
    };
    if url.problem.is_some() {
        return false;
    }
    let mut found = false;
    let mut contradict = |key: &str, part: &str| {
        let Some((value, _)) = reading.text(key) else {
            return;
        };
        found = true;
        findings.add_at(
            value,
            Finding::new(
                &HOST_CONTRADICTS_URL,
                value.place,
                format!(
                    "`{key}` is {}, but the URL says {}",
                    reading.quote_value(value),
                    reading.quote(url_text, part),
                ),
            )
            .label(url_value.place_of(part), "the URL says this")
            .help(format!(
                "Keep the one that is right, and remove `{key}` or correct it."
            )),
        );
    };
    let servers = url.servers.as_slice();
    if let (Some(host), Some(first)) = (
        known(reading, "HOST").filter(|host| parse_host(host).is_ok()),
        servers.first(),
    ) {
        let is = |other: &str| {
            let plain = |name: &str| name.trim_end_matches('.').to_ascii_lowercase();
            holes::has_hole(other) || plain(other) == plain(host)
        };
        if !servers.iter().any(|server| is(server.host)) {
            contradict("HOST", first.host);
        }
    }
    if let (Some(port), Some(first)) = (
        known(reading, "PORT"),
        servers.first().and_then(|server| server.port),
    ) {
        let is =
            |other: Option<&str>| other.is_none_or(|other| holes::has_hole(other) || other == port);
        if !servers.iter().any(|server| is(server.port)) {
            contradict("PORT", first);
        }
    }
    if let (Some(one), Some(other)) = (
        known(reading, "JDBC_ENGINE").and_then(meant_engine),
        meant_engine(url.engine),
    ) && !are_alike(one, other)
    {
        contradict("JDBC_ENGINE", url.engine);
    }
    found
}

/// The text of a key, if all of it is known.
fn known<'c>(reading: &Reading<'c>, key: &str) -> Option<&'c str> {
    let text = reading.known(key)?.trim();
    (!text.is_empty() && !holes::has_hole(text)).then_some(text)
}

/// HOST, PORT and JDBC_ENGINE that say again what the URL says.
fn beside_url(reading: &Reading<'_>, findings: &mut Findings) {
    if !findings.wants(Severity::Info) {
        return;
    }
    let Some(url) = reading.entry(URL) else {
        return;
    };
    for entry in HOST_GROUP.iter().filter_map(|key| reading.entry(key)) {
        let key = HOST_GROUP
            .iter()
            .find(|key| **key == entry.name)
            .copied()
            .unwrap_or_default();
        findings.add(
            Finding::new(
                &HOST_BESIDE_URL,
                entry.key,
                format!("`{key}` repeats what `JDBC_CONNECTION_URL` says"),
            )
            .label(url.key, "the URL")
            .help(format!("Remove `{key}`, so that the two cannot diverge."))
            .fix(Fix::remove(entry).unsafe_to_apply()),
        );
    }
}
