//! Makes calls of several clients at once, each client's own one after the other, over connections of their
//! own. Judges nothing.

use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::case::Case;
use crate::check::{Performed, Span, Transcript, Unresolved};
use crate::target::{Alias, Target};

use super::execute::prepare;

/// What a case is carried out with.
#[derive(Clone)]
pub(super) struct Setting {
    pub target: Target,
    pub alias: Alias,
    pub case: Arc<Case>,
    /// The zero of all times.
    pub clock: Instant,
}

impl Setting {
    /// Carries out one step after those in the transcript.
    pub async fn perform(&self, step: usize, transcript: &[Performed]) -> Result<Performed, Unresolved> {
        let (request, sent) = prepare(&self.case.steps[step], &self.case, transcript)?;
        let invoked = self.now();
        let exchange = self.target.call(&self.alias, request).await;
        Ok(Performed { step, sent, exchange, span: Span { invoked, returned: self.now() } })
    }

    fn now(&self) -> u64 {
        u64::try_from(self.clock.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    /// Steps up to the next one that no client makes.
    pub fn block(&self, from: usize) -> Range<usize> {
        let rest = self.case.steps.iter().skip(from);
        from..from + rest.take_while(|step| step.client.is_some()).count()
    }

    /// Carries out a block. What is performed comes in the order of the case; a client that lacks what its
    /// next call needs makes no more calls.
    pub async fn at_once(&self, block: Range<usize>, transcript: &Transcript) -> Transcript {
        let mut clients: Vec<usize> = block.clone().filter_map(|at| self.case.steps[at].client).collect();
        clients.sort_unstable();
        clients.dedup();
        let start = Arc::new(Barrier::new(clients.len()));
        let mut running = JoinSet::new();
        for client in clients {
            let own = block.clone().filter(|at| self.case.steps[*at].client == Some(client)).collect();
            let (setting, before, start) = (self.clone(), transcript.clone(), Arc::clone(&start));
            running.spawn(async move {
                start.wait().await;
                setting.one_client(own, before).await
            });
        }
        let mut performed: Transcript = running.join_all().await.into_iter().flatten().collect();
        performed.sort_by_key(|performed| performed.step);
        performed
    }

    /// A client sees what came before the block, and its own answers.
    async fn one_client(&self, steps: Vec<usize>, mut transcript: Transcript) -> Transcript {
        let before = transcript.len();
        for step in steps {
            match self.perform(step, &transcript).await {
                Ok(performed) => transcript.push(performed),
                Err(_) => break,
            }
        }
        transcript.split_off(before)
    }
}
