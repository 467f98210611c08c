//! One verdict for each purpose that a connection has credentials for: its login, its keystore and
//! the key in that. However many keys say it, what is wrong is said once, and the other pieces are
//! shown beside it.

use super::{
    CREDENTIALS_BESIDE_AUTHENTICATION, ENCRYPTED_PASSWORD_IN_INPUT, PASSWORD_BESIDE_SECRET,
    TWO_PASSWORDS, credentials_of,
};
use crate::check::kafka::{self, SCRAM_SECRET, TWO_SCRAM_CREDENTIALS};
use crate::check::values::may_be_connector;
use crate::check::{Findings, Reading};
use crate::diag::Finding;
use crate::form::Entry;
use crate::spec::{self, Family};
use crate::text::Place;

/// A credential in clear, and what it is for.
pub(super) struct Exposure {
    /// What it is for.
    pub(super) purpose: Purpose,
    /// What is to be said of it.
    pub(super) finding: Finding,
}

/// What a credential is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To log in to the source.
    Login,
    /// To open what this key is for.
    Open(&'static str),
    /// Something of its own.
    Other,
}

impl Purpose {
    /// What the credential under a key of `ConnectionProperties` is for.
    pub(super) fn of(key: &'static str) -> Purpose {
        let plain = key.strip_prefix("ENCRYPTED_").unwrap_or(key);
        if plain.starts_with("KAFKA_CLIENT_") {
            Purpose::Open(plain)
        } else {
            Purpose::Login
        }
    }
}

/// A key of `ConnectionProperties` that is certainly there and not empty.
type Piece<'c> = (&'static str, &'c Entry<'c>);

/// What a connection has for one purpose.
struct Pieces<'c> {
    /// What stands in clear.
    exposed: Vec<Finding>,
    /// User names and passwords, the passwords first.
    pairs: Vec<Piece<'c>>,
    /// Whether a secret holds both.
    is_core: bool,
    /// What holds them in their place.
    secret: Option<Piece<'c>>,
    /// What holds them for SCRAM.
    scram_secret: Option<Piece<'c>>,
    /// What holds them in the AuthenticationConfiguration.
    authentication: Option<Place>,
    /// Passwords that the service has encrypted, each with the key for the plain one.
    ciphertexts: Vec<(Piece<'c>, Option<&'static str>)>,
}

/// Judges one reading, in which these credentials stand in clear.
pub(super) fn check(reading: &Reading<'_>, exposures: Vec<Exposure>, findings: &mut Findings) {
    let mut purposes = vec![Purpose::Login];
    purposes.extend(
        (spec::properties().iter())
            .filter(|fact| fact.secret && !fact.output_only)
            .map(|fact| Purpose::of(fact.key))
            .filter(|purpose| *purpose != Purpose::Login),
    );
    let (others, mut exposures): (Vec<_>, Vec<_>) =
        (exposures.into_iter()).partition(|exposure| exposure.purpose == Purpose::Other);
    for exposure in others {
        findings.add(exposure.finding);
    }
    for purpose in purposes {
        let (of_this, rest) =
            (exposures.into_iter()).partition(|exposure: &Exposure| exposure.purpose == purpose);
        exposures = rest;
        let pieces = Pieces::of(reading, purpose, of_this);
        findings.add_any(pieces.verdict(reading));
    }
}

fn piece<'c>(reading: &Reading<'c>, key: &'static str) -> Option<Piece<'c>> {
    let entry = reading.entry(key)?;
    (entry.value.known() != Some("")).then_some((key, entry))
}

/// User names and passwords of any source, the passwords first.
const PAIR: &[&str] = &["PASSWORD", "USERNAME"];

/// Those of a SASL mechanism, which count where the mechanism may be in use.
const SASL_PAIRS: &[&str] = &[
    "KAFKA_SASL_SCRAM_PASSWORD",
    "KAFKA_SASL_SCRAM_USERNAME",
    "KAFKA_SASL_PLAIN_PASSWORD",
    "KAFKA_SASL_PLAIN_USERNAME",
];

impl<'c> Pieces<'c> {
    fn of(reading: &Reading<'c>, purpose: Purpose, exposures: Vec<Exposure>) -> Pieces<'c> {
        let mut exposed: Vec<Finding> = (exposures.into_iter()).map(|it| it.finding).collect();
        // The worst first; in a property before one in a URL, as the order of names has it.
        exposed.sort_by(|one, other| {
            (other.severity.cmp(&one.severity))
                .then_with(|| other.rule.name.cmp(one.rule.name))
                .then_with(|| one.cmp(other))
        });
        let ciphertexts = (spec::properties().iter())
            .filter(|fact| fact.output_only && Purpose::of(fact.key) == purpose)
            .filter_map(|fact| {
                let plain = fact.key.strip_prefix("ENCRYPTED_").and_then(spec::property);
                let entry = reading.entry(fact.key)?;
                Some(((fact.key, entry), plain.map(|plain| plain.key)))
            })
            .collect();
        let mut pieces = Pieces {
            exposed,
            pairs: Vec::new(),
            is_core: false,
            secret: None,
            scram_secret: None,
            authentication: None,
            ciphertexts,
        };
        if let Purpose::Open(key) = purpose {
            pieces.pairs.extend(piece(reading, key));
            return pieces;
        }
        let is_core =
            |kind: &spec::ConnectionType| kind.family == Family::Core && kind.name != "NETWORK";
        let is_judged =
            |kind: &spec::ConnectionType| kind.name == "JDBC" || kind.family == Family::Saas;
        let in_use = |key: &&&str| kafka::may_use(reading, key);
        (pieces.pairs).extend(PAIR.iter().filter_map(|key| piece(reading, key)));
        pieces.pairs.extend(
            (SASL_PAIRS.iter())
                .filter(in_use)
                .filter_map(|key| piece(reading, key)),
        );
        pieces.is_core = reading.kind.is_some_and(is_core);
        if kafka::may_use(reading, SCRAM_SECRET) {
            pieces.scram_secret = piece(reading, SCRAM_SECRET);
        }
        if reading.kind.is_some_and(is_judged) && !may_be_connector(reading) {
            pieces.authentication = credentials_of(reading.authentication);
        }
        // What a secret holds is known of the core types only.
        if pieces.is_core || pieces.authentication.is_some() {
            pieces.secret = piece(reading, "SECRET_ID");
        }
        pieces
    }

    /// What is wrong, if anything is, with all that belongs to it.
    fn verdict(mut self, reading: &Reading<'_>) -> Option<Finding> {
        let mut finding = self.head(reading)?;
        let mut said = vec![finding.place];
        said.extend(finding.labels.iter().map(|label| label.place));
        let is_exposed = !self.exposed.is_empty();
        let mut labels: Vec<(Place, &str)> = Vec::new();
        let others = self.exposed.drain(..).map(|other| other.place);
        labels.extend(others.map(|place| (place, "another credential in plain text")));
        let secrets = self.secret.iter().chain(&self.scram_secret);
        labels.extend(secrets.map(|(_, secret)| (secret.key, "the secret")));
        labels.extend(
            (self.authentication)
                .map(|place| (place, "the credentials in `AuthenticationConfiguration`")),
        );
        labels.extend(
            (self.ciphertexts.iter())
                .map(|((_, entry), _)| (entry.key, "the password as AWS Glue encrypts it")),
        );
        if !is_exposed {
            labels.extend((self.pairs.iter()).map(|(_, entry)| (entry.key, "this one, too")));
        }
        for (place, text) in labels {
            if !said.contains(&place) {
                said.push(place);
                finding = finding.label(place, text);
            }
        }
        Some(finding)
    }

    /// What weighs most.
    fn head(&self, reading: &Reading<'_>) -> Option<Finding> {
        if let Some(exposed) = self.exposed.first() {
            return Some(self.exposure(exposed.clone()));
        }
        let first = self.secret.or_else(|| self.pairs.first().copied());
        if let (Some(_), Some((key, entry))) = (self.authentication, first) {
            return Some(
                Finding::new(
                    &CREDENTIALS_BESIDE_AUTHENTICATION,
                    entry.key,
                    format!(
                        "`{key}` is set together with an `AuthenticationConfiguration` that has \
                         its own credentials"
                    ),
                )
                .help("Keep only one of the two, so that it is clear which credentials apply."),
            );
        }
        // Under another mechanism, what belongs to this one is idle, and that is said.
        let is_sure = |(key, _): &&Piece<'_>| PAIR.contains(key) || kafka::uses(reading, key);
        let pair = self.pairs.iter().find(is_sure);
        if let (Some((secret, _)), Some((key, entry)), true) = (self.secret, pair, self.is_core) {
            return Some(
                Finding::new(
                    &PASSWORD_BESIDE_SECRET,
                    entry.key,
                    format!(
                        "`{key}` is redundant: the secret in `{secret}` holds the user name and \
                         password"
                    ),
                )
                .help("Remove it: user name and password belong in the secret."),
            );
        }
        let beside = self
            .pairs
            .iter()
            .find(|(key, _)| kafka::may_use(reading, key));
        let secret = self.secret.filter(|_| kafka::uses(reading, SCRAM_SECRET));
        if let (Some(_), Some((key, entry))) = (self.scram_secret, beside.copied().or(secret)) {
            let help = if key == "SECRET_ID" {
                "Keep one of the two secrets."
            } else {
                "Keep the secret, and remove the user name and password."
            };
            return Some(
                Finding::new(
                    &TWO_SCRAM_CREDENTIALS,
                    entry.key,
                    format!(
                        "`{key}` is set together with `{SCRAM_SECRET}`, but only one of them can \
                         be used"
                    ),
                )
                .help(help),
            );
        }
        let ((key, entry), plain) = self.ciphertexts.first()?;
        if let Some(plain) = plain
            && let Some(other) = reading.entry(plain)
        {
            return Some(
                Finding::new(
                    &TWO_PASSWORDS,
                    entry.key,
                    format!(
                        "`{key}` is set together with `{plain}`, but both hold the same password"
                    ),
                )
                .label(other.key, "the plain password")
                .help(format!("Remove `{key}`: AWS Glue sets it.")),
            );
        }
        let help = match plain {
            Some("PASSWORD") | None if self.secret.is_none() => {
                "Remove it, and name a secret in `SECRET_ID`.".to_owned()
            }
            Some(plain) if self.secret.is_none() => {
                format!("Remove it, and pass in `{plain}` at deployment.")
            }
            _ => "Remove it: the secret holds the user name and password.".to_owned(),
        };
        reading.is_authored().then(|| {
            Finding::new(
                &ENCRYPTED_PASSWORD_IN_INPUT,
                entry.key,
                format!(
                    "`{key}` is set by AWS Glue when it encrypts a password, and cannot be \
                     written by hand"
                ),
            )
            .help(help)
        })
    }

    /// A credential in clear. Where another place holds the credentials already, it only has to go.
    fn exposure(&self, finding: Finding) -> Finding {
        let secret = self.secret.filter(|_| self.is_core).or(self.scram_secret);
        if let Some((key, _)) = secret {
            finding.help(format!(
                "Remove it: the secret in `{key}` holds the user name and password."
            ))
        } else if self.authentication.is_some() {
            finding.help("Remove it: the `AuthenticationConfiguration` has its own credentials.")
        } else {
            finding
        }
    }
}
