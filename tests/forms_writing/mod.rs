//! A connection without a form, and what writes it in each of the forms.

use std::fmt::Write as _;

use gluelint::lint::{FileReport, Options, lint_bytes};
use gluelint::spec::Severity;
use serde_json::{Map, Value, json};

/// A form, as something that writes.
pub struct Writer {
    /// What a table calls it.
    pub name: &'static str,
    /// The file's name.
    pub file: &'static str,
    /// Writes a connection, whose members have the names of the API.
    write: fn(&Abstract) -> Option<String>,
    /// How it writes what only a deployment knows; `None` where it cannot.
    unknown: Option<fn(&str) -> String>,
    /// What may stand in front of a connection's logical paths, the longest first.
    pub prefixes: &'static [&'static str],
}

/// A connection without a form.
#[derive(Clone, Debug)]
pub struct Abstract {
    /// The members of `ConnectionInput`.
    pub members: Map<String, Value>,
    /// What stands beside it in the request: `CatalogId`, `Tags`.
    pub request: Map<String, Value>,
}

/// Every form.
pub const WRITERS: &[Writer] = &[
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
pub const UNKNOWN: char = '\u{E000}';

/// What CloudFormation writes for it, in YAML as in JSON.
fn reference(name: &str) -> String {
    json!({ "Ref": name }).to_string()
}

impl Writer {
    /// The document with that connection, if the form can say it.
    pub fn document(&self, connection: &Abstract) -> Option<String> {
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
    /// The request around it.
    pub fn wrapped(&self) -> Value {
        let mut request = self.request.clone();
        request.insert(
            "ConnectionInput".to_owned(),
            Value::Object(self.members.clone()),
        );
        Value::Object(request)
    }
}

/// JSON, one member a line.
pub fn pretty(value: &Value) -> String {
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

// ---- what is found ----------------------------------------------------------------------------

/// Everything that is found in a document, advice included.
pub fn run(file: &str, text: &str) -> FileReport {
    let options = Options {
        least: Severity::Info,
        ..Options::default()
    };
    lint_bytes(file, text.as_bytes().to_vec(), &options)
}

/// A logical path without what a form adds to it: names in lower case, without separators and
/// plurals; the keys of properties as they are.
pub fn canonical(path: &str, prefixes: &[&str]) -> String {
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
