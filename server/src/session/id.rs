//! The secret a browser holds, and the name the server knows it by.

use sha2::{Digest, Sha256};
use std::fmt;

/// 256 random bits, in hex: the value of the cookie.
pub struct SessionId(String);

impl SessionId {
    /// A new one from the operating system's randomness.
    pub fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Self(hex(&bytes)))
    }

    /// The value of a cookie, if it has the shape of an id.
    pub fn from_cookie(value: &str) -> Option<Self> {
        let sound =
            value.len() == 64 && value.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        sound.then(|| Self(value.to_owned()))
    }

    /// The value for the cookie.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What the server keeps: who reads the store cannot make a cookie of it.
    pub fn key(&self) -> SessionKey {
        SessionKey(hex(&Sha256::digest(self.0.as_bytes())))
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionId(…)")
    }
}

/// The hash of a session's id: its name in memory and on disk.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SessionKey(String);

impl SessionKey {
    /// A file name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What a page may know of its session: enough to tell it from others, of no use for anything
    /// else.
    pub fn tag(&self) -> String {
        let digest = Sha256::digest(format!("windsock tabs {}", self.0));
        hex(&digest[..8])
    }

    /// The key that a file name stands for, if it is one.
    pub fn from_file_name(name: &str) -> Option<Self> {
        SessionId::from_cookie(name).map(|id| Self(id.0))
    }
}

fn hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_256_bits_and_no_two_are_alike() {
        let (a, b) = (SessionId::random().unwrap(), SessionId::random().unwrap());
        assert_eq!(a.expose().len(), 64);
        assert_ne!(a.expose(), b.expose());
        assert_ne!(a.key().as_str(), a.expose());
    }

    #[test]
    fn a_cookie_of_another_shape_is_no_id() {
        for bad in ["", "abc", &"g".repeat(64), &"A".repeat(64), &"a".repeat(65)] {
            assert!(SessionId::from_cookie(bad).is_none(), "{bad:?} was taken");
        }
    }

    #[test]
    fn an_id_is_not_printed() {
        assert_eq!(format!("{:?}", SessionId::random().unwrap()), "SessionId(…)");
    }
}
