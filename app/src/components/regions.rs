//! Regions: the code people type, with its city for those who do not know it.

use crate::erase::Erase;
use crate::prelude::*;
use crate::regions::city;
use model::RegionCode;

/// One region.
pub(crate) fn region(code: &str) -> AnyView {
    let text = code.to_owned();
    match city(code) {
        Some(city) => {
            view! { <span title=city>{text}<span class="visually-hidden">" ("{city}")"</span></span> }.erase()
        }
        None => text.erase(),
    }
}

/// Several, with commas.
pub(crate) fn region_list(codes: &[RegionCode]) -> AnyView {
    let mut parts = Vec::with_capacity(codes.len() * 2);
    for code in codes {
        if !parts.is_empty() {
            parts.push(", ".erase());
        }
        parts.push(region(code.as_str()));
    }
    parts.erase()
}

/// Their cities, as the header of the app page names them.
pub(crate) fn cities(codes: &[RegionCode]) -> String {
    let names: Vec<&str> = codes.iter().map(|code| city(code.as_str()).unwrap_or(code.as_str())).collect();
    names.join(", ")
}
