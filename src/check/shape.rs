//! Members: known ones, in the right shape, of the right length, travelling the right way.

use super::{Findings, Reading};
use crate::spec::rules;

rules! {
    /// A member that the structure does not have.
    UNKNOWN_MEMBER = "unknown-member", Error, since "0.1.0";
}

/// Judges one reading.
pub(super) fn check(_reading: &Reading<'_>, _findings: &mut Findings) {}
