//! What attributes of serde say.

use syn::{Attribute, LitStr, Result};

#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is an attribute of its own")]
pub(crate) struct Attributes {
    pub(crate) default: bool,
    pub(crate) flatten: bool,
    pub(crate) from_text: bool,
    pub(crate) snake_case: bool,
    pub(crate) try_from_text: bool,
    pub(crate) untagged: bool,
}

impl Attributes {
    pub(crate) fn of(attributes: &[Attribute]) -> Result<Self> {
        let mut said = Self::default();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
            attribute.parse_nested_meta(|meta| {
                let name = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
                let value = if meta.input.peek(syn::Token![=]) {
                    Some(meta.value()?.parse::<LitStr>()?.value())
                } else {
                    None
                };
                match (name.as_str(), value.as_deref()) {
                    ("default", None) => said.default = true,
                    ("flatten", None) => said.flatten = true,
                    ("from", Some("String")) => said.from_text = true,
                    ("rename_all", Some("snake_case")) => said.snake_case = true,
                    ("try_from", Some("String")) => said.try_from_text = true,
                    ("untagged", None) => said.untagged = true,
                    // A struct of one field is that field anyway; the others are about writing.
                    ("transparent", None) | ("into" | "skip_serializing_if", Some(_)) => {}
                    _ => return Err(meta.error("`FromJson` does not know this attribute")),
                }
                Ok(())
            })?;
        }
        Ok(said)
    }
}
