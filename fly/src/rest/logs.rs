//! Logs: `GET /api/v1/apps/{app}/logs`.
//!
//! Source: fly-go `resource_logs.go`, flyctl `logs/entry.go`; Fly's documentation, "Exporting logs"
//! and "Error codes". Without a token the newest 100 lines of the last 24 hours; the token of an
//! answer gives those after it. Fly keeps some 7 days.

use crate::decode::listed::Envelope;
use crate::decode::text;
use crate::machines::fields::{Fields, each};
use model::logs::{ansi, mask::Masker};
use model::{AppLogLine, InstanceId, LogLine, RegionCode};
use serde_json::Value;
use std::collections::BTreeMap;

/// Where an answer ended, to read on from there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogPlace {
    /// As Fly names it: nanoseconds of Unix time, as text.
    token: String,
    /// The instances whose last line stands within a private key: it goes on with the next answer.
    in_keys: Maskers,
}

/// Of each instance on its own: what it writes over several lines stands between those of others.
type Maskers = BTreeMap<Option<InstanceId>, Masker>;

impl LogPlace {
    /// As Fly names it.
    pub fn token(&self) -> &str {
        &self.token
    }
}

impl From<&str> for LogPlace {
    fn from(token: &str) -> Self {
        Self { token: token.to_owned(), in_keys: Maskers::new() }
    }
}

/// Which lines of an app's log are asked for. The default is the newest of all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogQuery {
    /// Where the answer before ended (`next` of [`LogPage`]).
    pub after: Option<LogPlace>,
    /// Those of one instance only.
    pub instance: Option<InstanceId>,
    /// Those of one region only.
    pub region: Option<RegionCode>,
}

impl LogQuery {
    /// The query of the URL. flyctl sends `next_token` always, be it empty.
    pub(crate) fn pairs(&self) -> Vec<(&'static str, String)> {
        let instance = self.instance.as_ref().map(|id| ("instance", id.to_string()));
        let region = self.region.as_ref().map(|code| ("region", code.to_string()));
        let after = ("next_token", self.after.as_ref().map(|place| place.token.clone()).unwrap_or_default());
        [Some(after), instance, region].into_iter().flatten().collect()
    }
}

/// Lines of a log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogPage {
    /// The lines, oldest first.
    pub lines: Vec<AppLogLine>,
    /// What to ask with next; where Fly gave none, what this was asked with.
    pub next: Option<LogPlace>,
    /// How many lines could not be read.
    pub unreadable: usize,
}

/// Reads an answer; none where it has no list of lines.
pub(crate) fn page(answer: &Envelope, query: &LogQuery) -> Option<LogPage> {
    let (mut lines, unreadable) = each(&answer.list("data")?, line);
    // Fly's order is kept among lines of the same instant, whichever end it starts at.
    let newest_first = matches!((lines.first(), lines.last()), (Some(a), Some(b)) if a.line.at > b.line.at);
    if newest_first {
        lines.reverse();
    }
    lines.sort_by_key(|one| one.line.at);
    let mut maskers = query.after.as_ref().map(|place| place.in_keys.clone()).unwrap_or_default();
    for one in &mut lines {
        let masker = maskers.entry(one.instance.clone()).or_default();
        one.line.message = text::logged(masker, &one.line.message);
    }
    let beside = answer.beside("data");
    let next = Fields(&beside).object("meta").and_then(|meta| token(meta.get("next_token")?));
    let token = next.or_else(|| query.after.as_ref().map(|place| place.token.clone()));
    maskers.retain(|_, masker| masker.is_in_key());
    let next = token.map(|token| LogPlace { token, in_keys: maskers });
    Some(LogPage { lines, next, unreadable })
}

/// A text, or the same as a number.
fn token(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The message as it came: [`page`] makes it fit to be shown.
fn line(one: Fields<'_>) -> Option<AppLogLine> {
    let line = one.object("attributes")?;
    let meta = line.object("meta");
    let message = line.get("message").and_then(Value::as_str).unwrap_or_default();
    let of_meta = |key| meta.and_then(|meta| meta.name(key));
    let error = meta.and_then(|meta| meta.object("error"));
    Some(AppLogLine {
        instance: line.parsed("instance").or_else(|| of_meta("instance")?.parse().ok()),
        region: line.parsed("region").or_else(|| of_meta("region")?.parse().ok()),
        provider: meta
            .and_then(|meta| meta.object("event"))
            .and_then(|event| event.name("provider"))
            .unwrap_or_default(),
        code: error.and_then(code).or_else(|| code_in_brackets(&ansi::plain(message)).map(str::to_owned)),
        line: LogLine {
            at: line.instant("timestamp")?,
            level: line.name("level").unwrap_or_default().to_ascii_lowercase(),
            message: message.to_owned(),
        },
    })
}

/// The error's code, which is a text or a number; where that says nothing, the message where it is a
/// code.
fn code(error: Fields<'_>) -> Option<String> {
    let told = match error.get("code") {
        Some(Value::String(_)) => error.line("code", 40).filter(|code| code != "0"),
        Some(Value::Number(number)) if number.as_i64() != Some(0) => Some(number.to_string()),
        _ => None,
    };
    told.or_else(|| error.line("message", 40).filter(|message| is_code(message)))
}

/// The proxy's code before a message: `[PC01] instance refused connection`.
fn code_in_brackets(message: &str) -> Option<&str> {
    let (code, _) = message.strip_prefix('[')?.split_once(']')?;
    is_code(code).then_some(code)
}

/// `PR01` and the like.
fn is_code(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 4
        && bytes[0] == b'P'
        && bytes[1].is_ascii_uppercase()
        && bytes[2..].iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn told(answer: &Value, query: &LogQuery) -> Option<LogPage> {
        page(&serde_json::from_value(answer.clone()).unwrap(), query)
    }

    fn entry(at: &str, attributes: &Value) -> Value {
        let mut entry = json!({"id": "1", "attributes": {"timestamp": at, "message": "hello", "level": "info",
            "instance": "73d8d46dbee589", "region": "ord", "meta": {"event": {"provider": "app"}}}});
        for (key, value) in attributes.as_object().unwrap() {
            entry["attributes"][key] = value.clone();
        }
        entry
    }

    fn read(attributes: &Value) -> AppLogLine {
        let answer = json!({"data": [entry("2026-05-01T12:00:00Z", attributes)], "meta": {}});
        told(&answer, &LogQuery::default()).unwrap().lines.remove(0)
    }

    #[test]
    fn a_line_says_who_wrote_it_and_where() {
        let known = read(&json!({}));
        assert_eq!(known.instance.unwrap().as_str(), "73d8d46dbee589");
        assert_eq!(known.region.unwrap().as_str(), "ord");
        assert_eq!((known.provider.as_str(), known.line.level.as_str()), ("app", "info"));
    }

    #[test]
    fn a_line_of_the_proxy_belongs_to_no_instance() {
        let known = read(&json!({"instance": "", "meta": {"event": {"provider": "proxy"}, "region": "ams"}}));
        assert_eq!((known.instance, known.provider.as_str()), (None, "proxy"));
    }

    #[test]
    fn an_error_code_may_be_a_number_a_text_or_stand_in_the_message() {
        for (error, message, code) in [
            (json!({"code": "PC01", "message": "x"}), "x", Some("PC01")),
            (json!({"code": 2001, "message": "x"}), "x", Some("2001")),
            (json!({"code": 0, "message": "PR01"}), "x", Some("PR01")),
            (json!({"code": "0", "message": "no"}), "x", None),
            (json!({"code": null}), "[PC05] timeout while connecting to your instance", Some("PC05")),
            (json!(null), "[info] PC05", None),
            (json!("PR01"), "[PR0", None),
            (json!({"code": []}), "[PÄ1] x", None),
        ] {
            let known = read(&json!({"message": message, "meta": {"error": error}}));
            assert_eq!(known.code.as_deref(), code, "{error} {message}");
        }
    }

    #[test]
    fn lines_come_oldest_first_whichever_way_fly_sends_them() {
        let message = |text: &str| json!({"message": text});
        let data = json!([
            entry("2026-05-01T12:00:02Z", &message("d")),
            entry("2026-05-01T12:00:01Z", &message("c")),
            entry("2026-05-01T12:00:01Z", &message("b")),
            entry("2026-05-01T12:00:00Z", &message("a")),
        ]);
        let known = told(&json!({"data": data}), &LogQuery::default()).unwrap();
        let messages: Vec<&str> = known.lines.iter().map(|one| one.line.message.as_str()).collect();
        assert_eq!(messages, ["a", "b", "c", "d"]);
    }

    #[test]
    fn without_a_new_token_the_old_one_goes_on() {
        let query = LogQuery { after: Some("17".into()), ..LogQuery::default() };
        let next = |answer: Value| told(&answer, &query).unwrap().next.unwrap().token;
        assert_eq!(next(json!({"data": [], "meta": {"next_token": "18"}})), "18");
        assert_eq!(
            next(json!({"data": [], "meta": {"next_token": 1_779_235_200_000_000_001_u64}})),
            "1779235200000000001"
        );
        for silent in [
            json!({"data": []}),
            json!({"data": [], "meta": {"next_token": ""}}),
            json!({"data": [], "meta": null}),
        ] {
            assert_eq!(next(silent), "17");
        }
    }

    #[test]
    fn the_lines_of_a_private_key_are_hidden_though_another_instance_writes_between_them() {
        let lines = ["-----BEGIN PRIVATE KEY-----", "hello", "MIIEvQIBADANBg", "-----END PRIVATE KEY-----"];
        let entries: Vec<Value> = lines
            .iter()
            .map(|line| {
                let id = if *line == "hello" { "73d8d46dbee580" } else { "73d8d46dbee589" };
                entry("2026-05-01T12:00:00Z", &json!({"message": line, "instance": id}))
            })
            .collect();
        let known = told(&json!({"data": entries, "meta": {}}), &LogQuery::default()).unwrap();
        let messages: Vec<&str> = known.lines.iter().map(|one| one.line.message.as_str()).collect();
        let hidden = ["-----BEGIN PRIVATE KEY-----", "hello", "[masked]", "-----END PRIVATE KEY-----"];
        assert_eq!(messages, hidden);
    }

    #[test]
    fn a_private_key_that_the_answer_before_began_is_hidden_to_its_end() {
        let page = |lines: &[&str], after: Option<LogPlace>| {
            let entries: Vec<Value> = lines
                .iter()
                .map(|line| {
                    entry("2026-05-01T12:00:00Z", &json!({"message": line, "instance": "73d8d46dbee589"}))
                })
                .collect();
            let answer = json!({"data": entries, "meta": {"next_token": "18"}});
            told(&answer, &LogQuery { after, ..LogQuery::default() }).unwrap()
        };
        let messages = |page: &LogPage| -> Vec<String> {
            page.lines.iter().map(|one| one.line.message.clone()).collect()
        };
        let first = page(&["-----BEGIN PRIVATE KEY-----", "MIIEvQIBADANBg"], None);
        let second = page(&["kqhkiG9w0BAQEF"], first.next.clone());
        let third = page(&["AASCBKcwggSj", "-----END PRIVATE KEY-----", "hello"], second.next.clone());
        let fourth = page(&["kqhkiG9w0BAQEF"], third.next.clone());
        assert_eq!(messages(&first), ["-----BEGIN PRIVATE KEY-----", "[masked]"]);
        assert_eq!(messages(&second), ["[masked]"]);
        assert_eq!(messages(&third), ["[masked]", "-----END PRIVATE KEY-----", "hello"]);
        assert_eq!(messages(&fourth), ["kqhkiG9w0BAQEF"]);
    }

    #[test]
    fn what_cannot_be_read_is_counted_and_of_terminal_escapes_colours_are_kept() {
        let answer = json!({"data": [
            entry("2026-05-01T12:00:00Z", &json!({"message": "\u{1b}[31mred\u{1b}[0m\u{1b}[2J"})),
            entry("soon", &json!({})),
            {"id": "1"}, null
        ]});
        let known = told(&answer, &LogQuery::default()).unwrap();
        assert_eq!((known.lines.len(), known.unreadable), (1, 3));
        assert_eq!(known.lines[0].line.message, "\u{1b}[0;31mred");
        assert!(told(&json!({"data": null}), &LogQuery::default()).is_none());
    }
}
