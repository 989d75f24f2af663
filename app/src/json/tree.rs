//! From parsed JSON to types: what serde's derived code asks for, and nothing else.
//!
//! A struct is an object, a list is an array and an id is a text, as the server writes them; nothing
//! is tried that could be read as well. `serde_json`'s own reader of a [`Value`] also takes arrays for
//! structs, and a type pays for each such choice with code.

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, Expected, IntoDeserializer, Unexpected, VariantAccess,
    Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::Value;
use std::fmt;

/// What is wrong with a text that should be JSON of a certain type. For the console, not for a person.
/// One word, because the code of each type passes it on at each of its fields.
#[derive(Debug)]
pub struct Unreadable(Box<Reason>);

#[derive(Debug)]
struct Reason(String);

impl Unreadable {
    pub(super) fn new(reason: impl fmt::Display) -> Self {
        Self(Box::new(Reason(reason.to_string())))
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.0)
    }
}

impl std::error::Error for Unreadable {}

impl Error for Unreadable {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(message)
    }

    // Without what was found: writing any number, also a fraction, takes 10 kB.
    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(format_args!("expected {expected}"))
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(format_args!("expected {expected}"))
    }
}

#[cold]
fn expected<T>(what: &str) -> Result<T, Unreadable> {
    Err(Unreadable::new(format_args!("expected {what}")))
}

#[derive(Clone, Copy)]
pub(super) struct Tree<'a>(pub(super) &'a Value);

impl<'a> IntoDeserializer<'a, Unreadable> for Tree<'a> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'a> Tree<'a> {
    fn text(self) -> Result<&'a str, Unreadable> {
        self.0.as_str().map_or_else(|| expected("a text"), Ok)
    }

    fn number<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match (self.0.as_u64(), self.0.as_i64()) {
            (Some(number), _) => visitor.visit_u64(number),
            (_, Some(number)) => visitor.visit_i64(number),
            _ => expected("a whole number"),
        }
    }

    fn object<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        let Value::Object(fields) = self.0 else { return expected("an object") };
        visitor.visit_map(MapDeserializer::new(fields.iter().map(field)))
    }

    fn list<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        let Value::Array(items) = self.0 else { return expected("a list") };
        visitor.visit_seq(SeqDeserializer::new(items.iter().map(Tree as fn(&'a Value) -> Tree<'a>)))
    }

    fn variant(self) -> Result<Variant<'a>, Unreadable> {
        match self.0 {
            Value::String(name) => Ok(Variant { name, content: Tree(&Value::Null) }),
            Value::Object(fields) if fields.len() == 1 => fields.iter().next().map_or_else(
                || expected("a variant"),
                |(name, content)| Ok(Variant { name, content: Tree(content) }),
            ),
            _ => expected("a variant"),
        }
    }
}

fn field<'a>((name, value): (&'a String, &'a Value)) -> (&'a str, Tree<'a>) {
    (name, Tree(value))
}

/// Methods that read the same kind of JSON.
macro_rules! read_with {
    ($how:ident: $($method:ident)*) => {
        $(fn $method<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Unreadable> {
            self.$how(visitor)
        })*
    };
}

impl<'a> Deserializer<'a> for Tree<'a> {
    type Error = Unreadable;

    fn deserialize_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Number(_) => self.number(visitor),
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Array(_) => self.list(visitor),
            Value::Object(_) => self.object(visitor),
        }
    }

    read_with!(number: deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64);
    read_with!(number: deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64);
    read_with!(object: deserialize_map);
    read_with!(list: deserialize_seq);

    fn deserialize_bool<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.0.as_bool().map_or_else(|| expected("true or false"), |value| visitor.visit_bool(value))
    }

    fn deserialize_str<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_str(self.text()?)
    }

    fn deserialize_string<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_str(self.text()?)
    }

    fn deserialize_option<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'a>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_tuple<V: Visitor<'a>>(self, _: usize, visitor: V) -> Result<V::Value, Unreadable> {
        self.list(visitor)
    }

    fn deserialize_struct<V: Visitor<'a>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.object(visitor)
    }

    fn deserialize_enum<V: Visitor<'a>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        visitor.visit_enum(self.variant()?)
    }

    /// The content of a field that this page does not know.
    fn deserialize_ignored_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        <V: Visitor<'a>>
        char bytes byte_buf i128 u128 f32 f64 unit unit_struct tuple_struct identifier
    }
}

/// A variant of an enum: its name alone, or an object of its name and its content.
struct Variant<'a> {
    name: &'a str,
    content: Tree<'a>,
}

impl<'a> EnumAccess<'a> for Variant<'a> {
    type Error = Unreadable;
    type Variant = Tree<'a>;

    fn variant_seed<S: DeserializeSeed<'a>>(self, seed: S) -> Result<(S::Value, Tree<'a>), Unreadable> {
        Ok((seed.deserialize(self.name.into_deserializer())?, self.content))
    }
}

impl<'a> VariantAccess<'a> for Tree<'a> {
    type Error = Unreadable;

    fn unit_variant(self) -> Result<(), Unreadable> {
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'a>>(self, seed: S) -> Result<S::Value, Unreadable> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'a>>(self, _: usize, visitor: V) -> Result<V::Value, Unreadable> {
        self.list(visitor)
    }

    fn struct_variant<V: Visitor<'a>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.object(visitor)
    }
}
