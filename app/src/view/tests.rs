//! What the macro reads, and the HTML that the browser finds its way in.

use super::rows::{Owners, longest_rise};
use super::{IntoNode, Node};
use crate::erase::{Erase, dynamic};
use crate::prelude::*;
use std::sync::Arc;

fn html(node: Node) -> String {
    Owner::new().with(|| node.to_html())
}

#[test]
fn an_element_has_its_attributes_and_its_children() {
    let view = view! { <td data-cell="name" class="whole"><a href=format!("/apps/{}", "a")>"A"</a></td> };
    assert_eq!(html(view), r#"<td data-cell="name" class="whole"><a href="/apps/a">A</a></td>"#);
}

#[test]
fn text_and_values_are_never_markup() {
    let text = "<b>\"&'</b>".to_owned();
    let view = view! { <p title=text.clone()>{text}</p> };
    assert_eq!(html(view), r#"<p title="&lt;b&gt;&quot;&amp;'&lt;/b&gt;">&lt;b&gt;"&amp;'&lt;/b&gt;</p>"#);
}

#[test]
fn a_value_is_there_or_not() {
    let (yes, no, none, some) = (true, false, None::<String>, Some("x"));
    let view = view! { <input required disabled=no checked=yes title=none name=some /> };
    assert_eq!(html(view), r#"<input required checked name="x">"#);
}

#[test]
fn classes_that_come_and_go_join_those_that_stay() {
    Owner::new().with(|| {
        let (on, off) = (RwSignal::new(true), false);
        assert_eq!(html(view! { <i class="a" class:b=on class:c=off></i> }), r#"<i class="a b"></i>"#);
        assert_eq!(html(view! { <i class:c=off></i> }), "<i></i>");
    });
}

#[test]
fn listeners_and_properties_are_for_the_browser_only() {
    let view = view! { <button type="button" prop:value="x" on:click=|_| ()>"Go"</button> };
    assert_eq!(html(view), r#"<button type="button">Go</button>"#);
}

#[test]
fn texts_in_a_row_are_parted_and_an_empty_one_is_a_node() {
    let (empty, none) = (String::new(), None::<String>);
    assert_eq!(html(view! { <p>"a"{"b"}<i></i>"c"</p> }), "<p>a<!>b<i></i>c</p>");
    assert_eq!(html(view! { <p>{empty}</p> }), "<p> </p>");
    assert_eq!(html(view! { <p>"a"{none}"b"</p> }), "<p>a<!>b</p>");
}

#[test]
fn a_list_ends_with_a_mark() {
    let items: Vec<AnyView> = ["a", "b"].into_iter().map(|text| view! { <li>{text}</li> }.erase()).collect();
    assert_eq!(html(view! { <ol>{items}</ol> }), "<ol><li>a</li><li>b</li><!></ol>");
}

#[test]
fn a_function_is_shown_as_what_it_says_now() {
    Owner::new().with(|| {
        let count = RwSignal::new(1);
        let twice = dynamic(move || count.get() * 2);
        assert_eq!(html(view! { <b title=move || count.get()>{twice}</b> }), r#"<b title="1">2</b>"#);
    });
}

#[test]
fn rows_are_drawn_by_their_keys() {
    let keys = || vec!["a".to_owned(), "gone".to_owned(), "b".to_owned()];
    let row = |key: String| (key != "gone").then(|| view! { <li>{key}</li> });
    let rows = Node::rows(Box::new(keys), Arc::new(row));
    assert_eq!(html(rows), "<li>a</li><!><li>b</li><!>");
}

/// Leptos renders its own views with the feature only.
#[cfg(feature = "ssr")]
#[test]
fn a_node_can_stand_in_a_view_of_leptos() {
    let inner = leptos::prelude::view! { <b>{view! { <i>"x"</i> }}</b> };
    assert_eq!(inner.to_html(), "<b><i>x</i></b>");
}

#[test]
fn several_at_the_top_need_no_element_around_them() {
    assert_eq!(html(view! { "a"<br />{"b".into_node()} }), "a<br>b");
}

#[test]
fn as_many_rows_as_can_be_stay_in_their_place() {
    let rise = |places: &[usize]| longest_rise(&places.iter().copied().map(Some).collect::<Vec<_>>());
    assert_eq!(rise(&[3, 0, 1, 2]), [false, true, true, true], "the last came first");
    assert_eq!(rise(&[1, 2, 3, 0]), [true, true, true, false], "the first went last");
    assert_eq!(rise(&[0, 1, 2]), [true, true, true]);
    assert_eq!(rise(&[2, 1, 0]).iter().filter(|stays| **stays).count(), 1);
    assert_eq!(longest_rise(&[None, Some(0), None]), [false, true, false], "new rows stay nowhere");
    assert_eq!(rise(&[]), [false; 0]);
}

/// A file that takes the macro of Leptos compiles as well, and brings code for each of its elements.
#[test]
fn pages_and_components_are_written_with_this_macro() {
    for folder in ["components", "pages"] {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(folder);
        let files: Vec<_> = std::fs::read_dir(&path).unwrap().map(|file| file.unwrap().path()).collect();
        assert!(files.len() > 3, "{} has no files", path.display());
        for file in files.iter().filter(|file| file.is_file()) {
            let text = std::fs::read_to_string(file).unwrap();
            assert!(
                !text.contains("use leptos::prelude::*"),
                "{}: use crate::prelude::* in place of leptos::prelude::*",
                file.display()
            );
        }
    }
}

#[test]
fn the_owner_of_a_row_that_is_gone_is_empty_and_serves_the_next_row() {
    let mut owners = Owners::of(Owner::new());
    let gone = owners.take();
    let held = gone.with(|| StoredValue::new(1));
    let id = gone.debug_id();
    owners.give_back(gone);
    assert_eq!(held.try_get_value(), None);
    assert_eq!(owners.take().debug_id(), id);
    assert_ne!(owners.take().debug_id(), id, "one that is in use is nobody else's");
}
