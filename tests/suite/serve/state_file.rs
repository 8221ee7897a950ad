//! State that outlives the process: killed without warning, damaged, used twice.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use glueproof::fake::transport::{Options, Server};
use glueproof::fake::{BuildError, FakeCloud, StateFileError};

use super::client::{Client, admin, ask, call, create};
use super::program::Served;
use crate::trial::Setting;

fn names(address: SocketAddr) -> Vec<String> {
    let listed = ask(address, call("GetSecurityConfigurations", "{}")).ok();
    let items = listed["SecurityConfigurations"].as_array().unwrap();
    items.iter().map(|item| item["Name"].as_str().unwrap().to_owned()).collect()
}

fn kept(path: &Path) -> Result<FakeCloud, BuildError> {
    FakeCloud::builder().state_file(path).build()
}

#[test]
fn answered_changes_survive_a_kill() {
    let setting = Setting::new();
    let mut expected = Vec::new();
    for round in 0..5 {
        let served = Served::start(&setting, &["--state", "state.json"]);
        assert_eq!(names(served.address), expected);
        let mut client = Client::to(served.address);
        for n in 0..20 {
            let name = format!("c{round}-{n:02}");
            client.ask(create(&name)).ok();
            expected.push(name);
        }
        served.kill();
    }
}

#[test]
fn a_kill_in_the_middle_of_many_calls_leaves_a_whole_file() {
    let setting = Setting::new();
    for round in 0..5 {
        let served = Served::start(&setting, &["--state", "state.json", "--quota", "100000"]);
        let before = names(served.address).len();
        let mut client = Client::to(served.address);
        let calls: String = (0..200).map(|n| create(&format!("c{round}-{n}"))).collect();
        client.send(calls);
        for _ in 0..round * 10 {
            client.receive().ok();
        }
        served.kill();
        let answered = round * 10;
        let again = Served::start(&setting, &["--state", "state.json"]);
        let snapshot = admin(again.address, "GET", "/state", "").body;
        let stored = snapshot.matches(&format!("\"c{round}-")).count() / 2;
        assert!(stored >= answered, "{answered} answered, {stored} stored after {before}");
    }
}

#[test]
fn everything_comes_back_clock_included() {
    let setting = Setting::new();
    let path = setting.path("state.json");
    let server = Server::start(kept(&path).unwrap(), Options::default()).unwrap();
    let address = server.address();
    ask(address, create("a")).ok();
    let put = r#"{"DataCatalogEncryptionSettings":{"EncryptionAtRest":{"CatalogEncryptionMode":"SSE-KMS"}}}"#;
    ask(address, call("PutDataCatalogEncryptionSettings", put)).ok();
    admin(address, "POST", "/clock", r#"{"set":"2030-01-01T00:00:00Z"}"#).ok();
    let seen = |address| {
        ["GetSecurityConfigurations", "GetDataCatalogEncryptionSettings"]
            .map(|operation| ask(address, call(operation, "{}")).ok())
    };
    let before = seen(address);
    server.stop();
    let server = Server::start(kept(&path).unwrap(), Options::default()).unwrap();
    assert_eq!(seen(server.address()), before);
    assert_eq!(admin(server.address(), "GET", "/clock", "").ok()["now"], "2030-01-01T00:00:00.000Z");
    admin(server.address(), "POST", "/reset", "").ok();
    server.stop();
    let server = Server::start(kept(&path).unwrap(), Options::default()).unwrap();
    assert_eq!(names(server.address()), Vec::<String>::new());
}

#[test]
fn calls_that_change_nothing_write_nothing() {
    let setting = Setting::new();
    let path = setting.path("state.json");
    let server = Server::start(kept(&path).unwrap(), Options::default()).unwrap();
    ask(server.address(), create("a")).ok();
    let long_ago = std::time::UNIX_EPOCH + Duration::from_secs(1);
    fs::File::options().write(true).open(&path).unwrap().set_modified(long_ago).unwrap();
    let untouched = || fs::metadata(&path).unwrap().modified().unwrap() == long_ago;
    for _ in 0..20 {
        ask(server.address(), call("GetSecurityConfigurations", "{}")).ok();
        ask(server.address(), create("a")).refused(400, "AlreadyExistsException");
    }
    assert!(untouched());
    ask(server.address(), create("b")).ok();
    assert!(!untouched());
}

#[cfg(unix)]
#[test]
fn other_users_cannot_read_it() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let setting = Setting::new();
    let path = setting.path("state.json");
    let cloud = kept(&path).unwrap();
    // Damaged files, and files that a killed process left beside it.
    fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).unwrap();
    fs::write(setting.path("state.json.draft"), "half").unwrap();
    fs::set_permissions(setting.path("state.json.draft"), fs::Permissions::from_mode(0o666)).unwrap();
    let server = Server::start(cloud, Options::default()).unwrap();
    ask(server.address(), create("a")).ok();
    assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link() {
    let setting = Setting::new();
    drop(kept(&setting.path("real.json")).unwrap());
    std::os::unix::fs::symlink("real.json", setting.path("link.json")).unwrap();
    let server = Server::start(kept(&setting.path("link.json")).unwrap(), Options::default()).unwrap();
    ask(server.address(), create("a")).ok();
    assert!(fs::symlink_metadata(setting.path("link.json")).unwrap().is_symlink());
    server.stop();
    let server = Server::start(kept(&setting.path("real.json")).unwrap(), Options::default()).unwrap();
    assert_eq!(names(server.address()), ["a"]);
}

#[test]
fn a_damaged_file_is_named_and_left_alone() {
    let setting = Setting::new();
    let path = setting.path("state.json");
    let whole = FakeCloud::new().unwrap().snapshot().to_json().unwrap();
    for (text, words) in [
        (String::new(), "it is empty"),
        (whole[..whole.len() / 2].to_owned(), "line 1, column "),
        (whole.replace(":1", ":99"), "format 99"),
        ("hunter2".to_owned(), "line 1, column 1"),
    ] {
        fs::write(&path, &text).unwrap();
        let ended = setting.run(&["serve", "--port", "0", "--state", "state.json"]);
        assert_eq!((ended.code(), ended.stdout.as_str()), (2, ""), "{ended:#?}");
        for word in ["state.json", words, "move it away"] {
            assert!(ended.stderr.contains(word), "`{word}` in {}", ended.stderr);
        }
        assert!(!ended.stderr.contains("hunter2"));
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
}

#[test]
fn places_that_cannot_be_written_show_at_once() {
    let setting = Setting::new();
    fs::create_dir(setting.path("folder")).unwrap();
    for place in ["folder", "nowhere/state.json"] {
        let ended = setting.run(&["serve", "--port", "0", "--state", place]);
        assert_eq!((ended.code(), ended.stdout.as_str()), (2, ""), "{ended:#?}");
        assert!(ended.stderr.contains(place) && ended.stderr.contains("state file"), "{ended:#?}");
    }
}

#[test]
fn one_process_at_a_time() {
    let setting = Setting::new();
    let path = setting.path("state.json");
    let first = kept(&path).unwrap();
    let second = kept(&path);
    assert!(matches!(second, Err(BuildError::StateFile(StateFileError::InUse { .. }))), "{second:?}");
    drop(first);
    kept(&path).unwrap();
}

#[test]
fn a_change_that_cannot_be_saved_is_refused() {
    let setting = Setting::new();
    let path = setting.path("room/state.json");
    fs::create_dir(setting.path("room")).unwrap();
    let server = Server::start(kept(&path).unwrap(), Options::default()).unwrap();
    fs::remove_dir_all(setting.path("room")).unwrap();
    let answer = ask(server.address(), create("a"));
    answer.refused(500, "InternalServiceException");
    assert!(answer.body.contains("state file"), "{answer:?}");
    assert_eq!(names(server.address()), Vec::<String>::new());
    fs::create_dir(setting.path("room")).unwrap();
    ask(server.address(), create("b")).ok();
    server.stop();
    let server = Server::start(kept(&path).unwrap(), Options::default()).unwrap();
    assert_eq!(names(server.address()), ["b"]);
}
