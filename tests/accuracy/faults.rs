//! Values as they should not be, several for each format of the facts.

use gluelint::spec::{Format, Severity};

/// A text that breaks a format.
pub struct Broken {
    pub text: String,
    /// The rules that may say so.
    pub rules: &'static [&'static str],
    pub least: Severity,
}

type Rules = &'static [&'static str];

/// What a format, or the fact that names it, has to say of a value.
pub struct Constraint<'f> {
    pub name: &'f str,
    pub format: Format,
    pub values: &'f [&'f str],
    pub suffix: Option<&'f str>,
    /// The least and the greatest number.
    pub range: Option<(u32, u32)>,
}

const ARN: Rules = &["malformed-arn"];
const OTHER_ARN: Rules = &["arn-of-another-service", "malformed-arn"];
const PORT: Rules = &["not-a-port", "port-out-of-range"];
const S3: Rules = &[
    "not-an-s3-location",
    "s3-key-missing",
    "invalid-bucket-name",
];
const CLASS: Rules = &["malformed-class-name"];
const SECRET_ID: Rules = &["malformed-secret-id", "malformed-arn"];
const BROKERS: Rules = &["malformed-broker-list", "broker-with-scheme"];
const HOST: Rules = &["malformed-host", "loopback-host", "unqualified-host"];
const MONGODB: Rules = &["malformed-mongodb-url"];
const JDBC: Rules = &[
    "malformed-jdbc-url",
    "missing-jdbc-prefix",
    "unknown-jdbc-subprotocol",
];

fn all(rules: Rules, texts: &[&str]) -> Vec<Broken> {
    texts.iter().map(|text| one(rules, *text)).collect()
}

fn one(rules: Rules, text: impl Into<String>) -> Broken {
    Broken {
        text: text.into(),
        rules,
        least: Severity::Warning,
    }
}

fn advice(rules: Rules, text: impl Into<String>) -> Broken {
    Broken {
        least: Severity::Info,
        ..one(rules, text)
    }
}

/// Texts that break the constraint, made of a good one where that helps.
pub fn broken(it: &Constraint<'_>, good: &str) -> Vec<Broken> {
    match it.format {
        Format::Port => ports(it),
        Format::Boolean => {
            let mut faults = all(
                &["not-a-boolean"],
                &["yes", "no", "on", "1", "0", "ture", "enabled", "T"],
            );
            faults.extend(all(&["boolean-not-lowercase"], &["True", "FALSE", "tRUE"]));
            faults
        }
        Format::Enumeration | Format::OpenEnumeration => words(it, good),
        Format::S3File => files(it, good),
        Format::ConnectorUrl => all(
            &[
                "malformed-connector-url",
                "s3-key-missing",
                "invalid-bucket-name",
            ],
            &[
                "s3:/orders-etl/orders.jar",
                "orders-etl/orders.jar",
                "ftp://example.org/orders.jar",
                "s3://orders-etl",
                "s3://orders-etl/",
                "s3://Orders ETL/orders.jar",
                "s3:///orders.jar",
                "arn:aws:s3:::orders-etl/orders.jar",
                "/home/etl/orders.jar",
                "https://example.org/orders.jar",
            ],
        ),
        Format::ClassName => all(
            CLASS,
            &[
                "org.postgresql.Driver.class",
                "org/postgresql/Driver",
                "org.postgresql Driver",
                "Driver",
                "org..Driver",
                ".org.postgresql.Driver",
                "org.postgresql.Driver.",
                "org.1postgresql.Driver",
                "org.post-gresql.Driver",
                "postgresql-42.7.jar",
            ],
        ),
        Format::ConnectorClass => all(
            CLASS,
            &[
                "org/example/Source",
                "org.example Source",
                "org.example.Source.class",
                "orders.jar",
            ],
        ),
        Format::SecretId => {
            let long = "o".repeat(513);
            let mut faults = arns(good_arn(it.format), SECRET_ID, SECRET_ID);
            faults.extend(all(
                SECRET_ID,
                &[
                    "orders etl",
                    "orders:etl",
                    "orders#etl",
                    "{orders}",
                    "orders,etl",
                    &long,
                ],
            ));
            faults
        }
        Format::SecretArn | Format::KmsKeyArn | Format::RoleArn => {
            let mut faults = arns(good_arn(it.format), ARN, OTHER_ARN);
            faults.extend(all(
                ARN,
                &["orders-etl", "alias/orders", "arn:orders", "arn:aws:iam"],
            ));
            faults
        }
        Format::Region => all(
            &["not-a-region"],
            &[
                "eu-west-1a",
                "EU-WEST-1",
                "eu-west",
                "Ireland",
                "euw1-az1",
                "eu_west_1",
                "euwest1",
            ],
        ),
        Format::AvailabilityZone => all(
            &["not-an-availability-zone"],
            &[
                "eu-west-1",
                "a",
                "EU-WEST-1A",
                "euw1-az1",
                "eu-west-1aa",
                "eu_west_1a",
                "eu-wst-1a",
                "1a",
            ],
        ),
        Format::SubnetId => all(
            &["malformed-subnet-id"],
            &[
                "sg-0a1b2c3d4e5f60718",
                "vpc-0a1b2c3d4e5f60718",
                "subnet-0a1b2c3d4e5f6071z",
                "subnet-0A1B2C3D4E5F60718",
                "subnet-0a1b2c3d4e5f607",
                "subnet_0a1b2c3d4e5f60718",
                "0a1b2c3d4e5f60718",
                "subnet-",
                "my-subnet",
                "subnet-0a1b2c3d4e5f60718,subnet-0a1b2c3d4e5f60719",
                "arn:aws:ec2:eu-west-1:123456789012:subnet/subnet-0a1b2c3d4e5f60718",
            ],
        ),
        Format::SecurityGroupId => all(
            &["malformed-security-group-id"],
            &[
                "subnet-0a1b2c3d4e5f60718",
                "sg-0a1b2c3d4e5f6071z",
                "sg-0a1b2c3d4e5f607",
                "sg_0a1b2c3d4e5f60718",
                "0a1b2c3d4e5f60718",
                "sg-",
                "default",
                "sg-0a1b2c3d4e5f60718,sg-0a1b2c3d4e5f60719",
                "sg-0a1b2c3d4e5f60718 sg-0a1b2c3d4e5f60719",
            ],
        ),
        Format::CatalogId => {
            let mut faults = all(
                &["catalog-id-not-an-account"],
                &[
                    "12345678901",
                    "1234567890123",
                    "1234-5678-9012",
                    "arn:aws:iam::123456789012:root",
                ],
            );
            faults.push(advice(&["catalog-id-not-an-account"], "production"));
            faults
        }
        Format::Host => all(
            HOST,
            &[
                "https://db.example.org",
                "jdbc:mysql://db.example.org",
                "db.example.org:5432",
                "db.example.org/orders",
                "db example.org",
                "db..example.org",
                "-db.example.org",
                "db.example.org,db2.example.org",
                "db!.example.org",
                "etl@db.example.org",
                "256.1.1.1",
                "10.0.0",
                "localhost",
                "127.0.0.1",
                "db",
            ],
        ),
        Format::WebUrl => {
            let mut faults = all(
                &["malformed-web-url"],
                &[
                    "ftp://login.example.org",
                    "login.example.org",
                    "https://",
                    "https:/login.example.org",
                    "https//login.example.org",
                    "https://login example.org",
                    "/token",
                ],
            );
            faults.push(one(&["unencrypted-web-url"], "http://login.example.org"));
            faults
        }
        Format::BrokerList => {
            let mut faults = all(
                BROKERS,
                &[
                    "b-1.example.org",
                    "b-1.example.org:9094,b-2.example.org",
                    "b-1.example.org:9094;b-2.example.org:9094",
                    "b-1.example.org:9094 b-2.example.org:9094",
                    "b-1.example.org:9094,,b-2.example.org:9094",
                    "b-1.example.org:9094,",
                    ",b-1.example.org:9094",
                    "b-1.example.org:0",
                    "b-1.example.org:65536",
                    "b-1.example.org:abc",
                    "b-1.example.org:",
                    ":9094",
                    "b-1 .example.org:9094",
                    "SASL_SSL://b-1.example.org:9094",
                    "https://b-1.example.org:9094",
                    "b-1.example.org:9094/orders",
                ],
            );
            faults.extend(all(
                &["zookeeper-port"],
                &["z-1.example.org:2181", "z-1.example.org:2182"],
            ));
            faults.extend(all(
                &["loopback-host"],
                &["localhost:9094", "127.0.0.1:9094"],
            ));
            faults
        }
        Format::KerberosPrincipal => all(
            &["malformed-principal"],
            &[
                "etl/glue",
                "etl",
                "@EXAMPLE.ORG",
                "etl@",
                "etl glue@EXAMPLE.ORG",
                "etl@EXAMPLE@ORG",
            ],
        ),
        Format::KerberosService => all(
            &["malformed-kerberos-service"],
            &["kafka@EXAMPLE.ORG", "kafka/b-1.example.org", "kafka broker"],
        ),
        Format::JsonObject => all(
            &["not-a-json-object"],
            &[
                "orders",
                "[\"orders\"]",
                "{\"sfUrl\": \"orders.snowflakecomputing.com\"",
                "{'sfUrl': 'orders.snowflakecomputing.com'}",
                "{\"sfUrl\": \"orders.snowflakecomputing.com\",}",
                "\"orders\"",
                "{\"sfUrl\": \"orders.snowflakecomputing.com\", \"n\": 1}",
                "{\"sfUrl\": \"orders.snowflakecomputing.com\", \"n\": null}",
            ],
        ),
        Format::ConnectionUrl => connection_urls(good),
        Format::JdbcUrl => jdbc_urls(good),
        Format::Text | Format::SingleLine | Format::Ciphertext | Format::Timestamp => Vec::new(),
    }
}

fn ports(it: &Constraint<'_>) -> Vec<Broken> {
    let mut faults = all(
        PORT,
        &[
            "0",
            "65536",
            "99999",
            "123456789012345",
            "-5432",
            "abc",
            "54x32",
            "5432.0",
            "0x1538",
            "54 32",
            "5,432",
            "05432",
            "3306-3310",
            ":5432",
            "tcp",
        ],
    );
    let least = it.range.map_or(1, |(least, _)| least);
    if least > 1 {
        faults.extend(["1", "80", "443", "1023"].map(|port| one(PORT, port)));
    }
    faults
}

/// Misspelled, in another case, separated in another way, or not a word of the list at all.
fn words(it: &Constraint<'_>, good: &str) -> Vec<Broken> {
    let rules: Rules = match it.name {
        "AuthenticationType" => &["unknown-authentication-type"],
        "OAuth2GrantType" => &["unknown-grant-type"],
        "KAFKA_SASL_MECHANISM" => &["unknown-sasl-mechanism"],
        "CONNECTOR_TYPE" => &["unknown-connector-type"],
        "JDBC_ENGINE" => &["unknown-jdbc-engine"],
        "ValidateForComputeEnvironments" => &["unknown-compute-environment"],
        "ConnectionType" => &["unknown-connection-type", "connection-type-in-wrong-case"],
        other => panic!("which rule speaks of the words of {other}?"),
    };
    let is_open = it.format == Format::OpenEnumeration;
    let mut texts = vec![
        misspelled(good),
        good.to_ascii_lowercase(),
        good.to_ascii_uppercase(),
        good.replace(['-', '_'], ""),
        format!("{good}S"),
        "other".to_owned(),
    ];
    texts.retain(|text| text != good && !it.values.contains(&text.as_str()));
    texts.sort();
    texts.dedup();
    // Letter case is none of a connector's business.
    texts.retain(|text| it.name != "CONNECTOR_TYPE" || !text.eq_ignore_ascii_case(good));
    (texts.into_iter())
        .map(|text| {
            if is_open {
                advice(rules, text)
            } else {
                one(rules, text)
            }
        })
        .collect()
}

/// A word with a letter left out of its middle.
pub fn misspelled(word: &str) -> String {
    let at = word.len() / 2;
    format!("{}{}", &word[..at], &word[at + 1..])
}

fn files(it: &Constraint<'_>, good: &str) -> Vec<Broken> {
    let suffix = it.suffix.unwrap_or_default();
    let mut faults: Vec<Broken> = [
        "https://orders-etl.s3.amazonaws.com/orders",
        "s3:/orders-etl/orders",
        "s3//orders-etl/orders",
        "orders-etl/orders",
        "/home/etl/orders",
        "file:///home/etl/orders",
        "gs://orders-etl/orders",
        "S3://orders-etl/orders",
        "s3a://orders-etl/orders",
        "arn:aws:s3:::orders-etl/orders",
        "s3:///orders",
        "s3://Orders-ETL/orders",
        "s3://or/orders",
        "s3://orders etl/orders",
        "s3://192.168.0.1/orders",
        "s3://orders..etl/orders",
        "s3://-orders/orders",
        "s3://xn--orders/orders",
    ]
    .into_iter()
    .map(|text| one(S3, text.to_owned() + suffix))
    .collect();
    faults.extend(all(
        S3,
        &[
            "s3://orders-etl",
            "s3://orders-etl/",
            "s3://orders-etl/files/",
            "s3://",
        ],
    ));
    if let (Some(suffix), Some(stem)) = (it.suffix, it.suffix.and_then(|it| good.strip_suffix(it)))
    {
        let is_documented = [
            "KAFKA_CUSTOM_CERT",
            "JDBC_DRIVER_JAR_URI",
            "KAFKA_CLIENT_KEYSTORE",
        ]
        .contains(&it.name);
        for other in ["", ".txt", ".zip"] {
            let fault = if is_documented { one } else { advice };
            faults.push(fault(&["wrong-file-suffix"], format!("{stem}{other}")));
        }
        faults.push(one(S3, format!("s3://orders-etl/{suffix}/")));
    }
    faults
}

fn good_arn(format: Format) -> &'static str {
    match format {
        Format::KmsKeyArn => {
            "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
        }
        Format::RoleArn => "arn:aws:iam::123456789012:role/orders-etl",
        _ => crate::samples::SECRET_ARN,
    }
}

/// An ARN with each of its parts broken.
fn arns(good: &str, malformed: Rules, other: Rules) -> Vec<Broken> {
    let parts: Vec<&str> = good.splitn(6, ':').collect();
    let with = |index: usize, part: &str| {
        let mut parts = parts.clone();
        parts[index] = part;
        parts.join(":")
    };
    let mut faults = vec![
        one(malformed, with(1, "aws2")),
        one(malformed, with(1, "")),
        one(malformed, with(1, "AWS")),
        one(other, with(2, "lambda")),
        one(other, with(2, "ssm")),
        one(malformed, with(4, "12345678901")),
        one(malformed, with(4, "1234567890123")),
        one(malformed, with(4, "12345678901x")),
        one(malformed, with(4, "")),
        one(malformed, with(5, "")),
        one(other, with(5, "function:orders")),
        one(malformed, parts[..5].join(":")),
        one(malformed, parts[..3].join(":")),
    ];
    if parts[3].is_empty() {
        faults.push(one(malformed, with(3, "eu-west-1")));
    } else {
        faults.extend(
            ["", "eu-west-1a", "eu_west_1", "Ireland", "cn-north-1"]
                .map(|it| one(malformed, with(3, it))),
        );
    }
    faults
}

fn connection_urls(good: &str) -> Vec<Broken> {
    // Only MongoDB's are known.
    let Some((scheme, rest)) = good
        .split_once("://")
        .filter(|(it, _)| it.starts_with("mongodb"))
    else {
        return Vec::new();
    };
    let mut faults = vec![
        one(MONGODB, format!("mongo://{rest}")),
        one(MONGODB, format!("http://{rest}")),
        one(MONGODB, format!("{scheme}:/{rest}")),
        one(MONGODB, rest),
        one(MONGODB, format!("jdbc:{good}")),
        one(MONGODB, format!("{scheme}://")),
        one(MONGODB, format!("{scheme}:///orders")),
        one(MONGODB, good.replacen("example.org", "exa mple.org", 1)),
        one(
            &["password-in-url"],
            format!("{scheme}://etl:tiger-4711@{rest}"),
        ),
    ];
    faults.retain(|it| it.text != good);
    if scheme == "mongodb" && rest.contains(":27017") {
        for port in ["0", "65536", "abc", ""] {
            faults.push(one(
                &["malformed-mongodb-url", "port-out-of-range", "not-a-port"],
                good.replacen("27017", port, 1),
            ));
        }
        faults.push(one(&["loopback-host"], "mongodb://localhost:27017/orders"));
        faults.push(one(
            &["srv-with-port"],
            good.replacen("mongodb:", "mongodb+srv:", 1),
        ));
    }
    faults
}

fn jdbc_urls(good: &str) -> Vec<Broken> {
    let Some((word, rest)) = good
        .strip_prefix("jdbc:")
        .and_then(|rest| rest.split_once(':'))
    else {
        return Vec::new();
    };
    let engine = gluelint::spec::engines()
        .iter()
        .find(|it| it.subprotocol == word);
    let mut faults = vec![
        one(JDBC, format!("{word}:{rest}")),
        one(JDBC, format!("jdbc:{}:{rest}", misspelled(word))),
        one(JDBC, format!("jdbc;{word}:{rest}")),
        one(JDBC, "jdbc:"),
        one(JDBC, format!("jdbc:{word}:")),
        one(JDBC, format!("https:{rest}")),
    ];
    for other in engine.map_or(&[][..], |engine| engine.mistaken_for) {
        faults.push(one(JDBC, format!("jdbc:{other}:{rest}")));
    }
    if word != "aws-wrapper" {
        faults.push(one(JDBC, format!("jdbc:{rest}")));
    }
    // Oracle's slashes may be left out.
    if good.contains("//") && word != "oracle" {
        faults.push(one(JDBC, good.replacen("//", "/", 1)));
        faults.push(one(JDBC, good.replacen("//", "", 1)));
    }
    if let Some((_, port)) = good.split_once("example.org:") {
        let port: String = port.chars().take_while(char::is_ascii_digit).collect();
        let with = |text: &str| good.replacen(&port, text, 1);
        for text in ["0", "65536", "abc"] {
            faults.push(one(
                &["malformed-jdbc-url", "port-out-of-range", "not-a-port"],
                with(text),
            ));
        }
        faults.push(one(JDBC, with(&format!("{port}:{port}"))));
        faults.push(one(JDBC, good.replacen("db.example.org", "", 1)));
        faults.push(one(JDBC, good.replacen("db.example", "db example", 1)));
        faults.push(one(JDBC, good.replacen("db.example", "db..example", 1)));
        faults.push(one(
            &["loopback-host"],
            good.replacen("db.example.org", "localhost", 1),
        ));
        faults.push(advice(
            &["jdbc-url-without-port"],
            good.replacen(&format!(":{port}"), "", 1),
        ));
        let other = if word.contains("mysql") || word == "mariadb" {
            "5432"
        } else {
            "3306"
        };
        if engine.is_some_and(|engine| engine.built_in) {
            faults.push(one(&["port-of-another-engine"], with(other)));
        }
        let login = match word {
            "oracle" => good.replacen("thin:@", "thin:etl/tiger-4711@", 1),
            "sqlserver" | "jtds" | "databricks" => format!("{good};user=etl;password=tiger-4711"),
            "db2" => format!("{good}:user=etl;password=tiger-4711;"),
            "as400" | "hive2" | "impala" => format!("{good};user=etl;password=tiger-4711"),
            _ if good.contains('?') => format!("{good}&user=etl&password=tiger-4711"),
            "teradata" => format!("{good},USER=etl,PASSWORD=tiger-4711"),
            _ => format!("{good}?user=etl&password=tiger-4711"),
        };
        faults.push(one(&["password-in-url"], login));
    }
    faults
}

/// Texts with what does not belong around or into them, whatever their format; and what that is.
pub fn stained(good: &str) -> Vec<(&'static str, String)> {
    let (head, tail) = good.split_at(good.len() / 2);
    vec![
        ("a blank before", format!(" {good}")),
        ("a blank behind", format!("{good} ")),
        ("a tab behind", format!("{good}\t")),
        ("a line break behind", format!("{good}\n")),
        ("a line break inside", format!("{head}\n{tail}")),
        ("double quotes around", format!("\"{good}\"")),
        ("single quotes around", format!("'{good}'")),
        ("a zero-width space inside", format!("{head}\u{200b}{tail}")),
        ("a byte order mark before", format!("\u{feff}{good}")),
        ("a no-break space behind", format!("{good}\u{a0}")),
        ("a control character inside", format!("{head}\u{7}{tail}")),
    ]
}
