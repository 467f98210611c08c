//! Terraform's providers: what their arguments say of a connection. HCL, plans and states speak of
//! connections in the same words.

use super::lower::{
    default_to_jdbc, each_map, embedded_json, name_members, take_nested, take_request,
};
use super::{Direction, Envelope, Facets, Map, Shape, Spelling, Typing, Value, Words};
use crate::spec::{self, MemberShape};
use crate::syntax::Schema;
use crate::text::Place;

/// A provider with a resource that is a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Provider {
    /// `aws_glue_connection`.
    Aws,
    /// `awscc_glue_connection`, which is generated from CloudFormation's resource.
    Awscc,
}

/// How the members of the API are spelled by `aws_glue_connection`. Two of those that it has no
/// argument for are keys of `connection_properties`, and keep their names.
const AWS: Spelling = Spelling {
    words: Words::Snake,
    own: &[
        ("OAuth2Properties", "oauth2_properties"),
        ("OAuth2GrantType", "oauth2_grant_type"),
        ("OAuth2ClientApplication", "oauth2_client_application"),
        ("OAuth2Credentials", "oauth2_credentials"),
        ("SparkProperties", "SparkProperties"),
        ("PythonProperties", "PythonProperties"),
    ],
};

/// How they are spelled by `awscc_glue_connection`.
const AWSCC: Spelling = Spelling {
    words: Words::Snake,
    own: &[
        ("OAuth2Properties", "o_auth_2_properties"),
        ("OAuth2GrantType", "o_auth_2_grant_type"),
        ("OAuth2ClientApplication", "o_auth_2_client_application"),
        ("OAuth2Credentials", "o_auth_2_credentials"),
    ],
};

/// Arguments that say nothing of the connection: what the provider computes, and what Terraform
/// itself takes in any resource.
const ASIDE: &[&str] = &[
    "arn",
    "connection",
    "count",
    "depends_on",
    "for_each",
    "id",
    "lifecycle",
    "provider",
    "provisioner",
    "region",
    "tags_all",
    "timeouts",
];

impl Provider {
    /// The provider of a type of resource, if that is a connection.
    pub(super) fn of(kind: &str) -> Option<Provider> {
        match kind {
            "aws_glue_connection" => Some(Provider::Aws),
            "awscc_glue_connection" => Some(Provider::Awscc),
            _ => None,
        }
    }

    /// The address of its resource of that name.
    pub(super) fn address(self, name: &str) -> String {
        let kind = match self {
            Provider::Aws => "aws_glue_connection",
            Provider::Awscc => "awscc_glue_connection",
        };
        format!("{kind}.{name}")
    }

    /// What its resource allows in a document of a form that people write.
    pub(super) fn facets(self, form: &'static str) -> Facets {
        Facets {
            form,
            dialect: "terraform",
            direction: Direction::Authored,
            // It makes the string that is meant of a number or a truth value.
            typing: Typing::Free,
            schema: Schema::Core,
            group_names: false,
            resolved: false,
            spelling: Some(match self {
                Provider::Aws => AWS,
                Provider::Awscc => AWSCC,
            }),
        }
    }

    /// The request and the connection that the arguments of a resource are, under the names of the
    /// API. A block is a list of one map, as in Terraform's JSON, or just the map. `None` where the
    /// connection cannot be seen.
    ///
    /// * `arguments`: what stands in the resource; what is null, empty text or an empty list counts
    ///   as not written.
    /// * `anchor`: what names the resource, for what it only implies.
    pub(super) fn members<'t>(
        self,
        mut arguments: Map<'t>,
        anchor: Place,
        facets: &Facets,
    ) -> Option<(Envelope<'t>, Map<'t>)> {
        (arguments.entries).retain(|entry| !ASIDE.contains(&entry.name.as_ref()));
        read_blocks(&mut arguments, facets);
        let (mut envelope, mut fields) = match self {
            Provider::Aws => (take_request(&mut arguments), arguments),
            Provider::Awscc => take_nested(arguments)?,
        };
        name_members(&mut fields, "Connection", facets);
        match self {
            Provider::Aws => default_to_jdbc(&mut fields, anchor),
            Provider::Awscc => {
                read_json_text(&mut envelope.fields, envelope.structure);
                read_json_text(&mut fields, "Connection");
            }
        }
        Some((envelope, fields))
    }
}

/// Leaves out what is not set, and takes blocks out of the lists around them.
fn read_blocks(arguments: &mut Map<'_>, facets: &Facets) {
    arguments.entries.retain(|entry| !is_unset(&entry.value));
    for entry in &mut arguments.entries {
        if is_structure(&entry.name, facets) {
            unwrap_block(&mut entry.value);
            entry.value.belongs_to(entry.key);
            each_map(&mut entry.value, &mut |map| read_blocks(map, facets));
        }
    }
}

fn is_unset(value: &Value<'_>) -> bool {
    match &value.shape {
        Shape::Absent => true,
        Shape::Scalar(scalar) => scalar.text.as_str().is_empty(),
        Shape::List(items) => items.is_empty(),
        Shape::Map(_) | Shape::OneOf(_) | Shape::Unknown => false,
    }
}

/// The map in a list of one; of more than one, which is meant is not known.
fn unwrap_block(value: &mut Value<'_>) {
    match &mut value.shape {
        Shape::List(items) if items.iter().any(|item| item.as_map().is_some()) => {
            match (items.pop(), items.is_empty()) {
                (Some(only), true) => *value = only,
                _ => *value = Value::unknown(value.place),
            }
        }
        Shape::OneOf(branches) => branches.iter_mut().for_each(unwrap_block),
        _ => {}
    }
}

/// Whether an argument holds arguments of its own, and not a map of names and values.
fn is_structure(name: &str, facets: &Facets) -> bool {
    (spec::structures().iter())
        .flat_map(|structure| structure.members)
        .filter(|member| matches!(member.shape, MemberShape::Structure(_)))
        .any(|member| facets.spelled(member.name) == name)
}

/// Reads the maps that are written as JSON in a text.
pub(super) fn read_json_text(fields: &mut Map<'_>, structure: &str) {
    let Some(structure) = spec::structure(structure) else {
        return;
    };
    for entry in &mut fields.entries {
        match structure.member(&entry.name).map(|member| member.shape) {
            Some(MemberShape::Map) => {
                let Some(text) = entry.value.text() else {
                    continue;
                };
                match embedded_json(text, entry.value.place) {
                    Ok(value) if value.as_map().is_some() => entry.value = value,
                    // A gap may make it an object.
                    _ if text.has_gap() => entry.value = Value::unknown(entry.value.place),
                    _ => {}
                }
                entry.value.belongs_to(entry.key);
            }
            Some(MemberShape::Structure(inner)) => {
                each_map(&mut entry.value, &mut |map| read_json_text(map, inner));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_spelled_as_the_providers_spell_them() {
        let aws = Provider::Aws.facets("x");
        for (member, argument) in [
            ("Name", "name"),
            ("SecurityGroupIdList", "security_group_id_list"),
            ("KmsKeyArn", "kms_key_arn"),
            ("TokenUrlParametersMap", "token_url_parameters_map"),
            (
                "AWSManagedClientApplicationReference",
                "aws_managed_client_application_reference",
            ),
            (
                "UserManagedClientApplicationClientId",
                "user_managed_client_application_client_id",
            ),
            ("OAuth2GrantType", "oauth2_grant_type"),
            ("PORT", "PORT"),
        ] {
            assert_eq!(aws.spelled(member), argument);
        }
        let awscc = Provider::Awscc.facets("x");
        assert_eq!(awscc.spelled("ConnectionInput"), "connection_input");
        assert_eq!(awscc.spelled("SparkProperties"), "spark_properties");
    }
}
