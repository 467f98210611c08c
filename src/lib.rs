//! An offline linter for AWS Glue connection definitions.
//!
//! The floors of the house, and who may import whom, are described in `ARCHITECTURE.md`. Without
//! the feature `cli` this library touches no file, environment, clock, thread or network.

pub mod allow;
pub mod baseline;
pub mod check;
#[cfg(feature = "cli")]
pub mod cli;
pub mod config;
pub mod coverage;
pub mod detect;
pub mod diag;
pub mod fix;
pub mod form;
pub mod lint;
pub mod report;
pub mod spec;
pub mod syntax;
pub mod text;
