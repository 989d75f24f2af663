//! What a request asks for, as far as faults care.

use async_graphql::parser::{
    parse_query,
    types::{OperationDefinition, Selection},
};
use serde::Deserialize;

use super::{
    actions::{self, Action},
    route::Api,
};
use crate::tokens::{self, Token};

/// A request, read.
pub(crate) struct Asked {
    pub(crate) api: Api,
    pub(super) path: String,
    /// Names of GraphQL operations and root fields.
    pub(super) names: Vec<String>,
    pub(super) action: Option<&'static Action>,
    /// The token that was sent, whether it still holds or not.
    pub(super) token: Option<Token>,
    method: String,
}

#[derive(Deserialize)]
struct Query {
    query: String,
    #[serde(rename = "operationName")]
    operation_name: Option<String>,
}

impl Asked {
    pub(crate) fn of(
        on_machines: bool,
        method: &str,
        path: &str,
        authorization: Option<&str>,
        body: &[u8],
    ) -> Self {
        let api = match path {
            _ if on_machines => Api::Machines,
            "/graphql" => Api::GraphQl,
            _ => Api::Rest,
        };
        Self {
            api,
            path: path.to_owned(),
            names: if api == Api::GraphQl { names(body) } else { Vec::new() },
            action: actions::of(api, method, path),
            token: authorization.and_then(tokens::sent),
            method: method.to_owned(),
        }
    }

    /// As requests are counted: the operation's name, or method and route.
    pub(crate) fn operation(&self) -> String {
        match (self.api, self.action) {
            (Api::GraphQl, _) => self.names.first().cloned().unwrap_or_else(|| "unreadable".to_owned()),
            (_, Some(action)) => action.operation(),
            (_, None) => format!("{} unknown route", self.method),
        }
    }

    /// The name of the token that was sent.
    pub(crate) fn token_name(&self) -> &'static str {
        self.token.map_or("none", |token| token.name)
    }
}

/// The operation's name and its root fields.
fn names(body: &[u8]) -> Vec<String> {
    let Ok(asked) = serde_json::from_slice::<Query>(body) else {
        return Vec::new();
    };
    let mut names: Vec<String> = asked.operation_name.into_iter().collect();
    if let Ok(document) = parse_query(&asked.query) {
        for (name, operation) in document.operations.iter() {
            names.extend(name.map(ToString::to_string));
            names.extend(root_fields(&operation.node));
        }
    }
    names.dedup();
    names
}

fn root_fields(operation: &OperationDefinition) -> impl Iterator<Item = String> {
    operation.selection_set.node.items.iter().filter_map(|item| match &item.node {
        Selection::Field(field) => Some(field.node.name.node.to_string()),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_known_by_its_operation_and_its_root_fields() {
        let body =
            br#"{"query":"query Both { viewer { id } apps { nodes { id } } }","operationName":"Both"}"#;
        let asked = Asked::of(false, "POST", "/graphql", None, body);
        assert_eq!(asked.names, ["Both", "viewer", "apps"]);
        assert_eq!(asked.operation(), "Both");
    }

    #[test]
    fn what_cannot_be_read_has_no_names() {
        let asked = Asked::of(false, "POST", "/graphql", None, b"no JSON");
        assert!(asked.names.is_empty());
        assert_eq!(asked.operation(), "unreadable");
    }

    #[test]
    fn a_token_is_known_whether_it_holds_or_not_and_by_its_name_only() {
        let header = format!("FlyV1 {}", tokens::READ_ONLY);
        let asked = Asked::of(true, "GET", "/v1/apps", Some(&header), b"");
        assert_eq!(asked.token_name(), "read-only");
        assert_eq!(asked.operation(), "GET /v1/apps");
        assert_eq!(Asked::of(true, "GET", "/v1/nothing", None, b"").token_name(), "none");
    }
}
