//! Conditions on reading and writing: entity tags and times (RFC 9110, section 13). Must not read objects' bytes.

use s3s::dto::{ETag, ETagCondition, Timestamp};

use super::refusal::precondition_failed;
use super::state::Object;
use crate::error::ServiceError;

/// What a reader demands of an object.
#[derive(Debug, Default)]
#[expect(clippy::struct_field_names, reason = "as the headers are named")]
pub struct Reading<'a> {
    pub if_match: Option<&'a ETagCondition>,
    pub if_none_match: Option<&'a ETagCondition>,
    pub if_modified_since: Option<&'a Timestamp>,
    pub if_unmodified_since: Option<&'a Timestamp>,
}

impl Reading<'_> {
    /// An ETag outweighs a time, as the RFC wants it.
    pub fn check(&self, object: &Object) -> Result<(), ServiceError> {
        let modified = whole_second(object);
        match (self.if_match, self.if_unmodified_since) {
            (Some(wanted), _) if !matches(wanted, &object.etag) => return Err(precondition_failed()),
            (None, Some(moment)) if modified > *moment => return Err(precondition_failed()),
            _ => {}
        }
        match (self.if_none_match, self.if_modified_since) {
            (Some(unwanted), _) if matches(unwanted, &object.etag) => Err(ServiceError::bare("NotModified")),
            (None, Some(moment)) if modified <= *moment => Err(ServiceError::bare("NotModified")),
            _ => Ok(()),
        }
    }
}

/// What a writer demands of what is there already.
pub fn check_write(
    present: Option<&Object>,
    if_match: Option<&ETagCondition>,
    if_none_match: Option<&ETagCondition>,
) -> Result<(), ServiceError> {
    if let Some(wanted) = if_match {
        let object = present.ok_or_else(super::refusal::no_key)?;
        if !matches(wanted, &object.etag) {
            return Err(precondition_failed());
        }
    }
    let unwanted =
        if_none_match.zip(present).is_some_and(|(unwanted, object)| matches(unwanted, &object.etag));
    if unwanted { Err(precondition_failed()) } else { Ok(()) }
}

fn matches(condition: &ETagCondition, etag: &str) -> bool {
    condition.is_any() || condition.as_etag().map(ETag::value) == Some(etag)
}

/// Headers know no milliseconds.
fn whole_second(object: &Object) -> Timestamp {
    let seconds = u64::try_from(object.modified.seconds()).unwrap_or_default();
    Timestamp::from(std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds))
}
