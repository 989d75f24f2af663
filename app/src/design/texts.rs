//! What is read and quoted.

use super::{NOW, sample};
use crate::components::evidence::evidence_list;
use crate::components::log_lines::log_tail;
use crate::erase::{Erase, memo};
use crate::prelude::*;
use model::LogLine;
use model::diagnosis::{Evidence, LogTail, Segment, Source, Stance};
use model::{AppName, InstanceId, ReleaseVersion};

pub(super) fn all() -> AnyView {
    view! { {headings()}{pairs()}{finding()}{log()} }.into_any()
}

fn headings() -> AnyView {
    let states = view! {
        <p><b>"Bold"</b>", usual, "<span class="dim">"dim"</span>", "<code>"code"</code>", "<kbd>"k"</kbd>", "<mark>"marked"</mark></p>
    };
    sample("Text", states.into_any())
}

fn pairs() -> AnyView {
    let states = view! {
        <dl class="pairs">
            <div><dt>"Host"</dt><dd>"Ok"</dd></div>
            <div><dt>"Image"</dt><dd><code>"registry.fly.io/tidewater-api:deployment-01H8Z3EXAMPLE"</code></dd></div>
            <div><dt>"Private address"</dt><dd><code>"fdaa:0:18:a7b:7d:f066:a83b:2"</code></dd></div>
        </dl>
    };
    sample("Key-value list", states.into_any())
}

fn finding() -> AnyView {
    let marked = |text: &str, marked| Segment { text: text.to_owned(), marked };
    let evidence = [
        Evidence {
            source: Source::Configuration,
            at: None,
            text: vec![marked("internal_port = 4000", true)],
            note: Some("the port that Fly checks".to_owned()),
            stance: Stance::Supports,
        },
        Evidence {
            source: Source::Release(ReleaseVersion(13)),
            at: Some(NOW),
            text: vec![marked("v13 ran with the same configuration", false)],
            note: None,
            stance: Stance::Contradicts,
        },
    ];
    let Ok(app) = AppName::new("tidewater-api") else { return ().erase() };
    let states = view! { <div class="finding"><h4 class="headline">"The app listens on port 8080. Fly checks port 4000."</h4>{evidence_list(&evidence, &app)}</div> };
    view! { <div class="panel sample diagnosis"><h3>"Finding with its evidence"</h3>{states}</div> }
        .into_any()
}

fn log() -> AnyView {
    let Ok(instance) = InstanceId::new("e80d7fbd") else { return AnyView::Nothing };
    let line = |level: &str, message: &str| LogLine {
        at: NOW,
        level: level.to_owned(),
        message: message.to_owned(),
    };
    let lines = vec![
        line("info", "Running FlyWeb.Endpoint with cowboy 2.9.0 at :::8080 (http)"),
        line("error", "Health check on port 4000 has failed."),
    ];
    let tail = memo(move || Some(LogTail { instance: instance.clone(), lines: lines.clone() }));
    sample("Log lines", log_tail(tail, true))
}
