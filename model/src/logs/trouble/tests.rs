use super::Trouble::{
    BadConfiguration, Crash, Dependency, DiskFull, MissingVariable, OutOfMemory, PortInUse, StartCommand,
};
use super::*;

#[test]
fn the_missing_variable_is_named_in_the_words_of_each_runtime() {
    for (line, name) in [
        // Node
        ("Error: Missing required environment variable: DATABASE_URL", "DATABASE_URL"),
        ("error: Environment variable not found: DATABASE_URL.", "DATABASE_URL"),
        ("Error: SESSION_SECRET is not set", "SESSION_SECRET"),
        ("  DATABASE_URL: [ 'Required' ],", "DATABASE_URL"),
        // Python
        ("KeyError: 'DATABASE_URL'", "DATABASE_URL"),
        (
            "django.core.exceptions.ImproperlyConfigured: The SECRET_KEY setting must not be empty.",
            "SECRET_KEY",
        ),
        ("ImproperlyConfigured: Set the DATABASE_URL environment variable", "DATABASE_URL"),
        (
            "decouple.UndefinedValueError: SECRET_KEY not found. Declare it as envvar or define a default value.",
            "SECRET_KEY",
        ),
        // Go
        ("panic: required environment variable \"DATABASE_URL\" is not set", "DATABASE_URL"),
        ("2024/05/01 10:00:00 required key STRIPE_KEY missing value", "STRIPE_KEY"),
        ("2024/05/01 10:00:00 DATABASE_URL must be set", "DATABASE_URL"),
        // Ruby
        ("config/puma.rb:3:in `fetch': key not found: \"SECRET_KEY_BASE\" (KeyError)", "SECRET_KEY_BASE"),
        (
            "ArgumentError: Missing `secret_key_base` for 'production' environment, set this string with `bin/rails credentials:edit`",
            "SECRET_KEY_BASE",
        ),
        (
            "Missing encryption key to decrypt file with. Ask your team for your master key and write it to \
             /rails/config/master.key or put it in the ENV['RAILS_MASTER_KEY'].",
            "RAILS_MASTER_KEY",
        ),
        // Elixir
        ("** (RuntimeError) environment variable DATABASE_URL is missing.", "DATABASE_URL"),
        (
            "** (System.EnvError) could not fetch environment variable \"SECRET_KEY_BASE\" because it is not set",
            "SECRET_KEY_BASE",
        ),
        // Rust
        ("DATABASE_URL must be set: NotPresent", "DATABASE_URL"),
        // Java
        ("Could not resolve placeholder 'DATABASE_URL' in value \"${DATABASE_URL}\"", "DATABASE_URL"),
        // PHP
        ("No application encryption key has been specified.", "APP_KEY"),
        ("Environment variable not found: \"DATABASE_URL\".", "DATABASE_URL"),
        // Postgres
        ("You must specify POSTGRES_PASSWORD to a non-empty value for the superuser.", "POSTGRES_PASSWORD"),
    ] {
        assert_eq!(told(line).map(|told| told.trouble), Some(MissingVariable(Some(name))), "{line}");
    }
}

#[test]
fn a_missing_variable_without_a_name_is_still_one() {
    for line in [
        "called `Result::unwrap()` on an `Err` value: NotPresent",
        "  Field required [type=missing, input_value={}, input_type=dict]",
        "Description: Failed to configure a DataSource: 'url' attribute is not specified and no embedded datasource could be configured.",
    ] {
        assert_eq!(told(line).map(|told| told.trouble), Some(MissingVariable(None)), "{line}");
    }
}

#[test]
fn the_other_troubles_are_told_apart() {
    for (line, trouble) in [
        ("FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory", OutOfMemory),
        ("[   12.3] Out of memory: Killed process 512 (node) total-vm:1200000kB", OutOfMemory),
        (" INFO Process appears to have been OOM killed!", OutOfMemory),
        ("[ERROR] Worker (pid:7) was sent SIGKILL! Perhaps out of memory?", OutOfMemory),
        ("java.lang.OutOfMemoryError: Java heap space", OutOfMemory),
        ("fatal error: runtime: out of memory", OutOfMemory),
        (
            "PHP Fatal error:  Allowed memory size of 134217728 bytes exhausted (tried to allocate 20480 bytes)",
            OutOfMemory,
        ),
        ("memory allocation of 1073741824 bytes failed", OutOfMemory),
        ("MemoryError", OutOfMemory),
        ("OSError: [Errno 28] No space left on device", DiskFull),
        ("Error: ENOSPC: no space left on device, write", DiskFull),
        ("Error: listen EADDRINUSE: address already in use :::3000", PortInUse),
        ("listen tcp :8080: bind: address already in use", PortInUse),
        (
            "ERROR Error: failed to spawn command: bin/server: No such file or directory (os error 2)",
            StartCommand,
        ),
        ("exec /app/server: exec format error", StartCommand),
        ("Error: Cannot find module '/app/dist/index.js'", StartCommand),
        ("ModuleNotFoundError: No module named 'app'", StartCommand),
        ("sh: 1: next: not found", StartCommand),
        ("Error: Unable to access jarfile app.jar", StartCommand),
        ("/usr/bin/env: 'ruby\\r': No such file or directory", StartCommand),
        ("npm ERR! Missing script: \"start\"", StartCommand),
        ("Could not open input file: artisan", StartCommand),
        ("Error: connect ECONNREFUSED 127.0.0.1:5432", Dependency),
        (
            "psycopg2.OperationalError: connection to server at \"db\" (10.0.0.1), port 5432 failed: timeout",
            Dependency,
        ),
        (
            "failed to connect to `host=db.internal user=app database=app`: hostname resolving error",
            Dependency,
        ),
        (
            "[error] Postgrex.Protocol failed to connect: ** (DBConnection.ConnectionError) tcp connect (db:5432): non-existing domain - :nxdomain",
            Dependency,
        ),
        ("dial tcp 10.0.0.2:6379: connect: connection refused", Dependency),
        ("SQLSTATE[HY000] [2002] Connection refused", Dependency),
        (
            "nginx: [emerg] unknown directive \"prxy_pass\" in /etc/nginx/conf.d/default.conf:3",
            BadConfiguration,
        ),
        ("nginx: [emerg] host not found in upstream \"api\" in /etc/nginx/nginx.conf:12", Dependency),
        ("FATAL:  configuration file \"/data/postgresql.conf\" contains errors", BadConfiguration),
        ("thread 'main' panicked at src/main.rs:10:5:", Crash),
        ("panic: runtime error: invalid memory address or nil pointer dereference", Crash),
        ("TypeError: Cannot read properties of undefined (reading 'id')", Crash),
        ("Traceback (most recent call last):", Crash),
        ("PHP Fatal error:  Uncaught Error: Call to undefined function foo()", Crash),
    ] {
        assert_eq!(told(line).map(|told| told.trouble), Some(trouble), "{line}");
    }
}

/// Lines that people posted of their own failed deployments; the tables were not made from them.
#[test]
fn lines_as_people_posted_them_are_read() {
    for (line, trouble) in [
        (
            "FATAL: SUPABASE_URL or SUPABASE_SERVICE_ROLE_KEY missing in production.",
            MissingVariable(Some("SUPABASE_URL")),
        ),
        (
            "[server] Missing required environment variables: SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY",
            MissingVariable(Some("SUPABASE_URL")),
        ),
        ("Error: DATABASE_URL is not configured", MissingVariable(Some("DATABASE_URL"))),
        (
            "ERROR: Error: failed to spawn command: docker-entrypoint.sh bash entrypoint.sh: Exec format error (os error 8)",
            StartCommand,
        ),
        ("sh: 1: vite: not found", StartCommand),
        ("[110.91s] Out of memory: Killed process 662 (dual-research)", OutOfMemory),
        ("INFO Process appears to have been OOM killed!", OutOfMemory),
        (
            "{\"error\":\"failed to connect to `user=postgres.abc database=postgres`: timeout: context deadline exceeded\"}",
            Dependency,
        ),
        ("juicefs FATAL: the mount point is not ready in 10 seconds", Crash),
        ("Error: VersionMismatch(1)", Crash),
        ("RuntimeError: #1599 admin grant matched ZERO rows for username 'dinp'.", Crash),
    ] {
        assert_eq!(told(line).map(|told| told.trouble), Some(trouble), "{line}");
    }
    for line in [
        "Running Firecracker v1.14.4",
        "Health check 'servicecheck-00-http-8000' on port 8000 has failed. Your app is not responding properly.",
        "machine became reachable in 5.478868974s",
        "machine has reached its max restart count of 10",
        "INFO Main child exited normally with code: 127",
    ] {
        assert_eq!(told(line), None, "{line}");
    }
}

#[test]
fn ordinary_lines_tell_of_no_trouble() {
    for line in [
        "Server listening on port 3000",
        "SENTRY_DSN not set, error reporting disabled",
        "WARN: LOG_LEVEL is not set, using default",
        "GET /missing 404 Not Found",
        "Main child exited normally with code: 0",
        "Health check on port 4000 has failed. Your app is not responding properly.",
        "migrated 3 tables",
        "INFO in 12 ms",
        "",
    ] {
        assert_eq!(told(line), None, "{line}");
    }
}

#[test]
fn what_is_quoted_stands_in_the_line_and_no_text_makes_it_panic() {
    for line in ["İ KeyError: 'DATABASE_URL'", "äöü ENOSPC", "panic: ß", &"ä".repeat(3_000)] {
        if let Some(told) = told(line) {
            assert!(line.contains(told.quoted) || !told.quoted.is_empty(), "{line}");
        }
    }
}
