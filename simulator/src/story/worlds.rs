//! The world a story begins with: shared worlds, then the story's own.

use serde::de::DeserializeOwned;
use toml::{Table, Value};

use super::{
    error::Mistake,
    parse::{Head, into_table},
    shared::{self, Kind, Unusable},
    source::{Node, Source, elements, entry, plain, plain_table},
    template::Values,
    validate,
};
use crate::world::{App, World};

/// What may stand in a world, beside what says how to fill it in.
const KEYS: [&str; 3] = ["organizations", "users", "apps"];

/// Reads all worlds of a story into one; what is wrong is added to the mistakes.
pub(super) fn read(source: &Source<'_>, head: &Head, mistakes: &mut Vec<Mistake>) -> World {
    let mut world = World::default();
    match source.array("worlds") {
        Ok(nodes) => {
            for node in nodes {
                if let Err(mut wrong) = add_shared(source, node, head, &mut world) {
                    mistakes.append(&mut wrong);
                }
            }
        }
        Err(mistake) => mistakes.push(mistake),
    }
    if let Some(node) = source.table.get("world") {
        match node.get_ref().as_table() {
            Some(_) => {
                let part = Part { source, values: Values(vec![&head.values]), except: &[] };
                part.add_to(&mut world, node, mistakes);
            }
            None => mistakes.push(source.wrong(node, "world", "`world` must be a table")),
        }
    }
    world
}

/// `"quiet"`, or `{ world = "web-app", with = { ... } }`.
fn add_shared(source: &Source<'_>, node: &Node<'_>, head: &Head, to: &mut World) -> Result<(), Vec<Mistake>> {
    let wrong = |reason: String| vec![source.wrong(node, "worlds", reason)];
    let asked = Values(vec![&head.values]).fill(plain(node.get_ref())).map_err(wrong)?;
    let (name, with) = match asked {
        Value::String(name) => (Some(name), Some(Table::new())),
        Value::Table(mut table) => {
            let with = table.remove("with").map_or(Some(Table::new()), into_table);
            (table.remove("world").as_ref().and_then(Value::as_str).map(str::to_owned), with)
        }
        _ => (None, None),
    };
    let (Some(name), Some(with)) = (name, with) else {
        return Err(wrong("a world is \"name\", or { world = \"name\", with = { } }".to_owned()));
    };
    let opened = shared::open(Kind::World, &name, &with, &head.values);
    let file = opened.map_err(|unusable| match unusable {
        Unusable::Asked(reason) => wrong(reason),
        Unusable::Broken(mistakes) => mistakes,
    })?;
    let values = Values(vec![&with, &head.values, &file.defaults]);
    let part = Part { source: &file.source, values, except: &["params", "defaults", "about"] };
    let whole = toml::Spanned::new(0..0, toml::de::DeValue::Table(file.source.table.clone()));
    let mut mistakes = Vec::new();
    part.add_to(to, &whole, &mut mistakes);
    if mistakes.is_empty() { Ok(()) } else { Err(mistakes) }
}

/// One file's part of a world.
struct Part<'s> {
    source: &'s Source<'s>,
    values: Values<'s>,
    /// Keys that say something else than what there is.
    except: &'static [&'static str],
}

impl Part<'_> {
    fn add_to(&self, world: &mut World, node: &Node<'_>, mistakes: &mut Vec<Mistake>) {
        let keys = node.get_ref().as_table().map(plain_table).unwrap_or_default();
        for key in keys.keys().filter(|key| !KEYS.contains(&key.as_str())) {
            if !self.except.contains(&key.as_str()) {
                let reason = format!("`{key}` is no part of a world; there are: {}", KEYS.join(", "));
                mistakes.push(self.source.wrong(node, "", reason));
            }
        }
        world.organizations.extend(self.all(node, "organizations", mistakes));
        world.users.extend(self.all(node, "users", mistakes));
        for app_node in entry(node, "apps").and_then(elements).unwrap_or_default() {
            let Some(app) = self.app(app_node, mistakes) else {
                continue;
            };
            let place = format!("app `{}`", app.name);
            let reasons = validate::app(world, &app);
            mistakes.extend(reasons.into_iter().map(|reason| self.source.wrong(app_node, &place, reason)));
            world.apps.push(app.into());
        }
    }

    /// An app; what it has many of is read one by one, so that a mistake has a line of its own.
    fn app(&self, node: &Node<'_>, mistakes: &mut Vec<Mistake>) -> Option<App> {
        let mut raw = into_table(plain(node.get_ref())).unwrap_or_default();
        let name = raw.get("name").map(|name| self.values.fill(name.clone()));
        let place = match name {
            Some(Ok(Value::String(name))) => format!("app `{name}`"),
            _ => "an app".to_owned(),
        };
        let lists = ["groups", "releases", "allocations", "machines"];
        for list in lists.iter().filter(|list| entry(node, list).and_then(elements).is_some()) {
            raw.remove(*list);
        }
        let before = mistakes.len();
        let mut app: App = self.one(node, &place, Value::Table(raw), mistakes)?;
        app.groups.extend(self.all(node, "groups", mistakes));
        app.releases.extend(self.all(node, "releases", mistakes));
        app.allocations.extend(self.all(node, "allocations", mistakes));
        app.machines.extend(self.all(node, "machines", mistakes));
        (mistakes.len() == before).then_some(app)
    }

    fn all<T: DeserializeOwned>(&self, node: &Node<'_>, key: &str, mistakes: &mut Vec<Mistake>) -> Vec<T> {
        let nodes = entry(node, key).and_then(elements).unwrap_or_default();
        let one = |node: &Node<'_>| self.one(node, key, plain(node.get_ref()), mistakes);
        nodes.into_iter().filter_map(one).collect()
    }

    fn one<T: DeserializeOwned>(
        &self,
        node: &Node<'_>,
        place: &str,
        value: Value,
        mistakes: &mut Vec<Mistake>,
    ) -> Option<T> {
        let filled = self.values.fill(value).map_err(|reason| self.source.wrong(node, place, reason));
        let read = filled.and_then(|value| self.source.typed(node, place, value));
        read.map_err(|mistake| mistakes.push(mistake)).ok()
    }
}
