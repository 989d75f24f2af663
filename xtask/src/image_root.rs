//! The files that the container image adds to its base.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::process;
use crate::server::{self, Profile};
use crate::workspace::Workspace;

/// The user that the image runs as.
pub(crate) const USER: &str = "windsock";
/// The number of that user and of its group, out of the way of a distribution's own.
pub(crate) const USER_ID: u32 = 10001;

/// Where the binary is in the image.
pub(crate) const BINARY: &str = "usr/local/bin/windsock";
/// Where the image keeps its data; a volume covers it.
pub(crate) const DATA: &str = "data";

const CERTIFICATES: &str = "etc/ssl/certs/ca-certificates.crt";
const PASSWD: &str = "\
root:x:0:0:root:/root:/bin/sh
windsock:x:10001:10001:Windsock:/data:/usr/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
";
const GROUP: &str = "\
root:x:0:
windsock:x:10001:
nogroup:x:65534:
";

/// Builds for release and fills `directory`, which is returned in full.
pub(crate) fn build(workspace: &Workspace, directory: &Path) -> Result<PathBuf> {
    let binary = server::build_everything(workspace, Profile::Release)?;
    let root = std::path::absolute(directory)?;
    fill(&root, &binary, Path::new("/"))?;
    println!("image root: {}", root.display());
    Ok(root)
}

fn fill(root: &Path, binary: &Path, build_system: &Path) -> Result<()> {
    install(binary, &root.join(BINARY), 0o755)?;
    write(&root.join("etc/passwd"), PASSWD)?;
    write(&root.join("etc/group"), GROUP)?;
    let certificates = build_system.join(CERTIFICATES);
    if certificates.is_file() {
        install(&certificates, &root.join(CERTIFICATES), 0o644)?;
    } else {
        println!("{} is missing: without it the image cannot trust api.fly.io", certificates.display());
    }
    make_data_folder(&root.join(DATA))
}

fn make_data_folder(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    if process::is_root() {
        std::os::unix::fs::chown(folder, Some(USER_ID), Some(USER_ID))
            .with_context(|| format!("cannot give {} to {USER}", folder.display()))?;
    } else {
        println!("not root: {} keeps its owner", folder.display());
    }
    Ok(())
}

/// Copies under a new file: the old one may be running.
fn install(from: &Path, to: &Path, mode: u32) -> Result<()> {
    make_parent(to)?;
    fs::remove_file(to).ok();
    fs::copy(from, to).with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))?;
    fs::set_permissions(to, fs::Permissions::from_mode(mode))?;
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<()> {
    make_parent(path)?;
    fs::write(path, text)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o644))?;
    Ok(())
}

fn make_parent(path: &Path) -> Result<()> {
    let parent = path.parent().context("a file has a folder")?;
    fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_has_the_binary_its_user_and_its_data_folder_and_nothing_else() {
        let (root, system) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let binary = system.path().join("windsock");
        fs::write(&binary, "binary").unwrap();
        write(&system.path().join(CERTIFICATES), "certificates").unwrap();

        fill(root.path(), &binary, system.path()).unwrap();

        assert_eq!(fs::read_to_string(root.path().join(BINARY)).unwrap(), "binary");
        let mode = |path: &str| {
            let facts = fs::metadata(root.path().join(path)).unwrap();
            facts.permissions().mode() & 0o777
        };
        assert_eq!(mode(BINARY), 0o755);
        assert_eq!(mode(DATA), 0o700);
        assert_eq!(mode(CERTIFICATES), 0o644);
        let mut top: Vec<_> =
            fs::read_dir(root.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        top.sort();
        assert_eq!(top, ["data", "etc", "usr"]);
    }

    #[test]
    fn the_user_has_the_same_number_everywhere() {
        let entry = format!("{USER}:x:{USER_ID}:{USER_ID}:");
        assert!(PASSWD.lines().any(|line| line.starts_with(&entry)));
        let entry = format!("{USER}:x:{USER_ID}:");
        assert!(GROUP.lines().any(|line| line == entry));
    }
}
