//! Oracle's URLs: an `@`, and behind it a server, a descriptor or an alias.

use super::syntax::Syntax;
use super::{JdbcUrl, descriptor_pairs, scheme_at_start, word_and_colon};
use crate::check::formats::holes;
use crate::check::formats::url::{UrlProblem, UrlProblemKind};

impl<'a> JdbcUrl<'a> {
    /// `@host:port/service`, `//@host:port:sid`, `@//host:port/service`, `@tcps://host:port/service`
    pub(super) fn read_behind_at(
        &mut self,
        syntax: &Syntax,
        address: &'a str,
    ) -> Result<(), UrlProblem<'a>> {
        // A descriptor, or the parameters of an alias, may hold any character.
        let (head, _) = holes::cut(address, &['?', '(']);
        let Some(at) = head.rfind('@') else {
            if holes::begins_with_hole(head) {
                return Ok(());
            }
            let (word, _) = holes::cut(head.trim_start_matches('/'), &[':', '/']);
            return UrlProblemKind::NoAt.at(if word.is_empty() { self.mode } else { word });
        };
        let behind = address.get(at + 1..).unwrap_or_default();
        let behind = match word_and_colon(behind) {
            Some((word @ ("tcp" | "tcps"), rest)) => {
                self.transport = word;
                rest
            }
            Some(("ldap" | "ldaps" | "cman", _)) => return Ok(()),
            _ => behind,
        };
        if let Some(scheme) = scheme_at_start(behind) {
            return UrlProblemKind::SecondScheme.at(scheme);
        }
        let behind = behind.strip_prefix("//").unwrap_or(behind);
        let (authority, tail) = holes::cut(behind, &['/', '?', '(']);
        if authority.is_empty() && !tail.starts_with('(') {
            let at = address.get(at..=at).unwrap_or(address);
            return UrlProblemKind::NoHost.at(at);
        }
        if tail.starts_with('(') && authority.is_empty() {
            return self.read_descriptor(tail);
        }
        let is_alias = !tail.starts_with('/') && !authority.contains(':');
        if tail.starts_with('(') || is_alias {
            return Ok(());
        }
        self.complete = true;
        self.read_tail(syntax, tail);
        let mut pieces = holes::split(authority, &[':']);
        // In front of a service, what is all digits is a second port and no SID.
        let is_port_twice = tail.starts_with('/')
            && (pieces.last()).is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit()));
        if pieces.len() == 3 && !authority.contains(['[', ',']) && !is_port_twice {
            self.database = pieces.pop();
            let len = authority.len() - self.database.map_or(0, str::len) - 1;
            return self.read_servers(syntax, authority.get(..len).unwrap_or(authority));
        }
        self.read_servers(syntax, authority)
    }

    /// `(DESCRIPTION=(ADDRESS=(PROTOCOL=TCP)(HOST=host)(PORT=1521))(CONNECT_DATA=(SID=sid)))`
    fn read_descriptor(&mut self, descriptor: &'a str) -> Result<(), UrlProblem<'a>> {
        let pairs = || descriptor_pairs(descriptor);
        let named = |name: &str| pairs().find(|pair| pair.name.eq_ignore_ascii_case(name));
        let database = named("SERVICE_NAME").or_else(|| named("SID"));
        self.database = database.map(|pair| pair.value);
        self.transport = named("PROTOCOL").map_or("", |pair| pair.value);
        self.options = pairs().collect();
        self.read_structure(descriptor)?;
        let depth = |open: char| descriptor.matches(open).count();
        if !holes::has_hole(descriptor) && depth('(') > depth(')') {
            return UrlProblemKind::Unbalanced.at(descriptor);
        }
        Ok(())
    }
}
