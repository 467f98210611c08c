//! Crossplane: recognition, places, what is unknown, and the Secrets of the same file.

mod linted;

use gluelint::lint::FileReport;
use gluelint::spec::Severity;
use linted::{CANARY, assert_hidden};

fn lint(text: &str, least: Severity) -> FileReport {
    linted::lint("a.yaml", text, least)
}

/// What is found: the rule, the text under it, the logical path.
#[track_caller]
fn assert_found(text: &str, expected: &[(&str, &str, &str)]) {
    let report = lint(text, Severity::Warning);
    assert_eq!(linted::found(&report, text), expected, "{text}");
}

/// A generated resource with the Secret of its properties.
fn generated(provider: &str, secret: &str) -> String {
    format!(
        "apiVersion: glue.aws.upbound.io/v1beta2\nkind: Connection\nmetadata: {{name: orders}}\nspec:\n  forProvider:\n    \
         region: eu-west-1\n    catalogId: \"012345678901\"\n    \
         connectionPropertiesSecretRef: {{name: props, namespace: data}}\n{provider}---\napiVersion: v1\nkind: Secret\n\
         metadata: {{name: props, namespace: data}}\n{secret}"
    )
}

const GOOD: &str = "stringData:\n  JDBC_CONNECTION_URL: jdbc:postgresql://db.example.org:5432/orders\n  \
                    JDBC_ENFORCE_SSL: \"true\"\n  SECRET_ID: orders/etl\n";

const PLACED: &str = "    physicalConnectionRequirements:\n      subnetIdRef: {name: subnet-a}\n      \
                      availabilityZone: eu-west-1a\n      securityGroupIdRefs: [{name: glue}]\n";

fn classic(input: &str) -> String {
    format!(
        "apiVersion: glue.aws.crossplane.io/v1alpha1\nkind: Connection\nmetadata: {{name: orders}}\nspec:\n  forProvider:\n    \
         region: eu-west-1\n    connectionInput:\n{input}"
    )
}

#[test]
fn every_group_is_known_and_no_other() {
    for group in [
        "glue.aws.upbound.io/v1beta1",
        "glue.aws.upbound.io/v1beta2",
        "glue.aws.m.upbound.io/v1beta1",
    ] {
        let text = generated(PLACED, GOOD).replace("glue.aws.upbound.io/v1beta2", group);
        assert_eq!(lint(&text, Severity::Info).connections, 1, "{group}");
        assert_eq!(lint(&text, Severity::Info).form, Some("crossplane"));
    }
    for group in [
        "glue.aws.upbound.io",
        "xglue.aws.upbound.io/v1beta2",
        "cloudwatchevents.aws.upbound.io/v1beta1",
        "directconnect.aws.upbound.io/v1beta1",
        "v1",
    ] {
        let text = generated(PLACED, GOOD).replace("glue.aws.upbound.io/v1beta2", group);
        assert_eq!(lint(&text, Severity::Info).connections, 0, "{group}");
    }
    let other = generated(PLACED, GOOD).replace("kind: Connection", "kind: ConnectionList");
    assert_eq!(lint(&other, Severity::Info).connections, 0);
    let definition = "kind: CustomResourceDefinition\nspec: {group: glue.aws.crossplane.io, names: {kind: Connection}}\n";
    assert_eq!(lint(definition, Severity::Info).connections, 0);
}

#[test]
fn a_go_template_is_no_document() {
    let text = "apiVersion: glue.aws.upbound.io/v1beta2\nkind: Connection\n{{- if .Values.on }}\nspec: {\n";
    let report = lint(text, Severity::Info);
    let rules: Vec<&str> = report.findings.iter().map(|it| it.rule.name).collect();
    assert_eq!(
        (rules, report.unreadable),
        (vec!["unrendered-template"], false)
    );
}

#[test]
fn good_documents_are_clean() {
    assert_found(&generated(PLACED, GOOD), &[]);
    assert_found(&generated("", GOOD), &[]);
    // The placement is wrapped in a list in one version.
    let listed = "    physicalConnectionRequirements:\n      - subnetIdSelector: {matchLabels: {a: b}}\n        \
                  availabilityZone: eu-west-1a\n        securityGroupIdList: [sg-0a1b2c3d4e5f60718]\n";
    let text = generated(listed, GOOD).replace("v1beta2", "v1beta1");
    assert_found(&text, &[]);
    assert_found(
        &classic(
            "      connectionType: NETWORK\n      connectionProperties: {JDBC_ENFORCE_SSL: \"false\"}\n      \
             physicalConnectionRequirements:\n        availabilityZone: us-east-1b\n        \
             subnetIdRef: {name: a}\n        securityGroupIdRefs: [{name: b}]\n",
        ),
        &[],
    );
}

#[test]
fn what_the_file_does_not_hold_is_unknown() {
    // The Secret is elsewhere, or it is not certain which one is meant, or it is filled in later.
    for secret in ["", "stringData: {}\n", "type: Opaque\n"] {
        assert_found(&generated(PLACED, secret), &[]);
    }
    let bad = "stringData: {PORT: \"80\"}\n";
    let elsewhere = generated("", bad).replace(
        "metadata: {name: props, namespace: data}",
        "metadata: {name: props, namespace: other}",
    );
    assert_found(&elsewhere, &[]);
    let text = generated("", bad);
    let secret = text.split_once("---").unwrap().1;
    assert_found(&format!("{text}---{secret}"), &[]);
    // A patch, a policy, a first value, a template: all may say more.
    let partial = "  initProvider: {description: x}\n";
    assert_found(&generated(partial, bad), &[]);
    let values = "  initProvider: {connectionType: \"{{ .kind }}\", region: eu-west-1}\n";
    assert_found(&generated(values, bad), &[]);
    let templated =
        "stringData:\n  JDBC_CONNECTION_URL: \"{{ .url }}\"\n  SECRET_ID: \"${SECRET}\"\n";
    for secret in [
        "stringData:\n  JDBC_CONNECTION_URL: {{ .Values.url }}\n  PASSWORD: {{ .Values.password | quote }}\n",
        "stringData: {{ toYaml .Values.properties }}\n",
        "data:\n  JDBC_CONNECTION_URL: {{ .Values.url | b64enc }}\n  SECRET_ID: \"{{ .s | b64enc }}\"\n",
        // A key that is filled in may be any.
        "stringData:\n  \"{{ .key }}\": x\n  SECRET_ID: a/b\n",
        "stringData:\n  ${KEY}: x\n  SECRET_ID: a/b\n",
    ] {
        assert_found(&generated("    connectionType: JDBC\n", secret), &[]);
    }
    let unquoted = "    connectionType: {{ .Values.kind }}\n    matchCriteria: {{ .Values.criteria }}\n    \
                    physicalConnectionRequirements: {{ .Values.network }}\n";
    assert_found(&generated(unquoted, GOOD), &[]);
    assert_found(
        &generated("    connectionType: \"{{ .kind }}\"\n", templated),
        &[],
    );
}

#[test]
fn defects_are_found_where_they_stand() {
    let text = generated(
        "    physicalConnectionRequirements:\n      subnetId: sg-0a1b2c3d4e5f60718\n      availabilityZone: eu-west-1a\n      \
         securityGroupIdRefs: [{name: glue}]\n",
        &GOOD.replace(":5432/", ":99999/"),
    );
    assert_found(
        &text,
        &[
            (
                "malformed-subnet-id",
                "sg-0a1b2c3d4e5f60718",
                "spec.forProvider.physicalConnectionRequirements.subnetId",
            ),
            (
                "port-out-of-range",
                "99999",
                "spec.forProvider.connectionPropertiesSecretRef.JDBC_CONNECTION_URL",
            ),
        ],
    );
    assert_found(
        &generated(
            "",
            "stringData:\n  JDBC_CONNECTION_URL: jdbc:mysql://db.example.org:3306/x\n  SECRET_ID: a/b\n  JDBC_ENFORCE_SSL: yes\n",
        ),
        &[(
            "not-a-string",
            "yes",
            "spec.forProvider.connectionPropertiesSecretRef.JDBC_ENFORCE_SSL",
        )],
    );
    assert_found(
        &generated(
            "    connectionType: KAFKA\n",
            "stringData:\n  SECRET_ID: a/b\n",
        ),
        &[(
            "missing-property",
            "stringData",
            "spec.forProvider.connectionPropertiesSecretRef",
        )],
    );
    let long = "a".repeat(256);
    assert_found(
        &generated("", GOOD).replace("name: orders", &format!("name: {long}")),
        &[("text-too-long", &long, "metadata.name")],
    );
    // The type is JDBC where none is written.
    assert_found(
        &classic("      connectionType: NETWORK\n      connectionProperties: {}\n"),
        &[(
            "network-without-placement",
            "connectionInput",
            "spec.forProvider.connectionInput",
        )],
    );
    assert_found(
        &classic(
            "      connectionType: NETWORK\n      connectionProperties: {}\n      physicalConnectionRequirements:\n        \
             subnetId: subnet-0a1b2c3d4e5f60718\n        securityGroupIDList: [sg-0a1b2c3d4e5f60718]\n        \
             availabilityZone: eu-west-1a\n",
        ),
        &[(
            "member-in-foreign-casing",
            "subnetId",
            "spec.forProvider.connectionInput.physicalConnectionRequirements.subnetId",
        )],
    );
}

#[test]
fn help_speaks_as_the_document_does() {
    let text = classic(
        "      connectionType: NETWORK\n      connectionProperties: {}\n      physicalConnectionRequirements:\n        \
         subnetID: subnet-0a1b2c3d4e5f60718\n        securityGroupIDList: [sg-0a1b2c3d4e5f60718]\n",
    );
    let report = lint(&text, Severity::Warning);
    let finding = report.findings.first().unwrap();
    assert_eq!(finding.rule.name, "subnet-without-zone");
    assert!(
        finding.message.contains("`availabilityZone`"),
        "{}",
        finding.message
    );
    assert!(
        finding
            .help
            .as_ref()
            .unwrap()
            .contains("`availabilityZone`")
    );
}

#[test]
fn a_secret_is_found_by_name_and_namespace() {
    let bad = GOOD.replace(":5432/", ":99999/");
    let found = |text: &str| lint(text, Severity::Warning).findings.len();
    let namespaced = |own: &str, secret: &str| {
        generated("", &bad)
            .replace(
                "glue.aws.upbound.io/v1beta2",
                "glue.aws.m.upbound.io/v1beta1",
            )
            .replace("{name: orders}", &format!("{{name: orders{own}}}"))
            .replace(
                "SecretRef: {name: props, namespace: data}",
                "SecretRef: {name: props}",
            )
            .replace(
                "{name: props, namespace: data}",
                &format!("{{name: props{secret}}}"),
            )
    };
    // Without a namespace of its own, a reference means that of the manifest.
    assert_eq!(
        found(&namespaced(", namespace: data", ", namespace: data")),
        1
    );
    assert_eq!(
        found(&namespaced(", namespace: data", ", namespace: other")),
        0
    );
    assert_eq!(found(&namespaced(", namespace: data", "")), 1);
    // With one, it means that, wherever the manifest is.
    let across = generated("", &bad).replace("{name: orders}", "{name: orders, namespace: team}");
    assert_eq!(found(&across), 1);
    assert_eq!(
        found(&across.replace(
            "metadata: {name: props, namespace: data}",
            "metadata: {name: props, namespace: team}"
        )),
        0
    );
    // An entry in clear is in force over one that is encoded.
    let both = format!("{GOOD}data:\n  JDBC_CONNECTION_URL: amRiYzpteXNxbDovL2g6OTk5OTkveA==\n");
    assert_eq!(found(&generated("", &both)), 0);
    assert_eq!(
        found(&generated(
            "",
            &both.replace(
                "  JDBC_CONNECTION_URL: jdbc:postgresql://db.example.org:5432/orders\n",
                ""
            )
        )),
        1
    );
}

#[test]
fn what_is_given_at_first_is_read_by_itself() {
    let placement = "  initProvider:\n    description: x\n    physicalConnectionRequirements: {subnetId: vpc-1}\n";
    assert_found(
        &generated(placement, GOOD),
        &[(
            "malformed-subnet-id",
            "vpc-1",
            "spec.initProvider.physicalConnectionRequirements.subnetId",
        )],
    );
    let reference = "  initProvider:\n    connectionType: JDBC\n    \
                     connectionPropertiesSecretRef: {name: props, namespace: data}\n";
    let moved = |secret: &str| {
        let text = generated(reference, secret);
        text.replacen(
            "    connectionPropertiesSecretRef: {name: props, namespace: data}\n",
            "",
            1,
        )
    };
    assert_found(
        &moved(&GOOD.replace(":5432/", ":99999/")),
        &[(
            "port-out-of-range",
            "99999",
            "spec.initProvider.connectionPropertiesSecretRef.JDBC_CONNECTION_URL",
        )],
    );
    assert_found(&moved(GOOD), &[]);
    let empty = generated("  initProvider: {region: eu-west-1}\n", GOOD);
    assert_eq!(lint(&empty, Severity::Info).connections, 1);
}

#[test]
fn encoded_entries_are_read_with_the_whole_scalar_as_their_place() {
    // A setting that is no truth value.
    let plain = GOOD.replace("  JDBC_ENFORCE_SSL: \"true\"\n", "");
    assert_found(
        &generated("", &format!("{plain}data:\n  JDBC_ENFORCE_SSL: eWVz\n")),
        &[(
            "not-a-boolean",
            "eWVz",
            "spec.forProvider.connectionPropertiesSecretRef.JDBC_ENFORCE_SSL",
        )],
    );
}

#[test]
fn compositions_are_judged_by_what_they_say() {
    let composition = |field: &str, patches: &str| {
        format!(
            "apiVersion: apiextensions.crossplane.io/v1\nkind: Composition\nspec:\n  pipeline:\n    - step: a\n      input:\n        \
             resources:\n          - name: c\n            base:\n              apiVersion: glue.aws.upbound.io/v1beta2\n              \
             kind: Connection\n              spec:\n                forProvider:\n                  \
             connectionType: NETWORK\n                  physicalConnectionRequirements: {{{field}}}\n            patches: [{patches}]\n"
        )
    };
    assert_found(&composition("", ""), &[]);
    let bad = "subnetId: vpc-1";
    assert_found(
        &composition(bad, ""),
        &[(
            "malformed-subnet-id",
            "vpc-1",
            "spec.pipeline[0].input.resources[0].base.spec.forProvider.physicalConnectionRequirements.subnetId",
        )],
    );
    let to = |path: &str| format!("{{fromFieldPath: spec.s, toFieldPath: {path}}}");
    let subnet = "spec.forProvider.physicalConnectionRequirements.subnetId";
    for patch in [
        to(subnet),
        format!("{{fromFieldPath: {subnet}}}"),
        format!("{{type: CombineFromComposite, toFieldPath: {subnet}}}"),
        to("spec.forProvider.physicalConnectionRequirements"),
        to("spec.forProvider"),
        to("spec"),
        "{type: PatchSet, patchSetName: x}".to_owned(),
        "{type: FromCompositeFieldPath}".to_owned(),
    ] {
        assert_found(&composition(bad, &patch), &[]);
    }
    let listed = "securityGroupIdList: [sg-1]";
    let groups = "spec.forProvider.physicalConnectionRequirements.securityGroupIdList";
    for step in ["", "[0]", "[*]", "[7]"] {
        assert_found(
            &composition(listed, &to(&format!("\"{groups}{step}\""))),
            &[],
        );
    }
    // What is patched is something else, or goes the other way.
    for patch in [
        to("metadata.name"),
        to("spec.forProvider.description"),
        to("spec.initProvider.physicalConnectionRequirements.subnetId"),
        to("spec.providerConfigRef.name"),
        format!("{{type: ToCompositeFieldPath, fromFieldPath: {subnet}, toFieldPath: status.s}}"),
        format!("{{type: ToCompositeFieldPath, fromFieldPath: {subnet}}}"),
    ] {
        let report = lint(&composition(bad, &patch), Severity::Warning);
        assert_eq!(report.findings.len(), 1, "{patch}");
    }
    // Sets of patches, in both modes.
    let sets = |field: &str| {
        format!(
            "        patchSets: [{{name: x, patches: [{}]}}]\n        resources:\n",
            to(field)
        )
    };
    let with_sets = |field: &str| {
        composition(bad, "{type: PatchSet, patchSetName: x}")
            .replace("        resources:\n", &sets(field))
    };
    assert_found(&with_sets(subnet), &[]);
    let other = with_sets("spec.forProvider.description");
    assert_eq!(lint(&other, Severity::Warning).findings.len(), 1);
    let classic = |patch: &str| {
        format!(
            "apiVersion: apiextensions.crossplane.io/v1\nkind: Composition\nspec:\n  mode: Resources\n  patchSets: \
             [{{name: x, patches: [{}]}}]\n  resources:\n    - base:\n        apiVersion: glue.aws.crossplane.io/v1alpha1\n        \
             kind: Connection\n        spec:\n          forProvider:\n            connectionInput:\n              \
             physicalConnectionRequirements: {{subnetID: vpc-1}}\n      patches: [{patch}]\n",
            to("spec.forProvider.connectionInput.physicalConnectionRequirements.subnetID")
        )
    };
    assert_found(
        &classic(""),
        &[(
            "malformed-subnet-id",
            "vpc-1",
            "spec.resources[0].base.spec.forProvider.connectionInput.physicalConnectionRequirements.subnetID",
        )],
    );
    assert_found(&classic("{type: PatchSet, patchSetName: x}"), &[]);
}

#[test]
fn no_output_tells_a_secret() {
    // "cAnArY7x9" and a URL with it in Base64.
    let word = "Y0FuQXJZN3g5";
    let url = "amRiYzpteXNxbDovL2V0bDpjQW5Bclk3eDlAZGIuZXhhbXBsZS5vcmc6OTk5OTkvb3JkZXJz";
    for document in [
        generated(
            "    Bogus: 1\n",
            &format!("stringData:\n  PORT: 80\n  PASSWORD: {CANARY}\n"),
        ),
        generated(
            "",
            &format!("stringData:\n  JDBC_CONNECTION_URL: jdbc:mysql://etl:{CANARY}@db:99999/x\n"),
        ),
        generated(
            "",
            &format!(
                "stringData: {{PORT: \"80\"}}\ndata:\n  PASSWORD: {word}\n  JDBC_CONNECTION_URL: {url}\n"
            ),
        ),
        generated(
            "",
            &format!(
                "stringData: {{PORT: \"80\"}}\ndata:\n  X: {word}\n  JDBC_CONNECTION_URL: {url}\n"
            ),
        )
        .replace("SecretRef: {name: props", "SecretRef: {name: q"),
        generated(
            &format!("    connectionProperties: {{PASSWORD: {CANARY}, PORT: 80}}\n"),
            "",
        ),
        classic(&format!(
            "      connectionType: JDBC\n      connectionProperties:\n        PORT: 80\n        PASSWORD: {CANARY}\n"
        )),
    ] {
        assert_hidden("a.yaml", &document, &[CANARY, word, url]);
    }
}
