//! Lists in pages, as Relay's connections have them.

use async_graphql::SimpleObject;

/// Which part of a list is asked for.
#[derive(Clone, Default)]
pub(super) struct Ask {
    pub(super) after: Option<String>,
    pub(super) before: Option<String>,
    pub(super) first: Option<i32>,
    pub(super) last: Option<i32>,
}

impl Ask {
    pub(super) fn new(
        after: Option<String>,
        before: Option<String>,
        first: Option<i32>,
        last: Option<i32>,
    ) -> Self {
        Self { after, before, first, last }
    }
}

/// Where a page lies in its list.
#[derive(Clone, Default, SimpleObject)]
pub(super) struct PageInfo {
    pub(super) end_cursor: Option<String>,
    pub(super) has_next_page: bool,
    pub(super) has_previous_page: bool,
    pub(super) start_cursor: Option<String>,
}

/// A part of a list.
#[derive(Clone)]
pub(super) struct Page<T> {
    /// With the cursor of each.
    pub(super) items: Vec<(String, T)>,
    pub(super) info: PageInfo,
    pub(super) total: i32,
}

impl<T: Clone> Page<T> {
    /// The part of a list that is asked for. A cursor names the place of an item in its list.
    pub(super) fn of(all: Vec<T>, ask: &Ask) -> Self {
        let total = all.len();
        let mut from = ask.after.as_deref().and_then(place).unwrap_or(0).min(total);
        let before = ask.before.as_deref().and_then(place);
        let mut to = before.map_or(total, |place| place.saturating_sub(1)).clamp(from, total);
        if let Some(first) = ask.first {
            to = to.min(from.saturating_add(count(first)));
        }
        if let Some(last) = ask.last {
            from = from.max(to.saturating_sub(count(last)));
        }
        let items = all.into_iter().enumerate().take(to).skip(from);
        let items: Vec<(String, T)> = items.map(|(index, item)| (cursor(index), item)).collect();
        let info = PageInfo {
            end_cursor: items.last().map(|(cursor, _)| cursor.clone()),
            has_next_page: to < total,
            has_previous_page: from > 0,
            start_cursor: items.first().map(|(cursor, _)| cursor.clone()),
        };
        Self { items, info, total: i32::try_from(total).unwrap_or(i32::MAX) }
    }

    /// The items without their cursors.
    pub(super) fn nodes(&self) -> Vec<Option<T>> {
        self.items.iter().map(|(_, item)| Some(item.clone())).collect()
    }
}

/// Not a number to a reader: a cursor means nothing to anybody but its maker.
fn cursor(index: usize) -> String {
    format!("c{}", index + 1)
}

/// How many items lie before the one after this cursor.
fn place(cursor: &str) -> Option<usize> {
    cursor.strip_prefix('c')?.parse().ok()
}

fn count(asked: i32) -> usize {
    usize::try_from(asked).unwrap_or(0)
}

/// Declares a connection and its edge for a node.
macro_rules! connection {
    ($connection:ident = $name:literal, $edge:ident = $edge_name:literal, $node:ty) => {
        connection!(@edge $connection, $edge = $edge_name, $node);

        #[async_graphql::Object(name = $name)]
        impl $connection {
            async fn edges(&self) -> Option<Vec<Option<$edge>>> {
                Some(self.0.items.iter().cloned().map(|(cursor, node)| Some($edge { cursor, node })).collect())
            }
            async fn nodes(&self) -> Option<Vec<Option<$node>>> {
                Some(self.0.nodes())
            }
            async fn page_info(&self) -> crate::graphql::connection::PageInfo {
                self.0.info.clone()
            }
            async fn total_count(&self) -> i32 {
                self.0.total
            }
        }
    };
    (@edge $connection:ident, $edge:ident = $edge_name:literal, $node:ty) => {
        #[derive(Clone)]
        pub(super) struct $connection(pub(super) crate::graphql::connection::Page<$node>);

        pub(super) struct $edge {
            cursor: String,
            node: $node,
        }

        #[async_graphql::Object(name = $edge_name)]
        impl $edge {
            async fn cursor(&self) -> &str {
                &self.cursor
            }
            async fn node(&self) -> Option<$node> {
                Some(self.node.clone())
            }
        }
    };
}
pub(super) use connection;

#[cfg(test)]
mod tests {
    use super::*;

    fn page(ask: &Ask) -> (Vec<i32>, PageInfo) {
        let page = Page::of(vec![5, 4, 3, 2, 1], ask);
        assert_eq!(page.total, 5);
        (page.items.iter().map(|(_, item)| *item).collect(), page.info)
    }

    #[test]
    fn first_gives_the_newest_and_last_the_oldest_of_a_list_that_is_newest_first() {
        let first = Ask { first: Some(2), ..Ask::default() };
        assert_eq!(page(&first).0, [5, 4]);
        let last = Ask { last: Some(2), ..Ask::default() };
        assert_eq!(page(&last).0, [2, 1]);
    }

    #[test]
    fn pages_follow_one_another_to_the_end() {
        let mut seen = Vec::new();
        let mut ask = Ask { first: Some(2), ..Ask::default() };
        loop {
            let (items, info) = page(&ask);
            seen.extend(items);
            ask.after = info.end_cursor;
            if !info.has_next_page {
                break;
            }
        }
        assert_eq!(seen, [5, 4, 3, 2, 1]);
    }

    #[test]
    fn a_cursor_beyond_the_end_gives_an_empty_page() {
        let ask = Ask { after: Some("c99".to_owned()), ..Ask::default() };
        assert!(page(&ask).0.is_empty());
    }
}
