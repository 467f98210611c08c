//! MongoDB and Amazon DocumentDB.

use super::formats::holes;
use super::formats::host::{ANY_PORT, Host, PortProblem, parse_port};
use super::formats::mongodb_url::MongodbUrl;
use super::formats::url::{UrlProblem, UrlProblemKind};
use super::jdbc::{self, place_of};
use super::words::{host_fault, port_fault};
use super::{Findings, Reading};
use crate::diag::{Finding, Fix};
use crate::form::Value;
use crate::spec::{Severity, rules};
use crate::syntax::Text;

rules! {
    /// No driver can read the connection string.
    MALFORMED_MONGODB_URL = "malformed-mongodb-url", Error, since "0.1.0";
    /// A connection string that names no database.
    MONGODB_URL_WITHOUT_DATABASE = "mongodb-url-without-database", Info, since "0.1.0";
    /// A port, several hosts or an address, where DNS names the servers.
    SRV_WITH_PORT = "srv-with-port", Error, since "0.1.0";
    /// Amazon DocumentDB with writes that it does not know.
    DOCUMENTDB_RETRYABLE_WRITES = "documentdb-retryable-writes", Warning, since "0.1.0";
}

/// Judges one reading.
pub(super) fn check(reading: &Reading<'_>, findings: &mut Findings) {
    if !reading.is("MONGODB") {
        return;
    }
    for (value, text) in jdbc::texts(reading, "CONNECTION_URL") {
        let Some(url) = MongodbUrl::parse(text.as_str()) else {
            wrong_scheme(reading, value, text, findings);
            continue;
        };
        if let Some(problem) = url.problem {
            findings.add_at(value, malformed(reading, value, text, problem));
        }
        servers(reading, value, text, &url, findings);
        if url.is_srv {
            srv(reading, value, text, &url, findings);
        }
        retryable_writes(reading, value, text, &url, findings);
        if findings.wants(Severity::Info) {
            without_database(value, text, &url, findings);
        }
        jdbc::weakened(reading, value, text, &url.options, findings);
    }
}

/// A text that does not begin as a connection string does.
fn wrong_scheme(
    reading: &Reading<'_>,
    value: &Value<'_>,
    text: &Text<'_>,
    findings: &mut Findings,
) {
    let begin = jdbc::bare(text.as_str());
    let known = holes::known_start(begin);
    let may_go_on = known.len() < begin.len()
        && (["mongodb://", "mongodb+srv://"].iter()).any(|scheme| scheme.starts_with(known));
    let is_right = MongodbUrl::parse(begin).is_some();
    if may_go_on || is_right || begin.is_empty() {
        return;
    }
    // No more of it than can be a scheme or a host: a password may follow.
    let is_scheme = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.' | ':');
    let scheme = (known.split_once("://"))
        .filter(|(scheme, _)| scheme.chars().all(is_scheme))
        .and_then(|(scheme, _)| known.get(..scheme.len() + 3));
    let (word, _) = holes::cut(known, &[':', '/', '?', '@']);
    let part = scheme.unwrap_or(if word.is_empty() { known } else { word });
    let help = if part.starts_with("jdbc:") {
        "Set `ConnectionType` to `JDBC` and write the URL in `JDBC_CONNECTION_URL`."
    } else {
        "Write the URL as `mongodb://host:27017/database`."
    };
    findings.add_at(
        value,
        Finding::new(
            &MALFORMED_MONGODB_URL,
            place_of(value, part),
            format!(
                "a MongoDB URL begins with `mongodb://` or `mongodb+srv://`, not with {}",
                reading.quote(text, part)
            ),
        )
        .help(help),
    );
}

/// A connection string with a server that is none.
fn malformed(
    reading: &Reading<'_>,
    value: &Value<'_>,
    text: &Text<'_>,
    problem: UrlProblem<'_>,
) -> Finding {
    let part = match problem.kind {
        UrlProblemKind::BadHost(fault) => jdbc::faulty_part(problem.part, fault),
        _ if problem.part.is_empty() => text.as_str(),
        _ => problem.part,
    };
    let quoted = reading.quote(text, part);
    let message = match problem.kind {
        UrlProblemKind::NoPort => format!("the port is missing after {quoted} and its colon"),
        // Not quoted: it may be a password whose host is missing.
        UrlProblemKind::BadPort => "the port is not a number".to_owned(),
        UrlProblemKind::BadHost(problem) => host_fault(&quoted, problem),
        UrlProblemKind::SecondScheme => {
            format!("{quoted} begins another URL where the host belongs")
        }
        UrlProblemKind::ForeignOptions => {
            format!("{quoted} does not begin the options; `?` does")
        }
        _ => "the URL names no host".to_owned(),
    };
    Finding::new(&MALFORMED_MONGODB_URL, place_of(value, part), message)
        .help("Write the URL as `mongodb://host:27017/database`.")
}

/// Hosts and ports that are well written and yet wrong.
fn servers(
    reading: &Reading<'_>,
    value: &Value<'_>,
    text: &Text<'_>,
    url: &MongodbUrl<'_>,
    findings: &mut Findings,
) {
    for server in &url.servers {
        if (server.parse_host()).is_ok_and(|host| host.is_local(server.host)) {
            jdbc::loopback(reading, value, text, server.host, findings);
        }
        if let Some(port) = server.port
            && parse_port(port, ANY_PORT) == Err(PortProblem::OutOfRange)
        {
            findings.add_at(
                value,
                Finding::new(
                    &MALFORMED_MONGODB_URL,
                    place_of(value, port),
                    port_fault(&reading.quote(text, port), PortProblem::OutOfRange),
                )
                .help("Write the port on which the database listens, such as 27017."),
            );
        }
    }
}

/// `mongodb+srv` takes one host without a port.
fn srv(
    reading: &Reading<'_>,
    value: &Value<'_>,
    text: &Text<'_>,
    url: &MongodbUrl<'_>,
    findings: &mut Findings,
) {
    let (part, message) = match url.servers.as_slice() {
        [server] => match server.port {
            Some(port) if !port.is_empty() => (
                port,
                format!(
                    "{} is a port, which `mongodb+srv://` does not allow: DNS supplies the ports",
                    reading.quote(text, port)
                ),
            ),
            _ if !matches!(server.parse_host(), Ok(Host::V4(_) | Host::V6)) => return,
            _ => (
                server.host,
                format!(
                    "{} is an address, but `mongodb+srv://` takes a name that DNS looks up",
                    reading.quote(text, server.host)
                ),
            ),
        },
        [] => return,
        _ => (
            url.authority,
            "`mongodb+srv://` takes only one host: DNS supplies the servers".to_owned(),
        ),
    };
    let port = match url.servers.as_slice() {
        [server] => (url.authority.strip_prefix(server.host)).filter(|_| server.port.is_some()),
        _ => None,
    };
    findings.add_at(
        value,
        Finding::new(&SRV_WITH_PORT, place_of(value, part), message)
            .help("Write one host without a port, or list the servers after `mongodb://`.")
            // It may be the scheme that is wrong.
            .fix(port.map(|port| Fix::remove_part(value, port, "the port").unsafe_to_apply())),
    );
}

/// The AWS Glue guide shows a database in every URL. What stands in place of one is not known.
fn without_database(
    value: &Value<'_>,
    text: &Text<'_>,
    url: &MongodbUrl<'_>,
    findings: &mut Findings,
) {
    let is_whole = url.problem.is_none() && !url.servers.is_empty() && !url.is_open;
    if !is_whole || url.database.is_some() || holes::ends_with_hole(text.as_str()) {
        return;
    }
    findings.add_at(
        value,
        Finding::new(
            &MONGODB_URL_WITHOUT_DATABASE,
            place_of(value, text.as_str()),
            "the URL names no database, which the AWS Glue guide shows for MongoDB",
        )
        .help("Write the URL as `mongodb://host:27017/database`."),
    );
}

/// Amazon DocumentDB knows no retryable writes, and drivers ask for them.
fn retryable_writes(
    reading: &Reading<'_>,
    value: &Value<'_>,
    text: &Text<'_>,
    url: &MongodbUrl<'_>,
    findings: &mut Findings,
) {
    let is_documentdb = |host: &str| {
        let host = host.to_ascii_lowercase();
        host.contains(".docdb.") && host.contains(".amazonaws.com")
    };
    let Some(server) = (url.servers.iter()).find(|server| is_documentdb(server.host)) else {
        return;
    };
    let option = url.option("retryWrites");
    let part = match option {
        Some(option) if holes::has_hole(option.value) => return,
        Some(option) if option.value.eq_ignore_ascii_case("false") => return,
        Some(option) => option.text,
        None if url.is_open => return,
        None => server.host,
    };
    let message = match option {
        Some(_) => format!(
            "{} makes writes fail: Amazon DocumentDB does not support retryable writes",
            reading.quote(text, part)
        ),
        None => "Amazon DocumentDB does not support retryable writes, which drivers use unless \
                 `retryWrites=false` is set"
            .to_owned(),
    };
    const SETTING: &str = "retryWrites=false";
    let fix = match option {
        Some(option) => Some(Fix::replace_part(value, option.value, "false")),
        None => {
            let whole = text.as_str().trim_end();
            let last = url.options.last().map(|option| (option.text, "&"));
            let database = url.database.map(|database| (database, "?"));
            (last.or(database).or(Some((url.authority, "/?"))))
                .filter(|(part, _)| !part.is_empty() && whole.ends_with(part))
                .map(|(part, mark)| Fix::append_to_part(value, part, &format!("{mark}{SETTING}")))
        }
    };
    findings.add_at(
        value,
        Finding::new(&DOCUMENTDB_RETRYABLE_WRITES, place_of(value, part), message)
            .help(match option {
                Some(_) => "Write `retryWrites=false` in its place.",
                None => "Add `retryWrites=false` to the options of the URL.",
            })
            .fix(fix.map(Fix::unsafe_to_apply)),
    );
}
