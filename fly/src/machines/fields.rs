//! Reading an object field by field: one of another kind than was promised is a missing one.

use crate::decode::listed::{Envelope, Listed};
use crate::decode::{json, text, time};
use model::Timestamp;
use serde_json::Value;
use std::str::FromStr;

/// Names, states and the like are cut off after so many characters.
const LONGEST_NAME: usize = 200;

/// The fields of an object.
#[derive(Clone, Copy)]
pub(crate) struct Fields<'a>(pub(crate) &'a Value);

impl<'a> Fields<'a> {
    /// A field that is not null.
    pub(crate) fn get(self, key: &str) -> Option<&'a Value> {
        self.0.get(key).filter(|value| !value.is_null())
    }

    /// An object inside of the object.
    pub(crate) fn object(self, key: &str) -> Option<Self> {
        self.get(key).filter(|value| value.is_object()).map(Fields)
    }

    /// A text that is not empty, as one line.
    pub(crate) fn name(self, key: &str) -> Option<String> {
        self.line(key, LONGEST_NAME)
    }

    /// A text that is not empty, as one line of so many characters.
    pub(crate) fn line(self, key: &str, longest: usize) -> Option<String> {
        let line = text::line(self.get(key)?.as_str()?, longest);
        (!line.is_empty()).then_some(line)
    }

    /// What somebody wrote, as one line of so many characters, with its secrets hidden.
    pub(crate) fn said(self, key: &str, longest: usize) -> Option<String> {
        let line = text::said(self.get(key)?.as_str()?, longest);
        (!line.is_empty()).then_some(line)
    }

    /// A text that stands for something else, such as an identifier.
    pub(crate) fn parsed<T: FromStr>(self, key: &str) -> Option<T> {
        self.get(key)?.as_str()?.parse().ok()
    }

    /// A number that fits.
    pub(crate) fn number<T: TryFrom<u64>>(self, key: &str) -> Option<T> {
        self.get(key)?.as_u64()?.try_into().ok()
    }

    /// A number with a fraction.
    pub(crate) fn fraction(self, key: &str) -> Option<f64> {
        self.get(key)?.as_f64()
    }

    /// Yes or no.
    pub(crate) fn flag(self, key: &str) -> Option<bool> {
        self.get(key)?.as_bool()
    }

    /// An instant in RFC 3339.
    pub(crate) fn instant(self, key: &str) -> Option<Timestamp> {
        time::instant(self.get(key)?.as_str()?)
    }

    /// The elements of a list.
    pub(crate) fn list(self, key: &str) -> impl Iterator<Item = Fields<'a>> {
        self.get(key).and_then(Value::as_array).into_iter().flatten().map(Fields)
    }
}

/// Reads each object of a list, and counts those that cannot be read.
pub(crate) fn each<T>(list: &Listed, read: impl Fn(Fields<'_>) -> Option<T>) -> (Vec<T>, usize) {
    let objects = list.elements().filter_map(json::as_written);
    let known: Vec<T> = objects.filter_map(|one| read(Fields(&one))).collect();
    let unreadable = list.count() - known.len();
    (known, unreadable)
}

/// The objects of a list inside of an answer; an empty list may be null, and none is none.
pub(crate) fn listed<T>(
    answer: &Envelope,
    list: &str,
    read: impl Fn(Fields<'_>) -> Option<T>,
) -> Option<(Vec<T>, usize)> {
    Some(each(&answer.list_or_null(list)?, read))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_field_of_another_kind_is_a_missing_one() {
        let odd = json!({"text": 1, "number": "1", "flag": "yes", "instant": 5, "object": [], "list": {}});
        let fields = Fields(&odd);
        assert_eq!(fields.name("text"), None);
        assert_eq!(fields.number::<u32>("number"), None);
        assert_eq!(fields.flag("flag"), None);
        assert_eq!(fields.instant("instant"), None);
        assert!(fields.object("object").is_none());
        assert_eq!(fields.list("list").count(), 0);
        assert_eq!(fields.name("nothing"), None);
    }

    #[test]
    fn a_number_that_does_not_fit_is_missing() {
        let large = json!({"n": 4_294_967_296_u64, "below": -1, "half": 0.5});
        assert_eq!(Fields(&large).number::<u32>("n"), None);
        assert_eq!(Fields(&large).number::<u64>("n"), Some(4_294_967_296));
        assert_eq!(Fields(&large).number::<u32>("below"), None);
        assert_eq!(Fields(&large).number::<u32>("half"), None);
    }
}
