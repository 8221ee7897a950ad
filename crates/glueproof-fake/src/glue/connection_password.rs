//! The passwords of a connection: under the key of the settings when it is written, as they are stored or
//! opened when it is read. Must not know anything else of a connection.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::kms_refusal;
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::kms::{self, Context};

/// Properties that hold a password; encrypted, each stands under another name.
const SECRETS: [&str; 5] = [
    "PASSWORD",
    "KAFKA_CLIENT_KEYSTORE_PASSWORD",
    "KAFKA_CLIENT_KEY_PASSWORD",
    "KAFKA_SASL_PLAIN_PASSWORD",
    "KAFKA_SASL_SCRAM_PASSWORD",
];

type Properties = BTreeMap<String, String>;

fn encrypted_name(name: &str) -> String {
    format!("ENCRYPTED_{name}")
}

/// Encrypts passwords as the caller, if the settings name a key for them. Whoever may decrypt with that key
/// can open the result with KMS alone, for there is no encryption context (E085).
pub fn hide(cloud: &mut Cloud, caller: &Caller, properties: &mut Properties) -> Result<(), ServiceError> {
    let Some(key) = cloud.region(caller).glue.encryption.password_key().map(str::to_owned) else {
        return Ok(());
    };
    for name in SECRETS {
        let Some(password) = properties.get(name) else { continue };
        let sealed = kms::encrypt(cloud, &caller.through("glue"), &key, password.as_bytes(), &Context::new())
            .map_err(|refusal| kms_refusal::in_glue(cloud, &refusal))?;
        properties.remove(name);
        properties.insert(encrypted_name(name), STANDARD.encode(sealed));
    }
    Ok(())
}

/// Leaves passwords out (E084), leaves them encrypted (E085), or opens them as the caller (E087); what was
/// stored in the open is handed out so (E083), and what is under a former key stays under it (E086).
pub fn show(
    cloud: &mut Cloud,
    caller: &Caller,
    properties: &mut Properties,
    hidden: bool,
) -> Result<(), ServiceError> {
    if hidden {
        properties.retain(|name, _| {
            !SECRETS.iter().any(|secret| name == secret || *name == encrypted_name(secret))
        });
        return Ok(());
    }
    if cloud.region(caller).glue.encryption.keeps_passwords_encrypted() {
        return Ok(());
    }
    open(cloud, caller, properties)
}

/// Opens passwords as the caller, for who reads them or connects with them.
pub fn open(cloud: &mut Cloud, caller: &Caller, properties: &mut Properties) -> Result<(), ServiceError> {
    for name in SECRETS {
        // What a caller put there without encrypting it is no ciphertext and not ours to open.
        let sealed = properties.get(&encrypted_name(name)).and_then(|text| STANDARD.decode(text).ok());
        let Some(sealed) = sealed else { continue };
        let opened = kms::decrypt(cloud, &caller.through("glue"), &sealed, &Context::new(), None)
            .map_err(|refusal| kms_refusal::in_glue(cloud, &refusal))?;
        properties.remove(&encrypted_name(name));
        properties.insert(name.to_owned(), String::from_utf8_lossy(opened.expose()).into_owned());
    }
    Ok(())
}
