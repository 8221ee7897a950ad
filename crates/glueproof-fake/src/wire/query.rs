//! The AWS query protocol: reads the action and the parameters of a form, and writes outputs and errors in XML.
//! Must not know what an action does nor touch state.

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use quick_xml::Writer;
use quick_xml::events::{BytesEnd, BytesStart, BytesText, Event};
use serde_json::{Map, Value};

use super::json11::BODY_LIMIT;
use crate::error::ServiceError;

/// A service of this protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueryService {
    /// As in credential scopes and actions of policies.
    pub name: &'static str,
    /// Namespace of its documents.
    pub namespace: &'static str,
}

/// The operation and the parameters of a request.
#[derive(Debug)]
pub struct Query {
    /// Name of the operation.
    pub action: String,
    /// Every other parameter: texts, in lists and structures as their names say.
    pub parameters: Map<String, Value>,
}

/// Checks if a request speaks this protocol: a form, or an address with an action in it.
pub fn speaks_query<B>(request: &Request<B>) -> bool {
    let header = request.headers().get(CONTENT_TYPE).and_then(|header| header.to_str().ok());
    let media = header.and_then(|header| header.split(';').next()).unwrap_or_default().trim();
    let form = media.eq_ignore_ascii_case("application/x-www-form-urlencoded");
    let address = request.uri().query().unwrap_or_default();
    form && request.method() == Method::POST
        || request.uri().path() == "/"
            && form_urlencoded::parse(address.as_bytes()).any(|(name, _)| name == "Action")
}

/// The most parameters of a request.
const MAX_PARAMETERS: usize = 10_000;

/// Returns the action and its parameters, from address and body.
pub fn read(request: &Request<Bytes>) -> Result<Query, ServiceError> {
    if request.body().len() > BODY_LIMIT {
        return Err(ServiceError::with("RequestEntityTooLarge", "The body is too large"));
    }
    let address = request.uri().query().unwrap_or_default().as_bytes();
    let pairs = form_urlencoded::parse(address).chain(form_urlencoded::parse(request.body()));
    let mut parameters = Map::new();
    for (number, (name, value)) in pairs.enumerate() {
        if number == MAX_PARAMETERS {
            let text = format!("The request has more than {MAX_PARAMETERS} parameters");
            return Err(ServiceError::with("MalformedQueryString", text));
        }
        place(&mut parameters, &name, value.into_owned());
    }
    match parameters.remove("Action") {
        Some(Value::String(action)) => {
            let parameters = parameters.into_iter().map(|(name, value)| (name, with_lists(value))).collect();
            Ok(Query { action, parameters })
        }
        _ => Err(ServiceError::with("MissingAction", "The request must contain the parameter Action.")),
    }
}

/// The deepest nesting of lists and structures in the name of a parameter: deeper than any that a service has.
const DEPTH: usize = 8;

/// Puts a value where its name says: `ContextEntries.member.1.ContextKeyName` is in a structure in a list.
fn place(within: &mut Map<String, Value>, name: &str, value: String) {
    let path: Vec<&str> = name.splitn(DEPTH, '.').collect();
    let Some((last, way)) = path.split_last() else { return };
    let mut here = within;
    for step in way {
        let next = here.entry(*step).or_insert_with(|| Value::Object(Map::new()));
        match next {
            Value::Object(members) => here = members,
            // A name that is a value and a structure at once means nothing.
            _ => return,
        }
    }
    here.insert((*last).to_owned(), Value::String(value));
}

/// Turns the items under `member` into a list, in the order of their numbers.
fn with_lists(value: Value) -> Value {
    let Value::Object(mut members) = value else { return value };
    if members.len() == 1
        && let Some(Value::Object(items)) = members.get_mut("member")
    {
        let numbered = std::mem::take(items).into_iter();
        let mut items: Vec<(u32, Value)> =
            numbered.map(|(number, item)| (number.parse().unwrap_or(u32::MAX), with_lists(item))).collect();
        items.sort_by_key(|(number, _)| *number);
        return Value::Array(items.into_iter().map(|(_, item)| item).collect());
    }
    Value::Object(members.into_iter().map(|(name, value)| (name, with_lists(value))).collect())
}

/// The response, whatever the outcome.
pub fn response(
    service: QueryService,
    action: &str,
    request_id: &str,
    outcome: Result<Value, ServiceError>,
) -> Response<Bytes> {
    let (status, body) = match outcome {
        Ok(output) => (StatusCode::OK, success(service, action, request_id, &output)),
        Err(error) => (status(&error.code), failure(service, request_id, &error)),
    };
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    let length = response.body().len();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/xml"));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert("x-amzn-requestid", id);
    }
    response
}

fn success(service: QueryService, action: &str, request_id: &str, output: &Value) -> Vec<u8> {
    let mut document = Document::default();
    let root = format!("{action}Response");
    document.start_in(&root, service.namespace);
    if output.as_object().is_some_and(|members| !members.is_empty()) {
        document.element(&format!("{action}Result"), output);
    }
    document.start("ResponseMetadata");
    document.element("RequestId", &request_id.into());
    document.end("ResponseMetadata");
    document.end(&root);
    document.into_bytes()
}

fn failure(service: QueryService, request_id: &str, error: &ServiceError) -> Vec<u8> {
    let side = if status(&error.code).is_server_error() { "Receiver" } else { "Sender" };
    let mut document = Document::default();
    document.start_in("ErrorResponse", service.namespace);
    document.start("Error");
    document.element("Type", &side.into());
    document.element("Code", &(&*error.code).into());
    document.element("Message", &error.message.as_deref().unwrap_or_default().into());
    document.end("Error");
    document.element("RequestId", &request_id.into());
    document.end("ErrorResponse");
    document.into_bytes()
}

/// As the API references of IAM and STS list them.
fn status(code: &str) -> StatusCode {
    match code {
        "NoSuchEntity" => StatusCode::NOT_FOUND,
        "EntityAlreadyExists" | "DeleteConflict" | "LimitExceeded" => StatusCode::CONFLICT,
        "AccessDenied"
        | "InvalidClientTokenId"
        | "SignatureDoesNotMatch"
        | "ExpiredToken"
        | "MissingAuthenticationToken" => StatusCode::FORBIDDEN,
        "RequestEntityTooLarge" => StatusCode::PAYLOAD_TOO_LARGE,
        "InternalFailure" | "ServiceFailure" => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::BAD_REQUEST,
    }
}

/// XML in the making. Writing into memory cannot fail.
struct Document(Writer<Vec<u8>>);

impl Default for Document {
    fn default() -> Self {
        Self(Writer::new(Vec::new()))
    }
}

impl Document {
    fn start_in(&mut self, name: &str, namespace: &str) {
        self.write(Event::Start(BytesStart::new(name).with_attributes([("xmlns", namespace)])));
    }

    fn start(&mut self, name: &str) {
        self.write(Event::Start(BytesStart::new(name)));
    }

    fn end(&mut self, name: &str) {
        self.write(Event::End(BytesEnd::new(name)));
    }

    /// Objects are elements in elements, lists are `member`s, and what is null is not there.
    fn element(&mut self, name: &str, value: &Value) {
        if value.is_null() {
            return;
        }
        self.start(name);
        match value {
            Value::Object(members) => members.iter().for_each(|(name, value)| self.element(name, value)),
            Value::Array(items) => items.iter().for_each(|item| self.element("member", item)),
            Value::String(text) => self.write(Event::Text(BytesText::new(text))),
            other => self.write(Event::Text(BytesText::new(&other.to_string()))),
        }
        self.end(name);
    }

    fn write(&mut self, event: Event<'_>) {
        // A vector takes all that is written.
        drop(self.0.write_event(event));
    }

    fn into_bytes(self) -> Vec<u8> {
        self.0.into_inner()
    }
}
