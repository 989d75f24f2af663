//! Texts that come from anywhere, as they may be shown and logged: without control characters,
//! terminal escapes and marks that turn the direction of writing, and not endless.
//!
//! What an app, a check or a person wrote may hold secrets. This is the one place where they are
//! hidden, as the text comes in: nothing that shows it, keeps it or passes it on has them. Names and
//! words of Fly's own go through [`line`] and [`word`]; everything else through [`said`],
//! [`said_in_lines`] and [`logged`].

use model::logs::{ansi, mask::Masker};

/// Longest line of a log or of a check's output, in characters.
pub(crate) const LONGEST_LINE: usize = 4_000;

/// Longest text that secrets are looked for in, in characters.
const LONGEST_READ: usize = 2 * LONGEST_LINE;

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

/// What somebody wrote, as one line, with its secrets hidden. They are looked for before the text is
/// cut: half a secret has no shape.
pub(crate) fn said(text: &str, longest: usize) -> String {
    cut(&Masker::default().line(&line(text, LONGEST_READ)), longest)
}

/// What somebody wrote, with its line breaks, and with its secrets hidden.
pub(crate) fn said_in_lines(text: &str, longest: usize) -> String {
    let mut masker = Masker::default();
    let plain = block(text, LONGEST_READ);
    let lines: Vec<_> = plain.split('\n').map(|line| masker.line(line)).collect();
    cut(&lines.join("\n"), longest)
}

/// A line of a log: with its colours ([`ansi::written`]), the white space it begins with, and its
/// secrets hidden by the masker of the lines before it.
pub(crate) fn logged(masker: &mut Masker, text: &str) -> String {
    ansi::written(&masker.spans(text))
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
    fn what_somebody_wrote_has_its_secrets_hidden_before_it_is_cut() {
        assert_eq!(said("GET /?api_key=0123456789abcdef 401", 100), "GET /?api_key=[masked] 401");
        assert_eq!(said("password=hunter22 and more", 15), "password=[maske…");
        let key = "a\n-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----\nb";
        let hidden = "a\n-----BEGIN PRIVATE KEY-----\n[masked]\n-----END PRIVATE KEY-----\nb";
        assert_eq!(said_in_lines(key, 1_000), hidden);
        assert_eq!(said_in_lines("a\r\nb\n", 100), "a\nb");
    }

    #[test]
    fn a_line_of_a_log_keeps_its_colours_and_nothing_else() {
        let mut masker = Masker::default();
        let mut shown = |text: &str| logged(&mut masker, text);
        assert_eq!(shown("  \u{1b}[32minfo\u{1b}[0m up\r\n"), "  \u{1b}[0;32minfo\u{1b}[0m up");
        assert_eq!(
            shown("\u{1b}]8;;javascript:x\u{7}link\u{1b}]8;;\u{7}\u{1b}[2J!\u{202e}"),
            "link!\u{fffd}"
        );
        assert_eq!(shown("password=\u{1b}[1mhunter22"), "password=\u{1b}[0;1m[masked]");
        assert!(shown(&"x".repeat(100_000)).len() <= LONGEST_LINE);
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        assert_eq!(line("äöü", 2), "äö…");
        assert_eq!(line("äöü", 3), "äöü");
    }
}
