//! The JavaScript and WebAssembly that a built page loads before anything of it runs.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::assets;

/// What a page loads first.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Bundle {
    pub(super) files: usize,
    /// Bytes as they are.
    pub(super) raw: u64,
    /// Bytes of the files, each compressed on its own.
    pub(super) brotli: u64,
}

/// Reads the page, and follows what it names.
pub(super) fn read(page: &Path) -> Result<Bundle> {
    let html = fs::read_to_string(page).with_context(|| format!("cannot read {}", page.display()))?;
    let root = page.parent().context("a page has a folder")?;
    let mut waiting: Vec<PathBuf> = named(&html).iter().map(|name| beside(root, root, name)).collect();
    let mut seen = BTreeSet::new();
    let (mut raw, mut brotli) = (0, 0);
    while let Some(path) = waiting.pop() {
        if !path.is_file() || !seen.insert(path.clone()) {
            continue;
        }
        let bytes = fs::read(&path)?;
        let folder = path.parent().context("a file has a folder")?;
        if let Ok(script) = std::str::from_utf8(&bytes) {
            waiting.extend(imported(script).iter().map(|name| beside(root, folder, name)));
        }
        raw += bytes.len() as u64;
        brotli += assets::brotli(&bytes)?.len() as u64;
    }
    if seen.is_empty() {
        bail!("{} names no script that is there", page.display());
    }
    Ok(Bundle { files: seen.len(), raw, brotli })
}

/// Scripts and modules that the page itself names.
fn named(html: &str) -> Vec<&str> {
    let tags = html.split('<').skip(1).map(|tag| tag.split('>').next().unwrap_or(tag));
    tags.filter_map(|tag| {
        if tag.starts_with("script") {
            attribute(tag, "src")
        } else if tag.starts_with("link") && tag.contains("modulepreload") {
            attribute(tag, "href")
        } else {
            None
        }
    })
    .collect()
}

fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let (_, rest) = tag.split_once(&format!("{name}=\""))?;
    rest.split('"').next()
}

/// What a module imports before it runs: `import "./a.js"` and `from "./a.js"`, not `import("./a.js")`.
fn imported(script: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for word in ["from", "import"] {
        for (at, _) in script.match_indices(word) {
            let rest = script[at + word.len()..].trim_start();
            let Some(quote @ ('"' | '\'')) = rest.chars().next() else { continue };
            let name = rest[1..].split(quote).next().unwrap_or_default();
            if name.starts_with('.') && Path::new(name).extension().is_some_and(|ending| ending == "js") {
                names.push(name);
            }
        }
    }
    names
}

/// The file of a name: from the folder of who names it, or, where it begins with a slash, from the page's.
fn beside(root: &Path, folder: &Path, name: &str) -> PathBuf {
    let from = if name.starts_with('/') { root } else { folder };
    let mut path = from.to_path_buf();
    for part in Path::new(name.trim_start_matches('/')).components() {
        match part {
            Component::Normal(part) => path.push(part),
            Component::ParentDir => drop(path.pop()),
            _ => {}
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_and_modules_that_a_page_names_are_found_and_its_styles_are_not() {
        let html = r#"<head><link rel="stylesheet" href="a.css"><link rel="modulepreload" href="b.js">
            <script type="module" src="./c.js"></script><script>inline()</script></head>"#;
        assert_eq!(named(html), ["b.js", "./c.js"]);
    }

    #[test]
    fn what_is_imported_at_once_is_found_and_what_is_imported_later_is_not() {
        let script =
            r#"import{a}from"./a.js";import './b.js';const c=()=>import("./c.js");x.from("./d.txt")"#;
        assert_eq!(imported(script), ["./a.js", "./b.js"]);
    }

    #[test]
    fn each_file_of_a_page_is_weighed_once() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        put("index.html", r#"<script src="/main.js"></script><script src="gone.js"></script>"#);
        put("main.js", r#"import"./one.js";import"./two.js""#);
        put("one.js", r#"import"./two.js""#);
        put("two.js", "two()");
        put("later.js", "later()");
        let bundle = read(&folder.path().join("index.html")).unwrap();
        assert_eq!((bundle.files, bundle.raw), (3, 33 + 16 + 5));
    }

    #[test]
    fn a_page_whose_scripts_are_not_there_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let page = folder.path().join("index.html");
        fs::write(&page, r#"<script src="gone.js"></script>"#).unwrap();
        assert!(read(&page).unwrap_err().to_string().contains("names no script"));
    }
}
