//! `windsock check`: the configuration, and whether Fly can be reached with it.

use crate::config::{Config, DataDir, PublicUrl, TrustedProxy};
use crate::session::Vault;
use crate::state::StartError;
use fly::{FlyClient, FlyToken};
use std::fmt::Write as _;

/// What was found, and whether all of it is well.
pub struct Report {
    /// Lines for a person. Secrets are masked.
    pub text: String,
    /// Whether the server would start and reach Fly.
    pub well: bool,
}

/// Checks everything that can be checked without serving.
pub async fn check(config: &Config) -> Result<Report, StartError> {
    let mut text = describe(config);
    if let DataDir::At(folder) = &config.data_dir {
        Vault::open(folder, config.secret_key.as_ref())?;
    }
    let client = FlyClient::new(config.endpoints.clone())?;
    let (line, well) = reach(&client, config.shared_token.as_ref()).await;
    let _ = writeln!(text, "Fly                     {line}");
    Ok(Report { text, well })
}

fn describe(config: &Config) -> String {
    let masked = |set: bool| if set { "set (not shown)" } else { "not set" };
    let data = match &config.data_dir {
        DataDir::At(folder) => folder.display().to_string(),
        DataDir::Memory => "memory only: sessions end with the process".to_owned(),
    };
    let proxy = match &config.trusted_proxy {
        TrustedProxy::None => "nobody".to_owned(),
        TrustedProxy::Fly => "fly".to_owned(),
        TrustedProxy::Addresses(addresses) => {
            addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        }
    };
    let public = config.public_url.as_ref().map_or_else(|| "not set".to_owned(), PublicUrl::origin);
    format!(
        "WINDSOCK_ADDR           {}\nWINDSOCK_DATA_DIR       {data}\nWINDSOCK_SECRET_KEY     {}\n\
         WINDSOCK_PUBLIC_URL     {public}\nWINDSOCK_TRUSTED_PROXY  {proxy}\nFLY_API_BASE_URL        {}\n\
         FLY_FLAPS_BASE_URL      {}\nFLY_API_TOKEN           {}\n",
        config.addr,
        masked(config.secret_key.is_some()),
        config.endpoints.api,
        config.endpoints.machines,
        masked(config.shared_token.is_some()),
    )
}

/// With a token: whose it is. Without: a made-up one, which Fly refuses if it can be reached.
async fn reach(client: &FlyClient, token: Option<&FlyToken>) -> (String, bool) {
    if let Some(token) = token {
        return match client.viewer(token).await {
            Ok(viewer) => (format!("answers; FLY_API_TOKEN belongs to {}", viewer.label), true),
            Err(error) => (error.person(), false),
        };
    }
    let Ok(nobody) = FlyToken::parse("windsock-check") else { return ("not asked".to_owned(), false) };
    match client.viewer(&nobody).await {
        Ok(_) => ("answers".to_owned(), true),
        Err(error) if error.is_access_denied() => ("answers".to_owned(), true),
        Err(error) => (error.person(), false),
    }
}
