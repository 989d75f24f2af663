//! Faults with a name, for those who want to see what the console does.

use super::{
    fault::{ErrorBody, Fault, Garble, RetryAfter},
    route::{Api, Route},
    rule::FaultRule,
};

/// Faults that belong together.
#[derive(Clone, Copy, Debug)]
pub struct Preset {
    /// In kebab case.
    pub name: &'static str,
    /// One sentence: what happens.
    pub about: &'static str,
    rules: fn() -> Vec<FaultRule>,
}

impl Preset {
    /// Every preset, in the order in which they are told.
    pub const ALL: &'static [Self] = PRESETS;

    /// The preset of this name.
    pub fn named(name: &str) -> Option<Self> {
        PRESETS.iter().find(|preset| preset.name == name).copied()
    }

    /// What it is made of. `after_ms` is when it begins, in milliseconds.
    pub fn rules(self, after_ms: u64) -> Vec<FaultRule> {
        let rules = (self.rules)();
        rules.into_iter().map(|rule| FaultRule { after_ms: rule.after_ms + after_ms, ..rule }).collect()
    }
}

const fn preset(name: &'static str, about: &'static str, rules: fn() -> Vec<FaultRule>) -> Preset {
    Preset { name, about, rules }
}

const PRESETS: &[Preset] = &[
    preset("slow-fly", "Every answer takes 1 to 3 seconds.", || {
        vec![FaultRule { seed: 1, ..all(Fault::Latency { ms: 1_000, jitter_ms: 2_000 }) }]
    }),
    preset("fly-down", "Both APIs close every connection without an answer.", || vec![all(Fault::Close)]),
    preset("fly-resets", "Both APIs reset every connection.", || vec![all(Fault::Reset)]),
    preset("fly-hangs", "Neither API ever answers.", || vec![all(Fault::Hang)]),
    preset("rate-limited", "Both APIs answer 429 and ask to wait 20 seconds.", || {
        vec![all(status(429, Some(RetryAfter::Seconds(20)), ErrorBody::Json))]
    }),
    preset("machines-429", "The Machines API answers 429 and names a date 5 seconds away.", || {
        vec![machines(status(429, Some(RetryAfter::DateIn(5)), ErrorBody::Json))]
    }),
    preset("machines-down", "The Machines API closes every connection; GraphQL answers.", || {
        vec![machines(Fault::Close)]
    }),
    preset("graphql-503", "GraphQL answers 503 with a page of HTML; the Machines API answers.", || {
        vec![graphql(status(503, None, ErrorBody::Html))]
    }),
    preset("graphql-errors", "GraphQL answers 200 with an error and no data.", || {
        let (message, code) = ("Something went wrong on our side".into(), "INTERNAL_SERVER_ERROR".into());
        vec![graphql(Fault::GraphqlError { message, code })]
    }),
    preset(
        "half-answers",
        "GraphQL leaves out releases, allocations and the last release, with errors.",
        || {
            ["app.releasesUnprocessed", "app.allocations", "apps.nodes.currentReleaseUnprocessed"]
                .map(|path| graphql(partial(path)))
                .into()
        },
    ),
    preset("no-deployment-status", "GraphQL tells no deployment status, and not why.", || {
        vec![graphql(Fault::NullField { field: "deploymentStatus".into() })]
    }),
    preset("cut-answers", "Every connection closes after 300 bytes of the answer.", || {
        vec![all(Fault::Cut { after_bytes: 300 })]
    }),
    preset("slow-answers", "Every answer comes 20 bytes at a time, 10 times a second.", || {
        vec![all(Fault::Drip { bytes: 20, every_ms: 100 })]
    }),
    preset("garbage", "Every answer is the first half of its JSON.", || {
        vec![all(Fault::Garbled { shape: Garble::Half })]
    }),
    preset("captive-portal", "Every answer is a page of HTML with status 200.", || {
        vec![all(Fault::Garbled { shape: Garble::Html })]
    }),
    preset("wrong-types", "States and regions of machines, and statuses of GraphQL, are numbers.", || {
        let wrong = |field: &str| Fault::WrongType { field: field.into() };
        vec![machines(wrong("state")), machines(wrong("region")), graphql(wrong("status"))]
    }),
    preset("huge-answers", "Every answer is larger than 8 MiB.", || {
        vec![all(Fault::Oversized { bytes: 9 * 1024 * 1024 })]
    }),
    preset("gzip-bomb", "Every answer is about a megabyte that unfolds to one gigabyte.", || {
        vec![all(Fault::GzipBomb { bytes: 1024 * 1024 * 1024 })]
    }),
    preset("redirected", "Every answer is a redirect to another host.", || {
        vec![all(Fault::Redirect { to: "https://elsewhere.invalid/".into(), status: 307 })]
    }),
    preset(
        "region-missing",
        "The regions ams and iad are missing from the list of an organization's machines.",
        || {
            let regions = vec!["ams".into(), "iad".into()];
            vec![FaultRule::on(Route::Action("org-machines"), Fault::ErrorRegions { regions })]
        },
    ),
    preset("flapping", "Both APIs answer 503 for 10 seconds of every 25.", || {
        let down = all(status(503, None, ErrorBody::Text));
        vec![FaultRule { for_ms: Some(10_000), period_ms: Some(25_000), ..down }]
    }),
    preset("one-in-three", "One request of three fails with 500, by chance.", || {
        vec![FaultRule { chance: 1.0 / 3.0, seed: 1, ..all(status(500, None, ErrorBody::Json)) }]
    }),
    preset("token-revoked", "The demo's token is refused after 20 requests.", || {
        let refused = all(status(401, None, ErrorBody::Json));
        vec![FaultRule { token: Some("demo".into()), skip: 20, ..refused }]
    }),
];

fn all(fault: Fault) -> FaultRule {
    FaultRule::on(Route::All, fault)
}

fn machines(fault: Fault) -> FaultRule {
    FaultRule::on(Route::Api(Api::Machines), fault)
}

fn graphql(fault: Fault) -> FaultRule {
    FaultRule::on(Route::Api(Api::GraphQl), fault)
}

fn status(status: u16, retry_after: Option<RetryAfter>, body: ErrorBody) -> Fault {
    Fault::Status { status, retry_after, body }
}

fn partial(path: &str) -> Fault {
    let (code, message) = ("INTERNAL_SERVER_ERROR".into(), "Something went wrong on our side".into());
    Fault::Partial { path: path.into(), code, message }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_has_a_name_of_its_own_one_sentence_and_sound_rules() {
        for preset in Preset::ALL {
            let same = Preset::ALL.iter().filter(|one| one.name == preset.name).count();
            assert_eq!(same, 1, "{}", preset.name);
            assert!(
                preset.name.chars().all(|one| one.is_ascii_lowercase() || one.is_ascii_digit() || one == '-')
            );
            assert!(preset.about.ends_with('.') && !preset.about.contains('\n'), "{}", preset.about);
            let rules = preset.rules(0);
            assert!(!rules.is_empty());
            for rule in rules {
                assert_eq!(rule.check(), Ok(()), "{}", preset.name);
            }
        }
    }

    #[test]
    fn a_preset_that_begins_later_is_not_on_before() {
        let rules = Preset::named("flapping").unwrap().rules(5_000);
        assert!(rules.iter().all(|rule| rule.after_ms == 5_000));
    }
}
