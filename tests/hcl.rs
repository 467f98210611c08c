//! HCL: what its trees say, where they say it, and that an independent reader agrees.

use std::fmt::Write as _;

use gluelint::syntax::{Language, NodeKind, NodeRef, Operator, ProblemKind, Style, Tree};
use hcl_edit::expr::{Expression, ObjectKey};
use hcl_edit::structure::{Body, Structure};
use hcl_edit::template::{Element, Template};
use proptest::prelude::*;

fn read(text: &str) -> Tree<'_> {
    Tree::read(text, Language::Hcl)
}

/// A tree in one line: texts quoted, expressions in parentheses.
fn shown(node: NodeRef<'_>, out: &mut String) {
    let all = |nodes: &mut dyn Iterator<Item = NodeRef<'_>>, out: &mut String| {
        for (index, node) in nodes.enumerate() {
            out.push_str(if index > 0 { " " } else { "" });
            shown(node, out);
        }
    };
    match node.kind() {
        NodeKind::Scalar(Style::Plain) => out.push_str(node.source()),
        NodeKind::Scalar(_) => write!(out, "{:?}", node.str().unwrap()).unwrap(),
        NodeKind::List => {
            out.push('[');
            all(&mut node.items(), out);
            out.push(']');
        }
        NodeKind::Map => {
            out.push('{');
            for (index, (key, value)) in node.entries().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                shown(key, out);
                out.push_str(": ");
                shown(value, out);
            }
            out.push('}');
        }
        NodeKind::Expression(operator) => {
            write!(out, "({operator:?}").unwrap();
            for operand in node.operands() {
                out.push(' ');
                shown(operand, out);
            }
            out.push(')');
        }
        NodeKind::Broken => out.push_str("broken"),
    }
}

#[track_caller]
fn check(text: &str, expected: &str) {
    let tree = read(text);
    assert!(tree.problems().is_empty(), "{text}: {:?}", tree.problems());
    let mut out = String::new();
    shown(tree.documents().next().unwrap(), &mut out);
    assert_eq!(out, expected, "{text}");
}

#[test]
fn blocks_are_maps_by_their_labels() {
    check(
        "a = 1\nb \"c\" d {\n  e = true # f\n  g {}\n}\nh { i = 2 }\n",
        "{a: 1, b: {\"c\": {d: {e: true, g: {}}}}, h: {i: 2}}",
    );
}

#[test]
fn collections_are_lists_and_maps() {
    check(
        "a = [1, \"b\", [],\n  c.d,\n]\n",
        "{a: [1 \"b\" [] (Traversal c d)]}",
    );
    check(
        "a = { b = 1, \"c\" : 2\n  (d) = 3\n e.f = 4 }",
        "{a: {b: 1, \"c\": 2, (Traversal d): 3, (Traversal e f): 4}}",
    );
    check("a = {\n  for = 1\n}\n", "{a: {for: 1}}");
}

#[test]
fn expressions_are_trees_of_operands() {
    check("a = b", "{a: (Traversal b)}");
    check(
        "a = b.c[0][\"d\"].*.e[*].0",
        "{a: (Traversal b c 0 \"d\" * e * 0)}",
    );
    check("a = -1.5e3", "{a: -1.5e3}");
    check(
        "a = -b + (1 * c) != 2",
        "{a: (Operation (Traversal b) (Operation 1 (Traversal c)) 2)}",
    );
    check(
        "a = b ? c : d ? 1 : 2",
        "{a: (Conditional (Traversal b) (Traversal c) (Conditional (Traversal d) 1 2))}",
    );
    check(
        "a = merge(\n  b,\n  { c = 1 },\n  d...\n).e",
        "{a: (Traversal (Call merge (Traversal b) {c: 1} (Traversal d)) e)}",
    );
    check("a = x::y::z()", "{a: (Call x::y::z)}");
    check(
        "a = merge (\n  b\n)\nc = d\n",
        "{a: (Call merge (Traversal b)), c: (Traversal d)}",
    );
    check("a = [b /* c */ (1)]", "{a: [(Call b 1)]}");
    check(
        "a = [for k, v in b : v if k != 1]",
        "{a: (For (Traversal b) (Traversal v) (Operation (Traversal k) 1))}",
    );
    check(
        "a = {\n  for v in b :\n  v.c => v...\n}",
        "{a: (For (Traversal b) (Traversal v c) (Traversal v))}",
    );
    check(
        "a = (\n  b\n  ? c\n  : d\n)",
        "{a: (Conditional (Traversal b) (Traversal c) (Traversal d))}",
    );
}

#[test]
fn templates_are_pieces() {
    check(
        r#"a = "x-${b.c}:80/\"$${d}${ "e" }""#,
        r#"{a: (Template "x-" (Interpolation (Traversal b c)) ":80/\"${d}" (Interpolation "e"))}"#,
    );
    check(
        r#"a = "%{ if b }c%{ else }d%{ endif }""#,
        r#"{a: (Template (Directive (Traversal b)) "c" (Directive) "d" (Directive))}"#,
    );
    check(
        r#"a = "x ${~ b ~} y""#,
        r#"{a: (Template "x" (Interpolation (Traversal b)) "y")}"#,
    );
    check(r#"a = "\u00e9\n$${x}%%{y}""#, r#"{a: "é\n${x}%{y}"}"#);
    check(
        "a = <<EOT\nx\n  ${b}\\n\nEOT\nc = 1\n",
        r#"{a: (Template "x\n  " (Interpolation (Traversal b)) "\\n\n"), c: 1}"#,
    );
    check(
        "a = <<-EOT\n    x\n\n      ${b}\n    EOT\n",
        r#"{a: (Template "x\n" "\n" "  " (Interpolation (Traversal b)) "\n")}"#,
    );
    check("a = [<<E\nb\nE\n, 1]", r#"{a: [(Template "b\n") 1]}"#);
}

#[test]
fn parts_have_exact_spans() {
    let text = "a = \"é-${b.c}:80\"\n";
    let tree = read(text);
    let template = tree.documents().next().unwrap().get("a").unwrap();
    assert_eq!(template.source(), "\"é-${b.c}:80\"");
    let parts: Vec<&str> = template.operands().map(NodeRef::source).collect();
    assert_eq!(parts, ["é-", "${b.c}", ":80"]);
    let text = "a = \"\\u00e9:$${b}\"\n";
    let tree = read(text);
    let decoded = tree.documents().next().unwrap().get("a").unwrap();
    let decoded = decoded.text().unwrap();
    assert_eq!(decoded.as_str(), "é:${b}");
    assert_eq!(decoded.span_of(0..2).slice(text), "\\u00e9");
    assert_eq!(decoded.span_of(5..6).slice(text), "b");
}

#[test]
fn what_is_no_hcl_is_a_problem_with_a_place() {
    for (text, place) in [
        ("a = ", ""),
        ("a = 1 b = 2", "b"),
        ("a \"b\n{}", "\""),
        ("a {\n", "{"),
        ("a = [1 2]", "2"),
        ("a = \"b\nc = 1", "\n"),
        ("a = <<E\nb\n", "<"),
        ("a = f(1", ""),
        ("a = { b }", "}"),
        ("a = b.", ""),
        ("/* a", "/"),
        ("{{ jinja }}", "{"),
        ("a = \"${b\"", "\""),
    ] {
        let tree = read(text);
        let problem = tree.problems().first().unwrap_or_else(|| panic!("{text}"));
        assert_eq!(problem.kind, ProblemKind::Syntax);
        assert_eq!(
            problem.span.slice(text),
            place,
            "{text}: {}",
            problem.message
        );
    }
    let deep = format!("a = {}", "[".repeat(100_000));
    assert!(!read(&deep).problems().is_empty());
    let deep = format!("a = {}", "!".repeat(100_000));
    assert!(!read(&deep).problems().is_empty());
}

#[test]
fn what_is_broken_is_passed_over() {
    for (text, problems, expected) in [
        (
            "a = %[1]q\nb \"c\" {\n  d = {\n    e = %[2]q\n    f = 1\n  }\n}\n",
            2,
            "{a: broken, b: {\"c\": {d: {e: broken, f: 1}}}}",
        ),
        (
            "a {\n  b = 1\nc {\n  d = 2\n}\n",
            1,
            "{a: {b: 1, c: {d: 2}}}",
        ),
        ("a = { b = }\nc = 1\n", 1, "{a: {b: broken}, c: 1}"),
        (
            "a {\n  b = [1, 2\n  c = 3\n  d = 4\n}\n",
            1,
            "{a: {b: broken, d: 4}}",
        ),
        (
            "a = 1\n}\n}}\n%\nb = 2\nc \"d\ne = 3",
            5,
            "{a: 1, b: 2, e: 3}",
        ),
        (
            "a {\n  b = {\n    f(1, \"x\"\n\nvariable \"c\" {\n}",
            1,
            "{a: {b: broken}}",
        ),
        (
            "a = {\n  %[1]q = 2\n  c = 1\n}\nd = f(1))\ne = 2\n",
            2,
            "{a: {broken: broken, c: 1}, d: (Call f 1), e: 2}",
        ),
    ] {
        let tree = read(text);
        assert_eq!(
            tree.problems().len(),
            problems,
            "{text}: {:?}",
            tree.problems()
        );
        let mut out = String::new();
        shown(tree.documents().next().unwrap(), &mut out);
        assert_eq!(out, expected, "{text}");
    }
    let many = "a = %\n".repeat(1000);
    assert_eq!(read(&many).problems().len(), 32);
}

#[test]
fn strings_of_terraform_json_are_templates() {
    let text = r#"{"a": "x${b.c}", "d": "e", "f": "${g(\"h\")}", "i": "${"}"#;
    let tree = Tree::read(text, Language::TerraformJson);
    let mut out = String::new();
    shown(tree.documents().next().unwrap(), &mut out);
    assert_eq!(
        out,
        r#"{"a": (Template "x" (Interpolation (Traversal b c))), "d": "e", "f": "${g(\"h\")}", "i": "${"}"#
    );
    assert!(tree.problems().is_empty());
}

// ---- an independent reader --------------------------------------------------------------------

/// What both readers can say of a document: literal values, and where expressions are.
fn of_node(node: NodeRef<'_>, out: &mut String) {
    match node.kind() {
        NodeKind::Map => {
            out.push('{');
            for (key, value) in node.entries() {
                match key.str() {
                    Some(key) => write!(out, "{key:?}=").unwrap(),
                    None => out.push_str("?="),
                }
                of_node(value, out);
                out.push(';');
            }
            out.push('}');
        }
        NodeKind::List => {
            out.push('[');
            for item in node.items() {
                of_node(item, out);
                out.push(';');
            }
            out.push(']');
        }
        NodeKind::Scalar(Style::Plain) => match node.source().parse::<f64>() {
            Ok(number) => write!(out, "{number}").unwrap(),
            Err(_) => out.push_str(node.source()),
        },
        NodeKind::Scalar(_) => write!(out, "{:?}", node.str().unwrap()).unwrap(),
        NodeKind::Expression(Operator::Template) => {
            let mut text = String::new();
            for part in node.operands() {
                text.push_str(&part.str().unwrap_or("\u{FFFC}".into()));
            }
            write!(out, "{text:?}").unwrap();
        }
        NodeKind::Expression(_) | NodeKind::Broken => out.push('?'),
    }
}

fn of_body(body: &Body, out: &mut String) {
    out.push('{');
    for structure in body {
        match structure {
            Structure::Attribute(attribute) => {
                write!(out, "{:?}=", attribute.key.as_str()).unwrap();
                of_expression(&attribute.value, out);
            }
            Structure::Block(block) => {
                write!(out, "{:?}=", block.ident.as_str()).unwrap();
                for label in &block.labels {
                    write!(out, "{{{:?}=", label.as_str()).unwrap();
                }
                of_body(&block.body, out);
                for _ in &block.labels {
                    out.push_str(";}");
                }
            }
        }
        out.push(';');
    }
    out.push('}');
}

fn of_template(template: &Template, out: &mut String) {
    let mut text = String::new();
    for element in template {
        match element {
            Element::Literal(literal) => text.push_str(literal),
            Element::Interpolation(_) => text.push('\u{FFFC}'),
            Element::Directive(_) => text.push_str("directive"),
        }
    }
    write!(out, "{text:?}").unwrap();
}

fn of_expression(expression: &Expression, out: &mut String) {
    match expression {
        Expression::Null(_) => out.push_str("null"),
        Expression::Bool(value) => write!(out, "{}", value.value()).unwrap(),
        Expression::Number(value) => {
            write!(out, "{}", value.value().as_f64().unwrap()).unwrap();
        }
        Expression::String(value) => write!(out, "{:?}", value.value()).unwrap(),
        Expression::Array(items) => {
            out.push('[');
            for item in items {
                of_expression(item, out);
                out.push(';');
            }
            out.push(']');
        }
        Expression::Object(entries) => {
            out.push('{');
            for (key, value) in entries {
                match key {
                    ObjectKey::Ident(name) => write!(out, "{:?}=", name.as_str()).unwrap(),
                    ObjectKey::Expression(Expression::String(name)) => {
                        write!(out, "{:?}=", name.value()).unwrap();
                    }
                    ObjectKey::Expression(Expression::Variable(name)) => {
                        write!(out, "{:?}=", name.as_str()).unwrap();
                    }
                    ObjectKey::Expression(_) => out.push_str("?="),
                }
                of_expression(value.expr(), out);
                out.push(';');
            }
            out.push('}');
        }
        Expression::StringTemplate(template) => {
            let mut text = String::new();
            for element in template {
                match element {
                    Element::Literal(literal) => text.push_str(literal),
                    Element::Interpolation(_) => text.push('\u{FFFC}'),
                    Element::Directive(_) => text.push_str("directive"),
                }
            }
            write!(out, "{text:?}").unwrap();
        }
        Expression::HeredocTemplate(heredoc) => of_template(&heredoc.template, out),
        Expression::Parenthesis(inner) => of_expression(inner.inner(), out),
        _ => out.push('?'),
    }
}

#[test]
fn an_independent_reader_agrees_about_real_documents() {
    let mut compared = 0;
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/wild");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "tf") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        agree(&text, &path.display().to_string());
        compared += 1;
    }
    assert!(compared > 0);
}

#[track_caller]
fn agree(text: &str, name: &str) {
    let tree = read(text);
    let other: Result<Body, _> = text.parse();
    let document = (tree.documents().next()).filter(|_| tree.problems().is_empty());
    match (document, other) {
        (Some(document), Ok(body)) => {
            let (mut ours, mut theirs) = (String::new(), String::new());
            of_node(document, &mut ours);
            of_body(&body, &mut theirs);
            assert_eq!(ours, theirs, "{name}");
        }
        (None, Err(_)) => {}
        (ours, theirs) => panic!(
            "{name}: {} {:?}\n{:?}",
            ours.is_some(),
            tree.problems(),
            theirs.err().map(|error| error.to_string())
        ),
    }
}

fn literal() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        "[0-9]{1,4}".prop_map(|digits| digits.trim_start_matches('0').to_owned() + "1"),
        Just("true".to_owned()),
        Just("null".to_owned()),
        "[a-z]{1,4}(\\.[a-z]{1,3}|\\[[0-9]\\]){0,3}",
        "\"([a-zé:/ ]|\\\\n|\\\\\"|\\$\\$\\{|\\$\\{[a-z]{1,3}\\})*\"",
        "[a-z]{2,4}\\(\\)",
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4)
                .prop_map(|items| format!("[{}]", items.join(", "))),
            prop::collection::vec(("[a-z_]{1,5}", inner.clone()), 0..4).prop_map(|entries| {
                // A reader may refuse a key that is there twice.
                let entries: Vec<String> = (entries.iter().enumerate())
                    .map(|(index, (key, value))| format!("{key}{index} = {value}"))
                    .collect();
                format!("{{\n{}\n}}", entries.join("\n"))
            }),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("max({a}, {b})")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("(x ? {a} : {b})")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_independent_reader_agrees_about_made_up_documents(
        values in prop::collection::vec(literal(), 1..5),
        label in "[a-z]{1,4}",
    ) {
        let mut text = String::new();
        for (index, value) in values.iter().enumerate() {
            writeln!(text, "a{index} = {value}").unwrap();
        }
        writeln!(text, "block \"{label}\" {{\n  b = {}\n}}", values[0]).unwrap();
        agree(&text, &text);
    }

    #[test]
    fn no_text_makes_it_panic(text in "([a-z{}\\[\\]()\"$%=:,.?!<>é\\\\ \n#/*0-9-]|\\$\\{|<<E\n)*") {
        let tree = read(&text);
        for document in tree.documents() {
            let mut out = String::new();
            shown(document, &mut out);
        }
        let json = serde_json::json!({ "a": text }).to_string();
        let tree = Tree::read(&json, Language::TerraformJson);
        prop_assert!(tree.problems().is_empty());
    }
}
