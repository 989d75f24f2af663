//! Instants: RFC 3339 with any number of fraction digits.

use crate::graphql::scalar::DateTime;
use model::Timestamp;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Reads an RFC 3339 instant; milliseconds are kept, the rest is cut off.
pub(crate) fn instant(text: &str) -> Option<Timestamp> {
    let time = OffsetDateTime::parse(text.trim(), &Rfc3339).ok()?;
    let millis = time.unix_timestamp_nanos().div_euclid(1_000_000);
    i64::try_from(millis).ok().map(Timestamp)
}

/// The same of a field that may be missing.
pub(crate) fn of(field: Option<&DateTime>) -> Option<Timestamp> {
    instant(&field?.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_keeps_its_milliseconds_and_its_zone_is_applied() {
        assert_eq!(instant("2021-09-22T20:24:41Z"), Some(Timestamp(1_632_342_281_000)));
        assert_eq!(instant("2021-09-22T20:24:41.764999Z"), Some(Timestamp(1_632_342_281_764)));
        assert_eq!(instant("2021-09-22T22:24:41.764123456+02:00"), Some(Timestamp(1_632_342_281_764)));
    }

    #[test]
    fn what_is_no_instant_is_none() {
        for bad in ["", "yesterday", "2021-09-22", "2021-13-22T20:24:41Z", "1632342281000"] {
            assert_eq!(instant(bad), None, "{bad:?} was taken");
        }
    }
}
