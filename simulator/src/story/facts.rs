//! The facts of a story file, with scenes played out.

use toml::{Table, Value};

use super::{
    Fact, Origin,
    error::Mistake,
    moment,
    parse::{Head, into_table},
    shared::{self, Kind, Unusable},
    source::{Node, Source, elements, plain},
    template::Values,
};
use crate::{StoryTime, world::Change};

/// A fact with its place in the file.
pub(super) struct Told<'n, 't> {
    pub(super) fact: Fact,
    pub(super) node: &'n Node<'t>,
    /// How a mistake names it.
    pub(super) place: String,
}

/// Reads all facts, in order of time; what is wrong is added to the mistakes.
pub(super) fn read<'n, 't>(
    source: &'n Source<'t>,
    head: &Head,
    mistakes: &mut Vec<Mistake>,
) -> Vec<Told<'n, 't>> {
    let nodes = source.array("facts").unwrap_or_else(|mistake| {
        mistakes.push(mistake);
        Vec::new()
    });
    let mut reader = Reader { source, head, last: head.start, told: Vec::new() };
    for (index, node) in nodes.into_iter().enumerate() {
        if let Err(mut wrong) = reader.item(index + 1, node) {
            mistakes.append(&mut wrong);
        }
    }
    reader.told.sort_by_key(|told| told.fact.at);
    reader.told
}

struct Reader<'n, 't, 'h> {
    source: &'n Source<'t>,
    head: &'h Head,
    last: StoryTime,
    told: Vec<Told<'n, 't>>,
}

impl<'n, 't> Reader<'n, 't, '_> {
    /// One element of `facts`: a fact, or a scene to play.
    fn item(&mut self, number: usize, node: &'n Node<'t>) -> Result<(), Vec<Mistake>> {
        let raw = into_table(plain(node.get_ref())).unwrap_or_default();
        let place = format!("fact {number} ({})", label(&raw));
        let wrong = |reason: String| vec![self.source.wrong(node, &place, reason)];
        let values = Values(vec![&self.head.values]);
        let mut raw = values.table(raw).map_err(wrong)?;
        let defaults = values.table(self.head.defaults.clone()).map_err(wrong)?;
        add_missing(&mut raw, &defaults);
        let at = take_moment(&mut raw, self.head.start).map_err(wrong)?;
        if at < self.last {
            let reason = format!("facts stand in order of time, and {} came before it", self.last);
            return Err(wrong(reason));
        }
        self.last = at;
        if raw.contains_key("scene") {
            return self.play(at, node, &place, raw);
        }
        let fact = self.fact(at, node, &place, raw)?;
        self.told.push(Told { fact, node, place });
        Ok(())
    }

    fn fact(
        &self,
        at: StoryTime,
        node: &Node<'_>,
        place: &str,
        mut raw: Table,
    ) -> Result<Fact, Vec<Mistake>> {
        let missing = "`origin` is missing; it is \"captured\" or \"invented\"";
        let origin = raw.remove("origin").ok_or_else(|| vec![self.source.wrong(node, place, missing)])?;
        resolve_moments(&mut raw, at).map_err(|reason| vec![self.source.wrong(node, place, reason)])?;
        let origin: Origin = self.source.typed(node, place, origin).map_err(|wrong| vec![wrong])?;
        let change: Change =
            self.source.typed(node, place, Value::Table(raw)).map_err(|wrong| vec![wrong])?;
        Ok(Fact { at, origin, change })
    }

    /// Tells the facts of a scene, each so long after the moment of the play as the scene says.
    fn play(
        &mut self,
        at: StoryTime,
        node: &'n Node<'t>,
        place: &str,
        mut raw: Table,
    ) -> Result<(), Vec<Mistake>> {
        let wrong = |reason: String| vec![self.source.wrong(node, place, reason)];
        let name = raw.remove("scene").as_ref().and_then(Value::as_str).map(str::to_owned);
        let name = name.ok_or_else(|| wrong("`scene` must be the name of a scene".to_owned()))?;
        let with = raw.remove("with").map_or(Some(Table::new()), into_table);
        let with = with.ok_or_else(|| wrong("`with` must be a table".to_owned()))?;
        let opened = shared::open(Kind::Scene, &name, &with, &self.head.values);
        let scene = opened.map_err(|unusable| match unusable {
            Unusable::Asked(reason) => wrong(reason),
            Unusable::Broken(mistakes) => mistakes,
        })?;
        // `raw` has what all facts of the scene share: `app` and `origin`.
        let values = Values(vec![&with, &raw, &self.head.values, &scene.defaults]);
        let nodes = scene.source.table.get("facts").and_then(elements).unwrap_or_default();
        for (index, part) in nodes.into_iter().enumerate() {
            let place = format!("{place}, fact {} of scene `{name}`", index + 1);
            let wrong = |reason: String| vec![self.source.wrong(node, &place, reason)];
            let part = into_table(plain(part.get_ref())).unwrap_or_default();
            let mut part = values.table(part).map_err(wrong)?;
            add_missing(&mut part, &raw);
            let at = take_moment(&mut part, at).map_err(wrong)?;
            let fact = self.fact(at, node, &place, part)?;
            self.told.push(Told { fact, node, place });
        }
        Ok(())
    }
}

fn take_moment(raw: &mut Table, base: StoryTime) -> Result<StoryTime, String> {
    match raw.remove("at") {
        Some(Value::String(text)) => moment::read(&text, base),
        Some(other) => Err(format!("`at` is `{other}`, which is no time; write +5s or 2021-09-22T20:00:05Z")),
        None => Err("`at` is missing".to_owned()),
    }
}

fn add_missing(to: &mut Table, from: &Table) {
    for (key, value) in from {
        if !to.contains_key(key) {
            to.insert(key.clone(), value.clone());
        }
    }
}

/// `created_at = "+0s"` and the like, in whatever a fact tells, count from the fact's own moment.
fn resolve_moments(table: &mut Table, at: StoryTime) -> Result<(), String> {
    for (key, value) in table.iter_mut() {
        match value {
            Value::String(text) if key.ends_with("_at") && text.starts_with('+') => {
                *text = moment::read(text, at)?.to_string();
            }
            Value::Table(inner) => resolve_moments(inner, at)?,
            Value::Array(all) => {
                for inner in all.iter_mut().filter_map(Value::as_table_mut) {
                    resolve_moments(inner, at)?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// How an error names a fact that perhaps cannot be read: its time and the kind of change.
fn label(raw: &Table) -> String {
    let text = |key: &str| match raw.get(key) {
        Some(Value::String(text)) => Some(text.clone()),
        Some(other) => Some(other.to_string()),
        None => None,
    };
    let at = text("at").unwrap_or_else(|| "no time".to_owned());
    let scene = text("scene").map(|scene| format!("scene {scene}"));
    let what = scene.or_else(|| text("change")).unwrap_or_else(|| "no change".to_owned());
    format!("{at} {what}")
}
