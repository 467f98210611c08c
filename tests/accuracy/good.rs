//! Good connections: of every type, with every key and member of the facts.

use gluelint::spec::{self, ConnectionType, Family, Need, Property};
use serde_json::{Map, Value, json};

use crate::forms_writing::{Abstract, UNKNOWN};
use crate::samples;

/// A connection that nothing is wrong with.
pub struct Good {
    pub name: String,
    pub kind: &'static ConnectionType,
    /// A request to create it.
    pub request: Value,
}

impl Good {
    /// Whether it has that key.
    pub fn has(&self, key: &str) -> bool {
        let properties = &self.request["ConnectionInput"]["ConnectionProperties"];
        properties.get(key).is_some()
    }

    /// Whether it is the one with nothing but what its type needs.
    pub fn is_least(&self) -> bool {
        self.name.starts_with(LEAST)
    }
}

/// How the names of connections begin that have nothing but what their type needs.
const LEAST: &str = "the least of ";

/// The request as something that forms can write.
pub fn abstracted(request: &Value) -> Abstract {
    let mut request = request.as_object().unwrap().clone();
    let Some(Value::Object(members)) = request.remove("ConnectionInput") else {
        panic!("{request:?} has no connection");
    };
    Abstract { members, request }
}

fn kind(name: &str) -> &'static ConnectionType {
    spec::connection_type(name).unwrap_or_else(|| panic!("no type {name}"))
}

fn fact(key: &str) -> &'static Property {
    spec::property(key).unwrap_or_else(|| panic!("no property {key}"))
}

/// What a type needs besides the keys that the facts require of it: there, a choice is left.
const CHOSEN: &[(&str, &[&str])] = &[
    (
        "JDBC",
        &["JDBC_CONNECTION_URL", "SECRET_ID", "JDBC_ENFORCE_SSL"],
    ),
    ("MONGODB", &["SECRET_ID"]),
    ("VIEW_VALIDATION_REDSHIFT", &["WORKGROUP_NAME"]),
    ("SNOWFLAKE", &["SparkProperties"]),
    ("MARKETPLACE", &["CONNECTION_URL", "SECRET_ID"]),
];

/// Keys that stand in for others: with the first come the second, and the third go.
type Change = (
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
);
const CHANGES: &[Change] = &[
    ("HOST", &["JDBC_ENGINE"], &["JDBC_CONNECTION_URL"]),
    ("PORT", &["JDBC_ENGINE"], &["JDBC_CONNECTION_URL"]),
    ("JDBC_ENGINE", &["HOST", "PORT"], &["JDBC_CONNECTION_URL"]),
    ("JDBC_ENGINE_VERSION", &[], &["JDBC_CONNECTION_URL"]),
    ("USERNAME", &[], &["SECRET_ID"]),
    ("PASSWORD", &[], &["SECRET_ID"]),
    ("CLUSTER_IDENTIFIER", &[], &["WORKGROUP_NAME"]),
    ("CUSTOM_JDBC_CERT_STRING", &["CUSTOM_JDBC_CERT"], &[]),
];

/// The least connection of a type.
fn least(kind: &'static ConnectionType) -> Value {
    let chosen = (CHOSEN.iter()).find(|(name, _)| *name == kind.name);
    let keys = (kind.requires.iter()).chain(chosen.into_iter().flat_map(|(_, keys)| *keys));
    let properties: Map<String, Value> = keys
        .map(|key| ((*key).to_owned(), samples::property(fact(key), kind)))
        .collect();
    let mut input = json!({
        "Name": "orders", "ConnectionType": kind.name, "ConnectionProperties": properties,
    });
    if kind.name == "NETWORK" {
        let placement = "PhysicalConnectionRequirements";
        input[placement] = samples::structure(placement);
    }
    if matches!(kind.authentication, Need::Required | Need::Expected) {
        let login = kind.logins.first().copied().unwrap_or("BASIC");
        input["AuthenticationConfiguration"] = login_by(login, kind.grants.first().copied());
    }
    json!({ "ConnectionInput": input })
}

/// An `AuthenticationConfiguration` whose credentials are in a secret.
fn login_by(login: &str, grant: Option<&str>) -> Value {
    let mut login = json!({"AuthenticationType": login, "SecretArn": samples::SECRET_ARN});
    if login["AuthenticationType"] == "OAUTH2" {
        login["OAuth2Properties"] = oauth2(grant);
    }
    login
}

/// `OAuth2Properties` for a grant, whose credentials are in a secret.
pub fn oauth2(grant: Option<&str>) -> Value {
    json!({
        "OAuth2GrantType": grant.unwrap_or("CLIENT_CREDENTIALS"),
        "OAuth2ClientApplication": {"UserManagedClientApplicationClientId": "orders"},
        "TokenUrl": "https://login.example.org/token",
    })
}

/// The connection with a key, and what belongs to it.
fn with_key(kind: &'static ConnectionType, key: &'static str) -> Option<Value> {
    let mut request = least(kind);
    let input = &mut request["ConnectionInput"];
    let properties = input["ConnectionProperties"].as_object_mut()?;
    let mut todo = vec![key];
    let mut added: Vec<&str> = Vec::new();
    while let Some(key) = todo.pop() {
        let is_taken = fact(key).types.is_empty() || fact(key).types.contains(&kind.name);
        if added.contains(&key) || fact(key).output_only || !is_taken {
            continue;
        }
        added.push(key);
        todo.extend(fact(key).partners);
        properties.insert(key.to_owned(), samples::property(fact(key), kind));
        for (first, with, without) in CHANGES.iter().filter(|(first, ..)| *first == key) {
            // The URL stands in for the others on JDBC connections only.
            if kind.name == "JDBC" || !["HOST", "PORT"].contains(first) {
                todo.extend(*with);
                properties.retain(|key, _| !without.contains(&key.as_str()));
            }
        }
    }
    if key == "CUSTOM_JDBC_CERT_STRING" {
        // Only two engines look at it.
        properties.insert("JDBC_CONNECTION_URL".to_owned(), json!(url("oracle")));
    }
    if kind.name == "KAFKA" {
        mechanism(kind, properties, &added);
    }
    if kind.name == "SNOWFLAKE" && key != "SparkProperties" && key != "PythonProperties" {
        properties.remove("SparkProperties");
        let host = samples::property(fact("HOST"), kind);
        properties.insert("HOST".to_owned(), host);
        input["ValidateForComputeEnvironments"] = json!(["SPARK"]);
    }
    Some(request)
}

/// Sets the SASL mechanism that uses the keys, with all it needs.
fn mechanism(kind: &'static ConnectionType, properties: &mut Map<String, Value>, added: &[&str]) {
    let uses = |key: &str| {
        spec::mechanisms().iter().find(|it| {
            let is_general = it.needs.iter().any(|group| group.contains(&key));
            it.keys.contains(&key) || is_general
        })
    };
    let Some(mechanism) = added.iter().find_map(|key| uses(key)) else {
        if properties.contains_key("KAFKA_SASL_MECHANISM") {
            properties.insert("KAFKA_SASL_MECHANISM".to_owned(), json!("AWS_MSK_IAM"));
        }
        return;
    };
    properties.insert("KAFKA_SASL_MECHANISM".to_owned(), json!(mechanism.name));
    let group = (mechanism.needs.iter())
        .find(|group| group.iter().any(|key| added.contains(key)))
        .unwrap();
    for key in *group {
        properties.insert((*key).to_owned(), samples::property(fact(key), kind));
    }
}

/// A URL for each engine of the facts.
const URLS: &[(&str, &str)] = &[
    ("mysql", "jdbc:mysql://db.example.org:3306/orders"),
    ("postgresql", "jdbc:postgresql://db.example.org:5432/orders"),
    ("redshift", "jdbc:redshift://db.example.org:5439/orders"),
    ("oracle", "jdbc:oracle:thin:@//db.example.org:1521/orders"),
    (
        "sqlserver",
        "jdbc:sqlserver://db.example.org:1433;databaseName=orders",
    ),
    ("mariadb", "jdbc:mariadb://db.example.org:3306/orders"),
    (
        "snowflake",
        "jdbc:snowflake://orders.snowflakecomputing.com:443/?db=orders",
    ),
    ("db2", "jdbc:db2://db.example.org:50000/orders"),
    ("as400", "jdbc:as400://db.example.org:446/orders"),
    (
        "sap",
        "jdbc:sap://db.example.org:30015/?databaseName=orders",
    ),
    (
        "teradata",
        "jdbc:teradata://db.example.org/DATABASE=orders,DBS_PORT=1025",
    ),
    ("vertica", "jdbc:vertica://db.example.org:5433/orders"),
    ("clickhouse", "jdbc:clickhouse://db.example.org:8123/orders"),
    ("ch", "jdbc:ch://db.example.org:8123/orders"),
    ("hive2", "jdbc:hive2://db.example.org:10000/orders"),
    ("impala", "jdbc:impala://db.example.org:21050/orders"),
    (
        "awsathena",
        "jdbc:awsathena://AwsRegion=eu-west-1;S3OutputLocation=s3://orders-etl/out/",
    ),
    (
        "athena",
        "jdbc:athena://Region=eu-west-1;OutputLocation=s3://orders-etl/out/",
    ),
    ("trino", "jdbc:trino://db.example.org:8080/orders"),
    (
        "databricks",
        "jdbc:databricks://db.example.org:443/orders;httpPath=/sql/1.0/warehouses/a1",
    ),
    ("jtds", "jdbc:jtds:sqlserver://db.example.org:1433/orders"),
    (
        "aws-wrapper",
        "jdbc:aws-wrapper:mysql://db.example.org:3306/orders",
    ),
];

/// The URL of an engine.
fn url(engine: &str) -> &'static str {
    let known = URLS.iter().find(|(name, _)| *name == engine);
    known
        .unwrap_or_else(|| panic!("the engine {engine} has no URL among those of the harness"))
        .1
}

/// A JDBC connection for each engine, with its driver where AWS Glue brings none.
fn engines(goods: &mut Vec<Good>) {
    for engine in spec::engines() {
        let mut request = least(kind("JDBC"));
        let properties = &mut request["ConnectionInput"]["ConnectionProperties"];
        properties["JDBC_CONNECTION_URL"] = json!(url(engine.subprotocol));
        if !engine.built_in {
            properties["JDBC_DRIVER_JAR_URI"] = json!("s3://orders-etl/drivers/driver.jar");
            properties["JDBC_DRIVER_CLASS_NAME"] = json!(engine.classes[0]);
        }
        goods.push(Good {
            name: format!("JDBC to {}", engine.subprotocol),
            kind: kind("JDBC"),
            request,
        });
    }
}

/// Each way to log in that a page shows, with credentials in the configuration itself.
fn logins(goods: &mut Vec<Good>) {
    let secret = |name: &str| format!("{UNKNOWN}{name}");
    let application = json!({"UserManagedClientApplicationClientId": "orders"});
    let granted = |grant: &str, mut rest: Value| {
        rest["OAuth2GrantType"] = json!(grant);
        json!({"AuthenticationType": "OAUTH2", "OAuth2Properties": rest})
    };
    let url = "https://login.example.org/token";
    let all = [
        (
            "TWILIO",
            json!({"AuthenticationType": "BASIC", "BasicAuthenticationCredentials": {
                "Username": "etl", "Password": secret("Password"),
            }}),
        ),
        (
            "STRIPE",
            json!({"AuthenticationType": "CUSTOM", "CustomAuthenticationCredentials": {
                "api_key": secret("Key"),
            }}),
        ),
        (
            "STRIPE",
            json!({
                "AuthenticationType": "CUSTOM", "SecretArn": samples::SECRET_ARN,
                "KmsKeyArn": "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
            }),
        ),
        (
            "MARKETO",
            granted(
                "CLIENT_CREDENTIALS",
                json!({
                    "OAuth2ClientApplication": application, "TokenUrl": url,
                    "TokenUrlParametersMap": {"audience": "orders"},
                    "OAuth2Credentials": {"UserManagedClientApplicationClientSecret": secret("Client")},
                }),
            ),
        ),
        (
            "ZENDESK",
            granted(
                "AUTHORIZATION_CODE",
                json!({
                    "OAuth2ClientApplication": application, "TokenUrl": url,
                    "AuthorizationCodeProperties": {
                        "AuthorizationCode": secret("Code"), "RedirectUri": "https://www.example.org/back",
                    },
                    "OAuth2Credentials": {"UserManagedClientApplicationClientSecret": secret("Client")},
                }),
            ),
        ),
        (
            "SALESFORCE",
            granted(
                "AUTHORIZATION_CODE",
                json!({"OAuth2ClientApplication": {"AWSManagedClientApplicationReference": "orders"}}),
            ),
        ),
        (
            "SALESFORCE",
            granted(
                "JWT_BEARER",
                json!({
                    "OAuth2ClientApplication": application, "TokenUrl": url,
                    "OAuth2Credentials": {"JwtToken": secret("Token")},
                }),
            ),
        ),
        (
            "GOOGLEADS",
            granted(
                "REFRESH_TOKEN",
                json!({
                    "OAuth2ClientApplication": application, "TokenUrl": url,
                    "OAuth2Credentials": {
                        "RefreshToken": secret("Refresh"), "AccessToken": secret("Access"),
                        "UserManagedClientApplicationClientSecret": secret("Client"),
                    },
                }),
            ),
        ),
    ];
    for (index, (name, login)) in all.into_iter().enumerate() {
        let mut request = least(kind(name));
        request["ConnectionInput"]["AuthenticationConfiguration"] = login;
        goods.push(Good {
            name: format!("{name} that logs in by itself, {index}"),
            kind: kind(name),
            request,
        });
    }
    for kind in spec::connection_types() {
        for login in kind.logins {
            let grants: Vec<Option<&str>> = match *login {
                "OAUTH2" => kind.grants.iter().copied().map(Some).collect(),
                _ => vec![None],
            };
            for grant in grants {
                let mut request = least(kind);
                request["ConnectionInput"]["AuthenticationConfiguration"] = login_by(login, grant);
                goods.push(Good {
                    name: format!("{} by {login} {}", kind.name, grant.unwrap_or_default()),
                    kind,
                    request,
                });
            }
        }
    }
}

/// Connections that show what no single key tells.
fn others(goods: &mut Vec<Good>) {
    let secret = |name: &str| format!("{UNKNOWN}{name}");
    let placement = samples::structure("PhysicalConnectionRequirements");
    let all = [
        (
            "a JDBC connection with everything around it",
            "JDBC",
            json!({
                "CatalogId": samples::ACCOUNT,
                "Tags": {"team": "sales", "stage": "production"},
                "ConnectionInput": {
                    "Name": "orders", "Description": "The orders of the shop.",
                    "ConnectionType": "JDBC", "MatchCriteria": ["orders", "shop"],
                    "ConnectionProperties": {
                        "JDBC_CONNECTION_URL": "jdbc:mysql://db.example.org:3306/orders",
                        "USERNAME": "etl", "PASSWORD": secret("Password"),
                        "JDBC_ENFORCE_SSL": "true",
                    },
                    "PhysicalConnectionRequirements": placement,
                    "ValidateCredentials": true,
                    "ValidateForComputeEnvironments": ["SPARK", "ATHENA", "PYTHON"],
                    "SparkProperties": {"fetchsize": "1000"},
                    "AthenaProperties": {"lambda_function_arn": "orders"},
                    "PythonProperties": {"timeout": "30"},
                },
            }),
        ),
        (
            "a JDBC connection with a secret by its ARN, in a network",
            "JDBC",
            json!({"ConnectionInput": {
                "Name": "orders", "ConnectionType": "JDBC",
                "ConnectionProperties": {
                    "JDBC_CONNECTION_URL": "jdbc:postgresql://10.0.3.7:5432/orders",
                    "SECRET_ID": samples::SECRET_ARN, "JDBC_ENFORCE_SSL": "true",
                    "CUSTOM_JDBC_CERT": "s3://orders-etl/certificates/root.pem",
                },
                "PhysicalConnectionRequirements": placement,
            }}),
        ),
        (
            "Amazon DocumentDB",
            "MONGODB",
            json!({"ConnectionInput": {
                "Name": "orders", "ConnectionType": "MONGODB",
                "ConnectionProperties": {
                    "CONNECTION_URL": "mongodb://orders.cluster-abc.eu-west-1.docdb.amazonaws.com:27017/orders?retryWrites=false",
                    "SECRET_ID": "orders/etl",
                },
                "PhysicalConnectionRequirements": placement,
            }}),
        ),
        (
            "MongoDB Atlas",
            "MONGODB",
            json!({"ConnectionInput": {
                "Name": "orders", "ConnectionType": "MONGODB",
                "ConnectionProperties": {
                    "CONNECTION_URL": "mongodb+srv://orders.abcde.mongodb.net/orders",
                    "USERNAME": "etl", "PASSWORD": secret("Password"),
                },
            }}),
        ),
        (
            "Amazon MSK",
            "KAFKA",
            json!({"ConnectionInput": {
                "Name": "orders", "ConnectionType": "KAFKA",
                "ConnectionProperties": {
                    "KAFKA_BOOTSTRAP_SERVERS": "b-1.orders.a1b2c3.c2.kafka.eu-west-1.amazonaws.com:9098,b-2.orders.a1b2c3.c2.kafka.eu-west-1.amazonaws.com:9098",
                    "KAFKA_SASL_MECHANISM": "AWS_MSK_IAM", "KAFKA_SSL_ENABLED": "true",
                },
                "PhysicalConnectionRequirements": placement,
            }}),
        ),
        (
            "a connector from a registry of images",
            "MARKETPLACE",
            json!({"ConnectionInput": {
                "Name": "orders", "ConnectionType": "MARKETPLACE", "MatchCriteria": ["Connection"],
                "ConnectionProperties": {
                    "CONNECTOR_TYPE": "Spark", "CONNECTOR_CLASS_NAME": "orders",
                    "CONNECTOR_URL": "https://709825985650.dkr.ecr.us-east-1.amazonaws.com/orders:1.0",
                },
            }}),
        ),
    ];
    for (name, of, request) in all {
        goods.push(Good {
            name: name.to_owned(),
            kind: kind(of),
            request,
        });
    }
}

/// Every good connection. The order is that of the facts.
pub fn goods() -> Vec<Good> {
    let mut goods = Vec::new();
    others(&mut goods);
    let is_taken = |kind: &&ConnectionType| kind.family != Family::Rejected;
    for kind in spec::connection_types().iter().filter(is_taken) {
        goods.push(Good {
            name: format!("{LEAST}{}", kind.name),
            kind,
            request: least(kind),
        });
    }
    engines(&mut goods);
    for fact in spec::properties() {
        if fact.output_only || fact.reserved {
            continue;
        }
        // Where no page says which types take a key, those take it whose keys nobody lists.
        let owners = match fact.types {
            [] => &["OPENSEARCH"],
            types => types,
        };
        for name in owners {
            if let Some(request) = with_key(kind(name), fact.key) {
                goods.push(Good {
                    name: format!("{name} with {}", fact.key),
                    kind: kind(name),
                    request,
                });
            }
        }
    }
    logins(&mut goods);
    goods
}
