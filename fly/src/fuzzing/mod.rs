//! The decoders without the network, for the fuzzing of this crate. No part of its interface.

mod rest;

use crate::client::{
    app_facts, apps, belongings, nomad, organizations, regions, release_facts, releases, viewer,
};
use crate::error::FlyError;
use crate::graphql::access::AccessQuery;
use crate::graphql::answer::{self, Reply};
use crate::graphql::app::AppQuery;
use crate::graphql::apps::AppsQuery;
use crate::graphql::belongings::BelongingsQuery;
use crate::graphql::nomad::DeploymentQuery;
use crate::graphql::organizations::OrganizationsQuery;
use crate::graphql::regions::RegionsQuery;
use crate::graphql::releases::{ReleaseQuery, ReleasesQuery};
use crate::graphql::viewer::ViewerQuery;
use crate::graphql::vms::VmsQuery;
use crate::http::Answer as HttpAnswer;
use crate::token::FlyToken;
use model::{AppName, ReleaseView};
use serde::de::DeserializeOwned;

/// An answer that is decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// GraphQL: whose token it is.
    Viewer,
    /// GraphQL: whether a token sees an app.
    Access,
    /// GraphQL: a page of organizations.
    Organizations,
    /// GraphQL: a page of apps.
    Apps,
    /// GraphQL: an app.
    App,
    /// GraphQL: a page of releases.
    Releases,
    /// GraphQL: a release.
    Release,
    /// GraphQL: a release and the one before, for the page of the first.
    ReleaseFacts,
    /// GraphQL: a deployment.
    Deployment,
    /// GraphQL: the VMs of an app.
    Vms,
    /// GraphQL: what belongs to an app.
    Belongings,
    /// GraphQL: the regions.
    Regions,
    /// Machines API: the machines of an app.
    Machines,
    /// Machines API: one machine.
    Machine,
    /// Machines API: what happened to a machine.
    Events,
    /// Machines API: the versions of a machine.
    Versions,
    /// Machines API: what runs in a machine (`ps`).
    Processes,
    /// Machines API: who holds a lease on a machine.
    Lease,
    /// Machines API: a page of the machines of an organization, of which they are counted.
    OrgCounts,
    /// Machines API: a page of the machines of an organization.
    OrgMachines,
    /// Machines API: a page of the volumes of an organization.
    OrgVolumes,
    /// Machines API: the volumes of an app.
    Volumes,
    /// Machines API: a page of the certificates of an app.
    Certificates,
    /// Machines API: the addresses of an app.
    Addresses,
    /// Machines API: the names of the secrets of an app.
    Secrets,
    /// Machines API: the regions.
    PlatformRegions,
    /// Machines API: what a token is for.
    TokenScope,
    /// Web API: lines of a log.
    Logs,
    /// Web API: the releases of an app.
    WebReleases,
}

impl Answer {
    /// All of them.
    pub const ALL: [Self; 29] = [
        Self::Viewer,
        Self::Access,
        Self::Organizations,
        Self::Apps,
        Self::App,
        Self::Releases,
        Self::Release,
        Self::ReleaseFacts,
        Self::Deployment,
        Self::Vms,
        Self::Belongings,
        Self::Regions,
        Self::Machines,
        Self::Machine,
        Self::Events,
        Self::Versions,
        Self::Processes,
        Self::Lease,
        Self::OrgCounts,
        Self::OrgMachines,
        Self::OrgVolumes,
        Self::Volumes,
        Self::Certificates,
        Self::Addresses,
        Self::Secrets,
        Self::PlatformRegions,
        Self::TokenScope,
        Self::Logs,
        Self::WebReleases,
    ];

    /// Decodes a body the way the client does. Gives what it holds for people as text, which is none
    /// where the decoder says that it cannot be read: without cursors, which only Fly reads again.
    pub fn decode(self, body: &[u8]) -> Option<String> {
        let token = FlyToken::parse("fo1_fuzzing").ok()?;
        let app = AppName::new("harbor-web").ok()?;
        match self {
            Self::Viewer => told(graphql(body).and_then(|reply: Reply<ViewerQuery>| {
                reply.wanted(|data| data.viewer, "the viewer", &token).map(viewer)
            })),
            Self::Access => told(graphql(body).and_then(|reply: Reply<AccessQuery>| {
                reply.wanted(|data| data.app.and_then(|app| app.id), "the app", &token).map(drop)
            })),
            Self::Organizations => told(
                graphql(body)
                    .and_then(|reply: Reply<OrganizationsQuery>| organizations::read(reply, &token))
                    .map(|(page, unreadable, _)| (page, unreadable)),
            ),
            Self::Apps => {
                told(graphql(body).and_then(|reply: Reply<AppsQuery>| apps::of_one_page(reply, &token)))
            }
            Self::App => told(
                graphql(body)
                    .and_then(|reply: Reply<AppQuery>| app_facts::of_graphql_alone(reply, &app, &token)),
            ),
            Self::Releases => {
                let page =
                    graphql(body).and_then(|reply: Reply<ReleasesQuery>| releases::read(reply, &token));
                told(page.map(|page| (page.value.releases, page.missing)))
            }
            Self::Release => {
                told(graphql(body).and_then(|reply: Reply<ReleaseQuery>| releases::read_one(reply, &token)))
            }
            Self::ReleaseFacts => told(
                graphql(body)
                    .and_then(|reply: Reply<ReleaseQuery>| {
                        release_facts::of_graphql_alone(reply, &app, &token)
                    })
                    .map(|facts| ReleaseView::of(&facts)),
            ),
            Self::Deployment => {
                told(graphql(body).and_then(|reply: Reply<DeploymentQuery>| nomad::read(reply, &token)))
            }
            Self::Vms => {
                told(graphql(body).and_then(|reply: Reply<VmsQuery>| nomad::read_vms(reply, &token)))
            }
            Self::Belongings => told(graphql(body).and_then(|reply: Reply<BelongingsQuery>| {
                let node = reply.wanted(|data| data.app, "the app", &token)?;
                Ok(belongings::read(node, &mut Vec::new()))
            })),
            Self::Regions => {
                told(graphql(body).and_then(|reply: Reply<RegionsQuery>| regions::read(reply, &token)))
            }
            Self::Machines => rest::machines(body),
            Self::Machine => rest::machine(body),
            Self::Events => rest::events(body),
            Self::Versions => rest::versions(body),
            Self::Processes => rest::processes(body),
            Self::Lease => rest::lease(body),
            Self::OrgCounts => rest::counts_of_an_organization(body),
            Self::OrgMachines => rest::machines_of_an_organization(body),
            Self::OrgVolumes => rest::volumes_of_an_organization(body),
            Self::Volumes => rest::volumes(body),
            Self::Certificates => rest::certificates(body),
            Self::Addresses => rest::addresses(body),
            Self::Secrets => rest::secrets(body),
            Self::PlatformRegions => rest::regions(body),
            Self::TokenScope => rest::scope(body),
            Self::Logs => rest::logs(body),
            Self::WebReleases => rest::releases(body),
        }
    }
}

fn graphql<T: DeserializeOwned>(body: &[u8]) -> Result<Reply<T>, FlyError> {
    answer::read(HttpAnswer { body: body.to_vec(), request_id: None })
}

fn told<T: std::fmt::Debug>(result: Result<T, FlyError>) -> Option<String> {
    result.ok().map(|value| format!("{value:?}"))
}
