//! Calls by other callers than the run's own, on targets that ask who calls and on targets that do not.

pub mod callers;
mod commands;
mod detected;
mod secrets;
