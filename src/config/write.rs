//! What is added to a configuration.

use crate::allow::Permission;
use crate::syntax::{Addition, Language, NodeKind, NodeRef, Position, Tree};
use crate::text::Edit;

/// The edits that let a configuration allow findings in the files that a pattern matches; `None` where
/// they cannot be written, as among anchors or at the end of a document that was ended. The text has to
/// be a configuration without a mistake.
pub fn allowing(text: &str, pattern: &str, permissions: &[Permission]) -> Option<Vec<Edit>> {
    let tree = Tree::read(text, Language::Yaml);
    let items: Vec<Addition> = permissions.iter().map(Permission::written).collect();
    let own = Addition::Map(vec![
        ("paths", Addition::text(pattern)),
        ("allow", Addition::List(items.clone())),
    ]);
    let root = tree.documents().next();
    let overrides = root.and_then(|root| root.get("overrides"));
    let Some(list) = overrides.filter(|it| it.kind() == NodeKind::List) else {
        // What is commented out below the key leaves it without a value.
        let is_there = root.is_some_and(|root| root.entry("overrides").is_some());
        return match root.filter(|root| root.kind() == NodeKind::Map) {
            Some(_) if is_there => None,
            Some(root) if root.source().starts_with('{') => {
                let value = Addition::List(vec![own]);
                tree.with_entry(root, Position::Last, "overrides", &value)
            }
            _ => tree.with_last_entry("overrides", &Addition::List(vec![own])),
        };
    };
    let is_own = |item: &NodeRef<'_>| {
        let mut paths = item.get("paths").into_iter().flat_map(|paths| {
            let several: Vec<NodeRef<'_>> = paths.items().collect();
            if paths.kind() == NodeKind::List {
                several
            } else {
                vec![paths]
            }
        });
        paths.next().is_some_and(|first| first.is(pattern)) && paths.next().is_none()
    };
    // One that is repeated from elsewhere would allow it there, too.
    let known = list.items().filter(|it| it.anchored_span().is_none());
    let Some(item) = known.filter(is_own).last() else {
        return tree.with_items(list, &[own]);
    };
    match item.get("allow") {
        Some(list) if list.kind() == NodeKind::List => tree.with_items(list, &items),
        Some(_) => None,
        None => tree.with_entry(item, Position::Last, "allow", &Addition::List(items)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Edits;

    fn with(text: &str) -> Option<String> {
        let permission = Permission {
            rule: "tls-not-enforced".to_owned(),
            connection: Some("b: c".to_owned()),
            path: Some("ConnectionProperties.PORT".to_owned()),
            until: None,
            reason: "it is private".to_owned(),
        };
        let mut all = Edits::default();
        assert!(all.add(&allowing(text, "a/b.json", &[permission])?));
        let text = all.apply(text);
        let source = crate::text::Source::new("gluelint.yaml", &*text);
        let findings = crate::config::Alone::read(&source).findings;
        assert!(findings.is_empty(), "{text}\n{findings:#?}");
        Some(text)
    }

    const RULE: &str = "- rule: tls-not-enforced
        connection: \"b: c\"
        path: ConnectionProperties.PORT
        reason: it is private
";

    #[test]
    fn lists_are_made_where_they_are_missing() {
        let own = format!("overrides:\n  - paths: a/b.json\n    allow:\n      {RULE}");
        assert_eq!(with("").unwrap(), own);
        let before = "# ours\nseverity: info # all\n# more\n";
        assert_eq!(with(before).unwrap(), format!("{before}\n{own}"));
        let other =
            "overrides:\n  - paths: x.json\n    form: api # sure\n  # the end\nseverity: info\n";
        let item = own.strip_prefix("overrides:\n").unwrap();
        assert_eq!(
            with(other).unwrap(),
            other.replace("sure\n", &format!("sure\n{item}"))
        );
        let same = "overrides:\n  - form: api\n    paths: [a/b.json]\nseverity: info\n";
        assert_eq!(
            with(same).unwrap(),
            same.replace("json]\n", &format!("json]\n    allow:\n      {RULE}"))
        );
        let twice = with(&own).unwrap();
        assert_eq!(twice, format!("{own}      {RULE}"));
        let flow = "overrides: [{paths: x.json, form: api}]\n";
        assert!(with(flow).unwrap().starts_with(
            "overrides: [{paths: x.json, form: api}, {\"paths\": \"a/b.json\", \"allow\": [{"
        ));
        assert!(
            with("{severity: info}\n")
                .unwrap()
                .starts_with("{severity: info, \"overrides\": [")
        );
        assert_eq!(with("overrides:\n#  - paths: x\n"), None);
        assert_eq!(with("severity: info\n...\n"), None);
    }
}
