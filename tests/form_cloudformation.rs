//! CloudFormation: what its functions yield, loops, snippets, what the CDK and DataZone make of it.

mod linted;

use gluelint::form::{Connection, Shape, Value};
use gluelint::lint::FileReport;
use gluelint::spec::Severity;
use gluelint::syntax::GAP;

/// Reads a document and hands over its connections.
fn read(text: &str, look: &mut dyn FnMut(&Connection<'_>)) -> usize {
    linted::read(text, &mut |_, connection| look(connection))
}

fn count(text: &str) -> usize {
    read(text, &mut |_| {})
}

fn lint(text: &str) -> FileReport {
    linted::lint("", text, Severity::Warning)
}

#[track_caller]
fn assert_found(text: &str, expected: &[(&str, &str, &[&str])]) {
    linted::assert_labelled("", text, expected);
}

/// Asserts that only the port is wrong, and that the document is clean with a right one.
#[track_caller]
fn assert_port(text: &str, part: &str, labels: &[&str]) {
    assert_found(text, &[("port-out-of-range", part, labels)]);
    assert_found(&text.replace("99999", "3306"), &[]);
}

/// A template with one connection that is given by its URL.
fn template(url: &str, rest: &str) -> String {
    format!(
        "Resources:\n  Orders:\n    Type: AWS::Glue::Connection\n    Properties:\n      CatalogId: !Ref AWS::AccountId\n      \
         ConnectionInput:\n        Name: orders\n        ConnectionType: JDBC\n        ConnectionProperties:\n          \
         JDBC_CONNECTION_URL: {url}\n          SECRET_ID: orders/etl\n{rest}"
    )
}

/// What a value is: its text with `…` for gaps, branches with `|` between.
fn shown(value: &Value<'_>) -> String {
    let all = |items: &[Value<'_>], between: &str| {
        items.iter().map(shown).collect::<Vec<_>>().join(between)
    };
    match &value.shape {
        Shape::Scalar(scalar) => scalar.text.as_str().replace(GAP, "…"),
        Shape::OneOf(branches) => all(branches, " | "),
        Shape::Absent => "absent".into(),
        Shape::Unknown => "unknown".into(),
        Shape::List(items) => format!("[{}]", all(items, ", ")),
        Shape::Map(map) => {
            let entry = |(name, value): (&str, &Value<'_>)| format!("{name}: {}", shown(value));
            let entries = (map.entries.iter()).map(|it| entry((&it.name, &it.value)));
            let open = map.open.then(|| "..".to_owned());
            format!("{{{}}}", entries.chain(open).collect::<Vec<_>>().join(", "))
        }
    }
}

/// The properties of each connection, as they are known.
fn properties(text: &str) -> Vec<String> {
    let mut seen = Vec::new();
    read(text, &mut |connection| {
        seen.extend(connection.field("ConnectionProperties").map(shown));
    });
    seen
}

#[track_caller]
fn assert_value(value: &str, rest: &str, expected: &str) {
    let text = template(value, rest);
    let expected = format!("{{JDBC_CONNECTION_URL: {expected}, SECRET_ID: orders/etl}}");
    assert_eq!(properties(&text), [expected], "{text}");
}

const REST: &str = "Parameters:\n  Env: {Type: String, Default: dev}\n  Stage: {Type: String, AllowedValues: [dev, prod]}\n  \
    Groups: {Type: \"List<AWS::EC2::SecurityGroup::Id>\", Default: \"sg-0a, sg-0b\"}\n  \
    Empty: {Type: CommaDelimitedList, Default: \"\"}\n  Hosts: {Type: CommaDelimitedList}\n  \
    Paths: {Type: \"AWS::SSM::Parameter::Value<List<String>>\", Default: /a}\n\
    Mappings:\n  Ports:\n    dev: {db: \"5432\", web: \"80\"}\n    prod: {db: \"99999\", web: \"\"}\n  \
    Lists:\n    all: {hosts: [a, b]}\n";

#[test]
fn functions_yield_what_the_template_says() {
    for (value, expected) in [
        // Fn::Join
        ("!Join [\"\", [a, !Join [\"-\", [b, !Ref Env]]]]", "ab-dev"),
        ("!Join [\"-\", !Ref Groups]", "sg-0a-sg-0b"),
        ("!Join [\"-\", !Ref Hosts]", "unknown"),
        ("!Join [\"-\", !FindInMap [Lists, all, hosts]]", "a-b"),
        ("!Join [\"-\", [a, !Ref AWS::NoValue, b]]", "a-b"),
        (
            "!Join [\"-\", [a, !If [c, x, !Ref AWS::NoValue], b]]",
            "a…b",
        ),
        ("!Join [\"-\", [a, !If [c, x, y], b]]", "a-…-b"),
        // Fn::Sub
        (
            "!Sub [\"${a}/${a}\", {a: !Sub [\"${b}!\", {b: x}]}]",
            "x!/x!",
        ),
        ("!Sub [\"${a}\", {a: !Sub \"x${Unknown}y\"}]", "x…y"),
        ("!Sub [\"${a}\", {a: !If [c, x, y]}]", "…"),
        ("!Sub [\"${Env}\", {Env: own}]", "own"),
        ("!Sub \"${Groups}\"", "…"),
        // Fn::Split and Fn::Select
        ("!Split [\",\", \"a,b\"]", "[a, b]"),
        ("!Split [\",\", !Sub \"a,${Unknown}\"]", "unknown"),
        ("!Split [\"\", \"a,b\"]", "unknown"),
        ("!Select [1, [a, b]]", "b"),
        (
            "!Select [\"0\", !Split [\",\", !Sub \"a,b${Unknown}c,d\"]]",
            "a",
        ),
        (
            "!Select [1, !Split [\",\", !Sub \"a,b${Unknown}c,d\"]]",
            "b…",
        ),
        (
            "!Select [2, !Split [\",\", !Sub \"a,b${Unknown}c,d\"]]",
            "unknown",
        ),
        (
            "!Select [1, !Split [\"::\", !Sub \"a::b:${Unknown}\"]]",
            "…",
        ),
        (
            "!Join [\":\", !Split [\",\", !Sub \"a,b${Unknown}c,d\"]]",
            "a:b…",
        ),
        ("!Select [0, !Ref Groups]", "sg-0a"),
        ("!Select [0, !GetAZs \"\"]", "unknown"),
        ("!Select [2, [a, b]]", "unknown"),
        ("!Select [!Ref Hosts, [a, b]]", "unknown"),
        (
            "!Select [1, [!If [c, a, !Ref AWS::NoValue], b, d]]",
            "unknown",
        ),
        // Fn::FindInMap
        ("!FindInMap [Ports, dev, db]", "5432"),
        ("!FindInMap [Ports, !Ref Stage, db]", "5432 | 99999"),
        ("!FindInMap [Ports, !Ref Env, db]", "5432 | 99999"),
        ("!FindInMap [Ports, !Ref AWS::Region, web]", "80 | unknown"),
        ("!FindInMap [Ports, dev, !Ref AWS::Region]", "5432 | 80"),
        ("!FindInMap [Ports, !If [c, dev, prod], db]", "5432 | 99999"),
        ("!FindInMap [Ports, test, db]", "unknown"),
        ("!FindInMap [Ports, test, db, {DefaultValue: x}]", "x"),
        ("!FindInMap [Ports, dev, db, {DefaultValue: x}]", "5432"),
        (
            "!FindInMap [Ports, !Ref AWS::Region, db, {DefaultValue: x}]",
            "x | 5432 | 99999",
        ),
        ("!FindInMap [Other, dev, db]", "unknown"),
        ("!FindInMap [!Ref AWS::Region, dev, db]", "unknown"),
        ("!FindInMap [Lists, all, hosts]", "[a, b]"),
        // Lists of parameters
        ("!Ref Groups", "[sg-0a, sg-0b]"),
        ("!Ref Empty", "unknown"),
        ("!Ref Hosts", "unknown"),
        ("!Ref Paths", "unknown"),
        ("[!If [c, a, !Ref AWS::NoValue], b]", "[a | absent, b]"),
        // JSON text
        (
            "{\"Fn::ToJsonString\": {a: \"x\\\"y\", b: [1, true, yes], c: !Ref Unknown, d: !Ref AWS::NoValue}}",
            "{\"a\":\"x\\u0022y\",\"b\":[1,true,\"…\"],\"c\":\"…\"}",
        ),
        (
            "!ToJsonString {a: !If [c, x, !Ref AWS::NoValue]}",
            "unknown",
        ),
        (
            "!ToJsonString {\"Fn::Transform\": {Name: x}, a: b}",
            "unknown",
        ),
        (
            "!ToJsonString {a: [b, !Ref Env]}",
            "{\"a\":[\"b\",\"dev\"]}",
        ),
        ("!ToJsonString a", "unknown"),
        // What only a deployment knows, and what is no function of CloudFormation's
        ("!Base64 a", "unknown"),
        ("!Cidr [a, 1, 2]", "unknown"),
        ("!Length [a]", "unknown"),
        ("{\"Fn::Transform\": {Name: AWS::Include}}", "unknown"),
        ("!Rain::Embed a.txt", "unknown"),
        ("!!str 12", "12"),
        ("12:30", "12:30"),
    ] {
        assert_value(value, REST, expected);
    }
}

#[test]
fn findings_stand_where_the_text_is_written() {
    for (url, part) in [
        (
            "!Join [\"\", [\"jdbc:mysql://\", !Join [\":\", [!Ref H, \"99999\"]], /x]]",
            "99999",
        ),
        (
            "!Select [1, !Split [\" \", \"a jdbc:mysql://h.example.org:99999/x\"]]",
            "99999",
        ),
        (
            "!Select [0, [\"jdbc:mysql://h.example.org:99999/x\"]]",
            "99999",
        ),
        (
            "!If [c, !Ref U, !If [d, \"jdbc:mysql://h.example.org:99999/x\", !Ref V]]",
            "99999",
        ),
    ] {
        assert_port(&template(url, ""), part, &[]);
    }
    // What stands elsewhere is shown there.
    let map =
        "Mappings:\n  M:\n    a: {url: \"jdbc:mysql://h.example.org:99999/x\", port: \"99999\"}\n";
    assert_port(
        &template("!FindInMap [M, a, url]", map),
        "!FindInMap [M, a, url]",
        &["\"jdbc:mysql://h.example.org:99999/x\""],
    );
    assert_port(
        &template(
            "!Sub [\"jdbc:mysql://${Host}:${p}/x\", {p: !FindInMap [M, !Ref AWS::Region, port]}]",
            map,
        ),
        "${p}",
        &["!FindInMap [M, !Ref AWS::Region, port]", "\"99999\""],
    );
    let groups = "        PhysicalConnectionRequirements:\n          SubnetId: !Ref S\n          AvailabilityZone: !Ref Z\n          \
                  SecurityGroupIdList: !Ref Groups\nParameters:\n  Groups: {Type: CommaDelimitedList, Default: \"sg-0a1b2c3d, sg_1\"}\n";
    let text = template("!Ref Url", groups);
    assert_found(
        &text,
        &[("malformed-security-group-id", "!Ref Groups", &["sg_1"])],
    );
    assert_found(&text.replace("sg_1", "sg-0a1b2c3e"), &[]);
}

#[test]
fn json_text_is_judged_inside() {
    let url = "jdbc:mysql://h.example.org:99999/x";
    let document = |properties: &str| {
        let text = template("x", "");
        let head = text.split("        ConnectionProperties").next().unwrap();
        format!("{head}        ConnectionProperties: {properties}\n")
    };
    for properties in [
        format!("!ToJsonString {{JDBC_CONNECTION_URL: \"{url}\", SECRET_ID: !Ref S, X: 1}}"),
        format!(
            "{{\"Fn::ToJsonString\": {{JDBC_CONNECTION_URL: '{url}', SECRET_ID: !If [c, a, !Ref AWS::NoValue]}}}}"
        ),
        format!("!If [c, '{{\"JDBC_CONNECTION_URL\": \"{url}\", \"SECRET_ID\": \"a\"}}', !Ref P]"),
        format!(
            "!If [c, !ToJsonString {{JDBC_CONNECTION_URL: \"{url}\", SECRET_ID: !Ref S}}, !Ref P]"
        ),
        format!("!Sub '{{\"JDBC_CONNECTION_URL\": \"{url}\", \"SECRET_ID\": \"${{S}}\"}}'"),
    ] {
        let properties = properties.replace(", X: 1", "");
        assert_port(&document(&properties), "99999", &[]);
    }
    // A default keeps its place in JSON text, and its secret.
    let text = document(
        "!Sub '{\"USERNAME\": \"u\", \"PASSWORD\": \"${P}\", \"JDBC_CONNECTION_URL\": \"jdbc:mysql://h.example.org:${Port}/x\"}'",
    ) + "Parameters:\n  P: {Type: String, Default: cAnArY7x9}\n  Port: {Type: String, Default: \"99999\"}\n";
    let report = lint(&text);
    let port = (report.findings.iter())
        .find(|it| it.rule.name == "port-out-of-range")
        .unwrap();
    assert_eq!(port.place.span.slice(&text), "${Port}");
    assert_eq!(port.labels[0].place.span.slice(&text), "\"99999\"");
    assert!(!format!("{report:?}").contains("cAnArY7x9"));
}

#[test]
fn a_choice_that_says_not_set_is_not_judged() {
    let placed = |subnet: &str, rest: &str| {
        let placement = format!(
            "        PhysicalConnectionRequirements:\n          AvailabilityZone: !Ref Z\n          \
             SecurityGroupIdList: !Ref G\n          SubnetId: !If [HasSubnet, {subnet}, !Ref AWS::NoValue]\n"
        );
        template("!Ref Url", &(placement + rest))
    };
    let map =
        "Mappings:\n  M: {a: {subnet: none}, b: {subnet: \"\"}, c: {subnet: subnet-0a1b2c3d}}\n";
    let find = "!FindInMap [M, !Ref Stage, subnet]";
    assert_found(&placed(find, map), &[]);
    assert_found(
        &placed(find, &map.replace("none", "no-ne")),
        &[("malformed-subnet-id", find, &["no-ne"])],
    );
    let parameter = "Parameters:\n  S: {Type: String, Default: NONE}\n";
    assert_found(&placed("!Ref S", parameter), &[]);
    assert_found(
        &placed("!Ref S", &parameter.replace("NONE", "NO-NE")),
        &[("malformed-subnet-id", "!Ref S", &["NO-NE"])],
    );
}

#[test]
fn other_sections_are_left_alone() {
    let sections = "Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]\nGlobals:\n  Function: {Type: AWS::Glue::Connection}\n\
                    Rules:\n  R: {Assertions: [{Assert: {\"Fn::Contains\": [[jdbc], !Ref T]}}]}\n\
                    Conditions:\n  \"Fn::ForEach::C\": [X, [a], {\"Is${X}\": !Equals [a, b]}]\n\
                    Outputs:\n  O: {Value: !Ref Orders}\nHooks: {}\nDescription: AWS::Glue::Connection\n";
    assert_port(
        &template("\"jdbc:mysql://h.example.org:99999/x\"", sections),
        "99999",
        &[],
    );
}

#[test]
fn a_secret_of_a_mapping_is_not_shown() {
    let properties = "USERNAME: u\n          PASSWORD: !FindInMap [M, !Ref AWS::Region, x]";
    let text = template(
        &format!("jdbc:mysql://h.example.org:99999/x\n          {properties}"),
        "",
    )
    .replace("          SECRET_ID: orders/etl\n", "")
        + "Mappings:\n  M:\n    a: {x: cAnArY7x9}\n    b: {x: cAnArY7x8}\n";
    let report = lint(&text);
    assert!(
        report
            .findings
            .iter()
            .any(|it| it.rule.name == "plaintext-password")
    );
    assert!(!format!("{report:?}").contains("cAnArY7x"), "{report:?}");
}

#[test]
fn a_macro_may_add_entries() {
    let good = template("!Ref Url", "");
    let catalog = "      CatalogId: !Ref AWS::AccountId\n";
    let include = "Fn::Transform: {Name: AWS::Include}\n";
    for (whole, without, with) in [
        (
            catalog.to_owned(),
            String::new(),
            format!("      {include}"),
        ),
        (
            format!("    Properties:\n{catalog}"),
            "    Properties:\n".to_owned(),
            format!("    {include}    Properties:\n"),
        ),
        (
            "        Name: orders\n".to_owned(),
            String::new(),
            format!("        {include}"),
        ),
    ] {
        assert_eq!(lint(&good.replace(&whole, &without)).findings.len(), 1);
        assert_found(&good.replace(&whole, &with), &[]);
    }
}

#[test]
fn a_loop_of_resources_is_read_once() {
    let text = "Transform: AWS::LanguageExtensions\nMappings:\n  Ports:\n    Sales: {db: \"5432\"}\n    Orders: {db: \"99999\"}\n    \
                Other: {db: \"0\"}\nResources:\n  Fn::ForEach::Stages:\n    - Stage\n    - !Ref Stages\n    - Fn::ForEach::Tables:\n        \
                - Table\n        - [Orders, Sales]\n        - Connection${Table}${Stage}:\n            Type: AWS::Glue::Connection\n            \
                Condition: IsProd\n            Properties:\n              CatalogId: !Ref AWS::AccountId\n              \
                ConnectionInput:\n                Name: !Ref Table\n                Description: ${Table} and &{Stage}\n                \
                ConnectionType: JDBC\n                ConnectionProperties:\n                  SECRET_ID: ${Table}\n                  \
                ${Stage}: x\n                  JDBC_CONNECTION_URL: !Sub\n                    - jdbc:mysql://${Host}:${p}/${Table}&{Table}\n                    \
                - p: !FindInMap [Ports, !Ref Table, db]\n";
    let mut seen = Vec::new();
    read(text, &mut |connection| {
        let field = |name: &str| connection.field(name).map_or_else(String::new, shown);
        seen.push((
            connection.path.clone(),
            connection.address.clone(),
            connection.realm.clone(),
            field("Name"),
            field("Description"),
            field("ConnectionProperties"),
        ));
    });
    let expected = (
        "Resources.Fn::ForEach::Stages.Fn::ForEach::Tables.Connection${Table}${Stage}".to_owned(),
        "Connection${Table}${Stage}".to_owned(),
        "IsProd Fn::ForEach::Stages Fn::ForEach::Tables".to_owned(),
        "Orders | Sales".to_owned(),
        "… and …".to_owned(),
        "{SECRET_ID: Orders | Sales, JDBC_CONNECTION_URL: jdbc:mysql://…:…/……, ..}".to_owned(),
    );
    assert_eq!(seen, [expected]);
    assert_found(text, &[]);
    let direct = text.replace(
        "!Sub\n                    - jdbc:mysql://${Host}:${p}/${Table}&{Table}\n                    - p: !FindInMap [Ports, !Ref Table, db]",
        "jdbc:mysql://${Table}:99999/x",
    );
    assert_port(&direct, "99999", &[]);
}

#[test]
fn a_loop_in_a_map_adds_an_entry_a_round() {
    let looped = |items: &str| {
        template("jdbc:mysql://h.example.org:3306/x", "").replace(
            "          SECRET_ID: orders/etl\n",
            &format!(
                "          Fn::ForEach::Keys:\n            - Key\n            - {items}\n            - ${{Key}}: !Sub \"${{Key}}/x\"\n"
            ),
        )
    };
    assert_eq!(
        properties(&looped("[SECRET_ID, A]")),
        [
            "{JDBC_CONNECTION_URL: jdbc:mysql://h.example.org:3306/x, SECRET_ID: SECRET_ID/x, A: A/x}"
        ]
    );
    assert_found(&looped("[SECRET_ID]"), &[]);
    // JDBC knows no such key; one that only a deployment knows may be any.
    assert_found(
        &looped("[SECRET_ID, SECRT]"),
        &[("unknown-property", "${Key}", &[])],
    );
    assert_eq!(
        properties(&looped("!Ref Keys")),
        ["{JDBC_CONNECTION_URL: jdbc:mysql://h.example.org:3306/x, ..}"]
    );
    assert_found(&looped("!Ref Keys"), &[]);
}

#[test]
fn what_is_out_of_proportion_is_cut_off() {
    // Conditions in conditions: each branch is read once, and none that is too deep.
    let url = |n: usize| match n {
        39 => "\"jdbc:mysql://h.example.org:99999/x\"",
        _ => "\"jdbc:mysql://h.example.org:3306/x\"",
    };
    let nested = (0..40).fold("a".to_owned(), |inner, n| {
        format!("!If [c, {}, {inner}]", url(n))
    });
    let text = template(&nested, "");
    assert_port(&text, "99999", &[]);
    let [known] = properties(&text).try_into().unwrap();
    assert_eq!(known.matches(" | ").count(), 22, "{known}");
    assert!(known.contains("| unknown"));
    // A condition on all of the properties.
    let nested = (0..40).fold("{}".to_owned(), |inner, _| {
        format!(
            "!If [c, {{ConnectionInput: {inner}}}, {{ConnectionInput: {{ConnectionType: JDBC}}}}]"
        )
    });
    let text =
        format!("Resources:\n  A:\n    Type: AWS::Glue::Connection\n    Properties: {nested}\n");
    assert!(count(&text) < 40);
    // A large mapping.
    let entries: String = (0..10_000)
        .map(|n| {
            format!(
                "    k{n}: {{url: \"jdbc:mysql://h.example.org:9999{}/x\"}}\n",
                n % 10
            )
        })
        .collect();
    let map = format!("Mappings:\n  M:\n{entries}");
    let text = template("!FindInMap [M, !Ref AWS::Region, url]", &map);
    let [known] = properties(&text).try_into().unwrap();
    assert_eq!(known.matches(" | ").count(), 64);
    assert!(known.contains("| unknown"));
    assert_eq!(lint(&text).findings.len(), 64);
    assert_value(
        "!FindInMap [M, k9999, url]",
        &map,
        "jdbc:mysql://h.example.org:99999/x",
    );
    // Long lists of which each use would make as many values.
    let long = format!("sg_1{}", ",sg_1".repeat(10_000));
    let parameters = format!(
        "Parameters:\n  G: {{Type: CommaDelimitedList, Default: \"{long}\"}}\n  T: {{Type: String, Default: \"{long}\"}}\n"
    );
    for list in ["!Ref G", "!Split [\",\", !Ref T]"] {
        let groups = format!(
            "        PhysicalConnectionRequirements: {{SubnetId: !Ref S, AvailabilityZone: !Ref Z, SecurityGroupIdList: {list}}}\n"
        );
        let connection = template("!Ref Url", &groups).replace("Resources:\n", "");
        let many: String = (0..20)
            .map(|n| connection.replace("Orders", &format!("C{n}")))
            .collect();
        let report = lint(&format!("{parameters}Resources:\n{many}"));
        let found = report.findings.len();
        assert!(report.connections > 0 && found < 50_000, "{found}");
    }
    // Texts that repeat each other, and loops in loops.
    let doubled = (0..20).fold("x".to_owned(), |inner, _| {
        format!("{{\"Fn::Sub\": [\"${{a}}${{a}}\", {{a: {inner}}}]}}")
    });
    let [known] = properties(&template(&doubled, "")).try_into().unwrap();
    assert!(known.len() < 1 << 20, "{}", known.len());
    let items: Vec<String> = (0..60).map(|n| format!("i{n}")).collect();
    let looped = (0..10).fold("\"x${V0}\": y".to_owned(), |inner, n| {
        format!(
            "\"Fn::ForEach::L{n}\": [V{n}, [{}], {{{inner}}}]",
            items.join(", ")
        )
    });
    let text = template("x", "").replace("JDBC_CONNECTION_URL: x", &looped);
    let [known] = properties(&text).try_into().unwrap();
    assert!(known.contains(".."));
}

#[test]
fn snippets_are_read_where_a_connection_is_in_them() {
    let text = template("jdbc:mysql://${Host}:99999/x", "");
    let text = text.replace("jdbc:mysql", "!Sub jdbc:mysql");
    let unindented = |text: &str, by: usize| -> String {
        text.lines()
            .map(|line| format!("{}\n", line.get(by..).unwrap_or_default()))
            .collect()
    };
    let resources = unindented(&text.replace("Resources:\n", ""), 2);
    let resource = unindented(&resources.replace("Orders:\n", ""), 2);
    let properties = unindented(resource.split_once("Properties:\n").unwrap().1, 2);
    let input = unindented(properties.split("ConnectionInput:\n").nth(1).unwrap(), 2);
    for (text, path) in [
        (&text, "Resources.Orders.ConnectionInput."),
        (&resources, "Orders.ConnectionInput."),
        (&resource, "ConnectionInput."),
        (&properties, "ConnectionInput."),
        (&input, ""),
    ] {
        assert_port(text, "99999", &[]);
        let path = format!("{path}ConnectionProperties.JDBC_CONNECTION_URL");
        let report = lint(text);
        assert_eq!(report.findings[0].path, path);
        assert_eq!(report.form, Some("cloudformation"));
    }
    let json = "{\"Orders\": {\"Type\": \"AWS::Glue::Connection\", \"Properties\": {\"CatalogId\": {\"Ref\": \"AWS::AccountId\"}, \
                \"ConnectionInput\": {\"Name\": \"a\", \"ConnectionType\": \"JDBC\", \"ConnectionProperties\": {\"SECRET_ID\": \"s\", \
                \"JDBC_CONNECTION_URL\": {\"Fn::Sub\": \"jdbc:mysql://${H}:99999/x\"}}}}}, \"Db\": {\"Type\": \"AWS::RDS::DBInstance\"}}";
    assert_port(json, "99999", &[]);
    // Of a request nothing is a function.
    let request = input.replace("!Sub jdbc:mysql://${Host}", "jdbc:mysql://h.example.org");
    assert_eq!(lint(&request).form, Some("api"));
}

#[test]
fn documents_that_only_mention_the_type_hold_no_connection() {
    for text in [
        "Type: AWS::Glue::Connection\n",
        "Type: AWS::Glue::Connection\nProperties: {Description: x}\n",
        "Type: AWS::Glue::Connection\nProperties: {ConnectionInput: [X]}\n",
        "Type: AWS::Glue::Connection\nResources:\n  Properties:\n    ConnectionInput: {ConnectionType: JDBC}\n",
        "Type: AWS::Glue::Connection\nProperties: {ConnectionInput: {}}\nOther: 1\n",
        "Rule:\n  Type: AWS::Glue::Connection\n",
        "Rule:\n  Type: AWS::Glue::Connection\n  Properties: {ConnectionInput: {}}\nOther: {Type: check}\n",
        "ResourceTypes:\n  AWS::Glue::Connection: {Properties: {ConnectionInput: {Type: ConnectionInput}}}\n",
        "EventSelectors:\n- DataResources:\n  - {Type: \"AWS::Glue::Connection\", Values: [arn]}\n",
        "Resources:\n  Fn::ForEach::A: [X, [a], {\"B${X}\": {Type: \"AWS::Events::Connection\"}}]\n",
        "Resources:\n  Fn::ForEach::A: {Type: x}\n",
        "Resources:\n  A:\n    Type: AWS::DataZone::Connection\n    Properties: {Props: {RedshiftProperties: {}}}\n",
        "Resources:\n  A:\n    Type: AWS::DataZone::Connection\n    Properties: {Props: {GlueProperties: {GlueConnectionInput: x}}}\n",
        // What the CDK writes beside templates.
        "{\"version\": \"36.0.0\", \"artifacts\": {\"S\": {\"type\": \"aws:cloudformation:stack\", \"metadata\": {\"/S/Orders\": \
         [{\"type\": \"aws:cdk:logicalId\", \"data\": \"AWS::Glue::Connection\"}]}}}}",
        "{\"version\": \"tree-0.1\", \"tree\": {\"id\": \"App\", \"children\": {\"Orders\": {\"attributes\": {\
         \"aws:cdk:cloudformation:type\": \"AWS::Glue::Connection\", \"aws:cdk:cloudformation:props\": {\"connectionInput\": \
         {\"connectionType\": \"JDBC\", \"connectionProperties\": {}}}}}}}}",
        "{\"version\": \"36.0.0\", \"files\": {\"a\": {\"source\": {\"path\": \"ConnectionInput.template.json\"}}}, \"dockerImages\": {}}",
    ] {
        assert_eq!(count(text), 0, "{text}");
    }
}

#[test]
fn the_path_of_a_construct_is_a_title() {
    let metadata = "    Metadata: {\"aws:cdk:path\": Stack/Orders/Resource}\n";
    let text = template("jdbc:mysql://h.example.org:99999/x", metadata);
    assert_eq!(lint(&text).findings[0].connection, "orders");
    let text = text.replace("Name: orders", "Name: !Ref Name");
    assert_eq!(lint(&text).findings[0].connection, "Stack/Orders");
    let text = text.replace(metadata, "    Condition: IsProd\n");
    assert_eq!(lint(&text).findings[0].connection, "Resources.Orders");
    read(&text, &mut |connection| {
        assert_eq!(connection.address, "Orders");
        assert_eq!(connection.realm, "IsProd");
    });
}

const DATAZONE: &str = "Resources:\n  Lake:\n    Type: AWS::DataZone::Connection\n    Properties:\n      Name: lake\n      Props:\n        \
    GlueProperties:\n          GlueConnectionInput:\n            ConnectionType: SNOWFLAKE\n            MatchCriteria: x\n            \
    SubnetIdList: [x]\n            ConnectionProperties: {HOST: \"https://a.snowflakecomputing.com\", PORT: !Ref Port}\n            \
    PhysicalConnectionRequirements:\n              SubnetId: subnet_1\n              SubnetIdList: [subnet_2]\n            \
    AuthenticationConfiguration:\n              AuthenticationType: BASIC\n              BasicAuthenticationCredentials: {UserName: u, Password: cAnArY7x9}\n";

#[test]
fn connections_of_datazone_are_read_as_far_as_they_are_the_same() {
    let report = lint(DATAZONE);
    let found: Vec<_> = (report.findings.iter())
        .map(|it| {
            (
                it.rule.name,
                it.place.span.slice(DATAZONE),
                it.path.as_str(),
            )
        })
        .collect();
    let path = "Resources.Lake.Props.GlueProperties.GlueConnectionInput";
    assert_eq!(
        found,
        [
            (
                "malformed-host",
                "https://",
                format!("{path}.ConnectionProperties.HOST").as_str()
            ),
            (
                "malformed-subnet-id",
                "subnet_1",
                &format!("{path}.PhysicalConnectionRequirements.SubnetId")
            ),
            (
                "plaintext-password",
                "cAnArY7x9",
                &format!(
                    "{path}.AuthenticationConfiguration.BasicAuthenticationCredentials.Password"
                )
            ),
        ]
    );
    assert!(!format!("{report:?}").contains("cAnArY7x9"));
    let request = "{\"domainIdentifier\": \"d\", \"name\": \"lake\", \"props\": {\"glueProperties\": {\"glueConnectionInput\": {\
                   \"connectionType\": \"MYSQL\", \"matchCriteria\": \"x\", \"connectionProperties\": {\"HOST\": \"db.example.org\", \"PORT\": 3306}, \
                   \"physicalConnectionRequirements\": {\"subnetIdList\": [\"x\"], \"securityGroupIdList\": [\"sg_1\"]}, \
                   \"authenticationConfiguration\": {\"authenticationType\": \"OAUTH2\", \"oAuth2Properties\": {\"oAuth2GrantType\": \"JWT\"}}}}}}";
    let report = lint(request);
    let found: Vec<_> = (report.findings.iter())
        .map(|it| (it.rule.name, it.place.span.slice(request), it.path.as_str()))
        .collect();
    let path = "props.glueProperties.glueConnectionInput";
    assert_eq!(
        found,
        [
            (
                "not-a-string",
                "3306",
                format!("{path}.connectionProperties.PORT").as_str()
            ),
            (
                "malformed-security-group-id",
                "sg_1",
                &format!("{path}.physicalConnectionRequirements.securityGroupIdList[0]")
            ),
            (
                "unknown-grant-type",
                "\"JWT\"",
                &format!("{path}.authenticationConfiguration.oAuth2Properties.oAuth2GrantType"),
            ),
        ]
    );
    assert_eq!(report.form, Some("datazone"));
    let good = request
        .replace("3306", "\"3306\"")
        .replace("sg_1", "sg-0a1b2c3d")
        .replace("\"JWT\"", "\"JWT_BEARER\"");
    assert_found(&good, &[]);
}
