//! The actions of the REST APIs by name.
//! Source: Fly's OpenAPI of the Machines API; its operation ids are worded as flyctl words them.

use super::route::Api;

/// An action: its API, name, method and path.
pub(super) struct Action {
    pub(super) api: Api,
    pub(super) name: &'static str,
    method: &'static str,
    path: &'static str,
}

impl Action {
    /// As requests are counted: method and path.
    pub(super) fn operation(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

const fn machines(name: &'static str, method: &'static str, path: &'static str) -> Action {
    Action { api: Api::Machines, name, method, path }
}

const fn rest(name: &'static str, path: &'static str) -> Action {
    Action { api: Api::Rest, name, method: "GET", path }
}

/// Every action that a fault can name.
pub(super) const ACTIONS: &[Action] = &[
    rest("releases", "/api/v1/apps/{app}/releases"),
    rest("current-release", "/api/v1/apps/{app}/releases/current"),
    rest("logs", "/api/v1/apps/{app}/logs"),
    machines("list-apps", "GET", "/v1/apps"),
    machines("get-app", "GET", "/v1/apps/{app}"),
    machines("list-machines", "GET", "/v1/apps/{app}/machines"),
    machines("create-machine", "POST", "/v1/apps/{app}/machines"),
    machines("get-machine", "GET", "/v1/apps/{app}/machines/{machine}"),
    machines("update-machine", "POST", "/v1/apps/{app}/machines/{machine}"),
    machines("delete-machine", "DELETE", "/v1/apps/{app}/machines/{machine}"),
    machines("machine-events", "GET", "/v1/apps/{app}/machines/{machine}/events"),
    machines("machine-versions", "GET", "/v1/apps/{app}/machines/{machine}/versions"),
    machines("machine-processes", "GET", "/v1/apps/{app}/machines/{machine}/ps"),
    machines("machine-metadata", "GET", "/v1/apps/{app}/machines/{machine}/metadata"),
    machines("start-machine", "POST", "/v1/apps/{app}/machines/{machine}/start"),
    machines("stop-machine", "POST", "/v1/apps/{app}/machines/{machine}/stop"),
    machines("restart-machine", "POST", "/v1/apps/{app}/machines/{machine}/restart"),
    machines("suspend-machine", "POST", "/v1/apps/{app}/machines/{machine}/suspend"),
    machines("signal-machine", "POST", "/v1/apps/{app}/machines/{machine}/signal"),
    machines("cordon-machine", "POST", "/v1/apps/{app}/machines/{machine}/cordon"),
    machines("uncordon-machine", "POST", "/v1/apps/{app}/machines/{machine}/uncordon"),
    machines("wait-machine", "GET", "/v1/apps/{app}/machines/{machine}/wait"),
    machines("get-lease", "GET", "/v1/apps/{app}/machines/{machine}/lease"),
    machines("create-lease", "POST", "/v1/apps/{app}/machines/{machine}/lease"),
    machines("release-lease", "DELETE", "/v1/apps/{app}/machines/{machine}/lease"),
    machines("list-volumes", "GET", "/v1/apps/{app}/volumes"),
    machines("get-volume", "GET", "/v1/apps/{app}/volumes/{volume}"),
    machines("list-certificates", "GET", "/v1/apps/{app}/certificates"),
    machines("get-certificate", "GET", "/v1/apps/{app}/certificates/{hostname}"),
    machines("list-ips", "GET", "/v1/apps/{app}/ip_assignments"),
    machines("list-secrets", "GET", "/v1/apps/{app}/secrets"),
    machines("org-machines", "GET", "/v1/orgs/{org}/machines"),
    machines("org-volumes", "GET", "/v1/orgs/{org}/volumes"),
    machines("current-token", "GET", "/v1/tokens/current"),
    machines("list-regions", "GET", "/v1/platform/regions"),
];

/// The action of this name.
pub(super) fn named(name: &str) -> Option<&'static Action> {
    ACTIONS.iter().find(|action| action.name == name)
}

/// The action that a request asks for; none for what no action is named after.
pub(super) fn of(api: Api, method: &str, path: &str) -> Option<&'static Action> {
    ACTIONS.iter().find(|one| one.api == api && one.method == method && fits(one.path, path))
}

/// Whether a path has the form of a pattern: `{name}` is any one segment, a `*` at the end is
/// whatever follows.
pub(super) fn fits(pattern: &str, path: &str) -> bool {
    if let Some(start) = pattern.strip_suffix('*') {
        return path.starts_with(start);
    }
    let (mut wanted, mut found) = (pattern.split('/'), path.split('/'));
    loop {
        match (wanted.next(), found.next()) {
            (None, None) => return true,
            (Some(one), Some(other)) if one == other || (one.starts_with('{') && !other.is_empty()) => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_stands_for_one_action() {
        for (index, action) in ACTIONS.iter().enumerate() {
            let same = ACTIONS.iter().position(|one| one.name == action.name);
            assert_eq!(same, Some(index), "{}", action.name);
            assert_eq!(of(action.api, action.method, action.path).map(|one| one.name), Some(action.name));
        }
    }

    #[test]
    fn a_pattern_takes_one_segment_for_a_name_and_anything_for_a_star() {
        assert!(fits("/v1/apps/{app}/machines", "/v1/apps/one/machines"));
        assert!(!fits("/v1/apps/{app}/machines", "/v1/apps/one/machines/e1"));
        assert!(!fits("/v1/apps/{app}/machines", "/v1/apps//machines"));
        assert!(fits("/v1/apps/one/*", "/v1/apps/one/machines/e1"));
        assert!(!fits("/v1/apps/one/machines", "/v1/apps/two/machines"));
    }
}
