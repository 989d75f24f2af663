//! One answer of each kind, with every field that is read of it. The values are invented.

use serde_json::{Value, json};

const AT: &str = "2024-01-15T10:30:00Z";

pub(super) fn volume() -> Value {
    json!({"id": "vol_1", "name": "disk", "state": "created", "region": "yul", "size_gb": 3,
        "attached_machine_id": "908057ef21e487", "created_at": AT, "bytes_used": 1, "bytes_total": 2,
        "encrypted": true, "auto_backup_enabled": true, "host_status": "ok", "snapshot_retention": 5,
        "app_name": "web"})
}

pub(super) fn certificate() -> Value {
    json!({"hostname": "example.com", "status": "active", "configured": true, "dns_provider": "x",
        "acme_dns_configured": true, "acme_alpn_configured": true, "acme_http_configured": false,
        "ownership_txt_configured": true, "has_fly_certificate": true, "has_custom_certificate": false,
        "created_at": AT, "updated_at": AT})
}

pub(super) fn address() -> Value {
    json!({"ip": "1.2.3.4", "region": "global", "service_name": "web", "shared": true, "created_at": AT})
}

pub(super) fn secret() -> Value {
    json!({"name": "A", "digest": "b", "created_at": AT, "updated_at": AT})
}

pub(super) fn process() -> Value {
    json!({"pid": 1, "command": "init", "directory": "/", "cpu": 1, "rss": 5,
        "listen_sockets": [{"proto": "tcp", "address": "0.0.0.0:80"}]})
}

pub(super) fn machine() -> Value {
    json!({"app_name": "web", "id": "73d8d46dbee589", "name": "n", "state": "started", "region": "cdg",
        "created_at": AT, "updated_at": AT,
        "config": {"image": "i", "metadata": {"fly_process_group": "app", "fly_release_version": "12"}}})
}

pub(super) fn page() -> Value {
    json!({"machines": [{}], "next_cursor": "x", "last_updated_at": AT, "error_regions": ["ams"]})
}

pub(super) fn lease() -> Value {
    json!({"owner": "jo", "description": "d", "expires_at": 5})
}

pub(super) fn grant() -> Value {
    json!({"token_id": "t", "apps": ["web"], "org_slug": "o", "organization": "o", "user": "jo",
        "restricted_to_machine": "73d8d46dbee589"})
}

pub(super) fn region() -> Value {
    json!({"code": "cdg", "name": "Paris", "geo_region": "europe", "latitude": 1.5, "longitude": 2.5,
        "deprecated": false, "gateway_available": true, "requires_paid_plan": false})
}

pub(super) fn log() -> Value {
    json!({"data": [{"id": "1", "attributes": {"timestamp": AT, "message": "m", "level": "info",
        "instance": "73d8d46dbee589", "region": "cdg", "meta": {"instance": "x", "region": "x",
        "event": {"provider": "app"}, "error": {"code": 5, "message": "PR01"}}}}], "meta": {"next_token": "5"}})
}

pub(super) fn releases() -> Value {
    json!({"releases": [{"version": 1, "stable": true, "status": "complete", "strategy": "rolling",
        "user": {"name": "n", "email": "e"}, "created_at": AT, "image_ref": "i"}]})
}
