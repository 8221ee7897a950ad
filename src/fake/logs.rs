//! shim
use super::{caller::Caller, cloud::Cloud, error::ServiceError};
pub fn prepare(_: &mut Cloud, _: &Caller, _: &str, _: Option<&str>) -> Result<(), ServiceError> { Ok(()) }
pub fn write(_: &mut Cloud, _: &Caller, _: &str, _: &str, _: impl IntoIterator<Item = String>) -> Result<(), ServiceError> { Ok(()) }
