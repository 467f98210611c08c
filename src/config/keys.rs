//! The settings: one table, from which the reader, the JSON Schema and the documentation follow.

/// A key of a configuration.
#[derive(Debug)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What it is for.
    pub about: &'static str,
    /// What its value looks like.
    pub kind: Kind,
    /// Whether it must be there.
    pub required: bool,
}

/// What a value looks like.
#[derive(Debug)]
pub enum Kind {
    /// Any text but an empty one.
    Text,
    /// The name of a policy: `team/kebab-case`.
    PolicyName,
    /// One of these words.
    Word(&'static [&'static str]),
    /// The name of a form.
    Form,
    /// A pattern of paths.
    Pattern,
    /// A regular expression.
    Regex,
    /// The name of a connection type.
    Type,
    /// The name of a key of `ConnectionProperties` or of a member of the connection.
    Property,
    /// A host, or many.
    Host,
    /// A port, or a range of them.
    Port,
    /// A day of the calendar.
    Day,
    /// A document, or a connection that is written out.
    Example,
    /// A list of such values; one of them may stand there without the list.
    Several(&'static Kind),
    /// A list of maps.
    List(&'static [Key]),
    /// A map.
    Map(&'static [Key]),
    /// A map from the names of rules to their levels.
    Levels,
}

const SEVERITIES: &[&str] = &["info", "warning", "error"];

/// The levels of a rule.
pub const LEVELS: &[&str] = &["off", "info", "warning", "error"];

const fn key(name: &'static str, kind: Kind, about: &'static str) -> Key {
    Key {
        name,
        about,
        kind,
        required: false,
    }
}

const fn required(name: &'static str, kind: Kind, about: &'static str) -> Key {
    Key {
        name,
        about,
        kind,
        required: true,
    }
}

const RULES: Key = key(
    "rules",
    Kind::Levels,
    "The level of each rule: `off`, `info`, `warning` or `error`. It holds for all findings of the \
     rule. `gluelint rules` lists the rules.",
);

const FORM: Key = key(
    "form",
    Kind::Form,
    "The form that documents are taken for, instead of recognizing it. `gluelint forms` lists the \
     forms.",
);

const ALLOW_KEY: Key = key(
    "allow",
    Kind::List(ALLOW),
    "Findings to allow, for documents that have no comments. What is allowed is not reported, but \
     counted.",
);

const ALLOW: &[Key] = &[
    required(
        "rule",
        Kind::Several(&Kind::Text),
        "The rules whose findings are allowed.",
    ),
    key(
        "connection",
        Kind::Text,
        "The connection that they are about, as findings call it. The default is any.",
    ),
    key(
        "path",
        Kind::Text,
        "The logical path that they are about, or some of its parts: `PORT`, \
         `ConnectionProperties.PORT`. The default is any.",
    ),
    key(
        "until",
        Kind::Day,
        "The last day on which they are allowed, in UTC.",
    ),
    key("reason", Kind::Text, "Why they are."),
];

/// The keys of a configuration.
pub const KEYS: &[Key] = &[
    key(
        "extends",
        Kind::Several(&Kind::Text),
        "Configurations to build on, relative to this file. Where they say otherwise, this file \
         wins.",
    ),
    key(
        "severity",
        Kind::Word(SEVERITIES),
        "Report findings of this severity and above. The default is `warning`.",
    ),
    key(
        "fail-on",
        Kind::Word(&["info", "warning", "error", "never"]),
        "Exit with 1 if there is a finding of this severity or above. The default is `error`.",
    ),
    key(
        "include",
        Kind::Several(&Kind::Pattern),
        "The files to check in folders, in place of all that end like documents: patterns as in \
         `.gitignore`, relative to this file.",
    ),
    key(
        "exclude",
        Kind::Several(&Kind::Pattern),
        "Files and folders to leave out: patterns as in `.gitignore`, relative to this file. What is \
         named on the command line is checked all the same, unless `--force-exclude` is given.",
    ),
    FORM,
    RULES,
    ALLOW_KEY,
    key(
        "reasons",
        Kind::Word(&["optional", "required"]),
        "Whether each suppression in a document has to say why. The default is `optional`.",
    ),
    key(
        "types",
        Kind::Several(&Kind::Text),
        "Connection types to accept, though AWS's list lacks them.",
    ),
    key(
        "properties",
        Kind::Several(&Kind::Text),
        "Keys of `ConnectionProperties` to accept, though AWS's list lacks them.",
    ),
    key(
        "overrides",
        Kind::List(OVERRIDE),
        "Settings for some of the files. Where several fit a file, the last one wins.",
    ),
    key(
        "policy",
        Kind::List(POLICY),
        "Rules of your own: what connections have to be like here.",
    ),
];

const OVERRIDE: &[Key] = &[
    required(
        "paths",
        Kind::Several(&Kind::Pattern),
        "The files: patterns as in `.gitignore`, relative to this file.",
    ),
    FORM,
    RULES,
    ALLOW_KEY,
];

const POLICY: &[Key] = &[
    required(
        "name",
        Kind::PolicyName,
        "The rule's name, `team/what-is-wrong`: it is shown with each finding, and `rules` takes it.",
    ),
    key(
        "level",
        Kind::Word(LEVELS),
        "How bad it is. The default is `error`.",
    ),
    required(
        "message",
        Kind::Text,
        "What is wrong and why, as findings say it.",
    ),
    key("help", Kind::Text, "What to do about it."),
    key(
        "types",
        Kind::Several(&Kind::Type),
        "The connection types that it is about. The default is all.",
    ),
    key(
        "require",
        Kind::Several(&Kind::Property),
        "What must be there: keys of `ConnectionProperties`, or members of the connection, such as \
         `Description`.",
    ),
    key(
        "forbid",
        Kind::Several(&Kind::Property),
        "What must not be there.",
    ),
    key(
        "property",
        Kind::Property,
        "The key or member of which `values` and `pattern` speak.",
    ),
    key(
        "values",
        Kind::Several(&Kind::Text),
        "The values that `property` may have.",
    ),
    key(
        "pattern",
        Kind::Regex,
        "A regular expression that must match in the value of `property`. `^` and `$` stand for its \
         ends.",
    ),
    key(
        "hosts",
        Kind::Several(&Kind::Host),
        "The hosts that JDBC URLs, MongoDB URLs, `HOST` and lists of brokers may name: \
         `db.example.org`, `*.example.org`, `10.0.0.0/8`.",
    ),
    key(
        "ports",
        Kind::Several(&Kind::Port),
        "The ports that they may name: `5432`, `9092-9098`.",
    ),
    key(
        "subnets",
        Kind::Several(&Kind::Text),
        "The IDs of subnets that a connection may stand in.",
    ),
    key(
        "secret-prefixes",
        Kind::Several(&Kind::Text),
        "What the names of secrets in AWS Secrets Manager may begin with.",
    ),
    key(
        "examples",
        Kind::Map(EXAMPLES),
        "Connections that `gluelint config test` tries the rule on.",
    ),
];

const EXAMPLES: &[Key] = &[
    key(
        "good",
        Kind::Several(&Kind::Example),
        "Connections that it accepts.",
    ),
    key(
        "bad",
        Kind::Several(&Kind::Example),
        "Connections that it reports.",
    ),
];

/// The keys of a policy that ask for something, of which there must be one.
pub const DEMANDS: &[&str] = &[
    "require",
    "forbid",
    "property",
    "hosts",
    "ports",
    "subnets",
    "secret-prefixes",
];
