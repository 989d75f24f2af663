use super::*;
use model::samples;
use model::{AppLogLine, CheckCounts, CheckResult, Instance, LogLine, RegionCode, Release};

const AT: Timestamp = Timestamp(1_000_000);

fn machine(id: &str, version: u32, check: &str) -> InstanceFacts {
    let status = CheckStatus::from(check);
    let instance = Instance {
        version: Some(ReleaseVersion(version)),
        region: RegionCode::new("ams").unwrap(),
        checks: CheckCounts::of([&status]),
        ..samples::instance(id)
    };
    let check = CheckResult { name: "alive".into(), status, output: String::new(), updated_at: None };
    InstanceFacts { checks: vec![check], ..InstanceFacts::of(instance) }
}

fn facts(release: &str, instances: Vec<InstanceFacts>) -> AppFacts {
    let app = samples::app("web");
    let release = Release { updated_at: AT, ..samples::release(2, release) };
    AppFacts { releases: vec![release], instances, ..AppFacts::of(app) }
}

fn kinds(questions: &[Question]) -> Vec<String> {
    questions
        .iter()
        .map(|question| match question {
            Question::Logs(query) => {
                format!("logs {}", query.after.as_ref().map_or("newest", fly::LogPlace::token))
            }
            Question::Processes(id) => format!("ps {id}"),
            Question::Lease(id) => format!("lease {id}"),
        })
        .collect()
}

const ONE: &str = "73d8d46dbee589";
const TWO: &str = "73d8d46dbee590";

#[tokio::test(start_paused = true)]
async fn a_healthy_app_is_asked_for_nothing_more() {
    let calm = facts("complete", vec![machine(ONE, 2, "passing")]);
    assert_eq!(Evidence::default().questions(&calm, AT, Instant::now()), []);
}

#[tokio::test(start_paused = true)]
async fn a_deployment_is_asked_for_lines_sockets_and_leases_each_at_its_pace() {
    let mut evidence = Evidence::default();
    let running = facts("running", vec![machine(ONE, 2, "critical"), machine(TWO, 1, "passing")]);
    let begin = Instant::now();
    let asked = evidence.questions(&running, AT, begin);
    assert_eq!(kinds(&asked), ["logs newest", &format!("ps {ONE}"), &format!("lease {TWO}")]);
    let page = LogPage { next: Some("7".into()), ..LogPage::default() };
    evidence.learn(Answer::Logs(Ok(page)), begin);
    evidence.learn(Answer::Processes(asked_id(ONE), Ok(vec![])), begin);
    evidence.learn(Answer::Lease(asked_id(TWO), Ok(None)), begin);
    let after = |seconds: f64| begin + Duration::from_secs_f64(seconds);
    assert_eq!(evidence.questions(&running, AT, after(2.4)), []);
    assert_eq!(kinds(&evidence.questions(&running, AT, after(2.5))), ["logs 7"]);
    assert_eq!(evidence.questions(&running, AT, after(15.0)).len(), 3);
    evidence.hurry();
    assert_eq!(evidence.questions(&running, AT, after(0.1)).len(), 3);
}

fn asked_id(id: &str) -> InstanceId {
    InstanceId::new(id).unwrap()
}

#[tokio::test(start_paused = true)]
async fn what_fly_refuses_is_not_asked_again_soon_and_what_was_known_stays() {
    let mut evidence = Evidence::default();
    let failed = facts("failed", vec![machine(ONE, 2, "critical")]);
    let begin = Instant::now();
    evidence.questions(&failed, AT, begin);
    let process = Process {
        pid: 1,
        command: "node".into(),
        directory: "/".into(),
        cpu_percent: 0,
        rss_bytes: 0,
        listen_sockets: vec![],
    };
    evidence.learn(Answer::Processes(asked_id(ONE), Ok(vec![process.clone()])), begin);
    let refused = || FlyError::Forbidden { detail: "no".into(), request_id: None };
    evidence.learn(Answer::Processes(asked_id(ONE), Err(refused())), begin);
    evidence.learn(Answer::Logs(Err(refused())), begin);
    assert_eq!(evidence.questions(&failed, AT, begin + Duration::from_secs(200)), []);
    let mut told = failed.clone();
    evidence.add_to(&mut told);
    assert_eq!(told.instances[0].processes, Some(vec![process]));
}

#[tokio::test(start_paused = true)]
async fn an_app_of_the_nomad_era_is_not_asked_for_lines_that_it_tells_anyway() {
    let nomad = facts("failed", vec![machine("e80d7fbd", 2, "critical")]);
    assert_eq!(Evidence::default().questions(&nomad, AT, Instant::now()), []);
}

fn line(at: i64) -> AppLogLine {
    AppLogLine {
        line: LogLine { at: Timestamp(at), level: "info".into(), message: "x".into() },
        instance: None,
        region: None,
        provider: "app".into(),
        code: None,
    }
}

fn page(lines: Vec<AppLogLine>) -> Answer {
    Answer::Logs(Ok(LogPage { lines, ..LogPage::default() }))
}

#[tokio::test(start_paused = true)]
async fn newest_lines_that_come_once_more_for_want_of_a_token_are_kept_once() {
    let mut evidence = Evidence::default();
    let mut told = facts("failed", vec![machine(ONE, 2, "critical")]);
    for newest in [vec![line(1), line(2)], vec![line(1), line(2), line(3)], vec![line(3)], vec![]] {
        evidence.learn(page(newest), Instant::now());
        evidence.add_to(&mut told);
        evidence.take_back(&mut told);
    }
    evidence.add_to(&mut told);
    assert_eq!(told.logs, [line(1), line(2), line(3)]);
}

#[tokio::test(start_paused = true)]
async fn what_was_learned_outlives_a_moment_of_peace_and_not_a_long_one() {
    let mut evidence = Evidence::default();
    let begin = Instant::now();
    let mut told = facts("complete", vec![machine(ONE, 2, "critical")]);
    evidence.questions(&told, AT, begin);
    evidence.learn(page(vec![line(1)]), begin);
    let calm = facts("complete", vec![machine(ONE, 2, "passing")]);
    for (seconds, lines) in [(10, 1), (200, 1), (311, 0)] {
        assert_eq!(evidence.questions(&calm, AT, begin + Duration::from_secs(seconds)), []);
        evidence.add_to(&mut told);
        assert_eq!(told.logs.len(), lines, "after {seconds} s");
        evidence.take_back(&mut told);
    }
}

#[tokio::test(start_paused = true)]
async fn evidence_that_could_not_be_had_is_named_until_it_comes() {
    let mut evidence = Evidence::default();
    let mut told = facts("failed", vec![machine(ONE, 2, "critical")]);
    let forbidden = || FlyError::Forbidden { detail: "no".into(), request_id: None };
    evidence.learn(Answer::Logs(Err(forbidden())), Instant::now());
    evidence.learn(Answer::Processes(asked_id(ONE), Err(forbidden())), Instant::now());
    evidence.add_to(&mut told);
    assert_eq!(
        told.evidence_not_loaded,
        [
            "Logs not loaded: Fly does not let this token see that.",
            "Processes of machines not loaded: Fly does not let this token see that."
        ]
    );
    evidence.take_back(&mut told);
    evidence.learn(page(vec![]), Instant::now());
    evidence.learn(Answer::Processes(asked_id(ONE), Ok(vec![])), Instant::now());
    evidence.add_to(&mut told);
    assert_eq!(told.evidence_not_loaded, Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn lines_are_kept_up_to_a_number() {
    let mut evidence = Evidence::default();
    for round in 0..20 {
        let lines = (0..100).map(|at| line(round * 100 + at)).collect();
        evidence.learn(page(lines), Instant::now());
    }
    let mut told = facts("failed", vec![]);
    evidence.add_to(&mut told);
    assert_eq!(told.logs.len(), lines::MOST);
    assert_eq!(told.logs.last().unwrap().line.at, Timestamp(1_999));
}
