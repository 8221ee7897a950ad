//! Rules: those derived from the specs are exactly the ones a second reading of the specs asks for, they
//! follow the specs without a change of code, and users choose among them as they expect.

mod added;
mod choice;
mod conditions;
mod derived;
mod identity;
mod locked;
