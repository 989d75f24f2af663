//! JSON, read with little code: browsers load what each type of the protocol needs for it.
//!
//! [`FromJson`] reads what serde's `Serialize` writes. It is derived beside serde's own `Deserialize`,
//! whose code for each field weighs three times as much.

mod from_json;
mod parse;
#[cfg(test)]
mod tests;

pub use from_json::FromJson;
pub use json_macro::FromJson;
use std::cell::Cell;
use std::fmt;

/// JSON as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    /// Nothing.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A whole number that is not negative.
    Number(u64),
    /// A whole number below 0, without its sign.
    Negative(u64),
    /// A number that is no whole one, or is too large: there is none in the protocol.
    OtherNumber,
    /// A text.
    Text(String),
    /// Values in a row.
    List(Vec<Json>),
    /// Values by name, in their order.
    Object(Vec<(String, Json)>),
}

/// Why a text could not be read. For a log, not for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable(&'static str);

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cannot be read: ")?;
        f.write_str(self.0)
    }
}

impl std::error::Error for Unreadable {}

thread_local! {
    /// The innermost field that could not be read. Not part of the answers, where it would cost code
    /// at each field.
    static FAULT: Cell<&'static str> = const { Cell::new("") };
}

/// Reads a value from a text.
pub fn read<T: FromJson>(text: &[u8]) -> Result<T, Unreadable> {
    let json = parse::parse(text).ok_or(Unreadable("not JSON"))?;
    FAULT.set("");
    T::from_json(&json).ok_or_else(|| {
        Unreadable(match FAULT.take() {
            "" => "the value itself",
            name => name,
        })
    })
}

impl Json {
    /// The value of this name; null where there is none.
    pub fn get(&self, name: &str) -> &Json {
        let Self::Object(fields) = self else { return &Self::Null };
        fields.iter().find(|(one, _)| one == name).map_or(&Self::Null, |(_, value)| value)
    }

    /// Reads the value of this name.
    pub fn field<T: FromJson>(&self, name: &'static str) -> Option<T> {
        let value = T::from_json(self.get(name));
        if value.is_none() {
            blame(name);
        }
        value
    }

    /// Reads the value of this name, which may be left out.
    pub fn field_or_default<T: FromJson + Default>(&self, name: &'static str) -> Option<T> {
        if *self.get(name) == Self::Null { Some(T::default()) } else { self.field(name) }
    }

    /// Reads a value of a list by its place.
    pub fn item<T: FromJson>(&self, place: usize) -> Option<T> {
        let Self::List(items) = self else { return None };
        T::from_json(items.get(place)?)
    }

    /// The name of a variant and its content: a text, or an object of one field.
    pub fn variant(&self) -> Option<(&str, &Json)> {
        match self {
            Self::Text(name) => Some((name, &Self::Null)),
            Self::Object(fields) => match fields.as_slice() {
                [(name, content)] => Some((name, content)),
                _ => None,
            },
            _ => None,
        }
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }
}

/// Whether a count is left out where it is written, as it is read where there is none.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
pub(crate) fn is_zero(count: &u32) -> bool {
    *count == 0
}

#[cold]
fn blame(name: &'static str) {
    if FAULT.get().is_empty() {
        FAULT.set(name);
    }
}
