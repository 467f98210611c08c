//! The program, as the tests of its command line run it.

use std::path::Path;
use std::process::{Command, Output, Stdio};

/// The program in a folder, with an environment that holds nothing of the machine's.
pub fn gluelint(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gluelint"));
    command.env_clear().current_dir(folder).stdin(Stdio::null());
    command
}

pub fn run(folder: &Path, arguments: &[&str]) -> Output {
    gluelint(folder).args(arguments).output().unwrap()
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}
