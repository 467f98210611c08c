//! References to resources and parameters: what they will be is not known, but of what sort.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::super::intrinsics::Intrinsic;
use super::super::lower::Lower;
use super::super::model::here;
use super::super::{Parameter, Reference, Shape, Value};
use super::Template;
use crate::spec;
use crate::syntax::{NodeKind, NodeRef};
use crate::text::{Place, Span};

/// The resources of a template: by logical id, the id's node and the resource. Of several of one
/// id, the last.
pub(super) type Resources<'t> = BTreeMap<Cow<'t, str>, (NodeRef<'t>, NodeRef<'t>)>;

impl<'t> Template<'t> {
    /// The resources, by logical id.
    pub(super) fn resources(&self) -> &Resources<'t> {
        self.resources.get_or_init(|| {
            (self.parts.iter())
                .filter_map(|(_, part)| part.get("Resources"))
                .flat_map(NodeRef::entries)
                .filter_map(|(key, resource)| Some((key.str()?, (key, resource))))
                .collect()
        })
    }

    /// The reference to an attribute of what has that logical id: of a resource that the facts
    /// know, or of a parameter that stands for one.
    pub(super) fn resource(&self, name: &str, attribute: &str) -> Option<Reference> {
        let reference = |kind: &str, anchor: Option<NodeRef<'t>>| {
            let resource = spec::resource(kind)?;
            // What the facts do not know of a resource, nothing can be said about.
            resource.yields(attribute)?;
            Some(Reference {
                address: name.to_owned(),
                resource,
                attribute: attribute.to_owned(),
                anchor: anchor.map(|key| here(key.span())),
                is_made_here: false,
                is_list: false,
            })
        };
        if name.starts_with("AWS::") {
            return reference(name, None);
        }
        if let Some((key, parameter)) = self.parameter_entry(name) {
            let kind = parameter.get("Type")?.str()?;
            let kind = unwrapped(&kind, "AWS::SSM::Parameter::Value<").unwrap_or(&kind);
            let element = unwrapped(kind, "List<");
            return Some(Reference {
                is_list: element.is_some(),
                ..reference(element.unwrap_or(kind), Some(key))?
            });
        }
        let (key, resource) = self.resources().get(name)?;
        Some(Reference {
            is_made_here: true,
            ..reference(&resource.get("Type")?.str()?, Some(*key))?
        })
    }

    /// The parameter of that name, as a part of a value that it is used for.
    pub(super) fn parameter(&self, name: &str, used: Span) -> Option<Parameter> {
        let (key, parameter) = self.parameter_entry(name)?;
        Some(Parameter {
            name: name.to_owned(),
            anchor: here(key.span()),
            used,
            is_shown: is_shown(parameter),
        })
    }

    fn parameter_entry(&self, name: &str) -> Option<(NodeRef<'t>, NodeRef<'t>)> {
        (self.parts.iter())
            .find_map(|(_, part)| part.get("Parameters").and_then(|all| all.entry(name)))
    }

    /// `Fn::GetAtt`, in each of its notations.
    pub(super) fn attribute(&self, argument: NodeRef<'t>, place: Place) -> Value<'t> {
        let path: Option<String> = if argument.kind() == NodeKind::List {
            let names: Option<Vec<Cow<'t, str>>> = argument.items().map(NodeRef::str).collect();
            names.map(|names| names.join("."))
        } else {
            argument.str().map(Cow::into_owned)
        };
        let reference = path.and_then(|path| self.dotted(&path));
        Value {
            reference: reference.map(Box::new),
            ..Value::unknown(place)
        }
    }

    /// What `A.B` refers to.
    fn dotted(&self, path: &str) -> Option<Reference> {
        let (name, attribute) = path.split_once('.')?;
        // Parameters have no attributes.
        (self.resource(name, attribute)).filter(|reference| reference.is_made_here)
    }

    /// The value of a text that is nothing but `${name}`, if it refers to something: what is
    /// `local` is defined beside the text.
    pub(super) fn variable(
        &self,
        name: &str,
        local: Option<NodeRef<'t>>,
        place: Place,
        depth: usize,
    ) -> Option<Value<'t>> {
        if let Some(local) = local {
            let value = self.value(local, depth + 1);
            return (value.reference.is_some()).then(|| Value {
                place,
                parameters: parts_of(value.parameters, place.span),
                ..value
            });
        }
        let reference = if name.contains('.') {
            self.dotted(name)?
        } else {
            self.resource(name, "Ref")?
        };
        Some(Value {
            reference: Some(Box::new(reference)),
            parameters: self.parameter(name, place.span).into_iter().collect(),
            ..Value::unknown(place)
        })
    }

    /// The resource of this template that a value certainly is an id of; `Err` where it certainly
    /// is none of them, `Ok(None)` where that is not known.
    pub(super) fn made_here(
        &self,
        node: Option<NodeRef<'t>>,
        value: &Value<'t>,
    ) -> Result<Option<String>, Elsewhere> {
        match (&value.shape, &value.reference) {
            (Shape::Unknown, Some(reference)) if reference.is_made_here => {
                Ok(Some(reference.address.clone()))
            }
            // What a deployment is given was there before it.
            (Shape::Unknown, Some(_)) => Err(Elsewhere),
            (Shape::Unknown, None) if value.parameters.len() == 1 => Err(Elsewhere),
            (Shape::Scalar(scalar), _) if !scalar.text.has_gap() => Err(Elsewhere),
            _ => match node.and_then(Intrinsic::of) {
                Some(intrinsic) if intrinsic.name == "ImportValue" => Err(Elsewhere),
                _ => Ok(None),
            },
        }
    }
}

/// What is certainly no resource of the template.
pub(super) struct Elsewhere;

/// The parameters of a value, as a part of another one that is written at `used`.
pub(super) fn parts_of(parameters: Vec<Parameter>, used: Span) -> Vec<Parameter> {
    (parameters.into_iter())
        .map(|parameter| Parameter { used, ..parameter })
        .collect()
}

/// When a resource is made: its condition, and the branch of one inside of it.
pub(super) fn realm_of(resource: NodeRef<'_>, branch: Option<(Place, Place)>) -> String {
    let condition = resource.get("Condition").and_then(NodeRef::str);
    let mut realm = condition.unwrap_or_default().into_owned();
    if let Some((outer, inner)) = branch {
        realm += &format!("#{}#{}", outer.span.start, inner.span.start);
    }
    realm
}

/// What stands between `prefix` and `>`.
fn unwrapped<'a>(kind: &'a str, prefix: &str) -> Option<&'a str> {
    kind.strip_prefix(prefix)?.strip_suffix('>')
}

/// Whether anyone who may describe the stack reads what the parameter is given.
fn is_shown(parameter: NodeRef<'_>) -> bool {
    let is_text = |name: &str, texts: &[&str]| {
        (parameter.get(name).and_then(NodeRef::str))
            .is_some_and(|own| texts.iter().any(|text| own.eq_ignore_ascii_case(text)))
    };
    let is_hidden = parameter.get("NoEcho").is_some() && !is_text("NoEcho", &["false"]);
    // A dynamic reference is shown as it is written, not as what it stands for.
    let is_resolved = (parameter.get("Default").and_then(NodeRef::str))
        .is_some_and(|default| default.contains("{{resolve:"));
    is_text("Type", &["String", "Number"]) && !is_hidden && !is_resolved
}
