//! The context of generators, and questions about the members of an input.
//! Must not make values.
//! The entry point is [`GeneratorContext`].

use std::sync::Arc;

use proptest::strategy::BoxedStrategy;

use crate::case::Step;
use crate::model::{Kind, Lifecycle, Member, MemberPath, Resource, Segment, ServiceModel};

/// The service and the region that values are made for.
#[derive(Debug, Clone, Copy)]
pub struct GeneratorContext<'m> {
    /// The service and its edition.
    pub model: &'m Arc<ServiceModel>,
    /// Region that ARNs name.
    pub region: &'m str,
}

/// Sequences of calls.
pub type Steps = BoxedStrategy<Vec<Step>>;

/// The member at a path of an operation's input, and true if it names the resource that the call is about.
pub(crate) fn find_member<'m>(
    model: &'m ServiceModel,
    operation: &str,
    path: &MemberPath,
) -> Option<(&'m Member, bool)> {
    let mut structure = model.operations.get(operation)?.input.as_str();
    let mut found: Option<&Member> = None;
    for segment in path.segments() {
        let member = match segment {
            Segment::Member(name) => model.member(structure, name)?,
            Segment::Item => match &model.shape(&found?.target).kind {
                Kind::List(item) => item.as_ref(),
                _ => return None,
            },
        };
        structure = &member.target;
        found = Some(member);
    }
    let member = found?;
    let names = |(resource, role): (&Resource, Lifecycle)| {
        role != Lifecycle::Put && path.segments().len() == 1 && resource.identifiers.contains(&member.name)
    };
    Some((member, model.resource_of(operation).is_some_and(names)))
}

/// Returns false for members that depend on the state, or are internal. Inputs contain them only to be refused.
pub(crate) fn can_be_fixed(model: &ServiceModel, operation: &str, path: &MemberPath) -> bool {
    let operation = &model.operations[operation];
    let Some(root) = path.root().and_then(|root| model.member(&operation.input, root)) else { return false };
    let token = operation.paginated.as_ref().is_some_and(|p| p.input_token == root.name);
    root.traits.internal.is_none() && root.traits.condition.is_none() && !token
}
