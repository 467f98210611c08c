//! What the URLs of databases have in common: servers, options, and what no driver can read.

use super::holes;
use super::host::{self, HostProblem, parse_host, split_port};

/// A server in a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Server<'a> {
    /// Its host.
    pub host: &'a str,
    /// The named instance of SQL Server on it.
    pub instance: Option<&'a str>,
    /// Its port.
    pub port: Option<&'a str>,
}

/// An option in a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UrlOption<'a> {
    /// All of it: `useSSL=false`.
    pub text: &'a str,
    /// What stands before the equals sign.
    pub name: &'a str,
    /// What stands behind it.
    pub value: &'a str,
}

/// Something in a URL that no driver can read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UrlProblem<'a> {
    /// What it is.
    pub kind: UrlProblemKind,
    /// The part it is about.
    pub part: &'a str,
}

/// What a driver cannot read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UrlProblemKind {
    /// `jdbc:` is not followed by a word.
    NoSubprotocol,
    /// The sub-protocol is not followed by a colon.
    NoColon,
    /// The word that must follow the sub-protocol is missing.
    NoMode,
    /// The two slashes before the host are missing.
    NoSlashes,
    /// The `@` before the host is missing.
    NoAt,
    /// Another URL begins where the host should.
    SecondScheme,
    /// A blank where none can be.
    Blank,
    /// There is no host.
    NoHost,
    /// The host is none.
    BadHost(HostProblem),
    /// A colon is not followed by a port.
    NoPort,
    /// The port is no number.
    BadPort,
    /// A port behind the database.
    PortBehindDatabase,
    /// A path, where the database is an option.
    PathForOption,
    /// A port behind the host, where it is an option.
    PortForOption,
    /// A slash behind the database.
    SlashBehindDatabase,
    /// Parentheses that do not match.
    Unbalanced,
    /// Options that begin as another engine's do.
    ForeignOptions,
}

impl<'a> Server<'a> {
    /// Reads `host:port` or, where the engine has instances, `host\\instance:port`.
    pub(super) fn read(text: &'a str, has_instances: bool) -> Server<'a> {
        let (host, port) = split_known_port(text);
        let (host, instance) = match host.split_once('\\') {
            Some((host, instance)) if has_instances => (host, Some(instance)),
            _ => (host, None),
        };
        Server {
            host,
            instance,
            port,
        }
    }

    /// Whether host and port are what a driver can read. `all` are the servers that this one is of.
    pub(super) fn check(self, all: &'a str) -> Result<(), UrlProblem<'a>> {
        match self.parse_host() {
            Err(HostProblem::Empty) => return UrlProblemKind::NoHost.at(all),
            Err(problem) => return UrlProblemKind::BadHost(problem).at(self.host),
            Ok(_) => {}
        }
        match self.port {
            Some("") => UrlProblemKind::NoPort.at(self.host),
            Some(port) if is_port(port) || port.contains(OF_TEMPLATES) => Ok(()),
            Some(port) => UrlProblemKind::BadPort.at(port),
            None => Ok(()),
        }
    }

    /// What its host is.
    ///
    /// # Errors
    ///
    /// [`HostProblem`] says what is wrong with it, except where it looks like the placeholder of a
    /// tool that is not known here.
    pub fn parse_host(self) -> Result<host::Host, HostProblem> {
        if holes::has_hole(self.host) {
            return Ok(host::Host::Unknown);
        }
        match parse_host(self.host) {
            Err(HostProblem::Character(_)) if self.host.contains(OF_TEMPLATES) => {
                Ok(host::Host::Unknown)
            }
            other => other,
        }
    }
}

/// Characters that no host has, but the placeholders of many a tool.
const OF_TEMPLATES: &[char] = &['$', '%', '{', '}', '<', '>', '#', '@', '*', '='];

impl UrlProblemKind {
    pub(super) fn at<T>(self, part: &str) -> Result<T, UrlProblem<'_>> {
        Err(UrlProblem { kind: self, part })
    }
}

/// The servers of an authority, without the user in front of them. `None` where a mark in a
/// password has cut the authority short; `behind` is all that stands behind `//`.
pub(super) fn servers_of<'a>(behind: &str, authority: &'a str) -> Option<&'a str> {
    if let Some((_, servers)) = authority.rsplit_once('@') {
        return Some(servers);
    }
    let (before_options, _) = holes::cut(behind, &['?', ';']);
    let is_cut = before_options.contains('@')
        || behind.contains('@') && !split_known_port(authority).1.is_none_or(is_port);
    (!is_cut).then_some(authority)
}

/// Whether drivers take a text for a port: digits, as far as it is known.
pub(super) fn is_port(text: &str) -> bool {
    holes::has_hole(text) || text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `host:port`, where the colon is not one inside of a placeholder.
pub(super) fn split_known_port(text: &str) -> (&str, Option<&str>) {
    if holes::has_hole(text) {
        let (host, port) = holes::cut(text, &[':']);
        return (host, port.strip_prefix(':'));
    }
    split_port(text)
}

/// Whether a single server is written with a port in digits, or one that is not known.
pub(super) fn has_known_port(servers: &str) -> bool {
    split_known_port(servers).1.is_some_and(is_port)
}

/// Options between `marks`. Braces around a value hide the marks in it, as for SQL Server.
pub(super) fn read_options<'a>(list: &'a str, marks: &[char]) -> Vec<UrlOption<'a>> {
    let mut options = Vec::new();
    let mut rest = list;
    while !rest.is_empty() {
        let (name, tail) = holes::cut(rest, &[marks, &['=']].concat());
        let value = tail.strip_prefix('=').unwrap_or_default();
        let braced = (value.starts_with('{') && !value.starts_with("{{"))
            .then(|| value.find('}'))
            .flatten()
            .unwrap_or(0);
        let unbraced = value.get(braced..).unwrap_or_default();
        let end = braced + holes::find(unbraced, marks).unwrap_or(unbraced.len());
        let value = value.get(..end).unwrap_or(value);
        let equals = usize::from(tail.starts_with('='));
        let (text, tail) = rest.split_at(name.len() + equals + value.len());
        if !name.is_empty() {
            options.push(UrlOption { text, name, value });
        }
        let mut characters = tail.chars();
        characters.next();
        rest = characters.as_str();
    }
    options
}
