//! `view!`: HTML in Rust, as Leptos writes it, that becomes nodes of one type.
//!
//! The macro of Leptos makes a type of its own of each element, and each type brings its own code
//! for building, hydrating and updating into the browser. This one makes calls of a few functions
//! (`app/src/view/`) out of the same text. It reads what the pages of this project use: elements,
//! texts, `{blocks}`, `name=value`, `class:name=value`, `prop:name=value` and `on:event=handler`.
//! Components are functions, called in a block.

mod element;

use proc_macro2::TokenStream;
use quote::quote;
use rstml::node::Node;
use rstml::{Parser, ParserConfig};

/// Makes a view of HTML; see the crate's description.
#[proc_macro]
pub fn view(tokens: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let config = ParserConfig::default().recover_block(true);
    let (nodes, errors) = Parser::new(config).parse_recoverable(TokenStream::from(tokens)).split_vec();
    let mut said = Vec::new();
    for error in errors {
        said.push(error.emit_as_expr_tokens());
    }
    let view = several(&nodes);
    quote! {
        {
            #[allow(unused_braces)]
            {
                #(#said;)*
                #view
            }
        }
    }
    .into()
}

fn several(nodes: &[Node]) -> TokenStream {
    let mut nodes: Vec<TokenStream> = nodes.iter().filter_map(node).collect();
    if nodes.len() == 1 {
        nodes.remove(0)
    } else {
        quote! { crate::view::Node::several(::std::vec![#(#nodes),*]) }
    }
}

/// The expression of a node; none for a comment.
fn node(node: &Node) -> Option<TokenStream> {
    Some(match node {
        Node::Comment(_) => return None,
        Node::Text(text) => {
            let text = &text.value;
            quote! { crate::view::Node::from(#text) }
        }
        Node::Block(block) => quote! { crate::view::IntoNode::into_node(#block) },
        Node::Fragment(fragment) => several(&fragment.children),
        Node::Element(element) => element::expression(element),
        Node::Doctype(other) => error(other, "no document type here: the shell writes it"),
        Node::RawText(other) => error(other, "text stands in quotation marks"),
        Node::Custom(never) => error(never, "unknown kind of node"),
    })
}

fn error(at: &impl quote::ToTokens, what: &str) -> TokenStream {
    syn::Error::new_spanned(at, what).into_compile_error()
}
