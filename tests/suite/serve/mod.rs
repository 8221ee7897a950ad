//! The fake on a port: answers to every kind of request, limits, the admin path, and the state file.

mod admin;
mod client;
mod gate;
mod limits;
mod program;
mod requests;
mod soak;
mod state_file;
mod stopping;
