//! What the command line takes.

use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::baseline::BaselineArguments;
use super::changed::ChangedArguments;
use super::files::STDIN;
use super::outputs::OutputArguments;
use crate::allow::Date;
use crate::spec::Severity;

/// Finds mistakes in AWS Glue connection definitions, offline.
#[derive(Debug, Parser)]
#[command(
    name = "gluelint",
    version = concat!(env!("CARGO_PKG_VERSION"), " (facts of ", env!("GLUELINT_FACTS_DATE"), ")"),
    after_help = EXIT_CODES,
    disable_help_subcommand = true,
    max_term_width = 100
)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  there is no finding at or above --fail-on; with --fix, none is left; with --diff, there is
     nothing to change; with --write-baseline, whatever was found
  1  there is at least one; with --diff, there is something to change
  2  the command line or the configuration is invalid: nothing was checked
  3  an input could not be read, or a fixed file not be written; the others were checked all the same

gluelint never talks to the network and never prints a secret.";

/// The commands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check the connections in files and folders
    Check(CheckArguments),
    /// Explain a rule or a property
    Explain(ExplainArguments),
    /// List the rules, those of the policy in this folder too
    Rules(RulesArguments),
    /// List the forms of documents
    Forms(FormsArguments),
    /// Tell what files are taken for, and why
    Detect(DetectArguments),
    /// Write a configuration to start from, after a look at what is here
    Init(InitArguments),
    /// Show or test the configuration
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Print a document with its secrets masked, to share or to commit it
    Redact(RedactArguments),
    /// Print a JSON Schema
    Schema(SchemaArguments),
    /// Print what makes a shell complete gluelint's arguments
    Completions(CompletionsArguments),
    /// Write the manual pages
    Man(ManArguments),
}

/// The commands about configurations.
#[derive(Debug, Subcommand)]
pub(super) enum ConfigCommand {
    /// Print every setting that holds for a file, and where it comes from
    Show(ShowArguments),
    /// Try each policy on its examples
    Test(TestArguments),
}

#[derive(Debug, Args)]
#[command(
    after_help = EXIT_CODES,
    group = clap::ArgGroup::new("fixing").args(["fix", "diff"]).multiple(true)
)]
pub(super) struct CheckArguments {
    /// Files and folders to check; `-` is standard input
    ///
    /// Folders are searched for JSON, YAML and Terraform files, templates, and files without an
    /// extension; hidden files and those in .gitignore are skipped. A file that is named here is
    /// checked whatever its name. The files of a Terraform module are read together.
    #[arg(value_name = "PATH", default_value = ".")]
    pub(super) paths: Vec<PathBuf>,

    #[command(flatten)]
    pub(super) settings: SettingsArguments,

    /// Leave out files that the configuration excludes, though they are named
    ///
    /// For programs that name the files, as pre-commit does.
    #[arg(long)]
    pub(super) force_exclude: bool,

    #[command(flatten)]
    pub(super) output: OutputArguments,

    /// When to use color
    ///
    /// `auto` depends on the terminal and on the variables NO_COLOR, FORCE_COLOR and
    /// CLICOLOR_FORCE.
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = Color::Auto)]
    pub(super) color: Color,

    /// Also check the files listed in this file, one per line; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub(super) files_from: Option<PathBuf>,

    /// The file name to report for standard input
    #[arg(long, value_name = "NAME")]
    pub(super) stdin_filename: Option<String>,

    /// The number of threads; 0 means automatic
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(super) threads: usize,

    // What has a heading of its own stands last: the heading holds for all that follows.
    #[command(flatten)]
    pub(super) fixes: FixArguments,

    #[command(flatten)]
    pub(super) allowing: AllowArguments,

    #[command(flatten)]
    pub(super) baseline: BaselineArguments,

    #[command(flatten)]
    pub(super) changed: ChangedArguments,
}

impl CheckArguments {
    /// Whether standard output is for a fixed document, and so the report for standard error.
    pub(super) fn is_filter(&self) -> bool {
        self.fixes.fix && self.paths.iter().any(|path| path == Path::new(STDIN))
    }

    /// The name that reports give standard input.
    pub(super) fn stdin_name(&self) -> &str {
        self.stdin_filename.as_deref().unwrap_or("<stdin>")
    }
}

/// What is done about findings.
#[derive(Debug, Args)]
#[command(next_help_heading = "Fixes")]
pub(super) struct FixArguments {
    /// Fix what can be fixed safely, and report the rest
    ///
    /// Comments, layout, quotes, line endings and the encoding stay. Files are replaced as a whole,
    /// with their permissions; only files that were asked for. The fixed text of standard input goes
    /// to standard output, and the report to standard error.
    #[arg(long, conflicts_with = "diff")]
    pub(super) fix: bool,

    /// Also make fixes that may change what the document means
    #[arg(long, requires = "fixing")]
    pub(super) unsafe_fixes: bool,

    /// Show what --fix would change as a unified diff, and change nothing
    ///
    /// Secrets are masked; lines with a secret are left out around changes, so that the diff can be
    /// applied. Exits with 1 if there is anything to change.
    #[arg(long)]
    pub(super) diff: bool,
}

/// Settings, which come before what a configuration says.
#[derive(Debug, Default, Args)]
pub(super) struct SettingsArguments {
    /// Use this configuration for all files
    ///
    /// Without it, each file has the nearest gluelint.yaml or .gluelint.yaml: in its own folder or in
    /// one above, up to the root of the repository. The patterns in FILE are relative to the current
    /// folder.
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub(super) config: Option<PathBuf>,

    /// Use no configuration
    #[arg(long)]
    pub(super) no_config: bool,

    /// Take every document for one of this form, instead of recognizing it
    ///
    /// `gluelint forms` lists the forms.
    #[arg(long, value_name = "NAME")]
    pub(super) form: Option<String>,

    /// Report findings of this severity and above [default: warning]
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub(super) severity: Option<Level>,

    /// Exit with 1 if there is a finding of this severity or above, and report such findings
    /// [default: error]
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub(super) fail_on: Option<FailOn>,
}

/// What is allowed.
#[derive(Debug, Args)]
#[command(next_help_heading = "Suppressions")]
pub(super) struct AllowArguments {
    /// Write a suppression for each finding that is reported, and report the rest
    ///
    /// In YAML and HCL these are comments, `gluelint: allow(rule)`, in JSON templates of CloudFormation
    /// entries of `Metadata`, in Terraform's JSON of `"//"`. What is found in other JSON is allowed in the
    /// nearest configuration, by path and connection.
    #[arg(long, conflicts_with_all = ["fix", "diff", "write_baseline"])]
    pub(super) add_allow: bool,

    /// Why the findings are allowed, in a line
    #[arg(long, value_name = "TEXT", requires = "add_allow")]
    pub(super) reason: Option<String>,

    /// The last day on which they are, in UTC, such as 2027-01-31
    #[arg(long, value_name = "DATE", requires = "add_allow", value_parser = date)]
    pub(super) until: Option<Date>,
}

fn date(text: &str) -> Result<Date, String> {
    Date::parse(text).ok_or_else(|| "a day is written as 2027-01-31".to_owned())
}

#[derive(Debug, Args)]
pub(super) struct ExplainArguments {
    /// A rule, such as port-out-of-range, or a property, such as PORT
    #[arg(value_name = "RULE|PROPERTY")]
    pub(super) name: String,
}

#[derive(Debug, Args)]
pub(super) struct RulesArguments {
    /// The output format
    #[arg(long, short, value_enum, default_value_t = ListFormat::Text)]
    pub(super) format: ListFormat,

    /// Show which rules and examples cover each documented clause instead
    #[arg(long)]
    pub(super) coverage: bool,
}

#[derive(Debug, Args)]
pub(super) struct FormsArguments {
    /// The output format
    #[arg(long, short, value_enum, default_value_t = ListFormat::Text)]
    pub(super) format: ListFormat,
}

#[derive(Debug, Args)]
pub(super) struct DetectArguments {
    /// Files to look at; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    pub(super) files: Vec<PathBuf>,

    /// The output format
    #[arg(long, short, value_enum, default_value_t = PlainFormat::Text)]
    pub(super) format: PlainFormat,
}

#[derive(Debug, Args)]
pub(super) struct ShowArguments {
    /// The file; without it, what holds in the current folder
    #[arg(value_name = "FILE")]
    pub(super) file: Option<PathBuf>,

    #[command(flatten)]
    pub(super) settings: SettingsArguments,

    /// List the levels of all rules, not only those that were set; in JSON they always are
    #[arg(long)]
    pub(super) all: bool,

    /// The output format
    #[arg(long, short, value_enum, default_value_t = PlainFormat::Text)]
    pub(super) format: PlainFormat,
}

#[derive(Debug, Args)]
pub(super) struct TestArguments {
    /// Test this configuration, instead of the nearest one
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct InitArguments {
    /// Overwrite a configuration that is there
    #[arg(long)]
    pub(super) force: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Exit codes:
  0  the document was redacted
  2  the command line is invalid
  3  the document could not be read or written")]
pub(super) struct RedactArguments {
    /// The file to redact; `-` is standard input
    ///
    /// Every other byte stays, and every secret character becomes an `x`, or another character of the
    /// same width. What is a secret is decided as for reports, in documents of any kind; of a document
    /// that cannot be read, all that may be a secret is masked. The document reads as before, and
    /// `gluelint check` does not take the masks for secrets.
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,

    /// Write the document to this file instead of standard output; it may be the same file
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,

    /// Take the document for one of this form, instead of recognizing it
    #[arg(long, value_name = "NAME")]
    pub(super) form: Option<String>,

    /// The file name of standard input, by which its language and its module are known
    #[arg(long, value_name = "NAME")]
    pub(super) stdin_filename: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct SchemaArguments {
    /// What it describes
    #[arg(value_enum, value_name = "OF")]
    pub(super) of: SchemaOf,
}

#[derive(Debug, Args)]
#[command(after_help = COMPLETIONS)]
pub(super) struct CompletionsArguments {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    pub(super) shell: clap_complete::Shell,
}

const COMPLETIONS: &str = "\
Where shells look for it:
  bash        gluelint completions bash > ~/.local/share/bash-completion/completions/gluelint
  zsh         gluelint completions zsh > a folder of $fpath/_gluelint
  fish        gluelint completions fish > ~/.config/fish/completions/gluelint.fish
  powershell  gluelint completions powershell >> $PROFILE
  elvish      gluelint completions elvish >> ~/.config/elvish/rc.elv";

#[derive(Debug, Args)]
pub(super) struct ManArguments {
    /// The folder to write them into, such as ~/.local/share/man/man1
    #[arg(value_name = "FOLDER")]
    pub(super) folder: PathBuf,
}

/// What a JSON Schema describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum SchemaOf {
    /// The report that `check --format json` writes
    Report,
    /// The configuration, gluelint.yaml
    Config,
}

/// The output formats of `forms` and `detect`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum PlainFormat {
    /// Lines for the terminal
    Text,
    /// A JSON document
    Json,
}

/// The output formats of `rules`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ListFormat {
    /// A table for the terminal
    Text,
    /// A JSON document
    Json,
    /// A Markdown table
    Markdown,
}

/// A severity on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Level {
    /// Everything, including advice
    Info,
    /// Errors, and what is risky or usually rejected
    Warning,
    /// Only what is invalid
    Error,
}

impl From<Level> for Severity {
    fn from(level: Level) -> Severity {
        match level {
            Level::Info => Severity::Info,
            Level::Warning => Severity::Warning,
            Level::Error => Severity::Error,
        }
    }
}

/// What makes the exit code 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    /// Any finding
    Info,
    /// Warnings and errors
    Warning,
    /// Errors
    Error,
    /// No finding
    Never,
}

impl FailOn {
    pub(super) fn severity(self) -> Option<Severity> {
        match self {
            FailOn::Info => Some(Severity::Info),
            FailOn::Warning => Some(Severity::Warning),
            FailOn::Error => Some(Severity::Error),
            FailOn::Never => None,
        }
    }
}

/// When to use color.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// If the output is a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}
