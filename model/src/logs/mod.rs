//! Reading lines that anybody may have written: their colours, their secrets, and the trouble they
//! tell of.
//!
//! Each reader looks at a bounded part of a line and walks over it a fixed number of times: no
//! line, however made, costs more than its length.

pub mod ansi;
pub mod mask;
pub mod trouble;

/// As much of a line as is read, in bytes. Servers announce themselves, and crash, in shorter ones.
pub const LONGEST_READ: usize = 2_000;

/// The beginning of `text`, at most `longest` bytes, cut between characters.
pub fn head(text: &str, longest: usize) -> &str {
    if text.len() <= longest {
        return text;
    }
    let mut end = longest;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::head;

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(head("äöü", 3), "ä");
        assert_eq!(head("äöü", 6), "äöü");
        assert_eq!(head("ä", 0), "");
    }
}
