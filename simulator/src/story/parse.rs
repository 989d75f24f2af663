//! From the text of a story file to a [`Story`].

use toml::{Table, Value};

use super::{
    Fact, Story, StoryError,
    error::Mistake,
    facts, fleet,
    source::{Source, plain, plain_table},
    validate, worlds,
};
use crate::{StoryTime, world::World};

/// What may stand at the top of a story file.
const KEYS: [&str; 10] =
    ["name", "title", "about", "start", "let", "defaults", "worlds", "world", "fleet", "facts"];

/// What everything else of a file builds on.
pub(super) struct Head {
    pub(super) name: String,
    title: String,
    about: String,
    pub(super) start: StoryTime,
    /// Values for the whole file.
    pub(super) values: Table,
    /// Keys that every fact has where it does not say otherwise.
    pub(super) defaults: Table,
}

pub(super) fn parse(text: &str) -> Result<Story, StoryError> {
    let nameless = |mistakes| StoryError::Wrong { story: "(no name)".to_owned(), mistakes };
    let source = Source::read(None, text).map_err(nameless)?;
    let name = source.table.get("name").and_then(|node| node.get_ref().as_str());
    let name = name.unwrap_or("(no name)").to_owned();
    let wrong = |mut mistakes: Vec<Mistake>| {
        mistakes.sort_by_key(|mistake| mistake.line);
        StoryError::Wrong { story: name.clone(), mistakes }
    };
    let head = head(&source).map_err(wrong)?;
    let mut mistakes = Vec::new();
    let mut world = worlds::read(&source, &head, &mut mistakes);
    let generated = generate(&source, &head, &mut world, &mut mistakes);
    let told = facts::read(&source, &head, &mut mistakes);
    if mistakes.is_empty() {
        validate::facts(&source, &head, &world, &told, &mut mistakes);
    }
    if !mistakes.is_empty() {
        return Err(wrong(mistakes));
    }
    let mut facts: Vec<Fact> = told.into_iter().map(|told| told.fact).chain(generated).collect();
    facts.sort_by_key(|fact| fact.at);
    Ok(Story { name: head.name, title: head.title, about: head.about, start: head.start, world, facts })
}

fn head(source: &Source<'_>) -> Result<Head, Vec<Mistake>> {
    let mut mistakes = strange_keys(source);
    let name = text(source, "name", &mut mistakes);
    let title = text(source, "title", &mut mistakes);
    let about = text(source, "about", &mut mistakes);
    let start = start(source, &mut mistakes);
    let values = table(source, "let", &mut mistakes);
    let defaults = table(source, "defaults", &mut mistakes);
    match (name, title, about, start) {
        (Some(name), Some(title), Some(about), Some(start)) if mistakes.is_empty() => {
            Ok(Head { name, title, about, start, values, defaults })
        }
        _ => Err(mistakes),
    }
}

fn strange_keys(source: &Source<'_>) -> Vec<Mistake> {
    let strange = source.table.keys().filter(|key| !KEYS.contains(&key.get_ref().as_ref()));
    let told = strange.map(|key| {
        let reason = format!("`{}` is no key of a story; there are: {}", key.get_ref(), KEYS.join(", "));
        source.mistake(source.line(key.span().start), "", reason)
    });
    told.collect()
}

fn text(source: &Source<'_>, key: &str, mistakes: &mut Vec<Mistake>) -> Option<String> {
    let Some(node) = source.table.get(key) else {
        mistakes.push(source.mistake(1, "", format!("`{key}` is missing")));
        return None;
    };
    let text = node.get_ref().as_str().map(str::to_owned);
    if text.is_none() {
        mistakes.push(source.wrong(node, "", format!("`{key}` must be a text")));
    }
    text
}

fn start(source: &Source<'_>, mistakes: &mut Vec<Mistake>) -> Option<StoryTime> {
    let written = text(source, "start", mistakes)?;
    let node = source.table.get("start")?;
    let read = StoryTime::parse(&written);
    read.map_err(|error| mistakes.push(source.wrong(node, "`start`", error.to_string()))).ok()
}

fn table(source: &Source<'_>, key: &str, mistakes: &mut Vec<Mistake>) -> Table {
    let Some(node) = source.table.get(key) else {
        return Table::new();
    };
    let table = node.get_ref().as_table().map(plain_table);
    table.unwrap_or_else(|| {
        mistakes.push(source.wrong(node, "", format!("`{key}` must be a table")));
        Table::new()
    })
}

/// Adds what `[fleet]` describes to the world and gives the facts that come with it.
fn generate(source: &Source<'_>, head: &Head, world: &mut World, mistakes: &mut Vec<Mistake>) -> Vec<Fact> {
    let Some(node) = source.table.get("fleet") else {
        return Vec::new();
    };
    let plan: Result<fleet::Plan, Mistake> = source.typed(node, "fleet", plain(node.get_ref()));
    let made = plan.and_then(|plan| {
        fleet::generate(&plan, head.start, world).map_err(|reason| source.wrong(node, "fleet", reason))
    });
    made.unwrap_or_else(|mistake| {
        mistakes.push(mistake);
        Vec::new()
    })
}

/// A value that must be a table, as one.
pub(super) fn into_table(value: Value) -> Option<Table> {
    match value {
        Value::Table(table) => Some(table),
        _ => None,
    }
}
