//! Development endpoints: on their way for a while, then ready.

use serde_json::json;

use super::support::{ROLE, cloud, glue, refused, wait};

#[test]
fn an_endpoint_gets_ready_by_the_clock() {
    let (cloud, clock) = cloud();
    glue(&cloud, "CreateSecurityConfiguration", &json!({ "Name": "s", "EncryptionConfiguration": {} }));
    let input = json!({ "EndpointName": "e", "RoleArn": ROLE, "SecurityConfiguration": "s" });
    assert_eq!(glue(&cloud, "CreateDevEndpoint", &input)["Status"], "PROVISIONING");
    assert_eq!(refused(&cloud, "CreateDevEndpoint", &input).0, "AlreadyExistsException");
    let read = || glue(&cloud, "GetDevEndpoint", &json!({ "EndpointName": "e" }))["DevEndpoint"].clone();
    assert_eq!(read()["Status"], "PROVISIONING");
    wait(&clock);
    assert_eq!((&read()["Status"], &read()["SecurityConfiguration"]), (&json!("READY"), &json!("s")));
    assert_eq!(glue(&cloud, "ListDevEndpoints", &json!({}))["DevEndpointNames"], json!(["e"]));
    assert_eq!(glue(&cloud, "GetDevEndpoints", &json!({}))["DevEndpoints"][0]["EndpointName"], "e");
    glue(&cloud, "DeleteDevEndpoint", &json!({ "EndpointName": "e" }));
    assert_eq!(
        refused(&cloud, "GetDevEndpoint", &json!({ "EndpointName": "e" })).0,
        "EntityNotFoundException"
    );
}

#[test]
fn a_configuration_must_be_there_to_be_attached() {
    let (cloud, _) = cloud();
    let input = json!({ "EndpointName": "e", "RoleArn": ROLE, "SecurityConfiguration": "none" });
    assert_eq!(refused(&cloud, "CreateDevEndpoint", &input).0, "InvalidInputException");
}

#[test]
fn a_page_of_endpoints_has_at_most_200_e200() {
    let (cloud, _) = cloud();
    let (code, text) = refused(&cloud, "GetDevEndpoints", &json!({ "MaxResults": 201 }));
    assert_eq!(code, "InvalidInputException");
    assert_eq!(text, "MaxResults size must be between 1 and 200");
    glue(&cloud, "GetDevEndpoints", &json!({ "MaxResults": 200 }));
}
