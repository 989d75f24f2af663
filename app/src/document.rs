//! The HTML document around the app.

use crate::App;
use crate::assets::Assets;
use crate::components::mark::mark;
use crate::keyboard::help_dialog;
use crate::palette::palette_dialog;
use crate::session::Session;
use leptos::prelude::*;
use leptos_meta::MetaTags;

/// Sets the chosen theme before the first paint, so that it never flashes. It stands in the document: a
/// script of its own file would hold up the parser until it comes. Storage may be forbidden.
const THEME: &str = "try{const theme=localStorage.getItem(\"windsock-theme\");\
    if(theme===\"light\"||theme===\"dark\")document.documentElement.dataset.theme=theme}catch{}";

/// The whole document. `nonce` is the one of the response's Content-Security-Policy; there is no
/// inline style anywhere.
///
/// The loader is our own: the one of Leptos puts the nonce into `crossorigin`.
pub fn shell(assets: Assets, nonce: Option<String>) -> impl IntoView + 'static {
    let session = use_context::<Session>().filter(|session| session.viewer.is_some());
    let head = head(assets.clone(), nonce.clone());
    let Assets { js, wasm, keys_js, palette_js, .. } = assets;
    let palette_js = palette_js.filter(|_| session.is_some()).map(|src| module(src, nonce.clone()));
    let keys_js = keys_js.map(|src| module(src, nonce.clone()));
    let scripts = js.zip(wasm).map(|(js, wasm)| scripts(js, wasm, nonce));
    let palette = session.map(|session| palette_dialog(&session));
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                {head}
                {scripts}
                {keys_js}
                {palette_js}
                <MetaTags />
            </head>
            <body>
                <App />
                {help_dialog()}
                {palette}
            </body>
        </html>
    }
}

/// What every page has in its head. Style sheets would hold up the theme's script, so it comes first.
fn head(assets: Assets, nonce: Option<String>) -> impl IntoView {
    let Assets { css, favicon, .. } = assets;
    let style = css.map(|href| view! { <link rel="stylesheet" href=href /> });
    let icon = favicon.map(|href| view! { <link rel="icon" type="image/svg+xml" href=href /> });
    view! {
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <script nonce=nonce inner_html=THEME></script>
        {style}
        {icon}
    }
}

/// A page that needs nothing of the app in the browser: rendered once, without the wasm module.
pub(crate) fn plain_document(
    assets: Assets,
    nonce: Option<String>,
    title: &'static str,
    content: impl FnOnce() -> AnyView,
) -> String {
    let keys_js = assets.keys_js.clone().map(|src| module(src, nonce.clone()));
    let page = || {
        view! {
            <!DOCTYPE html>
            <html lang="en">
                <head>
                    {head(assets, nonce)}
                    {keys_js}
                    <title>{format!("{title} · Windsock")}</title>
                </head>
                <body>
                    <a class="skip" href="#main">"Skip to the content"</a>
                    <header class="top-bar">{mark()}</header>
                    <main id="main" tabindex="-1">{content()}</main>
                    {help_dialog()}
                </body>
            </html>
        }
        .to_html()
    };
    Owner::new().with(page)
}

/// A script of ours that waits until the page is there.
fn module(src: String, nonce: Option<String>) -> impl IntoView {
    view! { <script type="module" src=src nonce=nonce></script> }
}

fn scripts(js: String, wasm: String, nonce: Option<String>) -> impl IntoView {
    let loader = loader(&js, &wasm);
    view! {
        <link rel="modulepreload" href=js nonce=nonce.clone() />
        <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous" />
        <script type="module" nonce=nonce inner_html=loader></script>
    }
}

/// Compiling and hydrating wait for the first frame, which they would hold up: what the server rendered
/// can be read before it answers to clicks. A page that nobody sees has no frames and does not wait.
fn loader(js: &str, wasm: &str) -> String {
    format!(
        "import init,{{hydrate}} from {js:?};\
         const go=()=>init({{module_or_path:{wasm:?}}}).then(()=>hydrate());\
         document.hidden?go():requestAnimationFrame(()=>setTimeout(go))"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loader_hydrates_after_the_first_frame_when_the_module_is_there() {
        assert_eq!(
            loader("/pkg/a.js", "/pkg/a.wasm"),
            r#"import init,{hydrate} from "/pkg/a.js";const go=()=>init({module_or_path:"/pkg/a.wasm"}).then(()=>hydrate());document.hidden?go():requestAnimationFrame(()=>setTimeout(go))"#
        );
    }
}
