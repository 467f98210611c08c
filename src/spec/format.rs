//! What a value has to look like: the vocabulary in which the facts speak of values.
//!
//! This file is also compiled into the build script, which checks the names used in
//! `rules/facts/*.yaml` against it.

macro_rules! formats {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal,)+) => {
        /// The format of a scalar value. A fact names one; `check/formats` knows how to judge it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Format {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Format {
            /// Every format, in the order of this file.
            pub const ALL: &[Format] = &[$(Format::$variant,)+];

            /// The name by which the facts call it.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Format::$variant => $name,)+
                }
            }

            /// The format of that name.
            pub fn from_name(name: &str) -> Option<Format> {
                match name {
                    $($name => Some(Format::$variant),)+
                    _ => None,
                }
            }
        }
    };
}

formats! {
    /// Any text, line breaks included.
    Text = "text",
    /// Text without control characters.
    SingleLine = "single-line",
    /// `true` or `false`, as text.
    Boolean = "boolean",
    /// One of the fact's `values`.
    Enumeration = "enumeration",
    /// Usually one of the fact's `values`; others exist.
    OpenEnumeration = "open-enumeration",
    /// A fully qualified domain name or an IPv4 address.
    Host = "host",
    /// A decimal port number.
    Port = "port",
    /// A JDBC URL.
    JdbcUrl = "jdbc-url",
    /// The URL of a data source that is not JDBC.
    ConnectionUrl = "connection-url",
    /// An `http:` or `https:` URL.
    WebUrl = "web-url",
    /// `s3://bucket/key`.
    S3File = "s3-file",
    /// The place of a connector: an S3 file or a container image.
    ConnectorUrl = "connector-url",
    /// A qualified Java class name.
    ClassName = "class-name",
    /// A qualified Java class name or a Spark data source alias.
    ConnectorClass = "connector-class",
    /// The name or the ARN of a secret in AWS Secrets Manager.
    SecretId = "secret-id",
    /// The ARN of a secret in AWS Secrets Manager.
    SecretArn = "secret-arn",
    /// The ARN of a KMS key or alias.
    KmsKeyArn = "kms-key-arn",
    /// The ARN of an IAM role.
    RoleArn = "role-arn",
    /// The name of an AWS Region.
    Region = "region",
    /// The name of an Availability Zone.
    AvailabilityZone = "availability-zone",
    /// The id of a subnet.
    SubnetId = "subnet-id",
    /// The id of a security group.
    SecurityGroupId = "security-group-id",
    /// A Data Catalog id: an AWS account number.
    CatalogId = "catalog-id",
    /// Comma-separated `host:port` pairs.
    BrokerList = "broker-list",
    /// A Kerberos principal.
    KerberosPrincipal = "kerberos-principal",
    /// A Kerberos service name.
    KerberosService = "kerberos-service",
    /// Base64 of ciphertext that the service writes.
    Ciphertext = "ciphertext",
    /// A JSON object, written as text.
    JsonObject = "json-object",
    /// A point in time.
    Timestamp = "timestamp",
}
