//! Text has a contrast of at least 4.5 with what it is set on (WCAG 2.2, 1.4.3), in both themes; edges of
//! controls and the shapes of states have at least 3 (1.4.11). Computed from `style/tokens.css` for every
//! pair that the sheets can bring about.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

#[path = "support/sheet.rs"]
mod sheet;

use sheet::{Block, blocks, sheets, tokens};

/// What text is set in anywhere.
const INKS: [&str; 8] = ["ink", "dim", "accent", "good", "busy", "warning", "bad", "idle"];
/// Beside these, what apps colour their own log lines in.
const LOG_INKS: [&str; 2] = ["magenta", "cyan"];
/// What stands under whole parts of the page: any ink may be on it.
const GROUNDS: [&str; 3] = ["bg", "panel", "sunk"];
/// Grounds of a single thing, and the inks that it has.
const TINTS: [(&str, &[&str]); 4] = [
    ("changed-tint", &INKS),
    ("bad-tint", &["ink", "dim", "accent", "good", "busy", "warning", "bad", "idle"]),
    ("warning-tint", &["ink", "dim", "accent", "warning", "bad"]),
    ("good-tint", &["ink", "dim", "good"]),
];
/// Colours that fill a shape and never lie under text.
const SHAPES: [&str; 5] = ["good", "bad", "busy", "idle", "line"];

const TEXT: f64 = 4.5;
const SHAPE: f64 = 3.0;

#[derive(Clone, Copy)]
enum Theme {
    Light,
    Dark,
}

/// `light-dark(#rrggbb, #rrggbb)`.
fn color(token: &str, theme: Theme) -> String {
    let value = tokens().get(token).unwrap_or_else(|| panic!("there is no --{token}")).clone();
    let inside = value.strip_prefix("light-dark(").and_then(|rest| rest.strip_suffix(')'));
    let (light, dark) = inside.and_then(|pair| pair.split_once(", ")).expect("a colour comes as a pair");
    match theme {
        Theme::Light => light.to_owned(),
        Theme::Dark => dark.to_owned(),
    }
}

/// Relative luminance (WCAG 2.2, definitions).
fn luminance(color: &str) -> f64 {
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(&color[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

fn assert_contrast(ink: &str, ground: &str, least: f64) {
    for (theme, side) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
        let (a, b) = (luminance(&color(ink, theme)), luminance(&color(ground, theme)));
        let contrast = (a.max(b) + 0.05) / (a.min(b) + 0.05);
        assert!(contrast >= least, "{ink} on {ground} has {contrast:.2} in the {side} theme");
    }
}

fn all_blocks() -> Vec<Block> {
    sheets().iter().flat_map(|(file, text)| blocks(file, text)).collect()
}

#[test]
fn black_on_white_has_the_contrast_that_the_standard_says() {
    let contrast = (luminance("#ffffff") + 0.05) / (luminance("#000000") + 0.05);
    assert!((contrast - 21.0).abs() < 1e-9);
}

#[test]
fn text_can_be_read_on_every_ground() {
    for ink in INKS {
        for ground in GROUNDS {
            assert_contrast(ink, ground, TEXT);
        }
    }
}

#[test]
fn text_can_be_read_on_the_tints_it_is_set_on() {
    for (tint, inks) in TINTS {
        for ink in inks {
            assert_contrast(ink, tint, TEXT);
        }
    }
}

/// Faint text keeps its own colour on a tint, and hues stand on the page's grounds only.
#[test]
fn a_log_in_its_own_colours_can_be_read() {
    for ink in LOG_INKS {
        for ground in GROUNDS {
            assert_contrast(ink, ground, TEXT);
        }
    }
    for ground in ["bad-tint", "good-tint", "warning-tint", "changed-tint", "line"] {
        assert_contrast("ink", ground, TEXT);
        assert_contrast("dim", ground, TEXT);
    }
}

#[test]
fn text_can_be_read_where_one_rule_sets_both_it_and_its_ground() {
    let mut pairs = 0;
    for block in all_blocks() {
        for ink in block.tokens_of(&["color"]) {
            for ground in block.tokens_of(&["background", "background-color"]) {
                assert_contrast(ink, ground, TEXT);
                pairs += 1;
            }
        }
    }
    assert!(pairs >= 5, "only {pairs} pairs were found");
}

/// What the tests above know is what the sheets have.
#[test]
fn no_ink_and_no_ground_is_left_out() {
    let known_ground = |name: &str| {
        GROUNDS.contains(&name) || SHAPES.contains(&name) || TINTS.iter().any(|(tint, _)| *tint == name)
    };
    for block in all_blocks().iter().filter(|block| !block.place.contains(".swatch-")) {
        let (inks, grounds) =
            (block.tokens_of(&["color"]), block.tokens_of(&["background", "background-color"]));
        let both = !inks.is_empty() && !grounds.is_empty();
        for ink in inks {
            assert!(
                both || INKS.contains(&ink) || LOG_INKS.contains(&ink),
                "{} sets text in --{ink}",
                block.place
            );
        }
        for ground in grounds {
            assert!(both || known_ground(ground) || ground == "veil", "{} lies on --{ground}", block.place);
        }
    }
}

#[test]
fn edges_of_controls_and_the_ring_of_the_focus_can_be_seen() {
    for ground in GROUNDS {
        assert_contrast("edge", ground, SHAPE);
        assert_contrast("accent", ground, SHAPE);
    }
}

#[test]
fn the_shapes_of_states_can_be_told_from_what_they_lie_on() {
    for shape in ["good", "busy", "warning", "bad", "idle"] {
        for ground in GROUNDS {
            assert_contrast(shape, ground, SHAPE);
        }
    }
}
