//! Answers of the Machines API and of the web API beside GraphQL.

use crate::client::app_facts::running;
use crate::decode::json;
use crate::decode::listed::{Envelope, Listed, Raw};
use crate::machines::fields::{Fields, each, listed};
use crate::machines::org::{OrgTally, Page};
use crate::machines::{holdings, lease, one, organization, platform, processes};
use crate::rest::logs::{self, LogQuery};
use crate::rest::releases;
use serde::de::DeserializeOwned;
use std::fmt::Debug;

pub(super) fn machines(body: &[u8]) -> Option<String> {
    let running = running::of_machines(Ok(read(body)?), &mut Vec::new()).ok()?;
    Some(format!("{:?} {:?} {:?}", running.instances, running.release_commands, running.config))
}

pub(super) fn machine(body: &[u8]) -> Option<String> {
    told(one::machine(&read::<Raw>(body)?)?)
}

pub(super) fn events(body: &[u8]) -> Option<String> {
    told(one::events(&read(body)?))
}

pub(super) fn versions(body: &[u8]) -> Option<String> {
    told(one::versions(&read(body)?))
}

pub(super) fn processes(body: &[u8]) -> Option<String> {
    told(each(&read::<Listed>(body)?, processes::process))
}

pub(super) fn lease(body: &[u8]) -> Option<String> {
    told(lease::lease(&json::as_written(&read::<Raw>(body)?)?))
}

/// As the list of apps reads it.
pub(super) fn counts_of_an_organization(body: &[u8]) -> Option<String> {
    let mut tally = OrgTally::default();
    tally.add(read::<Page>(body)?);
    Some(format!("{:?} {}", tally.apps.values().collect::<Vec<_>>(), tally.unreadable))
}

pub(super) fn machines_of_an_organization(body: &[u8]) -> Option<String> {
    page(body, "machines", organization::machine)
}

pub(super) fn volumes_of_an_organization(body: &[u8]) -> Option<String> {
    page(body, "volumes", holdings::volume)
}

pub(super) fn volumes(body: &[u8]) -> Option<String> {
    told(each(&read::<Listed>(body)?, holdings::volume))
}

pub(super) fn certificates(body: &[u8]) -> Option<String> {
    told(listed(&read(body)?, "certificates", holdings::certificate)?)
}

pub(super) fn addresses(body: &[u8]) -> Option<String> {
    told(listed(&read(body)?, "ips", holdings::address)?)
}

pub(super) fn secrets(body: &[u8]) -> Option<String> {
    told(listed(&read(body)?, "secrets", holdings::secret)?)
}

pub(super) fn regions(body: &[u8]) -> Option<String> {
    told(platform::regions(&read(body)?)?)
}

pub(super) fn scope(body: &[u8]) -> Option<String> {
    told(platform::scope(&read(body)?)?)
}

pub(super) fn logs(body: &[u8]) -> Option<String> {
    let page = logs::page(&read(body)?, &LogQuery::default())?;
    told((page.lines, page.unreadable))
}

pub(super) fn releases(body: &[u8]) -> Option<String> {
    told(releases::releases(&read(body)?)?)
}

fn page<T: Debug>(body: &[u8], list: &str, item: impl Fn(Fields<'_>) -> Option<T>) -> Option<String> {
    let page = organization::page(&read::<Envelope>(body)?, list, item)?;
    told((page.items, page.silent_regions, page.unreadable, page.last_updated_at))
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Option<T> {
    serde_json::from_slice(body).ok()
}

#[expect(clippy::unnecessary_wraps, reason = "the shape of all that may have nothing to tell")]
fn told(value: impl Debug) -> Option<String> {
    Some(format!("{value:?}"))
}
