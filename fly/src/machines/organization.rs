//! The machines and volumes of a whole organization, page by page.

use super::fields::{Fields, each};
use super::is_reserved;
use crate::decode::listed::Envelope;
use crate::decode::text;
use model::machine::OrgMachine;
use model::state::InstanceState;
use model::{RegionCode, ReleaseVersion, Timestamp};
use serde_json::Value;

/// Which machines or volumes of an organization are asked for. The default is all of them from the
/// beginning.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrgQuery {
    /// Only those that Fly changed after this instant. What changed shortly before may arrive late:
    /// Fly's OpenAPI document advises to ask from a little earlier. Sent in whole seconds, which is
    /// earlier still.
    pub updated_after: Option<Timestamp>,
    /// Where the page before ended (`next` of [`OrgPage`]); outranks `updated_after`.
    pub cursor: Option<String>,
    /// At most so many on a page, 1 to 1000; Fly may give fewer, and without it gives 1000.
    pub limit: Option<u16>,
    /// With those that were destroyed.
    pub include_deleted: bool,
}

impl OrgQuery {
    /// The query of the URL.
    pub(crate) fn pairs(&self) -> Vec<(&'static str, String)> {
        let updated_after = self.updated_after.filter(|_| self.cursor.is_none());
        [
            self.include_deleted.then(|| ("include_deleted", "true".to_owned())),
            updated_after.map(|at| ("updated_after", at.rfc3339())),
            self.cursor.clone().map(|cursor| ("cursor", cursor)),
            self.limit.map(|limit| ("limit", limit.clamp(1, 1_000).to_string())),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// One page of what an organization has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrgPage<T> {
    /// The machines or volumes, in Fly's order: by their last change, oldest first.
    pub items: Vec<T>,
    /// Regions that did not answer (`error_regions`): what is there is missing from `items`.
    pub silent_regions: Vec<RegionCode>,
    /// How many items could not be read.
    pub unreadable: usize,
    /// Where the next page begins; none after the last one.
    pub next: Option<String>,
    /// The last change of the last item, if Fly told.
    pub last_updated_at: Option<Timestamp>,
}

/// Reads a page whose items stand in the field `list`; none where that is no list.
pub(crate) fn page<T>(
    answer: &Envelope,
    list: &str,
    read: impl Fn(Fields<'_>) -> Option<T>,
) -> Option<OrgPage<T>> {
    let (items, unreadable) = each(&answer.list_or_null(list)?, read);
    let beside = answer.beside(list);
    let fields = Fields(&beside);
    let silent = fields.list("error_regions").filter_map(|code| RegionCode::new(code.0.as_str()?).ok());
    Some(OrgPage {
        items,
        silent_regions: silent.collect(),
        unreadable,
        next: fields
            .get("next_cursor")
            .and_then(Value::as_str)
            .filter(|next| !next.is_empty())
            .map(Into::into),
        last_updated_at: fields.instant("last_updated_at"),
    })
}

/// A machine; none without its app, id, state and region.
pub(crate) fn machine(one: Fields<'_>) -> Option<OrgMachine> {
    let config = one.object("config");
    let metadata = config.and_then(|config| config.object("metadata"));
    let of_metadata = |key| metadata.and_then(|metadata| metadata.name(key));
    let process_group = of_metadata("fly_process_group").unwrap_or_else(|| "app".into());
    Some(OrgMachine {
        app: one.parsed("app_name")?,
        id: one.parsed("id")?,
        name: one.name("name").unwrap_or_default(),
        state: InstanceState::from(one.name("state")?),
        region: one.parsed("region")?,
        reserved: is_reserved(&process_group),
        process_group,
        version: of_metadata("fly_release_version")
            .and_then(|version| version.parse().ok())
            .map(ReleaseVersion),
        image: config.and_then(|config| config.line("image", text::LONGEST_LINE)),
        created_at: one.instant("created_at"),
        updated_at: one.instant("updated_at"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_cursor_outranks_an_instant_and_a_limit_stays_in_its_bounds() {
        let query =
            OrgQuery { updated_after: Some(Timestamp(1_500)), limit: Some(5_000), ..OrgQuery::default() };
        let first = query.pairs();
        assert_eq!(
            first,
            [("updated_after", "1970-01-01T00:00:01Z".to_owned()), ("limit", "1000".to_owned())]
        );
        let next = OrgQuery { cursor: Some("abc".into()), limit: Some(0), ..query }.pairs();
        assert_eq!(next, [("cursor", "abc".to_owned()), ("limit", "1".to_owned())]);
        assert_eq!(OrgQuery::default().pairs(), []);
    }

    #[test]
    fn a_page_without_its_list_is_none_and_an_empty_one_may_be_null() {
        let read = |answer: Value| page(&serde_json::from_value(answer).unwrap(), "machines", machine);
        assert!(read(json!({})).is_none());
        assert!(read(json!({"machines": {}})).is_none());
        assert_eq!(read(json!({"machines": null})).unwrap().items, []);
    }
}
