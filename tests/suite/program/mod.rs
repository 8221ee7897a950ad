//! The program as users meet it: what it does when used wrongly, when interrupted, when run again, and what
//! it leaves behind.

mod broken_specs;
mod cases;
mod conforming;
mod eventual;
mod interrupted;
pub mod left_behind;
mod partitions;
mod regions;
mod repeated;
mod replayed;
mod reported;
mod resumed;
mod shared;
mod usage;
