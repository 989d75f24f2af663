//! What an instance is configured with, as people read it: sections of names and values.

use crate::config::{AppConfig, Check};
use crate::logs::mask::mask;

/// A name and its value, both as they are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What it is.
    pub name: String,
    /// What it is set to, its secrets hidden.
    pub value: String,
}

/// Settings that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// What they are about.
    pub title: String,
    /// The settings, in the order of the configuration.
    pub rows: Vec<Row>,
}

impl Row {
    /// A setting whose value holds no secrets, or has them hidden already.
    pub fn of(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: value.into() }
    }

    /// A variable of the environment. Its name tells whether its value is secret, or the value does.
    pub fn variable(name: &str, value: &str) -> Self {
        let shown = mask(value);
        // The name hides all of the value, or nothing.
        let line = [name, "=\"", &*shown, "\""].concat();
        let named = mask(&line) != line;
        Self::of(name, if named { crate::logs::mask::MASK } else { &*shown })
    }

    /// A health check, by its place in the configuration.
    pub fn check(check: &Check) -> Self {
        let mut words = Vec::new();
        let kind = if check.kind.is_empty() { "check".to_owned() } else { check.kind.to_uppercase() };
        words.push(kind);
        // A check of another kind than HTTP may have both written beside it; they mean nothing to it.
        if check.kind != "tcp" {
            words.extend(check.method.clone());
            words.extend(check.path.as_deref().map(|path| mask(path).into_owned()));
        }
        words.extend(check.port.map(|port| format!("on port {port}")));
        let mut value = words.join(" ");
        for (name, millis) in [
            ("every", check.interval_ms),
            ("timeout", check.timeout_ms),
            ("grace period", check.grace_period_ms),
        ] {
            if let Some(millis) = millis {
                value.push_str(&[", ", name, " ", &*span(millis)].concat());
            }
        }
        if !check.headers.is_empty() {
            value.push_str(", with ");
            value.push_str(&check.headers.join(", "));
        }
        Self::of(check.key.clone(), value)
    }
}

impl Section {
    /// A section; none where it would be empty.
    pub fn of(title: impl Into<String>, rows: Vec<Row>) -> Option<Self> {
        (!rows.is_empty()).then(|| Self { title: title.into(), rows })
    }

    /// What an app's own configuration says, for instances that have none of their own.
    pub fn of_app(config: &AppConfig) -> Vec<Self> {
        let services = config.services.iter();
        let services =
            services.map(|one| Row::of(one.key.clone(), format!("internal port {}", one.internal_port)));
        let environment = config.env_port.iter().map(|port| Row::variable("PORT", port));
        let command = config.release_command.iter();
        let command = command.map(|command| Row::of("release_command", &*mask(command)));
        [
            Self::of("Services", services.collect()),
            Self::of("Health checks", config.checks.iter().map(Row::check).collect()),
            Self::of("Environment", environment.collect()),
            Self::of("Deployment", command.collect()),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// A span of time with the largest unit that it has a whole number of.
fn span(millis: u64) -> String {
    match millis {
        60_000.. if millis.is_multiple_of(60_000) => format!("{} min", millis / 60_000),
        1_000.. if millis.is_multiple_of(1_000) => format!("{} s", millis / 1_000),
        _ => format!("{millis} ms"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logs::mask::MASK;

    #[test]
    fn a_variable_is_hidden_by_its_name_or_by_what_it_holds() {
        for (name, value, shown) in [
            ("PORT", "8080", "8080"),
            ("PRIMARY_REGION", "ams", "ams"),
            ("STRIPE_SECRET_KEY", "abc def", MASK),
            ("SESSION_PASSWORD", "hunter2", MASK),
            ("API_TOKEN", "abcdefgh", MASK),
            ("REQUIRE_PASSWORD", "true", "true"),
            (
                "DATABASE_URL",
                "postgres://web:hunter2@db.internal/web",
                "postgres://web:[masked]@db.internal/web",
            ),
            ("GREETING", "hello = world", "hello = world"),
        ] {
            assert_eq!(Row::variable(name, value).value, shown, "{name}");
        }
    }

    #[test]
    fn a_check_reads_as_a_sentence() {
        let check = Check {
            key: "checks.alive".into(),
            kind: "http".into(),
            port: Some(8080),
            path: Some("/healthz".into()),
            method: Some("GET".into()),
            interval_ms: Some(15_000),
            timeout_ms: Some(1_500),
            grace_period_ms: Some(60_000),
            headers: vec!["host".into()],
            ..Check::default()
        };
        let row = Row::check(&check);
        assert_eq!(row.name, "checks.alive");
        assert_eq!(
            row.value,
            "HTTP GET /healthz on port 8080, every 15 s, timeout 1500 ms, grace period 1 min, with host"
        );
        assert_eq!(
            Row::check(&Check {
                kind: "tcp".into(),
                path: Some("/".into()),
                port: Some(5432),
                ..Check::default()
            })
            .value,
            "TCP on port 5432"
        );
    }

    #[test]
    fn an_app_without_configuration_has_no_sections() {
        assert_eq!(Section::of_app(&AppConfig::default()), []);
    }
}
