//! The reporters through their public functions, on results made by hand: no target, no run.

mod badge;
mod bug_reports;
mod causes;
mod commands;
mod comparison;
mod describe;
mod detail;
mod fixture;
mod html;
mod json;
mod junit;
mod markdown;
mod merge;
mod progress;
mod site;
mod summary;
mod terminal;
mod titles;
