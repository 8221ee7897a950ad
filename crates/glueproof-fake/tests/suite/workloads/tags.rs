//! Tags of connections, databases, jobs, crawlers and development endpoints.

use serde_json::{Value, json};

use super::support::{ROLE, cloud, connection, glue, refused};

#[test]
fn tags_are_added_read_and_taken_off() {
    let (cloud, _) = cloud();
    let mut input = connection("a");
    input["Tags"] = json!({ "team": "red" });
    glue(&cloud, "CreateConnection", &input);
    let database = json!({ "DatabaseInput": { "Name": "a" }, "Tags": { "team": "red" } });
    glue(&cloud, "CreateDatabase", &database);
    let job =
        json!({ "Name": "a", "Role": ROLE, "Command": { "Name": "glueetl" }, "Tags": { "team": "red" } });
    glue(&cloud, "CreateJob", &job);
    glue(
        &cloud,
        "CreateCrawler",
        &json!({ "Name": "a", "Role": ROLE, "Targets": { "S3Targets": [{ "Path": "s3://data/in/" }] }, "Tags": { "team": "red" } }),
    );
    glue(
        &cloud,
        "CreateDevEndpoint",
        &json!({ "EndpointName": "a", "RoleArn": ROLE, "Tags": { "team": "red" } }),
    );
    for kind in ["connection", "database", "job", "crawler", "devEndpoint"] {
        let arn = format!("arn:aws:glue:us-east-1:123456789012:{kind}/a");
        let read = || -> Value { glue(&cloud, "GetTags", &json!({ "ResourceArn": arn }))["Tags"].clone() };
        assert_eq!(read(), json!({ "team": "red" }), "{kind}");
        glue(
            &cloud,
            "TagResource",
            &json!({ "ResourceArn": arn, "TagsToAdd": { "team": "blue", "cost": "1" } }),
        );
        assert_eq!(read(), json!({ "cost": "1", "team": "blue" }));
        glue(&cloud, "UntagResource", &json!({ "ResourceArn": arn, "TagsToRemove": ["team", "none"] }));
        assert_eq!(read(), json!({ "cost": "1" }));
    }
}

#[test]
fn absent_resources_have_no_tags() {
    let (cloud, _) = cloud();
    let arn = "arn:aws:glue:us-east-1:123456789012:job/none";
    assert_eq!(refused(&cloud, "GetTags", &json!({ "ResourceArn": arn })).0, "EntityNotFoundException");
    for foreign in
        ["none", "arn:aws:glue:us-east-1:999999999999:job/a", "arn:aws:glue:us-east-1:123456789012:job"]
    {
        let (code, _) = refused(&cloud, "GetTags", &json!({ "ResourceArn": foreign }));
        assert_eq!(code, "InvalidInputException", "{foreign}");
    }
    glue(&cloud, "CreateConnection", &connection("a"));
    let arn = "arn:aws:glue:us-east-1:123456789012:connection/a";
    glue(&cloud, "TagResource", &json!({ "ResourceArn": arn, "TagsToAdd": { "a": "b" } }));
    glue(&cloud, "DeleteConnection", &json!({ "ConnectionName": "a" }));
    glue(&cloud, "CreateConnection", &connection("a"));
    assert_eq!(
        glue(&cloud, "GetTags", &json!({ "ResourceArn": arn }))["Tags"],
        json!({}),
        "tags do not outlive it"
    );
}
