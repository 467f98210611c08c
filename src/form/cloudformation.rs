//! CloudFormation templates, SAM templates and what the CDK synthesises.

mod functions;
mod loops;
mod names;
mod references;
mod snippet;
mod surroundings;

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::ops::Range;

use super::compose::Budget;
use super::datazone;
use super::holes::{is_all_of, quoted_within, with_gaps};
use super::intrinsics::{Intrinsic, dynamic_references};
use super::lower::{Lower, each_map};
use super::model::here;
use super::{
    Connection, Direction, Envelope, Facets, Form, Map, Shape, Stream, Surroundings, Typing, Value,
};
use crate::syntax::{NodeKind, NodeRef, Schema, Text};
use crate::text::{Place, Span};
use loops::{ForEach, Loop};
use snippet::Snippet;

pub(super) const FORM: Form = Form {
    name: "cloudformation",
    title: "CloudFormation templates and parts of them, SAM templates and the output of the CDK",
    mark: "a resource of type `AWS::Glue::Connection` or `AWS::DataZone::Connection`, or the properties of one with \
           intrinsic functions",
    recognises,
    connections,
    surroundings,
    is_module: false,
};

/// The resource type that defines a connection.
const RESOURCE_TYPE: &str = "AWS::Glue::Connection";

fn recognises(document: NodeRef<'_>) -> bool {
    holds_connection(document) || snippet::is_recognised(document)
}

fn connections<'t>(document: NodeRef<'t>, _: &Stream<'t>, each: &mut dyn FnMut(Connection<'t>)) {
    let (template, snippet) = read(document);
    match snippet {
        None | Some(Snippet::Resources) => template.connections(each),
        Some(Snippet::Resource) => {
            let key = document
                .entry("Properties")
                .map_or(document, |(key, _)| key);
            template.resource(&Resource::new(key, document, ""), each);
        }
        Some(Snippet::Properties) => {
            let properties = template.value(document, 0);
            template.snippet(document, properties, true, each);
        }
        Some(Snippet::Input) => {
            let input = template.value(document, 0);
            template.snippet(document, input, false, each);
        }
    }
}

fn surroundings<'t>(document: NodeRef<'t>, _: &Stream<'t>) -> Surroundings<'t> {
    read(document).0.surroundings()
}

/// A document as a template, and which part of one it is if it is not all.
fn read(document: NodeRef<'_>) -> (Template<'_>, Option<Snippet>) {
    let mut template = Template::new(FORM.name, vec![(String::new(), document)], |_| Vec::new());
    let snippet = snippet::of(document).filter(|_| !holds_connection(document));
    template.is_whole = snippet.is_none();
    if let Some(Snippet::Resources) = snippet {
        template.sections = vec![(String::new(), document)];
    }
    (template, snippet)
}

/// Whether a template, or a part of one, defines a connection.
pub(super) fn holds_connection(template: NodeRef<'_>) -> bool {
    (template.get("Resources")).is_some_and(|resources| any_connection(resources, is_connection))
}

/// Whether any of these resources is such a connection, those in loops included.
fn any_connection<'t>(resources: NodeRef<'t>, is_such: fn(NodeRef<'t>) -> bool) -> bool {
    (resources.entries()).any(|(key, resource)| match ForEach::of(key, resource) {
        Some(each) => any_connection(each.body, is_such),
        None => is_such(resource),
    })
}

fn is_connection(resource: NodeRef<'_>) -> bool {
    is_glue(resource) || datazone::input_of_resource(resource).is_some()
}

fn is_glue(resource: NodeRef<'_>) -> bool {
    resource
        .get("Type")
        .is_some_and(|kind| kind.is(RESOURCE_TYPE))
}

/// A template, as a document or inside one.
pub(super) struct Template<'t> {
    form: &'static str,
    /// The parts that make it up, each with what stands before its paths.
    parts: Vec<(String, NodeRef<'t>)>,
    /// Finds what the form fills into a text before CloudFormation sees it.
    variables: fn(&str) -> Vec<Range<usize>>,
    /// The maps that hold its resources, each with its path.
    sections: Vec<(String, NodeRef<'t>)>,
    /// Whether nothing of it stands elsewhere, as it does around a snippet.
    is_whole: bool,
    /// Its resources by their logical ids; found when the first is asked for.
    resources: OnceCell<references::ById<'t>>,
    /// Its parameters by their names, likewise.
    parameters: OnceCell<references::ById<'t>>,
    /// The defaults of parameters with `NoEcho`.
    hidden: Vec<Span>,
    /// What stands in quotes within such variables, as far as values were read.
    quoted: RefCell<Vec<Span>>,
    /// The loops around what is being read, the innermost last.
    loops: RefCell<Vec<Loop<'t>>>,
    /// How much more may be read.
    budget: Budget,
}

/// Reading a template takes this many steps, and [`STEPS_PER_BYTE`] for each byte of it; what is
/// left then is unknown. A step is a node or a byte of text that was put together; a value that stands
/// nowhere as such takes [`STEPS_PER_VALUE`] besides. Real templates take about one for each byte; only
/// texts that repeat each other, and loops in loops, take more.
const STEPS: usize = 10_000;
const STEPS_PER_BYTE: usize = 16;
const STEPS_PER_VALUE: usize = 32;

/// Where only a deployment chooses, no more values than this are read: of a mapping, of the allowed
/// values of a parameter, of the items of a loop; and no list by default that is longer.
const MAX_CHOICES: usize = 64;

/// A resource that is a connection, and where it stands.
struct Resource<'t> {
    /// What names it.
    key: NodeRef<'t>,
    node: NodeRef<'t>,
    path: String,
}

impl<'t> Resource<'t> {
    fn new(key: NodeRef<'t>, node: NodeRef<'t>, path: &str) -> Resource<'t> {
        Resource {
            key,
            node,
            path: path.to_owned(),
        }
    }

    /// Its logical id; empty in a snippet.
    fn id(&self) -> String {
        match self.path.as_str() {
            "" => String::new(),
            _ => self.key.str().unwrap_or_default().into_owned(),
        }
    }

    /// The path of the CDK's construct that it was made from: `Stack/Orders`.
    fn construct(&self) -> Option<String> {
        let path = self.node.get("Metadata")?.get("aws:cdk:path")?.str()?;
        Some(path.strip_suffix("/Resource").unwrap_or(&path).to_owned())
    }
}

impl<'t> Template<'t> {
    /// A template of these parts, in a form that fills in `variables`.
    pub(super) fn new(
        form: &'static str,
        parts: Vec<(String, NodeRef<'t>)>,
        variables: fn(&str) -> Vec<Range<usize>>,
    ) -> Template<'t> {
        let len: usize = (parts.iter())
            .map(|(_, part)| part.span().len() as usize)
            .sum();
        let sections = (parts.iter())
            .filter_map(|(path, part)| Some((format!("{path}Resources"), part.get("Resources")?)));
        Template {
            form,
            sections: sections.collect(),
            is_whole: true,
            resources: OnceCell::new(),
            parameters: OnceCell::new(),
            hidden: names::hidden_defaults(&parts),
            parts,
            variables,
            quoted: RefCell::default(),
            loops: RefCell::default(),
            budget: Budget::new(STEPS + STEPS_PER_BYTE * len),
        }
    }

    /// Takes what a value costs that is made of a text of that length.
    fn spend_on_value(&self, len: usize) -> bool {
        self.budget.spend(STEPS_PER_VALUE + len)
    }

    /// Hands over its connections.
    pub(super) fn connections(&self, each: &mut dyn FnMut(Connection<'t>)) {
        for (path, resources) in &self.sections {
            self.connections_among(*resources, path, each);
        }
    }

    /// Hands over the connections among resources. What a loop repeats is read once, for all of its
    /// rounds.
    fn connections_among(
        &self,
        resources: NodeRef<'t>,
        path: &str,
        each: &mut dyn FnMut(Connection<'t>),
    ) {
        for (key, node) in resources.entries() {
            let name = key.str().unwrap_or_default();
            let path = joined(path, &name);
            if let Some(each_item) = ForEach::of(key, node) {
                let items = self.items_of(&each_item, 0);
                self.loops.borrow_mut().push(Loop::over(&each_item, items));
                self.connections_among(each_item.body, &path, each);
                self.loops.borrow_mut().pop();
            } else if is_connection(node) {
                self.resource(&Resource { key, node, path }, each);
            }
        }
    }

    fn resource(&self, resource: &Resource<'t>, each: &mut dyn FnMut(Connection<'t>)) {
        self.quoted.borrow_mut().clear();
        let patches: Vec<NodeRef<'t>> = self.patches(&resource.id(), "Properties").collect();
        if let Some((key, input)) = datazone::input_of_resource(resource.node) {
            let mut fields = as_map(self.value(input, 0), here(key.span()));
            for patch in patches {
                if let Some((_, patch)) = datazone::input_of_properties(patch) {
                    patched(&mut fields, patch);
                }
            }
            let connection = self.connection(resource, None, fields, None);
            return each(datazone::of_resource(connection));
        }
        let anchor = here(resource.key.span());
        let (key, mut properties) = match resource.node.entry("Properties") {
            Some((key, properties)) => (here(key.span()), self.value(properties, 0)),
            None => (anchor, Value::new(anchor, Shape::Map(Map::empty(anchor)))),
        };
        properties.belongs_to(key);
        // A macro beside the properties may write others.
        let has_macro = (resource.node.entries())
            .any(|(key, _)| key.str().is_some_and(|key| key.starts_with("Fn::")));
        each_map(&mut properties, &mut |map| {
            map.open |= has_macro;
            for patch in &patches {
                patched(map, *patch);
            }
        });
        self.properties(resource, properties, each);
    }

    /// Hands over the connection of a snippet that is all of the properties of a resource, or the
    /// connection in them; what stands beside it is out of sight.
    fn snippet(
        &self,
        document: NodeRef<'t>,
        mut value: Value<'t>,
        has_envelope: bool,
        each: &mut dyn FnMut(Connection<'t>),
    ) {
        let key = document.entries().next().map_or(document, |(key, _)| key);
        let resource = Resource::new(key, document, "");
        each_map(&mut value, &mut |map| map.open = true);
        if has_envelope {
            self.properties(&resource, value, each);
        } else {
            let fields = as_map(value, here(key.span()));
            each(self.connection(&resource, None, fields, None));
        }
    }

    /// Hands over a connection for each branch of a condition on its properties.
    fn properties(
        &self,
        resource: &Resource<'t>,
        properties: Value<'t>,
        each: &mut dyn FnMut(Connection<'t>),
    ) {
        let has_choice = matches!(properties.shape, Shape::OneOf(_));
        for properties in branches(properties) {
            let outer = properties.place;
            let fields = match properties.shape {
                Shape::Map(fields) => fields,
                _ if self.budget.is_exceeded() => as_map(properties, outer),
                // All of it is a macro's or an include's: there is nothing to see.
                _ => continue,
            };
            let input = fields.get("ConnectionInput");
            let key = input.map_or(fields.key, |entry| entry.key);
            let input = input.map_or_else(|| Value::unknown(key), |entry| entry.value.clone());
            let has_choice = has_choice || matches!(input.shape, Shape::OneOf(_));
            for input in branches(input) {
                let branch = has_choice.then_some((outer, input.place));
                let envelope = Envelope {
                    structure: "CloudFormationProperties",
                    fields: fields.clone(),
                };
                each(self.connection(resource, Some(envelope), as_map(input, key), branch));
            }
        }
    }

    fn connection(
        &self,
        resource: &Resource<'t>,
        envelope: Option<Envelope<'t>>,
        fields: Map<'t>,
        branch: Option<(Place, Place)>,
    ) -> Connection<'t> {
        let mut secrets = self.hidden.clone();
        secrets.extend(self.quoted_in_credentials(&fields));
        Connection {
            facets: Facets {
                form: self.form,
                dialect: "cloudformation",
                direction: Direction::Authored,
                typing: Typing::Converting,
                schema: Schema::Yaml11,
                group_names: false,
                resolved: false,
                spelling: None,
            },
            path: resource.path.clone(),
            anchor: here(resource.key.span()),
            address: resource.id(),
            alias: resource.construct(),
            realm: self.realm(resource, branch),
            envelope,
            structure: "Connection",
            fields,
            secrets,
            curtailed: self.budget.is_exceeded(),
        }
    }

    /// When a resource is made: its condition, the loops that make it, and the branch of a condition
    /// inside of it.
    fn realm(&self, resource: &Resource<'t>, branch: Option<(Place, Place)>) -> String {
        let id = resource.id();
        let patches = self.patches(&id, "Condition");
        let condition = (patches.chain(resource.node.get("Condition")))
            .next()
            .and_then(NodeRef::str);
        let loops = self.loops.borrow();
        let loops = loops.iter().map(|it| it.name.clone());
        let branch =
            branch.map(|(outer, inner)| format!("#{}#{}", outer.span.start, inner.span.start));
        let names = condition.map(Cow::into_owned).into_iter();
        names
            .chain(loops)
            .chain(branch)
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// What stands in quotes within variables where credentials may be.
    fn quoted_in_credentials(&self, input: &Map<'t>) -> Vec<Span> {
        let holders = ["ConnectionProperties", "AuthenticationConfiguration"];
        let inside = |span: &Span| {
            (holders.iter().filter_map(|name| input.get(name)))
                .any(|entry| entry.value.place.span.contains(*span))
        };
        self.quoted
            .borrow()
            .iter()
            .copied()
            .filter(inside)
            .collect()
    }

    /// What `extensions` of the Serverless Framework puts into an attribute of a resource.
    fn patches<'a>(
        &'a self,
        id: &'a str,
        attribute: &'a str,
    ) -> impl Iterator<Item = NodeRef<'t>> + 'a {
        (self.parts.iter())
            .filter_map(move |(_, part)| part.get("extensions")?.get(id)?.get(attribute))
    }

    /// The same text with a gap for each part that is filled in before CloudFormation sees it.
    fn filled_in<'a>(&self, text: Text<'a>, holes: &[Range<usize>]) -> Text<'a> {
        let quoted = quoted_within(&text, &(self.variables)(text.as_str()));
        self.quoted.borrow_mut().extend(quoted);
        with_gaps(text, holes)
    }
}

/// What a patch may change in a map is not known any more.
fn patched(map: &mut Map<'_>, patch: NodeRef<'_>) {
    map.open = true;
    for (key, value) in patch.entries() {
        let is_it = |name: &str| key.is(name);
        let Some(entry) = map.entries.iter_mut().find(|entry| is_it(&entry.name)) else {
            continue;
        };
        match &mut entry.value.shape {
            Shape::Map(inner) if value.kind() == NodeKind::Map => patched(inner, value),
            _ => entry.value = Value::unknown(entry.value.place),
        }
    }
}

impl<'t> Lower<'t> for Template<'t> {
    fn schema(&self) -> Schema {
        Schema::Yaml11
    }

    fn entry(&self, key: &str, node: NodeRef<'t>, depth: usize) -> Value<'t> {
        match key {
            "ConnectionProperties" => self.connection_properties(node, depth),
            _ => self.value(node, depth),
        }
    }

    fn special(&self, node: NodeRef<'t>, depth: usize) -> Option<Value<'t>> {
        let place = here(node.span_with_tag());
        if !self.budget.spend(1) {
            return Some(Value::unknown(place));
        }
        if let Some(intrinsic) = Intrinsic::of(node) {
            return Some(match intrinsic.name {
                "Ref" => match intrinsic.argument.str() {
                    Some(name) => self.reference_value(&name, place),
                    None => Value::unknown(place),
                },
                "GetAtt" => self.attribute(intrinsic.argument, place),
                "Sub" => self.sub(intrinsic.argument, place, depth),
                "Join" => self.join(intrinsic, place, depth),
                "If" => self.if_else(intrinsic, place, depth),
                "FindInMap" => self.find_in_map(intrinsic, place, depth),
                "Select" => self.select(intrinsic, place, depth),
                "Split" => self.split_list(intrinsic, place, depth),
                "ToJsonString" => self.to_json_string(intrinsic, place, depth),
                _ => Value::unknown(place),
            });
        }
        if node.kind() == NodeKind::Map {
            return self.map_with_macros(node, depth);
        }
        let text = node.text()?;
        if let Some(name) = self.loop_variable(text.as_str()) {
            return Some(self.reference_value(name, place));
        }
        let holes = self.holes(text.as_str());
        if holes.is_empty() && !text.as_str().contains("{{resolve:") {
            return None;
        }
        let is_any = is_all_of(&holes, text.as_str());
        let text = self.filled_in(text, &holes);
        if is_any {
            return Some(Value::unknown(place));
        }
        let taken_from = looked_up(&text);
        let text = without_dynamic_references(text);
        Some(Value {
            taken_from,
            ..Value::scalar(place, text, node.literal(Schema::Yaml11))
        })
    }
}

/// The dynamic reference that a text is, if it is nothing else.
fn looked_up(text: &Text<'_>) -> Option<Box<str>> {
    let text = text.as_str();
    let references = dynamic_references(text);
    (references.first() == Some(&(0..text.len()))).then(|| text.into())
}

/// The same text with a gap for each `{{resolve:…}}`: what it stands for is known to AWS alone.
fn without_dynamic_references(text: Text<'_>) -> Text<'_> {
    let references = dynamic_references(text.as_str());
    with_gaps(text, &references)
}

/// A path, and a name below it.
fn joined(path: &str, name: &str) -> String {
    match path {
        "" => name.to_owned(),
        _ => format!("{path}.{name}"),
    }
}

/// The map that a value certainly is, else one that cannot be seen.
fn as_map(mut value: Value<'_>, key: Place) -> Map<'_> {
    value.belongs_to(key);
    match value.shape {
        Shape::Map(map) => map,
        _ => Map {
            open: true,
            ..Map::empty(key)
        },
    }
}

/// A value, or each branch of it that is no condition any more.
fn branches(value: Value<'_>) -> impl Iterator<Item = Value<'_>> {
    let mut found = Vec::new();
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value.shape {
            Shape::OneOf(inner) => open.extend(inner.into_iter().rev()),
            Shape::Absent => {}
            _ => found.push(value),
        }
    }
    found.into_iter()
}
