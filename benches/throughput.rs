//! The speed at which the suite judges the in-process fake, beside a bare aws-sdk-glue loop that makes the very same
//! calls in the same process: `cargo bench` (release), `cargo bench --profile dev` (as `cargo run` builds).
//! Prints figures and asserts nothing about time.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints, and stops where it cannot go on"
)]

use std::sync::{Arc, Mutex};
use std::time::Instant;

use aws_sdk_glue::Client;
use aws_sdk_glue::config::interceptors::BeforeTransmitInterceptorContextMut;
use aws_sdk_glue::config::{BehaviorVersion, ConfigBag, Credentials, Intercept, Region, RuntimeComponents};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use glueproof::Suite;
use glueproof::client::{CallLimits, Target, TargetSetup};
use glueproof::fake::FakeCloud;
use glueproof::fake::transport::Connector;
use glueproof::model::{Edition, Specs};
use tokio::runtime::{Handle, Runtime};

const ACCOUNT: &str = "123456789012";
const REGION: &str = "us-east-1";
const ROUNDS: usize = 5;
/// A bench of fewer calls measures something else than a run of all of `core`.
const FEWEST_CALLS: usize = 5_000;

/// One call as the suite made it.
#[derive(Debug, Clone)]
struct Call {
    operation: String,
    body: Bytes,
}

/// Notes every call on its way to the fake.
#[derive(Debug, Clone)]
struct Recorder {
    inner: Connector,
    calls: Arc<Mutex<Vec<Call>>>,
}

impl HttpClient for Recorder {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Recorder {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
        let body = Bytes::copy_from_slice(request.body().bytes().unwrap_or_default());
        self.calls.lock().unwrap().push(Call { operation, body });
        self.inner.call(request)
    }
}

/// Puts a body in before signing, and does nothing else.
#[derive(Debug)]
struct Swap(Bytes);

#[dyn_dispatch_hint]
impl Intercept for Swap {
    fn name(&self) -> &'static str {
        "swap"
    }

    fn modify_before_signing(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request_mut();
        *request.body_mut() = SdkBody::from(self.0.clone());
        request.headers_mut().insert("content-length", self.0.len().to_string());
        Ok(())
    }
}

fn fake() -> FakeCloud {
    FakeCloud::builder().account(ACCOUNT).region(REGION).build().unwrap()
}

fn judge(runtime: &Handle, specs: &Specs, client: SharedHttpClient, jobs: usize) -> (u64, f64) {
    let setup = TargetSetup { name: "fake", specs, limits: CallLimits::default() };
    let target = Target::in_process(setup, client, ACCOUNT, REGION);
    let start = Instant::now();
    Suite::new(&target).specs(specs).capability("core").jobs(jobs).runtime(runtime).run().unwrap();
    (target.calls(), start.elapsed().as_secs_f64())
}

/// The same calls through the same SDK, with nothing of ours around them.
fn bare(runtime: &Handle, calls: &[Call], jobs: usize) -> f64 {
    let config = aws_sdk_glue::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(REGION))
        .endpoint_url("http://glueproof.invalid")
        .credentials_provider(Credentials::new("test", "test", None, None, "bench"))
        .http_client(SharedHttpClient::new(Connector::new(fake())))
        .build();
    let client = Client::from_conf(config);
    let share = calls.len().div_ceil(jobs);
    let start = Instant::now();
    std::thread::scope(|scope| {
        for slice in calls.chunks(share) {
            let client = &client;
            scope.spawn(move || {
                runtime.block_on(async {
                    for call in slice {
                        send(client, call).await;
                    }
                });
            });
        }
    });
    start.elapsed().as_secs_f64()
}

async fn send(client: &Client, call: &Call) {
    let swap = Swap(call.body.clone());
    // Refusals are as good as successes here.
    match call.operation.as_str() {
        "CreateSecurityConfiguration" => {
            drop(client.create_security_configuration().customize().interceptor(swap).send().await);
        }
        "GetSecurityConfiguration" => {
            drop(client.get_security_configuration().customize().interceptor(swap).send().await);
        }
        "GetSecurityConfigurations" => {
            drop(client.get_security_configurations().customize().interceptor(swap).send().await);
        }
        "DeleteSecurityConfiguration" => {
            drop(client.delete_security_configuration().customize().interceptor(swap).send().await);
        }
        "PutResourcePolicy" => drop(client.put_resource_policy().customize().interceptor(swap).send().await),
        "GetResourcePolicy" => drop(client.get_resource_policy().customize().interceptor(swap).send().await),
        "GetResourcePolicies" => {
            drop(client.get_resource_policies().customize().interceptor(swap).send().await);
        }
        "DeleteResourcePolicy" => {
            drop(client.delete_resource_policy().customize().interceptor(swap).send().await);
        }
        "PutDataCatalogEncryptionSettings" => {
            drop(client.put_data_catalog_encryption_settings().customize().interceptor(swap).send().await);
        }
        _ => drop(client.get_data_catalog_encryption_settings().customize().interceptor(swap).send().await),
    }
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

#[expect(clippy::cast_precision_loss, reason = "counts of calls are far below 2^52")]
fn main() {
    let runtime = Runtime::new().unwrap();
    let specs = Specs::embedded(Edition::Current).unwrap();
    let jobs = std::thread::available_parallelism().map_or(2, usize::from);
    let calls = Arc::new(Mutex::new(Vec::new()));
    let recorder = Recorder { inner: Connector::new(fake()), calls: Arc::clone(&calls) };
    judge(runtime.handle(), &specs, SharedHttpClient::new(recorder), jobs);
    let calls = calls.lock().unwrap().clone();
    assert!(calls.len() >= FEWEST_CALLS, "a whole run makes more than {} calls", calls.len());
    let (mut suite, mut plain, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let client = SharedHttpClient::new(Connector::new(fake()));
        let (made, seconds) = judge(runtime.handle(), &specs, client, jobs);
        let judged = made as f64 / seconds;
        let looped = calls.len() as f64 / bare(runtime.handle(), &calls, jobs);
        println!("suite {judged:.0}/s   bare loop {looped:.0}/s   ratio {:.2}", judged / looped);
        suite.push(judged);
        plain.push(looped);
        ratios.push(judged / looped);
    }
    let (suite, plain, ratio) = (median(suite), median(plain), median(ratios));
    println!(
        "median of {ROUNDS}, {jobs} threads, {} calls: suite {suite:.0}/s, bare loop {plain:.0}/s, ratio {ratio:.2}",
        calls.len()
    );
}
