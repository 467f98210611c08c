//! Floor 6: the command line. Files, threads, the environment and the terminal are here only.

mod args;
mod atomic;
mod baseline;
mod changed;
mod config;
mod explain;
mod files;
mod fixing;
mod forms;
mod init;
mod modules;
mod outputs;
mod progress;
mod redact;
mod schema;
mod settings;
mod shell;
mod terminal;
mod unused;
mod walk;

use std::io;
use std::process::ExitCode;

use clap::Parser;
use serde::Serialize;

use crate::lint::{FileReport, Report};
use crate::report::plain;

use args::{Arguments, CheckArguments, Command};
use baseline::Known;
use changed::Changed;
use files::{Files, describe};
use outputs::{Outputs, Screen};
use settings::Configurations;
use terminal::remark;

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
        Command::Redact(arguments) => redact::redact(arguments),
        Command::Schema(arguments) => schema::schema(arguments),
        Command::Completions(arguments) => shell::completions(arguments),
        Command::Man(arguments) => shell::man(arguments),
    };
    match outcome {
        Ok(code) => ExitCode::from(code),
        Err(Failure::Usage(message)) => {
            remark!("error: {message}");
            ExitCode::from(USAGE)
        }
        // Whoever read our output has seen enough.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            ExitCode::from(CLEAN)
        }
        Err(Failure::Output(error)) => {
            remark!(
                "error: the report could not be written: {}",
                describe(&error)
            );
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
    let known = Known::read(&arguments.baseline)?;
    let written = Files::default();
    let configurations = Configurations::new(&arguments.settings, &written)?;
    let baseline = arguments.baseline.write_baseline.as_deref();
    let has_screen = !arguments.fixes.diff && baseline.is_none();
    let screen = match arguments.is_filter() {
        _ if !has_screen => Screen::Taken,
        true => Screen::Stderr,
        false => Screen::Stdout,
    };
    let form = configurations.form();
    let outputs = Outputs::new(&arguments.output, arguments.color, screen, form)?;
    outputs.spare(&arguments.paths, baseline)?;
    let lint = |files: &Files| {
        let mut configurations = Configurations::new(&arguments.settings, files)?;
        if known.is_some() {
            // An entry that is not found must not be one that was not looked for.
            configurations.judge_all();
        }
        let report = walk::lint_all(arguments, &configurations, files)?;
        let mut report = configurations.finish(report);
        unused::tell(&mut report, arguments, &configurations, files);
        if let Some(known) = known.as_ref().filter(|_| report.unusable == 0) {
            known.apply(&mut report, &mut configurations.scout());
        }
        Ok(report)
    };
    let files = Files::only(Changed::ask(&arguments.changed)?);
    let fixing::Outcome {
        report,
        failed,
        differs,
        summary,
    } = fixing::run(arguments, files, &lint, &configurations)?;
    if let Some(path) = baseline.filter(|_| report.unusable == 0) {
        baseline::write(path, &report)?;
    }
    if !has_screen {
        for file in report.files.iter().filter(|file| file.unreadable) {
            let name = plain(file.name());
            remark!("error: {name} could not be read, or not in full");
        }
        if report.unusable > 0 {
            config::refuse(&report, arguments.color, &mut io::stderr().lock())?;
        }
    }
    match outputs.write(&report) {
        // Whoever reads it has seen enough; what was found was found all the same.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => {}
        written => written?,
    }
    if let Some(summary) = summary.filter(|_| !outputs.is_quiet()) {
        remark!("{summary}");
    }
    if report.unusable > 0 {
        remark!("error: the configuration cannot be used, so nothing was checked");
    }
    Ok(match exit_code(&report) {
        _ if failed => UNREADABLE,
        FOUND if baseline.is_some() => CLEAN,
        CLEAN | FOUND if arguments.fixes.diff => u8::from(differs) * FOUND,
        code => code,
    })
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
