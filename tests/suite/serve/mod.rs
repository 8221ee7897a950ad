//! The fake on a port: what clients get whatever they send, what the admin path offers, and what outlives
//! the process.

mod admin;
mod client;
mod gate;
mod limits;
mod program;
mod requests;
mod soak;
mod state_file;
mod stopping;
