//! `gluelint completions` and `gluelint man`: the command line, as shells and `man` take it.

use std::io::{self, Write};

use clap::CommandFactory;

use super::args::{Arguments, CompletionsArguments, ManArguments};
use super::files::describe;
use super::{CLEAN, Failure};

/// Prints the completions for a shell.
pub(super) fn completions(arguments: &CompletionsArguments) -> Result<u8, Failure> {
    // The generator takes a closed pipe for a reason to panic.
    let mut script = Vec::new();
    let mut command = Arguments::command();
    clap_complete::generate(arguments.shell, &mut command, "gluelint", &mut script);
    io::stdout().lock().write_all(&script)?;
    Ok(CLEAN)
}

/// Writes a manual page for the program and for each command.
pub(super) fn man(arguments: &ManArguments) -> Result<u8, Failure> {
    let folder = &arguments.folder;
    if !folder.is_dir() {
        return Err(Failure::Usage(format!(
            "there is no folder {}",
            folder.display()
        )));
    }
    clap_mangen::generate_to(Arguments::command(), folder).map_err(|error| {
        let why = format!("{}: {}", folder.display(), describe(&error));
        Failure::Output(io::Error::other(why))
    })?;
    Ok(CLEAN)
}
