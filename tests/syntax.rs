//! Trees: what they say, where they say it, and that independent readers agree.

use gluelint::syntax::{Language, Literal, NodeKind, NodeRef, ProblemKind, Schema, Tree};
use gluelint::text::Span;
use proptest::prelude::*;

/// A tree as the value that a reader without spans would build.
fn value(node: NodeRef<'_>) -> serde_json::Value {
    match node.kind() {
        NodeKind::Map => {
            let mut map = serde_json::Map::new();
            for (key, value_of) in node.entries() {
                map.insert(key.str().unwrap_or_default().into_owned(), value(value_of));
            }
            map.into()
        }
        NodeKind::List => node.items().map(value).collect(),
        NodeKind::Scalar(_) => {
            let text = node.text().unwrap();
            match node.literal(Schema::Core) {
                Literal::String => text.as_str().into(),
                Literal::Null => serde_json::Value::Null,
                Literal::Boolean => text.as_str().eq_ignore_ascii_case("true").into(),
                Literal::Integer | Literal::Float => {
                    serde_json::from_str(text.as_str()).unwrap_or_else(|_| text.as_str().into())
                }
            }
        }
        NodeKind::Expression(_) | NodeKind::Broken => "broken".into(),
    }
}

/// Every span lies within the text, on character boundaries, and within its parent's.
fn check_spans(text: &str, node: NodeRef<'_>, parent: Span) {
    let span = node.span();
    assert!(span.start <= span.end && span.end as usize <= text.len());
    assert!(
        text.get(span.range()).is_some(),
        "{span:?} cuts a character"
    );
    assert!(parent.contains(span), "{span:?} is not within {parent:?}");
    if let Some(decoded) = node.text() {
        for (at, character) in decoded.as_str().char_indices() {
            let from = decoded.span_of(at..at + character.len_utf8());
            assert!(
                text.get(from.range()).is_some(),
                "{from:?} cuts a character"
            );
        }
    }
    for (key, value) in node.entries() {
        check_spans(text, key, span);
        check_spans(text, value, span);
    }
    for item in node.items() {
        check_spans(text, item, span);
    }
}

fn whole(text: &str) -> Span {
    Span::of(0..text.len())
}

/// The text under each scalar that is a string, by its decoded value.
fn source_of<'s>(text: &'s str, tree: &Tree<'s>, decoded: &str) -> &'s str {
    fn find(node: NodeRef<'_>, decoded: &str) -> Option<Span> {
        if node.is(decoded) {
            return node.text().map(|text| text.span());
        }
        let values = node.entries().map(|(_, value)| value);
        values
            .chain(node.items())
            .find_map(|inner| find(inner, decoded))
    }
    let span = tree.documents().find_map(|root| find(root, decoded));
    span.unwrap_or_else(|| panic!("no scalar {decoded:?}"))
        .slice(text)
}

#[test]
fn scalars_of_every_style_lead_back_to_their_source() {
    let text = "plain: jdbc:mysql://h:1/d  # comment\n\
                single: 'it''s'\n\
                double: \"a\\u00e9\\tb\"\n\
                literal: |\n  one\n  two\n\
                literal_stripped: |-\n  three\n\
                folded: >-\n  four\n  five\n\n  six\n\
                multi: seven\n  eight\n\
                anchored: &a nine\n\
                wide: \"\u{1F600}\u{E9}x\"\n";
    let tree = Tree::read(text, Language::Yaml);
    assert!(tree.problems().is_empty(), "{:?}", tree.problems());
    for (decoded, source) in [
        ("jdbc:mysql://h:1/d", "jdbc:mysql://h:1/d"),
        ("it's", "it''s"),
        ("a\u{E9}\tb", "a\\u00e9\\tb"),
        ("one\ntwo\n", "one\n  two"),
        ("three", "three"),
        ("four five\nsix", "four\n  five\n\n  six"),
        ("seven eight", "seven\n  eight"),
        ("nine", "nine"),
        ("\u{1F600}\u{E9}x", "\u{1F600}\u{E9}x"),
    ] {
        assert_eq!(source_of(text, &tree, decoded), source);
    }
    for root in tree.documents() {
        check_spans(text, root, whole(text));
    }
}

#[test]
fn a_part_of_a_block_scalar_has_its_exact_span() {
    let text = "servers: >-\n    a.example.org:9092,\n    b.example.org:80\n";
    let tree = Tree::read(text, Language::Yaml);
    let root = tree.documents().next().unwrap();
    let servers = root.get("servers").and_then(NodeRef::text).unwrap();
    assert_eq!(servers.as_str(), "a.example.org:9092, b.example.org:80");
    let port = servers.as_str().rfind("80").unwrap();
    assert_eq!(servers.span_of(port..port + 2).slice(text), "80");
    assert_eq!(servers.span_of(port..port + 2).end as usize, text.len() - 1);
}

#[test]
fn line_endings_and_tabs_change_nothing_but_offsets() {
    let unix = "{\n\t\"a\": \"x\",\n\t\"b\": [1, true, null]\n}\n";
    let dos = unix.replace('\n', "\r\n");
    for text in [unix, dos.as_str()] {
        let tree = Tree::read(text, Language::Json);
        let expected = serde_json::json!({"a": "x", "b": [1, true, null]});
        assert_eq!(tree.documents().map(value).collect::<Vec<_>>(), [expected]);
    }
    let unix = "a: |\n  x\n  y\nb: >\n  z\n  w\n";
    let dos = unix.replace('\n', "\r\n");
    let read = |text: &str| {
        Tree::read(text, Language::Yaml)
            .documents()
            .map(value)
            .collect::<Vec<_>>()
    };
    assert_eq!(read(unix), read(&dos));
}

#[test]
fn duplicates_anchors_and_merges_are_kept() {
    let text =
        "base: &base {a: 1, b: 2}\nown:\n  <<: *base\n  b: 3\ncopy: *base\ntwice: 1\ntwice: 2\n";
    let tree = Tree::read(text, Language::Yaml);
    let root = tree.documents().next().unwrap();
    let own = root.get("own").unwrap();
    assert_eq!(value(own), serde_json::json!({"a": 1, "b": 3}));
    assert_eq!(root.entries().filter(|(key, _)| key.is("twice")).count(), 2);
    assert_eq!(root.get("twice").and_then(NodeRef::str).unwrap(), "2");
    let copy = root.get("copy").unwrap();
    assert_eq!(copy.span().slice(text), "*base");
    assert_eq!(copy.get("a").unwrap().span().slice(text), "1");
}

#[test]
fn an_alias_to_what_is_around_it_is_no_loop() {
    let text = "a: &a\n  b: *a\n  <<: *a\n";
    let tree = Tree::read(text, Language::Yaml);
    for root in tree.documents() {
        let _ = value(root);
    }
}

#[test]
fn comments_and_trailing_commas_are_problems_that_end_nothing() {
    let text = "// a connection\n{\"a\": [1, 2,], /* why */ \"b\": {\"c\": 3,},}";
    let tree = Tree::read(text, Language::Json);
    let kinds: Vec<ProblemKind> = tree.problems().iter().map(|p| p.kind).collect();
    assert_eq!(
        kinds,
        [
            ProblemKind::Comment,
            ProblemKind::TrailingComma,
            ProblemKind::Comment,
            ProblemKind::TrailingComma,
            ProblemKind::TrailingComma,
        ]
    );
    let expected = serde_json::json!({"a": [1, 2], "b": {"c": 3}});
    assert_eq!(tree.documents().map(value).collect::<Vec<_>>(), [expected]);
}

#[test]
fn a_broken_document_has_a_place_and_spares_its_neighbours() {
    let text = "a: 1\n---\nb: [1\nc: \"\n---\nd: 2\n";
    let tree = Tree::read(text, Language::Yaml);
    let roots: Vec<_> = tree.documents().map(value).collect();
    assert_eq!(
        roots,
        [serde_json::json!({"a": 1}), serde_json::json!({"d": 2})]
    );
    assert_eq!(tree.problems().len(), 1);

    for (text, at) in [
        ("{\"a\": 1 \"b\": 2}", 8),
        ("{\"a\" 1}", 5),
        ("[1, 2", 5),
        ("{\"a\": tru}", 6),
        ("{\"a\": 01}", 6),
        ("\"a\nb\"", 2),
        ("\"\\x\"", 1),
        ("{} {}", 3),
    ] {
        let tree = Tree::read(text, Language::Json);
        assert_eq!(tree.documents().count(), 0, "{text}");
        let starts: Vec<u32> = tree.problems().iter().map(|p| p.span.start).collect();
        assert_eq!(starts, [at], "{text}");
    }
}

#[test]
fn json_lines_are_documents_of_their_own() {
    let tree = Tree::read("{\"a\": 1}\n{\"a\": 2}\n\n", Language::Json);
    assert_eq!(tree.documents().count(), 2);
}

#[test]
fn deep_nesting_is_a_problem_not_a_crash() {
    for (text, language) in [
        ("[".repeat(100_000), Language::Json),
        ("{\"a\":".repeat(100_000), Language::Json),
        ("[".repeat(100_000), Language::Yaml),
        ("- ".repeat(100_000), Language::Yaml),
    ] {
        let tree = Tree::read(&text, language);
        assert!(!tree.problems().is_empty());
        assert_eq!(tree.documents().count(), 0);
    }
}

fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        ".*".prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            prop::collection::btree_map(".*", inner, 0..6)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn json_is_read_as_serde_json_reads_it(expected in any_json(), pretty in any::<bool>()) {
        let text = if pretty {
            serde_json::to_string_pretty(&expected).unwrap()
        } else {
            serde_json::to_string(&expected).unwrap()
        };
        let tree = Tree::read(&text, Language::Json);
        prop_assert!(tree.problems().is_empty());
        for root in tree.documents() {
            check_spans(&text, root, whole(&text));
        }
        prop_assert_eq!(tree.documents().map(value).collect::<Vec<_>>(), [expected]);
    }

    #[test]
    fn yaml_is_read_as_an_independent_reader_reads_it(expected in any_json()) {
        let text = serde_yaml::to_string(&expected).unwrap();
        let oracle: Result<serde_json::Value, _> = serde_yaml::from_str(&text);
        let tree = Tree::read(&text, Language::Yaml);
        for root in tree.documents() {
            check_spans(&text, root, whole(&text));
        }
        if let Ok(oracle) = oracle
            && tree.problems().is_empty()
            && let Some(root) = tree.documents().next()
        {
            prop_assert_eq!(strings(&value(root)), strings(&oracle));
        }
    }

    #[test]
    fn no_text_makes_a_reader_panic(text in ".*", json in any::<bool>()) {
        let language = if json { Language::Json } else { Language::Yaml };
        let tree = Tree::read(&text, language);
        for root in tree.documents() {
            check_spans(&text, root, whole(&text));
        }
        for problem in tree.problems() {
            prop_assert!(text.get(problem.span.range()).is_some());
        }
    }
}

proptest! {
    /// Whatever stands around a part, it is read as on its own, with spans of the whole text.
    #[test]
    fn a_part_is_read_as_if_it_were_alone(
        before in ".*",
        own in "((- |a: |b: \"|  |x\\.|'|[{}\\[\\],:|>\n]|é|!t |&a |\\*a |//|\"\\\\u0041\"){0,12}\n?){0,4}",
        behind in ".*",
        json: bool,
    ) {
        let language = if json { Language::Json } else { Language::Yaml };
        let text = format!("{before}\n{own}\n{behind}");
        let start = before.len() + 1;
        let part = Tree::read_part(&text, Span::of(start..start + own.len()), language);
        let alone = Tree::read(&own, language);
        prop_assert_eq!(outline(&part, start), outline(&alone, 0));
    }
}

/// Everything that can be seen of a tree whose text begins at byte `start` of another.
fn outline(tree: &Tree<'_>, start: usize) -> Vec<String> {
    fn nodes(node: NodeRef<'_>, start: usize, depth: usize, lines: &mut Vec<String>) {
        let local = |span: Span| {
            span.range().start.wrapping_sub(start)..span.range().end.wrapping_sub(start)
        };
        lines.push(format!(
            "{depth} {:?} {:?} {:?} {:?} {:?}",
            node.kind(),
            local(node.span()),
            local(node.span_with_tag()),
            node.tag(),
            node.text()
                .map(|text| (text.as_str().to_owned(), local(text.span()))),
        ));
        if depth < 8 {
            node.items()
                .for_each(|item| nodes(item, start, depth + 1, lines));
            for (key, value) in node.entries() {
                nodes(key, start, depth + 1, lines);
                nodes(value, start, depth + 1, lines);
            }
        }
    }
    let mut lines = Vec::new();
    tree.documents()
        .for_each(|root| nodes(root, start, 0, &mut lines));
    lines.extend(tree.problems().iter().map(|problem| {
        let span = problem.span.range();
        format!(
            "{:?} {} {:?}",
            problem.kind,
            problem.message,
            span.start - start..span.end - start
        )
    }));
    lines
}

/// The same value with every scalar as text: the two YAML readers differ in what they call a
/// number.
fn strings(value: &serde_json::Value) -> serde_json::Value {
    use serde_json::Value;
    match value {
        Value::Array(items) => items.iter().map(strings).collect(),
        Value::Object(map) => Value::Object(
            map.iter()
                .map(|(key, value)| (key.clone(), strings(value)))
                .collect(),
        ),
        Value::String(text) => text.clone().into(),
        other => other.to_string().into(),
    }
}

#[test]
fn aliases_to_aliases_do_not_unfold_without_end() {
    let mut text = String::from("a0: &a0 [x, x]\n");
    for level in 1..40 {
        let below = level - 1;
        text.push_str(&format!("a{level}: &a{level} [*a{below}, *a{below}]\n"));
    }
    let tree = Tree::read(&text, Language::Yaml);
    let root = tree.documents().next().unwrap();
    let few = root.get("a5").unwrap();
    assert_eq!(leaves(few), 64, "what is used sensibly is unfolded");
    assert!(leaves(root) < 1_000_000);
}

/// How many scalars a node holds, aliases followed.
fn leaves(node: NodeRef<'_>) -> usize {
    match node.kind() {
        NodeKind::List => node.items().map(leaves).sum(),
        NodeKind::Map => node.entries().map(|(_, value)| leaves(value)).sum(),
        NodeKind::Scalar(_) => 1,
        NodeKind::Expression(_) | NodeKind::Broken => 0,
    }
}
