//! What iam-rs decides for us: actions, effects, deny over allow, and how numbers, dates and addresses
//! compare. The only file that hands it anything; must not know how a statement came to apply.

use iam_rs::{
    Arn, ConditionValue, Context, ContextValue, IAMAction, IAMEffect, IAMOperator, IAMPolicy, IAMRequest,
    IAMResource, IAMStatement, PolicyEvaluator, Principal, PrincipalId,
};
use serde_json::{Map, Value, json};

pub use iam_rs::Decision;

const ANY_ACTION: &str = "any:Action";
const KEY: &str = "key";

/// What the statements say on the action, once principals, resources and conditions have been looked at.
pub fn decide<'s>(statements: impl IntoIterator<Item = &'s Map<String, Value>>, action: &str) -> Decision {
    evaluate(statements.into_iter().filter_map(on_actions).collect(), action, Context::new())
}

/// Whether a value of the request compares with one of the policy. Values that cannot be read do not.
pub fn compares(operator: IAMOperator, given: String, wanted: String) -> bool {
    let statement = IAMStatement::new(IAMEffect::Allow)
        .with_action(IAMAction::Single("*".to_owned()))
        .with_resource(IAMResource::Single("*".to_owned()))
        .with_condition(operator, KEY.to_owned(), ConditionValue::String(wanted));
    let mut context = Context::new();
    context.insert(KEY.to_owned(), ContextValue::String(given));
    evaluate(vec![statement], ANY_ACTION, context) == Decision::Allow
}

fn on_actions(statement: &Map<String, Value>) -> Option<IAMStatement> {
    let mut bare = json!({ "Effect": statement.get("Effect")?, "Resource": "*" });
    for name in ["Action", "NotAction"] {
        if let Some(actions) = statement.get(name) {
            bare[name] = actions.clone();
        }
    }
    serde_json::from_value(bare).ok()
}

/// One policy at a time may have a thousand statements; it is asked with as few as apply.
fn evaluate(statements: Vec<IAMStatement>, action: &str, context: Context) -> Decision {
    let policy = statements.into_iter().fold(IAMPolicy::new(), IAMPolicy::add_statement);
    let somebody = Principal::Aws(PrincipalId::String("000000000000".to_owned()));
    let resource = Arn {
        partition: "aws".to_owned(),
        service: "any".to_owned(),
        region: String::new(),
        account_id: String::new(),
        resource: "any".to_owned(),
    };
    let request = IAMRequest::new_with_context(somebody, action, resource, context);
    let result = PolicyEvaluator::with_policies(vec![policy]).evaluate(&request);
    result.map_or(Decision::NotApplicable, |result| result.decision)
}
