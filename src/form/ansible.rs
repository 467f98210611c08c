//! Ansible: tasks of the module `community.aws.glue_connection`.

use std::borrow::Cow;
use std::cell::RefCell;
use std::ops::{ControlFlow, Range};

use super::holes::{end_of_expression, is_all_of, push_part, quoted_within, with_gaps};
use super::lower::{Lower, default_to_jdbc};
use super::model::here;
use super::{
    Connection, Direction, Entry, Envelope, Facets, Form, Map, Scalar, Shape, Stream, Typing, Value,
};
use crate::syntax::{Literal, NodeKind, NodeRef, Schema, TextBuilder};
use crate::text::{Place, Span};

pub(super) const FORM: Form = Form {
    name: "ansible",
    title: "Ansible playbooks and lists of tasks",
    mark: "a task that calls `community.aws.glue_connection`",
    recognises,
    connections,
    surroundings: super::surroundings::none,
    is_module: false,
};

/// The names of the module, and whether the name alone says that it is the module.
const MODULES: &[(&str, bool)] = &[
    ("community.aws.glue_connection", true),
    ("community.aws.aws_glue_connection", true),
    ("aws_glue_connection", false),
    ("glue_connection", false),
];

/// The keys of plays and blocks under which tasks stand.
const TASKS: &[&str] = &[
    "pre_tasks",
    "tasks",
    "post_tasks",
    "handlers",
    "block",
    "rescue",
    "always",
];

/// Parameters that are members of the connection.
const MEMBERS: &[(&str, &str)] = &[
    ("name", "Name"),
    ("description", "Description"),
    ("connection_type", "ConnectionType"),
    ("connection_properties", "ConnectionProperties"),
    ("match_criteria", "MatchCriteria"),
];

/// Parameters that are members of `PhysicalConnectionRequirements`.
const PLACEMENT: &[(&str, &str)] = &[
    ("subnet_id", "SubnetId"),
    ("security_groups", "SecurityGroupIdList"),
    ("availability_zone", "AvailabilityZone"),
];

/// Parameters that are lists; the module splits a text at its commas.
const LISTS: &[&str] = &["match_criteria", "security_groups"];

/// What options are called that log in to AWS.
const SECRET_OPTIONS: &[&str] = &["access_key", "secret", "token", "password"];

/// Blocks in blocks are read to this depth, and so many tasks in all: aliases can make few bytes
/// into many tasks.
const MAX_BLOCKS: usize = 16;
const MAX_TASKS: usize = 10_000;

fn recognises(document: NodeRef<'_>) -> bool {
    walk(document, &mut |_| ControlFlow::Break(())).is_break()
}

fn connections<'t>(document: NodeRef<'t>, _: &Stream<'t>, each: &mut dyn FnMut(Connection<'t>)) {
    let _ = walk(document, &mut |task| {
        if let Some(connection) = read(task) {
            each(connection);
        }
        ControlFlow::Continue(())
    });
}

/// A task of the module.
struct Task<'t> {
    path: String,
    module: NodeRef<'t>,
    arguments: NodeRef<'t>,
    /// Whether arguments may come from elsewhere, such as `module_defaults`.
    is_open: bool,
    /// Secrets around it.
    secrets: Vec<Span>,
}

/// Finds the tasks of the module: in plays, in blocks, or in the document itself.
fn walk<'t>(
    document: NodeRef<'t>,
    each: &mut dyn FnMut(Task<'t>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let around = Around {
        is_open: false,
        secrets: Vec::new(),
        depth: 0,
    };
    Walk {
        each,
        left: MAX_TASKS,
    }
    .tasks(document, "", &around)
}

/// What the plays and blocks around a task say.
struct Around {
    is_open: bool,
    secrets: Vec<Span>,
    depth: usize,
}

struct Walk<'w, 't> {
    each: &'w mut dyn FnMut(Task<'t>) -> ControlFlow<()>,
    left: usize,
}

impl<'t> Walk<'_, 't> {
    fn tasks(&mut self, list: NodeRef<'t>, path: &str, around: &Around) -> ControlFlow<()> {
        if around.depth > MAX_BLOCKS {
            return ControlFlow::Continue(());
        }
        for (index, item) in list.items().enumerate() {
            // What is left out is not judged; what was found stays found.
            let Some(left) = self.left.checked_sub(1) else {
                return ControlFlow::Continue(());
            };
            self.left = left;
            self.task(item, path, index, around)?;
        }
        ControlFlow::Continue(())
    }

    fn task(
        &mut self,
        item: NodeRef<'t>,
        path: &str,
        index: usize,
        around: &Around,
    ) -> ControlFlow<()> {
        let is_defaulted = item.get("module_defaults").is_some_and(sets_defaults);
        let inside = || {
            let mut secrets = around.secrets.clone();
            if let Some(variables) = item.get("vars") {
                vaults(variables, &mut secrets, 0);
            }
            Around {
                is_open: around.is_open || is_defaulted,
                secrets,
                depth: around.depth + 1,
            }
        };
        for (key, value) in item.entries() {
            let Some(name) = key.str() else { continue };
            if value.kind() == NodeKind::List && TASKS.contains(&name.as_ref()) {
                self.tasks(value, &format!("{path}[{index}].{name}"), &inside())?;
            } else if is_module(&name, value) {
                let inside = inside();
                (self.each)(Task {
                    path: format!("{path}[{index}]"),
                    module: key,
                    arguments: value,
                    is_open: inside.is_open || item.get("args").is_some(),
                    secrets: inside.secrets,
                })?;
            }
        }
        ControlFlow::Continue(())
    }
}

/// Whether an entry of a task is a call of the module. A short name is a word of others too.
fn is_module(name: &str, arguments: NodeRef<'_>) -> bool {
    let Some((_, is_certain)) = MODULES.iter().find(|(module, _)| *module == name) else {
        return false;
    };
    let has = |parameter| arguments.get(parameter).is_some();
    arguments.kind() == NodeKind::Map
        && (*is_certain || has("name") || has("connection_properties") || has("state"))
}

/// Whether `module_defaults` may say something of the module.
fn sets_defaults(defaults: NodeRef<'_>) -> bool {
    defaults.kind() != NodeKind::Map
        || (defaults.entries()).any(|(key, _)| {
            key.str()
                .is_none_or(|key| MODULES.iter().any(|(module, _)| *module == key))
        })
}

fn is_vault(node: NodeRef<'_>) -> bool {
    matches!(node.tag(), Some("!vault" | "!vault-encrypted"))
}

/// Notes what is encrypted in a value.
fn vaults(node: NodeRef<'_>, secrets: &mut Vec<Span>, depth: usize) {
    const MAX_DEPTH: usize = 2;
    if is_vault(node) {
        secrets.push(node.span());
    } else if depth < MAX_DEPTH {
        for item in node.items() {
            vaults(item, secrets, depth + 1);
        }
        for (_, value) in node.entries() {
            vaults(value, secrets, depth + 1);
        }
    }
}

/// The connection that a task makes; none where it removes one.
fn read(task: Task<'_>) -> Option<Connection<'_>> {
    let anchor = here(task.module.span());
    let mut may_be_absent = false;
    if let Some(state) = task.arguments.get("state").and_then(NodeRef::str) {
        match state.as_ref() {
            "absent" => return None,
            "present" => {}
            // Whoever fills it in may take the connection away.
            _ => may_be_absent = true,
        }
    }
    // Only the values of the map may hold credentials.
    let (properties, others) = (Jinja::default(), Jinja::default());
    let new_map = |key| Map {
        key,
        entries: Vec::new(),
        open: task.is_open,
    };
    let mut fields = new_map(anchor);
    let mut placement = new_map(anchor);
    let mut request = new_map(anchor);
    let mut secrets = task.secrets;
    for (key, node) in task.arguments.entries() {
        let key_place = here(key.span());
        let Some(parameter) = key.str() else {
            fields.open = true;
            continue;
        };
        let (map, member) = if let Some(member) = member_of(MEMBERS, &parameter) {
            (&mut fields, member)
        } else if let Some(member) = member_of(PLACEMENT, &parameter) {
            (&mut placement, member)
        } else if parameter == "catalog_id" {
            (&mut request, "CatalogId")
        } else {
            if SECRET_OPTIONS.iter().any(|word| parameter.contains(word)) {
                secrets.push(node.span());
            }
            vaults(node, &mut secrets, 0);
            continue;
        };
        let is_properties = member == "ConnectionProperties";
        let jinja = if is_properties { &properties } else { &others };
        let mut value = jinja.value(node, 0);
        value.belongs_to(key_place);
        if is_left_out(&value, member) {
            continue;
        }
        value = if is_properties {
            as_properties(value, &mut secrets)
        } else {
            as_parameter(value, LISTS.contains(&parameter.as_ref()))
        };
        map.entries.push(Entry {
            name: Cow::Borrowed(member),
            key: key_place,
            value,
        });
    }
    // Where arguments come from elsewhere, the type may too.
    default_to_jdbc(&mut fields, anchor);
    fields.open |= may_be_absent;
    fields.entries.extend(placement_entry(placement));
    secrets.extend(properties.vaults.into_inner());
    secrets.extend(properties.quoted.into_inner());
    secrets.extend(others.vaults.into_inner());
    Some(Connection {
        facets: Facets {
            form: FORM.name,
            dialect: "ansible",
            direction: Direction::Authored,
            typing: Typing::Strict,
            schema: Schema::Yaml11,
            group_names: true,
            resolved: false,
            spelling: None,
        },
        path: task.path,
        anchor,
        address: String::new(),
        alias: None,
        realm: String::new(),
        envelope: (!request.entries.is_empty()).then_some(Envelope {
            structure: "CreateConnectionRequest",
            fields: request,
        }),
        structure: "Connection",
        fields,
        secrets,
    })
}

fn member_of(members: &[(&str, &'static str)], parameter: &str) -> Option<&'static str> {
    (members.iter().find(|(name, _)| *name == parameter)).map(|(_, member)| *member)
}

/// The properties, where they are a map. In a text the module reads JSON, or pairs with commas;
/// what that holds is not looked at, and not shown.
fn as_properties<'t>(value: Value<'t>, secrets: &mut Vec<Span>) -> Value<'t> {
    if matches!(value.shape, Shape::Map(_) | Shape::List(_)) {
        return value;
    }
    if value.as_scalar().is_some() {
        secrets.push(value.place.span);
    }
    Value::unknown(value.place)
}

/// Whether the module takes a parameter for one that is not there.
fn is_left_out(value: &Value<'_>, member: &str) -> bool {
    let needs_text = matches!(member, "Name" | "ConnectionType" | "ConnectionProperties");
    value.as_scalar().is_some_and(|scalar| {
        scalar.literal == Literal::Null || (!needs_text && scalar.text.as_str().is_empty())
    })
}

/// The flat parameters as the map that the API wants. It goes last: it reaches around other
/// parameters that stand between its own.
fn placement_entry(mut placement: Map<'_>) -> Option<Entry<'_>> {
    let key = placement.entries.first()?.key;
    placement.key = key;
    let spans = (placement.entries.iter()).flat_map(|e| [e.key.span, e.value.place.span]);
    let span = spans.fold(key.span, |all, span| {
        Span::new(all.start.min(span.start), all.end.max(span.end))
    });
    Some(Entry {
        name: Cow::Borrowed("PhysicalConnectionRequirements"),
        key,
        value: Value::new(Place { span, ..key }, Shape::Map(placement)),
    })
}

/// What the module makes of a parameter that is a text, or a list of texts: it writes numbers as
/// texts, and texts as lists.
fn as_parameter<'t>(mut value: Value<'t>, is_list: bool) -> Value<'t> {
    match &mut value.shape {
        Shape::Scalar(scalar) => {
            if is_plain_number(scalar) {
                scalar.literal = Literal::String;
            }
            if is_list {
                return listed(value);
            }
        }
        Shape::List(items) if is_list => {
            for item in items {
                if let Shape::Scalar(scalar) = &mut item.shape
                    && is_plain_number(scalar)
                {
                    scalar.literal = Literal::String;
                }
            }
        }
        _ => {}
    }
    value
}

/// Whether a number is written as any parser writes it back.
fn is_plain_number(scalar: &Scalar<'_>) -> bool {
    let text = scalar.text.as_str();
    scalar.literal == Literal::Integer
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && (text.len() == 1 || !text.starts_with('0'))
}

/// A text with commas as the list that the module makes of it.
fn listed(value: Value<'_>) -> Value<'_> {
    let Some(Scalar { text, literal }) = value.as_scalar() else {
        return value;
    };
    let parts: Vec<&str> = text.as_str().split(',').collect();
    let items = match parts.as_slice() {
        [_] => vec![value.clone()],
        parts => (parts.iter())
            .map(|part| {
                let mut builder = TextBuilder::default();
                push_part(&mut builder, text, part);
                Value::scalar(value.place_of(part), builder.finish(), *literal)
            })
            .collect(),
    };
    Value::new(value.place, Shape::List(items))
}

/// Reads values with expressions in them, and notes what is secret there.
#[derive(Default)]
struct Jinja {
    vaults: RefCell<Vec<Span>>,
    quoted: RefCell<Vec<Span>>,
}

impl<'t> Lower<'t> for Jinja {
    fn schema(&self) -> Schema {
        Schema::Yaml11
    }

    fn special(&self, node: NodeRef<'t>, _: usize) -> Option<Value<'t>> {
        let place = here(node.span());
        if is_vault(node) {
            self.vaults.borrow_mut().push(node.span());
            return Some(Value::unknown(place));
        }
        if node.tag() == Some("!unsafe") {
            return None;
        }
        let text = node.text()?;
        let expressions = expressions(text.as_str());
        if expressions.is_empty() {
            return None;
        }
        let quoted = quoted_within(&text, &expressions);
        self.quoted.borrow_mut().extend(quoted);
        if !is_all_of(&expressions, text.as_str()) {
            let text = with_gaps(text, &expressions);
            return Some(Value::scalar(place, text, Literal::String));
        }
        // `default(omit)` takes the parameter away.
        let unknown = Value::unknown(place);
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        if !(text.as_str().split(|c| !is_word(c))).any(|word| word == "omit") {
            return Some(unknown);
        }
        let absent = Value::new(place, Shape::Absent);
        Some(Value::new(place, Shape::OneOf(vec![unknown, absent])))
    }
}

/// Where a text has expressions, statements and comments of Jinja, in order and apart. What stands
/// between statements may come once, more than once or not at all.
fn expressions(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let statements = text.find("{%").map(|start| {
        let end = text.rfind("%}").map_or(text.len(), |end| end + 2);
        start..end.max(start)
    });
    let mut from = 0;
    while let Some(start) = text.get(from..).and_then(|rest| rest.find('{')) {
        let start = from + start;
        from = start + 1;
        let rest = text.get(start..).unwrap_or_default();
        let end = if let Some(statements) = statements.clone().filter(|all| all.start == start) {
            statements.end
        } else if rest.starts_with("{{") {
            end_of_expression(text, start + 2, "}}").unwrap_or(text.len())
        } else if rest.starts_with("{#") {
            rest.find("#}").map_or(text.len(), |end| start + end + 2)
        } else {
            continue;
        };
        found.push(start..end);
        from = end.max(from);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_statements_and_comments_are_found() {
        for (text, expected) in [
            ("plain {x} }}", vec![]),
            ("{{ a }}", vec![(0, 7)]),
            ("x{{ a }}y{# b #}", vec![(1, 8), (9, 16)]),
            ("{{ '}}' }}", vec![(0, 10)]),
            ("{{ {'a': {}} }}b", vec![(0, 15)]),
            ("{% if a %}b{% endif %}c", vec![(0, 22)]),
            ("{{ a", vec![(0, 4)]),
        ] {
            let found = expressions(text).into_iter();
            let found: Vec<(usize, usize)> = found.map(|range| (range.start, range.end)).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
