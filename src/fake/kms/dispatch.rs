//! From an operation's name to its handler, and between JSON values and the handler's types. Must not
//! decide anything about an operation.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::key::broken;
use super::{create_key, crypt, data_key, describe, limits};
use crate::fake::caller::Caller;
use crate::fake::cloud::Cloud;
use crate::fake::error::ServiceError;

type Given = Map<String, Value>;
type Answer = Result<Value, ServiceError>;

/// One operation, from the members of the body to those of the answer.
pub type Operation = fn(&mut Cloud, &Caller, Given) -> Answer;

/// The operation of that name, with the members that it cannot do without.
pub fn operation(name: &str) -> Option<Operation> {
    Some(match name {
        "CreateKey" => |cloud, who, given| call(create_key::create, &[], cloud, who, given),
        "DescribeKey" => |cloud, who, given| call(describe::describe, &["KeyId"], cloud, who, given),
        "Encrypt" => |cloud, who, given| call(crypt::encrypt, &["KeyId", "Plaintext"], cloud, who, given),
        "Decrypt" => |cloud, who, given| call(crypt::decrypt, &["CiphertextBlob"], cloud, who, given),
        "ReEncrypt" => |cloud, who, given| {
            call(crypt::re_encrypt, &["CiphertextBlob", "DestinationKeyId"], cloud, who, given)
        },
        "GenerateDataKey" => |cloud, who, given| call(data_key::generate, &["KeyId"], cloud, who, given),
        "GenerateDataKeyWithoutPlaintext" => {
            |cloud, who, given| call(data_key::generate_sealed, &["KeyId"], cloud, who, given)
        }
        "GenerateDataKeyPair" => {
            |cloud, who, given| call(data_key::generate_pair, &["KeyId", "KeyPairSpec"], cloud, who, given)
        }
        "GenerateDataKeyPairWithoutPlaintext" => |cloud, who, given| {
            call(data_key::generate_sealed_pair, &["KeyId", "KeyPairSpec"], cloud, who, given)
        },
        "GenerateRandom" => |cloud, who, given| call(data_key::random, &[], cloud, who, given),
        _ => return None,
    })
}

fn call<I: DeserializeOwned, O: Serialize>(
    handler: fn(&mut Cloud, &Caller, I) -> Result<O, ServiceError>,
    required: &[&str],
    cloud: &mut Cloud,
    caller: &Caller,
    mut given: Given,
) -> Answer {
    given.retain(|_, value| !value.is_null());
    limits::check(required, &given)?;
    // What serde says could quote a secret.
    let unreadable = |_| ServiceError::bare("SerializationException");
    let input = serde_json::from_value(Value::Object(given)).map_err(unreadable)?;
    serde_json::to_value(handler(cloud, caller, input)?).map_err(|_| broken())
}
