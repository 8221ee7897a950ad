//! The reference: what it accepts, what it does not, and who says so; on answers written here, and beside
//! the fake.

mod beside_the_fake;
mod concurrent;
mod configurations;
mod policy;
mod policy_times;
mod settings;
mod table_files;
mod tables;
mod unsettled;
mod walk;
