//! Makes cases for rules, on proptest: every value shrinks, and every label is right by construction.
//! The generator of a violation knows it is one because it built it so; it never asks a validator.
//!
//! `text`, `policy` and `value` make values, `boundary` and `invalid` place them at and beyond a
//! constraint, `lifecycle` puts calls around them, `contrast` another state behind them, `wire` bends the protocol, `scenario` fills in what
//! behaviors leave open, `cell` makes scenarios of condition tables, `walk` strings valid calls together in
//! any order, `pages` makes lists long enough to be cut, of what `list` knows to make, and `page_laws` the
//! calls that show each law; `cases` is the way in. Nothing here sends or judges.

mod boundary;
mod cases;
mod cell;
mod contrast;
mod invalid;
mod lifecycle;
mod list;
mod page_laws;
mod pages;
mod policy;
mod refused;
mod scenario;
mod text;
mod value;
mod walk;
mod wire;

pub use cases::{Material, Variant, variants};
