//! Endpoints that refuse the caller or implement another API, and the ways to reach an endpoint. Whatever keeps the run from
//! its target is told as such, and no rule counts as violated.

mod addresses;
mod caller_refused;
mod other_servers;
mod secrets;
mod trust;
