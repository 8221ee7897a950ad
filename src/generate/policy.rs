//! Resource policies: valid documents with one and many statements, scalar and list forms, with and
//! without conditions, of any size. What may stand in them comes from the specs.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Value, json};

use crate::case::ACCOUNT;
use crate::model::PolicyMaterial;

use super::text;

/// A valid document as compact JSON text. `mark` goes into the first statement's Sid: documents with
/// different marks differ.
pub(crate) fn valid(material: &PolicyMaterial, region: &str, mark: &str) -> BoxedStrategy<String> {
    document(material, region, mark, 1, 3).prop_map(|document| document.to_string()).boxed()
}

/// A valid document of one statement.
pub(crate) fn short(material: &PolicyMaterial, region: &str, mark: &str) -> BoxedStrategy<String> {
    document(material, region, mark, 1, 1).prop_map(|document| document.to_string()).boxed()
}

/// A valid document of exactly `bytes` bytes, padded with white space between members.
pub(crate) fn of_size(material: &PolicyMaterial, region: &str, bytes: usize) -> BoxedStrategy<String> {
    document(material, region, "sized", 1, 6)
        .prop_map(move |document| {
            let text = document.to_string();
            let padding = " ".repeat(bytes.saturating_sub(text.len()));
            format!("{{{padding}{}", text.strip_prefix('{').unwrap_or(&text))
        })
        .boxed()
}

/// A valid document of more than `bytes` bytes, none of them white space: it has as many statements as it takes.
pub(crate) fn larger_than(material: &PolicyMaterial, region: &str, bytes: usize) -> BoxedStrategy<String> {
    document(material, region, "large", 2, 4)
        .prop_map(move |mut document| {
            let seed = document["Statement"].as_array().cloned().unwrap_or_default();
            let mut statements = Vec::new();
            let mut size = 60;
            for index in 0.. {
                if size > bytes + 60 {
                    break;
                }
                let mut statement = seed[index % seed.len()].clone();
                statement["Sid"] = json!(format!("Large{index:04}"));
                size += statement.to_string().len() + 1;
                statements.push(statement);
            }
            document["Statement"] = Value::Array(statements);
            document.to_string()
        })
        .boxed()
}

fn document(
    material: &PolicyMaterial,
    region: &str,
    mark: &str,
    fewest: usize,
    most: usize,
) -> BoxedStrategy<Value> {
    let mark: String = mark.chars().filter(char::is_ascii_alphanumeric).collect();
    vec(statement(material, region), fewest..=most)
        .prop_map(move |mut statements| {
            for (index, statement) in statements.iter_mut().enumerate() {
                let sid = statement["Sid"].as_str().unwrap_or_default().to_owned();
                statement["Sid"] = json!(format!("{mark}{index}{sid}"));
            }
            json!({ "Version": "2012-10-17", "Statement": statements })
        })
        .boxed()
}

fn statement(material: &PolicyMaterial, region: &str) -> BoxedStrategy<Value> {
    let sid = vec(select(vec!['a', 'b', 'Z', '0']), 0..6).prop_map(String::from_iter);
    (
        sid,
        any::<bool>(),
        scalar_or_list(&material.principals, region),
        scalar_or_list(&material.actions, region),
        scalar_or_list(&material.resources, region),
        condition(),
    )
        .prop_map(|(sid, deny, principal, action, resource, condition)| {
            let mut statement = json!({
                "Sid": sid, "Effect": "Allow", "Principal": { "AWS": principal }, "Action": action, "Resource": resource,
            });
            if let Some(condition) = condition {
                // A denial without a condition could lock out the account that runs the suite.
                statement["Effect"] = json!(if deny { "Deny" } else { "Allow" });
                statement["Condition"] = condition;
            }
            statement
        })
        .boxed()
}

fn scalar_or_list(templates: &[String], region: &str) -> BoxedStrategy<Value> {
    let filled: Vec<String> = templates.iter().map(|t| text::fill(t, region)).collect();
    let most = filled.len().min(3);
    prop_oneof![
        select(filled.clone()).prop_map(Value::from),
        subsequence(filled, 1..=most).prop_map(Value::from),
    ]
    .boxed()
}

fn condition() -> BoxedStrategy<Option<Value>> {
    select(vec![
        None,
        Some(json!({ "StringEquals": { "aws:PrincipalOrgID": "o-glueproof00" } })),
        Some(json!({ "StringEquals": { "aws:SourceAccount": [ACCOUNT] } })),
        Some(json!({ "Bool": { "aws:SecureTransport": "false" } })),
        Some(json!({ "StringLike": { "aws:PrincipalOrgPaths": ["o-glueproof00/*"] }, "Bool": { "aws:ViaAWSService": "true" } })),
    ])
    .boxed()
}
