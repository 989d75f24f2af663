//! What is shown of the apps list where an answer has gaps: the last values.

use model::NotLoaded;
use model::app::AppSummary;
use std::sync::Arc;

/// Fills the gaps of a list with what was known `before`, both by name. `missing` names the gaps as
/// `fly` does.
pub(super) fn fill(apps: &mut Vec<AppSummary>, before: &[Arc<AppSummary>], missing: &[String]) {
    let lost: Vec<&str> = missing.iter().filter_map(|part| part.strip_prefix("last release of ")).collect();
    let silent: Vec<Silence<'_>> = missing.iter().filter_map(|part| Silence::of(part)).collect();
    for app in apps.iter_mut() {
        if app.last_release.is_none() && lost.contains(&app.name.as_str()) {
            app.not_loaded.add(NotLoaded::LAST_RELEASE);
        }
        let known = before.binary_search_by(|known| known.name.cmp(&app.name));
        fill_row(app, known.ok().map(|at| &*before[at]), &silent);
    }
    if missing.iter().any(|part| hides_apps(part)) {
        let gone = before.iter().filter(|known| find(apps, known).is_err());
        let gone = gone.map(|known| AppSummary::clone(known));
        apps.extend(gone.collect::<Vec<AppSummary>>());
        apps.sort_by(|a, b| a.name.cmp(&b.name));
    }
}

fn fill_row(app: &mut AppSummary, known: Option<&AppSummary>, silent: &[Silence<'_>]) {
    if let Some(known) = known.filter(|known| !known.not_loaded.has(NotLoaded::LAST_RELEASE))
        && app.not_loaded.has(NotLoaded::LAST_RELEASE)
    {
        app.last_release.clone_from(&known.last_release);
        app.not_loaded.remove(NotLoaded::LAST_RELEASE);
    }
    // Without the machines of a region that did not answer a count is too low.
    match known.filter(|known| known.instances.is_some()) {
        Some(known) if app.instances.is_none() || silent.iter().any(|silence| silence.concerns(known)) => {
            app.instances = known.instances;
            app.regions.clone_from(&known.regions);
        }
        // Nobody knows where its machines are. What counts of the Nomad era comes from elsewhere.
        None if app.deployment.is_none() && silent.iter().any(|silence| silence.is_of(app)) => {
            app.instances = None;
            app.regions.clear();
        }
        _ => {}
    }
}

fn find(apps: &[AppSummary], wanted: &AppSummary) -> Result<usize, usize> {
    apps.binary_search_by(|app| app.name.cmp(&wanted.name))
}

/// Machines of an organization that are not in an answer.
struct Silence<'a> {
    organization: &'a str,
    /// Where they are; none where that is not known.
    regions: Option<Vec<&'a str>>,
}

impl<'a> Silence<'a> {
    /// `machines of harbor-works in ams, iad`, `2 machines of harbor-works that could not be read`,
    /// `1 machine of harbor-works that could not be read`.
    fn of(part: &'a str) -> Option<Self> {
        if let Some(rest) = part.strip_suffix(" that could not be read") {
            let (_, organization) = rest.split_once(" machines of ").or(rest.split_once(" machine of "))?;
            return Some(Self { organization, regions: None });
        }
        let (organization, regions) = part.strip_prefix("machines of ")?.split_once(" in ")?;
        Some(Self { organization, regions: Some(regions.split(", ").collect()) })
    }

    /// Whether it is about machines of the same organization.
    fn is_of(&self, app: &AppSummary) -> bool {
        self.organization == app.organization.slug.as_str()
    }

    fn concerns(&self, known: &AppSummary) -> bool {
        let is_there = |regions: &Vec<&str>| known.regions.iter().any(|one| regions.contains(&one.as_str()));
        self.is_of(known) && self.regions.as_ref().is_none_or(is_there)
    }
}

/// Whether whole rows are missing.
fn hides_apps(part: &str) -> bool {
    part == "an app that Fly could not tell of"
        || part.ends_with(" app that could not be read")
        || part.ends_with(" apps that could not be read")
        || part.starts_with("apps after the first ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::app::{InstanceCounts, LastRelease};
    use model::{OrgSlug, Organization, RegionCode, ReleaseVersion, Timestamp};

    fn app(name: &str, up: Option<u32>, regions: &[&str]) -> AppSummary {
        AppSummary {
            organization: Organization { slug: OrgSlug::new("o").unwrap(), name: String::new() },
            instances: up.map(|up| InstanceCounts { total: up, up, unhealthy: 0, pending: 0 }),
            regions: regions.iter().map(|code| RegionCode::new(*code).unwrap()).collect(),
            ..model::samples::summary(name)
        }
    }

    fn released(app: AppSummary) -> AppSummary {
        let release = LastRelease {
            version: ReleaseVersion(3),
            status: "complete".into(),
            created_at: Timestamp(0),
            user: None,
        };
        AppSummary { last_release: Some(release), ..app }
    }

    fn filled(now: &[AppSummary], before: &[AppSummary], missing: &[&str]) -> Vec<AppSummary> {
        let mut apps = now.to_vec();
        let before: Vec<Arc<AppSummary>> = before.iter().cloned().map(Arc::new).collect();
        fill(&mut apps, &before, &missing.iter().map(|part| (*part).to_owned()).collect::<Vec<_>>());
        apps
    }

    #[test]
    fn counts_and_regions_that_could_not_be_loaded_stay() {
        let before = [app("a", Some(2), &["ams"])];
        assert_eq!(filled(&[app("a", None, &[])], &before, &["machines of o"]), before);
        let fresh = [app("a", Some(3), &["ams"])];
        assert_eq!(filled(&fresh, &before, &["machines of p"]), fresh, "what was loaded counts");
    }

    #[test]
    fn a_region_that_is_silent_lowers_no_count_and_holds_up_no_other_app() {
        let before = [app("a", Some(2), &["ams", "sjc"]), app("b", Some(1), &["sjc"])];
        let now = [app("a", Some(1), &["sjc"]), app("b", Some(4), &["sjc"])];
        let shown = filled(&now, &before, &["machines of o in ams, iad"]);
        assert_eq!(shown, [before[0].clone(), now[1].clone()]);
        assert_eq!(filled(&now, &before, &["1 machine of o that could not be read"]), before);
        assert_eq!(filled(&now, &before, &["2 machines of o that could not be read"]), before);
    }

    #[test]
    fn a_count_that_lacks_a_region_and_was_never_whole_is_not_known() {
        let (short, unknown) = ([app("a", Some(1), &["sjc"])], [app("a", None, &[])]);
        for missing in ["machines of o in ams, iad", "1 machine of o that could not be read"] {
            assert_eq!(filled(&short, &[], &[missing]), unknown, "{missing}");
            assert_eq!(filled(&short, &unknown, &[missing]), unknown, "{missing}");
        }
        assert_eq!(filled(&short, &[], &["machines of p in ams"]), short);
        let [short] = short;
        let nomad = [AppSummary { deployment: Some("running".into()), ..short }];
        assert_eq!(filled(&nomad, &[], &["machines of o in ams"]), nomad);
    }

    #[test]
    fn a_release_that_could_not_be_loaded_stays_or_is_not_loaded_and_never_none() {
        let missing = ["last release of a"];
        let known = [released(app("a", Some(1), &[]))];
        assert_eq!(filled(&[app("a", Some(1), &[])], &known, &missing), known);
        let unknown = filled(&[app("a", Some(1), &[])], &[], &missing);
        assert!(unknown[0].not_loaded.has(NotLoaded::LAST_RELEASE));
        let still = filled(&[app("a", Some(1), &[])], &unknown, &missing);
        assert!(still[0].not_loaded.has(NotLoaded::LAST_RELEASE), "nobody knows it yet");
    }

    #[test]
    fn a_row_that_could_not_be_read_stays_and_one_that_is_gone_goes() {
        let before = [app("a", Some(1), &[]), app("b", Some(1), &[])];
        assert_eq!(filled(&before[1..], &before, &["1 app that could not be read"]), before);
        assert_eq!(filled(&before[1..], &before, &[]), before[1..]);
    }
}
