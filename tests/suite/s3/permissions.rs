//! In `enforce`, a caller needs leave of S3 and of KMS; unsigned requests have none.

use glueproof::fake::{FakeCloud, Mode};
use http::Method;

use super::support::send;

#[test]
fn nobody_in_particular_may_do_nothing() {
    let cloud = FakeCloud::builder().mode(Mode::Enforce).build().unwrap();
    for (method, path) in [(Method::GET, "/"), (Method::PUT, "/bucket"), (Method::GET, "/bucket/a")] {
        let answer = send(&cloud, method, path, &[], "");
        assert_eq!(answer.refusal(), (403, "AccessDenied".to_owned()), "{path}");
    }
}
