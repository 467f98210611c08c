//! References to resources and parameters: what they will be is not known, but of what sort.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::Template;
use crate::form::intrinsics::Intrinsic;
use crate::form::model::here;
use crate::form::{Parameter, Reference, Shape, Value};
use crate::spec;
use crate::syntax::{NodeKind, NodeRef};
use crate::text::{Place, Span};

/// The resources or the parameters of a template: by logical id, the id's node and what has it.
pub(super) type ById<'t> = BTreeMap<Cow<'t, str>, (NodeRef<'t>, NodeRef<'t>)>;

impl<'t> Template<'t> {
    /// The resources, by logical id. Of several of one id, the last.
    pub(super) fn resources(&self) -> &ById<'t> {
        self.resources.get_or_init(|| {
            (self.sections.iter())
                .flat_map(|(_, resources)| resources.entries())
                .filter_map(|(key, resource)| Some((key.str()?, (key, resource))))
                .collect()
        })
    }

    /// The reference to an attribute of what has that logical id: of a resource that the facts
    /// know, or of a parameter that stands for one.
    pub(super) fn reference(&self, name: &str, attribute: &str) -> Option<Reference> {
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

    /// The declaration of the parameter of that name, with its key.
    pub(super) fn parameter_entry(&self, name: &str) -> Option<(NodeRef<'t>, NodeRef<'t>)> {
        let parameters = self.parameters.get_or_init(|| {
            // The first part that declares one comes before the others.
            (self.parts.iter().rev())
                .filter_map(|(_, part)| part.get("Parameters"))
                .flat_map(NodeRef::entries_by_key)
                .collect()
        });
        parameters.get(name).copied()
    }

    /// `Fn::GetAtt`, in each of its notations.
    pub(super) fn attribute(&self, argument: NodeRef<'t>, place: Place) -> Value<'t> {
        let path: Option<String> = if argument.kind() == NodeKind::List {
            let names: Option<Vec<Cow<'t, str>>> = argument.items().map(NodeRef::str).collect();
            names.map(|names| names.join("."))
        } else {
            argument.str().map(Cow::into_owned)
        };
        path.map_or_else(
            || Value::unknown(place),
            |path| self.attribute_value(&path, place),
        )
    }

    /// What `A.B` stands for.
    pub(super) fn attribute_value(&self, path: &str, place: Place) -> Value<'t> {
        let reference = (path.split_once('.'))
            .and_then(|(name, attribute)| self.reference(name, attribute))
            // Parameters have no attributes.
            .filter(|reference| reference.is_made_here);
        Value {
            reference: reference.map(Box::new),
            taken_from: Some(path.into()),
            ..Value::unknown(place)
        }
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
