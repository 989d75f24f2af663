//! Machines as they come, read as leniently as can be. Source: the Machines API's OpenAPI
//! document and fly-go `machine_types.go`.

use crate::decode::listed::{free, lenient};
use crate::decode::time;
use crate::graphql::lenient as list;
use model::Timestamp;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

#[derive(Debug, Deserialize)]
pub(crate) struct Machine {
    pub(crate) id: String,
    pub(crate) state: String,
    pub(crate) region: String,
    pub(crate) created_at: Option<String>,
    pub(crate) updated_at: Option<String>,
    pub(crate) host_status: Option<String>,
    pub(crate) config: Option<Config>,
    /// Stands for `config` while the host does not answer.
    pub(crate) incomplete_config: Option<Config>,
    #[serde(default)]
    pub(crate) events: list::Option<list::Vec<Event>>,
    #[serde(default)]
    pub(crate) checks: list::Option<list::Vec<Check>>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) image_ref: Option<ImageRef>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) name: Option<String>,
    /// Changes with every version of the machine.
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) instance_id: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) private_ip: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) cordoned: Option<bool>,
}

/// The image that was resolved when the machine was made.
#[derive(Debug, Deserialize)]
pub(crate) struct ImageRef {
    pub(crate) registry: Option<String>,
    pub(crate) repository: Option<String>,
    pub(crate) tag: Option<String>,
    pub(crate) digest: Option<String>,
}

impl ImageRef {
    /// As one would write it: `registry.fly.io/harbor-web:deployment-12`.
    pub(crate) fn written(&self) -> Option<String> {
        let given = |part: &Option<String>| part.clone().filter(|part| !part.is_empty());
        let mut image = given(&self.repository)?;
        if let Some(registry) = given(&self.registry) {
            image = format!("{registry}/{image}");
        }
        Some(match (given(&self.tag), given(&self.digest)) {
            (Some(tag), _) => format!("{image}:{tag}"),
            (None, Some(digest)) => format!("{image}@{digest}"),
            (None, None) => image,
        })
    }
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Config {
    #[serde(default, deserialize_with = "free")]
    pub(crate) env: Option<Value>,
    pub(crate) guest: Option<Guest>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) image: Option<String>,
    #[serde(default, deserialize_with = "free")]
    pub(crate) services: Option<Value>,
    #[serde(default, deserialize_with = "free")]
    pub(crate) checks: Option<Value>,
    #[serde(default, deserialize_with = "free")]
    pub(crate) metadata: Option<Value>,
}

impl Config {
    /// The services; none where that is no list.
    pub(crate) fn services(&self) -> &[Value] {
        self.services.as_ref().and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// A value of the metadata, which flyctl writes as text.
    pub(crate) fn metadata(&self, key: &str) -> Option<&str> {
        self.metadata.as_ref()?.get(key)?.as_str()
    }

    /// The process group; machines made without flyctl have none and count as `app`.
    pub(crate) fn process_group(&self) -> &str {
        self.metadata("fly_process_group").filter(|group| !group.is_empty()).unwrap_or("app")
    }
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Guest {
    pub(crate) cpu_kind: Option<String>,
    pub(crate) cpus: Option<u32>,
    pub(crate) memory_mb: Option<u32>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Check {
    pub(crate) name: Option<String>,
    pub(crate) status: Option<String>,
    pub(crate) output: Option<String>,
    pub(crate) updated_at: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Event {
    #[serde(rename = "type")]
    pub(crate) kind: Option<String>,
    pub(crate) status: Option<String>,
    pub(crate) source: Option<String>,
    #[serde(default, deserialize_with = "instant")]
    pub(crate) timestamp: Option<Timestamp>,
    #[serde(default, deserialize_with = "Request::of")]
    pub(crate) request: Request,
}

/// What an event tells beside its kind.
#[derive(Debug, Default)]
pub(crate) struct Request {
    /// The exit that the event tells of.
    pub(crate) exit: Option<ExitEvent>,
    /// How often the machine had been restarted when the event happened.
    pub(crate) restart_count: Option<u32>,
}

impl Request {
    /// For `deserialize_with`: reads either of the two shapes it has had.
    fn of<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Some(request) = free(deserializer)? else { return Ok(Self::default()) };
        let nested = |field: &str| request.get("MonitorEvent").and_then(|monitor| monitor.get(field));
        let exit = nested("exit_event").filter(|exit| exit.is_object()).or_else(|| request.get("exit_event"));
        let restarts = request.get("restart_count").or_else(|| nested("restart_count"));
        Ok(Self {
            exit: exit.and_then(|exit| ExitEvent::deserialize(exit).ok()),
            restart_count: restarts.and_then(Value::as_u64).and_then(|count| u32::try_from(count).ok()),
        })
    }
}

/// For `deserialize_with`: milliseconds since the epoch, or RFC 3339: `exited_at` has been both.
fn instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    Ok(match free(deserializer)? {
        Some(Value::Number(millis)) => millis.as_i64().map(Timestamp),
        Some(Value::String(text)) => time::instant(&text),
        _ => None,
    })
}

/// The end of a machine's main process.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct ExitEvent {
    pub(crate) exit_code: Option<i64>,
    pub(crate) guest_exit_code: Option<i64>,
    pub(crate) signal: Option<i64>,
    pub(crate) guest_signal: Option<i64>,
    pub(crate) oom_killed: Option<bool>,
    pub(crate) requested_stop: Option<bool>,
    pub(crate) restarting: Option<bool>,
    pub(crate) error: Option<String>,
    pub(crate) guest_error: Option<String>,
    #[serde(default, deserialize_with = "instant")]
    pub(crate) exited_at: Option<Timestamp>,
}

impl ExitEvent {
    /// The exit code, if there is one.
    pub(crate) fn code(&self) -> Option<i64> {
        self.exit_code.or(self.guest_exit_code)
    }

    /// The signal, if it was one: Fly writes -1 for "by none".
    pub(crate) fn ended_by(&self) -> Option<i64> {
        [self.signal, self.guest_signal].into_iter().flatten().find(|signal| *signal > 0)
    }

    /// What went wrong in Fly's words, if anything.
    pub(crate) fn said(&self) -> Option<&str> {
        [&self.error, &self.guest_error]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .find(|text| !text.is_empty())
    }
}
