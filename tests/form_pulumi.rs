//! Pulumi programs in YAML: recognition, places, what is unknown, and secrets.

mod linted;

use gluelint::form;
use gluelint::lint::FileReport;
use gluelint::spec::Severity;
use linted::{CANARY, assert_hidden};

fn lint(text: &str, least: Severity) -> FileReport {
    linted::lint("Pulumi.yaml", text, least)
}

/// What is found: the rule, the text under it, the logical path.
#[track_caller]
fn assert_found(text: &str, expected: &[(&str, &str, &str)]) {
    let report = lint(text, Severity::Warning);
    assert_eq!(report.connections, 1, "{text}");
    assert_eq!(linted::found(&report, text), expected, "{text}");
}

fn program(kind: &str, properties: &str) -> String {
    let properties: String = (properties.lines())
        .map(|line| format!("      {line}\n"))
        .collect();
    format!(
        "name: etl\nruntime: yaml\nresources:\n  orders:\n    type: {kind}\n    properties:\n{properties}"
    )
}

const CLASSIC: &str = "aws:glue:Connection";
const NATIVE: &str = "aws-native:glue:Connection";

const GOOD: &str = "connectionProperties:\n  JDBC_CONNECTION_URL: jdbc:postgresql://${db.address}:5432/orders\n  \
                    JDBC_ENFORCE_SSL: true\n  SECRET_ID: orders/etl\n\
                    physicalConnectionRequirements:\n  subnetId: ${subnet.id}\n  \
                    availabilityZone: ${subnet.availabilityZone}\n  securityGroupIdLists: [\"${sg.id}\"]\n\
                    tags: {team: sales}";

fn native(input: &str) -> String {
    let input: String = input.lines().map(|line| format!("  {line}\n")).collect();
    program(
        NATIVE,
        &format!("catalogId: ${{account}}\nconnectionInput:\n{input}"),
    )
}

#[test]
fn a_type_that_is_null_is_not_written_twice() {
    assert_found(
        &program(CLASSIC, &format!("connectionType: null\n{GOOD}")),
        &[],
    );
}

#[test]
fn the_types_of_connections_are_known_and_no_other() {
    for kind in [CLASSIC, "aws:glue/connection:Connection"] {
        assert_found(&program(kind, GOOD), &[]);
    }
    let singular = GOOD
        .replace("IdLists", "IdList")
        .replace("\ntags: {team: sales}", "");
    assert_found(&native(&format!("connectionType: JDBC\n{singular}")), &[]);
    for text in [
        program("aws:glue:Job", GOOD),
        program("aws:glue:ConnectionType", GOOD),
        program("aws:directconnect:Connection", GOOD),
        program("aws:glue:Connection", "x: 1").replace("resources:", "plan:"),
        program(CLASSIC, GOOD).replace("    properties", "    get: {id: x}\n    properties"),
        "config: {etl:type: aws:glue:Connection}\n".to_owned(),
    ] {
        assert_eq!(lint(&text, Severity::Info).connections, 0, "{text}");
    }
    assert!(!form::may_hold_connection(
        b"type: aws:glue:ConnectionType\n"
    ));
}

#[test]
fn what_a_deployment_fills_in_is_unknown() {
    for properties in [
        "connectionProperties: ${props}",
        "connectionProperties: {fn::invoke: {function: x}}",
        "connectionProperties:\n  JDBC_CONNECTION_URL: {fn::secret: {fn::invoke: {function: \"x:99999\"}}}\n  \
         SECRET_ID: ${s}",
        "connectionType: ${kind}\nconnectionProperties: {}",
        "connectionType: NETWORK\nphysicalConnectionRequirements: ${net}",
        "connectionType: NETWORK\nphysicalConnectionRequirements: {subnetId: \"${s}\", availabilityZone: \"${z}\", \
         securityGroupIdLists: \"${groups}\"}",
        "name: null\nconnectionProperties: ${props}",
        "somethingNew: 1\nconnectionType: KAFKA",
    ] {
        assert_found(&program(CLASSIC, properties), &[]);
    }
}

#[test]
fn defects_are_found_where_they_stand() {
    let properties = "resources.orders.properties";
    assert_found(
        &program(CLASSIC, &GOOD.replace(":5432/", ":99999/")),
        &[(
            "port-out-of-range",
            "99999",
            &format!("{properties}.connectionProperties.JDBC_CONNECTION_URL"),
        )],
    );
    // Pieces that are joined, and an escape, keep their places.
    let joined = "jdbc:postgresql://${db.address}:5432/orders";
    let pieces = "{\"fn::join\": [\"\", [\"jdbc:mysql://\", \"${h}\", \":\", 99999, \"/x$${y}\"]]}";
    assert_found(
        &program(CLASSIC, &GOOD.replace(joined, pieces)),
        &[(
            "port-out-of-range",
            "99999",
            &format!("{properties}.connectionProperties.JDBC_CONNECTION_URL"),
        )],
    );
    assert_found(
        &program(
            CLASSIC,
            &GOOD.replace("\"${sg.id}\"", "\"sg-${x}\", default"),
        ),
        &[(
            "malformed-security-group-id",
            "default",
            &format!("{properties}.physicalConnectionRequirements.securityGroupIdLists[1]"),
        )],
    );
    // The spelling of the other provider.
    assert_found(
        &program(CLASSIC, &GOOD.replace("IdLists", "IdList")),
        &[(
            "member-in-foreign-casing",
            "securityGroupIdList",
            &format!("{properties}.physicalConnectionRequirements.securityGroupIdList"),
        )],
    );
    assert_found(
        &program(CLASSIC, &format!("{GOOD}\nconnectionType: KAFKAA")),
        &[(
            "unknown-connection-type",
            "KAFKAA",
            &format!("{properties}.connectionType"),
        )],
    );
    assert_found(
        &native("connectionType: KAFKA\nconnectionProperties: {KAFKA_SSL_ENABLED: true}"),
        &[(
            "missing-property",
            "connectionProperties",
            &format!("{properties}.connectionInput.connectionProperties"),
        )],
    );
    assert_found(
        &program(CLASSIC, &format!("{GOOD}\ncatalogId: 12345")),
        &[(
            "catalog-id-not-an-account",
            "12345",
            &format!("{properties}.catalogId"),
        )],
    );
}

#[test]
fn help_speaks_as_the_document_does() {
    for (text, words) in [
        (
            program(CLASSIC, &GOOD.replace("IdLists", "IdList")),
            "`securityGroupIdLists`",
        ),
        (
            program(CLASSIC, "connectionType: NETWORK"),
            "`physicalConnectionRequirements`",
        ),
    ] {
        let report = lint(&text, Severity::Warning);
        let finding = report.findings.first().unwrap();
        let help = finding.help.as_deref().unwrap();
        assert!(finding.message.contains(words), "{}", finding.message);
        assert!(help.contains(words), "{help}");
    }
}

#[test]
fn the_names_of_properties_are_the_documents_own() {
    let text = program(
        CLASSIC,
        "connectionType: KAFKA\nconnectionProperties:\n  KAFKA_BOOTSTRAP_SERVERS: ${brokers}\n  SubnetId: x",
    );
    assert_found(
        &text,
        &[(
            "unknown-property",
            "SubnetId",
            "resources.orders.properties.connectionProperties.SubnetId",
        )],
    );
    let report = lint(&text, Severity::Warning);
    let message = &report.findings.first().unwrap().message;
    assert!(message.contains("`SubnetId`"), "{message}");
}

#[track_caller]
fn assert_labelled(text: &str, expected: &[(&str, &str, &[&str])]) {
    linted::assert_labelled("Pulumi.yaml", text, expected);
}

/// A good program but for the URL, with what else stands in it.
fn with_url(url: &str, rest: &str) -> String {
    let joined = "jdbc:postgresql://${db.address}:5432/orders";
    format!("{rest}{}", program(CLASSIC, &GOOD.replace(joined, url)))
}

/// A good program but for its placement, with other resources, a line each.
fn placed(placement: &str, resources: &str) -> String {
    let resources: String = (resources.lines())
        .map(|line| format!("  {line}\n"))
        .collect();
    let properties =
        format!("connectionType: NETWORK\nphysicalConnectionRequirements: {{{placement}}}");
    program(CLASSIC, &properties) + &resources
}

#[test]
fn variables_and_settings_carry_to_where_they_are_used() {
    let url = "jdbc:postgresql://h.example.org:${port}/orders";
    for (rest, label) in [
        ("config: {port: {type: integer, default: 99999}}\n", "99999"),
        ("config: {port: 99999}\n", "99999"),
        ("config: {\"etl:port\": {value: 99999}}\n", "99999"),
        (
            "configuration: {port: {type: Number, default: 99999}}\n",
            "99999",
        ),
        ("variables: {port: 99999}\n", "99999"),
        ("variables: {port: \"99999\"}\n", "\"99999\""),
    ] {
        let found = ("port-out-of-range", "${port}", &[label][..]);
        assert_labelled(&with_url(url, rest), &[found]);
    }
    // One from another, a map, a list, a function.
    assert_labelled(
        &with_url(
            "${urls.orders[0]}",
            "variables:\n  urls:\n    orders: [\"jdbc:postgresql://h.example.org:${port}/orders\"]\n  port:\n    \
             fn::select: [1, {fn::split: [\"-\", a-99999-b]}]\n",
        ),
        &[(
            "port-out-of-range",
            "${urls.orders[0]}",
            &[
                "\"jdbc:postgresql://h.example.org:${port}/orders\"",
                "99999",
            ],
        )],
    );
    assert_labelled(
        &with_url(
            "{fn::join: [\":\", \"${parts}\"]}",
            "variables: {parts: [jdbc, \"postgresql://h.example.org:99999/orders\"]}\n",
        ),
        &[("port-out-of-range", "99999", &[])],
    );
    // What is empty, what is not there, what is there twice, what goes round.
    for rest in [
        "config: {port: {type: integer}}\n",
        "config: {port: {type: string, default: \"\"}}\n",
        "config: {port: {default: null}}\n",
        "config: {\"other:port\": 99999}\n",
        "variables: {port: null}\n",
        "variables: {port: {fn::invoke: {function: a, return: b}}}\n",
        "variables: {port: \"${other}\", other: \"${port}\"}\n",
        "config: {port: 99999}\nvariables: {port: 99999}\n",
        "components: {other: {variables: {port: 99999}}}\n",
        "",
    ] {
        assert_labelled(&with_url(url, rest), &[]);
    }
    for value in [
        "jdbc:postgresql://h.example.org:$${port}/orders",
        "{fn::select: [7, [a]]}",
        "{fn::select: [\"${i}\", [\"jdbc:postgresql://h:99999/x\"]]}",
        "{fn::split: [\"\", a]}",
        "{fn::join: [\":\", \"${nothing}\"]}",
        "${port.x}",
        "${port",
    ] {
        let text = with_url(value, "variables: {port: 99999}\n");
        let found = lint(&text, Severity::Warning).findings;
        assert!(
            found.iter().all(|it| it.rule.name != "port-out-of-range"),
            "{text}"
        );
    }
}

#[test]
fn variables_that_repeat_each_other_do_not_make_endless_work() {
    let mut rest = "variables:\n  v0: a\n".to_owned();
    for level in 1..22 {
        let below = level - 1;
        let copies = vec![format!("\"${{v{below}}}\""); 8].join(", ");
        rest.push_str(&format!("  v{level}: [{copies}]\n"));
    }
    let text = with_url("${v21[0]}", &rest);
    assert_eq!(lint(&text, Severity::Info).connections, 1);
}

#[test]
fn json_is_read_where_it_is_written() {
    let with = |options: &str| {
        program(
            CLASSIC,
            &format!(
                "connectionType: SNOWFLAKE\nconnectionProperties:\n  SparkProperties:\n    fn::toJSON: {options}"
            ),
        )
    };
    assert_found(
        &with("{sfUrl: x.snowflakecomputing.com, secretId: \"${s.arn}\", sfWarehouse: 0x10}"),
        &[],
    );
    let text = with("{sfUrl: example.org, secretId: a}");
    let report = lint(&text, Severity::Info);
    let seen: Vec<_> = (report.findings.iter())
        .map(|it| (it.rule.name, it.place.span.slice(&text)))
        .collect();
    assert_eq!(seen, [("not-a-snowflake-host", "example.org")]);
}

const RESOURCES: &str = "subnet: {type: \"aws:ec2/subnet:Subnet\"}\nsg: {type: \"aws:ec2:SecurityGroup\", properties: {ingress: \"${x}\"}}\n\
     native: {type: \"aws-native:ec2:Subnet\"}\nfound: {type: \"aws:ec2:Subnet\", get: {id: subnet-1}}\n\
     secret: {type: \"aws:secretsmanager:Secret\"}\nother: {type: \"random:index:RandomId\"}";

#[test]
fn references_are_judged_by_what_they_will_be() {
    for (placement, part, label) in [
        (
            "subnetId: \"${subnet.availabilityZone}\", availabilityZone: \"${subnet.availabilityZone}\", securityGroupIdLists: [\"${sg.id}\"]",
            "\"${subnet.availabilityZone}\"",
            "subnet",
        ),
        (
            "subnetId: \"${found.arn}\", availabilityZone: \"${found.availabilityZone}\", securityGroupIdLists: [\"${sg.id}\"]",
            "\"${found.arn}\"",
            "found",
        ),
        (
            "subnetId: \"${native.id}\", availabilityZone: \"${native.vpcId}\", securityGroupIdLists: [\"${sg.id}\"]",
            "\"${native.vpcId}\"",
            "native",
        ),
        (
            "subnetId: \"${subnet[\\\"id\\\"]}\", availabilityZone: \"${subnet.availabilityZone}\", securityGroupIdLists: [\"${sg.name}\"]",
            "\"${sg.name}\"",
            "sg",
        ),
    ] {
        assert_labelled(
            &placed(placement, RESOURCES),
            &[("reference-to-wrong-resource", part, &[label])],
        );
    }
    // Through a variable, and by what the document calls it.
    let text = "variables: {zone: \"${subnet.id}\"}\n".to_owned()
        + &placed(
            "subnetId: \"${subnet.id}\", availabilityZone: \"${zone}\", securityGroupIdLists: [\"${sg.id}\"]",
            RESOURCES,
        );
    let report = lint(&text, Severity::Warning);
    let finding = report.findings.first().unwrap();
    assert_eq!(finding.rule.name, "reference-to-wrong-resource");
    assert_eq!(finding.place.span.slice(&text), "\"${zone}\"");
    assert!(
        finding.message.contains("`${subnet.id}`"),
        "{}",
        finding.message
    );
    assert!(
        finding.message.contains("`availabilityZone`"),
        "{}",
        finding.message
    );
    assert_eq!(
        finding.help.as_deref(),
        Some("Write `${subnet.availabilityZone}`.")
    );
    // What the facts do not know, an index, another program's.
    for id in [
        "other.id",
        "other.hex",
        "subnet.tags",
        "subnet.tags.id",
        "subnet[0]",
        "subnets.arn",
        "subnet",
        "subnet.arn[0]",
    ] {
        let placement = format!(
            "subnetId: \"${{{id}}}\", availabilityZone: \"${{{id}}}\", securityGroupIdLists: [\"${{{id}}}\"]"
        );
        assert_labelled(&placed(&placement, RESOURCES), &[]);
    }
    let secret = |id: &str| {
        let resources =
            "  secret: {type: \"aws:secretsmanager:Secret\"}\n  key: {type: \"aws:kms:Key\"}\n";
        program(CLASSIC, &GOOD.replace("orders/etl", id)) + resources
    };
    assert_labelled(&secret("${secret.arn}"), &[]);
    assert_labelled(
        &secret("${key.arn}"),
        &[("reference-to-wrong-resource", "${key.arn}", &["key"])],
    );
}

#[test]
fn a_zone_is_compared_with_that_of_the_subnet() {
    let placement =
        "subnetId: \"${a.id}\", availabilityZone: \"eu-west-1a\", securityGroupIdLists: [\"${x}\"]";
    let subnet = |zone: &str| {
        format!("a: {{type: \"aws:ec2:Subnet\", properties: {{availabilityZone: {zone}}}}}")
    };
    assert_labelled(
        &placed(placement, &subnet("eu-west-1b")),
        &[(
            "zone-differs-from-subnet",
            "\"eu-west-1a\"",
            &["eu-west-1b"],
        )],
    );
    assert_labelled(&placed(placement, &subnet("eu-west-1a")), &[]);
    assert_labelled(&placed(placement, &subnet("\"${zone}\"")), &[]);
    // Of two of a name, it is not known which one is meant.
    let component = "components:\n  c:\n    resources:\n      a: {type: \"aws:ec2:Subnet\"}\n";
    assert_labelled(
        &(component.to_owned() + &placed(placement, &subnet("eu-west-1b"))),
        &[],
    );
    let fixed = |section: &str| {
        format!("{section}: {{zone: eu-west-1b}}\n") + &placed(placement, &subnet("\"${zone}\""))
    };
    assert_labelled(
        &fixed("variables"),
        &[(
            "zone-differs-from-subnet",
            "\"eu-west-1a\"",
            &["\"${zone}\""],
        )],
    );
    assert_labelled(&fixed("config"), &[]);
}

#[test]
fn a_security_group_has_to_admit_itself() {
    let placement =
        "subnetId: \"${x}\", availabilityZone: \"${y}\", securityGroupIdLists: [\"${sg.id}\"]";
    let closed: &[(&str, &str, &[&str])] = &[(
        "security-group-without-self-reference",
        "[\"${sg.id}\"]",
        &["sg"],
    )];
    let group = |properties: &str, rest: &str| {
        let group = format!(
            "sg: {{type: \"aws:ec2/securityGroup:SecurityGroup\", properties: {{{properties}}}}}\n"
        );
        placed(placement, &(group + rest))
    };
    let rule = |kind: &str, properties: &str| {
        format!("rule: {{type: \"{kind}\", properties: {{{properties}}}}}")
    };
    let https = "protocol: tcp, fromPort: 443, toPort: 443";
    let all = "protocol: \"-1\", fromPort: 0, toPort: 0";
    for text in [
        group("", ""),
        group(&format!("ingress: [{{{https}, self: true}}]"), ""),
        group(
            "",
            &rule(
                "aws:ec2:SecurityGroupRule",
                &format!("type: ingress, securityGroupId: \"${{sg.id}}\", self: true, {https}"),
            ),
        ),
        group(
            "",
            &rule(
                "aws:ec2:SecurityGroupRule",
                &format!("type: egress, securityGroupId: \"${{sg.id}}\", self: true, {all}"),
            ),
        ),
        group(
            "",
            &rule(
                "aws:ec2:SecurityGroupRule",
                &format!("type: ingress, securityGroupId: sg-1, self: true, {all}"),
            ),
        ),
    ] {
        assert_labelled(&text, closed);
    }
    for text in [
        group(&format!("ingress: [{{{all}, self: true}}]"), ""),
        group(
            &format!("ingress: [{{{all}, cidrBlocks: [\"${{c}}\"]}}]"),
            "",
        ),
        group("ingress: \"${rules}\"", ""),
        group(
            "",
            &rule(
                "aws:ec2/securityGroupRule:SecurityGroupRule",
                &format!("type: ingress, securityGroupId: \"${{sg.id}}\", self: true, {all}"),
            ),
        ),
        group(
            "",
            &rule(
                "aws:ec2:SecurityGroupRule",
                &format!("type: \"${{t}}\", securityGroupId: \"${{sg.id}}\", {all}"),
            ),
        ),
        group(
            "",
            &rule(
                "aws:ec2:SecurityGroupRule",
                &format!("type: ingress, securityGroupId: \"${{unknown}}\", {all}"),
            ),
        ),
        group(
            "",
            &rule(
                "aws:vpc:SecurityGroupIngressRule",
                "ipProtocol: tcp, fromPort: 0, toPort: 65535, securityGroupId: \"${sg.id}\", referencedSecurityGroupId: \"${sg.id}\"",
            ),
        ),
        group(
            "",
            &rule(
                "aws-native:ec2:SecurityGroupIngress",
                "ipProtocol: \"-1\", groupId: \"${sg.id}\", sourceSecurityGroupId: \"${sg.id}\"",
            ),
        ),
        // Who is told of the group may add rules.
        group(
            "",
            "mine: {type: \"my:index:Network\", properties: {group: \"${sg.id}\"}}",
        ),
        group("", "") + "outputs: {group: \"${sg.id}\"}\n",
        "variables: {group: \"${sg.id}\"}\n".to_owned() + &group("", ""),
        group("", "").replace(
            "properties: {}",
            "properties: {}, options: {ignoreChanges: [ingress]}",
        ),
    ] {
        assert_labelled(&text, &[]);
    }
    // A name that begins alike is another one.
    assert_labelled(
        &(group("", "") + "outputs: {group: \"${sg-2.id}\"}\n"),
        closed,
    );
}

#[test]
fn connections_are_compared_and_their_users_read() {
    let second = |key: &str, rest: &str| {
        let again = program(CLASSIC, &format!("{GOOD}\nname: a"));
        let (_, resource) = again.split_once("resources:\n").unwrap();
        let resource = resource.replace("  orders:", &format!("  {key}:"));
        program(CLASSIC, &format!("{GOOD}\nname: a"))
            + &resource.replace("    properties:", &format!("{rest}    properties:"))
    };
    assert_labelled(
        &second("other", ""),
        &[("duplicate-connection", "a", &["a"])],
    );
    assert_labelled(
        &second("other", "    options: {provider: \"${other}\"}\n"),
        &[],
    );
    let user = |properties: &str| program(CLASSIC, GOOD) + &format!("  load: {{{properties}}}\n");
    for (properties, part) in [
        (
            "type: \"aws:glue:Job\", properties: {connections: [\"${orders.name}\", \"${orders.id}\"]}",
            "\"${orders.id}\"",
        ),
        (
            "type: \"aws:glue/crawler:Crawler\", properties: {jdbcTargets: [{connectionName: \"${orders.arn}\"}]}",
            "\"${orders.arn}\"",
        ),
        (
            "type: \"aws-native:glue:Job\", properties: {connections: {connections: [\"123456789012:orders\"]}}",
            "\"123456789012:orders\"",
        ),
        (
            "type: \"aws-native:glue:Crawler\", properties: {targets: {jdbcTargets: [{connectionName: \"arn:aws:glue:x\"}]}}",
            "\"arn:aws:glue:x\"",
        ),
    ] {
        let found = ("connection-referred-by-id", part, &["load"][..]);
        assert_labelled(&user(properties), &[found]);
    }
    assert_labelled(
        &user(
            "type: \"aws:glue:Job\", properties: {connections: [\"${orders.name}\", orders, \"${conn}\"]}",
        ),
        &[],
    );
}

#[test]
fn components_are_read_with_names_of_their_own() {
    let inner = program(CLASSIC, &GOOD.replace(":5432/", ":${port}/"));
    let (_, resources) = inner.split_once("resources:\n").unwrap();
    let resources: String = resources
        .lines()
        .map(|line| format!("    {line}\n"))
        .collect();
    let component = |inputs: &str| {
        format!(
            "config: {{port: 1}}\ncomponents:\n  network:\n    inputs: {{port: {inputs}}}\n    resources:\n{resources}"
        )
    };
    let text = component("{type: integer, default: 99999}");
    assert_labelled(&text, &[("port-out-of-range", "${port}", &["99999"])]);
    let report = lint(&text, Severity::Warning);
    assert_eq!(report.form, Some("pulumi"));
    assert_eq!(
        report.findings.first().unwrap().path,
        "components.network.resources.orders.properties.connectionProperties.JDBC_CONNECTION_URL"
    );
    assert_labelled(&component("{type: integer}"), &[]);
}

#[test]
fn a_credential_from_a_setting_that_is_not_secret_is_told() {
    let with = |rest: &str, password: &str| {
        let properties = GOOD.replace(
            "SECRET_ID: orders/etl",
            &format!("USERNAME: etl\n  PASSWORD: {password}"),
        );
        rest.to_owned() + &program(CLASSIC, &properties)
    };
    let found = |text: &str, least: Severity| -> Vec<&'static str> {
        let report = lint(text, least);
        report.findings.iter().map(|it| it.rule.name).collect()
    };
    let plain = with("config: {pw: {type: string}}\n", "${pw}");
    assert_eq!(
        found(&plain, Severity::Info),
        ["credential-in-shown-parameter"]
    );
    // A stack may encrypt it.
    assert!(found(&plain, Severity::Warning).is_empty());
    for text in [
        with("config: {pw: {type: string, secret: true}}\n", "${pw}"),
        with("config: {pw: {type: string}}\n", "{fn::secret: \"${pw}\"}"),
        with("", "${pw}"),
    ] {
        assert!(found(&text, Severity::Info).is_empty(), "{text}");
    }
    for (rest, password) in [
        ("variables: {pw: hunter2}\n", "${pw}"),
        ("", "{fn::secret: hunter2}"),
    ] {
        let text = with(rest, password);
        assert_eq!(
            found(&text, Severity::Warning),
            ["plaintext-password"],
            "{text}"
        );
    }
}

#[test]
fn no_output_tells_a_secret() {
    for properties in [
        format!("connectionProperties:\n  PORT: 80\n  PASSWORD: {CANARY}"),
        format!("connectionProperties:\n  PORT: 80\n  ROLE: {{fn::secret: {CANARY}}}"),
        format!(
            "connectionProperties:\n  PORT: 80\n  ROLE:\n    fn::toJSON:\n      fn::secret: {{a: {CANARY}}}"
        ),
        format!(
            "connectionProperties:\n  PORT: 80\n  PASSWORD: {{fn::join: [\"\", [a, {CANARY}, \"${{x}}\"]]}}"
        ),
        format!(
            "connectionProperties:\n  JDBC_CONNECTION_URL: \"jdbc:mysql://etl:{CANARY}@${{h}}:99999/x\""
        ),
        "connectionProperties:\n  PORT: 80\n  PASSWORD: ${opaque}".to_owned(),
        "connectionProperties:\n  PORT: 80\n  PASSWORD: ${part[1]}".to_owned(),
        "connectionProperties:\n  PORT: 80\n  JDBC_CONNECTION_URL: jdbc:mysql://a:${part[1]}@h:99999/x".to_owned(),
        "connectionProperties:\n  PORT: 80\n  JDBC_CONNECTION_URL: ${x}\n  HOST: \"${unused.a} \"".to_owned(),
        format!(
            "connectionProperties: {{PORT: 80}}\nauthenticationConfiguration:\n  oauth2Properties: {{oauth2Credentials: {{accessToken: {CANARY}}}}}"
        ),
    ] {
        // Wherever in the program it is written, and however it comes to be used.
        let mut elsewhere = format!("variables:\n  unused: {{fn::secret: {{a: {CANARY}}}}}\n");
        for (used, definition) in [
            ("${opaque}", format!("  opaque: {{fn::toBase64: {CANARY}}}\n")),
            ("${part[1]}", format!("  part: {{fn::split: [\",\", \"a,{CANARY}\"]}}\n")),
        ] {
            if properties.contains(used) {
                elsewhere.push_str(&definition);
            }
        }
        for kind in [CLASSIC, NATIVE] {
            let text = match kind {
                CLASSIC => program(CLASSIC, &format!("ConnectionType: JDBC\n{properties}")),
                _ => native(&format!("ConnectionType: JDBC\n{properties}")),
            };
            let text = format!("config:\n  x: {{secret: true, default: {CANARY}}}\n{elsewhere}{text}");
            assert!(!lint(&text, Severity::Info).findings.is_empty(), "{text}");
            assert_hidden("Pulumi.yaml", &text, &[CANARY]);
        }
    }
}
