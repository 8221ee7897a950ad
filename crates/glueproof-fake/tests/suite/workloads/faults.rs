//! Faults of jobs and crawlers: each shows what it says, and without it there is nothing of it.

use glueproof_fake::{Clock, FakeCloud, Fault, Injection, Vpc};
use serde_json::{Value, json};

use super::support::{
    ROLE, bucket, clock, configuration, disable, encryption, glue, job, key_for_logs, logs, read_run, run,
    start, wait, written,
};

/// A cloud with a key and a configuration under it, and jobs of both kinds of scripts.
struct Scene {
    cloud: FakeCloud,
    clock: Clock,
    key: String,
}

fn scene(fault: Option<&str>) -> Scene {
    let clock = clock();
    let vpc = Vpc::new("vpc-1").subnet("subnet-1").self_referencing_group("sg-jdbc");
    let cloud = FakeCloud::builder().clock(clock.clone()).vpc(vpc).build().unwrap();
    bucket(&cloud);
    let key = key_for_logs(&cloud);
    configuration(&cloud, "all", &key);
    if let Some(fault) = fault {
        cloud.inject(Injection::new(fault.parse().unwrap()));
    }
    Scene { cloud, clock, key }
}

/// Asserts the observation of a scene, with the fault and without it.
#[track_caller]
fn shows(fault: &str, right: &Value, wrong: &Value, seen: impl Fn(&Scene) -> Value) {
    assert_eq!(seen(&scene(None)), *right, "without {fault}");
    assert_eq!(seen(&scene(Some(fault))), *wrong, "{fault}");
}

impl Scene {
    fn job(&self, script: &str, arguments: &Value) -> Value {
        let mut all = json!({ "--output": "s3://data/out/j" });
        all.as_object_mut().unwrap().extend(arguments.as_object().unwrap().clone());
        let more = json!({ "SecurityConfiguration": "all", "DefaultArguments": all });
        glue(&self.cloud, "CreateJob", &job("j", script, &more));
        run(&self.cloud, &self.clock, "j")
    }

    /// Returns the kind of encryption of the object that a run wrote.
    fn kind(&self, run: &Value) -> Value {
        json!(encryption(&written(&self.cloud, "j", run)).0)
    }
}

#[test]
fn disabled_keys_are_used_by_jobs_alone() {
    shows("jobs-use-disabled-keys", &json!(["FAILED", false]), &json!(["SUCCEEDED", false]), |scene| {
        glue(&scene.cloud, "CreateJob", &job("j", "with.py", &json!({ "SecurityConfiguration": "all" })));
        let id = start(&scene.cloud, "j");
        disable(&scene.cloud, &scene.key);
        wait(&scene.clock);
        let state = read_run(&scene.cloud, "j", &id)["JobRunState"].clone();
        let described = super::support::kms(&scene.cloud, "DescribeKey", &json!({ "KeyId": scene.key }));
        json!([state, described["KeyMetadata"]["Enabled"]])
    });
}

#[test]
fn a_configuration_counts_without_job_init() {
    shows("jobs-need-no-init", &json!("AES256"), &json!("aws:kms"), |scene| {
        scene.kind(&scene.job("without.py", &json!({})))
    });
}

#[test]
fn job_init_is_overlooked() {
    shows("jobs-are-never-initialised", &json!("aws:kms"), &json!("AES256"), |scene| {
        scene.kind(&scene.job("with.py", &json!({})))
    });
}

#[test]
fn the_parameter_for_sse_s3_is_obeyed() {
    shows("the-parameter-for-sse-s3-counts", &json!("aws:kms"), &json!("AES256"), |scene| {
        scene.kind(&scene.job("with.py", &json!({ "--encryption-type": "sse-s3" })))
    });
}

#[test]
fn objects_are_as_the_bucket() {
    shows("objects-of-jobs-are-as-the-bucket", &json!("aws:kms"), &json!("AES256"), |scene| {
        scene.kind(&scene.job("with.py", &json!({})))
    });
}

#[test]
fn bookmarks_lie_plain() {
    shows("bookmarks-are-plain", &json!(false), &json!(true), |scene| {
        scene.job("with.py", &json!({ "--job-bookmark-option": "job-bookmark-enable" }));
        let lies = scene.cloud.at_rest();
        let plain = |bytes: &[u8]| String::from_utf8_lossy(bytes).contains("\"JobBookmark\":");
        json!(lies.iter().any(|item| plain(&item.bytes)))
    });
}

#[test]
fn logs_get_no_key() {
    shows("logs-of-jobs-have-no-key", &json!(true), &json!(false), |scene| {
        scene.job("with.py", &json!({}));
        let groups = logs(&scene.cloud, "DescribeLogGroups", &json!({}))["logGroups"].clone();
        json!(groups.as_array().unwrap().iter().any(|group| group["kmsKeyId"] == scene.key.as_str()))
    });
}

#[test]
fn the_configuration_of_a_run_is_ignored() {
    shows("runs-bring-no-configuration", &json!("aws:kms"), &json!("AES256"), |scene| {
        let more = json!({ "DefaultArguments": { "--output": "s3://data/out/j" } });
        glue(&scene.cloud, "CreateJob", &job("j", "with.py", &more));
        let started =
            glue(&scene.cloud, "StartJobRun", &json!({ "JobName": "j", "SecurityConfiguration": "all" }));
        wait(&scene.clock);
        scene.kind(&read_run(&scene.cloud, "j", started["JobRunId"].as_str().unwrap()))
    });
}

#[test]
fn kms_is_reached_from_everywhere() {
    shows("every-network-reaches-kms", &json!("FAILED"), &json!("SUCCEEDED"), |scene| {
        let connection = json!({ "ConnectionInput": {
            "Name": "database", "ConnectionType": "JDBC",
            "ConnectionProperties": { "JDBC_CONNECTION_URL": "jdbc:postgresql://10.0.0.5:5432/sales" },
            "PhysicalConnectionRequirements": { "SubnetId": "subnet-1", "SecurityGroupIdList": ["sg-jdbc"] },
        } });
        glue(&scene.cloud, "CreateConnection", &connection);
        let crawler = json!({
            "Name": "c", "Role": ROLE, "DatabaseName": "d", "CrawlerSecurityConfiguration": "all",
            "Targets": { "JdbcTargets": [{ "ConnectionName": "database", "Path": "sales/%" }] },
        });
        glue(&scene.cloud, "CreateCrawler", &crawler);
        glue(&scene.cloud, "StartCrawler", &json!({ "Name": "c" }));
        wait(&scene.clock);
        glue(&scene.cloud, "GetCrawler", &json!({ "Name": "c" }))["Crawler"]["LastCrawl"]["Status"].clone()
    });
}

/// Faults that no rule is asked to notice say why, and those of jobs all have a test here.
#[test]
fn faults_that_are_no_mutants_have_a_reason() {
    let here = include_str!("faults.rs");
    for fault in Fault::all() {
        let reason = fault.uncounted();
        let has_rules = !fault.caught_by().is_empty();
        assert!(has_rules || reason.is_some() || fault.equivalent().is_some(), "{fault}");
        assert!(!(has_rules && reason.is_some()), "{fault}");
        let of_jobs = reason.is_some_and(|reason| reason.contains("jobs"));
        assert!(!of_jobs || here.contains(&format!("\"{fault}\"")), "{fault}");
    }
}
