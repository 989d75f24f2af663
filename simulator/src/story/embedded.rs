//! The story files that are part of the program.

type File = (&'static str, &'static str);

macro_rules! files {
    ($folder:literal: $($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../stories/", $folder, $name, ".toml")))),*]
    };
}

/// In the order in which they are listed.
const STORIES: &[File] = files!["":
    "failed-deploy-v14",
    "rolling-deploy",
    "rolling-deploy-fails-halfway",
    "canary-deploy",
    "bluegreen-deploy",
    "immediate-deploy",
    "release-command-fails",
    "crash-loop",
    "out-of-memory",
    "wrong-port",
    "loopback-only",
    "check-redirects",
    "grace-period-too-short",
    "no-capacity",
    "image-missing",
    "host-unreachable",
    "stuck-starting",
    "lease-held",
    "interrupted-deploy",
    "autostop",
    "fleet",
    "many-releases",
    "small-fleet",
    "restless-fleet",
    "no-machines",
    "no-releases",
    "no-apps",
    "calm",
];

const WORLDS: &[File] = files!["worlds/": "quiet", "one-machine", "web-and-worker", "web-app"];

const SCENES: &[File] = files!["scenes/":
    "check-fails",
    "check-passes",
    "check-waits",
    "machine-boots",
    "machine-cordon",
    "machine-created",
    "machine-deployed",
    "machine-destroyed",
    "machine-exits",
    "machine-replaced",
    "machine-stops",
    "out-of-memory-killed",
    "python-misses-secret",
    "refused-requests",
    "release-begins",
    "release-ends",
];

pub(super) fn names() -> Vec<&'static str> {
    all(STORIES)
}

pub(super) fn story(name: &str) -> Option<&'static str> {
    find(STORIES, name)
}

pub(super) fn world_names() -> Vec<&'static str> {
    all(WORLDS)
}

pub(super) fn world(name: &str) -> Option<&'static str> {
    find(WORLDS, name)
}

pub(super) fn scene_names() -> Vec<&'static str> {
    all(SCENES)
}

pub(super) fn scene(name: &str) -> Option<&'static str> {
    find(SCENES, name)
}

fn all(files: &[File]) -> Vec<&'static str> {
    files.iter().map(|(name, _)| *name).collect()
}

fn find(files: &[File], name: &str) -> Option<&'static str> {
    files.iter().find(|(one, _)| *one == name).map(|(_, text)| *text)
}
