//! Ansible: which tasks are connections, what the module makes of their parameters, and what may
//! not be seen.

mod linted;

use gluelint::form::{self, Connection, Presence, Shape, Value};
use gluelint::lint::FileReport;
use gluelint::spec::Severity;
use gluelint::syntax::GAP;
use linted::{CANARY, assert_hidden};

fn read(text: &str, look: &mut dyn FnMut(&Connection<'_>)) -> usize {
    linted::read(text, &mut |form, connection| {
        assert_eq!(form, "ansible", "{text}");
        look(connection);
    })
}

fn lint(text: &str, least: Severity) -> FileReport {
    linted::lint("play.yml", text, least)
}

/// What is found: the rule, the logical path, the text under it.
#[track_caller]
fn assert_found(text: &str, expected: &[(&str, &str, &str)]) {
    let report = lint(text, Severity::Warning);
    let found = linted::found(&report, text).into_iter();
    let found: Vec<_> = found.map(|(rule, part, path)| (rule, path, part)).collect();
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
            "- action: {module: community.aws.glue_connection, name: a}\n- local_action: {module: 'glue_connection', name: a}\n".to_owned(),
            vec!["[0]", "[1]"],
        ),
        (
            "- action: community.aws.glue_connection\n  args: {name: a}\n- community.aws.glue_connection:\n  args: {name: a}\n".to_owned(),
            vec!["[0]", "[1]"],
        ),
        (
            "[{\"action\": {\"module\": \"aws_glue_connection\", \"state\": \"present\"}}]".to_owned(),
            vec!["[0]"],
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
        "- action: community.aws.glue_connection name=a state=present\n",
        "- action: {module: community.aws.glue_job, name: a}\n",
        "- action: {module: my.own.glue_connection, name: a}\n",
        "- local_action: community.aws.glue_connection name=a\n",
        "- community.aws.glue_connection: state=absent\n  args: {name: a}\n",
        "- community.aws.glue_connection:\n  args: {name: a, state: absent}\n",
        "- community.aws.glue_connection:\n",
        "- import_tasks: glue_connection.yml\n",
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
    - community.aws.glue_connection: connection_type=KAFKA
      args: {name: a, state: present, connection_properties: {KAFKA_SSL_ENABLED: \"true\"}}
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
    let property = |name: &str| format!("[0].connection_properties.{name}");
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
            ("subnet-without-zone", "[0].subnet_id", "subnet_id"),
            ("malformed-subnet-id", "[0].subnet_id", "vpc-0a1b2c3d"),
            ("catalog-id-not-an-account", "[0].catalog_id", "123"),
            (
                "malformed-security-group-id",
                "[0].security_groups[1]",
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

#[track_caller]
fn assert_labelled(text: &str, expected: &[(&str, &str, &[&str])]) {
    linted::assert_labelled("play.yml", text, expected);
}

#[test]
fn every_way_to_pass_parameters_is_read() {
    let url = "JDBC_CONNECTION_URL: \"jdbc:mysql://{{ h }}:99999/x\", SECRET_ID: a/b";
    for text in [
        format!(
            "- action: {{module: community.aws.glue_connection, name: a, state: present, connection_properties: {{{url}}}}}\n"
        ),
        format!(
            "- action: community.aws.glue_connection\n  args: {{name: a, state: present, connection_properties: {{{url}}}}}\n"
        ),
        format!(
            "- community.aws.glue_connection:\n  args: {{name: a, state: present, connection_properties: {{{url}}}}}\n"
        ),
        format!(
            "- community.aws.glue_connection: {{name: a, state: present}}\n  args: {{name: 1, connection_properties: {{{url}}}}}\n"
        ),
    ] {
        let expected: &[_] = &[(
            "port-out-of-range",
            "[0].connection_properties.JDBC_CONNECTION_URL",
            "99999",
        )];
        assert_found(&text, expected);
    }
    // What stands inline is in force.
    let text = format!(
        "- community.aws.glue_connection: {{name: a, state: present, connection_properties: {{SECRET_ID: a, JDBC_CONNECTION_URL: \"{{{{ u }}}}\"}}}}\n  \
         args: {{connection_properties: {{{url}}}}}\n"
    );
    assert_found(&text, &[]);
    let text = "- community.aws.glue_connection: subnet_id={{ s }}\n  args: {subnet_id: vpc-1}\n";
    assert_found(
        &text.replace("vpc-1}", "vpc-1, availability_zone: a}"),
        &[("not-an-availability-zone", "[0].availability_zone", "a")],
    );
}

/// A play with one good task but for its URL, with what the play says besides.
fn play(around: &str, url: &str) -> String {
    format!(
        "- hosts: localhost\n{around}  tasks:\n    - community.aws.glue_connection:\n        name: orders\n        state: present\n        \
         connection_properties:\n          JDBC_CONNECTION_URL: {url}\n          SECRET_ID: orders/etl\n"
    )
}

#[test]
fn variables_carry_to_where_they_are_used() {
    let url = "\"jdbc:mysql://db.example.org:{{ port }}/x\"";
    assert_labelled(
        &play("  vars: {port: 99999}\n", url),
        &[("port-out-of-range", "{{ port }}", &["99999"])],
    );
    let text = play("  vars: {port: 99999}\n", url);
    let report = lint(&text, Severity::Warning);
    let label = &report
        .findings
        .first()
        .unwrap()
        .labels
        .first()
        .unwrap()
        .text;
    assert!(label.contains("variable `port`"), "{label}");
    assert_labelled(
        &play(
            "  vars: {db: {url: \"jdbc:mysql://db.example.org:{{port}}/x\"}, port: 99999}\n",
            "\"{{ db['url'] }}\"",
        ),
        &[(
            "port-out-of-range",
            "{{ db['url'] }}",
            &["\"jdbc:mysql://db.example.org:{{port}}/x\"", "99999"],
        )],
    );
    // Of a block and of the task itself.
    let block = "- block:\n    - glue_connection:\n        name: a\n        state: present\n        connection_properties:\n          \
                 PORT: \"{{ port }}\"\n          HOST: \"{{ host }}\"\n          JDBC_ENGINE: mysql\n          SECRET_ID: \"{{ s }}\"\n      \
                 vars: {host: \"a b\"}\n  vars: {port: 80}\n";
    let report = lint(block, Severity::Warning);
    let found = linted::found(&report, block).into_iter();
    let found: Vec<_> = found.map(|(rule, part, _)| (rule, part)).collect();
    assert_eq!(
        found,
        [
            ("not-a-string", "\"{{ port }}\""),
            ("port-out-of-range", "\"{{ port }}\""),
            ("malformed-host", "{{ host }}")
        ]
    );
    // A list, and a text with commas, and a map.
    let text = "- glue_connection:\n    name: a\n    state: present\n    connection_type: NETWORK\n    connection_properties: \"{{ none }}\"\n    \
                subnet_id: \"{{ net.subnet }}\"\n    security_groups: \"{{ net.groups }}\"\n    availability_zone: \"{{ zone }}\"\n  \
                vars: {net: {subnet: vpc-1, groups: \"sg-1,default\"}}\n";
    assert_labelled(
        text,
        &[
            ("malformed-subnet-id", "{{ net.subnet }}", &["vpc-1"]),
            (
                "malformed-security-group-id",
                "{{ net.groups }}",
                &["\"sg-1,default\""],
            ),
        ],
    );
}

#[test]
fn what_may_be_said_elsewhere_is_unknown() {
    let url = "\"jdbc:mysql://db.example.org:{{ port }}/x\"";
    for around in [
        "",
        "  vars: {port: \"\"}\n",
        "  vars: {port: null}\n",
        "  vars: {port: }\n",
        "  vars: {port: \"{{ other }}\"}\n",
        "  vars: {port: \"{{ port }}\"}\n",
        "  vars: {a: {b: \"{{ a.b }}\"}, port: \"{{ a.b }}\"}\n",
        "  vars: {port: !vault x}\n",
        "  vars: {port: 0x1869F}\n",
        "  vars: {port: yes}\n",
        "  vars: {port: [99999]}\n",
        "  vars: [{port: 99999}]\n",
        "  vars: {port: 99999}\n  vars_files: [a.yml]\n",
        "  vars: {port: 99999}\n  roles: [a]\n",
        "  vars: {port: 99999}\n  vars_prompt: [{name: port}]\n",
        "  vars: {port: 99999}\n  pre_tasks: [{set_fact: {port: 3306}}]\n",
        "  vars: {port: 99999}\n  pre_tasks: [{ansible.builtin.set_fact: {\"{{ n }}\": 3306}}]\n",
        "  vars: {port: 99999}\n  pre_tasks: [{set_fact: port=3306}]\n",
        "  vars: {port: 99999}\n  pre_tasks: [{action: {module: set_fact, port: 3306}}]\n",
        "  vars: {port: 99999}\n  pre_tasks: [{include_vars: a.yml}]\n",
        "  vars: {port: 99999}\n  post_tasks: [{command: a, register: port}]\n",
    ] {
        assert_found(&play(around, url), &[]);
    }
    let around = "  vars: {port: 99999}\n";
    for expression in [
        "{{ port | default(3306) }}",
        "{{ port + 1 }}",
        "{{ -port }}",
        "{{ port.x }}",
        "{{ lookup('env', 'port') }}",
        "{% if port %}99999{% endif %}",
    ] {
        assert_found(&play(around, &url.replace("{{ port }}", expression)), &[]);
    }
    // Two definitions, and another task's.
    let other = "    - debug: {}\n      vars: {port: 99999}\n";
    assert_found(&(play("", url) + other), &[]);
    let own = "      vars: {port: 3306}\n";
    assert_found(&(play(around, url) + own), &[]);
    // A default that is a credential is for the deployment to replace.
    let secret = |vars: &str| {
        play(vars, "jdbc:mysql://db.example.org:3306/x").replace(
            "SECRET_ID: orders/etl",
            "USERNAME: etl\n          PASSWORD: \"{{ pw }}\"",
        )
    };
    assert_found(&secret("  vars: {pw: \"{{ vault_pw }}\"}\n"), &[]);
}

#[test]
fn a_loop_over_a_list_is_read_item_by_item() {
    let task = |control: &str, item: &str| {
        format!(
            "- community.aws.glue_connection:\n    name: \"{{{{ {item}.name }}}}\"\n    state: present\n    connection_properties:\n      \
             JDBC_CONNECTION_URL: \"jdbc:mysql://db.example.org:{{{{ {item}.port }}}}/x\"\n      SECRET_ID: a/b\n{control}"
        )
    };
    let list = "[{name: a, port: 3306}, {name: b, port: 99999}]";
    for (control, item) in [
        (format!("  loop: {list}\n"), "item"),
        (format!("  with_items: {list}\n"), "item"),
        (format!("  with_items: [{list}]\n"), "item"),
        (format!("  with_list: {list}\n"), "item"),
        (
            format!("  loop: {list}\n  loop_control: {{loop_var: it, index_var: item}}\n"),
            "it",
        ),
        (
            format!("  loop: \"{{{{ all }}}}\"\n  vars: {{all: {list}}}\n"),
            "item",
        ),
        (
            "  with_dict: {a: {name: a, port: 99999}}\n".to_owned(),
            "item.value",
        ),
    ] {
        let text = task(&control, item);
        let hole = format!("{{{{ {item}.port }}}}");
        assert_labelled(&text, &[("port-out-of-range", &hole, &["99999"])]);
    }
    assert_eq!(
        lint(&task(&format!("  loop: {list}\n"), "item"), Severity::Info).connections,
        2
    );
    for control in [
        "",
        "  loop: []\n",
        "  loop: \"{{ all }}\"\n",
        "  loop: [{name: b}]\n",
        "  with_fileglob: [{name: b, port: 99999}]\n",
        "  loop: [{name: b, port: 99999}]\n  loop_control: {loop_var: other}\n",
        "  vars: {item: {name: b, port: 99999}}\n  loop: \"{{ all }}\"\n",
        "  loop: [[{name: b, port: 99999}]]\n",
    ] {
        assert_found(&task(control, "item"), &[]);
    }
    // What is wrong each time is said once; what takes a connection away is none.
    let many =
        task(&format!("  loop: {list}\n"), "item").replace("SECRET_ID: a/b", "SECRET_IDD: a/b");
    let report = lint(&many, Severity::Warning);
    let rules: Vec<_> = (report.findings.iter()).map(|it| it.rule.name).collect();
    assert_eq!(
        rules.iter().filter(|it| it.contains("propert")).count(),
        1,
        "{rules:?}"
    );
    let gone = task("  loop: [{state: absent, port: 99999}]\n", "item")
        .replace("present", "\"{{ item.state }}\"");
    assert_eq!(lint(&gone, Severity::Info).connections, 0);
}

#[test]
fn messages_speak_the_modules_words() {
    for (parameters, words) in [
        (
            "name: a\nstate: present\nconnection_type: NETWORK\nconnection_properties: {}",
            "a NETWORK connection needs `subnet_id`. Add `subnet_id`, `security_groups` and `availability_zone`.",
        ),
        (
            "name: a\nstate: present\nconnection_properties: {JDBC_CONNECTION_URL: \"jdbc:mysql://10.0.0.5:3306/x\", SECRET_ID: a/b}",
            "Add a subnet of that network, its Availability Zone and a security group.",
        ),
        (
            "name: a\nstate: present\nconnection_type: NETWORK\nconnection_properties: {}\nsubnet_id: subnet-0a1b2c3d\n\
             security_groups: sg-0a1b2c3d",
            "Add `availability_zone` with",
        ),
        (
            "state: present\nconnection_properties: {}",
            "`name` is missing, and the Ansible module rejects the connection without it. Add a name, such as `name: orders`.",
        ),
        (
            "name: a\nstate: present\nconnection_type: NETWORK",
            "Add `connection_properties`, as an empty map",
        ),
        (
            "name: a\nstate: present\nsecurity_groups: sg-0a1b2c3d\nconnection_properties: {}",
            "security groups have no effect without `subnet_id`",
        ),
        (
            "name: a\nstate: present\nconnection_type: KAFKAA\nconnection_properties: {}\ncatalog_id: 1",
            "`catalog_id`",
        ),
        // What the document itself calls so keeps its name.
        (
            "name: a\nstate: present\nconnection_type: KAFKA\nconnection_properties: {KAFKA_BOOTSTRAP_SERVERS: \"{{ b }}\", SubnetId: x}",
            "`SubnetId`",
        ),
    ] {
        let report = lint(&task(parameters), Severity::Info);
        let said: Vec<String> = (report.findings.iter())
            .map(|it| format!("{}. {}", it.message, it.help.as_deref().unwrap_or_default()))
            .collect();
        assert!(
            said.iter().any(|it| it.contains(words)),
            "{words}\n{said:#?}"
        );
    }
}

#[test]
fn what_is_secret_is_in_no_output() {
    for secret in [
        format!("USERNAME: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  {CANARY}\n  {CANARY}"),
        format!("HOST: !vault {CANARY}"),
        format!("PASSWORD: \"{{{{ pw | default('{CANARY}') }}}}\""),
        format!("CONNECTION_URL: \"mongodb://a:{{{{ pw | default(\\\"{CANARY}\\\") }}}}@h/x\""),
        format!("PASSWORD: \"{{{{ pw ~ '{CANARY}\""),
        format!("PASSWORD: !unsafe '{CANARY}{{{{'"),
        "PASSWORD: \"{{ login.word }}\"".to_owned(),
        "JDBC_CONNECTION_URL: \"jdbc:mysql://etl:{{ login.word }}@h:99999/x\"".to_owned(),
        "PASSWORD: \"{{ item }}\"".to_owned(),
        "PASSWORD: \"{{ quoted }}\"".to_owned(),
    ] {
        let inside = with_properties(&format!("PORT: \"80\"\n{secret}\nBogus: 1"));
        let before = format!(
            "- hosts: all\n  vars:\n    pw: !vault |\n      {CANARY}\n  tasks:\n    - glue_connection: {{state: present, \
             secret_key: {CANARY}, session_token: !vault {CANARY}, connection_properties: {{PORT: 80}}}}\n"
        );
        let mut text = format!("{before}{inside}");
        for (used, definition) in [
            ("login", format!("  vars:\n    login: {{word: {CANARY}}}\n")),
            ("item", format!("  loop:\n    - {CANARY}\n")),
            (
                "quoted",
                format!("  vars:\n    quoted: \"{{{{ a | default('{CANARY}') }}}}\"\n"),
            ),
        ] {
            if secret.contains(used) {
                text.push_str(&definition);
            }
        }
        assert!(lint(&text, Severity::Info).findings.len() > 3);
        assert_hidden("play.yml", &text, &[CANARY]);
    }
    let text = with_properties("PORT: 80").replace(
        "connection_properties:\n      PORT: 80",
        &format!("connection_properties: PORT=80,TOKEN={CANARY}\n    subnet_id: vpc-1"),
    );
    assert!(!lint(&text, Severity::Info).findings.is_empty(), "{text}");
    assert_hidden("play.yml", &text, &[CANARY]);
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
