//! The page of commands is what the program's own definitions say.

use std::path::Path;

use crate::trial::Setting;

#[test]
fn the_page_of_commands_is_up_to_date() {
    let printed = Setting::new().run(&["reference"]);
    assert_eq!(printed.code(), 0, "{printed:#?}");
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference/cli.md");
    let kept = std::fs::read_to_string(page).unwrap();
    assert!(kept == printed.stdout, "out of date; run `cargo run -- reference >docs/reference/cli.md`");
}
