//! The app listens on one port, and Fly connects to another.
//!
//! Proven where a socket or the app's own log says on which port it listens, and a check or Fly's proxy
//! is refused meanwhile; likely where only `PORT` in the configuration differs from `internal_port`.

use super::refused;
use crate::diagnosis::listening::Reach;
use crate::diagnosis::ports::{heard, said};
use crate::diagnosis::{Case, Cause, Certainty, Evidence, Finding, Patient, Source, quote};

/// See the module.
pub(super) fn wrong_port(case: &Case<'_>) -> Option<Finding> {
    let suspects: Vec<&Patient<'_>> =
        case.patients().iter().filter(|one| refused::is_refused(case, one)).collect();
    suspects
        .iter()
        .find_map(|one| proven(case, one))
        .or_else(|| suspects.iter().find_map(|one| likely(case, one)))
}

fn proven(case: &Case<'_>, one: &Patient<'_>) -> Option<Finding> {
    let expected = one.expected_ports();
    let (port, key) = expected.first()?;
    let heard = heard(one);
    if heard.iter().any(|found| found.port == *port) {
        return None;
    }
    let wanted_elsewhere = |port: u16| expected.iter().any(|(known, _)| *known == port);
    let other = heard
        .into_iter()
        .rfind(|found| !found.aside && found.reach != Reach::Loopback && !wanted_elsewhere(found.port))
        .or_else(|| said(one).into_iter().rfind(|found| !found.aside && !wanted_elsewhere(found.port)))?;
    let mut evidence = vec![other.evidence];
    // The line that says so, too, where sockets were what proved it.
    if matches!(evidence[0].source, Source::Sockets(_)) {
        evidence
            .extend(said(one).into_iter().rfind(|line| line.port == other.port).map(|line| line.evidence));
    }
    evidence.push(configuration(case, *port, key));
    evidence.extend(refused::evidence(case, one));
    evidence.extend(quote::passing_while_shutting_down(one));
    Some(finding(case, (*port, key), other.port, Certainty::Proven, evidence))
}

fn likely(case: &Case<'_>, one: &Patient<'_>) -> Option<Finding> {
    let port = case.facts.config.env_port.as_ref()?.trim().parse::<u16>().ok()?;
    let expected = one.expected_ports();
    let (wanted, key) = expected.first()?;
    if expected.iter().any(|(known, _)| *known == port)
        || heard(one).iter().any(|found| !found.aside)
        || !one.exits.iter().all(|e| !e.is_crash())
    {
        return None;
    }
    let mut evidence = vec![configuration(case, *wanted, key)];
    evidence.extend(refused::evidence(case, one));
    Some(finding(case, (*wanted, key), port, Certainty::Likely, evidence))
}

fn finding(
    case: &Case<'_>,
    (expected, key): (u16, &str),
    port: u16,
    certainty: Certainty,
    evidence: Vec<Evidence>,
) -> Finding {
    let app = &case.facts.app.name;
    let sets_port = case.facts.config.env_port.as_ref().is_some_and(|value| value.trim() == port.to_string());
    let headline = match certainty {
        Certainty::Proven => format!("The app listens on port {port}. Fly checks port {expected}."),
        _ => format!("The app is told to use port {port}. Fly checks port {expected}."),
    };
    let (advice, command) = if sets_port {
        (
            format!("Let the app use port {expected} (or set {key} to {port} in fly.toml), then deploy:"),
            format!("fly deploy -a {app} -e PORT={expected}"),
        )
    } else {
        (format!("Set {key} to {port} in fly.toml, then deploy:"), format!("fly deploy -a {app}"))
    };
    Finding::new(Cause::WrongPort, certainty, headline, evidence, advice)
        .command(command)
        .reference("getting-started/troubleshooting/")
}

fn configuration(case: &Case<'_>, port: u16, key: &str) -> Evidence {
    let wanted = format!("{} = {port}", key.rsplit('.').next().unwrap_or(key));
    let (text, variable) = match &case.facts.config.env_port {
        Some(value) => (format!("{key} = {port}, env PORT = {value}"), format!("PORT = {value}")),
        None => (format!("{key} = {port}"), String::new()),
    };
    quote::supports(Source::Configuration, None, &text, &[&wanted, &variable])
}

#[cfg(test)]
mod tests {
    use super::super::super::{Deployment, Evidence};
    use super::*;
    use crate::config::{AppConfig, Service};
    use crate::diagnosis::Stance;
    use crate::facts::{AppFacts, AppLogLine, LogLine};
    use crate::instance::tests::instance;
    use crate::instance::{CheckCounts, CheckResult, Instance, InstanceEvent};
    use crate::process::{ListenSocket, Process};
    use crate::state::CheckStatus;
    use crate::time::Timestamp;
    use crate::view::tests::{facts, release};

    fn found(facts: &AppFacts) -> Option<Finding> {
        let deployment = Deployment::of(facts, Timestamp(10));
        wrong_port(&Case::of(facts, deployment.as_ref(), Timestamp(10)))
    }

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
            services: vec![Service { internal_port: 4000, key: "services[0]".into(), groups: vec![] }],
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
        let found = found(&v14(vec![line(1, LISTENS)])).unwrap();
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
        let found = found(&v14(vec![])).unwrap();
        assert_eq!(found.certainty, Certainty::Likely);
        assert_eq!(found.headline, "The app is told to use port 8080. Fly checks port 4000.");
    }

    #[test]
    fn a_healthy_app_on_another_port_than_its_env_says_is_no_finding() {
        let mut known = v14(vec![line(1, LISTENS)]);
        known.instances[0].instance.checks = CheckCounts { total: 1, passing: 1, ..CheckCounts::default() };
        assert_eq!(found(&known), None);
    }

    #[test]
    fn an_app_that_listens_where_fly_checks_is_no_finding_even_when_the_check_fails() {
        assert_eq!(found(&v14(vec![line(1, "listening on 0.0.0.0:4000")])), None);
        let both = vec![line(1, "listening on 0.0.0.0:4000"), line(2, "metrics listening on :9090")];
        assert_eq!(found(&v14(both)), None);
    }

    #[test]
    fn turning_passing_during_a_shutdown_is_shown_as_no_recovery() {
        let logs = vec![
            line(1, LISTENS),
            line(2, "Shutting down virtual machine"),
            line(3, "Health check status changed 'critical' => 'passing'"),
        ];
        let found = found(&v14(logs)).unwrap();
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
        let found = found(&known).unwrap();
        assert!(found.evidence.iter().any(|e| e.note.as_deref() == Some("3 times so far")));
    }

    #[test]
    fn a_service_of_another_process_group_expects_nothing_of_this_one() {
        let mut known = v14(vec![line(1, LISTENS)]);
        known.config.services[0].groups = vec!["web".into()];
        known.config.checks = vec![crate::config::Check {
            key: "services[0].tcp_checks[0]".into(),
            port: Some(4000),
            ..crate::config::Check::default()
        }];
        assert_eq!(found(&known), None);
        known.config.services[0].groups.push("app".into());
        assert!(found(&known).is_some());
    }

    fn listening(address: &str) -> Process {
        Process {
            pid: 510,
            command: "bin/fly start".into(),
            directory: "/app".into(),
            cpu_percent: 0,
            rss_bytes: 0,
            listen_sockets: vec![ListenSocket { proto: "tcp".into(), address: address.into() }],
        }
    }

    #[test]
    fn sockets_prove_it_without_a_line_of_log() {
        let mut known = v14(vec![]);
        known.instances[0].processes = Some(vec![listening("0.0.0.0:8080")]);
        let found = found(&known).unwrap();
        assert_eq!(found.certainty, Certainty::Proven);
        assert_eq!(found.evidence[0].plain(), "tcp 0.0.0.0:8080 (bin/fly start)");
    }

    #[test]
    fn sockets_outweigh_what_a_line_said() {
        let mut known = v14(vec![line(1, LISTENS)]);
        known.instances[0].processes = Some(vec![listening("0.0.0.0:4000")]);
        assert_eq!(found(&known), None);
    }

    #[test]
    fn a_line_from_before_the_release_says_nothing() {
        let mut known = v14(vec![line(1, LISTENS)]);
        known.releases[0].created_at = Timestamp(60_000);
        known.config.env_port = None;
        assert_eq!(found(&known), None);
    }

    #[test]
    fn a_server_beside_the_app_is_not_taken_for_it() {
        let mut known = v14(vec![line(1, "metrics listening on 0.0.0.0:9090")]);
        known.config.env_port = None;
        assert_eq!(found(&known), None);
    }

    #[test]
    fn the_proxy_that_is_refused_is_evidence_where_no_check_is_configured() {
        let mut known = v14(vec![line(1, LISTENS)]);
        known.instances[0].instance.checks = CheckCounts::default();
        known.instances[0].checks.clear();
        assert_eq!(found(&known), None);
        known.logs = vec![AppLogLine {
            line: line(3, "instance refused connection. is your app listening on 0.0.0.0:4000?"),
            instance: Some(known.instances[0].instance.id.clone()),
            region: None,
            provider: "proxy".into(),
            code: Some("PC01".into()),
        }];
        let found = found(&known).unwrap();
        assert!(found.evidence.iter().any(|one| one.source == Source::Proxy));
    }
}
