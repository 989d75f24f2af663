//! The text of a story, world or scene, and where in it something stands.

use serde::de::DeserializeOwned;
use toml::{
    Spanned, Value,
    de::{DeTable, DeValue},
};

use super::error::Mistake;

/// A value with its place in the text.
pub(super) type Node<'t> = Spanned<DeValue<'t>>;

/// A file as it was read.
pub(super) struct Source<'t> {
    text: &'t str,
    /// What it is called in a mistake; nothing for the story itself.
    name: Option<String>,
    pub(super) table: DeTable<'t>,
}

impl<'t> Source<'t> {
    /// Reads TOML, or tells everything that is not TOML in it.
    pub(super) fn read(name: Option<String>, text: &'t str) -> Result<Self, Vec<Mistake>> {
        let (table, errors) = DeTable::parse_recoverable(text);
        let source = Self { text, name, table: table.into_inner() };
        if errors.is_empty() {
            return Ok(source);
        }
        let told = errors.iter().map(|error| {
            let at = error.span().map_or(0, |span| span.start);
            source.mistake(source.line(at), "", format!("not TOML: {}", error.message()))
        });
        Err(told.collect())
    }

    /// The line of a byte.
    pub(super) fn line(&self, byte: usize) -> usize {
        1 + self.text.as_bytes().iter().take(byte).filter(|byte| **byte == b'\n').count()
    }

    pub(super) fn line_of(&self, node: &Node<'_>) -> usize {
        self.line(node.span().start)
    }

    pub(super) fn mistake(
        &self,
        line: usize,
        place: impl Into<String>,
        reason: impl Into<String>,
    ) -> Mistake {
        Mistake { file: self.name.clone(), ..Mistake::new(line, place, reason) }
    }

    /// A mistake within a value: at the line of the key or text that the reason names last (what it
    /// names before that says whose it is), or where the value begins.
    pub(super) fn wrong(&self, node: &Node<'_>, place: &str, reason: impl Into<String>) -> Mistake {
        let reason = reason.into();
        let named = named(&reason).into_iter().rev().find_map(|word| find(node, word));
        let line = named.map_or_else(|| self.line_of(node), |byte| self.line(byte));
        self.mistake(line, place, reason)
    }

    /// Reads a value that was taken from `node` (and perhaps filled in) as a `T`.
    pub(super) fn typed<T: DeserializeOwned>(
        &self,
        node: &Node<'_>,
        place: &str,
        value: Value,
    ) -> Result<T, Mistake> {
        value.try_into().map_err(|error: toml::de::Error| {
            self.wrong(node, place, error.to_string().trim().replace('\n', " "))
        })
    }

    /// The elements of an array at the top of the file; none where it is not there.
    pub(super) fn array(&self, key: &str) -> Result<Vec<&Node<'t>>, Mistake> {
        let Some(node) = self.table.get(key) else {
            return Ok(Vec::new());
        };
        elements(node).ok_or_else(|| self.wrong(node, key, "this must be an array"))
    }
}

/// The elements of an array.
pub(super) fn elements<'n, 't>(node: &'n Node<'t>) -> Option<Vec<&'n Node<'t>>> {
    node.get_ref().as_array().map(|array| array.iter().collect())
}

/// What stands under a key of a table.
pub(super) fn entry<'n, 't>(node: &'n Node<'t>, key: &str) -> Option<&'n Node<'t>> {
    node.get_ref().as_table().and_then(|table| table.get(key))
}

/// The value without its places. Numbers that TOML allows and 64 bits do not hold become texts, so
/// that whoever reads them says what it wants.
pub(super) fn plain(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or_else(|_| Value::String(number.as_str().to_owned()), Value::Integer),
        DeValue::Float(number) => {
            number.as_str().parse().map_or_else(|_| Value::String(number.as_str().to_owned()), Value::Float)
        }
        DeValue::Boolean(truth) => Value::Boolean(*truth),
        DeValue::Datetime(instant) => Value::String(instant.to_string()),
        DeValue::Array(array) => Value::Array(array.iter().map(|node| plain(node.get_ref())).collect()),
        DeValue::Table(table) => Value::Table(plain_table(table)),
    }
}

/// A table without its places.
pub(super) fn plain_table(table: &DeTable<'_>) -> toml::Table {
    let entries = table.iter();
    entries.map(|(key, node)| (key.get_ref().to_string(), plain(node.get_ref()))).collect()
}

/// What a reason says in backticks or quotes before it tells what would be allowed.
fn named(reason: &str) -> Vec<&str> {
    let end =
        ["expected", "; there are", "; it is", "missing"].iter().filter_map(|word| reason.find(word)).min();
    // The reader of TOML ends its texts with the key it was at.
    let path = reason.rsplit_once(" in `").map(|(_, path)| path.trim_end_matches('`'));
    let path = path.and_then(|path| path.rsplit('.').next());
    let before = &reason[..end.unwrap_or(reason.len())];
    let quoted = before.split(['`', '"']).skip(1).step_by(2);
    quoted.chain(path).collect()
}

/// Where a key or a text first stands within a value.
fn find(node: &Node<'_>, word: &str) -> Option<usize> {
    match node.get_ref() {
        DeValue::String(text) if text == word => Some(node.span().start),
        DeValue::Integer(number) if number.as_str() == word => Some(node.span().start),
        DeValue::Array(array) => array.iter().find_map(|one| find(one, word)),
        DeValue::Table(table) => table.iter().find_map(|(key, one)| {
            if key.get_ref() == word { Some(key.span().start) } else { find(one, word) }
        }),
        _ => None,
    }
}
