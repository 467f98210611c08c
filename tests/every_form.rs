//! One connection, written in every form, is judged alike.
//!
//! The connections are those of the examples on the rules' pages: for each rule a defect, and the
//! same without it. What a form cannot say, or says otherwise, stands in one table, with the reason.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use gluelint::check;
use gluelint::diag::Safety;
use gluelint::fix::fix;
use gluelint::lint::{FileReport, Options, lint_bytes};
use gluelint::spec::Severity;
use gluelint::text::Source;
use serde_json::{Map, Value, json};

/// A form, as something that writes.
struct Writer {
    name: &'static str,
    /// The file's name.
    file: &'static str,
    /// Writes a connection, whose members have the names of the API.
    write: fn(&Abstract) -> Option<String>,
    /// How it writes what only a deployment knows; `None` where it cannot.
    unknown: Option<fn(&str) -> String>,
    /// What may stand in front of a connection's logical paths, the longest first.
    prefixes: &'static [&'static str],
}

/// A connection without a form.
#[derive(Clone, Debug)]
struct Abstract {
    members: Map<String, Value>,
    /// What stands beside it in the request: `CatalogId`, `Tags`.
    request: Map<String, Value>,
}

const WRITERS: &[Writer] = &[
    Writer {
        name: "api-bare",
        file: "connection.json",
        unknown: None,
        write: |it| {
            it.request
                .is_empty()
                .then(|| pretty(&Value::Object(it.members.clone())))
        },
        prefixes: &[""],
    },
    Writer {
        name: "api-yaml",
        file: "input.yaml",
        unknown: None,
        write: |it| Some(yaml(&it.wrapped())),
        prefixes: &["ConnectionInput"],
    },
    Writer {
        name: "cloudformation",
        file: "template.json",
        unknown: Some(reference),
        write: |it| Some(pretty(&template(it))),
        prefixes: &["Resources.Orders.ConnectionInput", "Resources.Orders"],
    },
    Writer {
        name: "cloudformation-yaml",
        file: "template.yaml",
        unknown: Some(reference),
        write: |it| Some(yaml(&template(it))),
        prefixes: &["Resources.Orders.ConnectionInput", "Resources.Orders"],
    },
    Writer {
        name: "sam",
        file: "template.yaml",
        unknown: Some(reference),
        write: |it| {
            let mut template = template(it);
            template["Transform"] = json!("AWS::Serverless-2016-10-31");
            template["Globals"] = json!({"Function": {"Timeout": 3}});
            Some(yaml(&template))
        },
        prefixes: &["Resources.Orders.ConnectionInput", "Resources.Orders"],
    },
    Writer {
        name: "serverless",
        file: "serverless.yml",
        unknown: Some(reference),
        write: |it| {
            Some(yaml(&json!({
                "service": "orders", "provider": {"name": "aws"}, "resources": template(it),
            })))
        },
        prefixes: &[
            "resources.Resources.Orders.ConnectionInput",
            "resources.Resources.Orders",
        ],
    },
    Writer {
        name: "datazone",
        file: "template.yaml",
        unknown: Some(reference),
        write: |it| {
            let input = json!({"GlueProperties": {"GlueConnectionInput": it.members}});
            (it.request.is_empty()).then(|| {
                yaml(&json!({"Resources": {"Orders": {
                    "Type": "AWS::DataZone::Connection",
                    "Properties": {"DomainIdentifier": "dzd", "Name": "orders", "Props": input},
                }}}))
            })
        },
        prefixes: &["Resources.Orders.Props.GlueProperties.GlueConnectionInput"],
    },
    Writer {
        name: "terraform",
        file: "main.tf",
        unknown: Some(|name| format!("var.{name}")),
        write: |it| {
            let body = body(
                &provider(it)?,
                &[
                    "physical_connection_requirements",
                    "authentication_configuration",
                ],
            );
            Some(format!(
                "resource \"aws_glue_connection\" \"orders\" {{\n{body}}}\n"
            ))
        },
        prefixes: &["aws_glue_connection.orders"],
    },
    Writer {
        name: "terraform-json",
        file: "main.tf.json",
        unknown: Some(|name| format!("\"${{var.{name}}}\"")),
        write: |it| {
            let resource = escaped(&Value::Object(provider(it)?), "${", "$${");
            Some(pretty(
                &json!({"resource": {"aws_glue_connection": {"orders": resource}}}),
            ))
        },
        prefixes: &["aws_glue_connection.orders"],
    },
    Writer {
        name: "awscc",
        file: "main.tf",
        unknown: Some(|name| format!("var.{name}")),
        write: |it| {
            let body = body(&native(it, &snake_native)?, &[]);
            Some(format!(
                "resource \"awscc_glue_connection\" \"orders\" {{\n{body}}}\n"
            ))
        },
        prefixes: &[
            "awscc_glue_connection.orders.connection_input",
            "awscc_glue_connection.orders",
        ],
    },
    Writer {
        name: "plan",
        file: "plan.json",
        unknown: None,
        write: |it| Some(pretty(&plan(provider(it)?))),
        prefixes: &["aws_glue_connection.orders"],
    },
    Writer {
        name: "pulumi",
        file: "Pulumi.yaml",
        unknown: Some(|name| format!("\"${{{name}}}\"")),
        write: |it| {
            let properties = renamed_members(&it.members, &pulumi_classic)?;
            let properties = beside(properties, it, &camel);
            Some(yaml(&pulumi("aws:glue:Connection", &properties)))
        },
        prefixes: &["resources.orders.properties"],
    },
    Writer {
        name: "pulumi-native",
        file: "Pulumi.yaml",
        unknown: Some(|name| format!("\"${{{name}}}\"")),
        write: |it| {
            Some(yaml(&pulumi(
                "aws-native:glue:Connection",
                &native(it, &camel)?,
            )))
        },
        prefixes: &[
            "resources.orders.properties.connectionInput",
            "resources.orders.properties",
        ],
    },
    Writer {
        name: "crossplane-classic",
        file: "orders.yaml",
        unknown: None,
        write: |it| {
            let mut provided = native(it, &crossplane_classic)?;
            provided.insert("region".to_owned(), json!("eu-west-1"));
            Some(yaml(&manifest(
                "glue.aws.crossplane.io/v1alpha1",
                &provided,
            )))
        },
        prefixes: &["spec.forProvider.connectionInput", "spec.forProvider"],
    },
    Writer {
        name: "crossplane-upjet",
        file: "orders.yaml",
        unknown: None,
        write: crossplane_upjet,
        prefixes: &["spec.forProvider"],
    },
    Writer {
        name: "ansible",
        file: "playbook.yml",
        unknown: Some(|name| format!("\"{{{{ {name} }}}}\"")),
        write: ansible,
        prefixes: &["[0].tasks[0].community.aws.glue_connection", "[0].tasks[0]"],
    },
];

/// Stands in front of the name of what only a deployment knows.
const UNKNOWN: char = '\u{E000}';

/// What CloudFormation writes for it, in YAML as in JSON.
fn reference(name: &str) -> String {
    json!({ "Ref": name }).to_string()
}

impl Writer {
    /// The document with that connection, if the form can say it.
    fn document(&self, connection: &Abstract) -> Option<String> {
        let text = (self.write)(connection)?;
        let mark = format!("\"{UNKNOWN}");
        let mut pieces = text.split(&mark);
        let mut document = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let (name, rest) = piece.split_once('"').unwrap();
            document += &self.unknown?(name);
            document += rest;
        }
        Some(document)
    }
}

impl Abstract {
    /// Whether a part of it is known to a deployment only.
    fn has_unknown(&self) -> bool {
        self.wrapped().to_string().contains(UNKNOWN)
    }

    /// The request around it.
    fn wrapped(&self) -> Value {
        let mut request = self.request.clone();
        request.insert(
            "ConnectionInput".to_owned(),
            Value::Object(self.members.clone()),
        );
        Value::Object(request)
    }
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap()
}

fn yaml(value: &Value) -> String {
    let mut out = String::new();
    write_yaml(value, 0, &mut out);
    out
}

/// Block style with quoted texts, so that no text is taken for anything else.
fn write_yaml(value: &Value, indent: usize, out: &mut String) {
    let pad = "  ".repeat(indent);
    match value {
        Value::Object(map) if !map.is_empty() => {
            for (key, value) in map {
                write!(out, "{pad}{}:", Value::String(key.clone())).unwrap();
                write_below(value, indent, out);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                write!(out, "{pad}-").unwrap();
                write_below(item, indent, out);
            }
        }
        scalar => writeln!(out, "{pad}{scalar}").unwrap(),
    }
}

fn write_below(value: &Value, indent: usize, out: &mut String) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            out.push('\n');
            write_yaml(value, indent + 1, out);
        }
        Value::Array(items) if !items.is_empty() => {
            out.push('\n');
            write_yaml(value, indent + 1, out);
        }
        scalar => writeln!(out, " {scalar}").unwrap(),
    }
}

fn template(it: &Abstract) -> Value {
    let mut properties = it.request.clone();
    properties.insert(
        "ConnectionInput".to_owned(),
        Value::Object(it.members.clone()),
    );
    properties
        .entry("CatalogId")
        .or_insert(json!("123456789012"));
    json!({"Resources": {"Orders": {"Type": "AWS::Glue::Connection", "Properties": properties}}})
}

// ---- names ------------------------------------------------------------------------------------

/// `SecurityGroupIdList` as `security_group_id_list`.
fn snake(name: &str) -> String {
    let characters: Vec<char> = name
        .replace("OAuth2", "Oauth2")
        .replace("AWS", "Aws")
        .chars()
        .collect();
    let mut out = String::new();
    for (index, character) in characters.iter().enumerate() {
        if character.is_ascii_uppercase() && index > 0 {
            out.push('_');
        }
        out.push(character.to_ascii_lowercase());
    }
    out
}

/// The provider that is generated from CloudFormation takes names apart in its own way.
fn snake_native(name: &str) -> String {
    let separated = name.replace("OAuth2", "OAuth_2_");
    snake(&separated.replace("OAuth", "O_auth")).replace("__", "_")
}

fn camel(name: &str) -> String {
    let (first, rest) = name.split_at(1);
    first.to_ascii_lowercase() + rest
}

fn pulumi_classic(name: &str) -> String {
    match name {
        "MatchCriteria" => "matchCriterias".to_owned(),
        "SecurityGroupIdList" => "securityGroupIdLists".to_owned(),
        "OAuth2Properties" => "oauth2Properties".to_owned(),
        "OAuth2GrantType" => "oauth2GrantType".to_owned(),
        "OAuth2ClientApplication" => "oauth2ClientApplication".to_owned(),
        "OAuth2Credentials" => "oauth2Credentials".to_owned(),
        other => camel(other),
    }
}

fn crossplane_classic(name: &str) -> String {
    match name {
        "SubnetId" => "subnetID".to_owned(),
        "SecurityGroupIdList" => "securityGroupIDList".to_owned(),
        "CatalogId" => "catalogID".to_owned(),
        other => camel(other),
    }
}

/// Members that are maps of names and values: what is in them has no names of the API's.
const MAPS: &[&str] = &[
    "ConnectionProperties",
    "SparkProperties",
    "AthenaProperties",
    "PythonProperties",
    "TokenUrlParametersMap",
    "CustomAuthenticationCredentials",
    "Tags",
];

/// Whether the API has a member of that name anywhere.
fn is_member(name: &str) -> bool {
    gluelint::spec::structures()
        .iter()
        .any(|structure| structure.member(name).is_some())
}

/// The members under other names. `None` where a name is none of the API's: how a tool would spell
/// it is not for a test to say.
fn renamed_members(
    members: &Map<String, Value>,
    name: &dyn Fn(&str) -> String,
) -> Option<Map<String, Value>> {
    (members.iter())
        .map(|(key, value)| {
            let value = match value {
                Value::Object(inner) if !MAPS.contains(&key.as_str()) => {
                    Value::Object(renamed_members(inner, name)?)
                }
                other => other.clone(),
            };
            is_member(key).then(|| (name(key), value))
        })
        .collect()
}

/// The same with what stands beside the connection in its request.
fn beside(
    mut members: Map<String, Value>,
    it: &Abstract,
    name: &dyn Fn(&str) -> String,
) -> Map<String, Value> {
    members.extend(
        it.request
            .iter()
            .map(|(key, value)| (name(key), value.clone())),
    );
    members
}

/// The arguments of `aws_glue_connection`.
fn provider(it: &Abstract) -> Option<Map<String, Value>> {
    let mut arguments = beside(renamed_members(&it.members, &snake)?, it, &snake);
    // What it knows under these names, it takes as properties.
    for key in ["spark_properties", "python_properties"] {
        if arguments.contains_key(key) {
            return None;
        }
    }
    arguments.entry("name").or_insert(json!("orders"));
    Some(arguments)
}

/// A resource that holds the connection as a member.
fn native(it: &Abstract, name: &dyn Fn(&str) -> String) -> Option<Map<String, Value>> {
    let mut resource = beside(Map::new(), it, name);
    let input = Value::Object(renamed_members(&it.members, name)?);
    resource.insert(name("ConnectionInput"), input);
    resource
        .entry(name("CatalogId"))
        .or_insert(json!("123456789012"));
    Some(resource)
}

// ---- documents --------------------------------------------------------------------------------

/// The value with another text in place of what a form would fill in.
fn escaped(value: &Value, from: &str, to: &str) -> Value {
    match value {
        Value::String(text) => json!(text.replace(from, to)),
        Value::Array(items) => items.iter().map(|item| escaped(item, from, to)).collect(),
        Value::Object(map) => Value::Object(
            map.iter()
                .map(|(key, value)| (key.clone(), escaped(value, from, to)))
                .collect(),
        ),
        other => other.clone(),
    }
}

/// The body of a resource in HCL; some of the maps are blocks.
fn body(arguments: &Map<String, Value>, blocks: &[&str]) -> String {
    let mut out = String::new();
    for (key, value) in arguments {
        match value {
            Value::Object(inner) if blocks.contains(&key.as_str()) => {
                let inner_blocks = [
                    "oauth2_properties",
                    "oauth2_client_application",
                    "oauth2_credentials",
                    "authorization_code_properties",
                    "basic_authentication_credentials",
                ];
                writeln!(out, "  {key} {{\n{}  }}", body(inner, &inner_blocks)).unwrap();
            }
            other => writeln!(out, "  {key} = {}", hcl(other)).unwrap(),
        }
    }
    out
}

fn hcl(value: &Value) -> String {
    match value {
        Value::String(text) => {
            let text = Value::String(text.clone()).to_string();
            text.replace("${", "$${").replace("%{", "%%{")
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(hcl).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(map) => {
            let entries: Vec<String> = (map.iter())
                .map(|(key, value)| format!("{} = {}", Value::String(key.clone()), hcl(value)))
                .collect();
            format!("{{ {} }}", entries.join(", "))
        }
        other => other.to_string(),
    }
}

fn plan(arguments: Map<String, Value>) -> Value {
    let mut arguments = with_texts(&Value::Object(arguments));
    in_lists(&mut arguments);
    json!({
        "format_version": "1.2", "terraform_version": "1.9.5",
        "planned_values": {"root_module": {"resources": [{
            "address": "aws_glue_connection.orders", "mode": "managed", "type": "aws_glue_connection",
            "name": "orders", "values": arguments, "sensitive_values": {},
        }]}},
    })
}

/// Blocks are lists of one.
fn in_lists(value: &mut Value) {
    const BLOCKS: &[&str] = &[
        "physical_connection_requirements",
        "authentication_configuration",
        "oauth2_properties",
        "oauth2_client_application",
        "oauth2_credentials",
        "authorization_code_properties",
        "basic_authentication_credentials",
    ];
    if let Value::Object(map) = value {
        for (_, inner) in map
            .iter_mut()
            .filter(|(key, _)| BLOCKS.contains(&key.as_str()))
        {
            in_lists(inner);
            if inner.is_object() {
                *inner = json!([inner.clone()]);
            }
        }
    }
}

/// A plan has turned numbers and truth values into the texts that they are.
fn with_texts(value: &Value) -> Value {
    match value {
        Value::Number(_) | Value::Bool(_) => json!(value.to_string()),
        Value::Array(items) => items.iter().map(with_texts).collect(),
        Value::Object(map) => Value::Object(
            map.iter()
                .map(|(key, value)| (key.clone(), with_texts(value)))
                .collect(),
        ),
        other => other.clone(),
    }
}

fn pulumi(kind: &str, properties: &Map<String, Value>) -> Value {
    let properties = escaped(&Value::Object(properties.clone()), "${", "$${");
    json!({
        "name": "etl", "runtime": "yaml",
        "resources": {"orders": {"type": kind, "properties": properties}},
    })
}

fn manifest(version: &str, provided: &Map<String, Value>) -> Value {
    json!({
        "apiVersion": version, "kind": "Connection", "metadata": {"name": "orders"},
        "spec": {"forProvider": provided},
    })
}

/// The properties stand in a Secret of the same file.
fn crossplane_upjet(it: &Abstract) -> Option<String> {
    let mut members = it.members.clone();
    let properties = members.remove("ConnectionProperties");
    // The name is that of the manifest, and a connection of its own is not described.
    if members.get("Name").is_some_and(|name| !name.is_string()) {
        return None;
    }
    let name = members.remove("Name").unwrap_or(json!("orders"));
    if [
        "AuthenticationConfiguration",
        "SparkProperties",
        "PythonProperties",
        "AthenaProperties",
    ]
    .iter()
    .any(|member| members.contains_key(*member))
    {
        return None;
    }
    let mut provided = beside(renamed_members(&members, &camel)?, it, &camel);
    provided.insert("region".to_owned(), json!("eu-west-1"));
    provided.entry("catalogId").or_insert(json!("123456789012"));
    let Some(Value::Object(properties)) = properties else {
        return None;
    };
    provided.insert(
        "connectionPropertiesSecretRef".to_owned(),
        json!({"name": "properties", "namespace": "data"}),
    );
    let mut connection = manifest("glue.aws.upbound.io/v1beta2", &provided);
    connection["metadata"]["annotations"] = json!({"crossplane.io/external-name": name});
    let secret = json!({
        "apiVersion": "v1", "kind": "Secret", "metadata": {"name": "properties", "namespace": "data"},
        "stringData": properties,
    });
    Some(format!("{}---\n{}", yaml(&connection), yaml(&secret)))
}

fn ansible(it: &Abstract) -> Option<String> {
    let mut arguments = Map::new();
    for (key, value) in &it.members {
        match (key.as_str(), value) {
            ("PhysicalConnectionRequirements", Value::Object(placement)) => {
                for (key, value) in placement {
                    let key = match key.as_str() {
                        "SubnetId" => "subnet_id",
                        "SecurityGroupIdList" => "security_groups",
                        "AvailabilityZone" => "availability_zone",
                        _ => return None,
                    };
                    arguments.insert(key.to_owned(), value.clone());
                }
            }
            (
                "Name"
                | "Description"
                | "ConnectionType"
                | "ConnectionProperties"
                | "MatchCriteria",
                _,
            ) => {
                arguments.insert(snake(key), value.clone());
            }
            _ => return None,
        }
    }
    for (key, value) in &it.request {
        match key.as_str() {
            "CatalogId" => arguments.insert("catalog_id".to_owned(), value.clone()),
            _ => return None,
        };
    }
    arguments.insert("state".to_owned(), json!("present"));
    if Value::Object(arguments.clone()).to_string().contains("{{") {
        return None;
    }
    Some(yaml(&json!([{"hosts": "localhost", "tasks": [
        {"name": "Orders", "community.aws.glue_connection": arguments}
    ]}])))
}

// ---- the connections --------------------------------------------------------------------------

/// A connection of a rule's page.
struct Case {
    rule: &'static str,
    role: &'static str,
    connection: Abstract,
}

/// The connections of the pages that are written as requests of the API.
fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for rule in check::rules() {
        for example in rule.page.examples() {
            let text: String = (example.text.lines())
                .filter(|line| !line.trim_start_matches([' ', '#']).starts_with('^'))
                .map(|line| without_references(line) + "\n")
                .collect();
            for text in text.split("\n---\n") {
                // YAML of a connection is JSON's data, except where it is about YAML itself.
                let Ok(document) = serde_yaml::from_str::<Value>(text) else {
                    continue;
                };
                if let Some(connection) = abstracted(document) {
                    cases.push(Case {
                        rule: rule.name,
                        role: example.role,
                        connection,
                    });
                }
            }
        }
    }
    cases
}

/// A line of a template, with a mark in place of `!Ref Name` and `!GetAtt Name.Attribute`.
fn without_references(line: &str) -> String {
    let mut out = line.to_owned();
    for tag in ["!Ref ", "!GetAtt ", "!ImportValue "] {
        while let Some((before, after)) = out.split_once(tag) {
            let len = after.find([',', ']', '}', ' ']).unwrap_or(after.len());
            let (name, rest) = after.split_at(len);
            let name = name.replace([':', '.', '-'], "");
            out = format!("{before}\"{UNKNOWN}{name}\"{rest}");
        }
    }
    out
}

/// The value with a mark in place of each reference; `None` where there are other functions.
fn without_functions(value: &Value) -> Option<Value> {
    Some(match value {
        Value::Object(map) if map.len() == 1 && map.contains_key("Ref") => {
            let name = map["Ref"].as_str()?.replace(':', "");
            json!(format!("{UNKNOWN}{name}"))
        }
        Value::Object(map) => {
            if map.keys().any(|key| key.starts_with("Fn::")) {
                return None;
            }
            let entries =
                (map.iter()).map(|(key, value)| Some((key.clone(), without_functions(value)?)));
            Value::Object(entries.collect::<Option<_>>()?)
        }
        Value::Array(items) => {
            Value::Array(items.iter().map(without_functions).collect::<Option<_>>()?)
        }
        other => other.clone(),
    })
}

fn abstracted(document: Value) -> Option<Abstract> {
    let Value::Object(mut document) = document else {
        return None;
    };
    if let Some(Value::Object(resources)) = document.get("Resources") {
        let mut connections =
            (resources.values()).filter(|it| it["Type"] == "AWS::Glue::Connection");
        // What stands around it has other tests.
        let (Some(only), None, 1) = (connections.next(), connections.next(), resources.len())
        else {
            return None;
        };
        let properties = without_functions(&only["Properties"])?;
        let mut properties = properties.as_object()?.clone();
        let members = properties.remove("ConnectionInput")?.as_object()?.clone();
        return Some(Abstract {
            members,
            request: properties,
        });
    }
    if let Some(Value::Object(members)) = document.remove("ConnectionInput") {
        // To update is to name what is updated.
        let is_plain = document
            .keys()
            .all(|key| matches!(key.as_str(), "CatalogId" | "Tags"));
        return is_plain.then_some(Abstract {
            members,
            request: document,
        });
    }
    let is_bare =
        document.contains_key("ConnectionProperties") || document.contains_key("ConnectionType");
    let is_other = [
        "Resources",
        "resources",
        "apiVersion",
        "Connection",
        "ConnectionList",
        "TestConnectionInput",
    ]
    .iter()
    .any(|key| document.contains_key(*key));
    // What AWS answers is judged as an answer.
    let is_answer = gluelint::spec::structure("Connection").is_some_and(|structure| {
        (structure.members.iter())
            .filter(|member| member.direction == gluelint::spec::Direction::Output)
            .any(|member| document.contains_key(member.name))
    });
    (is_bare && !is_other && !is_answer).then(|| Abstract {
        members: document,
        request: Map::new(),
    })
}

// ---- what is found ----------------------------------------------------------------------------

fn run(file: &str, text: &str) -> FileReport {
    let options = Options {
        least: Severity::Info,
        ..Options::default()
    };
    lint_bytes(file, text.as_bytes().to_vec(), &options)
}

/// A logical path without what a form adds to it: names in lower case, without separators and
/// plurals; the keys of properties as they are.
fn canonical(path: &str, prefixes: &[&str]) -> String {
    let path = prefixes
        .iter()
        .find_map(|prefix| path.strip_prefix(prefix))
        .unwrap_or(path);
    let path = path
        .trim_start_matches('.')
        .replace("metadata.name", "Name");
    let mut out: Vec<String> = Vec::new();
    let mut is_free = false;
    for segment in path.split('.') {
        let (name, index) = segment.split_at(segment.find('[').unwrap_or(segment.len()));
        if is_free {
            out.push(segment.to_owned());
            continue;
        }
        let folded = name.to_ascii_lowercase().replace(['_', '-'], "");
        let folded = match folded.as_str() {
            // Crossplane's properties are those of a Secret.
            "stringdata" | "connectionpropertiessecretref" => "connectionproperties".to_owned(),
            // Ansible's placement has no map around it.
            "subnetid" | "securitygroups" | "availabilityzone" if out.is_empty() => {
                out.push("physicalconnectionrequirements".to_owned());
                folded.replace("securitygroups", "securitygroupidlist")
            }
            "matchcriterias" => "matchcriteria".to_owned(),
            "securitygroupidlists" => "securitygroupidlist".to_owned(),
            _ => folded,
        };
        is_free = [
            "connectionproperties",
            "sparkproperties",
            "athenaproperties",
            "pythonproperties",
            "tags",
        ]
        .contains(&folded.as_str());
        out.push(folded + index);
    }
    out.join(".")
}

fn found(report: &FileReport, prefixes: &[&str]) -> BTreeSet<(&'static str, String)> {
    (report.findings.iter())
        .map(|finding| (finding.rule.name, canonical(&finding.path, prefixes)))
        .collect()
}

/// What a form cannot say, or says otherwise.
struct Exception {
    rules: &'static [&'static str],
    forms: &'static [&'static str],
    why: &'static str,
}

/// In place of a rule: that the connection was not even recognised.
const UNRECOGNISED: &str = "(not recognised)";

const EXCEPTIONS: &[Exception] = &[
    Exception {
        rules: &[
            "driver-of-another-engine",
            "port-of-another-engine",
            "authentication-without-credentials",
            "broker-port-of-another-protocol",
            "certificate-check-skipped",
            "certificate-without-tls",
            "control-character",
            "duplicate-entry",
            "empty-value",
            "groups-without-subnet",
            "host-without-url",
            "incomplete-credentials",
            "incomplete-driver",
            "incomplete-grant",
            "incomplete-host-group",
            "incomplete-jdbc-connector",
            "incomplete-placement",
            "incomplete-view-validation",
            "invisible-character",
            "member-in-foreign-casing",
            "missing-authentication",
            "missing-credentials",
            "missing-jdbc-target",
            "missing-member",
            "missing-property",
            "missing-sasl-credentials",
            "misspelled-property",
            "mixed-snowflake-forms",
            "network-without-placement",
            "oauth2-properties-mismatch",
            "output-member-in-input",
            "private-host-without-placement",
            "property-in-wrong-case",
            "property-of-another-mechanism",
            "skip-without-certificate",
            "snowflake-properties-missing",
            "subnet-without-zone",
            "tls-not-enforced",
            "too-many-entries",
            "unknown-jdbc-subprotocol",
            "unknown-member",
            "wrong-container",
            "wrong-scalar-type",
            "zone-without-subnet",
        ],
        forms: &["datazone"],
        why: "what it shares with the API is not told whole: what is missing there is not judged",
    },
    Exception {
        rules: &[
            "missing-authentication",
            "missing-member",
            "network-without-placement",
        ],
        forms: &["api-bare"],
        why: "no key stands in front of the connection: what is missing is said at its first member",
    },
    Exception {
        rules: &["output-member-in-input", "empty-value"],
        forms: &["api-bare"],
        why: "with such a member, it is taken for an answer of AWS",
    },
    Exception {
        rules: &[UNRECOGNISED],
        forms: &["api-bare"],
        why: "without a map of properties, nothing tells it from an object of another service",
    },
    Exception {
        rules: &[
            "empty-value",
            "unnamed-connection",
            "wrong-container",
            "incomplete-placement",
            "missing-member",
        ],
        forms: &["terraform", "terraform-json", "awscc", "plan"],
        why: "an argument that is empty counts as not set",
    },
    Exception {
        rules: &["connection-type-left-out", "tls-not-enforced"],
        forms: &["terraform", "terraform-json", "plan"],
        why: "without a type, or with an empty one, it is JDBC",
    },
    Exception {
        rules: &["property-unknown-to-terraform"],
        forms: &["terraform", "terraform-json"],
        why: "no other tool takes listed keys alone",
    },
    Exception {
        rules: &["tls-not-enforced"],
        forms: &["pulumi", "ansible"],
        why: "without a type, it is JDBC",
    },
    Exception {
        rules: &["empty-value"],
        forms: &[
            "pulumi",
            "pulumi-native",
            "crossplane-classic",
            "crossplane-upjet",
            "ansible",
        ],
        why: "an empty description or criterion is for the tool to refuse",
    },
    Exception {
        rules: &["missing-member", "unnamed-connection"],
        forms: &["cloudformation", "cloudformation-yaml", "sam", "serverless"],
        why: "CloudFormation makes up a name, with a warning",
    },
    Exception {
        rules: &["missing-member", "unnamed-connection"],
        forms: &["pulumi", "pulumi-native", "crossplane-classic", "ansible"],
        why: "the tool has a name for it, or refuses it itself",
    },
    Exception {
        rules: &["not-a-string", "wrong-scalar-type"],
        forms: &[
            "cloudformation",
            "cloudformation-yaml",
            "sam",
            "serverless",
            "terraform",
            "terraform-json",
            "awscc",
            "plan",
            "pulumi",
            "pulumi-native",
            "ansible",
        ],
        why: "the tool makes the right type of it",
    },
    Exception {
        rules: &["output-member-in-input", "unknown-member"],
        forms: &[
            "terraform",
            "terraform-json",
            "awscc",
            "plan",
            "pulumi",
            "pulumi-native",
            "crossplane-classic",
            "crossplane-upjet",
        ],
        why: "the tool knows its own arguments, and may know more than the API",
    },
    Exception {
        rules: &[
            "plaintext-password",
            "password-in-url",
            "secret-in-plan-or-state",
        ],
        forms: &["plan"],
        why: "a plan writes every credential out: that is one warning",
    },
    Exception {
        rules: &["properties-not-an-object", "wrong-container"],
        forms: &[
            "terraform",
            "terraform-json",
            "awscc",
            "pulumi",
            "pulumi-native",
        ],
        why: "a text in place of a map is JSON in some forms, and for the tool to refuse in others",
    },
    Exception {
        rules: &["unresolved-template-marker"],
        forms: &["crossplane-classic", "crossplane-upjet"],
        why: "double braces are filled in by the tools around Kubernetes",
    },
    Exception {
        rules: &["unresolved-template-marker", "unresolvable-reference"],
        forms: &[
            "terraform",
            "terraform-json",
            "awscc",
            "pulumi",
            "pulumi-native",
        ],
        why: "dynamic references are CloudFormation's alone",
    },
    Exception {
        rules: &[
            "incomplete-placement",
            "subnet-without-zone",
            "wrong-container",
            "malformed-security-group-id",
            "properties-not-an-object",
            "placement-without-use",
        ],
        forms: &["ansible"],
        why: "the placement has no key of its own, groups may be named, and texts are split to lists",
    },
];

/// Rules that no single connection in a request can show, and why.
const ELSEWHERE: &[(&str, &str)] = &[
    (
        "connection-type-left-out",
        "about tools that take a missing type for JDBC",
    ),
    ("property-unknown-to-terraform", "about Terraform"),
    (
        "swapped-credentials",
        "about references; tests/cross.rs and the rule's page",
    ),
    ("unreadable-file", "about a file"),
    ("no-connection-found", "about a file"),
    ("invalid-configuration", "about a configuration"),
    ("invalid-syntax", "about a language"),
    ("comment-in-json", "about a language"),
    ("trailing-comma-in-json", "about a language"),
    ("mangled-by-yaml", "about a language"),
    (
        "read-only-name",
        "about the resource around a connection in CloudFormation",
    ),
    (
        "reserved-tag-key",
        "about the resource around a connection in CloudFormation",
    ),
    ("number-out-of-range", "about requests without a connection"),
    ("renamed-in-update", "about a request to update"),
    ("ambiguous-test-target", "about a request to test"),
    ("password-lost-in-copy", "about a request to update"),
    ("input-member-in-output", "about answers"),
    ("unknown-output-value", "about answers"),
    ("failed-connection", "about answers"),
    ("secret-in-plan-or-state", "about plans and states"),
    (
        "reference-to-wrong-resource",
        "about references; tests/cross.rs and the forms' own tests",
    ),
    (
        "credential-in-shown-parameter",
        "about references; tests/cross.rs and the forms' own tests",
    ),
    (
        "security-group-without-self-reference",
        "about resources around it; tests/cross.rs",
    ),
    (
        "zone-differs-from-subnet",
        "about resources around it; tests/cross.rs",
    ),
    (
        "duplicate-connection",
        "about several connections; tests/cross.rs",
    ),
    (
        "connection-referred-by-id",
        "about jobs and crawlers; tests/cross.rs",
    ),
];

#[test]
fn a_connection_is_judged_alike_in_every_form() {
    let mut failures: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
    let mut used: BTreeSet<(usize, &str, &str)> = BTreeSet::new();
    let mut compared: BTreeMap<&str, usize> = BTreeMap::new();
    let mut shown: BTreeSet<&str> = BTreeSet::new();
    for case in cases() {
        let expected = if case.connection.has_unknown() {
            let template = WRITERS
                .iter()
                .find(|writer| writer.name == "cloudformation")
                .unwrap();
            let text = template.document(&case.connection).unwrap();
            found(&run(template.file, &text), template.prefixes)
        } else {
            let text = pretty(&case.connection.wrapped());
            found(&run("input.json", &text), &["ConnectionInput"])
        };
        if case.role == "bad" && expected.iter().any(|(rule, _)| *rule == case.rule) {
            shown.insert(case.rule);
        }
        for writer in WRITERS {
            let Some(text) = writer.document(&case.connection) else {
                continue;
            };
            let report = run(writer.file, &text);
            let seen = match report.connections {
                1 => found(&report, writer.prefixes),
                _ => BTreeSet::from([(UNRECOGNISED, text.clone())]),
            };
            *compared.entry(writer.name).or_default() += 1;
            let differences: Vec<_> = match seen.first() {
                Some(first) if first.0 == UNRECOGNISED => vec![first],
                _ => expected.symmetric_difference(&seen).collect(),
            };
            for (rule, path) in differences {
                let exception = (EXCEPTIONS.iter()).position(|exception| {
                    exception.rules.contains(rule) && exception.forms.contains(&writer.name)
                });
                match exception {
                    Some(index) => {
                        used.insert((index, rule, writer.name));
                    }
                    None => failures
                        .entry((rule, writer.name))
                        .or_default()
                        .push(format!(
                            "{} at {path:?}, on the page of {} ({})",
                            if seen.contains(&(*rule, path.clone())) {
                                "too much"
                            } else {
                                "missing"
                            },
                            case.rule,
                            case.role
                        )),
                }
            }
        }
    }
    let mut message = String::new();
    for ((rule, form), places) in &failures {
        let (first, last) = (&places[0], &places[places.len() - 1]);
        writeln!(
            message,
            "{rule} in {form}: {} times, such as {first}; {last}",
            places.len()
        )
        .unwrap();
    }
    for (index, exception) in EXCEPTIONS.iter().enumerate() {
        for rule in exception.rules {
            if !used
                .iter()
                .any(|(at, name, _)| (*at, name) == (index, rule))
            {
                writeln!(message, "{rule} is no exception: {}", exception.why).unwrap();
            }
        }
        for form in exception.forms {
            if !used
                .iter()
                .any(|(at, _, name)| (*at, name) == (index, form))
            {
                writeln!(message, "{form} is no exception: {}", exception.why).unwrap();
            }
        }
    }
    for rule in check::rules() {
        let elsewhere = ELSEWHERE.iter().any(|(name, _)| *name == rule.name);
        if shown.contains(rule.name) == elsewhere {
            writeln!(message, "{} is shown: {}", rule.name, !elsewhere).unwrap();
        }
    }
    assert!(message.is_empty(), "\n{message}");
    for writer in WRITERS {
        let count = compared.get(writer.name).copied().unwrap_or_default();
        assert!(count > 100, "{} wrote {count} connections", writer.name);
    }
}

// ---- fixes ------------------------------------------------------------------------------------

/// The form of documents that a tool prints, and that are not the ones to mend.
const PRINTED: &str = "plan";

/// What would mend each finding, as far as it is told apart here.
fn mended(report: &FileReport, prefixes: &[&str]) -> BTreeMap<(&'static str, String), Vec<Safety>> {
    (report.findings.iter())
        .map(|finding| {
            let fixes = finding.fixes.iter().map(|fix| fix.safety).collect();
            (
                (finding.rule.name, canonical(&finding.path, prefixes)),
                fixes,
            )
        })
        .collect()
}

#[test]
fn a_connection_is_mended_alike_in_every_form() {
    let options = Options {
        least: Severity::Info,
        ..Options::default()
    };
    let mut failures: BTreeMap<(String, &str), String> = BTreeMap::new();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let known = |case: &&Case| case.role == "bad" && !case.connection.has_unknown();
    for case in cases().iter().filter(known) {
        let text = pretty(&case.connection.wrapped());
        let expected = mended(&run("input.json", &text), &["ConnectionInput"]);
        for writer in WRITERS {
            let Some(text) = writer.document(&case.connection) else {
                continue;
            };
            let mut fail = |rule: &str, what: String| {
                failures
                    .entry((rule.to_owned(), writer.name))
                    .or_insert(what);
            };
            let before = run(writer.file, &text);
            for (key, fixes) in mended(&before, writer.prefixes) {
                if writer.name == PRINTED {
                    assert_eq!(fixes, []);
                    continue;
                }
                if let Some(expected) = expected.get(&key)
                    && *expected != fixes
                {
                    fail(key.0, format!("{fixes:?}, not {expected:?}:\n{text}"));
                }
            }
            let fixed = fix(Source::new(writer.file, text), &options, &|_, _| true);
            *counts.entry(writer.name).or_default() += fixed.count;
            let left = &fixed.report;
            if left.findings.iter().any(|it| !it.fixes.is_empty()) {
                fail(case.rule, format!("left to mend:\n{}", fixed.source.text));
            }
            if left.unreadable || left.connections != before.connections {
                fail(case.rule, format!("broken:\n{}", fixed.source.text));
            }
        }
    }
    let failures: Vec<String> = (failures.iter())
        .map(|((rule, form), what)| format!("{rule} in {form}: {what}"))
        .collect();
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
    for writer in WRITERS.iter().filter(|writer| writer.name != PRINTED) {
        let count = counts.get(writer.name).copied().unwrap_or_default();
        assert!(count > 40, "{} was mended {count} times", writer.name);
    }
}
