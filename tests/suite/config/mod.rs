//! `glueproof.toml`: what it says, what is wrong in it and where, and what stands above it.

mod egress;
mod headers;
mod named;
mod written;
