//! `#[derive(FromJson)]`: reads a type from JSON as serde's `Deserialize` does, with a small part of its
//! code, since each type's code is loaded by browsers.
//!
//! It obeys those attributes of serde that the model uses: `default`, `flatten`, `from`, `rename_all` of
//! variants, `transparent`, `try_from` and `untagged`. Any other is an error.

mod attributes;

use attributes::Attributes;
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Fields, Generics, Ident, Result, Variant};

/// Implements `model::json::FromJson`; see the crate's description.
#[proc_macro_derive(FromJson, attributes(serde))]
pub fn from_json(tokens: proc_macro::TokenStream) -> proc_macro::TokenStream {
    syn::parse(tokens)
        .and_then(|input| implementation(&input))
        .unwrap_or_else(Error::into_compile_error)
        .into()
}

fn implementation(input: &DeriveInput) -> Result<TokenStream> {
    let attributes = Attributes::of(&input.attrs)?;
    let body = if attributes.from_text {
        quote! { ::std::string::String::from_json(json).map(::core::convert::Into::into) }
    } else if attributes.try_from_text {
        quote! { ::core::convert::TryFrom::try_from(::std::string::String::from_json(json)?).ok() }
    } else {
        match &input.data {
            Data::Struct(data) => whole(&quote!(Self), &data.fields)?,
            Data::Enum(data) if attributes.untagged => untagged(data.variants.iter())?,
            Data::Enum(data) => tagged(data.variants.iter(), attributes.snake_case)?,
            Data::Union(_) => return Err(Error::new_spanned(&input.ident, "no JSON is a union")),
        }
    };
    Ok(wrapped(&input.ident, &input.generics, &body))
}

/// The model itself calls this crate `crate`.
fn path() -> TokenStream {
    let is_model = std::env::var("CARGO_PKG_NAME").is_ok_and(|name| name == "model");
    if is_model { quote!(crate::json) } else { quote!(::model::json) }
}

fn wrapped(name: &Ident, generics: &Generics, body: &TokenStream) -> TokenStream {
    let path = path();
    let mut bound = generics.clone();
    for parameter in bound.type_params_mut() {
        parameter.bounds.push(syn::parse_quote!(#path::FromJson));
    }
    let (bounds, _, _) = bound.split_for_impl();
    let (_, names, conditions) = generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #bounds #path::FromJson for #name #names #conditions {
            fn from_json(json: &#path::Json) -> ::core::option::Option<Self> {
                #[allow(unused_imports)]
                use #path::FromJson as _;
                #body
            }
        }
    }
}

/// What is made of these fields, out of `json`.
fn whole(made: &TokenStream, fields: &Fields) -> Result<TokenStream> {
    let path = path();
    Ok(match fields {
        Fields::Unit => quote! { ::core::option::Option::Some(#made) },
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
            quote! { #path::FromJson::from_json(json).map(#made) }
        }
        Fields::Unnamed(fields) => {
            let items = 0..fields.unnamed.len();
            quote! { ::core::option::Option::Some(#made(#(json.item(#items)?),*)) }
        }
        Fields::Named(fields) => {
            let mut read = Vec::new();
            for field in &fields.named {
                let (name, attributes) = (&field.ident, Attributes::of(&field.attrs)?);
                let key = name.as_ref().map(ToString::to_string);
                read.push(if attributes.flatten {
                    quote! { #name: #path::FromJson::from_json(json)? }
                } else if attributes.default {
                    quote! { #name: json.field_or_default(#key)? }
                } else {
                    quote! { #name: json.field(#key)? }
                });
            }
            quote! { ::core::option::Option::Some(#made { #(#read),* }) }
        }
    })
}

fn tagged<'a>(variants: impl Iterator<Item = &'a Variant>, snake_case: bool) -> Result<TokenStream> {
    let mut arms = Vec::new();
    for variant in variants {
        let name = &variant.ident;
        let word = if snake_case { in_snake_case(&name.to_string()) } else { name.to_string() };
        let read = whole(&quote!(Self::#name), &variant.fields)?;
        arms.push(quote! { #word => #read });
    }
    Ok(quote! {
        #[allow(unused_variables)]
        let (name, json) = json.variant()?;
        match name {
            #(#arms,)*
            _ => ::core::option::Option::None,
        }
    })
}

fn untagged<'a>(variants: impl Iterator<Item = &'a Variant>) -> Result<TokenStream> {
    let mut tried = Vec::new();
    for variant in variants {
        let name = &variant.ident;
        let read = whole(&quote!(Self::#name), &variant.fields)?;
        tried.push(quote! { .or_else(|| #read) });
    }
    Ok(quote! { ::core::option::Option::None #(#tried)* })
}

/// As serde writes it: `RateLimited` is `rate_limited`.
fn in_snake_case(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}
