//! Every pair of colours that text is set in has a contrast of at least 4.5 (WCAG 2.2, 1.4.3), in both
//! themes; edges of controls have at least 3 (1.4.11).

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::HashMap;

const TOKENS: &str = include_str!("../../style/tokens.css");
const INKS: [&str; 8] = ["ink", "dim", "accent", "good", "busy", "warning", "bad", "idle"];

#[derive(Clone, Copy)]
enum Theme {
    Light,
    Dark,
}

/// `--name: light-dark(#rrggbb, #rrggbb);`
fn tokens() -> HashMap<&'static str, [&'static str; 2]> {
    TOKENS
        .lines()
        .filter_map(|line| {
            let (name, value) = line.trim().strip_prefix("--")?.split_once(": light-dark(")?;
            let (light, dark) = value.strip_suffix(");")?.split_once(", ")?;
            Some((name, [light, dark]))
        })
        .collect()
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
    let tokens = tokens();
    for theme in [Theme::Light, Theme::Dark] {
        let color = |name: &str| luminance(tokens[name][theme as usize]);
        let (a, b) = (color(ink), color(ground));
        let contrast = (a.max(b) + 0.05) / (a.min(b) + 0.05);
        let side = ["light", "dark"][theme as usize];
        assert!(contrast >= least, "{ink} on {ground} has {contrast:.2} in the {side} theme");
    }
}

#[test]
fn text_can_be_read_on_every_ground() {
    for ink in INKS {
        for ground in ["bg", "panel", "sunk"] {
            assert_contrast(ink, ground, 4.5);
        }
    }
}

#[test]
fn text_can_be_read_on_the_tints_it_is_set_on() {
    for ink in ["ink", "dim", "accent", "warning", "bad"] {
        assert_contrast(ink, "bad-tint", 4.5);
        assert_contrast(ink, "warning-tint", 4.5);
    }
    for ink in INKS {
        assert_contrast(ink, "changed-tint", 4.5);
    }
    assert_contrast("panel", "accent", 4.5);
    assert_contrast("panel", "ink", 4.5);
}

/// Faint text keeps its own colour on a tint, and hues stand on the page's grounds only.
#[test]
fn a_log_in_its_own_colours_can_be_read() {
    for ink in ["magenta", "cyan"] {
        for ground in ["bg", "panel", "sunk"] {
            assert_contrast(ink, ground, 4.5);
        }
    }
    for ground in ["bad-tint", "good-tint", "warning-tint", "changed-tint", "line"] {
        assert_contrast("ink", ground, 4.5);
        assert_contrast("dim", ground, 4.5);
    }
}

#[test]
fn edges_of_controls_can_be_seen() {
    assert_contrast("edge", "panel", 3.0);
    assert_contrast("edge", "bg", 3.0);
}
