//! Filling in what a story, world or scene leaves open: `${name}`, `ulid(text)` and `ip6(text)`.

use toml::{Table, Value};

use crate::ulid;

/// How many values may be made of one another.
const DEEPEST: usize = 8;

/// Values by name; what comes later in the list is looked up only where the earlier has nothing.
#[derive(Clone, Default)]
pub(super) struct Values<'v>(pub(super) Vec<&'v Table>);

impl Values<'_> {
    fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find_map(|table| table.get(name))
    }

    fn names(&self) -> String {
        let mut names: Vec<&str> = self.0.iter().flat_map(|table| table.keys().map(String::as_str)).collect();
        names.sort_unstable();
        names.dedup();
        if names.is_empty() { "none".to_owned() } else { names.join(", ") }
    }

    /// A value with everything filled in.
    pub(super) fn fill(&self, value: Value) -> Result<Value, String> {
        self.fill_within(value, 0)
    }

    /// A table with everything filled in; keys stay as they are.
    pub(super) fn table(&self, table: Table) -> Result<Table, String> {
        self.table_within(table, 0)
    }

    fn fill_within(&self, value: Value, depth: usize) -> Result<Value, String> {
        match value {
            Value::String(text) => self.text(&text, depth),
            Value::Array(all) => {
                let filled: Result<Vec<Value>, String> =
                    all.into_iter().map(|one| self.fill_within(one, depth)).collect();
                filled.map(Value::Array)
            }
            Value::Table(table) => self.table_within(table, depth).map(Value::Table),
            other => Ok(other),
        }
    }

    fn table_within(&self, table: Table, depth: usize) -> Result<Table, String> {
        table.into_iter().map(|(key, one)| self.fill_within(one, depth).map(|one| (key, one))).collect()
    }

    /// A text that is nothing but `${name}` becomes the value itself, of whatever kind.
    fn text(&self, text: &str, depth: usize) -> Result<Value, String> {
        if let Some(name) = whole(text) {
            return self.value(name, depth);
        }
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let (name, after) =
                after.split_once('}').ok_or_else(|| format!("`{text}` has `${{` without `}}`"))?;
            filled.push_str(before);
            match self.value(name, depth)? {
                Value::String(one) => filled.push_str(&one),
                other => filled.push_str(&other.to_string()),
            }
            rest = after;
        }
        filled.push_str(rest);
        Ok(Value::String(made(&filled).unwrap_or(filled)))
    }

    /// A value may itself be made of others, but not of itself.
    fn value(&self, name: &str, depth: usize) -> Result<Value, String> {
        if depth >= DEEPEST {
            return Err(format!("`${{{name}}}` is made of itself"));
        }
        let value = self.get(name);
        let value =
            value.ok_or_else(|| format!("`${{{name}}}` is not given; there are: {}", self.names()))?;
        self.fill_within(value.clone(), depth + 1)
    }
}

/// The name in a text that is nothing but `${name}`.
fn whole(text: &str) -> Option<&str> {
    let name = text.strip_prefix("${")?.strip_suffix('}')?;
    (!name.contains('}')).then_some(name)
}

/// What `ulid(text)` and `ip6(text)` stand for: the same text always gives the same.
fn made(text: &str) -> Option<String> {
    let inner = |name: &str| text.strip_prefix(name)?.strip_prefix('(')?.strip_suffix(')');
    if let Some(seed) = inner("ulid") {
        return Some(ulid::of(seed));
    }
    inner("ip6").map(ulid::private_ip)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values() -> Table {
        toml::from_str("name = \"ember\"\nversion = 42\ntag = \"${name}:v${version}\"").unwrap()
    }

    fn fill(text: &str) -> Result<Value, String> {
        Values(vec![&values()]).fill(Value::String(text.to_owned()))
    }

    #[test]
    fn a_name_alone_gives_the_value_itself_and_within_a_text_its_writing() {
        assert_eq!(fill("${version}"), Ok(Value::Integer(42)));
        assert_eq!(fill("v${version} of ${name}"), Ok(Value::String("v42 of ember".to_owned())));
    }

    #[test]
    fn values_may_be_made_of_values() {
        assert_eq!(fill("${tag}"), Ok(Value::String("ember:v42".to_owned())));
    }

    #[test]
    fn what_is_not_given_is_named_with_what_is() {
        let error = fill("${nome}").unwrap_err();
        assert!(error.contains("`${nome}`") && error.contains("name, tag, version"), "{error}");
    }

    #[test]
    fn a_value_made_of_itself_is_refused() {
        let circle: Table = toml::from_str("a = \"${b}\"\nb = \"${a}\"").unwrap();
        let error = Values(vec![&circle]).fill(Value::String("${a}".to_owned())).unwrap_err();
        assert!(error.contains("made of itself"), "{error}");
    }

    #[test]
    fn an_identifier_depends_on_its_text_alone() {
        let one = fill("ulid(${name}/1)").unwrap();
        assert_eq!(one, fill("ulid(ember/1)").unwrap());
        assert_ne!(one, fill("ulid(ember/2)").unwrap());
        assert_eq!(one.as_str().unwrap().len(), 26);
    }
}
