//! The admin path of a served fake, `/_glueproof/`, for tasks that AWS has no API for. `gate` decides who may use it,
//! `route` has the table of routes, `clock`, `faults`, `network` and `state` do the work, `problem` writes responses. The path must not
//! do anything that Rust users of the fake cannot do without it.
//!
//! | request | what it does |
//! |---|---|
//! | `GET /_glueproof/health` | says that the fake is ready |
//! | `POST /_glueproof/reset` | removes everything that callers have made; clock and faults stay |
//! | `GET /_glueproof/clock` | the fake's time |
//! | `POST /_glueproof/clock` | `{"set": "2026-11-21T12:00:00Z"}`, `{"advance": "7days 1h"}` or `{"follow": "system"}` |
//! | `GET /_glueproof/state` | a snapshot of all state, keys included |
//! | `PUT /_glueproof/state` | restores a snapshot, whole or not at all |
//! | `GET /_glueproof/faults` | the faults that are on, and all there are |
//! | `POST /_glueproof/faults` | `{"fault": "throttling", "operation": "GetResourcePolicy", "times": 3}`; the last two may be left out |
//! | `DELETE /_glueproof/faults` | switches all off |
//! | `PUT /_glueproof/vpc` | `{"id": "vpc-1", "subnets": ["subnet-1"]}`: adds a private network, or changes the one of that id |
//! | `GET /_glueproof/rest` | the bytes that lie at rest, item by item, in base64 |
//!
//! Answers are JSON. An error is `{"error": {"what", "where", "to_do"}}`.

mod clock;
mod faults;
mod gate;
mod network;
mod problem;
mod route;
mod state;

pub use gate::{Admin, forbidden};
pub use route::{is_for, respond, too_large};
