//! AWS itself, played by the fake where it asks who calls: an account in use, which a run leaves as it
//! found it, whenever it is killed.

mod account;
mod begun;
mod cleaned;
mod journal;
mod killed;
