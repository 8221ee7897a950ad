//! Servers that are right but for one fault. `table` has a row for each fault: the server, the rule that finds the fault, and
//! the number of calls in the finding. `conditions` lists the cells that faults in conditions fail, `effects` the rules that
//! a fault leaves alone, and `right_pages` servers without a fault that differ from the fake.

mod conditions;
mod effects;
mod found;
mod paging;
mod right_pages;
pub mod servers;
pub mod state_servers;
mod table;
