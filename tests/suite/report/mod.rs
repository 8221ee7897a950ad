//! The reporters through their public functions, on results made by hand: no target, no run.

mod causes;
mod commands;
mod describe;
mod detail;
mod fixture;
mod json;
mod junit;
mod progress;
mod summary;
mod terminal;
mod titles;
