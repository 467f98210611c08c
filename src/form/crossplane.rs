//! Crossplane's managed resources: Kubernetes manifests, alone or in Compositions.
//!
//! Of most groups the manifest does not hold the properties: it names a Kubernetes Secret. Where
//! that is in the same file it is read, and where it is not, nothing is known of the properties.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::holes::with_gaps;
use super::lower::{Lower, default_to_jdbc, implied, name_members, take_nested, take_request};
use super::model::here;
use super::{
    Connection, Direction, Entry, Facets, Form, Map, Shape, Spelling, Stream, Typing, Value, Words,
};
use crate::syntax::{GAP, Literal, NodeKind, NodeRef, Schema, Text};
use crate::text::Span;

pub(super) const FORM: Form = Form {
    name: "crossplane",
    title: "Crossplane's managed resources, with the Kubernetes Secrets in the same file",
    mark: "an object of kind `Connection` in one of the groups of Glue, such as `glue.aws.upbound.io`",
    recognises,
    connections,
    surroundings: super::surroundings::none,
    is_module: false,
};

/// The groups whose kind `Connection` is a Glue connection, and whether each of them is generated
/// from Terraform's provider.
const GROUPS: &[(&str, bool)] = &[
    ("glue.aws.upbound.io", true),
    ("glue.aws.m.upbound.io", true),
    ("glue.aws.crossplane.io", false),
];

/// The version in which a single object is wrapped in a list.
const LISTS_ONE: &str = "glue.aws.upbound.io/v1beta1";

/// How the generated resources spell the members of the API.
const GENERATED: Spelling = Spelling {
    words: Words::Camel,
    own: &[
        ("Name", "metadata.name"),
        ("ConnectionProperties", "connectionPropertiesSecretRef"),
        ("AthenaProperties", "athenaPropertiesSecretRef"),
    ],
};

/// How the older resources spell them.
const CLASSIC: Spelling = Spelling {
    words: Words::Camel,
    own: &[
        ("CatalogId", "catalogID"),
        ("SubnetId", "subnetID"),
        ("SecurityGroupIdList", "securityGroupIDList"),
    ],
};

/// What may stand for a member of a placement: another resource's id, which only the cluster knows.
const REFERENCES: &[(&str, &[&str])] = &[
    (
        "SubnetId",
        &[
            "subnetIdRef",
            "subnetIdSelector",
            "subnetIDRef",
            "subnetIDSelector",
        ],
    ),
    (
        "SecurityGroupIdList",
        &[
            "securityGroupIdRefs",
            "securityGroupIdSelector",
            "securityGroupIDRefs",
            "securityGroupIDSelector",
        ],
    ),
    (
        "AvailabilityZone",
        &["availabilityZoneRef", "availabilityZoneSelector"],
    ),
];

/// The parts of a manifest that describe the connection: what is kept, and what is given only when
/// it is made. Each is read by itself, for what stands in one may be left out of the other.
const SECTIONS: [&str; 2] = ["forProvider", "initProvider"];

const PLACEMENT: &str = "physicalConnectionRequirements";

/// Whether the bytes of a file speak of one of the groups.
pub(super) fn may_be_manifest(bytes: &[u8]) -> bool {
    memchr::memmem::find(bytes, b"glue.aws.").is_some()
}

fn recognises(document: NodeRef<'_>) -> bool {
    let mut found = false;
    each_manifest(document, &mut |manifest| {
        found |= group(manifest.node).is_some();
    });
    found
}

/// The group of a Glue connection: whether it is generated.
fn group(manifest: NodeRef<'_>) -> Option<bool> {
    if !manifest.get("kind")?.is("Connection") {
        return None;
    }
    let version = manifest.get("apiVersion")?.str()?;
    let (group, _) = version.split_once('/')?;
    (GROUPS.iter().find(|(known, _)| *known == group)).map(|(_, generated)| *generated)
}

/// A Kubernetes object in a document.
struct Manifest<'t> {
    node: NodeRef<'t>,
    path: String,
    /// The patches of a Composition, which say what of the object is but a stand-in.
    composed: Option<Patches<'t>>,
}

/// Hands over the Kubernetes objects of a document: itself, the items of a list, the bases of a
/// Composition.
fn each_manifest<'t>(document: NodeRef<'t>, each: &mut dyn FnMut(Manifest<'t>)) {
    let is = |kind: &str| document.get("kind").is_some_and(|own| own.is(kind));
    if is("List") {
        let items = document.get("items").into_iter().flat_map(NodeRef::items);
        for (index, node) in items.enumerate() {
            each(Manifest {
                node,
                path: format!("items[{index}]."),
                composed: None,
            });
        }
    } else if is("Composition") {
        let Some(spec) = document.get("spec") else {
            return;
        };
        bases(spec, "spec", each);
        let steps = spec.get("pipeline").into_iter().flat_map(NodeRef::items);
        for (index, step) in steps.enumerate() {
            if let Some(input) = step.get("input") {
                bases(input, &format!("spec.pipeline[{index}].input"), each);
            }
        }
    } else {
        each(Manifest {
            node: document,
            path: String::new(),
            composed: None,
        });
    }
}

/// The patches of a resource in a Composition.
#[derive(Clone, Copy)]
struct Patches<'t> {
    own: Option<NodeRef<'t>>,
    /// Sets of patches that have names.
    sets: Option<NodeRef<'t>>,
}

impl<'t> Patches<'t> {
    /// The fields that they overwrite; `None` where that cannot be seen.
    fn targets(self) -> Option<Vec<Cow<'t, str>>> {
        let mut targets = Vec::new();
        for patch in self.own.into_iter().flat_map(NodeRef::items) {
            let is_set = patch.get("type").is_some_and(|kind| kind.is("PatchSet"));
            if !is_set {
                targets.extend(target(patch)?);
                continue;
            }
            let name = patch.get("patchSetName")?.str()?;
            let set = (self.sets?.items())
                .find(|set| set.get("name").is_some_and(|own| own.is(&name)))?;
            for patch in set.get("patches")?.items() {
                targets.extend(target(patch)?);
            }
        }
        Some(targets)
    }
}

/// The field that a patch overwrites, if it is one of the resource; `None` where that cannot be
/// seen.
fn target(patch: NodeRef<'_>) -> Option<Option<Cow<'_, str>>> {
    let kind = patch.get("type").and_then(NodeRef::str).unwrap_or_default();
    // These go the other way.
    if kind.starts_with("To") || kind.starts_with("CombineTo") {
        return Some(None);
    }
    let field = patch
        .get("toFieldPath")
        .or_else(|| patch.get("fromFieldPath"));
    Some(Some(field?.str()?))
}

fn bases<'t>(holder: NodeRef<'t>, path: &str, each: &mut dyn FnMut(Manifest<'t>)) {
    let resources = holder.get("resources").into_iter().flat_map(NodeRef::items);
    for (index, resource) in resources.enumerate() {
        if let Some(node) = resource.get("base") {
            each(Manifest {
                node,
                path: format!("{path}.resources[{index}].base."),
                composed: Some(Patches {
                    own: resource.get("patches"),
                    sets: holder.get("patchSets"),
                }),
            });
        }
    }
}

fn connections<'t>(
    document: NodeRef<'t>,
    stream: &Stream<'t>,
    each: &mut dyn FnMut(Connection<'t>),
) {
    let secrets = (stream.secrets).get_or_init(|| KubernetesSecrets::of(stream));
    each_manifest(document, &mut |manifest| {
        let Some(is_generated) = group(manifest.node) else {
            return;
        };
        for section in SECTIONS {
            if let Some(connection) = read(&manifest, section, is_generated, secrets) {
                each(connection);
            }
        }
    });
}

fn read<'t>(
    manifest: &Manifest<'t>,
    section: &str,
    is_generated: bool,
    secrets: &KubernetesSecrets<'t>,
) -> Option<Connection<'t>> {
    let node = manifest.node;
    let spec = node.get("spec")?;
    let (key, provider) = spec.entry(section)?;
    let key = here(key.span());
    let mut fields = match Manifests.value(provider, 0).shape {
        Shape::Map(map) => map,
        _ => return None,
    };
    fields.key = key;
    if let Some(patches) = &manifest.composed {
        for target in patches.targets()? {
            blank(&mut fields, section, &target)?;
        }
    }
    // What is observed only, or filled in at first, need not be written out.
    let is_partial = manifest.composed.is_some()
        || spec.get("initProvider").is_some()
        || (spec.get("managementPolicies"))
            .is_some_and(|policies| !policies.items().any(|policy| policy.is("*")));
    let facets = Facets {
        group_names: false,
        resolved: false,
        form: FORM.name,
        dialect: "crossplane",
        direction: Direction::Authored,
        typing: Typing::Strict,
        schema: Schema::Yaml11,
        spelling: Some(if is_generated { GENERATED } else { CLASSIC }),
    };
    let name = name(node).filter(|_| manifest.composed.is_none());
    let anchor = match (&name, node.get("kind")) {
        (Some(name), _) => name.value.place,
        (None, Some(kind)) => here(kind.span()),
        (None, None) => key,
    };
    let (envelope, mut fields) = if is_generated {
        let envelope = take_request(&mut fields);
        follow_secrets(&mut fields, node, secrets);
        (envelope, fields)
    } else {
        take_nested(fields)?
    };
    let is_listed = node.get("apiVersion").is_some_and(|it| it.is(LISTS_ONE));
    for entry in &mut fields.entries {
        if entry.name == PLACEMENT {
            placement(entry, is_listed, &facets);
        }
    }
    name_members(&mut fields, "Connection", &facets);
    if is_partial {
        open(&mut fields);
    }
    if is_generated {
        default_to_jdbc(&mut fields, anchor);
    }
    if section != "forProvider" && fields.entries.is_empty() {
        return None;
    }
    if fields.get("Name").is_none() {
        let name = name.unwrap_or_else(|| implied("Name", anchor, Shape::Unknown));
        fields.entries.push(name);
    }
    Some(Connection {
        facets,
        path: format!("{}spec.{section}", manifest.path),
        anchor,
        address: String::new(),
        alias: None,
        realm: String::new(),
        envelope: Some(envelope),
        structure: "Connection",
        fields,
        secrets: Vec::new(),
        curtailed: false,
    })
}

/// The name of the connection in AWS: that of the object, unless an annotation says otherwise.
fn name(manifest: NodeRef<'_>) -> Option<Entry<'_>> {
    let metadata = manifest.get("metadata")?;
    let (key, value) = (metadata.get("annotations"))
        .and_then(|annotations| annotations.entry("crossplane.io/external-name"))
        .or_else(|| metadata.entry("name"))?;
    Some(Entry {
        name: Cow::Borrowed("Name"),
        key: here(key.span()),
        value: Manifests.value(value, 0),
    })
}

/// Puts the properties in the place of the reference to them.
fn follow_secrets<'t>(
    fields: &mut Map<'t>,
    manifest: NodeRef<'t>,
    secrets: &KubernetesSecrets<'t>,
) {
    for entry in &mut fields.entries {
        let is_reference = entry.name.ends_with("PropertiesSecretRef");
        if is_reference {
            entry.value = (entry.value.as_map())
                .and_then(|reference| secrets.find(reference, manifest))
                .map_or_else(|| Value::unknown(entry.value.place), properties);
        } else if entry.name == "connectionProperties" {
            entry.name = Cow::Borrowed("connectionPropertiesSecretRef");
        }
    }
}

/// Reads a placement: the list that one version puts around it, and references.
fn placement(entry: &mut Entry<'_>, is_listed: bool, facets: &Facets) {
    if let Shape::List(items) = &mut entry.value.shape
        && is_listed
    {
        match (items.pop(), items.is_empty()) {
            (Some(only), true) => entry.value = only,
            _ => entry.value = Value::unknown(entry.value.place),
        }
        entry.value.belongs_to(entry.key);
    }
    let Shape::Map(map) = &mut entry.value.shape else {
        return;
    };
    for (member, references) in REFERENCES {
        let mut reference = None;
        map.entries.retain(|entry| {
            let is_reference = references.contains(&entry.name.as_ref());
            if is_reference {
                reference = Some(entry.key);
            }
            !is_reference
        });
        let member = facets.spelled(member);
        let is_written = map.entries.iter().any(|entry| entry.name == member);
        if let (Some(place), false) = (reference, is_written) {
            map.entries.push(implied(member, place, Shape::Unknown));
        }
    }
}

/// Lets a map and all in it have entries that cannot be seen.
fn open(map: &mut Map<'_>) {
    map.open = true;
    for entry in &mut map.entries {
        if let Shape::Map(inner) = &mut entry.value.shape {
            open(inner);
        }
    }
}

/// Forgets what a patch of a Composition overwrites. `None` where that may be all of the section.
fn blank(fields: &mut Map<'_>, section: &str, target: &str) -> Option<()> {
    let mut steps = target
        .split(['.', '[', ']'])
        .filter(|step| !step.is_empty());
    if steps.next() != Some("spec") {
        return Some(());
    }
    // All of `spec`, or of the section, may be replaced.
    if steps.next()? != section {
        return Some(());
    }
    let first = steps.next()?;
    if let Some(entry) = fields.entries.iter_mut().find(|entry| entry.name == first) {
        forget(&mut entry.value, &mut steps);
    }
    Some(())
}

/// Forgets the part of a value to which `steps` lead.
fn forget(value: &mut Value<'_>, steps: &mut dyn Iterator<Item = &str>) {
    let Some(step) = steps.next() else {
        value.shape = Shape::Unknown;
        return;
    };
    let inner = match &mut value.shape {
        // What a patch adds to a map, an open one may have.
        Shape::Map(map) => match map.entries.iter_mut().find(|entry| entry.name == step) {
            Some(entry) => Some(&mut entry.value),
            None => return,
        },
        Shape::List(items) => (step.parse::<usize>().ok()).and_then(|index| items.get_mut(index)),
        _ => None,
    };
    match inner {
        Some(inner) => forget(inner, steps),
        // Each item of a list, or one more.
        None => value.shape = Shape::Unknown,
    }
}

/// The Kubernetes Secrets of a unit, by name.
#[derive(Debug)]
pub(super) struct KubernetesSecrets<'t> {
    by_name: BTreeMap<Cow<'t, str>, Vec<NodeRef<'t>>>,
}

impl<'t> KubernetesSecrets<'t> {
    fn of(stream: &Stream<'t>) -> KubernetesSecrets<'t> {
        let mut by_name: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for document in stream.documents() {
            each_manifest(document, &mut |Manifest { node, composed, .. }| {
                let is = |key, value| node.get(key).is_some_and(|own| own.is(value));
                let name = node.get("metadata").and_then(|it| it.get("name"));
                if composed.is_none()
                    && is("kind", "Secret")
                    && is("apiVersion", "v1")
                    && let Some(name) = name.and_then(NodeRef::str)
                {
                    by_name.entry(name).or_default().push(node);
                }
            });
        }
        KubernetesSecrets { by_name }
    }

    /// The only Secret that a reference can mean.
    fn find(&self, reference: &Map<'t>, manifest: NodeRef<'t>) -> Option<NodeRef<'t>> {
        let text = |key| reference.get(key).and_then(|entry| entry.value.known());
        let namespace_of = |node: NodeRef<'t>| node.get("metadata")?.get("namespace")?.str();
        let wanted = match text("namespace") {
            Some(namespace) => Some(Cow::Borrowed(namespace)),
            None => namespace_of(manifest),
        };
        let named = self.by_name.get(text("name")?)?;
        if named.len() > MAX_NAMESAKES {
            return None;
        }
        let mut fitting = named.iter().filter(|secret| {
            let own = namespace_of(**secret);
            own.is_none() || wanted.is_none() || own == wanted
        });
        let found = fitting.next()?;
        fitting.next().is_none().then_some(*found)
    }

    /// The encoded values: no one can tell by sight what is in them.
    pub(super) fn encoded(&self) -> Vec<Span> {
        (self.by_name.values().flatten())
            .filter_map(|secret| secret.get("data"))
            .flat_map(NodeRef::entries)
            .filter_map(|(_, value)| Some(value.text()?.span()))
            .collect()
    }
}

/// Among more Secrets of one name none is looked for.
const MAX_NAMESAKES: usize = 16;

/// The entries of a Secret as the properties of a connection.
fn properties(secret: NodeRef<'_>) -> Value<'_> {
    let place = here(secret.span());
    let mut entries: Vec<Entry<'_>> = Vec::new();
    let mut open = false;
    let mut key = None;
    let plain = secret.entry("stringData");
    let encoded = secret.entry("data");
    let written: BTreeSet<_> = (plain.into_iter())
        .flat_map(|(_, map)| map.entries())
        .filter_map(|(name, _)| name.str())
        .collect();
    for (section, is_encoded) in [(plain, false), (encoded, true)] {
        let Some((section, map)) = section else {
            continue;
        };
        if map.kind() != NodeKind::Map {
            return Value::unknown(place);
        }
        key = key.or(Some(here(section.span())));
        for (name, value) in map.entries() {
            let Some(text) = name.str().filter(|name| gaps_in(name).is_empty()) else {
                open = true;
                continue;
            };
            // Where both have an entry, the plain one wins.
            if is_encoded && written.contains(&text) {
                continue;
            }
            entries.push(Entry {
                name: text,
                key: here(name.span()),
                value: if is_encoded {
                    decoded(value)
                } else {
                    Manifests.secret(value)
                },
            });
        }
    }
    // Somebody else fills in a Secret without entries.
    match key {
        Some(key) if !entries.is_empty() => {
            let map = Map {
                entries,
                open,
                ..Map::empty(key)
            };
            Value::new(place, Shape::Map(map))
        }
        _ => Value::unknown(place),
    }
}

/// A value that is written in Base64; all of it comes from the whole scalar.
fn decoded(node: NodeRef<'_>) -> Value<'_> {
    let place = here(node.span());
    let text = node.text().and_then(|encoded| {
        let bytes = from_base64(encoded.as_str())?;
        let decoded = String::from_utf8(bytes).ok()?;
        Some(gaps(Text::from_whole(decoded, encoded.span())))
    });
    match text {
        Some(text) => Value::scalar(place, text, Literal::String),
        None => Value::unknown(place),
    }
}

/// The bytes that a text stands for in Base64.
fn from_base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let (mut bits, mut count) = (0_u32, 0);
    let written = text.trim_end().trim_end_matches('=');
    for character in written.bytes().filter(|b| !b.is_ascii_whitespace()) {
        let digit = match character {
            b'A'..=b'Z' => character - b'A',
            b'a'..=b'z' => character - b'a' + 26,
            b'0'..=b'9' => character - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(digit);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from((bits >> count) & 0xFF).ok()?);
        }
    }
    Some(bytes)
}

/// Reads manifests: nothing is what is null, and what a template fills in is not known.
struct Manifests;

impl Manifests {
    /// A value of a Secret's plain entries.
    fn secret<'t>(&self, node: NodeRef<'t>) -> Value<'t> {
        let mut value = self.value(node, 0);
        if let Shape::Absent = value.shape {
            value.shape = Shape::Unknown;
        }
        value
    }
}

impl<'t> Lower<'t> for Manifests {
    fn schema(&self) -> Schema {
        Schema::Yaml11
    }

    fn special(&self, node: NodeRef<'t>, _: usize) -> Option<Value<'t>> {
        let place = here(node.span());
        match node.kind() {
            NodeKind::Scalar(_) => {}
            // Without quotes, what a template fills in is a map in braces to YAML.
            NodeKind::Map if node.source().starts_with("{{") => return Some(Value::unknown(place)),
            _ => return None,
        }
        let literal = node.literal(self.schema());
        if literal == Literal::Null {
            return Some(Value::new(place, Shape::Absent));
        }
        let text = gaps(node.text()?);
        // It may be a list or a map as well.
        if text.as_str().chars().eq([GAP]) {
            return Some(Value::unknown(place));
        }
        Some(Value::scalar(place, text, literal))
    }
}

/// The same text with a gap for each `{{…}}` and `${…}`, which other tools fill in.
fn gaps(text: Text<'_>) -> Text<'_> {
    let found = gaps_in(text.as_str());
    with_gaps(text, &found)
}

/// Where a text has them.
fn gaps_in(written: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(rest) = written.get(from..) {
        let next = ["{{", "${"]
            .into_iter()
            .filter_map(|mark| rest.find(mark))
            .min();
        let Some(start) = next else { break };
        let end = if rest.get(start..).is_some_and(|it| it.starts_with("{{")) {
            "}}"
        } else {
            "}"
        };
        let Some(len) = rest.get(start..).and_then(|it| it.find(end)) else {
            break;
        };
        let start = from + start;
        from = start + len + end.len();
        found.push(start..from);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read_with_and_without_padding() {
        let read = |text| from_base64(text).and_then(|bytes| String::from_utf8(bytes).ok());
        assert_eq!(read("NTQzMg==").as_deref(), Some("5432"));
        assert_eq!(read("NTQzMg").as_deref(), Some("5432"));
        assert_eq!(read("amRi\nYw==\n").as_deref(), Some("jdbc"));
        assert_eq!(read("").as_deref(), Some(""));
        assert_eq!(read("a-b"), None);
    }
}
