//! Story files that are wrong: each mistake is told with its line and reason.

use simulator::{Mistake, Story, StoryError};

/// A sound story; line 1 is `name`, the first fact begins on line 12.
const SOUND: &str = r#"name = "small"
title = "A small story"
about = "For tests."
start = "2021-09-22T20:00:00Z"
worlds = ["quiet", { world = "one-machine", with = { app = "tiny", number = 7, m1 = "3287d19c651508", previous = 1, current = 2, command = "/tiny" } }]
defaults = { app = "tiny", origin = "invented" }

[let]
next = 3
image = "registry.fly.io/tiny:v3"

[[facts]]
at = "+1s"
change = "machine-event"
machine = "3287d19c651508"
type = "stop"
status = "stopping"
source = "user"

[[facts]]
at = "+1s"
change = "machine-changed"
machine = "3287d19c651508"
set = { state = "stopping" }

[[facts]]
at = "+2s"
change = "check"
instance = "3287d19c651508"
check = "servicecheck-00-http-8080"
status = "critical"

[[facts]]
at = "+3s"
scene = "release-begins"

[[facts]]
at = "+5s"
change = "lease-taken"
machine = "3287d19c651508"
lease = { owner = "ci", expires_at = "+13s" }

[[facts]]
at = "+6s"
change = "log"
level = "error"
provider = "proxy"
code = "PC01"
region = "ams"
message = "instance refused connection"
"#;

fn mistakes(text: &str) -> Vec<Mistake> {
    match Story::parse(text) {
        Err(StoryError::Wrong { mistakes, .. }) => mistakes,
        other => panic!("not refused: {other:?}"),
    }
}

/// The line on which a text stands in the sound story.
fn line(of: &str) -> usize {
    let before = SOUND.find(of).unwrap_or_else(|| panic!("`{of}` is not in the story"));
    1 + SOUND[..before].matches('\n').count()
}

#[test]
fn the_sound_story_is_sound() {
    assert_eq!(Story::parse(SOUND).unwrap().facts.len(), 7);
}

/// What stands there, what is written instead, where the mistake is told, and words of the reason.
type Case = (&'static str, &'static str, &'static str, &'static [&'static str]);

const CASES: [Case; 31] = [
    ("name = \"small\"", "name = small", "name", &["not TOML"]),
    ("about = \"For tests.\"", "abuot = \"For tests.\"", "about", &["`abuot`", "about, start"]),
    ("title = \"A small story\"", "title = 5", "title", &["`title` must be a text"]),
    ("start = \"2021-09-22T20:00:00Z\"", "start = \"today\"", "start", &["`today`", "RFC 3339"]),
    ("\"quiet\"", "\"loud\"", "worlds", &["`loud` is no world", "quiet, one-machine"]),
    ("number = 7, ", "", "worlds", &["needs `number`"]),
    ("command = \"/tiny\"", "command = \"/tiny\", colour = 1", "worlds", &["takes no `colour`", "path"]),
    ("app = \"tiny\", number", "app = \"Tiny!\", number", "worlds", &["`Tiny!`", "letters in lower case"]),
    ("m1 = \"3287d19c651508\"", "m1 = \"web1\"", "worlds", &["`web1`", "14 hexadecimal digits"]),
    (
        "at = \"+1s\"\nchange = \"machine-event\"",
        "at = \"soon\"\nchange = \"machine-event\"",
        "at = \"+1s\"",
        &["`soon`", "+1m30s"],
    ),
    (
        "at = \"+1s\"\nchange = \"machine-event\"",
        "at = \"+1x\"\nchange = \"machine-event\"",
        "at = \"+1s\"",
        &["`+1x`", "+1h2m3.5s"],
    ),
    ("at = \"+2s\"", "at = \"+0.5s\"", "[[facts]]\nat = \"+2s\"", &["order of time"]),
    (
        "at = \"+1s\"\nchange = \"machine-event\"",
        "at = \"2021-09-22T19:59:59Z\"\nchange = \"machine-event\"",
        "[[facts]]\nat = \"+1s\"",
        &["order of time"],
    ),
    (
        "change = \"machine-event\"",
        "change = \"machine-exploded\"",
        "change = \"machine-event\"",
        &["machine-exploded", "lease-taken"],
    ),
    ("type = \"stop\"", "type = \"explode\"", "type = \"stop\"", &["`explode`", "launch, start, exit"]),
    ("type = \"stop\"", "type = \"exit\"", "type = \"stop\"", &["needs request"]),
    ("source = \"user\"", "source = \"me\"", "source = \"user\"", &["`me`", "user, flyd, proxy"]),
    ("status = \"stopping\"", "", "[[facts]]", &["missing field `status`"]),
    ("state = \"stopping\"", "state = \"dozing\"", "state = \"stopping\"", &["`dozing`", "suspended"]),
    ("state = \"stopping\"", "sate = \"stopping\"", "state = \"stopping\"", &["`sate`", "`state`"]),
    ("state = \"stopping\"", "release = 9", "state = \"stopping\"", &["`9`", "not there"]),
    ("state = \"stopping\"", "instance_id = \"v2\"", "state = \"stopping\"", &["`v2`", "ULID"]),
    (
        "check = \"servicecheck-00-http-8080\"",
        "check = \"alive\"",
        "check = \"servicecheck",
        &["`alive`", "servicecheck-00-http-8080"],
    ),
    ("status = \"critical\"", "status = \"broken\"", "status = \"critical\"", &["`broken`", "`passing`"]),
    (
        "scene = \"release-begins\"",
        "scene = \"release-explodes\"",
        "scene =",
        &["`release-explodes`", "release-ends"],
    ),
    (
        "scene = \"release-begins\"",
        "scene = \"release-begins\"\nwith = { user = \"nobody\" }",
        "scene =",
        &["`nobody`", "not there", "scene `release-begins`"],
    ),
    ("next = 3\n", "next = 2\n", "[[facts]]\nat = \"+3s\"", &["release `2` comes after release 2"]),
    (
        "image = \"registry.fly.io/tiny:v3\"",
        "image = \"${repository}:v3\"",
        "[[facts]]\nat = \"+3s\"",
        &["`${repository}` is not given"],
    ),
    (
        "expires_at = \"+13s\"",
        "expires_at = \"2021-09-22T20:00:04Z\"",
        "[[facts]]\nat = \"+5s\"",
        &["before it begins"],
    ),
    ("code = \"PC01\"", "code = \"P1\"", "code =", &["`P1`", "PC01"]),
    ("region = \"ams\"", "region = \"moon\"", "region =", &["`moon` is no region", "ams, arn"]),
];

#[test]
fn each_mistake_has_its_line_and_its_reason() {
    for (there, instead, told_at, words) in CASES {
        assert!(SOUND.contains(there), "{there}");
        let text = SOUND.replacen(there, instead, 1);
        let mistakes = mistakes(&text);
        let told = |mistake: &&Mistake| words.iter().all(|word| mistake.to_string().contains(word));
        let found = mistakes.iter().find(told);
        let found = found.unwrap_or_else(|| panic!("{instead}: {words:?} are missing in: {mistakes:?}"));
        // A shared world's mistakes are told with its own lines.
        if found.file.is_none() {
            let expected = line(told_at);
            let near = expected..=expected + usize::from(instead.contains('\n'));
            assert!(near.contains(&found.line), "{instead}: not line {expected}: {found}");
        }
    }
    let machine = "machine = \"3287d19c651508\"";
    let unknown = SOUND.replace(machine, "machine = \"00000000000000\"");
    let told = mistakes(&unknown)[0].to_string();
    assert!(told.contains("no machine `00000000000000`") && told.contains("3287d19c651508"), "{told}");
    assert!(told.starts_with(&format!("line {}", line(machine))), "{told}");
}

#[test]
fn all_mistakes_of_a_file_are_told_at_once_in_their_order() {
    let text = SOUND
        .replace("change = \"log\"", "change = \"lgo\"")
        .replace("type = \"stop\"", "tpye = \"stop\"")
        .replace("scene = \"release-begins\"", "scene = \"release\"");
    let lines: Vec<usize> = mistakes(&text).iter().map(|mistake| mistake.line).collect();
    assert_eq!(lines.len(), 3, "{:?}", mistakes(&text));
    assert!(lines.is_sorted());
    let told = Story::parse(&text).unwrap_err().to_string();
    assert!(told.starts_with("story `small`: line ") && told.contains("\n  line "), "{told}");
}

#[test]
fn a_contradiction_between_apps_does_not_hide_that_of_another() {
    let text = SOUND.replace("source = \"user\"", "source = \"me\"")
        + "\n[[facts]]\nat = \"+9s\"\napp = \"night-owl\"\nchange = \"lease-released\"\nmachine = \"9080e5f6a41d87\"\n";
    let told: Vec<String> = mistakes(&text).iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[1].contains("nobody has a lease"), "{}", told[1]);
}

#[test]
fn a_destroyed_machine_does_nothing_any_more() {
    let text = SOUND.replace("state = \"stopping\"", "state = \"destroyed\"")
        + "\n[[facts]]\nat = \"+9s\"\nchange = \"machine-changed\"\nmachine = \"3287d19c651508\"\nset = { cordoned = true }\n";
    let told = mistakes(&text)[0].to_string();
    assert!(told.contains("was destroyed before"), "{told}");
}

#[test]
fn a_machine_has_no_check_that_is_not_configured() {
    let world = r#"
[[world.apps]]
name = "bare"
number = 9
organization = "harbor-works"
platform = "machines"
status = "deployed"
state = "DEPLOYED"
deployed = true
created_at = "2021-09-01T00:00:00Z"
groups = [{ name = "app", size = "shared-cpu-1x" }]
releases = [{ id = "r1", version = 1, status = "complete", reason = "deploy", description = "Release", created_at = "2021-09-01T00:00:00Z" }]
[[world.apps.machines]]
id = "00000000000001"
name = "one"
group = "app"
state = "started"
region = "ams"
instance_id = "01FG0423D8D9014B32E68KQ8RX"
private_ip = "fdaa::1"
release = 1
created_at = "2021-09-01T00:00:00Z"
checks = [{ name = "alive", status = "passing", updated_at = "2021-09-01T00:00:00Z" }]
"#;
    let text = format!("{}\n{world}", SOUND.split("[[facts]]").next().unwrap());
    let mistake = &mistakes(&text)[0];
    assert!(mistake.reason.contains("the check `alive` is not configured"), "{mistake}");
    assert_eq!(text.lines().nth(mistake.line - 1).unwrap().split(" =").next(), Some("checks"), "{mistake}");
}

#[test]
fn a_fleet_out_of_bounds_is_refused() {
    let fleet = "[fleet]\nseed = 1\napps = 0\nmachines = 5\norganizations = 2\n";
    let text = format!("{}\n{fleet}", SOUND.split("[[facts]]").next().unwrap());
    let told = mistakes(&text)[0].to_string();
    assert!(told.contains("`apps` is 0; it is from 1 to 50000"), "{told}");
}
