use super::Reach::{Loopback, Outside, Untold};
use super::*;

/// Lines as the servers print them: line, port, who can reach it, the part that is marked.
const LINES: &[(&str, u16, Reach, &str)] = &[
    // Elixir: Phoenix with Cowboy and with Bandit
    (
        "20:24:41.764 [info] Running FlyWeb.Endpoint with cowboy 2.9.0 at :::8080 (http)",
        8080,
        Outside,
        ":::8080",
    ),
    (
        "[info] Running MyAppWeb.Endpoint with Bandit 1.5.7 at 0.0.0.0:4000 (http)",
        4000,
        Outside,
        "0.0.0.0:4000",
    ),
    (
        "[info] Running MyAppWeb.Endpoint with Bandit 1.5.7 at 127.0.0.1:4000 (http)",
        4000,
        Loopback,
        "127.0.0.1:4000",
    ),
    // Node: Express, Fastify, Next.js, Nuxt, Deno, Bun
    ("Server listening on port 3000", 3000, Untold, "port 3000"),
    ("Example app listening at http://localhost:4000", 4000, Untold, "http://localhost:4000"),
    (
        r#"{"level":30,"time":1714557600000,"pid":512,"msg":"Server listening at http://0.0.0.0:3000"}"#,
        3000,
        Outside,
        "http://0.0.0.0:3000",
    ),
    ("- ready started server on [::]:3000, url: http://localhost:3000", 3000, Outside, "[::]:3000"),
    ("ready - started server on 0.0.0.0:3000, url: http://localhost:3000", 3000, Outside, "0.0.0.0:3000"),
    ("Listening on http://[::]:3000", 3000, Outside, "http://[::]:3000"),
    ("Listening on http://0.0.0.0:8000/", 8000, Outside, "http://0.0.0.0:8000"),
    ("Started development server: http://localhost:3000", 3000, Untold, "http://localhost:3000"),
    (r#"{"message":"listening","port":8080}"#, 8080, Untold, "port\":8080"),
    // Python: uvicorn, gunicorn, hypercorn, Django, Flask
    (
        "INFO:     Uvicorn running on http://127.0.0.1:8000 (Press CTRL+C to quit)",
        8000,
        Loopback,
        "http://127.0.0.1:8000",
    ),
    (
        "[2024-05-01 10:00:00 +0000] [7] [INFO] Listening at: http://0.0.0.0:8000 (7)",
        8000,
        Outside,
        "http://0.0.0.0:8000",
    ),
    ("[INFO] Running on http://[::]:8080 (CTRL + C to quit)", 8080, Outside, "http://[::]:8080"),
    ("Starting development server at http://127.0.0.1:8000/", 8000, Loopback, "http://127.0.0.1:8000"),
    (" * Running on http://127.0.0.1:5000", 5000, Loopback, "http://127.0.0.1:5000"),
    (" * Running on http://172.19.0.2:5000", 5000, Outside, "http://172.19.0.2:5000"),
    // Go: net/http, Gin, Echo, Fiber, slog
    ("2024/01/02 10:00:00 listening on :8080", 8080, Untold, ":8080"),
    ("[GIN-debug] Listening and serving HTTP on :8080", 8080, Untold, ":8080"),
    ("⇨ http server started on [::]:1323", 1323, Outside, "[::]:1323"),
    (" │       (bound on host 0.0.0.0 and port 3000)       │", 3000, Outside, "port 3000"),
    (r#"time=2024-05-01T10:00:00Z level=INFO msg="server starting" addr=:8080"#, 8080, Untold, ":8080"),
    ("listening addr=0.0.0.0:8081", 8081, Outside, "0.0.0.0:8081"),
    // Ruby: Puma, Rails
    ("* Listening on http://[::]:3000", 3000, Outside, "http://[::]:3000"),
    ("[640] * Listening on http://0.0.0.0:3000", 3000, Outside, "http://0.0.0.0:3000"),
    ("* Listening on tcp://localhost:9292", 9292, Untold, "tcp://localhost:9292"),
    // Rust: axum, actix, Rocket, warp
    ("listening on 0.0.0.0:3000", 3000, Outside, "0.0.0.0:3000"),
    (
        r#"starting service: "actix-web-service-127.0.0.1:8080", workers: 1, listening on: 127.0.0.1:8080"#,
        8080,
        Loopback,
        "127.0.0.1:8080",
    ),
    ("🚀 Rocket has launched from http://127.0.0.1:8000", 8000, Loopback, "http://127.0.0.1:8000"),
    ("Server::run; addr=0.0.0.0:3030 listening on http://0.0.0.0:3030", 3030, Outside, "http://0.0.0.0:3030"),
    // Java: Spring on Tomcat and Netty, Tomcat, Jetty, Quarkus, Micronaut
    ("Tomcat started on port(s): 8080 (http) with context path ''", 8080, Untold, "port(s): 8080"),
    ("Tomcat started on port 8080 (http) with context path '/'", 8080, Untold, "port 8080"),
    ("o.s.b.web.embedded.netty.NettyWebServer  : Netty started on port 8081", 8081, Untold, "port 8081"),
    (
        r#"INFO [main] org.apache.coyote.AbstractProtocol.start Starting ProtocolHandler ["http-nio-8080"]"#,
        8080,
        Untold,
        "http-nio-8080",
    ),
    (
        "INFO:oejs.AbstractConnector:main: Started ServerConnector@1e6a3214{HTTP/1.1, (http/1.1)}{0.0.0.0:8080}",
        8080,
        Outside,
        "0.0.0.0:8080",
    ),
    (
        "Quarkus 3.9.0 on JVM started in 1.2s. Listening on: http://0.0.0.0:8080",
        8080,
        Outside,
        "http://0.0.0.0:8080",
    ),
    (
        "Startup completed in 1200ms. Server Running: http://localhost:8080",
        8080,
        Untold,
        "http://localhost:8080",
    ),
    // PHP: its own server, Laravel, Swoole
    ("PHP 8.2.18 Development Server (http://0.0.0.0:8000) started", 8000, Outside, "http://0.0.0.0:8000"),
    ("   INFO  Server running on [http://127.0.0.1:8000].", 8000, Loopback, "[http://127.0.0.1:8000"),
    // A gateway in front of the app
    ("gateway listening on :8080, proxying to http://127.0.0.1:8081", 8080, Untold, ":8080"),
    // NestJS prints this where it listens on every interface, too
    ("Application is running on: http://[::1]:8080", 8080, Untold, "http://[::1]:8080"),
    // .NET
    ("      Now listening on: http://[::]:8080", 8080, Outside, "http://[::]:8080"),
    // Postgres
    (r#"LOG:  listening on IPv4 address "0.0.0.0", port 5432"#, 5432, Outside, "port 5432"),
    (r#"LOG:  listening on IPv6 address "::1", port 5433"#, 5433, Untold, "port 5433"),
    ("Started server on port: 5000.", 5000, Untold, "port: 5000"),
];

#[test]
fn the_address_is_read_from_what_common_servers_print() {
    for (line, port, reach, quoted) in LINES {
        let found = announced(line).unwrap_or_else(|| panic!("nothing read from {line:?}"));
        assert_eq!((found.port, found.reach, found.quoted), (*port, *reach, *quoted), "{line}");
        assert!(!found.aside, "{line}");
    }
}

#[test]
fn a_server_beside_the_app_is_told_apart() {
    for line in [
        "Debugger listening on ws://127.0.0.1:9229/0a1b",
        "metrics listening on :9090",
        "Serving Prometheus metrics on 0.0.0.0:9091",
        "pprof listening on localhost:6060",
    ] {
        assert!(announced(line).is_some_and(|found| found.aside), "{line}");
    }
}

#[test]
fn a_line_that_announces_nothing_is_not_read() {
    for line in [
        "2021/09/22 20:24:39 listening on [fdaa:0:337a:a7b:ad1:e80d:7fbd:2]:22 (DNS: [fdaa::3]:53)",
        "Starting instance",
        "GET http://localhost:3000/ 200",
        "Running migrations at 20:24:41",
        "Access FlyWeb.Endpoint at http://crimson-wildflower-1711.fly.dev",
        "started job 12:30:45",
        "started connection to 10.0.0.2:5432",
        "running: connected to redis://cache:6379",
        "LOG:  started streaming from 10.0.0.2:5432 at 0/3000000",
        "listening on port 99999999",
        r#"LOG:  listening on Unix socket "/var/run/postgresql/.s.PGSQL.5432""#,
        "Nest application successfully started +2ms",
        "NOTICE: fpm is running, pid 1",
        "",
    ] {
        assert_eq!(announced(line), None, "{line}");
    }
}

#[test]
fn text_that_is_not_ascii_does_not_panic() {
    for line in [
        "läuft: listening on «:8080»",
        "listening İ:8080",
        "started\u{2028}:80é",
        "listening on port ８０",
        "listening │:80 │ports é",
    ] {
        let _ = announced(line);
    }
}
