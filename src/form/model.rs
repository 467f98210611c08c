//! What every form lowers to: a connection, as the API speaks of it, with places.

use std::borrow::Cow;

use super::lower::each_map;
use crate::spec::{self, MemberShape, Structure};
use crate::syntax::{Literal, Schema, Text};
use crate::text::{FileId, Place, Span};

/// A connection definition, wherever it was written.
#[derive(Debug)]
pub struct Connection<'t> {
    /// What its document allows.
    pub facets: Facets,
    /// Where it stands in its document: `Resources.Orders`, `ConnectionList[3]`; empty where it is
    /// the document.
    pub path: String,
    /// The part of the document that names it: a logical id, a wrapper's key.
    pub anchor: Place,
    /// What the document's other parts call it: `Orders`, `aws_glue_connection.orders`; empty where
    /// they cannot.
    pub address: String,
    /// What its author calls it, where the document's own name for it is generated.
    pub alias: Option<String>,
    /// The conditions under which it is made, and where: two connections of one realm are made
    /// together or not at all.
    pub realm: String,
    /// What the document wraps it in, where that has members of its own.
    pub envelope: Option<Envelope<'t>>,
    /// The name of the structure that `fields` is: `Connection`, `TestConnectionInput`, or that of
    /// a request that speaks of connections without describing one.
    pub structure: &'static str,
    /// Its members, under the names of the API.
    pub fields: Map<'t>,
    /// Where a schema without guesses applies: parts of the document whose bytes are secret
    /// without being values of the connection, such as the default of a `NoEcho` parameter.
    pub secrets: Vec<Span>,
    /// Whether reading it was cut short, since its values repeat each other beyond all measure.
    pub curtailed: bool,
}

/// The request or resource around a connection.
#[derive(Debug)]
pub struct Envelope<'t> {
    /// The name of its structure in the facts.
    pub structure: &'static str,
    /// Its members, the connection included.
    pub fields: Map<'t>,
}

/// What a document's form means for judgement. Rules ask these, never the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facets {
    /// The form's name.
    pub form: &'static str,
    /// The name by which the facts speak of its rules: `api`, `cloudformation`, `ansible`.
    pub dialect: &'static str,
    /// Whether it asks something of AWS or is AWS's answer.
    pub direction: Direction,
    /// What becomes of numbers and truth values where a string is wanted.
    pub typing: Typing,
    /// The type of scalars without quotes.
    pub schema: Schema,
    /// Whether a security group may be written by its name.
    pub group_names: bool,
    /// Whether a tool printed it with every reference resolved: what is written there may be
    /// literal or looked up, and secrets stand in it in clear however they are kept.
    pub resolved: bool,
    /// How the members of the API are spelled there; `None` where they are spelled as in the API.
    pub spelling: Option<Spelling>,
}

/// How a form spells the members of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spelling {
    /// How it joins the words of a name.
    pub words: Words,
    /// The members that it spells in a way of its own. A spelling with a dot in it is a path, for
    /// what stands outside the connection. One that is empty is for a structure without a key: its
    /// members stand among those around it.
    pub own: &'static [(&'static str, &'static str)],
}

/// How the words of a name are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Words {
    /// `subnetId`.
    Camel,
    /// `subnet_id`.
    Snake,
}

impl Words {
    /// A member of the API, joined in this way.
    fn join(self, member: &str) -> String {
        match self {
            Words::Camel => {
                let mut characters = member.chars();
                let first = characters.next().map(|c| c.to_ascii_lowercase());
                first.into_iter().chain(characters).collect()
            }
            Words::Snake => {
                let mut joined = String::with_capacity(member.len() + 4);
                let mut before: Option<char> = None;
                let mut characters = member.chars().peekable();
                while let Some(c) = characters.next() {
                    // A word begins behind a small letter, and with the last of several capitals.
                    let begins = before.is_some_and(|before| {
                        !before.is_ascii_uppercase()
                            || characters.peek().is_some_and(char::is_ascii_lowercase)
                    });
                    if c.is_ascii_uppercase() && begins {
                        joined.push('_');
                    }
                    joined.push(c.to_ascii_lowercase());
                    before = Some(c);
                }
                joined
            }
        }
    }
}

impl Facets {
    /// How a member of the API is spelled in the document.
    pub fn spelled<'n>(&self, member: &'n str) -> Cow<'n, str> {
        let Some(spelling) = self.spelling else {
            return Cow::Borrowed(member);
        };
        if let Some((_, here)) = spelling.own.iter().find(|(name, _)| *name == member) {
            return Cow::Borrowed(here);
        }
        let is_member = (spec::structures().iter()).any(|it| it.member(member).is_some());
        if is_member {
            Cow::Owned(spelling.words.join(member))
        } else {
            Cow::Borrowed(member)
        }
    }

    /// The same words, with the members of the API in backticks spelled as in the document; but
    /// not what the document itself calls so, which `is_quoted` knows.
    pub fn respelled(&self, words: &str, is_quoted: &dyn Fn(&str) -> bool) -> String {
        if self.spelling.is_none() {
            return words.to_owned();
        }
        // Every second piece stands in backticks; `Key: value` is a member and what to write.
        (words.split('`').enumerate())
            .map(|(index, piece)| {
                if index % 2 == 0 {
                    return Cow::Borrowed(piece);
                }
                let (name, value) = match piece.split_once(": ") {
                    Some((name, value)) => (name, Some(value)),
                    None => (piece, None),
                };
                let here = match self.spelled(name) {
                    here if here.is_empty() || is_quoted(name) => Cow::Borrowed(name),
                    here => here,
                };
                match value {
                    None if here == name => Cow::Borrowed(piece),
                    None => Cow::Owned(here.into_owned()),
                    Some(value) => Cow::Owned(self.entry(&here, value)),
                }
            })
            .collect::<Vec<_>>()
            .join("`")
    }

    /// An entry of a map, as people write it there.
    fn entry(&self, key: &str, value: &str) -> String {
        let is_bare = value.starts_with(|c: char| c.is_ascii_lowercase());
        match (self.dialect, is_bare) {
            ("terraform", true) => format!("{key} = \"{value}\""),
            ("terraform", false) => format!("{key} = {value}"),
            _ => format!("{key}: {value}"),
        }
    }
}

/// Whether a document asks something of AWS or is AWS's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Written by people or their tools.
    Authored,
    /// Read from AWS.
    Observed,
}

/// What becomes of a number or a truth value where the API wants a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typing {
    /// The client refuses it.
    Strict,
    /// The service makes a string of it; which one depends on the parser.
    Converting,
    /// The tool makes the right string of it.
    Free,
}

/// A value with its place.
#[derive(Clone, Debug)]
pub struct Value<'t> {
    /// Where it is written.
    pub place: Place,
    /// What it is.
    pub shape: Shape<'t>,
    /// Where parts of it come from that are written elsewhere.
    pub origins: Vec<Origin>,
    /// What it refers to, where it is nothing but a reference to a resource that the facts know. Of
    /// a parameter, a default may be known beside it.
    pub reference: Option<Box<Reference>>,
    /// The parameters that it, or a part of it, is taken from.
    pub parameters: Vec<Parameter>,
    /// What the document calls the one thing that all of it is taken from: `var.db_password`,
    /// `DbPassword`, `{{resolve:secretsmanager:orders:SecretString:password}}`.
    pub taken_from: Option<Box<str>>,
}

/// A reference to an attribute of another resource: what it will be is not known, but of what sort.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// What the document calls the resource: `OrdersSubnet`, `aws_subnet.orders`.
    pub address: String,
    /// What sort of resource it is.
    pub resource: &'static spec::Resource,
    /// The attribute, as the document calls it; `Ref` for CloudFormation's `Ref`.
    pub attribute: String,
    /// Where the resource is defined, or the parameter that stands for it, if that can be seen.
    pub anchor: Option<Place>,
    /// Whether the document makes the resource, so that another address is another resource; not so
    /// for parameters and for what is only looked up.
    pub is_made_here: bool,
    /// Whether it is a list of such attributes.
    pub is_list: bool,
}

impl Reference {
    /// What sort of thing it will be, in the words of the facts: `subnet-id`.
    pub fn yields(&self) -> Option<&'static str> {
        self.resource.yields(&self.attribute)
    }
}

/// A parameter that a deployment is given, and that a value is taken from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// What the document calls it: `DbPassword`, `var.db_password`.
    pub name: String,
    /// Where it is declared.
    pub anchor: Place,
    /// The part of the value that stands for it.
    pub used: Span,
    /// Whether what it is given is certainly shown to all who may look at the deployment.
    pub is_shown: bool,
}

/// What a value is.
#[derive(Clone, Debug)]
pub enum Shape<'t> {
    /// A string, a number, a truth value or null.
    Scalar(Scalar<'t>),
    /// A list.
    List(Vec<Value<'t>>),
    /// A map.
    Map(Map<'t>),
    /// One of these, by a condition that only a deployment decides.
    OneOf(Vec<Value<'t>>),
    /// Nothing: the entry is as good as not written.
    Absent,
    /// Only a deployment knows it.
    Unknown,
}

/// A scalar value.
#[derive(Clone, Debug)]
pub struct Scalar<'t> {
    /// Its text, with gaps where only a deployment knows it.
    pub text: Text<'t>,
    /// Its type where it is written.
    pub literal: Literal,
}

/// Where a part of a value comes from: a parameter's default, say.
#[derive(Clone, Debug, PartialEq)]
pub struct Origin {
    /// The part of the value that stands for it.
    pub used: Span,
    /// Where the text itself is written.
    pub place: Place,
    /// What that place is: "the default of parameter `DbPort`".
    pub what: String,
    /// Whether a deployment may replace it, as it may a default.
    pub is_default: bool,
}

/// A map with its entries in the order of the document, duplicates included.
#[derive(Clone, Debug)]
pub struct Map<'t> {
    /// The key that the map belongs to: where to point when something is missing in it.
    pub key: Place,
    /// The entries.
    pub entries: Vec<Entry<'t>>,
    /// Whether it may have entries that cannot be seen.
    pub open: bool,
    /// The structure of the API that it is, if it is one.
    pub structure: Option<&'static Structure>,
}

/// An entry of a map.
#[derive(Clone, Debug)]
pub struct Entry<'t> {
    /// Its key, under the name of the API.
    pub name: Cow<'t, str>,
    /// Where the key is written.
    pub key: Place,
    /// Its value.
    pub value: Value<'t>,
}

/// What is known of an entry.
#[derive(Clone, Copy, Debug)]
pub enum Presence<'c> {
    /// It is there.
    Here(&'c Entry<'c>),
    /// It is there, or not: by a condition, or in a map that cannot be seen whole.
    Maybe,
    /// It is not there.
    Absent,
}

impl Presence<'_> {
    /// Whether it is certain that it is not there.
    pub fn is_absent(self) -> bool {
        matches!(self, Presence::Absent)
    }

    /// Whether it is certain that it is there.
    pub fn is_here(self) -> bool {
        matches!(self, Presence::Here(_))
    }
}

impl Entry<'_> {
    /// Whether its key or its value is written around `place`.
    fn covers(&self, place: Place) -> bool {
        covers(self.key, place) || covers(self.value.place, place)
    }
}

impl<'t> Map<'t> {
    /// A map without entries, under `key`.
    pub fn empty(key: Place) -> Map<'t> {
        Map {
            key,
            entries: Vec::new(),
            open: false,
            structure: None,
        }
    }

    /// The entry of that exact name; the last one where there are several.
    pub fn get(&self, name: &str) -> Option<&Entry<'t>> {
        self.entries.iter().rev().find(|entry| entry.name == name)
    }

    /// What is known of the entry of that name. A member that is there under a wrong name, which a
    /// rule says, may be there.
    pub fn presence<'c>(&'c self, name: &str) -> Presence<'c> {
        match self.get(name) {
            Some(entry) => match entry.value.is_absent() {
                Some(false) => Presence::Here(entry),
                Some(true) => Presence::Absent,
                None => Presence::Maybe,
            },
            None if self.open || self.is_misnamed(name) => Presence::Maybe,
            None => Presence::Absent,
        }
    }

    /// Whether an entry of another name is meant to be that member.
    fn is_misnamed(&self, name: &str) -> bool {
        let meant = |entry: &Entry<'_>| Some(self.structure?.meant(&entry.name)?.name);
        (self.entries.iter())
            .any(|entry| entry.value.is_absent() != Some(true) && meant(entry) == Some(name))
    }

    /// Tells it, and the structures in it, which structures of the API they are.
    fn is_structure(&mut self, structure: &'static Structure) {
        self.structure = Some(structure);
        for entry in &mut self.entries {
            let shape = structure.member(&entry.name).map(|member| member.shape);
            if let Some(MemberShape::Structure(name)) = shape
                && let Some(inner) = spec::structure(name)
            {
                each_map(&mut entry.value, &mut |map| map.is_structure(inner));
            }
        }
    }
}

impl<'t> Value<'t> {
    /// A value that is all written in its place.
    pub fn new(place: Place, shape: Shape<'t>) -> Value<'t> {
        Value {
            place,
            shape,
            origins: Vec::new(),
            reference: None,
            parameters: Vec::new(),
            taken_from: None,
        }
    }

    /// A value whose text stands in the document.
    pub fn scalar(place: Place, text: Text<'t>, literal: Literal) -> Value<'t> {
        Value::new(place, Shape::Scalar(Scalar { text, literal }))
    }

    /// A text that stands at `place` as a whole.
    pub fn name(place: Place, name: Cow<'t, str>) -> Value<'t> {
        Value::scalar(place, Text::from_whole(name, place.span), Literal::String)
    }

    /// A value that only a deployment knows.
    pub fn unknown(place: Place) -> Value<'t> {
        Value::new(place, Shape::Unknown)
    }

    /// Whether the entry that holds it is as good as not written; `None` where a condition decides.
    pub fn is_absent(&self) -> Option<bool> {
        match &self.shape {
            Shape::Absent => Some(true),
            Shape::OneOf(branches) => {
                let mut absent = branches.iter().map(Value::is_absent);
                let first = absent.next().unwrap_or(Some(true));
                absent
                    .all(|other| other == first)
                    .then_some(first)
                    .flatten()
            }
            _ => Some(false),
        }
    }

    /// Every value it may be: itself, or each branch of a condition. Absent ones are left out.
    pub fn alternatives(&self) -> Alternatives<'_, 't> {
        Alternatives {
            next: Some(self),
            rest: Vec::new(),
        }
    }

    /// The scalar it certainly is.
    pub fn as_scalar(&self) -> Option<&Scalar<'t>> {
        match &self.shape {
            Shape::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// The text it certainly is; it may have gaps. Null is none, however it is written.
    pub fn text(&self) -> Option<&Text<'t>> {
        (self.as_scalar())
            .filter(|scalar| scalar.literal != Literal::Null)
            .map(|scalar| &scalar.text)
    }

    /// The text it certainly is, without any gap.
    pub fn known(&self) -> Option<&str> {
        self.text().and_then(Text::known)
    }

    /// The map it certainly is.
    pub fn as_map(&self) -> Option<&Map<'t>> {
        match &self.shape {
            Shape::Map(map) => Some(map),
            _ => None,
        }
    }

    /// Where `part`, a slice of the text of this scalar, is written.
    pub fn place_of(&self, part: &str) -> Place {
        match self.text() {
            Some(text) => Place {
                file: self.place.file,
                span: text.span_of_part(part),
            },
            None => self.place,
        }
    }

    /// The origins of what is written at `place`.
    pub fn origins_at(&self, place: Place) -> impl Iterator<Item = &Origin> {
        (self.origins.iter()).filter(move |origin| is_at(origin.used, place))
    }

    /// The parameters of what is written at `place`.
    pub fn parameters_at(&self, place: Place) -> impl Iterator<Item = &Parameter> {
        (self.parameters.iter()).filter(move |parameter| is_at(parameter.used, place))
    }
}

/// Whether a part of what is written at `place` stands under `used`.
fn is_at(used: Span, place: Place) -> bool {
    used.start < place.span.end.max(place.span.start + 1) && place.span.start < used.end
}

/// Every value that a value may be: see [`Value::alternatives`].
#[derive(Clone, Debug)]
pub struct Alternatives<'v, 't> {
    next: Option<&'v Value<'t>>,
    /// Branches of conditions that are still to come, the next one last.
    rest: Vec<&'v Value<'t>>,
}

impl<'v, 't> Iterator for Alternatives<'v, 't> {
    type Item = &'v Value<'t>;

    fn next(&mut self) -> Option<&'v Value<'t>> {
        while let Some(value) = self.next.take().or_else(|| self.rest.pop()) {
            match &value.shape {
                Shape::OneOf(branches) => self.rest.extend(branches.iter().rev()),
                Shape::Absent => {}
                _ => return Some(value),
            }
        }
        None
    }
}

impl<'t> Connection<'t> {
    /// Tells its maps which structures of the API they are.
    pub fn know_structures(&mut self) {
        let request = self.envelope.as_mut();
        let request = request.map(|envelope| (envelope.structure, &mut envelope.fields));
        for (name, map) in [(self.structure, &mut self.fields)]
            .into_iter()
            .chain(request)
        {
            if let Some(structure) = spec::structure(name) {
                map.is_structure(structure);
            }
        }
    }

    /// The value of a member.
    pub fn field(&self, name: &str) -> Option<&Value<'t>> {
        self.fields.get(name).map(|entry| &entry.value)
    }

    /// Whether it is described there, and not only spoken of in a request.
    pub fn is_described(&self) -> bool {
        matches!(self.structure, "Connection" | "TestConnectionInput")
    }

    /// What people call it: its name where that is known, else what its author calls it, else its
    /// place in the document.
    pub fn title(&self) -> &str {
        self.field("Name")
            .and_then(Value::known)
            .filter(|name| !name.is_empty())
            .or(self.alias.as_deref())
            .unwrap_or(&self.path)
    }

    /// The logical path of the innermost member around `place`:
    /// `Resources.Orders.ConnectionInput.ConnectionProperties.PORT`. It ends in front of a key that
    /// `is_hidden`.
    pub fn path_of(&self, place: Place, is_hidden: &dyn Fn(Place) -> bool) -> String {
        let mut path = self.path.clone();
        let mut fields = &self.fields;
        if let Some(envelope) = &self.envelope {
            // The connection's own members may be known better than the request's copy of them.
            let holder = envelope
                .fields
                .entries
                .iter()
                .find(|entry| entry.key == self.fields.key);
            match holder {
                Some(entry) if covers(entry.value.place, place) => {
                    push_segment(&mut path, &self.facets.spelled(&entry.name));
                }
                // Where the document wraps nothing, the request's members stand among its own.
                None if !(envelope.fields.entries.iter()).any(|entry| entry.covers(place)) => {}
                _ => fields = &envelope.fields,
            }
        }
        extend_path(&mut path, &self.facets, fields, place, is_hidden);
        path
    }
}

impl Connection<'_> {
    /// Whether what is written at `place` stands where it is used, and not in a variable, say, which
    /// may be used elsewhere too. `value_of` knows where the value of a key is written.
    pub fn is_own(&self, place: Place, value_of: &dyn Fn(Place) -> Option<Span>) -> bool {
        let around = self.envelope.iter().map(|envelope| &envelope.fields);
        (around.chain([&self.fields])).all(|map| map.is_own(place, value_of))
    }
}

impl Map<'_> {
    fn is_own(&self, place: Place, value_of: &dyn Fn(Place) -> Option<Span>) -> bool {
        // A map without a key of its own has that of its first entry.
        let has_key = self.entries.iter().all(|entry| entry.key != self.key);
        let around = value_of(self.key).filter(|_| has_key);
        let is_inside =
            |around: Option<Span>, it: Place| around.is_none_or(|around| around.contains(it.span));
        self.entries.iter().all(|entry| {
            if entry.covers(place) && !is_inside(around, entry.key) {
                return false;
            }
            entry.value.alternatives().all(|value| match &value.shape {
                Shape::Map(map) => map.is_own(place, value_of),
                Shape::List(items) => {
                    let mut used = items.iter().filter(|item| covers(item.place, place));
                    used.all(|item| is_inside(value_of(entry.key), item.place))
                }
                _ => true,
            })
        })
    }
}

fn covers(outer: Place, inner: Place) -> bool {
    outer.file == inner.file && outer.span.contains(inner.span)
}

fn push_segment(path: &mut String, name: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(name);
}

fn extend_path(
    path: &mut String,
    facets: &Facets,
    map: &Map<'_>,
    place: Place,
    is_hidden: &dyn Fn(Place) -> bool,
) {
    // Entries stand in the order of the document, but for merged ones.
    let near = (map.entries).partition_point(|entry| {
        entry.value.place.span.end.max(entry.key.span.end) <= place.span.start
    });
    let mut candidates = map.entries.get(near).into_iter().chain(&map.entries);
    // An entry that the document only implies has no place of its own.
    let is_it = |entry: &&Entry<'_>| entry.covers(place) && entry.key != entry.value.place;
    let Some(entry) = candidates.find(is_it) else {
        return;
    };
    if !is_hidden(entry.key) {
        let name = facets.spelled(&entry.name);
        let is_path =
            |own: Spelling| (own.own.iter()).any(|(_, here)| *here == name && here.contains('.'));
        if facets.spelling.is_some_and(is_path) {
            path.clear();
        }
        if !name.is_empty() {
            push_segment(path, &name);
        }
        // Below a map of names and values, the names are the document's own.
        let is_free = (spec::structure("Connection"))
            .and_then(|structure| structure.member(&entry.name))
            .is_some_and(|member| member.shape == MemberShape::Map);
        let facets = Facets {
            spelling: facets.spelling.filter(|_| !is_free),
            ..*facets
        };
        extend_into(path, &facets, &entry.value, place, is_hidden);
    }
}

fn extend_into(
    path: &mut String,
    facets: &Facets,
    value: &Value<'_>,
    place: Place,
    is_hidden: &dyn Fn(Place) -> bool,
) {
    match &value.shape {
        Shape::Map(map) => extend_path(path, facets, map, place, is_hidden),
        Shape::OneOf(branches) => {
            if let Some(branch) = branches.iter().find(|branch| covers(branch.place, place)) {
                extend_into(path, facets, branch, place, is_hidden);
            }
        }
        Shape::List(items) => {
            if let Some(index) = items.iter().position(|item| covers(item.place, place)) {
                path.push_str(&format!("[{index}]"));
            }
        }
        _ => {}
    }
}

/// The place of a span in the only document of a form that knows but one.
pub(super) fn here(span: Span) -> Place {
    Place {
        file: FileId::default(),
        span,
    }
}

/// Whether the facts say that a member of that name is found in AWS's answers only.
pub(super) fn is_output_member(name: &str) -> bool {
    spec::structure("Connection")
        .and_then(|structure| structure.member(name))
        .is_some_and(|member| member.direction == spec::Direction::Output)
}
