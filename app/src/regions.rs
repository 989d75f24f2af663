//! The cities of Fly's regions (Fly's documentation, "Regions"). A region that is not listed here is
//! shown by its code alone.

const CITIES: &[(&str, &str)] = &[
    ("ams", "Amsterdam"),
    ("arn", "Stockholm"),
    ("atl", "Atlanta"),
    ("bog", "Bogotá"),
    ("bom", "Mumbai"),
    ("bos", "Boston"),
    ("cdg", "Paris"),
    ("den", "Denver"),
    ("dfw", "Dallas"),
    ("ewr", "Secaucus"),
    ("eze", "Buenos Aires"),
    ("fra", "Frankfurt"),
    ("gdl", "Guadalajara"),
    ("gig", "Rio de Janeiro"),
    ("gru", "São Paulo"),
    ("hkg", "Hong Kong"),
    ("iad", "Ashburn"),
    ("jnb", "Johannesburg"),
    ("lax", "Los Angeles"),
    ("lhr", "London"),
    ("maa", "Chennai"),
    ("mad", "Madrid"),
    ("mia", "Miami"),
    ("nrt", "Tokyo"),
    ("ord", "Chicago"),
    ("otp", "Bucharest"),
    ("phx", "Phoenix"),
    ("qro", "Querétaro"),
    ("scl", "Santiago"),
    ("sea", "Seattle"),
    ("sin", "Singapore"),
    ("sjc", "San Jose"),
    ("syd", "Sydney"),
    ("vin", "Vint Hill"),
    ("waw", "Warsaw"),
    ("yul", "Montreal"),
    ("yyz", "Toronto"),
];

/// The city of a region.
pub fn city(code: &str) -> Option<&'static str> {
    CITIES.binary_search_by_key(&code, |(code, _)| code).ok().map(|found| CITIES[found].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_so_that_it_can_be_searched() {
        assert!(CITIES.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }

    #[test]
    fn a_region_nobody_knew_has_no_city() {
        assert_eq!(city("sjc"), Some("San Jose"));
        assert_eq!(city("zzz"), None);
    }
}
