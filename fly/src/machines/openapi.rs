//! What is asked of the Machines API and read of its answers is in Fly's OpenAPI document. Runs where
//! `WINDSOCK_MACHINES_OPENAPI` names a file with it.

use super::samples;
use serde_json::{Value, json};

const PATHS: [&str; 14] = [
    "/apps/{app_name}/machines",
    "/apps/{app_name}/machines/{machine_id}",
    "/apps/{app_name}/machines/{machine_id}/events",
    "/apps/{app_name}/machines/{machine_id}/versions",
    "/apps/{app_name}/machines/{machine_id}/ps",
    "/apps/{app_name}/machines/{machine_id}/lease",
    "/apps/{app_name}/volumes",
    "/apps/{app_name}/certificates",
    "/apps/{app_name}/ip_assignments",
    "/apps/{app_name}/secrets",
    "/orgs/{org_slug}/machines",
    "/orgs/{org_slug}/volumes",
    "/platform/regions",
    "/tokens/current",
];

/// Parameters of the query that are sent, by path.
const PARAMETERS: [(&str, &[&str]); 4] = [
    ("/apps/{app_name}/machines/{machine_id}/events", &["limit"]),
    ("/apps/{app_name}/certificates", &["cursor"]),
    ("/orgs/{org_slug}/machines", &["include_deleted", "updated_after", "cursor", "limit"]),
    ("/orgs/{org_slug}/volumes", &["include_deleted", "updated_after", "cursor", "limit"]),
];

/// Fields of a machine that are read. `cordoned` is not among them: Fly's own client
/// has it, the document does not.
fn whole_machine() -> Value {
    let check = json!({"type": "http", "port": 1, "path": "/", "method": "get", "protocol": "http",
        "headers": [{"name": "Host"}], "interval": "1s", "timeout": "1s", "grace_period": "1s"});
    json!({"id": "", "name": "", "instance_id": "", "private_ip": "", "state": "", "region": "",
        "created_at": "", "updated_at": "", "host_status": "ok", "incomplete_config": {},
        "image_ref": {"registry": "", "repository": "", "tag": "", "digest": ""},
        "config": {"env": {}, "image": "", "metadata": {}, "guest": {"cpu_kind": "", "cpus": 1, "memory_mb": 1},
            "services": [{"internal_port": 1, "checks": [check]}], "checks": {"alive": check}},
        "events": [{"type": "", "status": "", "source": "", "timestamp": 1, "request": {}}],
        "checks": [{"name": "", "status": "", "output": "", "updated_at": ""}]})
}

struct Document(Value);

impl Document {
    fn from_environment() -> Option<Self> {
        let path = std::env::var("WINDSOCK_MACHINES_OPENAPI").ok()?;
        let text = std::fs::read_to_string(path).expect("WINDSOCK_MACHINES_OPENAPI is a file");
        Some(Self(serde_json::from_str(&text).expect("an OpenAPI document is JSON")))
    }

    fn schema<'a>(&'a self, node: &'a Value) -> &'a Value {
        let named = node["$ref"].as_str().or_else(|| node["allOf"][0]["$ref"].as_str());
        named.map_or(node, |named| {
            &self.0["components"]["schemas"][named.rsplit('/').next().unwrap_or_default()]
        })
    }

    /// Every key of the sample is a property of the schema, all the way down.
    fn covers(&self, sample: &Value, schema: &Value, at: &str) {
        let schema = self.schema(schema);
        match sample {
            Value::Object(object) => {
                let any = schema.get("additionalProperties");
                for (key, value) in object {
                    let property = schema["properties"].get(key).or(any);
                    // A bare `object` says nothing of what is in it.
                    let bare = schema.get("properties").is_none();
                    assert!(property.is_some() || bare, "{at}.{key} is not in the document");
                    if let Some(property) = property {
                        self.covers(value, property, &format!("{at}.{key}"));
                    }
                }
            }
            Value::Array(list) => {
                assert_eq!(schema["type"], "array", "{at} is no list in the document");
                for one in list {
                    self.covers(one, &schema["items"], at);
                }
            }
            _ => {}
        }
    }
}

#[test]
fn everything_that_is_asked_and_read_is_in_fly_s_openapi_document() {
    let Some(document) = Document::from_environment() else { return };
    for path in PATHS {
        assert!(document.0["paths"][path]["get"].is_object(), "GET {path} is not in the document");
    }
    for (path, parameters) in PARAMETERS {
        let known = document.0["paths"][path]["get"]["parameters"].as_array().unwrap();
        for parameter in parameters {
            assert!(known.iter().any(|one| one["name"] == *parameter), "{path} has no {parameter}");
        }
    }
    for (name, sample) in [
        ("Machine", whole_machine()),
        ("OrgVolume", samples::volume()),
        ("CertificateSummary", samples::certificate()),
        ("IPAssignment", samples::address()),
        ("AppSecret", samples::secret()),
        ("ProcessStat", samples::process()),
        ("OrgMachine", samples::machine()),
        ("OrgMachinesResponse", samples::page()),
        ("Lease", samples::lease()),
        ("main.tokenInfo", samples::grant()),
        ("main.regionRow", samples::region()),
        ("MachineVersion", json!({"version": "", "user_config": {"image": "", "metadata": {}}})),
    ] {
        let schema = &document.0["components"]["schemas"][name];
        assert!(schema.is_object(), "{name} is not in the document");
        document.covers(&sample, schema, name);
    }
}
