//! IAM and STS through the query protocol, signatures, and what policies decide.

mod access_keys;
mod conditions;
mod decisions;
mod enforced;
mod managed_policies;
mod policies;
mod recorded;
mod roles;
mod seeds;
mod sessions;
mod signatures;
mod simulation;
pub mod support;
mod tags;
mod users;
