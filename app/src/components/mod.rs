//! The parts of the pages, one file each.

pub(crate) mod app_header;
pub(crate) mod apps_filters;
pub(crate) mod apps_table;
mod changed;
pub(crate) mod copy_button;
mod deployment_bar;
pub(crate) mod deployment_status;
pub(crate) mod diagnosis_panel;
pub(crate) mod error_panel;
mod evidence;
mod instance_row;
pub(crate) mod instances_table;
pub(crate) mod link_state;
mod log_lines;
mod mark;
pub(crate) mod new_build;
pub(crate) mod open_by_name;
pub(crate) mod page_heading;
pub(crate) mod process_groups;
mod regions;
mod relative_time;
pub(crate) mod source_notice;
mod status_word;
mod table;
mod theme_switch;
pub(crate) mod timeline;
pub(crate) mod top_bar;
