//! What the command line takes.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::outputs::OutputArguments;
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
  0  there is no finding at or above --fail-on
  1  there is at least one
  2  the command line is invalid
  3  an input could not be read; the others were checked all the same

gluelint never talks to the network and never prints a secret.";

/// The commands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check the connections in files and folders
    Check(CheckArguments),
    /// Explain a rule or a property
    Explain(ExplainArguments),
    /// List the rules
    Rules(RulesArguments),
    /// List the forms of documents
    Forms(FormsArguments),
    /// Tell what files are taken for, and why
    Detect(DetectArguments),
    /// Print a JSON Schema
    Schema(SchemaArguments),
}

#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(super) struct CheckArguments {
    /// Files and folders to check; `-` is standard input
    ///
    /// Folders are searched for JSON, YAML and Terraform files, templates, and files without an
    /// extension; hidden files and those in .gitignore are skipped. A file that is named here is
    /// checked whatever its name. The files of a Terraform module are read together.
    #[arg(value_name = "PATH", default_value = ".")]
    pub(super) paths: Vec<PathBuf>,

    /// Take every document for one of this form, instead of recognizing it
    ///
    /// `gluelint forms` lists the forms.
    #[arg(long, value_name = "NAME")]
    pub(super) form: Option<String>,

    #[command(flatten)]
    pub(super) output: OutputArguments,

    /// Report findings of this severity and above
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t = Level::Warning)]
    pub(super) severity: Level,

    /// Exit with 1 if there is a finding of this severity or above, and report such findings
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t = FailOn::Error)]
    pub(super) fail_on: FailOn,

    /// When to use color
    ///
    /// `auto` depends on the terminal and on the variables NO_COLOR and FORCE_COLOR.
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
pub(super) struct SchemaArguments {
    /// What it describes
    #[arg(value_enum, value_name = "OF")]
    pub(super) of: SchemaOf,
}

/// What a JSON Schema describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum SchemaOf {
    /// The report that `check --format json` writes
    Report,
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
