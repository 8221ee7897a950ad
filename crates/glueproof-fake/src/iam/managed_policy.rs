//! Managed policies: those of an account, with one version each, and those of AWS that roles of Glue use.
//! Must not evaluate a policy.
//! [`document`] returns the document of an ARN; the operations are the other entry points.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::aws_policy;
use super::owner::Owner;
use super::page::{NameMarkerInput, NameMarkerOutput, page};
use super::parameter::{self, required};
use super::policy_document::PolicyDocument;
use super::state::{ManagedPolicy, State};
use super::tag::{self, Tag};
use crate::caller::Caller;
use crate::clock::Timestamp;
use crate::cloud::Cloud;
use crate::error::ServiceError;

/// The most managed policies of a user or role (IAM User Guide, "IAM and AWS STS quotas").
const MAX_ATTACHED: usize = 10;

/// The only version of a policy: versions cannot be added.
const VERSION: &str = "v1";

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreatePolicyInput {
    path: Option<String>,
    policy_name: Option<String>,
    policy_document: Option<String>,
    description: Option<String>,
    #[serde(default)]
    tags: Vec<Tag>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PolicyArnInput {
    policy_arn: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PolicyVersionInput {
    policy_arn: Option<String>,
    version_id: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListPoliciesInput {
    scope: Option<String>,
    only_attached: Option<String>,
    path_prefix: Option<String>,
    #[serde(flatten)]
    asked: NameMarkerInput,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", bound = "O: Owner")]
pub struct AttachInput<O> {
    #[serde(flatten)]
    owner: O,
    policy_arn: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", bound = "O: Owner")]
pub struct ListAttachedInput<O> {
    #[serde(flatten)]
    owner: O,
    path_prefix: Option<String>,
    #[serde(flatten)]
    asked: NameMarkerInput,
}

/// A policy in responses.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct PolicyView {
    policy_name: String,
    policy_id: String,
    arn: String,
    path: String,
    default_version_id: &'static str,
    attachment_count: usize,
    permissions_boundary_usage_count: usize,
    is_attachable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(serialize_with = "Timestamp::as_text")]
    create_date: Timestamp,
    #[serde(serialize_with = "Timestamp::as_text")]
    update_date: Timestamp,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<Tag>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct PolicyOutput {
    policy: PolicyView,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct VersionView {
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<String>,
    version_id: &'static str,
    is_default_version: bool,
    #[serde(serialize_with = "Timestamp::as_text")]
    create_date: Timestamp,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct PolicyVersionOutput {
    policy_version: VersionView,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListVersionsOutput {
    versions: Vec<VersionView>,
    is_truncated: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListPoliciesOutput {
    policies: Vec<PolicyView>,
    #[serde(flatten)]
    rest: NameMarkerOutput,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListAttachedOutput {
    attached_policies: Vec<AttachedPolicy>,
    #[serde(flatten)]
    rest: NameMarkerOutput,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct AttachedPolicy {
    policy_name: String,
    policy_arn: String,
}

/// Returns the document of a managed policy, of the account or of AWS.
pub fn document<'s>(iam: &'s State, arn: &str) -> Option<&'s PolicyDocument> {
    iam.managed
        .get(arn)
        .map(|policy| &policy.document)
        .or_else(|| aws_managed(arn).map(|policy| &policy.document))
}

/// Returns the managed policy of AWS with that ARN, in any partition.
fn aws_managed(arn: &str) -> Option<&'static ManagedPolicy> {
    static POLICIES: LazyLock<Vec<(&'static str, ManagedPolicy)>> = LazyLock::new(aws_policy::all);
    let (_, resource) = arn.strip_prefix("arn:")?.split_once(":iam::aws:policy")?;
    POLICIES.iter().find(|(path_and_name, _)| *path_and_name == resource).map(|(_, policy)| policy)
}

fn find<'c>(cloud: &'c mut Cloud, caller: &Caller, arn: &str) -> Result<&'c ManagedPolicy, ServiceError> {
    let own = cloud.account(caller).iam.managed.get(arn);
    own.or_else(|| aws_managed(arn)).ok_or_else(|| {
        ServiceError::with("NoSuchEntity", format!("Policy {arn} does not exist or is not attachable."))
    })
}

fn view(iam: &State, arn: &str, policy: &ManagedPolicy) -> PolicyView {
    PolicyView {
        policy_name: name_of(arn).to_owned(),
        policy_id: policy.id.clone(),
        arn: arn.to_owned(),
        path: policy.path.clone(),
        default_version_id: VERSION,
        attachment_count: iam.attachments().filter(|attached| *attached == arn).count(),
        permissions_boundary_usage_count: 0,
        is_attachable: true,
        description: policy.description.clone(),
        create_date: policy.created,
        update_date: policy.created,
        tags: tag::view(&policy.tags),
    }
}

fn name_of(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or_default()
}

/// Creates a policy.
pub fn create(
    cloud: &mut Cloud,
    caller: &Caller,
    input: CreatePolicyInput,
) -> Result<PolicyOutput, ServiceError> {
    let name = parameter::named(input.policy_name, "policyName", 1..=128)?;
    let path = parameter::path(input.path)?;
    let document = PolicyDocument::of_identity(&required(input.policy_document, "policyDocument")?)?;
    let tags = tag::read(input.tags)?;
    let known = &cloud.account(caller).iam.managed;
    if known.keys().any(|arn| name_of(arn).eq_ignore_ascii_case(&name)) {
        let text = format!("A policy called {name} already exists. Duplicate names are not allowed.");
        return Err(ServiceError::with("EntityAlreadyExists", text));
    }
    let arn = format!("arn:{}:iam::{}:policy{path}{name}", caller.partition(), caller.account);
    let (id, created) = (format!("ANPA{}", cloud.random.letters(17)), cloud.now());
    let policy = ManagedPolicy { path, id, created, description: input.description, document, tags };
    let iam = &mut cloud.account(caller).iam;
    let view = view(iam, &arn, &policy);
    iam.managed.insert(arn, policy);
    Ok(PolicyOutput { policy: view })
}

/// Returns a policy without its document.
pub fn get(cloud: &mut Cloud, caller: &Caller, input: PolicyArnInput) -> Result<PolicyOutput, ServiceError> {
    let arn = required(input.policy_arn, "policyArn")?;
    let policy = find(cloud, caller, &arn)?.clone();
    Ok(PolicyOutput { policy: view(&cloud.account(caller).iam, &arn, &policy) })
}

/// Returns the document of a policy.
pub fn get_version(
    cloud: &mut Cloud,
    caller: &Caller,
    input: PolicyVersionInput,
) -> Result<PolicyVersionOutput, ServiceError> {
    let arn = required(input.policy_arn, "policyArn")?;
    let version = required(input.version_id, "versionId")?;
    let policy = find(cloud, caller, &arn)?;
    if version != VERSION {
        let text = format!("Policy {arn} version {version} does not exist or is not attachable.");
        return Err(ServiceError::with("NoSuchEntity", text));
    }
    let document = Some(policy.document.encoded());
    Ok(PolicyVersionOutput { policy_version: VersionView { document, ..version_view(policy) } })
}

/// Lists the versions of a policy, which has one.
pub fn list_versions(
    cloud: &mut Cloud,
    caller: &Caller,
    input: PolicyArnInput,
) -> Result<ListVersionsOutput, ServiceError> {
    let arn = required(input.policy_arn, "policyArn")?;
    let policy = find(cloud, caller, &arn)?;
    Ok(ListVersionsOutput { versions: vec![version_view(policy)], is_truncated: false })
}

fn version_view(policy: &ManagedPolicy) -> VersionView {
    VersionView { document: None, version_id: VERSION, is_default_version: true, create_date: policy.created }
}

/// Deletes a policy that is attached to no user or role.
pub fn delete(cloud: &mut Cloud, caller: &Caller, input: PolicyArnInput) -> Result<(), ServiceError> {
    let arn = required(input.policy_arn, "policyArn")?;
    find(cloud, caller, &arn)?;
    let iam = &mut cloud.account(caller).iam;
    if iam.attachments().any(|attached| *attached == arn) {
        let text = "Cannot delete a policy attached to entities.";
        return Err(ServiceError::with("DeleteConflict", text));
    }
    if iam.managed.remove(&arn).is_none() {
        let text = format!("Policy {arn} belongs to AWS and cannot be deleted.");
        return Err(ServiceError::with("AccessDenied", text));
    }
    Ok(())
}

/// Lists the policies of the account, and those of AWS that the fake has, by ARN.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn list(
    cloud: &mut Cloud,
    caller: &Caller,
    input: ListPoliciesInput,
) -> Result<ListPoliciesOutput, ServiceError> {
    let scope = input.scope.as_deref().unwrap_or("All");
    let only_attached = input.only_attached.as_deref() == Some("true");
    let prefix = input.path_prefix.as_deref().unwrap_or("/");
    let iam = &cloud.account(caller).iam;
    let own = iam.managed.iter().map(|(arn, policy)| (arn.clone(), policy));
    let own = own.filter(|_| scope != "AWS");
    let of_aws = aws_policy::names().filter(|_| scope != "Local");
    let of_aws = of_aws.map(|name| format!("arn:{}:iam::aws:policy{name}", caller.partition()));
    let of_aws = of_aws.filter_map(|arn| aws_managed(&arn).map(|policy| (arn, policy)));
    let mut all: Vec<(String, PolicyView)> = own
        .chain(of_aws)
        .filter(|(_, policy)| policy.path.starts_with(prefix))
        .map(|(arn, policy)| (arn.clone(), view(iam, &arn, policy)))
        .filter(|(_, view)| !only_attached || view.attachment_count > 0)
        .collect();
    all.sort_by(|(one, _), (other, _)| one.cmp(other));
    let (arns, views): (Vec<String>, Vec<PolicyView>) = all.into_iter().unzip();
    let (policies, rest) = page(arns.iter().zip(views), &input.asked)?;
    Ok(ListPoliciesOutput { policies, rest })
}

/// Attaches a policy to a user or role.
pub fn attach<O: Owner>(
    cloud: &mut Cloud,
    caller: &Caller,
    input: AttachInput<O>,
) -> Result<(), ServiceError> {
    let arn = required(input.policy_arn, "policyArn")?;
    find(cloud, caller, &arn)?;
    let attached = input.owner.parts(cloud, caller)?.attached;
    if !attached.contains(&arn) && attached.len() >= MAX_ATTACHED {
        let text = format!("Cannot exceed quota for PoliciesPer{}: {MAX_ATTACHED}", capitalized(O::KIND));
        return Err(ServiceError::with("LimitExceeded", text));
    }
    attached.insert(arn);
    Ok(())
}

/// Detaches a policy from a user or role.
pub fn detach<O: Owner>(
    cloud: &mut Cloud,
    caller: &Caller,
    input: AttachInput<O>,
) -> Result<(), ServiceError> {
    let arn = required(input.policy_arn, "policyArn")?;
    if input.owner.parts(cloud, caller)?.attached.remove(&arn) {
        return Ok(());
    }
    Err(ServiceError::with("NoSuchEntity", format!("Policy {arn} was not found.")))
}

/// Lists the policies that are attached to a user or role.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn list_attached<O: Owner>(
    cloud: &mut Cloud,
    caller: &Caller,
    input: ListAttachedInput<O>,
) -> Result<ListAttachedOutput, ServiceError> {
    let prefix = format!(":policy{}", input.path_prefix.as_deref().unwrap_or("/"));
    let attached = input.owner.parts(cloud, caller)?.attached;
    let attached = attached.iter().filter(|arn| arn.contains(&prefix));
    let views = attached
        .map(|arn| (arn, AttachedPolicy { policy_name: name_of(arn).to_owned(), policy_arn: arn.clone() }));
    let (attached_policies, rest) = page(views, &input.asked)?;
    Ok(ListAttachedOutput { attached_policies, rest })
}

fn capitalized(kind: &str) -> String {
    kind.chars().enumerate().map(|(i, c)| if i == 0 { c.to_ascii_uppercase() } else { c }).collect()
}
