//! Known gaps: what they excuse and what they do not, files that are of no use, and files that a run writes.

mod excused;
mod file;
mod recorded;

use glueproof::fake::FakeCloud;

use crate::altered::servers;
use crate::server::{Answers, Socket};
use crate::trial::{Ended, Setting, cloud};

/// A rule that a server without creation times violates, and a rule beside it that it holds.
pub const GAP: &str = "glue/GetSecurityConfiguration/valid/SecurityConfiguration.CreatedTimeStamp/present";
pub const HELD: &str = "glue/GetSecurityConfiguration/valid/SecurityConfiguration.Name/present";

/// The fake, but for creation times.
pub fn gappy(cloud: &FakeCloud) -> Answers {
    servers::without_time(cloud)
}

/// A folder with a file of known gaps, and a server to judge.
pub struct Judging {
    pub setting: Setting,
    server: Socket,
}

impl Judging {
    pub fn of(answers: fn(&FakeCloud) -> Answers) -> Self {
        Self { setting: Setting::new(), server: Socket::serve(answers(&cloud())) }
    }

    pub fn write(&self, text: &str) {
        std::fs::write(self.setting.path("known.toml"), text).unwrap();
    }

    pub fn read(&self) -> String {
        std::fs::read_to_string(self.setting.path("known.toml")).unwrap()
    }

    /// Runs the two rules, with more arguments.
    #[track_caller]
    pub fn run(&self, arguments: &[&str]) -> Ended {
        let url = self.server.url();
        let usual = ["run", &url, "--only", GAP, "--only", HELD, "--json", "report.json", "--cases", "1"];
        self.setting.run(&[&usual[..], arguments].concat())
    }
}

/// An entry.
pub fn entry(rule: &str, more: &str) -> String {
    format!("[[known]]\nrule = \"{rule}\"\nreason = \"times are not kept\"\n{more}\n")
}
