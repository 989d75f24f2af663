//! Reads from a log line what went wrong, in the words of common runtimes and of Fly's init.
//!
//! A line is only ever read as a cause beside other evidence (an exit, a failing check): the words
//! alone also stand in warnings.

use super::{LONGEST_READ, head};

/// What a line tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble<'a> {
    /// The kernel or the runtime ran out of memory.
    OutOfMemory,
    /// A disk is full.
    DiskFull,
    /// What was to be started is not there, or is no program for this machine.
    StartCommand,
    /// A variable of the environment is missing; its name where the line tells it.
    MissingVariable(Option<&'a str>),
    /// The configuration of the app or its server is refused.
    BadConfiguration,
    /// The port is taken already.
    PortInUse,
    /// A database or another service cannot be reached, or refuses the app.
    Dependency,
    /// The app ended with an error of its own.
    Crash,
}

/// What a line tells, and the part of it that does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told<'a> {
    /// What it tells of.
    pub trouble: Trouble<'a>,
    /// The part of the line to mark.
    pub quoted: &'a str,
}

const OUT_OF_MEMORY: &[&str] = &[
    "out of memory: killed process",
    "appears to have been oom killed",
    "heap out of memory",
    "java.lang.outofmemoryerror",
    "runtime: out of memory",
    "perhaps out of memory",
    "oom-killer",
    "oom killed",
    "allowed memory size of",
    "failed to allocate memory (nomemoryerror)",
    "cannot allocate memory",
    "eheap_alloc: cannot allocate",
];

const DISK_FULL: &[&str] = &["no space left on device", "enospc", "disk quota exceeded"];

const PORT_IN_USE: &[&str] =
    &["eaddrinuse", "address already in use", "address in use", ":eaddrinuse", "is already in use"];

const START_COMMAND: &[&str] = &[
    "exec format error",
    "executable file not found",
    "failed to spawn command",
    "cannot find module",
    "can't open file",
    "no module named",
    "unable to access jarfile",
    "could not find or load main class",
    "missing script:",
    "could not open input file",
    "could not locate gemfile",
    "command not found",
    "err_module_not_found",
    "could not import module",
    "error loading asgi app",
    "no such file or directory: unable to exec",
];

const BAD_CONFIGURATION: &[&str] = &[
    "nginx: [emerg]",
    "[emerg] ",
    "configuration file test failed",
    "contains errors",
    "invalid environment variables",
    "improperlyconfigured",
    "config validation error",
    "applicationcontextexception",
    "activesupport::messageencryptor::invalidmessage",
    "failed to load config",
    "could not load configuration",
    "error parsing config",
];

const DEPENDENCY: &[&str] = &[
    "econnrefused",
    "enotfound",
    "could not translate host name",
    "could not connect to server",
    "password authentication failed",
    "can't reach database server",
    "dbconnection.connectionerror",
    ":nxdomain",
    "no such host",
    "failed to connect to `host=",
    "failed to connect to `user=",
    "sqlalchemy.exc.operationalerror",
    "django.db.utils.operationalerror",
    "pg::connectionbad",
    "activerecord::connectionnotestablished",
    "activerecord::databaseconnectionerror",
    "communications link failure",
    "connection to localhost:5432 refused",
    "sqlstate[hy000]",
    "sqlstate[08006]",
    "redis.exceptions.connectionerror",
    "redis::cannotconnecterror",
    "mongoserverselectionerror",
    "mongonetworkerror",
    "connectionrefusederror",
    "pooltimedout",
    "host not found in upstream",
];

/// Pairs that tell of a dependency together: "dial tcp 10.0.0.1:5432: connect: connection refused".
const DEPENDENCY_PAIRS: &[(&str, &str)] = &[
    ("dial tcp", "connection refused"),
    ("connection to server at", "failed"),
    ("failed to connect", "connection refused"),
    ("connection refused", "database"),
    ("connection refused", "postgres"),
    ("connection refused", "redis"),
    ("connection refused", "os error 111"),
];

const CRASH: &[&str] = &[
    "panicked at",
    "panic:",
    "fatal error",
    "unhandled",
    "uncaught",
    "exception in thread",
    "traceback (most recent call last)",
    "application run failed",
    "segmentation fault",
    "** (",
    "kernel pid terminated",
    "could not start kernel pid",
    "syntaxerror",
    "typeerror:",
    "referenceerror:",
    "runtimeerror",
    "valueerror:",
    "importerror:",
    "nameerror",
    "nomethoderror",
    "worker failed to boot",
    "fatal:",
    "[fatal]",
    "error:",
];

/// What `line` tells, if anything.
pub fn told(line: &str) -> Option<Told<'_>> {
    let line = head(line, LONGEST_READ);
    // ASCII only: byte positions in `lower` are positions in `line`.
    let lower = line.to_ascii_lowercase();
    let found = |words: &[&str], trouble: Trouble<'static>| {
        quoted(line, &lower, words).map(|quoted| Told { trouble, quoted })
    };
    found(OUT_OF_MEMORY, Trouble::OutOfMemory)
        .or_else(|| memory_error(line, &lower))
        .or_else(|| found(DISK_FULL, Trouble::DiskFull))
        .or_else(|| found(PORT_IN_USE, Trouble::PortInUse))
        .or_else(|| missing_program(line, &lower))
        .or_else(|| found(START_COMMAND, Trouble::StartCommand))
        .or_else(|| missing_variable(line, &lower))
        .or_else(|| found(DEPENDENCY, Trouble::Dependency))
        .or_else(|| dependency_pair(line, &lower))
        .or_else(|| found(BAD_CONFIGURATION, Trouble::BadConfiguration))
        .or_else(|| found(CRASH, Trouble::Crash))
}

fn quoted<'a>(line: &'a str, lower: &str, words: &[&str]) -> Option<&'a str> {
    words.iter().find_map(|word| lower.find(word).map(|at| &line[at..at + word.len()]))
}

/// Python's `MemoryError` and Rust's "memory allocation of 8 bytes failed".
fn memory_error<'a>(line: &'a str, lower: &str) -> Option<Told<'a>> {
    let trimmed = line.trim();
    let python = trimmed == "MemoryError" || trimmed.starts_with("MemoryError:");
    let rust = lower.contains("memory allocation of") && lower.contains("bytes failed");
    (python || rust).then_some(Told { trouble: Trouble::OutOfMemory, quoted: trimmed })
}

/// A shell that does not find a program: "sh: 1: next: not found", "env: 'ruby': No such file".
fn missing_program<'a>(line: &'a str, lower: &str) -> Option<Told<'a>> {
    let trimmed = lower.trim_start();
    let shell = ["sh: ", "/bin/sh: ", "bash: ", "/bin/bash: ", "/usr/bin/env: ", "env: ", "exec: "]
        .iter()
        .any(|shell| trimmed.starts_with(shell));
    if !shell {
        return None;
    }
    quoted(line, lower, &["not found", "no such file or directory", "permission denied"])
        .map(|quoted| Told { trouble: Trouble::StartCommand, quoted })
}

fn dependency_pair<'a>(line: &'a str, lower: &str) -> Option<Told<'a>> {
    let (word, _) =
        DEPENDENCY_PAIRS.iter().find(|(one, other)| lower.contains(one) && lower.contains(other))?;
    quoted(line, lower, &[word]).map(|quoted| Told { trouble: Trouble::Dependency, quoted })
}

/// What is said of a variable that is not there.
const NOT_THERE: &[&str] = &[
    "not set",
    "must be set",
    " missing",
    "missing required",
    "missing env",
    "missing value",
    "is required",
    "required environment",
    "required key",
    "not found",
    "not present",
    "not defined",
    "is undefined",
    "is not configured",
    "must not be empty",
    "cannot be empty",
    "can't be empty",
    "must be provided",
    "must be defined",
    "not provided",
    "not specified",
    "must specify",
    "resolve placeholder",
    "keyerror",
    "undefined array key",
    "is empty",
    "'required'",
    ": required",
    "environment variable is",
    "set the",
    "missing secret",
    "expected env",
    "couldn't read env",
];

/// Complaints that name no variable, and the variable each is about.
const NAMELESS: &[(&str, Option<&str>)] = &[
    ("no application encryption key has been specified", Some("APP_KEY")),
    ("missing `secret_key_base`", Some("SECRET_KEY_BASE")),
    ("missing encryption key to decrypt", Some("RAILS_MASTER_KEY")),
    ("err` value: notpresent", None),
    ("environment variable not found", None),
    ("secretorprivatekey must have a value", None),
    ("'url' attribute is not specified", None),
    ("field required [type=missing", None),
    ("missing field `", None),
    ("missing value for field", None),
];

/// Words of lines that say how the app goes on without the variable.
const GOES_ON: &[&str] =
    &["default", "warn", "optional", "falling back", "fallback", "ignor", "disabled", "skipping"];

fn missing_variable<'a>(line: &'a str, lower: &str) -> Option<Told<'a>> {
    if GOES_ON.iter().any(|word| lower.contains(word)) && !lower.contains("define a default") {
        return None;
    }
    if let Some((words, name)) = NAMELESS.iter().find(|(words, _)| lower.contains(words)) {
        let quoted = quoted(line, lower, &[words])?;
        let name = variables(line).next().or(*name);
        return Some(Told { trouble: Trouble::MissingVariable(name), quoted });
    }
    NOT_THERE.iter().find(|words| lower.contains(**words))?;
    let name = variables(line).next()?;
    Some(Told { trouble: Trouble::MissingVariable(Some(name)), quoted: name })
}

/// The names of variables in a line: capitals, digits and underscores, with at least one underscore
/// (or one of the usual names without), and no code of an error or a signal.
pub fn variables(line: &str) -> impl Iterator<Item = &str> {
    const USUAL: &[&str] = &["PORT", "HOST", "SECRET", "TOKEN", "DSN", "DOMAIN", "PASSWORD"];
    line.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).filter(|word| {
        let capitals = word.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
        let begins = word.starts_with(|c: char| c.is_ascii_uppercase());
        let code = word.starts_with("ERR_") || word.starts_with("SIG") || word.contains("NOT_FOUND");
        capitals && begins && !code && (USUAL.contains(word) || word.len() >= 4 && word.contains('_'))
    })
}

#[cfg(test)]
mod tests;
