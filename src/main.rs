//! The command line of gluelint.

fn main() -> std::process::ExitCode {
    gluelint::cli::run()
}
