//! Edits of JSON answers: the shape stays, a part of the content is wrong. Pure.

use serde_json::{Map, Value, json};

use super::fault::Fault;

/// Makes the edit that a fault asks for; faults that are no edits change nothing. `org_list` says
/// whether the answer is the list of an organization's machines.
pub(super) fn edit(fault: &Fault, answer: &mut Value, org_list: bool) {
    match fault {
        Fault::Partial { path, code, message } => {
            let error = |at: &[Value]| json!({"message": message, "path": at, "extensions": {"code": code}});
            let keys: Vec<&str> = path.split('.').collect();
            let mut errors = Vec::new();
            if let Some(data) = answer.get_mut("data") {
                withhold(data, &keys, &mut Vec::new(), &mut |at| errors.push(error(at)));
            }
            add_errors(answer, errors);
        }
        Fault::NullField { field } => each_field(answer, field, &|value| *value = Value::Null),
        Fault::WrongType { field } => each_field(answer, field, &|value| *value = of_another_type(value)),
        Fault::ErrorRegions { regions } if org_list => silence(answer, regions),
        _ => {}
    }
}

/// Nulls what is at the end of the keys, and tells the path of each.
fn withhold(value: &mut Value, keys: &[&str], at: &mut Vec<Value>, told: &mut dyn FnMut(&[Value])) {
    if let Value::Array(items) = value {
        for (index, item) in items.iter_mut().enumerate() {
            at.push(json!(index));
            withhold(item, keys, at, told);
            at.pop();
        }
        return;
    }
    let (Some((key, rest)), Value::Object(fields)) = (keys.split_first(), value) else {
        return;
    };
    let Some(field) = fields.get_mut(*key) else {
        return;
    };
    at.push(json!(key));
    if rest.is_empty() {
        *field = Value::Null;
        told(at);
    } else {
        withhold(field, rest, at, told);
    }
    at.pop();
}

fn add_errors(answer: &mut Value, errors: Vec<Value>) {
    if errors.is_empty() {
        return;
    }
    let Value::Object(fields) = answer else {
        return;
    };
    match fields.entry("errors").or_insert_with(|| json!([])) {
        Value::Array(known) => known.extend(errors),
        other => *other = Value::Array(errors),
    }
}

fn each_field(value: &mut Value, name: &str, act: &dyn Fn(&mut Value)) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| each_field(item, name, act)),
        Value::Object(fields) => {
            for (key, field) in fields {
                if key == name {
                    act(field);
                } else {
                    each_field(field, name, act);
                }
            }
        }
        _ => {}
    }
}

/// Something that no reader of the original can take for it.
fn of_another_type(value: &Value) -> Value {
    match value {
        Value::Null | Value::Bool(_) => json!("not-a-boolean"),
        Value::Number(_) => json!({"not": "a number"}),
        Value::String(_) => json!(404),
        Value::Array(_) => json!({"not": "a list"}),
        Value::Object(_) => json!(["not an object"]),
    }
}

fn silence(answer: &mut Value, regions: &[String]) {
    let Value::Object(fields) = answer else {
        return;
    };
    if let Some(Value::Array(machines)) = fields.get_mut("machines") {
        let silent = |machine: &Value| regions.iter().any(|region| machine["region"] == **region);
        machines.retain(|machine| !silent(machine));
    }
    name_regions(fields, regions);
}

fn name_regions(fields: &mut Map<String, Value>, regions: &[String]) {
    let known = fields.entry("error_regions").or_insert_with(|| json!([]));
    if !known.is_array() {
        *known = json!([]);
    }
    if let Value::Array(known) = known {
        let new: Vec<Value> =
            regions.iter().map(|region| json!(region)).filter(|one| !known.contains(one)).collect();
        known.extend(new);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(fault: &Fault, mut answer: Value) -> Value {
        edit(fault, &mut answer, true);
        answer
    }

    fn partial(path: &str) -> Fault {
        Fault::Partial { path: path.into(), code: "SERVER_ERROR".into(), message: "no".into() }
    }

    #[test]
    fn a_withheld_field_is_null_with_an_error_at_its_path_and_the_rest_stays() {
        let answer =
            edited(&partial("app.releases"), json!({"data": {"app": {"name": "a", "releases": [1]}}}));
        assert_eq!(answer["data"], json!({"app": {"name": "a", "releases": null}}));
        assert_eq!(answer["errors"][0]["path"], json!(["app", "releases"]));
        assert_eq!(answer["errors"][0]["extensions"]["code"], "SERVER_ERROR");
    }

    #[test]
    fn in_a_list_each_item_loses_the_field_and_has_an_error_of_its_own() {
        let nodes = json!([{"name": "a", "status": "x"}, {"name": "b", "status": "y"}]);
        let answer = edited(&partial("apps.nodes.status"), json!({"data": {"apps": {"nodes": nodes}}}));
        assert_eq!(answer["data"]["apps"]["nodes"][1], json!({"name": "b", "status": null}));
        assert_eq!(answer["errors"][1]["path"], json!(["apps", "nodes", 1, "status"]));
    }

    #[test]
    fn errors_that_are_there_already_stay() {
        let before = json!({"data": {"app": {"config": {}}}, "errors": [{"message": "first"}]});
        let answer = edited(&partial("app.config"), before);
        assert_eq!(answer["errors"][0]["message"], "first");
        assert_eq!(answer["errors"].as_array().map(Vec::len), Some(2));
    }

    #[test]
    fn an_answer_without_the_field_is_not_touched() {
        let before = json!({"data": {"viewer": {"id": "1"}}});
        assert_eq!(edited(&partial("app.config"), before.clone()), before);
    }

    #[test]
    fn a_lost_field_is_null_at_any_depth_and_nothing_says_why() {
        let fault = Fault::NullField { field: "deploymentStatus".into() };
        let answer = edited(&fault, json!({"data": {"apps": [{"deploymentStatus": {"version": 1}}]}}));
        assert_eq!(answer, json!({"data": {"apps": [{"deploymentStatus": null}]}}));
    }

    #[test]
    fn a_value_of_another_type_is_never_of_the_same_type() {
        for value in [json!(null), json!(true), json!(1), json!("a"), json!([1]), json!({"a": 1})] {
            let other = of_another_type(&value);
            assert_ne!(std::mem::discriminant(&other), std::mem::discriminant(&value), "{value}");
        }
    }

    #[test]
    fn a_silent_region_is_named_and_its_machines_are_left_out() {
        let fault = Fault::ErrorRegions { regions: vec!["ams".into()] };
        let before = json!({"machines": [{"region": "ams"}, {"region": "iad"}], "error_regions": ["gru"]});
        assert_eq!(
            edited(&fault, before.clone()),
            json!({"machines": [{"region": "iad"}], "error_regions": ["gru", "ams"]})
        );
        let mut other = before.clone();
        edit(&fault, &mut other, false);
        assert_eq!(other, before);
    }
}
