//! The folder of sealed sessions: one small file each, named by the hash of the session's id.

use super::id::SessionKey;
use super::seal::{SealError, Sealer};
use secrecy::SecretString;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// Why the folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// Reading or writing failed.
    #[error("{path}: {source}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// Sealing failed.
    #[error(transparent)]
    Seal(#[from] SealError),
}

/// What the folder holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Records {
    /// The records, opened.
    pub readable: Vec<(SessionKey, Vec<u8>)>,
    /// How many were sealed with another key, or are damaged. They are left where they are.
    pub unreadable: usize,
}

/// Sealed files in the data folder.
pub struct Vault {
    folder: PathBuf,
    sealer: Sealer,
}

impl Vault {
    /// Opens the data folder, makes it where it is missing (for its owner only), and takes the key
    /// from `secret` or from the folder, where it is made once.
    pub fn open(data_dir: &Path, secret: Option<&SecretString>) -> Result<Self, VaultError> {
        let folder = data_dir.join("sessions");
        private_folder(&folder)?;
        let sealer = match secret {
            Some(secret) => Sealer::new(secret),
            None => Sealer::new(&kept_key(&data_dir.join("secret.key"))?),
        };
        Ok(Self { folder, sealer })
    }

    /// Writes a record, whole or not at all.
    pub fn write(&self, key: &SessionKey, plain: &[u8]) -> Result<(), VaultError> {
        let path = self.folder.join(key.as_str());
        let sealed = self.sealer.seal(key.as_str(), plain)?;
        write_private(&path, &sealed)
    }

    /// Removes a record; one that is not there is no error.
    pub fn remove(&self, key: &SessionKey) -> Result<(), VaultError> {
        let path = self.folder.join(key.as_str());
        match fs::remove_file(&path) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => Err(VaultError::Io { path, source }),
            _ => Ok(()),
        }
    }

    /// Reads all records.
    pub fn read_all(&self) -> Result<Records, VaultError> {
        let entries = fs::read_dir(&self.folder).map_err(|source| self.error(source))?;
        let mut records = Records::default();
        for entry in entries {
            let entry = entry.map_err(|source| self.error(source))?;
            let Some(key) = entry.file_name().to_str().and_then(SessionKey::from_file_name) else { continue };
            let opened =
                fs::read(entry.path()).ok().and_then(|sealed| self.sealer.open(key.as_str(), &sealed).ok());
            match opened {
                Some(plain) => records.readable.push((key, plain)),
                None => records.unreadable += 1,
            }
        }
        Ok(records)
    }

    fn error(&self, source: io::Error) -> VaultError {
        VaultError::Io { path: self.folder.clone(), source }
    }
}

fn kept_key(path: &Path) -> Result<SecretString, VaultError> {
    let error = |source| VaultError::Io { path: path.to_owned(), source };
    match fs::read_to_string(path) {
        Ok(text) if text.trim().len() >= 32 => Ok(SecretString::from(text.trim().to_owned())),
        Ok(_) => Err(error(io::Error::other(
            "the key in this file is too short; remove the file to make a new one",
        ))),
        Err(missing) if missing.kind() == io::ErrorKind::NotFound => {
            let id = super::SessionId::random().map_err(|_| SealError::NoRandomness)?;
            write_private(path, id.expose().as_bytes())?;
            Ok(SecretString::from(id.expose().to_owned()))
        }
        Err(source) => Err(error(source)),
    }
}

#[cfg(unix)]
fn private_folder(path: &Path) -> Result<(), VaultError> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(|source| VaultError::Io { path: path.to_owned(), source })
}

#[cfg(not(unix))]
fn private_folder(path: &Path) -> Result<(), VaultError> {
    fs::create_dir_all(path).map_err(|source| VaultError::Io { path: path.to_owned(), source })
}

/// Writes beside the file and renames, so that a crash leaves the old one or the new one.
fn write_private(path: &Path, bytes: &[u8]) -> Result<(), VaultError> {
    let error = |source| VaultError::Io { path: path.to_owned(), source };
    let beside = path.with_extension("new");
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside).map_err(error)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(error)?;
    fs::rename(&beside, path).map_err(error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::SessionId;

    #[test]
    fn a_record_survives_and_is_unreadable_on_disk() {
        let folder = tempfile::tempdir().unwrap();
        let key = SessionId::random().unwrap().key();
        Vault::open(folder.path(), None).unwrap().write(&key, b"CANARY").unwrap();

        let on_disk = fs::read(folder.path().join("sessions").join(key.as_str())).unwrap();
        assert!(!on_disk.windows(6).any(|window| window == b"CANARY"));
        let records = Vault::open(folder.path(), None).unwrap().read_all().unwrap();
        assert_eq!(records, Records { readable: vec![(key, b"CANARY".to_vec())], unreadable: 0 });
    }

    #[test]
    fn a_record_of_another_key_is_counted_and_not_lost() {
        let folder = tempfile::tempdir().unwrap();
        let secret = |text: &str| Some(SecretString::from(text.repeat(32)));
        let key = SessionId::random().unwrap().key();
        Vault::open(folder.path(), secret("a").as_ref()).unwrap().write(&key, b"x").unwrap();
        let records = Vault::open(folder.path(), secret("b").as_ref()).unwrap().read_all().unwrap();
        assert_eq!((records.readable.len(), records.unreadable), (0, 1));
        assert!(folder.path().join("sessions").join(key.as_str()).exists());
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_on_the_machine_can_read_them() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let key = SessionId::random().unwrap().key();
        Vault::open(folder.path(), None).unwrap().write(&key, b"x").unwrap();
        let mode = |path: &str| fs::metadata(folder.path().join(path)).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode("sessions"), 0o700);
        assert_eq!(mode("secret.key"), 0o600);
        assert_eq!(mode(&format!("sessions/{}", key.as_str())), 0o600);
    }
}
