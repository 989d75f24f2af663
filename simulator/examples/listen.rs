//! A simulator alone: it tells its addresses as one line of JSON and plays until it is ended.
//!
//! `cargo run -p simulator --example listen -- calm 10` plays the story `calm` ten times as fast as
//! real time; without arguments `failed-deploy-v14` in real time.

#![expect(clippy::print_stdout, reason = "what it prints is how one finds it")]

use std::error::Error;

use simulator::{Options, Simulator, Story, tokens};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let story = Story::embedded(arguments.next().as_deref().unwrap_or("failed-deploy-v14"))?;
    let speed = arguments.next().as_deref().unwrap_or("1").parse()?;
    let simulator = Simulator::start(Options { story, speed, ..Options::default() }).await?;
    let told = serde_json::json!({
        "api": simulator.api_url(),
        "machines": simulator.machines_url(),
        "control": simulator.control_url(),
        "token": tokens::DEMO,
    });
    println!("{told}");
    tokio::signal::ctrl_c().await?;
    Ok(())
}
