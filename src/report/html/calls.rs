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
    let (sent, received) = (body(&step.request.body), response_text(step));
    let folded = sent.lines().count() > FOLDED || received.lines().count() > FOLDED;
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
                        pre tabindex="0" { code { (received) } }
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

fn response_text(step: &FindingStep) -> String {
    match &step.response {
        None => "no answer".to_owned(),
        Some(response) if is_html(&response.body) => on_lines(&without_html(
            &format!("{} {}", response.status, response.body.as_str().unwrap_or_default()),
            true,
        )),
        Some(response) => body(&response.body),
    }
}

/// Commands and programs that repeat the finding, a tab each. Without the script of the page all of them stand below each
/// other. `anchor` is the prefix of their ids.
pub(super) fn commands(reproduce: &Reproduce, anchor: &str) -> Markup {
    let forms = [
        ("curl", "curl", reproduce.curl.as_slice()),
        ("aws-cli", "AWS CLI", &reproduce.aws_cli),
        ("boto3", "boto3", &reproduce.boto3),
        ("rust", "Rust", &reproduce.rust),
        ("replay", "replay", reproduce.replay.as_slice()),
    ];
    let forms: Vec<_> = forms.into_iter().filter(|(_, _, commands)| !commands.is_empty()).collect();
    html! {
        @if !forms.is_empty() {
            div.commands {
                h4 { "Repeat it" }
                div.tabs.scripted role="tablist" aria-label="Forms of the commands" {
                    @for (number, (form, name, _)) in forms.iter().enumerate() { (tab((form, name), anchor, number == 0)) }
                }
                @for (number, (form, name, commands)) in forms.iter().enumerate() {
                    (panel((form, name), anchor, &commands.join("\n"), number == 0))
                }
            }
        }
    }
}

fn tab((form, name): (&str, &str), anchor: &str, chosen: bool) -> Markup {
    let id = format!("{anchor}-{form}");
    html! {
        button type="button" role="tab" id={ (id) "-tab" } data-form=(form) aria-controls={ (id) "-panel" }
            aria-selected=(chosen) tabindex=(if chosen { "0" } else { "-1" }) { (name) }
    }
}

fn panel((form, name): (&str, &str), anchor: &str, commands: &str, chosen: bool) -> Markup {
    let id = format!("{anchor}-{form}");
    html! {
        div class=(if chosen { "panel chosen" } else { "panel" }) role="tabpanel" id={ (id) "-panel" } data-form=(form)
            aria-label=(name) {
            p.label { (name) }
            button.copy.scripted type="button" data-copy=(id) aria-label={ "Copy " (name) } { "Copy" }
            pre tabindex="0" id=(id) { code { (on_lines(commands)) } }
        }
    }
}
