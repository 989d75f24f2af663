use super::*;

/// Random-looking tails, put together here so that no scanner of this repository takes them for real.
fn tail(length: usize) -> String {
    "aB3dE5fG7hJ9kL2mN4pQ6rS8tU1vW0xY".chars().cycle().take(length).collect()
}

#[test]
fn tokens_of_well_known_shapes_are_hidden_wherever_they_stand() {
    for prefix in SHAPES.iter().map(|(prefix, _)| prefix) {
        let token = format!("{prefix}{}", tail(40));
        for line in
            [format!("using {token} now"), format!("x={token}"), format!("(\"{token}\")"), token.clone()]
        {
            let masked = mask(&line);
            assert!(masked.contains(MASK) && !masked.contains(&tail(12)), "{line} became {masked}");
        }
    }
    let key = format!("AKIA{}", "ABCDEFGH23456789");
    assert_eq!(mask(&format!("id {key} used")), "id [masked] used");
    let jwt = format!("eyJhbGciOiJI.eyJzdWIiOiIx.{}", tail(30));
    assert_eq!(mask(&format!("jwt {jwt}.")), "jwt [masked].");
}

#[test]
fn values_beside_secret_names_are_hidden() {
    for (line, masked) in [
        ("password=hunter2 user=ada", "password=[masked] user=ada"),
        ("DB_PASSWORD=hunter2", "DB_PASSWORD=[masked]"),
        ("password: correcthorse", "password: [masked]"),
        (r#"{"user":"ada","password":"hunter2","n":1}"#, r#"{"user":"ada","password":"[masked]","n":1}"#),
        (r#"{\"apiKey\":\"abc\"}"#, r#"{\"apiKey\":\"[masked]\"}"#),
        (r#""secret"=>"s3cr3t", "a"=>1"#, r#""secret"=>"[masked]", "a"=>1"#),
        ("GET /cb?token=abc123&next=/ 200", "GET /cb?token=[masked]&next=/ 200"),
        ("aws_secret_access_key = wJalrXUtnFEMI", "aws_secret_access_key = [masked]"),
        ("SECRET_KEY_BASE='abc def'", "SECRET_KEY_BASE='[masked]'"),
        ("accessToken: 'abc'", "accessToken: '[masked]'"),
        ("Cookie: sid=1; other=2", "Cookie: [masked]"),
        ("authorization: Bearer abc", "authorization: [masked]"),
        ("X-Amz-Signature=0a1b2c", "X-Amz-Signature=[masked]"),
    ] {
        assert_eq!(mask(line), masked);
    }
}

#[test]
fn a_password_in_an_address_is_hidden_and_the_host_is_not() {
    for (line, masked) in [
        ("postgres://ada:hunter2@db.internal:5432/app", "postgres://ada:[masked]@db.internal:5432/app"),
        ("redis://:p@ss@host:6379", "redis://:[masked]@host:6379"),
        ("https://0123456789abcdef0@sentry.io/1", "https://[masked]@sentry.io/1"),
        ("a postgres://u:p@h/d and amqp://x:y@z", "a postgres://u:[masked]@h/d and amqp://x:[masked]@z"),
    ] {
        assert_eq!(mask(line), masked);
    }
}

#[test]
fn credentials_after_an_authorization_scheme_are_hidden() {
    assert_eq!(mask("sent Bearer abcdef0123456789"), "sent Bearer [masked]");
    assert_eq!(mask("sent Basic dXNlcjpwYXNzd29yZA=="), "sent Basic [masked]");
    assert_eq!(mask("FlyV1 fm2_lJPE0123456789abcdef,fm2_lJPE0123"), "FlyV1 [masked]");
}

#[test]
fn a_private_key_is_hidden_over_all_of_its_lines() {
    let mut masker = Masker::default();
    let begin = format!("key: -----BEGIN {} KEY-----", "RSA PRIVATE");
    assert_eq!(masker.line(&begin), begin);
    assert_eq!(masker.line("MIIEowIBAAKCAQEA"), MASK);
    assert_eq!(masker.line("-----END RSA PRIVATE KEY----- done"), "-----END RSA PRIVATE KEY----- done");
    assert_eq!(masker.line("MIIEowIBAAKCAQEA"), "MIIEowIBAAKCAQEA");
    let one_line = format!("-----BEGIN {} KEY-----MIIE-----END PRIVATE KEY-----", "PRIVATE");
    assert!(!mask(&one_line).contains("MIIE"));
}

#[test]
fn what_only_talks_of_secrets_is_left_as_it_is() {
    for line in [
        "Missing required environment variable: DATABASE_URL",
        "environment variable SECRET_KEY_BASE is missing.",
        "KeyError: 'API_TOKEN'",
        "token expired",
        "Unexpected token: u in JSON",
        "invalid token: expired",
        "password: [FILTERED]",
        "password=*** user=ada",
        "token=${API_TOKEN}",
        "max_tokens=4096",
        "Bearer token missing",
        "Basic authentication failed",
        "a basic configuration",
        "sk-learn-compatible-estimator-interface",
        "npm_config_registry_of_the_organization_name",
        "listening on http://0.0.0.0:8080",
        "http://localhost:3000/@scope/package",
        "postgres://db.internal:5432/app",
        "ada@example.com signed in",
        "AKIA is a prefix",
        "eyJ is how they begin",
        "-----BEGIN CERTIFICATE-----",
        "if (token == other) return",
        "Running FlyWeb.Endpoint with cowboy 2.9.0 at :::8080 (http)",
        "läuft: größer = 1",
    ] {
        assert_eq!(mask(line), line);
    }
}

#[test]
fn text_of_any_kind_neither_panics_nor_is_lost_where_there_is_no_secret() {
    for line in ["", "=", ":", "://", "://@", "password=", "password:", "é=é", "token=é", "x://é:é@é"] {
        let _ = mask(line);
    }
    assert_eq!(mask("x://é:é@é"), "x://é:[masked]@é");
}

#[test]
fn a_secret_is_hidden_whatever_colours_change_inside_of_it() {
    for (line, shown) in [
        ("\u{1b}[32mok\u{1b}[0m", "\u{1b}[0;32mok"),
        (
            "password=\u{1b}[31mhunter\u{1b}[33m22\u{1b}[0m next",
            "password=\u{1b}[0;31m[masked]\u{1b}[0m next",
        ),
        ("\u{1b}[31mtoken: ghp_0123456789\u{1b}[0mabcdefghijklmnopqrstuvwxyz", "\u{1b}[0;31mtoken: [masked]"),
        (
            "a=\u{1b}[1mb\u{1b}[0m password=hunter22 \u{1b}[1mc",
            "a=\u{1b}[0;1mb\u{1b}[0m password=[masked] \u{1b}[0;1mc",
        ),
        ("pass\u{1b}[31mword=hunter22", "pass\u{1b}[0;31mword=[masked]"),
    ] {
        assert_eq!(ansi::written(&Masker::default().spans(line)), shown, "{line:?}");
    }
}

#[test]
fn a_private_key_whose_end_is_lost_hides_no_more_than_the_longest_key_has() {
    let mut masker = Masker::default();
    masker.line("-----BEGIN PRIVATE KEY-----");
    let hidden = std::iter::repeat_with(|| masker.line("hello")).take_while(|line| line == MASK);
    assert_eq!(hidden.take(1_000).count(), 249);
}

#[test]
fn a_coloured_private_key_is_hidden_over_all_its_lines() {
    let mut masker = Masker::default();
    let lines = [
        "\u{1b}[31m-----BEGIN PRIVATE KEY-----",
        "\u{1b}[31mMIIEvQIBADANBg",
        "-----END PRIVATE KEY-----",
        "done",
    ];
    let shown: Vec<String> =
        lines.iter().map(|line| ansi::plain(&ansi::written(&masker.spans(line)))).collect();
    assert_eq!(shown, ["-----BEGIN PRIVATE KEY-----", "[masked]", "-----END PRIVATE KEY-----", "done"]);
}
