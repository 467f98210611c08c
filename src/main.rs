//! The command line of gluelint.

fn main() {}
