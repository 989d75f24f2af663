//! What is wrong with a configuration, as its operator reads it.

/// Why the configuration was refused.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A value has the wrong shape.
    #[error("{name} is {value:?}; allowed is {allowed}")]
    Shape {
        /// The variable.
        name: &'static str,
        /// Its value.
        value: String,
        /// What would be right.
        allowed: &'static str,
    },
    /// A secret value has the wrong shape. Only its length is told.
    #[error("{name} (of {length} characters) cannot be used; allowed is {allowed}")]
    Secret {
        /// The variable.
        name: &'static str,
        /// How long its value is.
        length: usize,
        /// What would be right.
        allowed: &'static str,
    },
    /// One token would serve everybody who reaches the address.
    #[error(
        "FLY_API_TOKEN would let everybody who reaches WINDSOCK_ADDR or WINDSOCK_PUBLIC_URL see your apps without \
         signing in; use loopback addresses only (WINDSOCK_ADDR=127.0.0.1:8080), or set WINDSOCK_SHARE_TOKEN=true if \
         that is meant"
    )]
    SharedTokenOnOpenAddress,
    /// `WINDSOCK_READ_ONLY=false`.
    #[error("WINDSOCK_READ_ONLY is \"false\", but this version has no actions to allow; leave it unset")]
    NoActionsYet,
}

impl ConfigError {
    pub(super) fn shape(name: &'static str, value: &str, allowed: &'static str) -> Self {
        Self::Shape { name, value: value.chars().take(200).collect(), allowed }
    }

    pub(super) fn secret(name: &'static str, length: usize, allowed: &'static str) -> Self {
        Self::Secret { name, length, allowed }
    }
}
