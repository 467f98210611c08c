//! OAuth 2.0: who asks for a token, and what for.

use super::{INCOMPLETE_GRANT, TWO_CLIENT_APPLICATIONS, filled, section};
use crate::check::{Findings, Reading};
use crate::diag::Finding;
use crate::form::{Map, Presence};

/// The members that name an application: one of the account's own, and one of AWS.
pub(super) const USER_MANAGED: &str = "UserManagedClientApplicationClientId";
const AWS_MANAGED: &str = "AWSManagedClientApplicationReference";

/// Two applications that ask for one token.
pub(super) fn client_applications(
    reading: &Reading<'_>,
    oauth2: &Map<'_>,
    findings: &mut Findings,
) {
    let application = section(oauth2, "OAuth2ClientApplication");
    let own = filled(application, USER_MANAGED);
    let aws = filled(application, AWS_MANAGED);
    if let (Some(own), Some(aws)) = (own, aws) {
        findings.add(
            Finding::new(
                &TWO_CLIENT_APPLICATIONS,
                aws.key,
                format!(
                    "`{AWS_MANAGED}` is set together with `{USER_MANAGED}`, but only one \
                         application can request the token"
                ),
            )
            .label(own.key, "the other application")
            .help(
                "Keep the application that is registered with the provider, and remove the \
                   other.",
            ),
        );
        return;
    }
    // The parameters are sent along and can name an application, too.
    let Some(parameter) = filled(section(oauth2, "TokenUrlParametersMap"), "client_id") else {
        return;
    };
    let Some((entry, name)) = own
        .map(|own| (own, USER_MANAGED))
        .or_else(|| aws.map(|aws| (aws, AWS_MANAGED)))
    else {
        return;
    };
    let differ = match (parameter.value.known(), entry.value.known()) {
        (Some(one), Some(other)) => one != other,
        _ => false,
    };
    if differ {
        findings.add_at(
            &parameter.value,
            Finding::new(
                &TWO_CLIENT_APPLICATIONS,
                parameter.value.place,
                format!(
                    "the parameter `client_id` is {}, but `{name}` names another application",
                    reading.quote_value(&parameter.value)
                ),
            )
            .label(entry.value.place, "the other application")
            .help("Remove the parameter: AWS Glue adds the client ID itself."),
        );
    }
}

/// A grant without what it exchanges for a token.
pub(super) fn grant(configuration: &Map<'_>, oauth2: &Map<'_>, findings: &mut Findings) {
    let Presence::Here(grant) = oauth2.presence("OAuth2GrantType") else {
        return;
    };
    let Some(name) = grant.value.known() else {
        return;
    };
    let application = section(oauth2, "OAuth2ClientApplication");
    let credentials = section(oauth2, "OAuth2Credentials");
    let parameters = section(oauth2, "TokenUrlParametersMap");
    // A secret may hold codes, tokens and client secrets.
    let no_secret = configuration.presence("SecretArn").is_absent();
    let no_aws_application = application.presence(AWS_MANAGED).is_absent();
    let (missing, help): (&str, &str) = match name {
        "AUTHORIZATION_CODE" => {
            // Tokens are what a code is exchanged for; a client secret alone is none.
            let no_code = oauth2.presence("AuthorizationCodeProperties").is_absent()
                && credentials.presence("AccessToken").is_absent()
                && credentials.presence("RefreshToken").is_absent();
            if !(no_code && no_aws_application && no_secret) {
                return;
            }
            (
                "an authorization code",
                "Add `AuthorizationCodeProperties`, use an AWS managed application, or name a \
                 secret in `SecretArn`.",
            )
        }
        "CLIENT_CREDENTIALS" => {
            let no_url = oauth2.presence("TokenUrl").is_absent();
            let no_client = application.presence(USER_MANAGED).is_absent()
                && no_aws_application
                && parameters.presence("client_id").is_absent();
            match (no_url, no_client) {
                (true, true) => (
                    "`TokenUrl` and a client ID",
                    "Add `TokenUrl`, and `UserManagedClientApplicationClientId` in \
                     `OAuth2ClientApplication`.",
                ),
                (true, false) => (
                    "`TokenUrl`",
                    "Add the URL at which the provider issues tokens.",
                ),
                (false, true) => (
                    "a client ID",
                    "Add `UserManagedClientApplicationClientId` in `OAuth2ClientApplication`.",
                ),
                (false, false) => return,
            }
        }
        "JWT_BEARER" => {
            let no_token = credentials.presence("JwtToken").is_absent();
            if !(no_token && no_secret) {
                return;
            }
            (
                "a signed token (JWT)",
                "Name a secret that holds the token in `SecretArn`.",
            )
        }
        "REFRESH_TOKEN" => {
            let no_token = credentials.presence("RefreshToken").is_absent();
            if !(no_token && no_secret) {
                return;
            }
            (
                "a refresh token",
                "Name a secret that holds the token in `SecretArn`.",
            )
        }
        _ => return,
    };
    findings.add_at(
        &grant.value,
        Finding::new(
            &INCOMPLETE_GRANT,
            grant.value.place,
            format!("the grant cannot obtain a token without {missing}"),
        )
        .help(help),
    );
}
