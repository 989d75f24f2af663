//! A good answer of each kind.

#[path = "../../src/machines/samples.rs"]
#[expect(dead_code, reason = "shared with the tests that need more of them")]
mod holdings;
#[path = "../it/samples.rs"]
#[expect(dead_code, reason = "shared with the tests that need more of them")]
mod machines_and_apps;

use fly::fuzzing::Answer;
use machines_and_apps::{allocation, machine, nomad_app, release, with};
use serde_json::{Value, json};

const AT: &str = "2026-11-01T10:00:00Z";

/// The body of a good answer.
pub(crate) fn sample(answer: Answer) -> Value {
    let page = json!({"hasNextPage": true, "endCursor": "c1", "hasPreviousPage": true, "startCursor": "c0"});
    match answer {
        Answer::Viewer => {
            json!({"data": {"viewer": {"__typename": "User", "email": "jo@example.com", "name": "Jo"}}})
        }
        Answer::Access => json!({"data": {"app": {"id": "harbor-web"}}}),
        Answer::Organizations => {
            json!({"data": {"organizations": {"nodes": [{"slug": "personal", "name": "Jo"}], "pageInfo": page}}})
        }
        Answer::Apps => {
            json!({"data": {"apps": {"nodes": [row("a", "nomad"), row("b", "machines")], "pageInfo": page}}})
        }
        Answer::App => json!({"data": {"app": whole_app()}}),
        Answer::Releases => {
            let nodes = [release(14, "failed", "CANARY"), release(13, "complete", "ROLLING")];
            json!({"data": {"app": {"releasesUnprocessed": {"nodes": nodes, "pageInfo": page}}}})
        }
        Answer::Release => {
            let info = json!({"metadata": {"post_deployment_info": {"flyctl_version": "0.3.197", "error": "no capacity"}}});
            json!({"data": {"app": {"release": with(release(14, "failed", "CANARY"), &info)}}})
        }
        Answer::ReleaseFacts => {
            let with_config = |version, port| {
                let config =
                    json!({"definition": {"env": {"PORT": port}, "services": [{"internal_port": 8080}]}});
                with(release(version, "failed", "CANARY"), &json!({"config": config, "metadata": null}))
            };
            json!({"data": {"app": {"platformVersion": "machines", "release": with_config(14, "8080"),
                "before": with_config(13, "4000"),
                "releasesUnprocessed": {"nodes": [release(15, "complete", "ROLLING")]}}}})
        }
        Answer::Deployment => json!({"data": {"app": {"deploymentStatus": nomad_app()["deploymentStatus"]}}}),
        Answer::Vms => json!({"data": {"app": {"vms": {"nodes": [allocation()], "pageInfo": page}}}}),
        Answer::Belongings => json!({"data": {"app": belongings()}}),
        Answer::Regions => {
            let region = json!({"code": "sjc", "name": "San Jose, California (US)", "latitude": 37.35,
                "longitude": -121.96, "gatewayAvailable": true, "deprecated": false});
            json!({"data": {"platform": {"regions": [region]}}})
        }
        Answer::Machines => json!([machine("73d8d46dbee589", "cdg"), crashed()]),
        Answer::Machine => crashed(),
        Answer::Events => crashed()["events"].clone(),
        Answer::Versions => {
            json!([{"version": "01JB2X", "user_config": {"image": "registry.fly.io/harbor-web:v14",
            "metadata": {"fly_release_version": "14"}}}])
        }
        Answer::OrgCounts | Answer::OrgMachines => {
            let mut listed = machine("73d8d46dbee589", "cdg");
            listed["app_name"] = json!("harbor-web");
            json!({"machines": [listed], "next_cursor": "m1", "error_regions": ["lhr"], "last_updated_at": AT})
        }
        Answer::OrgVolumes => {
            json!({"volumes": [holdings::volume()], "next_cursor": "v1", "error_regions": ["lhr"], "last_updated_at": AT})
        }
        Answer::Processes => json!([holdings::process()]),
        Answer::Lease => json!({"status": "success", "data": holdings::lease()}),
        Answer::Volumes => json!([holdings::volume()]),
        Answer::Certificates => {
            json!({"certificates": [holdings::certificate()], "next_cursor": "c1", "total_count": 2})
        }
        Answer::Addresses => json!({"ips": [holdings::address()]}),
        Answer::Secrets => json!({"secrets": [holdings::secret()]}),
        Answer::PlatformRegions => json!({"nearest": "cdg", "regions": [holdings::region()]}),
        Answer::TokenScope => json!({"tokens": [holdings::grant()]}),
        Answer::Logs => holdings::log(),
        Answer::WebReleases => holdings::releases(),
    }
}

fn whole_app() -> Value {
    let mut app = nomad_app();
    app["hostIssues"] = json!({"nodes": [{"message": "Network trouble", "createdAt": "2026-11-01T10:00:00Z",
        "updatedAt": "2026-11-01T11:00:00Z", "resolvedAt": null}]});
    app["config"]["definition"]["services"][0]["tcp_checks"] =
        json!([{"interval": "15s", "grace_period": "1s", "timeout": 2000}]);
    app["config"]["definition"]["checks"] =
        json!({"alive": {"type": "http", "port": 8080, "headers": {"Host": "a"}}});
    app["config"]["definition"]["deploy"] = json!({"release_command": "/app/bin/migrate"});
    app
}

fn row(name: &str, era: &str) -> Value {
    json!({
        "name": name, "status": "deployed", "platformVersion": era,
        "organization": {"slug": "harbor-works", "name": "Harbor Works"},
        "currentReleaseUnprocessed": {"version": 3, "status": "complete", "createdAt": "2026-11-01T10:00:00Z",
            "user": {"name": "Jo", "email": "jo@example.com"}},
        "deploymentStatus": {"status": "failed", "placedCount": 3, "unhealthyCount": 1}
    })
}

fn belongings() -> Value {
    json!({
        "sharedIpAddress": "66.241.124.1",
        "ipAddresses": {"nodes": [{"address": "2a09:8280:1::1", "type": "v6", "region": "global",
            "createdAt": "2026-11-01T10:00:00Z"}]},
        "certificates": {"nodes": [{"hostname": "harbor.example", "clientStatus": "Ready", "isConfigured": true,
            "createdAt": null, "rateLimitedUntil": null, "issued": {"nodes": [{"expiresAt": "2027-02-01T00:00:00Z"}]},
            "validationErrors": [{"message": "x", "remediation": null}]}]},
        "secrets": [{"name": "DATABASE_URL", "digest": "b9e3", "createdAt": null, "user": null}],
        "volumes": {"nodes": [{"id": "vol_1", "name": "data", "region": "sjc", "sizeGb": 3, "state": "created",
            "encrypted": true, "createdAt": null, "attachedMachine": {"id": "73d8d46dbee589"}, "attachedAllocationId": null}]}
    })
}

fn crashed() -> Value {
    let mut crashed = machine("73d8d46dbee580", "ams");
    crashed["events"] = json!([{"id": "9", "type": "exit", "status": "stopped", "source": "flyd",
        "timestamp": 1_779_576_700_000_i64, "request": {"restart_count": 3, "MonitorEvent": {"exit_event":
            {"exit_code": 137, "signal": 9, "oom_killed": true, "exited_at": "2026-05-23T22:51:40Z"}}}}]);
    crashed["config"]["services"][0]["checks"] = json!([{"type": "http", "path": "/up", "interval": "10s"}]);
    crashed["checks"] = json!(null);
    crashed
}
