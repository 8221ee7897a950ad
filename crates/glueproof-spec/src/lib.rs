//! The specs as data: Smithy shapes, constraints, resources, evidence and behaviors of one edition.
//!
//! `source` reads files, `ast`, `behavior` and `table` are the written form, `load`, `behavior_load`,
//! `page_law`, `step_load` and `table_load` check and resolve, `shape` and `view` are what everyone else uses. Nothing here knows a
//! service or makes a value.

mod access;
mod ast;
mod ast_traits;
mod behavior;
mod behavior_file;
mod behavior_load;
mod by;
mod edition;
mod error;
mod evidence;
mod expand;
mod expectation;
mod load;
mod nearest;
mod node;
mod page_law;
mod pattern;
pub mod position;
mod resolve;
mod resolve_traits;
mod shape;
mod shorthand;
mod source;
mod step_load;
mod table;
mod table_load;
mod view;

pub use ast_traits::{
    Access, Combinations, Companions, Condition, Contents, Fault, Http, PaginatedAst as Paginated,
    PolicyMaterial, Refusals, Removal, Sample, ServiceNames, View,
};
pub use behavior::{Behavior, Proof, Role, ScenarioStep, Walk};
pub use behavior_load::FAMILIES;
pub use by::By;
pub use edition::{Edition, UnknownEdition};
pub use error::{SpecError, SpecProblem};
pub use evidence::{Confidence, Evidence, Level, Source};
pub use expectation::{Assertion, Branch, Expect, Holds};
pub use load::{SpecCounts, Specs};
pub use page_law::PageLaw;
pub use pattern::Pattern;
pub use shape::{
    Bounds, CORE, Entry, ErrorShape, HttpPlace, Kind, Lifecycle, Member, Observed, Operation, Protocol,
    Resource, ServiceModel, Shape, Traits,
};
pub use source::{SpecFile, embedded as embedded_files, from_dir as files_of_dir};
pub use table::{Cell, Choice, ConditionTable, Presence, Situation};
pub use view::HIDDEN;
