//! Specs against published models: none of our own making, in both forms, with one thing changed at a time.

mod found;
mod models;
mod program;
