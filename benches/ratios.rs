//! Whole processes, side by side with a peer in one run. The machine is noisy, so what counts is
//! the ratio of medians. `cargo bench` prints the table; nothing fails by being slow.
//!
//! `rg` is measured where it is installed.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let peers = build_peers();
    let gluelint = PathBuf::from(env!("CARGO_BIN_EXE_gluelint"));
    println!("{:44} {:>10} {:>10} {:>7}", "", "gluelint", "peer", "ratio");

    let template = folder.path().join("template.yaml");
    fs::write(&template, one_template()).expect("a file");
    compare(
        "one template / clap that does nothing",
        101,
        Command::new(&gluelint).arg("check").arg(&template),
        Command::new(peers.join("peer_hello")).arg(&template),
    );

    let big = folder.path().join("big.json");
    fs::write(&big, many_connections(20_000)).expect("a file");
    compare(
        "20,000 connections in JSON / serde_json::Value",
        15,
        Command::new(&gluelint).arg("check").arg(&big),
        Command::new(peers.join("peer_value")).arg(&big),
    );

    let findings = folder.path().join("findings.json");
    fs::write(&findings, many_findings(10_000)).expect("a file");
    compare(
        "10,000 findings in full / concise",
        9,
        Command::new(&gluelint).arg("check").arg(&findings),
        Command::new(&gluelint)
            .args(["check", "-f", "concise"])
            .arg(&findings),
    );

    if Command::new("rg")
        .arg("--version")
        .stdout(Stdio::null())
        .status()
        .is_ok()
    {
        let tree = folder.path().join("tree");
        make_tree(&tree, 100_000);
        compare(
            "100,000 files, 1% relevant / rg -l",
            5,
            Command::new(&gluelint).arg("check").arg(&tree),
            Command::new("rg")
                .args(["-l", "AWS::Glue::Connection"])
                .arg(&tree),
        );
    }
}

/// Builds the peers with the profile of the benchmark and yields their folder.
fn build_peers() -> PathBuf {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let status = Command::new(cargo)
        .args(["build", "--release", "--quiet", "--examples"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()
        .expect("cargo runs");
    assert!(status.success(), "the peers are built");
    let binary = PathBuf::from(env!("CARGO_BIN_EXE_gluelint"));
    binary.with_file_name("examples")
}

/// Runs the two in turn and prints the medians of their times.
fn compare(name: &str, runs: usize, ours: &mut Command, peer: &mut Command) {
    let mut times: [Vec<Duration>; 2] = [Vec::new(), Vec::new()];
    for run in 0..runs + 2 {
        for (times, command) in times.iter_mut().zip([&mut *ours, &mut *peer]) {
            let start = Instant::now();
            command
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .expect("the program runs");
            // The first two runs warm the caches.
            if run >= 2 {
                times.push(start.elapsed());
            }
        }
    }
    let [ours, peer] = times.map(|mut times| {
        times.sort();
        times
            .get(times.len() / 2)
            .copied()
            .unwrap_or_default()
            .as_secs_f64()
            * 1000.0
    });
    println!("{name:44} {ours:>8.2}ms {peer:>8.2}ms {:>7.2}", ours / peer);
}

/// About 60 lines of CloudFormation with one connection, in order.
fn one_template() -> String {
    let mut text = String::from("AWSTemplateFormatVersion: \"2010-09-09\"\nResources:\n");
    for index in 0..7 {
        let _ = write!(
            text,
            "  Bucket{index}:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketName: !Sub \"data-{index}-${{AWS::AccountId}}\"\n      \
             Tags:\n        - Key: team\n          Value: data\n"
        );
    }
    text.push_str(
        "  Orders:\n    Type: AWS::Glue::Connection\n    Properties:\n      CatalogId: !Ref AWS::AccountId\n      \
         ConnectionInput:\n        Name: orders\n        ConnectionType: JDBC\n        ConnectionProperties:\n          \
         JDBC_CONNECTION_URL: !Sub \"jdbc:mysql://${Db.Endpoint.Address}:3306/orders\"\n          JDBC_ENFORCE_SSL: \"true\"\n          \
         SECRET_ID: !Ref Secret\n",
    );
    text
}

fn connection(index: usize, port: &str) -> String {
    format!(
        "    {{\n      \"Name\": \"orders-{index}\",\n      \"ConnectionType\": \"JDBC\",\n      \"MatchCriteria\": [],\n      \
         \"ConnectionProperties\": {{\n        \"JDBC_CONNECTION_URL\": \"jdbc:postgresql://db-{index}.example.org:{port}/orders\",\n        \
         \"JDBC_ENFORCE_SSL\": \"true\",\n        \"SECRET_ID\": \"orders/etl-{index}\"\n      }},\n      \
         \"PhysicalConnectionRequirements\": {{\n        \"SubnetId\": \"subnet-0a1b2c3d4e5f60718\",\n        \
         \"SecurityGroupIdList\": [\"sg-0a1b2c3d4e5f60718\"],\n        \"AvailabilityZone\": \"eu-west-1a\"\n      }},\n      \
         \"CreationTime\": \"2026-05-01T08:00:00+00:00\"\n    }}"
    )
}

fn many_connections(count: usize) -> String {
    let list: Vec<String> = (0..count).map(|index| connection(index, "5432")).collect();
    format!(
        "{{\n  \"ConnectionList\": [\n{}\n  ]\n}}\n",
        list.join(",\n")
    )
}

fn many_findings(count: usize) -> String {
    let list: Vec<String> = (0..count).map(|index| connection(index, "99999")).collect();
    format!(
        "{{\n  \"ConnectionList\": [\n{}\n  ]\n}}\n",
        list.join(",\n")
    )
}

/// A repository of many files, of which one in a hundred has a connection.
fn make_tree(root: &Path, files: usize) {
    let filler = "kind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: 3\n".repeat(20);
    for index in 0..files {
        let folder = root.join(format!("{}/{}", index % 40, index % 1000));
        fs::create_dir_all(&folder).expect("a folder");
        let text = if index % 100 == 0 {
            one_template()
        } else {
            filler.clone()
        };
        fs::write(folder.join(format!("{index}.yaml")), text).expect("a file");
    }
}
