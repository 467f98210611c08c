//! How each engine writes its URLs, as data.

/// How an engine writes its URLs.
#[derive(Debug)]
pub struct Syntax {
    /// The sub-protocols that are written so.
    pub(super) subprotocols: &'static [&'static str],
    /// A URL of that kind, for advice.
    pub pattern: &'static str,
    /// Words that may stand between sub-protocol and address.
    pub(super) modes: &'static [&'static str],
    /// What such a word is called, with one of them, where it must stand there.
    pub needed_mode: Option<&'static str>,
    /// Such words after which the address has rules of its own.
    pub(super) opaque_modes: &'static [&'static str],
    /// What stands before the host.
    pub(super) lead: Lead,
    /// Characters between several servers; empty where there can be but one.
    pub(super) between_servers: &'static [char],
    /// Whether a server may be written with a protocol of its own.
    pub(super) nests: bool,
    /// Where the database stands.
    pub(super) database: Database,
    /// The option that names the port, where that cannot stand behind the host.
    pub(super) port_option: Option<&'static str>,
    /// Whether the AWS Glue guide shows a database in it, and a port.
    pub shows: Shows,
    /// Characters with which the options begin.
    pub options: &'static [char],
    /// Characters that part the options.
    pub(super) between: &'static [char],
    /// Options that can name the host in place of the address.
    pub(super) host_options: &'static [&'static str],
}

/// What the AWS Glue guide shows in a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shows {
    /// The database.
    pub database: bool,
    /// The port.
    pub port: bool,
}

/// Both are in it.
const ALL: Shows = Shows {
    database: true,
    port: true,
};

/// Neither need be in it.
const NOTHING: Shows = Shows {
    database: false,
    port: false,
};

/// What stands before the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lead {
    /// `//`
    Slashes,
    /// `//`, or nothing.
    SlashesOrNothing,
    /// `//`, and then pairs of name and value or a host in front of them. Nothing is needed: what
    /// the URL does not say, the driver takes from its surroundings.
    SlashesBeforePairs,
    /// `@`, with or without slashes on either side.
    At,
}

/// Where the database stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Database {
    /// Behind the slash after the servers.
    Path,
    /// Behind that slash, or behind a second colon.
    PathOrSid,
    /// In an option of one of these names; a slash is wrong.
    Option(&'static [&'static str]),
    /// In an option of one of these names; a slash may stand before the options.
    OptionBehindSlash(&'static [&'static str]),
}

/// MySQL's way, from which the rows of the table begin.
const LIKE_MYSQL: Syntax = Syntax {
    subprotocols: &[],
    pattern: "",
    modes: &[],
    needed_mode: None,
    opaque_modes: &[],
    lead: Lead::Slashes,
    between_servers: &[','],
    nests: false,
    database: Database::Path,
    port_option: None,
    shows: ALL,
    options: &['?'],
    between: &['&'],
    host_options: &[],
};

/// Athena's way, which has no host.
const LIKE_ATHENA: Syntax = Syntax {
    lead: Lead::SlashesBeforePairs,
    between_servers: &[],
    options: &[';'],
    between: &[';'],
    shows: NOTHING,
    ..LIKE_MYSQL
};

/// The mode in which Redshift's driver logs in by IAM: what stands in place of host and port may be
/// a cluster and its Region.
pub(super) const IAM: &str = "iam";

/// The AWS Advanced JDBC Wrapper's word, behind which the URL of the engine follows.
pub(super) const WRAPPER: &str = "aws-wrapper";

/// The engines whose drivers it wraps.
pub(super) const WRAPPED: &[&str] = &["mariadb", "mysql", "postgresql"];

/// Every engine whose URLs are read.
pub(super) static SYNTAXES: &[Syntax] = &[
    Syntax {
        subprotocols: &["mysql"],
        pattern: "jdbc:mysql://host:3306/database",
        modes: &["aws", "failover", "loadbalance", "replication"],
        ..LIKE_MYSQL
    },
    Syntax {
        subprotocols: &["mariadb"],
        pattern: "jdbc:mariadb://host:3306/database",
        modes: &[
            "aurora",
            "failover",
            "load-balance-read",
            "loadbalance",
            "replication",
            "sequential",
        ],
        ..LIKE_MYSQL
    },
    Syntax {
        subprotocols: &["postgresql"],
        pattern: "jdbc:postgresql://host:5432/database",
        modes: &["aws"],
        ..LIKE_MYSQL
    },
    Syntax {
        subprotocols: &["redshift"],
        pattern: "jdbc:redshift://host:5439/database",
        between_servers: &[],
        modes: &[IAM],
        options: &['?', ';'],
        between: &['&', ';'],
        ..LIKE_MYSQL
    },
    Syntax {
        subprotocols: &["oracle"],
        pattern: "jdbc:oracle:thin://@host:1521/service",
        modes: &["thin"],
        needed_mode: Some("the driver type `thin`"),
        opaque_modes: &["oci", "oci8", "kprb"],
        lead: Lead::At,
        database: Database::PathOrSid,
        ..LIKE_MYSQL
    },
    Syntax {
        subprotocols: &["sqlserver"],
        pattern: "jdbc:sqlserver://host:1433;databaseName=database",
        between_servers: &[],
        database: Database::Option(&["database", "databaseName"]),
        options: &[';'],
        between: &[';'],
        host_options: &["server", "serverName"],
        ..LIKE_MYSQL
    },
    Syntax {
        subprotocols: &["snowflake"],
        pattern: "jdbc:snowflake://account.snowflakecomputing.com/?db=database",
        between_servers: &[],
        database: Database::OptionBehindSlash(&["db"]),
        shows: Shows {
            database: true,
            port: false,
        },
        ..LIKE_MYSQL
    },
    Syntax {
        subprotocols: &["db2"],
        pattern: "jdbc:db2://host:50000/database",
        between_servers: &[],
        options: &[':'],
        between: &[';'],
        ..LIKE_MYSQL
    },
    Syntax {
        subprotocols: &["as400"],
        pattern: "jdbc:as400://host/schema",
        lead: Lead::SlashesOrNothing,
        between_servers: &[],
        options: &[';'],
        between: &[';'],
        shows: NOTHING,
        ..LIKE_MYSQL
    },
    Syntax {
        subprotocols: &["sap"],
        pattern: "jdbc:sap://host:30015/?databaseName=database",
        between_servers: &[';', ','],
        database: Database::OptionBehindSlash(&["databaseName"]),
        shows: Shows {
            database: false,
            port: true,
        },
        ..LIKE_MYSQL
    },
    Syntax {
        subprotocols: &["teradata"],
        pattern: "jdbc:teradata://host/DATABASE=database,DBS_PORT=1025",
        between_servers: &[],
        database: Database::Option(&["DATABASE"]),
        port_option: Some("DBS_PORT"),
        options: &['/'],
        between: &[','],
        shows: Shows {
            database: true,
            port: false,
        },
        ..LIKE_MYSQL
    },
    Syntax {
        subprotocols: &["vertica"],
        pattern: "jdbc:vertica://host:5433/database",
        between_servers: &[],
        ..LIKE_MYSQL
    },
    Syntax {
        subprotocols: &["clickhouse", "ch"],
        pattern: "jdbc:clickhouse://host:8123/database",
        modes: &["grpc", "http", "https", "tcp"],
        nests: true,
        shows: NOTHING,
        ..LIKE_MYSQL
    },
    Syntax {
        subprotocols: &["hive2"],
        pattern: "jdbc:hive2://host:10000/database",
        // Settings of the session, of Hive and of its variables, each with a mark of its own.
        options: &[';', '?', '#'],
        between: &[';', '?', '#'],
        shows: NOTHING,
        ..LIKE_MYSQL
    },
    Syntax {
        subprotocols: &["impala"],
        pattern: "jdbc:impala://host:21050/database",
        between_servers: &[],
        options: &[';'],
        between: &[';'],
        shows: NOTHING,
        ..LIKE_MYSQL
    },
    Syntax {
        subprotocols: &["databricks"],
        pattern: "jdbc:databricks://host:443;httpPath=path",
        between_servers: &[],
        options: &[';'],
        between: &[';'],
        shows: NOTHING,
        ..LIKE_MYSQL
    },
    Syntax {
        subprotocols: &["trino"],
        pattern: "jdbc:trino://host:8080/catalog",
        between_servers: &[],
        shows: NOTHING,
        ..LIKE_MYSQL
    },
    Syntax {
        subprotocols: &["jtds"],
        pattern: "jdbc:jtds:sqlserver://host:1433/database",
        modes: &["sqlserver", "sybase"],
        needed_mode: Some("the server type `sqlserver`"),
        between_servers: &[],
        options: &[';'],
        between: &[';'],
        shows: NOTHING,
        ..LIKE_MYSQL
    },
    Syntax {
        subprotocols: &["athena"],
        pattern: "jdbc:athena://Region=region;OutputLocation=s3://bucket/",
        ..LIKE_ATHENA
    },
    Syntax {
        subprotocols: &["awsathena"],
        pattern: "jdbc:awsathena://AwsRegion=region;S3OutputLocation=s3://bucket/",
        ..LIKE_ATHENA
    },
];

/// The syntax of a sub-protocol, in whatever case it is written.
pub fn syntax(subprotocol: &str) -> Option<&'static Syntax> {
    SYNTAXES.iter().find(|syntax| {
        let mut names = syntax.subprotocols.iter();
        names.any(|name| name.eq_ignore_ascii_case(subprotocol))
    })
}
