//! Whether what was shown was true.

use crate::cells::Shown;
use crate::history::History;
use crate::tab::{Diary, Note};
use crate::tap::Written;
use app::live::Link;
use model::live::{SourceHealth, Topic};
use serde_json::Value;
use std::collections::HashMap;

/// A stream that is silent for so long is dead.
const SILENCE_MS: i64 = 35_000;
/// Two clocks that show whole milliseconds differ by one at most while they show the same moment.
const ROUNDING_MS: i64 = 1;
/// An age is right to a second.
const SECOND: i64 = 1_000;

/// When what was asked for the topic at a moment had been answered; none where nothing was asked then.
pub type AnsweredBy<'a> = &'a dyn Fn(&Topic, i64) -> Option<i64>;

/// How many values were checked, or what is wrong with one.
pub fn check_values(history: &History, notes: &[Note], answered_by: AnsweredBy<'_>) -> Result<usize, String> {
    let mut reached: HashMap<(&Topic, String), usize> = HashMap::new();
    let mut checked = 0;
    for note in notes {
        let wrong = |what: String| format!("at {} the page of {}: {what}", note.at, note.topic);
        let Shown { cells, complete, as_of: (oldest, newest), source } = &note.shown;
        if *newest > note.at {
            return Err(wrong(format!("is of {newest}, which is yet to come")));
        }
        let answered = match answered_by(&note.topic, *newest) {
            Some(answered) => answered,
            None if *source == SourceHealth::Fine => {
                return Err(wrong(format!("is of {newest}, when Fly was not asked")));
            }
            None => *newest,
        };
        let absent = complete.iter().flat_map(|start| history.listed(start));
        let absent = absent.filter(|name| !cells.contains_key(*name)).map(|name| (name, &Value::Null));
        let shown = cells.iter().map(|(name, value)| (name.as_str(), value));
        for (name, value) in shown.chain(absent) {
            let Some(values) = history.values(name) else {
                if name.ends_with(" total") {
                    continue;
                }
                return Err(wrong(format!("{name} shows {value}, and there never was such a thing")));
            };
            let at = reached.entry((&note.topic, name.to_owned())).or_default();
            let until = |index: usize| values.get(index + 1).map_or(i64::MAX, |next| next.at);
            let fits = |index: &usize| values[*index].value == *value && until(*index) > *oldest;
            let Some(index) = (*at..values.len()).find(fits) else {
                let what = "which was never true then or came back";
                let known = &values[*at..values.len().min(*at + 3)];
                return Err(wrong(format!(
                    "{name} shows {value} as of {oldest} to {newest}, {what}; from where it was: {known:?}"
                )));
            };
            if values[index].at > answered {
                let since = values[index].at;
                return Err(wrong(format!("{name} shows {value} as of {newest}, true only since {since}")));
            }
            *at = index;
            checked += 1;
        }
    }
    Ok(checked)
}

/// Whether the page was right about the time and about its link. A page may act so many milliseconds late.
pub fn check_link(diary: &Diary, late: i64) -> Result<(), String> {
    for Note { at, clock, best, .. } in &diary.notes {
        let (Some(clock), Some(best)) = (clock, best) else { continue };
        if *clock > at + ROUNDING_MS || *clock < best - SECOND {
            return Err(format!("at {at} the page takes the time for {clock}, and knew better: {best}"));
        }
    }
    let mut was_live = false;
    for (at, link, heard) in &diary.links {
        if was_live && at - heard > SILENCE_MS + late {
            return Err(format!("the page called itself live until {at}, and last heard a word at {heard}"));
        }
        was_live = *link == Link::Live;
        if let Link::Reconnecting { shown_from, .. } | Link::Offline { shown_from } = link
            && shown_from.0 > heard + SECOND
        {
            return Err(format!(
                "at {at} the page says that it shows {shown_from:?}, and last heard a word at {heard}"
            ));
        }
    }
    let signed_out = diary.links.iter().find(|(_, link, _)| *link == Link::SignedOut).map(|(at, ..)| *at);
    match signed_out.and_then(|out| diary.notes.iter().find(|note| note.at > out)) {
        Some(note) => {
            Err(format!("signed out, the page shows something new of {} at {}", note.topic, note.at))
        }
        None => Ok(()),
    }
}

/// Whether viewers got only what is theirs. `markers` stands in nothing that `who` may see.
pub fn check_access(written: &[Written], who: usize, markers: &[String]) -> Result<(), String> {
    for one in written.iter().filter(|one| one.who == who) {
        if let Some(marker) = markers.iter().find(|marker| one.text().contains(marker.as_str())) {
            return Err(format!("at {} the viewer {who} got `{marker}`: {}", one.at, one.text()));
        }
    }
    Ok(())
}

/// Whether every answer ended within a second, and nothing was told after that, once the server knew, at `known`,
/// that a token is refused. With `app`, only what is about that app.
pub fn check_ended(written: &[Written], who: usize, known: i64, app: Option<&str>) -> Result<(), String> {
    let names = app.map(|app| [format!(":{app}\""), format!(":{app}:")]);
    let about = |text: &str| names.as_ref().is_none_or(|names| names.iter().any(|name| text.contains(name)));
    let mine = || written.iter().filter(|one| one.who == who);
    if let Some(late) = mine().find(|one| one.at > known + SECOND && one.tells() && about(one.text())) {
        return Err(format!(
            "at {} the viewer {who} was told something, refused since {known}: {}",
            late.at,
            late.text()
        ));
    }
    for open in mine().filter(|one| one.at <= known && one.tells() && about(one.text())) {
        let end = mine().find(|one| one.answer == open.answer && one.bytes.is_none());
        if end.is_none_or(|end| end.at > known + SECOND) {
            let end = end.map(|end| end.at);
            return Err(format!("an answer to viewer {who} ended at {end:?}, refused since {known}"));
        }
    }
    Ok(())
}
