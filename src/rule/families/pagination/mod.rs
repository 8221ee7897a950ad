//! The family of pagination: laws about the pages of a list.
//!
//! `law` is the test of a [`PaginationLaw`](crate::model::PaginationLaw), with the populations that it is tried on. `calls` are the
//! calls that show each law.

mod calls;
mod law;

pub(super) use law::rules;
