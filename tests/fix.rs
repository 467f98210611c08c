//! Fixes: on every bad example of every page, and in the styles in which people write.

use std::collections::BTreeMap;

use gluelint::allow::Date;
use gluelint::check;
use gluelint::diag::{Finding, Fix, Safety};
use gluelint::fix::{Fixed, fix, fix_once};
use gluelint::lint::{FileReport, Options, lint, lint_unit};
use gluelint::spec::{Example, Rule, Severity};
use gluelint::text::{Source, Unit};

const OPTIONS: Options = Options {
    least: Severity::Info,
    today: Date::parse("2026-11-24"),
    needs_reason: true,
    ..Options::DEFAULT
};

/// An example without its marks.
fn document(example: &Example) -> String {
    let is_mark = |line: &&str| line.trim_start_matches([' ', '#', '\t']).starts_with('^');
    (example.text.split_inclusive('\n'))
        .filter(|line| !is_mark(line))
        .collect()
}

fn source(language: &str, text: &str) -> Source {
    Source::new(format!("example.{language}"), text)
}

fn safe(_: &Finding, fix: &Fix) -> bool {
    fix.safety == Safety::Safe
}

fn any(_: &Finding, _: &Fix) -> bool {
    true
}

/// The fixes that a page shows: all safe ones, and its rule's own in any case.
fn shown_on(rule: &'static Rule) -> impl Fn(&Finding, &Fix) -> bool {
    move |finding, fix| fix.safety == Safety::Safe || std::ptr::eq(finding.rule, rule)
}

fn has_fixes(report: &FileReport, rule: &Rule) -> bool {
    (report.findings.iter()).any(|it| std::ptr::eq(it.rule, rule) && !it.fixes.is_empty())
}

/// How many errors and warnings of each rule there are.
fn weighty(report: &FileReport) -> BTreeMap<&'static str, usize> {
    let mut count = BTreeMap::new();
    for finding in &report.findings {
        if finding.severity >= Severity::Warning {
            *count.entry(finding.rule.name).or_default() += 1;
        }
    }
    count
}

#[test]
fn pages_show_what_fixes_make_of_their_bad_examples() {
    let is_update = std::env::var_os("UPDATE").is_some();
    let mut failures = Vec::new();
    for rule in check::rules() {
        let wanted = shown_on(rule);
        let examples = rule.page.examples();
        let mut page = rule.page.0.to_owned();
        let mut is_shown = false;
        let mut first_fixable = None;
        for (index, example) in examples.iter().enumerate() {
            if example.role != "bad" {
                continue;
            }
            let source = source(example.language, &document(example));
            let before = lint(source.clone(), &OPTIONS);
            let fixed = fix(source, &OPTIONS, &wanted);
            if has_fixes(&before, rule) && first_fixable.is_none() {
                first_fixable = Some((example, fixed.source.text.clone()));
            }
            let Some(shown) = examples.get(index + 1).filter(|it| it.role == "fixed") else {
                continue;
            };
            is_shown = true;
            if shown.language != example.language || document(shown) != fixed.source.text {
                failures.push(format!("{}:{}", rule.name, shown.first_line));
                page = page.replace(shown.text, &fixed.source.text);
            }
        }
        if let Some((example, text)) = first_fixable.filter(|_| !is_shown) {
            failures.push(format!("{} shows no fix", rule.name));
            let fence = format!("{}```\n", example.text);
            let language = example.language;
            let more = format!("{fence}\n```{language} fixed\n{text}```\n");
            page = page.replacen(&fence, &more, 1);
        }
        if is_update && page != rule.page.0 {
            let path = format!("{}/rules/{}.md", env!("CARGO_MANIFEST_DIR"), rule.name);
            std::fs::write(path, page).unwrap();
        }
    }
    assert!(failures.is_empty(), "UPDATE=1 writes them: {failures:#?}");
}

/// What a mended mistake had hidden: the page, and the rule that then has something to say.
const UNVEILED: &[(&str, &str)] = &[
    ("certificate-without-tls", "certificate-check-skipped"),
    ("misspelled-property", "password-beside-secret"),
    ("password-lost-in-copy", "incomplete-credentials"),
    ("unknown-grant-type", "incomplete-grant"),
];

/// What is wrong with the fixes of a document; nothing is.
fn faults(page: &str, before: &Source, wanted: &dyn Fn(&Finding, &Fix) -> bool) -> Vec<String> {
    let mut faults = Vec::new();
    let report = lint(before.clone(), &OPTIONS);
    for finding in &report.findings {
        for edit in finding.fixes.iter().flat_map(|fix| &fix.edits) {
            let own = edit.span.slice(&before.text);
            if own != edit.span.slice(&report.document.text) {
                faults.push(format!("{} touches a secret", finding.rule.name));
            }
        }
        if finding.fixes.iter().any(|fix| fix.edits.is_empty()) {
            faults.push(format!("{} has a fix that does nothing", finding.rule.name));
        }
    }
    let Fixed {
        source: after,
        report: left,
        count,
    } = fix(before.clone(), &OPTIONS, wanted);
    if count == 0 {
        assert_eq!(before.text, after.text);
        return faults;
    }
    if let (_, 1..) = fix_once(&after.text, &left, wanted) {
        faults.push("fixing does not come to an end".into());
    }
    if left.unreadable && !report.unreadable {
        faults.push("what was fixed cannot be read".into());
    }
    if left.connections != report.connections {
        faults.push("a connection came or went".into());
    }
    let had = weighty(&report);
    for (rule, number) in weighty(&left) {
        let is_new = number > had.get(rule).copied().unwrap_or_default();
        if is_new && !UNVEILED.contains(&(page, rule)) {
            faults.push(format!("{rule} is new"));
        }
    }
    // Line breaks and a byte order mark survive.
    let windows = |text: &str| text.replace('\n', "\r\n");
    let with_mark = Source::decode(
        before.name.clone(),
        [b"\xEF\xBB\xBF", windows(&before.text).as_bytes()].concat(),
    );
    let other = fix(with_mark.unwrap(), &OPTIONS, wanted);
    if other.source.text != windows(&after.text) {
        faults.push(format!("line breaks changed: {:?}", other.source.text));
    }
    if faults.is_empty() {
        return faults;
    }
    faults.push(after.text);
    faults
}

#[test]
fn fixes_of_bad_examples_come_to_an_end_and_do_no_harm() {
    let mut failures = Vec::new();
    let mut mended = 0;
    for rule in check::rules() {
        for example in rule.page.examples() {
            let before = source(example.language, &document(&example));
            for (name, wanted) in [("safe", safe as fn(&_, &_) -> bool), ("any", any)] {
                mended += fix(before.clone(), &OPTIONS, &wanted).count;
                for fault in faults(rule.name, &before, &wanted) {
                    let line = example.first_line;
                    failures.push(format!("{}:{line} ({name}): {fault}", rule.name));
                }
            }
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
    assert!(mended > 100, "{mended} findings were mended");
}

// ---- styles -----------------------------------------------------------------------------------

/// Makes all fixes of a document, of which there must be some, and compares.
fn assert_fixed(name: &str, before: &str, after: &str) {
    let fixed = fix(Source::new(name, before), &OPTIONS, &any);
    assert_eq!(fixed.source.text, after, "{:#?}", fixed.report.findings);
    assert!(fixed.count > 0);
}

/// The fixes of a rule in a document: rule, safety, what they do.
fn offered(name: &str, text: &str, rule: &str) -> Vec<(Safety, String)> {
    let report = lint(Source::new(name, text), &OPTIONS);
    let found = report.findings.iter().filter(|it| it.rule.name == rule);
    found
        .flat_map(|it| &it.fixes)
        .map(|fix| (fix.safety, fix.title.clone()))
        .collect()
}

#[test]
fn yaml_keeps_its_quotes_and_comments_and_layout() {
    assert_fixed(
        "a.yaml",
        "# orders\n\
         ConnectionInput:\n\
         \x20 Name: orders   # one\n\
         \x20 ConnectionType: 'jdbc' # two\n\
         \x20 ConnectionProperties:\n\
         \x20   \"jdbc_connection_url\":   jdbc:postgres://h.example.org:5432/a # three\n\
         \x20   # four\n\
         \x20   JDBC_ENFORCE_SSL : TRUE   # five\n\
         \x20   CONFIG_FILES: |\n\
         \x20     s3://a/b\n\n\
         \x20   # six\n\
         \x20   SECRET_ID: &id >\n\
         \x20     orders/etl\n\
         \x20 LastUpdatedBy: me # goes with it\n\
         \x20 Description: *id\n",
        "# orders\n\
         ConnectionInput:\n\
         \x20 Name: orders   # one\n\
         \x20 ConnectionType: 'JDBC' # two\n\
         \x20 ConnectionProperties:\n\
         \x20   \"JDBC_CONNECTION_URL\":   jdbc:postgresql://h.example.org:5432/a # three\n\
         \x20   # four\n\
         \x20   JDBC_ENFORCE_SSL : \"true\"   # five\n\
         \n\
         \x20   # six\n\
         \x20   SECRET_ID: &id >-\n\
         \x20     orders/etl\n\
         \x20 Description: *id\n",
    );
}

#[test]
fn yaml_in_flow_style_loses_an_entry_with_its_comma() {
    let document = |properties: &str| {
        format!(
            "{{ConnectionInput: {{Name: a, ConnectionType: JDBC, ConnectionProperties: {{{properties}}}}}}}\n"
        )
    };
    let url = "JDBC_CONNECTION_URL: 'jdbc:mysql://h.example.org:3306/a', JDBC_ENFORCE_SSL: 'true'";
    let secret = "SECRET_ID: s";
    for (before, after) in [
        (
            format!("{url}, CONFIG_FILES: x, {secret}"),
            format!("{url}, {secret}"),
        ),
        (
            format!("CONFIG_FILES: x, {url}, {secret}"),
            format!("{url}, {secret}"),
        ),
        (
            format!("{url}, {secret} , CONFIG_FILES: x"),
            format!("{url}, {secret}"),
        ),
        (
            format!("\n  {url},\n  CONFIG_FILES: x,\n  # kept\n  {secret}\n"),
            format!("\n  {url},\n  # kept\n  {secret}\n"),
        ),
    ] {
        assert_fixed("a.yaml", &document(&before), &document(&after));
    }
    // The comment behind it would be lost, or what stands in front of it left alone.
    let commented = format!("{url}, CONFIG_FILES: x, # why\n {secret}");
    let left = fix(Source::new("a.yaml", document(&commented)), &OPTIONS, &any);
    assert_eq!(left.count, 0);
}

#[test]
fn json_escapes_stay_and_commas_go() {
    assert_fixed(
        "a.json",
        "{\"ConnectionInput\":{\"CreationTime\":1,\"Name\":\"\\u0061\",\"ConnectionType\":\"\\u006adbc\",\
         \"ConnectionProperties\":{\"JDBC_CONNECTION_URL\":\"jdbc:postgres:\\/\\/h.example.org:5432/a\",\
         \"SECRET_ID\":\"\\ts\\u00e9 \\\"\",\"CONFIG_FILES\":\"x\"}, \"LastUpdatedBy\": \"me\" }}",
        "{\"ConnectionInput\":{\"Name\":\"\\u0061\",\"ConnectionType\":\"JDBC\",\
         \"ConnectionProperties\":{\"JDBC_CONNECTION_URL\":\"jdbc:postgresql:\\/\\/h.example.org:5432/a\",\
         \"JDBC_ENFORCE_SSL\":\"true\",\"SECRET_ID\":\"s\\u00e9 \\\"\"} }}",
    );
}

#[test]
fn hcl_is_written_as_hcl() {
    assert_fixed(
        "main.tf",
        "resource \"aws_glue_connection\" \"a\" {\n\
         \x20 name            = \"a\"\n\
         \x20 connection_type = \"jdbc\" # one\n\n\
         \x20 connection_properties = {\n\
         \x20   JDBC_CONNECTION_URL = \"jdbc:postgres://${aws_db_instance.a.endpoint}/a\"\n\
         \x20   \"jdbc_enforce_ssl\"  = \"TRUE\" // two\n\
         \x20   USER_NAME           = var.user\n\
         \x20   CONFIG_FILES        = \"x\" # goes with it\n\
         \x20   PASSWORD            = var.password\n\
         \x20 }\n\
         \x20 physical_connection_requirements {\n\
         \x20   subnet_id              = aws_subnet.a.id\n\
         \x20   availability_zone      = aws_subnet.a.availability_zone\n\
         \x20   security_group_id_list = [\"sg-0a1b2c3d\", \"sg-0a1b2c3d\", \"sg-0f1e2d3c\"]\n\
         \x20 }\n\
         }\n",
        "resource \"aws_glue_connection\" \"a\" {\n\
         \x20 name            = \"a\"\n\
         \x20 connection_type = \"JDBC\" # one\n\n\
         \x20 connection_properties = {\n\
         \x20   JDBC_CONNECTION_URL = \"jdbc:postgresql://${aws_db_instance.a.endpoint}/a\"\n\
         \x20   \"JDBC_ENFORCE_SSL\"  = \"true\" // two\n\
         \x20   USERNAME            = var.user\n\
         \x20   PASSWORD            = var.password\n\
         \x20 }\n\
         \x20 physical_connection_requirements {\n\
         \x20   subnet_id              = aws_subnet.a.id\n\
         \x20   availability_zone      = aws_subnet.a.availability_zone\n\
         \x20   security_group_id_list = [\"sg-0a1b2c3d\", \"sg-0f1e2d3c\"]\n\
         \x20 }\n\
         }\n",
    );
}

#[test]
fn an_entry_is_added_as_its_neighbour_is_written() {
    let module = |properties: &str| {
        format!(
            "resource \"aws_glue_connection\" \"a\" {{\n  name = \"a\"\n  connection_properties = {properties}\n}}\n"
        )
    };
    let url = "\"jdbc:mysql://h.example.org:3306/a\"";
    for (before, after) in [
        (
            format!(
                "{{\n    JDBC_CONNECTION_URL = {url} # x\n    SECRET_ID           = \"s\"\n  }}"
            ),
            format!(
                "{{\n    JDBC_CONNECTION_URL = {url} # x\n    JDBC_ENFORCE_SSL    = \"true\"\n    SECRET_ID           = \"s\"\n  }}"
            ),
        ),
        (
            format!("{{ \"JDBC_CONNECTION_URL\" : {url}, SECRET_ID = \"s\" }}"),
            format!(
                "{{ \"JDBC_CONNECTION_URL\" : {url}, \"JDBC_ENFORCE_SSL\" = \"true\", SECRET_ID = \"s\" }}"
            ),
        ),
    ] {
        assert_fixed("main.tf", &module(&before), &module(&after));
    }
    let document = |properties: &str| {
        format!("Name: a\nConnectionType: JDBC\nConnectionProperties:{properties}")
    };
    for (before, after) in [
        (
            format!("\n  SECRET_ID: s\n  'JDBC_CONNECTION_URL': {url}"),
            format!(
                "\n  SECRET_ID: s\n  'JDBC_CONNECTION_URL': {url}\n  'JDBC_ENFORCE_SSL': \"true\""
            ),
        ),
        (
            format!(" {{JDBC_CONNECTION_URL: {url}, SECRET_ID: s}}\n"),
            format!(" {{JDBC_CONNECTION_URL: {url}, JDBC_ENFORCE_SSL: \"true\", SECRET_ID: s}}\n"),
        ),
    ] {
        assert_fixed("a.yaml", &document(&before), &document(&after));
    }
}

#[test]
fn pairs_become_entries_in_every_style() {
    for (before, after) in [
        (
            "Tags:\n- Key: team\n  Value: sales # whose\n- {Key: \"a b\", Value: 'x'}\n",
            "Tags:\n  team: sales # whose\n  \"a b\": 'x'\n",
        ),
        (
            "Tags: [{Key: team, Value: sales}, {Key: b, Value: !Ref B,}]\n",
            "Tags: {team: sales, b: !Ref B}\n",
        ),
    ] {
        let document = |tags: &str| {
            format!(
                "{tags}ConnectionInput:\n  Name: a\n  ConnectionType: NETWORK\n  ConnectionProperties: {{}}\n"
            )
        };
        assert_fixed("a.yaml", &document(before), &document(after));
    }
    // What stands between is not lost, and the order is not guessed.
    for tags in [
        "Tags:\n- Key: team # why\n  Value: sales\n",
        "Tags:\n- Value: sales\n  Key: team\n",
        "Tags:\n- Key: team\n  Value: &a sales\n",
        "Tags:\n- {Key: a, Value: b}\n- {Key: a, Value: c}\n",
        "Tags:\n- Key: a\n  Value:\n    Ref: B\n",
    ] {
        let text = format!("{tags}ConnectionInput:\n  Name: a\n  ConnectionType: NETWORK\n");
        assert_eq!(offered("a.yaml", &text, "tags-as-list"), []);
    }
}

#[test]
fn what_is_not_written_there_is_not_mended_there() {
    let api = |value: &str| {
        format!(
            "ConnectionInput:\n  Name: a\n  ConnectionType: JDBC\n  ConnectionProperties:\n    JDBC_ENFORCE_SSL: {value}\n"
        )
    };
    let offered_for = |text: &str| offered("a.yaml", text, "boolean-not-lowercase");
    assert_eq!(offered_for(&api("\"True\"")).len(), 1);
    // An alias stands for what others use too.
    let text = api("*off").replacen("Name: a", "Name: a\n  Description: &off 'False'", 1);
    assert_eq!(offered_for(&text), []);
    let text = format!(
        "base: &base\n  JDBC_ENFORCE_SSL: 'False'\n{}",
        api("x").replace("\n    JDBC_ENFORCE_SSL: x", " *base")
    );
    let fixes = offered_for(&text);
    assert!(
        matches!(fixes.as_slice(), [(Safety::Unsafe, _)]),
        "{fixes:?}"
    );
    // A parameter's default may have to be one of the allowed values.
    let template = |value: &str| {
        format!(
            "Parameters:\n  Tls: {{Type: String, Default: 'True'}}\nResources:\n  A:\n    Type: AWS::Glue::Connection\n    Properties:\n      CatalogId: !Ref AWS::AccountId\n      ConnectionInput:\n        Name: a\n        ConnectionType: JDBC\n        ConnectionProperties:\n          JDBC_ENFORCE_SSL: {value}\n"
        )
    };
    assert_eq!(offered_for(&template("!Ref Tls")), []);
    assert_eq!(offered_for(&template("'True'")).len(), 1);
    // JSON in a text has its own escapes.
    let inner = "'{\"JDBC_ENFORCE_SSL\": \"True\"}'";
    let text = template("x").replace("\n          JDBC_ENFORCE_SSL: x", &format!(" {inner}"));
    let report = lint(Source::new("a.yaml", text.as_str()), &OPTIONS);
    assert!(report.findings.iter().all(|it| it.fixes.is_empty()));
    // Base64 is not text.
    let secret = |section: &str, value: &str| {
        format!(
            "apiVersion: glue.aws.upbound.io/v1beta2\nkind: Connection\nmetadata: {{name: a}}\nspec:\n  forProvider:\n    region: eu-west-1\n    catalogId: '123456789012'\n    connectionPropertiesSecretRef: {{name: s, namespace: d}}\n---\napiVersion: v1\nkind: Secret\nmetadata: {{name: s, namespace: d}}\n{section}:\n  JDBC_ENFORCE_SSL: {value}\n"
        )
    };
    assert_eq!(offered_for(&secret("stringData", "'True'")).len(), 1);
    assert_eq!(offered_for(&secret("data", "VHJ1ZQ==")), []);
}

#[test]
fn what_others_may_use_is_not_safe_to_mend() {
    let safety = |name: &str, text: &str, rule: &str| -> Vec<Safety> {
        (offered(name, text, rule)
            .into_iter()
            .map(|(safety, _)| safety))
        .collect()
    };
    let module = "locals {\n  props = {\n    JDBC_ENFORCE_SSL = \"True\"\n  }\n}\n\n\
                  resource \"aws_glue_connection\" \"a\" {\n  name = \"a\"\n  connection_properties = local.props\n}\n\n\
                  resource \"aws_glue_connection\" \"b\" {\n  name = \"b\"\n  connection_properties = { JDBC_ENFORCE_SSL = \"False\" }\n}\n\n\
                  resource \"aws_glue_connection\" \"c\" {\n  name = \"c\"\n  connection_properties = merge({ JDBC_ENFORCE_SSL = \"FALSE\" }, {})\n}\n";
    let fixes = safety("main.tf", module, "boolean-not-lowercase");
    assert_eq!(fixes, [Safety::Unsafe, Safety::Safe, Safety::Safe]);
    let play = "- hosts: localhost\n  vars:\n    props:\n      JDBC_ENFORCE_SSL: 'True'\n    groups: [sg-0a1b2c3d, sg-0a1b2c3d]\n  tasks:\n    \
                - community.aws.glue_connection:\n        name: a\n        state: present\n        \
                connection_properties: '{{ props }}'\n        security_groups: '{{ groups }}'\n";
    for rule in ["boolean-not-lowercase", "duplicate-entry"] {
        let fixes = safety("play.yml", play, rule);
        assert!(
            fixes.iter().all(|it| *it == Safety::Unsafe),
            "{rule}: {fixes:?}"
        );
    }
    assert_eq!(safety("play.yml", play, "boolean-not-lowercase").len(), 1);
}

#[test]
fn edits_count_the_bytes_of_their_own_file() {
    let variables = "variable \"é\" {}\n";
    let values = "props = {\n  JDBC_ENFORCE_SSL = \"True\"\n}\n";
    let main = "variable \"props\" {}\n\nresource \"aws_glue_connection\" \"a\" {\n  name = \"a\"\n  \
                connection_type = \"jdbc\"\n  connection_properties = var.props\n}\n";
    let mut unit = Unit::default();
    for (name, text) in [
        ("a.tf", variables),
        ("main.tf", main),
        ("terraform.tfvars", values),
    ] {
        unit.push(Source::new(name, text), true);
    }
    let reports = lint_unit(&unit, &OPTIONS);
    let fixed: Vec<String> = ["a.tf", "main.tf", "terraform.tfvars"]
        .into_iter()
        .zip([variables, main, values])
        .map(|(name, text)| {
            let report = reports.iter().find(|it| it.name() == name).unwrap();
            fix_once(text, report, &any).0
        })
        .collect();
    assert_eq!(fixed[0], variables);
    assert_eq!(fixed[1], main.replace("jdbc", "JDBC"));
    assert_eq!(fixed[2], values.replace("True", "true"));
}

#[test]
fn no_fix_reaches_into_a_secret_or_repeats_one() {
    // The key may be mended, the password not, and the entry stays where it is.
    let text = "ConnectionInput:\n  Name: a\n  ConnectionType: JDBC\n  ConnectionProperties:\n    \
                JDBC_CONNECTION_URL: 'jdbc:postgres://h.example.org/a?password=c4n4ry '\n    \
                USERNAME: u\n    password: 'c4n4ry '\n    PASSWORD2: 12345678\n    Encrypted_Password: c4n4ry\n";
    let report = lint(Source::new("a.yaml", text), &OPTIONS);
    let edits = report.findings.iter().flat_map(|it| &it.fixes);
    for edit in edits.flat_map(|fix| &fix.edits) {
        assert!(!edit.replacement.contains("c4n4ry"));
        assert!(!edit.span.slice(text).contains("c4n4ry"), "{edit:?}");
    }
    let fixed = fix(Source::new("a.yaml", text), &OPTIONS, &any);
    assert!(fixed.source.text.contains("PASSWORD: 'c4n4ry '\n"));
    assert!(
        fixed
            .source
            .text
            .contains("jdbc:postgresql://h.example.org/a?password=c4n4ry")
    );
}

#[test]
fn documents_that_tools_print_are_not_mended() {
    let plan = "{\"format_version\":\"1.2\",\"terraform_version\":\"1.9.5\",\"planned_values\":{\"root_module\":{\"resources\":[\
                {\"address\":\"aws_glue_connection.a\",\"mode\":\"managed\",\"type\":\"aws_glue_connection\",\"name\":\"a\",\
                \"values\":{\"name\":\"a\",\"connection_properties\":{\"JDBC_ENFORCE_SSL\":\"True\"}},\"sensitive_values\":{}}]}}}";
    let report = lint(Source::new("plan.json", plan), &OPTIONS);
    assert!(!report.findings.is_empty());
    assert!(report.findings.iter().all(|it| it.fixes.is_empty()));
}

// ---- values -----------------------------------------------------------------------------------

/// A value of a connection before and after all fixes, in YAML and in JSON.
fn assert_value_fixed(kind: &str, key: &str, before: &str, after: &str) {
    let yaml = |value: &str| {
        format!(
            "Name: a\nConnectionType: {kind}\nConnectionProperties:\n  {key}: {value}\n  SECRET_ID: a/b\n"
        )
    };
    let fixed = fix(Source::new("a.yaml", yaml(before)), &OPTIONS, &any);
    assert_eq!(fixed.source.text, yaml(after));
    let json = |value: &str| {
        format!(
            "{{\"Name\": \"a\", \"ConnectionType\": \"{kind}\", \"ConnectionProperties\": \
             {{\"SECRET_ID\": \"a/b\", \"{key}\": \"{value}\"}}}}"
        )
    };
    let fixed = fix(Source::new("a.json", json(before)), &OPTIONS, &any);
    assert_eq!(fixed.source.text, json(after));
}

#[test]
fn lists_of_brokers_lose_what_is_none() {
    let (a, b) = ("b1.example.org:9094", "b2.example.org:9094");
    let good = format!("{a},{b}");
    for list in [
        format!("{a},{b},"),
        format!("{a},,{b}"),
        format!("{a},,{b},,"),
        format!("{a},{b}, {a}"),
        format!("{a};{b}"),
        format!("{a} {b}"),
        format!("SSL://{a},SSL://{b}"),
    ] {
        assert_value_fixed("KAFKA", "KAFKA_BOOTSTRAP_SERVERS", &list, &good);
    }
    // What is left would be none, or something else.
    for list in [",", "b1.example.org:9094; b2.example.org"] {
        assert_value_fixed("KAFKA", "KAFKA_BOOTSTRAP_SERVERS", list, list);
    }
}

#[test]
fn urls_of_mongodb_get_and_lose_what_the_server_wants() {
    let docdb = "mongodb://a.cluster-x1.eu-west-1.docdb.amazonaws.com:27017";
    for (before, after) in [
        ("", "/?retryWrites=false"),
        ("/shop", "/shop?retryWrites=false"),
        ("/shop?tls=true", "/shop?tls=true&retryWrites=false"),
        (
            "/shop?retryWrites=true&tls=true",
            "/shop?retryWrites=false&tls=true",
        ),
        ("/shop?", "/shop?"),
    ] {
        let url = |tail: &str| format!("{docdb}{tail}");
        assert_value_fixed("MONGODB", "CONNECTION_URL", &url(before), &url(after));
    }
    for (tail, help) in [
        (
            "?tls=true",
            "Add `retryWrites=false` to the options of the URL.",
        ),
        (
            "?retryWrites=true",
            "Write `retryWrites=false` in its place.",
        ),
    ] {
        let text = format!(
            "Name: a\nConnectionType: MONGODB\nConnectionProperties:\n  CONNECTION_URL: {docdb}/shop{tail}\n"
        );
        let report = lint(Source::new("a.yaml", text), &OPTIONS);
        let mut found = report.findings.iter();
        let finding = found.find(|it| it.rule.name == "documentdb-retryable-writes");
        assert_eq!(finding.and_then(|it| it.help.as_deref()), Some(help));
    }
    assert_value_fixed(
        "MONGODB",
        "CONNECTION_URL",
        "mongodb+srv://a.example.org:27017/shop",
        "mongodb+srv://a.example.org/shop",
    );
}

#[test]
fn what_surrounds_a_host_goes_where_it_belongs() {
    for (before, after) in [
        ("HOST: https://db.example.org", "HOST: db.example.org"),
        ("HOST: db.example.org/shop", "HOST: db.example.org"),
        (
            "HOST: db.example.org:5432",
            "HOST: db.example.org\n  PORT: \"5432\"",
        ),
        (
            "HOST: db.example.org:5432\n  PORT: \"5432\"",
            "HOST: db.example.org\n  PORT: \"5432\"",
        ),
        (
            "HOST: db.example.org:5432\n  PORT: \"5433\"",
            "HOST: db.example.org:5432\n  PORT: \"5433\"",
        ),
    ] {
        let document = |host: &str| {
            format!(
                "Name: a\nConnectionType: JDBC\nConnectionProperties:\n  {host}\n  JDBC_ENGINE: postgresql\n  JDBC_ENFORCE_SSL: \"true\"\n  SECRET_ID: a/b\n"
            )
        };
        let fixed = fix(Source::new("a.yaml", document(before)), &OPTIONS, &any);
        assert_eq!(fixed.source.text, document(after));
    }
}

#[test]
fn a_name_that_is_mended_stays_aligned() {
    let connector = |key: &str| {
        format!(
            "resource \"aws_glue_connection\" \"a\" {{\n  name = \"a\"\n  connection_type = \"CUSTOM\"\n  \
             connection_properties = {{\n    {key} \"Jdbc\"\n    CONNECTOR_CLASS_NAME = \"a.B\"\n    \
             CONNECTOR_URL        = \"s3://acme-drivers/a.jar\"\n    SECRET_ID            = \"a/b\"\n  }}\n}}\n"
        )
    };
    for (before, after) in [
        ("CONNECTION_TYPE      =", "CONNECTOR_TYPE       ="),
        ("\"CONNECTION_TYPE\"    =", "\"CONNECTOR_TYPE\"     ="),
        ("CONNECTION_TYPE =", "CONNECTOR_TYPE ="),
        ("CONNECTION_TYPE=", "CONNECTOR_TYPE="),
    ] {
        assert_fixed("a.tf", &connector(before), &connector(after));
    }
}

#[test]
fn commas_behind_the_last_entry_go() {
    assert_fixed(
        "a.json",
        "{\"Name\": \"a\", \"ConnectionType\": \"NETWORK\", \"MatchCriteria\": [\"x\" ,\n ],\n\"ConnectionProperties\": {},}\n",
        "{\"Name\": \"a\", \"ConnectionType\": \"NETWORK\", \"MatchCriteria\": [\"x\" \n ],\n\"ConnectionProperties\": {}}\n",
    );
}

// ---- what is not a text -----------------------------------------------------------------------

#[test]
fn a_single_item_is_written_as_a_list() {
    let yaml = |groups: &str| {
        format!(
            "Name: a\nConnectionType: NETWORK\nConnectionProperties: {{}}\nPhysicalConnectionRequirements:\n  SubnetId: subnet-0a1b2c3d4e5f60718\n  SecurityGroupIdList: {groups}\n  AvailabilityZone: eu-west-1a\n"
        )
    };
    for (before, after) in [
        ("sg-0a1b2c3d4e5f60718", "[sg-0a1b2c3d4e5f60718]"),
        (
            "'sg-0a1b2c3d4e5f60718' # one",
            "['sg-0a1b2c3d4e5f60718'] # one",
        ),
        ("&a sg-0a1b2c3d4e5f60718", "&a sg-0a1b2c3d4e5f60718"),
        (
            "sg-0a1b2c3d4e5f60718,sg-0f1b2c3d4e5f60718",
            "sg-0a1b2c3d4e5f60718,sg-0f1b2c3d4e5f60718",
        ),
    ] {
        let fixed = fix(Source::new("a.yaml", yaml(before)), &OPTIONS, &any);
        assert_eq!(fixed.source.text, yaml(after));
    }
}

#[test]
fn crossplane_blocks_are_taken_out_of_their_lists() {
    let manifest = |block: &str| {
        format!(
            "apiVersion: glue.aws.upbound.io/v1beta2\nkind: Connection\nmetadata:\n  name: a\nspec:\n  forProvider:\n    region: eu-west-1\n    catalogId: \"123456789012\"\n    connectionType: NETWORK\n{block}"
        )
    };
    for (before, after) in [
        (
            "    physicalConnectionRequirements:\n      - subnetId: subnet-0a1b2c3d4e5f60718 # here\n        availabilityZone: eu-west-1a\n        securityGroupIdList:\n          - sg-0a1b2c3d4e5f60718\n",
            "    physicalConnectionRequirements:\n        subnetId: subnet-0a1b2c3d4e5f60718 # here\n        availabilityZone: eu-west-1a\n        securityGroupIdList:\n          - sg-0a1b2c3d4e5f60718\n",
        ),
        (
            "    physicalConnectionRequirements: [ {subnetId: subnet-0a1b2c3d4e5f60718, availabilityZone: eu-west-1a, securityGroupIdList: [sg-0a1b2c3d4e5f60718]} ]\n",
            "    physicalConnectionRequirements: {subnetId: subnet-0a1b2c3d4e5f60718, availabilityZone: eu-west-1a, securityGroupIdList: [sg-0a1b2c3d4e5f60718]}\n",
        ),
        // No further in than its key, it would be no value of that.
        (
            "    physicalConnectionRequirements:\n    - subnetId: subnet-0a1b2c3d4e5f60718\n      availabilityZone: eu-west-1a\n      securityGroupIdList: [sg-0a1b2c3d4e5f60718]\n",
            "    physicalConnectionRequirements:\n      subnetId: subnet-0a1b2c3d4e5f60718\n      availabilityZone: eu-west-1a\n      securityGroupIdList: [sg-0a1b2c3d4e5f60718]\n",
        ),
    ] {
        let fixed = fix(Source::new("a.yaml", manifest(before)), &OPTIONS, &safe);
        assert_eq!(
            fixed.source.text,
            manifest(after),
            "{:#?}",
            fixed.report.findings
        );
    }
}

#[test]
fn jobs_refer_to_connections_by_name() {
    let module = |connections: &str| {
        format!(
            "resource \"aws_glue_connection\" \"a\" {{\n  name            = \"a\"\n  connection_type = \"NETWORK\"\n  physical_connection_requirements {{\n    subnet_id              = \"subnet-0a1b2c3d4e5f60718\"\n    availability_zone      = \"eu-west-1a\"\n    security_group_id_list = [\"sg-0a1b2c3d4e5f60718\"]\n  }}\n}}\n\nresource \"aws_glue_job\" \"a\" {{\n  name        = \"a\"\n  role_arn    = \"x\"\n  connections = [{connections}] # all\n}}\n"
        )
    };
    for (before, after) in [
        ("aws_glue_connection.a.id", "aws_glue_connection.a.name"),
        (
            "\"${aws_glue_connection.a.arn}\"",
            "\"${aws_glue_connection.a.name}\"",
        ),
    ] {
        let fixed = fix(Source::new("main.tf", module(before)), &OPTIONS, &safe);
        assert_eq!(
            fixed.source.text,
            module(after),
            "{:#?}",
            fixed.report.findings
        );
    }
}

#[test]
fn templates_get_the_catalog_of_the_account() {
    let members = "Name: a, ConnectionType: NETWORK, ConnectionProperties: {}, PhysicalConnectionRequirements: {SubnetId: subnet-0a1b2c3d4e5f60718, AvailabilityZone: eu-west-1a, SecurityGroupIdList: [sg-0a1b2c3d4e5f60718]}";
    let head = "Resources:\n  A:\n    Type: AWS::Glue::Connection\n    Properties:";
    for (before, after) in [
        (
            format!("{head}\n      # all of it\n      ConnectionInput: {{{members}}}\n"),
            format!(
                "{head}\n      # all of it\n      CatalogId: !Ref AWS::AccountId\n      ConnectionInput: {{{members}}}\n"
            ),
        ),
        (
            format!("{head} {{ConnectionInput: {{{members}}}}}\n"),
            format!(
                "{head} {{CatalogId: !Ref \"AWS::AccountId\", ConnectionInput: {{{members}}}}}\n"
            ),
        ),
    ] {
        assert_fixed("a.yaml", &before, &after);
    }
    let json = |catalog: &str| {
        format!(
            "{{\"Resources\": {{\"A\": {{\"Type\": \"AWS::Glue::Connection\", \"Properties\": {{\n  {catalog}\"ConnectionInput\": {{\"Name\": \"a\", \"ConnectionType\": \"NETWORK\", \"ConnectionProperties\": {{}}, \"PhysicalConnectionRequirements\": {{\"SubnetId\": \"subnet-0a1b2c3d4e5f60718\", \"AvailabilityZone\": \"eu-west-1a\", \"SecurityGroupIdList\": [\"sg-0a1b2c3d4e5f60718\"]}}}}\n}}}}}}}}\n"
        )
    };
    assert_fixed(
        "a.json",
        &json(""),
        &json("\"CatalogId\": {\"Ref\": \"AWS::AccountId\"},\n  "),
    );
}

#[test]
fn a_heredoc_of_one_line_is_written_in_quotes() {
    let module = |secret: &str| {
        format!(
            "resource \"aws_glue_connection\" \"a\" {{\n  name = \"a\"\n  connection_properties = {{\n    JDBC_CONNECTION_URL = \"jdbc:mysql://a.example.org:3306/x\"\n    JDBC_ENFORCE_SSL    = \"true\"\n    SECRET_ID           = {secret}\n  }}\n}}\n"
        )
    };
    for (before, after) in [
        ("<<EOF\norders/etl\nEOF", "\"orders/etl\""),
        ("<<-EOF\n      orders/etl\n    EOF", "\"orders/etl\""),
        ("<<EOF\norders/${var.x}\nEOF", "<<EOF\norders/${var.x}\nEOF"),
        ("<<EOF\norders\netl\nEOF", "<<EOF\norders\netl\nEOF"),
    ] {
        let fixed = fix(Source::new("main.tf", module(before)), &OPTIONS, &safe);
        assert_eq!(
            fixed.source.text,
            module(after),
            "{:#?}",
            fixed.report.findings
        );
    }
}

#[test]
fn what_is_empty_goes_unless_it_is_needed() {
    for (before, after) in [
        ("  MatchCriteria: [x, \"\"]\n", "  MatchCriteria: [x]\n"),
        (
            "  MatchCriteria: # none\n    - \"\"\n",
            "  MatchCriteria: # none\n    []\n",
        ),
        (
            "  MatchCriteria:\n    - \"\" # none\n",
            "  MatchCriteria: [] # none\n",
        ),
        (
            "  AuthenticationConfiguration:\n    SecretArn:\n",
            "  AuthenticationConfiguration: {}\n",
        ),
        ("  Description:\n", ""),
        // Somebody wants a subnet there.
        (
            "  PhysicalConnectionRequirements:\n    SubnetId: \"\"\n    SecurityGroupIdList: \
             [sg-0a1b2c3d]\n    AvailabilityZone: null\n",
            "  PhysicalConnectionRequirements:\n    SubnetId: \"\"\n    SecurityGroupIdList: \
             [sg-0a1b2c3d]\n    AvailabilityZone: null\n",
        ),
    ] {
        let document = |members: &str| {
            format!(
                "ConnectionInput:\n  Name: a\n  ConnectionType: KAFKA\n{members}  \
                 ConnectionProperties:\n    KAFKA_BOOTSTRAP_SERVERS: a.example.org:9094\n"
            )
        };
        let fixed = fix(Source::new("a.yaml", document(before)), &OPTIONS, &safe);
        assert_eq!(
            fixed.source.text,
            document(after),
            "{:#?}",
            fixed.report.findings
        );
    }
}

#[test]
fn an_empty_property_goes_if_it_has_a_default() {
    let cert = "b1.example.org:9094,b2.example.org:9094\n  KAFKA_CUSTOM_CERT: \"\"";
    let document = |servers: &str, secret: &str| {
        format!(
            "Name: a\nConnectionType: KAFKA\nConnectionProperties:\n  KAFKA_BOOTSTRAP_SERVERS: {servers}\n  SECRET_ID: {secret}\n"
        )
    };
    let whole = "b1.example.org:9094,b2.example.org:9094";
    for (before, after) in [
        (document(cert, "a/b"), document(whole, "a/b")),
        (document(whole, "\"\""), document(whole, "\"\"")),
    ] {
        let fixed = fix(Source::new("a.yaml", before), &OPTIONS, &safe);
        assert_eq!(fixed.source.text, after, "{:#?}", fixed.report.findings);
    }
}

#[test]
fn a_name_beside_the_input_moves_into_it() {
    assert_fixed(
        "a.yaml",
        "Resources:\n  A:\n    Type: AWS::Glue::Connection\n    Properties:\n      CatalogId: !Ref AWS::AccountId\n      Name: a\n      ConnectionInput:\n        ConnectionType: NETWORK\n        PhysicalConnectionRequirements: !Ref X\n",
        "Resources:\n  A:\n    Type: AWS::Glue::Connection\n    Properties:\n      CatalogId: !Ref AWS::AccountId\n      ConnectionInput:\n        ConnectionType: NETWORK\n        Name: \"a\"\n        PhysicalConnectionRequirements: !Ref X\n",
    );
}
