//! Which requests a fault is about.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize};

use super::{
    actions::{self, ACTIONS},
    asked::Asked,
};

/// An API of Fly's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Api {
    /// `POST /graphql`.
    GraphQl,
    /// `/api/v1` on the same address.
    Rest,
    /// The Machines API, on an address of its own.
    Machines,
}

impl Api {
    /// As requests are counted.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::GraphQl => "graphql",
            Self::Rest => "rest",
            Self::Machines => "machines",
        }
    }

    fn named(name: &str) -> Option<Self> {
        [Self::GraphQl, Self::Rest, Self::Machines].into_iter().find(|api| api.name() == name)
    }
}

/// Which requests are meant. Written `all`; `api` (the address of GraphQL and the REST API beside
/// it); `graphql`, `rest`, `machines`; `graphql:NAME` with an operation or a root field; a REST or
/// Machines action by name (`list-machines`, also `machines:list-machines`); or a path
/// (`machines:/v1/apps/one/*`), in which `{}` is any one segment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(into = "String")]
pub enum Route {
    /// Every request.
    All,
    /// Whatever arrives at the address of GraphQL and the REST API beside it.
    ApiAddress,
    /// All of one API.
    Api(Api),
    /// A GraphQL operation, or a root field that a query asks for.
    Operation(String),
    /// An action of a REST API by its name.
    Action(&'static str),
    /// A path of a REST API.
    Path(Api, String),
}

/// Why a text is no route.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is no route; allowed are all, api, graphql, rest, machines, graphql:OPERATION, graphql:ROOT_FIELD, \
     rest:/PATH, machines:/PATH, and the actions {}",
    actions_told()
)]
pub struct NoRoute {
    text: String,
}

fn actions_told() -> String {
    ACTIONS.iter().map(|action| action.name).collect::<Vec<_>>().join(", ")
}

impl Route {
    /// Whether this request is meant.
    pub(crate) fn takes(&self, asked: &Asked) -> bool {
        match self {
            Self::All => true,
            Self::ApiAddress => asked.api != Api::Machines,
            Self::Api(api) => asked.api == *api,
            Self::Operation(name) => asked.api == Api::GraphQl && asked.names.iter().any(|one| one == name),
            Self::Action(name) => asked.action.is_some_and(|action| action.name == *name),
            Self::Path(api, pattern) => asked.api == *api && actions::fits(pattern, &asked.path),
        }
    }
}

impl FromStr for Route {
    type Err = NoRoute;

    fn from_str(text: &str) -> Result<Self, NoRoute> {
        let wrong = || NoRoute { text: text.to_owned() };
        let action = |name: &str| actions::named(name).ok_or_else(wrong);
        match text.split_once(':') {
            None if text == "all" => Ok(Self::All),
            None if text == "api" => Ok(Self::ApiAddress),
            None => match Api::named(text) {
                Some(api) => Ok(Self::Api(api)),
                None => action(text).map(|action| Self::Action(action.name)),
            },
            Some((api, rest)) => match Api::named(api).ok_or_else(wrong)? {
                Api::GraphQl if !rest.is_empty() => Ok(Self::Operation(rest.to_owned())),
                api @ (Api::Rest | Api::Machines) if rest.starts_with('/') => {
                    Ok(Self::Path(api, rest.to_owned()))
                }
                api => {
                    let known = action(rest)?;
                    if known.api == api { Ok(Self::Action(known.name)) } else { Err(wrong()) }
                }
            },
        }
    }
}

impl<'de> Deserialize<'de> for Route {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        String::deserialize(source)?.parse().map_err(serde::de::Error::custom)
    }
}

impl fmt::Display for Route {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => out.write_str("all"),
            Self::ApiAddress => out.write_str("api"),
            Self::Api(api) => out.write_str(api.name()),
            Self::Operation(name) => write!(out, "graphql:{name}"),
            Self::Action(name) => out.write_str(name),
            Self::Path(api, pattern) => write!(out, "{}:{pattern}", api.name()),
        }
    }
}

impl From<Route> for String {
    fn from(route: Route) -> Self {
        route.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn takes(route: &str, asked: &Asked) -> bool {
        route.parse::<Route>().unwrap().takes(asked)
    }

    #[test]
    fn a_route_is_written_as_it_is_read() {
        for text in ["all", "api", "graphql", "rest", "machines", "graphql:AppQuery", "list-machines"] {
            assert_eq!(text.parse::<Route>().unwrap().to_string(), text);
        }
        for text in ["machines:/v1/apps/one/*", "rest:/api/v1/apps/{app}/logs"] {
            assert_eq!(text.parse::<Route>().unwrap().to_string(), text);
        }
        assert_eq!("machines:get-machine".parse(), Ok(Route::Action("get-machine")));
    }

    #[test]
    fn a_text_that_is_no_route_is_refused_with_what_is_allowed() {
        for text in ["", "machine", "graphql:", "machines:nonsense", "rest:list-machines", "flaps:x"] {
            let error = text.parse::<Route>().unwrap_err().to_string();
            assert!(error.contains("list-machines") && error.contains("rest:/PATH"), "{error}");
        }
    }

    #[test]
    fn an_operation_is_meant_by_its_name_and_by_its_root_fields() {
        let body = br#"{"query":"query AppQuery { app(name: \"a\") { id } }"}"#;
        let asked = Asked::of(false, "POST", "/graphql", None, body);
        assert!(takes("graphql:AppQuery", &asked) && takes("graphql:app", &asked) && takes("api", &asked));
        assert!(!takes("graphql:apps", &asked) && !takes("rest", &asked) && !takes("machines", &asked));
    }

    #[test]
    fn an_action_is_meant_by_its_name_and_by_its_path() {
        let asked = Asked::of(true, "GET", "/v1/apps/one/machines", None, b"");
        assert!(takes("list-machines", &asked) && takes("machines", &asked) && takes("all", &asked));
        assert!(takes("machines:/v1/apps/one/*", &asked) && !takes("machines:/v1/apps/two/*", &asked));
        assert!(!takes("get-machine", &asked) && !takes("api", &asked));
    }
}
