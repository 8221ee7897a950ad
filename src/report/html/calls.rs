//! The calls of a finding as a sequence, and the commands that make them again. Chooses no findings.

use maud::{Markup, html};

use crate::run::{FindingStep, Reproduce};

use super::super::body::{is_html, without_html};
use super::super::escape::{on_lines, on_one_line};
use super::super::headers;
use super::text::body;

/// Bodies of more lines begin folded.
const FOLDED: usize = 24;

/// The calls, numbered, each with what was sent and what came. `usual` is the service that need not be named.
pub(super) fn calls(steps: &[FindingStep], usual: &str) -> Markup {
    html! {
        ol.calls {
            @for (number, step) in steps.iter().enumerate() { (call(number + 1, step, usual)) }
        }
    }
}

fn call(number: usize, step: &FindingStep, usual: &str) -> Markup {
    let (sent, came) = (body(&step.request.body), answer(step));
    let folded = sent.lines().count() > FOLDED || came.lines().count() > FOLDED;
    html! {
        li {
            details.call open[!folded] {
                summary {
                    span.number { (number) } " "
                    span.operation {
                        @if step.service != usual { (on_one_line(&step.service)) " " }
                        (on_one_line(&step.operation))
                    }
                    " " span.arrow aria-label="answered" { "→" } " "
                    (status(step))
                }
                div.exchange {
                    div {
                        p.label { "request" }
                        @for header in headers::altered(step) { p.header { code { (on_one_line(&header)) } } }
                        pre tabindex="0" { code { (sent) } }
                    }
                    div {
                        p.label { "response" }
                        pre tabindex="0" { code { (came) } }
                    }
                }
            }
        }
    }
}

fn status(step: &FindingStep) -> Markup {
    let Some(response) = &step.response else { return html! { span.status.bad { "no answer" } } };
    let class = if response.status < 400 { "good" } else { "refusal" };
    let class = if response.status >= 500 { "bad" } else { class };
    html! {
        span class={ "status " (class) } { (response.status) }
        @if let Some(error) = &response.error { " " code { (on_one_line(error)) } }
    }
}

fn answer(step: &FindingStep) -> String {
    match &step.response {
        None => "no answer".to_owned(),
        Some(response) if is_html(&response.body) => on_lines(&without_html(
            &format!("{} {}", response.status, response.body.as_str().unwrap_or_default()),
            true,
        )),
        Some(response) => body(&response.body),
    }
}

/// Buttons that copy, and the commands themselves below. `anchor` tells those of one finding from others.
pub(super) fn commands(reproduce: &Reproduce, anchor: &str) -> Markup {
    let replay = reproduce.replay.as_slice();
    let groups = [
        ("curl", reproduce.curl.as_slice()),
        ("AWS CLI", &reproduce.aws_cli),
        ("boto3", &reproduce.boto3),
        ("replay", replay),
    ];
    let groups: Vec<_> = groups.into_iter().filter(|(_, commands)| !commands.is_empty()).collect();
    let place = |name: &str| format!("{anchor}-{}", name.to_lowercase().replace(' ', "-"));
    html! {
        @if !groups.is_empty() {
            p.copies.scripted {
                @for (name, _) in &groups {
                    button type="button" data-copy=(place(name)) aria-label={ "Copy " (name) " commands" } { "Copy " (name) }
                }
            }
            details.commands {
                summary { "Commands that repeat it" }
                @for (name, commands) in &groups {
                    p.label { (name) }
                    pre tabindex="0" id=(place(name)) { code { (on_lines(&commands.join("\n"))) } }
                }
            }
        }
    }
}
