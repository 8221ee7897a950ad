//! The contents of the editions and their differences: lists written by hand, to the last member.

use std::collections::BTreeSet;

use glueproof::model::{Edition, Kind, Member, ServiceModel};

use super::{in_both, specs};

/// Every operation of the core with the shapes it comes to, their members and values, one line each. What other
/// capabilities need is of the current edition alone, and held against the published model by `drift`.
fn everything(edition: Edition) -> BTreeSet<String> {
    let specs = specs(edition);
    let model: &ServiceModel = specs.service("glue").unwrap();
    let mut found = BTreeSet::new();
    for operation in model.operations.values().filter(|operation| operation.is_core()) {
        found.insert(format!("operation {}", operation.name));
        let shapes = operation.errors.iter().chain([&operation.input, &operation.output]);
        shapes.for_each(|shape| with_all_below(model, shape, &mut found));
    }
    found
}

fn with_all_below(model: &ServiceModel, name: &str, found: &mut BTreeSet<String>) {
    if !found.insert(name.to_owned()) {
        return;
    }
    let mut below = |member: &Member| with_all_below(model, &member.target, found);
    let inner: Vec<String> = match &model.shape(name).kind {
        Kind::Structure(members) => {
            members.values().for_each(below);
            members.keys().map(|member| format!("{name}.{member}")).collect()
        }
        Kind::List(item) => {
            below(item);
            Vec::new()
        }
        Kind::Map(entry) => {
            [&entry.key, &entry.value].into_iter().for_each(below);
            Vec::new()
        }
        Kind::Enum(values) => values.iter().map(|value| format!("{name}={value}")).collect(),
        _ => Vec::new(),
    };
    found.extend(inner);
}

#[test]
fn current_adds_what_was_published_since_and_nothing_else() {
    let added = [
        "operation GetResourcePolicies",
        "GetResourcePoliciesRequest",
        "GetResourcePoliciesRequest.MaxResults",
        "GetResourcePoliciesRequest.NextToken",
        "GetResourcePoliciesResponse",
        "GetResourcePoliciesResponse.GetResourcePoliciesResponseList",
        "GetResourcePoliciesResponse.NextToken",
        "GetResourcePoliciesResponseList",
        "GluePolicy",
        "GluePolicy.CreateTime",
        "GluePolicy.PolicyHash",
        "GluePolicy.PolicyInJson",
        "GluePolicy.UpdateTime",
        "Token",
        "GlueEncryptionException",
        "GlueEncryptionException.Message",
        "GlueResourceArn",
        "PutResourcePolicyRequest.ResourceArn",
        "GetResourcePolicyRequest.ResourceArn",
        "DeleteResourcePolicyRequest.ResourceArn",
        "PutResourcePolicyRequest.EnableHybrid",
        "EnableHybridValues",
        "EnableHybridValues=TRUE",
        "EnableHybridValues=FALSE",
        "EncryptionConfiguration.DataQualityEncryption",
        "DataQualityEncryption",
        "DataQualityEncryption.DataQualityEncryptionMode",
        "DataQualityEncryption.KmsKeyArn",
        "DataQualityEncryptionMode",
        "DataQualityEncryptionMode=DISABLED",
        "DataQualityEncryptionMode=SSE-KMS",
        "CatalogEncryptionMode=SSE-KMS-WITH-SERVICE-ROLE",
        "EncryptionAtRest.CatalogEncryptionServiceRole",
        "IAMRoleArn",
        "EntityNotFoundException.FromFederationSource",
        "InvalidInputException.FromFederationSource",
        "NullableBoolean",
    ];
    let (old, new) = (everything(Edition::E2018), everything(Edition::Current));
    assert_eq!(old.difference(&new).next(), None, "an edition keeps what the one before had");
    let difference: BTreeSet<&str> = new.difference(&old).map(String::as_str).collect();
    assert_eq!(difference, added.into_iter().collect());
}

#[test]
fn only_2018_limits_the_length_of_a_policy() {
    for (edition, max) in [(Edition::E2018, Some(10240)), (Edition::Current, None)] {
        let specs = specs(edition);
        let model = specs.service("glue").unwrap();
        for (structure, member) in
            [("PutResourcePolicyRequest", "PolicyInJson"), ("GetResourcePolicyResponse", "PolicyInJson")]
        {
            let length = model.member(structure, member).unwrap().traits.length.unwrap();
            assert_eq!((length.min, length.max), (Some(2), max), "{structure} of {edition}");
        }
    }
}

#[test]
fn the_pattern_of_key_arns_differs() {
    let admitted = |edition: Edition, text: &str| {
        let specs = specs(edition);
        let member = specs.service("glue").unwrap().member("S3Encryption", "KmsKeyArn").cloned().unwrap();
        member.traits.pattern.unwrap().admits(text)
    };
    let cases = [
        ("arn:aws:kms:us-east-1:123456789012:key/a", true, true),
        ("arn:aws-cn:kms:cn-north-1:123456789012:key/a", false, true),
        ("arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/a", false, true),
        ("", false, true),
        ("alias/a", false, false),
        ("arn:aws:s3:::bucket", false, false),
    ];
    for (text, old, new) in cases {
        assert_eq!(admitted(Edition::E2018, text), old, "{text:?} of 2018");
        assert_eq!(admitted(Edition::Current, text), new, "{text:?} of current");
    }
}

#[test]
fn the_service_keeps_the_names_others_call_it_by() {
    in_both(|model| {
        if model.name != "glue" {
            return;
        }
        assert_eq!((model.target_prefix.as_str(), model.signing_name.as_str()), ("AWSGlue", "glue"));
        assert_eq!((model.version.as_str(), model.names.sdk_id.as_str()), ("2017-03-31", "Glue"));
        assert_eq!(model.names.endpoint_prefix, "glue");
        assert_eq!(model.amz_target("GetResourcePolicy"), "AWSGlue.GetResourcePolicy");
    });
}

#[test]
fn errors_without_a_status_get_the_one_of_their_fault() {
    in_both(|model| {
        // Those of the other services say theirs.
        for (name, error) in model.errors.iter().filter(|_| model.name == "glue") {
            let wanted = if name == "InternalServiceException" { 500 } else { 400 };
            assert_eq!(error.status, wanted, "{name}");
        }
    });
}

#[test]
fn the_digest_is_of_the_files_and_not_of_the_edition() {
    let digests = Edition::ALL.map(|edition| specs(edition).digest);
    assert_eq!(digests[0], digests[1]);
    assert_eq!(digests[0].len(), 64);
}
