//! The style sheets, read far enough to say what they set.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "shared by tests, each of which uses a part"
)]

use std::collections::HashMap;
use std::fs;
use std::path::Path;

/// One block of declarations; those of blocks inside of it are not among them.
#[derive(Debug, Default)]
pub struct Block {
    /// The sheet's file and the block's selector, for whoever reads a failure.
    pub place: String,
    pub declarations: Vec<(String, String)>,
}

impl Block {
    /// The tokens that the property's value names, with `--` left out.
    pub fn tokens_of(&self, properties: &[&str]) -> Vec<&str> {
        let values = self.declarations.iter().filter(|(property, _)| properties.contains(&property.as_str()));
        values.flat_map(|(_, value)| tokens_in(value)).collect()
    }
}

/// The names in `var(--name)`.
pub fn tokens_in(value: &str) -> Vec<&str> {
    value.split("var(--").skip(1).filter_map(|rest| rest.split([')', ',']).next()).collect()
}

/// All sheets of `style/` but the tokens, by file name.
pub fn sheets() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../style");
    let mut sheets: Vec<(String, String)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension().is_some_and(|ending| ending == "css") && !path.ends_with("tokens.css")
        })
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, without_comments(&fs::read_to_string(&path).unwrap()))
        })
        .collect();
    sheets.sort();
    assert!(sheets.len() > 10, "the sheets were not found");
    sheets
}

/// `tokens.css`: from a token's name to its value.
pub fn tokens() -> HashMap<String, String> {
    let text = without_comments(include_str!("../../../style/tokens.css"));
    blocks("tokens.css", &text)
        .into_iter()
        .flat_map(|block| block.declarations)
        .filter_map(|(name, value)| Some((name.strip_prefix("--")?.to_owned(), value)))
        .collect()
}

/// Every block of a sheet, also those inside of others.
pub fn blocks(file: &str, text: &str) -> Vec<Block> {
    let mut open: Vec<Block> = Vec::new();
    let mut done = Vec::new();
    let mut piece = String::new();
    for letter in text.chars() {
        match letter {
            '{' => open.push(Block { place: format!("{file}: {}", take(&mut piece)), ..Block::default() }),
            ';' | '}' => {
                let declaration = take(&mut piece);
                if let (Some(block), Some((property, value))) = (open.last_mut(), declaration.split_once(':'))
                {
                    block.declarations.push((property.trim().to_owned(), value.trim().to_owned()));
                }
                if letter == '}' {
                    done.push(open.pop().expect("a block ends that never began"));
                }
            }
            other => piece.push(other),
        }
    }
    assert!(open.is_empty(), "{file}: a block does not end");
    done
}

fn take(piece: &mut String) -> String {
    let words: Vec<&str> = piece.split_whitespace().collect();
    let text = words.join(" ");
    piece.clear();
    text
}

fn without_comments(text: &str) -> String {
    let mut parts = text.split("/*");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, part| all + part.split_once("*/").map_or("", |(_, rest)| rest))
}
