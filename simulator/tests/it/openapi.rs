//! The answers of the Machines API against Fly's own document: run with `WINDSOCK_OPENAPI` naming
//! `openapi.json`. Every field must be known there and have the type it says, and fields that it
//! requires must be there.

use std::collections::BTreeMap;

use crate::common::*;
use hyper::StatusCode;
use serde_json::{Value, json};
use simulator::{Options, Simulator, Story, StoryTime};

/// Fields that Fly's own Go client reads and the document leaves out.
const UNDOCUMENTED: [&str; 2] = ["Machine.version", "Machine.cordoned"];

/// Fields that the samples of Fly's documentation show as null. The document has no notion of null.
const NULL: [&str; 9] = [
    "Machine.config",
    "MachineEvent.request",
    "Volume.attached_machine_id",
    "Volume.attached_alloc_id",
    "OrgVolume.attached_machine_id",
    "OrgVolume.attached_alloc_id",
    "CertificateDetail.rate_limited_until",
    "CertificateEntry.issuer",
    "main.tokenInfo.user",
];

/// Fly's document, and what was found to differ from it.
struct Document {
    whole: Value,
    wrong: Vec<String>,
}

impl Document {
    fn named_by_the_environment() -> Option<Self> {
        let path = std::env::var("WINDSOCK_OPENAPI").ok()?;
        let text = std::fs::read_to_string(path).unwrap();
        Some(Self { whole: serde_json::from_str(&text).unwrap(), wrong: Vec::new() })
    }

    /// The schema that `$ref` leads to, with its name.
    fn follow<'a>(&'a self, schema: &'a Value, name: &str) -> (&'a Value, String) {
        match schema["$ref"].as_str().and_then(|path| path.strip_prefix("#/components/schemas/")) {
            Some(name) => self.follow(&self.whole["components"]["schemas"][name], name),
            None => (schema, name.to_owned()),
        }
    }

    /// The properties of an object, those of `allOf` included, each with the name of its type.
    fn properties(&self, schema: &Value, name: &str) -> BTreeMap<String, (Value, String)> {
        let (schema, name) = self.follow(schema, name);
        let mut all = BTreeMap::new();
        for part in schema["allOf"].as_array().into_iter().flatten() {
            all.extend(self.properties(part, &name));
        }
        for (key, property) in schema["properties"].as_object().into_iter().flatten() {
            all.insert(key.clone(), (property.clone(), name.clone()));
        }
        all
    }

    /// Compares a value with a schema; `at` says where it stands.
    fn check(&mut self, schema: &Value, value: &Value, name: &str, at: &str) {
        let (resolved, name) = self.follow(schema, name);
        let resolved = resolved.clone();
        if let Some(allowed) = resolved["enum"].as_array()
            && !allowed.contains(value)
        {
            self.wrong.push(format!("{at}: {value} is none of {allowed:?}"));
        }
        match (resolved["type"].as_str(), value) {
            (_, Value::Object(object)) => self.check_object(&resolved, object, &name, at),
            (Some("array"), Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    self.check(&resolved["items"], item, &name, &format!("{at}[{index}]"));
                }
            }
            (Some(wanted), value) if !is_a(wanted, value) => {
                self.wrong.push(format!("{at} ({name}): {value} is no {wanted}"));
            }
            _ => {}
        }
    }

    fn check_object(&mut self, schema: &Value, value: &serde_json::Map<String, Value>, name: &str, at: &str) {
        if schema["type"].as_str().is_some_and(|wanted| wanted != "object") {
            self.wrong.push(format!("{at} ({name}): an object is no {}", schema["type"]));
        }
        let known = self.properties(schema, name);
        let others = schema.get("additionalProperties").filter(|others| others.is_object()).cloned();
        let free = known.is_empty() && others.is_none();
        for (key, value) in value.iter().filter(|_| !free) {
            let at = format!("{at}.{key}");
            match (known.get(key), &others) {
                (Some((_, owner)), _) if value.is_null() => {
                    if !NULL.contains(&format!("{owner}.{key}").as_str()) {
                        self.wrong.push(format!("{at} ({owner}.{key}) is null"));
                    }
                }
                (Some((property, _)), _) => self.check(property, value, key, &at),
                (None, Some(others)) => self.check(others, value, name, &at),
                (None, None) => {
                    if !UNDOCUMENTED.contains(&format!("{name}.{key}").as_str()) {
                        self.wrong.push(format!("{at}: {name} has no field `{key}`"));
                    }
                }
            }
        }
        for required in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !value.contains_key(required) {
                self.wrong.push(format!("{at} ({name}): `{required}` is missing"));
            }
        }
    }

    /// Compares an answer with what the document says about its method, path and status.
    fn check_answer(&mut self, method: &str, template: &str, answer: &Answer) {
        let at = format!("{method} {template}");
        let operation = self.whole["paths"][template][method.to_lowercase()].clone();
        assert!(operation.is_object(), "{at} is not in the document");
        let response = &operation["responses"][answer.status.as_str()];
        if response.is_null() {
            self.wrong
                .push(format!("{at}: status {} is not in the document: {}", answer.status, answer.text));
            return;
        }
        let schema = response["content"]["application/json"]["schema"].clone();
        if schema.is_null() {
            return;
        }
        let mut body = answer.json();
        // The lease stands in an envelope, as in the samples of the documentation and for Fly's own
        // client; the document shows only what is in it.
        if schema["$ref"].as_str().is_some_and(|path| path.ends_with("/Lease")) {
            assert_eq!(body["status"], "success", "{at}");
            body = body["data"].take();
        }
        self.check(&schema, &body, "", &at);
    }

    fn must_agree(self) {
        let mut wrong = self.wrong;
        wrong.sort();
        wrong.dedup();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

fn is_a(wanted: &str, value: &Value) -> bool {
    match wanted {
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        _ => false,
    }
}

/// Method, path of the document, path here below `/v1`, body.
type Route = (&'static str, &'static str, &'static str, Value);

const M: &str = "/apps/{app_name}/machines/{machine_id}";

fn reads() -> Vec<Route> {
    let get = |template, path| ("GET", template, path, Value::Null);
    vec![
        get("/apps", "/apps?org_slug=harbor-works"),
        get("/apps/{app_name}", "/apps/tidewater-api"),
        get("/apps/{app_name}/machines", "/apps/tidewater-api/machines?include_deleted=true"),
        get("/apps/{app_name}/machines", "/apps/night-owl/machines?summary=true"),
        get(M, "/apps/tidewater-api/machines/3d8d9014b32e68"),
        get(M, "/apps/night-owl/machines/9080e5f6a41d87"),
        get(
            "/apps/{app_name}/machines/{machine_id}/events",
            "/apps/night-owl/machines/9080e5f6a41d87/events",
        ),
        get(
            "/apps/{app_name}/machines/{machine_id}/versions",
            "/apps/night-owl/machines/9080e5f6a41d87/versions",
        ),
        get("/apps/{app_name}/machines/{machine_id}/ps", "/apps/tidewater-api/machines/3d8d9014b32e68/ps"),
        get("/apps/{app_name}/machines/{machine_id}/ps", "/apps/night-owl/machines/9080e5f6a41d87/ps"),
        get(
            "/apps/{app_name}/machines/{machine_id}/metadata",
            "/apps/night-owl/machines/9080e5f6a41d87/metadata",
        ),
        get(
            "/apps/{app_name}/machines/{machine_id}/metadata/{key}",
            "/apps/night-owl/machines/9080e5f6a41d87/metadata/fly_process_group",
        ),
        get(
            "/apps/{app_name}/machines/{machine_id}/metadata/{key}",
            "/apps/night-owl/machines/9080e5f6a41d87/metadata/nothing",
        ),
        get(
            "/apps/{app_name}/machines/{machine_id}/wait",
            "/apps/night-owl/machines/9080e5f6a41d87/wait?state=stopped",
        ),
        get(
            "/apps/{app_name}/machines/{machine_id}/wait",
            "/apps/night-owl/machines/9080e5f6a41d87/wait?state=asleep",
        ),
        get("/orgs/{org_slug}/machines", "/orgs/harbor-works/machines"),
        get("/orgs/{org_slug}/volumes", "/orgs/harbor-works/volumes"),
        get("/apps/{app_name}/volumes", "/apps/tidewater-api/volumes"),
        get("/apps/{app_name}/volumes/{volume_id}", "/apps/tidewater-api/volumes/vol_4m8n2x90kq1zr7wp"),
        get(
            "/apps/{app_name}/volumes/{volume_id}/snapshots",
            "/apps/tidewater-api/volumes/vol_4m8n2x90kq1zr7wp/snapshots",
        ),
        get("/apps/{app_name}/certificates", "/apps/tidewater-api/certificates?limit=1"),
        get(
            "/apps/{app_name}/certificates/{hostname}",
            "/apps/tidewater-api/certificates/api.harbor-works.example",
        ),
        get(
            "/apps/{app_name}/certificates/{hostname}",
            "/apps/tidewater-api/certificates/tide.harbor-works.example",
        ),
        get("/apps/{app_name}/ip_assignments", "/apps/tidewater-api/ip_assignments"),
        get("/apps/{app_name}/secrets", "/apps/tidewater-api/secrets"),
        get("/apps/{app_name}/secrets/{secret_name}", "/apps/tidewater-api/secrets/DATABASE_URL"),
        get("/platform/regions", "/platform/regions"),
        get("/tokens/current", "/tokens/current"),
    ]
}

fn actions() -> Vec<Route> {
    let post = |template, path, body| ("POST", template, path, body);
    let config =
        json!({"config": {"image": "nginx:alpine", "checks": {"alive": {"type": "tcp", "port": 80}}}});
    vec![
        post(
            "/apps/{app_name}/machines/{machine_id}/cordon",
            "/apps/night-owl/machines/9080e5f6a41d87/cordon",
            Value::Null,
        ),
        post(
            "/apps/{app_name}/machines/{machine_id}/uncordon",
            "/apps/night-owl/machines/9080e5f6a41d87/uncordon",
            Value::Null,
        ),
        post(
            "/apps/{app_name}/machines/{machine_id}/start",
            "/apps/night-owl/machines/9080e5f6a41d87/start",
            Value::Null,
        ),
        post(
            "/apps/{app_name}/machines/{machine_id}/suspend",
            "/apps/tidewater-api/machines/91857156b526d8/suspend",
            Value::Null,
        ),
        post(
            "/apps/{app_name}/machines/{machine_id}/stop",
            "/apps/tidewater-api/machines/3d8d9014b32e68/stop",
            Value::Null,
        ),
        post(
            "/apps/{app_name}/machines/{machine_id}/restart",
            "/apps/tidewater-api/machines/e286065f969386/restart",
            Value::Null,
        ),
        post(
            "/apps/{app_name}/machines/{machine_id}/signal",
            "/apps/tidewater-api/machines/148e21ea7d4989/signal",
            json!({"signal": "SIGHUP"}),
        ),
        post(
            "/apps/{app_name}/machines/{machine_id}/signal",
            "/apps/tidewater-api/machines/148e21ea7d4989/signal",
            json!({"signal": "SIGSING"}),
        ),
        post(
            "/apps/{app_name}/machines/{machine_id}/lease",
            "/apps/tidewater-api/machines/7811d6ea421098/lease",
            json!({"ttl": 30}),
        ),
        (
            "GET",
            "/apps/{app_name}/machines/{machine_id}/lease",
            "/apps/tidewater-api/machines/7811d6ea421098/lease",
            Value::Null,
        ),
        post("/apps/{app_name}/machines", "/apps/tidewater-api/machines", config.clone()),
        post(M, "/apps/tidewater-api/machines/5683ddd7c69448", config),
        post(M, "/apps/tidewater-api/machines/91857156b526d8", json!({"config": {}})),
        ("GET", "/apps/{app_name}/machines", "/apps/tidewater-api/machines", Value::Null),
        post(
            "/apps/{app_name}/machines/{machine_id}/metadata/{key}",
            "/apps/tidewater-api/machines/148e21ea7d4989/metadata/owner",
            json!({"value": "mara"}),
        ),
        (
            "PATCH",
            "/apps/{app_name}/machines/{machine_id}/metadata",
            "/apps/tidewater-api/machines/148e21ea7d4989/metadata",
            json!({"metadata": {"a": "b"}, "machine_version": "01OTHER"}),
        ),
        ("DELETE", M, "/apps/tidewater-api/machines/148e21ea7d4989?force=true", Value::Null),
        post("/apps/{app_name}/volumes", "/apps/tidewater-api/volumes", json!({"name": "cache"})),
        (
            "PUT",
            "/apps/{app_name}/volumes/{volume_id}/extend",
            "/apps/tidewater-api/volumes/vol_9vw681egy1jj5xm4/extend",
            json!({"size_gb": 20}),
        ),
        (
            "DELETE",
            "/apps/{app_name}/volumes/{volume_id}",
            "/apps/tidewater-api/volumes/vol_9vw681egy1jj5xm4",
            Value::Null,
        ),
        post("/apps", "/apps", json!({"name": "night-shift", "org_slug": "harbor-works"})),
        post("/apps", "/apps", json!({"org_slug": "harbor-works"})),
        ("DELETE", "/apps/{app_name}", "/apps/night-shift", Value::Null),
    ]
}

#[tokio::test]
async fn every_answer_of_the_machines_api_is_as_flys_document_says() {
    let Some(mut document) = Document::named_by_the_environment() else {
        return;
    };
    let simulator = paused("calm").await;
    for (method, template, path, body) in reads().into_iter().chain(actions()) {
        let url = format!("{}/v1{path}", simulator.machines_url());
        let answer = ask_to(method, &url, &demo(), None, (!body.is_null()).then_some(body)).await;
        document.check_answer(method, template, &answer);
    }
    document.must_agree();
}

#[tokio::test]
async fn the_machines_of_every_story_are_as_flys_document_says() {
    let Some(mut document) = Document::named_by_the_environment() else {
        return;
    };
    for name in Story::names() {
        let story = Story::embedded(name).unwrap();
        // A few apps of a large story tell all that there is to tell.
        let apps: Vec<String> = story.world.apps.iter().take(20).map(|app| app.name.clone()).collect();
        let end = story.facts.last().map_or(story.start, |fact| fact.at);
        let options = Options { story, paused: true, rate_limits: false, ..Options::default() };
        let simulator = Simulator::start(options).await.unwrap();
        simulator.jump(StoryTime::from_ms(end.as_ms()));
        for app in apps {
            let url = format!("{}/v1/apps/{app}/machines?include_deleted=true", simulator.machines_url());
            let answer = get(&url, &demo()).await;
            if answer.status == StatusCode::OK {
                document.check_answer("GET", "/apps/{app_name}/machines", &answer);
            }
        }
    }
    document.must_agree();
}

#[test]
fn the_comparison_finds_what_differs() {
    let whole = json!({"components": {"schemas": {
        "Thing": {"type": "object", "required": ["id"], "properties": {
            "id": {"type": "string"},
            "size": {"type": "integer"},
            "kind": {"type": "string", "enum": ["a", "b"]},
            "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Part"}},
        }},
        "Part": {"type": "object", "allOf": [{"$ref": "#/components/schemas/Base"}]},
        "Base": {"type": "object", "properties": {"name": {"type": "string"}}},
    }}});
    let thing = json!({"$ref": "#/components/schemas/Thing"});
    let wrong = |value: Value| {
        let mut document = Document { whole: whole.clone(), wrong: Vec::new() };
        document.check(&thing, &value, "", "it");
        document.wrong.join("; ")
    };
    assert_eq!(wrong(json!({"id": "1", "size": 2, "kind": "a", "parts": [{"name": "x"}]})), "");
    assert_eq!(wrong(json!({"size": 2})), "it (Thing): `id` is missing");
    assert_eq!(wrong(json!({"id": "1", "weight": 2})), "it.weight: Thing has no field `weight`");
    assert_eq!(wrong(json!({"id": "1", "size": "2"})), "it.size (size): \"2\" is no integer");
    assert!(wrong(json!({"id": "1", "kind": "c"})).contains("is none of"));
    assert_eq!(wrong(json!({"id": null})), "it.id (Thing.id) is null");
    assert_eq!(wrong(json!({"id": "1", "parts": [{"name": 3}]})), "it.parts[0].name (name): 3 is no string");
}
