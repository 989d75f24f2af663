//! `windsock demo --story` knows every story, and says which there are.

#![allow(clippy::unwrap_used, reason = "an integration test is a test throughout")]

use clap::{CommandFactory as _, Parser as _};
use server::cli::{Cli, Command};
use simulator::Story;

#[test]
fn the_demo_takes_every_story_by_its_name() {
    for name in Story::names() {
        let cli = Cli::try_parse_from(["windsock", "demo", "--story", name]).unwrap();
        let Some(Command::Demo(args)) = cli.command else { panic!("{name} starts no demo") };
        assert_eq!(args.story, name);
    }
}

#[test]
fn the_demo_lists_the_stories_in_its_help_and_where_the_name_is_wrong() {
    let error = Cli::try_parse_from(["windsock", "demo", "--story", "drama"]).unwrap_err().to_string();
    let mut demo = Cli::command();
    let help = demo.find_subcommand_mut("demo").unwrap().render_long_help().to_string();
    for name in Story::names() {
        assert!(error.contains(name), "{name} is missing: {error}");
        assert!(help.contains(name), "{name} is missing: {help}");
    }
}
