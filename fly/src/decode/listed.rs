//! Answers of the REST APIs as they come: their parts are found in the text, and each is read on its
//! own after. One that cannot be read costs only itself, and what is built in memory is bounded: a
//! tree of JSON takes many times the room of its text.

use super::json;
use serde::de::{Deserialize, DeserializeOwned, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;
use std::fmt;

/// More elements of one list are not kept. A page of an organization has up to 1000, the list of an
/// app's machines some thousands.
pub(crate) const MOST: usize = 10_000;
/// More fields of one answer are not kept. Fly's have some five.
const MOST_FIELDS: usize = 40;

/// JSON as text.
pub(crate) type Raw = Box<RawValue>;

/// The elements of a list, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Listed {
    elements: Vec<Raw>,
    /// How many elements there are beyond [`MOST`].
    beyond: usize,
}

impl Listed {
    /// The elements that were kept.
    pub(crate) fn elements(&self) -> impl Iterator<Item = &RawValue> {
        self.elements.iter().map(AsRef::as_ref)
    }

    /// How many elements the list has, kept or not.
    pub(crate) fn count(&self) -> usize {
        self.elements.len() + self.beyond
    }

    /// Reads each element, and counts those that cannot be read.
    pub(crate) fn read<T: DeserializeOwned, R>(&self, read: impl Fn(T) -> Option<R>) -> (Vec<R>, usize) {
        let texts = self.elements().map(RawValue::get);
        let known: Vec<R> =
            texts.filter_map(|text| serde_json::from_str(text).ok()).filter_map(read).collect();
        let unreadable = self.count() - known.len();
        (known, unreadable)
    }
}

impl<'de> Deserialize<'de> for Listed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(ListVisitor)
    }
}

struct ListVisitor;

impl<'de> Visitor<'de> for ListVisitor {
    type Value = Listed;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Listed, A::Error> {
        let mut listed = Listed::default();
        while listed.elements.len() < MOST {
            let Some(element) = elements.next_element()? else { return Ok(listed) };
            listed.elements.push(element);
        }
        while elements.next_element::<IgnoredAny>()?.is_some() {
            listed.beyond += 1;
        }
        Ok(listed)
    }
}

/// An object that has lists in it, with what is told about them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Envelope {
    fields: Vec<(String, Raw)>,
}

impl Envelope {
    /// The list in a field; none where there is no such field or it is no list.
    pub(crate) fn list(&self, key: &str) -> Option<Listed> {
        serde_json::from_str(self.raw(key)?.get()).ok()
    }

    /// The same where null is an empty list: Go writes one so now and then.
    pub(crate) fn list_or_null(&self, key: &str) -> Option<Listed> {
        if self.raw(key)?.get() == "null" { Some(Listed::default()) } else { self.list(key) }
    }

    /// The fields beside that list, as an object; without those that are too large for what is told
    /// about a list.
    pub(crate) fn beside(&self, list: &str) -> Value {
        let others = self.fields.iter().filter(|(key, _)| key != list);
        others.filter_map(|(key, raw)| Some((key.clone(), json::as_written(raw)?))).collect()
    }

    fn raw(&self, key: &str) -> Option<&RawValue> {
        self.fields.iter().find(|(name, _)| name == key).map(|(_, raw)| raw.as_ref())
    }
}

impl<'de> Deserialize<'de> for Envelope {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EnvelopeVisitor)
    }
}

struct EnvelopeVisitor;

impl<'de> Visitor<'de> for EnvelopeVisitor {
    type Value = Envelope;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Envelope, A::Error> {
        let mut envelope = Envelope::default();
        while envelope.fields.len() < MOST_FIELDS {
            let Some(field) = map.next_entry()? else { return Ok(envelope) };
            envelope.fields.push(field);
        }
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(envelope)
    }
}

/// For `deserialize_with`: JSON of any shape; none where it is larger than any that is meant.
pub(crate) fn free<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    let raw = Option::<Raw>::deserialize(deserializer)?;
    Ok(raw.and_then(|raw| json::as_written(&raw)))
}

/// For `deserialize_with`: a field that merely describes is missing where it has another kind.
pub(crate) fn lenient<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    Ok(serde_json::from_str(Raw::deserialize(deserializer)?.get()).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_list_of_any_length_keeps_so_many_elements_and_counts_the_rest() {
        let text = format!("[{}0]", "0,".repeat(MOST + 4));
        let listed: Listed = serde_json::from_str(&text).unwrap();
        assert_eq!((listed.elements().count(), listed.count()), (MOST, MOST + 5));
        let (known, unreadable) = listed.read(|number: u8| Some(number));
        assert_eq!((known.len(), unreadable), (MOST, 5));
    }

    #[test]
    fn an_element_that_cannot_be_read_costs_only_itself() {
        let listed: Listed = serde_json::from_value(json!([1, null, "x", 2])).unwrap();
        assert_eq!(listed.read(|number: u8| Some(number)), (vec![1, 2], 2));
    }

    #[test]
    fn the_fields_beside_a_list_are_told_without_it_and_without_what_is_too_large() {
        let huge = "x".repeat(json::LONGEST);
        let answer = json!({"list": [1], "next": "17", "meta": {"b": null}, "huge": huge});
        let envelope: Envelope = serde_json::from_value(answer).unwrap();
        assert_eq!(envelope.beside("list"), json!({"next": "17", "meta": {"b": null}}));
        assert_eq!(envelope.list("list").unwrap().count(), 1);
        assert!(envelope.list("next").is_none() && envelope.list("nothing").is_none());
    }

    #[test]
    fn null_is_an_empty_list_only_where_that_is_asked_for() {
        let envelope: Envelope = serde_json::from_value(json!({"list": null})).unwrap();
        assert!(envelope.list("list").is_none());
        assert_eq!(envelope.list_or_null("list").unwrap().count(), 0);
    }

    #[test]
    fn fields_without_end_are_left_and_the_first_are_known() {
        let many = "\"f\":0,".repeat(1_000);
        let envelope: Envelope = serde_json::from_str(&format!("{{\"list\":[1],{many}\"z\":[]}}")).unwrap();
        assert_eq!(envelope.list("list").unwrap().count(), 1);
        assert!(envelope.list("z").is_none());
    }

    #[test]
    fn what_is_no_list_and_no_object_is_an_error_of_the_whole() {
        assert!(serde_json::from_str::<Listed>("{}").is_err());
        assert!(serde_json::from_str::<Listed>("[0,").is_err());
        assert!(serde_json::from_str::<Envelope>("[]").is_err());
        assert!(serde_json::from_str::<Envelope>("{\"a\":0,").is_err());
    }
}
