//! Servers that implement nothing, or are not ready: the suite must be fooled by none of them.

mod as_faults;
mod constant;
mod credit;
mod unready;
