//! The command line as a user meets it.

mod program;

use std::fs;
use std::path::Path;

use program::{fed, folder, gluelint, run, stderr, stdout, unread};

const GOOD: &str = "Name: orders\nConnectionType: JDBC\nConnectionProperties:\n  JDBC_CONNECTION_URL: \
                    jdbc:postgresql://db.example.org:5432/orders\n  JDBC_ENFORCE_SSL: \"true\"\n  \
                    SECRET_ID: orders/etl\n";

/// One error and nothing else.
fn bad() -> String {
    GOOD.replace("Name: orders\n", "Name: orders\nBogus: 1\n")
}

#[test]
fn exit_codes_tell_what_happened() {
    let folder = folder(&[
        ("good.yaml", GOOD),
        ("bad.yaml", &bad()),
        ("broken.yaml", "ConnectionProperties: [\n"),
    ]);
    let code = |arguments: &[&str]| run(folder.path(), arguments).status.code();
    assert_eq!(code(&["check", "good.yaml"]), Some(0));
    assert_eq!(code(&["check", "bad.yaml"]), Some(1));
    assert_eq!(code(&["check", "bad.yaml", "--fail-on", "never"]), Some(0));
    assert_eq!(code(&["check", "--bogus"]), Some(2));
    assert_eq!(code(&["check", "good.yaml", "--format", "bogus"]), Some(2));
    assert_eq!(code(&["explain", "bogus"]), Some(2));
    assert_eq!(code(&["check", "broken.yaml"]), Some(3));
    assert_eq!(code(&["check", "missing.yaml"]), Some(3));
    assert_eq!(
        code(&["check", "good.yaml", "missing.yaml", "bad.yaml"]),
        Some(3)
    );
    assert_eq!(code(&["--help"]), Some(0));
    assert_eq!(code(&["--version"]), Some(0));
}

#[test]
fn what_fails_is_shown() {
    let advice = GOOD.replace("Name: orders", "Name: or:ders");
    let folder = folder(&[("advice.yaml", &advice)]);
    let quiet = run(folder.path(), &["check"]);
    assert_eq!(quiet.status.code(), Some(0));
    assert!(!stdout(&quiet).contains("name-with-colon"));
    let strict = run(folder.path(), &["check", "--fail-on", "info"]);
    assert_eq!(strict.status.code(), Some(1));
    assert!(stdout(&strict).contains("name-with-colon"));
}

#[test]
fn what_cannot_be_read_is_a_finding_and_the_rest_is_judged() {
    let folder = folder(&[("bad.yaml", &bad())]);
    fs::write(
        folder.path().join("bytes.yaml"),
        b"ConnectionProperties: \xFF",
    )
    .unwrap();
    for format in ["full", "concise", "json", "sarif"] {
        let output = run(
            folder.path(),
            &[
                "check",
                "bytes.yaml",
                "missing.yaml",
                "bad.yaml",
                "--format",
                format,
            ],
        );
        let text = stdout(&output);
        assert_eq!(output.status.code(), Some(3), "{format}");
        for word in [
            "unreadable-file",
            "bytes.yaml",
            "missing.yaml",
            "offset 22",
            "unknown-member",
        ] {
            assert!(text.contains(word), "{format} does not say {word}:\n{text}");
        }
    }
}

#[test]
fn folders_are_walked_as_git_sees_them() {
    let folder = folder(&[
        (".gitignore", "ignored/\n*.gen.yaml\n"),
        ("a/bad.yaml", &bad()),
        ("a/template", &bad()),
        ("a/x.gen.yaml", &bad()),
        ("a/notes.md", &bad()),
        ("ignored/bad.yaml", &bad()),
        (".hidden/bad.yaml", &bad()),
        ("other.json", "{\"Connection\": {\"ConnectionState\": 1}}"),
    ]);
    let found = |arguments: &[&str]| -> Vec<String> {
        let mut all = vec!["check", "--format", "concise"];
        all.extend(arguments);
        let text = stdout(&run(folder.path(), &all));
        text.lines()
            .filter(|line| line.contains("unknown-member"))
            .map(|line| line.split(':').next().unwrap().to_owned())
            .collect()
    };
    assert_eq!(found(&[]), ["a/bad.yaml", "a/template"]);
    assert_eq!(found(&["."]), ["a/bad.yaml", "a/template"]);
    // What is named is read, whatever it is called and wherever it lies.
    assert_eq!(
        found(&["a/notes.md", "ignored/bad.yaml"]),
        ["a/notes.md", "ignored/bad.yaml"]
    );
    fs::write(folder.path().join("list"), "a/bad.yaml\n.hidden/bad.yaml\n").unwrap();
    assert_eq!(
        found(&["--files-from", "list"]),
        [".hidden/bad.yaml", "a/bad.yaml"]
    );
}

#[test]
fn the_same_bytes_come_out_for_any_number_of_threads() {
    let files: Vec<(String, String)> = (0..200)
        .map(|i| {
            (
                format!("{}/{i}.yaml", i % 7),
                if i % 3 == 0 { bad() } else { GOOD.to_owned() },
            )
        })
        .chain((0..60).map(|i| (format!("m{}/{i}.tf.json", i % 20), json("99999"))))
        .collect();
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    let folder = folder(&files);
    for format in ["full", "concise", "json", "sarif"] {
        let one = run(
            folder.path(),
            &["check", "--threads", "1", "--format", format],
        )
        .stdout;
        let many = run(
            folder.path(),
            &["check", "--threads", "16", "--format", format],
        )
        .stdout;
        assert!(!one.is_empty() && one == many, "{format}");
    }
}

#[test]
fn standard_input_goes_by_its_name() {
    let folder = folder(&[]);
    let arguments = "check - --stdin-filename infra/conn.yaml --format concise";
    let arguments: Vec<&str> = arguments.split(' ').collect();
    let output = fed(folder.path(), &arguments, bad().as_bytes());
    assert!(
        stdout(&output).starts_with("infra/conn.yaml:2:1: error unknown-member"),
        "{}",
        stdout(&output)
    );
}

#[test]
fn stdout_is_the_report_and_nothing_else() {
    let folder = folder(&[("bad.yaml", &bad())]);
    for format in ["json", "sarif"] {
        let output = run(folder.path(), &["check", "--format", format]);
        assert_eq!(stderr(&output), "");
        let value: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert!(value.is_object());
    }
    let output = run(folder.path(), &["explain", "port-out-of-rang"]);
    assert_eq!(stdout(&output), "");
    assert!(
        stderr(&output).contains("did you mean port-out-of-range?"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn colour_is_for_those_who_want_it() {
    let folder = folder(&[("bad.yaml", &bad())]);
    let coloured = |variables: &[(&str, &str)], arguments: &[&str]| {
        let output = gluelint(folder.path())
            .envs(variables.iter().copied())
            .arg("check")
            .args(arguments)
            .output()
            .unwrap();
        stdout(&output).contains('\u{1B}')
    };
    assert!(!coloured(&[], &[]), "a pipe has no colour");
    assert!(coloured(&[("FORCE_COLOR", "1")], &[]));
    assert!(!coloured(&[("FORCE_COLOR", "1"), ("NO_COLOR", "1")], &[]));
    assert!(coloured(&[("NO_COLOR", "1")], &["--color", "always"]));
    assert!(!coloured(&[("FORCE_COLOR", "1")], &["--color", "never"]));
    assert!(coloured(&[("CLICOLOR_FORCE", "1")], &[]));
    assert!(!coloured(&[("CLICOLOR_FORCE", "0")], &[]));
    assert!(!coloured(
        &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")],
        &[]
    ));
    assert!(!coloured(
        &[("CLICOLOR_FORCE", "1"), ("FORCE_COLOR", "0")],
        &[]
    ));
}

#[test]
fn a_file_that_is_too_long_is_not_read() {
    let folder = folder(&[("good.yaml", GOOD)]);
    // It takes no room on the disk.
    let long = fs::File::create(folder.path().join("long.json")).unwrap();
    if long.set_len(5 << 30).is_err() {
        return;
    }
    for paths in ["long.json", "."] {
        let output = run(folder.path(), &["check", "--format", "concise", paths]);
        assert_eq!(output.status.code(), Some(3));
        let text = stdout(&output);
        assert!(
            text.starts_with(
                "long.json:1:1: error unreadable-file: the file could not be read: it has more than 4 GiB\n"
            ),
            "{text}"
        );
    }
}

#[test]
fn byte_order_marks_and_line_endings_are_read() {
    let folder = folder(&[]);
    let utf16: Vec<u8> = format!("\u{FEFF}{}", bad())
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    fs::write(folder.path().join("utf16.yaml"), utf16).unwrap();
    fs::write(folder.path().join("bom.yaml"), format!("\u{FEFF}{}", bad())).unwrap();
    fs::write(folder.path().join("crlf.yaml"), bad().replace('\n', "\r\n")).unwrap();
    let text = stdout(&run(folder.path(), &["check", "--format", "concise"]));
    for name in ["bom.yaml", "crlf.yaml", "utf16.yaml"] {
        assert!(
            text.contains(&format!("{name}:2:1: error unknown-member")),
            "{text}"
        );
    }
}

#[test]
fn the_program_explains_what_it_knows() {
    let folder = folder(&[]);
    let page = stdout(&run(folder.path(), &["explain", "port-out-of-range"]));
    assert!(
        page.starts_with("# ") && page.contains("## Source"),
        "{page}"
    );
    let property = stdout(&run(folder.path(), &["explain", "port"]));
    assert!(
        property.contains("1024 to 65535") && property.contains("port-out-of-range"),
        "{property}"
    );
    let rules = stdout(&run(folder.path(), &["rules"]));
    assert!(rules.lines().count() > 90, "{rules}");
    let json: serde_json::Value =
        serde_json::from_slice(&run(folder.path(), &["rules", "--format", "json"]).stdout).unwrap();
    assert_eq!(json.as_array().unwrap().len(), rules.lines().count());
    let coverage = stdout(&run(folder.path(), &["rules", "--coverage"]));
    let last = coverage.lines().last().unwrap();
    let numbers: Vec<&str> = last
        .split(' ')
        .filter(|word| word.parse::<u32>().is_ok())
        .collect();
    assert_eq!(numbers.first(), numbers.last(), "{coverage}");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let folder = folder(&[("bad.yaml", &bad())]);
    let output = unread(gluelint(folder.path()).arg("rules"));
    assert_eq!(stderr(&output), "");
}

/// A connection in the manner of the API, as JSON.
fn json(port: &str) -> String {
    format!(
        "{{\"Name\": \"orders\", \"ConnectionType\": \"JDBC\", \"ConnectionProperties\": {{\"HOST\": \
         \"db.example.org\", \"PORT\": \"{port}\", \"JDBC_ENGINE\": \"mysql\", \"SECRET_ID\": \"orders\"}}}}"
    )
}

/// What a run said, as JSON: its exit code, the summary, and each finding as file and rule.
fn said(folder: &Path, arguments: &[&str]) -> (Option<i32>, serde_json::Value, Vec<String>) {
    let mut all = vec!["check", "--format", "json"];
    all.extend(arguments);
    let output = run(folder, &all);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let findings = (report["findings"].as_array().unwrap().iter())
        .map(|finding| {
            let text = |name: &str| finding[name].as_str().unwrap();
            format!("{} {}", text("file"), text("rule"))
        })
        .collect();
    (output.status.code(), report["summary"].clone(), findings)
}

#[test]
fn the_files_of_a_module_are_linted_once_whichever_were_asked_for() {
    let folder = folder(&[
        (".gitignore", "terraform.tfvars.json\n"),
        ("m/main.tf.json", &json("99999")),
        ("m/other.tofu.json", &json("99998")),
        ("m/variables.tf.json", "{}"),
        ("m/terraform.tfvars.json", "{\"x\": [1, }"),
        ("m/prod.tfvars.json", "{\"x\": [1, }"),
        ("m/nested/broken.tf.json", "{\"x\": [1, }"),
        ("m/override.tf.json/x", ""),
    ]);
    let bad = ["m/main.tf.json", "m/other.tofu.json"].map(|it| format!("{it} port-out-of-range"));
    let broken = "m/terraform.tfvars.json invalid-syntax".to_owned();
    for arguments in [
        &[][..],
        &["m"],
        &[".", "m/main.tf.json"],
        &["m", "./m", "m/other.tofu.json"],
    ] {
        let (code, summary, findings) = said(folder.path(), arguments);
        assert_eq!(
            findings,
            [bad[0].clone(), bad[1].clone(), broken.clone()],
            "{arguments:?}"
        );
        // A sibling that cannot be read may hold values.
        assert_eq!(code, Some(3));
        assert_eq!(summary["connections"], 2, "{summary}");
        assert_eq!(summary["unreadable_files"], 1, "{summary}");
    }
    let (_, summary, _) = said(folder.path(), &["m"]);
    // Three of the module, one that is found wrong, `prod.tfvars.json` and two further down.
    assert_eq!(summary["files"], 7, "{summary}");
    assert_eq!(summary["files_with_connections"], 2, "{summary}");
    // A file that is named brings the others, but not their connections.
    let (code, summary, findings) = said(folder.path(), &["m/main.tf.json"]);
    assert_eq!(findings, [bad[0].clone(), broken.clone()]);
    assert_eq!((code, &summary["files"]), (Some(3), &2.into()));
    // From within the folder too, where the path has no other part.
    let (_, _, findings) = said(&folder.path().join("m"), &["main.tf.json"]);
    assert_eq!(
        findings,
        [
            "main.tf.json port-out-of-range",
            "terraform.tfvars.json invalid-syntax"
        ]
    );
    // A file without a connection makes no module, and says nothing of its siblings.
    let (code, summary, findings) = said(folder.path(), &["m/variables.tf.json"]);
    assert_eq!((code, findings.len()), (Some(0), 0));
    assert_eq!(summary["files"], 1);
    let (_, _, findings) = said(
        folder.path(),
        &["m/variables.tf.json", "--severity", "info"],
    );
    assert_eq!(findings, ["m/variables.tf.json no-connection-found"]);
    fs::remove_file(folder.path().join("m/terraform.tfvars.json")).unwrap();
    let (code, _, findings) = said(folder.path(), &["m/main.tf.json"]);
    assert_eq!((code, findings), (Some(1), vec![bad[0].clone()]));
}

#[test]
fn a_sibling_that_is_no_text_is_said() {
    let folder = folder(&[("m/main.tf.json", &json("3306"))]);
    let (code, _, findings) = said(folder.path(), &["m"]);
    assert_eq!((code, findings.len()), (Some(0), 0));
    fs::write(folder.path().join("m/terraform.tfvars"), b"x = \"\xFF\"").unwrap();
    let (code, _, findings) = said(folder.path(), &["m/main.tf.json"]);
    assert_eq!(findings, ["m/terraform.tfvars unreadable-file"]);
    assert_eq!(code, Some(3));
    // Beside no connection it is nobody's business.
    fs::write(folder.path().join("m/main.tf.json"), "{}").unwrap();
    let (code, _, findings) = said(folder.path(), &["m"]);
    assert_eq!((code, findings.len()), (Some(0), 0));
}

#[test]
fn what_an_editor_has_not_saved_yet_is_read_with_its_siblings() {
    let main = "resource \"aws_glue_connection\" \"orders\" {\n  name = \"orders\"\n  \
                connection_properties = {\n    JDBC_CONNECTION_URL = \"jdbc:mysql://h.example.org:${var.port}/x\"\n    \
                SECRET_ID = \"orders\"\n  }\n}\n";
    let folder = folder(&[
        ("m/main.tf", "resource {"),
        (
            "m/variables.tf",
            "variable \"port\" {\n  default = 99999\n}\n",
        ),
    ]);
    let piped = |name: &str, text: &str| {
        let mut arguments = vec!["check", "-", "--format", "concise"];
        arguments.extend(["--stdin-filename", name]);
        let output = fed(folder.path(), &arguments, text.as_bytes());
        (output.status.code(), stdout(&output))
    };
    let (code, text) = piped("m/main.tf", main);
    assert!(
        text.starts_with("m/main.tf:4:55: error port-out-of-range"),
        "{text}"
    );
    assert_eq!((code, text.lines().count()), (Some(1), 2), "{text}");
    // In a folder that is not there, it is alone.
    let (code, text) = piped("n/main.tf", main);
    assert_eq!(code, Some(0), "{text}");
    let (code, _) = piped("m/outputs.tf", "output \"x\" {\n  value = 1\n}\n");
    assert_eq!(code, Some(0));
}

#[test]
fn forms_are_listed_and_forced() {
    let bare = "ConnectionProperties: {PORT: 80}\nConnectionType: JDBC\n";
    let folder = folder(&[
        ("named.json", "{\"ConnectionName\": \"\"}"),
        ("nothing.yaml", "a: [1, {b: c}]\n"),
        ("bare.yaml", bare),
    ]);
    let form = |arguments: &[&str]| {
        let mut all = vec!["check", "--format", "concise"];
        all.extend(arguments);
        run(folder.path(), &all)
    };
    let forms = stdout(&run(folder.path(), &["forms"]));
    let json = run(folder.path(), &["forms", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    let names: Vec<&str> = (json.as_array().unwrap().iter())
        .map(|form| form["name"].as_str().unwrap())
        .collect();
    assert!(names.contains(&"api") && names.contains(&"terraform-plan"));
    for name in &names {
        assert!(forms.contains(&format!("{name}\n")), "{forms}");
        // Any form reads any document.
        let output = form(&["--form", name, "nothing.yaml"]);
        assert_eq!(output.status.code(), Some(0), "{name}");
        let words = format!("in the form {name}");
        assert!(stdout(&output).contains(&words), "{}", stdout(&output));
    }
    assert!(!stdout(&form(&["named.json"])).contains("empty-value"));
    let forced = form(&["named.json", "--form", "api"]);
    assert!(stdout(&forced).contains("empty-value"));
    let other = form(&["bare.yaml", "--form", "pulumi"]);
    assert!(stdout(&other).contains("no-connection-found"));
    // Without functions of CloudFormation it is taken for a request, but may be a part of a template.
    assert!(stdout(&form(&["bare.yaml"])).contains("missing-member"));
    let part = stdout(&form(&["bare.yaml", "--form", "cloudformation"]));
    assert!(!part.contains("missing-member") && part.contains("port-out-of-range"));
    // What is only met on the way is passed over in silence.
    let walked = form(&[".", "--form", "pulumi"]);
    assert!(!stdout(&walked).contains("no-connection-found"));
    let wrong = form(&["bare.yaml", "--form", "cloudformatoin"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert_eq!(stdout(&wrong), "");
    let words = stderr(&wrong);
    assert!(words.contains("did you mean cloudformation?"), "{words}");
}

#[test]
fn detection_is_explained() {
    let canary = "cAnArY7x9";
    let list = format!(
        "{{\"ConnectionList\": [\n  {{\"Name\": \"a\", \"ConnectionProperties\": {{}}}},\n  \
         {{\"Name\": \"jdbc:x://u:{canary}@h/d\", \"ConnectionType\": \"JDBC\"}}]}}"
    );
    let template = "Resources:\n  Orders:\n    Type: AWS::Glue::Connection\n    Properties:\n      \
                    ConnectionInput: {ConnectionType: JDBC}\n";
    let folder = folder(&[
        ("good.yaml", GOOD),
        ("list.json", &list),
        ("template.yaml", template),
        ("other.json", "{\"a\": 1}"),
        (
            "main.tf",
            "resource \"aws_glue_connection\" \"a\" {\n  count = 2\n}\n",
        ),
        (
            "part.yaml",
            "ConnectionType: JDBC\nConnectionProperties: {JDBC_CONNECTION_URL: !Ref Url}\n",
        ),
        (
            "request.json",
            "{\"props\": {\"glueProperties\": {\"glueConnectionInput\": {\"name\": \"lake\"}}}}",
        ),
        ("broken.yaml", "ConnectionProperties: [\n"),
    ]);
    let all = [
        "detect",
        "good.yaml",
        "list.json",
        "template.yaml",
        "other.json",
        "part.yaml",
        "request.json",
    ];
    let output = run(folder.path(), &all);
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(!text.contains(canary), "{text}");
    for line in [
        "good.yaml:1:1  api  (document)  (",
        "list.json:2:4  api  ConnectionList[0]  (",
        "list.json:3:4  api  ConnectionList[1]  (",
        "template.yaml:2:3  cloudformation  Resources.Orders  (a resource of type `AWS::Glue::Connection`",
        "other.json  no connection\n",
        "part.yaml:1:1  cloudformation  (document)  (",
        "or the properties of one with intrinsic functions)\n",
        "request.json:1:31  datazone  props.glueProperties.glueConnectionInput  (`glueConnectionInput` under",
        "  pulumi: a resource of type `aws:glue:Connection`",
    ] {
        assert!(text.contains(line), "no {line:?} in\n{text}");
    }
    let known = stdout(&run(folder.path(), &["detect", "good.yaml"]));
    assert_eq!(known.lines().count(), 1, "{known}");
    let twice = stdout(&run(folder.path(), &["detect", "main.tf"]));
    assert_eq!(twice.lines().count(), 1, "{twice}");
    let mut json = all.to_vec();
    json.extend(["--format", "json"]);
    let text = stdout(&run(folder.path(), &json));
    assert!(!text.contains(canary), "{text}");
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let sighting = &json["files"][2]["connections"][0];
    assert_eq!(sighting["form"], "cloudformation");
    assert_eq!(sighting["logical_path"], "Resources.Orders");
    assert_eq!(
        (&sighting["line"], &sighting["column"]),
        (&2.into(), &3.into())
    );
    assert_eq!(json["files"][0]["connections"][0]["connection"], "orders");
    assert_eq!(json["files"][3]["connections"], serde_json::json!([]));
    for arguments in [["detect", "broken.yaml"], ["detect", "missing.yaml"]] {
        let output = run(folder.path(), &arguments);
        assert_eq!(output.status.code(), Some(3));
        assert!(stdout(&output).contains("could not be read: "));
    }
    assert_eq!(run(folder.path(), &["detect"]).status.code(), Some(2));
}

#[test]
fn a_file_that_gives_a_value_is_judged_with_what_takes_it() {
    let main = "resource \"aws_glue_connection\" \"orders\" {\n  name = \"orders\"\n  \
                connection_properties = {\n    JDBC_CONNECTION_URL = \"jdbc:mysql://h.example.org:${var.port}/x\"\n    \
                SECRET_ID = \"orders\"\n    BOGUS = \"1\"\n  }\n}\n";
    let folder = folder(&[
        ("m/main.tf", main),
        (
            "m/variables.tf",
            "variable \"port\" {\n  default = 99999\n}\n",
        ),
        ("m/outputs.tf", "output \"x\" {\n  value = 1\n}\n"),
    ]);
    let found = |arguments: &[&str]| said(folder.path(), arguments).2;
    let port = "m/main.tf port-out-of-range";
    let key = "m/main.tf unknown-property";
    assert_eq!(found(&["m"]), [port, key]);
    assert_eq!(found(&["m/main.tf"]), [port, key]);
    // Of what stands in the other file, only what this one has to do with.
    assert_eq!(found(&["m/variables.tf"]), [port]);
    assert_eq!(found(&["m/outputs.tf"]), Vec::<String>::new());
}

#[test]
fn the_output_of_the_cdk_is_checked_by_its_templates() {
    let template = |port: &str| {
        format!(
            "{{\"Resources\": {{\"OrdersAA\": {{\"Type\": \"AWS::Glue::Connection\", \"Properties\": {{\"CatalogId\": {{\"Ref\": \
             \"AWS::AccountId\"}}, \"ConnectionInput\": {{\"ConnectionType\": \"JDBC\", \"Name\": {{\"Ref\": \"Name\"}}, \
             \"ConnectionProperties\": {{\"SECRET_ID\": \"a\", \"JDBC_CONNECTION_URL\": {{\"Fn::Join\": [\"\", \
             [\"jdbc:postgresql://\", {{\"Fn::ImportValue\": \"h\"}}, \":{port}/x\"]]}}}}}}}}, \"Metadata\": {{\"aws:cdk:path\": \
             \"App/Orders/Resource\"}}}}}}}}"
        )
    };
    let folder = folder(&[
        ("cdk.out/A.template.json", &template("99999")),
        ("cdk.out/B.template.json", &template("5432")),
        (
            "cdk.out/tree.json",
            "{\"tree\": {\"aws:cdk:cloudformation:type\": \"AWS::Glue::Connection\", \"aws:cdk:cloudformation:props\": \
             {\"connectionInput\": {\"connectionType\": \"jdbc\"}}}}",
        ),
        (
            "cdk.out/manifest.json",
            "{\"artifacts\": {\"A\": {\"type\": \"aws:cloudformation:stack\", \"properties\": {\"ConnectionInput\": \"A.template.json\"}}}}",
        ),
        (
            "cdk.out/A.assets.json",
            "{\"files\": {\"ConnectionInput\": {}}}",
        ),
    ]);
    let output = run(folder.path(), &["check", "cdk.out", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let findings = report["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1, "{report:#}");
    assert_eq!(findings[0]["rule"], "port-out-of-range");
    assert_eq!(findings[0]["connection"], "App/Orders");
    assert_eq!(report["summary"]["connections"], 2, "{report:#}");
}

#[test]
fn a_file_is_reported_once_however_often_it_is_named() {
    let folder = folder(&[("a/bad.yaml", &bad()), ("a/main.tf.json", "{}")]);
    let all = folder.path().to_string_lossy().into_owned();
    for paths in [
        &["a/bad.yaml", "./a/bad.yaml"][..],
        &["a/bad.yaml", "a/../a/bad.yaml", "a"],
        &["a", "a/bad.yaml"],
        &[".", "a"],
        &["a", "a", &all],
    ] {
        let mut arguments = vec!["check", "--format", "json"];
        arguments.extend(paths);
        let output = run(folder.path(), &arguments);
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let findings = report["findings"].as_array().unwrap();
        assert_eq!(findings.len(), 1, "{paths:?}: {report}");
        let files =
            1 + u64::from(paths.len() > 2 || !paths[0].ends_with("yaml") || paths[1] == "a");
        assert_eq!(report["summary"]["files"], files, "{paths:?}");
    }
}

#[test]
fn of_many_named_files_nobody_is_told_which_hold_no_connection() {
    let folder = folder(&[("a.yaml", "a: 1\n"), ("b.yaml", "b: 1\n"), ("c.tf", "")]);
    let said = |arguments: &[&str]| {
        let mut all = vec!["check", "--severity", "info", "--format", "concise"];
        all.extend(arguments);
        stdout(&run(folder.path(), &all))
    };
    assert!(said(&["a.yaml"]).contains("info no-connection-found"));
    let many = said(&["a.yaml", "b.yaml", "c.tf"]);
    assert!(
        many.starts_with("No connections found in 3 files\n"),
        "{many}"
    );
    // Who gives it a weight, or says what the files are, wants to know.
    fs::write(
        folder.path().join("gluelint.yaml"),
        "rules: {no-connection-found: warning}\n",
    )
    .unwrap();
    let raised = said(&["a.yaml", "b.yaml"]);
    assert_eq!(raised.matches("warning no-connection-found").count(), 2);
    let asked = said(&["--no-config", "--form", "api", "a.yaml", "b.yaml"]);
    assert_eq!(asked.matches("no-connection-found").count(), 2, "{asked}");
}
