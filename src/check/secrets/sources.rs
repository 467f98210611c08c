//! What credentials are taken from, as far as its name tells.

use super::{
    PASSWORD_RESOLVED_AT_DEPLOYMENT, SECRET_ARN_AS_CREDENTIAL, SECRET_CONTENT_AS_ID, is_secret_arn,
};
use crate::check::{Findings, Reading, references};
use crate::diag::Finding;
use crate::form::{Entry, Value};
use crate::spec::{self, Family, Severity};

/// Judges one reading.
pub(super) fn check(reading: &Reading<'_>, findings: &mut Findings) {
    findings.add_any(content_as_id(reading));
    findings.add_any(arn_by_name(reading));
    for entry in reading.properties.entries() {
        for value in entry.value.alternatives() {
            if let Some(reference) = DynamicReference::of(value) {
                resolved(reading, entry, value, &reference, findings);
            }
        }
    }
}

/// What a name says that something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::check) enum Role {
    /// A user name.
    User,
    /// A password.
    Password,
    /// The ARN of a secret.
    SecretArn,
}

/// What a name says that the thing of that name is; `None` where it says nothing, or too much.
fn role(name: &str) -> Option<Role> {
    let name: String = (name.chars().filter(char::is_ascii_alphanumeric))
        .map(|c| c.to_ascii_lowercase())
        .collect();
    let ends = |words: &[&str]| words.iter().any(|word| name.ends_with(word));
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    let users = ["user", "username", "userid"];
    let passwords = ["password", "passwd", "pwd", "passphrase"];
    // `secret_user` and `token_user` may be anything.
    let doubtful = ["pass", "pwd", "secret", "credential", "token", "key"];
    if ends(&["secretarn", "secretsarn"]) {
        Some(Role::SecretArn)
    } else if ends(&passwords) && !has(&["user"]) {
        Some(Role::Password)
    } else if ends(&users) && !has(&doubtful) {
        Some(Role::User)
    } else {
        None
    }
}

/// A dynamic reference of CloudFormation: `{{resolve:service:name:…}}`.
struct DynamicReference<'c> {
    service: &'c str,
    /// The key in the JSON of a secret.
    key: Option<&'c str>,
}

impl<'c> DynamicReference<'c> {
    fn of(value: &'c Value<'c>) -> Option<DynamicReference<'c>> {
        let text = value.taken_from.as_deref()?;
        let inner = text.strip_prefix("{{resolve:")?.strip_suffix("}}")?;
        let (service, rest) = inner.split_once(':')?;
        // The ARN of a secret has colons of its own.
        let key = rest
            .split_once(":SecretString:")
            .map(|(_, rest)| rest.split(':').next().unwrap_or(rest))
            .filter(|key| !key.is_empty());
        Some(DynamicReference { service, key })
    }
}

/// What the source of a value is by its name, and what the document calls that.
pub(in crate::check) fn role_of(value: &Value<'_>) -> Option<(Role, String)> {
    let source = source_of(value)?;
    let role = match DynamicReference::of(value) {
        Some(reference) => role(reference.key?),
        None => role(name_in(&source)),
    };
    Some((role?, source))
}

/// The part of a source that names what it is. What a parameter of Systems Manager holds is always
/// called its value.
fn name_in(source: &str) -> &str {
    let is_parameter = source.contains("aws_ssm_parameter.");
    let source = (source.strip_suffix(".value").filter(|_| is_parameter)).unwrap_or(source);
    source.rsplit('.').next().unwrap_or(source)
}

/// What a value is taken from, if from nothing else.
fn source_of(value: &Value<'_>) -> Option<String> {
    if let Some(source) = &value.taken_from {
        return Some(source.to_string());
    }
    if let Some(reference) = &value.reference {
        return Some(format!("{}.{}", reference.address, reference.attribute));
    }
    let [parameter] = value.parameters.as_slice() else {
        return None;
    };
    let is_all = (value.text()).is_none_or(|text| text.span() == parameter.used);
    is_all.then(|| parameter.name.clone())
}

/// The content of a secret, where the name of one belongs.
fn content_as_id(reading: &Reading<'_>) -> Option<Finding> {
    let entry = reading.entry("SECRET_ID")?;
    let name = entry.value.taken_from.as_deref()?;
    let is_content = match DynamicReference::of(&entry.value) {
        // A secret may hold the name of another under a key of its own.
        Some(reference) if reference.service == "secretsmanager" => {
            reference.key.is_some_and(|key| role(key).is_some())
        }
        Some(_) => false,
        None => {
            name.contains("aws_secretsmanager_secret_version.") && name.ends_with(".secret_string")
        }
    };
    is_content.then(|| {
        Finding::new(
            &SECRET_CONTENT_AS_ID,
            entry.value.place,
            "`SECRET_ID` takes the name or ARN of a secret, but this is what the secret holds",
        )
        .help("Write the name or ARN of the secret itself.")
    })
}

/// The ARN of a secret, by the name of what it is taken from, where a credential belongs. Where the
/// ARN can be seen, or what it is the ARN of, others say so.
fn arn_by_name(reading: &Reading<'_>) -> Option<Finding> {
    let is_login = |entry: &Entry<'_>| {
        entry.name.ends_with("USERNAME") || spec::property(&entry.name).is_some_and(|it| it.secret)
    };
    let mut found: Option<Finding> = None;
    for entry in reading
        .properties
        .entries()
        .iter()
        .filter(|it| is_login(it))
    {
        let value = &entry.value;
        let is_said = (value.text()).is_some_and(|text| is_secret_arn(text.as_str()))
            || (value.reference.as_ref())
                .is_some_and(|it| it.yields().is_some_and(|it| it != "text"));
        let Some((Role::SecretArn, source)) = role_of(value).filter(|_| !is_said) else {
            continue;
        };
        found = Some(match found.take() {
            Some(first) => first.label(value.place, "this one, too"),
            None => Finding::new(
                &SECRET_ARN_AS_CREDENTIAL,
                value.place,
                format!(
                    "`{}` is taken from {}, which by its name is the ARN of a secret: AWS Glue \
                     would use it as the credential itself",
                    entry.name,
                    references::quote(reading, value.place, &source)
                ),
            )
            .severity(Severity::Warning)
            .help("Name the secret in `SECRET_ID`, and remove the user name and password."),
        });
    }
    found
}

/// A password that a deployment looks up, and the connection then holds.
fn resolved(
    reading: &Reading<'_>,
    entry: &Entry<'_>,
    value: &Value<'_>,
    reference: &DynamicReference<'_>,
    findings: &mut Findings,
) {
    let is_password = spec::property(&entry.name).is_some_and(|fact| fact.secret);
    let takes_secret = (reading.kind).is_some_and(|kind| kind.family == Family::Core)
        && !entry.name.starts_with("KAFKA_CLIENT_");
    if !is_password {
        return;
    }
    let (message, severity) = if reference.service == "ssm" {
        (
            format!(
                "`{}` comes from a Systems Manager parameter of type String, which is not \
                 encrypted",
                entry.name
            ),
            Severity::Warning,
        )
    } else if reference.service == "secretsmanager"
        && takes_secret
        && reading.entry("SECRET_ID").is_none()
    {
        (
            format!(
                "`{}` is looked up at deployment only: GetConnection shows it, and it does not \
                 follow the secret when that changes",
                entry.name
            ),
            Severity::Info,
        )
    } else {
        return;
    };
    findings.add_at(
        value,
        Finding::new(&PASSWORD_RESOLVED_AT_DEPLOYMENT, value.place, message)
            .severity(severity)
            .help(if takes_secret {
                "Put the user name and password into a secret in AWS Secrets Manager, and name it \
                 in `SECRET_ID`."
            } else {
                "Put it into a secret in AWS Secrets Manager, and refer to that instead."
            }),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_what_things_are() {
        for name in ["rds_password", "DbPassword", "MasterPassword", "db_pwd"] {
            assert_eq!(role(name), Some(Role::Password), "{name}");
        }
        for name in ["rds_secret_arn", "MasterUserSecretArn", "secret-arn"] {
            assert_eq!(role(name), Some(Role::SecretArn), "{name}");
        }
        for name in ["rds_username", "DbUser", "user_id", "master_user"] {
            assert_eq!(role(name), Some(Role::User), "{name}");
        }
        for name in [
            "login",
            "user_password",
            "password_user",
            "secret_user",
            "username_password",
            "password_length",
            "user_pool",
            "secret",
            "result",
        ] {
            assert_eq!(role(name), None, "{name}");
        }
    }
}
