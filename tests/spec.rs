//! The documentation is covered: every clause has a fact, a rule, a failing and a passing example.

use gluelint::coverage::clauses;
use gluelint::spec::{self, MemberShape};

/// The keys that the GetConnection page lists, in its order.
const KEYS: [&str; 42] = [
    "HOST",
    "PORT",
    "USER_NAME",
    "PASSWORD",
    "ENCRYPTED_PASSWORD",
    "JDBC_DRIVER_JAR_URI",
    "JDBC_DRIVER_CLASS_NAME",
    "JDBC_ENGINE",
    "JDBC_ENGINE_VERSION",
    "CONFIG_FILES",
    "INSTANCE_ID",
    "JDBC_CONNECTION_URL",
    "JDBC_ENFORCE_SSL",
    "CUSTOM_JDBC_CERT",
    "SKIP_CUSTOM_JDBC_CERT_VALIDATION",
    "CUSTOM_JDBC_CERT_STRING",
    "CONNECTION_URL",
    "SECRET_ID",
    "CONNECTOR_URL",
    "CONNECTOR_TYPE",
    "CONNECTOR_CLASS_NAME",
    "KAFKA_BOOTSTRAP_SERVERS",
    "KAFKA_SSL_ENABLED",
    "KAFKA_CUSTOM_CERT",
    "KAFKA_SKIP_CUSTOM_CERT_VALIDATION",
    "KAFKA_CLIENT_KEYSTORE",
    "KAFKA_CLIENT_KEYSTORE_PASSWORD",
    "KAFKA_CLIENT_KEY_PASSWORD",
    "ENCRYPTED_KAFKA_CLIENT_KEYSTORE_PASSWORD",
    "ENCRYPTED_KAFKA_CLIENT_KEY_PASSWORD",
    "KAFKA_SASL_MECHANISM",
    "KAFKA_SASL_PLAIN_USERNAME",
    "KAFKA_SASL_PLAIN_PASSWORD",
    "ENCRYPTED_KAFKA_SASL_PLAIN_PASSWORD",
    "KAFKA_SASL_SCRAM_USERNAME",
    "KAFKA_SASL_SCRAM_PASSWORD",
    "ENCRYPTED_KAFKA_SASL_SCRAM_PASSWORD",
    "KAFKA_SASL_SCRAM_SECRETS_ARN",
    "KAFKA_SASL_GSSAPI_KEYTAB",
    "KAFKA_SASL_GSSAPI_KRB5_CONF",
    "KAFKA_SASL_GSSAPI_SERVICE",
    "KAFKA_SASL_GSSAPI_PRINCIPAL",
];

/// The fields that the page lists.
const FIELDS: [&str; 25] = [
    "Name",
    "Description",
    "ConnectionType",
    "MatchCriteria",
    "ConnectionProperties",
    "PhysicalConnectionRequirements",
    "SubnetId",
    "SecurityGroupIdList",
    "AvailabilityZone",
    "CreationTime",
    "LastUpdatedTime",
    "LastUpdatedBy",
    "Status",
    "StatusReason",
    "LastConnectionValidationTime",
    "AuthenticationConfiguration",
    "AuthenticationType",
    "SecretArn",
    "OAuth2Properties",
    "OAuth2GrantType",
    "OAuth2ClientApplication",
    "UserManagedClientApplicationClientId",
    "AWSManagedClientApplicationReference",
    "TokenUrl",
    "TokenUrlParametersMap",
];

#[test]
fn every_clause_of_the_page_is_covered() {
    let clauses = clauses();
    for name in KEYS.iter().chain(&FIELDS) {
        assert!(
            clauses.iter().any(|clause| clause.name == *name),
            "{name} has no fact"
        );
    }
    let mut gaps = Vec::new();
    for clause in &clauses {
        if clause.rules.is_empty() || clause.failing == 0 || clause.passing == 0 {
            gaps.push(format!(
                "{}: {} rules, {} failing and {} passing examples",
                clause.name,
                clause.rules.len(),
                clause.failing,
                clause.passing
            ));
        }
    }
    assert!(gaps.is_empty(), "\n{}", gaps.join("\n"));
}

#[test]
fn facts_are_whole() {
    assert_eq!(spec::DATE.len(), "2026-01-01".len());
    for property in spec::properties() {
        assert!(
            !property.source.is_empty(),
            "{} has no source",
            property.key
        );
        assert!(
            property.about.ends_with('.'),
            "{}: {}",
            property.key,
            property.about
        );
        assert_eq!(
            spec::property(property.key).map(|p| p.key),
            Some(property.key)
        );
        for other in property.mistaken_for {
            assert!(spec::property(other).is_none(), "{other} is a key itself");
        }
    }
    for member in spec::structures()
        .iter()
        .flat_map(|structure| structure.members)
    {
        assert!(!member.source.is_empty(), "{} has no source", member.name);
        if let Some(pattern) = member.pattern {
            assert!(
                regex::Regex::new(pattern).is_ok(),
                "{}: {pattern}",
                member.name
            );
        }
        if let MemberShape::Structure(name) = member.shape {
            assert!(spec::structure(name).is_some());
        }
    }
    for kind in spec::connection_types() {
        assert!(!kind.source.is_empty(), "{} has no source", kind.name);
    }
    assert_eq!(spec::mechanisms().len(), 4);
}

#[test]
fn every_key_of_the_page_is_its_own_fact() {
    let with_clause = spec::properties()
        .iter()
        .filter(|property| property.clause.is_some());
    assert_eq!(with_clause.count(), KEYS.len());
    assert!(spec::property("USER_NAME").is_none(), "the key is USERNAME");
}
