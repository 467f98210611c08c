//! Floor 6: the command line. Files, threads, the environment and the terminal are here only.

mod args;
mod atomic;
mod config;
mod explain;
mod files;
mod forms;
mod init;
mod modules;
mod schema;
mod settings;
mod terminal;
mod walk;

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use clap::Parser;
use serde::Serialize;

use crate::lint::{FileReport, Report};
use crate::report::{self, Style};

use args::{Arguments, CheckArguments, Command};
use settings::Configurations;

/// Nothing at or above `--fail-on` was found.
const CLEAN: u8 = 0;
/// Something was found.
const FOUND: u8 = 1;
/// The command line asks for something that there is not, or a configuration cannot be used.
const USAGE: u8 = 2;
/// An input could not be read, or not in full.
const UNREADABLE: u8 = 3;

/// Runs the program on the arguments of the process.
pub fn run() -> ExitCode {
    // clap prints its own errors and exits with 2, and with 0 after `--help`.
    let arguments = Arguments::parse();
    let outcome = match &arguments.command {
        Command::Check(arguments) => check(arguments),
        Command::Explain(arguments) => explain::explain(arguments),
        Command::Rules(arguments) => explain::rules(arguments),
        Command::Forms(arguments) => forms::forms(arguments),
        Command::Detect(arguments) => forms::detect(arguments),
        Command::Init(arguments) => init::init(arguments),
        Command::Config(command) => config::config(command),
        Command::Schema(arguments) => schema::schema(arguments),
    };
    match outcome {
        Ok(code) => ExitCode::from(code),
        Err(Failure::Usage(message)) => {
            eprintln!("error: {message}");
            ExitCode::from(USAGE)
        }
        // Whoever read our output has seen enough.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            ExitCode::from(CLEAN)
        }
        Err(Failure::Output(error)) => {
            eprintln!("error: the report could not be written: {error}");
            ExitCode::from(UNREADABLE)
        }
    }
}

/// Why a command ended early.
enum Failure {
    /// The command line asks for something that there is not.
    Usage(String),
    /// The output could not be written.
    Output(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        Failure::Output(error)
    }
}

fn check(arguments: &CheckArguments) -> Result<u8, Failure> {
    let configurations = Configurations::new(&arguments.settings)?;
    let report = walk::lint_all(arguments, &configurations)?;
    let report = configurations.finish(report);
    let stdout = io::stdout().lock();
    let style = terminal::style(arguments.color, &stdout);
    let mut out = BufWriter::with_capacity(1 << 16, stdout);
    write_report(&report, arguments.format.name(), &style, &mut out)?;
    out.flush()?;
    if report.unusable > 0 {
        eprintln!("error: the configuration cannot be used, so nothing was checked");
    }
    Ok(exit_code(&report))
}

fn write_report(
    report: &Report,
    format: &str,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    match report::RENDERERS
        .iter()
        .find(|renderer| renderer.name == format)
    {
        Some(renderer) => (renderer.render)(report, style, out),
        None => Err(io::Error::other(format!(
            "there is no output format {format}"
        ))),
    }
}

fn exit_code(report: &Report) -> u8 {
    if report.unusable > 0 {
        USAGE
    } else if report.unreadable > 0 {
        UNREADABLE
    } else if report.files.iter().any(FileReport::fails) {
        FOUND
    } else {
        CLEAN
    }
}

fn to_json(value: &impl Serialize) -> Result<String, Failure> {
    let mut text = serde_json::to_string_pretty(value).map_err(io::Error::other)?;
    text.push('\n');
    Ok(text)
}
