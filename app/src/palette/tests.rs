//! What the palette offers, from the best to the worst.

use super::entries::{Asked, Does, Group, Known, Note, groups};
use crate::error::AppError;
use model::{AppSummary, Organization, samples};

fn app(name: &str, organization: &str) -> AppSummary {
    AppSummary {
        organization: Organization { name: organization.into(), ..samples::organization() },
        ..samples::summary(name)
    }
}

fn known(names: &[&str]) -> Known {
    Known {
        apps: Ok(names.iter().map(|name| app(name, "Harbor Works")).collect()),
        app: None,
        can_sign_out: true,
    }
}

fn asked(typed: &str) -> Asked {
    Asked { typed: typed.to_owned(), at: String::new() }
}

fn labels(groups: &[Group]) -> Vec<&str> {
    groups.iter().flat_map(|group| &group.entries).map(|entry| entry.label.as_str()).collect()
}

#[test]
fn names_that_begin_with_what_was_typed_come_first_and_otherwise_the_list_keeps_its_order() {
    let known = known(&["the-web", "cobweb", "web-2", "web-1"]);
    assert_eq!(labels(&groups(&asked("web"), &known, false)), ["web-2", "web-1", "the-web", "cobweb"]);
}

#[test]
fn an_app_is_found_by_its_organization_after_those_found_by_name() {
    let mut known = known(&["harbor-api"]);
    known.apps.as_mut().unwrap().insert(0, app("tidewater", "Harbor Works"));
    assert_eq!(labels(&groups(&asked("harbor"), &known, false)), ["harbor-api", "tidewater"]);
}

#[test]
fn of_many_apps_eight_are_offered_and_the_others_counted() {
    let names: Vec<String> = (0..5_000).map(|number| format!("app-{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let groups = groups(&asked("app"), &known(&names), false);
    assert_eq!(labels(&groups)[..8], names[..8]);
    assert!(matches!(groups[0].note, Some(Note::More(4_992))));
}

#[test]
fn without_script_there_are_links_only() {
    let with = groups(&asked(""), &known(&["web"]), true);
    assert!(labels(&with).contains(&"Sign out"), "{:?}", labels(&with));
    let without = groups(&asked(""), &known(&["web"]), false);
    assert_eq!(labels(&without), ["web", "All apps"]);
    assert!(without.iter().flat_map(|group| &group.entries).all(|entry| matches!(entry.does, Does::Open(_))));
}

#[test]
fn whoever_came_without_signing_in_has_nothing_to_sign_out_of() {
    let known = Known { can_sign_out: false, ..known(&[]) };
    assert!(groups(&asked("sign out"), &known, true).is_empty());
}

#[test]
fn where_there_is_no_list_an_app_opens_by_its_whole_name() {
    let message = "This token cannot list apps.".to_owned();
    let known = Known { apps: Err(AppError::WrongScope { message: message.clone() }), ..known(&[]) };
    let found = groups(&asked(" web "), &known, false);
    assert_eq!(labels(&found), ["Open web"]);
    assert!(matches!(&found[0].note, Some(Note::Failed(why)) if *why == message));
    assert_eq!(labels(&groups(&asked("No Name"), &known, false)), [] as [&str; 0]);
}
