//! The connections of a document together, and those who use them.

use std::collections::BTreeMap;

use super::{Findings, name};
use crate::diag::{Finding, Fix, Secrets};
use crate::form::{Connection, Direction, Surroundings, User, Value};
use crate::spec::{Severity, rules};
use crate::text::Place;

rules! {
    /// Two connections of one name.
    DUPLICATE_CONNECTION = "duplicate-connection", Warning, since "0.1.0";
    /// A job or crawler that names a connection by something else than its name.
    CONNECTION_REFERRED_BY_ID = "connection-referred-by-id", Warning, since "0.1.0";
}

/// Judges the connections of a document together. Of each, only what others can be compared with is
/// kept.
#[derive(Debug)]
pub struct Together<'s> {
    surroundings: &'s Surroundings<'s>,
    findings: Findings,
    /// Where each name stands first.
    names: BTreeMap<Identity, Named>,
}

/// What no two connections may share.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Identity {
    name: String,
    /// The parameters that the name is taken from: of two texts that are equal by chance, a
    /// deployment may replace one.
    sources: Vec<String>,
    catalog: Option<String>,
    realm: String,
}

#[derive(Debug)]
struct Named {
    address: String,
    place: Place,
}

impl<'s> Together<'s> {
    /// No connection yet, among these surroundings.
    pub fn new(surroundings: &'s Surroundings<'s>, least: Severity) -> Together<'s> {
        Together {
            surroundings,
            findings: Findings::new(least),
            names: BTreeMap::new(),
        }
    }

    /// Compares a connection with those before it.
    pub fn add(&mut self, connection: &Connection<'_>, secrets: &Secrets) {
        // Where connections have no address, two of a name may be two steps with the same one, or
        // answers from two Regions.
        if connection.address.is_empty() || connection.facets.direction == Direction::Observed {
            return;
        }
        let Some((identity, value)) = identity(connection) else {
            return;
        };
        let named = Named {
            address: connection.address.clone(),
            place: value.place,
        };
        let Some(first) = self.names.get(&identity) else {
            self.names.insert(identity, named);
            return;
        };
        // What the document says twice of one address has other rules.
        if first.address == named.address || !self.findings.wants(DUPLICATE_CONNECTION.severity) {
            return;
        }
        let quoted = value.text().map(|text| secrets.quote(text, text.as_str()));
        let mut finding = Finding::new(
            &DUPLICATE_CONNECTION,
            value.place,
            format!(
                "another connection here is also called {}, and AWS Glue refuses the second of \
                 that name",
                quoted.unwrap_or_default()
            ),
        )
        .label(first.place, "the first connection of that name")
        .help("Give each connection a name of its own.");
        name(&mut finding, connection, secrets);
        self.findings.add(finding);
    }

    /// What was found, those who use the connections included.
    pub fn finish(mut self) -> Vec<Finding> {
        for user in &self.surroundings.users {
            for value in user.connections.iter().flat_map(Value::alternatives) {
                by_id(user, value, &mut self.findings);
            }
        }
        self.findings.finish()
    }
}

/// What makes a connection the only one, if all of it is known; and its name.
fn identity<'c>(connection: &'c Connection<'_>) -> Option<(Identity, &'c Value<'c>)> {
    let value = connection.field("Name")?;
    let name = value.known().filter(|name| !name.is_empty())?;
    let catalog = (connection.envelope.as_ref())
        .and_then(|envelope| envelope.fields.get("CatalogId"))
        .map(|entry| &entry.value);
    let catalog = match catalog {
        Some(value) => Some(same(value)?),
        None => None,
    };
    let sources = value.parameters.iter().map(|it| it.name.clone());
    let identity = Identity {
        name: name.to_owned(),
        sources: sources.collect(),
        catalog,
        realm: connection.realm.clone(),
    };
    Some((identity, value))
}

/// A text that is equal for two values only if they are; `None` where that cannot be told.
fn same(value: &Value<'_>) -> Option<String> {
    match (value.parameters.as_slice(), &value.reference, value.known()) {
        (_, Some(reference), _) => Some(format!("{}.{}", reference.address, reference.attribute)),
        ([], None, Some(text)) => Some(format!("={text}")),
        ([parameter], None, _) => Some(format!("{}?{:?}", parameter.name, value.known())),
        _ => None,
    }
}

// ---- those who use connections ---------------------------------------------------------------

fn by_id(user: &User<'_>, value: &Value<'_>, findings: &mut Findings) {
    let yields = value.reference.as_ref().and_then(|it| it.yields());
    let found = match (yields, value.text()) {
        (Some("connection-arn"), _) => "ARN",
        (Some("connection-id"), _) => "ID",
        (_, Some(text)) if text.as_str().starts_with("arn:") => "ARN",
        (_, Some(text)) if begins_with_account(text.as_str()) => "ID",
        _ => return,
    };
    let reference = (value.reference.as_deref()).filter(|it| {
        it.address
            .trim_start_matches("data.")
            .starts_with("aws_glue_connection.")
    });
    let fix = reference.map(|it| Fix::attribute(value, &it.attribute, "name"));
    let mut finding = Finding::new(
        &CONNECTION_REFERRED_BY_ID,
        value.place,
        format!(
            "the {} refers to a connection by its {found}, but AWS Glue looks connections up by name",
            user.what
        ),
    )
    .label(user.anchor, format!("the {}", user.what))
    .help("Write the name of the connection alone.")
    .fix(fix);
    finding.path.clone_from(&user.path);
    findings.add(finding);
}

/// Whether a text is `123456789012:orders`, by which tools identify a connection.
fn begins_with_account(text: &str) -> bool {
    text.split_once(':').is_some_and(|(account, name)| {
        account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit()) && !name.is_empty()
    })
}
