//! A connection among the resources that its document defines beside it.

use super::formats::arn::is_availability_zone;
use super::{Findings, Reading};
use crate::diag::Finding;
use crate::form::{Map, Presence, SecurityGroup, Shape, Subnet, Value};
use crate::spec::{Family, rules};

rules! {
    /// Security groups none of which lets in its own members.
    SECURITY_GROUP_WITHOUT_SELF_REFERENCE = "security-group-without-self-reference", Warning, since "0.1.0";
    /// A zone beside a subnet in another zone.
    ZONE_DIFFERS_FROM_SUBNET = "zone-differs-from-subnet", Error, since "0.1.0";
}

/// Judges one reading.
pub(super) fn check(reading: &Reading<'_>, findings: &mut Findings) {
    let Some(placement) = reading.placement.map().filter(|_| reading.is_authored()) else {
        return;
    };
    zone(reading, placement, findings);
    if runs_on_spark(reading) {
        groups(reading, placement, findings);
    }
}

fn value<'c>(map: &'c Map<'c>, name: &str) -> Option<&'c Value<'c>> {
    match map.presence(name) {
        Presence::Here(entry) => Some(&entry.value),
        _ => None,
    }
}

/// What the document calls the resource of its own that a value is `sort` of.
fn address<'c>(value: &'c Value<'_>, sort: &str) -> Option<&'c str> {
    (value.reference.as_deref())
        .filter(|reference| reference.is_made_here && reference.yields() == Some(sort))
        .map(|reference| reference.address.as_str())
}

// ---- zones -----------------------------------------------------------------------------------

fn zone(reading: &Reading<'_>, placement: &Map<'_>, findings: &mut Findings) {
    let subnets = &reading.surroundings.subnets;
    let (Some(id), Some(zone)) = (
        value(placement, "SubnetId"),
        value(placement, "AvailabilityZone"),
    ) else {
        return;
    };
    let Some((address_of_subnet, subnet)) =
        address(id, "subnet-id").and_then(|address| subnets.get_key_value(address))
    else {
        return;
    };
    let other = address(zone, "availability-zone").and_then(|address| subnets.get(address));
    let named = match other {
        Some(other) => written_zone(other),
        None => certain(zone),
    };
    let (Some((one, _)), Some((two, own))) = (named, written_zone(subnet)) else {
        return;
    };
    if one == two {
        return;
    }
    let mut finding = Finding::new(
        &ZONE_DIFFERS_FROM_SUBNET,
        zone.place,
        format!(
            "the zone is {}, but the subnet lies in {}",
            named.map_or_else(String::new, |(_, value)| reading.quote_value(value)),
            reading.quote_value(own),
        ),
    )
    .label(own.place, "the zone of the subnet");
    if let Some((_, value)) = named.filter(|_| other.is_some()) {
        finding = finding.label(value.place, "the zone of the other subnet");
    }
    findings.add(finding.help(match reading.facets().dialect {
        "cloudformation" => {
            let right = format!("!GetAtt {address_of_subnet}.AvailabilityZone");
            format!(
                "Take the zone from the subnet: {}.",
                super::references::quote(reading, zone.place, &right)
            )
        }
        _ => "Take the zone from the subnet.".to_owned(),
    }));
}

/// Whether the document itself says in which zone the subnet of that id lies.
pub(super) fn is_zone_written(reading: &Reading<'_>, id: &Value<'_>) -> bool {
    address(id, "subnet-id")
        .and_then(|address| reading.surroundings.subnets.get(address))
        .and_then(written_zone)
        .is_some()
}

fn written_zone<'c>(subnet: &'c Subnet<'c>) -> Option<(&'c str, &'c Value<'c>)> {
    certain(subnet.zone.as_ref()?)
}

/// The name of a zone that is written there and that no deployment replaces.
fn certain<'c>(value: &'c Value<'c>) -> Option<(&'c str, &'c Value<'c>)> {
    let zone = value.known()?;
    let is_fixed = value.parameters.is_empty() && value.origins.iter().all(|it| !it.is_default);
    (is_fixed && is_availability_zone(zone)).then_some((zone, value))
}

// ---- security groups -------------------------------------------------------------------------

/// Whether the connection is for jobs of Spark, whose workers talk to each other through its
/// security groups; other engines that know connections have rules of their own.
fn runs_on_spark(reading: &Reading<'_>) -> bool {
    let is_classic =
        (reading.kind).is_some_and(|kind| matches!(kind.family, Family::Core | Family::Connector));
    is_classic
        && (reading.connection.fields)
            .presence("ValidateForComputeEnvironments")
            .is_absent()
}

fn groups(reading: &Reading<'_>, placement: &Map<'_>, findings: &mut Findings) {
    let Some(list) = value(placement, "SecurityGroupIdList") else {
        return;
    };
    let Shape::List(items) = &list.shape else {
        return;
    };
    let group = |item: &Value<'_>| -> Option<&SecurityGroup> {
        let address = address(item, "security-group-id")?;
        (reading.surroundings.groups.get(address))
            .filter(|group| group.admits_itself == Some(false))
    };
    let closed: Option<Vec<&SecurityGroup>> = items.iter().map(group).collect();
    let Some(closed) = closed.filter(|closed| !closed.is_empty()) else {
        return;
    };
    let who = if closed.len() == 1 {
        "this security group does not admit"
    } else {
        "none of these security groups admits"
    };
    let mut finding = Finding::new(
        &SECURITY_GROUP_WITHOUT_SELF_REFERENCE,
        list.place,
        format!(
            "{who} its own members on all TCP ports, which AWS Glue requires for the workers of \
             a job to reach each other"
        ),
    );
    for group in closed {
        finding = finding.label(group.anchor, "no rule of this group admits it");
    }
    findings.add(finding.help(match reading.facets().dialect {
        "cloudformation" => {
            "Add an `AWS::EC2::SecurityGroupIngress` that names the group in both `GroupId` and \
             `SourceSecurityGroupId`, for the protocol `tcp` from port 0 to 65535."
        }
        "terraform" => {
            "Add an ingress rule with `self = true`, for the protocol `tcp` from port 0 to 65535."
        }
        _ => {
            "Add an inbound rule whose source is the group itself, for the protocol `tcp` from \
             port 0 to 65535."
        }
    }));
}
