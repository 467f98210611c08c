//! CloudFormation's intrinsic functions, in their short and long notations, as one shape.

use crate::syntax::{GAP, NodeKind, NodeRef};

/// An intrinsic function and its argument.
#[derive(Clone, Copy, Debug)]
pub(super) struct Intrinsic<'t> {
    /// Its name without `Fn::`: `Ref`, `Sub`, `If`.
    pub(super) name: &'t str,
    /// Its argument.
    pub(super) argument: NodeRef<'t>,
}

/// Functions whose long notation has no `Fn::`.
const BARE: &[&str] = &["Ref", "Condition"];

/// Every function, without `Fn::`.
const NAMES: &[&str] = &[
    "And",
    "Base64",
    "Cidr",
    "Condition",
    "Contains",
    "EachMemberEquals",
    "EachMemberIn",
    "Equals",
    "FindInMap",
    "GetAZs",
    "GetAtt",
    "GetStackOutput",
    "If",
    "ImportValue",
    "Join",
    "Length",
    "Not",
    "Or",
    "Ref",
    "RefAll",
    "Select",
    "Split",
    "Sub",
    "ToJsonString",
    "Transform",
    "ValueOf",
    "ValueOfAll",
];

impl<'t> Intrinsic<'t> {
    /// The intrinsic function that a node is: `!Ref x` or `{"Ref": "x"}`. An unknown one is a
    /// function all the same, without a name: what it yields is not known.
    pub(super) fn of(node: NodeRef<'t>) -> Option<Intrinsic<'t>> {
        if let Some(tag) = node.tag() {
            // `!!str` and `!<…>` are YAML's own, and so is `!`.
            let name = tag.strip_prefix('!')?;
            let is_local = name.starts_with(|c: char| c.is_ascii_alphabetic());
            return is_local.then(|| Intrinsic {
                name: known(name),
                argument: node,
            });
        }
        if node.kind() != NodeKind::Map {
            return None;
        }
        let mut entries = node.entries();
        let (key, argument) = entries.next()?;
        if entries.next().is_some() {
            return None;
        }
        let key = key.str()?;
        if let Some(name) = key.strip_prefix("Fn::") {
            // A loop is no function: it adds entries to the map that it stands in.
            return (!name.starts_with("ForEach::")).then(|| Intrinsic {
                name: known(name),
                argument,
            });
        }
        (BARE.iter().find(|known| **known == key)).map(|name| Intrinsic { name, argument })
    }

    /// The argument as a list: of `!If [a, b, c]`, the three.
    pub(super) fn arguments(self) -> Vec<NodeRef<'t>> {
        self.argument.items().collect()
    }
}

/// The name of a function, if it is one; else none.
fn known(name: &str) -> &'static str {
    (NAMES.iter().find(|known| **known == name)).map_or("", |known| known)
}

/// A piece of the text of `Fn::Sub`.
#[derive(Debug, PartialEq)]
pub(super) enum SubPiece<'a> {
    /// Literal text.
    Text(&'a str),
    /// `${!Name}`, which stands for `${Name}`: the whole placeholder.
    Escaped(&'a str),
    /// `${Name}`: the whole placeholder, and the name.
    Variable(&'a str, &'a str),
}

/// Splits the text of `Fn::Sub`, or of any text with `${…}` in it.
pub(super) fn sub_pieces(text: &str) -> Vec<SubPiece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let Some(len) = rest.get(start..).and_then(|from| from.find('}')) else {
            break;
        };
        let (before, from) = rest.split_at(start);
        let (placeholder, after) = from.split_at(len + 1);
        if !before.is_empty() {
            pieces.push(SubPiece::Text(before));
        }
        let name = placeholder.trim_start_matches("${").trim_end_matches('}');
        pieces.push(if name.starts_with('!') {
            SubPiece::Escaped(placeholder)
        } else {
            SubPiece::Variable(placeholder, name.trim())
        });
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(SubPiece::Text(rest));
    }
    pieces
}

/// The ranges of `{{resolve:…}}` in a text: dynamic references to the services whose values
/// CloudFormation looks up in any property. Others stay what they are, a text.
pub(super) fn dynamic_references(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = text.get(from..).and_then(|rest| rest.find("{{resolve:")) {
        let start = from + start;
        let Some(len) = text.get(start..).and_then(|rest| rest.find("}}")) else {
            break;
        };
        from = start + len + 2;
        let service = (text.get(start..from))
            .and_then(|reference| reference.split(':').nth(1))
            .unwrap_or_default();
        if matches!(service, "ssm" | "secretsmanager") || service.contains([GAP, '$']) {
            found.push(start..from);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_told_from_text() {
        assert_eq!(
            sub_pieces("a-${Db}:${!x}${"),
            [
                SubPiece::Text("a-"),
                SubPiece::Variable("${Db}", "Db"),
                SubPiece::Text(":"),
                SubPiece::Escaped("${!x}"),
                SubPiece::Text("${"),
            ]
        );
        let text = "x{{resolve:ssm:a:1}}y{{resolve:";
        let found = dynamic_references(text);
        assert_eq!(found.first(), Some(&(1..20)));
        assert_eq!(found.len(), 1);
        assert!(dynamic_references("{{resolve:ssm-secure:a:1}}").is_empty());
        assert_eq!(dynamic_references("{{resolve:${Service}:a}}").len(), 1);
    }
}
