//! MongoDB connection strings: `mongodb://host:port,host:port/database?option=value`.
//!
//! Source: <https://www.mongodb.com/docs/manual/reference/connection-string/>.

use super::holes;
use super::jdbc_url::scheme_at_start;
use super::url::{Server, UrlOption, UrlProblem, UrlProblemKind, read_options, servers_of};

/// A connection string in its parts, each a slice of the text it was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MongodbUrl<'a> {
    /// Whether DNS names the servers: `mongodb+srv`.
    pub is_srv: bool,
    /// The servers, all of them, as they are written.
    pub authority: &'a str,
    /// The servers.
    pub servers: Vec<Server<'a>>,
    /// The database; `None` where there is none.
    pub database: Option<&'a str>,
    /// The options.
    pub options: Vec<UrlOption<'a>>,
    /// The first thing that a driver cannot read.
    pub problem: Option<UrlProblem<'a>>,
    /// Whether there may be options that cannot be seen.
    pub is_open: bool,
}

impl<'a> MongodbUrl<'a> {
    /// Reads a connection string; `None` where it begins with neither `mongodb://` nor
    /// `mongodb+srv://`. Blanks around it are left out.
    pub fn parse(text: &'a str) -> Option<MongodbUrl<'a>> {
        let text = text.trim();
        let (is_srv, behind) = match text.strip_prefix("mongodb://") {
            Some(behind) => (false, behind),
            None => (true, text.strip_prefix("mongodb+srv://")?),
        };
        let (authority, tail) = holes::cut(behind, &['/', '?']);
        let foreign_options = foreign_options(tail);
        let scheme = scheme_at_start(behind).filter(|_| !holes::begins_with_hole(behind));
        let (path, list) = holes::cut(tail, &['?']);
        let list = list.strip_prefix('?').unwrap_or_default();
        let options = read_options(list, &['&']);
        let mut url = MongodbUrl {
            is_srv,
            authority,
            servers: Vec::new(),
            database: (path.strip_prefix('/')).filter(|database| !database.is_empty()),
            problem: None,
            is_open: options.iter().any(|option| holes::has_hole(option.name))
                || (list.is_empty() && holes::ends_with_hole(authority) && path.is_empty()),
            options,
        };
        let Some(servers) = servers_of(behind, authority) else {
            return Some(url);
        };
        url.authority = servers;
        url.servers = holes::split(servers, &[','])
            .into_iter()
            .map(|server| Server::read(server, false))
            .collect();
        let of_server = || {
            url.servers
                .iter()
                .find_map(|server| server.check(servers).err())
        };
        let problem = |kind, part| UrlProblem { kind, part };
        url.problem = (scheme.map(|scheme| problem(UrlProblemKind::SecondScheme, scheme)))
            .or_else(of_server)
            .or_else(|| Some(problem(UrlProblemKind::ForeignOptions, foreign_options?)));
        Some(url)
    }

    /// The option of that name, in whatever case; the first, where there are several.
    pub fn option(&self, name: &str) -> Option<UrlOption<'a>> {
        let is_it = |option: &&UrlOption<'a>| option.name.eq_ignore_ascii_case(name);
        self.options.iter().find(is_it).copied()
    }
}

/// Options that begin with another mark than `?`: `/shop&tls=true`, `/shop;tls=true`.
fn foreign_options(tail: &str) -> Option<&str> {
    let (path, _) = holes::cut(tail, &['?']);
    let at = holes::find(path, &['&', ';'])?;
    let part = path.get(at..)?;
    let end = (part.get(1..)?.find(['&', ';'])).map_or(part.len(), |end| end + 1);
    part.get(..end).filter(|part| part.contains('='))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_found() {
        let text = "mongodb://u:p@a.example.org:27017,b/shop?tls=true&retryWrites=false";
        let url = MongodbUrl::parse(text).unwrap();
        assert_eq!(url.authority, "a.example.org:27017,b");
        assert_eq!(url.servers.len(), 2);
        assert_eq!(url.option("retrywrites").unwrap().value, "false");
        assert_eq!((url.problem, url.is_srv, url.is_open), (None, false, false));
        let url = MongodbUrl::parse("mongodb+srv://a.example.org").unwrap();
        assert!(url.is_srv && url.problem.is_none());
        assert_eq!(MongodbUrl::parse("jdbc:mongodb://a"), None);
        assert_eq!(MongodbUrl::parse("\u{FFFC}"), None);
    }

    #[test]
    fn problems_are_found_and_holes_are_none() {
        for (text, expected) in [
            ("mongodb://", Some((UrlProblemKind::NoHost, ""))),
            (
                "mongodb://:27017/shop",
                Some((UrlProblemKind::NoHost, ":27017")),
            ),
            ("mongodb://a:x/shop", Some((UrlProblemKind::BadPort, "x"))),
            (
                "mongodb://mongodb://a/shop",
                Some((UrlProblemKind::SecondScheme, "mongodb://")),
            ),
            (
                "mongodb://a/shop&tls=true&x=y",
                Some((UrlProblemKind::ForeignOptions, "&tls=true")),
            ),
            ("mongodb://a/a&b", None),
            ("mongodb://a:/shop", Some((UrlProblemKind::NoPort, "a"))),
            ("mongodb://\u{FFFC}:\u{FFFC}/\u{FFFC}", None),
            ("mongodb://${user:a}@${host}/shop", None),
            ("mongodb://u:p/w@a/shop", None),
            ("mongodb://host:3306/", None),
        ] {
            let problem = MongodbUrl::parse(text).unwrap().problem;
            assert_eq!(problem.map(|p| (p.kind, p.part)), expected, "{text}");
        }
        assert!(MongodbUrl::parse("mongodb://\u{FFFC}").unwrap().is_open);
        assert!(MongodbUrl::parse("mongodb://a/b?\u{FFFC}").unwrap().is_open);
    }
}
