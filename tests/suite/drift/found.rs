//! Every kind of difference is found, in both forms, with the rules it touches; and nothing else is.

use glueproof::drift::{Published, affected, compare, own, read};
use glueproof::model::{Edition, Specs};
use glueproof::rule::Catalog;
use serde_json::{Value, json};

use super::models::{botocore, packed, shape, smithy};

/// `id change specs → model` of every difference, and the rules it touches.
fn differences(published: &Published) -> Vec<(String, Vec<String>)> {
    let specs = Specs::embedded(Edition::Current).unwrap();
    let (model, catalog) = (&specs.services[0], Catalog::new(&specs));
    let subjects = ["SecurityConfiguration".to_owned()];
    let found = compare(&own(model), published, &subjects);
    let described = found.iter().map(|difference| {
        let side = |side: &Option<String>| side.clone().unwrap_or_else(|| "-".to_owned());
        let (specs, theirs) = (side(&difference.specs), side(&difference.model));
        let text = format!("{} {} {specs} {theirs}", difference.id(), difference.change());
        let rules = affected(difference, model, &catalog).into_iter().map(|rule| rule.id.clone());
        (text, rules.collect())
    });
    described.collect()
}

/// Changes a model and expects these differences of it, whichever form it is written in.
#[track_caller]
fn found(change: impl Fn(&mut Value), expected: &[&str]) -> Vec<Vec<String>> {
    let mut model = smithy();
    change(&mut model);
    let in_smithy = differences(&read(model.to_string().as_bytes()).unwrap());
    let in_botocore = differences(&read(&packed(&botocore(&model).to_string())).unwrap());
    let texts =
        |found: &[(String, Vec<String>)]| found.iter().map(|(text, _)| text.clone()).collect::<Vec<_>>();
    assert_eq!(texts(&in_smithy), expected);
    assert_eq!(texts(&in_botocore), expected, "in botocore's form");
    in_smithy.into_iter().map(|(_, rules)| rules).collect()
}

#[test]
fn the_specs_do_not_differ_from_themselves() {
    found(|_| {}, &[]);
}

#[test]
fn values_of_maps() {
    found(
        |model| {
            shape(model, "TagKey")["traits"]["smithy.api#length"]["max"] = json!(64);
            shape(model, "TagsMap")["value"]["target"] = json!("com.amazonaws.glue#Boolean");
        },
        &["Connection", "Crawler", "Database", "Job"]
            .map(|made| {
                let place = |difference: &str| format!("Create{made}Request.Tags.{difference}");
                [
                    place("keys/length.max changed 128 64"),
                    place("values/type changed string boolean"),
                    place("values/length.min removed 0 -"),
                    place("values/length.max removed 256 -"),
                ]
            })
            .concat()
            .iter()
            .map(String::as_str)
            .collect::<Vec<_>>(),
    );
}

#[test]
fn constraints() {
    let traits = |name: &'static str, change: Value| {
        move |model: &mut Value| {
            let traits = shape(model, name)["traits"].as_object_mut().unwrap();
            for (key, value) in change.as_object().unwrap() {
                traits.insert(format!("smithy.api#{key}"), value.clone());
            }
        }
    };
    let rules = found(
        traits("HashString", json!({ "length": { "min": 1, "max": 512 } })),
        &[
            "DeleteResourcePolicyRequest.PolicyHashCondition/length.max changed 255 512",
            "GetResourcePolicyResponse.PolicyHash/length.max changed 255 512",
            "GluePolicy.PolicyHash/length.max changed 255 512",
            "PutResourcePolicyRequest.PolicyHashCondition/length.max changed 255 512",
            "PutResourcePolicyResponse.PolicyHash/length.max changed 255 512",
        ],
    );
    assert!(
        rules[0].contains(&"glue/DeleteResourcePolicy/invalid/PolicyHashCondition/length.max".to_owned())
    );
    assert!(!rules[0].iter().any(|rule| rule.ends_with("length.min")), "{rules:?}");
    found(
        traits("PageSize", json!({ "range": { "min": 2 } })),
        &[
            "GetConnectionsRequest.MaxResults/range.min changed 1 2",
            "GetConnectionsRequest.MaxResults/range.max removed 1000 -",
            "GetResourcePoliciesRequest.MaxResults/range.min changed 1 2",
            "GetResourcePoliciesRequest.MaxResults/range.max removed 1000 -",
            "GetSecurityConfigurationsRequest.MaxResults/range.min changed 1 2",
            "GetSecurityConfigurationsRequest.MaxResults/range.max removed 1000 -",
        ],
    );
}

#[test]
fn patterns_inside_lists() {
    let rules = found(
        |model| shape(model, "KmsKeyArn")["traits"]["smithy.api#pattern"] = json!("^arn:aws:kms:"),
        &[
            "AuthenticationConfiguration.KmsKeyArn/pattern changed ^$|arn:aws[a-z0-9-]*:kms:.* ^arn:aws:kms:",
            "CloudWatchEncryption.KmsKeyArn/pattern changed ^$|arn:aws[a-z0-9-]*:kms:.* ^arn:aws:kms:",
            "DataQualityEncryption.KmsKeyArn/pattern changed ^$|arn:aws[a-z0-9-]*:kms:.* ^arn:aws:kms:",
            "JobBookmarksEncryption.KmsKeyArn/pattern changed ^$|arn:aws[a-z0-9-]*:kms:.* ^arn:aws:kms:",
            "S3Encryption.KmsKeyArn/pattern changed ^$|arn:aws[a-z0-9-]*:kms:.* ^arn:aws:kms:",
        ],
    );
    let place = "EncryptionConfiguration.S3Encryption[].KmsKeyArn/pattern";
    let both = ["boundary", "invalid"].map(|f| format!("glue/CreateSecurityConfiguration/{f}/{place}"));
    assert_eq!(rules[4], both);
}

#[test]
fn values_of_enumerations() {
    let rules = found(
        |model| {
            let members = shape(model, "S3EncryptionMode")["members"].as_object_mut().unwrap();
            members.retain(|_, member| member["traits"]["smithy.api#enumValue"] != "SSE-S3");
            let new = json!({ "target": "smithy.api#Unit", "traits": { "smithy.api#enumValue": "SSE-C" } });
            members.insert("SSEC".to_owned(), new);
        },
        &[
            "S3Encryption.S3EncryptionMode/enum/SSE-C added - yes",
            "S3Encryption.S3EncryptionMode/enum/SSE-S3 removed yes -",
        ],
    );
    let place = "EncryptionConfiguration.S3Encryption[].S3EncryptionMode/enum";
    assert!(rules[0].contains(&format!("glue/CreateSecurityConfiguration/invalid/{place}")), "{rules:?}");
}

#[test]
fn members_types_and_what_must_be_there() {
    let rules = found(
        |model| {
            let members = shape(model, "PutResourcePolicyRequest")["members"].as_object_mut().unwrap();
            members.insert("DryRun".to_owned(), json!({ "target": "com.amazonaws.glue#Boolean" }));
            members.shift_remove("EnableHybrid");
            members["PolicyInJson"]["traits"] = json!({});
            members["PolicyExistsCondition"]["target"] = json!("com.amazonaws.glue#Boolean");
        },
        &[
            "PutResourcePolicyRequest.DryRun/member added - yes",
            "PutResourcePolicyRequest.EnableHybrid/member removed yes -",
            "PutResourcePolicyRequest.PolicyExistsCondition/type changed string boolean",
            "PutResourcePolicyRequest.PolicyExistsCondition/enum removed MUST_EXIST, NONE, NOT_EXIST -",
            "PutResourcePolicyRequest.PolicyInJson/required removed yes -",
        ],
    );
    assert!(rules[0].contains(&"glue/PutResourcePolicy/valid/input".to_owned()), "{rules:?}");
    let prefix = "glue/PutResourcePolicy/";
    assert!(rules[1].iter().all(|rule| rule.starts_with(prefix) && rule.contains("/EnableHybrid/")));
    assert_eq!(
        rules[4],
        ["null", "required"].map(|constraint| format!("{prefix}invalid/PolicyInJson/{constraint}"))
    );
}

#[test]
fn errors() {
    let rules = found(
        |model| {
            let errors = shape(model, "DeleteSecurityConfiguration")["errors"].as_array_mut().unwrap();
            errors.retain(|error| error["target"] != "com.amazonaws.glue#EntityNotFoundException");
            errors.push(json!({ "target": "com.amazonaws.glue#ConditionCheckFailureException" }));
            shape(model, "InternalServiceException")["traits"]["smithy.api#error"] = json!("client");
        },
        &[
            "DeleteSecurityConfiguration/error/ConditionCheckFailureException added - yes",
            "DeleteSecurityConfiguration/error/EntityNotFoundException removed yes -",
            "InternalServiceException/fault changed server client",
        ],
    );
    assert_eq!(rules[1], ["glue/DeleteSecurityConfiguration/errors/EntityNotFoundException"]);
}

#[test]
fn operations_that_go_and_such_that_come() {
    let rules = found(
        |model| {
            let shapes = model["shapes"].as_object_mut().unwrap();
            let gone = shapes.shift_remove("com.amazonaws.glue#DeleteResourcePolicy").unwrap();
            // One by its name, one by its subject, and one that is irrelevant here.
            shapes.insert("com.amazonaws.glue#RenameSecurityConfiguration".to_owned(), gone.clone());
            let mut deals = gone.clone();
            deals["output"]["target"] = json!("com.amazonaws.glue#GetDataCatalogEncryptionSettingsResponse");
            shapes.insert("com.amazonaws.glue#LookAround".to_owned(), deals);
            let nothing = json!({ "type": "operation", "input": { "target": "com.amazonaws.glue#Nothing" }, "output": { "target": "com.amazonaws.glue#Nothing" } });
            shapes.insert("com.amazonaws.glue#StartTrigger".to_owned(), nothing);
            shapes.insert("com.amazonaws.glue#Nothing".to_owned(), json!({ "type": "structure" }));
        },
        &[
            "DeleteResourcePolicy/operation removed yes -",
            "LookAround/operation added - yes",
            "RenameSecurityConfiguration/operation added - yes",
        ],
    );
    assert!(rules[0].len() > 20 && rules[1].is_empty(), "{rules:?}");
}

#[test]
fn another_name_for_the_same_is_no_difference() {
    found(
        |model| {
            let text =
                model.to_string().replace("#NameString\"", "#Renamed\"").replace("#S3Encryption\"", "#X\"");
            *model = serde_json::from_str(&text).unwrap();
        },
        &[],
    );
}

#[test]
fn enumerations_of_smithy_1() {
    let mut model = smithy();
    *shape(&mut model, "S3EncryptionMode") = json!({ "type": "string", "traits": { "smithy.api#enum":
        [{ "value": "DISABLED", "name": "DISABLED" }, { "value": "SSE-KMS" }, { "value": "SSE-S3" }] } });
    assert_eq!(differences(&read(model.to_string().as_bytes()).unwrap()), []);
}
