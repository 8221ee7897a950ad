//! `glueproof run --watch`: starts a target, judges it, and does so again at each change of its sources.
//!
//! | module | purpose |
//! |---|---|
//! | `session` | the loop, from the first start to the end |
//! | `round` | one run on a started target: the rules that failed last, then the others |
//! | `sources` | the files whose changes count |

mod round;
mod session;
mod sources;

pub use session::watch;
