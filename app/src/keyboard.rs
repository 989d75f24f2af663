//! The keys of the pages: one table, which the help dialog lists and the script `keys.js` reads from the
//! dialog. So what it lists is what works. Rendered by the server only, beside the app.

use leptos::prelude::*;

/// The id of the help dialog, which `keys.js` knows.
const HELP: &str = "keys";

/// One shortcut.
struct Shortcut {
    /// What is pressed, as `KeyboardEvent.key` names it; two keys with a space between are pressed one
    /// after the other, `Mod+` is Ctrl or Cmd.
    keys: &'static str,
    /// What it does, as the help says.
    does: &'static str,
    /// What it is about: it works where the page shows something that this CSS selector finds.
    at: &'static str,
    act: Act,
}

/// What a shortcut does with what it is about.
#[derive(Clone, Copy)]
enum Act {
    /// Puts the focus there.
    Focus,
    /// Clicks it.
    Press,
    /// Puts the focus on the row below.
    Next,
    /// Puts the focus on the row above.
    Previous,
    /// Opens the help.
    Help,
    /// The browser does it by itself.
    Native,
}

impl Act {
    fn word(self) -> &'static str {
        match self {
            Self::Focus => "focus",
            Self::Press => "press",
            Self::Next => "next",
            Self::Previous => "previous",
            Self::Help => "help",
            Self::Native => "native",
        }
    }
}

const ROWS: &str = "main tbody tr";

const SHORTCUTS: [Shortcut; 9] = [
    Shortcut { keys: "?", does: "Show this help", at: "#keys", act: Act::Help },
    Shortcut { keys: "Mod+k", does: "Find an app, an instance or an action", at: ".find", act: Act::Press },
    Shortcut { keys: "/", does: "Go to the search", at: "#search", act: Act::Focus },
    Shortcut { keys: "j", does: "Go to the next row", at: ROWS, act: Act::Next },
    Shortcut { keys: "k", does: "Go to the row before", at: ROWS, act: Act::Previous },
    Shortcut {
        keys: "Enter",
        does: "Open the row that has the focus",
        at: "main tbody a[href]",
        act: Act::Native,
    },
    Shortcut { keys: "[", does: "Open the one before this", at: "a[rel~=prev]", act: Act::Press },
    Shortcut { keys: "]", does: "Open the one after this", at: "a[rel~=next]", act: Act::Press },
    Shortcut { keys: "g a", does: "Open the list of apps", at: ".mark", act: Act::Press },
];

/// The help. Which rows it shows is decided when it opens.
pub(crate) fn help_dialog() -> impl IntoView {
    let rows: Vec<_> = SHORTCUTS.iter().map(row).collect();
    view! {
        <dialog id=HELP class="keys" aria-labelledby="keys-heading" closedby="any">
            <h2 id="keys-heading">"Keyboard shortcuts"</h2>
            <dl class="pairs short">{rows}</dl>
            <form method="dialog"><button type="submit">"Close"</button></form>
        </dialog>
    }
}

fn row(shortcut: &Shortcut) -> impl IntoView + use<> {
    let Shortcut { keys, does, at, act } = *shortcut;
    view! {
        <div data-keys=keys data-at=at data-act=act.word()>
            <dt>{caps(keys)}</dt>
            <dd>{does}</dd>
        </div>
    }
}

/// The keys as they stand on a keyboard.
fn caps(keys: &'static str) -> Vec<AnyView> {
    let mut caps = Vec::new();
    for (place, key) in keys.split(' ').enumerate() {
        if place > 0 {
            caps.push(view! { " then " }.into_any());
        }
        caps.push(match key.strip_prefix("Mod+") {
            Some(key) => {
                let key = key.to_uppercase();
                view! { <kbd>"Ctrl"</kbd>" or "<kbd>"⌘"</kbd>" + "<kbd>{key}</kbd> }.into_any()
            }
            None => view! { <kbd>{key}</kbd> }.into_any(),
        });
    }
    caps
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_key_means_two_things() {
        let keys: HashSet<&str> = SHORTCUTS.iter().map(|one| one.keys).collect();
        assert_eq!(keys.len(), SHORTCUTS.len());
    }

    #[test]
    fn a_key_that_begins_a_sequence_does_nothing_alone() {
        let sequences = SHORTCUTS.iter().filter_map(|one| one.keys.split_once(' '));
        for (first, _) in sequences {
            assert!(
                SHORTCUTS.iter().all(|one| one.keys != first),
                "{first} would never wait for the next key"
            );
        }
    }

    #[test]
    fn the_help_lists_every_shortcut_with_what_the_script_needs() {
        let html = Owner::new().with(|| help_dialog().to_html());
        for Shortcut { keys, does, act, .. } in &SHORTCUTS {
            assert!(html.contains(&format!("data-keys=\"{keys}\"")), "{keys}: {html}");
            assert!(html.contains(&format!("data-act=\"{}\"", act.word())), "{keys}: {html}");
            assert!(html.contains(&format!("<dd>{does}</dd>")), "{keys}: {html}");
        }
        assert!(html.contains("<kbd>g</kbd> then <kbd>a</kbd>"), "{html}");
    }
}
