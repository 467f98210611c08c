//! References: what a value will be, by what it refers to.

use super::members::{Visit, members, structures};
use super::secrets::{Role, role_of};
use super::{Findings, Reading, words};
use crate::diag::{Finding, credentials_in};
use crate::form::{Facets, Reference, Shape, Value};
use crate::spec::{self, Format, MemberShape, Resource, Severity, rules};
use crate::syntax::{GAP, Text};
use crate::text::Place;

rules! {
    /// A reference to something of another sort than the one that is wanted.
    REFERENCE_TO_WRONG_RESOURCE = "reference-to-wrong-resource", Error, since "0.1.0";
    /// A credential by way of a parameter that is shown in clear.
    CREDENTIAL_IN_SHOWN_PARAMETER = "credential-in-shown-parameter", Warning, since "0.1.0";
}

/// Judges one reading.
pub(super) fn check(reading: &Reading<'_>, findings: &mut Findings) {
    if !reading.is_authored() {
        return;
    }
    each_target(reading, &mut |target| {
        sort(reading, target, findings);
        shown(reading, target, findings);
    });
}

/// A single value, and what the facts say of it.
#[derive(Clone, Copy)]
struct Target<'c> {
    name: &'static str,
    format: Format,
    /// Whether it is a credential.
    secret: bool,
    /// Whether it may contain one.
    embeds_secret: bool,
    value: &'c Value<'c>,
}

/// Every value of a connection that the facts know: of its properties and of its members.
fn each_target<'c>(reading: &Reading<'c>, each: &mut dyn FnMut(Target<'c>)) {
    for entry in reading.properties.entries() {
        let Some(fact) = spec::property(&entry.name) else {
            continue;
        };
        for value in entry.value.alternatives() {
            each(Target {
                name: fact.key,
                format: fact.format,
                secret: fact.secret,
                embeds_secret: fact.embeds_secret,
                value,
            });
        }
    }
    structures(reading, &mut |structure, map| {
        members(structure, map, &mut |Visit { member, value, .. }| {
            let mut of = |value| {
                each(Target {
                    name: member.name,
                    format: member.format,
                    secret: member.secret,
                    embeds_secret: false,
                    value,
                });
            };
            match (&value.shape, member.shape) {
                (Shape::List(items), MemberShape::List) => {
                    items.iter().flat_map(Value::alternatives).for_each(of);
                }
                (_, MemberShape::List | MemberShape::String) => of(value),
                _ => {}
            }
        });
    });
}

// ---- what it refers to -----------------------------------------------------------------------

/// What can be referred to, in words.
const SORTS: &[(&str, &str)] = &[
    ("account-id", "the number of an AWS account"),
    ("availability-zone", "the name of an Availability Zone"),
    ("broker-list", "a list of Kafka brokers"),
    ("bucket-arn", "the ARN of an S3 bucket"),
    ("bucket-name", "the name of an S3 bucket"),
    ("cidr-block", "a range of IP addresses"),
    ("connection-arn", "the ARN of a connection"),
    ("connection-id", "the ID of a connection"),
    ("connection-name", "the name of a connection"),
    ("kms-alias-name", "the name of a KMS alias"),
    ("kms-key-arn", "the ARN of a KMS key"),
    ("kms-key-id", "the ID of a KMS key"),
    ("msk-cluster-arn", "the ARN of an MSK cluster"),
    ("msk-cluster-name", "the name of an MSK cluster"),
    ("parameter-arn", "the ARN of a Systems Manager parameter"),
    ("parameter-name", "the name of a Systems Manager parameter"),
    ("region", "the name of a Region"),
    ("role-arn", "the ARN of an IAM role"),
    ("role-name", "the name of an IAM role"),
    ("secret-arn", "the ARN of a secret"),
    ("secret-name", "the name of a secret"),
    ("secret-version-id", "the ID of a secret's version"),
    ("security-group-arn", "the ARN of a security group"),
    ("security-group-id", "the ID of a security group"),
    ("security-group-name", "the name of a security group"),
    ("subnet-arn", "the ARN of a subnet"),
    ("subnet-id", "the ID of a subnet"),
    ("vpc-arn", "the ARN of a VPC"),
    ("vpc-id", "the ID of a VPC"),
    ("zone-id", "the ID of an Availability Zone"),
    ("zookeeper-list", "a list of ZooKeeper hosts"),
];

/// A sort of thing in words. Of what has none, such as free text, nothing is said.
fn in_words(sort: &str) -> Option<&'static str> {
    (SORTS.iter().find(|(name, _)| *name == sort)).map(|(_, words)| *words)
}

/// What a value of that format may refer to, the usual one first; `None` where nothing is known to
/// be wrong.
fn accepted(target: Target<'_>, facets: Facets) -> Option<&'static [&'static str]> {
    Some(match target.format {
        // An address or a name is no credential.
        _ if target.secret => &[],
        Format::SubnetId => &["subnet-id"],
        Format::SecurityGroupId if facets.group_names => {
            &["security-group-id", "security-group-name"]
        }
        Format::SecurityGroupId => &["security-group-id"],
        Format::AvailabilityZone => &["availability-zone"],
        Format::SecretId => &["secret-arn", "secret-name"],
        Format::SecretArn => &["secret-arn"],
        Format::KmsKeyArn => &["kms-key-arn"],
        Format::RoleArn => &["role-arn"],
        Format::Region => &["region"],
        Format::CatalogId => &["account-id"],
        Format::BrokerList => &["broker-list"],
        _ => return None,
    })
}

/// Whether a value refers to something of another sort than that one: then what may be known of its
/// text beside, such as a default, is no news.
pub(super) fn refers_to_another_sort(value: &Value<'_>, sort: &str) -> bool {
    let yields = (value.reference.as_ref()).and_then(|reference| reference.yields());
    yields.is_some_and(|yields| yields != sort && in_words(yields).is_some())
}

fn sort(reading: &Reading<'_>, target: Target<'_>, findings: &mut Findings) {
    let Some(reference) = &target.value.reference else {
        return;
    };
    let facets = reading.facets();
    let (Some(accepted), Some(yields)) = (accepted(target, facets), reference.yields()) else {
        return;
    };
    let Some(found) = in_words(yields).filter(|_| !accepted.contains(&yields)) else {
        return;
    };
    let place = target.value.place;
    let quoted = quote(
        reading,
        place,
        &in_notation(facets, &reference.address, &reference.attribute),
    );
    let is = if reference.is_list { "lists" } else { "is" };
    let wanted: Vec<String> = (accepted.iter())
        .filter_map(|sort| in_words(sort))
        .map(str::to_owned)
        .collect();
    let (message, help) = if target.secret {
        (
            format!("{quoted} {is} {found}, which AWS Glue would use as the credential itself"),
            if reference.resource.name == "secret" {
                "Name the secret in `SECRET_ID`, and remove the user name and password."
            } else {
                "Put the user name and password into a secret in AWS Secrets Manager, and name it \
                 in `SECRET_ID`."
            }
            .to_owned(),
        )
    } else {
        let wanted = words::enumerated(&wanted, "or");
        (
            format!(
                "{quoted} {is} {found}, but `{}` takes {wanted}",
                target.name
            ),
            help(reading, reference, accepted, place),
        )
    };
    let mut finding = Finding::new(&REFERENCE_TO_WRONG_RESOURCE, place, message).help(help);
    if let Some(anchor) = reference.anchor {
        finding = finding.label(
            anchor,
            if reference.is_made_here {
                format!("{} is defined here", reference.resource.about)
            } else {
                "declared here".to_owned()
            },
        );
    }
    findings.add(finding);
}

/// What to write instead: another attribute of the same resource, or another resource.
fn help(reading: &Reading<'_>, reference: &Reference, accepted: &[&str], place: Place) -> String {
    let facets = reading.facets();
    // A parameter of CloudFormation has but one value.
    let has_attributes = facets.dialect != "cloudformation" || reference.is_made_here;
    if let Some(name) = attribute(facets, reference.resource, accepted).filter(|_| has_attributes) {
        let right = in_notation(facets, &reference.address, name);
        return format!("Write {}.", quote(reading, place, &right));
    }
    let other = (spec::resources().iter())
        .filter(|other| other.name != reference.resource.name)
        .find_map(|other| Some((other, attribute(facets, other, accepted)?)));
    match other {
        Some((other, name)) => {
            let address = match facets.dialect {
                "terraform" => (other.types.iter())
                    .find(|kind| kind.starts_with("aws_"))
                    .map_or_else(String::new, |kind| format!("{kind}.<name>")),
                _ => "<name>".to_owned(),
            };
            let right = in_notation(facets, &address, name);
            format!("Refer to {}: `{right}`.", other.about)
        }
        None => "Write the value itself, or let a parameter pass it in.".to_owned(),
    }
}

/// The attribute of a resource that is one of `accepted`, as the form calls it.
fn attribute(facets: Facets, resource: &Resource, accepted: &[&str]) -> Option<&'static str> {
    let is_ours = |name: &str| {
        let is_upper = name.starts_with(|c: char| c.is_ascii_uppercase());
        match facets.dialect {
            "cloudformation" => is_upper,
            "terraform" => !name.contains(|c: char| c.is_ascii_uppercase()),
            _ => !is_upper && !name.contains('_'),
        }
    };
    accepted.iter().find_map(|sort| {
        (resource.attributes.iter())
            .filter(|attribute| attribute.yields == *sort)
            .find_map(|attribute| attribute.names.iter().copied().find(|name| is_ours(name)))
    })
}

/// A reference to an attribute, in the notation of the document.
fn in_notation(facets: Facets, address: &str, attribute: &str) -> String {
    match facets.dialect {
        "cloudformation" if attribute == "Ref" => format!("!Ref {address}"),
        "cloudformation" => format!("!GetAtt {address}.{attribute}"),
        "pulumi" => format!("${{{address}.{attribute}}}"),
        _ => format!("{address}.{attribute}"),
    }
}

pub(super) fn quote(reading: &Reading<'_>, place: Place, text: &str) -> String {
    let text = Text::from_whole(text, place.span);
    reading.quote(&text, text.as_str())
}

// ---- parameters ------------------------------------------------------------------------------

fn shown(reading: &Reading<'_>, target: Target<'_>, findings: &mut Findings) {
    let value = target.value;
    if value.parameters.is_empty() || !(target.secret || target.embeds_secret) {
        return;
    }
    // What by its name is a user name is no credential, but in the wrong place.
    if target.secret && role_of(value).is_some_and(|(role, _)| role == Role::User) {
        return;
    }
    // Of a text of several pieces, it is not known which of them is the credential.
    let credentials = match value.text() {
        Some(text) if target.secret => vec![text.span()],
        Some(text) => {
            // What is not known may be one, too; a character of the same length stands for it.
            let filled = text.as_str().replace(GAP, "\u{FFFD}");
            (credentials_in(&filled).into_iter())
                .map(|range| text.span_of(range))
                .collect()
        }
        None if target.secret => vec![value.place.span],
        None => Vec::new(),
    };
    for parameter in value.parameters.iter().filter(|it| it.is_shown) {
        if !credentials.contains(&parameter.used) {
            continue;
        }
        let place = Place {
            span: parameter.used,
            ..value.place
        };
        let quoted = quote(reading, parameter.anchor, &parameter.name);
        // Terraform's providers hide the connection's properties themselves: what is shown is the
        // variable, in plans and wherever else it is used.
        let (severity, who) = match reading.facets().dialect {
            "terraform" => (
                Severity::Info,
                "which is not declared sensitive: Terraform may show it in plans and logs",
            ),
            // A stack may encrypt what the program does not declare to be secret.
            "pulumi" => (
                Severity::Info,
                "which is not declared secret: unless a stack encrypts it, Pulumi shows it",
            ),
            _ => (
                CREDENTIAL_IN_SHOWN_PARAMETER.severity,
                "whose value is shown to anyone who can see the deployment",
            ),
        };
        findings.add(
            Finding::new(
                &CREDENTIAL_IN_SHOWN_PARAMETER,
                place,
                format!("`{}` takes a credential from {quoted}, {who}", target.name),
            )
            .severity(severity)
            .label(parameter.anchor, "declared here")
            .help(match reading.facets().dialect {
                "cloudformation" => {
                    "Add `NoEcho: true` to the parameter, or put the credential into a secret in \
                     AWS Secrets Manager."
                }
                "terraform" => {
                    "Add `sensitive = true` to the variable, or put the credential into a secret \
                     in AWS Secrets Manager."
                }
                "pulumi" => {
                    "Add `secret: true` to the setting, or put the credential into a secret in AWS \
                     Secrets Manager."
                }
                _ => {
                    "Declare it to be secret, or put the credential into a secret in AWS Secrets \
                     Manager."
                }
            }),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sort_that_the_facts_know_has_words() {
        let sorts = (spec::resources().iter())
            .flat_map(|resource| resource.attributes)
            .map(|attribute| attribute.yields);
        for sort in sorts {
            // Free text may be anything.
            assert_eq!(in_words(sort).is_some(), sort != "text", "{sort}");
        }
    }
}
