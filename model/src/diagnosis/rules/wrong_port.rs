//! The app listens on one port, and Fly connects to another.
//!
//! Proven where the app's own log says on which port it listens and a check fails meanwhile;
//! likely where only `PORT` in the configuration differs from `internal_port`.

use crate::config::{AppConfig, Service};
use crate::diagnosis::finding::mark;
use crate::diagnosis::listening::{Listening, announced};
use crate::diagnosis::{Certainty, Evidence, Finding, Source, Stance};
use crate::facts::{AppFacts, InstanceFacts, LogLine};
use crate::instance::InstanceEvent;
use crate::state::CheckStatus;

const REFERENCE: &str = "https://fly.io/docs/getting-started/troubleshooting/";

/// See the module.
pub(super) fn wrong_port(facts: &AppFacts) -> Option<Finding> {
    let service = facts.config.services.first()?;
    let mut suspects: Vec<&InstanceFacts> = facts
        .instances
        .iter()
        .filter(|one| !one.instance.state.is_gone() && has_check_trouble(one))
        .collect();
    suspects.sort_by_key(|one| std::cmp::Reverse(one.instance.version));
    suspects
        .iter()
        .find_map(|one| proven(facts, service, one))
        .or_else(|| suspects.iter().find_map(|one| likely(facts, service, one)))
}

fn proven(facts: &AppFacts, service: &Service, one: &InstanceFacts) -> Option<Finding> {
    let (line, listening) = last_announcement(&one.logs)?;
    let expected = |port: u16| facts.config.services.iter().any(|service| service.internal_port == port);
    let heard = one.logs.iter().filter_map(|line| announced(&line.message)).any(|found| expected(found.port));
    if heard {
        return None;
    }
    let mut evidence = vec![
        Evidence {
            at: Some(line.at),
            source: Source::Log(one.instance.id.clone()),
            text: mark(&line.message, &[listening.quoted]),
            stance: Stance::Supports,
            note: None,
        },
        configuration(&facts.config, service),
    ];
    evidence.extend(check_trouble(one));
    evidence.extend(passing_while_shutting_down(one));
    Some(finding(facts, service, listening.port, Certainty::Proven, evidence))
}

fn likely(facts: &AppFacts, service: &Service, one: &InstanceFacts) -> Option<Finding> {
    let port = facts.config.env_port.as_ref()?.trim().parse::<u16>().ok()?;
    let expected = facts.config.services.iter().any(|service| service.internal_port == port);
    let silent = last_announcement(&one.logs).is_none();
    if expected || !silent {
        return None;
    }
    let mut evidence = vec![configuration(&facts.config, service)];
    evidence.extend(check_trouble(one));
    Some(finding(facts, service, port, Certainty::Likely, evidence))
}

fn finding(
    facts: &AppFacts,
    service: &Service,
    port: u16,
    certainty: Certainty,
    evidence: Vec<Evidence>,
) -> Finding {
    let expected = service.internal_port;
    let sets_port = facts.config.env_port.is_some();
    Finding {
        headline: match certainty {
            Certainty::Proven => format!("The app listens on port {port}. Fly checks port {expected}."),
            _ => format!("The app is told to use port {port}. Fly checks port {expected}."),
        },
        certainty,
        evidence,
        advice: if sets_port {
            format!(
                "Let the app use port {expected} (or set {}.internal_port to {port} in fly.toml), then deploy:",
                service.key
            )
        } else {
            format!("Set {}.internal_port to {port} in fly.toml, then deploy:", service.key)
        },
        command: Some(if sets_port {
            format!("fly deploy -a {} -e PORT={expected}", facts.app.name)
        } else {
            format!("fly deploy -a {}", facts.app.name)
        }),
        reference: Some(REFERENCE.to_owned()),
    }
}

fn configuration(config: &AppConfig, service: &Service) -> Evidence {
    let port = format!("internal_port = {}", service.internal_port);
    let (text, variable) = match &config.env_port {
        Some(value) => (format!("{}.{port}, env PORT = {value}", service.key), format!("PORT = {value}")),
        None => (format!("{}.{port}", service.key), String::new()),
    };
    Evidence {
        at: None,
        source: Source::Configuration,
        text: mark(&text, &[&port, &variable]),
        stance: Stance::Supports,
        note: None,
    }
}

fn has_check_trouble(one: &InstanceFacts) -> bool {
    one.instance.checks.critical > 0 || one.events.iter().any(is_check_restart)
}

/// Nomad's event when a failing check makes it restart a task: `Restart Signaled`,
/// `healthcheck: check "…" unhealthy`.
fn is_check_restart(event: &InstanceEvent) -> bool {
    event.kind == "Restart Signaled" && event.message.contains("unhealthy")
}

/// What shows that the check fails: the last restart it caused, or else its own result.
fn check_trouble(one: &InstanceFacts) -> Option<Evidence> {
    let restarts: Vec<&InstanceEvent> = one.events.iter().filter(|event| is_check_restart(event)).collect();
    let id = &one.instance.id;
    if let Some(last) = restarts.last() {
        let quoted = format!("{}: {}", last.kind, last.message);
        return Some(Evidence {
            at: Some(last.at),
            source: Source::Event(id.clone()),
            text: mark(&quoted, &["unhealthy"]),
            stance: Stance::Supports,
            note: (restarts.len() > 1).then(|| format!("{} times so far", restarts.len())),
        });
    }
    let critical = one.checks.iter().find(|check| check.status == CheckStatus::Critical)?;
    let quoted = format!("{}: {}", critical.name, critical.output);
    Some(Evidence {
        at: critical.updated_at,
        source: Source::Check(id.clone()),
        text: mark(&quoted, &["connection refused"]),
        stance: Stance::Supports,
        note: None,
    })
}

/// A check that turns passing after its instance began to shut down: nothing was there to check.
fn passing_while_shutting_down(one: &InstanceFacts) -> Option<Evidence> {
    let passing = one.logs.iter().rposition(|line| line.message.contains("'critical' => 'passing'"))?;
    let before = &one.logs[..passing];
    let stopping = before.iter().rposition(|line| line.message.contains("Shutting down"))?;
    let started_since = before[stopping..].iter().any(|line| line.message.contains("Starting instance"));
    if started_since {
        return None;
    }
    let line = &one.logs[passing];
    Some(Evidence {
        at: Some(line.at),
        source: Source::Log(one.instance.id.clone()),
        text: mark(&line.message, &["'passing'"]),
        stance: Stance::Contradicts,
        note: Some("Not a recovery: the instance was shutting down, nothing was left to check.".to_owned()),
    })
}

fn last_announcement(logs: &[LogLine]) -> Option<(&LogLine, Listening<'_>)> {
    logs.iter().rev().find_map(|line| announced(&line.message).map(|listening| (line, listening)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instance::tests::instance;
    use crate::instance::{CheckCounts, CheckResult, Instance};
    use crate::time::Timestamp;
    use crate::view::tests::{facts, release};

    const LISTENS: &str = "20:24:41.764 [info] Running FlyWeb.Endpoint with cowboy 2.9.0 at :::8080 (http)";

    fn line(at: i64, message: &str) -> LogLine {
        LogLine { at: Timestamp(at), level: "info".into(), message: message.into() }
    }

    fn v14(logs: Vec<LogLine>) -> AppFacts {
        let failing = Instance {
            checks: CheckCounts { total: 1, critical: 1, ..CheckCounts::default() },
            ..instance("e80d7fbd")
        };
        let mut known = facts(vec![release(14, "running")], vec![failing]);
        known.config = AppConfig {
            services: vec![Service { internal_port: 4000, key: "services[0]".into() }],
            env_port: Some("8080".into()),
            ..AppConfig::default()
        };
        known.instances[0].logs = logs;
        known.instances[0].checks = vec![CheckResult {
            name: "tcp".into(),
            status: CheckStatus::Critical,
            output: "dial tcp :4000: connect: connection refused".into(),
            updated_at: Some(Timestamp(5)),
        }];
        known
    }

    #[test]
    fn the_finding_of_v14_is_proven_and_names_both_ports() {
        let found = wrong_port(&v14(vec![line(1, LISTENS)])).unwrap();
        assert_eq!(found.headline, "The app listens on port 8080. Fly checks port 4000.");
        assert_eq!(found.certainty, Certainty::Proven);
        assert_eq!(found.command.as_deref(), Some("fly deploy -a crimson-wildflower-1711 -e PORT=4000"));
        insta::assert_debug_snapshot!(found.evidence.iter().map(Evidence::plain).collect::<Vec<_>>(), @r#"
        [
            "20:24:41.764 [info] Running FlyWeb.Endpoint with cowboy 2.9.0 at :::8080 (http)",
            "services[0].internal_port = 4000, env PORT = 8080",
            "tcp: dial tcp :4000: connect: connection refused",
        ]
        "#);
    }

    #[test]
    fn without_a_log_line_the_configuration_alone_makes_it_likely() {
        let found = wrong_port(&v14(vec![])).unwrap();
        assert_eq!(found.certainty, Certainty::Likely);
        assert_eq!(found.headline, "The app is told to use port 8080. Fly checks port 4000.");
    }

    #[test]
    fn a_healthy_app_on_another_port_than_its_env_says_is_no_finding() {
        let mut known = v14(vec![line(1, LISTENS)]);
        known.instances[0].instance.checks = CheckCounts { total: 1, passing: 1, ..CheckCounts::default() };
        assert_eq!(wrong_port(&known), None);
    }

    #[test]
    fn an_app_that_listens_where_fly_checks_is_no_finding_even_when_the_check_fails() {
        assert_eq!(wrong_port(&v14(vec![line(1, "listening on 0.0.0.0:4000")])), None);
        let both = vec![line(1, "listening on 0.0.0.0:4000"), line(2, "metrics listening on :9090")];
        assert_eq!(wrong_port(&v14(both)), None);
    }

    #[test]
    fn turning_passing_during_a_shutdown_is_shown_as_no_recovery() {
        let logs = vec![
            line(1, LISTENS),
            line(2, "Shutting down virtual machine"),
            line(3, "Health check status changed 'critical' => 'passing'"),
        ];
        let found = wrong_port(&v14(logs)).unwrap();
        let against = found.evidence.last().unwrap();
        assert_eq!(against.stance, Stance::Contradicts);
        assert!(against.note.as_deref().unwrap().starts_with("Not a recovery"));
    }

    #[test]
    fn restarts_caused_by_the_check_are_counted() {
        let mut known = v14(vec![line(1, LISTENS)]);
        known.instances[0].events = (0..3)
            .map(|at| InstanceEvent {
                at: Timestamp(at),
                kind: "Restart Signaled".into(),
                message: "healthcheck: check \"0a33\" unhealthy".into(),
                source: None,
                exit: None,
            })
            .collect();
        let found = wrong_port(&known).unwrap();
        assert!(found.evidence.iter().any(|e| e.note.as_deref() == Some("3 times so far")));
    }
}
