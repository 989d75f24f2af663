//! Seals what is written to disk: XChaCha20-Poly1305 with a key only the server has.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

const NONCE_BYTES: usize = 24;

/// Why something could not be sealed or opened.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum SealError {
    /// The operating system gave no randomness.
    #[error("the operating system gave no randomness")]
    NoRandomness,
    /// Another key, another name, or damaged: which of them cannot be told.
    #[error("it was sealed with another key, or it is damaged")]
    NotOurs,
}

/// Seals and opens, each bound to a name, so that one record cannot stand in for another.
pub struct Sealer(XChaCha20Poly1305);

impl Sealer {
    /// Derives the key from a secret of any length.
    pub fn new(secret: &SecretString) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"windsock session seal v1");
        hash.update(secret.expose_secret().as_bytes());
        Self(XChaCha20Poly1305::new(&hash.finalize()))
    }

    /// Seals `plain` under `name`.
    pub fn seal(&self, name: &str, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let mut nonce = [0_u8; NONCE_BYTES];
        getrandom::fill(&mut nonce).map_err(|_| SealError::NoRandomness)?;
        let payload = Payload { msg: plain, aad: name.as_bytes() };
        let sealed = self.0.encrypt(XNonce::from_slice(&nonce), payload).map_err(|_| SealError::NotOurs)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what was sealed under `name`.
    pub fn open(&self, name: &str, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE_BYTES).ok_or(SealError::NotOurs)?;
        let payload = Payload { msg: sealed, aad: name.as_bytes() };
        self.0.decrypt(XNonce::from_slice(nonce), payload).map_err(|_| SealError::NotOurs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealer(secret: &str) -> Sealer {
        Sealer::new(&SecretString::from(secret.to_owned()))
    }

    #[test]
    fn what_was_sealed_can_be_opened_under_the_same_name_only() {
        let sealed = sealer("a").seal("one", b"token").unwrap();
        assert_eq!(sealer("a").open("one", &sealed).unwrap(), b"token");
        assert_eq!(sealer("a").open("two", &sealed), Err(SealError::NotOurs));
        assert_eq!(sealer("b").open("one", &sealed), Err(SealError::NotOurs));
    }

    #[test]
    fn one_changed_bit_or_a_missing_end_is_noticed() {
        let sealed = sealer("a").seal("one", b"token").unwrap();
        for at in 0..sealed.len() {
            let mut damaged = sealed.clone();
            damaged[at] ^= 1;
            assert_eq!(sealer("a").open("one", &damaged), Err(SealError::NotOurs));
            assert_eq!(sealer("a").open("one", &sealed[..at]), Err(SealError::NotOurs));
        }
    }

    #[test]
    fn the_same_text_is_never_sealed_alike() {
        let one = sealer("a");
        assert_ne!(one.seal("n", b"x").unwrap(), one.seal("n", b"x").unwrap());
    }
}
