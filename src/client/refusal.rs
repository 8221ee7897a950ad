//! Responses that refuse the caller and not the request: authentication failed, or a permission is missing.
//!
//! The codes are those of the AWS common errors, of AWS STS and of Amazon S3. Pure. The entry point is
//! [`Response::caller_refusal`].

use super::exchange::{Request, Response};

/// Codes of failed authentication.
const AUTHENTICATION_CODES: [&str; 22] = [
    "AuthFailure",
    "ExpiredToken",
    "ExpiredTokenException",
    "IncompleteSignature",
    "IncompleteSignatureException",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidSignature",
    "InvalidSignatureException",
    "InvalidToken",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "NotAuthenticated",
    "OptInRequired",
    "RequestExpired",
    "RequestTimeTooSkewed",
    "SignatureDoesNotMatch",
    "SubscriptionRequiredException",
    "TokenRefreshRequired",
    "UnauthenticatedException",
    "UnrecognizedClient",
    "UnrecognizedClientException",
];
/// Codes of a missing permission.
const AUTHORIZATION_CODES: [&str; 6] = [
    "AccessDenied",
    "AccessDeniedException",
    "AuthorizationError",
    "NotAuthorized",
    "UnauthorizedException",
    "UnauthorizedOperation",
];
/// The words before the action in the messages of AWS.
const BEFORE_ACTION: &str = "not authorized to perform: ";

/// The reason why a caller is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallerRefusal {
    /// The target does not know who the caller is: unknown key, wrong signature, expired token.
    Unauthenticated,
    /// The target knows the caller, who lacks a permission.
    Unauthorized,
}

impl Response {
    /// Returns the reason why the response refuses the caller, if it does. A response without an error code refuses the
    /// caller if its status is 401 or 403, as those of proxies and gateways do.
    #[must_use]
    pub fn caller_refusal(&self) -> Option<CallerRefusal> {
        match self.error_code() {
            Some(code) if AUTHENTICATION_CODES.contains(&code) => Some(CallerRefusal::Unauthenticated),
            Some(code) if AUTHORIZATION_CODES.contains(&code) => Some(CallerRefusal::Unauthorized),
            None if matches!(self.status, 401 | 403) => Some(CallerRefusal::Unauthenticated),
            _ => None,
        }
    }

    /// Returns the IAM action that the caller lacks, if the response says that a permission is missing: the action in the
    /// message, or the one of the call.
    #[must_use]
    pub fn missing_action(&self, request: &Request, iam_prefix: &str) -> Option<String> {
        self.caller_refusal().filter(|refusal| *refusal == CallerRefusal::Unauthorized)?;
        let in_message = self.error_message().and_then(named_action).map(str::to_owned);
        Some(in_message.unwrap_or_else(|| format!("{iam_prefix}:{}", request.operation)))
    }
}

/// Returns the action in a message such as `User: … is not authorized to perform: glue:GetTable on resource: …`.
fn named_action(message: &str) -> Option<&str> {
    let (_, rest) = message.split_once(BEFORE_ACTION)?;
    let action = rest.split(|c: char| c.is_whitespace() || c == ',').next()?.trim_end_matches('.');
    let (service, name) = action.split_once(':')?;
    let is_word =
        |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    (is_word(service) && is_word(name)).then_some(action)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_action_is_read_from_messages_of_aws() {
        let message =
            "User: arn:aws:iam::1:user/a is not authorized to perform: glue:GetTable on resource: x";
        assert_eq!(named_action(message), Some("glue:GetTable"));
        assert_eq!(named_action("You are not authorized to perform: iam:PassRole."), Some("iam:PassRole"));
        assert_eq!(named_action("You are not authorized to perform: this"), None);
        assert_eq!(named_action("No"), None);
    }
}
