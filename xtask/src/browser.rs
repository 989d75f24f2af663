//! The browser half: the `frontend` crate as WebAssembly with its JavaScript glue.

mod arrange;
mod glue;

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

pub(crate) use self::glue::without_comments;

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
    let module = output.wasm_mut();
    glue::drop_unused_classes(module, &mut javascript)?;
    glue::shorten_names(module, &mut javascript);
    let javascript = without_comments(&javascript).into_bytes();
    Ok(BrowserHalf { javascript, wasm: arrange::arrange(&module.emit_wasm())? })
}
