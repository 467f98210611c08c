//! The program and its folder, as the tests of its command line use them.
#![allow(dead_code, reason = "each test takes what it needs")]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A new folder with these files.
pub fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        write(&folder, name, text);
    }
    folder
}

pub fn write(folder: &TempDir, name: &str, bytes: impl AsRef<[u8]>) {
    let path = folder.path().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

pub fn read(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).unwrap()
}

/// The program in a folder, with an environment that holds nothing of the machine's.
pub fn gluelint(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gluelint"));
    command.env_clear().current_dir(folder).stdin(Stdio::null());
    command
}

pub fn run(folder: &Path, arguments: &[&str]) -> Output {
    gluelint(folder).args(arguments).output().unwrap()
}

/// Runs the program with something on its standard input.
pub fn fed(folder: &Path, arguments: &[&str], input: &[u8]) -> Output {
    let mut command = gluelint(folder);
    command.args(arguments).stdin(Stdio::piped());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A program that fails at once, or leaves its input alone, may be gone.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

/// Runs a command whose standard output nobody reads.
pub fn unread(command: &mut Command) -> Output {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    child.wait_with_output().unwrap()
}

pub fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

pub fn stdout(output: &Output) -> String {
    text(&output.stdout).to_owned()
}

pub fn stderr(output: &Output) -> String {
    text(&output.stderr).to_owned()
}
