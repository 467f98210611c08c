//! What values look like: parsers that the families share.
//!
//! Each works on a `&str` in which [`GAP`](crate::syntax::GAP) stands for what is not known, and
//! takes a component that holds a gap for a good one.

pub mod arn;
pub mod brokers;
pub mod class_name;
pub mod holes;
pub mod host;
pub mod jdbc_url;
pub mod mongodb_url;
pub mod s3;
pub mod url;
