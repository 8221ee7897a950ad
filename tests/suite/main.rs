//! The ordinary tests, one binary: everything through the public API. The rules of the suite themselves run
//! in `tests/conformance.rs`, one test a rule.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod access;
mod altered;
mod aws;
mod config;
mod connecting;
mod crypto;
mod diff;
mod drift;
mod generators;
mod history;
mod hostile;
mod impostors;
mod known;
mod mutants;
mod program;
mod recorded;
mod reference;
mod report;
mod rules;
mod serve;
mod server;
mod snapshots;
mod specs;
mod trial;
