//! Network: subnets, security groups and Availability Zones.

use std::net::Ipv4Addr;

use super::formats::arn::{
    has_region_shape, is_availability_zone, is_region, is_zone_id, region_of_zone,
};
use super::formats::holes::is_stand_in;
use super::kafka::private_msk_broker;
use super::neighbours::is_zone_written;
use super::references::refers_to_another_sort;
use super::{Findings, Reading, Section};
use crate::diag::Finding;
use crate::form::{Map, Presence, Shape, Value};
use crate::spec::{self, Family, Rule, Severity, rules};
use crate::syntax::GAP;

rules! {
    /// A NETWORK connection that leads nowhere.
    NETWORK_WITHOUT_PLACEMENT = "network-without-placement", Error, since "0.1.0";
    /// Properties of a NETWORK connection, which has none.
    PROPERTIES_ON_NETWORK = "properties-on-network", Warning, since "0.1.0";
    /// A placement without subnet or security groups.
    INCOMPLETE_PLACEMENT = "incomplete-placement", Error, since "0.1.0";
    /// A host inside a VPC that is to be reached from outside of it.
    PRIVATE_HOST_WITHOUT_PLACEMENT = "private-host-without-placement", Warning, since "0.1.0";
    /// A subnet whose zone is not named.
    SUBNET_WITHOUT_ZONE = "subnet-without-zone", Warning, since "0.1.0";
    /// What is no id of a subnet.
    MALFORMED_SUBNET_ID = "malformed-subnet-id", Error, since "0.1.0";
    /// What is no id of a security group.
    MALFORMED_SECURITY_GROUP_ID = "malformed-security-group-id", Error, since "0.1.0";
    /// What is no name of a zone.
    NOT_AN_AVAILABILITY_ZONE = "not-an-availability-zone", Error, since "0.1.0";
    /// A zone that is written out beside a subnet that is not.
    HARD_CODED_ZONE = "hard-coded-zone", Info, since "0.1.0";
    /// Security groups for no subnet.
    GROUPS_WITHOUT_SUBNET = "groups-without-subnet", Warning, since "0.1.0";
    /// A zone for no subnet.
    ZONE_WITHOUT_SUBNET = "zone-without-subnet", Warning, since "0.1.0";
}

/// Judges one reading.
pub(super) fn check(reading: &Reading<'_>, findings: &mut Findings) {
    if reading.is("NETWORK") {
        network_properties(reading, findings);
    }
    match reading.placement {
        Section::Here(placement) => {
            values(reading, placement, findings);
            if reading.is_authored() {
                parts(reading, placement, findings);
                hard_coded_zone(reading, placement, findings);
            }
        }
        Section::Missing if reading.is_authored() && takes_placement(reading) => {
            missing(reading, findings);
        }
        Section::Missing | Section::Unknown => {}
    }
}

const PLACEMENT: &str = "PhysicalConnectionRequirements";

/// Whether the structure has the member at all: the one that is tested without being stored has
/// not.
fn takes_placement(reading: &Reading<'_>) -> bool {
    spec::structure(reading.connection.structure)
        .is_some_and(|structure| structure.member(PLACEMENT).is_some())
}

/// Keys that consoles and tools write into every connection, switched off.
const WRITTEN_EVERYWHERE: &[&str] = &["KAFKA_SSL_ENABLED", "JDBC_ENFORCE_SSL"];

fn network_properties(reading: &Reading<'_>, findings: &mut Findings) {
    let counts = reading.properties.entries().iter().any(|entry| {
        let is_off =
            WRITTEN_EVERYWHERE.contains(&entry.name.as_ref()) && !reading.is_true(&entry.name);
        let is_empty = entry.value.known() == Some("");
        entry.value.is_absent() == Some(false) && !is_off && !is_empty
    });
    if counts {
        findings.add(
            Finding::new(
                &PROPERTIES_ON_NETWORK,
                reading.properties_key(),
                "a NETWORK connection has no data source, so its properties have no effect",
            )
            .help("Leave the properties empty, or set the type to which they belong."),
        );
    }
}

fn missing(reading: &Reading<'_>, findings: &mut Findings) {
    // In some forms its members stand among those of the connection.
    let has_key = !reading.facets().spelled(PLACEMENT).is_empty();
    let with = |members: &str| match has_key {
        true => format!("Add `{PLACEMENT}` with {members}."),
        false => format!("Add {members}."),
    };
    if reading.is("NETWORK") {
        let needed = if has_key { PLACEMENT } else { "SubnetId" };
        findings.add(
            Finding::new(
                &NETWORK_WITHOUT_PLACEMENT,
                reading.connection.fields.key,
                format!("a NETWORK connection needs `{needed}`"),
            )
            .help(with(
                "`SubnetId`, `SecurityGroupIdList` and `AvailabilityZone`",
            )),
        );
    }
    let Some((value, host, what)) = private_host(reading) else {
        return;
    };
    let quoted = value.text().map(|text| reading.quote(text, host));
    findings.add_at(
        value,
        Finding::new(
            &PRIVATE_HOST_WITHOUT_PLACEMENT,
            value.place_of(host),
            format!(
                "{} is {what}, which AWS Glue can reach only through a subnet",
                quoted.unwrap_or_default()
            ),
        )
        .help(with(
            "a subnet of that network, its Availability Zone and a security group",
        )),
    );
}

/// A host that is certainly not reached from the internet: where it is written, and what it is.
fn private_host<'c>(reading: &Reading<'c>) -> Option<(&'c Value<'c>, &'c str, &'static str)> {
    let keys: &[&str] = match reading.kind?.name {
        "JDBC" => &["JDBC_CONNECTION_URL", "HOST"],
        "MONGODB" => &["CONNECTION_URL"],
        "KAFKA" => &["KAFKA_BOOTSTRAP_SERVERS"],
        _ if is_for_glue(reading) => &["HOST"],
        _ => return None,
    };
    let address = keys.iter().find_map(|key| {
        let (value, text) = reading.text(key)?;
        Some((value, private_address(text.as_str())?, "a private address"))
    });
    address.or_else(|| {
        let (value, host) = private_msk_broker(reading).filter(|_| reading.is("KAFKA"))?;
        Some((value, host, "a broker inside a VPC"))
    })
}

/// Whether a federated connection is used by AWS Glue itself, as far as is known: Athena goes by
/// way of a Lambda function, which has a network of its own.
fn is_for_glue(reading: &Reading<'_>) -> bool {
    let fields = &reading.connection.fields;
    (reading.kind).is_some_and(|kind| kind.family == Family::Federated)
        && ["AthenaProperties", "ValidateForComputeEnvironments"]
            .iter()
            .all(|member| fields.presence(member).is_absent())
}

/// The first private IPv4 address that stands for a host in a URL or a list of hosts.
fn private_address(text: &str) -> Option<&str> {
    // Options follow, and may hold anything; so may what stands before the host.
    let hosts = text.split(['?', ';']).next().unwrap_or_default();
    let hosts = hosts.rsplit_once('@').map_or(hosts, |(_, rest)| rest);
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | GAP);
    hosts.split(|c| !is_part(c)).find(|word| {
        word.parse::<Ipv4Addr>()
            .is_ok_and(|address| address.is_private())
    })
}

// ---- what is there, and what is not ----------------------------------------------------------

fn parts(reading: &Reading<'_>, placement: &Map<'_>, findings: &mut Findings) {
    let subnet = placement.presence("SubnetId");
    let groups = placement.presence("SecurityGroupIdList");
    let zone = placement.presence("AvailabilityZone");
    if reading.is("NETWORK") && subnet.is_absent() {
        findings.add(
            Finding::new(
                &INCOMPLETE_PLACEMENT,
                placement.key,
                "a NETWORK connection needs `SubnetId`",
            )
            .help("Add the subnet through which AWS Glue reaches the network."),
        );
    } else if let (true, Presence::Here(groups)) = (subnet.is_absent(), groups) {
        findings.add(
            Finding::new(
                &GROUPS_WITHOUT_SUBNET,
                groups.key,
                "security groups have no effect without `SubnetId`",
            )
            .help("Add the subnet, or remove the security groups."),
        );
    } else if let (true, Presence::Here(zone)) = (subnet.is_absent(), zone) {
        findings.add(
            Finding::new(
                &ZONE_WITHOUT_SUBNET,
                zone.key,
                "an Availability Zone has no effect without `SubnetId`",
            )
            .help("Add the subnet, or remove the zone."),
        );
    }
    if !subnet.is_here() {
        return;
    }
    let empty = match groups {
        Presence::Absent => Some((placement.key, "no security group is named")),
        Presence::Here(entry) => match &entry.value.shape {
            Shape::List(items) if items.is_empty() => {
                Some((entry.value.place, "the list of security groups is empty"))
            }
            _ => None,
        },
        Presence::Maybe => None,
    };
    if let Some((place, what)) = empty {
        findings.add(
            Finding::new(
                &INCOMPLETE_PLACEMENT,
                place,
                format!("{what}, but the network interfaces in the subnet need one"),
            )
            .severity(Severity::Warning)
            .help("Name a security group with a self-referencing inbound rule for all TCP ports."),
        );
    }
    if zone.is_absent() {
        let finding = Finding::new(
            &SUBNET_WITHOUT_ZONE,
            placement.key,
            "`AvailabilityZone` is missing: crawlers and jobs reject a subnet without it",
        );
        findings.add(finding.help(match reading.facets().dialect {
            "cloudformation" => {
                "Add `AvailabilityZone: !GetAtt <Subnet>.AvailabilityZone`, or the zone's name."
            }
            "terraform" => {
                "Add `availability_zone` with the zone of the subnet, such as \
                 `aws_subnet.<name>.availability_zone`."
            }
            _ => "Add `AvailabilityZone` with the name of the subnet's zone.",
        }));
    }
}

/// A zone that is written out, where only a deployment decides the subnet.
fn hard_coded_zone(reading: &Reading<'_>, placement: &Map<'_>, findings: &mut Findings) {
    let (Presence::Here(subnet), Presence::Here(zone)) = (
        placement.presence("SubnetId"),
        placement.presence("AvailabilityZone"),
    ) else {
        return;
    };
    // Where the subnet's own zone is written, it is compared with this one.
    let is_chosen =
        matches!(subnet.value.shape, Shape::Unknown) || subnet.value.reference.is_some();
    let is_open = is_chosen && !is_zone_written(reading, &subnet.value);
    let is_literal =
        zone.value.origins.is_empty() && zone.value.known().is_some_and(is_availability_zone);
    // Where references are resolved, the zone may have been one.
    let is_known = !reading.facets().resolved && is_literal;
    if !is_open || !is_known || !findings.wants(Severity::Info) {
        return;
    }
    findings.add(
        Finding::new(
            &HARD_CODED_ZONE,
            zone.value.place,
            format!(
                "the zone is always {}, but the subnet is chosen at deployment and may be in another zone",
                reading.quote_value(&zone.value)
            ),
        )
        .label(subnet.value.place, "the subnet is chosen here")
        .help(if reading.facets().dialect == "cloudformation" {
            "Take the zone from the subnet: `!GetAtt <Subnet>.AvailabilityZone`."
        } else {
            "Take the zone from the subnet; it cannot be left out."
        }),
    );
}

// ---- single values ---------------------------------------------------------------------------

fn values(reading: &Reading<'_>, placement: &Map<'_>, findings: &mut Findings) {
    let value = |name: &str| placement.get(name).map(|entry| &entry.value);
    for value in value("SubnetId").into_iter().flat_map(Value::alternatives) {
        id(reading, value, &SUBNET, findings);
    }
    for list in (value("SecurityGroupIdList").into_iter()).flat_map(Value::alternatives) {
        let Shape::List(items) = &list.shape else {
            continue;
        };
        for value in items.iter().flat_map(Value::alternatives) {
            id(reading, value, &GROUP, findings);
        }
    }
    for value in (value("AvailabilityZone").into_iter()).flat_map(Value::alternatives) {
        zone(reading, value, findings);
    }
}

/// A sort of id.
struct IdKind {
    rule: &'static Rule,
    prefix: &'static str,
    /// What the facts call it.
    sort: &'static str,
    what: &'static str,
    several: &'static str,
    help: &'static str,
}

const SUBNET: IdKind = IdKind {
    rule: &MALFORMED_SUBNET_ID,
    prefix: "subnet-",
    sort: "subnet-id",
    what: "subnet ID",
    several: "contains several IDs, but a connection has only one subnet",
    help: "Write the ID of the subnet, such as \"subnet-0a1b2c3d4e5f60718\".",
};

const GROUP: IdKind = IdKind {
    rule: &MALFORMED_SECURITY_GROUP_ID,
    prefix: "sg-",
    sort: "security-group-id",
    what: "security group ID",
    several: "contains several IDs, but each must be a list item of its own",
    help: "Write the ID of the group, not its name, such as \"sg-0a1b2c3d4e5f60718\".",
};

/// Beginnings of what people write in place of an id, and what that is.
const OTHER_IDS: &[(&str, &str)] = &[
    ("subnet-", "the ID of a subnet"),
    ("sg-", "the ID of a security group"),
    ("vpc-", "the ID of a VPC"),
    ("eni-", "the ID of a network interface"),
    ("rtb-", "the ID of a route table"),
    ("acl-", "the ID of a network ACL"),
    ("igw-", "the ID of an internet gateway"),
    ("nat-", "the ID of a NAT gateway"),
    ("arn:", "an ARN"),
];

fn other_id(text: &str) -> Option<&'static str> {
    OTHER_IDS
        .iter()
        .find(|(prefix, _)| text.starts_with(prefix))
        .map(|(_, what)| *what)
}

fn id(reading: &Reading<'_>, value: &Value<'_>, kind: &IdKind, findings: &mut Findings) {
    let Some(text) = value.text() else { return };
    // Blanks around the value and line breaks in it are for other rules.
    let id = text.as_str().trim();
    let is_read = !id.is_empty() && !is_stand_in(id) && !id.contains(['\n', '\r']);
    if !is_read || refers_to_another_sort(value, kind.sort) {
        return;
    }
    // AWS gives no group a name that begins like an ID.
    let may_be_name = kind.prefix == GROUP.prefix && reading.facets().group_names;
    if may_be_name && !id.starts_with(kind.prefix) {
        return;
    }
    let Some((severity, why)) = id_problem(id, kind) else {
        return;
    };
    findings.add_at(
        value,
        Finding::new(
            kind.rule,
            value.place_of(id),
            format!("{} {why}", reading.quote(text, id)),
        )
        .severity(severity)
        .help(if may_be_name {
            "Write the name of the group, or its ID, such as \"sg-0a1b2c3d4e5f60718\"."
        } else {
            kind.help
        }),
    );
}

/// What is wrong with an id: how bad it is, and why.
fn id_problem(id: &str, kind: &IdKind) -> Option<(Severity, String)> {
    let error = |why: String| Some((Severity::Error, why));
    let known = id.split(GAP).next().unwrap_or_default();
    let is_open = known.len() < id.len();
    if id.contains(',') {
        return error(kind.several.to_owned());
    }
    let Some(digits) = id.strip_prefix(kind.prefix) else {
        if is_open && kind.prefix.starts_with(known) {
            return None;
        }
        return error(match other_id(known) {
            Some(other) => format!("is {other}, not a {}", kind.what),
            None => format!("is not a {}", kind.what),
        });
    };
    let is_hex = digits.chars().all(|c| c == GAP || c.is_ascii_hexdigit());
    let fits = if is_open {
        digits.chars().filter(|c| *c != GAP).count() <= 17
    } else {
        matches!(digits.len(), 8 | 17)
    };
    if !is_hex || !fits {
        return error(format!(
            "is not a {}: `{}` must be followed by 8 or 17 hexadecimal digits",
            kind.what, kind.prefix
        ));
    }
    digits.contains(|c: char| c.is_ascii_uppercase()).then(|| {
        let why = "has upper-case digits, but AWS writes IDs in lower case".to_owned();
        (Severity::Warning, why)
    })
}

fn zone(reading: &Reading<'_>, value: &Value<'_>, findings: &mut Findings) {
    let Some(text) = value.text() else { return };
    let zone = text.as_str().trim();
    let is_read = !zone.is_empty() && !is_stand_in(zone) && !zone.contains(['\n', '\r']);
    if !is_read || refers_to_another_sort(value, "availability-zone") {
        return;
    }
    let known = zone.split(GAP).next().unwrap_or_default();
    if let Some(region) = region_of_zone(zone).filter(|region| !is_region(region)) {
        findings.add_at(
            value,
            Finding::new(
                &NOT_AN_AVAILABILITY_ZONE,
                value.place_of(region),
                format!(
                    "{} is not a Region that was known on {}",
                    reading.quote(text, region),
                    spec::DATE
                ),
            )
            .severity(Severity::Warning)
            .help("Check the spelling; ignore this if the Region is newer."),
        );
        return;
    }
    let why = if let Some(other) = other_id(known) {
        format!("is {other}, not the name of an Availability Zone")
    } else if known.len() < zone.len() || is_availability_zone(zone) {
        return;
    } else if is_zone_id(zone) {
        "is the ID of a zone, but AWS Glue takes its name".to_owned()
    } else if has_region_shape(zone) {
        "is a Region, not one of its Availability Zones".to_owned()
    } else if is_availability_zone(&zone.to_ascii_lowercase()) {
        "has upper-case letters, but zone names are lower case".to_owned()
    } else {
        "is not the name of an Availability Zone".to_owned()
    };
    findings.add_at(
        value,
        Finding::new(
            &NOT_AN_AVAILABILITY_ZONE,
            value.place_of(zone),
            format!("{} {why}", reading.quote(text, zone)),
        )
        .help("Write the name of the subnet's zone, such as \"eu-west-1a\"."),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_with_gaps_are_judged_by_what_is_known() {
        let problem = |id| id_problem(id, &SUBNET).map(|(severity, _)| severity);
        for id in [
            "subnet-0a1b2c3d",
            "subnet-\u{FFFC}",
            "sub\u{FFFC}",
            "\u{FFFC}",
        ] {
            assert_eq!(problem(id), None, "{id}");
        }
        for id in [
            "vpc-\u{FFFC}",
            "subnet-x\u{FFFC}",
            "subnet-0a1b2c",
            "subnet",
        ] {
            assert_eq!(problem(id), Some(Severity::Error), "{id}");
        }
        assert_eq!(problem("subnet-0A1B2C3D"), Some(Severity::Warning));
    }

    #[test]
    fn private_addresses_are_found_where_hosts_stand() {
        let found = |text| private_address(text);
        assert_eq!(found("jdbc:mysql://10.0.0.5:3306/x"), Some("10.0.0.5"));
        assert_eq!(
            found("jdbc:oracle:thin:@192.168.1.2:1521/x"),
            Some("192.168.1.2")
        );
        assert_eq!(found("a:9092,172.16.0.9:9092"), Some("172.16.0.9"));
        assert_eq!(found("10.0.0.5"), Some("10.0.0.5"));
        for text in [
            "jdbc:mysql://db.example.org/x?h=10.0.0.5",
            "jdbc:mysql://8.8.8.8/x",
            "jdbc:mysql://10.0.0.\u{FFFC}/x",
            "mongodb://etl:10.0.0.5@db.example.org/x",
            "v10.0.0.5.example.org",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
