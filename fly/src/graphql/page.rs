//! Where a page of a list stands (Relay's cursor connections).

use super::lenient;
use super::schema;

#[derive(cynic::QueryFragment, Debug)]
pub(crate) struct PageInfo {
    pub(crate) end_cursor: lenient::Option<String>,
    pub(crate) start_cursor: lenient::Option<String>,
    pub(crate) has_next_page: lenient::Option<bool>,
    pub(crate) has_previous_page: lenient::Option<bool>,
}

impl PageInfo {
    /// Where the next page begins, if there is one.
    pub(crate) fn next(&self) -> Option<String> {
        let more = self.has_next_page.as_known() == Some(&true);
        self.end_cursor.as_known().filter(|_| more).cloned()
    }

    /// Where the page before ends, if there is one.
    pub(crate) fn previous(&self) -> Option<String> {
        let more = self.has_previous_page.as_known() == Some(&true);
        self.start_cursor.as_known().filter(|_| more).cloned()
    }
}
