//! Rules that need more than the nine operations: what a target has is found out, other services are called, what was
//! made is removed, secrets stay secret, and each rule fails where it must.

mod caught;
mod cleaning;
mod log_groups;
mod probing;
mod secrets;
mod waiting;
mod workloads;
