//! Faults that the fake can be told to have, and the command that shows which rules notice them.

mod campaign;
mod catalogue;
mod program;
