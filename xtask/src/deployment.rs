//! What `fly.toml` and the `Dockerfile` say, and whether the two fit together and fit the server.

use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;

use anyhow::{Context, Result, bail};
use toml::Value;

use crate::workspace::Workspace;

/// The path that the server answers without a session.
const HEALTH_PATH: &str = "/healthz";
/// Seconds within which the server promises to exit after SIGTERM.
const EXITS_WITHIN: i64 = 5;
/// A limit meant for short requests would refuse pages that hold a stream.
const FEWEST_STREAMS: i64 = 500;
/// The distribution release of both stages.
const RELEASE: &str = "bookworm";

/// Both files, read.
pub(crate) struct Deployment {
    fly: Value,
    image: Image,
}

/// What the last stage of the Dockerfile sets.
#[derive(Debug, Default)]
struct Image {
    stages: Vec<String>,
    environment: BTreeMap<String, String>,
    exposed: Vec<String>,
    user: Option<String>,
    stop_signal: Option<String>,
}

impl Deployment {
    pub(crate) fn read(workspace: &Workspace) -> Result<Self> {
        let read = |name: &str| {
            fs::read_to_string(workspace.root().join(name)).with_context(|| format!("cannot read {name}"))
        };
        Self::parse(&read("fly.toml")?, &read("Dockerfile")?)
    }

    fn parse(fly: &str, dockerfile: &str) -> Result<Self> {
        Ok(Self {
            fly: Value::Table(toml::from_str(fly).context("fly.toml")?),
            image: Image::parse(dockerfile),
        })
    }

    /// The path that Fly's proxy probes.
    pub(crate) fn check_path(&self) -> Result<&str> {
        let path = self.fly_value(&["http_service", "checks", "0", "path"]);
        path.and_then(Value::as_str).context("fly.toml: [[http_service.checks]] has no path")
    }

    /// Fails with every mismatch, one a line.
    pub(crate) fn check(&self) -> Result<()> {
        let found = self.mismatches();
        if !found.is_empty() {
            bail!("fly.toml and the image do not fit:\n- {}", found.join("\n- "));
        }
        Ok(())
    }

    /// Everything that would let a deployment die of a disagreement.
    fn mismatches(&self) -> Vec<String> {
        [
            self.port_mismatch(),
            self.wrong(
                &["http_service", "checks", "0", "path"],
                |path| path.as_str() == Some(HEALTH_PATH),
                &format!("the server answers {HEALTH_PATH}"),
            ),
            self.wrong(
                &["mounts", "destination"],
                |path| path.as_str() == self.image.variable("WINDSOCK_DATA_DIR"),
                "the image keeps its data in WINDSOCK_DATA_DIR",
            ),
            self.wrong(
                &["env", "WINDSOCK_TRUSTED_PROXY"],
                |proxy| proxy.as_str() == Some("fly"),
                "behind Fly's proxy it is `fly`",
            ),
            self.wrong(
                &["env", "WINDSOCK_PUBLIC_URL"],
                |url| url.as_str().is_some_and(|url| url.starts_with("https://")),
                "the proxy is reached over https",
            ),
            self.wrong(
                &["http_service", "force_https"],
                |forced| forced.as_bool() == Some(true),
                "cookies are Secure behind an https origin",
            ),
            self.wrong(
                &["http_service", "concurrency", "type"],
                |kind| matches!(kind.as_str(), Some("requests" | "connections")),
                "Fly knows requests and connections",
            ),
            self.wrong(
                &["http_service", "concurrency", "soft_limit"],
                |limit| limit.as_integer() >= Some(FEWEST_STREAMS),
                &format!("each open page holds a stream; at least {FEWEST_STREAMS}"),
            ),
            self.limits_mismatch(),
            self.wrong(
                &["kill_signal"],
                |signal| signal.as_str() == self.image.stop_signal.as_deref(),
                "the image's STOPSIGNAL is what the server ends on",
            ),
            self.wrong(
                &["kill_timeout"],
                |seconds| seconds.as_integer() > Some(EXITS_WITHIN),
                &format!("the server may take {EXITS_WITHIN} s to end"),
            ),
            self.wrong(
                &["http_service", "min_machines_running"],
                |machines| machines.as_integer() == Some(1),
                "one machine holds the sessions",
            ),
            self.wrong(
                &["http_service", "auto_stop_machines"],
                |stop| stop.as_str() == Some("off"),
                "open pages hold a stream to the machine",
            ),
        ]
        .into_iter()
        .flatten()
        .chain(self.image.mismatches())
        .collect()
    }

    fn port_mismatch(&self) -> Option<String> {
        let address = self.image.variable("WINDSOCK_ADDR").unwrap_or_default();
        let Ok(address) = address.parse::<SocketAddr>() else {
            return Some(format!("Dockerfile: WINDSOCK_ADDR is `{address}`, not an address and a port"));
        };
        if !address.ip().is_unspecified() {
            return Some(format!(
                "Dockerfile: WINDSOCK_ADDR is `{address}`, which the proxy cannot reach; [::] is"
            ));
        }
        self.wrong(
            &["http_service", "internal_port"],
            |port| port.as_integer() == Some(i64::from(address.port())),
            &format!("the image listens on {}", address.port()),
        )
    }

    fn limits_mismatch(&self) -> Option<String> {
        let soft = self.fly_value(&["http_service", "concurrency", "soft_limit"]).and_then(Value::as_integer);
        self.wrong(
            &["http_service", "concurrency", "hard_limit"],
            |hard| hard.as_integer() >= soft,
            "it is not below soft_limit",
        )
    }

    fn wrong(&self, path: &[&str], is_right: impl Fn(&Value) -> bool, because: &str) -> Option<String> {
        let name = path.join(".");
        match self.fly_value(path) {
            None => Some(format!("fly.toml: {name} is missing ({because})")),
            Some(value) if is_right(value) => None,
            Some(value) => Some(format!("fly.toml: {name} is {value} ({because})")),
        }
    }

    fn fly_value(&self, path: &[&str]) -> Option<&Value> {
        path.iter().try_fold(&self.fly, |value, key| match key.parse::<usize>() {
            Ok(index) => value.get(index),
            Err(_) => value.get(*key),
        })
    }
}

impl Image {
    /// Understands the few instructions that our Dockerfile uses, one a line.
    fn parse(dockerfile: &str) -> Self {
        let mut image = Self::default();
        for line in dockerfile.lines() {
            let Some((instruction, rest)) = line.split_once(' ') else {
                continue;
            };
            let rest = rest.trim();
            match instruction {
                "FROM" => {
                    let stages = std::mem::take(&mut image.stages);
                    image = Self { stages, ..Self::default() };
                    image.stages.push(rest.to_owned());
                }
                "ENV" => {
                    if let Some((name, value)) = rest.split_once('=') {
                        image.environment.insert(name.to_owned(), value.to_owned());
                    }
                }
                "EXPOSE" => image.exposed.push(rest.to_owned()),
                "USER" => image.user = Some(rest.to_owned()),
                "STOPSIGNAL" => image.stop_signal = Some(rest.to_owned()),
                _ => {}
            }
        }
        image
    }

    fn variable(&self, name: &str) -> Option<&str> {
        self.environment.get(name).map(String::as_str)
    }

    fn mismatches(&self) -> Vec<String> {
        let mut found = Vec::new();
        let port =
            self.variable("WINDSOCK_ADDR").and_then(|address| address.rsplit_once(':')).map(|(_, port)| port);
        if self.exposed.iter().map(String::as_str).ne(port) {
            found.push(format!("Dockerfile: EXPOSE is {:?}", self.exposed));
        }
        if self.user.as_deref() != Some(crate::image_root::USER) {
            found.push(format!("Dockerfile: USER is {:?}", self.user));
        }
        if self.stop_signal.as_deref() != Some("SIGTERM") {
            found.push(format!("Dockerfile: STOPSIGNAL is {:?}", self.stop_signal));
        }
        for stage in self.stages.iter().filter(|stage| !stage.contains(RELEASE)) {
            found.push(format!("Dockerfile: `FROM {stage}` is not {RELEASE}"));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_member_of_the_workspace_goes_to_the_builder_of_the_image() {
        let root = Workspace::find().unwrap().root().to_path_buf();
        let manifest: Value =
            Value::Table(toml::from_str(&fs::read_to_string(root.join("Cargo.toml")).unwrap()).unwrap());
        let ignored = fs::read_to_string(root.join(".dockerignore")).unwrap();
        let members = manifest["workspace"]["members"].as_array().unwrap();
        assert!(members.len() > 5);
        for member in members.iter().map(|member| member.as_str().unwrap()) {
            let line = format!("!{member}");
            assert!(ignored.lines().any(|one| one == line), "cargo needs {member}, and it is left out");
        }
    }

    fn files() -> (String, String) {
        let root = Workspace::find().unwrap().root().to_path_buf();
        (
            fs::read_to_string(root.join("fly.toml")).unwrap(),
            fs::read_to_string(root.join("Dockerfile")).unwrap(),
        )
    }

    fn mismatches(fly: &str, dockerfile: &str) -> Vec<String> {
        Deployment::parse(fly, dockerfile).unwrap().mismatches()
    }

    /// The one mismatch that follows from an edit of our `fly.toml`.
    fn after_editing_fly(from: &str, to: &str) -> String {
        let (fly, dockerfile) = files();
        assert!(fly.contains(from), "fly.toml has no {from}");
        let found = mismatches(&fly.replace(from, to), &dockerfile);
        assert_eq!(found.len(), 1, "{found:?}");
        found[0].clone()
    }

    /// The one mismatch that follows from an edit of our `Dockerfile`.
    fn after_editing_image(from: &str, to: &str) -> String {
        let (fly, dockerfile) = files();
        assert!(dockerfile.contains(from), "Dockerfile has no {from}");
        let found = mismatches(&fly, &dockerfile.replace(from, to));
        assert_eq!(found.len(), 1, "{found:?}");
        found[0].clone()
    }

    #[test]
    fn our_files_fit() {
        let (fly, dockerfile) = files();
        assert_eq!(mismatches(&fly, &dockerfile), Vec::<String>::new());
    }

    #[test]
    fn another_port_in_fly_toml_is_named_with_the_images() {
        assert_eq!(
            after_editing_fly("internal_port = 8080", "internal_port = 3000"),
            "fly.toml: http_service.internal_port is 3000 (the image listens on 8080)"
        );
    }

    #[test]
    fn an_address_that_only_the_machine_itself_reaches_is_refused() {
        let found = after_editing_image("[::]:8080", "127.0.0.1:8080");
        assert!(found.contains("the proxy cannot reach"), "{found}");
    }

    #[test]
    fn a_check_of_another_path_is_named() {
        let found = after_editing_fly("\"/healthz\"", "\"/health\"");
        assert!(found.contains("the server answers /healthz"), "{found}");
    }

    #[test]
    fn a_volume_beside_the_data_is_named() {
        let found = after_editing_fly("destination = \"/data\"", "destination = \"/var\"");
        assert!(found.contains("WINDSOCK_DATA_DIR"), "{found}");
    }

    #[test]
    fn limits_made_for_short_requests_are_named() {
        let found = after_editing_fly("soft_limit = 1000", "soft_limit = 20");
        assert!(found.contains("each open page holds a stream"), "{found}");
        let found = after_editing_fly("hard_limit = 2000", "hard_limit = 25");
        assert!(found.contains("not below soft_limit"), "{found}");
    }

    #[test]
    fn a_signal_that_the_image_does_not_name_and_a_short_time_to_end_are_named() {
        let found = after_editing_fly("\"SIGTERM\"", "\"SIGINT\"");
        assert!(found.contains("kill_signal"), "{found}");
        let found = after_editing_fly("kill_timeout = 10", "kill_timeout = 5");
        assert!(found.contains("5 s to end"), "{found}");
    }

    #[test]
    fn a_missing_setting_is_named() {
        let found = after_editing_fly("WINDSOCK_TRUSTED_PROXY = \"fly\"", "");
        assert!(found.contains("WINDSOCK_TRUSTED_PROXY is missing"), "{found}");
    }

    #[test]
    fn root_and_another_release_in_the_last_stage_are_named() {
        let found = after_editing_image("USER windsock\n", "");
        assert!(found.contains("USER"), "{found}");
        let found = after_editing_image("debian:bookworm-slim", "debian:trixie-slim");
        assert!(found.contains("is not bookworm"), "{found}");
    }

    #[test]
    fn what_an_earlier_stage_sets_is_not_the_images() {
        let image = Image::parse("FROM a\nUSER windsock\nFROM b\n");
        assert_eq!(image.user, None);
        assert_eq!(image.stages, ["a", "b"]);
    }
}
