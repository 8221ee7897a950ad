//! The specs as data: Smithy shapes, constraints, resources, evidence and behaviors of one edition. Nothing here knows a
//! particular service, makes a value, or calls a target.
//!
//! `source` reads files and `load` makes models of them, in three stages:
//!
//! 1. Shapes: `ast` and `ast_traits` are the written form, `gather` collects the shapes of a service, `resolve` and
//!    `resolve_traits` resolve them for an edition.
//! 2. Tables: `table` is the model, `table_load` checks the written form.
//! 3. Behaviors: `node` parses TOML, `expand` replaces fixtures, documents, parameters and rows, `shorthand` reads short
//!    forms, `behavior_file` makes behaviors of the result, `access` derives more, `behavior_load` and `step_check` check them.
//!
//! The results are [`ServiceModel`] in `service`, [`Shape`] in `shape`, [`Behavior`] in `behavior`, [`Expect`] in
//! `expectation`, and [`Evidence`] in `evidence`. `member_path` is the path to a member of a shape, and `partition` returns
//! the AWS partition of a region.

mod access;
mod ast;
mod ast_traits;
mod behavior;
mod behavior_file;
mod behavior_load;
mod edition;
mod error;
mod evidence;
mod expand;
mod expectation;
mod gather;
mod load;
mod member_path;
mod node;
pub mod partition;
mod pattern;
pub mod position;
mod resolve;
mod resolve_traits;
mod service;
mod shape;
mod shorthand;
mod source;
mod step_check;
mod table;
mod table_load;
mod taxonomy;

pub use ast_traits::{
    Access, Combinations, Companions, Condition, Contents, Eventual, Fault, Http, PaginatedAst as Paginated,
    PolicyMaterial, Refusals, Removal, Sample, ServiceNames, View,
};
pub use behavior::{Behavior, PaginationLaw, Principal, Proof, Role, ScenarioStep, Walk};
pub use edition::{Edition, UnknownEdition};
pub use error::{SpecError, SpecProblem};
pub use evidence::{Confidence, Evidence, Level, Source};
pub use expectation::{Assertion, Branch, Expect, Predicate};
pub use load::{SpecCounts, Specs};
pub use member_path::{MemberPath, Segment};
pub use partition::{PARTITIONS, Partition, partition};
pub use pattern::Pattern;
pub use service::{Lifecycle, Operation, Protocol, REDACTED, Resource, ServiceModel};
pub use shape::{Bounds, ErrorShape, HttpPlace, Kind, MapShape, Member, Observed, Shape, Traits};
pub use source::{SpecFile, embedded as embedded_files, from_dir as files_of_dir};
pub use table::{Cell, CellKey, ConditionTable, ConditionValue, Presence};
pub use taxonomy::{Capability, Family, UnknownClass};
