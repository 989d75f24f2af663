//! `/v1/apps/{app}/certificates`.

use axum::{
    Json,
    extract::{Path, Query},
    http::StatusCode,
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    refusal::{Refusal, refusal},
    scene::AppScene,
    world::{App, Certificate},
};

/// Most certificates in one answer.
const MOST: usize = 100;

#[derive(Deserialize)]
pub(super) struct Ask {
    /// A part of the host name.
    filter: Option<String>,
    cursor: Option<String>,
    limit: Option<usize>,
}

pub(super) async fn list(
    AppScene { app, .. }: AppScene,
    Query(ask): Query<Ask>,
) -> Result<Json<Value>, Refusal> {
    let skip = super::position(ask.cursor.as_deref())?;
    let all = app.certificates.iter();
    let wanted: Vec<&Certificate> = all
        .filter(|one| ask.filter.as_ref().is_none_or(|part| one.hostname.contains(part.as_str())))
        .collect();
    let limit = ask.limit.unwrap_or(MOST).clamp(1, MOST);
    let page: Vec<Value> = wanted.iter().skip(skip).take(limit).map(|one| summary(one)).collect();
    let next = (wanted.len() > skip + limit).then(|| (skip + limit).to_string());
    let mut answer = json!({"certificates": page, "total_count": wanted.len()});
    if let Some(next) = next {
        answer["next_cursor"] = json!(next);
    }
    Ok(Json(answer))
}

pub(super) async fn one(
    AppScene { app, .. }: AppScene,
    Path((_, hostname)): Path<(String, String)>,
) -> Result<Json<Value>, Refusal> {
    let found = app.certificates.iter().find(|one| one.hostname == hostname);
    let found = found.ok_or_else(|| refusal(StatusCode::NOT_FOUND, "certificate not found"))?;
    Ok(Json(detail(&app, found)))
}

fn summary(one: &Certificate) -> Value {
    json!({
        "hostname": one.hostname,
        "status": one.status,
        "dns_provider": one.dns_provider,
        "acme_dns_configured": one.dns_configured,
        "acme_alpn_configured": one.dns_configured,
        "acme_http_configured": one.dns_configured,
        "ownership_txt_configured": one.dns_configured,
        "configured": one.active(),
        "acme_requested": !one.custom,
        "has_custom_certificate": one.custom,
        "has_fly_certificate": !one.custom && one.active(),
        "created_at": one.created_at,
        "updated_at": one.updated_at(),
    })
}

fn detail(app: &App, one: &Certificate) -> Value {
    let addresses = |kinds: &[&str]| -> Vec<&str> {
        let ips = app.ips.iter().filter(|ip| kinds.contains(&ip.kind.as_str()));
        ips.map(|ip| ip.address.as_str()).collect()
    };
    let opaque = super::json::digest(&one.hostname);
    json!({
        "hostname": one.hostname,
        "status": one.status,
        "configured": one.active(),
        "acme_requested": !one.custom,
        "dns_provider": one.dns_provider,
        "rate_limited_until": null,
        "certificates": issued(one),
        "validation": {
            "dns_configured": one.dns_configured,
            "alpn_configured": one.dns_configured,
            "http_configured": one.dns_configured,
            "ownership_txt_configured": one.dns_configured,
        },
        "dns_requirements": {
            "a": addresses(&["v4", "shared_v4"]),
            "aaaa": addresses(&["v6"]),
            "cname": app.hostname(),
            "acme_challenge": {
                "name": format!("_acme-challenge.{}", one.hostname),
                "target": format!("{}.{}.flydns.net", one.hostname, &opaque[7..12]),
            },
            "ownership": {
                "name": format!("_fly-ownership.{}", one.hostname),
                "app_value": format!("app-{}", &opaque[7..17]),
                "org_value": format!("org-{}", &opaque[17..27]),
            },
        },
        "validation_errors": one.errors.iter().map(|error| problem(one, error)).collect::<Vec<_>>(),
    })
}

/// What there is: nothing as long as the name is not validated.
fn issued(one: &Certificate) -> Vec<Value> {
    let entry = one.expires_at.map(|expires_at| {
        let authority = json!([{
            "type": "ecdsa",
            "expires_at": expires_at,
            "certificate_authority": "lets_encrypt",
        }]);
        json!({
            "source": if one.custom { "custom" } else { "fly" },
            "status": one.status,
            "created_at": one.created_at,
            "expires_at": expires_at,
            "issuer": null,
            "issued": if one.custom { json!([]) } else { authority },
        })
    });
    entry.into_iter().collect()
}

fn problem(one: &Certificate, message: &str) -> Value {
    json!({
        "code": "dns_not_configured",
        "message": message,
        "remediation": format!("point {} to this app", one.hostname),
        "timestamp": one.updated_at(),
    })
}
