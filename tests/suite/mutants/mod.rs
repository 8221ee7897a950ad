//! Faults that the fake can be told to have, and the command that shows which rules notice them.

mod catalogue;
mod campaign;
mod program;
