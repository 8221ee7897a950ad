//! Managed policies of AWS (AWS Managed Policy Reference Guide): those that roles and users of Glue usually have. Data only.
//! [`all`] is the entry point.

use serde_json::{Value, json};

use super::policy_document::PolicyDocument;
use super::state::ManagedPolicy;
use crate::clock::Timestamp;
use crate::tags::Tags;

/// Path and name of each, as in its ARN.
const NAMES: [&str; 6] = [
    "/AWSKeyManagementServicePowerUser",
    "/AdministratorAccess",
    "/AmazonS3FullAccess",
    "/AmazonS3ReadOnlyAccess",
    "/CloudWatchLogsFullAccess",
    "/service-role/AWSGlueServiceRole",
];

/// Returns the path and the name of each policy, as in its ARN.
pub fn names() -> impl Iterator<Item = &'static str> {
    NAMES.into_iter()
}

/// Returns all policies, each with path and name.
pub fn all() -> Vec<(&'static str, ManagedPolicy)> {
    let policy = |name: &'static str| {
        let path = name.rsplit_once('/').map_or("/", |(path, _)| path);
        let policy = ManagedPolicy {
            path: if path.is_empty() { "/".to_owned() } else { format!("{path}/") },
            id: format!("ANPA{:A<17}", name.rsplit('/').next().unwrap_or_default().to_ascii_uppercase()),
            created: Timestamp::default(),
            description: None,
            document: PolicyDocument::of_content(&statements(name)),
            tags: Tags::new(),
        };
        (name, policy)
    };
    NAMES.into_iter().map(policy).collect()
}

fn statements(name: &str) -> Value {
    let allow = |actions: &[&str]| json!([{ "Effect": "Allow", "Action": actions, "Resource": "*" }]);
    match name {
        "/AdministratorAccess" => allow(&["*"]),
        "/AmazonS3FullAccess" => allow(&["s3:*", "s3-object-lambda:*"]),
        "/AmazonS3ReadOnlyAccess" => {
            allow(&["s3:Get*", "s3:List*", "s3:Describe*", "s3-object-lambda:Get*", "s3-object-lambda:List*"])
        }
        "/CloudWatchLogsFullAccess" => allow(&["logs:*", "cloudwatch:GenerateQuery"]),
        "/AWSKeyManagementServicePowerUser" => allow(&[
            "kms:CreateAlias",
            "kms:CreateKey",
            "kms:DeleteAlias",
            "kms:Describe*",
            "kms:GenerateRandom",
            "kms:Get*",
            "kms:List*",
            "kms:TagResource",
            "kms:UntagResource",
            "iam:ListGroups",
            "iam:ListRoles",
            "iam:ListUsers",
        ]),
        _ => glue_service_role(),
    }
}

fn glue_service_role() -> Value {
    json!([
        {
            "Effect": "Allow",
            "Action": [
                "glue:*",
                "s3:GetBucketLocation",
                "s3:ListBucket",
                "s3:ListAllMyBuckets",
                "s3:GetBucketAcl",
                "ec2:DescribeVpcEndpoints",
                "ec2:DescribeRouteTables",
                "ec2:CreateNetworkInterface",
                "ec2:DeleteNetworkInterface",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSubnets",
                "ec2:DescribeVpcAttribute",
                "iam:ListRolePolicies",
                "iam:GetRole",
                "iam:GetRolePolicy",
                "cloudwatch:PutMetricData"
            ],
            "Resource": ["*"]
        },
        { "Effect": "Allow", "Action": ["s3:CreateBucket"], "Resource": ["arn:aws:s3:::aws-glue-*"] },
        {
            "Effect": "Allow",
            "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
            "Resource": ["arn:aws:s3:::aws-glue-*/*", "arn:aws:s3:::*/*aws-glue-*/*"]
        },
        {
            "Effect": "Allow",
            "Action": ["s3:GetObject"],
            "Resource": ["arn:aws:s3:::crawler-public*", "arn:aws:s3:::aws-glue-*"]
        },
        {
            "Effect": "Allow",
            "Action": ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": ["arn:aws:logs:*:*:*:/aws-glue/*"]
        },
        {
            "Effect": "Allow",
            "Action": ["ec2:CreateTags", "ec2:DeleteTags"],
            "Condition": { "ForAllValues:StringEquals": { "aws:TagKeys": ["aws-glue-service-resource"] } },
            "Resource": [
                "arn:aws:ec2:*:*:network-interface/*",
                "arn:aws:ec2:*:*:security-group/*",
                "arn:aws:ec2:*:*:instance/*"
            ]
        }
    ])
}
