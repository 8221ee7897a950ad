//! Servers that are right but for one thing: each is caught by a rule of the family it sins against, in as
//! few calls as show it, and the saved case tells the wrong server from the right one.

mod caught;
mod pages;
mod pages_that_differ;
mod paging;
pub mod servers;
mod undisturbed;
