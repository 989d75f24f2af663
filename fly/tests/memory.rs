//! The largest bodies that are read, made of the smallest elements that a decoder keeps: what they
//! take in memory is bounded. In a process of its own, since it looks at the whole process.

#![expect(clippy::print_stdout, reason = "the figures are the result of the test")]

use fly::fuzzing::Answer;

/// How many bytes of memory a byte of a body may take at the most.
const MOST: usize = 16;

/// A part of the limit on bodies, so that the test takes no minutes. What a body takes grows with it
/// or stays below a limit of its own, so that a larger one takes no larger share.
const SIZE: usize = 1024 * 1024;

/// A machine up to its events.
const MACHINE: &str =
    "[{\"id\":\"1\",\"state\":\"a\",\"region\":\"a\",\"created_at\":\"2026-11-01T10:00:00Z\",\"events\":[";

/// A field of the kernel's account of this process, in KiB.
fn account(field: &str) -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(field))?;
    line.trim_matches([':', ' ', '\t']).split(' ').next()?.parse().ok()
}

/// How far the memory rose above what the process had at its start while the body was decoded, in
/// bytes: with what earlier bodies left behind, since freed memory is taken again.
fn rise(answer: Answer, body: &[u8], at_start: usize) -> Option<usize> {
    std::fs::write("/proc/self/clear_refs", "5").ok()?;
    let _ = answer.decode(body);
    Some(account("VmHWM")?.saturating_sub(at_start) * 1024)
}

fn filled(head: &str, element: &str, tail: &str) -> Vec<u8> {
    let room = SIZE - head.len() - tail.len() - element.len();
    let list = format!("{element},").repeat(room / (element.len() + 1));
    format!("{head}{list}{element}{tail}").into_bytes()
}

#[test]
fn the_worst_bodies_take_a_bounded_share_of_memory() {
    let nested =
        |list: &str| format!("{{\"data\":{{\"app\":{{\"allocations\":[{{\"region\":\"a\",\"{list}\":[");
    let bodies = [
        (Answer::Apps, "{\"data\":{\"apps\":{\"nodes\":[".to_owned(), "{\"name\":0}", "]}}}"),
        (Answer::Apps, "{\"data\":{\"apps\":{\"nodes\":[".to_owned(), "0", "]}}}"),
        (Answer::App, "{\"data\":{\"app\":{\"allocations\":[".to_owned(), "{\"region\":0}", "]}}}"),
        (Answer::App, nested("checks"), "{\"name\":0}", "]}]}}}"),
        (Answer::App, nested("recentLogs"), "null", "]}]}}}"),
        (Answer::App, "{\"data\":{\"app\":{\"config\":{\"definition\":[".to_owned(), "0", "]}}}}"),
        (
            Answer::Releases,
            "{\"data\":{\"app\":{\"releasesUnprocessed\":{\"nodes\":[".to_owned(),
            "{\"reason\":0}",
            "]}}}}",
        ),
        (Answer::Belongings, "{\"data\":{\"app\":{\"secrets\":[".to_owned(), "{\"name\":0}", "]}}}"),
        (Answer::Viewer, "{\"errors\":[".to_owned(), "{\"path\":[0,0]}", "]}"),
        (Answer::Viewer, "{\"errors\":[{\"path\":[".to_owned(), "0", "]}]}"),
        (
            Answer::Viewer,
            "{\"data\":{\"viewer\":{\"__typename\":\"User\",\"name\":\"".to_owned(),
            "x",
            "\"}}}",
        ),
    ];
    let rest = [
        (Answer::Machines, "[", "0", "]"),
        (Answer::Machines, "[", "{}", "]"),
        (
            Answer::Machines,
            "[",
            "{\"id\":\"1\",\"state\":\"a\",\"region\":\"a\",\"created_at\":\"2026-11-01T10:00:00Z\"}",
            "]",
        ),
        (Answer::Machines, MACHINE, "{\"timestamp\":1}", "]}]"),
        (Answer::Machines, MACHINE, "{}", "]}]"),
        (
            Answer::Machine,
            "{\"id\":\"1\",\"state\":\"a\",\"region\":\"a\",\"config\":{\"services\":[",
            "{\"a\":0}",
            "]}}",
        ),
        (
            Answer::Machine,
            "{\"id\":\"1\",\"state\":\"a\",\"region\":\"a\",\"checks\":[",
            "{\"name\":\"\"}",
            "]}",
        ),
        (Answer::Machine, "{\"id\":\"1\",\"state\":\"a\",\"region\":\"a\",\"name\":[", "{\"a\":0}", "]}"),
        (Answer::Events, "[", "0", "]"),
        (Answer::Events, "[", "{\"timestamp\":1}", "]"),
        (Answer::Events, "[{\"timestamp\":1,\"request\":[", "{\"a\":0}", "]}]"),
        (Answer::Versions, "[", "{\"version\":\"1\"}", "]"),
        (Answer::Processes, "[", "{\"pid\":1}", "]"),
        (Answer::Lease, "{\"owner\":\"a\",\"x\":[", "{\"a\":0}", "]}"),
        (Answer::OrgCounts, "{\"machines\":[", "0", "]}"),
        (Answer::OrgCounts, "{\"error_regions\":[", "\"\"", "]}"),
        (Answer::OrgMachines, "{\"machines\":[", "0", "]}"),
        (Answer::OrgMachines, "{\"machines\":[],\"error_regions\":[", "0", "]}"),
        (Answer::Volumes, "[", "{\"id\":\"1\",\"region\":\"a\"}", "]"),
        (Answer::Certificates, "{\"certificates\":[", "{\"hostname\":\"a\"}", "]}"),
        (Answer::Addresses, "{\"ips\":[", "{\"ip\":\"::\"}", "]}"),
        (Answer::Secrets, "{\"secrets\":[", "{\"name\":\"a\"}", "]}"),
        (Answer::PlatformRegions, "{\"regions\":[", "{\"code\":\"a\"}", "]}"),
        (Answer::TokenScope, "{\"tokens\":[", "{}", "]}"),
        (Answer::TokenScope, "{\"tokens\":[{\"apps\":[", "\"a\"", "]}]}"),
        (Answer::Logs, "{\"data\":[", "{\"attributes\":{\"timestamp\":\"2026-11-01T10:00:00Z\"}}", "]}"),
        (Answer::WebReleases, "{\"releases\":[", "{}", "]}"),
    ];
    let rest = rest.map(|(answer, head, element, tail)| (answer, head.to_owned(), element, tail));
    // Only Linux tells this way. One test in this process: another one would be measured with it.
    if !cfg!(target_os = "linux") {
        return;
    }
    let at_start = account("VmRSS").expect("the kernel tells what a process holds");
    for (answer, head, element, tail) in bodies.into_iter().chain(rest) {
        let body = filled(&head, element, tail);
        let rise = rise(answer, &body, at_start).expect("a process may reset its own peak");
        let share = rise / body.len();
        println!("{answer:?} of {element}: {} MiB, {share} bytes a byte", rise / 1024 / 1024);
        assert!(share <= MOST, "{answer:?} of {element}: {share} bytes of memory for each byte of the body");
    }
}
