//! The right service conforms in every AWS partition: ARNs, host names and policies follow the region.

use crate::server::{Socket, fake};
use crate::trial::{Setting, cloud};

const REGIONS: [&str; 8] = [
    "eu-west-1",
    "cn-north-1",
    "us-gov-west-1",
    "us-iso-east-1",
    "us-isob-east-1",
    "eu-isoe-west-1",
    "us-isof-south-1",
    "eusc-de-east-1",
];
/// Rules whose cases contain ARNs, roles, key policies and host names of services.
const ONLY: &str =
    "glue/PutResourcePolicy/valid,/access/,logs/AssociateKmsKey,CloudWatchEncryption/encryption/logs-of-jobs";

#[test]
fn the_fake_conforms_in_every_partition() {
    for region in REGIONS {
        let setting = Setting::new();
        let ended = setting.run(&["run", "fake", "--region", region, "--only", ONLY, "--cases", "1"]);
        assert_eq!(ended.code(), 0, "{region}: {ended:#?}");
    }
}

#[test]
fn an_endpoint_conforms_in_the_partition_of_the_region_in_the_environment() {
    for region in REGIONS {
        let (setting, server) = (Setting::new(), Socket::serve(fake(&cloud())));
        let url = server.url();
        let only = ONLY.replace("/access/,", "");
        let arguments = ["run", &url, "--only", &only, "--cases", "1"];
        let ended = setting.program(&arguments).env("AWS_REGION", region).start().end();
        assert_eq!(ended.code(), 0, "{region}: {ended:#?}");
    }
}
