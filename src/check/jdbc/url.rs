//! What a JDBC URL says.

use super::{
    JDBC_URL_WITHOUT_DATABASE, JDBC_URL_WITHOUT_PORT, MALFORMED_JDBC_URL, MISSING_JDBC_PREFIX,
    PORT_OF_ANOTHER_ENGINE, PORT_OUT_OF_RANGE, UNKNOWN_JDBC_SUBPROTOCOL, URL, bare, driver, engine,
    faulty_part, loopback, meant_engine, owner_of_port, place_of, texts, tls,
};
use crate::check::formats::holes;
use crate::check::formats::host::{ANY_PORT, HostProblem, PortProblem, parse_port};
use crate::check::formats::jdbc_url::{JdbcUrl, PREFIX, strip_prefix};
use crate::check::formats::url::{Server, UrlOption, UrlProblem, UrlProblemKind};
use crate::check::words::{host_fault, port_fault};
use crate::check::{Findings, Reading};
use crate::diag::{Finding, Fix};
use crate::form::Value;
use crate::spec::near;
use crate::spec::{self, Severity};
use crate::syntax::Text;
use crate::text::Place;

/// A URL with all that is needed to speak of it.
struct Subject<'r> {
    reading: &'r Reading<'r>,
    value: &'r Value<'r>,
    text: &'r Text<'r>,
}

/// Advice to those who write a MongoDB URL.
const MONGODB_INSTEAD: &str =
    "For MongoDB, set `ConnectionType` to `MONGODB` and write the URL in `CONNECTION_URL`.";

/// Judges one reading.
pub(super) fn check(reading: &Reading<'_>, findings: &mut Findings) {
    let is_jdbc = reading.is("JDBC");
    let may_be_jdbc = reading.kind.is_none() && reading.is_authored();
    if !is_jdbc && !may_be_jdbc {
        return;
    }
    for (value, text) in texts(reading, URL) {
        let subject = Subject {
            reading,
            value,
            text,
        };
        subject.prefix(findings);
        let Some(url) = JdbcUrl::parse(text.as_str()) else {
            continue;
        };
        subject.subprotocol(&url, is_jdbc, findings);
        if !is_jdbc {
            continue;
        }
        if let Some(problem) = url.problem {
            findings.add_at(value, subject.malformed(&url, problem));
        }
        subject.servers(&url, findings);
        subject.option_order(&url, findings);
        if findings.wants(Severity::Info) {
            subject.absences(&url, findings);
        }
        tls::weakened(reading, value, text, &url.options, findings);
    }
}

impl Subject<'_> {
    fn quote(&self, part: &str) -> String {
        self.reading.quote(self.text, part)
    }

    fn place(&self, part: &str) -> Place {
        place_of(self.value, part)
    }

    /// `jdbc:` comes first.
    fn prefix(&self, findings: &mut Findings) {
        let begin = bare(self.text.as_str());
        let known = holes::known_start(begin);
        if known.len() < begin.len() && PREFIX.starts_with(known) || known.starts_with(PREFIX) {
            return;
        }
        let (word, rest) = holes::cut(known, &[':', '/', '?', ';', '@']);
        if word.is_empty() && rest.is_empty() {
            return;
        }
        let part = if word.is_empty() { known } else { word };
        let quoted = self.quote(part);
        let finding = if strip_prefix(known).is_some() {
            Finding::new(
                &MISSING_JDBC_PREFIX,
                self.place(part),
                format!("drivers accept only the lower-case `jdbc`, not {quoted}"),
            )
            .help("Begin the URL with `jdbc:`.")
            .fix(Fix::replace_part(self.value, part, "jdbc"))
        } else {
            let rest = rest.strip_prefix(':').unwrap_or_default();
            let (next, _) = holes::cut(rest, &[':', '/', '?', ';', '@']);
            let help = match meant_engine(word).or_else(|| meant_engine(next)) {
                Some(engine) if !rest.is_empty() => {
                    format!("Begin the URL with `jdbc:{}:`.", engine.subprotocol)
                }
                _ if word.starts_with("mongodb") => MONGODB_INSTEAD.to_owned(),
                _ => "Begin the URL with `jdbc:` and the engine, as in \
                      `jdbc:postgresql://host:5432/database`."
                    .to_owned(),
            };
            Finding::new(
                &MISSING_JDBC_PREFIX,
                self.place(part),
                format!("a JDBC URL begins with `jdbc:`, not with {quoted}"),
            )
            .help(help)
            .fix(self.with_prefix(begin, word))
        };
        findings.add_at(self.value, finding);
    }

    /// `jdbc:` in front of a URL that begins with the word for an engine, where that makes a good one.
    fn with_prefix(&self, url: &str, word: &str) -> Option<Fix> {
        let engine = meant_engine(word)?;
        let start = format!("{PREFIX}{}", engine.subprotocol);
        let whole = start.clone() + url.strip_prefix(word)?;
        let is_good = JdbcUrl::parse(&whole).is_some_and(|url| url.problem.is_none());
        is_good.then(|| Fix::replace_part(self.value, word, &start))
    }

    /// Some driver takes the word after `jdbc:`.
    fn subprotocol(&self, url: &JdbcUrl<'_>, is_jdbc: bool, findings: &mut Findings) {
        let word = match engine(url.engine) {
            None if meant_engine(url.engine).is_some() => url.engine,
            _ => url.subprotocol,
        };
        let begin = match word == url.subprotocol {
            true => PREFIX.to_owned(),
            false => url.start(),
        };
        let is_built_in = engine(word).is_some_and(|engine| engine.built_in);
        if is_built_in || word.is_empty() || holes::has_hole(word) {
            return;
        }
        let place = self.place(word);
        let quoted = self.quote(word);
        let by_driver = driver::meant_word(self.reading, word);
        let finding = match (engine(word), meant_engine(word), by_driver) {
            (None, Some(meant), _) => {
                let right = meant.subprotocol;
                let message = if right.eq_ignore_ascii_case(word) {
                    format!("drivers accept only the lower-case `{right}`, not {quoted}")
                } else {
                    format!(
                        "no driver accepts {quoted}: the subprotocol of {} is `{right}`",
                        meant.title
                    )
                };
                Finding::new(&UNKNOWN_JDBC_SUBPROTOCOL, place, message)
                    .help(format!("Begin the URL with `{begin}{right}:`."))
                    .fix(Fix::replace_part(self.value, word, right))
            }
            (None, None, Some((name, class))) => {
                let message = format!("the driver does not accept {quoted}, but `{name}`");
                Finding::new(&UNKNOWN_JDBC_SUBPROTOCOL, place, message)
                    .severity(Severity::Warning)
                    .label(class, "the driver")
                    .help(format!("Begin the URL with `jdbc:{name}:`."))
                    .fix(Fix::replace_part(self.value, word, name).unsafe_to_apply())
            }
            // A driver of one's own may take any word, and crawlers have one for Snowflake.
            _ if !is_jdbc
                || word == "snowflake"
                || !self.reading.property("JDBC_DRIVER_JAR_URI").is_absent() =>
            {
                return;
            }
            (Some(engine), _, _) => {
                let message = format!("AWS Glue has no built-in driver for {}", engine.title);
                let help = if word == "mariadb" {
                    "Begin the URL with `jdbc:mysql:`, or name a driver in `JDBC_DRIVER_JAR_URI`."
                } else {
                    "Name a driver in `JDBC_DRIVER_JAR_URI` and `JDBC_DRIVER_CLASS_NAME`."
                };
                Finding::new(&UNKNOWN_JDBC_SUBPROTOCOL, place, message)
                    .severity(Severity::Info)
                    .help(help)
            }
            (None, None, None) => {
                let names = spec::engines().iter().map(|engine| engine.subprotocol);
                let message = format!("AWS Glue has no built-in driver that accepts {quoted}");
                let finding = Finding::new(&UNKNOWN_JDBC_SUBPROTOCOL, place, message);
                match near::nearest(word, names) {
                    Some(name) => finding
                        .severity(Severity::Warning)
                        .help(format!("Write `jdbc:{name}:` if that is meant."))
                        .fix(Fix::replace_part(self.value, word, name).unsafe_to_apply()),
                    None => finding.severity(Severity::Info).help(
                        "Name a driver in `JDBC_DRIVER_JAR_URI` and `JDBC_DRIVER_CLASS_NAME`.",
                    ),
                }
            }
        };
        findings.add_at(self.value, finding);
    }

    /// A URL that the engine's driver cannot read.
    fn malformed(&self, url: &JdbcUrl<'_>, problem: UrlProblem<'_>) -> Finding {
        use UrlProblemKind as Kind;
        let part = match problem.kind {
            Kind::BadHost(problem_of_host) => faulty_part(problem.part, problem_of_host),
            _ => problem.part,
        };
        let quoted = self.quote(part);
        let syntax = url.syntax();
        let pattern =
            (url.pattern()).unwrap_or_else(|| "jdbc:postgresql://host:5432/database".to_owned());
        let title = meant_engine(url.engine).map_or("this engine", |engine| engine.title);
        let mut help = format!("Write the URL as `{pattern}`.");
        let message = match problem.kind {
            Kind::NoSubprotocol => "the engine is missing after `jdbc:`, so AWS Glue cannot \
                                    choose a driver"
                .to_owned(),
            Kind::NoColon => format!("a colon is missing after {quoted}"),
            Kind::NoMode => {
                let mode = syntax.and_then(|syntax| syntax.needed_mode);
                let mode = mode.unwrap_or("the engine, such as `postgresql`,");
                format!("{mode} is missing after {quoted}")
            }
            Kind::NoSlashes => format!("`//` is missing before {quoted}"),
            Kind::NoAt => {
                format!("`@` is missing before {quoted}, and Oracle's driver needs it")
            }
            Kind::SecondScheme => format!("{quoted} begins another URL where the host belongs"),
            Kind::Blank => {
                help = "Remove the space.".to_owned();
                "the URL contains a space, which drivers take for part of a name".to_owned()
            }
            Kind::NoHost => {
                "the host is missing, so the driver would connect to its own machine".to_owned()
            }
            Kind::BadHost(problem) => {
                help = "Write the database's fully qualified domain name or its IPv4 address."
                    .to_owned();
                match problem {
                    HostProblem::BareV6 => format!("{quoted} is an IPv6 address without brackets"),
                    _ => host_fault(&quoted, problem),
                }
            }
            Kind::NoPort => {
                help = "Write the port after the colon, or remove the colon.".to_owned();
                format!("the port is missing after {quoted} and its colon")
            }
            Kind::BadPort => {
                help = "Write the port on which the database listens, in digits only.".to_owned();
                // Not quoted: it may be a password whose host is missing.
                "the port is not a number".to_owned()
            }
            Kind::PortBehindDatabase => {
                format!("{quoted} follows the database, but a port belongs after the host")
            }
            Kind::PathForOption => {
                format!("{quoted} is a path, but {title} takes the database as an option")
            }
            Kind::PortForOption => {
                format!("{quoted} follows the host, but {title} takes the port as an option")
            }
            Kind::SlashBehindDatabase => {
                help = "Remove the slash.".to_owned();
                format!("{quoted} at the end may become part of the name of the database")
            }
            Kind::Unbalanced => {
                help = "Close every parenthesis of the descriptor.".to_owned();
                // Not quoted: it is long, and all of it is underlined.
                "a parenthesis is missing at the end of the descriptor".to_owned()
            }
            Kind::ForeignOptions => {
                let mark = syntax
                    .and_then(|syntax| syntax.options.first())
                    .unwrap_or(&'?');
                help = format!("Write the URL as `{pattern}`, with options after `{mark}`.");
                format!("{quoted} does not begin the options for {title}; `{mark}` does")
            }
        };
        let finding = Finding::new(&MALFORMED_JDBC_URL, self.place(part), message).help(help);
        match problem.kind {
            // No driver's documentation says what becomes of it.
            Kind::SlashBehindDatabase => finding.severity(Severity::Warning),
            _ => finding,
        }
    }

    /// Hosts and ports that are well written and yet wrong.
    fn servers(&self, url: &JdbcUrl<'_>, findings: &mut Findings) {
        for server in &url.servers {
            if server
                .parse_host()
                .is_ok_and(|host| host.is_local(server.host))
            {
                loopback(self.reading, self.value, self.text, server.host, findings);
            }
            let Some(text) = server.port else {
                continue;
            };
            // Port 0 makes SQL Server's driver ask for the port.
            let is_asked_for = url.engine == "sqlserver" && text == "0";
            match parse_port(text, ANY_PORT) {
                _ if holes::has_hole(text) || is_asked_for => {}
                Ok(Some(port)) => self.foreign_port(url, text, port, findings),
                Err(PortProblem::OutOfRange) => findings.add_at(
                    self.value,
                    Finding::new(
                        &PORT_OUT_OF_RANGE,
                        self.place(text),
                        port_fault(&self.quote(text), PortProblem::OutOfRange),
                    )
                    .help("Write the port on which the database listens."),
                ),
                _ => {}
            }
        }
    }

    /// The usual port of another engine.
    fn foreign_port(&self, url: &JdbcUrl<'_>, text: &str, port: u32, findings: &mut Findings) {
        let Some(own) = meant_engine(url.engine) else {
            return;
        };
        let (Some(other), Some(usual)) = (owner_of_port(own, port), own.port) else {
            return;
        };
        findings.add_at(
            self.value,
            Finding::new(
                &PORT_OF_ANOTHER_ENGINE,
                self.place(text),
                format!(
                    "{} is the default port of {other}, but the URL is for {}",
                    self.quote(text),
                    own.title
                ),
            )
            .help(format!(
                "Check the engine and the port: {} usually listens on {usual}.",
                own.title
            )),
        );
    }

    /// Snowflake's options, of which the AWS Glue guide wants these in this order.
    fn option_order(&self, url: &JdbcUrl<'_>, findings: &mut Findings) {
        const ORDER: &[&str] = &["user", "db", "role", "warehouse"];
        if url.subprotocol != "snowflake" || !url.complete {
            return;
        }
        let rank = |option: &UrlOption<'_>| {
            (ORDER.iter()).position(|name| option.name.eq_ignore_ascii_case(name))
        };
        let mut last: Option<(usize, &UrlOption<'_>)> = None;
        for option in &url.options {
            let Some(rank) = rank(option) else { continue };
            if let Some((before, other)) = last
                && rank < before
            {
                findings.add_at(
                    self.value,
                    Finding::new(
                        &MALFORMED_JDBC_URL,
                        self.place(option.name),
                        format!(
                            "{} follows {}, but AWS Glue takes the options of Snowflake only in \
                             the order `user`, `db`, `role`, `warehouse`",
                            self.quote(option.name),
                            self.quote(other.name),
                        ),
                    )
                    .severity(Severity::Warning)
                    .help("Put the options into that order."),
                );
                return;
            }
            last = Some((rank, option));
        }
    }

    /// What a URL may lack.
    fn absences(&self, url: &JdbcUrl<'_>, findings: &mut Findings) {
        let Some(syntax) = url.syntax().filter(|_| url.complete) else {
            return;
        };
        let text = self.text.as_str();
        let title = meant_engine(url.engine).map_or("the engine", |engine| engine.title);
        let pattern = url.pattern().unwrap_or_default();
        let lacks_port = |server: &&Server<'_>| {
            server.port.is_none() && server.instance.is_none() && !holes::has_hole(server.host)
        };
        if url.database.is_none() && syntax.shows.database && !holes::ends_with_hole(text) {
            findings.add_at(
                self.value,
                Finding::new(
                    &JDBC_URL_WITHOUT_DATABASE,
                    self.place(text),
                    format!(
                        "the URL names no database, which the AWS Glue guide shows for {title}"
                    ),
                )
                .help(format!("Write the URL as `{pattern}`.")),
            );
        }
        if let Some(server) = url.servers.iter().find(lacks_port)
            && syntax.shows.port
        {
            findings.add_at(
                self.value,
                Finding::new(
                    &JDBC_URL_WITHOUT_PORT,
                    self.place(server.host),
                    format!("{} has no port", self.quote(server.host)),
                )
                .help(format!("Write the URL as `{pattern}`.")),
            );
        }
    }
}
