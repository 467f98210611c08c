//! Ansible: which tasks are connections, what the module makes of their parameters, and what may
//! not be seen.

use gluelint::form::{self, Connection, Presence, Shape, Stream, Value};
use gluelint::lint::{FileReport, Options, Report, lint_bytes};
use gluelint::report::{RENDERERS, Style};
use gluelint::spec::Severity;
use gluelint::syntax::{GAP, Language, Tree};

fn read(text: &str, look: &mut dyn FnMut(&Connection<'_>)) -> usize {
    let tree = Tree::read(text, Language::of("", text));
    assert!(tree.problems().is_empty(), "{:?}", tree.problems());
    let mut count = 0;
    for document in tree.documents() {
        if let Some(form) = form::form_of(document) {
            assert_eq!(form.name, "ansible", "{text}");
            (form.connections)(document, &Stream::of(&tree), &mut |connection| {
                count += 1;
                look(&connection);
            });
        }
    }
    assert!(
        count == 0 || form::may_hold_connection(text.as_bytes()),
        "the byte test misses:\n{text}"
    );
    count
}

fn lint(text: &str, least: Severity) -> FileReport {
    let options = Options {
        least,
        ..Options::default()
    };
    lint_bytes("play.yml", text.as_bytes().to_vec(), &options)
}

/// Rule, path and underlined text of each finding at warning and above.
fn found(text: &str) -> Vec<(&'static str, String, String)> {
    (lint(text, Severity::Warning).findings.iter())
        .map(|finding| {
            let underlined = finding.place.span.slice(text).to_owned();
            (finding.rule.name, finding.path.clone(), underlined)
        })
        .collect()
}

#[track_caller]
fn assert_found(text: &str, expected: &[(&str, &str, &str)]) {
    let found = found(text);
    let found: Vec<(&str, &str, &str)> = (found.iter())
        .map(|(rule, path, part)| (*rule, path.as_str(), part.as_str()))
        .collect();
    assert_eq!(found, expected, "{text}");
}

/// A list of one task, with these parameters.
fn task(parameters: &str) -> String {
    let parameters: String = (parameters.lines())
        .map(|line| format!("    {line}\n"))
        .collect();
    format!("- community.aws.glue_connection:\n{parameters}")
}

/// A task that is good but for these properties.
fn with_properties(properties: &str) -> String {
    let properties = properties.replace('\n', "\n  ");
    task(&format!(
        "name: orders\nstate: present\nconnection_properties:\n  {properties}\n"
    ))
}

const URL: &str =
    "JDBC_CONNECTION_URL: jdbc:postgresql://db.example.org:5432/orders\nSECRET_ID: orders/etl";

#[test]
fn tasks_are_found_wherever_they_stand() {
    let call = |module: &str| format!("{{{module}: {{name: a, state: present}}}}");
    let known = call("community.aws.glue_connection");
    for (text, paths) in [
        (format!("- {known}"), vec!["[0]"]),
        (
            format!("- {}", call("community.aws.aws_glue_connection")),
            vec!["[0]"],
        ),
        (format!("- {}", call("aws_glue_connection")), vec!["[0]"]),
        (format!("- {}", call("glue_connection")), vec!["[0]"]),
        (
            format!(
                "- hosts: all\n  pre_tasks: [{known}]\n  tasks: [{{debug: {{}}}}, {known}]\n  handlers: [{known}]\n"
            ),
            vec!["[0].pre_tasks[0]", "[0].tasks[1]", "[0].handlers[0]"],
        ),
        (
            format!("- block: [{{block: [{known}]}}]\n  rescue: [{known}]\n  always: [{known}]\n"),
            vec!["[0].block[0].block[0]", "[0].rescue[0]", "[0].always[0]"],
        ),
        (
            "[{\"glue_connection\": {\"state\": \"present\"}}]".to_owned(),
            vec!["[0]"],
        ),
    ] {
        let mut seen = Vec::new();
        read(&text, &mut |connection| seen.push(connection.path.clone()));
        assert_eq!(seen, paths, "{text}");
    }
}

#[test]
fn neighbours_are_silent() {
    for text in [
        "- glue_connection: {database: a}\n",
        "- aws_glue_connection: orders\n",
        "- community.aws.glue_connection: name=a state=present\n",
        "- community.aws.glue_job: {name: a, connections: [glue_connection]}\n",
        "- community.aws.glue_connection: {name: a, state: absent}\n",
        "glue_connection: {name: a, state: present}\n",
        "resource:\n  aws_glue_connection: {name: a}\n",
        "- vars: {glue_connection: {name: a, state: present}}\n",
        "- my.own.glue_connection: {name: a, state: present}\n",
    ] {
        assert_eq!(read(text, &mut |_| {}), 0, "{text}");
    }
    // Other names, and uses of the same that define nothing, are not even parsed.
    for text in [
        "name = aws_glue_connection.a.name : x",
        "my_glue_connection: a",
    ] {
        assert!(!form::may_hold_connection(text.as_bytes()), "{text}");
    }
    assert!(form::may_hold_connection(b"- \"aws_glue_connection\" : {}"));
}

#[test]
fn a_good_playbook_is_clean() {
    let text = "
- hosts: localhost
  tasks:
    - name: Orders connection
      community.aws.glue_connection:
        name: orders
        state: present
        region: eu-west-1
        catalog_id: 123456789012
        connection_properties:
          JDBC_CONNECTION_URL: \"jdbc:mysql://{{ db_host }}:3306/orders\"
          JDBC_ENFORCE_SSL: \"true\"
          USERNAME: etl
          PASSWORD: \"{{ vault_orders_password }}\"
        subnet_id: subnet-0a1b2c3d4e5f60718
        security_groups: [glue-egress, sg-0a1b2c3d4e5f60718]
        availability_zone: eu-west-1a
    - community.aws.glue_connection:
        name: network
        state: present
        connection_type: NETWORK
        connection_properties: {}
        description: \"\"
        match_criteria:
        subnet_id: \"{{ subnet }}\"
        security_groups: glue-egress,default
        availability_zone: \"{{ zone | default(omit) }}\"
    - community.aws.glue_connection:
        name: \"{{ item.name }}\"
        state: \"{{ state }}\"
      loop: \"{{ connections }}\"
    - community.aws.glue_connection:
        name: hidden
        state: present
        connection_properties: \"{{ props }}\"
    - community.aws.glue_connection:
        name: gone
        state: absent
    - community.aws.glue_connection: {state: present}
      args: \"{{ orders }}\"
    - block:
        - community.aws.glue_connection: {name: a, state: present}
      module_defaults:
        community.aws.glue_connection: {connection_type: KAFKA}
    - community.aws.glue_connection: {name: a, state: present, connection_properties: {KAFKA_SSL_ENABLED: \"true\"}}
      args:
        connection_type: KAFKA
";
    assert_found(text, &[]);
    assert_eq!(lint(text, Severity::Info).form, Some("ansible"));
}

#[test]
fn values_are_known_as_far_as_they_are_written() {
    for (value, expected) in [
        ("h-{{ a }}:80", "h-…:80"),
        ("\"{{ a }}\"", "unknown"),
        ("\" {{ a }} \"", "unknown"),
        ("\"{{ '}}' ~ b }}:80\"", "…:80"),
        ("\"{% if a %}x{% endif %}:80\"", "…:80"),
        ("\"{# b #}a\"", "…a"),
        ("!unsafe \"{{ a }}\"", "{{ a }}"),
        (
            "!vault |\n    $ANSIBLE_VAULT;1.1;AES256\n    3132",
            "unknown",
        ),
        ("\"{{ a | default(omit) }}\"", "unknown or absent"),
        ("${Db}", "${Db}"),
    ] {
        let text = with_properties(&format!("K: {value}"));
        let mut shown = String::new();
        read(&text, &mut |connection| {
            let properties = connection
                .field("ConnectionProperties")
                .and_then(Value::as_map)
                .unwrap();
            shown = match &properties.get("K").unwrap().value.shape {
                Shape::Scalar(scalar) => scalar.text.as_str().replace(GAP, "…"),
                Shape::OneOf(_) => "unknown or absent".to_owned(),
                Shape::Unknown => "unknown".to_owned(),
                other => format!("{other:?}"),
            };
        });
        assert_eq!(shown, expected, "{text}");
    }
}

#[test]
fn parameters_become_members() {
    let text = task(
        "subnet_id: a\nname: orders\nsecurity_groups: a,b\navailability_zone: \"{{ z | default(omit) }}\"\n\
         match_criteria: [1]\nconnection_properties: {}\ncatalog_id: 123456789012",
    );
    let seen = read(&text, &mut |connection| {
        let kind = connection.field("ConnectionType").unwrap();
        assert_eq!(kind.known(), Some("JDBC"));
        assert!(kind.place.span.is_empty(), "it is not written");
        let placement = connection
            .field("PhysicalConnectionRequirements")
            .and_then(Value::as_map)
            .unwrap();
        assert_eq!(placement.key.span.slice(&text), "subnet_id");
        assert!(matches!(
            placement.presence("AvailabilityZone"),
            Presence::Maybe
        ));
        let Shape::List(groups) = &placement.get("SecurityGroupIdList").unwrap().value.shape else {
            panic!("a text becomes a list");
        };
        let groups: Vec<&str> = (groups.iter())
            .map(|group| group.place_of(group.known().unwrap()).span.slice(&text))
            .collect();
        assert_eq!(groups, ["a", "b"]);
        let request = connection.envelope.as_ref().unwrap();
        assert!(request.fields.presence("CatalogId").is_here());
    });
    assert_eq!(seen, 1);
}

#[test]
fn defects_are_found_at_their_place() {
    let property = |name: &str| format!("[0].ConnectionProperties.{name}");
    assert_found(
        &with_properties(&format!("{URL}\nJDBC_ENFORCE_SSL: yes")),
        &[("not-a-string", &property("JDBC_ENFORCE_SSL"), "yes")],
    );
    assert_found(
        &with_properties(
            "JDBC_CONNECTION_URL: \"jdbc:mysql://{{ db }}:99999/orders\"\nSECRET_ID: a",
        ),
        &[(
            "port-out-of-range",
            &property("JDBC_CONNECTION_URL"),
            "99999",
        )],
    );
    assert_found(
        &with_properties(&URL.replace("SECRET_ID: orders/etl", "USERNAME: etl\nPASSWORD: hunter2")),
        &[("plaintext-password", &property("PASSWORD"), "hunter2")],
    );
    assert_found(
        &with_properties(&format!("{URL}\nJDBC_ENFORCE_SLL: \"true\"")),
        &[(
            "unknown-property",
            &property("JDBC_ENFORCE_SLL"),
            "JDBC_ENFORCE_SLL",
        )],
    );
    assert_found(
        &task("state: present\nconnection_properties:"),
        &[
            ("missing-member", "[0]", "community.aws.glue_connection"),
            ("missing-member", "[0]", "community.aws.glue_connection"),
        ],
    );
    assert_found(
        &task(
            "subnet_id: vpc-0a1b2c3d\nname: a\ncatalog_id: 123\nstate: present\nconnection_type: NETWORK\n\
             connection_properties: {}\nsecurity_groups: [default, sg-12345]",
        ),
        &[
            (
                "subnet-without-zone",
                "[0].PhysicalConnectionRequirements.SubnetId",
                "subnet_id",
            ),
            (
                "malformed-subnet-id",
                "[0].PhysicalConnectionRequirements.SubnetId",
                "vpc-0a1b2c3d",
            ),
            ("catalog-id-not-an-account", "[0].CatalogId", "123"),
            (
                "malformed-security-group-id",
                "[0].PhysicalConnectionRequirements.SecurityGroupIdList[1]",
                "sg-12345",
            ),
        ],
    );
}

#[test]
fn messages_do_not_speak_of_other_tools() {
    let text = task(
        "state: present\nconnection_properties: {PORT: 80, HOST: \"{{ a }}\", A: ~, B: \"${C}\"}\nsubnet_id: subnet-1\n\
         catalog_id: a-b\nsecurity_groups: sg-1",
    );
    let report = lint(&text, Severity::Info);
    assert!(report.findings.len() > 5);
    for finding in &report.findings {
        let words = format!("{} {:?}", finding.message, finding.help);
        let names_all = words.contains("the AWS CLI, the SDKs and CloudFormation");
        assert!(
            names_all || !(words.contains("CloudFormation") || words.contains("!Ref")),
            "{words}"
        );
    }
}

#[test]
fn what_is_secret_is_in_no_output() {
    const CANARY: &str = "cAnArY7x9";
    for secret in [
        format!("USERNAME: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  {CANARY}\n  {CANARY}"),
        format!("HOST: !vault {CANARY}"),
        format!("PASSWORD: \"{{{{ pw | default('{CANARY}') }}}}\""),
        format!("CONNECTION_URL: \"mongodb://a:{{{{ pw | default(\\\"{CANARY}\\\") }}}}@h/x\""),
        format!("PASSWORD: \"{{{{ pw ~ '{CANARY}\""),
        format!("PASSWORD: !unsafe '{CANARY}{{{{'"),
    ] {
        let inside = with_properties(&format!("PORT: \"80\"\n{secret}\nBogus: 1"));
        let before = format!(
            "- hosts: all\n  vars:\n    pw: !vault |\n      {CANARY}\n  tasks:\n    - glue_connection: {{state: present, \
             secret_key: {CANARY}, session_token: !vault {CANARY}, connection_properties: {{PORT: 80}}}}\n"
        );
        let text = format!("{before}{inside}");
        let mut report = Report::default();
        report.add(lint(&text, Severity::Info));
        assert!(report.findings().count() > 3);
        let mut outputs = vec![format!("{report:?}")];
        for renderer in RENDERERS {
            let style = Style {
                color: false,
                links: false,
                width: 80,
                unicode: true,
            };
            let mut out = Vec::new();
            (renderer.render)(&report, &style, &mut out).unwrap();
            outputs.push(String::from_utf8(out).unwrap());
        }
        for output in outputs {
            assert!(!output.contains(CANARY), "{text}\n{output}");
        }
    }
    let text = with_properties("PORT: 80").replace(
        "connection_properties:\n      PORT: 80",
        &format!("connection_properties: PORT=80,TOKEN={CANARY}\n    subnet_id: vpc-1"),
    );
    let report = lint(&text, Severity::Info);
    assert!(!report.findings.is_empty(), "{text}");
    assert!(!format!("{report:?}").contains(CANARY));
}

#[test]
fn aliases_do_not_make_few_bytes_into_endless_work() {
    let mut text = String::from(
        "- &a0 {glue_connection: {name: a, state: present, connection_properties: {}}}\n",
    );
    for level in 1..14 {
        let below = level - 1;
        let copies = vec![format!("*a{below}"); 10].join(", ");
        text.push_str(&format!("- &a{level} {{block: [{copies}]}}\n"));
    }
    assert!(read(&text, &mut |_| {}) > 1000);
}
