//! One value of the text, read as a whole. An object may lack fields: these are null then. One that
//! has none of its fields is no object of its type.

use serde::de::value::UnitDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error as _, IntoDeserializer, MapAccess, Visitor,
};
use serde_json::Error;
use std::fmt;

/// The value, if the text holds one of its type.
pub(super) fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    T::deserialize(Whole { text }).ok()
}

struct Whole<'de> {
    text: &'de str,
}

/// Leaves a method to the usual reader of JSON.
macro_rules! as_usual {
    ($($method:ident($($argument:ident: $kind:ty),*))*) => {$(
        fn $method<V: Visitor<'de>>(self, $($argument: $kind,)* visitor: V) -> Result<V::Value, Error> {
            serde_json::Deserializer::from_str(self.text).$method($($argument,)* visitor)
        }
    )*};
}

impl<'de> Deserializer<'de> for Whole<'de> {
    type Error = Error;

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.text == "null" { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        serde_json::Deserializer::from_str(self.text).deserialize_map(Object { fields, visitor })
    }

    as_usual! {
        deserialize_any() deserialize_bool() deserialize_i8() deserialize_i16() deserialize_i32()
        deserialize_i64() deserialize_i128() deserialize_u8() deserialize_u16() deserialize_u32()
        deserialize_u64() deserialize_u128() deserialize_f32() deserialize_f64() deserialize_char()
        deserialize_str() deserialize_string() deserialize_bytes() deserialize_byte_buf()
        deserialize_unit() deserialize_unit_struct(name: &'static str)
        deserialize_newtype_struct(name: &'static str) deserialize_seq() deserialize_tuple(len: usize)
        deserialize_tuple_struct(name: &'static str, len: usize) deserialize_map()
        deserialize_enum(name: &'static str, variants: &'static [&'static str])
        deserialize_identifier() deserialize_ignored_any()
    }
}

/// Hands an object to a type's own visitor, with its missing fields filled in.
struct Object<V> {
    fields: &'static [&'static str],
    visitor: V,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Object<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.visitor.visit_map(Filled {
            map,
            fields: self.fields,
            seen: vec![false; self.fields.len()],
            at: 0,
        })
    }
}

/// An object's own fields, then null for each it lacks.
struct Filled<A> {
    map: A,
    fields: &'static [&'static str],
    seen: Vec<bool>,
    /// The field that is filled in next.
    at: usize,
}

impl<A> Filled<A> {
    fn next_missing(&mut self) -> Option<&'static str> {
        while self.at < self.fields.len() {
            self.at += 1;
            if !self.seen[self.at - 1] {
                return Some(self.fields[self.at - 1]);
            }
        }
        None
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Filled<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        if self.at == 0 {
            while let Some(key) = self.map.next_key::<std::borrow::Cow<'de, str>>()? {
                match self.fields.iter().position(|field| *field == key) {
                    Some(at) if !self.seen[at] => {
                        self.seen[at] = true;
                        return seed.deserialize(self.fields[at].into_deserializer()).map(Some);
                    }
                    _ => drop(self.map.next_value::<serde::de::IgnoredAny>()?),
                }
            }
            if !self.fields.is_empty() && !self.seen.contains(&true) {
                return Err(A::Error::custom("none of its fields"));
            }
        }
        match self.next_missing() {
            Some(field) => seed.deserialize(field.into_deserializer()).map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        if self.at == 0 { self.map.next_value_seed(seed) } else { seed.deserialize(UnitDeserializer::new()) }
    }
}
