//! The sheets of the components take colours and text sizes from `style/tokens.css`, and from nowhere
//! else: so that a theme is one file.

#[path = "support/sheet.rs"]
mod sheet;

use sheet::{blocks, sheets, tokens, tokens_in};

/// What a colour may be called beside a token: nothing of its own, or what the reader has set
/// (`forced-colors`).
const NO_COLOURS: [&str; 7] =
    ["none", "transparent", "inherit", "currentColor", "CanvasText", "Highlight", "initial"];
/// Colours that people write by name; the whole list of CSS is longer, and nobody misses the rest.
const NAMED: [&str; 22] = [
    "white", "black", "gray", "grey", "silver", "red", "maroon", "green", "lime", "olive", "blue", "navy",
    "teal", "aqua", "cyan", "yellow", "orange", "gold", "purple", "magenta", "pink", "brown",
];

fn declarations() -> Vec<(String, String, String)> {
    let all = sheets();
    let blocks = all.iter().flat_map(|(file, text)| blocks(file, text));
    blocks
        .flat_map(|block| {
            let place = block.place;
            block.declarations.into_iter().map(move |(property, value)| (place.clone(), property, value))
        })
        .collect()
}

#[test]
fn no_component_has_a_colour_of_its_own() {
    for (place, property, value) in declarations() {
        let raw = value.contains('#')
            || ["rgb", "hsl", "hwb", "lab(", "lch(", "color("].iter().any(|way| value.contains(way));
        let named =
            value.split([' ', ',', '(', ')']).any(|word| NAMED.contains(&word.to_lowercase().as_str()));
        assert!(!raw && !named, "{place} has {property}: {value}");
        if property == "color" || property == "fill" {
            let known = value.starts_with("var(--") || NO_COLOURS.contains(&value.as_str());
            assert!(known, "{place} has {property}: {value}");
        }
    }
}

#[test]
fn no_component_has_a_text_size_of_its_own() {
    for (place, property, value) in declarations() {
        if ["font-size", "font", "line-height"].contains(&property.as_str()) {
            let sized = value.bytes().any(|byte| byte.is_ascii_digit()) && value != "0";
            assert!(!sized, "{place} has {property}: {value}");
        }
    }
}

#[test]
fn every_token_that_is_used_is_there_and_every_token_is_used() {
    let tokens = tokens();
    let mut used: Vec<String> = Vec::new();
    for (place, property, value) in declarations() {
        for name in tokens_in(&value) {
            assert!(tokens.contains_key(name), "{place} uses --{name} in {property}, which is no token");
            used.push(name.to_owned());
        }
    }
    for name in tokens.keys() {
        assert!(used.contains(name), "nothing uses --{name}");
    }
}

#[test]
fn every_sheet_is_part_of_the_one_that_is_built() {
    let all = sheets();
    let (_, main) = all.iter().find(|(file, _)| file == "main.css").unwrap();
    for (file, _) in all.iter().filter(|(file, _)| file != "main.css") {
        assert!(
            main.contains(&format!("\"./{file}\" layer(")),
            "main.css does not import {file} into a layer"
        );
    }
}
