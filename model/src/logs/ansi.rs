//! Terminal colours (ECMA-48, "Select Graphic Rendition") as styled spans. Every other escape, every
//! control character and every mark that turns the direction of writing is taken out: a line can
//! colour itself, and nothing else.

use crate::json::FromJson;
use serde::{Deserialize, Serialize};

/// Longest line that is read, in characters.
pub const LONGEST_LINE: usize = 4_000;
/// Most spans of one line; what follows keeps the style of the last.
pub const MOST_SPANS: usize = 200;
/// Longest list of parameters of one sequence, in characters; a longer one is passed over.
const LONGEST_PARAMETERS: usize = 64;
/// Stands where a mark was that would have turned the direction of writing.
const TAKEN_OUT: char = '\u{fffd}';

/// A colour of a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum Color {
    /// One of the palette: 0 to 15 are the named ones, the rest the cube and the grays.
    Indexed(u8),
    /// Red, green, blue.
    Rgb(u8, u8, u8),
}

/// What a page has a colour for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hue {
    /// Black or white.
    None,
    Gray,
    Red,
    Green,
    Yellow,
    Blue,
    Magenta,
    Cyan,
}

impl Color {
    fn hue(self) -> Hue {
        match self {
            Self::Indexed(0 | 7 | 15) => Hue::None,
            Self::Indexed(1 | 9) => Hue::Red,
            Self::Indexed(2 | 10) => Hue::Green,
            Self::Indexed(3 | 11) => Hue::Yellow,
            Self::Indexed(4 | 12) => Hue::Blue,
            Self::Indexed(5 | 13) => Hue::Magenta,
            Self::Indexed(6 | 14) => Hue::Cyan,
            Self::Indexed(8) => Hue::Gray,
            // The cube of 6 by 6 by 6.
            Self::Indexed(index @ 16..=231) => {
                let level = |of: u8| if of == 0 { 0 } else { 55 + of * 40 };
                let index = index - 16;
                nearest(level(index / 36), level(index / 6 % 6), level(index % 6))
            }
            Self::Indexed(index @ 232..) => {
                let gray = 8 + (index - 232) * 10;
                nearest(gray, gray, gray)
            }
            Self::Rgb(red, green, blue) => nearest(red, green, blue),
        }
    }
}

/// The hue of a colour: by which of its parts are strong.
fn nearest(red: u8, green: u8, blue: u8) -> Hue {
    let (most, least) = (red.max(green).max(blue), red.min(green).min(blue));
    if most - least < 40 {
        return if (64..=180).contains(&most) { Hue::Gray } else { Hue::None };
    }
    let middle = least + (most - least) / 2;
    match (red > middle, green > middle, blue > middle) {
        (true, true, _) => Hue::Yellow,
        (true, false, true) => Hue::Magenta,
        (true, false, false) => Hue::Red,
        (false, true, true) => Hue::Cyan,
        (false, true, false) => Hue::Green,
        _ => Hue::Blue,
    }
}

/// How a span looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[expect(clippy::struct_excessive_bools, reason = "each is an attribute of its own in ECMA-48")]
pub struct Style {
    /// The colour of the text; none is the page's own.
    pub foreground: Option<Color>,
    /// The colour behind it; none is the page's own.
    pub background: Option<Color>,
    /// Bold.
    pub bold: bool,
    /// Faint.
    pub faint: bool,
    /// Italic.
    pub italic: bool,
    /// Underlined.
    pub underline: bool,
    /// Foreground and background changed places.
    pub inverse: bool,
    /// Struck through.
    pub strike: bool,
}

/// A run of text in one style.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
pub struct Span {
    /// The text.
    pub text: String,
    /// How it looks.
    pub style: Style,
}

/// The line as spans; without any where it has no text.
pub fn spans(line: &str) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let mut style = Style::default();
    for piece in (Pieces { chars: line.chars() }).take(LONGEST_LINE) {
        match piece {
            Piece::Rendition(parameters) => style = style.changed(parameters),
            Piece::Char(c) => match spans.last_mut() {
                Some(last) if last.style == style => last.text.push(c),
                _ => spans.push(Span { text: c.to_string(), style }),
            },
        }
        if spans.len() >= MOST_SPANS {
            style = spans[MOST_SPANS - 1].style;
        }
    }
    spans
}

/// The spans as one line again, each with the colours that a page can show, and nothing else; the
/// white space at its end is left out. A page shows a colour by a class and not by itself, so that it
/// can be read in each theme: six hues, a gray, and tints behind the text.
///
/// What came as one of 256 or of all colours becomes the nearest of those; black and white are the
/// page's own, which one of them would vanish on; in front of a tint the text keeps the page's own
/// colour. Every sequence begins with a reset and tells all that follows: `ESC[0;1;31m`.
pub fn written(spans: &[Span]) -> String {
    let mut line = String::new();
    let mut before = String::new();
    for span in spans {
        let codes = span.style.codes();
        if codes != before {
            line.push_str("\u{1b}[0");
            line.push_str(&codes);
            line.push('m');
            before = codes;
        }
        line.push_str(&span.text);
    }
    line.truncate(line.trim_end().len());
    line
}

/// Leaves at most `longest` bytes of text.
pub fn cut(spans: &mut Vec<Span>, longest: usize) {
    let mut room = longest;
    spans.retain_mut(|span| {
        span.text.truncate(super::head(&span.text, room).len());
        room -= span.text.len();
        !span.text.is_empty()
    });
}

/// The line without any escape, control character or mark of direction.
pub fn plain(line: &str) -> String {
    let pieces = Pieces { chars: line.chars() }.take(LONGEST_LINE);
    pieces.filter_map(|piece| if let Piece::Char(c) = piece { Some(c) } else { None }).collect()
}

impl Style {
    /// The parameters that set this style, each with its sign before it: `;1;31`.
    fn codes(self) -> String {
        let mut codes = String::new();
        let flags = [
            (self.bold, ";1"),
            (self.faint, ";2"),
            (self.italic, ";3"),
            (self.underline, ";4"),
            (self.strike, ";9"),
        ];
        for (_, code) in flags.into_iter().filter(|(set, _)| *set) {
            codes.push_str(code);
        }
        let behind = if self.inverse { Some(self.foreground) } else { self.background.map(Some) };
        let (foreground, behind) = match behind {
            Some(behind) => (None, Some(behind.map_or(Hue::None, Color::hue))),
            None => (self.foreground.map(Color::hue), None),
        };
        codes.push_str(match foreground {
            None | Some(Hue::None) => "",
            Some(Hue::Gray) => ";90",
            Some(Hue::Red) => ";31",
            Some(Hue::Green) => ";32",
            Some(Hue::Yellow) => ";33",
            Some(Hue::Blue) => ";34",
            Some(Hue::Magenta) => ";35",
            Some(Hue::Cyan) => ";36",
        });
        codes.push_str(match behind {
            None => "",
            Some(Hue::Red) => ";41",
            Some(Hue::Green) => ";42",
            Some(Hue::Yellow) => ";43",
            Some(Hue::Blue | Hue::Magenta | Hue::Cyan) => ";44",
            Some(Hue::Gray | Hue::None) => ";47",
        });
        codes
    }

    /// This style after a sequence with `parameters` ("1;31").
    fn changed(mut self, parameters: &str) -> Self {
        let mut codes = parameters
            .split([';', ':'])
            .map(|code| if code.is_empty() { Some(0) } else { code.parse().ok() });
        while let Some(code) = codes.next() {
            let Some(code) = code else { continue };
            match code {
                0 => self = Self::default(),
                1 => self.bold = true,
                2 => self.faint = true,
                3 => self.italic = true,
                4 | 21 => self.underline = true,
                7 => self.inverse = true,
                9 => self.strike = true,
                22 => (self.bold, self.faint) = (false, false),
                23 => self.italic = false,
                24 => self.underline = false,
                27 => self.inverse = false,
                29 => self.strike = false,
                30..=37 => self.foreground = Some(Color::Indexed(code - 30)),
                38 => self.foreground = extended(&mut codes).or(self.foreground),
                39 => self.foreground = None,
                40..=47 => self.background = Some(Color::Indexed(code - 40)),
                48 => self.background = extended(&mut codes).or(self.background),
                49 => self.background = None,
                90..=97 => self.foreground = Some(Color::Indexed(code - 90 + 8)),
                100..=107 => self.background = Some(Color::Indexed(code - 100 + 8)),
                _ => {}
            }
        }
        self
    }
}

/// The rest of `38;5;N` and `38;2;R;G;B`.
fn extended(codes: &mut impl Iterator<Item = Option<u8>>) -> Option<Color> {
    match codes.next()?? {
        5 => Some(Color::Indexed(codes.next()??)),
        2 => Some(Color::Rgb(codes.next()??, codes.next()??, codes.next()??)),
        _ => None,
    }
}

enum Piece<'a> {
    Char(char),
    Rendition(&'a str),
}

struct Pieces<'a> {
    chars: std::str::Chars<'a>,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        loop {
            match self.chars.next()? {
                '\u{1b}' => {
                    if let Some(parameters) = self.escape() {
                        return Some(Piece::Rendition(parameters));
                    }
                }
                '\u{9b}' => {
                    if let Some(parameters) = self.control_sequence() {
                        return Some(Piece::Rendition(parameters));
                    }
                }
                '\u{90}' | '\u{98}' | '\u{9d}' | '\u{9e}' | '\u{9f}' => self.string(),
                '\n' | '\t' => return Some(Piece::Char(' ')),
                c if turns_direction(c) => return Some(Piece::Char(TAKEN_OUT)),
                c if c.is_control() => {}
                c => return Some(Piece::Char(c)),
            }
        }
    }
}

impl<'a> Pieces<'a> {
    /// What follows an escape character; the parameters where it sets colours.
    fn escape(&mut self) -> Option<&'a str> {
        match self.chars.clone().next()? {
            '[' => {
                self.chars.next();
                return self.control_sequence();
            }
            ']' | 'P' | 'X' | '^' | '_' => {
                self.chars.next();
                self.string();
            }
            ' '..='/' => {
                self.chars.nth(1);
            }
            '0'..='~' => {
                self.chars.next();
            }
            _ => {}
        }
        None
    }

    fn control_sequence(&mut self) -> Option<&'a str> {
        let start = self.chars.as_str();
        loop {
            let rest = self.chars.as_str();
            let next = self.chars.clone().next()?;
            if !(' '..='~').contains(&next) {
                return None;
            }
            self.chars.next();
            if next >= '@' {
                let parameters = &start[..start.len() - rest.len()];
                let plain = parameters.bytes().all(|b| b.is_ascii_digit() || b == b';' || b == b':');
                return (next == 'm' && plain && parameters.len() <= LONGEST_PARAMETERS)
                    .then_some(parameters);
            }
        }
    }

    fn string(&mut self) {
        while let Some(next) = self.chars.next() {
            match next {
                '\u{7}' | '\u{9c}' | '\n' => return,
                '\u{1b}' if self.chars.as_str().starts_with('\\') => {
                    self.chars.next();
                    return;
                }
                _ => {}
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

    fn styled(line: &str) -> Vec<(String, Style)> {
        spans(line).into_iter().map(|span| (span.text, span.style)).collect()
    }

    fn fg(index: u8) -> Style {
        Style { foreground: Some(Color::Indexed(index)), ..Style::default() }
    }

    #[test]
    fn colours_become_spans_and_end_where_they_are_reset() {
        assert_eq!(
            styled("\u{1b}[32minfo\u{1b}[39m: \u{1b}[1;91mfailed\u{1b}[m."),
            [
                ("info".to_owned(), fg(2)),
                (": ".to_owned(), Style::default()),
                ("failed".to_owned(), Style { bold: true, ..fg(9) }),
                (".".to_owned(), Style::default()),
            ]
        );
    }

    #[test]
    fn the_palette_and_true_colours_are_read_in_both_spellings() {
        assert_eq!(styled("\u{1b}[38;5;208mx")[0].1, fg(208));
        assert_eq!(styled("\u{1b}[38:5:208mx")[0].1, fg(208));
        let style = Style { background: Some(Color::Rgb(1, 2, 3)), ..Style::default() };
        assert_eq!(styled("\u{1b}[48;2;1;2;3mx")[0].1, style);
        assert_eq!(styled("\u{1b}[38;5mx")[0].1, Style::default());
        assert_eq!(styled("\u{1b}[999;38;9mx")[0].1, Style::default());
    }

    #[test]
    fn a_line_is_written_with_the_colours_that_a_page_can_show() {
        for (line, shown) in [
            ("plain  ", "plain"),
            ("\u{1b}[32minfo\u{1b}[39m: ok", "\u{1b}[0;32minfo\u{1b}[0m: ok"),
            ("\u{1b}[1m\u{1b}[91mfailed\u{1b}[0m", "\u{1b}[0;1;31mfailed"),
            ("\u{1b}[38;5;208morange", "\u{1b}[0;33morange"),
            ("\u{1b}[38;2;20;30;240mblue\u{1b}[38;5;244mgray", "\u{1b}[0;34mblue\u{1b}[0;90mgray"),
            ("\u{1b}[97mwhite\u{1b}[30mblack", "whiteblack"),
            ("\u{1b}[33;41mon red\u{1b}[0;7mturned", "\u{1b}[0;41mon red\u{1b}[0;47mturned"),
            ("\u{1b}[2J\u{1b}]0;title\u{7}\u{1b}[4;8;5mlink", "\u{1b}[0;4mlink"),
        ] {
            let once = written(&spans(line));
            assert_eq!(once, shown, "{line:?}");
            assert_eq!(written(&spans(&once)), once, "{line:?} is written twice");
            assert_eq!(plain(&once), plain(line).trim_end(), "{line:?}");
        }
    }

    #[test]
    fn every_attribute_is_set_and_taken_back() {
        let all = styled("\u{1b}[1;2;3;4;7;9mx\u{1b}[22;23;24;27;29my");
        assert_eq!(
            all[0].1,
            Style {
                bold: true,
                faint: true,
                italic: true,
                underline: true,
                inverse: true,
                strike: true,
                ..Style::default()
            }
        );
        assert_eq!(all[1].1, Style::default());
    }

    #[test]
    fn nothing_but_colours_gets_through() {
        for (line, text) in [
            ("\u{1b}[2J\u{1b}[Hcleared", "cleared"),
            ("\u{1b}]8;;javascript:x\u{7}link\u{1b}]8;;\u{1b}\\!", "link!"),
            ("\u{1b}]0;title\u{7}a\rb\u{8}c", "abc"),
            ("\u{1b}P1;2q payload\u{1b}\\after", "after"),
            ("\u{1b}[?25lx\u{1b}[>4;2my", "xy"),
            ("tail\u{1b}[12", "tail"),
            ("tail\u{1b}", "tail"),
            ("\u{1b}[ü", "ü"),
        ] {
            assert_eq!(plain(line), text, "{line:?}");
            assert!(spans(line).iter().all(|span| span.style == Style::default()), "{line:?}");
        }
    }

    #[test]
    fn a_mark_that_turns_the_direction_of_writing_leaves_a_trace_only() {
        assert_eq!(plain("a\u{202e}b\u{2066}c"), "a\u{fffd}b\u{fffd}c");
        assert_eq!(plain("\u{5e9}\u{5dc}\u{5d5}\u{5dd}"), "\u{5e9}\u{5dc}\u{5d5}\u{5dd}");
    }

    #[test]
    fn a_line_of_many_colours_has_a_bounded_number_of_spans() {
        let line = "\u{1b}[31mx\u{1b}[32my".repeat(2_500);
        assert_eq!(spans(&line).len(), MOST_SPANS);
        assert!(plain(&"x".repeat(100_000)).len() <= LONGEST_LINE);
        let parameters = format!("\u{1b}[{}mx", "1;".repeat(10_000));
        assert_eq!(styled(&parameters)[0].1, Style::default());
    }
}
