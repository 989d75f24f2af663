//! Reading of the types that others are made of.

use super::Json;

/// What can be read from JSON.
pub trait FromJson: Sized {
    /// The value; none where the JSON is of something else.
    fn from_json(json: &Json) -> Option<Self>;
}

impl FromJson for String {
    fn from_json(json: &Json) -> Option<Self> {
        json.as_text().map(str::to_owned)
    }
}

impl FromJson for bool {
    fn from_json(json: &Json) -> Option<Self> {
        if let Json::Bool(value) = json { Some(*value) } else { None }
    }
}

impl FromJson for u64 {
    fn from_json(json: &Json) -> Option<Self> {
        if let Json::Number(value) = json { Some(*value) } else { None }
    }
}

impl FromJson for i64 {
    fn from_json(json: &Json) -> Option<Self> {
        match json {
            Json::Number(value) => Self::try_from(*value).ok(),
            Json::Negative(value) => 0_i64.checked_sub_unsigned(*value),
            _ => None,
        }
    }
}

macro_rules! smaller {
    ($($number:ty: $larger:ty),*) => {$(
        impl FromJson for $number {
            fn from_json(json: &Json) -> Option<Self> {
                Self::try_from(<$larger>::from_json(json)?).ok()
            }
        }
    )*};
}

smaller!(u8: u64, u16: u64, u32: u64, usize: u64, i32: i64);

impl<T: FromJson> FromJson for Box<T> {
    fn from_json(json: &Json) -> Option<Self> {
        T::from_json(json).map(Self::new)
    }
}

impl<T: FromJson> FromJson for Option<T> {
    fn from_json(json: &Json) -> Option<Self> {
        if *json == Json::Null { Some(None) } else { T::from_json(json).map(Some) }
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(json: &Json) -> Option<Self> {
        let Json::List(items) = json else { return None };
        let mut all = Self::with_capacity(items.len());
        for item in items {
            all.push(T::from_json(item)?);
        }
        Some(all)
    }
}

impl<A: FromJson, B: FromJson> FromJson for (A, B) {
    fn from_json(json: &Json) -> Option<Self> {
        Some((json.item(0)?, json.item(1)?))
    }
}

impl<T: FromJson, E: FromJson> FromJson for Result<T, E> {
    fn from_json(json: &Json) -> Option<Self> {
        match json.variant()? {
            ("Ok", content) => T::from_json(content).map(Ok),
            ("Err", content) => E::from_json(content).map(Err),
            _ => None,
        }
    }
}
