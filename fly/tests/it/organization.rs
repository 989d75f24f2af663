//! A whole organization, Fly as a whole, and what a token is for.

use crate::support::{client, graphql_data, machines_say, ok, token};
use fly::{FlyError, OrgQuery};
use model::scope::AppScope;
use model::state::InstanceState;
use model::{OrgSlug, ReleaseVersion, Timestamp};
use serde_json::{Value, json};
use wiremock::matchers::{method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

fn slug() -> OrgSlug {
    OrgSlug::new("harbor-works").unwrap()
}

fn org_machine(id: &str, changes: &Value) -> Value {
    let mut one = json!({
        "app_name": "harbor-web", "id": id, "name": "quirky-machine", "state": "started", "region": "cdg",
        "instance_id": "01G3", "version": "01G3", "private_ip": "fdaa::1",
        "created_at": "2026-05-23T22:48:21Z", "updated_at": "2026-05-23T22:50:01Z",
        "config": {"image": "registry.fly.io/harbor-web:deployment-12",
            "metadata": {"fly_process_group": "web", "fly_release_version": "12"}}
    });
    for (key, value) in changes.as_object().unwrap() {
        one[key] = value.clone();
    }
    one
}

#[tokio::test]
async fn machines_of_an_organization_come_page_by_page_since_an_instant() {
    let at = "/v1/orgs/harbor-works/machines";
    let first = json!({"machines": [org_machine("73d8d46dbee589", &json!({}))], "next_cursor": "abc",
        "last_updated_at": "2026-05-23T22:50:01Z", "last_machine_id": "73d8d46dbee589"});
    let last = json!({"machines": [], "next_cursor": ""});
    let server = MockServer::start().await;
    for (key, value, page) in [("updated_after", "2026-05-23T22:00:00Z", &first), ("cursor", "abc", &last)] {
        Mock::given(method("GET"))
            .and(path(at))
            .and(query_param(key, value))
            .and(query_param("limit", "500"))
            .respond_with(ok(page))
            .mount(&server)
            .await;
    }
    let client = client(&server.uri());
    let mut query = OrgQuery {
        updated_after: Some(Timestamp(1_779_573_600_999)),
        limit: Some(500),
        ..OrgQuery::default()
    };
    let page = client.organization_machines(&token(), &slug(), &query).await.unwrap();
    let one = &page.items[0];
    assert_eq!((one.app.as_str(), one.version), ("harbor-web", Some(ReleaseVersion(12))));
    assert_eq!(
        (&one.state, one.process_group.as_str(), one.reserved),
        (&InstanceState::Started, "web", false)
    );
    assert_eq!(page.last_updated_at, Some(Timestamp(1_779_576_601_000)));
    query.cursor = page.next;
    let page = client.organization_machines(&token(), &slug(), &query).await.unwrap();
    assert_eq!((page.items.len(), page.next), (0, None));
}

#[tokio::test]
async fn regions_that_did_not_answer_are_named() {
    let body = json!({"machines": [
        org_machine("73d8d46dbee589", &json!({"config": {"metadata": {"fly_process_group": "fly_app_console"}}})),
        org_machine("73d8d46dbee588", &json!({"config": null, "created_at": null, "updated_at": 5})),
        org_machine("../../x", &json!({})), null
    ], "error_regions": ["ams", "sjc", 7, ""]});
    let server = MockServer::start().await;
    machines_say(&server, "/v1/orgs/harbor-works/machines", ok(&body)).await;
    let page =
        client(&server.uri()).organization_machines(&token(), &slug(), &OrgQuery::default()).await.unwrap();
    let silent: Vec<&str> = page.silent_regions.iter().map(model::RegionCode::as_str).collect();
    assert_eq!(silent, ["ams", "sjc"]);
    assert_eq!((page.items.len(), page.unreadable), (2, 2));
    assert!(page.items[0].reserved);
    assert_eq!((page.items[1].process_group.as_str(), page.items[1].image.as_deref()), ("app", None));
}

#[tokio::test]
async fn volumes_of_an_organization_name_their_app() {
    let body =
        json!({"volumes": [{"id": "vol_1", "region": "yul", "app_name": "harbor-web"}], "next_cursor": null});
    let server = MockServer::start().await;
    machines_say(&server, "/v1/orgs/harbor-works/volumes", ok(&body)).await;
    let page =
        client(&server.uri()).organization_volumes(&token(), &slug(), &OrgQuery::default()).await.unwrap();
    assert_eq!(page.items[0].app.as_ref().unwrap().as_str(), "harbor-web");
}

#[tokio::test]
async fn regions_have_names_and_one_is_nearest() {
    let body = json!({"nearest": "cdg", "regions": [
        {"code": "sjc", "name": "San Jose, California (US)", "latitude": 37.3, "longitude": -121.8, "deprecated": true,
            "gateway_available": true, "requires_paid_plan": false, "geo_region": "north_america"},
        {"code": "cdg", "name": null, "latitude": "48"},
        {"name": "nowhere"}
    ]});
    let server = MockServer::start().await;
    machines_say(&server, "/v1/platform/regions", ok(&body)).await;
    let fetched = client(&server.uri()).platform_regions(&token()).await.unwrap();
    let codes: Vec<&str> = fetched.value.list.iter().map(|one| one.code.as_str()).collect();
    assert_eq!(codes, ["cdg", "sjc"]);
    assert_eq!(fetched.value.name(&"sjc".parse().unwrap()), "San Jose, California (US)");
    assert_eq!(fetched.value.name(&"cdg".parse().unwrap()), "cdg");
    assert_eq!(fetched.value.nearest.unwrap().as_str(), "cdg");
    assert!(fetched.value.list[1].deprecated && fetched.value.list[0].latitude.is_none());
    assert_eq!(fetched.missing, ["1 region that could not be read"]);
}

async fn scope_of(body: &Value) -> Result<model::scope::TokenScope, FlyError> {
    let server = MockServer::start().await;
    machines_say(&server, "/v1/tokens/current", ok(body)).await;
    client(&server.uri()).token_scope(&token()).await
}

#[tokio::test]
async fn a_token_tells_its_organization_its_apps_its_machine_and_its_user() {
    let scope = scope_of(&json!({"tokens": [
        {"token_id": "t1", "org_slug": "harbor-works", "organization": "harbor-works", "apps": ["harbor-web", "../x"],
            "restricted_to_machine": "73d8d46dbee589", "source_machine_id": "", "user": "jo@example.com"},
        {"token_id": "t2", "organization": "personal", "apps": ["*"], "user": null},
        {"apps": null}, "x"
    ]}))
    .await
    .unwrap();
    let [one, two, three] = scope.grants.as_slice() else { panic!("{scope:?}") };
    assert_eq!(one.apps, AppScope::Only(vec!["harbor-web".parse().unwrap()]));
    assert_eq!(one.restricted_to_machine.as_ref().unwrap().as_str(), "73d8d46dbee589");
    assert_eq!((one.user.as_deref(), two.user.as_deref()), (Some("jo@example.com"), None));
    assert_eq!((&two.apps, &three.apps), (&AppScope::All, &AppScope::All));
    let slugs: Vec<String> = scope.organizations().iter().map(ToString::to_string).collect();
    assert_eq!(slugs, ["harbor-works", "personal"]);
    assert!(matches!(scope_of(&json!({"tokens": {}})).await, Err(FlyError::Malformed { .. })));
}

/// The list of apps is denied; `/tokens/current` answers so.
async fn denied_list(scope: ResponseTemplate) -> FlyError {
    let server = graphql_data(json!({"apps": null})).await;
    machines_say(&server, "/v1/tokens/current", scope).await;
    client(&server.uri()).apps(&token()).await.unwrap_err()
}

#[tokio::test]
async fn a_token_for_one_app_is_told_which_one_to_open() {
    let scope = json!({"tokens": [{"org_slug": "harbor-works", "apps": ["harbor-web"]}]});
    let error = denied_list(ok(&scope)).await;
    assert_eq!(error.person(), "This token belongs to one app, harbor-web: open the app by its name.");
    assert!(error.is_list_denied() && !error.is_refused());
}

#[tokio::test]
async fn a_denied_list_of_a_token_whose_scope_is_unknown_stays_a_denied_list() {
    for scope in [
        ok(&json!({"tokens": [{"apps": ["*"]}]})),
        ok(&json!({"tokens": []})),
        ResponseTemplate::new(500),
        ResponseTemplate::new(404),
    ] {
        let error = denied_list(scope).await;
        assert!(matches!(error, FlyError::ListDenied(_)), "{error:?}");
    }
}
