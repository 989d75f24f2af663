//! Trouble with hosts that Fly tells of.

use super::text::{self, LONGEST_LINE};
use super::time;
use crate::graphql::app::IssueNode;
use model::HostIssue;

/// The issues newest first, and how many could not be read.
pub(crate) fn issues(nodes: Vec<IssueNode>) -> (Vec<HostIssue>, usize) {
    let all = nodes.len();
    let mut issues: Vec<HostIssue> = nodes.into_iter().filter_map(issue).collect();
    issues.sort_by_key(|issue| std::cmp::Reverse(issue.created_at));
    let unreadable = all - issues.len();
    (issues, unreadable)
}

/// The message may be missing (the schema says so): that there is an issue is told all the same.
fn issue(node: IssueNode) -> Option<HostIssue> {
    let created_at = time::of(node.created_at.as_known())?;
    Some(HostIssue {
        message: text::said_in_lines(&node.message.known().unwrap_or_default(), LONGEST_LINE),
        created_at,
        updated_at: time::of(node.updated_at.as_known()).unwrap_or(created_at),
        resolved_at: time::of(node.resolved_at.as_known()),
    })
}
