//! The rules as tests, one each, against `GLUEPROOF_TARGET` or the embedded fake.

fn main() -> std::process::ExitCode {
    glueproof::harness::conformance()
}
