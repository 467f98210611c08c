//! Options of Spark jobs.

use crate::check::Reading;

/// Whether a name is that of an option.
pub(super) fn is_option(name: &str) -> bool {
    OPTIONS.contains(&name)
}

/// Options of Spark jobs that people copy into connections, unless they are keys but for their
/// case.
const OPTIONS: &[&str] = &[
    "aws_iam_role",
    "aws_iam_user",
    "bootstrap.servers",
    "bulkSize",
    "classification",
    "collection",
    "connection.uri",
    "connectionName",
    "connectionOptions",
    "customJdbcDriverClassName",
    "customJdbcDriverS3Path",
    "database",
    "dbTable",
    "dbtable",
    "driver",
    "fetchsize",
    "hashexpression",
    "hashfield",
    "hashpartitions",
    "lowerBound",
    "numPartitions",
    "partitionColumn",
    "query",
    "redshiftTmpDir",
    "sampleQuery",
    "security.protocol",
    "startingOffsets",
    "subscribe",
    "topicName",
    "upperBound",
    "uri",
    "url",
    "useConnectionProperties",
    "user",
];

/// What to do with an option of a Spark job.
pub(super) fn advice(reading: &Reading<'_>, name: &str) -> String {
    let address = match (name, reading.kind.map_or("", |kind| kind.name)) {
        ("url" | "uri" | "connection.uri" | "database", "JDBC") => "JDBC_CONNECTION_URL",
        ("url" | "uri" | "connection.uri" | "database", "MONGODB") => "CONNECTION_URL",
        ("security.protocol", "KAFKA") => "KAFKA_SSL_ENABLED",
        _ => "",
    };
    match address {
        "" => "Remove it here, and pass it to the job that reads or writes.".to_owned(),
        address if reading.property(address).is_here() => {
            format!("Remove it: `{address}` already says this.")
        }
        address => format!("Use `{address}` instead."),
    }
}
