//! The Regions of the parts of one connection.

use super::MIXED_REGIONS;
use crate::check::formats::arn::{
    Arn, is_region, partition_of, region_in_endpoint, region_of_zone,
};
use crate::check::{Findings, Reading};
use crate::diag::Finding;
use crate::form::{Presence, Value};
use crate::spec;

/// A part of a connection that lies in a Region.
struct Located<'c> {
    what: &'static str,
    value: &'c Value<'c>,
    /// The part of the value that tells.
    part: &'c str,
    /// The Region; empty where only the partition is known.
    region: &'c str,
    partition: &'static str,
}

impl Located<'_> {
    /// The Region or the partition, for a message.
    fn quoted(&self, reading: &Reading<'_>) -> String {
        match self.value.text() {
            Some(text) if !self.region.is_empty() => reading.quote(text, self.region),
            _ => format!("`{}`", self.partition),
        }
    }
}

/// The keys that hold an endpoint, in the order in which they are trusted.
const ENDPOINTS: &[&str] = &[
    "JDBC_CONNECTION_URL",
    "HOST",
    "CONNECTION_URL",
    "KAFKA_BOOTSTRAP_SERVERS",
];

pub(super) fn mixed_regions(reading: &Reading<'_>, findings: &mut Findings) {
    let mut located = Vec::new();
    if let Presence::Here(entry) = reading.placement.presence("AvailabilityZone") {
        locate(
            "the Availability Zone",
            &entry.value,
            region_of_zone,
            &mut located,
        );
    }
    for key in ENDPOINTS {
        if let Some(entry) = reading.entry(key)
            && !entry
                .value
                .text()
                .is_some_and(|t| t.as_str().starts_with("[["))
        {
            locate(
                "the endpoint",
                &entry.value,
                region_in_endpoint,
                &mut located,
            );
        }
    }
    let secrets = ["SECRET_ID", "KAFKA_SASL_SCRAM_SECRETS_ARN"];
    for entry in secrets.iter().filter_map(|key| reading.entry(key)) {
        locate("the secret", &entry.value, region_in_arn, &mut located);
    }
    for (member, what) in [("SecretArn", "the secret"), ("KmsKeyArn", "the key")] {
        if let Presence::Here(entry) = reading.authentication.presence(member) {
            locate(what, &entry.value, region_in_arn, &mut located);
        }
    }
    let role = reading.entry("ROLE_ARN").map(|entry| &entry.value);
    if let Some(value) = role
        && let Some(text) = value.text()
        && let Ok(Some(arn)) = Arn::parse(text.as_str())
        && let Some(known) = spec::partitions().iter().find(|p| p.name == arn.partition)
    {
        located.push(Located {
            what: "the role",
            value,
            part: arn.partition,
            region: "",
            partition: known.name,
        });
    }
    // Where queries run and where data lies may differ, but not by partition.
    if let Some(value) = reading.entry("REGION").map(|entry| &entry.value)
        && let Some(region) = value.known()
        && let Some(partition) = partition_of(region)
    {
        located.push(Located {
            what: "`REGION`",
            value,
            part: region,
            region: "",
            partition: partition.name,
        });
    }
    let Some((first, others)) = located.split_first() else {
        return;
    };
    let Some(other) = others.iter().find(|other| {
        other.partition != first.partition
            || (!other.region.is_empty() && other.region != first.region)
    }) else {
        return;
    };
    let first_quoted = if other.region.is_empty() {
        format!("`{}`", first.partition)
    } else {
        first.quoted(reading)
    };
    findings.add_at(
        other.value,
        Finding::new(
            &MIXED_REGIONS,
            other.value.place_of(other.part),
            format!(
                "{} is in {}, but {} is in {first_quoted}",
                other.what,
                other.quoted(reading),
                first.what
            ),
        )
        .label(
            first.value.place_of(first.part),
            format!("{} is here", first.what),
        )
        .help("Use resources of one Region."),
    );
}

fn region_in_arn(text: &str) -> Option<&str> {
    let arn = Arn::parse(text).ok().flatten()?;
    is_region(arn.region).then_some(arn.region)
}

fn locate<'c>(
    what: &'static str,
    value: &'c Value<'c>,
    find: fn(&str) -> Option<&str>,
    located: &mut Vec<Located<'c>>,
) {
    let Some(text) = value.text() else { return };
    let Some(region) = find(text.as_str()) else {
        return;
    };
    let Some(partition) = partition_of(region) else {
        return;
    };
    located.push(Located {
        what,
        value,
        part: region,
        region,
        partition: partition.name,
    });
}
