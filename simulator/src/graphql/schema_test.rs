//! The schema of the simulator is a part of Fly's: run with `WINDSOCK_FULL_SCHEMA` naming a file
//! that holds the whole of it.

use std::collections::{BTreeMap, BTreeSet};

use async_graphql::parser::{
    parse_schema,
    types::{FieldDefinition, InputValueDefinition, TypeDefinition, TypeKind, TypeSystemDefinition},
};

/// What a schema declares: for a type its fields and arguments with their types, for an
/// enumeration its values.
type Declared = BTreeMap<String, BTreeMap<String, String>>;

/// Which interfaces each type implements.
fn interfaces(sdl: &str) -> BTreeMap<String, BTreeSet<String>> {
    let types = parse_schema(sdl).unwrap().definitions.into_iter().filter_map(|one| match one {
        TypeSystemDefinition::Type(one) => Some(one.node),
        _ => None,
    });
    let objects = types.filter_map(|one| match one.kind {
        TypeKind::Object(object) => Some((one.name.node.to_string(), object.implements)),
        _ => None,
    });
    objects.map(|(name, all)| (name, all.into_iter().map(|one| one.node.to_string()).collect())).collect()
}

fn read(sdl: &str) -> Declared {
    let document = parse_schema(sdl).unwrap();
    let types = document.definitions.into_iter().filter_map(|one| match one {
        TypeSystemDefinition::Type(one) => Some(one.node),
        _ => None,
    });
    types.map(|one| (one.name.node.to_string(), members(&one))).collect()
}

fn members(one: &TypeDefinition) -> BTreeMap<String, String> {
    match &one.kind {
        TypeKind::Object(object) => fields(object.fields.iter().map(|field| &field.node)),
        TypeKind::Interface(interface) => fields(interface.fields.iter().map(|field| &field.node)),
        TypeKind::Enum(all) => {
            let values = all.values.iter();
            values.map(|value| (value.node.value.node.to_string(), "value".to_owned())).collect()
        }
        TypeKind::InputObject(input) => arguments("", input.fields.iter().map(|field| &field.node)).collect(),
        TypeKind::Scalar | TypeKind::Union(_) => BTreeMap::new(),
    }
}

fn fields<'a>(all: impl Iterator<Item = &'a FieldDefinition>) -> BTreeMap<String, String> {
    let mut members = BTreeMap::new();
    for field in all {
        let name = field.name.node.as_str();
        members.insert(name.to_owned(), field.ty.node.to_string());
        members.extend(arguments(name, field.arguments.iter().map(|one| &one.node)));
    }
    members
}

fn arguments<'a>(
    of: &str,
    all: impl Iterator<Item = &'a InputValueDefinition>,
) -> impl Iterator<Item = (String, String)> {
    all.map(move |one| {
        // A default makes an argument optional, whether the type says so or not.
        let ty = one.ty.node.to_string();
        let ty = if one.default_value.is_some() { ty.trim_end_matches('!').to_owned() } else { ty };
        (format!("{of}({})", one.name.node), ty)
    })
}

fn full() -> Option<String> {
    let path = std::env::var("WINDSOCK_FULL_SCHEMA").ok()?;
    Some(std::fs::read_to_string(path).unwrap())
}

/// A client that asks with an argument of Fly's must not be told that there is none.
#[test]
fn every_argument_of_a_field_and_every_value_of_an_enumeration_of_flys_is_taken() {
    let Some(full) = full().map(|sdl| read(&sdl)) else {
        return;
    };
    let ours = read(&super::schema().sdl());
    let mut missing = Vec::new();
    for (name, members) in &ours {
        for (member, kind) in full.get(name).into_iter().flatten() {
            let of_a_field_we_have = member
                .split_once('(')
                .is_some_and(|(field, _)| field.is_empty() || members.contains_key(field));
            if (of_a_field_we_have || kind == "value") && !members.contains_key(member) {
                missing.push(format!("{name}.{member}"));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn every_interface_that_a_type_implements_is_one_that_it_implements_in_flys_schema() {
    let Some(full) = full().map(|sdl| interfaces(&sdl)) else {
        return;
    };
    for (name, ours) in interfaces(&super::schema().sdl()) {
        assert_eq!(ours, full[&name], "{name}");
    }
}

#[test]
fn every_type_field_and_argument_is_in_flys_schema_with_the_same_nullability() {
    let Some(full) = full().map(|sdl| read(&sdl)) else {
        return;
    };
    let ours = read(&super::schema().sdl());
    assert!(ours.contains_key("Queries"), "the schema is empty");
    let built_in: BTreeSet<&str> = ["Boolean", "Float", "ID", "Int", "String"].into();
    let mut wrong = Vec::new();
    for (name, members) in ours.iter().filter(|(name, _)| !built_in.contains(name.as_str())) {
        let Some(real) = full.get(name) else {
            wrong.push(format!("{name} is not in it"));
            continue;
        };
        for (member, ty) in members {
            match real.get(member) {
                None => wrong.push(format!("{name}.{member} is not in it")),
                Some(real) if real != ty => {
                    wrong.push(format!("{name}.{member} is {ty}, but {real} in it"));
                }
                Some(_) => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
