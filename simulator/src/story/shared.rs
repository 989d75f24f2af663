//! Worlds and scenes: files that stories share, with parts left open.

use toml::{Table, Value};

use super::{
    embedded,
    error::Mistake,
    source::{Source, plain, plain_table},
};

/// A shared file, and the values it is filled in with where the story gives none.
pub(super) struct Shared {
    pub(super) source: Source<'static>,
    pub(super) defaults: Table,
    params: Vec<String>,
}

/// Which kind of shared file.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    World,
    Scene,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::World => "world",
            Self::Scene => "scene",
        }
    }

    fn find(self, name: &str) -> Option<&'static str> {
        match self {
            Self::World => embedded::world(name),
            Self::Scene => embedded::scene(name),
        }
    }

    fn names(self) -> Vec<&'static str> {
        match self {
            Self::World => embedded::world_names(),
            Self::Scene => embedded::scene_names(),
        }
    }
}

/// Why a shared file cannot be used.
pub(super) enum Unusable {
    /// The story asks for it in a way that is wrong.
    Asked(String),
    /// The file itself is wrong.
    Broken(Vec<Mistake>),
}

/// Opens a shared file for a story that gives `with` and has the values `known` for all.
pub(super) fn open(kind: Kind, name: &str, with: &Table, known: &Table) -> Result<Shared, Unusable> {
    let text = kind.find(name).ok_or_else(|| {
        let names = kind.names().join(", ");
        Unusable::Asked(format!("`{name}` is no {}; there are: {names}", kind.word()))
    })?;
    let source = Source::read(Some(format!("{} `{name}`", kind.word())), text).map_err(Unusable::Broken)?;
    let defaults = source.table.get("defaults").and_then(|node| node.get_ref().as_table());
    let defaults = defaults.map(plain_table).unwrap_or_default();
    let params = match source.table.get("params").map(|node| plain(node.get_ref())) {
        Some(Value::Array(names)) => {
            names.iter().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<String>>()
        }
        _ => Vec::new(),
    };
    let shared = Shared { source, defaults, params };
    shared.fits(kind, name, with, known).map_err(Unusable::Asked)?;
    Ok(shared)
}

impl Shared {
    /// Everything it needs is given, and nothing is given that it does not know.
    fn fits(&self, kind: Kind, name: &str, with: &Table, known: &Table) -> Result<(), String> {
        let word = kind.word();
        let takes = || {
            let all: Vec<&str> = self.params.iter().chain(self.defaults.keys()).map(String::as_str).collect();
            if all.is_empty() { "nothing".to_owned() } else { all.join(", ") }
        };
        if let Some(strange) =
            with.keys().find(|key| !self.params.contains(key) && !self.defaults.contains_key(*key))
        {
            return Err(format!("the {word} `{name}` takes no `{strange}`; there are: {}", takes()));
        }
        let given = |key: &str| with.contains_key(key) || known.contains_key(key);
        match self.params.iter().find(|key| !given(key)) {
            Some(open) => {
                Err(format!("the {word} `{name}` needs `{open}`; it is to stand in `with` or `let`"))
            }
            None => Ok(()),
        }
    }
}
