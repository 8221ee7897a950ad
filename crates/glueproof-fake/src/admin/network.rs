//! Adds private networks. Must not know what travels them.

use bytes::Bytes;
use http::Response;
use serde_json::json;

use super::problem::{Problem, parse, success};
use super::state::not_kept;
use crate::{FakeCloud, Vpc};

const TO_DO: &str = r#"send {"id": "vpc-1", "subnets": ["subnet-1"]} and, if you like, "nat_gateway", "self_referencing_groups" and "kms_endpoint": {"private_dns": true, "security_groups": ["sg-1"]}"#;

/// Adds a private network, or changes the one of that id.
pub fn set(cloud: &FakeCloud, body: &[u8]) -> Result<Response<Bytes>, Problem> {
    let vpc: Vpc = parse(body, TO_DO)?;
    cloud.set_vpc(vpc).map_err(|error| not_kept(&error))?;
    Ok(success(&json!({})))
}
