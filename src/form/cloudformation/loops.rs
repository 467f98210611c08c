//! `Fn::ForEach`, which repeats resources and entries of maps for each item of a list.

use std::ops::Range;

use super::{MAX_CHOICES, Template};
use crate::form::lower::Lower;
use crate::form::model::here;
use crate::form::{Entry, Map, Shape, Value};
use crate::syntax::NodeRef;

/// `Fn::ForEach::Name: [variable, items, body]`.
pub(super) struct ForEach<'t> {
    /// Its key.
    name: String,
    variable: String,
    items: NodeRef<'t>,
    /// The map that it repeats.
    pub(super) body: NodeRef<'t>,
}

impl<'t> ForEach<'t> {
    /// The loop that an entry of a map is.
    pub(super) fn of(key: NodeRef<'t>, value: NodeRef<'t>) -> Option<ForEach<'t>> {
        let name = key.str().filter(|key| key.starts_with(PREFIX))?;
        let mut arguments = value.items();
        match (arguments.next(), arguments.next(), arguments.next()) {
            (Some(variable), Some(items), Some(body)) => Some(ForEach {
                name: name.into_owned(),
                variable: variable.str()?.into_owned(),
                items,
                body,
            }),
            _ => None,
        }
    }
}

/// Loops add no more entries to a map than this. AWS takes a hundred properties.
const MAX_ENTRIES: usize = 1000;

/// What the key of a loop begins with.
const PREFIX: &str = "Fn::ForEach::";

/// A loop around what is being read.
pub(super) struct Loop<'t> {
    pub(super) name: String,
    variable: String,
    /// What its variable may be; `None` where only a deployment knows.
    items: Option<Vec<Value<'t>>>,
}

impl<'t> Loop<'t> {
    /// All rounds of a loop at once.
    pub(super) fn over(each: &ForEach<'t>, items: Option<Vec<Value<'t>>>) -> Loop<'t> {
        Loop {
            name: each.name.clone(),
            variable: each.variable.clone(),
            items,
        }
    }

    /// The range of the first placeholder of its variable in a text.
    fn first_mark(&self, text: &str, sigils: &[&str]) -> Option<Range<usize>> {
        let of = |sigil: &&str| {
            let mark = format!("{sigil}{{{}}}", self.variable);
            text.find(&mark).map(|at| at..at + mark.len())
        };
        sigils.iter().filter_map(of).min_by_key(|range| range.start)
    }
}

impl<'t> Template<'t> {
    /// The items over which a loop goes, as far as they are known.
    pub(super) fn items_of(&self, each: &ForEach<'t>, depth: usize) -> Option<Vec<Value<'t>>> {
        match self.value(each.items, depth).shape {
            Shape::List(items) => Some(items),
            _ => None,
        }
    }

    /// What the variable of that name of a loop around may be; `None` where there is none.
    pub(super) fn items_of_variable(&self, name: &str) -> Option<Vec<Value<'t>>> {
        let loops = self.loops.borrow();
        let found = loops.iter().rev().find(|it| it.variable == name)?;
        let items = found.items.as_deref().unwrap_or_default();
        Some(items.iter().take(MAX_CHOICES + 1).cloned().collect())
    }

    /// The variable of a loop that a text is nothing but.
    pub(super) fn loop_variable<'a>(&self, text: &'a str) -> Option<&'a str> {
        let name = text.strip_prefix("${")?.strip_suffix('}')?;
        let loops = self.loops.borrow();
        loops.iter().any(|it| it.variable == name).then_some(name)
    }

    /// The parts of a text that are replaced before anything is made of it.
    pub(super) fn holes(&self, text: &str) -> Vec<Range<usize>> {
        self.holes_and(text, &["$", "&"])
    }

    /// The same parts of a text of `Fn::Sub`, which has a meaning of its own for `${…}`.
    pub(super) fn holes_in_sub(&self, text: &str) -> Vec<Range<usize>> {
        self.holes_and(text, &["&"])
    }

    fn holes_and(&self, text: &str, sigils: &[&str]) -> Vec<Range<usize>> {
        let mut holes = (self.variables)(text);
        let loops = self.loops.borrow();
        if loops.is_empty() {
            return holes;
        }
        for it in loops.iter() {
            let mut from = 0;
            let rest = |from: usize| text.get(from..).unwrap_or_default();
            while let Some(mark) = it.first_mark(rest(from), sigils) {
                holes.push(from + mark.start..from + mark.end);
                from += mark.end;
            }
        }
        holes.sort_by_key(|hole| (hole.start, std::cmp::Reverse(hole.end)));
        let mut end = 0;
        holes.retain(|hole| {
            let is_apart = hole.start >= end;
            end = end.max(hole.end);
            is_apart
        });
        holes
    }

    /// A map in which macros stand among the entries; `None` where none do.
    pub(super) fn map_with_macros(&self, node: NodeRef<'t>, depth: usize) -> Option<Value<'t>> {
        let is_macro = |key: &str| key.starts_with("Fn::") || !self.holes(key).is_empty();
        if !(node.entries()).any(|(key, _)| key.str().is_some_and(|key| is_macro(&key))) {
            return None;
        }
        let mut map = Map::empty(here(node.span()));
        self.add_entries(&mut map, node, depth);
        if let Some(first) = map.entries.first() {
            map.key = first.key;
        }
        Some(Value::new(here(node.span()), Shape::Map(map)))
    }

    /// Adds the entries of a node to a map. A macro may add others: `Fn::Transform`.
    fn add_entries(&self, map: &mut Map<'t>, node: NodeRef<'t>, depth: usize) {
        for (key, value) in node.entries() {
            if let Some(each) = ForEach::of(key, value) {
                self.add_rounds(map, &each, depth + 1);
                continue;
            }
            let name = key.str().and_then(|name| self.key(&name));
            let Some(name) = name.filter(|name| !name.starts_with("Fn::")) else {
                map.open = true;
                continue;
            };
            let key = here(key.span());
            let mut value = self.entry(&name, value, depth + 1);
            value.belongs_to(key);
            map.entries.push(Entry {
                name: name.into(),
                key,
                value,
            });
        }
    }

    /// Adds what a loop makes of its body to a map, round by round, if all of its rounds are known.
    fn add_rounds(&self, map: &mut Map<'t>, each: &ForEach<'t>, depth: usize) {
        let items = self.items_of(each, depth);
        let rounds = items.filter(|items| items.len() <= MAX_CHOICES);
        let Some(rounds) = rounds.filter(|items| items.iter().all(|item| item.known().is_some()))
        else {
            map.open = true;
            return;
        };
        for item in rounds {
            if map.entries.len() >= MAX_ENTRIES {
                map.open = true;
                return;
            }
            (self.loops.borrow_mut()).push(Loop::over(each, Some(vec![item])));
            self.add_entries(map, each.body, depth);
            self.loops.borrow_mut().pop();
        }
    }

    /// A key with the variables of loops replaced; `None` where it is not known.
    fn key(&self, name: &str) -> Option<String> {
        let mut key = String::new();
        let mut from = 0;
        for hole in self.holes(name) {
            let variable = self.loop_variable(name.get(hole.clone())?)?;
            let [item] = self.items_of_variable(variable)?.try_into().ok()?;
            key.push_str(name.get(from..hole.start)?);
            key.push_str(item.known()?);
            from = hole.end;
        }
        key.push_str(name.get(from..)?);
        Some(key)
    }
}
