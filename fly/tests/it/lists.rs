//! Organizations, regions, and what belongs to an app beside its instances.

use crate::support::{app, client, count, graphql_data, graphql_says, ok, token};
use fly::{Belongings, Fetched, FlyError};
use model::address::AddressKind;
use serde_json::{Value, json};
use wiremock::matchers::{body_partial_json, method};
use wiremock::{Mock, MockServer};

#[tokio::test]
async fn all_pages_of_the_organizations_are_read() {
    let server = MockServer::start().await;
    let page = |nodes: Value, next: Option<&str>| {
        let info = json!({"hasNextPage": next.is_some(), "endCursor": next});
        ok(&json!({"data": {"organizations": {"nodes": nodes, "pageInfo": info}}}))
    };
    let after = |cursor: Value| body_partial_json(json!({"variables": {"after": cursor}}));
    let first = page(json!([{"slug": "personal", "name": "Jo"}, {"slug": "../x"}, null, 7]), Some("c1"));
    let second = page(json!([{"slug": "harbor-works", "name": ""}]), None);
    Mock::given(method("POST")).and(after(json!(null))).respond_with(first).mount(&server).await;
    Mock::given(method("POST")).and(after(json!("c1"))).respond_with(second).mount(&server).await;
    let Fetched { value, missing, .. } = client(&server.uri()).organizations(&token()).await.unwrap();
    let shown: Vec<(&str, &str)> = value.iter().map(|one| (one.slug.as_str(), one.name.as_str())).collect();
    assert_eq!(shown, [("harbor-works", "harbor-works"), ("personal", "Jo")]);
    assert_eq!(missing, ["2 organizations that could not be read"]);
}

#[tokio::test]
async fn organizations_that_never_end_are_said_to_be_cut() {
    let endless = json!({"organizations": {"nodes": [{"slug": "a"}], "pageInfo": {"hasNextPage": true, "endCursor": "again"}}});
    let server = graphql_data(endless).await;
    let Fetched { value, missing, .. } = client(&server.uri()).organizations(&token()).await.unwrap();
    assert_eq!((value.len(), missing), (1, vec!["organizations after the first 2".to_owned()]));
    assert_eq!(count(&server, "/graphql").await, 2);
}

#[tokio::test]
async fn regions_have_names_and_one_without_has_its_code() {
    let regions = json!([
        {"code": "sjc", "name": "San Jose, California (US)", "latitude": 37.35, "longitude": -121.96,
            "gatewayAvailable": true, "deprecated": false},
        {"code": "ams", "name": null, "latitude": "north", "longitude": null, "gatewayAvailable": null, "deprecated": true},
        {"code": "", "name": "Nowhere"}, 3
    ]);
    let server = graphql_data(json!({"platform": {"regions": regions}})).await;
    let Fetched { value, missing, .. } = client(&server.uri()).regions(&token()).await.unwrap();
    assert_eq!(
        (value.list[0].name.as_str(), value.list[0].latitude, value.list[0].deprecated),
        ("ams", None, true)
    );
    assert_eq!(
        (value.list[1].name.as_str(), value.list[1].gateway),
        ("San Jose, California (US)", Some(true))
    );
    assert_eq!(missing, ["2 regions that could not be read"]);
    let server = graphql_data(json!({"platform": {"regions": {}}})).await;
    let error = client(&server.uri()).regions(&token()).await.unwrap_err();
    assert!(matches!(error, FlyError::Malformed { .. }), "{error:?}");
}

fn everything() -> Value {
    json!({
        "sharedIpAddress": "66.241.124.1",
        "ipAddresses": {"nodes": [
            {"address": "2a09:8280:1::1", "type": "v6", "region": "global", "createdAt": "2026-11-01T10:00:00Z"},
            {"address": "66.241.124.1", "type": "anycast_v9", "region": null, "createdAt": null},
            {"address": "not an address", "type": "v4"}
        ]},
        "certificates": {"nodes": [{
            "hostname": "harbor.example", "clientStatus": "Ready", "isConfigured": true,
            "createdAt": "2026-11-01T10:00:00Z", "rateLimitedUntil": null,
            "issued": {"nodes": [{"expiresAt": "2027-02-01T00:00:00Z"}, {"expiresAt": "2027-01-01T00:00:00Z"}]},
            "validationErrors": [{"message": "DNS does not lead here.", "remediation": "Add an A record."}]
        }]},
        "secrets": [{"name": "DATABASE_URL", "digest": "b9e37b7b9ee36d4c", "createdAt": "2026-11-01T10:00:00Z",
            "user": {"name": "Jo", "email": "jo@example.com"}}, {"digest": "x"}],
        "volumes": {"nodes": [
            {"id": "vol_1", "name": "data", "region": "sjc", "sizeGb": 3, "state": "created", "encrypted": true,
                "createdAt": "2026-11-01T10:00:00Z", "attachedMachine": {"id": "73d8d46dbee589"}, "attachedAllocationId": null},
            {"id": "vol_2", "name": "data", "region": "sjc", "sizeGb": -1, "state": "created", "encrypted": null,
                "createdAt": null, "attachedMachine": null, "attachedAllocationId": "e80d7fbd-1111-2222-3333-444444444444"}
        ]}
    })
}

async fn belongings(server: &MockServer) -> Fetched<Belongings> {
    client(&server.uri()).belongings(&token(), &app()).await.unwrap()
}

#[tokio::test]
async fn all_that_belongs_to_an_app_comes_in_one_question() {
    let server = graphql_data(json!({"app": everything()})).await;
    let Fetched { value, missing, .. } = belongings(&server).await;
    assert_eq!(missing, ["1 IP address that could not be read", "1 secret that could not be read"]);
    assert_eq!(value.shared_address, Some([66, 241, 124, 1].into()));
    assert_eq!(value.addresses[0].kind, AddressKind::V6);
    assert_eq!(value.addresses[1].kind, AddressKind::Other("anycast_v9".into()));
    let certificate = &value.certificates[0];
    assert_eq!(certificate.expires_at.unwrap().0, 1_798_761_600_000);
    assert_eq!(certificate.problems, ["DNS does not lead here. Add an A record."]);
    assert_eq!(
        (value.secrets[0].name.as_str(), value.secrets[0].user.as_deref()),
        ("DATABASE_URL", Some("Jo"))
    );
    let attached: Vec<&str> =
        value.volumes.iter().map(|one| one.attached_to.as_ref().unwrap().as_str()).collect();
    assert_eq!(attached, ["73d8d46dbee589", "e80d7fbd"]);
    assert_eq!((value.volumes[0].size_gb, value.volumes[1].size_gb), (Some(3), None));
    assert_eq!(count(&server, "/graphql").await, 1);
}

#[tokio::test]
async fn belongings_that_fail_are_left_out_and_named() {
    let server = MockServer::start().await;
    let asked = |secrets: bool| body_partial_json(json!({"variables": {"secrets": secrets}}));
    let failed = json!({"data": {"app": null}, "errors": [{"message": "no", "path": ["app", "secrets"]}]});
    let mut lean = everything();
    lean.as_object_mut().unwrap().remove("secrets");
    lean["volumes"] = json!({"nodes": null});
    let lean =
        json!({"data": {"app": lean}, "errors": [{"message": "no", "path": ["app", "volumes", "nodes"]}]});
    Mock::given(method("POST")).and(asked(true)).respond_with(ok(&failed)).mount(&server).await;
    Mock::given(method("POST")).and(asked(false)).respond_with(ok(&lean)).mount(&server).await;
    let Fetched { value, missing, .. } = belongings(&server).await;
    assert_eq!(missing, ["secrets", "volumes", "1 IP address that could not be read"]);
    assert_eq!((value.secrets.len(), value.certificates.len()), (0, 1));
}

#[tokio::test]
async fn belongings_of_a_wrong_type_are_counted_and_an_app_of_others_is_not_found() {
    let odd = json!({"ipAddresses": 7, "certificates": {"nodes": {}}, "secrets": "x", "volumes": [], "sharedIpAddress": 3});
    let Fetched { value, missing, .. } = belongings(&graphql_data(json!({"app": odd})).await).await;
    assert_eq!(value, Belongings::default());
    assert_eq!(missing, ["IP addresses", "certificates", "secrets", "volumes"]);
    let server = graphql_says(ok(&json!({"data": {"app": null}}))).await;
    let error = client(&server.uri()).belongings(&token(), &app()).await.unwrap_err();
    assert!(matches!(error, FlyError::NotFound { .. }), "{error:?}");
}
