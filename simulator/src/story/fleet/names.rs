//! Names that people could have given.

use super::random::Random;

const ADJECTIVES: [&str; 32] = [
    "amber",
    "autumn",
    "billowing",
    "bold",
    "brisk",
    "calm",
    "cedar",
    "cobalt",
    "crimson",
    "dawn",
    "dusty",
    "ember",
    "frosty",
    "gentle",
    "golden",
    "hidden",
    "indigo",
    "ivory",
    "late",
    "lively",
    "misty",
    "mossy",
    "nimble",
    "patient",
    "proud",
    "quiet",
    "restless",
    "rough",
    "silent",
    "snowy",
    "spring",
    "winter",
];

const NOUNS: [&str; 40] = [
    "badger", "beacon", "bird", "brook", "cloud", "comet", "dew", "falcon", "feather", "field", "fire",
    "forest", "frost", "glade", "harbor", "haze", "heron", "hill", "lake", "leaf", "lynx", "meadow", "moon",
    "night", "otter", "paper", "pine", "pond", "raven", "river", "shadow", "sky", "smoke", "sound", "surf",
    "thunder", "tree", "violet", "wave", "wind",
];

/// What teams call their services.
const PRODUCTS: [&str; 30] = [
    "accounts",
    "archive",
    "billing",
    "booking",
    "calendar",
    "catalog",
    "checkout",
    "comments",
    "dispatch",
    "docs",
    "events",
    "feeds",
    "geocoder",
    "identity",
    "inbox",
    "inventory",
    "invoices",
    "labels",
    "ledger",
    "mailer",
    "notify",
    "orders",
    "payments",
    "pricing",
    "reports",
    "routing",
    "search",
    "sessions",
    "shipping",
    "uploads",
];

const ROLES: [&str; 8] = ["api", "web", "worker", "admin", "gateway", "cron", "staging", "preview"];

const TEAMS: [(&str, &str); 12] = [
    ("atlas-freight", "Atlas Freight"),
    ("bluebird-health", "Bluebird Health"),
    ("copper-and-pine", "Copper & Pine"),
    ("delta-maps", "Delta Maps"),
    ("evergreen-books", "Evergreen Books"),
    ("foxglove-studio", "Foxglove Studio"),
    ("granite-pay", "Granite Pay"),
    ("hollow-tree", "Hollow Tree Games"),
    ("isle-of-data", "Isle of Data"),
    ("juniper-labs", "Juniper Labs"),
    ("kestrel-media", "Kestrel Media"),
    ("lantern-school", "Lantern School"),
];

const PEOPLE: [&str; 16] = [
    "Ada Moreau",
    "Bela Novak",
    "Chidi Okafor",
    "Dina Haddad",
    "Emil Larsen",
    "Farah Aziz",
    "Goran Petrov",
    "Hana Sato",
    "Ines Costa",
    "Jonas Weber",
    "Keiko Mori",
    "Lucia Romano",
    "Mateo Ruiz",
    "Nadia Ivanova",
    "Oisin Byrne",
    "Priya Nair",
];

/// Most organizations that have a name here.
pub(super) const MOST_TEAMS: usize = TEAMS.len();

/// Slug and name of an organization.
pub(super) fn team(index: usize) -> (&'static str, &'static str) {
    TEAMS[index % TEAMS.len()]
}

pub(super) fn people() -> &'static [&'static str] {
    &PEOPLE
}

/// Two of three apps are a team's (`billing-api`), the others have a name that flyctl made
/// (`crimson-wave-4711`). The index keeps them apart.
pub(super) fn app(random: &mut Random, index: usize) -> String {
    if random.percent(66) {
        let (product, role) = (random.pick(&PRODUCTS), random.pick(&ROLES));
        return format!("{product}-{role}-{}", index + 1);
    }
    format!("{}-{}-{}", random.pick(&ADJECTIVES), random.pick(&NOUNS), index + 1)
}

pub(super) fn machine(random: &mut Random) -> String {
    format!("{}-{}-{}", random.pick(&ADJECTIVES), random.pick(&NOUNS), random.below(9999))
}
