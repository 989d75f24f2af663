//! What views are written with: Leptos, with the view and the signals of one type in place of its own.

pub(crate) use crate::reactive::{ArcRwSignal, Memo, RwSignal, Signal};
pub(crate) use crate::view::{Node as AnyView, view};
pub(crate) use leptos::prelude::*;
