//! shim
use super::workload_encryption::Objects;
use crate::fake::{caller::Caller, cloud::Cloud, error::ServiceError};
pub fn read(_: &mut Cloud, _: &Caller, _: &str) -> Result<Vec<u8>, ServiceError> { Ok(Vec::new()) }
pub fn write(_: &mut Cloud, _: &Caller, _: &str, _: Vec<u8>, _: &Objects) -> Result<(), ServiceError> { Ok(()) }
pub fn first(_: &mut Cloud, _: &Caller, _: &str) -> Result<Option<String>, ServiceError> { Ok(None) }
