//! The audit of input members: every member of the published models is read, refused, or declared to have no effect.
//! Tests only. [`fields_of`] finds the members that a handler reads.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, DeserializeOwned, Deserializer, Visitor};
use serde::forward_to_deserialize_any;

use crate::iam;
use crate::router::SERVICES;

/// The members of the published models by service and operation.
const MODEL: &str = include_str!("../models/members.json");

/// Members that a handler reads through a struct of its own, which the audit cannot see.
const FLATTENED: [(&str, &[&str]); 43] = [
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
    ("AttachRolePolicy", &["RoleName", "PolicyArn"]),
    ("DetachRolePolicy", &["RoleName", "PolicyArn"]),
    ("PutRolePolicy", &["RoleName", "PolicyName", "PolicyDocument"]),
    ("GetRolePolicy", &["RoleName", "PolicyName"]),
    ("DeleteRolePolicy", &["RoleName", "PolicyName"]),
    ("ListRolePolicies", &["RoleName", "Marker", "MaxItems"]),
    ("ListAttachedRolePolicies", &["RoleName", "PathPrefix", "Marker", "MaxItems"]),
    ("ListRoleTags", &["RoleName", "Marker", "MaxItems"]),
    ("TagRole", &["RoleName", "Tags"]),
    ("UntagRole", &["RoleName", "TagKeys"]),
    ("ListRoles", &["PathPrefix", "Marker", "MaxItems"]),
    ("AttachUserPolicy", &["UserName", "PolicyArn"]),
    ("DetachUserPolicy", &["UserName", "PolicyArn"]),
    ("PutUserPolicy", &["UserName", "PolicyName", "PolicyDocument"]),
    ("GetUserPolicy", &["UserName", "PolicyName"]),
    ("DeleteUserPolicy", &["UserName", "PolicyName"]),
    ("ListUserPolicies", &["UserName", "Marker", "MaxItems"]),
    ("ListAttachedUserPolicies", &["UserName", "PathPrefix", "Marker", "MaxItems"]),
    ("ListUserTags", &["UserName", "Marker", "MaxItems"]),
    ("TagUser", &["UserName", "Tags"]),
    ("UntagUser", &["UserName", "TagKeys"]),
    ("ListUsers", &["PathPrefix", "Marker", "MaxItems"]),
    ("ListPolicies", &["Scope", "OnlyAttached", "PathPrefix", "Marker", "MaxItems"]),
    ("ListAccessKeys", &["UserName", "Marker", "MaxItems"]),
    (
        "SimulatePrincipalPolicy",
        &[
            "PolicySourceArn",
            "ActionNames",
            "ResourceArns",
            "ResourcePolicy",
            "ResourceOwner",
            "CallerArn",
            "ContextEntries",
            "Marker",
            "MaxItems",
        ],
    ),
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
    let query_services = iam::SERVICES.into_iter().map(|(_, service)| service);
    for service in SERVICES.into_iter().chain(query_services) {
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
fn every_operation_is_in_the_model() {
    let model: BTreeMap<String, BTreeMap<String, Vec<String>>> = serde_json::from_str(MODEL).unwrap();
    let query_services = iam::SERVICES.into_iter().map(|(_, service)| service);
    for service in SERVICES.into_iter().chain(query_services) {
        let name = service.dialect().service;
        // The specs define operations of Glue that the published model has as well.
        if name == "glue" {
            continue;
        }
        for operation in service.operations().iter() {
            assert!(model[name].contains_key(operation.name), "{}", operation.name);
        }
    }
}

/// Returns the name of a member in the types of s3s, such as `ssekms_key_id`.
fn s3_field(member: &str) -> String {
    let mut words = member.to_owned();
    let runs = [("SSEKMS", "Ssekms"), ("SSE", "Sse"), ("ETag", "Etag"), ("CRC64NVME", "Crc64nvme")];
    let runs = runs.into_iter().chain([("CRC32C", "Crc32c"), ("CRC32", "Crc32"), ("SHA1", "Sha1")]);
    for (run, word) in runs.chain([("SHA256", "Sha256"), ("MD5", "Md5")]) {
        words = words.replace(run, word);
    }
    let mut field = String::new();
    for c in words.chars() {
        if c.is_ascii_uppercase() && !field.is_empty() {
            field.push('_');
        }
        field.push(c.to_ascii_lowercase());
    }
    field
}

fn is_no_part_of_a_name(c: char) -> bool {
    !c.is_ascii_alphanumeric() && c != '_'
}

#[test]
fn no_member_of_s3_is_ignored_silently() {
    const HANDLERS: [&str; 12] = [
        include_str!("s3/attributes.rs"),
        include_str!("s3/bucket.rs"),
        include_str!("s3/bucket_policy.rs"),
        include_str!("s3/checksum.rs"),
        include_str!("s3/encryption.rs"),
        include_str!("s3/listing.rs"),
        include_str!("s3/metadata.rs"),
        include_str!("s3/multipart.rs"),
        include_str!("s3/read_object.rs"),
        include_str!("s3/tagging.rs"),
        include_str!("s3/versioning.rs"),
        include_str!("s3/write_object.rs"),
    ];
    let model: BTreeMap<String, BTreeMap<String, Vec<String>>> = serde_json::from_str(MODEL).unwrap();
    let read: std::collections::BTreeSet<&str> =
        HANDLERS.iter().flat_map(|text| text.split(is_no_part_of_a_name)).collect();
    let mut ignored = Vec::new();
    for (operation, members) in &model["s3"] {
        let is_silent =
            |member: &&String| !read.contains(s3_field(member).as_str()) && !crate::s3::declares(member);
        ignored.extend(members.iter().filter(is_silent).map(|member| format!("{operation}.{member}")));
    }
    assert_eq!(ignored, Vec::<String>::new());
}
