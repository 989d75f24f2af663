//! The configuration: read once from the environment, refused at start where a value is wrong.

mod error;
mod public_url;

pub use error::ConfigError;
pub use public_url::{PublicUrl, is_loopback_host};

use fly::{Endpoints, FlyToken};
use secrecy::SecretString;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

/// Whose forwarding headers are believed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum TrustedProxy {
    /// Nobody's.
    #[default]
    None,
    /// Fly's proxy: `Fly-Client-IP`.
    Fly,
    /// These peers': `X-Forwarded-For`, last entry.
    Addresses(Vec<IpAddr>),
}

/// Where sessions and keys are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DataDir {
    /// In this folder.
    At(PathBuf),
    /// In memory only: they end with the process.
    Memory,
}

/// Everything an operator can set.
#[derive(Clone, Debug)]
pub struct Config {
    /// `WINDSOCK_ADDR`: the address to listen on.
    pub addr: SocketAddr,
    /// `WINDSOCK_DATA_DIR`.
    pub data_dir: DataDir,
    /// `WINDSOCK_SECRET_KEY`: seals sessions; made and kept in the data folder where unset.
    pub secret_key: Option<SecretString>,
    /// `WINDSOCK_PUBLIC_URL`: the origin people use.
    pub public_url: Option<PublicUrl>,
    /// `WINDSOCK_TRUSTED_PROXY`.
    pub trusted_proxy: TrustedProxy,
    /// `FLY_API_BASE_URL` and `FLY_FLAPS_BASE_URL`.
    pub endpoints: Endpoints,
    /// `FLY_API_TOKEN`: one token for everybody, no sign-in.
    pub shared_token: Option<FlyToken>,
}

/// Reads one variable; the process's environment, or a map in tests.
pub type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

impl Config {
    /// Reads the configuration, or names the first value that is wrong.
    pub fn from_lookup(lookup: Lookup<'_>) -> Result<Self, ConfigError> {
        let get =
            |name: &str| lookup(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
        let addr = match get("WINDSOCK_ADDR") {
            Some(text) => text.parse().map_err(|_| {
                ConfigError::shape(
                    "WINDSOCK_ADDR",
                    &text,
                    "an IP address and a port, like 127.0.0.1:8080 or [::]:8080",
                )
            })?,
            None => SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
        };
        let config = Self {
            addr,
            data_dir: data_dir(lookup)?,
            secret_key: secret_key(get("WINDSOCK_SECRET_KEY"))?,
            public_url: get("WINDSOCK_PUBLIC_URL").map(|text| PublicUrl::parse(&text)).transpose()?,
            trusted_proxy: trusted_proxy(get("WINDSOCK_TRUSTED_PROXY"))?,
            endpoints: Endpoints {
                api: get("FLY_API_BASE_URL").unwrap_or_else(|| "https://api.fly.io".to_owned()),
                machines: get("FLY_FLAPS_BASE_URL").unwrap_or_else(|| "https://api.machines.dev".to_owned()),
            },
            shared_token: shared_token(get("FLY_API_TOKEN"))?,
        };
        read_only(get("WINDSOCK_READ_ONLY").as_deref())?;
        let share = boolean("WINDSOCK_SHARE_TOKEN", get("WINDSOCK_SHARE_TOKEN").as_deref(), false)?;
        if config.shared_token.is_some() && config.is_open() && !share {
            return Err(ConfigError::SharedTokenOnOpenAddress);
        }
        Ok(config)
    }

    /// Whether others than the users of this machine can reach it, directly or through a proxy.
    fn is_open(&self) -> bool {
        let elsewhere = self.public_url.as_ref().is_some_and(|url| !url.is_loopback());
        !self.addr.ip().is_loopback() || elsewhere
    }

    /// Whether cookies must be `Secure`: people come by https.
    pub fn is_https(&self) -> bool {
        self.public_url.as_ref().is_some_and(PublicUrl::is_https)
    }
}

/// Unset: a folder of the user's. Empty: memory only. A relative path is refused, since it would
/// depend on where the server was started.
fn data_dir(lookup: Lookup<'_>) -> Result<DataDir, ConfigError> {
    match lookup("WINDSOCK_DATA_DIR") {
        Some(text) if text.trim().is_empty() => Ok(DataDir::Memory),
        Some(text) => {
            let path = PathBuf::from(text.trim());
            if path.is_absolute() {
                Ok(DataDir::At(path))
            } else {
                Err(ConfigError::shape(
                    "WINDSOCK_DATA_DIR",
                    &text,
                    "an absolute path, or empty for memory only",
                ))
            }
        }
        None => Ok(users_data_dir(lookup).map_or(DataDir::Memory, DataDir::At)),
    }
}

/// The XDG data folder of the user, where there is a user.
fn users_data_dir(lookup: Lookup<'_>) -> Option<PathBuf> {
    let absolute = |name: &str| lookup(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let base =
        absolute("XDG_DATA_HOME").or_else(|| absolute("HOME").map(|home| home.join(".local/share")))?;
    Some(base.join("windsock"))
}

fn secret_key(value: Option<String>) -> Result<Option<SecretString>, ConfigError> {
    match value {
        Some(text) if text.len() < 32 => Err(ConfigError::secret(
            "WINDSOCK_SECRET_KEY",
            text.len(),
            "at least 32 characters of randomness",
        )),
        other => Ok(other.map(SecretString::from)),
    }
}

fn shared_token(value: Option<String>) -> Result<Option<FlyToken>, ConfigError> {
    value
        .map(|text| {
            FlyToken::parse(&text).map_err(|_| {
                ConfigError::secret("FLY_API_TOKEN", text.len(), "a token as `fly tokens create` prints it")
            })
        })
        .transpose()
}

fn trusted_proxy(value: Option<String>) -> Result<TrustedProxy, ConfigError> {
    let Some(text) = value else { return Ok(TrustedProxy::None) };
    if text == "fly" {
        return Ok(TrustedProxy::Fly);
    }
    let addresses: Result<Vec<IpAddr>, _> = text.split(',').map(|one| one.trim().parse()).collect();
    addresses.map(TrustedProxy::Addresses).map_err(|_| {
        ConfigError::shape(
            "WINDSOCK_TRUSTED_PROXY",
            &text,
            "\"fly\" or IP addresses with commas between them",
        )
    })
}

/// There is no action yet that could be turned on, so only "true" can be kept.
fn read_only(value: Option<&str>) -> Result<(), ConfigError> {
    if boolean("WINDSOCK_READ_ONLY", value, true)? { Ok(()) } else { Err(ConfigError::NoActionsYet) }
}

fn boolean(name: &'static str, value: Option<&str>, default: bool) -> Result<bool, ConfigError> {
    match value {
        None => Ok(default),
        Some("true") => Ok(true),
        Some("false") => Ok(false),
        Some(text) => Err(ConfigError::shape(name, text, "\"true\" or \"false\"")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let variables: Vec<(String, String)> =
            variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Config::from_lookup(&move |name| {
            variables.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
        })
    }

    #[test]
    fn without_variables_it_listens_on_loopback_and_asks_fly() {
        let config = read(&[]).unwrap();
        assert_eq!(config.addr.to_string(), "127.0.0.1:8080");
        assert_eq!(config.endpoints.api, "https://api.fly.io");
        assert_eq!(config.endpoints.machines, "https://api.machines.dev");
        assert_eq!(config.data_dir, DataDir::Memory);
    }

    #[test]
    fn sessions_are_kept_in_a_folder_of_the_users_unless_told_otherwise() {
        let config = read(&[("HOME", "/home/mara")]).unwrap();
        assert_eq!(config.data_dir, DataDir::At("/home/mara/.local/share/windsock".into()));
        assert_eq!(
            read(&[("HOME", "/home/mara"), ("WINDSOCK_DATA_DIR", "")]).unwrap().data_dir,
            DataDir::Memory
        );
    }

    #[test]
    fn a_wrong_value_is_refused_with_its_name_and_what_is_allowed() {
        for (name, value, allowed) in [
            ("WINDSOCK_ADDR", "8080", "127.0.0.1:8080"),
            ("WINDSOCK_DATA_DIR", "data", "absolute path"),
            ("WINDSOCK_TRUSTED_PROXY", "nginx", "IP addresses"),
            ("WINDSOCK_PUBLIC_URL", "windsock.example", "https://"),
            ("WINDSOCK_READ_ONLY", "no", "\"true\" or \"false\""),
            ("WINDSOCK_SHARE_TOKEN", "1", "\"true\" or \"false\""),
        ] {
            let error = read(&[(name, value)]).unwrap_err().to_string();
            assert!(error.contains(name) && error.contains(allowed) && error.contains(value), "{error}");
        }
    }

    #[test]
    fn a_secret_value_is_never_repeated_in_an_error() {
        for name in ["WINDSOCK_SECRET_KEY", "FLY_API_TOKEN"] {
            let error = read(&[(name, "CANARY secret")]).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("CANARY"), "{error:?}");
            assert!(error.to_string().contains(name));
        }
    }

    #[test]
    fn one_token_for_everybody_is_refused_on_an_open_address_unless_it_is_meant() {
        let open = [("WINDSOCK_ADDR", "[::]:8080"), ("FLY_API_TOKEN", "fo1_example")];
        let error = read(&open).unwrap_err().to_string();
        assert!(error.contains("WINDSOCK_SHARE_TOKEN"), "{error}");
        assert!(read(&[open[0], open[1], ("WINDSOCK_SHARE_TOKEN", "true")]).is_ok());
        let proxied = [("WINDSOCK_PUBLIC_URL", "https://console.example"), open[1]];
        assert!(matches!(read(&proxied), Err(ConfigError::SharedTokenOnOpenAddress)));
        assert!(read(&[("WINDSOCK_PUBLIC_URL", "http://localhost:8080"), open[1]]).is_ok());
        assert!(read(&[("FLY_API_TOKEN", "fo1_example")]).is_ok());
    }

    #[test]
    fn actions_cannot_be_turned_on_before_there_are_any() {
        assert!(read(&[("WINDSOCK_READ_ONLY", "true")]).is_ok());
        assert!(matches!(read(&[("WINDSOCK_READ_ONLY", "false")]), Err(ConfigError::NoActionsYet)));
    }
}
