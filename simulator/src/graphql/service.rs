//! Services of an app, read from its configuration.

use async_graphql::Object;
use serde_json::Value;

use super::scalars::{CheckType, Named as _, ServiceHandlerType, ServiceProtocolType};

/// The services of a configuration, as Nomad-era `fly.toml` files write them.
pub(super) fn of(config: &Value) -> Vec<Service> {
    list(&config["services"]).into_iter().map(Service).collect()
}

fn list(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}

fn int(value: &Value) -> Option<i32> {
    value.as_i64().and_then(|number| i32::try_from(number).ok())
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// Milliseconds of a text such as `15s` or of a number of milliseconds.
fn milliseconds(value: &Value) -> i32 {
    let seconds = value.as_str().and_then(|text| text.strip_suffix('s')?.parse::<i32>().ok());
    seconds.map(|seconds| seconds * 1000).or_else(|| int(value)).unwrap_or(0)
}

/// A service: ports to the outside and where they lead.
pub(super) struct Service(Value);

#[Object(name = "Service")]
impl Service {
    async fn checks(&self) -> Vec<Check> {
        let kinds = [("tcp_checks", CheckType::Tcp), ("http_checks", CheckType::Http)];
        let all = kinds
            .into_iter()
            .flat_map(|(key, kind)| list(&self.0[key]).into_iter().map(move |check| Check { kind, check }));
        all.collect()
    }
    async fn description(&self) -> String {
        let ports = list(&self.0["ports"]);
        let ports: Vec<String> = ports.iter().map(|port| port["port"].to_string()).collect();
        format!("{} => {}", ports.join(", "), self.0["internal_port"])
    }
    async fn hard_concurrency(&self) -> i32 {
        int(&self.0["concurrency"]["hard_limit"]).unwrap_or(0)
    }
    async fn internal_port(&self) -> i32 {
        int(&self.0["internal_port"]).unwrap_or(0)
    }
    async fn ports(&self) -> Vec<ServicePort> {
        list(&self.0["ports"]).into_iter().map(ServicePort).collect()
    }
    async fn protocol(&self) -> ServiceProtocolType {
        let protocol = self.0["protocol"].as_str().and_then(ServiceProtocolType::read);
        protocol.unwrap_or(ServiceProtocolType::Tcp)
    }
    async fn soft_concurrency(&self) -> i32 {
        int(&self.0["concurrency"]["soft_limit"]).unwrap_or(0)
    }
}

/// A port to the outside.
pub(super) struct ServicePort(Value);

#[Object(name = "ServicePort")]
impl ServicePort {
    async fn end_port(&self) -> Option<i32> {
        int(&self.0["end_port"])
    }
    async fn handlers(&self) -> Vec<ServiceHandlerType> {
        let handlers = list(&self.0["handlers"]);
        handlers.iter().filter_map(|one| ServiceHandlerType::read(one.as_str()?)).collect()
    }
    async fn port(&self) -> Option<i32> {
        int(&self.0["port"])
    }
    async fn start_port(&self) -> Option<i32> {
        int(&self.0["start_port"])
    }
}

/// A check of a service.
pub(super) struct Check {
    kind: CheckType,
    check: Value,
}

#[Object(name = "Check")]
impl Check {
    async fn http_method(&self) -> Option<String> {
        (self.kind == CheckType::Http).then(|| text(&self.check["method"])).flatten()
    }
    async fn http_path(&self) -> Option<String> {
        (self.kind == CheckType::Http).then(|| text(&self.check["path"])).flatten()
    }
    async fn interval(&self) -> i32 {
        milliseconds(&self.check["interval"])
    }
    async fn name(&self) -> Option<String> {
        text(&self.check["name"])
    }
    async fn timeout(&self) -> i32 {
        milliseconds(&self.check["timeout"])
    }
    #[graphql(name = "type")]
    async fn kind(&self) -> CheckType {
        self.kind
    }
}
