//! Reads and moves the fake's clock. Must not touch anything that happens at a time.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{Response, StatusCode};
use serde::Deserialize;
use serde_json::json;

use super::problem::{Problem, parse, success};
use super::state::not_kept;
use crate::FakeCloud;

const TO_DO: &str =
    r#"send {"set": "2026-11-21T12:00:00Z"}, {"advance": "7days 1h"} or {"follow": "system"}"#;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
enum Change {
    Set(String),
    Advance(String),
    Follow(Leader),
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Leader {
    System,
}

/// Returns the time of the clock.
pub fn read(cloud: &FakeCloud) -> Response<Bytes> {
    let clock = cloud.clock();
    let millis = clock.now().millis();
    let text = moment(millis).map(|at| humantime::format_rfc3339_millis(at).to_string());
    success(&json!({ "now": text, "epoch_millis": millis, "fixed": clock.is_fixed() }))
}

/// Moves the clock.
pub fn change(cloud: &FakeCloud, body: &[u8]) -> Result<Response<Bytes>, Problem> {
    let clock = cloud.clock();
    match parse(body, TO_DO)? {
        Change::Set(at) => clock.set(humantime::parse_rfc3339(&at).map_err(|e| unreadable(&e))?),
        Change::Advance(by) => {
            let by = humantime::parse_duration(&by).map_err(|e| unreadable(&e))?;
            let later = u64::try_from(clock.now().millis()).unwrap_or(0);
            let later = by.as_millis().saturating_add(u128::from(later));
            if !clock.is_fixed() {
                let what = "the clock follows this machine's, which cannot be moved";
                return Err(Problem::new(StatusCode::CONFLICT, what, "clock", "set it first"));
            }
            if i64::try_from(later).ok().and_then(moment).is_none() {
                return Err(Problem::body("that is beyond the year 9999", TO_DO));
            }
            clock.advance(by);
        }
        Change::Follow(Leader::System) => clock.follow_system(),
    }
    cloud.keep().map_err(|error| not_kept(&error))?;
    Ok(read(cloud))
}

fn unreadable(error: &dyn std::error::Error) -> Problem {
    Problem::body(error.to_string(), TO_DO)
}

/// Returns nothing if the date cannot be written.
fn moment(millis: i64) -> Option<SystemTime> {
    const YEAR_10000: u64 = 253_402_300_800_000;
    let millis = u64::try_from(millis).ok().filter(|millis| *millis < YEAR_10000)?;
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(millis))
}
