//! Passwords of connections: under the key of the settings as soon as they are written, handed out encrypted
//! or opened as the settings say, whatever the catalog's own encryption.

use serde_json::{Value, json};

use super::support::{
    PASSWORD, cloud, connection, disable, enable, glue, key, kms, opened, properties, refused, settings,
};

#[test]
fn only_kms_decrypts_an_encrypted_password() {
    let (cloud, _) = cloud();
    let key = key(&cloud);
    for catalog in [None, Some(key.as_str())] {
        settings(&cloud, catalog, Some((&key, true)));
        glue(&cloud, "CreateConnection", &connection("a"));
        let read = properties(&cloud, "a");
        assert_eq!(read.get("PASSWORD"), None);
        assert_eq!(read["USERNAME"], "admin");
        assert_eq!(opened(&cloud, &read["ENCRYPTED_PASSWORD"]), PASSWORD);
        glue(&cloud, "DeleteConnection", &json!({ "ConnectionName": "a" }));
    }
}

#[test]
fn without_the_flag_reads_open_the_password() {
    let (cloud, _) = cloud();
    let key = key(&cloud);
    settings(&cloud, None, Some((&key, false)));
    glue(&cloud, "CreateConnection", &connection("a"));
    let read = properties(&cloud, "a");
    assert_eq!((read["PASSWORD"].as_str(), read.get("ENCRYPTED_PASSWORD")), (Some(PASSWORD), None));
    disable(&cloud, &key);
    assert_eq!(refused(&cloud, "GetConnection", &json!({ "Name": "a" })).0, "GlueEncryptionException");
    // Encrypted it is handed out without any key, and so is the rest of the connection.
    settings(&cloud, None, Some((&key, true)));
    assert!(properties(&cloud, "a").get("ENCRYPTED_PASSWORD").is_some());
}

#[test]
fn hide_password_leaves_it_out_in_either_form() {
    let (cloud, _) = cloud();
    let key = key(&cloud);
    let hidden = |name: &str| {
        let input = json!({ "Name": name, "HidePassword": true });
        glue(&cloud, "GetConnection", &input)["Connection"]["ConnectionProperties"].clone()
    };
    let expected =
        json!({ "JDBC_CONNECTION_URL": "jdbc:postgresql://localhost:5432/test", "USERNAME": "admin" });
    glue(&cloud, "CreateConnection", &connection("open"));
    settings(&cloud, None, Some((&key, true)));
    glue(&cloud, "CreateConnection", &connection("sealed"));
    disable(&cloud, &key);
    assert_eq!(hidden("open"), expected);
    assert_eq!(hidden("sealed"), expected);
    let all = glue(&cloud, "GetConnections", &json!({ "HidePassword": true }));
    for read in all["ConnectionList"].as_array().unwrap() {
        assert_eq!(read["ConnectionProperties"], expected);
    }
}

#[test]
fn a_password_is_under_the_key_of_its_last_write() {
    let (cloud, _) = cloud();
    let (first, second) = (key(&cloud), key(&cloud));
    let key_of = |read: &Value| {
        let output = kms(&cloud, "Decrypt", &json!({ "CiphertextBlob": read["ENCRYPTED_PASSWORD"] }));
        output["KeyId"].as_str().unwrap().to_owned()
    };
    glue(&cloud, "CreateConnection", &connection("plain"));
    settings(&cloud, None, Some((&first, true)));
    glue(&cloud, "CreateConnection", &connection("a"));
    assert_eq!(properties(&cloud, "plain")["PASSWORD"], PASSWORD, "an earlier write stays as it was");
    settings(&cloud, None, Some((&second, true)));
    assert_eq!(key_of(&properties(&cloud, "a")), first);
    let update = json!({ "Name": "a", "ConnectionInput": connection("a")["ConnectionInput"] });
    glue(&cloud, "UpdateConnection", &update);
    assert_eq!(key_of(&properties(&cloud, "a")), second);
    // Clearing the option leaves what is encrypted encrypted (E086): it takes the key to read it.
    settings(&cloud, None, None);
    assert_eq!(properties(&cloud, "a")["PASSWORD"], PASSWORD);
    disable(&cloud, &second);
    assert_eq!(refused(&cloud, "GetConnection", &json!({ "Name": "a" })).0, "GlueEncryptionException");
}

#[test]
fn a_key_that_cannot_encrypt_lets_no_password_in() {
    let (cloud, _) = cloud();
    let key = key(&cloud);
    settings(&cloud, None, Some((&key, true)));
    disable(&cloud, &key);
    let (code, text) = refused(&cloud, "CreateConnection", &connection("a"));
    assert_eq!(code, "GlueEncryptionException");
    let start = format!(
        "{key} is disabled. (Service: AWSKMS; Status Code: 400; Error Code: DisabledException; Request ID: "
    );
    assert!(text.starts_with(&start) && text.ends_with("; Proxy: null)"), "{text}");
    assert!(!text.contains(PASSWORD));
    assert_eq!(refused(&cloud, "GetConnection", &json!({ "Name": "a" })).0, "EntityNotFoundException");
    let mut without = connection("a");
    without["ConnectionInput"]["ConnectionProperties"].as_object_mut().unwrap().swap_remove("PASSWORD");
    glue(&cloud, "CreateConnection", &without);
    enable(&cloud, &key);
    assert_eq!(properties(&cloud, "a").get("ENCRYPTED_PASSWORD"), None);
}

#[test]
fn passwords_of_kafka_go_the_same_way() {
    let (cloud, _) = cloud();
    let key = key(&cloud);
    settings(&cloud, None, Some((&key, true)));
    let names = ["KAFKA_CLIENT_KEYSTORE_PASSWORD", "KAFKA_CLIENT_KEY_PASSWORD", "KAFKA_SASL_SCRAM_PASSWORD"];
    let given: serde_json::Map<_, _> =
        names.iter().map(|name| ((*name).to_owned(), PASSWORD.into())).collect();
    let input = json!({ "ConnectionInput": { "Name": "k", "ConnectionType": "KAFKA", "ConnectionProperties": given } });
    glue(&cloud, "CreateConnection", &input);
    let read = properties(&cloud, "k");
    for name in names {
        assert_eq!(read.get(name), None);
        assert_eq!(opened(&cloud, &read[format!("ENCRYPTED_{name}")]), PASSWORD);
    }
}

#[test]
fn a_refusal_of_the_input_quotes_no_password() {
    let (cloud, _) = cloud();
    let mut input = connection("a");
    let long = "opensesame".repeat(200);
    input["ConnectionInput"]["ConnectionProperties"]["PASSWORD"] = long.into();
    let (code, text) = refused(&cloud, "CreateConnection", &input);
    assert_eq!(code, "ValidationException");
    assert!(text.contains("'connectionInput.connectionProperties.PASSWORD.member'"), "{text}");
    assert!(!text.contains("opensesame"), "{text}");
}
