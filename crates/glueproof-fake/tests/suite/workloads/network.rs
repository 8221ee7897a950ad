//! "Creating a route to AWS KMS for VPC jobs and crawlers", as its reader lives through it: a job and a crawler
//! that connect to a database in a private network fail as soon as they have a security configuration, until
//! the network is given a way to KMS.

use glueproof_fake::{Clock, FakeCloud, SeedFile, Vpc};
use serde_json::{Value, json};

use super::support::{
    ROLE, bucket, clock, configuration, failure, glue, job, key_for_logs, run, succeeded, wait,
};

/// A private network with a database in it, which a job and a crawler connect to.
fn private(vpc: Vpc) -> (FakeCloud, Clock) {
    let clock = clock();
    let cloud = FakeCloud::builder().clock(clock.clone()).vpc(vpc).build().unwrap();
    furnish(&cloud);
    (cloud, clock)
}

fn furnish(cloud: &FakeCloud) {
    bucket(cloud);
    let connection = json!({ "ConnectionInput": {
        "Name": "database", "ConnectionType": "JDBC",
        "ConnectionProperties": { "JDBC_CONNECTION_URL": "jdbc:postgresql://10.0.0.5:5432/sales" },
        "PhysicalConnectionRequirements": { "SubnetId": "subnet-1", "SecurityGroupIdList": ["sg-jdbc"] },
    } });
    glue(cloud, "CreateConnection", &connection);
    configuration(cloud, "encrypted", &key_for_logs(cloud));
    let uses = json!({ "Connections": ["database"] });
    glue(cloud, "CreateJob", &job("plain", "with.py", &json!({ "Connections": uses })));
    let encrypted = json!({ "Connections": uses, "SecurityConfiguration": "encrypted" });
    glue(cloud, "CreateJob", &job("nightly", "with.py", &encrypted));
    let crawler = json!({
        "Name": "sales", "Role": ROLE, "DatabaseName": "d", "CrawlerSecurityConfiguration": "encrypted",
        "Targets": { "JdbcTargets": [{ "ConnectionName": "database", "Path": "sales/%" }] },
    });
    glue(cloud, "CreateCrawler", &crawler);
}

fn closed() -> Vpc {
    Vpc::new("vpc-1").subnet("subnet-1").self_referencing_group("sg-jdbc")
}

fn crawl(cloud: &FakeCloud, clock: &Clock) -> Value {
    glue(cloud, "StartCrawler", &json!({ "Name": "sales" }));
    wait(clock);
    glue(cloud, "GetCrawler", &json!({ "Name": "sales" }))["Crawler"]["LastCrawl"].clone()
}

#[test]
fn without_a_route_jobs_time_out_and_crawlers_fail_until_there_is_one() {
    let (cloud, clock) = private(closed());
    assert_eq!(failure(&run(&cloud, &clock, "nightly")), "kms timeout");
    let last = crawl(&cloud, &clock);
    assert_eq!(
        (&last["Status"], &last["ErrorMessage"]),
        (&json!("FAILED"), &json!("Internal Service Exception"))
    );
    succeeded(&run(&cloud, &clock, "plain"));

    cloud.set_vpc(closed().kms_endpoint(true, ["sg-jdbc"])).unwrap();
    succeeded(&run(&cloud, &clock, "nightly"));
    assert_eq!(crawl(&cloud, &clock)["Status"], "SUCCEEDED");
}

#[test]
fn a_nat_gateway_is_a_route() {
    let (cloud, clock) = private(closed().nat_gateway());
    succeeded(&run(&cloud, &clock, "nightly"));
    assert_eq!(crawl(&cloud, &clock)["Status"], "SUCCEEDED");
}

#[test]
fn an_endpoint_needs_private_dns_and_a_group_it_shares_with_the_connection() {
    let useless = [
        closed().kms_endpoint(false, ["sg-jdbc"]),
        closed().kms_endpoint(true, ["sg-other"]),
        Vpc::new("vpc-1").subnet("subnet-1").kms_endpoint(true, ["sg-jdbc"]),
    ];
    for vpc in useless {
        let (cloud, clock) = private(vpc.clone());
        assert_eq!(failure(&run(&cloud, &clock, "nightly")), "kms timeout", "{vpc:?}");
    }
}

#[test]
fn a_run_meets_the_network_as_it_was_when_it_was_due() {
    let (cloud, clock) = private(closed());
    let id = super::support::start(&cloud, "nightly");
    wait(&clock);
    cloud.set_vpc(closed().nat_gateway()).unwrap();
    assert_eq!(failure(&super::support::read_run(&cloud, "nightly", &id)), "kms timeout");
}

#[test]
fn a_seed_file_tells_of_networks_too() {
    let text = r#"
        [[vpc]]
        id = "vpc-1"
        subnets = ["subnet-1"]
        self_referencing_groups = ["sg-jdbc"]
        KMS
    "#;
    let told = |kms: &str| {
        let (clock, seed) = (clock(), SeedFile::parse(&text.replace("KMS", kms)).unwrap());
        let cloud = FakeCloud::builder().clock(clock.clone()).identities(seed).build().unwrap();
        furnish(&cloud);
        run(&cloud, &clock, "nightly")
    };
    assert_eq!(failure(&told("")), "kms timeout");
    succeeded(&told("nat_gateway = true"));
    succeeded(&told(r#"kms_endpoint = { private_dns = true, security_groups = ["sg-jdbc"] }"#));
    let unknown = SeedFile::parse("[[vpc]]\nid = \"vpc-1\"\nnat = true\n").unwrap_err();
    assert_eq!((unknown.line, unknown.column), (3, 1));
}
