use super::*;
use crate::diagnosis::{Cause, Certainty, GoBack, LogTail, Segment, Source, Subject};
use crate::facts::LogLine;
use crate::id::{InstanceId, ReleaseVersion};
use crate::time::Timestamp;

fn diagnosis(quoted: &str) -> Diagnosis {
    let id = InstanceId::new("e80d7fbd").unwrap();
    let evidence = |stance: Stance, note: Option<&str>| Evidence {
        at: Some(Timestamp(1_632_342_281_000)),
        source: Source::Log(id.clone()),
        text: vec![
            Segment { text: quoted.into(), marked: false },
            Segment { text: " at :::8080".into(), marked: true },
        ],
        stance,
        note: note.map(str::to_owned),
    };
    Diagnosis {
        subject: Subject::WhyFailed(ReleaseVersion(14)),
        findings: vec![Finding {
            cause: Cause::WrongPort,
            headline: "The app listens on port 8080. Fly checks port 4000.".into(),
            certainty: Certainty::Proven,
            evidence: vec![
                evidence(Stance::Supports, None),
                evidence(Stance::Contradicts, Some("Not a recovery.")),
            ],
            advice: "Set services[0].internal_port to 8080, then deploy:".into(),
            command: Some("fly deploy -a crimson-wildflower-1711".into()),
            reference: Some("https://fly.io/docs/getting-started/troubleshooting/".into()),
        }],
        go_back: Some(GoBack {
            version: ReleaseVersion(13),
            command: "fly deploy -a crimson-wildflower-1711 --image registry.fly.io/a:b".into(),
        }),
        not_loaded: Vec::new(),
        log_tail: Some(LogTail {
            instance: id,
            lines: vec![LogLine {
                at: Timestamp(1_632_342_281_000),
                level: "info".into(),
                message: quoted.into(),
            }],
        }),
    }
}

fn text(quoted: &str) -> String {
    diagnosis(quoted).markdown(&AppName::new("crimson-wildflower-1711").unwrap(), None, &|_| None)
}

#[test]
fn the_whole_of_it_is_told() {
    insta::assert_snapshot!(text("Running FlyWeb.Endpoint"), @r"
    ## crimson-wildflower-1711: Why v14 failed

    ### The app listens on port 8080. Fly checks port 4000. (proven)

    - 2021-09-22T20:24:41Z, log e80d7fbd:

    ```text
    Running FlyWeb.Endpoint at :::8080
    ```

    - 2021-09-22T20:24:41Z, log e80d7fbd, which seems to speak against it (Not a recovery.):

    ```text
    Running FlyWeb.Endpoint at :::8080
    ```

    Set services\[0\].internal\_port to 8080, then deploy:

    ```sh
    fly deploy -a crimson-wildflower-1711
    ```

    Fly's page on this: <https://fly.io/docs/getting-started/troubleshooting/>

    The last release that worked is v13. To go back to it:

    ```sh
    fly deploy -a crimson-wildflower-1711 --image registry.fly.io/a:b
    ```

    Last log lines of e80d7fbd:

    ```text
    2021-09-22T20:24:41Z info Running FlyWeb.Endpoint
    ```
    ");
}

#[test]
fn no_quotation_ends_its_fence() {
    for hostile in ["```\n# Heading\n@everyone", "`````", "a ``` b", "~~~\n- [x] done", "</details><script>"]
    {
        let text = text(hostile);
        let mut fence: Option<usize> = None;
        let mut outside = String::new();
        for line in text.lines() {
            let ticks = line.bytes().take_while(|b| *b == b'`').count();
            match fence {
                None if ticks >= 3 => fence = Some(ticks),
                Some(open) if ticks >= open && line.len() == ticks => fence = None,
                None => outside.push_str(line),
                Some(_) => {}
            }
        }
        assert_eq!(fence, None, "{hostile:?} left a fence open");
        for part in ["Heading", "everyone", "done", "script"] {
            assert!(!outside.contains(part), "{hostile:?} came out of its fence: {outside}");
        }
    }
}

#[test]
fn what_stands_outside_of_fences_is_escaped() {
    let mut hostile = diagnosis("x");
    hostile.findings[0].headline = "![x](http://a/b) <b>*_`# @channel\u{202e}\nnext".into();
    let text = hostile.markdown(&AppName::new("a").unwrap(), None, &|_| None);
    let line = text.lines().find(|line| line.starts_with("### ")).unwrap();
    assert_eq!(line, "### \\!\\[x\\](http://a/b) \\<b\\>\\*\\_\\`\\# @\u{200b}channel\u{fffd} next (proven)");
}

#[test]
fn a_failure_without_a_finding_is_said_to_be_one() {
    let mut empty = diagnosis("x");
    empty.findings.clear();
    let text = empty.markdown(&AppName::new("a").unwrap(), None, &|_| None);
    assert!(text.contains("None of the known causes matches"), "{text}");
}

#[test]
fn evidence_leads_to_where_it_stands_and_what_was_not_loaded_is_named() {
    let app = AppName::new("crimson-wildflower-1711").unwrap();
    let told = Diagnosis {
        not_loaded: vec!["Logs not loaded: Fly answered that the token may not do this.".into()],
        ..diagnosis("x")
    };
    let link = |source: &Source| Some(format!("https://console.example/{}>#logs", source.label().len()));
    let text = told.markdown(&app, None, &link);
    assert!(text.contains("[log e80d7fbd](<https://console.example/12#logs>)"), "{text}");
    assert!(text.contains("\nLogs not loaded: Fly answered that the token may not do this.\n"), "{text}");
}
