//! JSON inside of an answer whose shape the schema leaves open.

use serde_json::Value;
use serde_json::value::RawValue;

/// Longer texts are not read, in bytes: a tree takes many times the room of its text. Fly's
/// configurations and notes have some kilobytes.
pub(crate) const LONGEST: usize = 512 * 1024;

/// The value; where it is a text that holds JSON, that JSON.
pub(crate) fn read(raw: &RawValue) -> Option<Value> {
    as_written(raw).map(unfolded)
}

/// The value, where it is not too long.
pub(crate) fn as_written(raw: &RawValue) -> Option<Value> {
    if raw.get().len() > LONGEST {
        return None;
    }
    serde_json::from_str(raw.get()).ok()
}

/// JSON that was written into a text, as Fly does now and then; anything else as it is.
pub(crate) fn unfolded(value: Value) -> Value {
    match value {
        Value::String(text) => serde_json::from_str(&text).unwrap_or(Value::String(text)),
        other => other,
    }
}
