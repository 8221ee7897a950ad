//! The judge of concurrent histories: on histories made by hand, on long simulated ones, and against a
//! checker that tries every order.

mod brute;
mod by_hand;
mod long;
mod minimal;
mod register;
mod timeline;

pub use long::TestRng;
