//! Fields and lists that survive what they hold: a value of a wrong type costs itself and not the
//! answer around it.
//!
//! The types carry the names of the usual ones because cynic reads a field's shape (nullable, list)
//! off the last name of its type. Each value is found in the text first and read on its own after,
//! so a failure cannot leave the place where it happened. That also bounds what is built in memory:
//! a list keeps at most [`MOST`] elements, and an object without a single known field is none.

mod whole;

use serde::de::{Deserialize, DeserializeOwned, Deserializer, SeqAccess, Visitor};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use std::fmt;
use std::marker::PhantomData;
use std::option::Option as Maybe;

/// More elements of one list are not kept. Fly's own pages hold far fewer.
pub(crate) const MOST: usize = 10_000;

/// A field that may be absent, null, or not what the schema promises.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Option<T> {
    /// What the schema promises.
    Some(T),
    /// Null, or not there.
    #[default]
    None,
    /// Something else.
    Unreadable,
}

impl<T> Option<T> {
    /// The value, if there is one that can be read.
    pub(crate) fn known(self) -> Maybe<T> {
        match self {
            Self::Some(value) => Some(value),
            Self::None | Self::Unreadable => None,
        }
    }

    /// The same, borrowed.
    pub(crate) fn as_known(&self) -> Maybe<&T> {
        match self {
            Self::Some(value) => Some(value),
            Self::None | Self::Unreadable => None,
        }
    }

    /// What the value holds; none and unreadable stay what they are.
    pub(crate) fn and_then<U>(self, inner: impl FnOnce(T) -> Option<U>) -> Option<U> {
        match self {
            Self::Some(value) => inner(value),
            Self::None => Option::None,
            Self::Unreadable => Option::Unreadable,
        }
    }

    /// The value, leaving none behind.
    pub(crate) fn take(&mut self) -> Self {
        std::mem::take(self)
    }

    /// Whether nothing is there, not even something that cannot be read.
    pub(crate) fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }

    /// Whether something is there that cannot be read.
    pub(crate) fn is_unreadable(&self) -> bool {
        matches!(self, Self::Unreadable)
    }
}

impl<T> Option<Vec<T>> {
    /// The elements that can be read, and how many cannot; a list that is none counts for one.
    pub(crate) fn into_elements(self) -> (std::vec::Vec<T>, usize) {
        match self {
            Self::Some(list) => (list.readable, list.unreadable),
            Self::None => (std::vec::Vec::new(), 0),
            Self::Unreadable => (std::vec::Vec::new(), 1),
        }
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Option<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Maybe::<&'de RawValue>::deserialize(deserializer)?;
        Ok(text.map_or(Self::None, |text| whole::read(text.get()).map_or(Self::Unreadable, Self::Some)))
    }
}

/// cynic asks this of every enumeration; nothing here is ever sent.
impl<T: Serialize> Serialize for Option<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_known().serialize(serializer)
    }
}

impl<T: cynic::QueryFragment> cynic::QueryFragment for Option<T> {
    type SchemaType = Maybe<T::SchemaType>;
    type VariablesFields = T::VariablesFields;

    fn query(builder: cynic::queries::SelectionBuilder<'_, Self::SchemaType, Self::VariablesFields>) {
        <Maybe<T> as cynic::QueryFragment>::query(builder);
    }
}

impl<S, T: cynic::schema::IsScalar<S>> cynic::schema::IsScalar<Maybe<S>> for Option<T> {
    type SchemaType = Maybe<T::SchemaType>;
}

impl<T: cynic::Enum> cynic::Enum for Option<T> {
    type SchemaType = Maybe<T::SchemaType>;
}

/// A list without the elements that are null or cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Vec<T> {
    pub(crate) readable: std::vec::Vec<T>,
    /// Elements that could not be read, and those beyond [`MOST`].
    pub(crate) unreadable: usize,
    /// The places of the first elements that are not here, in order.
    gaps: std::vec::Vec<usize>,
}

impl<T> Vec<T> {
    /// The element that had this place in the text, counted from 0; none where it was left out.
    pub(crate) fn at(&self, place: usize) -> Maybe<&T> {
        match self.gaps.binary_search(&place) {
            Ok(_) => None,
            Err(before) if before == MOST => None,
            Err(before) => self.readable.get(place - before),
        }
    }
}

impl<T: cynic::QueryFragment> cynic::QueryFragment for Vec<T> {
    type SchemaType = std::vec::Vec<T::SchemaType>;
    type VariablesFields = T::VariablesFields;

    fn query(builder: cynic::queries::SelectionBuilder<'_, Self::SchemaType, Self::VariablesFields>) {
        <std::vec::Vec<T> as cynic::QueryFragment>::query(builder);
    }
}

impl<S, T: cynic::schema::IsScalar<S>> cynic::schema::IsScalar<std::vec::Vec<S>> for Vec<T> {
    type SchemaType = std::vec::Vec<T::SchemaType>;
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Vec<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Elements(PhantomData))
    }
}

struct Elements<T>(PhantomData<T>);

impl<'de, T: DeserializeOwned> Visitor<'de> for Elements<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Vec<T>, A::Error> {
        let mut list = Vec { readable: std::vec::Vec::new(), unreadable: 0, gaps: std::vec::Vec::new() };
        let mut place = 0;
        while let Some(element) = elements.next_element::<Maybe<&'de RawValue>>()? {
            let room = list.readable.len() < MOST;
            if let Some(value) = element.filter(|_| room).and_then(|text| whole::read(text.get())) {
                list.readable.push(value);
            } else {
                list.unreadable += usize::from(element.is_some());
                if list.gaps.len() < MOST {
                    list.gaps.push(place);
                }
            }
            place += 1;
        }
        Ok(list)
    }
}

#[cfg(test)]
mod tests;
