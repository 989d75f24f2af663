//! Answers in the shapes of Fly's schema and documentation. The values are invented.

use serde_json::{Value, json};

/// An app of the Nomad era whose deployment of v14 failed.
pub(crate) fn nomad_app() -> Value {
    json!({
        "name": "harbor-web", "status": "running", "hostname": "harbor-web.fly.dev", "platformVersion": "nomad",
        "organization": {"slug": "harbor-works", "name": "Harbor Works"},
        "currentRelease": {"version": 14, "metadata": {"post_deployment_info":
            {"flyctl_version": "0.0.240", "error": "failed due to unhealthy allocations"}}},
        "hostIssues": {"nodes": []},
        "releasesUnprocessed": {"nodes": [release(14, "failed", "CANARY"), release(13, "dead", "ROLLING_ONE")]},
        "config": {"definition": {
            "env": {"PORT": 8080},
            "services": [{"internal_port": 4000, "protocol": "tcp"}]
        }},
        "deploymentStatus": {
            "id": "d2f306ae-803b-fa48-d2f1-7d56a16de9ff", "inProgress": false, "successful": false, "promoted": false,
            "version": 14, "status": "failed",
            "description": "Failed due to unhealthy allocations - no stable job version to auto revert to",
            "desiredCount": 1, "placedCount": 1, "healthyCount": 0, "unhealthyCount": 1
        },
        "processGroups": [{"name": "app", "regions": ["sjc"], "vmSize": {"name": "shared-cpu-1x", "memoryMb": 256}}],
        "allocations": [allocation()]
    })
}

pub(crate) fn release(version: i32, status: &str, strategy: &str) -> Value {
    json!({
        "version": version, "status": status, "description": "Deploy image", "reason": "deploy",
        "stable": false, "deploymentStrategy": strategy, "evaluationId": null,
        "imageRef": format!("registry.fly.io/harbor-web:deployment-{version}"),
        "createdAt": "2021-09-22T20:20:03Z", "updatedAt": "2021-09-22T20:24:41.764Z",
        "user": {"name": "", "email": "jo@example.com"}
    })
}

pub(crate) fn allocation() -> Value {
    json!({
        "idShort": "e80d7fbd", "version": 14, "status": "running", "desiredStatus": "run", "region": "sjc",
        "taskName": "app", "restarts": 2,
        "createdAt": "2021-09-22T20:20:05Z", "updatedAt": "2021-09-22T20:24:41Z",
        "checks": [{"name": "0a33", "status": "critical", "output": "dial tcp: connection refused\n",
            "updatedAt": "2021-09-22T20:24:40Z"}],
        "events": [
            {"timestamp": "2021-09-22T20:22:00Z", "type": "Restart Signaled", "message": "healthcheck: check \"0a33\" unhealthy"},
            {"timestamp": "2021-09-22T20:20:05Z", "type": "Received", "message": "Task received by client"}
        ],
        "recentLogs": [
            {"timestamp": "2021-09-22T20:22:02Z", "level": "info", "message": "\u{1b}[32mRunning\u{1b}[0m at :::8080\n"},
            {"timestamp": "2021-09-22T20:22:01Z", "level": "info", "message": "Starting instance"}
        ]
    })
}

/// An app on Machines, as far as GraphQL tells.
pub(crate) fn machines_app() -> Value {
    json!({
        "name": "harbor-web", "status": "deployed", "hostname": "harbor-web.fly.dev", "platformVersion": "machines",
        "organization": {"slug": "harbor-works", "name": "Harbor Works"},
        "currentRelease": {"version": 12, "metadata": null},
        "hostIssues": {"nodes": []},
        "releasesUnprocessed": {"nodes": [release(12, "complete", "ROLLING"), release(11, "complete", "BLUEGREEN")]},
        "config": {"definition": {}},
        "deploymentStatus": null, "processGroups": [], "allocations": []
    })
}

/// A started machine whose one visible check passes.
pub(crate) fn machine(id: &str, region: &str) -> Value {
    json!({
        "id": id, "name": "quirky-machine", "state": "started", "region": region,
        "instance_id": "01G3SHPT434MNW8TS4ENX11RQY", "private_ip": "fdaa:0:3ec2:a7b:5adc:6068:5b85:2",
        "config": {
            "env": {"PORT": "8080"},
            "image": "registry.fly.io/harbor-web:deployment-12",
            "metadata": {"fly_process_group": "web", "fly_release_version": "12", "fly_platform_version": "v2"},
            "services": [{"internal_port": 8080, "protocol": "tcp", "ports": [{"port": 443, "handlers": ["tls", "http"]}]}],
            "guest": {"cpu_kind": "shared", "cpus": 1, "memory_mb": 512}
        },
        "image_ref": {"registry": "registry.fly.io", "repository": "harbor-web", "tag": "deployment-12"},
        "created_at": "2026-05-23T22:48:21Z", "updated_at": "2026-05-23T22:50:01.5Z",
        "host_status": "ok",
        "checks": [
            {"name": "servicecheck-00-http-8080", "status": "passing", "output": "gm\r\n", "updated_at": "2026-05-23T22:50:00Z"},
            {"name": "bg_deployments_compat_tcp", "status": "critical", "output": "", "updated_at": "2026-05-23T22:50:00Z"}
        ],
        "events": [
            {"id": "2", "type": "start", "status": "started", "source": "flyd", "timestamp": 1_779_576_600_000_i64},
            {"id": "1", "type": "launch", "status": "created", "source": "user", "timestamp": 1_779_576_500_000_i64}
        ]
    })
}

/// The sample with other values for some keys.
pub(crate) fn with(mut sample: Value, changes: &Value) -> Value {
    for (key, value) in changes.as_object().unwrap() {
        sample[key] = value.clone();
    }
    sample
}
