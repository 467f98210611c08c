//! The resources around the connections of a template.

use std::collections::BTreeMap;

use super::references::Elsewhere;
use super::{Template, joined};
use crate::form::lower::Lower;
use crate::form::model::here;
use crate::form::surroundings::{
    Admits, Rules, SecurityGroup, Subnet, Surroundings, User, opens_all,
};
use crate::form::{Presence, Shape, Value};
use crate::syntax::{NodeKind, NodeRef};

/// Macros that add no resource to those they find.
const KNOWN_MACROS: &[&str] = &[
    "AWS::LanguageExtensions",
    "AWS::SecretsManager-2020-07-23",
    "AWS::Serverless-2016-10-31",
];

/// What a rule calls its protocol and the range of its ports.
const RULE: [&str; 3] = ["IpProtocol", "FromPort", "ToPort"];

/// Where crawlers keep their targets.
const TARGETS: &[&str] = &[
    "JdbcTargets",
    "MongoDBTargets",
    "CatalogTargets",
    "S3Targets",
    "DeltaTargets",
    "HudiTargets",
    "IcebergTargets",
];

impl<'t> Template<'t> {
    /// What stands around its connections. What a loop makes is out of sight.
    pub(in crate::form) fn surroundings(&self) -> Surroundings<'t> {
        let mut surroundings = Surroundings::default();
        let mut rules = Rules::default();
        for (path, resources) in &self.sections {
            for (key, resource) in resources.entries() {
                let (Some(name), Some(kind)) =
                    (key.str(), resource.get("Type").and_then(NodeRef::str))
                else {
                    continue;
                };
                let anchor = here(key.span());
                let is_patched = self.patches(&name, "Properties").next().is_some();
                match kind.as_ref() {
                    "AWS::EC2::Subnet" => {
                        let zone = (resource.get("Properties").filter(|_| !is_patched))
                            .and_then(|properties| properties.get("AvailabilityZone"))
                            .map(|zone| self.value(zone, 0));
                        surroundings
                            .subnets
                            .insert(name.into_owned(), Subnet { anchor, zone });
                    }
                    "AWS::EC2::SecurityGroup" => {
                        self.inline_rules(&name, resource, &mut rules);
                        if is_patched {
                            rules.doubt(&name);
                        }
                        let group = SecurityGroup {
                            anchor,
                            admits_itself: None,
                        };
                        surroundings.groups.insert(name.into_owned(), group);
                    }
                    "AWS::EC2::SecurityGroupIngress" if is_patched => rules.any = true,
                    "AWS::EC2::SecurityGroupIngress" => self.rule(resource, &mut rules),
                    "AWS::Glue::Job" | "AWS::Glue::Crawler" => {
                        let is_job = kind.ends_with("Job");
                        let connections = self.used_connections(resource, is_job);
                        surroundings.users.push(User {
                            what: if is_job { "job" } else { "crawler" },
                            path: joined(path, &name),
                            anchor,
                            connections,
                        });
                    }
                    _ => {}
                }
            }
        }
        if !surroundings.groups.is_empty() {
            let is_open = self.may_hold_more();
            for name in self.handed_out(&surroundings.groups) {
                rules.doubt(&name);
            }
            rules.settle(&mut surroundings.groups, is_open);
        }
        surroundings
    }

    /// The names of connections that a job or a crawler uses.
    fn used_connections(&self, resource: NodeRef<'t>, is_job: bool) -> Vec<Value<'t>> {
        let Some(properties) = resource.get("Properties") else {
            return Vec::new();
        };
        if is_job {
            let names = (properties.get("Connections"))
                .and_then(|connections| connections.get("Connections"));
            return (names.into_iter().flat_map(NodeRef::items))
                .map(|name| self.value(name, 0))
                .collect();
        }
        let targets = properties.get("Targets");
        (TARGETS.iter())
            .filter_map(|kind| targets?.get(kind))
            .flat_map(NodeRef::items)
            .filter_map(|target| target.get("ConnectionName"))
            .map(|name| self.value(name, 0))
            .collect()
    }

    /// Whether resources may be added that cannot be seen: by a macro or a loop, from another file.
    fn may_hold_more(&self) -> bool {
        let includes = |node: NodeRef<'_>| {
            (node.entries()).any(|(key, _)| key.str().is_none_or(|key| key.starts_with("Fn::")))
        };
        let is_open =
            |resources: NodeRef<'_>| resources.kind() != NodeKind::Map || includes(resources);
        if !self.is_whole || (self.sections.iter()).any(|(_, resources)| is_open(*resources)) {
            return true;
        }
        self.parts.iter().any(|(_, part)| {
            if part.kind() != NodeKind::Map {
                return true;
            }
            let names_unknown = part.get("Transform").is_some_and(|transform| {
                let is_known = |node: NodeRef<'_>| {
                    (node.str()).is_some_and(|name| KNOWN_MACROS.contains(&name.as_ref()))
                };
                let all_known = match transform.kind() {
                    NodeKind::List => transform.items().all(is_known),
                    _ => is_known(transform),
                };
                !all_known
            });
            names_unknown || includes(*part)
        })
    }

    /// The groups that are handed to what may add rules to them: outputs, other stacks, resources
    /// of the author's own.
    fn handed_out(&self, groups: &BTreeMap<String, SecurityGroup>) -> Vec<String> {
        let mut found = Vec::new();
        let mut look = |node: NodeRef<'t>| {
            each_text(node, 0, &mut |text| {
                let words = text.split(|c: char| !c.is_ascii_alphanumeric());
                found.extend(
                    words
                        .filter(|word| groups.contains_key(*word))
                        .map(str::to_owned),
                );
            });
        };
        for (_, part) in &self.parts {
            part.get("Outputs").into_iter().for_each(&mut look);
        }
        for (_, resource) in self.resources().values() {
            let kind = resource.get("Type").and_then(NodeRef::str);
            if kind.is_none_or(|kind| may_add_rules(&kind)) {
                look(*resource);
            }
        }
        found
    }

    /// The rules that are written in a group. None of these can refer to the group itself.
    fn inline_rules(&self, name: &str, group: NodeRef<'t>, rules: &mut Rules) {
        let Some(properties) = group.get("Properties") else {
            return;
        };
        let properties = self.value(properties, 0);
        let ingress = match &properties.shape {
            Shape::Map(map) => map.presence("SecurityGroupIngress"),
            _ => Presence::Maybe,
        };
        match ingress {
            Presence::Absent => {}
            Presence::Here(entry) => match &entry.value.shape {
                Shape::List(items) => {
                    let is_narrow = |item: &Value<'_>| {
                        (item.as_map()).is_some_and(|rule| opens_all(rule, &RULE) == Some(false))
                    };
                    if !items.iter().all(is_narrow) {
                        rules.doubt(name);
                    }
                }
                _ => rules.doubt(name),
            },
            Presence::Maybe => rules.doubt(name),
        }
    }

    /// A rule that is a resource of its own.
    fn rule(&self, resource: NodeRef<'t>, rules: &mut Rules) {
        let Some(properties) = resource.get("Properties") else {
            return;
        };
        let value = self.value(properties, 0);
        let Shape::Map(rule) = &value.shape else {
            rules.any = true;
            return;
        };
        if opens_all(rule, &RULE) == Some(false) {
            return;
        }
        let target = |member: &str| {
            (rule.get(member)).map(|entry| self.made_here(properties.get(member), &entry.value))
        };
        let group = match target("GroupId").or_else(|| target("GroupName")) {
            Some(Ok(Some(group))) => group,
            Some(Err(Elsewhere)) => return,
            Some(Ok(None)) | None => {
                rules.any = true;
                return;
            }
        };
        let is_from_itself = matches!(
            target("SourceSecurityGroupId"),
            Some(Ok(Some(source))) if source == group
        );
        let condition = |node: NodeRef<'t>| node.get("Condition").and_then(NodeRef::str);
        let is_made_with = (self.resources().get(group.as_str()))
            .is_some_and(|(_, made)| condition(*made) == condition(resource))
            || condition(resource).is_none();
        // All ports from elsewhere may be enough, too.
        if opens_all(rule, &RULE) == Some(true) && is_from_itself && is_made_with {
            rules.by_group.insert(group, Admits::Yes);
        } else {
            rules.doubt(&group);
        }
    }
}

/// Whether a resource of that type may add rules to a group that it is told of.
fn may_add_rules(kind: &str) -> bool {
    const TELLING: &[&str] = &[
        "AWS::CloudFormation::",
        "AWS::SSM::",
        "AWS::Serverless::Application",
        "AWS::ServiceCatalog",
    ];
    !kind.starts_with("AWS::")
        || kind.ends_with("::MODULE")
        || TELLING.iter().any(|prefix| kind.starts_with(prefix))
}

/// Hands over each text of a node.
fn each_text(node: NodeRef<'_>, depth: usize, each: &mut dyn FnMut(&str)) {
    if depth > crate::syntax::MAX_DEPTH {
        return;
    }
    if let Some(text) = node.str() {
        each(&text);
    }
    for item in node.items() {
        each_text(item, depth + 1, each);
    }
    for (_, value) in node.entries() {
        each_text(value, depth + 1, each);
    }
}
