//! The reader and that of `serde_json` read the same values from what the server writes.

use crate::error::AppError;
use crate::session::{Refusal, Session};
use model::json::{FromJson, read};
use model::live::{AppChange, AppsChange, Hello, Ping, Snapshot, SourceHealth, SourceState, TopicState};
use model::{CheckCounts, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Debug;

const APP: &str = r#"{"topic":"app:a","cursor":"e1-7","now":1632342281000,"checked_at":-1,
    "source":{"failing":{"since":1,"message":"Fly \"says\" \u00e4 \n","retry_at":2,"request_id":null}},
    "state":{"app":{"app":{"name":"a","organization":{"slug":"o","name":"O"},"status":"running",
    "hostname":"a.fly.dev","image":null,"version":14},"health":"degraded",
    "deployment":{"version":14,"status":"failed","description":"","strategy":"rolling","desired":2,"placed":1,
    "healthy":0,"unhealthy":1,"started_at":1,"ended_at":null,"mixed_versions":true,"source":"computed",
    "note":"N","outgoing":1,"user":"u","groups":[{"name":"app","desired":2,"placed":1,"healthy":0,"unhealthy":1}]},
    "diagnosis":{"subject":{"why_failed":14},"findings":[{"cause":"wrong_port","headline":"H","certainty":"proven","evidence":[
    {"at":1,"source":{"log":"e80d7fbd"},"text":["y",["x"]],"stance":"contradicts","note":"n"},
    {"source":"configuration","text":[]}],
    "advice":"A","reference":"https://fly.io"}],"go_back":{"version":13,"command":"fly deploy"},
    "log_tail":{"instance":"e80d7fbd","lines":[[1,"info","m"]]}},
    "instances":[{"id":"e80d7fbd","process_group":"app","version":null,"region":"sjc","desired":"run",
    "state":"a state nobody knew","host":"ok","checks":{"total":1,"passing":0,"warning":0,"critical":1},
    "restarts":4294967295,"created_at":1,"updated_at":2}],
    "process_groups":[{"name":"app","size":null,"memory_mb":256,"regions":["sjc"],"instances":1}],
    "releases":[{"version":14,"status":"failed","description":"","reason":"deploy","stable":false,
    "strategy":null,"user":null,"image":null,"created_at":1,"updated_at":2}]}}}"#;

const APPS: &str = r#"{"topic":"apps","cursor":"e1-7","now":1,"checked_at":1,"source":"fine","state":{"apps":{"apps":[
    {"name":"a","organization":{"slug":"o","name":"O"},"status":"deployed",
    "last_release":{"version":1,"status":"complete","created_at":1,"user":"u"},"deployment":"successful",
    "instances":{"total":3,"up":2,"unhealthy":1},"regions":["ams","iad"],"a field of a newer server":[1.5,{}]}],
    "totals":{"fitting":1,"first":0,"all":[1,0],"by_health":[],
    "organizations":[{"slug":"o","name":"O"}],"by_organization":[1]}}}}"#;

fn alike<T: DeserializeOwned + FromJson + PartialEq + Debug>(json: &str) {
    let theirs: T = serde_json::from_str(json).unwrap();
    assert_eq!(read::<T>(json.as_bytes()).unwrap(), theirs, "{json}");
}

fn there_and_back<T: Serialize + DeserializeOwned + FromJson + PartialEq + Debug>(value: &T) {
    alike::<T>(&serde_json::to_string(value).unwrap());
}

#[test]
fn a_whole_state_is_read_with_every_field() {
    alike::<Snapshot<TopicState>>(APP);
    alike::<Snapshot<TopicState>>(APPS);
    alike::<Result<Snapshot<TopicState>, AppError>>(&format!(r#"{{"Ok":{APP}}}"#));
}

#[test]
fn every_kind_of_change_is_read() {
    for change in [
        r#"{"health":"healthy"}"#,
        r#"{"deployment":null}"#,
        r#"{"deployed":{"progress":{"status":"failed","description":"d","note":"n","ended_at":1}}}"#,
        r#"{"deployed":{"progress":{"status":"running","description":""}}}"#,
        r#"{"deployed":{"counts":{}}}"#,
        r#"{"deployed":{"counts":{"desired":1,"placed":2,"healthy":3,"unhealthy":4,"outgoing":5,
            "groups":[{"name":"app","desired":1,"placed":0,"healthy":0,"unhealthy":0}],"mixed_versions":true}}}"#,
        r#"{"diagnosis":null}"#,
        r#"{"diagnosed":{"frame":{"subject":"what_is_wrong"}}}"#,
        r#"{"diagnosed":{"frame":{"subject":{"why_failed":3},"go_back":{"version":2,"command":"c"},"not_loaded":["x"]}}}"#,
        r#"{"diagnosed":{"findings":[]}}"#,
        r#"{"diagnosed":{"evidence":["wrong_port",2,{"source":{"log":"e80d7fbd"},"text":["a",["b"],"c"]}]}}"#,
        r#"{"diagnosed":{"lines":[[1,"info","m"]]}}"#,
        r#"{"process_groups":[]}"#,
        r#"{"cell":["e80d7fbd",{"version":null}]}"#,
        r#"{"cell":["e80d7fbd",{"checks":{"total":1,"passing":1,"warning":0,"critical":0}}]}"#,
        r#"{"cell":["e80d7fbd",{"updated_at":1632342281000}]}"#,
        r#"{"instance_gone":"e80d7fbd"}"#,
        r#"{"release_gone":3}"#,
    ] {
        alike::<AppChange>(change);
    }
    alike::<AppsChange>(r#"{"order":["a","b"]}"#);
    alike::<AppsChange>(
        r#"{"totals":{"fitting":1,"first":0,"all":[1],"by_health":[],"organizations":[{"slug":"o","name":"O"}],"by_organization":[1]}}"#,
    );
}

#[test]
fn errors_sessions_and_signs_of_life_are_read() {
    for error in [
        AppError::SignedOut,
        AppError::NotFound { name: "a".into() },
        AppError::Upstream {
            message: "m".into(),
            request_id: Some("01J".into()),
            retry_at: Some(Timestamp(1)),
        },
        AppError::Internal,
    ] {
        there_and_back(&error);
    }
    let refusal = Some(Refusal { message: "m".into(), request_id: None });
    there_and_back(&Session { viewer: Some("v".into()), refusal, ..Session::default() });
    there_and_back(&Hello { protocol: 1, build: "b".into(), now: Timestamp(-5) });
    there_and_back(&Ping { now: Timestamp(1), checked_at: vec![("apps".parse().unwrap(), Timestamp(2))] });
    let source = SourceHealth::partial(vec!["instances".into()], None, None, None);
    there_and_back(&SourceState { topic: "app:a".parse().unwrap(), source, checked_at: Timestamp(0) });
}

#[test]
fn what_does_not_fit_is_an_error_that_names_the_field() {
    for (json, said) in [
        ("{", "not JSON"),
        (r#"{"total":"1","passing":0,"warning":0,"critical":0}"#, "total"),
        (r#"{"total":1,"passing":1.5,"warning":0,"critical":0}"#, "passing"),
        (r#"{"total":1}"#, "passing"),
    ] {
        let error = read::<CheckCounts>(json.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(said), "{json}: {error}");
    }
    let invalid = APP.replace("app:a\"", "app:../etc\"");
    let error = read::<Snapshot<TopicState>>(invalid.as_bytes()).unwrap_err().to_string();
    assert!(error.contains("topic"), "a name that is none was taken, or: {error}");
}
