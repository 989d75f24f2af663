//! Embeds the browser's files that `cargo xtask build` made.
//!
//! `WINDSOCK_SITE_DIR` names their folder. Without it the table is empty: such a server still
//! renders every page, without style and script, which is all that its unit tests need.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-env-changed=WINDSOCK_SITE_DIR");
    let table = match env::var("WINDSOCK_SITE_DIR") {
        Ok(site) if !site.is_empty() => embed(Path::new(&site)),
        _ => String::new(),
    };
    let out = env::var("OUT_DIR").unwrap_or_else(|_| panic!("cargo always sets OUT_DIR"));
    let code = format!("pub(crate) static FILES: &[File] = &[\n{table}];\n");
    fs::write(Path::new(&out).join("site.rs"), code)
        .unwrap_or_else(|error| panic!("cannot write site.rs: {error}"));
}

/// One entry a file of `pkg/`; `.br` and `.gz` stand beside the plain one. `manifest.json` maps the
/// logical name to the hashed one.
fn embed(site: &Path) -> String {
    let manifest_path = site.join("manifest.json");
    println!("cargo::rerun-if-changed={}", manifest_path.display());
    let manifest = fs::read_to_string(&manifest_path).unwrap_or_else(|error| {
        panic!("WINDSOCK_SITE_DIR: cannot read {}: {error}", manifest_path.display())
    });
    let names: std::collections::BTreeMap<String, String> = serde_json::from_str(&manifest)
        .unwrap_or_else(|error| panic!("{} is not a JSON object of names: {error}", manifest_path.display()));
    let mut table = String::new();
    for (logical, hashed) in names {
        let plain = site.join("pkg").join(&hashed);
        println!("cargo::rerun-if-changed={}", plain.display());
        let bytes = |ending: &str| format!("include_bytes!({:?})", format!("{}{ending}", plain.display()));
        writeln!(
            table,
            "    File {{ logical: {logical:?}, name: {hashed:?}, plain: {}, br: {}, gz: {} }},",
            bytes(""),
            bytes(".br"),
            bytes(".gz")
        )
        .unwrap_or_else(|_| panic!("writing to a string cannot fail"));
    }
    table
}
