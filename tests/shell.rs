//! Completions and manual pages, as shells and `man` take them.

mod program;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn gluelint(arguments: &[&str]) -> Output {
    program::run(Path::new("."), arguments)
}

/// What bash offers for the last of the words.
fn offered(script: &str, words: &[&str]) -> Option<Vec<String>> {
    let ask = format!(
        "{script}\nCOMP_WORDS=({}); COMP_CWORD={}; _gluelint gluelint '{}' '{}'; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        words.join(" "),
        words.len() - 1,
        words.last().unwrap(),
        words.get(words.len().checked_sub(2)?)?,
    );
    // Not every machine has the shell.
    let output = Command::new("bash")
        .args(["--norc", "-c", &ask])
        .output()
        .ok()?;
    assert!(
        output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let offers = String::from_utf8(output.stdout).unwrap();
    Some(offers.lines().map(str::to_owned).collect())
}

#[test]
fn bash_completes_commands_options_and_values() {
    let script = gluelint(&["completions", "bash"]);
    assert!(script.status.success() && script.stderr.is_empty());
    let script = String::from_utf8(script.stdout).unwrap();
    for (words, expected) in [
        (&["gluelint", "exp"][..], "explain"),
        (&["gluelint", "check", "--stat"], "--statistics"),
        (&["gluelint", "check", "--format", "gith"], "github"),
        (&["gluelint", "schema", "rep"], "report"),
    ] {
        let Some(offers) = offered(&script, words) else {
            return;
        };
        assert_eq!(offers, [expected], "{words:?}");
    }
}

#[test]
fn every_shell_has_a_script_that_it_can_read() {
    for (shell, check) in [
        ("bash", Some("-n")),
        ("zsh", Some("-n")),
        ("fish", Some("-n")),
        ("powershell", None),
        ("elvish", None),
    ] {
        let script = gluelint(&["completions", shell]);
        assert!(script.status.success(), "{shell}");
        assert!(script.stdout.len() > 1000, "{shell}");
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("script");
        fs::write(&file, &script.stdout).unwrap();
        let read = check.map(|check| Command::new(shell).arg(check).arg(&file).output());
        if let Some(Ok(read)) = read {
            assert!(read.status.success(), "{shell}: {read:?}");
        }
    }
    assert_eq!(gluelint(&["completions", "tcsh"]).status.code(), Some(2));
}

#[test]
fn every_command_has_a_manual_page() {
    let folder = tempfile::tempdir().unwrap();
    let name = folder.path().to_str().unwrap();
    let output = gluelint(&["man", name]);
    assert!(output.status.success() && output.stdout.is_empty());
    for page in [
        "gluelint",
        "gluelint-check",
        "gluelint-explain",
        "gluelint-man",
    ] {
        let text = fs::read_to_string(folder.path().join(format!("{page}.1"))).unwrap();
        assert!(text.contains(".SH NAME") && text.contains(&page.replace('-', "\\-")));
    }
    let missing = format!("{name}/none");
    let output = gluelint(&["man", &missing]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("there is no folder")
    );
}
