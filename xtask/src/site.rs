//! Everything the browser loads, put together for the server to embed.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::assets::{self, Asset};
use crate::workspace::Workspace;
use crate::{browser, style, wasm_toolchain};

/// Folders whose files are served as they are, each under a name of its content.
const ASSET_FOLDERS: [&str; 2] = ["style/assets", "app/assets"];

/// Builds the browser half, the style sheet and the other assets into the site folder.
pub(crate) fn build(workspace: &Workspace) -> Result<()> {
    let toolchain = wasm_toolchain::ensure(workspace)?;
    let browser = browser::build(workspace, &toolchain)?;
    let mut assets = collect_assets(workspace)?;
    let sheet = style::bundle(&workspace.style().join("main.css"))?;
    assets.push(Asset {
        name: "windsock.css".to_owned(),
        bytes: with_hashed_addresses(sheet, &assets).into_bytes(),
    });
    assets.push(Asset { name: "windsock.js".to_owned(), bytes: browser.javascript });
    assets.push(Asset { name: "windsock.wasm".to_owned(), bytes: browser.wasm });
    assets::write(&workspace.site(), &assets)
}

fn collect_assets(workspace: &Workspace) -> Result<Vec<Asset>> {
    let mut assets = Vec::new();
    for folder in ASSET_FOLDERS {
        let folder = workspace.root().join(folder);
        if folder.is_dir() {
            collect_folder(&folder, &mut assets)?;
        }
    }
    assets.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(assets)
}

fn collect_folder(folder: &Path, assets: &mut Vec<Asset>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_file() && !name.starts_with('.') {
            let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            assets.push(Asset { bytes: small(&name, bytes), name: name.into_owned() });
        }
    }
    Ok(())
}

/// What the browser gets of a file: a script without its comments.
fn small(name: &str, bytes: Vec<u8>) -> Vec<u8> {
    let is_script = Path::new(name).extension().is_some_and(|ending| ending == "js");
    match String::from_utf8(bytes) {
        Ok(script) if is_script => browser::without_comments(&script).into_bytes(),
        Ok(text) => text.into_bytes(),
        Err(binary) => binary.into_bytes(),
    }
}

/// `url(assets/x.woff2)` in the sheet becomes the name beside the sheet.
fn with_hashed_addresses(sheet: String, assets: &[Asset]) -> String {
    assets
        .iter()
        .fold(sheet, |sheet, asset| sheet.replace(&format!("assets/{}", asset.name), &asset.hashed_name()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_in_the_sheet_follow_the_content() {
        let font = Asset { name: "a.woff2".to_owned(), bytes: b"1".to_vec() };
        assert_eq!(
            with_hashed_addresses("@font-face{src:url(./assets/a.woff2)}".to_owned(), &[font]),
            "@font-face{src:url(./a-6b86b273ff34fce1.woff2)}"
        );
    }

    #[test]
    fn a_script_is_served_without_its_comments_and_anything_else_as_it_is() {
        assert_eq!(small("a.js", b"// why\n  go();\n".to_vec()), b"go();\n");
        assert_eq!(small("a.svg", b"// why\n".to_vec()), b"// why\n");
        assert_eq!(small("a.bin", vec![0xff, 0x2f]), [0xff, 0x2f]);
    }

    #[test]
    fn assets_come_from_both_folders_and_hidden_files_do_not() {
        let root = tempfile::tempdir().unwrap();
        for (file, content) in
            [("style/assets/b.svg", "b"), ("style/assets/.hidden", "h"), ("app/assets/a.js", "a")]
        {
            let path = root.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        let assets = collect_assets(&Workspace::at(root.path())).unwrap();
        let names: Vec<&str> = assets.iter().map(|asset| asset.name.as_str()).collect();
        assert_eq!(names, ["a.js", "b.svg"]);
    }
}
