//! Presence: members and properties that must be there.

use super::{Findings, Reading};
use crate::spec::rules;

rules! {}

/// Judges one reading.
pub(super) fn check(_reading: &Reading<'_>, _findings: &mut Findings) {}
