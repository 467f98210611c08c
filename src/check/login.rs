//! Logging in: what each way of it needs, and which ways the documentation shows for a type.

use super::authentication::{filled, section};
use super::secrets::{Role, credential, in_plain_text, role_of};
use super::{Findings, Reading, Section, references, words};
use crate::diag::{Finding, is_secret_name};
use crate::form::{Entry, Map, Presence};
use crate::spec::{self, ConnectionType, Need, rules};

rules! {
    /// An authentication type without the credentials that it sends.
    AUTHENTICATION_WITHOUT_CREDENTIALS = "authentication-without-credentials", Warning, since "0.1.0";
    /// What one OAuth 2.0 grant exchanges for a token, beside another grant.
    SETTING_OF_ANOTHER_GRANT = "setting-of-another-grant", Warning, since "0.1.0";
    /// A user name in place of the password, or the reverse.
    SWAPPED_CREDENTIALS = "swapped-credentials", Warning, since "0.1.0";
    /// A way to log in that no page shows for the type.
    UNDOCUMENTED_AUTHENTICATION = "undocumented-authentication", Info, since "0.1.0";
}

/// Judges one reading.
pub(super) fn check(reading: &Reading<'_>, findings: &mut Findings) {
    if reading.is_authored() {
        swapped(reading, findings);
    }
    let Section::Here(configuration) = reading.authentication else {
        return;
    };
    let is_unused = reading
        .kind
        .is_some_and(|kind| kind.authentication == Need::Unused);
    let oauth2 = section(configuration, "OAuth2Properties");
    if let Section::Here(oauth2) = oauth2 {
        another_grant(oauth2, findings);
        if !reading.facets().resolved {
            token_parameters(reading, oauth2, findings);
        }
    }
    if reading.is_authored() && !is_unused {
        credentials(configuration, oauth2, findings);
        if let Some(kind) = reading.kind {
            undocumented(kind, configuration, oauth2, findings);
        }
    }
}

/// The entry of an enumeration, and its value.
fn word<'c>(map: &'c Map<'c>, name: &str) -> Option<(&'c Entry<'c>, &'c str)> {
    match map.presence(name) {
        Presence::Here(entry) => Some((entry, entry.value.known()?)),
        _ => None,
    }
}

// ---- user names and passwords ----------------------------------------------------------------

/// Keys that hold a user name, and the keys of the passwords that go with them.
const PAIRS: &[(&str, &str)] = &[
    ("USERNAME", "PASSWORD"),
    ("KAFKA_SASL_PLAIN_USERNAME", "KAFKA_SASL_PLAIN_PASSWORD"),
    ("KAFKA_SASL_SCRAM_USERNAME", "KAFKA_SASL_SCRAM_PASSWORD"),
];

fn swapped(reading: &Reading<'_>, findings: &mut Findings) {
    for (user, password) in PAIRS {
        let (Some(user_entry), Some(password_entry)) =
            (reading.entry(user), reading.entry(password))
        else {
            continue;
        };
        let from = |entry: &Entry<'_>, wrong: Role| {
            role_of(&entry.value).and_then(|(role, source)| (role == wrong).then_some(source))
        };
        let user_from = from(user_entry, Role::Password);
        let password_from = from(password_entry, Role::User);
        let both = user_from.is_some() && password_from.is_some();
        let (key, entry, from, what) = match (user_from, password_from) {
            (Some(from), _) => (user, user_entry, from, "a password"),
            (None, Some(from)) => (password, password_entry, from, "a user name"),
            (None, None) => continue,
        };
        let quoted = references::quote(reading, entry.value.place, &from);
        let finding = Finding::new(
            &SWAPPED_CREDENTIALS,
            entry.value.place,
            format!("`{key}` is taken from {quoted}, which by its name is {what}"),
        );
        findings.add(if both {
            finding
                .label(password_entry.value.place, "and the reverse here")
                .help(format!("Exchange the values of `{user}` and `{password}`."))
        } else {
            finding.help(format!("Take `{key}` from the parameter that holds it."))
        });
    }
}

// ---- credentials -----------------------------------------------------------------------------

fn credentials(configuration: &Map<'_>, oauth2: Section<'_>, findings: &mut Findings) {
    let Some((kind, name)) = word(configuration, "AuthenticationType") else {
        return;
    };
    if !configuration.presence("SecretArn").is_absent() {
        return;
    }
    // Beside what belongs to another type, it is the type that may be wrong.
    let is_doubtful = [
        ("BasicAuthenticationCredentials", "BASIC"),
        ("CustomAuthenticationCredentials", "CUSTOM"),
        ("OAuth2Properties", "OAUTH2"),
    ]
    .iter()
    .any(|(member, owner)| *owner != name && !configuration.presence(member).is_absent());
    if is_doubtful {
        return;
    }
    let member = match name {
        "BASIC" => "BasicAuthenticationCredentials",
        "CUSTOM" => "CustomAuthenticationCredentials",
        "OAUTH2" => return client_secret(oauth2, findings),
        _ => return,
    };
    match configuration.presence(member) {
        Presence::Absent => findings.add_at(
            &kind.value,
            Finding::new(
                &AUTHENTICATION_WITHOUT_CREDENTIALS,
                kind.value.place,
                format!("`{name}` sends credentials, but neither `SecretArn` nor `{member}` gives any"),
            )
            .help("Put the credentials into a secret in AWS Secrets Manager, and name it in `SecretArn`."),
        ),
        Presence::Here(entry) if name == "BASIC" => {
            let Some(fields) = entry.value.as_map() else {
                return;
            };
            let lacks = |name: &str| fields.presence(name).is_absent();
            let (has, lacks) = match (lacks("Username"), lacks("Password")) {
                (false, true) => ("Username", "Password"),
                (true, false) => ("Password", "Username"),
                _ => return,
            };
            let Some(half) = fields.get(has) else { return };
            findings.add(
                Finding::new(
                    &AUTHENTICATION_WITHOUT_CREDENTIALS,
                    half.key,
                    format!("`{has}` is set without `{lacks}`, but `BASIC` sends both"),
                )
                .help(
                    "Put both into a secret in AWS Secrets Manager, and name it in `SecretArn`.",
                ),
            );
        }
        Presence::Here(_) | Presence::Maybe => {}
    }
}

/// The grant that an application is given for its own sake takes its secret.
fn client_secret(oauth2: Section<'_>, findings: &mut Findings) {
    let Some(map) = oauth2.map() else { return };
    let Some((grant, "CLIENT_CREDENTIALS")) = word(map, "OAuth2GrantType") else {
        return;
    };
    let application = section(map, "OAuth2ClientApplication");
    let credentials = section(map, "OAuth2Credentials");
    let gives_none = credentials
        .presence("UserManagedClientApplicationClientSecret")
        .is_absent()
        && section(map, "TokenUrlParametersMap")
            .presence("client_secret")
            .is_absent();
    // Without any application, it is the application that is missed.
    let own = filled(application, "UserManagedClientApplicationClientId");
    let (Some(own), true) = (own, gives_none) else {
        return;
    };
    findings.add_at(
        &grant.value,
        Finding::new(
            &AUTHENTICATION_WITHOUT_CREDENTIALS,
            grant.value.place,
            "`CLIENT_CREDENTIALS` sends the client secret of the application, but nothing gives it",
        )
        .label(own.key, "the application")
        .help("Put the client secret into a secret in AWS Secrets Manager, and name it in `SecretArn`."),
    );
}

// ---- grants ----------------------------------------------------------------------------------

fn another_grant(oauth2: &Map<'_>, findings: &mut Findings) {
    let Some((grant, name)) = word(oauth2, "OAuth2GrantType") else {
        return;
    };
    let is_grant = spec::structure("OAuth2Properties")
        .and_then(|structure| structure.member("OAuth2GrantType"))
        .is_some_and(|member| member.values.contains(&name));
    if !is_grant {
        return;
    }
    let code = filled(Section::Here(oauth2), "AuthorizationCodeProperties");
    let token = filled(section(oauth2, "OAuth2Credentials"), "JwtToken");
    let settings = [
        (code, "AuthorizationCodeProperties", "AUTHORIZATION_CODE"),
        (token, "JwtToken", "JWT_BEARER"),
    ];
    for (entry, member, owner) in settings {
        let Some(entry) = entry.filter(|_| owner != name) else {
            continue;
        };
        findings.add(
            Finding::new(
                &SETTING_OF_ANOTHER_GRANT,
                entry.key,
                format!("`{member}` belongs to the grant `{owner}`, which is not this one"),
            )
            .label(grant.value.place, "the grant")
            .help(format!(
                "Remove it, or set `OAuth2GrantType` to \"{owner}\"."
            )),
        );
    }
}

/// The parameters of the token URL are no place for a secret: nothing hides them.
fn token_parameters(reading: &Reading<'_>, oauth2: &Map<'_>, findings: &mut Findings) {
    let Section::Here(parameters) = section(oauth2, "TokenUrlParametersMap") else {
        return;
    };
    for entry in &parameters.entries {
        let is_secret = is_secret_name(&entry.name);
        for value in entry.value.alternatives().filter(|_| is_secret) {
            let is_default = value.origins.iter().any(|origin| origin.is_default);
            let credential = value.as_scalar().and_then(credential);
            let Some(credential) = credential.filter(|_| !is_default) else {
                continue;
            };
            findings.add_at(
                value,
                in_plain_text(reading, value.place, "`TokenUrlParametersMap`", credential).help(
                    "Put it into a secret in AWS Secrets Manager, and name that in `SecretArn`.",
                ),
            );
        }
    }
}

// ---- what is documented ----------------------------------------------------------------------

fn undocumented(
    kind: &ConnectionType,
    configuration: &Map<'_>,
    oauth2: Section<'_>,
    findings: &mut Findings,
) {
    let Some((login, name)) = word(configuration, "AuthenticationType") else {
        return;
    };
    // What is no type at all is said already, and IAM is younger than the pages.
    if kind.logins.is_empty() || !["BASIC", "OAUTH2", "CUSTOM"].contains(&name) {
        return;
    }
    let say = |what: &str, entry: &Entry<'_>, shown: &[&str]| {
        let name = entry.value.known().unwrap_or_default();
        Finding::new(
            &UNDOCUMENTED_AUTHENTICATION,
            entry.value.place,
            format!(
                "AWS documents {} for {} connections, but not the {what} `{name}`",
                words::and(shown),
                kind.name
            ),
        )
    };
    if !kind.logins.contains(&name) {
        let finding = say("authentication type", login, kind.logins);
        findings.add_at(
            &login.value,
            finding.help(if kind.logins.contains(&"CUSTOM") && name == "BASIC" {
                "Use `CUSTOM`: a user name and password are custom credentials there.".to_owned()
            } else {
                format!("Use {}.", words::or(kind.logins))
            }),
        );
        return;
    }
    let Some((grant, name)) = oauth2.map().and_then(|map| word(map, "OAuth2GrantType")) else {
        return;
    };
    // A refresh token is what a code is exchanged for, among other things.
    let is_known = ["AUTHORIZATION_CODE", "CLIENT_CREDENTIALS", "JWT_BEARER"].contains(&name);
    if is_known && !kind.grants.is_empty() && !kind.grants.contains(&name) {
        let finding = say("grant", grant, kind.grants);
        findings.add_at(
            &grant.value,
            finding.help(format!("Use {}.", words::or(kind.grants))),
        );
    }
}
