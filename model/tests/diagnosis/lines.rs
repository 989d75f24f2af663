//! Lines as servers of ten kinds print them. They were collected for these tests, apart from the
//! tables that the rules read with.

/// One kind of server.
pub(crate) struct Language {
    pub(crate) name: &'static str,
    /// Announces itself for everybody; `{}` is the port.
    pub(crate) listens: &'static str,
    /// Announces itself for its machine only; empty where it never says so.
    pub(crate) loopback: &'static str,
    /// Ends for want of `DATABASE_URL` or a like variable.
    pub(crate) missing: &'static [&'static str],
    /// Ends with an error of its own.
    pub(crate) crash: &'static [&'static str],
    /// Ends for want of a database.
    pub(crate) dependency: &'static [&'static str],
    /// Says itself that memory ran out; empty where only the kernel does.
    pub(crate) memory: &'static [&'static str],
    /// What is to be started is not there.
    pub(crate) start: &'static [&'static str],
    /// What it prints while all is well.
    pub(crate) calm: &'static [&'static str],
}

pub(crate) const LANGUAGES: &[Language] = &[
    Language {
        name: "Node",
        listens: "Server is listening on http://0.0.0.0:{}",
        loopback: "Server listening at http://127.0.0.1:{}",
        missing: &[
            "/app/dist/env.js:12",
            "    throw new Error(`Missing required env var ${name}`);",
            "Error: Missing required env var STRIPE_SECRET_KEY",
            "    at Object.<anonymous> (/app/dist/env.js:12:11)",
            "Node.js v20.11.1",
        ],
        crash: &[
            "/app/server.js:42",
            "TypeError: Cannot read properties of undefined (reading 'map')",
            "    at Object.<anonymous> (/app/server.js:42:18)",
            "Node.js v20.11.1",
        ],
        dependency: &[
            "Error: connect ECONNREFUSED fdaa:0:337a:a7b:1::2:5432",
            "    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1555:16) {",
            "  errno: -111,",
        ],
        memory: &[
            "FATAL ERROR: Ineffective mark-compacts near heap limit Allocation failed - JavaScript heap out of memory",
        ],
        start: &[
            "node:internal/modules/cjs/loader:1148",
            "Error: Cannot find module '/app/build/index.js'",
            "  code: 'MODULE_NOT_FOUND',",
        ],
        calm: &[
            "GET / 200 12.3 ms - 512",
            "npm notice New minor version of npm available",
            "(node:512) ExperimentalWarning: Fetch API",
        ],
    },
    Language {
        name: "Python",
        listens: "[2025-05-01 10:00:00 +0000] [650] [INFO] Listening at: http://0.0.0.0:{} (650)",
        loopback: "INFO:     Uvicorn running on http://127.0.0.1:{} (Press CTRL+C to quit)",
        missing: &[
            "Traceback (most recent call last):",
            "  File \"/app/config.py\", line 8, in <module>",
            "    DATABASE_URL = os.environ[\"DATABASE_URL\"]",
            "KeyError: 'DATABASE_URL'",
        ],
        crash: &[
            "Traceback (most recent call last):",
            "  File \"/app/main.py\", line 3, in <module>",
            "ZeroDivisionError: division by zero",
        ],
        dependency: &[
            "sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) could not translate host name \"db.internal\" to address: Name or service not known",
        ],
        memory: &[
            "[2025-05-01 10:01:00 +0000] [650] [ERROR] Worker (pid:651) was sent SIGKILL! Perhaps out of memory?",
        ],
        start: &["/usr/bin/python3: can't open file '/app/mian.py': [Errno 2] No such file or directory"],
        calm: &[
            "INFO:     172.16.0.1:0 - \"GET / HTTP/1.1\" 200 OK",
            "DeprecationWarning: pkg_resources is deprecated",
        ],
    },
    Language {
        name: "Go",
        listens: "2025/05/01 10:00:00 http: serving on [::]:{}",
        loopback: "time=2025-05-01T10:00:00Z level=INFO msg=\"listening\" addr=127.0.0.1:{}",
        missing: &["2025/05/01 10:00:00 config: required key DATABASE_URL missing value"],
        crash: &[
            "panic: runtime error: index out of range [5] with length 3",
            "",
            "goroutine 1 [running]:",
            "main.main()",
        ],
        dependency: &[
            "2025/05/01 10:00:00 ping db: dial tcp [fdaa:0:1::3]:5432: connect: connection refused",
        ],
        memory: &["fatal error: runtime: out of memory", "", "runtime stack:"],
        start: &["ERROR Error: failed to spawn command: /app/serve: No such file or directory (os error 2)"],
        calm: &[
            "2025/05/01 10:00:02 GET / 200 1.2ms",
            "time=2025-05-01T10:00:00Z level=INFO msg=\"migrations applied\" count=3",
        ],
    },
    Language {
        name: "Ruby",
        listens: "* Listening on http://0.0.0.0:{}",
        loopback: "* Listening on http://127.0.0.1:{}",
        missing: &[
            "! Unable to load application: KeyError: key not found: \"REDIS_URL\"",
            "bundler: failed to load command: puma (/usr/local/bundle/bin/puma)",
        ],
        crash: &[
            "! Unable to load application: NameError: uninitialized constant Widget",
            "config/application.rb:9:in `<main>'",
        ],
        dependency: &[
            "ActiveRecord::ConnectionNotEstablished: connection to server at \"10.0.0.2\", port 5432 failed: Connection refused",
        ],
        memory: &["[FATAL] failed to allocate memory (NoMemoryError)"],
        start: &["/usr/bin/env: 'ruby\\r': No such file or directory"],
        calm: &[
            "=> Booting Puma",
            "Started GET \"/\" for 172.16.0.1 at 2025-05-01 10:00:00 +0000",
            "Completed 200 OK in 12ms",
        ],
    },
    Language {
        name: "Elixir",
        listens: "10:00:00.123 [info] Running LanternWeb.Endpoint with Bandit 1.5.7 at :::{} (http)",
        loopback: "10:00:00.123 [info] Running LanternWeb.Endpoint with cowboy 2.12.0 at 127.0.0.1:{} (http)",
        missing: &[
            "ERROR! Config provider Config.Reader failed with:",
            "** (RuntimeError) environment variable SECRET_KEY_BASE is missing.",
            "You can generate one by calling: mix phx.gen.secret",
        ],
        crash: &[
            "** (Mix) Could not start application lantern: Lantern.Application.start(:normal, []) returned an error",
            "Kernel pid terminated (application_controller) (\"{application_start_failure,lantern}\")",
        ],
        dependency: &[
            "10:00:01.000 [error] Postgrex.Protocol (#PID<0.300.0>) failed to connect: ** (DBConnection.ConnectionError) tcp connect (lantern-db.internal:5432): non-existing domain - :nxdomain",
        ],
        memory: &["eheap_alloc: Cannot allocate 762886488 bytes of memory (of type \"heap\")."],
        start: &["ERROR Error: failed to spawn command: bin/server: No such file or directory (os error 2)"],
        calm: &[
            "10:00:01.000 request_id=F0 [info] GET /",
            "10:00:01.002 [info] Sent 200 in 2ms",
            "Starting Elixir app: prod, DB=",
        ],
    },
    Language {
        name: "Rust",
        listens: "2025-05-01T10:00:00.000Z  INFO lantern: listening on 0.0.0.0:{}",
        loopback: "🚀 Rocket has launched from http://127.0.0.1:{}",
        missing: &[
            "thread 'main' panicked at src/main.rs:14:45:",
            "JWT_SECRET must be set: NotPresent",
            "note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace",
        ],
        crash: &[
            "thread 'main' panicked at src/main.rs:14:45:",
            "index out of bounds: the len is 3 but the index is 5",
        ],
        dependency: &[
            "Error: PoolTimedOut",
            "Caused by: error communicating with database: Connection refused (os error 111)",
        ],
        memory: &["memory allocation of 1073741824 bytes failed"],
        start: &["exec /usr/local/bin/lantern: exec format error"],
        calm: &["2025-05-01T10:00:01Z DEBUG tower_http: finished processing request latency=1 ms status=200"],
    },
    Language {
        name: "Java",
        listens: "INFO 1 --- [main] o.s.b.w.embedded.tomcat.TomcatWebServer : Tomcat started on port {} (http) with context path '/'",
        loopback: "",
        missing: &[
            "Caused by: java.lang.IllegalArgumentException: Could not resolve placeholder 'DATABASE_URL' in value \"${DATABASE_URL}\"",
        ],
        crash: &[
            "Exception in thread \"main\" java.lang.NullPointerException: Cannot invoke \"String.length()\"",
            "\tat com.example.Main.main(Main.java:12)",
        ],
        dependency: &["com.mysql.cj.jdbc.exceptions.CommunicationsException: Communications link failure"],
        memory: &["java.lang.OutOfMemoryError: Java heap space"],
        start: &["Error: Unable to access jarfile /app/app.jar"],
        calm: &[
            "INFO 1 --- [main] c.e.LanternApplication : Started LanternApplication in 12.3 seconds (process running for 13.1)",
        ],
    },
    Language {
        name: "PHP",
        listens: "[Thu May  1 10:00:00 2025] PHP 8.3.6 Development Server (http://0.0.0.0:{}) started",
        loopback: "   INFO  Server running on [http://127.0.0.1:{}].",
        missing: &[
            "PHP Fatal error:  Uncaught Symfony\\Component\\DependencyInjection\\Exception\\EnvNotFoundException: Environment variable not found: \"DATABASE_URL\".",
        ],
        crash: &[
            "PHP Fatal error:  Uncaught Error: Call to undefined function mb_split() in /app/index.php:3",
        ],
        dependency: &["SQLSTATE[HY000] [2002] Connection refused (SQL: select * from migrations)"],
        memory: &[
            "PHP Fatal error:  Allowed memory size of 134217728 bytes exhausted (tried to allocate 20480 bytes) in /app/x.php on line 3",
        ],
        start: &["Could not open input file: artisan"],
        calm: &[
            "[Thu May  1 10:00:02 2025] 172.16.0.1:40000 [200]: GET /",
            "NOTICE: fpm is running, pid 650",
        ],
    },
    Language {
        name: "nginx",
        listens: "",
        loopback: "",
        missing: &[],
        crash: &[
            "nginx: [alert] could not open error log file: open() failed",
            "worker process 30 exited on signal 11: segmentation fault",
        ],
        dependency: &[
            "nginx: [emerg] host not found in upstream \"api.internal\" in /etc/nginx/conf.d/default.conf:8",
        ],
        memory: &[],
        start: &["exec: \"nginx\": executable file not found in $PATH"],
        calm: &[
            "172.16.0.1 - - [01/May/2025:10:00:00 +0000] \"GET / HTTP/1.1\" 200 615",
            "/docker-entrypoint.sh: Configuration complete; ready for start up",
        ],
    },
    Language {
        name: "Postgres",
        listens: "2025-05-01 10:00:00.000 UTC [1] LOG:  listening on IPv4 address \"0.0.0.0\", port {}",
        loopback: "2025-05-01 10:00:00.000 UTC [1] LOG:  listening on IPv4 address \"127.0.0.1\", port {}",
        missing: &[
            "Error: Database is uninitialized and superuser password is not specified.",
            "       You must specify POSTGRES_PASSWORD to a non-empty value for the superuser.",
        ],
        crash: &["2025-05-01 10:00:00.000 UTC [1] FATAL:  database files are incompatible with server"],
        dependency: &[],
        memory: &[
            "2025-05-01 10:00:00.000 UTC [1] FATAL:  could not map anonymous shared memory: Cannot allocate memory",
        ],
        start: &["exec /usr/local/bin/docker-entrypoint.sh: exec format error"],
        calm: &[
            "2025-05-01 10:00:00.000 UTC [1] LOG:  database system is ready to accept connections",
            "LOG:  checkpoint starting: time",
        ],
    },
];

/// Lines that tell of nothing, some of which look as if they did.
pub(crate) const NOISE: &[&str] = &[
    "INFO Preparing to run: `docker-entrypoint.sh` as root",
    "INFO [fly api proxy] listening at /.fly/api",
    "2025/05/01 10:00:00 INFO SSH listening listen_address=[fdaa:0:337a:a7b:ad1:e80d:7fbd:2]:22",
    "Machine created and started in 3.2s",
    "GET /missing 404 2 ms",
    "WARN: SENTRY_DSN is not set, error reporting is disabled",
    "deprecated: option `pool` will be removed",
    "metrics listening on 0.0.0.0:9091",
    "Debugger listening on ws://127.0.0.1:9229/4f3a",
    "cache miss for key user:12",
    "retrying in 200 ms",
    "connected to redis://default@cache.internal:6379",
    "health: ok",
    "Reaped child process with pid: 568 and signal: SIGUSR1, core dumped? false",
    "user@example.com signed in",
];
