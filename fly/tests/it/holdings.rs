//! Volumes, certificates, addresses and names of secrets. The shapes are those of Fly's
//! documentation; the values are invented.

use crate::support::{app, client, machines_say, ok, token};
use fly::{FlyClient, FlyError};
use model::address::AddressKind;
use model::state::HostStatus;
use serde_json::{Value, json};
use wiremock::matchers::{method, path, query_param, query_param_is_missing};
use wiremock::{Mock, MockServer};

async fn says(below: &str, body: &Value) -> (MockServer, FlyClient) {
    let server = MockServer::start().await;
    machines_say(&server, &format!("/v1/apps/harbor-web/{below}"), ok(body)).await;
    let client = client(&server.uri());
    (server, client)
}

#[tokio::test]
async fn volumes_tell_their_size_and_what_they_are_attached_to() {
    let list = json!([
        {"id": "vol_9vw681egy1jj5xm4", "name": "disk", "state": "created", "size_gb": 3, "region": "yul",
            "zone": "09cd", "encrypted": true, "attached_machine_id": "908057ef21e487", "attached_alloc_id": null,
            "created_at": "2023-09-01T19:47:14.774Z", "bytes_total": 3_146_752_000_u64, "bytes_used": 1_024,
            "snapshot_retention": 5, "auto_backup_enabled": true, "host_status": "ok"},
        {"id": "vol_q4qeekqzxze29dw4", "name": "disk", "state": "created", "region": "iad", "size_gb": "3",
            "attached_machine_id": null, "created_at": null},
        {"id": "vol_x"}
    ]);
    let (_server, client) = says("volumes", &list).await;
    let fetched = client.volumes(&token(), &app()).await.unwrap();
    let [used, free] = fetched.value.as_slice() else { panic!("{:?}", fetched.value) };
    assert_eq!(used.attached_to.as_ref().unwrap().as_str(), "908057ef21e487");
    assert_eq!((used.size_gb, used.bytes_total), (Some(3), Some(3_146_752_000)));
    assert_eq!((used.snapshot_retention_days, &used.host), (Some(5), &HostStatus::Ok));
    assert_eq!((free.attached_to.as_ref(), free.size_gb, free.created_at), (None, None, None));
    assert_eq!(fetched.missing, ["1 volume that could not be read"]);
}

#[tokio::test]
async fn certificates_are_read_to_the_last_page() {
    let page = |host: &str, next: Value| {
        json!({"certificates": [{"hostname": host, "status": "active", "configured": true, "dns_provider": "enom",
            "acme_dns_configured": true, "has_fly_certificate": true, "has_custom_certificate": false,
            "created_at": "2024-01-15T10:30:00Z"}], "next_cursor": next, "total_count": 2})
    };
    let server = MockServer::start().await;
    let at = "/v1/apps/harbor-web/certificates";
    Mock::given(method("GET"))
        .and(path(at))
        .and(query_param_is_missing("cursor"))
        .respond_with(ok(&page("example.com", json!("abc"))))
        .mount(&server)
        .await;
    Mock::given(method("GET"))
        .and(path(at))
        .and(query_param("cursor", "abc"))
        .respond_with(ok(&page("*.example.com", json!(""))))
        .mount(&server)
        .await;
    let fetched = client(&server.uri()).certificates(&token(), &app()).await.unwrap();
    let names: Vec<&str> = fetched.value.iter().map(|one| one.hostname.as_str()).collect();
    assert_eq!(names, ["example.com", "*.example.com"]);
    let first = &fetched.value[0];
    assert_eq!((first.configured, first.acme_http, first.own), (Some(true), None, Some(false)));
    assert!(fetched.missing.is_empty());
}

#[tokio::test]
async fn a_list_of_certificates_that_does_not_end_is_cut_and_says_so() {
    let pages = std::sync::atomic::AtomicUsize::new(1);
    let endless = move |_: &wiremock::Request| {
        let next = pages.fetch_add(1, std::sync::atomic::Ordering::Relaxed).to_string();
        ok(&json!({"certificates": [{"hostname": "example.com"}], "next_cursor": next}))
    };
    let server = MockServer::start().await;
    Mock::given(method("GET")).respond_with(endless).mount(&server).await;
    let fetched = client(&server.uri()).certificates(&token(), &app()).await.unwrap();
    assert_eq!(fetched.value.len(), 20);
    assert_eq!(fetched.missing, ["certificates after the first 20"]);
}

#[tokio::test]
async fn addresses_are_of_both_families_shared_or_not() {
    let list = json!({"ips": [
        {"ip": "66.241.124.1", "region": "global", "shared": true, "created_at": "2024-01-15T10:30:00Z"},
        {"ip": "2a09:8280:1::a:b", "region": "", "service_name": "web"},
        {"ip": "somewhere"}
    ]});
    let (_server, client) = says("ip_assignments", &list).await;
    let fetched = client.ip_assignments(&token(), &app()).await.unwrap();
    let [v4, v6] = fetched.value.as_slice() else { panic!("{:?}", fetched.value) };
    assert!(v4.kind == AddressKind::SharedV4 && v6.kind == AddressKind::V6);
    assert_eq!((v6.region.as_ref(), v6.service.as_deref()), (None, Some("web")));
    assert_eq!(fetched.missing, ["1 address that could not be read"]);
}

#[tokio::test]
async fn secrets_are_names_and_digests_and_their_values_are_not_asked_for() {
    let list = json!({"secrets": [
        {"name": "DATABASE_URL", "digest": "b3f0", "created_at": "2024-01-15T10:30:00Z", "value": "hunter2"},
        {"digest": "nameless"}
    ]});
    let (server, client) = says("secrets", &list).await;
    let fetched = client.secret_names(&token(), &app()).await.unwrap();
    assert_eq!(
        (fetched.value[0].name.as_str(), fetched.value[0].digest.as_deref()),
        ("DATABASE_URL", Some("b3f0"))
    );
    assert!(!format!("{fetched:?}").contains("hunter2"));
    assert_eq!(fetched.missing, ["1 secret that could not be read"]);
    assert_eq!(server.received_requests().await.unwrap()[0].url.query(), None);
}

#[tokio::test]
async fn an_empty_list_may_be_null_and_an_answer_without_it_is_malformed() {
    for below in ["certificates", "ip_assignments", "secrets"] {
        for (body, whole) in [
            (json!({"certificates": null, "ips": null, "secrets": null}), true),
            (json!({"certificates": [], "ips": [], "secrets": []}), true),
            (json!({}), false),
            (json!({"certificates": {}, "ips": "x", "secrets": 1}), false),
            (json!([]), false),
        ] {
            let (_server, client) = says(below, &body).await;
            let answer = match below {
                "certificates" => client.certificates(&token(), &app()).await.map(|all| all.value.len()),
                "secrets" => client.secret_names(&token(), &app()).await.map(|all| all.value.len()),
                _ => client.ip_assignments(&token(), &app()).await.map(|all| all.value.len()),
            };
            match answer {
                Ok(count) => assert!(whole && count == 0, "{below}: {body}"),
                Err(FlyError::Malformed { .. }) => assert!(!whole, "{below}: {body}"),
                Err(other) => panic!("{below}: {body}: {other:?}"),
            }
        }
    }
}
