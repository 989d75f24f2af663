//! The story files that are part of the program.

const STORIES: [(&str, &str); 2] = [
    ("failed-deploy-v14", include_str!("../../stories/failed-deploy-v14.toml")),
    ("calm", include_str!("../../stories/calm.toml")),
];

const WORLDS: [(&str, &str); 1] = [("quiet", include_str!("../../stories/worlds/quiet.toml"))];

pub(super) fn names() -> Vec<&'static str> {
    STORIES.iter().map(|(name, _)| *name).collect()
}

pub(super) fn story(name: &str) -> Option<&'static str> {
    find(&STORIES, name)
}

pub(super) fn world_names() -> Vec<&'static str> {
    WORLDS.iter().map(|(name, _)| *name).collect()
}

pub(super) fn world(name: &str) -> Option<&'static str> {
    find(&WORLDS, name)
}

fn find(files: &[(&str, &'static str)], name: &str) -> Option<&'static str> {
    files.iter().find(|(one, _)| *one == name).map(|(_, text)| *text)
}
