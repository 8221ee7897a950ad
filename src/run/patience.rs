//! Carries out a step that may have to wait: the call is repeated, with longer and longer pauses, until its answer is
//! the one waited for or the target's time is up. Judges nothing but that.

use std::time::{Duration, Instant};

use crate::check::{Transcript, Unresolved, is_awaited};
use crate::model::ServiceModel;

use super::scene::Scene;

/// The first pause; each next one is half as long again.
const PAUSE: Duration = Duration::from_millis(20);
/// No pause is longer.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Adds the step to the transcript, with the last answer to it.
pub(super) async fn patiently(
    scene: &Scene,
    model: &ServiceModel,
    index: usize,
    transcript: &mut Transcript,
) -> Result<(), Unresolved> {
    let step = &scene.case.steps[index];
    let (begin, mut pause, mut earlier) = (Instant::now(), PAUSE, 0);
    loop {
        let mut performed = scene.perform(index, step, transcript).await?;
        performed.earlier = earlier;
        transcript.push(performed);
        let late = begin.elapsed() + pause > scene.target.poll_timeout();
        if step.until.is_none() || late || is_awaited(model, &scene.case, transcript) {
            return Ok(());
        }
        transcript.pop();
        earlier += 1;
        tokio::time::sleep(pause).await;
        pause = LONGEST_PAUSE.min(pause * 3 / 2);
    }
}
