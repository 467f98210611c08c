//! Hosts and ports under keys of their own.

use super::{
    DUMMY_JDBC_FOR_NETWORK, LOOPBACK_HOST, MALFORMED_HOST, NOT_A_PORT, PORT_OF_ANOTHER_ENGINE,
    PORT_OUT_OF_RANGE, UNQUALIFIED_HOST, URL, bare, certain_url, known_engine, owner_of_port,
    place_of, texts,
};
use crate::check::formats::holes;
use crate::check::formats::host::{
    ANY_PORT, Host, HostProblem, PortProblem, parse_host, parse_port,
};
use crate::check::words::{host_fault, port_fault};
use crate::check::{Findings, Reading};
use crate::diag::{Finding, Fix};
use crate::form::{Presence, Value};
use crate::spec::{self, Format, Severity};
use crate::syntax::{Literal, Text};

/// Judges one reading.
pub(super) fn check(reading: &Reading<'_>, findings: &mut Findings) {
    let host = spec::property("HOST");
    let takes_host =
        |kind: &spec::ConnectionType| host.is_some_and(|fact| fact.types.contains(&kind.name));
    if reading.kind.is_some_and(takes_host) {
        for (value, text) in texts(reading, "HOST") {
            check_host(reading, value, text, findings);
        }
    }
    for property in spec::properties() {
        if property.format == Format::Port {
            for (value, text) in texts(reading, property.key) {
                check_port(reading, property.key, value, text, findings);
            }
        }
    }
    foreign_port(reading, findings);
    dummy(reading, findings);
}

/// A PORT on which another engine than JDBC_ENGINE usually listens. Beside a URL it is for another
/// rule.
fn foreign_port(reading: &Reading<'_>, findings: &mut Findings) {
    if !reading.is("JDBC") || !reading.property(URL).is_absent() {
        return;
    }
    let (Some((own, engine)), Some((value, text))) = (known_engine(reading), reading.text("PORT"))
    else {
        return;
    };
    let Ok(Some(port)) = parse_port(text.as_str(), ANY_PORT) else {
        return;
    };
    let (Some(other), Some(usual)) = (owner_of_port(own, port), own.port) else {
        return;
    };
    findings.add_at(
        value,
        Finding::new(
            &PORT_OF_ANOTHER_ENGINE,
            value.place,
            format!(
                "{} is the default port of {other}, but the connection is for {}",
                reading.quote_value(value),
                own.title
            ),
        )
        .label(engine, "the engine")
        .help(format!(
            "Check the engine and the port: {} usually listens on {usual}.",
            own.title
        )),
    );
}

/// The value of HOST: a host, and nothing around it.
fn check_host(reading: &Reading<'_>, value: &Value<'_>, text: &Text<'_>, findings: &mut Findings) {
    // Other rules speak of placeholders.
    let host = bare(text.as_str());
    if holes::has_placeholder(host) {
        return;
    }
    let mut malformed = |part: &str, message: String, help: &str, fix: Option<Fix>| {
        let finding = Finding::new(&MALFORMED_HOST, place_of(value, part), message);
        findings.add_at(value, finding.help(help).fix(fix.map(Fix::unsafe_to_apply)));
    };
    let mut rest = host;
    if let Some(len) = rest.find("://").map(|at| at + 3) {
        let (scheme, behind) = rest.split_at(len);
        let message = format!(
            "{} begins a URL, but `HOST` takes only a host",
            reading.quote(text, scheme)
        );
        malformed(
            scheme,
            message,
            if reading.is("JDBC") {
                "Write the host without a scheme; URLs go in `JDBC_CONNECTION_URL`."
            } else {
                "Write the host without a scheme."
            },
            Some(Fix::remove_part(value, scheme, "the scheme")),
        );
        rest = behind;
    }
    if let Some(at) = rest.find(['/', '?', ';']) {
        let (before, path) = rest.split_at(at);
        let message = format!(
            "{} does not belong in `HOST`, which takes only a host",
            reading.quote(text, path)
        );
        malformed(
            path,
            message,
            if reading.is("JDBC") {
                "Write only the host; the database goes in `JDBC_CONNECTION_URL`."
            } else {
                "Write only the host; the database goes in `DATABASE`."
            },
            Some(Fix::remove_part(value, path, "what follows the host")),
        );
        rest = before;
    }
    if let Some((user, behind)) = rest.rsplit_once('@') {
        let message =
            "there is a user name before the host, but `HOST` takes only a host".to_owned();
        malformed(
            user,
            message,
            "Put the user name and password into a secret, and name it in `SECRET_ID`.",
            None,
        );
        rest = behind;
    }
    if let Some((before, port)) = rest.split_once(':')
        && !port.contains([':', ']'])
    {
        let part = rest.get(before.len()..).unwrap_or(rest);
        let message = format!(
            "{} is a port, but `HOST` takes only a host",
            reading.quote(text, part)
        );
        let fix = port_moved(reading, value, part, port);
        malformed(part, message, "Move the number to `PORT`.", fix);
        rest = before;
    }
    match parse_host(rest) {
        Err(HostProblem::Empty) => {}
        Err(problem) => {
            let part = faulty_part(rest, problem);
            let message = host_fault(&reading.quote(text, part), problem);
            malformed(
                part,
                message,
                "Write the database's fully qualified domain name or its IPv4 address.",
                None,
            );
        }
        Ok(Host::V6) => malformed(
            rest,
            host_fault(&reading.quote(text, rest), HostProblem::BareV6),
            "Write the database's fully qualified domain name or its IPv4 address.",
            None,
        ),
        Ok(host) if host.is_local(rest) => loopback(reading, value, text, rest, findings),
        Ok(Host::SingleLabel) => findings.add_at(
            value,
            Finding::new(
                &UNQUALIFIED_HOST,
                place_of(value, rest),
                format!(
                    "{} is not a fully qualified domain name, so where it leads depends on the \
                     resolver",
                    reading.quote(text, rest)
                ),
            )
            .help("Write the database's fully qualified domain name, such as `db.example.org`."),
        ),
        Ok(Host::Underscored) if !is_snowflake(rest) => findings.add_at(
            value,
            Finding::new(
                &UNQUALIFIED_HOST,
                place_of(value, rest),
                format!(
                    "{} has an underscore, which host names do not allow",
                    reading.quote(text, rest)
                ),
            )
            .help("Write the domain name that is in the server's certificate."),
        ),
        Ok(_) => {}
    }
}

/// Takes a port out of HOST, and into PORT unless it is there.
fn port_moved(reading: &Reading<'_>, value: &Value<'_>, part: &str, digits: &str) -> Option<Fix> {
    parse_port(digits, ANY_PORT).ok()??;
    let taken = Fix::remove_part(value, part, "the port");
    match reading.property("PORT") {
        Presence::Here(entry) => (entry.value.known() == Some(digits)).then_some(taken),
        Presence::Maybe => None,
        Presence::Absent => {
            let kind = reading.kind?;
            let host = (reading.entry("HOST")).filter(|host| std::ptr::eq(&host.value, value))?;
            let takes_port = spec::property("PORT")?.types.contains(&kind.name);
            let added = Fix::add_behind(host, "PORT", digits).filter(|_| takes_port)?;
            Some(taken.and(added).titled("Move the port to `PORT`"))
        }
    }
}

/// Snowflake names accounts with underscores.
fn is_snowflake(host: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    host.ends_with(".snowflakecomputing.com") || host.ends_with(".snowflakecomputing.cn")
}

/// The part of a host that is wrong.
pub(in crate::check) fn faulty_part(host: &str, problem: HostProblem) -> &str {
    let part = match problem {
        HostProblem::Character(at) => {
            let rest = host.get(at..).unwrap_or_default();
            rest.get(..rest.chars().next().map_or(0, char::len_utf8))
        }
        HostProblem::Label(at) => {
            let label = host.get(at..).and_then(|rest| rest.split('.').next());
            // Of an empty one only the dots can be seen.
            let dots = host.get(at.saturating_sub(1)..=at);
            label.filter(|label| !label.is_empty()).or(dots)
        }
        _ => None,
    };
    part.filter(|part| !part.is_empty()).unwrap_or(host)
}

/// A host that is the machine that asks.
pub(in crate::check) fn loopback(
    reading: &Reading<'_>,
    value: &Value<'_>,
    text: &Text<'_>,
    host: &str,
    findings: &mut Findings,
) {
    findings.add_at(
        value,
        Finding::new(
            &LOOPBACK_HOST,
            place_of(value, host),
            format!(
                "{} refers to the client's own machine, which here belongs to AWS Glue",
                reading.quote(text, host)
            ),
        )
        .help("Write the name or address at which it is reachable from the connection's network."),
    );
}

/// The value of PORT and the like.
fn check_port(
    reading: &Reading<'_>,
    key: &str,
    value: &Value<'_>,
    text: &Text<'_>,
    findings: &mut Findings,
) {
    let port = text.as_str();
    let is_text = value
        .as_scalar()
        .is_some_and(|s| s.literal == Literal::String);
    if holes::has_placeholder(port) {
        return;
    }
    // The documented floor is one for databases behind JDBC; others do listen below.
    let range = if key == "PORT" && reading.is("JDBC") {
        1024..=65535
    } else {
        ANY_PORT
    };
    let place = place_of(value, port);
    let quoted = reading.quote(text, port);
    let finding = match parse_port(port, range.clone()) {
        // What a number without quotes becomes says another rule.
        Err(PortProblem::NotANumber) if is_text => Finding::new(
            &NOT_A_PORT,
            place,
            format!("{quoted} is not a port: `{key}` takes only digits, without a leading zero"),
        ),
        Err(PortProblem::OutOfRange) => Finding::new(
            &PORT_OUT_OF_RANGE,
            place,
            if range == ANY_PORT {
                port_fault(&quoted, PortProblem::OutOfRange)
            } else {
                format!("{quoted} is outside 1024–65535, the documented range of `PORT`")
            },
        ),
        _ => return,
    };
    findings.add_at(
        value,
        finding.help("Write the port on which the database listens, such as \"5432\"."),
    );
}

/// A JDBC connection that leads to no database: people once wrote such connections to give a job
/// a place in a VPC.
fn dummy(reading: &Reading<'_>, findings: &mut Findings) {
    if !reading.is("JDBC") || !findings.wants(Severity::Info) || reading.placement.map().is_none() {
        return;
    }
    let subject = if reading.property(URL).is_absent() {
        (reading.text("HOST")).map(|(value, text)| (value, text, text.as_str()))
    } else {
        certain_url(reading).and_then(|(value, text, url)| {
            let server = url.servers.first()?;
            Some((value, text, server.host))
        })
    };
    let Some((value, text, host)) = subject else {
        return;
    };
    if is_dummy(host) {
        findings.add_at(
            value,
            Finding::new(
                &DUMMY_JDBC_FOR_NETWORK,
                place_of(value, host),
                format!(
                    "{} does not look like a real host; a NETWORK connection is enough to reach a \
                     VPC",
                    reading.quote(text, host)
                ),
            )
            .help("Set `ConnectionType` to `NETWORK` and remove the JDBC properties."),
        );
    }
}

/// Whether a host is but a word that fills the place of one.
fn is_dummy(host: &str) -> bool {
    const WORDS: &[&str] = &[
        "dummy",
        "example",
        "fake",
        "foo",
        "host",
        "hostname",
        "none",
        "placeholder",
        "test",
        "unused",
        "x",
    ];
    let host = host.to_ascii_lowercase();
    let first = host.split(['.', '-', '_']).next().unwrap_or_default();
    WORDS.contains(&host.as_str())
        || ["dummy", "fake", "placeholder", "unused"].contains(&first)
        || host.ends_with(".invalid")
}
