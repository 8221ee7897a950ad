//! Named wrong behaviours of the fake: what users inject, and what proves a suite. This file holds docs and
//! re-exports; it must hold no behaviour.
//!
//! `catalogue` has them all: those written down in the TOML files beside it, and those that `derived` makes of the
//! specs, one for each constraint. A fault is made of parts (`part`), each for some operations and with one effect:
//! what is asked or answered is edited (`edit`, at the places of `place`), the state is treated otherwise (`astray`),
//! a constraint is dropped or drawn tighter (`shapes`), policies are misread (`misread`), or a handler is told to go wrong (`wrong`). `injection` says
//! where and how often a fault shows, `active` is what of that concerns one call.

mod active;
mod answer;
mod astray;
mod catalogue;
mod derived;
mod edit;
mod injection;
mod memory;
mod misread;
mod part;
mod place;
mod shapes;
mod wrong;

pub use active::Active;
pub use astray::{Astray, Meeting};
pub use catalogue::{Catalogue, CatalogueError, Fault, UnknownFault};
pub use injection::{Faults, Injection};
pub use memory::Memory;
pub use misread::Misread;
pub use part::Unread;
pub use wrong::{Wrong, Wrongs};
