//! Derives the behaviors of the family `access` from `glueproof#access`: every operation of a core service refuses
//! callers without a valid signature or permission, and answers those with both.
//! Must not know a service. The seven guards hold for every service that signs with `SigV4` and asks IAM.
//! The entry point is [`behaviors`].

use serde_json::{Value, json};

use super::ast_traits::Access;
use super::behavior::{Behavior, Principal, Proof, Role, ScenarioStep};
use super::error::SpecProblem;
use super::evidence::Evidence;
use super::expectation::Expect;
use super::service::{Lifecycle, Operation, Resource, ServiceModel};
use super::taxonomy::{Capability, Family};

/// Name of a guard, and the requirement after the name of the operation.
const GUARDS: [(&str, &str); 7] = [
    ("unsigned", "refuses a call that is not signed."),
    ("wrong-secret", "refuses a call that is signed with another secret."),
    ("unknown-key", "refuses a call with an access key that does not exist."),
    ("late", "refuses a call that was signed an hour ago."),
    ("not-permitted", "is refused to a role that may do everything else."),
    ("denied", "is refused to a role with one statement that allows everything and another that denies it."),
    ("permitted", "is allowed to a role that may do this and nothing else."),
];

/// Seven behaviors for each core operation of the service; none without `glueproof#access`.
pub(super) fn behaviors(model: &ServiceModel) -> Result<Vec<Behavior>, SpecProblem> {
    let Some(access) = &model.access else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for resource in &model.resources {
        for (operation, lifecycle) in operations(model, resource) {
            let calls = GuardedCalls::new(model, access, resource, operation, lifecycle)?;
            for (guard, requirement) in GUARDS {
                let evidence = access.guards.get(guard).ok_or_else(|| {
                    SpecProblem::Missing(format!("glueproof#access has no evidence for the guard `{guard}`"))
                })?;
                found.push(calls.behavior(guard, requirement, evidence));
            }
        }
    }
    Ok(found)
}

/// The core operations of a resource, with what they do to it.
fn operations<'m>(model: &ServiceModel, resource: &'m Resource) -> Vec<(&'m str, Lifecycle)> {
    let of_resource = [
        (&resource.create, Lifecycle::Create),
        (&resource.put, Lifecycle::Put),
        (&resource.read, Lifecycle::Read),
        (&resource.list, Lifecycle::List),
        (&resource.delete, Lifecycle::Delete),
    ];
    let is_core = |name: &str| model.operations.get(name).is_some_and(Operation::is_core);
    of_resource
        .into_iter()
        .filter_map(|(name, lifecycle)| Some((name.as_deref()?, lifecycle)))
        .filter(|(name, _)| is_core(name))
        .collect()
}

/// An operation with the calls around it that show whether it took effect.
struct GuardedCalls<'m> {
    model: &'m ServiceModel,
    operation: &'m str,
    /// Valid input of the operation.
    input: Value,
    /// Sets the state that the operation needs.
    before: Option<ScenarioStep>,
    /// Shows that a refused call had no effect.
    after: Option<ScenarioStep>,
    /// A read that needs no state, to wait with until a new role is in force.
    control: &'m str,
}

impl<'m> GuardedCalls<'m> {
    fn new(
        model: &'m ServiceModel,
        access: &Access,
        resource: &'m Resource,
        operation: &'m str,
        lifecycle: Lifecycle,
    ) -> Result<Self, SpecProblem> {
        let missing = |text: String| SpecProblem::Missing(text);
        let example = |name: &str| {
            let input = access.inputs.get(name).cloned();
            input.ok_or_else(|| missing(format!("glueproof#access has no input for `{name}`")))
        };
        let identifiers: Value =
            resource.identifiers.iter().map(|name| (name.clone(), json!({ "$name": "a" }))).collect();
        let input = match lifecycle {
            Lifecycle::Create | Lifecycle::Put => example(operation)?,
            Lifecycle::Read | Lifecycle::Delete => identifiers.clone(),
            Lifecycle::List => json!({}),
        };
        let before = match (lifecycle, resource.maker()) {
            (Lifecycle::Put, _) => {
                access.before.get(operation).map(|input| arrange(operation, input.clone()))
            }
            (Lifecycle::Read | Lifecycle::Delete, Some(maker)) if resource.delete.is_some() => {
                Some(arrange(maker, example(maker)?))
            }
            _ => None,
        };
        let expect_after = match lifecycle {
            Lifecycle::Create => Some(Expect::Absent),
            Lifecycle::Put => Some(match access.unchanged.get(operation) {
                Some(written) => serde_json::from_value(written.clone())
                    .map_err(|error| missing(format!("glueproof#access, `unchanged`: {error}")))?,
                None => Expect::Absent,
            }),
            Lifecycle::Delete => Some(Expect::ok()),
            Lifecycle::Read | Lifecycle::List => None,
        };
        let read = resource.read.as_deref();
        let after = read.zip(expect_after).map(|(read, expect)| ScenarioStep {
            expect: Some(expect),
            ..step(read, Role::Observe, identifiers)
        });
        let control = control(model, operation)
            .ok_or_else(|| missing(format!("no read of the service can be called before `{operation}`")))?;
        Ok(Self { model, operation, input, before, after, control })
    }

    fn behavior(&self, guard: &str, requirement: &str, evidence: &Evidence) -> Behavior {
        let action = format!("{}:{}", self.model.signing_name, self.operation);
        let steps = match guard {
            "not-permitted" => {
                self.refused_to_role(&json!([{ "Effect": "Allow", "NotAction": action, "Resource": "*" }]))
            }
            "denied" => self.refused_to_role(&json!([
                { "Effect": "Allow", "Action": "*", "Resource": "*" },
                { "Effect": "Deny", "Action": action, "Resource": "*" },
            ])),
            "permitted" => {
                self.allowed_to_role(&json!([{ "Effect": "Allow", "Action": action, "Resource": "*" }]))
            }
            signature => self.refused_by_signature(Principal::from(signature.to_owned())),
        };
        Behavior {
            id: format!("{}/{}/access/{guard}", self.model.name, self.operation),
            subject: self.operation.to_owned(),
            family: Family::Access,
            requirement: format!("{} {requirement}", self.operation),
            evidence: evidence.clone(),
            capability: Capability::Access,
            also: Vec::new(),
            proof: Proof::Scenario(steps),
        }
    }

    fn refused_by_signature(&self, by: Principal) -> Vec<ScenarioStep> {
        // The name of the error is not known, only that it is not one for a wrong input.
        let refusals = &self.model.refusals;
        let mut except = [&refusals.absent[..], &refusals.constraint, &refusals.unknown_operation].concat();
        except.sort();
        let expect = Expect::Refused { codes: Vec::new(), except, message: None };
        let call = ScenarioStep { by: Some(by), expect: Some(expect), ..self.call(Role::Act) };
        let steps = [self.before.clone(), Some(call), self.after.clone(), Some(self.call(Role::Observe))];
        steps.into_iter().flatten().collect()
    }

    fn refused_to_role(&self, statements: &Value) -> Vec<ScenarioStep> {
        let session = || Some(Principal::Session("session".to_owned()));
        // The role is in force once it may make a call that its policy allows.
        let control =
            ScenarioStep { by: session(), until: Some(Expect::ok()), ..arrange(self.control, json!({})) };
        let refused = Some(Expect::refused(["AccessDeniedException"]));
        let call = ScenarioStep { by: session(), expect: refused, ..self.call(Role::Act) };
        let mut steps = self.with_role(statements);
        steps.extend([control, call]);
        steps.extend(self.after.clone());
        steps.push(self.call(Role::Observe));
        steps
    }

    fn allowed_to_role(&self, statements: &Value) -> Vec<ScenarioStep> {
        let by = Some(Principal::Session("session".to_owned()));
        let call = ScenarioStep { by, until: Some(Expect::ok()), ..self.call(Role::Act) };
        let mut steps = self.with_role(statements);
        steps.push(call);
        steps
    }

    /// A role with these statements, the state that the operation needs, and a session of the role.
    fn with_role(&self, statements: &Value) -> Vec<ScenarioStep> {
        let trust = json!([{
            "Effect": "Allow", "Principal": { "AWS": "arn:{partition}:iam::{account}:root" }, "Action": "sts:AssumeRole",
        }]);
        let name = json!({ "$name": "role" });
        let create = json!({ "RoleName": name, "AssumeRolePolicyDocument": policy(&trust) });
        let policy =
            json!({ "RoleName": name, "PolicyName": "glueproof", "PolicyDocument": policy(statements) });
        let assume =
            json!({ "RoleArn": { "$answer": "role", "at": "/Role/Arn" }, "RoleSessionName": "glueproof" });
        let mut steps = vec![
            ScenarioStep { name: Some("role".to_owned()), ..arrange("iam:CreateRole", create) },
            arrange("iam:PutRolePolicy", policy),
        ];
        steps.extend(self.before.clone());
        steps.push(ScenarioStep {
            name: Some("session".to_owned()),
            until: Some(Expect::ok()),
            ..arrange("sts:AssumeRole", assume)
        });
        steps
    }

    fn call(&self, role: Role) -> ScenarioStep {
        ScenarioStep { expect: Some(Expect::ok()), ..step(self.operation, role, self.input.clone()) }
    }
}

/// The first other operation that only reads and needs no state.
fn control<'m>(model: &'m ServiceModel, operation: &str) -> Option<&'m str> {
    let always =
        model.resources.iter().filter(|resource| resource.put.is_some() && resource.delete.is_none());
    let reads = always.filter_map(|resource| resource.read.as_deref());
    let lists = model.resources.iter().filter_map(|resource| resource.list.as_deref());
    let is_core = |name: &&str| model.operations.get(*name).is_some_and(Operation::is_core);
    reads.chain(lists).filter(is_core).find(|name| *name != operation)
}

fn policy(statements: &Value) -> Value {
    json!({ "$json": { "Version": "2012-10-17", "Statement": statements } })
}

fn arrange(call: &str, input: Value) -> ScenarioStep {
    ScenarioStep { expect: Some(Expect::ok()), ..step(call, Role::Arrange, input) }
}

fn step(call: &str, role: Role, input: Value) -> ScenarioStep {
    ScenarioStep {
        call: call.to_owned(),
        name: None,
        by: None,
        client: None,
        role,
        input,
        follow: false,
        until: None,
        expect: None,
    }
}
