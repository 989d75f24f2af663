//! An app while GraphQL is down: its header, its machines and their configuration, from the
//! Machines API, and its releases from the web API beside GraphQL.

use super::super::{Fetched, FlyClient, missing};
use super::running::of_machines;
use super::{CONFIGURATION, INSTANCES, ISSUES, RELEASES};
use crate::decode::text;
use crate::error::FlyError;
use crate::token::FlyToken;
use model::{App, AppFacts, AppName, OrgSlug, Organization};
use serde::Deserialize;
use tracing::warn;

/// What nothing but GraphQL tells.
const LOST: [&str; 2] = [CONFIGURATION, ISSUES];
/// What the releases lack that do not come from GraphQL: description, reason, failure.
pub(in crate::client) const DESCRIPTIONS: &str = "descriptions of releases";
/// As many releases as GraphQL is asked for.
const RELEASES_WANTED: u16 = 25;

/// An app as the Machines API gives it (OpenAPI `App`).
#[derive(Deserialize)]
struct Header {
    organization: Owner,
    status: Option<String>,
}

#[derive(Deserialize)]
struct Owner {
    slug: String,
    name: Option<String>,
}

/// What can be had of the app in spite of `down`; `down` itself where it is no outage, or where the
/// Machines API does not know the app either.
pub(super) async fn app_facts(
    client: &FlyClient,
    token: &FlyToken,
    name: &AppName,
    down: FlyError,
) -> Result<Fetched<AppFacts>, FlyError> {
    if !down.is_outage() {
        return Err(down);
    }
    let path = format!("apps/{name}");
    let (header, machines, releases) = futures::join!(
        client.machines_api::<Header>(token, &path, &[]),
        client.machines_of_app(token, name),
        client.releases_without_graphql(token, name, RELEASES_WANTED),
    );
    let Some(mut app) = header.ok().and_then(|header| app(name, header)) else { return Err(down) };
    warn!(error = %down, request_id = down.request_id(), app = %name, "told without GraphQL");
    let mut missing: Vec<String> = LOST.iter().map(|part| (*part).to_owned()).collect();
    let releases = if let Ok(known) = releases {
        missing.push(DESCRIPTIONS.to_owned());
        missing.extend(known.missing);
        known.value
    } else {
        missing.push(RELEASES.to_owned());
        Vec::new()
    };
    app.version = releases.first().map(|release| release.version);
    app.image = releases.first().and_then(|release| release.image.clone());
    let running = of_machines(machines, &mut missing).unwrap_or_default();
    if running.instances.is_empty() {
        // An app of the Nomad era has its instances in GraphQL only.
        missing::tell(&mut missing, INSTANCES);
    }
    let value = AppFacts {
        config: running.config,
        process_groups: running.process_groups,
        releases,
        instances: running.instances,
        release_commands: running.release_commands,
        ..AppFacts::of(app)
    };
    Ok(Fetched { value, missing, retry_after: down.retry_after(), why: Some(missing::why("GraphQL", &down)) })
}

fn app(name: &AppName, header: Header) -> Option<App> {
    let slug = OrgSlug::new(header.organization.slug).ok()?;
    let shown = header.organization.name.map(|name| text::line(&name, 200)).filter(|name| !name.is_empty());
    Some(App {
        name: name.clone(),
        organization: Organization { name: shown.unwrap_or_else(|| slug.to_string()), slug },
        status: text::word(&header.status.unwrap_or_default()).into(),
        hostname: None,
        image: None,
        version: None,
        not_loaded: model::NotLoaded::default(),
    })
}
