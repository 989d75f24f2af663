//! Files for the browser, named after their content, each with its compressed twins.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::thread;

use anyhow::{Context, Result, anyhow};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

/// 64 bits of the hash: enough that two files of one site never share a name.
const NAME_DIGITS: usize = 16;

/// From this size on compressing takes so long that it is announced.
const LONG_STEP: usize = 100_000;

/// One file as the application names it, such as `windsock.js`.
pub(crate) struct Asset {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// From the name the application knows to the name on disk.
pub(crate) type Manifest = BTreeMap<String, String>;

/// SHA-256 in hexadecimal digits.
pub(crate) fn digest(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        // Writing to a String cannot fail.
        write!(text, "{byte:02x}").ok();
    }
    text
}

impl Asset {
    /// `keys.js` becomes `keys-<hash>.js`.
    pub(crate) fn hashed_name(&self) -> String {
        let digest = digest(&self.bytes);
        let hash = &digest[..NAME_DIGITS];
        match self.name.rsplit_once('.') {
            Some((stem, extension)) => format!("{stem}-{hash}.{extension}"),
            None => format!("{}-{hash}", self.name),
        }
    }
}

/// Makes `site/pkg` hold exactly these files and their twins, and `site/manifest.json` name them.
/// What is there already is not written again: the manifest's time is what rebuilds the server.
pub(crate) fn write(site: &Path, assets: &[Asset]) -> Result<()> {
    let folder = &site.join("pkg");
    fs::create_dir_all(folder)?;
    let manifest = manifest(assets)?;

    let results: Vec<Result<()>> = thread::scope(|scope| {
        let running: Vec<_> = assets
            .iter()
            .flat_map(|asset| [Form::Brotli, Form::Gzip, Form::Plain].map(|form| (asset, form)))
            .map(|(asset, form)| scope.spawn(move || write_form(folder, asset, form)))
            .collect();
        running
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|_| Err(anyhow!("compression panicked"))))
            .collect()
    });
    results.into_iter().collect::<Result<()>>()?;

    let text = serde_json::to_string_pretty(&manifest)? + "\n";
    write_if_changed(&site.join("manifest.json"), text.as_bytes())?;
    remove_all_but(folder, &manifest)
}

/// Reads a manifest that [`write()`] left.
pub(crate) fn read_manifest(site: &Path) -> Result<Manifest> {
    let path = site.join("manifest.json");
    let text = fs::read_to_string(&path)
        .with_context(|| format!("cannot read {}; `cargo xtask build` makes it", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is damaged", path.display()))
}

fn manifest(assets: &[Asset]) -> Result<Manifest> {
    let mut manifest = Manifest::new();
    for asset in assets {
        if manifest.insert(asset.name.clone(), asset.hashed_name()).is_some() {
            return Err(anyhow!("two assets are named {}", asset.name));
        }
    }
    Ok(manifest)
}

#[derive(Clone, Copy)]
enum Form {
    Plain,
    Brotli,
    Gzip,
}

impl Form {
    const fn suffix(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
        }
    }

    fn encode(self, bytes: &[u8]) -> Result<Vec<u8>> {
        match self {
            Self::Plain => Ok(bytes.to_vec()),
            Self::Brotli => brotli(bytes),
            Self::Gzip => gzip(bytes),
        }
    }
}

/// A name says what is inside, so a file that is there is right.
fn write_form(folder: &Path, asset: &Asset, form: Form) -> Result<()> {
    let path = folder.join(asset.hashed_name() + form.suffix());
    if path.is_file() {
        return Ok(());
    }
    if asset.bytes.len() > LONG_STEP && matches!(form, Form::Brotli) {
        println!("compressing {} ({} kB)", asset.name, asset.bytes.len() / 1000);
    }
    write_whole(&path, &form.encode(&asset.bytes)?)
}

/// As small as brotli gets it.
pub(crate) fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let parameters = ::brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 24,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut input = bytes;
    let mut output = Vec::new();
    ::brotli::BrotliCompress(&mut input, &mut output, &parameters)?;
    Ok(output)
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

/// Through a second name: a build that was cut off leaves no half file under the right one.
fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = path.parent().context("a file has a folder")?;
    // What the umask allows, as for any other file: temporary files are private otherwise.
    let mode = fs::Permissions::from_mode(0o666);
    let mut file = tempfile::Builder::new().prefix(".new-").permissions(mode).tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.persist(path).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(())
}

fn write_if_changed(path: &Path, bytes: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|present| present == bytes) {
        return Ok(());
    }
    write_whole(path, bytes)
}

fn remove_all_but(folder: &Path, manifest: &Manifest) -> Result<()> {
    let kept: BTreeSet<String> = manifest
        .values()
        .flat_map(|name| [name.clone(), format!("{name}.br"), format!("{name}.gz")])
        .collect();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if !kept.contains(&*entry.file_name().to_string_lossy()) {
            fs::remove_file(entry.path())
                .with_context(|| format!("cannot remove {}", entry.path().display()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    fn asset(name: &str, content: &str) -> Asset {
        Asset { name: name.to_owned(), bytes: content.as_bytes().to_vec() }
    }

    fn names(folder: &Path) -> BTreeSet<String> {
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn a_name_changes_with_the_content_and_only_then() {
        let first = asset("keys.js", "1").hashed_name();
        assert_eq!(first, "keys-6b86b273ff34fce1.js");
        assert_eq!(first, asset("keys.js", "1").hashed_name());
        assert_ne!(first, asset("keys.js", "2").hashed_name());
    }

    #[test]
    fn every_file_has_a_brotli_and_a_gzip_twin_with_the_same_content() {
        let site = tempfile::tempdir().unwrap();
        write(site.path(), &[asset("a.css", "a{}")]).unwrap();
        let name = site.path().join("pkg").join(&read_manifest(site.path()).unwrap()["a.css"]);
        let name = name.to_str().unwrap();

        let mut unpacked = String::new();
        flate2::read::GzDecoder::new(fs::File::open(format!("{name}.gz")).unwrap())
            .read_to_string(&mut unpacked)
            .unwrap();
        assert_eq!(unpacked, "a{}");

        let mut unpacked = Vec::new();
        ::brotli::BrotliDecompress(&mut fs::File::open(format!("{name}.br")).unwrap(), &mut unpacked)
            .unwrap();
        assert_eq!(unpacked, b"a{}");
    }

    #[test]
    fn files_of_an_earlier_build_are_removed() {
        let site = tempfile::tempdir().unwrap();
        write(site.path(), &[asset("a.css", "old"), asset("b.css", "b")]).unwrap();
        write(site.path(), &[asset("a.css", "new")]).unwrap();
        let name = asset("a.css", "new").hashed_name();
        let expected = [name.clone(), format!("{name}.br"), format!("{name}.gz")];
        assert_eq!(names(&site.path().join("pkg")), BTreeSet::from(expected));
    }

    #[test]
    fn an_unchanged_manifest_is_not_written_again() {
        let site = tempfile::tempdir().unwrap();
        let path = site.path().join("manifest.json");
        write(site.path(), &[asset("a.css", "a")]).unwrap();
        let old = std::time::SystemTime::UNIX_EPOCH;
        let file = fs::File::options().write(true).open(&path).unwrap();
        file.set_modified(old).unwrap();
        write(site.path(), &[asset("a.css", "a")]).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), old);
    }

    #[test]
    fn two_files_of_one_name_are_refused() {
        let site = tempfile::tempdir().unwrap();
        let error = write(site.path(), &[asset("a.css", "1"), asset("a.css", "2")]).unwrap_err();
        assert!(error.to_string().contains("a.css"));
    }
}
