//! Faults: named wrong behaviors that users inject into the fake, and that prove the suite.
//! This file contains docs and re-exports only.
//!
//! `catalogue` has all faults: those of the TOML files beside it, and those that `derived` makes from the specs.
//! `injection` has the faults that are on. A fault consists of parts (`effect`), each with one effect on some operations.
//! `call_faults` collects the parts that concern one call. `intercept` applies them in layers around the router:
//!
//! | Layer | File | Effect |
//! |---|---|---|
//! | request | `request`, `edit` | edits members, drops or tightens constraints, changes the parser's verdict |
//! | state | `state` | loses, delays or deletes state, whatever the operation |
//! | Glue's store | `glue_store` | changes a call before, and Glue's state after, the correct handler |
//! | response | `response` | edits status, headers and body |
//! | failpoints | `bug` | switches on the few bugs that are inside handlers |

mod bug;
mod call_faults;
mod catalogue;
mod derived;
mod edit;
mod effect;
mod glue_store;
mod injection;
mod intercept;
mod request;
mod response;
mod state;

pub use bug::{Bug, Failpoints};
pub use call_faults::CallFaults;
pub use catalogue::{Catalogue, CatalogueError, Fault, UnknownFault};
pub use injection::{InjectedFaults, Injection};
pub use intercept::HandlerCall;
pub use state::{FaultMemory, run_work};
