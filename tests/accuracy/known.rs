//! What is not found, and what is found besides, with the reason.

/// Outcomes that are as they should be, or known to be otherwise.
pub struct Known {
    /// The sorts of constraints; any where there are none.
    pub families: &'static [&'static str],
    /// The forms; any where there are none.
    pub forms: &'static [&'static str],
    /// Parts of what is broken, or of where; any where there are none.
    pub faults: &'static [&'static str],
    /// The rules that speak; for what is not found, none do.
    pub rules: &'static [&'static str],
    /// Whether it is no fault at all there, and so is not counted.
    pub harmless: bool,
    pub why: &'static str,
}

impl Known {
    /// Whether it speaks of that fault in that form.
    pub fn is_about(&self, family: &str, form: &str, fault: &str) -> bool {
        let is_in = |list: &[&str], word: &str| list.is_empty() || list.contains(&word);
        is_in(self.families, family)
            && is_in(self.forms, form)
            && (self.faults.is_empty() || self.faults.iter().any(|part| fault.contains(part)))
    }
}

/// Whatever is not said otherwise.
const ANY: Known = Known {
    families: &[],
    forms: &[],
    faults: &[],
    rules: &[],
    harmless: false,
    why: "",
};

/// What is found in good connections, as advice.
pub const ALARMS: &[Known] = &[
    Known {
        rules: &["host-without-url"],
        why: "AWS documents HOST, PORT and JDBC_ENGINE, and was seen to refuse them",
        ..ANY
    },
    Known {
        rules: &["property-unknown-to-terraform"],
        forms: &["terraform", "terraform-json"],
        why: "the provider refuses keys that AWS's list lacks",
        ..ANY
    },
];

const TERRAFORM: &[&str] = &["terraform", "terraform-json"];

/// Forms whose tool makes the right type of a scalar.
const CONVERTING: &[&str] = &[
    "terraform",
    "terraform-json",
    "awscc",
    "plan",
    "pulumi",
    "pulumi-native",
];

/// Forms in which nothing counts as not set.
const UNSET: &[&str] = &[
    "terraform",
    "terraform-json",
    "awscc",
    "plan",
    "pulumi",
    "pulumi-native",
    "crossplane-classic",
    "crossplane-upjet",
];

/// The words of engines, each without a letter, and one in their place.
const MISSPELLED_ENGINES: &[&str] = &[
    "jdbc:as00:",
    "jdbc:athna:",
    "jdbc:aws-wapper:",
    "jdbc:awsahena:",
    "jdbc:c:",
    "jdbc:clickouse:",
    "jdbc:d2:",
    "jdbc:databicks:",
    "jdbc:hie2:",
    "jdbc:impla:",
    "jdbc:jts:",
    "jdbc:maradb:",
    "jdbc:myql:",
    "jdbc:orale:",
    "jdbc:postgesql:",
    "jdbc:redsift:",
    "jdbc:snowlake:",
    "jdbc:sp:",
    "jdbc:sqlsrver:",
    "jdbc:teraata:",
    "jdbc:thin:",
    "jdbc:trno:",
    "jdbc:verica:",
];

/// What is not found.
pub const MISSES: &[Known] = &[
    Known {
        families: &["types of scalars"],
        forms: CONVERTING,
        harmless: true,
        why: "the tool makes the right type of it",
        ..ANY
    },
    Known {
        families: &["nulls"],
        forms: UNSET,
        harmless: true,
        why: "what is null counts as not set",
        ..ANY
    },
    Known {
        forms: &["datazone"],
        families: &[
            "SASL mechanisms",
            "logins",
            "misspelled keys, open lists",
            "misspelled members",
            "partners",
            "placements",
            "required keys",
            "required members",
            "containers",
            "lengths and counts",
        ],
        why: "what it shares with the API is not told whole: what is missing there is not judged",
        ..ANY
    },
    Known {
        families: &["required members"],
        faults: &["Name is missing"],
        forms: &[
            "terraform",
            "terraform-json",
            "awscc",
            "plan",
            "pulumi",
            "pulumi-native",
            "crossplane-classic",
            "crossplane-upjet",
            "ansible",
        ],
        harmless: true,
        why: "the tool has a name for it, or refuses it itself",
        ..ANY
    },
    Known {
        families: &["required members"],
        faults: &["ConnectionType is missing"],
        forms: &[
            "terraform",
            "terraform-json",
            "plan",
            "pulumi",
            "pulumi-native",
            "awscc",
            "crossplane-classic",
            "crossplane-upjet",
            "ansible",
        ],
        harmless: true,
        why: "without a type it is JDBC to the tool, or for the tool to refuse",
        ..ANY
    },
    Known {
        families: &["required members"],
        faults: &["ConnectionProperties is missing"],
        harmless: true,
        why: "only the API requires the map, and a type may need no key of it",
        ..ANY
    },
    Known {
        families: &["members of answers", "misspelled members"],
        forms: &["awscc", "pulumi", "pulumi-native", "crossplane-upjet"],
        why: "the tool knows its own arguments, and may know more than the API",
        ..ANY
    },
    Known {
        families: &["credentials", "connection-url", "jdbc-url"],
        forms: &["plan"],
        faults: &[
            "in clear",
            "etl:tiger-4711",
            "etl/tiger-4711",
            "user=etl",
            "USER=etl",
        ],
        why: "a plan writes every credential out: that is one warning",
        ..ANY
    },
    Known {
        families: &["misspelled keys, open lists"],
        faults: &["ROLE as"],
        why: "no page lists every key of the type, and in a short name a slip proves little",
        ..ANY
    },
    Known {
        families: &["keys of other types"],
        faults: &["JDBC_ENFORCE_SSL on MONGODB"],
        why: "that it has no effect there is not established",
        ..ANY
    },
    Known {
        families: &["keys of other types"],
        faults: &["CONNECTION_URL on JDBC"],
        why: "a rule of its own speaks of JDBC URLs under that key, and of no other URL",
        ..ANY
    },
    Known {
        families: &["logins"],
        faults: &["no login on"],
        why: "a federated source may log in by other means, or need none",
        ..ANY
    },
    Known {
        families: &["logins"],
        faults: &["SECRET_ID beside a login"],
        why: "that MONGODB and KAFKA read an AuthenticationConfiguration is not established",
        ..ANY
    },
    Known {
        families: &["connector-url"],
        faults: &["https://example.org/orders.jar"],
        why: "where a connector of one's own may be fetched from is not documented",
        ..ANY
    },
    Known {
        families: &["jdbc-url"],
        faults: MISSPELLED_ENGINES,
        why: "the driver of one's own may take any word",
        ..ANY
    },
    Known {
        families: &["jdbc-url"],
        faults: &[
            "jdbc:athena:",
            "jdbc:awsathena:",
            "jdbc:databricks:",
            "jdbc:trino:",
            "jdbc:jtds:",
            "jdbc:aws-wrapper:",
            "jdbc:as400:",
        ],
        why: "how the URLs of these engines are built is not read, or only in part",
        ..ANY
    },
    Known {
        families: &["jdbc-url"],
        faults: &[
            "jdbc:ch://db.example.org/orders",
            "jdbc:clickhouse://db.example.org/orders",
            "jdbc:hive2://db.example.org/orders",
            "jdbc:impala://db.example.org/orders",
        ],
        why: "that these engines have no other port than the usual one is nobody's advice",
        ..ANY
    },
    Known {
        families: &["jdbc-url"],
        faults: &[
            "jdbc:oracle:thin:@//db.example.org:1521:1521/orders",
            "jdbc:sqlserver://db.example.org:0;",
        ],
        why: "a second port behind slashes, and the port 0 of SQL Server, are not looked for",
        ..ANY
    },
    Known {
        families: &["containers"],
        faults: &["an entry of "],
        harmless: true,
        why: "only the connection's own properties must be texts; the others may be any object",
        ..ANY
    },
    Known {
        families: &["containers"],
        forms: &["terraform", "terraform-json", "awscc", "plan"],
        faults: &["is a list"],
        harmless: true,
        why: "a block is a list of one",
        ..ANY
    },
    Known {
        families: &["partners"],
        faults: &["JDBC_DRIVER_CLASS_NAME without JDBC_DRIVER_JAR_URI"],
        harmless: true,
        why: "AWS Glue brings the driver along, and needs no JAR for its class",
        ..ANY
    },
    Known {
        families: &["partners"],
        faults: &["USERNAME without PASSWORD", "PASSWORD without USERNAME"],
        why: "a connector may log in by one of them alone",
        ..ANY
    },
    Known {
        families: &["partners"],
        faults: &[
            "JDBC_ENGINE_VERSION without JDBC_ENGINE",
            "HOST without PORT",
            "ENDPOINT_TYPE without ENDPOINT",
        ],
        why: "no page says what becomes of it",
        ..ANY
    },
    Known {
        families: &["published expressions"],
        faults: &["\"\" at"],
        forms: &["terraform", "terraform-json", "awscc", "plan"],
        harmless: true,
        why: "an argument that is empty counts as not set",
        ..ANY
    },
    Known {
        families: &["placements"],
        forms: &["ansible"],
        faults: &["a placement without use"],
        why: "the placement has no key of its own: it is told by its first member",
        ..ANY
    },
    Known {
        families: &["required keys"],
        forms: &["crossplane-upjet"],
        faults: &["WORKGROUP_NAME is missing"],
        why: "a Secret without any key is filled by somebody else",
        ..ANY
    },
    Known {
        families: &["lengths and counts"],
        forms: &["awscc"],
        faults: &[
            "CatalogId with 0",
            "SubnetId with 0",
            "AvailabilityZone with 0",
            "Name with 0",
        ],
        harmless: true,
        why: "an argument that is empty counts as not set",
        ..ANY
    },
];

/// What else is found, at other places.
pub const NOISE: &[Known] = &[
    Known {
        forms: &["ansible"],
        faults: &["a placement without use", "ConnectionType is missing"],
        rules: &["placement-without-use", "connection-type-left-out"],
        why: "the placement has no key of its own: it is told by its first member",
        ..ANY
    },
    Known {
        rules: &["property-unknown-to-terraform"],
        forms: TERRAFORM,
        why: "without a login, the provider's older versions refuse keys that AWS's list lacks",
        ..ANY
    },
    Known {
        families: &["nulls"],
        forms: UNSET,
        rules: NEEDS,
        why: "what is null counts as not set, and so as missing",
        ..ANY
    },
    Known {
        families: &["published expressions", "lengths and counts"],
        forms: &["terraform", "terraform-json", "awscc", "plan"],
        rules: NEEDS,
        why: "what is empty counts as not set, and so as missing",
        ..ANY
    },
    Known {
        families: &["jdbc-url"],
        rules: &["driver-of-another-engine"],
        why: "with another word, it is the URL of another engine",
        ..ANY
    },
    Known {
        families: &["partners"],
        rules: &["incomplete-host-group"],
        why: "HOST and PORT need the engine, whatever its version",
        ..ANY
    },
];

/// Rules about what is missing.
const NEEDS: &[&str] = &[
    "authentication-without-credentials",
    "broker-port-of-another-protocol",
    "groups-without-subnet",
    "incomplete-credentials",
    "incomplete-driver",
    "incomplete-grant",
    "incomplete-host-group",
    "incomplete-jdbc-connector",
    "incomplete-placement",
    "incomplete-view-validation",
    "missing-authentication",
    "missing-credentials",
    "missing-jdbc-target",
    "missing-member",
    "missing-property",
    "missing-sasl-credentials",
    "oauth2-properties-mismatch",
    "snowflake-properties-missing",
    "subnet-without-zone",
    "tls-not-enforced",
    "unknown-jdbc-subprotocol",
    "unnamed-connection",
];
