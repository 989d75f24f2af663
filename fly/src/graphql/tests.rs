//! Every query text, as it is sent; a changed text shows in review. Where `WINDSOCK_FULL_SCHEMA`
//! names Fly's published schema the texts and the trimmed schema are checked against it as well.

use super::access::{AccessQuery, AccessVariables};
use super::app::{AppQuery, AppVariables};
use super::apps::{AppsQuery, AppsVariables};
use super::belongings::{BelongingsQuery, BelongingsVariables};
use super::nomad::{DeploymentQuery, DeploymentVariables};
use super::organizations::{OrganizationsQuery, OrganizationsVariables};
use super::regions::RegionsQuery;
use super::releases::{ReleaseQuery, ReleaseVariables, ReleasesQuery, ReleasesVariables};
use super::viewer::ViewerQuery;
use super::vms::{VmsQuery, VmsVariables};
use async_graphql_parser::types::{
    BaseType, ExecutableDocument, Field, FieldDefinition, Selection, SelectionSet, ServiceDocument, Type,
    TypeKind, TypeSystemDefinition,
};
use async_graphql_parser::{parse_query, parse_schema};
use cynic::QueryBuilder;
use std::collections::HashMap;

fn texts() -> Vec<(&'static str, String)> {
    let name = || "a".to_owned();
    vec![
        ("viewer", ViewerQuery::build(()).query),
        ("access", AccessQuery::build(AccessVariables { name: name() }).query),
        ("organizations", OrganizationsQuery::build(OrganizationsVariables { after: None }).query),
        ("apps", AppsQuery::build(AppsVariables { after: None }).query),
        ("app", AppQuery::build(everything()).query),
        ("releases", ReleasesQuery::build(newest()).query),
        ("release", ReleaseQuery::build(one_release()).query),
        (
            "deployment",
            DeploymentQuery::build(DeploymentVariables { name: name(), id: None, evaluation_id: None }).query,
        ),
        ("vms", VmsQuery::build(VmsVariables { name: name() }).query),
        ("belongings", BelongingsQuery::build(all_belongings()).query),
        ("regions", RegionsQuery::build(()).query),
    ]
}

fn everything() -> AppVariables {
    AppVariables {
        name: "a".into(),
        allocations: true,
        checks: true,
        config: true,
        events: true,
        groups: true,
        logs: true,
        releases: true,
    }
}

fn newest() -> ReleasesVariables {
    ReleasesVariables { name: "a".into(), after: None, before: None, first: Some(25), last: None }
}

fn one_release() -> ReleaseVariables {
    ReleaseVariables { name: "a".into(), version: 2, before: 1, compare: true, config: true, newest: true }
}

fn all_belongings() -> BelongingsVariables {
    BelongingsVariables {
        name: "a".into(),
        addresses: true,
        certificates: true,
        secrets: true,
        volumes: true,
    }
}

#[test]
fn every_module_of_queries_is_among_the_reviewed_texts() {
    let known = texts();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/graphql");
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let Ok(source) = std::fs::read_to_string(entry.path()) else { continue };
        let queries = source.matches("graphql_type = \"Queries\"").count();
        let named = source.lines().filter_map(|line| line.strip_prefix("pub(crate) struct "));
        let named: Vec<&str> = named
            .filter_map(|line| line.split([' ', '(']).next())
            .filter(|name| name.ends_with("Query"))
            .collect();
        if entry.file_name() != "tests.rs" {
            assert_eq!(named.len(), queries, "{:?}", entry.file_name());
        }
        for name in named {
            let text = name.strip_suffix("Query").unwrap().to_lowercase();
            assert!(known.iter().any(|(known, _)| *known == text), "{name} is not reviewed");
        }
    }
}

#[test]
fn the_texts_of_all_queries_are_as_reviewed() {
    for (name, text) in texts() {
        insta::assert_snapshot!(name, text);
    }
}

#[test]
fn every_query_is_valid_against_the_trimmed_schema() {
    let schema = Schema::parse(include_str!("../../schema/fly.graphql"));
    for (name, text) in texts() {
        schema.validate(&text).unwrap_or_else(|problem| panic!("{name}: {problem}"));
    }
}

#[test]
fn the_validation_notices_what_the_schema_does_not_have() {
    let schema = Schema::parse(include_str!("../../schema/fly.graphql"));
    assert!(schema.validate("query { app(name: \"a\") { nonsense } }").is_err());
    assert!(schema.validate("query { app(title: \"a\") { id } }").is_err());
    assert!(schema.validate("query($n: Int) { app(name: $n) { id } }").is_err());
    assert!(schema.validate("query { app(name: \"a\") { organization } }").is_err());
}

#[test]
fn the_trimmed_schema_and_every_query_agree_with_the_published_schema() {
    let Ok(path) = std::env::var("WINDSOCK_FULL_SCHEMA") else { return };
    let full = Schema::parse(&std::fs::read_to_string(path).expect("WINDSOCK_FULL_SCHEMA is a file"));
    let trimmed = Schema::parse(include_str!("../../schema/fly.graphql"));
    let problems = trimmed.differences(&full);
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    for (name, text) in texts() {
        full.validate(&text).unwrap_or_else(|problem| panic!("{name}: {problem}"));
    }
}

#[test]
fn the_comparison_of_schemas_notices_each_kind_of_difference() {
    let full = Schema::parse(
        "schema { query: Queries } scalar Any enum Size { big small }
         type Queries { app(name: String, limit: Int!): App list: [App!]! one: Any }
         type App { id: ID! size: Size }",
    );
    for (trimmed, problem) in [
        ("type Queries { apps: App }", "there is no Queries.apps"),
        ("type Queries { app(name: String, limit: Int!): App! }", "Queries.app is App and not App!"),
        ("type Queries { app(name: String!, limit: Int!): App }", "Queries.app(name) is String"),
        ("type Queries { app(title: String, limit: Int!): App }", "Queries.app has no argument title"),
        ("type Queries { app(name: String): App }", "Queries.app demands limit"),
        ("type Queries { list: [App]! }", "Queries.list is [App!]! and not [App]!"),
        ("type Queries { one: Any } enum Size { big }", "Size differs in small"),
        ("type Queries { one: Any } type Any { id: ID }", "Any is of kind scalar and not type"),
        ("type Queries { one: Any } type Ship { id: ID }", "there is no type Ship"),
        ("type Queries implements Node { one: Any }", "Queries is no Node"),
    ] {
        let found = Schema::parse(&format!("schema {{ query: Queries }} {trimmed}")).differences(&full);
        assert!(found.iter().any(|one| one == problem), "{trimmed}: {found:?}");
    }
}

/// What of a type matters here.
#[derive(Default)]
struct Shape {
    /// `type`, `interface`, `enum`, `scalar` or another.
    kind: &'static str,
    fields: HashMap<String, FieldDefinition>,
    values: Vec<String>,
    implements: Vec<String>,
}

struct Schema {
    root: String,
    types: HashMap<String, Shape>,
}

impl Schema {
    fn parse(sdl: &str) -> Self {
        let document: ServiceDocument = parse_schema(sdl).unwrap();
        let mut schema = Self { root: "Query".into(), types: HashMap::new() };
        for definition in document.definitions {
            match definition {
                TypeSystemDefinition::Schema(root) => {
                    let query = root.node.query.expect("the schema has queries");
                    schema.root = query.node.to_string();
                }
                TypeSystemDefinition::Type(one) => {
                    schema.types.insert(one.node.name.node.to_string(), shape(one.node.kind));
                }
                TypeSystemDefinition::Directive(_) => {}
            }
        }
        schema
    }

    /// What this schema has and the other has not, or otherwise.
    fn differences(&self, other: &Self) -> Vec<String> {
        let mut problems = Vec::new();
        if self.root != other.root {
            problems.push(format!("the root is {} and not {}", other.root, self.root));
        }
        for (name, shape) in &self.types {
            match other.types.get(name) {
                None => problems.push(format!("there is no type {name}")),
                Some(full) => problems.extend(shape.differences(full, name)),
            }
        }
        problems
    }

    fn validate(&self, text: &str) -> Result<(), String> {
        let document: ExecutableDocument = parse_query(text).map_err(|error| error.to_string())?;
        for (_, operation) in document.operations.iter() {
            let variables: HashMap<String, String> = operation
                .node
                .variable_definitions
                .iter()
                .map(|v| (v.node.name.node.to_string(), v.node.var_type.node.to_string()))
                .collect();
            self.selections(&operation.node.selection_set.node, &self.root, &variables)?;
        }
        Ok(())
    }

    fn selections(
        &self,
        set: &SelectionSet,
        parent: &str,
        variables: &HashMap<String, String>,
    ) -> Result<(), String> {
        for item in &set.items {
            match &item.node {
                Selection::Field(field) => self.field(&field.node, parent, variables)?,
                _ => return Err("fragments are not used".into()),
            }
        }
        Ok(())
    }

    fn field(&self, field: &Field, parent: &str, variables: &HashMap<String, String>) -> Result<(), String> {
        let name = field.name.node.as_str();
        if name == "__typename" {
            return Ok(());
        }
        let known = self.types.get(parent).and_then(|shape| shape.fields.get(name));
        let known = known.ok_or_else(|| format!("{parent} has no field {name}"))?;
        for (argument, value) in &field.arguments {
            let wanted = known.arguments.iter().find(|one| one.node.name.node == argument.node);
            let wanted = wanted.ok_or_else(|| format!("{parent}.{name} has no argument {argument}"))?;
            let wanted = wanted.node.ty.node.to_string();
            if let Some(variable) = value.node.to_string().strip_prefix('$') {
                let given = variables.get(variable).ok_or(format!("${variable} is not declared"))?;
                if given != &wanted && given.strip_suffix('!') != Some(&wanted) {
                    return Err(format!("{parent}.{name}({argument}) takes {wanted} and not {given}"));
                }
            }
        }
        let inner = named(&known.ty.node);
        let is_object = self.types.get(&inner).is_some_and(|shape| !shape.fields.is_empty());
        match (is_object, field.selection_set.node.items.is_empty()) {
            (true, true) => Err(format!("{parent}.{name} needs a selection")),
            (false, false) => Err(format!("{parent}.{name} takes no selection")),
            _ => self.selections(&field.selection_set.node, &inner, variables),
        }
    }
}

impl Shape {
    fn differences(&self, full: &Self, name: &str) -> Vec<String> {
        let mut problems = Vec::new();
        if self.kind != full.kind {
            problems.push(format!("{name} is of kind {} and not {}", full.kind, self.kind));
        }
        for (field, known) in &self.fields {
            match full.fields.get(field) {
                None => problems.push(format!("there is no {name}.{field}")),
                Some(other) => problems.extend(field_differences(known, other, name)),
            }
        }
        let added = full.values.iter().filter(|value| !self.values.contains(value));
        let gone = self.values.iter().filter(|value| !full.values.contains(value));
        problems.extend(added.chain(gone).map(|value| format!("{name} differs in {value}")));
        let lost = self.implements.iter().filter(|interface| !full.implements.contains(interface));
        problems.extend(lost.map(|interface| format!("{name} is no {interface}")));
        problems
    }
}

fn field_differences(known: &FieldDefinition, full: &FieldDefinition, parent: &str) -> Vec<String> {
    let name = &known.name.node;
    let mut problems = Vec::new();
    if known.ty.node.to_string() != full.ty.node.to_string() {
        problems.push(format!("{parent}.{name} is {} and not {}", full.ty.node, known.ty.node));
    }
    for argument in &known.arguments {
        let argument = &argument.node;
        let same = full.arguments.iter().map(|other| &other.node).find(|other| other.name == argument.name);
        match same {
            None => problems.push(format!("{parent}.{name} has no argument {}", argument.name)),
            Some(other) if other.ty.node.to_string() != argument.ty.node.to_string() => {
                problems.push(format!("{parent}.{name}({}) is {}", argument.name, other.ty.node));
            }
            Some(_) => {}
        }
    }
    let demanded = full.arguments.iter().map(|other| &other.node);
    let demanded = demanded.filter(|other| !other.ty.node.nullable && other.default_value.is_none());
    let unknown = demanded.filter(|other| known.arguments.iter().all(|one| one.node.name != other.name));
    problems.extend(unknown.map(|other| format!("{parent}.{name} demands {}", other.name)));
    problems
}

fn shape(kind: TypeKind) -> Shape {
    let fields = |list: Vec<async_graphql_parser::Positioned<FieldDefinition>>| {
        list.into_iter().map(|one| (one.node.name.node.to_string(), one.node)).collect()
    };
    match kind {
        TypeKind::Object(object) => Shape {
            kind: "type",
            fields: fields(object.fields),
            implements: object.implements.into_iter().map(|one| one.node.to_string()).collect(),
            values: vec![],
        },
        TypeKind::Interface(interface) => {
            Shape { kind: "interface", fields: fields(interface.fields), ..Shape::default() }
        }
        TypeKind::Enum(values) => Shape {
            kind: "enum",
            values: values.values.into_iter().map(|one| one.node.value.node.to_string()).collect(),
            ..Shape::default()
        },
        TypeKind::Scalar => Shape { kind: "scalar", ..Shape::default() },
        TypeKind::Union(_) => Shape { kind: "union", ..Shape::default() },
        TypeKind::InputObject(_) => Shape { kind: "input", ..Shape::default() },
    }
}

fn named(ty: &Type) -> String {
    match &ty.base {
        BaseType::Named(name) => name.to_string(),
        BaseType::List(inner) => named(inner),
    }
}
