//! The JSON Schema of configurations, for editors and other tools.

use serde_json::{Map, Value, json};

use super::keys::{KEYS, Key, Kind, LEVELS};
use crate::check;
use crate::form::FORMS;

/// The JSON Schema of `gluelint.yaml`, draft 2020-12.
pub fn schema() -> Value {
    let Value::Object(keys) = object(KEYS) else {
        return Value::Null;
    };
    let mut schema = Map::new();
    schema.insert(
        "$schema".to_owned(),
        json!("https://json-schema.org/draft/2020-12/schema"),
    );
    schema.insert("title".to_owned(), json!("gluelint.yaml"));
    schema.insert(
        "description".to_owned(),
        json!("The configuration of gluelint, a linter for AWS Glue connection definitions."),
    );
    schema.extend(keys);
    // A file in which everything is commented out says nothing.
    schema.insert("type".to_owned(), json!(["object", "null"]));
    Value::Object(schema)
}

fn object(keys: &[Key]) -> Value {
    let properties: Map<String, Value> = (keys.iter())
        .map(|key| {
            let mut value = of(&key.kind);
            if !key.required {
                value = json!({ "anyOf": [value, { "type": "null" }] });
            }
            if let Value::Object(map) = &mut value {
                map.insert("description".to_owned(), json!(key.about));
            }
            (key.name.to_owned(), value)
        })
        .collect();
    let required: Vec<&str> = (keys.iter())
        .filter(|key| key.required)
        .map(|key| key.name)
        .collect();
    let mut object = json!({
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    });
    if let (Value::Object(map), false) = (&mut object, required.is_empty()) {
        map.insert("required".to_owned(), json!(required));
    }
    object
}

fn of(kind: &Kind) -> Value {
    match kind {
        Kind::Text | Kind::Pattern | Kind::Type | Kind::Property | Kind::Host => scalar(),
        Kind::Regex => json!({ "type": "string", "minLength": 1, "format": "regex" }),
        Kind::PolicyName => json!({ "type": "string", "pattern": POLICY_NAME }),
        Kind::Word(words) => json!({ "enum": words }),
        Kind::Form => {
            let names: Vec<&str> = FORMS.iter().map(|form| form.name).collect();
            json!({ "enum": names })
        }
        Kind::Port => json!({
            "anyOf": [
                { "type": "integer", "minimum": 1, "maximum": 65535 },
                { "type": "string", "pattern": "^[0-9]+( *- *[0-9]+)?$" },
            ],
        }),
        Kind::Day => json!({ "type": "string", "format": "date" }),
        Kind::Example => json!({ "type": ["string", "object"] }),
        Kind::Several(item) => {
            let item = of(item);
            json!({ "anyOf": [item, { "type": "array", "items": item }] })
        }
        Kind::List(keys) => json!({ "type": "array", "items": object(keys) }),
        Kind::Map(keys) => object(keys),
        Kind::Levels => {
            let level = json!({ "enum": LEVELS });
            let rules: Map<String, Value> = check::rules()
                .filter(|rule| !check::is_always_said(rule.name))
                .map(|rule| {
                    let level = json!({ "enum": LEVELS, "description": rule.page.title() });
                    (rule.name.to_owned(), level)
                })
                .collect();
            json!({
                "type": "object",
                "properties": rules,
                "patternProperties": { POLICY_NAME: level },
                "additionalProperties": false,
            })
        }
    }
}

const POLICY_NAME: &str = "^[a-z0-9-]+(/[a-z0-9-]+)+$";

/// A text, with quotes or without.
fn scalar() -> Value {
    json!({ "type": ["string", "number", "boolean"], "minLength": 1 })
}
