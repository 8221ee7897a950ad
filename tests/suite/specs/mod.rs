//! The specs: that they load, say what the documents say, and cite who says so; and what the loader makes
//! of specs that are wrong.

mod check;
mod coverage;
mod document;
mod editions;
mod evidence;
mod fixtures;
mod own_traits;
mod problems;
pub mod raw;
mod schema;
mod steps;

use glueproof::model::{Edition, ServiceModel, Specs};

pub use problems::altered;

/// The embedded specs in an edition.
pub fn specs(edition: Edition) -> Specs {
    Specs::embedded(edition).unwrap()
}

fn has_extension(path: &str, extension: &str) -> bool {
    std::path::Path::new(path).extension().is_some_and(|found| found == extension)
}

/// Runs a check on every service in each edition.
fn in_both(check: impl Fn(&ServiceModel)) {
    for edition in Edition::ALL {
        specs(edition).services.iter().for_each(|model| check(model));
    }
}
