//! A connection and what stands around it: references, subnets, security groups, jobs, parameters.
//! The pages of the rules show what is found; here is above all what is not.

mod linted;

use gluelint::form::{Connection, Reference, Shape, Value};
use gluelint::lint::FileReport;
use gluelint::spec::Severity;

fn lint(text: &str) -> FileReport {
    let report = linted::lint("template.yaml", text, Severity::Info);
    assert!(report.connections > 0, "{text}");
    report
}

/// What a rule finds: the text under each finding.
fn found<'t>(rule: &str, text: &'t str) -> Vec<&'t str> {
    (lint(text).findings.iter())
        .filter(|finding| finding.rule.name == rule)
        .map(|finding| finding.place.span.slice(text))
        .collect()
}

#[track_caller]
fn assert_found(rule: &str, text: &str, expected: &[&str]) {
    assert_eq!(found(rule, text), expected, "{rule} in\n{text}");
}

/// A template: parameters and the like, other resources, one a line each, and connections.
fn template(head: &str, resources: &str, connections: &[String]) -> String {
    let resources: String = (resources.lines())
        .map(|line| format!("  {line}\n"))
        .collect();
    format!("{head}Resources:\n{resources}{}", connections.concat())
}

/// A connection with these properties and this placement.
fn connection(id: &str, condition: &str, name: &str, properties: &str, placement: &str) -> String {
    format!(
        "  {id}:\n    Type: AWS::Glue::Connection\n{condition}    Properties:\n      CatalogId: !Ref AWS::AccountId\n      \
         ConnectionInput:\n        Name: {name}\n        ConnectionType: JDBC\n        ConnectionProperties: {{JDBC_CONNECTION_URL: \
         \"jdbc:mysql://h.example.org:3306/x\", JDBC_ENFORCE_SSL: \"true\", {properties}}}\n        \
         PhysicalConnectionRequirements: {{{placement}}}\n"
    )
}

fn placed(placement: &str) -> String {
    connection("Orders", "", "orders", "SECRET_ID: orders/etl", placement)
}

fn with(properties: &str) -> String {
    connection(
        "Orders",
        "",
        "orders",
        properties,
        "SubnetId: subnet-0a1b2c3d, SecurityGroupIdList: [sg-0a1b2c3d], AvailabilityZone: eu-west-1a",
    )
}

// ---- references ------------------------------------------------------------------------------

const NEIGHBOURS: &str = "\
Subnet: {Type: AWS::EC2::Subnet}
Group: {Type: AWS::EC2::SecurityGroup, Condition: X}
Secret: {Type: AWS::SecretsManager::Secret}
Setting: {Type: AWS::SSM::Parameter}
Nested: {Type: AWS::CloudFormation::Stack}
Custom: {Type: Custom::Network}";

const PARAMETERS: &str = "Parameters:\n  SubnetId: {Type: AWS::EC2::Subnet::Id}\n  \
     Stored: {Type: AWS::SSM::Parameter::Value<AWS::EC2::Subnet::Id>}\n  \
     Groups: {Type: List<AWS::EC2::SecurityGroup::Id>}\n  Text: {Type: String}\n  \
     Zones: {Type: List<AWS::EC2::AvailabilityZone::Name>}\n  \
     Usual: {Type: AWS::EC2::Subnet::Id, Default: subnet-0a1b2c3d}\n  \
     Either: {Type: AWS::EC2::Subnet::Id, AllowedValues: [subnet-0a1b2c3d, subnet-0a1b2c3e]}\n  \
     UsualGroups: {Type: List<AWS::EC2::SecurityGroup::Id>, Default: \"sg-0a1b2c3d,sg-0a1b2c3e\"}\n\
     Mappings:\n  Nets: {a: {subnet: subnet-0a1b2c3d}}\n";

/// Reads the first connection of a template.
fn read(text: &str, look: &mut dyn FnMut(&Connection<'_>)) {
    linted::read(text, &mut |_, connection| look(connection));
}

/// `address attribute yields`, with `*` for a list, for each value that a subnet may be.
fn references(value: &str) -> Vec<String> {
    let text = template(
        PARAMETERS,
        NEIGHBOURS,
        &[placed(&format!("SubnetId: {value}"))],
    );
    let shown = |reference: &Reference| {
        let list = if reference.is_list { "*" } else { "" };
        let own = if reference.is_made_here { "" } else { "given " };
        format!(
            "{own}{}{list} {} {}",
            reference.address,
            reference.attribute,
            reference.yields().unwrap()
        )
    };
    let mut seen = Vec::new();
    read(&text, &mut |connection| {
        let placement = connection.field("PhysicalConnectionRequirements").unwrap();
        let subnet = placement.as_map().unwrap().get("SubnetId").unwrap();
        for value in subnet.value.alternatives() {
            seen.push(match &value.reference {
                Some(reference) => {
                    // Beside the sort, only a default may be known.
                    let is_unknown = matches!(value.shape, Shape::Unknown);
                    assert_ne!(is_unknown, value.origins.iter().any(|it| it.is_default));
                    shown(reference)
                }
                None => "nothing".to_owned(),
            });
        }
    });
    seen
}

#[test]
fn references_are_read_in_every_notation() {
    for value in [
        "!Ref Subnet",
        "{Ref: Subnet}",
        "!Sub \"${Subnet}\"",
        "{\"Fn::Sub\": \"${Subnet}\"}",
        "!Sub [\"${a}\", {a: !Ref Subnet}]",
    ] {
        assert_eq!(references(value), ["Subnet Ref subnet-id"], "{value}");
    }
    for value in [
        "!GetAtt Subnet.AvailabilityZone",
        "!GetAtt [Subnet, AvailabilityZone]",
        "{\"Fn::GetAtt\": [Subnet, AvailabilityZone]}",
        "{\"Fn::GetAtt\": Subnet.AvailabilityZone}",
        "!Sub \"${Subnet.AvailabilityZone}\"",
    ] {
        let expected = "Subnet AvailabilityZone availability-zone";
        assert_eq!(references(value), [expected], "{value}");
    }
    assert_eq!(
        references("!If [X, !Ref Subnet, !If [Y, !Ref Secret, !Ref AWS::NoValue]]"),
        ["Subnet Ref subnet-id", "Secret Ref secret-arn"]
    );
    assert_eq!(
        references("!Ref SubnetId"),
        ["given SubnetId Ref subnet-id"]
    );
    assert_eq!(references("!Ref Stored"), ["given Stored Ref subnet-id"]);
    assert_eq!(
        references("!Ref Groups"),
        ["given Groups* Ref security-group-id"]
    );
    assert_eq!(
        references("!Ref AWS::Region"),
        ["given AWS::Region Ref region"]
    );
    let usual = "given Usual Ref subnet-id";
    assert_eq!(references("!Ref Usual"), [usual]);
    assert_eq!(references("!Sub \"${Usual}\""), [usual]);
    assert_eq!(
        references("!Ref Either"),
        ["given Either Ref subnet-id", "given Either Ref subnet-id"]
    );
}

#[test]
fn functions_hand_references_on() {
    let given = "given Groups Ref security-group-id";
    let usual = "given UsualGroups Ref security-group-id";
    for (value, expected) in [
        (
            "!Select [0, [!Ref Subnet, !Ref Secret]]",
            "Subnet Ref subnet-id",
        ),
        (
            "!Select [\"1\", [!Ref Text, !GetAtt Subnet.SubnetId]]",
            "Subnet SubnetId subnet-id",
        ),
        ("!Select [0, !Ref Groups]", given),
        ("!Select [!Ref Text, !Ref Groups]", given),
        ("!Select [1, !Ref UsualGroups]", usual),
        ("!Sub [\"${a}\", {a: !Select [0, !Ref Groups]}]", given),
        (
            "!FindInMap [Nets, b, subnet, {DefaultValue: !Ref Subnet}]",
            "Subnet Ref subnet-id",
        ),
        ("!Join [\"\", [!Ref Subnet]]", "nothing"),
        ("!Select [0, !Split [\",\", !Ref Usual]]", "nothing"),
        ("!Select [0, !Ref Text]", "nothing"),
        ("!FindInMap [Nets, a, subnet]", "nothing"),
    ] {
        assert_eq!(references(value), [expected], "{value}");
    }
    let text = template(
        PARAMETERS,
        NEIGHBOURS,
        &[placed(
            "SubnetId: !Ref UsualGroups, SecurityGroupIdList: !Ref UsualGroups",
        )],
    );
    read(&text, &mut |connection| {
        let placement = connection.field("PhysicalConnectionRequirements").unwrap();
        let list = placement.as_map().unwrap().get("SecurityGroupIdList");
        let list = &list.unwrap().value;
        assert!(list.reference.as_ref().unwrap().is_list);
        let Shape::List(items) = &list.shape else {
            panic!("{list:?}");
        };
        for item in items {
            assert!(!item.reference.as_ref().unwrap().is_list);
            assert_eq!(item.parameters.len(), 1);
        }
    });
}

#[test]
fn the_variable_of_a_loop_is_what_its_items_are() {
    let text = template(PARAMETERS, NEIGHBOURS, &[]);
    let looped = |items: &str| {
        let connection = placed("SubnetId: !Ref Net, SecurityGroupIdList: [!Sub \"${Net}\"]")
            .replace("Orders:", "\"Orders${Net}\":");
        let connection: String = (connection.lines())
            .map(|line| format!("    {line}\n"))
            .collect();
        let text = text.replace(
            "Resources:\n",
            &format!(
                "Resources:\n  Fn::ForEach::Nets:\n    - Net\n    - {items}\n    -\n{connection}"
            ),
        );
        let mut seen = Vec::new();
        read(&text, &mut |connection| {
            let placement = connection.field("PhysicalConnectionRequirements").unwrap();
            let subnet = placement.as_map().unwrap().get("SubnetId").unwrap();
            let one = |value: &Value<'_>| value.reference.as_ref().unwrap().address.clone();
            seen.extend(subnet.value.alternatives().map(one));
        });
        // As a group, each of them is wrong.
        let wrong = vec!["!Sub \"${Net}\""; seen.len()];
        assert_found("reference-to-wrong-resource", &text, &wrong);
        seen
    };
    assert_eq!(looped("[!Ref SubnetId]"), ["SubnetId"]);
    assert_eq!(looped("[!Ref SubnetId, !Ref Usual]"), ["SubnetId", "Usual"]);
}

/// A parameter has a type and a default. Each is judged, and where both are wrong, the type.
#[test]
fn a_default_is_judged_beside_its_type() {
    let parameter = |kind: &str, default: &str| {
        let head = format!("Parameters:\n  Given: {{Type: {kind}, Default: \"{default}\"}}\n");
        move |placement: &str| template(&head, "", &[placed(placement)])
    };
    let one =
        "SubnetId: !Ref Given, SecurityGroupIdList: [sg-0a1b2c3d], AvailabilityZone: eu-west-1a";
    let group = "SubnetId: subnet-0a1b2c3d, SecurityGroupIdList: [!Ref Given], AvailabilityZone: eu-west-1a";
    let zone = "SubnetId: subnet-0a1b2c3d, SecurityGroupIdList: [sg-0a1b2c3d], AvailabilityZone: !Ref Given";
    let groups =
        "SubnetId: subnet-0a1b2c3d, SecurityGroupIdList: !Ref Given, AvailabilityZone: eu-west-1a";
    let subnet = "AWS::EC2::Subnet::Id";
    for (kind, default, placement, expected) in [
        (subnet, "subnet-0a1b2c3d", one, &["hard-coded-zone"][..]),
        (subnet, "none", one, &["hard-coded-zone"]),
        (
            subnet,
            "subnet-1",
            one,
            &["hard-coded-zone", "malformed-subnet-id"],
        ),
        (
            subnet,
            "subnet-0a1b2c3d",
            group,
            &["reference-to-wrong-resource"],
        ),
        (
            subnet,
            "subnet-0a1b2c3d",
            zone,
            &["reference-to-wrong-resource"],
        ),
        (
            "List<AWS::EC2::SecurityGroup::Id>",
            "sg-0a1b2c3d, sg_1",
            groups,
            &["malformed-security-group-id"],
        ),
        (
            "List<AWS::EC2::Subnet::Id>",
            "subnet-0a1b2c3d, subnet-0a1b2c3e",
            groups,
            &["reference-to-wrong-resource"],
        ),
        (
            "AWS::SSM::Parameter::Value<AWS::EC2::Subnet::Id>",
            "/a",
            one,
            &["hard-coded-zone"],
        ),
        (
            "AWS::EC2::AvailabilityZone::Name",
            "eu-west-1",
            zone,
            &["not-an-availability-zone"],
        ),
        ("AWS::EC2::AvailabilityZone::Name", "eu-west-1a", zone, &[]),
    ] {
        let text = parameter(kind, default)(placement);
        let report = lint(&text);
        let mut rules: Vec<&str> = (report.findings.iter()).map(|it| it.rule.name).collect();
        rules.sort_unstable();
        assert_eq!(rules, expected, "{text}");
    }
}

#[test]
fn what_is_not_known_is_no_reference() {
    for value in [
        "!Ref Text",
        "!Ref Missing",
        "!Ref Nested",
        "!Ref Custom",
        "!GetAtt Nested.Outputs.SubnetId",
        "!GetAtt Custom.SubnetId",
        "!GetAtt Subnet.Ipv6CidrBlocks",
        "!GetAtt Subnet",
        "!GetAtt [Subnet]",
        "!GetAtt [Subnet, !Ref Text]",
        "!GetAtt SubnetId.AvailabilityZone",
        "!ImportValue network-subnet",
        "!Sub \"x${Subnet}\"",
        "!Sub \"${!Subnet}\"",
        "!Sub \"${Subnet}${Subnet}\"",
        "!Join [\"\", [!Ref Subnet, x]]",
    ] {
        assert_eq!(references(value), ["nothing"], "{value}");
    }
}

#[test]
fn only_what_cannot_be_right_is_a_wrong_reference() {
    let rule = "reference-to-wrong-resource";
    for properties in [
        "SECRET_ID: !Ref Secret",
        "SECRET_ID: !GetAtt Secret.Id",
        "SECRET_ID: !Ref Text",
        "SECRET_ID: !GetAtt Setting.Value",
        "USERNAME: etl, PASSWORD: !GetAtt Setting.Value",
        "USERNAME: !Ref Setting, SECRET_ID: x",
        "SECRET_ID: !If [X, !Ref Secret, !Ref AWS::NoValue]",
    ] {
        assert_found(
            rule,
            &template(PARAMETERS, NEIGHBOURS, &[with(properties)]),
            &[],
        );
    }
    for placement in [
        "SubnetId: !Ref SubnetId, SecurityGroupIdList: !Ref Groups, AvailabilityZone: !Ref Text",
        "SubnetId: !Ref Stored, SecurityGroupIdList: !If [X, [!Ref Group], !Ref Groups], AvailabilityZone: !Select [0, !Ref Zones]",
        "SubnetId: !GetAtt Custom.SubnetId, SecurityGroupIdList: [!GetAtt Group.Id, !Ref Group]",
    ] {
        assert_found(
            rule,
            &template(PARAMETERS, NEIGHBOURS, &[placed(placement)]),
            &[],
        );
    }
    // One branch of a condition is enough, and only that is marked.
    let text = template(
        PARAMETERS,
        NEIGHBOURS,
        &[placed(
            "SubnetId: !If [X, !Ref Group, !Ref Subnet], SecurityGroupIdList: [!If [X, !Ref SubnetId, !Ref Group]]",
        )],
    );
    assert_found(rule, &text, &["!Ref Group", "!Ref SubnetId"]);
}

#[test]
fn the_help_names_the_attribute_in_the_notation_of_the_document() {
    for (properties, expected) in [
        ("SECRET_ID: !Ref Setting", "`!Ref <name>`"),
        ("ROLE_ARN: !Ref Role", "`!GetAtt Role.Arn`"),
        ("REGION: !GetAtt Subnet.AvailabilityZone", "`!Ref <name>`"),
        ("KAFKA_BOOTSTRAP_SERVERS: !Ref Brokers", "parameter"),
    ] {
        let others = format!(
            "{NEIGHBOURS}\nRole: {{Type: AWS::IAM::Role}}\nBrokers: {{Type: AWS::MSK::Cluster}}"
        );
        let text = template("", &others, &[with(properties)]);
        let report = lint(&text);
        let finding = (report.findings.iter())
            .find(|finding| finding.rule.name == "reference-to-wrong-resource")
            .unwrap();
        let help = finding.help.as_deref().unwrap();
        assert!(help.contains(expected), "{properties}: {help}");
        assert_eq!(finding.labels.len(), 1);
    }
}

#[test]
fn a_reference_to_one_is_no_list_and_the_other_way_round() {
    let rule = "wrong-container";
    for (placement, expected) in [
        ("SecurityGroupIdList: !Ref Groups", &[][..]),
        ("SecurityGroupIdList: !Ref Text", &[]),
        ("SecurityGroupIdList: [!Ref Group]", &[]),
        ("SecurityGroupIdList: !Ref Group", &["SecurityGroupIdList"]),
        ("SecurityGroupIdList: [!Ref Groups]", &["!Ref Groups"]),
        ("AvailabilityZone: !Ref Zones", &["AvailabilityZone"]),
    ] {
        let text = template(
            PARAMETERS,
            NEIGHBOURS,
            &[placed(&format!("SubnetId: !Ref Subnet, {placement}"))],
        );
        assert_found(rule, &text, expected);
    }
}

// ---- zones -----------------------------------------------------------------------------------

#[test]
fn only_zones_that_are_written_are_compared() {
    let zones = "\
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a}}
B: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1b}}
First: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: !Select [0, !GetAZs \"\"]}}
Anywhere: {Type: AWS::EC2::Subnet}
Default: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: !Ref Zone}}
Either: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: !If [X, eu-west-1a, eu-west-1b]}}";
    let head = "Parameters:\n  Zone: {Type: String, Default: eu-west-1c}\n  SubnetId: {Type: AWS::EC2::Subnet::Id}\n  \
                Index: {Type: Number, Default: 0}\n  Names: {Type: String, Default: \"eu-west-1b,eu-west-1c\"}\n  \
                Name: {Type: String, Default: x}\n  Map: {Type: String, Default: Zones}\n\
                Mappings:\n  Zones: {x: {zone: eu-west-1b}, y: {zone: eu-west-1a}}\n";
    for (subnet, zone, is_found) in [
        ("!Ref A", "eu-west-1b", true),
        ("!Ref A", "!GetAtt B.AvailabilityZone", true),
        ("!GetAtt A.SubnetId", "!Sub \"${B.AvailabilityZone}\"", true),
        ("!Ref A", "eu-west-1a", false),
        ("!Ref A", "!GetAtt A.AvailabilityZone", false),
        ("!Ref A", "!GetAtt First.AvailabilityZone", false),
        ("!Ref A", "!Select [1, !GetAZs \"\"]", false),
        ("!Ref A", "!Select [0, [eu-west-1a, eu-west-1b]]", false),
        (
            "!Ref A",
            "!Select [!Ref Index, [eu-west-1b, eu-west-1a]]",
            false,
        ),
        ("!Ref A", "!Select [0, !Split [\",\", !Ref Names]]", false),
        ("!Ref A", "!FindInMap [Zones, x, zone]", true),
        ("!Ref A", "!FindInMap [Zones, !Ref Name, zone]", false),
        ("!Ref A", "!FindInMap [!Ref Map, x, zone]", false),
        ("!Select [0, [!Ref A, !Ref B]]", "eu-west-1b", true),
        ("!Ref A", "!Ref Zone", false),
        ("!Ref A", "!Sub \"${AWS::Region}b\"", false),
        ("!Ref A", "!ImportValue zone", false),
        ("!Ref A", "!If [X, eu-west-1b, eu-west-1a]", false),
        ("!If [X, !Ref A, !Ref B]", "eu-west-1b", false),
        ("!Ref First", "eu-west-1b", false),
        ("!Ref Anywhere", "eu-west-1b", false),
        ("!Ref Default", "eu-west-1b", false),
        ("!Ref Either", "eu-west-1c", false),
        ("!Ref SubnetId", "!GetAtt B.AvailabilityZone", false),
        ("subnet-0a1b2c3d", "eu-west-1b", false),
    ] {
        let placement = format!("SubnetId: {subnet}, AvailabilityZone: {zone}");
        let text = template(head, zones, &[placed(&placement)]);
        let expected: &[&str] = if is_found { &[zone] } else { &[] };
        assert_found("zone-differs-from-subnet", &text, expected);
    }
    let selected = "SubnetId: !Ref A, AvailabilityZone: !Select [1, [eu-west-1a, eu-west-1b]]";
    let text = template(head, zones, &[placed(selected)]);
    assert_found("zone-differs-from-subnet", &text, &["eu-west-1b"]);
}

// ---- security groups -------------------------------------------------------------------------

const GROUPS: &str = "Group: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: x}}\n\
                      Other: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: y}}\n";

fn closed(head: &str, resources: &str, tail: &str, list: &str) -> bool {
    let text = template(
        head,
        resources,
        &[
            placed(&format!(
                "SubnetId: !Ref Subnet, SecurityGroupIdList: {list}"
            )),
            tail.to_owned(),
        ],
    );
    !found("security-group-without-self-reference", &text).is_empty()
}

#[test]
fn a_group_that_is_seen_whole_is_judged() {
    let rule =
        |text: &str| format!("{GROUPS}Rule: {{Type: AWS::EC2::SecurityGroupIngress, {text}}}");
    let narrow = "GroupId: !Ref Group, SourceSecurityGroupId: !Ref Group, IpProtocol: tcp, FromPort: 443, ToPort: 443";
    for resources in [
        GROUPS.to_owned(),
        rule(&format!("Properties: {{{narrow}}}")),
        rule(&format!("Condition: X, Properties: {{{narrow}}}")),
        // The rule of another group, and of one that was there before.
        rule("Properties: {GroupId: !Ref Other, SourceSecurityGroupId: !Ref Group, IpProtocol: \"-1\"}"),
        rule("Properties: {GroupId: sg-0a1b2c3d, SourceSecurityGroupId: !Ref Group, IpProtocol: \"-1\"}"),
        rule("Properties: {GroupId: !ImportValue db-group, SourceSecurityGroupId: !Ref Group, IpProtocol: \"-1\"}"),
        rule("Properties: {GroupId: !Ref Given, SourceSecurityGroupId: !Ref Group, IpProtocol: \"-1\"}"),
        GROUPS.replace(
            "x}",
            "x, SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 10.0.0.0/8}]}",
        ),
    ] {
        let head = "Parameters:\n  Given: {Type: String}\n";
        assert!(closed(head, &resources, "", "[!Ref Group]"), "{resources}");
    }
    assert!(closed(
        "",
        GROUPS,
        "",
        "[!Ref Group, !GetAtt Other.GroupId]"
    ));
    assert!(closed(
        "Transform: AWS::Serverless-2016-10-31\n",
        GROUPS,
        "",
        "[!Ref Group]"
    ));
}

#[test]
fn a_group_of_which_something_is_hidden_is_not() {
    let own = "GroupId: !Ref Group, SourceSecurityGroupId: !GetAtt Group.GroupId";
    let rule =
        |text: &str| format!("{GROUPS}Rule: {{Type: AWS::EC2::SecurityGroupIngress, {text}}}");
    for resources in [
        rule(&format!("Properties: {{{own}, IpProtocol: \"-1\"}}")),
        rule(&format!(
            "Properties: {{{own}, IpProtocol: tcp, FromPort: 0, ToPort: 65535}}"
        )),
        rule(&format!(
            "Condition: X, Properties: {{{own}, IpProtocol: \"-1\"}}"
        )),
        rule(&format!(
            "Properties: {{{own}, IpProtocol: tcp, FromPort: 1, ToPort: 65535}}"
        )),
        rule(&format!("Properties: {{{own}, IpProtocol: !Ref Protocol}}")),
        rule(&format!(
            "Properties: {{{own}, IpProtocol: tcp, FromPort: !Ref Port, ToPort: 443}}"
        )),
        rule("Properties: {GroupId: !Ref Group, CidrIp: 0.0.0.0/0, IpProtocol: \"-1\"}"),
        rule(
            "Properties: {GroupId: !Ref Group, SourceSecurityGroupId: !Ref Other, IpProtocol: \"-1\"}",
        ),
        rule("Properties: {GroupId: !GetAtt Custom.Group, IpProtocol: \"-1\"}"),
        rule("Properties: !If [X, {}, {}]"),
        GROUPS.replace("x}", "x, SecurityGroupIngress: !Ref Rules}"),
        GROUPS.replace("x}", "x, SecurityGroupIngress: [!If [X, {}, {}]]}"),
        GROUPS.replace(
            "x}",
            "x, SecurityGroupIngress: [{IpProtocol: \"-1\", CidrIp: 0.0.0.0/0}]}",
        ),
        GROUPS.replace("x}", "x, \"Fn::Transform\": {Name: Rules}}"),
        GROUPS.replace("{GroupDescription: x}", "!If [X, {}, {}]"),
        format!("{GROUPS}Fn::ForEach::Rule: [X, [a], {{}}]"),
        format!("{GROUPS}Fn::Transform: {{Name: AWS::Include}}"),
        format!(
            "{GROUPS}More: {{Type: AWS::CloudFormation::Stack, Properties: {{Parameters: {{G: !Ref Group}}}}}}"
        ),
        format!("{GROUPS}More: {{Type: Custom::Rule, Properties: {{G: !GetAtt Group.GroupId}}}}"),
        format!(
            "{GROUPS}More: {{Type: AWS::SSM::Parameter, Properties: {{Value: !Sub \"${{Group}}\"}}}}"
        ),
    ] {
        let head = "Parameters:\n  Port: {Type: Number, Default: 443}\n";
        assert!(!closed(head, &resources, "", "[!Ref Group]"), "{resources}");
    }
    let outputs = "Outputs:\n  Group: {Value: !Ref Group}\n";
    assert!(!closed("", GROUPS, outputs, "[!Ref Group]"));
    assert!(!closed("Transform: [Rules]\n", GROUPS, "", "[!Ref Group]"));
    for list in [
        "[!Ref Group, sg-0a1b2c3d]",
        "[!Ref Group, !Ref Given]",
        "[!If [X, !Ref Group, !Ref Other]]",
        "!Ref Groups",
        "[]",
    ] {
        assert!(!closed("", GROUPS, "", list), "{list}");
    }
    // Another engine, another rule.
    let text = template("", GROUPS, &[placed("SecurityGroupIdList: [!Ref Group]")]).replace(
        "        ConnectionType",
        "        ValidateForComputeEnvironments: [ATHENA]\n        ConnectionType",
    );
    assert_found("security-group-without-self-reference", &text, &[]);
}

// ---- names -----------------------------------------------------------------------------------

#[test]
fn only_names_that_are_surely_equal_are_duplicates() {
    let head = "Parameters:\n  Name: {Type: String, Default: orders}\n  Other: {Type: String, Default: orders}\n  \
                Stage: {Type: String}\n";
    let rule = "duplicate-connection";
    let two = |one: (&str, &str), other: (&str, &str)| {
        let condition = |name: &str| match name {
            "" => String::new(),
            name => format!("    Condition: {name}\n"),
        };
        let make = |id, (name, when): (&str, &str)| {
            connection(id, &condition(when), name, "SECRET_ID: x", "")
        };
        template(head, "", &[make("A", one), make("B", other)])
    };
    for (one, other, expected) in [
        (("orders", ""), ("orders", ""), &["orders"][..]),
        (("orders", "X"), ("\"orders\"", "X"), &["\"orders\""]),
        (("!Ref Name", ""), ("!Ref Name", ""), &["!Ref Name"]),
        (("orders", ""), ("Orders", ""), &[]),
        (("orders", "X"), ("orders", "Y"), &[]),
        (("orders", "X"), ("orders", ""), &[]),
        (("!Ref Name", ""), ("orders", ""), &[]),
        (("!Ref Name", ""), ("!Ref Other", ""), &[]),
        (
            ("!Sub \"${Stage}-a\"", ""),
            ("!Sub \"${Stage}-a\"", ""),
            &[],
        ),
        (("!If [X, orders, x]", ""), ("orders", ""), &[]),
    ] {
        assert_found(rule, &two(one, other), expected);
    }
    let elsewhere = |catalog: &str| {
        let text = two(("orders", ""), ("orders", ""));
        let at = text.rfind("!Ref AWS::AccountId").unwrap();
        let (before, rest) = text.split_at(at);
        format!(
            "{before}{}",
            rest.replacen("!Ref AWS::AccountId", catalog, 1)
        )
    };
    assert_found(rule, &elsewhere("\"123456789012\""), &[]);
    assert_found(rule, &elsewhere("!Ref Stage"), &[]);
    // Of the branches of a condition, only one is made.
    let branches = "Resources:\n  A:\n    Type: AWS::Glue::Connection\n    Properties:\n      CatalogId: x\n      \
                    ConnectionInput: !If [X, {Name: a, ConnectionType: NETWORK}, {Name: b, ConnectionType: NETWORK}]\n  \
                    B:\n    Type: AWS::Glue::Connection\n    Properties:\n      CatalogId: x\n      \
                    ConnectionInput: {Name: b, ConnectionType: NETWORK}\n";
    assert_found(rule, branches, &[]);
    // A loop makes its connections together, and is read once.
    let looped = |body: &[String]| {
        let body: String = (body.concat().lines())
            .map(|line| format!("    {line}\n"))
            .collect();
        format!("Resources:\n  Fn::ForEach::All:\n    - X\n    - [a, b]\n    -\n{body}")
    };
    let make = |id: &str, name: &str| connection(id, "", name, "SECRET_ID: x", "");
    let one = looped(&[make("\"A${X}\"", "orders")]);
    assert_found(rule, &one, &[]);
    assert_found(rule, &looped(&[make("\"A${X}\"", "!Ref X")]), &[]);
    let same = [make("\"A${X}\"", "orders"), make("\"B${X}\"", "\"orders\"")];
    assert_found(rule, &looped(&same), &["\"orders\""]);
    let beside = format!("{one}{}", make("B", "orders"));
    assert_found(rule, &beside, &[]);
    // DataZone makes a connection in the account of its environment.
    let lake = |id: &str| {
        format!(
            "  {id}:\n    Type: AWS::DataZone::Connection\n    Properties: {{Props: {{GlueProperties: {{GlueConnectionInput: \
             {{Name: orders, ConnectionType: NETWORK}}}}}}}}\n"
        )
    };
    let lakes = format!(
        "Resources:\n{}{}{}",
        lake("A"),
        lake("B"),
        make("C", "orders")
    );
    assert_found(rule, &lakes, &[]);
    // Requests are steps: one may update what another made.
    let request =
        "ConnectionInput: {Name: orders, ConnectionType: NETWORK, ConnectionProperties: {}}\n";
    assert_found(rule, &format!("{request}---\n{request}"), &[]);
}

// ---- those who use connections ---------------------------------------------------------------

#[test]
fn names_of_connections_are_names_wherever_they_are_defined() {
    let rule = "connection-referred-by-id";
    for (name, is_found) in [
        ("!Ref Orders", false),
        ("orders", false),
        ("returns", false),
        ("\"a:b\"", false),
        ("\"12345:orders\"", false),
        ("!Ref Given", false),
        ("!ImportValue connection", false),
        ("!Sub \"${Stage}:orders\"", false),
        ("!If [X, orders, !Ref AWS::NoValue]", false),
        ("\"123456789012:orders\"", true),
        (
            "\"arn:aws:glue:eu-west-1:123456789012:connection/orders\"",
            true,
        ),
        (
            "!Sub \"arn:aws:glue:${AWS::Region}:${AWS::AccountId}:connection/${Orders}\"",
            true,
        ),
    ] {
        for user in [
            format!(
                "Job: {{Type: AWS::Glue::Job, Properties: {{Connections: {{Connections: [{name}]}}}}}}"
            ),
            format!(
                "Crawl: {{Type: AWS::Glue::Crawler, Properties: {{Targets: {{CatalogTargets: [{{ConnectionName: {name}}}]}}}}}}"
            ),
        ] {
            let text = template("", &user, &[with("SECRET_ID: x")]);
            let expected: &[&str] = if is_found { &[name] } else { &[] };
            assert_found(rule, &text, expected);
        }
    }
}

/// A job may name connections in several subnets: AWS Glue takes the first whose subnet it can use,
/// and people list several so that it has a choice of zones.
#[test]
fn a_job_may_have_a_choice_of_subnets() {
    let subnets = "A: {Type: AWS::EC2::Subnet}\nB: {Type: AWS::EC2::Subnet}\n\
                   Job: {Type: AWS::Glue::Job, Properties: {Connections: {Connections: [!Ref One, !Ref Two]}}}";
    let make = |id, subnet| {
        let placement = format!(
            "SubnetId: !Ref {subnet}, AvailabilityZone: !GetAtt {subnet}.AvailabilityZone, SecurityGroupIdList: [sg-0a1b2c3d]"
        );
        connection(id, "", &id.to_lowercase(), "SECRET_ID: x", &placement)
    };
    let report = lint(&template(
        "",
        subnets,
        &[make("One", "A"), make("Two", "B")],
    ));
    assert!(report.findings.is_empty(), "{:?}", report.findings);
}

// ---- parameters ------------------------------------------------------------------------------

#[test]
fn only_a_parameter_that_is_surely_shown_is_reported() {
    let rule = "credential-in-shown-parameter";
    for (declaration, value, is_found) in [
        ("{Type: String}", "!Ref Pw", true),
        ("{Type: String, NoEcho: false}", "!Ref Pw", true),
        ("{Type: String, NoEcho: \"false\"}", "!Sub \"${Pw}\"", true),
        ("{Type: String, Default: hunter2hunter2}", "!Ref Pw", true),
        ("{Type: String, AllowedValues: [a, b]}", "!Ref Pw", true),
        (
            "{Type: String}",
            "!If [X, !Ref Pw, !Ref AWS::NoValue]",
            true,
        ),
        ("{Type: String, NoEcho: true}", "!Ref Pw", false),
        ("{Type: String, NoEcho: \"TRUE\"}", "!Ref Pw", false),
        (
            "{Type: String, NoEcho: true, Default: hunter2hunter2}",
            "!Ref Pw",
            false,
        ),
        ("{Type: String, NoEcho: !Ref X}", "!Ref Pw", false),
        (
            "{Type: String, Default: \"{{resolve:ssm:pw}}\"}",
            "!Ref Pw",
            false,
        ),
        (
            "{Type: AWS::SSM::Parameter::Value<String>}",
            "!Ref Pw",
            false,
        ),
        ("{Type: String}", "!Ref Elsewhere", false),
        ("{Type: String}", "!Sub \"${Pw}-hunter2\"", false),
        (
            "{Type: String}",
            "!Join [\"\", [!Ref Pw, !Ref Elsewhere]]",
            false,
        ),
        (
            "{Type: String}",
            "\"{{resolve:secretsmanager:x:SecretString:pw}}\"",
            false,
        ),
        (
            "{Type: String}",
            "!Sub \"{{resolve:secretsmanager:${Pw}:SecretString:pw}}\"",
            false,
        ),
        (
            "{Type: String}",
            "!Join [\"\", [\"{{resolve:secretsmanager:\", !Ref Pw, \"}}\"]]",
            false,
        ),
        ("{Type: String}", "!Join [\"\", [!Ref Pw]]", true),
        ("{Type: String}", "!Select [0, [!Ref Pw, x]]", true),
        ("{Type: String}", "!Select [1, [!Ref Pw, x]]", false),
        (
            "{Type: String}",
            "!Select [1, !Split [\":\", !Sub \"etl:${Pw}\"]]",
            true,
        ),
        (
            "{Type: String}",
            "!Select [0, !Split [\":\", !Sub \"etl:${Pw}\"]]",
            false,
        ),
        (
            "{Type: String, Default: \"a:b\"}",
            "!Select [1, !Split [\":\", !Ref Pw]]",
            true,
        ),
        (
            "{Type: CommaDelimitedList, Default: \"a,b\"}",
            "!Select [1, !Ref Pw]",
            false,
        ),
        ("{Type: String}", "!Sub [\"${p}\", {p: !Ref Pw}]", true),
        (
            "{Type: String}",
            "!Sub [\"${p}\", {p: !If [X, !Ref Pw, x]}]",
            true,
        ),
        (
            "{Type: String}",
            "!Sub [\"{{resolve:ssm:${p}}}\", {p: !Ref Pw}]",
            false,
        ),
        // What chooses a value is not the value.
        ("{Type: String}", "!FindInMap [M, !Ref Pw, x]", false),
        (
            "{Type: String}",
            "!FindInMap [M, !Ref Pw, x, {DefaultValue: !Ref Pw}]",
            true,
        ),
    ] {
        let head = format!("Parameters:\n  Pw: {declaration}\nMappings:\n  M: {{a: {{x: y}}}}\n");
        let text = template(
            &head,
            "",
            &[with(&format!("USERNAME: etl, PASSWORD: {value}"))],
        );
        assert_eq!(!found(rule, &text).is_empty(), is_found, "{text}");
        // What is no credential may be shown.
        let text = template(
            &head,
            "",
            &[with(&format!("SECRET_ID: x, USERNAME: {value}"))],
        );
        assert_found(rule, &text, &[]);
    }
}

#[test]
fn a_credential_in_json_text_may_be_taken_from_a_parameter() {
    let with_text = |properties: &str| {
        let text = template(
            "Parameters:\n  Pw: {Type: String}\n",
            "",
            &[with("SECRET_ID: x")],
        );
        let at = text.find("ConnectionProperties: ").unwrap();
        let end = at + text[at..].find('\n').unwrap();
        format!(
            "{}ConnectionProperties: {properties}{}",
            &text[..at],
            &text[end..]
        )
    };
    let members = "\"JDBC_CONNECTION_URL\": \"jdbc:mysql://h.example.org:3306/x\", \"USERNAME\": \"etl\", \"PASSWORD\": ";
    for (properties, expected) in [
        (format!("!Sub '{{{members} \"${{Pw}}\"}}'"), &["${Pw}"][..]),
        (format!("!Sub '{{{members} \"${{Pw}}-x\"}}'"), &[]),
        (
            format!("!Sub '{{{members} \"{{{{resolve:ssm:${{Pw}}}}}}\"}}'"),
            &[],
        ),
        (format!("!ToJsonString {{{members} !Ref Pw}}"), &["!Ref Pw"]),
        (
            format!("!If [X, !Ref Y, !Sub '{{{members} \"${{Pw}}\"}}']"),
            &["${Pw}"],
        ),
        (
            format!("!Join [\"\", ['{{{members} \"', !Ref Pw, '\"}}']]"),
            &["!Ref Pw"],
        ),
    ] {
        let text = with_text(&properties);
        assert_found("credential-in-shown-parameter", &text, expected);
    }
}

/// A default that feeds a credential is hidden in every report, whatever is said of it.
#[test]
fn no_report_shows_a_default_that_feeds_a_credential() {
    let text = template(
        "Parameters:\n  Pw: {Type: String, Default: cAnArY7x9}\n",
        "",
        &[with("USERNAME: etl, PASSWORD: !Ref Pw")],
    );
    let report = lint(&text);
    assert!(!found("credential-in-shown-parameter", &text).is_empty());
    assert!(!format!("{report:?}").contains("cAnArY7x9"));
}

/// As many connections as a document may hold, each with references: the work grows with their
/// number, not with its square.
#[test]
fn many_connections_with_references_are_judged_in_time() {
    let many: Vec<String> = (0..4000)
        .map(|n| {
            let id = format!("C{n}");
            let placement = format!("SubnetId: !Ref S{n}, SecurityGroupIdList: [!Ref Group], AvailabilityZone: !GetAtt S{n}.AvailabilityZone");
            connection(&id, "", &id.to_lowercase(), "SECRET_ID: x", &placement)
        })
        .collect();
    let subnets: String = (0..4000)
        .map(|n| format!("S{n}: {{Type: AWS::EC2::Subnet}}\n"))
        .collect();
    let text = template("", &format!("{subnets}{GROUPS}"), &many);
    let rule = "security-group-without-self-reference";
    assert_eq!(found(rule, &text).len(), 4000);
}

#[test]
fn a_service_is_a_template_with_parts() {
    let service = |parts: &str| {
        let text = template(
            "",
            GROUPS,
            &[placed(
                "SubnetId: !Ref Group, SecurityGroupIdList: [!Ref Group]",
            )],
        );
        let text: String = text.lines().map(|line| format!("    {line}\n")).collect();
        format!("service: etl\nprovider: {{name: aws}}\nresources:\n  -\n{text}{parts}")
    };
    let rule = "security-group-without-self-reference";
    assert_found(rule, &service(""), &["[!Ref Group]"]);
    assert_found(rule, &service("  - Resources: {}\n"), &["[!Ref Group]"]);
    assert_found(rule, &service("  - ${file(rules.yml)}\n"), &[]);
    assert_found("reference-to-wrong-resource", &service(""), &["!Ref Group"]);
}

/// What `extensions` puts into a resource is not known.
#[test]
fn a_resource_that_is_patched_is_not_seen_whole() {
    let service = |patches: &str| {
        let resources = format!(
            "{GROUPS}Net: {{Type: AWS::EC2::Subnet, Properties: {{AvailabilityZone: eu-west-1a}}}}"
        );
        let placement =
            "SubnetId: !Ref Net, AvailabilityZone: eu-west-1b, SecurityGroupIdList: [!Ref Group]";
        let second = connection("Again", "", "orders", "SECRET_ID: x", "");
        let text = template("", &resources, &[placed(placement), second]);
        let text: String = text.lines().map(|line| format!("  {line}\n")).collect();
        format!(
            "service: etl\nprovider: {{name: aws}}\nresources:\n{text}  extensions: {{{patches}}}\n"
        )
    };
    let rules = [
        (
            "security-group-without-self-reference",
            "[!Ref Group]",
            "Group: {Properties: {SecurityGroupIngress: []}}",
        ),
        (
            "zone-differs-from-subnet",
            "eu-west-1b",
            "Net: {Properties: {AvailabilityZone: eu-west-1b}}",
        ),
        (
            "duplicate-connection",
            "orders",
            "Again: {Condition: Never}",
        ),
    ];
    for (rule, place, patch) in rules {
        assert_found(rule, &service(""), &[place]);
        assert_found(rule, &service(patch), &[]);
        let other = "Other: {Properties: {GroupDescription: z}}";
        assert_found(rule, &service(other), &[place]);
    }
}

/// Of a template that is not seen whole, only what stands there is known.
#[test]
fn a_snippet_shows_what_is_in_it() {
    let zones = "Net: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a}}";
    let placement = "SubnetId: !Ref Net, AvailabilityZone: eu-west-1b, SecurityGroupIdList: [!Ref Group, !Ref Net, !Ref Given]";
    let whole = template("", &format!("{GROUPS}{zones}"), &[placed(placement)]);
    let snippet: String = (whole.lines().skip(1))
        .map(|line| format!("{}\n", &line[2..]))
        .collect();
    assert_found("zone-differs-from-subnet", &snippet, &["eu-west-1b"]);
    assert_found("reference-to-wrong-resource", &snippet, &["!Ref Net"]);
    let rule = "security-group-without-self-reference";
    let alone = |text: &str| text.replace(", !Ref Net, !Ref Given]", "]");
    assert_found(rule, &alone(&whole), &["[!Ref Group]"]);
    assert_found(rule, &alone(&snippet), &[]);
}

#[test]
fn a_source_is_known_however_its_reference_is_composed() {
    let rule = "password-resolved-at-deployment";
    for value in [
        "!Sub '{{resolve:ssm:${Name}:1}}'",
        "!Join ['', ['{{resolve:ssm:', !Ref Name, ':1}}']]",
        "'{{resolve:ssm:orders:1}}'",
    ] {
        let text = template(
            "",
            "",
            &[with(&format!("USERNAME: etl, PASSWORD: {value}"))],
        );
        assert_found(rule, &text, &[value]);
    }
    // Which service it is only a deployment knows.
    let open = "!Sub '{{resolve:${Service}:orders:1}}'";
    let text = template("", "", &[with(&format!("USERNAME: etl, PASSWORD: {open}"))]);
    assert_found(rule, &text, &[]);
}

#[test]
fn sources_with_doubtful_names_are_left_alone() {
    let parameters = "Parameters:\n  DbPassword: {Type: String, NoEcho: true}\n  Etl: {Type: String, NoEcho: true}\n";
    for pair in [
        "USERNAME: !Ref Etl, PASSWORD: !Ref DbPassword",
        "USERNAME: !If [A, !Ref DbPassword, etl], PASSWORD: !Ref Etl",
        "USERNAME: !Sub '${DbPassword}-x', PASSWORD: !Ref Etl",
        "USERNAME: '{{resolve:secretsmanager:db-password:SecretString:username}}', PASSWORD: !Ref Etl",
    ] {
        let text = template(parameters, "", &[with(pair)]);
        assert_found("swapped-credentials", &text, &[]);
    }
    let text = template(
        parameters,
        "",
        &[with("USERNAME: !Ref DbPassword, PASSWORD: !Ref Etl")],
    );
    assert_found("swapped-credentials", &text, &["!Ref DbPassword"]);
}
