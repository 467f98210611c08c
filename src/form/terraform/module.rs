//! A module: the files of a folder, as far as values come from them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::form::{File, Role, module_role};
use crate::syntax::{NodeKind, NodeRef};
use crate::text::Span;

/// What the files of a module say about variables, locals and resources.
#[derive(Debug, Default)]
pub(in crate::form) struct Module<'t> {
    /// `variable` blocks: label and body.
    variables: BTreeMap<Cow<'t, str>, Vec<(NodeRef<'t>, NodeRef<'t>)>>,
    /// The values in `locals` blocks.
    locals: BTreeMap<Cow<'t, str>, Vec<NodeRef<'t>>>,
    /// The values of variables in files that Terraform reads of itself, the last one in force.
    assigned: BTreeMap<Cow<'t, str>, NodeRef<'t>>,
    /// The labels of resources and data sources by address: `aws_subnet.a`, `data.aws_subnet.a`.
    resources: BTreeMap<String, NodeRef<'t>>,
    /// The bodies of resources in override files, by address.
    overrides: BTreeMap<String, Vec<NodeRef<'t>>>,
}

impl<'t> Module<'t> {
    /// The module that these files make up.
    pub(in crate::form) fn of(files: &[File<'t>]) -> Module<'t> {
        let mut module = Module::default();
        let mut values = Vec::new();
        for file in files {
            let name = file.name.rsplit('/').next().unwrap_or_default();
            match module_role(name) {
                Some(Role::Values) => values.push((name.contains(".auto."), name, file)),
                Some(Role::Override) => {
                    file.tree
                        .documents()
                        .for_each(|root| module.overriding(root));
                }
                Some(Role::Configuration) | None => {
                    file.tree
                        .documents()
                        .for_each(|root| module.configuration(root));
                }
            }
        }
        // Files that are read later are in force: `terraform.tfvars` comes first.
        values.sort_by_key(|(is_auto, name, _)| (*is_auto, *name));
        for (_, _, file) in values {
            file.tree.documents().for_each(|root| module.values(root));
        }
        module
    }

    /// Adds a file that overrides arguments. What it says of variables and locals counts as said
    /// twice, so that neither is taken.
    fn overriding(&mut self, file: NodeRef<'t>) {
        let own = std::mem::take(&mut self.resources);
        self.configuration(file);
        self.resources = own;
        each_block(file, "resource", 2, &mut |labels, body| {
            if let [kind, name] = labels
                && let (Some(kind), Some(name)) = (kind.str(), name.str())
            {
                let address = format!("{kind}.{name}");
                self.overrides.entry(address).or_default().push(body);
            }
        });
    }

    /// The bodies whose arguments replace those of the resource at that address.
    pub(super) fn overrides(&self, address: &str) -> &[NodeRef<'t>] {
        self.overrides.get(address).map_or(&[], Vec::as_slice)
    }

    /// Whether a body does nothing but override another.
    pub(super) fn is_override(&self, address: &str, body: NodeRef<'t>) -> bool {
        self.resources.contains_key(address)
            && (self.overrides(address).iter()).any(|other| other.span() == body.span())
    }

    /// Adds a file with configuration.
    fn configuration(&mut self, file: NodeRef<'t>) {
        each_block(file, "variable", 1, &mut |labels, body| {
            if let [label] = labels
                && let Some(name) = label.str()
            {
                self.variables.entry(name).or_default().push((*label, body));
            }
        });
        each_block(file, "locals", 0, &mut |_, body| {
            for (name, value) in body.entries() {
                if let Some(name) = name.str() {
                    self.locals.entry(name).or_default().push(value);
                }
            }
        });
        for (kind, prefix) in [("resource", ""), ("data", "data.")] {
            each_block(file, kind, 2, &mut |labels, _| {
                if let [kind, name] = labels
                    && let (Some(kind), Some(label)) = (kind.str(), name.str())
                {
                    (self.resources).insert(format!("{prefix}{kind}.{label}"), *name);
                }
            });
        }
    }

    /// Adds a file with values of variables; one that is added later is in force.
    fn values(&mut self, file: NodeRef<'t>) {
        for (name, value) in file.entries() {
            if let Some(name) = name.str() {
                self.assigned.insert(name, value);
            }
        }
    }

    /// What a variable is unless somebody says otherwise, and in which words to speak of that;
    /// `None` where it has to be given, or where its own validation may have more to say.
    pub(super) fn variable(&self, name: &str) -> Option<(NodeRef<'t>, String)> {
        let (_, body) = only(self.variables.get(name)?)?;
        if body.get("validation").is_some() {
            return None;
        }
        if let Some(value) = self.assigned.get(name) {
            return Some((*value, format!("the value of variable `{name}`")));
        }
        let default = body.get("default")?;
        Some((default, format!("the default of variable `{name}`")))
    }

    /// Where a variable is declared, and whether its value is to be hidden.
    pub(super) fn declaration(&self, name: &str) -> Option<(NodeRef<'t>, bool)> {
        let (label, body) = only(self.variables.get(name)?)?;
        Some((label, is_sensitive(body)))
    }

    /// The value of a local.
    pub(super) fn local(&self, name: &str) -> Option<NodeRef<'t>> {
        only(self.locals.get(name)?)
    }

    /// Where a resource or a data source of that address is defined.
    pub(super) fn definition(&self, address: &str) -> Option<NodeRef<'t>> {
        self.resources.get(address).copied()
    }

    /// The values of variables that are declared to be sensitive.
    pub(super) fn sensitive(&self) -> Vec<Span> {
        (self.variables.iter())
            .filter(|(_, blocks)| blocks.iter().any(|(_, body)| is_sensitive(*body)))
            .flat_map(|(name, blocks)| {
                let defaults = blocks.iter().filter_map(|(_, body)| body.get("default"));
                defaults.chain(self.assigned.get(name).copied())
            })
            .map(NodeRef::span)
            .collect()
    }
}

/// Whether a variable is declared to be hidden: anything but a literal `false` may say so.
fn is_sensitive(body: NodeRef<'_>) -> bool {
    let hides = |name| body.get(name).is_some_and(|value| !value.is("false"));
    hides("sensitive") || hides("ephemeral")
}

/// The only one; of several, a tool reads this one and another reads that.
fn only<T: Copy>(all: &[T]) -> Option<T> {
    match all {
        [one] => Some(*one),
        _ => None,
    }
}

/// Hands over the blocks of that type with so many labels. In Terraform's JSON, several blocks
/// stand in a list, at any level.
pub(super) fn each_block<'t>(
    body: NodeRef<'t>,
    kind: &str,
    labels: usize,
    each: &mut dyn FnMut(&[NodeRef<'t>], NodeRef<'t>),
) {
    for (key, value) in body.entries() {
        if key.is(kind) {
            labelled(value, labels, &mut Vec::new(), each);
        }
    }
}

fn labelled<'t>(
    node: NodeRef<'t>,
    missing: usize,
    labels: &mut Vec<NodeRef<'t>>,
    each: &mut dyn FnMut(&[NodeRef<'t>], NodeRef<'t>),
) {
    match node.kind() {
        NodeKind::List => {
            for item in node.items() {
                if item.kind() == NodeKind::Map {
                    labelled(item, missing, labels, each);
                }
            }
        }
        NodeKind::Map if missing == 0 => each(labels, node),
        NodeKind::Map => {
            for (label, inner) in node.entries() {
                labels.push(label);
                labelled(inner, missing - 1, labels, each);
                labels.pop();
            }
        }
        _ => {}
    }
}
