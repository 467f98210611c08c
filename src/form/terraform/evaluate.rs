//! What expressions stand for, as far as literals carry.

use super::functions;
use super::module::Module;
use crate::form::compose::{
    Budget, Composed, add_parameter, attribute, borrowed, is_empty, settle,
};
use crate::form::holes::{end_of_expression, with_gaps};
use crate::form::lower::Lower;
use crate::form::model::here;
use crate::form::{Origin, Parameter, Reference, Shape, Value};
use crate::spec;
use crate::syntax::{GAP, Literal, NodeKind, NodeRef, Operator, Schema, Style};
use crate::text::Span;

/// Reads the values of one resource.
#[derive(Clone)]
pub(super) struct Evaluator<'m, 't> {
    module: &'m Module<'t>,
    /// What `each` and the iterators of dynamic blocks stand for, the innermost last.
    iterators: Vec<(String, Element<'t>)>,
    /// How many nodes may still be looked at.
    budget: &'m Budget,
}

/// One of the things that a resource or a block is repeated for.
#[derive(Clone, Debug)]
pub(super) struct Element<'t> {
    pub(super) key: Value<'t>,
    pub(super) value: Value<'t>,
}

impl<'t> Element<'t> {
    /// One that is its own key, as in a set.
    pub(super) fn same(value: Value<'t>) -> Element<'t> {
        Element {
            key: value.clone(),
            value,
        }
    }

    /// One of which nothing is known.
    pub(super) fn unknown(span: Span) -> Element<'t> {
        Element {
            key: Value::unknown(here(span)),
            value: Value::unknown(here(span)),
        }
    }
}

impl<'m, 't> Evaluator<'m, 't> {
    pub(super) fn new(module: &'m Module<'t>, budget: &'m Budget) -> Evaluator<'m, 't> {
        Evaluator {
            module,
            iterators: Vec::new(),
            budget,
        }
    }

    /// The same, where an iterator stands for that element.
    pub(super) fn with(&self, iterator: &str, element: Element<'t>) -> Evaluator<'m, 't> {
        let mut inner = self.clone();
        inner.iterators.push((iterator.to_owned(), element));
        inner
    }

    /// The values of an expression's operands.
    pub(super) fn all(
        &self,
        nodes: impl Iterator<Item = NodeRef<'t>>,
        depth: usize,
    ) -> Vec<Value<'t>> {
        nodes.map(|node| self.value(node, depth + 1)).collect()
    }

    fn expression(&self, node: NodeRef<'t>, operator: Operator, depth: usize) -> Value<'t> {
        let place = here(node.span());
        let mut operands = node.operands();
        match operator {
            Operator::Template => self.template(node, depth),
            Operator::Interpolation => match operands.next() {
                Some(inner) => self.value(inner, depth + 1),
                None => Value::unknown(place),
            },
            Operator::Conditional => {
                Value::new(place, Shape::OneOf(self.all(operands.skip(1), depth)))
            }
            Operator::Traversal => self.traversal(node, depth),
            Operator::Call => functions::call(self, node, depth),
            Operator::Directive | Operator::Operation | Operator::For => self.opaque(node),
        }
    }

    /// What cannot be known. It remembers the texts in it: they may be parts of a credential.
    pub(super) fn opaque(&self, node: NodeRef<'t>) -> Value<'t> {
        let mut value = Value::unknown(here(node.span()));
        self.collect_texts(node, &mut value.origins);
        value
    }

    fn collect_texts(&self, node: NodeRef<'t>, texts: &mut Vec<Origin>) {
        let mut add = |span: Span| {
            texts.push(Origin {
                used: span,
                place: here(span),
                what: "a text in the expression".to_owned(),
                is_default: false,
            });
        };
        match node.kind() {
            NodeKind::Scalar(Style::Plain) => {}
            NodeKind::Scalar(_) => {
                if let Some(text) = node.text().filter(|text| !text.as_str().is_empty()) {
                    add(text.span());
                }
            }
            NodeKind::List => {
                (node.items()).for_each(|item| self.collect_texts(item, texts));
            }
            NodeKind::Map => {
                (node.entries()).for_each(|(_, value)| self.collect_texts(value, texts));
            }
            NodeKind::Expression(Operator::Traversal) => {
                let mut operands = node.operands();
                if operands.next().is_some_and(|root| root.is("var"))
                    && let Some(name) = operands.next().and_then(NodeRef::str)
                    && let Some((default, _)) = self.module.variable(&name)
                {
                    add(default.span());
                }
            }
            NodeKind::Expression(_) => {
                (node.operands()).for_each(|operand| self.collect_texts(operand, texts));
            }
            NodeKind::Broken => {}
        }
    }

    /// A text of pieces. What is asked for by a directive is not known.
    fn template(&self, node: NodeRef<'t>, depth: usize) -> Value<'t> {
        let pieces: Vec<NodeRef<'t>> = node.operands().collect();
        if let [only] = pieces.as_slice()
            && only.kind() == NodeKind::Expression(Operator::Interpolation)
        {
            // It may be of any type.
            return self.value(*only, depth + 1);
        }
        let mut composed = Composed::default();
        let mut directives = 0_usize;
        for piece in pieces {
            if piece.kind() == NodeKind::Expression(Operator::Directive) {
                let word = piece.source().trim_start_matches(['%', '{', '~', ' ']);
                if word.starts_with("end") {
                    directives = directives.saturating_sub(1);
                } else if !word.starts_with("else") {
                    if directives == 0 {
                        composed.builder.push_gap(piece.span());
                    }
                    directives += 1;
                }
            } else if directives > 0 {
                self.collect_texts(piece, &mut composed.origins);
            } else if let Some(text) = piece.text() {
                composed.builder.append(&text);
            } else {
                composed.push(&self.value(piece, depth + 1), piece.span());
            }
        }
        composed.finish(node.span())
    }

    fn traversal(&self, node: NodeRef<'t>, depth: usize) -> Value<'t> {
        let span = node.span();
        let mut operands = node.operands();
        let Some(root) = operands.next() else {
            return Value::unknown(here(span));
        };
        let steps: Vec<NodeRef<'t>> = operands.collect();
        let NodeKind::Scalar(Style::Plain) = root.kind() else {
            let value = self.value(root, depth + 1);
            return self.stepped(value, &steps, span, depth);
        };
        let root = root.source();
        let iterator = (self.iterators.iter().rev()).find(|(name, _)| name == root);
        let (first, rest) = match steps.split_first() {
            Some((first, rest)) => (first.str().unwrap_or_default(), rest),
            None => return Value::unknown(here(span)),
        };
        if let Some((_, element)) = iterator {
            let value = match first.as_ref() {
                "key" | "index" => &element.key,
                "value" => &element.value,
                _ => return Value::unknown(here(span)),
            };
            let value = self.stepped(value.clone(), rest, span, depth);
            let what = match root {
                "count" => "the number of instances",
                _ => "an element of `for_each`",
            };
            return borrowed(value, span, what, false);
        }
        match root {
            "var" => self.variable(&first, rest, span, depth),
            "local" => match self.module.local(&first) {
                Some(definition) => {
                    let value = self.elsewhere().value(definition, depth + 1);
                    let value = self.stepped(value, rest, span, depth);
                    borrowed(value, span, &format!("local value `{first}`"), false)
                }
                None => Value::unknown(here(span)),
            },
            _ => self.reference(node, root, &steps),
        }
    }

    /// What a variable stands for: its value or its default, as far as that is known.
    fn variable(&self, name: &str, steps: &[NodeRef<'t>], span: Span, depth: usize) -> Value<'t> {
        let known = self.module.variable(name).map(|(definition, what)| {
            let value = self.elsewhere().value(definition, depth + 1);
            (self.stepped(value, steps, span, depth), what)
        });
        let mut value = match known {
            // What is empty says "not set", and is often tested by a condition.
            Some((value, what)) if !is_empty(&value) => borrowed(value, span, &what, true),
            _ => Value::unknown(here(span)),
        };
        let declaration = self.module.declaration(name).filter(|_| steps.is_empty());
        if let Some((label, is_sensitive)) = declaration {
            let parameter = Parameter {
                name: format!("var.{name}"),
                anchor: here(label.span()),
                used: span,
                is_shown: !is_sensitive,
            };
            add_parameter(&mut value, &parameter);
        }
        value.taken_from = steps.is_empty().then(|| format!("var.{name}").into());
        value
    }

    /// What steps behind a value lead to.
    fn stepped(
        &self,
        mut value: Value<'t>,
        steps: &[NodeRef<'t>],
        span: Span,
        depth: usize,
    ) -> Value<'t> {
        for step in steps {
            let name = match step.kind() {
                NodeKind::Expression(_) => {
                    let index = self.value(*step, depth + 1);
                    index.known().map(|text| text.to_owned().into())
                }
                _ => step.str().filter(|name| name != "*"),
            };
            value = match name {
                Some(name) => attribute(value, &name),
                None => Value::unknown(here(span)),
            };
        }
        value
    }

    /// The same, outside of the blocks whose iterators are known here.
    fn elsewhere(&self) -> Evaluator<'m, 't> {
        Evaluator {
            iterators: Vec::new(),
            ..self.clone()
        }
    }

    /// A reference to a resource or a data source: `aws_subnet.a[0].id`.
    fn reference(&self, node: NodeRef<'t>, root: &str, steps: &[NodeRef<'t>]) -> Value<'t> {
        Value {
            taken_from: Some(node.source().into()),
            reference: self.referred(root, steps).map(Box::new),
            ..Value::unknown(here(node.span()))
        }
    }

    fn referred(&self, root: &str, steps: &[NodeRef<'t>]) -> Option<Reference> {
        let (kind, prefix, steps) = match (root, steps.split_first()) {
            ("data", Some((kind, rest))) => (kind.str()?, "data.", rest),
            _ => (root.into(), "", steps),
        };
        let resource = spec::resource(&kind)?;
        // An instance of it, or all of them, and then one attribute.
        let (name, instances, attribute) = match steps {
            [name, attribute] => (name, None, attribute),
            [name, instances, attribute] => (name, Some(instances), attribute),
            _ => return None,
        };
        let is_name = |step: &NodeRef<'_>| {
            let is_plain = step.kind() == NodeKind::Scalar(Style::Plain);
            is_plain
                && step
                    .source()
                    .starts_with(|c: char| c.is_alphabetic() || c == '_')
        };
        if instances.is_some_and(is_name) {
            return None;
        }
        let attribute = attribute.str()?;
        // What the facts do not know of a resource, nothing can be said about.
        resource.yields(&attribute)?;
        let address = format!("{prefix}{kind}.{}", name.str()?);
        let anchor = self.module.definition(&address);
        Some(Reference {
            anchor: anchor.map(|label| here(label.span())),
            address,
            resource,
            attribute: attribute.into_owned(),
            is_made_here: anchor.is_some() && prefix.is_empty(),
            is_list: instances.is_some_and(|step| step.is("*")),
        })
    }
}

impl<'t> Lower<'t> for Evaluator<'_, 't> {
    fn schema(&self) -> Schema {
        Schema::Core
    }

    fn special(&self, node: NodeRef<'t>, depth: usize) -> Option<Value<'t>> {
        let place = here(node.span());
        if !self.budget.spend(1) {
            return Some(Value::unknown(place));
        }
        match node.kind() {
            NodeKind::Expression(operator) => Some(self.expression(node, operator, depth)),
            NodeKind::Scalar(Style::Plain) => (node.literal(Schema::Core) == Literal::Null)
                .then(|| Value::new(place, Shape::Absent)),
            NodeKind::Scalar(Style::Json) => {
                let text = node.text()?;
                let holes = holes(text.as_str());
                if holes.is_empty() {
                    return None;
                }
                let text = with_gaps(text, &holes);
                Some(if text.as_str().chars().eq([GAP]) {
                    Value::unknown(place)
                } else {
                    Value::scalar(place, text, Literal::String)
                })
            }
            NodeKind::Map => {
                let mut map = self.map(node, None, depth);
                for entry in &mut map.entries {
                    settle(&mut entry.value);
                    if matches!(entry.value.shape, Shape::Absent) {
                        // Whether a provider takes null for nothing is its own affair.
                        let place = entry.value.place;
                        let maybe = vec![Value::unknown(place), Value::new(place, Shape::Absent)];
                        entry.value = Value::new(place, Shape::OneOf(maybe));
                    }
                }
                Some(Value::new(place, Shape::Map(map)))
            }
            _ => None,
        }
    }
}

/// The `${…}` in a string of JSON that its escape sequences keep from being read as a template.
fn holes(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = text.get(from..).and_then(|rest| rest.find(['$', '%'])) {
        let start = from + start;
        from = start + 1;
        let rest = text.get(start..).unwrap_or_default();
        if rest.starts_with("$${") || rest.starts_with("%%{") {
            from = start + 3;
        } else if rest.starts_with("${") || rest.starts_with("%{") {
            let Some(end) = end_of_expression(text, start + 2, "}") else {
                break;
            };
            found.push(start..end);
            from = end;
        }
    }
    found
}
