//! The floors of the house: who may import whom. See `ARCHITECTURE.md`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Each part with its floor and the neighbours it may import all the same.
const FLOORS: &[(&str, u8, &[&str])] = &[
    ("text", 0, &[]),
    ("syntax", 1, &[]),
    ("spec", 1, &[]),
    ("form", 2, &[]),
    ("diag", 3, &[]),
    ("check", 3, &["diag"]),
    ("allow", 4, &[]),
    ("config", 4, &["allow"]),
    ("lint", 4, &["allow", "config"]),
    ("detect", 4, &[]),
    ("report", 5, &[]),
    ("coverage", 5, &[]),
    ("fix", 5, &[]),
    ("baseline", 5, &[]),
    ("cli", 6, &[]),
];

fn sources(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

fn all_sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    sources(&root, &mut paths);
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let name = path
                .strip_prefix(&root)
                .unwrap()
                .to_string_lossy()
                .replace('\\', "/");
            (name, fs::read_to_string(&path).unwrap())
        })
        .collect()
}

/// The part that a file belongs to: `check` for `check/jdbc.rs`, `lint` for `lint.rs`.
fn part(name: &str) -> &str {
    name.split('/').next().unwrap().trim_end_matches(".rs")
}

#[test]
fn a_floor_imports_only_the_floors_below() {
    let floors: BTreeMap<&str, (u8, &[&str])> = FLOORS
        .iter()
        .map(|(name, floor, neighbours)| (*name, (*floor, *neighbours)))
        .collect();
    for (name, text) in all_sources() {
        let own = part(&name);
        if matches!(own, "lib" | "main") {
            continue;
        }
        let (floor, neighbours) = floors[own];
        // What a macro writes elsewhere is judged there.
        for (at, _) in text.match_indices("crate::") {
            if text[..at].ends_with('$') {
                continue;
            }
            let import: String = text[at + 7..]
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            let Some((other, _)) = floors.get(import.as_str()) else {
                panic!("src/{name}: crate::{import} has no floor");
            };
            assert!(
                import == own || *other < floor || neighbours.contains(&import.as_str()),
                "src/{name}: floor {floor} imports crate::{import} of floor {other}"
            );
        }
    }
}

#[test]
fn each_parser_has_one_importer() {
    for (package, only) in [
        ("granit_parser", "syntax/yaml.rs"),
        ("clap", "cli/"),
        ("ignore", "cli/walk.rs"),
        ("miette", "report/"),
    ] {
        let import = format!("{package}::");
        for (name, text) in all_sources() {
            assert!(
                name.starts_with(only) || !text.contains(&import),
                "src/{name} imports {package}, which is the business of {only}"
            );
        }
    }
}

#[test]
fn the_library_touches_nothing_outside() {
    for (name, text) in all_sources() {
        if name.starts_with("cli/") {
            continue;
        }
        for word in [
            "std::fs",
            "std::net::Tcp",
            "std::net::Udp",
            "std::net::ToSocketAddrs",
            "std::env",
            "std::thread",
            "std::time",
            "std::process",
        ] {
            let used = text
                .lines()
                .any(|line| line.contains(word) && !line.trim_start().starts_with("//"));
            assert!(!used || name == "main.rs", "src/{name} uses {word}");
        }
    }
}

#[test]
fn no_part_talks_to_the_network() {
    for (name, text) in all_sources() {
        for word in [
            "TcpStream",
            "UdpSocket",
            "TcpListener",
            "ToSocketAddrs",
            "reqwest",
            "ureq",
        ] {
            assert!(!text.contains(word), "src/{name} names {word}");
        }
    }
}
