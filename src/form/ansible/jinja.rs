//! Jinja's expressions, as far as literals carry.
//!
//! What a variable is said to be in a playbook is a default: whoever runs it can say otherwise. It
//! is taken where it is defined once among what can be seen from the task, and where nothing else
//! in the document sets it in a way that would be in force over it.
//!
//! Source: <https://docs.ansible.com/ansible/latest/playbook_guide/playbooks_variables.html>,
//! "Understanding variable precedence".

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::{ControlFlow, Range};
use std::rc::Rc;

use super::tasks::walk;
use crate::form::compose::{Budget, Composed, attribute, borrowed, is_empty};
use crate::form::holes::{end_of_expression, is_all_of, push_part, quoted_within, steps};
use crate::form::lower::Lower;
use crate::form::model::here;
use crate::form::{Entry, Map, Scalar, Shape, Value};
use crate::syntax::{Literal, NodeKind, NodeRef, Schema};
use crate::text::Span;

/// What the tasks of a document set while it runs.
#[derive(Default)]
struct Facts<'t> {
    names: BTreeSet<Cow<'t, str>>,
    /// Whether anything may be set.
    any: bool,
}

impl<'t> Facts<'t> {
    fn of(document: NodeRef<'t>) -> Facts<'t> {
        let mut facts = Facts::default();
        let _ = walk(document, &mut |item| {
            for (key, value) in item.node.entries() {
                let Some(key) = key.str() else { continue };
                match key.rsplit('.').next().unwrap_or_default() {
                    "register" => facts.names.extend(value.str()),
                    "set_fact" if value.kind() == NodeKind::Map => {
                        for (name, _) in value.entries() {
                            match name.str() {
                                Some(name) if !name.contains("{{") => {
                                    facts.names.insert(name);
                                }
                                _ => facts.any = true,
                            }
                        }
                    }
                    "set_fact" | "include_vars" => facts.any = true,
                    "action" | "local_action" => {
                        let sets = |word| value.source().contains(word);
                        facts.any |= sets("set_fact") || sets("include_vars");
                    }
                    "vars_prompt" => {
                        let prompts = value.items().filter_map(|prompt| prompt.get("name"));
                        facts.names.extend(prompts.filter_map(NodeRef::str));
                    }
                    _ => {}
                }
            }
            ControlFlow::Continue(())
        });
        facts
    }
}

/// What a `vars` of a play, a block or a task defines.
struct Section<'t> {
    /// By name, the definition; none where there are several.
    by_name: BTreeMap<Cow<'t, str>, Option<NodeRef<'t>>>,
    /// Whether all of it can be seen.
    is_map: bool,
    /// What is encrypted in it.
    vaults: Vec<Span>,
}

impl<'t> Section<'t> {
    fn of(vars: NodeRef<'t>) -> Section<'t> {
        let mut by_name = BTreeMap::new();
        for (name, value) in vars.entries() {
            if let Some(name) = name.str() {
                (by_name.entry(name))
                    .and_modify(|it| *it = None)
                    .or_insert(Some(value));
            }
        }
        let mut vaults = Vec::new();
        collect_vaults(vars, &mut vaults, 0);
        Section {
            by_name,
            is_map: vars.kind() == NodeKind::Map,
            vaults,
        }
    }
}

/// What a document says of variables. Each section is read once, for many tasks may see it.
pub(super) struct Playbook<'t> {
    facts: Facts<'t>,
    sections: RefCell<BTreeMap<Span, Rc<Section<'t>>>>,
}

impl<'t> Playbook<'t> {
    pub(super) fn of(document: NodeRef<'t>) -> Playbook<'t> {
        Playbook {
            facts: Facts::of(document),
            sections: RefCell::default(),
        }
    }

    fn section(&self, vars: NodeRef<'t>) -> Rc<Section<'t>> {
        let place = vars.anchored_span().unwrap_or(vars.span());
        let mut sections = self.sections.borrow_mut();
        let section = sections
            .entry(place)
            .or_insert_with(|| Rc::new(Section::of(vars)));
        Rc::clone(section)
    }
}

/// The variables that can be seen from a task.
pub(super) struct Variables<'p, 't> {
    facts: &'p Facts<'t>,
    /// The sections, the outermost first, and whether nothing is in force over what they say.
    sections: Vec<(Rc<Section<'t>>, bool)>,
}

impl<'p, 't> Variables<'p, 't> {
    /// * `around`: the plays and blocks around the task, and the task.
    pub(super) fn of(playbook: &'p Playbook<'t>, around: &[NodeRef<'t>]) -> Variables<'p, 't> {
        let section = |node: &NodeRef<'t>| {
            // What files and roles define is in force over what a play does.
            let is_doubtful = ["vars_files", "roles"]
                .iter()
                .any(|it| node.get(it).is_some());
            Some((playbook.section(node.get("vars")?), !is_doubtful))
        };
        Variables {
            facts: &playbook.facts,
            sections: around.iter().filter_map(section).collect(),
        }
    }

    /// The only definition of a variable.
    fn get(&self, name: &str) -> Option<NodeRef<'t>> {
        if self.facts.any || self.facts.names.contains(name) {
            return None;
        }
        let mut definition = None;
        for (section, is_certain) in &self.sections {
            if !section.is_map {
                return None;
            }
            match section.by_name.get(name) {
                Some(Some(value)) if *is_certain && definition.is_none() => {
                    definition = Some(*value);
                }
                Some(_) => return None,
                None => {}
            }
        }
        definition
    }

    /// What is encrypted in them.
    pub(super) fn vaults(&self) -> impl Iterator<Item = Span> {
        let sections = self.sections.iter();
        sections.flat_map(|(section, _)| section.vaults.iter().copied())
    }
}

/// What the variables of loops stand for in one round.
pub(super) type Iterators<'t> = Vec<(Cow<'t, str>, Value<'t>)>;

/// Reads the values of one call, and notes what is secret in them.
pub(super) struct Jinja<'v, 't> {
    variables: &'v Variables<'v, 't>,
    /// What the variables of loops stand for.
    iterators: &'v [(Cow<'t, str>, Value<'t>)],
    /// How many nodes may still be looked at.
    budget: &'v Budget,
    /// What is encrypted.
    vaults: RefCell<Vec<Span>>,
    /// What stands in quotes within expressions.
    quoted: RefCell<Vec<Span>>,
}

impl<'v, 't> Jinja<'v, 't> {
    pub(super) fn new(
        variables: &'v Variables<'v, 't>,
        iterators: &'v [(Cow<'t, str>, Value<'t>)],
        budget: &'v Budget,
    ) -> Jinja<'v, 't> {
        Jinja {
            variables,
            iterators,
            budget,
            vaults: RefCell::default(),
            quoted: RefCell::default(),
        }
    }

    /// What was seen to be encrypted; and, where any default may be a credential, what stands in
    /// quotes within expressions.
    pub(super) fn secrets(&self, are_quotes_secret: bool) -> Vec<Span> {
        let mut secrets = self.vaults.borrow().clone();
        if are_quotes_secret {
            secrets.extend(self.quoted.borrow().iter());
        }
        secrets
    }

    /// What `{{ name.attribute }}` stands for; `None` where it says more than that, and where the
    /// name is not known.
    fn named(&self, expression: &str, used: Span, depth: usize) -> Option<Value<'t>> {
        let (name, steps) = steps(inside(expression)?)?;
        let iterator = self.iterators.iter().find(|(known, _)| known == name);
        let (value, what, is_default) = match iterator {
            Some((_, value)) => (value.clone(), "an item of the loop".to_owned(), false),
            None => {
                let definition = self.variables.get(name)?;
                let value = self.value(definition, depth + 1);
                (value, format!("variable `{name}`"), true)
            }
        };
        let value = (steps.iter()).fold(value, |value, step| attribute(value, step));
        // What is empty says "not set".
        let is_null = (value.as_scalar()).is_some_and(|it| it.literal == Literal::Null);
        if is_null || is_empty(&value) {
            return None;
        }
        Some(borrowed(value, used, &what, is_default))
    }
}

impl<'t> Lower<'t> for Jinja<'_, 't> {
    fn schema(&self) -> Schema {
        Schema::Yaml11
    }

    fn special(&self, node: NodeRef<'t>, depth: usize) -> Option<Value<'t>> {
        let place = here(node.span());
        if !self.budget.spend(1) {
            return Some(Value::unknown(place));
        }
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
        let slice = |range: Range<usize>| text.as_str().get(range).unwrap_or_default();
        if !is_all_of(&expressions, text.as_str()) {
            let mut composed = Composed::default();
            let mut from = 0;
            for hole in &expressions {
                push_part(&mut composed.builder, &text, slice(from..hole.start));
                from = hole.end;
                let used = text.span_of(hole.clone());
                match self.named(slice(hole.clone()), used, depth) {
                    // How others are written in a text is not for this to say.
                    Some(value) if is_text(&value) => composed.push(&value, used),
                    _ => composed.builder.push_gap(used),
                }
            }
            push_part(
                &mut composed.builder,
                &text,
                slice(from..text.as_str().len()),
            );
            return Some(composed.finish(node.span()));
        }
        let whole = 0..text.as_str().len();
        let used = text.span_of(whole.clone());
        let expression = slice(whole);
        let taken_from = inside(expression)
            .filter(|inside| steps(inside).is_some())
            .map(Box::from);
        if let Some(mut value) = self.named(expression, used, depth) {
            // Lists and maps stay where they are written.
            if !matches!(value.shape, Shape::List(_) | Shape::Map(_)) {
                value.place = place;
            }
            value.taken_from = taken_from;
            return Some(value);
        }
        // `default(omit)` takes the parameter away.
        let unknown = Value {
            taken_from,
            ..Value::unknown(place)
        };
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        if !(text.as_str().split(|c| !is_word(c))).any(|word| word == "omit") {
            return Some(unknown);
        }
        let absent = Value::new(place, Shape::Absent);
        Some(Value::new(place, Shape::OneOf(vec![unknown, absent])))
    }
}

/// What stands between the braces of `{{ name }}`.
fn inside(expression: &str) -> Option<&str> {
    Some(expression.strip_prefix("{{")?.strip_suffix("}}")?.trim())
}

/// Whether a value is a text, or a number that is written in a text as it is.
fn is_text(value: &Value<'_>) -> bool {
    (value.as_scalar())
        .is_some_and(|scalar| scalar.literal == Literal::String || is_plain_number(scalar))
}

/// Whether a number is written as any parser writes it back.
pub(super) fn is_plain_number(scalar: &Scalar<'_>) -> bool {
    let text = scalar.text.as_str();
    scalar.literal == Literal::Integer
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && (text.len() == 1 || !text.starts_with('0'))
}

fn is_vault(node: NodeRef<'_>) -> bool {
    matches!(node.tag(), Some("!vault" | "!vault-encrypted"))
}

/// Notes what is encrypted in a value.
pub(super) fn collect_vaults(node: NodeRef<'_>, secrets: &mut Vec<Span>, depth: usize) {
    const MAX_DEPTH: usize = 2;
    if is_vault(node) {
        secrets.push(node.span());
    } else if depth < MAX_DEPTH {
        for item in node.items() {
            collect_vaults(item, secrets, depth + 1);
        }
        for (_, value) in node.entries() {
            collect_vaults(value, secrets, depth + 1);
        }
    }
}

/// What the variables of a task's loop stand for, each time that it runs, and whether it runs more
/// often than is read. Where that is not known, it is read once.
///
/// * `left`: how often tasks may still be repeated.
pub(super) fn iterations<'t>(
    task: NodeRef<'t>,
    jinja: &Jinja<'_, 't>,
    left: &mut usize,
) -> (Vec<Iterators<'t>>, bool) {
    let (keyword, list) = task
        .entries()
        .find_map(|(key, list)| {
            let key = key.str()?;
            (key == "loop" || key.starts_with("with_")).then_some((key, list))
        })
        .unzip();
    let (Some(keyword), Some(list)) = (keyword, list) else {
        return (vec![Vec::new()], false);
    };
    let control = task.get("loop_control");
    let unknown = |node: NodeRef<'t>| Value::unknown(here(node.span()));
    let mut others = Vec::new();
    let mut variable = Cow::Borrowed("item");
    for (key, value) in control.into_iter().flat_map(NodeRef::entries) {
        match (key.str().as_deref(), value.str()) {
            (Some("loop_var"), Some(name)) => variable = name,
            (Some("index_var" | "extended_var"), Some(name)) => others.push((name, unknown(value))),
            _ => {}
        }
    }
    let value = jinja.value(list, 0);
    let mut items = match (keyword.as_ref(), value.shape) {
        ("loop" | "with_list", Shape::List(items)) => items,
        ("with_items" | "with_flattened", Shape::List(items)) => items
            .into_iter()
            .flat_map(|item| match item.shape {
                Shape::List(inner) => inner,
                _ => vec![item],
            })
            .collect(),
        ("with_dict", Shape::Map(map)) if !map.open => {
            map.entries.into_iter().map(key_and_value).collect()
        }
        _ => Vec::new(),
    };
    let is_curtailed = items.len() > *left;
    items.truncate(*left);
    *left -= items.len();
    if items.is_empty() {
        items.push(unknown(list));
    }
    let iterations = (items.into_iter()).map(|item| {
        let mut iterators = others.clone();
        iterators.push((variable.clone(), item));
        iterators
    });
    (iterations.collect(), is_curtailed)
}

/// An entry as `with_dict` hands it over.
fn key_and_value(entry: Entry<'_>) -> Value<'_> {
    let key = entry.key;
    let of = |name, value| Entry {
        name: Cow::Borrowed(name),
        key,
        value,
    };
    let entries = vec![
        of("key", Value::name(key, entry.name)),
        of("value", entry.value),
    ];
    let map = Map {
        entries,
        ..Map::empty(key)
    };
    Value::new(key, Shape::Map(map))
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
