//! Asking again without what failed. In GraphQL an error inside a field that may not be null takes
//! the object around it from the answer, and so on upward, up to the whole app; the error's path
//! says which field it was.

use super::FlyClient;
use crate::error::FlyError;
use crate::graphql::answer::Step;
use crate::graphql::lenient;
use crate::token::FlyToken;
use cynic::QueryBuilder;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tracing::debug;

/// Questions that are put for one answer at most.
const MOST: usize = 3;

/// Variables that say which parts of an answer are wanted.
pub(super) trait Parts: Clone + Serialize {
    /// Leaves out the part that the path of an error leads into, and says how people call it; none
    /// where that is no part or was not asked for.
    fn leave_out(&mut self, path: &[Step]) -> Option<&'static str>;

    /// Leaves out whatever is likely to fail as well, before the last question, and says what.
    fn leave_out_more(&mut self) -> Vec<&'static str>;
}

/// What there is.
pub(super) struct Told<N> {
    pub(super) node: N,
    /// The parts that had to be left out.
    pub(super) left_out: Vec<&'static str>,
    /// The fields below `app` that failed without taking more than themselves.
    pub(super) failed: Vec<String>,
    /// The first error, where there was one.
    pub(super) why: Option<FlyError>,
}

/// Asks at most three times: for everything, without what failed then, and without all that may
/// fail.
pub(super) async fn insist<Q, V, N>(
    client: &FlyClient,
    token: &FlyToken,
    mut wanted: V,
    node_of: fn(Q) -> lenient::Option<N>,
) -> Result<Told<N>, FlyError>
where
    Q: QueryBuilder<V> + DeserializeOwned,
    V: Parts,
{
    let mut left_out = Vec::new();
    let mut asked = 0;
    let mut why = None;
    loop {
        let reply = client.query(token, &Q::build(wanted.clone())).await?;
        asked += 1;
        let errors = reply.errors;
        match reply.data.map_or(lenient::Option::None, node_of) {
            lenient::Option::Some(node) => {
                let failed = errors.fields_below("app");
                let why = why.or_else(|| errors.into_first(token));
                return Ok(Told { node, left_out, failed, why });
            }
            lenient::Option::Unreadable => return Err(errors.malformed("the app")),
            lenient::Option::None => {}
        }
        let before = left_out.len();
        left_out.extend(errors.paths().filter_map(|path| wanted.leave_out(path)));
        let denial = errors.into_denial(token);
        if left_out.len() == before || asked == MOST {
            return Err(denial);
        }
        why.get_or_insert(denial);
        if asked + 1 == MOST {
            left_out.extend(wanted.leave_out_more());
        }
        debug!(asked, ?left_out, "asking again without what failed");
    }
}
