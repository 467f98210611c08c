//! A peer for `benches/ratios.rs`: a program of clap's that does nothing.

use clap::Parser;

#[derive(Parser)]
struct Arguments {
    #[arg(value_name = "PATH")]
    paths: Vec<std::path::PathBuf>,
}

fn main() {
    let arguments = Arguments::parse();
    println!("{} paths", arguments.paths.len());
}
