//! A walk over the documented members of a connection and of the request around it.

use super::Reading;
use crate::form::{Entry, Map, Shape, Value};
use crate::spec::{self, Member, MemberShape, Structure};

/// A member that is there, with one of the values it may have.
#[derive(Clone, Copy)]
pub(super) struct Visit<'c> {
    /// What the facts say of it.
    pub(super) member: &'static Member,
    /// Its entry.
    pub(super) entry: &'c Entry<'c>,
    /// Its value, or a branch of it.
    pub(super) value: &'c Value<'c>,
}

/// Hands over each structure of a connection, the request around it first, with the map that it
/// is in this document. The sections that a reading decides are taken from the reading.
pub(super) fn structures<'c>(
    reading: &Reading<'c>,
    each: &mut dyn FnMut(&'static Structure, &'c Map<'c>),
) {
    if let Some(envelope) = &reading.connection.envelope
        && let Some(structure) = spec::structure(envelope.structure)
    {
        // Of the request, the members beside the connection: that has its own turn.
        each(structure, &envelope.fields);
    }
    if let Some(structure) = spec::structure(reading.connection.structure) {
        nested(reading, structure, &reading.connection.fields, each);
    }
}

fn nested<'c>(
    reading: &Reading<'c>,
    structure: &'static Structure,
    map: &'c Map<'c>,
    each: &mut dyn FnMut(&'static Structure, &'c Map<'c>),
) {
    each(structure, map);
    for entry in &map.entries {
        let Some(MemberShape::Structure(name)) = structure.member(&entry.name).map(|m| m.shape)
        else {
            continue;
        };
        let Some(inner) = spec::structure(name) else {
            continue;
        };
        match section(reading, &entry.name) {
            Some(decided) => {
                if let Some(map) = decided {
                    nested(reading, inner, map, each);
                }
            }
            None => {
                for value in entry.value.alternatives() {
                    if let Shape::Map(map) = &value.shape {
                        nested(reading, inner, map, each);
                    }
                }
            }
        }
    }
}

/// The map of a section that the reading decides: `None` for any other member.
fn section<'c>(reading: &Reading<'c>, name: &str) -> Option<Option<&'c Map<'c>>> {
    match name {
        "PhysicalConnectionRequirements" => Some(reading.placement.map()),
        "AuthenticationConfiguration" => Some(reading.authentication.map()),
        _ => None,
    }
}

/// Hands over each documented member of a structure with each value it may have.
pub(super) fn members<'c>(
    structure: &'static Structure,
    map: &'c Map<'c>,
    each: &mut dyn FnMut(Visit<'c>),
) {
    for entry in &map.entries {
        let Some(member) = structure.member(&entry.name) else {
            continue;
        };
        if let Shape::OneOf(_) = entry.value.shape {
            for value in entry.value.alternatives() {
                each(Visit {
                    member,
                    entry,
                    value,
                });
            }
        } else {
            each(Visit {
                member,
                entry,
                value: &entry.value,
            });
        }
    }
}
