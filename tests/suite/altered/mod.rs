//! Servers that are right but for one thing: each is caught by a rule of the family it sins against, in as
//! few calls as show it, and the saved case tells the wrong server from the right one.

mod at_once;
mod caught;
mod conditions;
mod pages;
mod pages_that_differ;
mod paging;
mod sequences;
pub mod servers;
pub mod state_servers;
mod undisturbed;
