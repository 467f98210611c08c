//! JDBC URLs, per engine.
//!
//! `jdbc:` and a word for the engine are all that JDBC URLs have in common; what follows is up to
//! each driver. The table in `syntax` says how the engines write it, and one reader follows any row of
//! that table. The URL of an engine that has no row is [opaque](JdbcUrl::complete).
//!
//! Every part is a slice of the text it was read from, so that its place in a document is exact.
//! A part with a [hole](super::holes) in it passes for a good one.
//!
//! Sources: the drivers' own documentation, and the forms that the AWS Glue guide shows
//! (<https://docs.aws.amazon.com/glue/latest/dg/connection-properties.html>).

mod oracle;
mod syntax;

use super::holes;
use super::url::{
    Server, UrlOption, UrlProblem, UrlProblemKind, has_known_port, read_options, servers_of,
};
use syntax::{Database, IAM, Lead, WRAPPED, WRAPPER};

pub use syntax::{Shows, Syntax, syntax};

/// A JDBC URL in its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JdbcUrl<'a> {
    /// The word after `jdbc:`, as it is written.
    pub subprotocol: &'a str,
    /// The word for the engine: the sub-protocol or, behind that of a wrapper, the word that follows.
    pub engine: &'a str,
    /// The word between sub-protocol and address, such as Oracle's `thin`; empty where there is
    /// none.
    pub mode: &'a str,
    /// The protocol that Oracle's address begins with, such as `tcps`; empty where there is none.
    pub transport: &'a str,
    /// The servers, in the order of the URL.
    pub servers: Vec<Server<'a>>,
    /// The database, service or SID, wherever the engine has it.
    pub database: Option<&'a str>,
    /// The options.
    pub options: Vec<UrlOption<'a>>,
    /// The first thing that the engine's driver cannot read.
    pub problem: Option<UrlProblem<'a>>,
    /// Whether all of it was read: only then does the absence of a part mean anything.
    pub complete: bool,
}

/// The beginning of every JDBC URL.
pub const PREFIX: &str = "jdbc:";

/// What stands behind `jdbc:`, in whatever case that is written.
pub fn strip_prefix(text: &str) -> Option<&str> {
    let (prefix, rest) = text.split_at_checked(PREFIX.len())?;
    prefix.eq_ignore_ascii_case(PREFIX).then_some(rest)
}

impl<'a> JdbcUrl<'a> {
    /// Reads a URL; `None` where it does not begin with `jdbc:`. Blanks around it are left out.
    pub fn parse(text: &'a str) -> Option<JdbcUrl<'a>> {
        let text = text.trim();
        let rest = strip_prefix(text)?;
        let (mut url, behind) = JdbcUrl::opaque(rest);
        if let Err(problem) = url.read(text, rest, behind) {
            url.problem = Some(problem);
        }
        url.complete &= url.problem.is_none();
        Some(url)
    }

    /// The option of that name, in whatever case; the first, where there are several.
    pub fn option(&self, name: &str) -> Option<UrlOption<'a>> {
        let is_it = |option: &&UrlOption<'a>| option.name.eq_ignore_ascii_case(name);
        self.options.iter().find(is_it).copied()
    }

    /// The syntax of its engine.
    pub fn syntax(&self) -> Option<&'static Syntax> {
        let is_taken = !self.is_wrapped() || WRAPPED.contains(&self.engine);
        syntax(self.engine).filter(|_| is_taken)
    }

    /// What such a URL looks like, for advice.
    pub fn pattern(&self) -> Option<String> {
        let pattern = self.syntax()?.pattern;
        Some(match self.is_wrapped() {
            true => pattern.replacen(PREFIX, &self.start(), 1),
            false => pattern.to_owned(),
        })
    }

    /// What stands before the word for the engine.
    pub fn start(&self) -> String {
        match self.is_wrapped() {
            true => format!("{PREFIX}{WRAPPER}:"),
            false => PREFIX.to_owned(),
        }
    }

    /// Whether a driver reads it that hands all but its own word on to another.
    fn is_wrapped(&self) -> bool {
        self.subprotocol == WRAPPER
    }

    /// A URL of which only the words in front are looked at, and what stands behind them.
    fn opaque(rest: &'a str) -> (JdbcUrl<'a>, &'a str) {
        let word = |text| holes::cut(text, &[':', '/', '?', ';', '@', ' ', '\t']);
        let (subprotocol, behind) = word(rest);
        let (engine, behind) = match behind.strip_prefix(':') {
            Some(inner) if subprotocol == WRAPPER => word(inner),
            _ => (subprotocol, behind),
        };
        let url = JdbcUrl {
            subprotocol,
            engine,
            mode: "",
            transport: "",
            servers: Vec::new(),
            database: None,
            options: Vec::new(),
            problem: None,
            complete: false,
        };
        (url, behind)
    }

    fn read(
        &mut self,
        text: &'a str,
        rest: &'a str,
        behind: &'a str,
    ) -> Result<(), UrlProblem<'a>> {
        // Options and descriptors may hold blanks.
        let (before_options, _) = holes::cut(rest, &['?', ';', '(', '=']);
        let blank = blank_in(before_options);
        if self.subprotocol.is_empty() {
            if let Some(blank) = blank.filter(|blank| rest.starts_with(blank)) {
                return UrlProblemKind::Blank.at(blank);
            }
            let shown = text.len() - rest.trim_start_matches('/').len();
            return UrlProblemKind::NoSubprotocol.at(text.get(..shown).unwrap_or(text));
        }
        if self.engine.is_empty() {
            return UrlProblemKind::NoMode.at(self.subprotocol);
        }
        let Some(syntax) = self.syntax() else {
            return Ok(());
        };
        if let Some(blank) = blank {
            return UrlProblemKind::Blank.at(blank);
        }
        let Some(address) = behind.strip_prefix(':') else {
            return match syntax.lead {
                Lead::SlashesBeforePairs => Ok(()),
                _ => UrlProblemKind::NoColon.at(self.engine),
            };
        };
        let address = match word_and_colon(address) {
            Some((word, _)) if syntax.opaque_modes.contains(&word) => {
                self.mode = word;
                return Ok(());
            }
            Some((word, address)) if syntax.modes.contains(&word) => {
                self.mode = word;
                address
            }
            _ => address,
        };
        if self.mode.is_empty() && syntax.needed_mode.is_some() {
            return match holes::begins_with_hole(address) {
                true => Ok(()),
                false => UrlProblemKind::NoMode.at(self.engine),
            };
        }
        match syntax.lead {
            Lead::Slashes | Lead::SlashesOrNothing => self.read_behind_slashes(syntax, address),
            Lead::SlashesBeforePairs => self.read_pairs(syntax, address),
            Lead::At => self.read_behind_at(syntax, address),
        }
    }

    /// `//host:port/database?option=value`
    fn read_behind_slashes(
        &mut self,
        syntax: &Syntax,
        address: &'a str,
    ) -> Result<(), UrlProblem<'a>> {
        let endpoints = address.trim_start_matches('/');
        if syntax.nests && (endpoints.starts_with('(') || endpoints.contains("://")) {
            return Ok(());
        }
        if let Some(scheme) = scheme_at_start(address) {
            return UrlProblemKind::SecondScheme.at(scheme);
        }
        let Some(behind) = address.strip_prefix("//") else {
            // A hole may bring the slashes, and a word may be a mode that is not known here.
            let is_mode = word_and_colon(address).is_some_and(|(_, rest)| rest.starts_with("//"));
            let may_lack = syntax.lead == Lead::SlashesOrNothing && !address.starts_with('/');
            if address.is_empty() && may_lack {
                return UrlProblemKind::NoHost.at(self.engine);
            }
            if holes::begins_with_hole(address.trim_start_matches('/')) || is_mode || may_lack {
                return Ok(());
            }
            let (word, _) = holes::cut(address.trim_start_matches('/'), &[':', '/', '?', ';']);
            let part = if word.is_empty() { self.engine } else { word };
            return UrlProblemKind::NoSlashes.at(part);
        };
        if let Some(scheme) = scheme_at_start(behind) {
            return UrlProblemKind::SecondScheme.at(scheme);
        }
        let mut ends = vec!['/', '?', ';'];
        ends.retain(|end| !syntax.between_servers.contains(end));
        let (authority, tail) = holes::cut(behind, &ends);
        let Some(servers) = servers_of(behind, authority) else {
            return Ok(());
        };
        self.complete = !has_structure(servers);
        self.read_tail(syntax, tail);
        let wrong_tail = self.wrong_tail(syntax, tail);
        if has_structure(servers) {
            // Of its hosts nothing is missed: there are more keys than are known here.
            self.read_structure(servers)?;
            return wrong_tail.map_or(Ok(()), Err);
        }
        if self.mode == IAM && !has_known_port(servers) {
            // A cluster and its Region, or neither, where options name them.
            return wrong_tail.map_or(Ok(()), Err);
        }
        if !servers.is_empty() {
            self.read_servers(syntax, servers)?;
        }
        if let Some(option) = syntax.port_option.and_then(|name| self.option(name))
            && let [server] = self.servers.as_mut_slice()
        {
            server.port = Some(option.value).filter(|port| !port.is_empty());
        }
        if let Some(problem) = wrong_tail {
            return Err(problem);
        }
        let named = |name: &&str| self.option(name).is_some();
        if servers.is_empty() && !syntax.host_options.iter().any(named) {
            let lead = address.get(..2 + authority.len()).unwrap_or(address);
            return UrlProblemKind::NoHost.at(lead);
        }
        Ok(())
    }

    /// `//name=value;name=value`, and `//host:port;name=value`
    fn read_pairs(&mut self, syntax: &Syntax, address: &'a str) -> Result<(), UrlProblem<'a>> {
        let Some(behind) = address.strip_prefix("//") else {
            // Another driver takes the name of a database there, or nothing.
            let (name, rest) = holes::cut(address.trim_start_matches('/'), &['=']);
            let is_pair = !name.is_empty() && rest.len() > 1 && !holes::has_hole(name);
            return match is_pair {
                true => UrlProblemKind::NoSlashes.at(name),
                false => Ok(()),
            };
        };
        if let Some(scheme) = scheme_at_start(behind) {
            return UrlProblemKind::SecondScheme.at(scheme);
        }
        let (first, rest) = holes::cut(behind, syntax.between);
        let is_pair = first.is_empty() || first.contains('=');
        let options = if is_pair { behind } else { rest };
        let options = options.strip_prefix(syntax.between).unwrap_or(options);
        self.options = read_options(options, syntax.between);
        self.complete = !holes::has_hole(behind);
        let (authority, _) = holes::cut(first, &['/', '?']);
        match servers_of(first, authority).filter(|_| !is_pair) {
            Some(servers) => self.read_servers(syntax, servers),
            None => Ok(()),
        }
    }

    /// Hosts and ports among the pairs of a structure, such as MySQL's `address=(host=a)(port=1)`
    /// and `(host=a,port=1)`.
    fn read_structure(&mut self, structure: &'a str) -> Result<(), UrlProblem<'a>> {
        let mut port_before = None;
        for pair in descriptor_pairs(structure) {
            if pair.name.eq_ignore_ascii_case("host") {
                self.servers.push(Server {
                    host: pair.value,
                    instance: None,
                    port: port_before.take(),
                });
            } else if pair.name.eq_ignore_ascii_case("port") {
                match self.servers.last_mut() {
                    Some(server) if server.port.is_none() => server.port = Some(pair.value),
                    _ => port_before = Some(pair.value),
                }
            }
        }
        self.servers
            .iter()
            .try_for_each(|server| server.check(structure))
    }

    /// Database and options.
    fn read_tail(&mut self, syntax: &Syntax, tail: &'a str) {
        let (path, options) = match tail.strip_prefix('/') {
            Some(_) if syntax.options.contains(&'/') => ("", tail),
            Some(path) => {
                let (path, _) = holes::cut(path, &['?', ';']);
                let (database, _) = holes::cut(path, syntax.options);
                let options = tail.get(1 + database.len()..).unwrap_or_default();
                (database, options)
            }
            None => ("", tail),
        };
        if let Some(list) = options.strip_prefix(syntax.options) {
            self.options = read_options(list, syntax.between);
        }
        let of_option = |names: &[&str]| {
            let mut options = names.iter().filter_map(|name| self.option(name));
            options.next().map(|option| option.value)
        };
        let database = match syntax.database {
            Database::Path | Database::PathOrSid => Some(path),
            Database::Option(names) | Database::OptionBehindSlash(names) => of_option(names),
        };
        self.database = database.filter(|name| !name.is_empty());
        // A name that is not known may be any option's.
        self.complete &= !self
            .options
            .iter()
            .any(|option| holes::has_hole(option.name));
    }

    /// What is wrong behind the servers.
    fn wrong_tail(&self, syntax: &Syntax, tail: &'a str) -> Option<UrlProblem<'a>> {
        let (path, options) = holes::cut(tail, &['?', ';']);
        let problem = |kind, part| Some(UrlProblem { kind, part });
        let takes_options = |path: &str| {
            syntax.options.contains(&'/')
                && (path.len() < 2 || path.contains('=') || holes::has_hole(path))
        };
        if !path.is_empty()
            && matches!(syntax.database, Database::Option(_))
            && !takes_options(path)
        {
            return problem(UrlProblemKind::PathForOption, path);
        }
        if syntax.database == Database::Path
            && syntax.shows.database
            && syntax.options.contains(&'?')
            && path.len() > 2
            && path.ends_with('/')
        {
            return problem(
                UrlProblemKind::SlashBehindDatabase,
                path.get(path.len() - 1..)?,
            );
        }
        if !syntax.options.contains(&':')
            && let Some((database, port)) = path.rsplit_once(':')
            && database.len() > 1
            && !port.is_empty()
            && port.bytes().all(|byte| byte.is_ascii_digit())
        {
            let part = path.get(database.len()..).unwrap_or(path);
            return problem(UrlProblemKind::PortBehindDatabase, part);
        }
        if syntax.options.contains(&'?')
            && let Some(at) = path.find('&')
            && let Some(part) = path.get(at..).filter(|part| part.contains('='))
        {
            let end = part.get(1..).and_then(|rest| rest.find('&'));
            let part = part.get(..end.map_or(part.len(), |end| end + 1));
            return problem(UrlProblemKind::ForeignOptions, part.unwrap_or(path));
        }
        let list = options.strip_prefix(['?', ';'])?;
        let (first, _) = holes::cut(list, &[';', '&']);
        let begins_right = options.starts_with(syntax.options) || syntax.options.contains(&':');
        if begins_right || !first.contains('=') {
            return None;
        }
        let part = options.get(..=first.len()).unwrap_or(options);
        problem(UrlProblemKind::ForeignOptions, part)
    }

    /// `host:port,host:port`
    fn read_servers(&mut self, syntax: &Syntax, servers: &'a str) -> Result<(), UrlProblem<'a>> {
        let has_instances = !syntax.host_options.is_empty();
        self.servers = holes::split(servers, syntax.between_servers)
            .into_iter()
            .map(|server| Server::read(server, has_instances))
            .collect();
        for server in &self.servers {
            server.check(servers)?;
        }
        if syntax.port_option.is_some()
            && let Some(port) = self.servers.first().and_then(|server| server.port)
        {
            return UrlProblemKind::PortForOption.at(port);
        }
        Ok(())
    }
}

/// The pairs of a structure, `(name=value)` or `(name=value,name=value)`, that hold no other.
fn descriptor_pairs(structure: &str) -> impl Iterator<Item = UrlOption<'_>> {
    holes::split(structure, &['(', ')', ','])
        .into_iter()
        .filter_map(|text| {
            let text = text.trim();
            let (name, value) = text.split_once('=')?;
            let (name, value) = (name.trim(), value.trim());
            (!value.is_empty()).then_some(UrlOption { text, name, value })
        })
}

/// Whether servers are written as MySQL's `address=(host=…)`, or are something else that is no
/// list of `host:port`.
fn has_structure(servers: &str) -> bool {
    servers.contains(['(', '='])
}

/// A word of letters and digits that a colon follows, and what follows that.
fn word_and_colon(text: &str) -> Option<(&str, &str)> {
    let (word, rest) = text.split_once(':')?;
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '+');
    (!word.is_empty() && word.chars().all(is_word)).then_some((word, rest))
}

/// The scheme of another URL with which a text begins: `https://`, `jdbc:`.
pub(super) fn scheme_at_start(text: &str) -> Option<&str> {
    let (word, rest) = word_and_colon(text)?;
    if word.eq_ignore_ascii_case("jdbc") {
        return text.get(..PREFIX.len());
    }
    let others = ["http", "https", "ftp", "s3", "mongodb"];
    let is_scheme = others.contains(&word.to_ascii_lowercase().as_str());
    (is_scheme && rest.starts_with("//")).then(|| text.get(..word.len() + 3))?
}

/// The first run of blanks that is no line break.
fn blank_in(text: &str) -> Option<&str> {
    let start = holes::find(text, &[' ', '\t'])?;
    let run = text.get(start..)?;
    run.get(..run.len() - run.trim_start().len())
        .filter(|run| !run.contains(['\n', '\r']))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::syntax::SYNTAXES;
    use super::*;
    use crate::check::formats::host::HostProblem;

    fn parse(text: &str) -> JdbcUrl<'_> {
        JdbcUrl::parse(text).unwrap()
    }

    /// Sub-protocol, first host, its port, database and options, in one line.
    fn parts(text: &str) -> String {
        let url = parse(text);
        assert_eq!(url.problem, None, "{text}");
        let server = url.servers.first().copied();
        let mut parts = vec![
            url.subprotocol,
            server.map_or("-", |server| server.host),
            server.and_then(|server| server.port).unwrap_or("-"),
            url.database.unwrap_or("-"),
        ];
        parts.extend(url.options.iter().map(|option| option.text));
        parts.join(" ")
    }

    /// The problem of a URL and the part it is about.
    fn problem(text: &str) -> (UrlProblemKind, &str) {
        let problem = parse(text).problem.unwrap_or_else(|| panic!("{text}"));
        (problem.kind, problem.part)
    }

    #[test]
    fn every_engine_is_read_by_its_own_syntax() {
        for (text, expected) in [
            (
                "jdbc:mysql://db.example.org:3306/shop?useSSL=true&a=b",
                "mysql db.example.org 3306 shop useSSL=true a=b",
            ),
            ("jdbc:mysql:loadbalance://a:1,b:2/shop", "mysql a 1 shop"),
            ("jdbc:mysql://a:3306", "mysql a 3306 -"),
            ("jdbc:mysql://u:p@a:3306/", "mysql a 3306 -"),
            (
                "jdbc:mysql://address=(host=a)(port=1)/shop",
                "mysql a 1 shop",
            ),
            (
                "jdbc:mysql://(host=a,port=1),(host=b,port=2)/shop",
                "mysql a 1 shop",
            ),
            ("jdbc:mariadb:sequential://a,b/shop", "mariadb a - shop"),
            (
                "jdbc:postgresql://[::1]:5432/shop",
                "postgresql [::1] 5432 shop",
            ),
            (
                "jdbc:redshift://a:5439/dev;ssl=true",
                "redshift a 5439 dev ssl=true",
            ),
            (
                "jdbc:redshift:iam://cluster:eu-west-1/dev?AutoCreate=true",
                "redshift - - dev AutoCreate=true",
            ),
            ("jdbc:redshift:iam://a:5439/dev", "redshift a 5439 dev"),
            (
                "jdbc:redshift:iam:///dev?ClusterID=x",
                "redshift - - dev ClusterID=x",
            ),
            ("jdbc:oracle:thin:@a:1521:ORCL", "oracle a 1521 ORCL"),
            ("jdbc:oracle:thin://@a:1521/svc", "oracle a 1521 svc"),
            ("jdbc:oracle:thin://@a:1521:ORCL", "oracle a 1521 ORCL"),
            ("jdbc:oracle:thin:@//a:1521/svc", "oracle a 1521 svc"),
            ("jdbc:oracle:thin:u/p@a:1521/svc", "oracle a 1521 svc"),
            (
                "jdbc:oracle:thin:@tcps://a:2484/svc?x=y",
                "oracle a 2484 svc x=y",
            ),
            (
                "jdbc:oracle:thin:@(DESCRIPTION=(ADDRESS=(PORT=1)(HOST=a))(CONNECT_DATA=(SID=x)))",
                "oracle a 1 x PORT=1 HOST=a SID=x",
            ),
            (
                "jdbc:oracle:thin:@(DESCRIPTION = (ADDRESS = (HOST = a)(PORT = 1)))",
                "oracle a 1 - HOST = a PORT = 1",
            ),
            ("jdbc:oracle:thin:@orders_high?TNS_ADMIN=/x", "oracle - - -"),
            (
                "jdbc:sqlserver://a\\inst:1433;databaseName=shop;encrypt=true;",
                "sqlserver a 1433 shop databaseName=shop encrypt=true",
            ),
            (
                "jdbc:sqlserver://a;password={x;y};database=shop",
                "sqlserver a - shop password={x;y} database=shop",
            ),
            (
                "jdbc:sqlserver://;serverName=a",
                "sqlserver - - - serverName=a",
            ),
            (
                "jdbc:snowflake://my_org-x.snowflakecomputing.com/?user=u&db=d",
                "snowflake my_org-x.snowflakecomputing.com - d user=u db=d",
            ),
            (
                "jdbc:db2://a:50000/shop:sslConnection=true;x=y;",
                "db2 a 50000 shop sslConnection=true x=y",
            ),
            (
                "jdbc:as400://a/shop;naming=sql",
                "as400 a - shop naming=sql",
            ),
            ("jdbc:as400:a;naming=sql", "as400 - - -"),
            (
                "jdbc:sap://a:30015/?databaseName=shop&encrypt=true",
                "sap a 30015 shop databaseName=shop encrypt=true",
            ),
            ("jdbc:sap://a:30015;b:30015/", "sap a 30015 -"),
            (
                "jdbc:teradata://a/DATABASE=shop,DBS_PORT=1025",
                "teradata a 1025 shop DATABASE=shop DBS_PORT=1025",
            ),
            ("jdbc:vertica://a:5433/shop?x=y", "vertica a 5433 shop x=y"),
            (
                "jdbc:clickhouse:http://a:8123/shop",
                "clickhouse a 8123 shop",
            ),
            ("jdbc:ch:https://a,b:8443?x=y", "ch a - - x=y"),
            ("jdbc:ch://https://a:8443/shop", "ch - - -"),
            ("jdbc:ch:(http://a:8123,grpc://b:9100)/shop", "ch - - -"),
            (
                "jdbc:hive2://a:1,b:2/shop;x=y?c=d#e=f",
                "hive2 a 1 shop x=y c=d e=f",
            ),
            (
                "jdbc:hive2://a:1/;principal=hive/_HOST@EX.ORG",
                "hive2 a 1 - principal=hive/_HOST@EX.ORG",
            ),
            (
                "jdbc:impala://a:21050;AuthMech=3",
                "impala a 21050 - AuthMech=3",
            ),
            (
                "jdbc:awsathena://AwsRegion=[REGION];S3=s3://b",
                "awsathena - - - AwsRegion=[REGION] S3=s3://b",
            ),
            (
                "jdbc:awsathena://athena.eu-west-1.amazonaws.com:443;a=b",
                "awsathena athena.eu-west-1.amazonaws.com 443 - a=b",
            ),
            ("jdbc:athena://;Region=x", "athena - - - Region=x"),
            ("jdbc:athena://", "athena - - -"),
            ("jdbc:athena:shop", "athena - - -"),
            ("jdbc:athena", "athena - - -"),
            (
                "jdbc:trino://a:8443/hive/shop?SSL=true",
                "trino a 8443 hive/shop SSL=true",
            ),
            (
                "jdbc:databricks://a:443/default;httpPath=/sql/1.0/x;ssl=1",
                "databricks a 443 default httpPath=/sql/1.0/x ssl=1",
            ),
            (
                "jdbc:databricks://a;httpPath=/sql/1.0/x",
                "databricks a - - httpPath=/sql/1.0/x",
            ),
            (
                "jdbc:jtds:sqlserver://a:1433/shop;instance=x",
                "jtds a 1433 shop instance=x",
            ),
            ("jdbc:jtds:sybase://a/shop", "jtds a - shop"),
            (
                "jdbc:aws-wrapper:mysql://a:3306/shop?wrapperPlugins=iam",
                "aws-wrapper a 3306 shop wrapperPlugins=iam",
            ),
            (
                "jdbc:aws-wrapper:postgresql://a:5432,b:5432/shop",
                "aws-wrapper a 5432 shop",
            ),
            (
                "jdbc:aws-wrapper:oracle:thin:@a:1521:x",
                "aws-wrapper - - -",
            ),
            ("jdbc:wss://a:8182/gremlin", "wss - - -"),
        ] {
            assert_eq!(parts(text), expected, "{text}");
        }
    }

    #[test]
    fn what_a_driver_cannot_read_is_named_with_its_part() {
        use UrlProblemKind::*;
        for (text, kind, part) in [
            ("jdbc://a:3306/shop", NoSubprotocol, "jdbc://"),
            ("jdbc:", NoSubprotocol, "jdbc:"),
            ("jdbc:mysql//a:3306/shop", NoColon, "mysql"),
            ("jdbc:mysql", NoColon, "mysql"),
            ("jdbc:mysql:a:3306/shop", NoSlashes, "a"),
            ("jdbc:sqlserver:/a:1433", NoSlashes, "a"),
            ("jdbc:oracle:thin:a:1521:ORCL", NoAt, "a"),
            ("jdbc:oracle:thin://a:1521/svc", NoAt, "a"),
            ("jdbc:oracle:@a:1521:ORCL", NoMode, "oracle"),
            (
                "jdbc:oracle:thin:@//a:1521:1521/svc",
                BadHost(HostProblem::Character(1)),
                "a:1521",
            ),
            ("jdbc:as400:", NoHost, "as400"),
            ("jdbc:jtds://a:1433/shop", NoMode, "jtds"),
            ("jdbc:jtds:sqlserver:a:1433/shop", NoSlashes, "a"),
            ("jdbc:trino:a:8080/hive", NoSlashes, "a"),
            ("jdbc:databricks://a:x;httpPath=y", BadPort, "x"),
            (
                "jdbc:databricks://a?httpPath=y",
                ForeignOptions,
                "?httpPath=y",
            ),
            ("jdbc:athena:Region=x;a=b", NoSlashes, "Region"),
            ("jdbc:awsathena://a:x;a=b", BadPort, "x"),
            ("jdbc:aws-wrapper:", NoMode, "aws-wrapper"),
            ("jdbc:aws-wrapper:mysql:a/shop", NoSlashes, "a"),
            ("jdbc:aws-wrapper:mysql://a:x/shop", BadPort, "x"),
            ("jdbc:aws-wrapper:postgresql", NoColon, "postgresql"),
            ("jdbc:mysql://https://a:3306/shop", SecondScheme, "https://"),
            ("jdbc:mysql:jdbc:mysql://a", SecondScheme, "jdbc:"),
            ("jdbc:sqlserver:// a:1433", Blank, " "),
            ("jdbc: mysql://a", Blank, " "),
            ("jdbc:mysql://:3306/shop", NoHost, ":3306"),
            ("jdbc:mysql:///shop", NoHost, "//"),
            ("jdbc:oracle:thin:@:1521:ORCL", NoHost, ":1521"),
            ("jdbc:mysql://a,,b/shop", NoHost, "a,,b"),
            (
                "jdbc:mysql://10.0.0.256/s",
                BadHost(HostProblem::BadAddress),
                "10.0.0.256",
            ),
            ("jdbc:mysql://a:/shop", NoPort, "a"),
            ("jdbc:mysql://a:port/shop", BadPort, "port"),
            (
                "jdbc:sqlserver://a,1433",
                BadHost(HostProblem::Character(1)),
                "a,1433",
            ),
            ("jdbc:mysql://a/shop:3306", PortBehindDatabase, ":3306"),
            ("jdbc:sqlserver://a:1433/shop;x=y", PathForOption, "/shop"),
            ("jdbc:teradata://a/shop", PathForOption, "/shop"),
            (
                "jdbc:teradata://a:1025/DATABASE=shop",
                PortForOption,
                "1025",
            ),
            ("jdbc:mysql://a:3306/shop/", SlashBehindDatabase, "/"),
            (
                "jdbc:oracle:thin:@(DESCRIPTION=(HOST=a)",
                Unbalanced,
                "(DESCRIPTION=(HOST=a)",
            ),
            ("jdbc:mysql://(host=a,port=x)/shop", BadPort, "x"),
            (
                "jdbc:mysql://a:3306;databaseName=s;x=y",
                ForeignOptions,
                ";databaseName=s",
            ),
            (
                "jdbc:postgresql://a/s;database=t",
                ForeignOptions,
                ";database=t",
            ),
            (
                "jdbc:mysql://a/s&useSSL=true&x=y",
                ForeignOptions,
                "&useSSL=true",
            ),
            (
                "jdbc:sqlserver://a?databaseName=s",
                ForeignOptions,
                "?databaseName=s",
            ),
        ] {
            assert_eq!(problem(text), (kind, part), "{text}");
        }
    }

    #[test]
    fn holes_pass_for_good_parts() {
        let text = "jdbc:mysql://\u{FFFC}:80/\u{FFFC}";
        assert_eq!(parts(text), "mysql \u{FFFC} 80 \u{FFFC}");
        assert_eq!(
            parts("jdbc:mysql://${self:custom.db/host}:80/{{ db?x }}?a=${b&c}&d=e"),
            "mysql ${self:custom.db/host} 80 {{ db?x }} a=${b&c} d=e"
        );
        for text in [
            "jdbc:\u{FFFC}",
            "jdbc:\u{FFFC}://a:3306/shop",
            "jdbc:mysql:\u{FFFC}",
            "jdbc:mysql://\u{FFFC}",
            "jdbc:mysql://\u{FFFC}:\u{FFFC}/\u{FFFC}",
            "jdbc:mysql://<host>:<port>/<database>",
            "jdbc:mysql://%(host)s/shop",
            "jdbc:mysql://#{host}/shop",
            "jdbc:mysql://%s:%d/%s",
            "jdbc:oracle:thin:\u{FFFC}",
            "jdbc:jtds:\u{FFFC}",
            "jdbc:aws-wrapper:\u{FFFC}",
            "jdbc:aws-wrapper:\u{FFFC}://a/shop",
            "jdbc:athena:\u{FFFC}",
            "jdbc:athena://\u{FFFC}",
            "jdbc:athena://\u{FFFC}=x;a=b",
            "jdbc:oracle:\u{FFFC}",
            "jdbc:oracle:thin:@\u{FFFC}",
            "jdbc:oracle:thin:@\u{FFFC}:\u{FFFC}:\u{FFFC}",
            "jdbc:sqlserver://\u{FFFC};\u{FFFC}=x",
        ] {
            assert_eq!(parse(text).problem, None, "{text}");
        }
        assert!(!parse("jdbc:sqlserver://a;\u{FFFC}").complete);
        assert!(parse("jdbc:sqlserver://a;x=\u{FFFC}").complete);
    }

    #[test]
    fn a_password_with_marks_in_it_is_not_taken_for_a_port() {
        for text in [
            "jdbc:mysql://u:p/w@a:3306/shop",
            "jdbc:mysql://u:p?w@a:3306/shop",
        ] {
            let url = parse(text);
            assert_eq!((url.problem, url.complete), (None, false), "{text}");
        }
    }

    #[test]
    fn other_things_are_no_jdbc_urls() {
        assert_eq!(JdbcUrl::parse("mysql://a"), None);
        assert_eq!(JdbcUrl::parse("\u{FFFC}"), None);
        assert_eq!(JdbcUrl::parse("jdb"), None);
        assert_eq!(
            JdbcUrl::parse("JDBC:mysql://a").unwrap().subprotocol,
            "mysql"
        );
    }

    /// Text out of what URLs are made of, in any order.
    fn any_url() -> impl Strategy<Value = String> {
        const PIECES: &[&str] = &[
            "jdbc:", "//", "thin:", "iam:", "tcps:", "${a:b}", "{{", "\u{FFFC}", "[::1]", "host=1",
            "a", "é", "0", ":", "/", "?", ";", "&", "=", "@", ",", "(", ")", "{", "}", "<", ">",
            "$", ".", " ", "\\", "\n",
        ];
        let names = SYNTAXES.iter().flat_map(|syntax| syntax.subprotocols);
        let names: Vec<&str> = names.copied().collect();
        let piece = proptest::sample::select(PIECES);
        let rest = proptest::collection::vec(piece, 0..20);
        (proptest::sample::select(names), rest)
            .prop_map(|(name, rest)| format!("jdbc:{name}{}", rest.concat()))
    }

    proptest! {
        #[test]
        fn every_part_is_a_slice_of_the_url(text in any_url()) {
            let url = parse(&text);
            let whole = text.as_bytes().as_ptr_range();
            let is_slice = |part: &str| {
                let part = part.as_bytes().as_ptr_range();
                whole.start <= part.start && part.end <= whole.end
            };
            let servers = url.servers.iter().flat_map(|s| [Some(s.host), s.instance, s.port]);
            let options = url.options.iter().flat_map(|o| [o.text, o.name, o.value]);
            let mut parts: Vec<&str> = servers.flatten().chain(options).collect();
            parts.extend(url.database);
            parts.extend(url.problem.map(|problem| problem.part));
            for part in parts {
                // An empty part is nowhere, or at its place.
                prop_assert!(part.is_empty() || is_slice(part), "{part:?} in {text:?}");
            }
            if let Some(problem) = url.problem {
                prop_assert!(!problem.part.is_empty(), "{problem:?} in {text:?}");
                prop_assert!(!url.complete);
            }
        }
    }
}
