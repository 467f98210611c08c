//! Values as they should be, one for each format of the facts.

use gluelint::spec::{self, ConnectionType, Format, Member, MemberShape, Property};
use serde_json::{Map, Value, json};

use crate::forms_writing::UNKNOWN;

pub const ACCOUNT: &str = "123456789012";
pub const SECRET_ARN: &str =
    "arn:aws:secretsmanager:eu-west-1:123456789012:secret:orders/etl-a1B2c3";

/// A good text of that format. A new format does not compile until it has one.
fn text(format: Format, name: &str) -> &'static str {
    match format {
        Format::Text | Format::SingleLine => "orders",
        Format::Boolean => "true",
        Format::Host => "db.example.org",
        Format::Port => "5432",
        Format::JdbcUrl => "jdbc:postgresql://db.example.org:5432/orders",
        Format::ConnectionUrl => "mongodb://db.example.org:27017/orders",
        Format::WebUrl => "https://login.example.org",
        Format::S3File => "s3://orders-etl/files/orders",
        Format::ConnectorUrl => "s3://orders-etl/connectors/orders.jar",
        Format::ClassName => "org.postgresql.Driver",
        Format::ConnectorClass => "org.example.orders.Source",
        Format::SecretId => "orders/etl",
        Format::SecretArn => SECRET_ARN,
        Format::KmsKeyArn => {
            "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
        }
        Format::RoleArn => "arn:aws:iam::123456789012:role/orders-etl",
        Format::Region => "eu-west-1",
        Format::AvailabilityZone => "eu-west-1a",
        Format::SubnetId => "subnet-0a1b2c3d4e5f60718",
        Format::SecurityGroupId => "sg-0a1b2c3d4e5f60718",
        Format::CatalogId => ACCOUNT,
        Format::BrokerList => "b-1.example.org:9094,b-2.example.org:9094",
        Format::KerberosPrincipal => "etl/glue@EXAMPLE.ORG",
        Format::KerberosService => "kafka",
        Format::JsonObject => {
            r#"{"sfUrl": "orders.snowflakecomputing.com", "secretId": "orders/etl"}"#
        }
        Format::Enumeration | Format::OpenEnumeration => {
            panic!("{name} is an enumeration without values")
        }
        Format::Ciphertext | Format::Timestamp => {
            panic!("{name} is written by AWS alone, and has no good value")
        }
    }
}

/// A good value of a key, in a connection of that type.
pub fn property(fact: &Property, kind: &ConnectionType) -> Value {
    if fact.secret {
        return json!(format!("{UNKNOWN}Password"));
    }
    match (fact.key, kind.name) {
        ("HOST", "SNOWFLAKE") => json!("orders.snowflakecomputing.com"),
        ("PORT", _) => json!(kind.port.unwrap_or(30015).to_string()),
        ("KAFKA_SASL_SCRAM_SECRETS_ARN", _) => json!(SECRET_ARN.replace("orders/", "AmazonMSK_")),
        // Checks are skipped at one's own risk.
        ("SKIP_CUSTOM_JDBC_CERT_VALIDATION" | "KAFKA_SKIP_CUSTOM_CERT_VALIDATION", _) => {
            json!("false")
        }
        ("CONNECTION_URL", "CUSTOM" | "MARKETPLACE") => json!("https://api.example.org/orders"),
        ("SparkProperties", "AZURECOSMOS" | "AZURESQL" | "OPENSEARCH") => {
            json!(r#"{"secretId": "orders/etl"}"#)
        }
        _ if !fact.values.is_empty() => json!(fact.values[0]),
        _ => {
            let suffix = fact.suffix.unwrap_or_default();
            json!(text(fact.format, fact.key).to_owned() + suffix)
        }
    }
}

/// A good value of a member; of a structure, one of each of its members.
pub fn member(fact: &Member) -> Value {
    if fact.secret && fact.shape == MemberShape::String {
        return json!(format!("{UNKNOWN}Password"));
    }
    let word = || match (fact.name, fact.values.first()) {
        (_, Some(value)) => json!(value),
        ("RedirectUri", _) => json!("https://www.example.org/back"),
        ("ConnectionType", _) => json!("JDBC"),
        _ => json!(text(fact.format, fact.name)),
    };
    match fact.shape {
        MemberShape::String => word(),
        MemberShape::Boolean => json!(true),
        MemberShape::List => json!([word()]),
        MemberShape::Map if fact.secret => json!({"key": format!("{UNKNOWN}Password")}),
        MemberShape::Map => json!({"team": word()}),
        MemberShape::Structure(name) => structure(name),
        MemberShape::Integer | MemberShape::Timestamp => {
            panic!("{} stands in answers alone", fact.name)
        }
    }
}

pub fn structure(name: &str) -> Value {
    let members = spec::structure(name).unwrap().members;
    let members: Map<String, Value> = (members.iter())
        .map(|fact| (fact.name.to_owned(), member(fact)))
        .collect();
    Value::Object(members)
}
