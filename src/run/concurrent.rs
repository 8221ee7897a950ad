//! Makes the calls of several clients concurrently. Each client makes its calls in order, on a connection of its own.
//! Must not judge.

use std::ops::Range;
use std::sync::Arc;

use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::case::Case;
use crate::check::Transcript;

use super::context::CaseContext;

/// Returns the range of concurrent steps that begins at `from`.
pub(super) fn concurrent_block(case: &Case, from: usize) -> Range<usize> {
    let rest = case.steps.iter().skip(from);
    from..from + rest.take_while(|step| step.client.is_some()).count()
}

/// Executes concurrent steps, and returns them in the order of the case. A client stops if a reference of its next call
/// cannot be resolved.
pub(super) async fn execute_concurrently(
    context: &CaseContext,
    block: Range<usize>,
    transcript: &Transcript,
) -> Transcript {
    let mut clients: Vec<usize> = block.clone().filter_map(|at| context.case.steps[at].client).collect();
    clients.sort_unstable();
    clients.dedup();
    let start = Arc::new(Barrier::new(clients.len()));
    let mut running = JoinSet::new();
    for client in clients {
        let own = block.clone().filter(|at| context.case.steps[*at].client == Some(client)).collect();
        let (context, before, start) = (context.clone(), transcript.clone(), Arc::clone(&start));
        running.spawn(async move {
            start.wait().await;
            execute_client(&context, own, before).await
        });
    }
    let mut performed: Transcript = running.join_all().await.into_iter().flatten().collect();
    performed.sort_by_key(|performed| performed.step);
    performed
}

/// Executes the steps of one client. They can refer to steps before the block, and to responses of the same client.
async fn execute_client(context: &CaseContext, steps: Vec<usize>, mut transcript: Transcript) -> Transcript {
    let before = transcript.len();
    for index in steps {
        match context.perform(index, &context.case.steps[index], &transcript).await {
            Ok(performed) => transcript.push(performed),
            Err(_) => break,
        }
    }
    transcript.split_off(before)
}
