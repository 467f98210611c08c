//! Where tasks stand, and how they call a module.

use std::ops::ControlFlow;

use crate::syntax::{Literal, NodeKind, NodeRef, Schema};

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

/// A play, a block or a task.
pub(super) struct Item<'w, 't> {
    pub(super) node: NodeRef<'t>,
    /// Where it stands in its document: `[0].tasks[1]`.
    pub(super) path: String,
    /// The plays and blocks around it, the outermost first, and itself.
    pub(super) around: &'w [NodeRef<'t>],
}

/// Hands over the plays, blocks and tasks of a document.
pub(super) fn walk<'t>(
    document: NodeRef<'t>,
    each: &mut dyn FnMut(&Item<'_, 't>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    Walk {
        each,
        around: Vec::new(),
    }
    .items(document, "")
}

struct Walk<'w, 't> {
    each: &'w mut dyn FnMut(&Item<'_, 't>) -> ControlFlow<()>,
    around: Vec<NodeRef<'t>>,
}

impl<'t> Walk<'_, 't> {
    fn items(&mut self, list: NodeRef<'t>, path: &str) -> ControlFlow<()> {
        for (index, node) in list.items().enumerate() {
            self.around.push(node);
            let flow = self.item(node, format!("{path}[{index}]"));
            self.around.pop();
            flow?;
        }
        ControlFlow::Continue(())
    }

    fn item(&mut self, node: NodeRef<'t>, path: String) -> ControlFlow<()> {
        let item = Item {
            node,
            path,
            around: &self.around,
        };
        (self.each)(&item)?;
        let path = item.path;
        for (key, value) in node.entries() {
            let Some(name) = key.str() else { continue };
            if value.kind() == NodeKind::List && TASKS.contains(&name.as_ref()) {
                self.items(value, &format!("{path}.{name}"))?;
            }
        }
        ControlFlow::Continue(())
    }
}

/// The names of the module, and whether the name alone says that it is the module.
const MODULES: &[(&str, bool)] = &[
    ("community.aws.glue_connection", true),
    ("community.aws.aws_glue_connection", true),
    ("aws_glue_connection", false),
    ("glue_connection", false),
];

/// Whether that is a name of the module.
pub(super) fn is_module(name: &str) -> bool {
    MODULES.iter().any(|(module, _)| *module == name)
}

/// The keys of a task whose value names the module.
const ACTIONS: &[&str] = &["action", "local_action"];

/// A call of the module in a task.
pub(super) struct Call<'t> {
    /// What names the module.
    pub(super) module: NodeRef<'t>,
    /// The parameters that are written as a map; where one is written twice, the one in force.
    pub(super) arguments: Vec<(NodeRef<'t>, NodeRef<'t>)>,
    /// Whether there may be more that cannot be seen.
    pub(super) is_open: bool,
}

impl<'t> Call<'t> {
    /// The call in a task, if it is one of the module whose parameters can be seen.
    pub(super) fn of(task: NodeRef<'t>) -> Option<Call<'t>> {
        task.entries().find_map(|(key, value)| {
            let name = key.str()?;
            if is_module(&name) {
                let is_text = value.literal(Schema::Yaml11) != Literal::Null;
                let free = value.str().filter(|_| is_text).unwrap_or_default();
                return Call::with(task, key, &name, value, &free);
            }
            if !ACTIONS.contains(&name.as_ref()) {
                return None;
            }
            let module = match value.kind() {
                NodeKind::Map => value.get("module")?,
                _ => value,
            };
            let text = module.str()?;
            let (name, free) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
            Call::with(task, module, name, value, free)
        })
    }

    /// * `inline`: what stands behind the module's name; only a map can be read.
    /// * `free`: parameters as a text, `name=orders state=present`, which is not read.
    fn with(
        task: NodeRef<'t>,
        module: NodeRef<'t>,
        name: &str,
        inline: NodeRef<'t>,
        free: &str,
    ) -> Option<Call<'t>> {
        let (_, is_certain) = MODULES.iter().find(|(module, _)| *module == name)?;
        let beside = task.get("args");
        // What stands inline is in force over what stands beside it.
        let mut arguments: Vec<(NodeRef<'t>, NodeRef<'t>)> = (inline.entries())
            .filter(|(key, value)| !(key.is("module") && value.span() == module.span()))
            .collect();
        for (key, value) in beside.into_iter().flat_map(NodeRef::entries) {
            let parameter = key.str().unwrap_or_default();
            let is_inline = arguments.iter().any(|(known, _)| known.is(&parameter))
                || free.contains(&format!("{parameter}="));
            if !is_inline {
                arguments.push((key, value));
            }
        }
        let call = Call {
            module,
            arguments,
            is_open: !free.is_empty() || beside.is_some_and(|it| it.kind() != NodeKind::Map),
        };
        let has = |parameter| call.argument(parameter).is_some();
        let is_it = *is_certain || has("name") || has("connection_properties") || has("state");
        // A text may say that the connection is to be removed.
        (is_it && !call.arguments.is_empty() && !free.contains("state=")).then_some(call)
    }

    /// The value of a parameter.
    pub(super) fn argument(&self, parameter: &str) -> Option<NodeRef<'t>> {
        let mut arguments = self.arguments.iter().rev();
        let (_, value) = arguments.find(|(key, _)| key.is(parameter))?;
        Some(*value)
    }
}
