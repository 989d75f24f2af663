//! The rules. To add one: a file here, and its name in `ALL`.

mod wrong_port;

use super::Finding;
use crate::facts::AppFacts;

/// A rule: from what is known to what it means, if anything.
pub type Rule = fn(&AppFacts) -> Option<Finding>;

/// Every rule.
pub const ALL: &[Rule] = &[wrong_port::wrong_port];
