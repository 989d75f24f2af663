//! Things that go wrong, as Fly shows them, each with what is wrong.

#![expect(clippy::unnecessary_wraps, reason = "all scenarios have one signature")]

use crate::lines::Language;
use crate::world::{
    DAY, HOUR, MINUTE, PORT, Random, SECOND, T0, app, crash, crashing, event, exit, failing, failure,
    given_up, line, machine,
};
use model::diagnosis::Cause;
use model::diagnosis::score::Expected;
use model::process::{ListenSocket, Process};
use model::state::{CheckStatus, HostStatus, InstanceState};
use model::{AppFacts, AppLogLine, Exit, HostIssue, InstanceFacts, Lease, Timestamp};

/// Something that is wrong, and when it is looked at.
pub(crate) struct Scenario {
    pub(crate) facts: AppFacts,
    pub(crate) now: i64,
    pub(crate) expected: Expected,
}

/// Makes one; none where this kind of server never shows it.
pub(crate) type Make = fn(&Language, &mut Random) -> Option<Scenario>;

pub(crate) const SCENARIOS: &[(&str, Make)] = &[
    ("wrong port, told by the log", wrong_port),
    ("wrong port, told by sockets", wrong_port_by_sockets),
    ("wrong port, refused by the proxy, no check", wrong_port_by_proxy),
    ("wrong port, told by PORT only", wrong_port_by_env),
    ("wrong port, blue-green", wrong_port_blue_green),
    ("loopback only, told by the log", loopback),
    ("loopback only, told by sockets", loopback_by_sockets),
    ("nothing listens", nothing_listens),
    ("crash loop", crash_loop),
    ("crashed for good", crashed_for_good),
    ("crash loop days after the deployment", crash_later),
    ("out of memory, marked by Fly", out_of_memory),
    ("out of memory, told by the runtime", out_of_memory_told),
    ("missing variable", missing_variable),
    ("start command", start_command),
    ("database refuses, app ends", dependency),
    ("database refuses, app answers 500", dependency_500),
    ("disk full", disk_full),
    ("port in use", port_in_use),
    ("configuration refused", bad_configuration),
    ("check path", check_path),
    ("check redirect", check_redirect),
    ("check host", check_host),
    ("check TLS", check_tls),
    ("check answered 500", check_error),
    ("check not answered in time", check_timeout),
    ("grace period too short", grace_period),
    ("release command failed", release_command),
    ("release command failed, machine gone", release_command_gone),
    ("trial over", trial_over),
    ("no capacity, written down", no_capacity),
    ("no capacity, told by an event", no_capacity_event),
    ("image cannot be pulled", image),
    ("host does not answer", host_down),
    ("host issue", host_issue),
    ("machine stuck", stuck),
    ("lease held", lease_held),
    ("interrupted half-way", interrupted),
    ("stopped by the limit of requests", rate_limited),
    ("abandoned half-way", abandoned),
    ("mixed versions left", mixed),
    ("an error that no rule knows", unknown),
];

const REFUSED: &str = "dial tcp 172.19.1.2:8080: connect: connection refused";
const TIMEOUT: &str = "failed to update machine 3d8d7cc0000001: timeout reached waiting for health checks to pass for machine 3d8d7cc0000001";

fn found(facts: AppFacts, now: i64, causes: &[Cause]) -> Scenario {
    // Where nothing more is known, that nothing answers is true as well.
    let mut allowed = match causes.first() {
        Some(Cause::WrongPort | Cause::LoopbackOnly | Cause::GracePeriod) => vec![Cause::NotListening],
        Some(
            Cause::OutOfMemory
            | Cause::MissingVariable
            | Cause::StartCommand
            | Cause::Dependency
            | Cause::DiskFull
            | Cause::PortInUse
            | Cause::BadConfiguration,
        ) => vec![Cause::CrashLoop],
        _ => vec![],
    };
    // So is that flyctl wrote an error down which nothing that is left explains.
    if !causes.contains(&Cause::Reported) {
        allowed.push(Cause::Reported);
    }
    Scenario { facts, now, expected: Expected { causes: causes.to_vec(), allowed } }
}

/// A rolling deployment of v14 that failed at `broken`; the machines after it still run v13.
fn failed(random: &mut Random, broken: Vec<InstanceFacts>, cause: Cause) -> Scenario {
    let mut facts = app("failed");
    failure(&mut facts, TIMEOUT);
    let old = u32::try_from(random.below(3)).unwrap();
    facts.instances = broken;
    facts.instances.extend((0..old).map(|n| machine(90 + n, 13, 0)));
    let now = T0 + 5 * MINUTE + random.millis(20 * MINUTE);
    let causes = if old > 0 { vec![cause, Cause::MixedVersions] } else { vec![cause] };
    found(facts, now, &causes)
}

fn some(random: &mut Random, make: impl Fn(u32, i64) -> InstanceFacts) -> Vec<InstanceFacts> {
    let count = 1 + u32::try_from(random.below(3)).unwrap();
    (0..count).map(|n| make(n, 10 * SECOND + random.millis(30 * SECOND))).collect()
}

/// `pattern` with the port; a server that never announces itself is silent.
fn announced(pattern: &str, port: u16) -> Option<String> {
    (!pattern.is_empty()).then(|| pattern.replace("{}", &port.to_string()))
}

fn says(mut one: InstanceFacts, after: i64, words: &[&str]) -> InstanceFacts {
    let started = one.events.last().unwrap().at.millis();
    for (nth, word) in words.iter().enumerate() {
        one.logs.push(line(started + after + i64::try_from(nth).unwrap(), word));
    }
    one
}

fn other_port(random: &mut Random) -> u16 {
    *random.pick(&[3000, 4000, 5000, 8000, 8081, 9292, 80])
}

fn wrong_port(language: &Language, random: &mut Random) -> Option<Scenario> {
    let line = announced(language.listens, other_port(random))?;
    let broken = some(random, |n, after| says(failing(machine(n, 14, after), REFUSED), 3 * SECOND, &[&line]));
    Some(failed(random, broken, Cause::WrongPort))
}

fn process(command: &str, addresses: &[&str]) -> Process {
    Process {
        pid: 650,
        command: command.into(),
        directory: "/app".into(),
        cpu_percent: 1,
        rss_bytes: 60_000_000,
        listen_sockets: addresses
            .iter()
            .map(|address| ListenSocket { proto: "tcp".into(), address: (*address).into() })
            .collect(),
    }
}

fn with_sockets(one: InstanceFacts, addresses: &[&str]) -> InstanceFacts {
    let init = process("/fly/init", &[]);
    let ssh = process("/.fly/hallpass", &["[fdaa:0:337a:a7b:ad1:e80d:7fbd:2]:22"]);
    InstanceFacts { processes: Some(vec![init, ssh, process("/app/server", addresses)]), ..one }
}

fn wrong_port_by_sockets(_: &Language, random: &mut Random) -> Option<Scenario> {
    let address = format!("[::]:{}", other_port(random));
    let broken = some(random, |n, after| with_sockets(failing(machine(n, 14, after), REFUSED), &[&address]));
    Some(failed(random, broken, Cause::WrongPort))
}

fn proxy_line(at: i64, one: &InstanceFacts) -> AppLogLine {
    let message = "instance refused connection. is your app listening on 0.0.0.0:8080? make sure it is not only \
                   listening on 127.0.0.1 (hint: look at your startup logs, servers often print the address they \
                   are listening on)";
    AppLogLine {
        line: line(at, message),
        instance: Some(one.instance.id.clone()),
        region: Some(one.instance.region.clone()),
        provider: "proxy".into(),
        code: Some("PC01".into()),
    }
}

fn wrong_port_by_proxy(language: &Language, random: &mut Random) -> Option<Scenario> {
    let line = announced(language.listens, other_port(random))?;
    let mut one = says(machine(1, 14, 10 * SECOND), 3 * SECOND, &[&line]);
    one.checks.clear();
    one.configured_checks.clear();
    one.instance.checks = model::CheckCounts::default();
    let mut facts = app("complete");
    facts.config.checks.clear();
    let now = T0 + 20 * MINUTE;
    facts.logs = vec![proxy_line(now - 2 * MINUTE, &one), proxy_line(now - 10 * SECOND, &one)];
    facts.instances = vec![one];
    Some(found(facts, now, &[Cause::WrongPort]))
}

fn wrong_port_by_env(_: &Language, random: &mut Random) -> Option<Scenario> {
    let port = other_port(random);
    let broken = some(random, |n, after| failing(machine(n, 14, after), REFUSED));
    let mut scenario = failed(random, broken, Cause::WrongPort);
    scenario.facts.config.env_port = Some(port.to_string());
    Some(scenario)
}

fn wrong_port_blue_green(language: &Language, random: &mut Random) -> Option<Scenario> {
    let line = announced(language.listens, other_port(random))?;
    let mut facts = app("running");
    facts.releases[0].strategy = Some("bluegreen".into());
    facts.instances = vec![machine(91, 13, 0), machine(92, 13, 0)];
    facts.instances.extend((0..2).map(|n| {
        let mut one = says(failing(machine(n, 14, 20 * SECOND), REFUSED), 3 * SECOND, &[&line]);
        one.instance.created_at = Timestamp(T0 + 15 * SECOND);
        one
    }));
    Some(found(facts, T0 + 2 * MINUTE, &[Cause::WrongPort]))
}

fn loopback(language: &Language, random: &mut Random) -> Option<Scenario> {
    let line = announced(language.loopback, PORT)?;
    let broken = some(random, |n, after| says(failing(machine(n, 14, after), REFUSED), 3 * SECOND, &[&line]));
    Some(failed(random, broken, Cause::LoopbackOnly))
}

fn loopback_by_sockets(_: &Language, random: &mut Random) -> Option<Scenario> {
    let broken =
        some(random, |n, after| with_sockets(failing(machine(n, 14, after), REFUSED), &["127.0.0.1:8080"]));
    Some(failed(random, broken, Cause::LoopbackOnly))
}

fn nothing_listens(language: &Language, random: &mut Random) -> Option<Scenario> {
    let broken = some(random, |n, after| {
        with_sockets(says(failing(machine(n, 14, after), REFUSED), SECOND, &language.calm[..1]), &[])
    });
    Some(failed(random, broken, Cause::NotListening))
}

fn crash_loop(language: &Language, random: &mut Random) -> Option<Scenario> {
    let times = 2 + u32::try_from(random.below(4)).unwrap();
    let broken =
        some(random, |n, after| crashing(machine(n, 14, after), times, 4 * SECOND, &crash(), language.crash));
    Some(failed(random, broken, Cause::CrashLoop))
}

fn crashed_for_good(language: &Language, random: &mut Random) -> Option<Scenario> {
    let code = *random.pick(&[1, 2, 101, 139, 255]);
    let how = Exit { code: Some(code), ..Exit::default() };
    let broken = some(random, |n, after| {
        given_up(crashing(machine(n, 14, after), 3, 4 * SECOND, &how, language.crash))
    });
    Some(failed(random, broken, Cause::CrashLoop))
}

fn crash_later(language: &Language, _: &mut Random) -> Option<Scenario> {
    let mut one = machine(1, 14, 10 * SECOND);
    one.events.push(event(T0 + 3 * DAY, "start", "started: by flyd", "flyd"));
    let one = crashing(one, 4, 40 * SECOND, &crash(), language.crash);
    let mut facts = app("complete");
    let now = one.instance.updated_at.millis() + 20 * SECOND;
    facts.instances = vec![one, machine(2, 14, 20 * SECOND)];
    Some(found(facts, now, &[Cause::CrashLoop]))
}

fn out_of_memory(language: &Language, random: &mut Random) -> Option<Scenario> {
    let how = Exit { code: Some(137), signal: Some(9), oom_killed: true, ..Exit::default() };
    let broken =
        some(random, |n, after| crashing(machine(n, 14, after), 3, 20 * SECOND, &how, &language.calm[..1]));
    Some(failed(random, broken, Cause::OutOfMemory))
}

fn out_of_memory_told(language: &Language, random: &mut Random) -> Option<Scenario> {
    let kernel =
        "[   31.771410] Out of memory: Killed process 650 (server) total-vm:1463228kB, anon-rss:196244kB";
    let words: Vec<&str> = if language.memory.is_empty() { vec![kernel] } else { language.memory.to_vec() };
    let how = Exit { code: Some(*random.pick(&[134, 137, 1, 255])), ..Exit::default() };
    let broken = some(random, |n, after| crashing(machine(n, 14, after), 2, 20 * SECOND, &how, &words));
    Some(failed(random, broken, Cause::OutOfMemory))
}

/// Says `words` and ends, again and again.
fn ends_saying(random: &mut Random, words: &[&str], cause: Cause) -> Option<Scenario> {
    if words.is_empty() {
        return None;
    }
    let for_good = random.chance(50);
    let broken = some(random, |n, after| {
        let one = crashing(machine(n, 14, after), 3, 2 * SECOND, &crash(), words);
        if for_good { given_up(one) } else { one }
    });
    Some(failed(random, broken, cause))
}

fn missing_variable(language: &Language, random: &mut Random) -> Option<Scenario> {
    ends_saying(random, language.missing, Cause::MissingVariable)
}

fn start_command(language: &Language, random: &mut Random) -> Option<Scenario> {
    ends_saying(random, language.start, Cause::StartCommand)
}

fn dependency(language: &Language, random: &mut Random) -> Option<Scenario> {
    ends_saying(random, language.dependency, Cause::Dependency)
}

fn dependency_500(language: &Language, random: &mut Random) -> Option<Scenario> {
    let line = announced(language.listens, PORT)?;
    let words = language.dependency.first()?;
    let broken = some(random, |n, after| {
        let one = failing(machine(n, 14, after), "HTTP/1.1 500 Internal Server Error");
        says(one, 3 * SECOND, &[&line, words])
    });
    let mut scenario = failed(random, broken, Cause::Dependency);
    scenario.expected.allowed.push(Cause::CheckError);
    Some(scenario)
}

fn disk_full(_: &Language, random: &mut Random) -> Option<Scenario> {
    let words = *random.pick(&[
        "OSError: [Errno 28] No space left on device: '/data/app.db'",
        "PANIC:  could not write to file \"pg_wal/xlogtemp.29\": No space left on device",
        "Error: ENOSPC: no space left on device, write",
    ]);
    ends_saying(random, &[words], Cause::DiskFull)
}

fn port_in_use(_: &Language, random: &mut Random) -> Option<Scenario> {
    let words = *random.pick(&[
        "Error: listen EADDRINUSE: address already in use 0.0.0.0:8080",
        "2025/05/01 10:00:00 listen tcp :8080: bind: address already in use",
        "[ERROR] Connection in use: ('0.0.0.0', 8080) OSError: [Errno 98] Address already in use",
    ]);
    ends_saying(random, &[words], Cause::PortInUse)
}

fn bad_configuration(_: &Language, random: &mut Random) -> Option<Scenario> {
    let words = *random.pick(&[
        "nginx: [emerg] unknown directive \"prxy_pass\" in /etc/nginx/conf.d/default.conf:7",
        "2025-05-01 10:00:00.000 UTC [1] FATAL:  configuration file \"/data/postgresql.conf\" contains errors",
        "django.core.exceptions.ImproperlyConfigured: Requested setting INSTALLED_APPS, but settings are not ready",
    ]);
    ends_saying(random, &[words], Cause::BadConfiguration)
}

/// The app listens where it should, and its check gets `output`.
fn answered(language: &Language, random: &mut Random, outputs: &[&str], cause: Cause) -> Option<Scenario> {
    let line = announced(language.listens, PORT)?;
    let output = *random.pick(outputs);
    let broken = some(random, |n, after| says(failing(machine(n, 14, after), output), 3 * SECOND, &[&line]));
    Some(failed(random, broken, cause))
}

fn check_path(language: &Language, random: &mut Random) -> Option<Scenario> {
    let outputs = [
        "404 Not Found",
        "HTTP GET http://172.19.1.2:8080/healthz: 404 Not Found Output: \"\"",
        "Cannot GET /healthz",
        "404 page not found\n",
    ];
    answered(language, random, &outputs, Cause::CheckPath)
}

fn check_redirect(language: &Language, random: &mut Random) -> Option<Scenario> {
    let outputs = [
        "HTTP/1.1 301 Moved Permanently",
        "308 Permanent Redirect",
        "<html><body>You are being <a href=\"https://172.19.1.2/\">redirected</a>.</body></html>",
    ];
    answered(language, random, &outputs, Cause::CheckRedirect)
}

fn check_host(language: &Language, random: &mut Random) -> Option<Scenario> {
    let outputs = [
        "<h1>Bad Request (400)</h1>",
        "[ActionDispatch::HostAuthorization::DefaultResponseApp] Blocked hosts: 172.19.1.2:8080",
        "401 Unauthorized",
        "HTTP/1.1 403 Forbidden",
    ];
    answered(language, random, &outputs, Cause::CheckHost)
}

fn check_tls(language: &Language, random: &mut Random) -> Option<Scenario> {
    let outputs = [
        "Get \"https://172.19.1.2:8080/healthz\": http: server gave HTTP response to HTTPS client",
        "Client sent an HTTP request to an HTTPS server.",
    ];
    answered(language, random, &outputs, Cause::CheckTls)
}

fn check_error(language: &Language, random: &mut Random) -> Option<Scenario> {
    let outputs = [
        "500 Internal Server Error",
        "HTTP/1.1 503 Service Unavailable",
        "Internal Server Error",
        "502 Bad Gateway",
    ];
    answered(language, random, &outputs, Cause::CheckError)
}

fn check_timeout(language: &Language, random: &mut Random) -> Option<Scenario> {
    let outputs = [
        "Get \"http://172.19.1.2:8080/healthz\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
        "timeout waiting for a response",
    ];
    answered(language, random, &outputs, Cause::CheckTimeout)
}

fn grace_period(language: &Language, random: &mut Random) -> Option<Scenario> {
    let line = announced(language.listens, PORT)?;
    let boot = 5 * MINUTE + random.millis(MINUTE);
    let mut one = says(machine(1, 14, 10 * SECOND), boot, &[&line]);
    one.checks[0].updated_at = Some(Timestamp(T0 + 15 * SECOND + boot));
    let mut facts = app("failed");
    failure(&mut facts, TIMEOUT);
    facts.instances = vec![one];
    Some(found(facts, T0 + 12 * MINUTE, &[Cause::GracePeriod]))
}

fn release_machine(words: &[&str], code: i64) -> InstanceFacts {
    let mut one = machine(77, 14, 5 * SECOND);
    one.instance.process_group = "fly_app_release_command".into();
    one.instance.created_at = Timestamp(T0 + 3 * SECOND);
    one.checks.clear();
    one.configured_checks.clear();
    one.instance.checks = model::CheckCounts::default();
    for (nth, word) in words.iter().enumerate() {
        one.logs.push(line(T0 + 8 * SECOND + i64::try_from(nth).unwrap(), word));
    }
    one.events.push(exit(T0 + 9 * SECOND, Exit { code: Some(code), ..Exit::default() }));
    one.instance.state = InstanceState::Destroyed;
    one
}

fn release_command(language: &Language, random: &mut Random) -> Option<Scenario> {
    let mut facts = app("failed");
    facts.config.release_command = Some("bin/migrate".into());
    failure(
        &mut facts,
        "release command failed - aborting deployment. error release_command machine 3d8d7cc000004d exited with non-zero status of 1",
    );
    let words = *random.pick(&[language.crash, language.dependency, language.missing]);
    facts.release_commands = vec![release_machine(words, 1)];
    facts.instances = vec![machine(1, 13, 0), machine(2, 13, 0)];
    Some(found(facts, T0 + 2 * MINUTE, &[Cause::ReleaseCommand]))
}

fn release_command_gone(_: &Language, random: &mut Random) -> Option<Scenario> {
    let mut facts = app("failed");
    let error = *random.pick(&[
        "error release_command machine 3d8d7cc000004d exited with non-zero status of 1",
        "release_command failed running on machine 3d8d7cc000004d with exit code 1",
        "error waiting for release_command machine 3d8d7cc000004d to finish running: timeout reached waiting for machine's state to change",
    ]);
    failure(&mut facts, error);
    facts.instances = vec![machine(1, 13, 0)];
    Some(found(facts, T0 + 2 * MINUTE, &[Cause::ReleaseCommand]))
}

fn trial_over(_: &Language, random: &mut Random) -> Option<Scenario> {
    let words = *random.pick(&[
        "Trial machine stopping. To run for longer than 5m0s, add a credit card by visiting https://fly.io/trial",
        "Machine stopping. trial has ended, please add a credit card",
    ]);
    let mut one = machine(1, 14, 10 * SECOND);
    one.logs.push(line(T0 + 5 * MINUTE, words));
    one.events.push(event(T0 + 5 * MINUTE, "stop", "stopping: by flyd", "flyd"));
    one.events.push(exit(
        T0 + 5 * MINUTE + SECOND,
        Exit { code: Some(0), requested_stop: true, ..Exit::default() },
    ));
    one.instance.state = InstanceState::Stopped;
    one.instance.desired = model::state::DesiredState::Stop;
    let mut facts = app("complete");
    facts.instances = vec![one];
    Some(found(facts, T0 + 8 * MINUTE, &[Cause::TrialEnded]))
}

fn no_capacity(_: &Language, random: &mut Random) -> Option<Scenario> {
    let mut facts = app("failed");
    let error = *random.pick(&[
        "failed to launch VM: aborted: could not reserve resource for your machine: insufficient memory available to fulfill request",
        "could not reserve resource for machine: insufficient memory available to fulfill request on the current host",
        "insufficient_capacity: insufficient resources to create new machine with existing volume",
        "error creating a new machine: failed to launch VM: insufficient CPUs available to fulfill request",
    ]);
    failure(&mut facts, error);
    facts.instances = vec![machine(1, 13, 0)];
    Some(found(facts, T0 + 2 * MINUTE, &[Cause::NoCapacity]))
}

fn no_capacity_event(_: &Language, _: &mut Random) -> Option<Scenario> {
    let mut facts = app("failed");
    let mut one = machine(1, 14, 10 * SECOND);
    one.events = vec![event(
        T0 + 10 * SECOND,
        "launch",
        "launch_failed: could not reserve resource for your machine: insufficient memory available",
        "flyd",
    )];
    one.instance.state = InstanceState::LaunchFailed;
    one.checks.clear();
    one.instance.checks = model::CheckCounts::default();
    facts.instances = vec![one];
    Some(found(facts, T0 + 2 * MINUTE, &[Cause::NoCapacity]))
}

fn image(_: &Language, random: &mut Random) -> Option<Scenario> {
    let mut facts = app("failed");
    let error = *random.pick(&[
        "failed to update VM 3d8d7cc0000001: invalid_argument: unable to fetch image config: manifest unknown",
        "failed to get manifest registry.fly.io/lantern:deployment-14: request failed: not found",
        "could not find image \"docker.io/acme/lantern:v2\"",
        "failed to pull image docker.io/acme/lantern:v2: pull access denied",
    ]);
    failure(&mut facts, error);
    facts.instances = vec![machine(1, 13, 0)];
    Some(found(facts, T0 + 2 * MINUTE, &[Cause::Image]))
}

fn host_down(_: &Language, random: &mut Random) -> Option<Scenario> {
    let mut facts = app("complete");
    facts.instances = (0..3).map(|n| machine(n, 14, 10 * SECOND)).collect();
    let lost = 1 + usize::try_from(random.below(2)).unwrap();
    for one in &mut facts.instances[..lost] {
        one.instance.host = HostStatus::Unreachable;
    }
    Some(found(facts, T0 + DAY, &[Cause::HostDown]))
}

fn issue(resolved: Option<i64>) -> HostIssue {
    HostIssue {
        message: "We are investigating an issue with a host in ams that some of your machines run on.".into(),
        created_at: Timestamp(T0 + HOUR),
        updated_at: Timestamp(T0 + 2 * HOUR),
        resolved_at: resolved.map(Timestamp),
    }
}

fn host_issue(_: &Language, _: &mut Random) -> Option<Scenario> {
    let mut facts = app("complete");
    facts.instances = vec![machine(1, 14, 10 * SECOND)];
    facts.host_issues = vec![issue(None)];
    Some(found(facts, T0 + 3 * HOUR, &[Cause::HostDown]))
}

/// A host issue that is over, for the near misses.
pub(crate) fn resolved_issue() -> HostIssue {
    issue(Some(T0 + 2 * HOUR))
}

fn stuck(_: &Language, random: &mut Random) -> Option<Scenario> {
    use InstanceState as S;
    let mut facts = app("complete");
    let mut one = machine(1, 14, 10 * SECOND);
    one.instance.state =
        random.pick(&[S::Starting, S::Stopping, S::Replacing, S::Destroying, S::Updating]).clone();
    one.instance.updated_at = Timestamp(T0 + HOUR);
    facts.instances = vec![one, machine(2, 14, 10 * SECOND)];
    Some(found(facts, T0 + HOUR + 11 * MINUTE + random.millis(HOUR), &[Cause::StuckState]))
}

pub(crate) fn lease(ends: i64) -> Lease {
    Lease {
        owner: "grace@example.com".into(),
        description: "deployment".into(),
        expires_at: Some(Timestamp(ends)),
    }
}

fn lease_held(_: &Language, random: &mut Random) -> Option<Scenario> {
    let mut facts = app("failed");
    let error = *random.pick(&[
        "failed to acquire lease for VM 3d8d7cc0000001: failed_precondition: lease currently held by 8dd0@tokens.fly.io, expires at 2025-05-01T10:05:00Z",
        "failed to obtain lease for 3d8d7cc0000001: lease held by grace@example.com",
    ]);
    failure(&mut facts, error);
    let mut one = machine(1, 13, 0);
    one.lease = Some(lease(T0 + 6 * MINUTE));
    facts.instances = vec![one, machine(2, 13, 0)];
    Some(found(facts, T0 + 5 * MINUTE, &[Cause::LeaseHeld]))
}

fn interrupted(_: &Language, _: &mut Random) -> Option<Scenario> {
    let mut facts = app("interrupted");
    facts.instances = vec![machine(1, 14, 10 * SECOND), machine(2, 13, 0), machine(3, 13, 0)];
    Some(found(facts, T0 + 10 * MINUTE, &[Cause::Interrupted, Cause::MixedVersions]))
}

fn rate_limited(_: &Language, _: &mut Random) -> Option<Scenario> {
    let mut facts = app("failed");
    failure(
        &mut facts,
        "failed to update machine 3d8d7cc0000002: too many requests: rate limit exceeded, please try again later",
    );
    facts.instances = vec![machine(1, 14, 10 * SECOND), machine(2, 13, 0)];
    Some(found(facts, T0 + 10 * MINUTE, &[Cause::Interrupted, Cause::MixedVersions]))
}

fn abandoned(_: &Language, random: &mut Random) -> Option<Scenario> {
    let mut facts = app("running");
    facts.instances = vec![machine(1, 14, 10 * SECOND), machine(2, 13, 0)];
    Some(found(facts, T0 + 40 * MINUTE + random.millis(DAY), &[Cause::Abandoned, Cause::MixedVersions]))
}

fn mixed(_: &Language, _: &mut Random) -> Option<Scenario> {
    let mut facts = app("complete");
    facts.instances = vec![machine(1, 14, 10 * SECOND), machine(2, 13, 0), machine(3, 14, 10 * SECOND)];
    Some(found(facts, T0 + HOUR, &[Cause::MixedVersions]))
}

fn unknown(_: &Language, random: &mut Random) -> Option<Scenario> {
    let mut facts = app("failed");
    let error = *random
        .pick(&["failed to update machine: internal: unexpected EOF", "volume vol_1 is not attachable"]);
    failure(&mut facts, error);
    facts.instances = vec![machine(1, 13, 0)];
    Some(found(facts, T0 + 10 * MINUTE, &[Cause::Reported]))
}

/// Whether a check result is one that a variation may blank.
pub(crate) fn is_failing(status: &CheckStatus) -> bool {
    *status == CheckStatus::Critical
}

mod tests {
    use super::*;

    #[test]
    fn every_cause_has_a_scenario() {
        let mut random = Random(1);
        let mut seen = Vec::new();
        for language in crate::lines::LANGUAGES {
            for (_, make) in SCENARIOS {
                seen.extend(make(language, &mut random).into_iter().flat_map(|one| one.expected.causes));
            }
        }
        for cause in Cause::ALL {
            assert!(seen.contains(cause), "{cause} is never expected");
        }
    }
}
