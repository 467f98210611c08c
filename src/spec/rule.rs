//! Rules: declared once, in the family that judges them, with their page beside them.

use std::fmt;

/// How bad a finding is. The order is that of weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Style and advice; shown only when asked for.
    Info,
    /// Risky, or refused in most cases.
    Warning,
    /// AWS documents it, or was seen, to be invalid.
    Error,
}

impl Severity {
    /// The severities, from the lightest.
    pub const ALL: [Severity; 3] = [Severity::Info, Severity::Warning, Severity::Error];

    /// Its name in every output.
    pub const fn name(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }

    /// The severity of that name.
    pub fn from_name(name: &str) -> Option<Severity> {
        (Severity::ALL.into_iter()).find(|severity| severity.name() == name)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A rule. Its one identifier is its name, which names the wrong state.
#[derive(Debug)]
pub struct Rule {
    /// Kebab-case name.
    pub name: &'static str,
    /// How bad its findings usually are; a finding may weigh less where the document's form or
    /// direction makes it so.
    pub severity: Severity,
    /// The version of gluelint that first had it; empty for a rule of a team.
    pub since: &'static str,
    /// The file and line in which a team's policy declares it; empty for a rule of gluelint.
    pub declared: &'static str,
    /// `rules/<name>.md`.
    pub page: Page,
}

impl Rule {
    /// A rule that a team's policy brings, with the place where it is declared and its page.
    ///
    /// It lives as long as the process, as every other rule does, so that findings can speak of it
    /// without asking who owns it. A process reads few configurations, and their rules are short.
    pub fn of_team(name: &str, severity: Severity, declared: &str, page: String) -> &'static Rule {
        Box::leak(Box::new(Rule {
            name: Box::leak(Box::from(name)),
            severity,
            since: "",
            declared: Box::leak(Box::from(declared)),
            page: Page(Box::leak(page.into_boxed_str())),
        }))
    }

    /// Whether a team's policy brought it.
    pub fn is_of_team(&self) -> bool {
        !self.declared.is_empty()
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Rule) -> bool {
        self.name == other.name
    }
}

impl Eq for Rule {}

/// A rule's page, in Markdown.
#[derive(Clone, Copy, Debug)]
pub struct Page(pub &'static str);

impl Page {
    /// The heading: what is wrong, in a few words.
    pub fn title(self) -> &'static str {
        let first = self.0.lines().next().unwrap_or_default();
        first.trim_start_matches('#').trim()
    }

    /// The paragraph under the heading.
    pub fn summary(self) -> &'static str {
        let body = self
            .0
            .split_once('\n')
            .map_or("", |(_, body)| body)
            .trim_start();
        body.split("\n\n").next().unwrap_or_default().trim()
    }

    /// The text under the heading `## <name>`; empty where there is none.
    pub fn section(self, name: &str) -> &'static str {
        let mut in_fence = false;
        let mut found: Option<usize> = None;
        let mut offset = 0;
        for line in self.0.split_inclusive('\n') {
            if line.starts_with("```") {
                in_fence = !in_fence;
            }
            if let Some(heading) = line.strip_prefix("## ").filter(|_| !in_fence) {
                if let Some(start) = found {
                    return self.0.get(start..offset).unwrap_or_default().trim();
                }
                if heading.trim() == name {
                    found = Some(offset + line.len());
                }
            }
            offset += line.len();
        }
        found
            .and_then(|start| self.0.get(start..))
            .unwrap_or_default()
            .trim()
    }

    /// The fenced examples, in the order of the page.
    pub fn examples(self) -> Vec<Example> {
        let mut examples = Vec::new();
        let mut open: Option<(&'static str, usize)> = None;
        let mut offset = 0;
        for (index, line) in self.0.split_inclusive('\n').enumerate() {
            if let Some(info) = line.strip_prefix("```") {
                match open.take() {
                    None => open = Some((info.trim(), offset + line.len())),
                    Some((info, start)) => {
                        let text = self.0.get(start..offset).unwrap_or_default();
                        let mut words = info.split_whitespace();
                        let language = words.next().unwrap_or_default();
                        let role = words.next().unwrap_or_default();
                        let name = words.next().unwrap_or_default();
                        let first_line = index + 1 - text.lines().count();
                        examples.push(Example {
                            language,
                            role,
                            name,
                            text,
                            first_line,
                        });
                    }
                }
            }
            offset += line.len();
        }
        examples
    }
}

/// A fenced example of a page.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// The first word behind the fence: `yaml`, `json`.
    pub language: &'static str,
    /// The second: `bad`, `good`.
    pub role: &'static str,
    /// The third, where the name of the file matters: `gluelint.yaml`.
    pub name: &'static str,
    /// What stands in it, assertions included.
    pub text: &'static str,
    /// 1-based number of its first line on the page.
    pub first_line: usize,
}

/// Declares the rules of a family, and its list of them: `RULES`.
///
/// A rule without its page `rules/<name>.md` does not compile.
macro_rules! rules {
    ($($(#[doc = $doc:literal])* $id:ident = $name:literal, $severity:ident, since $since:literal;)*) => {
        $(
            $(#[doc = $doc])*
            pub static $id: $crate::spec::Rule = $crate::spec::Rule {
                name: $name,
                severity: $crate::spec::Severity::$severity,
                since: $since,
                declared: "",
                page: $crate::spec::Page(include_str!(concat!(
                    env!("CARGO_MANIFEST_DIR"), "/rules/", $name, ".md"
                ))),
            };
        )*
        /// The rules of this family.
        pub static RULES: &[&$crate::spec::Rule] = &[$(&$id,)*];
    };
}
pub(crate) use rules;
