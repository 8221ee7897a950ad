//! The audit of input members: every member of the published models is read, refused, or declared to have no effect.
//! Tests only. [`fields_of`] finds the members that a handler reads.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, DeserializeOwned, Deserializer, Visitor};
use serde::forward_to_deserialize_any;

use crate::router::SERVICES;

/// The members of the published models by service and operation.
const MODEL: &str = include_str!("../models/members.json");

/// Members that a handler reads through a struct of its own, which the audit cannot see.
const FLATTENED: [(&str, &[&str]); 18] = [
    ("ListAliases", &["KeyId", "Limit", "Marker"]),
    ("ListGrants", &["KeyId", "GrantId", "GranteePrincipal", "Limit", "Marker"]),
    ("ListKeyPolicies", &["KeyId", "Limit", "Marker"]),
    ("ListKeyRotations", &["KeyId", "IncludeKeyMaterial", "Limit", "Marker"]),
    ("ListResourceTags", &["KeyId", "Limit", "Marker"]),
    ("ListRetirableGrants", &["RetiringPrincipal", "Limit", "Marker"]),
    ("Verify", &["KeyId", "Message", "MessageType", "Signature", "SigningAlgorithm", "DryRun"]),
    ("VerifyMac", &["KeyId", "Message", "Mac", "MacAlgorithm", "DryRun"]),
    (
        "DescribeLogGroups",
        &["logGroupNamePrefix", "logGroupNamePattern", "logGroupClass", "limit", "nextToken"],
    ),
    (
        "DescribeLogStreams",
        &[
            "logGroupName",
            "logGroupIdentifier",
            "logStreamNamePrefix",
            "orderBy",
            "descending",
            "limit",
            "nextToken",
        ],
    ),
    (
        "FilterLogEvents",
        &[
            "logGroupName",
            "logGroupIdentifier",
            "logStreamNames",
            "logStreamNamePrefix",
            "startTime",
            "endTime",
            "filterPattern",
            "limit",
            "nextToken",
        ],
    ),
    ("ListTagsForResource", &["resourceArn"]),
    ("ListTagsLogGroup", &["logGroupName"]),
    ("TagLogGroup", &["logGroupName", "tags"]),
    ("UntagLogGroup", &["logGroupName", "tags"]),
    ("TagResource", &["resourceArn", "tags"]),
    (
        "CreateSecret",
        &[
            "Name",
            "ClientRequestToken",
            "Description",
            "KmsKeyId",
            "SecretBinary",
            "SecretString",
            "Tags",
            "AddReplicaRegions",
            "ForceOverwriteReplicaSecret",
            "Type",
            "CrossAccountPrimaryARN",
        ],
    ),
    ("UntagResource", &["resourceArn", "tagKeys"]),
];

/// Operations that store every member as it was sent and return it in reads.
const STORED_AS_SENT: [&str; 5] =
    ["CreateCrawler", "UpdateCrawler", "CreateJob", "CreateDevEndpoint", "StartJobRun"];

/// Returns the members that a type reads, unless it reads a map.
pub fn fields_of<T: DeserializeOwned>() -> Option<&'static [&'static str]> {
    T::deserialize(FieldReader).err().and_then(|found| found.0)
}

/// A deserializer that returns the names of the fields of a struct as its error.
struct FieldReader;

#[derive(Debug)]
struct FoundFields(Option<&'static [&'static str]>);

impl fmt::Display for FoundFields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

impl std::error::Error for FoundFields {}

impl de::Error for FoundFields {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self(None)
    }
}

impl<'de> Deserializer<'de> for FieldReader {
    type Error = FoundFields;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, FoundFields> {
        Err(FoundFields(None))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, FoundFields> {
        Err(FoundFields(Some(fields)))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

#[test]
fn no_member_of_a_published_model_is_ignored_silently() {
    let model: BTreeMap<String, BTreeMap<String, Vec<String>>> = serde_json::from_str(MODEL).unwrap();
    let mut ignored = Vec::new();
    for service in SERVICES {
        let name = service.dialect().service;
        for operation in service.operations().iter() {
            let Some(members) = model.get(name).and_then(|operations| operations.get(operation.name)) else {
                continue;
            };
            let flattened = FLATTENED.iter().find(|(flattened, _)| *flattened == operation.name);
            let read = (operation.read)().or(flattened.map(|(_, members)| *members)).unwrap_or_default();
            let is_stored = STORED_AS_SENT.contains(&operation.name);
            let is_silent = |member: &&String| {
                !is_stored && !read.contains(&member.as_str()) && !operation.declares(member)
            };
            ignored.extend(
                members.iter().filter(is_silent).map(|member| format!("{}.{member}", operation.name)),
            );
        }
    }
    assert_eq!(ignored, Vec::<String>::new());
}

#[test]
fn every_operation_of_kms_and_logs_is_in_the_model() {
    let model: BTreeMap<String, BTreeMap<String, Vec<String>>> = serde_json::from_str(MODEL).unwrap();
    for service in SERVICES {
        let name = service.dialect().service;
        if !matches!(name, "kms" | "logs") {
            continue;
        }
        for operation in service.operations().iter() {
            assert!(model[name].contains_key(operation.name), "{}", operation.name);
        }
    }
}
