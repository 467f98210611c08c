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
    pub why: &'static str,
}

/// Whatever is not said otherwise.
const ANY: Known = Known {
    families: &[],
    forms: &[],
    faults: &[],
    rules: &[],
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

/// What is not found.
pub const MISSES: &[Known] = &[
    Known {
        families: &["types of scalars"],
        forms: CONVERTING,
        why: "the tool makes the right type of it",
        ..ANY
    },
    Known {
        families: &["nulls"],
        forms: UNSET,
        why: "what is null counts as not set",
        ..ANY
    },
    Known {
        forms: &["datazone"],
        families: &[
            "SASL mechanisms",
            "logins",
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
            "ansible",
        ],
        why: "without a type it is JDBC to the tool, or for the tool to refuse",
        ..ANY
    },
    Known {
        families: &["required members"],
        faults: &["ConnectionProperties is missing"],
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
        families: &["credentials"],
        forms: &["plan"],
        why: "a plan writes every credential out: that is one warning",
        ..ANY
    },
    Known {
        families: &["misspelled keys, open lists"],
        why: "no page lists every key of the type, and it needs none that is near",
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
        why: "of engines without a driver in AWS Glue, words and URLs are not all read",
        ..ANY
    },
    Known {
        families: &["containers"],
        faults: &["an entry of "],
        why: "only the connection's own properties must be texts; the others may be any object",
        ..ANY
    },
    Known {
        families: &["containers"],
        forms: &["terraform", "terraform-json", "awscc", "plan"],
        faults: &["is a list"],
        why: "a block is a list of one",
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
        why: "an argument that is empty counts as not set",
        ..ANY
    },
];

/// What else is found, at other places.
pub const NOISE: &[Known] = &[
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
        families: &["published expressions"],
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
        families: &[
            "misspelled keys",
            "misspelled keys, open lists",
            "misspelled members",
        ],
        rules: NEEDS,
        why: "what has a wrong name is missed under the right one",
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
];
