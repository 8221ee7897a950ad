//! Tests of the fake cloud through its public interface: the real SDK over each transport, and raw requests where
//! bytes matter. Ids such as E011 name the observation of the real service that a test holds the fake to.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod faults;
mod garbage;
mod glue;
mod iam;
mod kms;
mod logs;
mod s3;
mod secrets_manager;
mod state_file;
mod support;
mod tagging;
mod transports;
mod workloads;
