//! The settings of a fake cloud. Data only: `builder` fills them in.
//! [`Settings`] is the entry point.

use super::clock::Clock;
use super::iam::{Mode, SeedFile};
use super::network::Network;
use super::notice::Notices;

/// The settings of a fake cloud.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The account of callers whose access key id is not an account number.
    pub account: String,
    /// The region of requests that are not signed for one.
    pub region: String,
    /// The largest number of security configurations of an account in a region.
    pub security_configuration_quota: usize,
    /// The ARNs of users and roles that exist from the start.
    pub principals: Vec<String>,
    /// The seed of ids.
    pub seed: u64,
    /// The clock.
    pub clock: Clock,
    /// The mode of authentication and authorization.
    pub mode: Mode,
    /// The identities that exist from the start.
    pub seeds: Vec<SeedFile>,
    /// The private networks that exist from the start.
    pub network: Network,
    /// True if runs, crawls and endpoints are done as soon as they start.
    pub prompt: bool,
    /// Notices for the user of the fake.
    pub notices: Notices,
}
