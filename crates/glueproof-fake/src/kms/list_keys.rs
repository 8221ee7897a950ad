//! `ListKeys`. Must not change a key.

use serde::Serialize;

use super::authorize;
use super::page::{self, MarkerInput, MarkerOutput};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListOutput {
    /// The number of keys on the page. The model has no such member, but the service returns it (E221).
    key_count: usize,
    keys: Vec<Entry>,
    #[serde(flatten)]
    next: MarkerOutput,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    key_arn: String,
    key_id: String,
}

/// Lists the keys of the account and region in any state, in the order of ids.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn list(cloud: &mut Cloud, caller: &Caller, pagination: MarkerInput) -> Result<ListOutput, ServiceError> {
    authorize::on_resource(cloud, caller, "ListKeys", "*")?;
    let now = cloud.now();
    let state = &mut cloud.region(caller).kms;
    state.expire_all(now);
    let keys = state.keys.values();
    let keys = keys.map(|key| (key.id.clone(), Entry { key_arn: key.arn.clone(), key_id: key.id.clone() }));
    let (keys, next) = page::page("ListKeys", caller, &pagination, page::KEYS_PER_PAGE, keys)?;
    Ok(ListOutput { key_count: keys.len(), keys, next })
}
