//! Fly's regions. Fly adds regions and gives codes up; no list of them is built in.

use crate::id::RegionCode;
use serde::{Deserialize, Serialize};

/// One region (GraphQL `Region`; Machines API, `GET /v1/platform/regions`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Region {
    /// Its code ("sjc"): that of the nearest airport (IATA).
    pub code: RegionCode,
    /// Its name (`San Jose, California (US)`); the code where Fly gives none.
    pub name: String,
    /// The part of the world it is in, as Fly calls it (`north_america`), if it
    /// tells. In the Machines API only.
    pub area: Option<String>,
    /// Degrees north of the equator, if Fly tells.
    pub latitude: Option<f64>,
    /// Degrees east of Greenwich, if Fly tells.
    pub longitude: Option<f64>,
    /// Whether nothing new can be placed there.
    pub deprecated: bool,
    /// Whether `WireGuard` connections can end there, if Fly tells.
    pub gateway: Option<bool>,
    /// Whether it is for paid plans only, if Fly tells. In the Machines API only.
    pub requires_paid_plan: Option<bool>,
}

/// All regions, by code.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Regions {
    /// The one that is nearest to whoever asked, if Fly tells. In the Machines API only.
    pub nearest: Option<RegionCode>,
    /// The regions.
    pub list: Vec<Region>,
}

impl Regions {
    /// The name of a region; its code where it is none of the list.
    pub fn name<'a>(&'a self, code: &'a RegionCode) -> &'a str {
        let known = self.list.iter().find(|region| region.code == *code);
        known.map_or(code.as_str(), |region| &region.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_that_is_not_in_the_list_is_called_by_its_code() {
        let code = RegionCode::new("xyz").unwrap();
        assert_eq!(Regions::default().name(&code), "xyz");
    }
}
