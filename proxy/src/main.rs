//! The binary `windsock-proxy`: a developer's tool, no part of Windsock.

use std::{io::Write as _, net::SocketAddr, process::ExitCode};

use clap::Parser;
use proxy::{Conditions, Options, Proxy};

/// A proxy that behaves as badly as proxies and networks do.
///
/// How it behaves is switched while it runs: PUT /_proxy/conditions on its control port.
#[derive(Debug, Parser)]
#[command(name = "windsock-proxy", version)]
struct Cli {
    /// Where Windsock listens.
    #[arg(long, value_name = "HOST:PORT")]
    to: String,
    /// Where browsers connect.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Where the control listens; loopback only.
    #[arg(long, default_value = "127.0.0.1:0")]
    control: SocketAddr,
    /// How it behaves at first, as JSON.
    #[arg(long, value_parser = conditions, default_value = "{}")]
    conditions: Conditions,
    /// Print one line of JSON with the addresses, for scripts.
    #[arg(long)]
    json: bool,
}

fn conditions(text: &str) -> Result<Conditions, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

#[tokio::main]
async fn main() -> ExitCode {
    let Cli { to, listen, control, conditions, json } = Cli::parse();
    match Proxy::start(Options { to, listen, control, conditions }).await {
        Ok(proxy) => {
            announce(&proxy, json);
            let _ = tokio::signal::ctrl_c().await;
            ExitCode::SUCCESS
        }
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "windsock-proxy: {error}");
            ExitCode::FAILURE
        }
    }
}

fn announce(proxy: &Proxy, json: bool) {
    let (url, control) = (proxy.url(), proxy.control_url());
    let text = if json {
        serde_json::json!({"url": url, "control": control}).to_string()
    } else {
        format!("open     {url}\ncontrol  {control}/_proxy/conditions\n\nCtrl-C stops it.")
    };
    // A closed standard output is no reason to stop.
    let mut out = std::io::stdout();
    let _ = writeln!(out, "{text}").and_then(|()| out.flush());
}
