//! The distribution's compiler, and a standard library for wasm built once from its sources.
//!
//! The library goes into a folder of our own that is passed as `--sysroot`, never into `/usr`.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::TARGET;
use crate::{packages, process};

const RUSTC: &str = "/usr/bin/rustc";
const CARGO: &str = "/usr/bin/cargo";
/// The workspace's `rust-version`.
const OLDEST: (u32, u32) = (1, 90);
/// The name of the crate that exists only to have its dependencies built.
const SEED: &str = "windsock_std_seed";

/// A compiler of the distribution with a standard library for wasm.
pub(crate) struct Distribution {
    compiler: Compiler,
    linker: PathBuf,
    sysroot: PathBuf,
}

#[derive(Debug, PartialEq, Eq)]
struct Compiler {
    version: String,
    /// Major version of the LLVM inside, which the linker has to match.
    llvm: String,
}

impl Distribution {
    /// Installs what is missing (or says the command) and builds the library when it is not there.
    pub(crate) fn ensure(target: &Path) -> Result<Self> {
        let compiler = ensure_compiler()?;
        let linker = ensure_linker(&compiler)?;
        let sysroot = target.join("wasm-std").join(&compiler.version);
        if !library_folder(&sysroot).is_dir() {
            build_library(&compiler, &linker, &sysroot)?;
        }
        Ok(Self { compiler, linker, sysroot })
    }

    pub(super) fn cargo(&self) -> Command {
        let mut command = command(&self.linker);
        let mut flags = OsString::from("--sysroot\u{1f}");
        flags.push(&self.sysroot);
        // The encoded form allows spaces in the path; with --target it leaves build scripts alone.
        command.env("CARGO_ENCODED_RUSTFLAGS", flags);
        command
    }

    pub(super) fn description(&self) -> String {
        format!(
            "the distribution's rustc {} with a standard library built in {}",
            self.compiler.version,
            self.sysroot.display()
        )
    }
}

/// The distribution's cargo, freed from what rustup and the cargo above us put into the environment.
fn command(linker: &Path) -> Command {
    let mut command = Command::new(CARGO);
    for variable in [
        "CARGO",
        "LD_LIBRARY_PATH",
        "RUSTC_WORKSPACE_WRAPPER",
        "RUSTC_WRAPPER",
        "RUSTFLAGS",
        "RUSTUP_TOOLCHAIN",
    ] {
        command.env_remove(variable);
    }
    command
        .env("RUSTC", RUSTC)
        .env("RUSTDOC", "/usr/bin/rustdoc")
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
    command
}

fn ensure_compiler() -> Result<Compiler> {
    if let Some(compiler) = usable_compiler() {
        return Ok(compiler);
    }
    packages::install(&["rustc-web", "cargo-web", "rust-web-src"])
        .context("the distribution's compiler is missing or too old")?;
    usable_compiler().with_context(|| {
        format!(
            "{RUSTC} is still missing, older than {}.{} or without its library's sources",
            OLDEST.0, OLDEST.1
        )
    })
}

fn usable_compiler() -> Option<Compiler> {
    let printed = process::output(Command::new(RUSTC).env_remove("LD_LIBRARY_PATH").arg("-vV"));
    let compiler = parse_compiler(&printed.ok()?)?;
    let usable = is_new_enough(&compiler.version)
        && library_sources().join("Cargo.toml").is_file()
        && Path::new(CARGO).is_file();
    usable.then_some(compiler)
}

fn library_sources() -> PathBuf {
    PathBuf::from("/usr/lib/rustlib/src/rust/library")
}

fn parse_compiler(printed: &str) -> Option<Compiler> {
    let field = |name: &str| printed.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    Some(Compiler {
        version: field("release")?.to_owned(),
        llvm: field("LLVM version")?.split('.').next()?.to_owned(),
    })
}

fn is_new_enough(version: &str) -> bool {
    let mut numbers = version.split('.').map(str::parse::<u32>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor) >= OLDEST,
        _ => false,
    }
}

fn ensure_linker(compiler: &Compiler) -> Result<PathBuf> {
    let name = format!("wasm-ld-{}", compiler.llvm);
    if let Some(linker) = process::on_path(&name) {
        return Ok(linker);
    }
    packages::install(&[&format!("lld-{}", compiler.llvm)])
        .with_context(|| format!("the linker {name} is missing"))?;
    process::on_path(&name).with_context(|| format!("the linker {name} is still missing"))
}

fn library_folder(sysroot: &Path) -> PathBuf {
    sysroot.join("lib/rustlib").join(TARGET).join("lib")
}

fn build_library(compiler: &Compiler, linker: &Path, sysroot: &Path) -> Result<()> {
    println!(
        "building the standard library for {TARGET} with rustc {} (once, about a minute)",
        compiler.version
    );
    let work = sysroot.with_extension("building");
    remove_if_there(&work)?;
    write_seed_crate(&work.join("seed"))?;
    process::run(&mut library_command(linker, &work))?;

    // Made aside and renamed: a build that was cut off must not look finished.
    let made = work.join("sysroot");
    let folder = library_folder(&made);
    fs::create_dir_all(&folder)?;
    let built = work.join("target").join(TARGET).join("release/deps");
    let mut copied = 0;
    for entry in fs::read_dir(&built)? {
        let path = entry?.path();
        if is_library(&path) {
            fs::copy(&path, folder.join(path.file_name().unwrap_or_default()))?;
            copied += 1;
        }
    }
    if copied == 0 {
        bail!("building the standard library left nothing in {}", built.display());
    }
    remove_if_there(sysroot)?;
    fs::rename(&made, sysroot)?;
    remove_if_there(&work)
}

fn library_command(linker: &Path, work: &Path) -> Command {
    let mut command = command(linker);
    command
        .current_dir(work.join("seed"))
        .args(["build", "--release", "--target", TARGET])
        .arg("-Zbuild-std=std,panic_abort,proc_macro")
        .env("CARGO_TARGET_DIR", work.join("target"))
        // Building the standard library is not a stable feature of cargo.
        .env("RUSTC_BOOTSTRAP", "1")
        // The library is linked with LTO later.
        .env("CARGO_ENCODED_RUSTFLAGS", "-Cembed-bitcode=yes");
    let vendored = library_sources().join("vendor");
    if vendored.is_dir() {
        // The package carries the library's dependencies: nothing has to be fetched.
        command
            .args(["--config", "source.crates-io.replace-with='vendored'"])
            .arg("--config")
            .arg(format!("source.vendored.directory='{}'", vendored.display()));
    }
    command
}

fn write_seed_crate(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder.join("src"))?;
    fs::write(
        folder.join("Cargo.toml"),
        format!(
            "[package]\nname = \"{SEED}\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n\
             [profile.release]\npanic = \"abort\"\n\n[workspace]\n"
        ),
    )?;
    fs::write(folder.join("src/lib.rs"), "")?;
    Ok(())
}

fn is_library(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.extension().is_some_and(|extension| extension == "rlib") && !name.contains(SEED)
}

fn remove_if_there(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINTED: &str = "rustc 1.96.0 (ac68faa20 2026-05-25) (built from a source tarball)\n\
        binary: rustc\nhost: x86_64-unknown-linux-gnu\nrelease: 1.96.0\nLLVM version: 22.1.8\n";

    #[test]
    fn the_linker_follows_the_compilers_llvm() {
        assert_eq!(
            parse_compiler(PRINTED),
            Some(Compiler { version: "1.96.0".to_owned(), llvm: "22".to_owned() })
        );
    }

    #[test]
    fn a_compiler_older_than_the_workspace_allows_is_not_used() {
        assert!(!is_new_enough("1.63.0"));
        assert!(!is_new_enough("1.89.0"));
        assert!(is_new_enough("1.90.0"));
        assert!(is_new_enough("2.0.0"));
        assert!(!is_new_enough("nightly"));
    }

    #[test]
    fn the_seed_crates_own_library_is_left_out() {
        assert!(is_library(Path::new("deps/libstd-1234.rlib")));
        assert!(!is_library(Path::new("deps/libwindsock_std_seed-1.rlib")));
        assert!(!is_library(Path::new("deps/libstd-1234.rmeta")));
    }
}
