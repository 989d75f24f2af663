//! The browser half: the `frontend` crate as WebAssembly with its JavaScript glue.

mod arrange;

use std::env;
use std::fs;
use std::path::Path;
use std::time::SystemTime;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::assets::digest;
use crate::process;
use crate::wasm_toolchain::{TARGET, WasmToolchain};
use crate::workspace::Workspace;

const PROFILE: &str = "wasm-release";
const KEEP_SECTIONS: &str = "profile.wasm-release.strip='none'";

/// The two files that the page loads. The loader passes the wasm's address to the glue, so the
/// glue names no file.
pub(crate) struct BrowserHalf {
    pub(crate) javascript: Vec<u8>,
    pub(crate) wasm: Vec<u8>,
}

pub(crate) fn build(workspace: &Workspace, toolchain: &WasmToolchain) -> Result<BrowserHalf> {
    let mut command = toolchain.cargo(workspace);
    command
        .args(["build", "--package", "frontend", "--lib", "--profile", PROFILE, "--target", TARGET])
        // Stripping would take the list of WebAssembly features that wasm-bindgen reads, and
        // wasm-bindgen drops the names anyway.
        .args(["--config", KEEP_SECTIONS]);
    process::run(&mut command)?;
    let folder = toolchain.output_folder(workspace);
    let compiled = folder.join(TARGET).join(PROFILE).join("frontend.wasm");
    bind(&compiled, &folder.join("bindgen"))
}

/// Runs wasm-bindgen, unless what it made last was made from the same bytes by the same program.
fn bind(compiled: &Path, kept: &Path) -> Result<BrowserHalf> {
    let input = fs::read(compiled).with_context(|| format!("cannot read {}", compiled.display()))?;
    let key = format!("{} {:?}", digest(&input), own_time()?);
    let (stamp, javascript, wasm) =
        (kept.join("made-from"), kept.join("windsock.js"), kept.join("windsock.wasm"));
    if fs::read_to_string(&stamp).is_ok_and(|made_from| made_from == key) {
        return Ok(BrowserHalf { javascript: fs::read(javascript)?, wasm: fs::read(wasm)? });
    }
    let made = generate(input)?;
    fs::create_dir_all(kept)?;
    fs::write(javascript, &made.javascript)?;
    fs::write(wasm, &made.wasm)?;
    fs::write(stamp, key)?;
    Ok(made)
}

/// Changes with the way in which this program calls wasm-bindgen.
fn own_time() -> Result<SystemTime> {
    Ok(fs::metadata(env::current_exe()?)?.modified()?)
}

fn generate(compiled: Vec<u8>) -> Result<BrowserHalf> {
    let mut output = Bindgen::new()
        .input_bytes("windsock", compiled)
        .web(true)?
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate_output()
        .context("wasm-bindgen failed")?;
    let snippets = output.snippets().iter().filter(|(_, snippets)| !snippets.is_empty());
    let with_snippets: Vec<&String> =
        snippets.map(|(of, _)| of).chain(output.local_modules().keys()).collect();
    if !with_snippets.is_empty() {
        bail!("this build serves no JavaScript snippets of crates: {with_snippets:?}");
    }
    let mut javascript = output.js().to_owned();
    let imports = output.wasm_mut().imports.iter_mut();
    shorten_names(imports.map(|import| &mut import.name), &mut javascript);
    let javascript = without_comments(&javascript).into_bytes();
    let wasm = arrange::arrange(&output.wasm_mut().emit_wasm())?;
    Ok(BrowserHalf { javascript, wasm })
}

/// Names the wasm's imports by number, in it and in the glue: each name ends with a random-looking
/// number, which does not compress. A name that the glue has twice stays.
fn shorten_names<'a>(names: impl Iterator<Item = &'a mut String>, javascript: &mut String) {
    for (number, name) in names.enumerate() {
        if javascript.matches(name.as_str()).count() == 1 {
            let short = format!("i{number}");
            *javascript = javascript.replace(name.as_str(), &short);
            *name = short;
        }
    }
}

/// A script without indentation and without lines that only comment.
pub(crate) fn without_comments(javascript: &str) -> String {
    let lines = javascript.lines().map(str::trim_start);
    lines.filter(|line| !["//", "/*", "*"].iter().any(|start| line.starts_with(start))).fold(
        String::with_capacity(javascript.len()),
        |mut text, line| {
            text.push_str(line);
            text.push('\n');
            text
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_glue_keeps_its_code_and_loses_its_comments() {
        let glue = "/**\n * Says so.\n */\nfunction f() {\n    // once\n    g(2 * 3); // kept\n}\n";
        assert_eq!(without_comments(glue), "function f() {\ng(2 * 3); // kept\n}\n");
    }

    #[test]
    fn an_import_has_the_same_short_name_in_the_wasm_and_in_the_glue() {
        let mut names = ["__wbg_body_1f2e".to_owned(), "__wbg_log_3c4d".to_owned()];
        let mut glue = "{ __wbg_body_1f2e: f, __wbg_log_3c4d: g } __wbg_log_3c4d".to_owned();
        shorten_names(names.iter_mut(), &mut glue);
        assert_eq!(names, ["i0", "__wbg_log_3c4d"]);
        assert_eq!(glue, "{ i0: f, __wbg_log_3c4d: g } __wbg_log_3c4d");
    }
}
