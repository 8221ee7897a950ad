//! Traits as they are written, standard ones and ours, in strict serde structs: any other is an error.
//! `resolve_traits.rs` works out their meaning in an edition.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::edition::Edition;
use super::evidence::Evidence;
use super::taxonomy::Capability;

/// Smithy's `{}` annotation.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Annotation {}

/// Every trait the loader understands; any other is an error.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TraitsAst {
    #[serde(rename = "smithy.api#required")]
    pub required: Option<Annotation>,
    #[serde(rename = "smithy.api#default")]
    pub default: Option<Value>,
    #[serde(rename = "smithy.api#length")]
    pub length: Option<BoundsAst>,
    #[serde(rename = "smithy.api#range")]
    pub range: Option<BoundsAst>,
    #[serde(rename = "smithy.api#pattern")]
    pub pattern: Option<String>,
    #[serde(rename = "smithy.api#enumValue")]
    pub enum_value: Option<String>,
    #[serde(rename = "smithy.api#error")]
    pub error: Option<Fault>,
    #[serde(rename = "smithy.api#httpError")]
    pub http_error: Option<u16>,
    #[serde(rename = "smithy.api#paginated")]
    pub paginated: Option<PaginatedAst>,
    #[serde(rename = "smithy.api#sensitive")]
    pub sensitive: Option<Annotation>,
    #[serde(rename = "smithy.api#mediaType")]
    pub media_type: Option<String>,
    #[serde(rename = "smithy.api#input")]
    pub input: Option<Annotation>,
    #[serde(rename = "smithy.api#output")]
    pub output: Option<Annotation>,
    #[serde(rename = "smithy.api#documentation")]
    pub documentation: Option<String>,
    #[serde(rename = "aws.api#service")]
    pub service: Option<ServiceNames>,
    #[serde(rename = "aws.auth#sigv4")]
    pub sigv4: Option<SigV4Ast>,
    #[serde(rename = "aws.protocols#awsJson1_1")]
    pub aws_json_1_1: Option<Annotation>,
    #[serde(rename = "aws.protocols#restXml")]
    pub rest_xml: Option<Annotation>,
    #[serde(rename = "aws.protocols#awsQuery")]
    pub aws_query: Option<Annotation>,
    #[serde(rename = "smithy.api#http")]
    pub http: Option<Http>,
    #[serde(rename = "smithy.api#httpLabel")]
    pub http_label: Option<Annotation>,
    #[serde(rename = "smithy.api#httpHeader")]
    pub http_header: Option<String>,
    #[serde(rename = "smithy.api#httpQuery")]
    pub http_query: Option<String>,
    #[serde(rename = "smithy.api#httpPayload")]
    pub http_payload: Option<Annotation>,
    #[serde(rename = "smithy.api#xmlName")]
    pub xml_name: Option<String>,
    #[serde(rename = "smithy.api#xmlFlattened")]
    pub xml_flattened: Option<Annotation>,
    #[serde(rename = "smithy.api#xmlNamespace")]
    pub xml_namespace: Option<XmlNamespace>,
    #[serde(rename = "smithy.api#httpChecksumRequired")]
    pub http_checksum_required: Option<Annotation>,
    #[serde(rename = "glueproof#edition")]
    pub edition: Option<EditionAst>,
    #[serde(rename = "glueproof#observed")]
    pub observed: Option<Box<ObservedAst>>,
    #[serde(rename = "glueproof#promised")]
    pub promised: Option<EvidencedAst>,
    #[serde(rename = "glueproof#refusals")]
    pub refusals: Option<Refusals>,
    #[serde(rename = "glueproof#eventual")]
    pub eventual: Option<Eventual>,
    #[serde(rename = "glueproof#wire")]
    pub wire: Option<BTreeMap<String, Evidence>>,
    #[serde(rename = "glueproof#access")]
    pub access: Option<Access>,
    #[serde(rename = "glueproof#probes")]
    pub probes: Option<BTreeMap<Capability, Vec<String>>>,
    #[serde(rename = "glueproof#sample")]
    pub sample: Option<Sample>,
    #[serde(rename = "glueproof#policy")]
    pub policy: Option<PolicyMaterial>,
    #[serde(rename = "glueproof#internal")]
    pub internal: Option<EvidencedAst>,
    #[serde(rename = "glueproof#view")]
    pub view: Option<View>,
    #[serde(rename = "glueproof#condition")]
    pub condition: Option<Condition>,
    #[serde(rename = "glueproof#capability")]
    pub capability: Option<Capability>,
    #[serde(default, rename = "glueproof#dependsOn")]
    pub depends_on: Vec<String>,
    #[serde(rename = "glueproof#combinations")]
    pub combinations: Option<Combinations>,
    #[serde(rename = "glueproof#removal")]
    pub removal: Option<Removal>,
    #[serde(default, rename = "glueproof#serviceMade")]
    pub service_made: Vec<String>,
}

/// `glueproof#access`: evidence that every operation of the service checks who calls, and inputs to show it with.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Access {
    /// Evidence for each guard, by its name.
    pub guards: BTreeMap<String, Evidence>,
    /// Valid inputs of the operations that create or set a resource.
    pub inputs: BTreeMap<String, Value>,
    /// Inputs that set the state before a refused call, for resources that always exist.
    #[serde(default)]
    pub before: BTreeMap<String, Value>,
    /// The expectation of a read after a refused call, for resources that always exist.
    #[serde(default)]
    pub unchanged: BTreeMap<String, Value>,
}

/// `smithy.api#http`: how an operation of a REST protocol is addressed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Http {
    /// `GET`, `PUT`, …
    pub method: String,
    /// Path with `{Label}`s, and what of the query never changes.
    pub uri: String,
    /// Status of success.
    #[serde(default)]
    pub code: Option<u16>,
}

/// `smithy.api#xmlNamespace`: what documents of the service are in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct XmlNamespace {
    /// A name that looks like an address.
    pub uri: String,
}

/// `glueproof#removal`: how what a case made is removed, where names alone do not tell.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Removal {
    /// Input of `delete`; `{"$sent": pointer}` and `{"$answer": pointer}` point into the call that made it.
    pub input: Value,
    /// Codes that say it is on its way out already.
    #[serde(default)]
    pub done: Vec<String>,
    /// Contents that must be removed first.
    pub contents: Option<Contents>,
    /// A member of the call and of the read that identifies the owner, for resources that only the response names.
    pub mark: Option<String>,
}

/// `contents` of `glueproof#removal`: what stands in a resource and bars its removal.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contents {
    /// Operation that lists it, with the input of the removal.
    pub list: String,
    /// JSON pointer to the items in its output.
    pub items: String,
    /// Operation that removes one.
    pub delete: String,
    /// Its input; `{"$sent": pointer}` points into the input of the list, `{"$answer": pointer}` into the item.
    pub input: Value,
}

/// `length` and `range`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BoundsAst {
    /// Lowest value allowed.
    pub min: Option<i64>,
    /// Highest value allowed.
    pub max: Option<i64>,
}

/// The side at fault for an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fault {
    /// The caller's: 400.
    Client,
    /// The service's: 500.
    Server,
}

/// `smithy.api#paginated`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PaginatedAst {
    /// Request member of the token.
    pub input_token: String,
    /// Answer member of the token.
    pub output_token: String,
    /// Answer member of the list.
    pub items: String,
    /// Request member of the page size.
    pub page_size: String,
}

/// `aws.api#service`: what the service is called, by whom.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ServiceNames {
    /// In SDKs, e.g. `Glue`.
    pub sdk_id: String,
    /// In ARNs, e.g. `glue`.
    pub arn_namespace: String,
    /// In resource types of `CloudFormation`.
    pub cloud_formation_name: Option<String>,
    /// In events of `CloudTrail`, e.g. `glue.amazonaws.com`.
    pub cloud_trail_event_source: Option<String>,
    /// In host names.
    pub endpoint_prefix: String,
}

/// `aws.auth#sigv4`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SigV4Ast {
    /// Signing name.
    pub name: String,
}

/// `glueproof#edition`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EditionAst {
    /// The first edition that has it.
    pub since: Option<Edition>,
    /// Traits replaced within one edition; `null` removes one.
    #[serde(rename = "in", default)]
    pub within: BTreeMap<Edition, BTreeMap<String, Value>>,
}

/// `glueproof#observed`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObservedAst {
    /// Constraint traits tighter than the documented ones.
    pub traits: TraitsAst,
    /// The codes seen.
    #[serde(default)]
    pub error: Vec<String>,
    /// The text seen.
    pub message: Option<String>,
    /// The evidence.
    pub evidence: Evidence,
}

/// A trait whose only content is who says so.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidencedAst {
    /// The evidence.
    pub evidence: Evidence,
}

/// `glueproof#refusals`: codes by the reason for refusing.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Refusals {
    /// A constraint of the model is violated.
    pub constraint: Vec<String>,
    /// The body cannot be read as the input.
    pub serialization: Vec<String>,
    /// The resource named is not there.
    pub absent: Vec<String>,
    /// There is no such operation.
    pub unknown_operation: Vec<String>,
    /// Too many calls; nothing was done, try again.
    pub throttling: Vec<String>,
    /// The resource is at work and cannot be deleted yet.
    #[serde(default)]
    pub busy: Vec<String>,
    /// A resource that the call reads cannot be decrypted. Another caller may have created it.
    #[serde(default)]
    pub undecryptable: Vec<String>,
    /// The evidence that violated constraints are refused with these codes before anything else is checked.
    pub evidence: Evidence,
}

impl Refusals {
    /// Returns true if an answer's error code says that the resource is not there.
    #[must_use]
    pub fn say_absent(&self, code: Option<&str>) -> bool {
        code.is_some_and(|code| self.absent.iter().any(|absent| absent == code))
    }
}

/// `glueproof#eventual`: what takes effect only after a while, and the errors of calls that come too early.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Eventual {
    /// Operations of the service that take effect after a while.
    #[serde(default)]
    pub operations: Vec<String>,
    /// Error codes of calls of the service that depend on such an operation, of this service or another, and come too early.
    #[serde(default)]
    pub refusals: Vec<String>,
    /// The evidence.
    pub evidence: Evidence,
}

impl Eventual {
    /// Returns true if the operation takes effect after a while.
    #[must_use]
    pub fn has_operation(&self, operation: &str) -> bool {
        self.operations.iter().any(|name| name == operation)
    }

    /// Returns true if the error code may mean that the call comes too early.
    #[must_use]
    pub fn has_refusal(&self, code: &str) -> bool {
        self.refusals.iter().any(|refusal| refusal == code)
    }
}

/// `glueproof#sample`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// Templates with `{region}`, `{account}`, `{uuid}`.
    pub values: Vec<String>,
    /// Generators use nothing else.
    #[serde(default)]
    pub only: bool,
}

/// `glueproof#policy`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyMaterial {
    /// Principals that may be named.
    pub principals: Vec<String>,
    /// Actions.
    pub actions: Vec<String>,
    /// Resources.
    pub resources: Vec<String>,
}

/// `glueproof#view`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct View {
    /// Pointer to the resource in the output of `read`.
    pub read: String,
    /// Pointer to the list in the output of `list`.
    pub list: Option<String>,
}

/// `glueproof#condition`: a member whose acceptance depends on the state it meets.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// The member of responses that contains the version, if the condition names a version of the resource.
    pub version: Option<String>,
}

/// `glueproof#combinations`: which members of a structure go together in an input that is certain to be
/// accepted, because just these were observed to be accepted.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Combinations {
    /// Members every certain input has.
    #[serde(default)]
    pub always: Vec<String>,
    /// Member whose value decides which others go with it; always there.
    pub by: Option<String>,
    /// For each value of `by`, as text: the others.
    #[serde(default)]
    pub cases: BTreeMap<String, Companions>,
    /// The evidence.
    pub evidence: Evidence,
}

/// Members that go with a value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Companions {
    /// Always there with it.
    #[serde(default)]
    pub with: Vec<String>,
    /// There or not.
    #[serde(default)]
    pub optional: Vec<String>,
}
