//! The state that a call reads: that of its account and region.

use glueproof_fake::FakeCloud;
use http::Request;
use serde_json::{Value, json};

use crate::support::{Answer, call, cloud, config, create, policy, request, send};
use glueproof_fake::transport::Connector;

fn signed(cloud: &FakeCloud, credential: &str, operation: &str, input: &Value) -> Answer {
    let mut request: Request<_> = request(operation, input.to_string());
    let header = format!("AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature=0");
    request.headers_mut().insert("authorization", header.parse().unwrap());
    send(cloud, request)
}

#[test]
fn accounts_and_regions_share_nothing() {
    let cloud = cloud();
    create(&cloud, "here").ok();
    let find = |credential: &str| {
        let answer = signed(&cloud, credential, "GetSecurityConfiguration", &json!({ "Name": "here" }));
        answer.status == 200
    };
    assert!(find("AKIDEXAMPLE/20200101/us-east-1/glue/aws4_request"));
    assert!(find("123456789012/20200101/us-east-1/glue/aws4_request"));
    assert!(!find("AKIDEXAMPLE/20200101/eu-west-1/glue/aws4_request"));
    assert!(!find("000000000001/20200101/us-east-1/glue/aws4_request"));
}

#[test]
fn an_unreadable_credential_scope_falls_back() {
    let cloud = cloud();
    create(&cloud, "here").ok();
    for credential in ["", "/", "//", "x/y", "x/y/NO REGION!/glue", "x/y//glue", "\u{e9}"] {
        let answer = signed(&cloud, credential, "GetSecurityConfiguration", &json!({ "Name": "here" }));
        assert_eq!(answer.status, 200, "{credential}");
    }
}

#[test]
fn policies_are_held_against_the_callers_account_and_region() {
    let cloud = cloud();
    let input = json!({ "PolicyInJson": policy("glue:GetTable") });
    let elsewhere = "123456789012/20200101/eu-west-1/glue/aws4_request";
    assert_eq!(signed(&cloud, elsewhere, "PutResourcePolicy", &input).code(), "InvalidInputException");
    let moved = json!({ "PolicyInJson": policy("glue:GetTable").replace("us-east-1", "eu-west-1") });
    signed(&cloud, elsewhere, "PutResourcePolicy", &moved).ok();
    let china = "123456789012/20200101/cn-north-1/glue/aws4_request";
    let text =
        policy("glue:GetTable").replace("us-east-1", "cn-north-1").replace("arn:aws:glue", "arn:aws-cn:glue");
    signed(&cloud, china, "PutResourcePolicy", &json!({ "PolicyInJson": text })).ok();
}

#[test]
fn a_page_token_belongs_to_one_account_and_region() {
    let cloud = cloud();
    create(&cloud, "a").ok();
    create(&cloud, "b").ok();
    let page = call(&cloud, "GetSecurityConfigurations", &json!({ "MaxResults": 1 })).ok();
    let input = json!({ "NextToken": page["NextToken"] });
    let other = "000000000001/20200101/us-east-1/glue/aws4_request";
    assert_eq!(signed(&cloud, other, "GetSecurityConfigurations", &input).code(), "InvalidInputException");
}

#[test]
fn defaults_are_the_builders_to_set() {
    let cloud = FakeCloud::builder().account("000000000042").region("eu-west-1").build().unwrap();
    let text = policy("glue:GetTable").replace("us-east-1:123456789012", "eu-west-1:000000000042");
    call(&cloud, "PutResourcePolicy", &json!({ "PolicyInJson": text })).ok();
}

#[tokio::test]
async fn an_sdk_client_is_the_account_of_its_key() {
    let cloud = cloud();
    create(&cloud, "here").ok();
    let list = async |key, region| {
        let config = config(key, region).http_client(Connector::new(cloud.clone())).build();
        let answer =
            aws_sdk_glue::Client::from_conf(config).get_security_configurations().send().await.unwrap();
        answer.security_configurations().len()
    };
    assert_eq!(list("AKIDEXAMPLE", "us-east-1").await, 1);
    assert_eq!(list("AKIDEXAMPLE", "eu-west-1").await, 0);
    assert_eq!(list("000000000001", "us-east-1").await, 0);
}
