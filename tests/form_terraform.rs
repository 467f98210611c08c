//! Terraform modules: recognition, places, how far literals carry, what is unknown, and secrets.

mod linted;

use gluelint::form;
use gluelint::lint::{FileReport, Options, Report, lint_unit};
use gluelint::report::{RENDERERS, Style};
use gluelint::spec::Severity;
use gluelint::text::{Place, Source, Unit};
use linted::{CANARY, assert_labelled};

fn lint(text: &str, least: Severity) -> FileReport {
    linted::lint("main.tf", text, least)
}

#[track_caller]
fn assert_found(text: &str, expected: &[(&str, &str, &[&str])]) {
    assert_labelled("main.tf", text, expected);
}

const PLACEMENT: &str = "\n  physical_connection_requirements {\n    \
     subnet_id              = aws_subnet.a.id\n    \
     availability_zone      = aws_subnet.a.availability_zone\n    \
     security_group_id_list = [aws_security_group.glue.id]\n  }";

/// A resource with these properties, and with what else stands in the file.
fn module(properties: &str, rest: &str) -> String {
    format!(
        "resource \"aws_glue_connection\" \"orders\" {{\n  name = \"orders\"\n\n  \
         connection_properties = {properties}\n{PLACEMENT}\n}}\n{rest}"
    )
}

fn with_url(url: &str, rest: &str) -> String {
    module(
        &format!("{{\n    JDBC_CONNECTION_URL = {url}\n    SECRET_ID = \"orders/etl\"\n  }}"),
        rest,
    )
}

#[test]
fn good_modules_are_silent() {
    assert_found(
        &with_url(
            "\"jdbc:postgresql://${aws_db_instance.db.address}:5432/orders\"",
            "",
        ),
        &[],
    );
    assert_found(&with_url("var.url", "variable \"url\" {}\n"), &[]);
    assert_found(
        &module(
            "{ JDBC_CONNECTION_URL = \"jdbc:postgresql://db.example.org:5432/x\", PORT = 5432, \
             JDBC_ENFORCE_SSL = true, SECRET_ID = aws_secretsmanager_secret.s.name }",
            "",
        ),
        &[],
    );
}

#[test]
fn resources_are_told_from_what_only_looks_like_them() {
    for text in [
        "data \"aws_glue_connection\" \"x\" {\n  id = \"123456789012:x\"\n}\n",
        "# resource \"aws_glue_connection\" \"x\" {}\n",
        "resource \"aws_dx_connection\" \"aws_glue_connection\" {\n  name = \"x\"\n}\n",
        "variable \"aws_glue_connection\" {\n  default = { PORT = \"80\" }\n}\n",
        "output \"x\" {\n  value = aws_glue_connection.x.name\n}\n",
    ] {
        assert_eq!(lint(text, Severity::Info).connections, 0, "{text}");
    }
    assert!(form::may_hold_connection(
        b"resource \"aws_glue_connection\" \"x\" {}"
    ));
}

#[test]
fn defects_are_found_where_they_stand() {
    assert_found(
        &with_url("\"jdbc:postgresql://${var.host}:99999/orders\"", ""),
        &[("port-out-of-range", "99999", &[])],
    );
    assert_found(
        &with_url(
            "trimspace(<<-EOT\n      jdbc:postgresql://${var.host}:99999/orders\n    EOT\n    )",
            "",
        ),
        &[("port-out-of-range", "99999", &[])],
    );
    assert_found(
        &with_url(
            "<<-EOT\n      jdbc:postgresql://${var.host}:99999/orders\n    EOT",
            "",
        ),
        &[
            (
                "line-break-in-value",
                "jdbc:postgresql://${var.host}:99999/orders",
                &[],
            ),
            ("port-out-of-range", "99999", &[]),
        ],
    );
    assert_found(
        &with_url("\"jdbc:x\"", "").replace(
            "name = \"orders\"",
            "connection_type = \"SFTP\"\nname = \"orders\"",
        ),
        &[("unsupported-connection-type", "\"SFTP\"", &[])],
    );
    let report = lint(
        &with_url("\"jdbc:postgresql://h:99999/orders\"", ""),
        Severity::Warning,
    );
    let paths: Vec<&str> = report.findings.iter().map(|f| f.path.as_str()).collect();
    assert_eq!(
        paths,
        ["aws_glue_connection.orders.connection_properties.JDBC_CONNECTION_URL"]
    );
}

#[test]
fn variables_and_locals_carry_to_where_they_are_used() {
    let variable = "variable \"port\" {\n  default = 99999\n}\n";
    assert_found(
        &with_url(
            "\"jdbc:postgresql://h.example.org:${var.port}/orders\"",
            variable,
        ),
        &[("port-out-of-range", "${var.port}", &["99999"])],
    );
    let local = "locals {\n  url = \"jdbc:postgresql://h.example.org:${local.port}/orders\"\n  port = 99999\n}\n";
    assert_found(
        &with_url("local.url", local),
        &[(
            "port-out-of-range",
            "local.url",
            &[
                "\"jdbc:postgresql://h.example.org:${local.port}/orders\"",
                "99999",
            ],
        )],
    );
    // A map is judged where it is written.
    let local = "locals {\n  properties = {\n    JDBC_CONNECTION_URL = \"jdbc:mysql://h.example.org:99999/x\"\n    \
                 SECRET_ID = \"s\"\n  }\n}\n";
    assert_found(
        &module("local.properties", local),
        &[("port-out-of-range", "99999", &[])],
    );
    // What says "not set", what has to be given, and what is checked by its own validation.
    for variable in [
        "variable \"url\" {\n  default = \"\"\n}",
        "variable \"url\" {\n  default = null\n}",
        "variable \"url\" {}",
        "variable \"url\" {\n  default = \"jdbc:x\"\n  validation {\n    condition = var.url != \"\"\n    error_message = \"x\"\n  }\n}",
        "variable \"url\" {\n  default = \"jdbc:x\"\n}\nvariable \"url\" {\n  default = \"jdbc:y\"\n}",
        "",
    ] {
        assert_found(&with_url("var.url", variable), &[]);
    }
    for local in [
        "locals {\n  url = local.url\n}",
        "locals {\n  url = local.a\n  a = local.url\n}",
    ] {
        assert_found(&with_url("local.url", local), &[]);
    }
}

#[test]
fn both_branches_of_a_condition_are_judged() {
    assert_found(
        &with_url(
            "var.x ? \"jdbc:mysql://a.example.org:99999/x\" : \"jdbc:mysql://b.example.org:88888/x\"",
            "",
        ),
        &[
            ("port-out-of-range", "99999", &[]),
            ("port-out-of-range", "88888", &[]),
        ],
    );
    // Nothing as one of two is "not set".
    assert_found(&with_url("var.x ? \"\" : var.y", ""), &[]);
    assert_found(&with_url("var.x ? null : var.y", ""), &[]);
    assert_found(&module("var.x ? {} : var.y", ""), &[]);
}

#[test]
fn functions_of_literals_are_read() {
    for (url, part) in [
        (
            "join(\":\", [\"jdbc:mysql://a.example.org\", \"99999/x\"])",
            "99999",
        ),
        ("format(\"jdbc:mysql://%s:99999/x\", var.host)", "99999"),
        ("format(\"jdbc:mysql://%s:%d/x\", var.host, 99999)", "99999"),
        ("tostring(\"jdbc:mysql://a.example.org:99999/x\")", "99999"),
        (
            "coalesce(var.url, \"jdbc:mysql://a.example.org:99999/x\")",
            "99999",
        ),
        (
            "lookup({ a = \"jdbc:mysql://a.example.org:99999/x\" }, \"a\")",
            "99999",
        ),
        (
            "lookup(var.urls, \"a\", \"jdbc:mysql://a.example.org:99999/x\")",
            "99999",
        ),
        (
            "[\"a\", \"jdbc:mysql://a.example.org:99999/x\"][1]",
            "99999",
        ),
        (
            "{ a = { b = \"jdbc:mysql://a.example.org:99999/x\" } }.a[\"b\"]",
            "99999",
        ),
    ] {
        assert_found(&with_url(url, ""), &[("port-out-of-range", part, &[])]);
    }
    for url in [
        "replace(\"jdbc:mysql://a:99999/x\", \"99999\", \"3306\")",
        "format(\"jdbc:mysql://%s:%05d/x\", var.host, 99999)",
        "\"jdbc:mysql://h:%{ if var.x }99999%{ else }3306%{ endif }/x\"",
        "element([for p in [99999] : p], 0)",
        "file(\"99999\")",
        "templatefile(\"jdbc:x\", { port = 99999 })",
        "lookup(var.urls, \"a\", \"\")",
        "try(var.url, \"\")",
        "merge(local.a...)[\"x\"]",
    ] {
        assert_found(&with_url(url, ""), &[]);
    }
}

#[test]
fn merged_maps_are_one() {
    let url = "JDBC_CONNECTION_URL = \"jdbc:mysql://h.example.org:3306/x\"";
    // The last of a name is in force.
    assert_found(
        &module(
            &format!("merge({{ {url}, SECRET_ID = \"s\", PORT = \"80\" }}, {{ PORT = \"3306\" }})"),
            "",
        ),
        &[],
    );
    assert_found(
        &module(
            &format!("merge({{ {url}, SECRET_ID = \"s\" }}, {{ PORT = \"80\" }})"),
            "",
        )
        .replace(":3306/", "/"),
        &[("port-out-of-range", "\"80\"", &[])],
    );
    // What cannot be seen may add anything; what is written is judged all the same.
    assert_found(&module("merge({ USERNAME = \"etl\" }, var.extra)", ""), &[]);
    assert_found(
        &module("merge({ PORT = \"80\" }, var.extra)", ""),
        &[("port-out-of-range", "\"80\"", &[])],
    );
    assert_found(
        &module(
            &format!("merge({{ {url} }}, var.x ? {{ SECRET_ID = \"s\" }} : {{}})"),
            "",
        ),
        &[],
    );
}

#[test]
fn blocks_may_be_dynamic() {
    let text = |for_each: &str, zone: &str| {
        with_url("var.url", "").replace(
            PLACEMENT,
            &format!(
                "\n  dynamic \"physical_connection_requirements\" {{\n    for_each = {for_each}\n    \
                 iterator = it\n    content {{\n      subnet_id = it.value.subnet\n      \
                 availability_zone = {zone}\n      security_group_id_list = it.value.groups\n    }}\n  }}"
            ),
        )
    };
    for for_each in ["var.x ? [var.x] : []", "var.x", "[var.x]", "[]"] {
        assert_found(&text(for_each, "it.value.zone"), &[]);
        let expected: &[(&str, &str, &[&str])] = &[("not-an-availability-zone", "eu-west-1", &[])];
        let expected = if for_each == "[]" { &[] } else { expected };
        assert_found(&text(for_each, "\"eu-west-1\""), expected);
    }
    assert_found(
        &text(
            "[{ subnet = \"vpc-0a1b2c3d\", groups = [\"sg-0a1b2c3d\"], zone = \"eu-west-1a\" }]",
            "it.value.zone",
        ),
        &[(
            "malformed-subnet-id",
            "it.value.subnet",
            &["\"vpc-0a1b2c3d\""],
        )],
    );
    // A network without a network.
    let network = |for_each: &str| {
        text(for_each, "it.value.zone")
            .replace(
                "name = \"orders\"",
                "name = \"orders\"\n  connection_type = \"NETWORK\"",
            )
            .replace(
                "    JDBC_CONNECTION_URL = var.url\n    SECRET_ID = \"orders/etl\"\n",
                "",
            )
    };
    assert_found(&network("var.x ? [1] : []"), &[]);
    assert_found(
        &network("[]"),
        &[("network-without-placement", "\"orders\"", &[])],
    );
}

#[test]
fn a_resource_is_read_for_each_of_its_instances() {
    let text = |for_each: &str| {
        with_url("each.value.url", "").replace(
            "name = \"orders\"",
            &format!(
                "for_each = {for_each}\n  name = each.key\n  connection_type = each.value.kind"
            ),
        )
    };
    let all = "{\n  a = { url = \"jdbc:mysql://h.example.org:99999/x\", kind = \"JDBC\" }\n  \
               b = { url = \"jdbc:mysql://h.example.org:3306/x\", kind = \"JDBC\" }\n}";
    let url = "\"jdbc:mysql://h.example.org:99999/x\"";
    let expected: &[(&str, &str, &[&str])] = &[("port-out-of-range", "each.value.url", &[url])];
    assert_found(&text(all), expected);
    assert_found(
        &(text("local.all") + "locals {\n  all = " + all + "\n}\n"),
        expected,
    );
    assert_found(
        &(text("var.all") + "variable \"all\" {\n  default = " + all + "\n}\n"),
        expected,
    );
    assert_found(&text("var.all"), &[]);
    assert_found(
        &text("toset([\"a\", \"b\"])")
            .replace("each.value.url", "\"jdbc:x\"")
            .replace("each.value.kind", "\"NETWORK\"")
            .replace(
                "JDBC_CONNECTION_URL = \"jdbc:x\"\n    SECRET_ID = \"orders/etl\"",
                "",
            ),
        &[],
    );
    // What is wrong in all of them is said once.
    assert_found(
        &text(all).replace("each.value.url", "\"jdbc:mysql://h.example.org:77777/x\""),
        &[("port-out-of-range", "77777", &[])],
    );
}

#[test]
fn a_resource_is_read_as_often_as_it_counts() {
    let text = |count: &str, rest: &str| {
        with_url(
            "\"jdbc:mysql://h.example.org:${local.ports[count.index]}/x\"",
            rest,
        )
        .replace(
            "name = \"orders\"",
            &format!("count = {count}\n  name = \"orders-${{count.index}}\""),
        )
    };
    let ports = "locals {\n  ports = [3306, 99999]\n}\n";
    let expected: &[(&str, &str, &[&str])] = &[(
        "port-out-of-range",
        "${local.ports[count.index]}",
        &["99999"],
    )];
    for count in ["2", "length(local.ports)"] {
        assert_found(&text(count, ports), expected);
    }
    for count in ["1", "0", "var.count", "var.x ? 1 : 0", "length(var.ports)"] {
        assert_found(&text(count, ports), &[]);
    }
}

#[test]
fn json_is_the_same_module() {
    let json = r#"{
  "//": {"metadata": {}},
  "variable": {"port": {"default": 99999}},
  "resource": {
    "aws_glue_connection": {
      "orders": [{
        "//": {"metadata": {"path": "stack/orders", "uniqueId": "orders"}},
        "name": "${var.name}",
        "connection_properties": {
          "JDBC_CONNECTION_URL": "jdbc:mysql://${aws_db_instance.x.address}:${var.port}/x",
          "SECRET_ID": "${lookup(var.secrets, \"orders\")}"
        },
        "physical_connection_requirements": {
          "subnet_id": "${aws_subnet.a.id}",
          "availability_zone": "eu-west-1",
          "security_group_id_list": ["${aws_security_group.a.id}"]
        }
      }]
    }
  }
}"#;
    for name in ["main.tf.json", "cdk.tf.json", "main.tofu.json"] {
        assert_labelled(
            name,
            json,
            &[
                ("port-out-of-range", "${var.port}", &["99999"]),
                ("not-an-availability-zone", "eu-west-1", &[]),
            ],
        );
        let report = linted::lint(name, json, Severity::Warning);
        assert_eq!(report.findings[0].connection, "stack/orders");
    }
}

#[test]
fn the_other_provider_is_read_too() {
    let text = |port: &str| {
        format!(
            "resource \"awscc_glue_connection\" \"orders\" {{\n  catalog_id = \"123456789012\"\n  \
             connection_input = {{\n    name = \"orders\"\n    connection_type = \"JDBC\"\n    \
             connection_properties = jsonencode({{\n      JDBC_CONNECTION_URL = \"jdbc:mysql://h.example.org:{port}/x\"\n      \
             SECRET_ID = aws_secretsmanager_secret.s.name\n    }})\n    \
             physical_connection_requirements = {{\n      subnet_id = var.subnet\n      \
             availability_zone = var.zone\n      security_group_id_list = var.groups\n    }}\n  }}\n}}\n"
        )
    };
    assert_found(&text("3306"), &[]);
    assert_found(&text("99999"), &[("port-out-of-range", "99999", &[])]);
}

#[test]
fn values_that_multiply_come_to_an_end() {
    let mut text = with_url("local.a0", "locals {\n");
    for index in 0..40 {
        let next = format!("local.a{}", index + 1);
        text.push_str(&format!("  a{index} = [{next}, {next}, {next}, {next}]\n"));
    }
    text.push_str("  a40 = \"x\"\n}\n");
    assert_eq!(lint(&text, Severity::Info).connections, 1);
}

#[test]
fn no_secret_is_shown() {
    let passwords = [
        format!("\"{CANARY}\""),
        format!("var.x ? \"{CANARY}\" : var.y"),
        format!("sensitive(\"{CANARY}\")"),
        format!("coalesce(var.y, \"{CANARY}\")"),
        format!("base64decode(\"{CANARY}\")"),
        format!("\"${{replace(\"{CANARY}\", \"a\", \"b\")}}\""),
        format!("\"%{{ if var.x }}{CANARY}%{{ endif }}\""),
        format!("<<EOT\n{CANARY}\nEOT"),
        format!("join(\"\", [\"{CANARY}\", var.x])"),
        format!("element([for x in [\"{CANARY}\"] : x], 0)"),
        "var.secret".to_owned(),
        "local.secret".to_owned(),
        "lookup(var.secrets, \"x\")".to_owned(),
        "var.secrets[\"x\"]".to_owned(),
        "base64decode(var.secret)".to_owned(),
    ];
    for password in passwords {
        let text = module(
            &format!(
                "{{\n    JDBC_CONNECTION_URL = \"jdbc:mysql://h:99999/x\"\n    USERNAME = \"etl\"\n    PASSWORD = {password}\n    PORT = \"1\"\n  }}"
            ),
            &format!(
                "variable \"secret\" {{\n  default = \"{CANARY}\"\n}}\nvariable \"secrets\" {{\n  default = {{ x = \"{CANARY}\" }}\n}}\n\
                 locals {{\n  secret = \"{CANARY}\"\n}}\n\
                 variable \"db_password\" {{\n  type = string\n  default = \"{CANARY}\"\n}}\n"
            ),
        );
        let file = lint(&text, Severity::Info);
        assert!(!file.findings.is_empty());
        let is_used = |what: &str| password.contains(what);
        // What nothing calls a secret is shown as it is.
        let mut shown = file.document.text.clone();
        if !is_used("var.secret)") && password != "var.secret" {
            shown = shown.replace(
                &format!("variable \"secret\" {{\n  default = \"{CANARY}\""),
                "",
            );
        }
        if !is_used("var.secrets") {
            shown = shown.replace(&format!("x = \"{CANARY}\" }}"), "");
        }
        if !is_used("local.secret") {
            shown = shown.replace(&format!("locals {{\n  secret = \"{CANARY}\""), "");
        }
        assert!(
            !shown.contains(CANARY),
            "{password}\n{}",
            file.document.text
        );
        let mut report = Report::default();
        report.add(file);
        for renderer in RENDERERS {
            let mut out = Vec::new();
            (renderer.render)(&report, &Style::default(), &mut out).unwrap();
            let out = String::from_utf8(out).unwrap();
            let at = out.find(&format!("PASSWORD = {password}"));
            assert!(at.is_none() || !password.contains(CANARY), "{out}");
        }
    }
}

// ---- several files ----------------------------------------------------------------------------

/// A file and a text in it.
type Part = (String, String);

/// What is found in a folder: the file, the rule, the text under it, and each label with its file.
fn found_in(files: &[(&str, &str)]) -> Vec<(String, &'static str, String, Vec<Part>)> {
    let mut unit = Unit::default();
    for (name, text) in files {
        unit.push(Source::new(*name, *text), true);
    }
    let options = Options::default();
    let mut found = Vec::new();
    for report in lint_unit(&unit, &options) {
        for finding in &report.findings {
            let text = |place: Place| {
                let document = report.document_at(place);
                let part = place.span.slice(&document.text);
                (document.name.clone(), part.to_owned())
            };
            let (file, part) = text(finding.place);
            let labels = finding.labels.iter().map(|label| text(label.place));
            found.push((file, finding.rule.name, part, labels.collect()));
        }
    }
    found
}

#[test]
fn values_come_from_other_files_of_the_folder() {
    let main = with_url("\"jdbc:mysql://h.example.org:${var.port}/x\"", "");
    let variables = "variable \"port\" {\n  default = 3306\n}\n";
    assert_eq!(
        found_in(&[("m/main.tf", &main), ("m/variables.tf", variables)]),
        []
    );
    let bad = variables.replace("3306", "99999");
    let label = |file: &str| vec![(file.to_owned(), "99999".to_owned())];
    let found = |file: &str| {
        let main = "m/main.tf".to_owned();
        vec![(
            main,
            "port-out-of-range",
            "${var.port}".to_owned(),
            label(file),
        )]
    };
    assert_eq!(
        found_in(&[("m/main.tf", &main), ("m/variables.tf", &bad)]),
        found("m/variables.tf")
    );
    // What is assigned is in force, the last file most of all.
    let values = "port = 99999\n";
    let all = |last: &'static str| {
        found_in(&[
            ("m/a.auto.tfvars", "port = 3306\n"),
            ("m/b.auto.tfvars", last),
            ("m/main.tf", &main),
            ("m/terraform.tfvars", "port = 1\n"),
            ("m/variables.tf", variables),
        ])
    };
    assert_eq!(all("port = 3306\n"), []);
    assert_eq!(all(values), found("m/b.auto.tfvars"));
    let json = r#"{"port": 99999}"#;
    assert_eq!(
        found_in(&[
            ("m/main.tf", &main),
            ("m/terraform.tfvars.json", json),
            ("m/variables.tf", variables)
        ]),
        found("m/terraform.tfvars.json")
    );
}

#[test]
fn override_files_replace_arguments() {
    let main = with_url("\"jdbc:mysql://h.example.org:99999/x\"", "");
    let good = "resource \"aws_glue_connection\" \"orders\" {\n  connection_properties = {\n    \
                JDBC_CONNECTION_URL = \"jdbc:mysql://h.example.org:3306/x\"\n    SECRET_ID = \"s\"\n  }\n}\n";
    assert_eq!(found_in(&[("main.tf", &main), ("override.tf", good)]), []);
    let bad = good.replace("3306", "88888");
    let found = found_in(&[("main.tf", &main), ("override.tf", &bad)]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(
        (found[0].0.as_str(), found[0].2.as_str()),
        ("override.tf", "88888")
    );
}

// ---- other resources --------------------------------------------------------------------------

const SUBNET: &str = "resource \"aws_subnet\" \"a\" {\n  availability_zone = \"eu-west-1a\"\n  vpc_id = var.vpc\n}\n";

fn placed(from: &str, to: &str, rest: &str) -> String {
    let text = with_url("var.url", rest);
    assert!(text.contains(from), "{from}");
    text.replace(from, to)
}

#[test]
fn references_are_judged_by_what_they_will_be() {
    let wrong = "reference-to-wrong-resource";
    let subnet = "subnet_id              = ";
    let is = |value: &str, expected: &[(&str, &str, &[&str])]| {
        let own = format!("{subnet}{value}");
        assert_found(
            &placed(&format!("{subnet}aws_subnet.a.id"), &own, ""),
            expected,
        );
    };
    is(
        "aws_security_group.a.id",
        &[(wrong, "aws_security_group.a.id", &[])],
    );
    is(
        "aws_subnet.b[0].arn",
        &[(wrong, "aws_subnet.b[0].arn", &[])],
    );
    is("data.aws_vpc.a.id", &[(wrong, "data.aws_vpc.a.id", &[])]);
    is(
        "var.x ? aws_subnet.b.id : aws_vpc.a.id",
        &[(wrong, "aws_vpc.a.id", &[])],
    );
    is("\"${aws_vpc.a.id}\"", &[(wrong, "aws_vpc.a.id", &[])]);
    for value in [
        "aws_subnet.b[var.index].id",
        "aws_subnet.b[\"x\"].id",
        "data.aws_subnet.b.id",
        "element(aws_subnet.b[*].id, 0)",
        "aws_subnet.b.something_new",
        "aws_something_new.b.id",
        "module.network.subnet_id",
        "local.subnet",
    ] {
        is(value, &[]);
    }
    let text = placed(
        "[aws_security_group.glue.id]",
        "[local.group]",
        &format!("locals {{\n  group = aws_subnet.a.id\n}}\n{SUBNET}"),
    );
    assert_found(&text, &[(wrong, "local.group", &["\"a\""])]);
    assert_found(
        &module(
            "{\n    JDBC_CONNECTION_URL = var.url\n    SECRET_ID = aws_ssm_parameter.s.name\n  }",
            "",
        ),
        &[(wrong, "aws_ssm_parameter.s.name", &[])],
    );
}

#[test]
fn a_zone_is_that_of_its_subnet() {
    let zone = "availability_zone      = ";
    let of = |value: &str| {
        let own = format!("{zone}{value}");
        placed(
            &format!("{zone}aws_subnet.a.availability_zone"),
            &own,
            SUBNET,
        )
    };
    assert_found(
        &of("\"eu-west-1b\""),
        &[(
            "zone-differs-from-subnet",
            "\"eu-west-1b\"",
            &["\"eu-west-1a\""],
        )],
    );
    for value in [
        "\"eu-west-1a\"",
        "var.zone",
        "aws_subnet.a.availability_zone",
        "data.aws_subnet.b.availability_zone",
    ] {
        assert_found(&of(value), &[]);
    }
}

#[test]
fn security_groups_let_in_their_own_members() {
    let group = |ingress: &str| {
        format!("resource \"aws_security_group\" \"glue\" {{\n  vpc_id = var.vpc\n{ingress}}}\n")
    };
    let text = |rest: &str| with_url("var.url", rest);
    let closed = |rest: &str| {
        let report = lint(&text(rest), Severity::Warning);
        let names = report.findings.iter().map(|finding| finding.rule.name);
        assert_eq!(
            names.collect::<Vec<_>>(),
            ["security-group-without-self-reference"],
            "{rest}"
        );
    };
    let narrow = "  ingress {\n    from_port = 443\n    to_port = 443\n    protocol = \"tcp\"\n    cidr_blocks = [\"10.0.0.0/8\"]\n  }\n";
    closed(&group(""));
    closed(&group(narrow));
    closed(&(group(narrow) + "output \"x\" {\n  value = 1\n}\n"));
    let all = "from_port = 0\n    to_port = 65535\n    protocol = \"tcp\"\n    self = true\n";
    let rule = "type = \"ingress\"\n  from_port = 0\n  to_port = 0\n  protocol = -1\n  security_group_id = aws_security_group.glue.id\n";
    for rest in [
        group(&format!("  ingress {{\n    {all}  }}\n{narrow}")),
        group("  ingress = var.rules\n"),
        group(
            "  dynamic \"ingress\" {\n    for_each = var.rules\n    content {\n      self = ingress.value\n    }\n  }\n",
        ),
        group("")
            + &format!(
                "resource \"aws_security_group_rule\" \"r\" {{\n  {rule}  self = true\n}}\n"
            ),
        group("")
            + &format!(
                "resource \"aws_security_group_rule\" \"r\" {{\n  {rule}  source_security_group_id = aws_security_group.glue.id\n}}\n"
            ),
        group("")
            + &format!(
                "resource \"aws_security_group_rule\" \"r\" {{\n  count = var.x\n  {rule}  self = true\n}}\n"
            ),
        group("")
            + "resource \"aws_vpc_security_group_ingress_rule\" \"r\" {\n  security_group_id = aws_security_group.glue.id\n  referenced_security_group_id = aws_security_group.glue.id\n  ip_protocol = -1\n}\n",
        group("")
            + "resource \"aws_security_group_rule\" \"r\" {\n  for_each = var.rules\n  security_group_id = each.value.group\n  type = each.value.type\n}\n",
        group("") + "output \"group\" {\n  value = aws_security_group.glue.id\n}\n",
        group("")
            + "module \"rules\" {\n  source = \"./rules\"\n  group = aws_security_group.glue.id\n}\n",
        group("") + "resource \"other_rule\" \"r\" {\n  group = aws_security_group.glue.id\n}\n",
        "data \"aws_security_group\" \"glue\" {}\n".to_owned(),
    ] {
        assert_found(&text(&rest), &[]);
    }
}

#[test]
fn connections_are_told_apart_and_named_by_their_names() {
    let one = with_url("var.url", "");
    let two = one.replace("\"orders\" {", "\"other\" {");
    assert_found(
        &format!("{one}{two}"),
        &[("duplicate-connection", "\"orders\"", &["\"orders\""])],
    );
    for other in [
        two.replace(
            "name = \"orders\"",
            "provider = aws.west\n  name = \"orders\"",
        ),
        two.replace("name = \"orders\"", "count = var.x\n  name = \"orders\""),
        two.replace("name = \"orders\"", "name = var.name"),
        two.replace(
            "name = \"orders\"",
            "catalog_id = var.account\n  name = \"orders\"",
        ),
    ] {
        assert_found(&format!("{one}{other}"), &[]);
    }
    let job = |names: &str| {
        format!(
            "{one}resource \"aws_glue_job\" \"load\" {{\n  name = \"load\"\n  connections = [{names}]\n}}\n"
        )
    };
    let by_id = "connection-referred-by-id";
    assert_found(
        &job("aws_glue_connection.orders.name, \"other\", var.x"),
        &[],
    );
    assert_found(
        &job("aws_glue_connection.orders.id"),
        &[(by_id, "aws_glue_connection.orders.id", &["\"load\""])],
    );
    assert_found(
        &format!(
            "{one}resource \"aws_glue_crawler\" \"c\" {{\n  jdbc_target {{\n    connection_name = aws_glue_connection.orders.arn\n    path = \"x/%\"\n  }}\n}}\n"
        ),
        &[(by_id, "aws_glue_connection.orders.arn", &["\"c\""])],
    );
}

#[test]
fn the_statements_of_a_template_in_a_text_are_not_known() {
    assert_found(
        &module("{}", "").replace(
            "name = \"orders\"",
            "name = \"orders\"\n  connection_type = \"{% if a %}NETWORK{% else %}JDBC{% endif %}\"",
        ),
        &[],
    );
}

/// The brokers of Amazon MSK that a reference lists are for one protocol.
#[test]
fn brokers_are_referred_to_for_the_protocol_that_is_spoken() {
    const RULE: &str = "broker-port-of-another-protocol";
    let kafka = |attribute: &str, settings: &str| {
        module(
            &format!("{{\n    KAFKA_BOOTSTRAP_SERVERS = {attribute}\n{settings}  }}"),
            "",
        )
        .replace(
            "name = \"orders\"",
            "name = \"orders\"\n  connection_type = \"KAFKA\"",
        )
    };
    let iam = "    KAFKA_SASL_MECHANISM = \"AWS_MSK_IAM\"\n";
    let scram = "    KAFKA_SASL_MECHANISM = \"SCRAM-SHA-512\"\n    \
                 KAFKA_SASL_SCRAM_SECRETS_ARN = aws_secretsmanager_secret.a.arn\n";
    for (attribute, settings) in [
        ("aws_msk_cluster.a.bootstrap_brokers_tls", ""),
        ("aws_msk_cluster.a.bootstrap_brokers_public_sasl_iam", iam),
        ("aws_msk_cluster.a.bootstrap_brokers_sasl_scram", scram),
        (
            "data.aws_msk_bootstrap_brokers.a.bootstrap_brokers_sasl_iam",
            iam,
        ),
        // What is not known may be right.
        (
            "aws_msk_cluster.a.bootstrap_brokers",
            "    KAFKA_SSL_ENABLED = var.tls\n",
        ),
        (
            "aws_msk_cluster.a.bootstrap_brokers",
            "    KAFKA_SASL_MECHANISM = var.how\n",
        ),
        ("module.msk.bootstrap_brokers", ""),
    ] {
        assert_found(&kafka(attribute, settings), &[]);
    }
    for attribute in [
        "aws_msk_cluster.a.bootstrap_brokers",
        "aws_msk_cluster.a.bootstrap_brokers_sasl_iam",
        "aws_msk_cluster.a.bootstrap_brokers_vpc_connectivity_sasl_scram",
    ] {
        assert_found(&kafka(attribute, ""), &[(RULE, attribute, &[])]);
    }
    let tls = "aws_msk_cluster.a.bootstrap_brokers_public_tls";
    let text = kafka(tls, iam);
    assert_found(&text, &[(RULE, tls, &["\"AWS_MSK_IAM\""])]);
    let report = lint(&text, Severity::Warning);
    assert_eq!(
        report.findings[0].help.as_deref(),
        Some(
            "Take `aws_msk_cluster.a.bootstrap_brokers_public_sasl_iam`, or configure the \
             connection for what these brokers expect."
        )
    );
    let name = "aws_msk_serverless_cluster.a.cluster_name";
    assert_found(
        &kafka(name, iam),
        &[("reference-to-wrong-resource", name, &[])],
    );
}

#[test]
fn a_user_name_in_the_wrong_place_is_no_credential() {
    let text = module(
        "{\n    JDBC_CONNECTION_URL = \"jdbc:mysql://db.example.org:3306/orders\"\n    \
         USERNAME = var.db_password\n    PASSWORD = var.db_username\n  }",
        "variable \"db_username\" {}\nvariable \"db_password\" {}\n",
    );
    let report = lint(&text, Severity::Info);
    let rules: Vec<&str> = report.findings.iter().map(|it| it.rule.name).collect();
    assert_eq!(rules, ["tls-not-enforced", "swapped-credentials"]);
}

#[test]
fn the_class_of_a_driver_that_aws_glue_brings_needs_no_jar() {
    let driver = |class: &str| {
        module(
            &format!(
                "{{\n    JDBC_CONNECTION_URL = local.url\n    JDBC_DRIVER_CLASS_NAME = {class}\n    \
                 SECRET_ID = \"orders/etl\"\n  }}"
            ),
            "",
        )
    };
    for class in [
        "\"org.postgresql.Driver\"",
        "\"com.mysql.cj.jdbc.Driver\"",
        "var.class",
        "\"org.${var.engine}.Driver\"",
    ] {
        assert_found(&driver(class), &[]);
    }
    assert_found(
        &driver("\"com.ibm.db2.jcc.DB2Driver\""),
        &[("incomplete-driver", "JDBC_DRIVER_CLASS_NAME", &[])],
    );
}

#[test]
fn the_arn_of_a_secret_is_known_by_a_name() {
    const RULE: &str = "secret-arn-as-credential";
    let login = |user: &str, password: &str, rest: &str| {
        module(
            &format!(
                "{{\n    JDBC_CONNECTION_URL = local.url\n    USERNAME = {user}\n    \
                 PASSWORD = {password}\n  }}"
            ),
            rest,
        )
    };
    for password in [
        "module.db.master_user_secret_arn",
        "data.aws_ssm_parameter.rds_secret_arn.value",
        "aws_db_instance.a.master_user_secret[0].secret_arn",
    ] {
        let text = login("\"etl\"", password, "");
        assert_found(&text, &[(RULE, password, &[])]);
    }
    let text = login(
        "var.secret_arn",
        "var.secret_arn",
        "variable \"secret_arn\" {}\n",
    );
    assert_found(&text, &[(RULE, "var.secret_arn", &["var.secret_arn"])]);
    for password in [
        "jsondecode(data.aws_secretsmanager_secret_version.a.secret_string)[\"password\"]",
        "local.by_secret_arn[var.secret_arn]",
        "data.external.secret_arn.result",
        "data.aws_ssm_parameter.password.value",
    ] {
        assert_found(&login("\"etl\"", password, ""), &[]);
    }
    // Where it can be seen what it is, that is said once.
    let password = "aws_secretsmanager_secret.a.arn";
    let text = login("\"etl\"", password, "");
    assert_found(&text, &[("reference-to-wrong-resource", password, &[])]);
}

#[test]
fn what_a_parameter_of_systems_manager_is_called_tells() {
    let text = module(
        "{\n    JDBC_CONNECTION_URL = local.url\n    \
         USERNAME = data.aws_ssm_parameter.db_password.value\n    \
         PASSWORD = data.aws_ssm_parameter.db_username.value\n  }",
        "",
    );
    let (user, password) = (
        "data.aws_ssm_parameter.db_password.value",
        "data.aws_ssm_parameter.db_username.value",
    );
    assert_found(&text, &[("swapped-credentials", user, &[password])]);
}
