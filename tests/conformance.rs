//! The rules as tests, one each, against `GLUEPROOF_TARGET` or the embedded fake.

glueproof::conformance!();
