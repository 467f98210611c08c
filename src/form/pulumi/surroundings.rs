//! The resources around the connections of a program.

use std::collections::BTreeMap;

use super::program::{Evaluator, Program, kind};
use crate::form::model::here;
use crate::form::surroundings::{RuleNames, Rules, SecurityGroup, Subnet, Surroundings, User};
use crate::form::{Map, Shape, Stream, Value};
use crate::syntax::NodeRef;

/// The rules in a group, in both providers.
const INLINE: RuleNames = RuleNames {
    ports: ["protocol", "fromPort", "toPort"],
    group: "",
    source: "",
};
const NATIVE_INLINE: RuleNames = RuleNames {
    ports: ["ipProtocol", "fromPort", "toPort"],
    ..INLINE
};

/// The types of resources that are a rule, and what they call its parts.
const RULES: &[(&str, RuleNames)] = &[
    (
        "aws:ec2:SecurityGroupRule",
        RuleNames {
            ports: INLINE.ports,
            group: "securityGroupId",
            source: "sourceSecurityGroupId",
        },
    ),
    (
        "aws:vpc:SecurityGroupIngressRule",
        RuleNames {
            ports: NATIVE_INLINE.ports,
            group: "securityGroupId",
            source: "referencedSecurityGroupId",
        },
    ),
    (
        "aws-native:ec2:SecurityGroupIngress",
        RuleNames {
            ports: NATIVE_INLINE.ports,
            group: "groupId",
            source: "sourceSecurityGroupId",
        },
    ),
];

/// What stands around the connections of a program.
pub(super) fn surroundings<'t>(document: NodeRef<'t>, _: &Stream<'t>) -> Surroundings<'t> {
    let program = Program::of(document);
    let mut surroundings = Surroundings::default();
    let mut rules = Rules::default();
    for scope in &program.scopes {
        for (key, resource) in scope.resources() {
            let (Some(name), Some(kind)) = (key.str(), kind(resource)) else {
                continue;
            };
            // What is only looked up is not made here.
            if resource.get("get").is_some() {
                continue;
            }
            let anchor = here(key.span());
            let properties = || Evaluator::new(scope).properties(resource);
            let kind = short(&kind);
            match kind.as_str() {
                "aws:ec2:Subnet" | "aws-native:ec2:Subnet" if program.is_only(&name) => {
                    let zone = properties().get("availabilityZone").cloned();
                    let zone = zone.map(|entry| entry.value);
                    (surroundings.subnets).insert(name.into_owned(), Subnet { anchor, zone });
                }
                "aws:ec2:SecurityGroup" | "aws-native:ec2:SecurityGroup"
                    if program.is_only(&name) =>
                {
                    if kind.starts_with("aws-native") {
                        let member = "securityGroupIngress";
                        rules.inline(&name, &properties(), member, &NATIVE_INLINE);
                    } else {
                        rules.inline(&name, &properties(), "ingress", &INLINE);
                    }
                    // Somebody else changes it.
                    if (resource.get("options")).is_some_and(|it| it.get("ignoreChanges").is_some())
                    {
                        rules.doubt(&name);
                    }
                    let group = SecurityGroup {
                        anchor,
                        admits_itself: None,
                    };
                    surroundings.groups.insert(name.into_owned(), group);
                }
                "aws:glue:Job"
                | "aws-native:glue:Job"
                | "aws:glue:Crawler"
                | "aws-native:glue:Crawler" => {
                    surroundings.users.push(User {
                        what: if kind.ends_with("Job") {
                            "job"
                        } else {
                            "crawler"
                        },
                        path: format!("{}resources.{name}", scope.path),
                        anchor,
                        connections: used_connections(&properties()),
                    });
                }
                kind => {
                    if let Some((_, names)) = RULES.iter().find(|(known, _)| *known == kind) {
                        rules.own(&properties(), names, false);
                    }
                }
            }
        }
    }
    if !surroundings.groups.is_empty() {
        for name in handed_out(&program, &surroundings.groups) {
            rules.doubt(&name);
        }
        rules.settle(&mut surroundings.groups, false);
    }
    surroundings
}

/// A type in its short notation: `aws:ec2:Subnet` for `aws:ec2/subnet:Subnet`.
pub(super) fn short(kind: &str) -> String {
    match (kind.split_once('/'), kind.rsplit_once(':')) {
        (Some((module, _)), Some((_, name))) => format!("{module}:{name}"),
        _ => kind.to_owned(),
    }
}

/// The names of connections that a job or a crawler uses.
fn used_connections<'t>(properties: &Map<'t>) -> Vec<Value<'t>> {
    let mut found = Vec::new();
    for entry in &properties.entries {
        match (entry.name.as_ref(), &entry.value.shape) {
            ("connections", Shape::List(names)) => found.extend(names.iter().cloned()),
            // The native provider wraps both.
            ("connections" | "targets", Shape::Map(inner)) => {
                found.extend(used_connections(inner));
            }
            (name, Shape::List(targets)) if name.ends_with("Targets") => {
                let named = targets.iter().filter_map(Value::as_map);
                let named = named.filter_map(|target| target.get("connectionName"));
                found.extend(named.map(|entry| entry.value.clone()));
            }
            _ => {}
        }
    }
    found
}

/// The groups that are handed to what may add rules to them: outputs, variables, components, other
/// stacks, resources of other providers.
fn handed_out(program: &Program<'_>, groups: &BTreeMap<String, SecurityGroup>) -> Vec<String> {
    let mut found = Vec::new();
    let mut look = |node: NodeRef<'_>| {
        let names = node.source().split("${").skip(1).filter_map(|access| {
            let end = access.find(['.', '[', '}'])?;
            access.get(..end)
        });
        found.extend(
            names
                .filter(|it| groups.contains_key(*it))
                .map(str::to_owned),
        );
    };
    for scope in &program.scopes {
        for section in ["outputs", "variables"] {
            scope.node.get(section).into_iter().for_each(&mut look);
        }
        for (_, resource) in scope.resources() {
            if kind(resource).is_none_or(|kind| may_add_rules(&kind)) {
                look(resource);
            }
        }
    }
    found
}

/// Whether a resource of that type may add rules to a group that it is told of.
fn may_add_rules(kind: &str) -> bool {
    let Some((provider, module)) = kind.split_once(':') else {
        return true;
    };
    const TELLING: &[&str] = &["cloudformation", "servicecatalog", "ssm"];
    !matches!(provider, "aws" | "aws-native")
        || TELLING.iter().any(|telling| module.starts_with(telling))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_known_in_both_notations() {
        assert_eq!(short("aws:ec2/subnet:Subnet"), "aws:ec2:Subnet");
        assert_eq!(short("aws:ec2:Subnet"), "aws:ec2:Subnet");
        assert_eq!(short("aws"), "aws");
    }
}
