//! Whether what could be read can be played: references lead somewhere, states are Fly's, facts do
//! not contradict one another.

mod app;
mod fact;
mod identifier;
mod object;
mod vocabulary;

pub(super) use app::app;
pub(super) use fact::facts;
