//! How well a text fits what somebody typed.

/// From the best to the worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// The text begins with it.
    Start,
    /// Each typed word begins a word of the text.
    Words,
    /// Each typed word stands somewhere in the text.
    Somewhere,
}

/// How the text fits; none where a typed word is missing. The case of letters makes no difference.
pub(super) fn fit(typed: &str, text: &str) -> Option<Fit> {
    let (typed, text) = (typed.trim().to_lowercase(), text.to_lowercase());
    if text.starts_with(&typed) {
        return Some(Fit::Start);
    }
    let mut worst = Fit::Words;
    for word in typed.split_whitespace() {
        let mut places = text.match_indices(word).map(|(at, _)| at).peekable();
        places.peek()?;
        let begins = |at: usize| !text[..at].ends_with(char::is_alphanumeric);
        if !places.any(begins) {
            worst = Fit::Somewhere;
        }
    }
    Some(worst)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_is_better_than_a_word_and_a_word_better_than_its_middle() {
        assert_eq!(fit("tide", "tidewater-api"), Some(Fit::Start));
        assert_eq!(fit("api", "tidewater-api"), Some(Fit::Words));
        assert_eq!(fit("water", "tidewater-api"), Some(Fit::Somewhere));
        assert_eq!(fit("web", "tidewater-api"), None);
    }

    #[test]
    fn all_words_must_be_there_in_any_order() {
        assert_eq!(fit("api tide", "tidewater-api"), Some(Fit::Words));
        assert_eq!(fit("api web", "tidewater-api"), None);
    }

    #[test]
    fn nothing_typed_fits_everything() {
        assert_eq!(fit("", "anything"), Some(Fit::Start));
        assert_eq!(fit("  ", "anything"), Some(Fit::Start));
    }

    #[test]
    fn the_case_makes_no_difference_and_letters_of_any_script_are_letters() {
        assert_eq!(fit("TIDE", "Tidewater"), Some(Fit::Start));
        assert_eq!(fit("ä", "Bär"), Some(Fit::Somewhere));
        assert_eq!(fit("bär", "der Bär"), Some(Fit::Words));
    }
}
