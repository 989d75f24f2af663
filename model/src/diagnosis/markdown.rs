//! The whole diagnosis as Markdown, for a chat or an issue.
//!
//! What is quoted may have been written by anybody. It stands in fences that are longer than any run
//! of backticks in it, and everything else is escaped: no quotation can end its fence, mention
//! somebody, or load a picture.

use super::{Diagnosis, Evidence, Finding, Source, Stance};
use crate::deployment::Deployment;
use crate::id::AppName;
use std::fmt::Write;

impl Diagnosis {
    /// The diagnosis as text, with the deployment it is about. `link` gives the address at which a
    /// source can be looked at, if there is one.
    pub fn markdown(
        &self,
        app: &AppName,
        deployment: Option<&Deployment>,
        link: &dyn Fn(&Source) -> Option<String>,
    ) -> String {
        let mut text = format!("## {}: {}\n", escaped(app.as_str()), escaped(&self.subject.heading()));
        if let Some(deployment) = deployment {
            deployment_in(&mut text, deployment);
        }
        if self.is_unexplained() {
            text.push_str("\nNone of the known causes matches what was seen.\n");
        }
        for finding in &self.findings {
            finding_in(&mut text, finding, link);
        }
        if let Some(back) = &self.go_back {
            let _ = write!(text, "\nThe last release that worked is {}. To go back to it:\n", back.version);
            fenced(&mut text, "sh", &back.command);
        }
        for sentence in &self.not_loaded {
            let _ = writeln!(text, "\n{}", escaped(sentence));
        }
        if let Some(tail) = &self.log_tail {
            let _ = write!(text, "\nLast log lines of {}:\n", escaped(tail.instance.as_str()));
            let lines: Vec<String> = tail
                .lines
                .iter()
                .map(|line| {
                    format!("{} {} {}", line.at.rfc3339(), one_line(&line.level), one_line(&line.message))
                })
                .collect();
            fenced(&mut text, "text", &lines.join("\n"));
        }
        text
    }
}

fn deployment_in(text: &mut String, deployment: &Deployment) {
    let by = deployment.user.as_ref().map(|user| format!(" by {}", escaped(user))).unwrap_or_default();
    let _ = writeln!(
        text,
        "\n{} {}{by}, started {}: {}.",
        deployment.version,
        escaped(deployment.status.as_str()),
        deployment.started_at.exact(),
        deployment.counts(),
    );
    if !deployment.description.is_empty() {
        fenced(text, "text", &deployment.description);
    }
    if let Some(note) = &deployment.note {
        let _ = writeln!(text, "\n{}", escaped(note));
    }
}

fn finding_in(text: &mut String, finding: &Finding, link: &dyn Fn(&Source) -> Option<String>) {
    let _ = write!(text, "\n### {} ({})\n", escaped(&finding.headline), finding.certainty.word());
    for evidence in &finding.evidence {
        evidence_in(text, evidence, link(&evidence.source));
    }
    let _ = writeln!(text, "\n{}", escaped(&finding.advice));
    if let Some(command) = &finding.command {
        fenced(text, "sh", command);
    }
    if let Some(reference) = &finding.reference {
        let _ = writeln!(text, "\nFly's page on this: <{}>", address(reference));
    }
}

fn evidence_in(text: &mut String, evidence: &Evidence, link: Option<String>) {
    let at = evidence.at.map(|at| format!("{}, ", at.rfc3339())).unwrap_or_default();
    let against =
        if evidence.stance == Stance::Contradicts { ", which seems to speak against it" } else { "" };
    let note = evidence.note.as_ref().map(|note| format!(" ({})", escaped(note))).unwrap_or_default();
    let label = escaped(&evidence.source.label());
    let source = link.map_or_else(|| label.clone(), |url| format!("[{label}](<{}>)", address(&url)));
    let _ = write!(text, "\n- {at}{source}{against}{note}:\n");
    fenced(text, "text", &evidence.plain());
}

/// An address that does not end before its end.
fn address(url: &str) -> String {
    one_line(url).replace(['<', '>', ' '], "")
}

/// A block that its content cannot leave.
fn fenced(text: &mut String, language: &str, content: &str) {
    let fence = "`".repeat(longest_run(content, '`').max(2) + 1);
    let lines: Vec<String> = content.lines().map(one_line).collect();
    let _ = write!(text, "\n{fence}{language}\n{}\n{fence}\n", lines.join("\n"));
}

fn longest_run(text: &str, wanted: char) -> usize {
    let mut longest = 0;
    let mut run = 0;
    for c in text.chars() {
        run = if c == wanted { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

/// The text without control characters and marks that turn the direction of writing.
fn one_line(text: &str) -> String {
    crate::logs::ansi::plain(text)
}

/// The text with every character escaped that Markdown, or what it is pasted into, gives a meaning.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in one_line(text).chars() {
        match c {
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '#' | '|' | '!' | '~' | '&' => {
                safe.push('\\');
                safe.push(c);
            }
            // A mention needs its name right after the sign.
            '@' => safe.push_str("@\u{200b}"),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests;
