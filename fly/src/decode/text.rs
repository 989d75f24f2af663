//! Texts that come from anywhere, as they may be shown and logged: without control characters,
//! terminal escapes and marks that turn the direction of writing, and not endless.

/// Longest line of a log or of a check's output, in characters.
pub(crate) const LONGEST_LINE: usize = 4_000;

/// The text as one line of at most `longest` characters: line breaks and tabs become spaces.
pub(crate) fn line(text: &str, longest: usize) -> String {
    let plain: String = Plain::of(text).map(|c| if c == '\n' || c == '\t' { ' ' } else { c }).collect();
    cut(plain.trim(), longest)
}

/// One of Fly's words for a state, which may be new but is never long.
pub(crate) fn word(text: &str) -> String {
    line(text, 60)
}

/// The text with its line breaks, of at most `longest` characters.
pub(crate) fn block(text: &str, longest: usize) -> String {
    cut(Plain::of(text).collect::<String>().trim_end(), longest)
}

fn cut(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The characters of a text that stand for something to read.
struct Plain<'a> {
    chars: std::str::Chars<'a>,
}

impl<'a> Plain<'a> {
    fn of(text: &'a str) -> Self {
        Self { chars: text.chars() }
    }

    /// Passes over what follows an escape character (ECMA-48): a control sequence up to its final
    /// byte, a string up to its terminator, or a single character.
    fn skip_escape(&mut self) {
        match self.chars.clone().next() {
            Some('[') => {
                self.chars.next();
                self.skip_control_sequence();
            }
            Some(']' | 'P' | 'X' | '^' | '_') => {
                self.chars.next();
                self.skip_string();
            }
            Some(' '..='/') => {
                self.chars.nth(1);
            }
            Some('0'..='~') => {
                self.chars.next();
            }
            _ => {}
        }
    }

    fn skip_control_sequence(&mut self) {
        while let Some(next) = self.chars.clone().next() {
            if !(' '..='~').contains(&next) {
                return;
            }
            self.chars.next();
            if next >= '@' {
                return;
            }
        }
    }

    fn skip_string(&mut self) {
        while let Some(next) = self.chars.next() {
            match next {
                '\u{7}' | '\u{9c}' | '\n' => return,
                '\u{1b}' if self.chars.clone().next() == Some('\\') => {
                    self.chars.next();
                    return;
                }
                _ => {}
            }
        }
    }
}

impl Iterator for Plain<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        loop {
            match self.chars.next()? {
                '\u{1b}' => self.skip_escape(),
                '\u{9b}' => self.skip_control_sequence(),
                '\u{90}' | '\u{98}' | '\u{9d}' | '\u{9e}' | '\u{9f}' => self.skip_string(),
                c @ ('\n' | '\t') => return Some(c),
                c if c.is_control() || turns_direction(c) => {}
                c => return Some(c),
            }
        }
    }
}

fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        line(text, 100)
    }

    #[test]
    fn colours_and_other_terminal_escapes_are_dropped() {
        assert_eq!(plain("\u{1b}[32m[info]\u{1b}[0m Running"), "[info] Running");
        assert_eq!(plain("\u{1b}]8;;javascript:x\u{7}link\u{1b}]8;;\u{1b}\\!"), "link!");
        assert_eq!(plain("\u{9b}31mred\u{1b}(B"), "red");
        assert_eq!(plain("\u{1b}P1;2q payload\u{1b}\\after"), "after");
    }

    #[test]
    fn an_escape_that_never_ends_takes_at_most_its_line() {
        assert_eq!(plain("a\u{1b}[12"), "a");
        assert_eq!(plain("a\u{1b}"), "a");
        assert_eq!(block("a\u{1b}]0;title\nnext", 100), "anext");
        assert_eq!(plain("\u{1b}[ü"), "ü");
    }

    #[test]
    fn control_characters_and_direction_marks_are_dropped() {
        assert_eq!(plain("a\0b\rc\u{202e}d\u{2066}e"), "abcde");
        assert_eq!(plain("a\r\nb\tc"), "a b c");
        assert_eq!(block("a\r\nb\n", 100), "a\nb");
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        assert_eq!(line("äöü", 2), "äö…");
        assert_eq!(line("äöü", 3), "äöü");
    }
}
