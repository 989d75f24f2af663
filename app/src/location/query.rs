//! What stands behind the question mark of an address.

use super::unescaped;

/// Names with their values, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    /// Reads it as browsers write forms: whatever is written is read.
    pub(crate) fn parse(text: &str) -> Self {
        let pairs = text.split('&').filter(|pair| !pair.is_empty());
        let read = |text: &str| unescaped(&text.replace('+', " "));
        Self(
            pairs
                .map(|pair| {
                    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                    (read(name), read(value))
                })
                .collect(),
        )
    }

    /// The value of this name, the last where there are several.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(one, _)| one == name).map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_read_as_forms_write_it() {
        let query = Query::parse("q=a+b%2Bc%26&&health=&open&q2=%C3%A4");
        assert_eq!(query.get("q"), Some("a b+c&"));
        assert_eq!(
            (query.get("health"), query.get("open"), query.get("q2")),
            (Some(""), Some(""), Some("ä"))
        );
        assert_eq!((query.get("page"), Query::parse("").get("")), (None, None));
    }

    #[test]
    fn the_last_value_of_a_name_counts() {
        assert_eq!(Query::parse("a=1&a=2").get("a"), Some("2"));
    }

    #[test]
    fn what_stands_for_no_text_is_read_as_it_is() {
        assert_eq!(Query::parse("q=100%&r=%ff").get("q"), Some("100%"));
        assert_eq!(Query::parse("r=%ff").get("r"), Some("%ff"));
    }
}
