//! glueproof proves, or disproves, that an endpoint behaves like the security API of AWS Glue.
//!
//! The map, in the direction everything flows:
//!
//! ```text
//! specs ─► model ─► rule ─► generate ─► case ─► run (client) ─► transcript ─► check ─► report
//! ```
//!
//! | room | what it does |
//! |---|---|
//! | [`model`] | reads `specs/`: shapes, constraints, resources, evidence, behaviors of one edition |
//! | [`rule`] | derives rules from the model: one requirement each, with an id and evidence |
//! | [`generate`] | makes cases for rules on proptest; every label is right by construction |
//! | [`case`] | a case: a sequence of calls with what each must answer, as data |
//! | [`client`] | what is tested, through the real SDK's pipeline |
//! | [`reference`](mod@reference) | what Glue must hold after any sequence of calls; pure |
//! | [`history`] | judges whether calls of several clients at once can have happened one by one; pure |
//! | [`check`] | judges answers; pure |
//! | [`known`] | rules that a target is expected not to hold, out of a file its users keep |
//! | [`journal`] | what a run is about to make, written down before it does |
//! | [`run`] | schedules, executes, shrinks, cleans up; emits events |
//! | [`report`] | renders what was found out |
//! | [`redact`] | what of an exchange is the same whenever it is made, without secrets; pure |
//! | [`snapshot`] | an exchange for each operation and outcome, recorded and compared |
//! | [`diff`] | where two targets differ, and who is right |
//! | [`drift`] | where the specs and a published model of the service say different things |
//! | [`mutants`] | the fake with one fault on at a time, and the rules that notice |
//! | [`fake`] | the embedded fake cloud; shares the specs with the suite, and nothing else |
//! | [`config`] | `glueproof.toml`: targets with names |
//! | [`position`] | where something stands in a text, for those who complain of it |
//! | [`Suite`] | the facade: runs rules on a target and builds the report |
//! | [`cli`] | the program's commands |
//! | [`harness`] | the rules as tests of `cargo test`; [`conformance!`] writes their `main` |
//! | [`recipes`] | how it is put to use; carried out by CI as written |
//!
//! A run, from a program of one's own:
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use glueproof::Suite;
//! use glueproof::client::{CallLimits, ConnectOptions, Target, TargetSetup};
//! use glueproof::fake::{FakeCloud, transport};
//! use glueproof::model::{Edition, Specs};
//! use glueproof::report::Verdict;
//!
//! // Any emulator; here the fake cloud.
//! let emulator = transport::Server::start(FakeCloud::new()?, transport::Options::default())?;
//!
//! let specs = Specs::embedded(Edition::Current)?;
//! let setup = TargetSetup { name: "emulator", specs: &specs, limits: CallLimits::default() };
//! let options = ConnectOptions { region: Some("us-east-1".to_owned()), ..ConnectOptions::default() };
//! let runtime = tokio::runtime::Runtime::new()?;
//! let target = runtime.block_on(Target::endpoint(setup, &emulator.url(), &options))?;
//!
//! let report = Suite::new(&target).only("glue/GetResourcePolicy/errors/*").seed(1).run()?;
//! assert_eq!(report.verdict, Verdict::Conforms);
//! # Ok(())
//! # }
//! ```
//!
//! ARCHITECTURE.md in the repository states the invariants and what enforces each.

pub use glueproof_fake as fake;
pub use glueproof_spec as model;
pub use glueproof_spec::position;
pub use suite::{CompletedRun, Suite, SuiteError};

pub mod case;
pub mod check;
pub mod cli;
pub mod client;
pub mod config;
pub mod diff;
pub mod drift;
pub mod generate;
pub mod harness;
pub mod history;
pub mod journal;
pub mod known;
pub mod mutants;
#[doc = include_str!("../docs/how-to/recipes.md")]
pub mod recipes {}
pub mod redact;
pub mod reference;
pub mod report;
pub mod rule;
pub mod run;
mod secrets;
pub mod snapshot;
mod suite;
