//! Floor 6: the command line. Files, threads, the environment and the terminal are here only.

mod args;
mod atomic;
mod explain;
mod files;
mod fixing;
mod forms;
mod modules;
mod outputs;
mod progress;
mod schema;
mod shell;
mod terminal;
mod walk;

use std::io;
use std::process::ExitCode;

use clap::Parser;

use crate::lint::{Options, Report};
use crate::report;
use crate::spec::Severity;

use args::{Arguments, CheckArguments, Command, FixArguments};
use files::Files;
use outputs::{Outputs, Screen};

/// Nothing at or above `--fail-on` was found.
const CLEAN: u8 = 0;
/// Something was found.
const FOUND: u8 = 1;
/// The command line asks for something that there is not.
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
        Command::Schema(arguments) => schema::schema(arguments),
        Command::Completions(arguments) => shell::completions(arguments),
        Command::Man(arguments) => shell::man(arguments),
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
    let fail_on = arguments.fail_on.severity();
    let shown = Severity::from(arguments.severity);
    let options = Options {
        // What makes the exit code 1 is shown, whatever else is.
        least: fail_on.map_or(shown, |fail_on| fail_on.min(shown)),
        named: false,
        form: arguments.form.as_deref().map(forms::named).transpose()?,
    };
    let screen = match &arguments.fixes {
        FixArguments { diff: true, .. } => Screen::Taken,
        _ if arguments.is_filter() => Screen::Stderr,
        _ => Screen::Stdout,
    };
    let outputs = Outputs::new(&arguments.output, arguments.color, screen, options.form)?;
    let lint = |files: &Files| walk::lint_all(arguments, &options, files);
    let fixing::Outcome {
        report,
        failed,
        differs,
        summary,
    } = fixing::run(arguments, &lint)?;
    if arguments.fixes.diff {
        for file in report.files.iter().filter(|file| file.unreadable) {
            let name = report::plain(file.name());
            eprintln!("error: {name} could not be read, or not in full");
        }
    }
    outputs.write(&report)?;
    if let Some(summary) = summary {
        eprintln!("{summary}");
    }
    Ok(match exit_code(&report, fail_on) {
        _ if failed => UNREADABLE,
        CLEAN | FOUND if arguments.fixes.diff => u8::from(differs) * FOUND,
        code => code,
    })
}

fn exit_code(report: &Report, fail_on: Option<Severity>) -> u8 {
    if report.unreadable > 0 {
        return UNREADABLE;
    }
    let fails = fail_on.is_some_and(|least| {
        report
            .findings()
            .any(|(_, finding)| finding.severity >= least)
    });
    if fails { FOUND } else { CLEAN }
}
