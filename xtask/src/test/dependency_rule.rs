//! What must never reach the browser.

use anyhow::{Result, bail};

use crate::cargo::cargo;
use crate::process;
use crate::wasm_toolchain::TARGET;
use crate::workspace::Workspace;

/// The server's side: it carries Fly's client, sockets or an executor that the page has no use for.
const SERVER_ONLY: [&str; 8] = ["axum", "cynic", "fly", "hyper", "reqwest", "server", "simulator", "tokio"];

/// Fails when the browser half's graph holds one of them.
pub(super) fn check(workspace: &Workspace) -> Result<()> {
    let tree = process::output(cargo(workspace).args([
        "tree",
        "--package",
        "frontend",
        "--edges",
        "normal",
        "--target",
        TARGET,
        "--prefix",
        "none",
        "--format",
        "{p}",
    ]))?;
    let found = forbidden(&tree);
    if let Some(first) = found.first() {
        bail!(
            "the browser half depends on {}; see `cargo tree -p frontend -e normal --target \
             {TARGET} -i {first}`",
            found.join(", ")
        );
    }
    Ok(())
}

fn forbidden(tree: &str) -> Vec<&'static str> {
    SERVER_ONLY
        .into_iter()
        .filter(|name| tree.lines().any(|line| line.split_whitespace().next() == Some(*name)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_crate_anywhere_in_the_graph_is_found() {
        let tree = "frontend v0.1.0 (/x/frontend)\napp v0.1.0 (/x/app)\ntokio v1.54.1\n";
        assert_eq!(forbidden(tree), ["tokio"]);
    }

    #[test]
    fn a_name_that_only_begins_alike_is_allowed() {
        assert!(forbidden("server_fn v0.8.13\ntokio-stream v0.1\n").is_empty());
    }
}
