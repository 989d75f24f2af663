//! The HTML document around the app.

use crate::App;
use crate::assets::Assets;
use leptos::prelude::*;
use leptos_meta::MetaTags;

/// The whole document. `nonce` is the one of the response's Content-Security-Policy; there is no
/// inline style anywhere.
///
/// The loader is our own: the one of Leptos puts the nonce into `crossorigin`.
pub fn shell(assets: Assets, nonce: Option<String>) -> impl IntoView + 'static {
    let Assets { js, wasm, css, theme_js, favicon } = assets;
    let theme = theme_js.map(|src| view! { <script src=src nonce=nonce.clone()></script> });
    let style = css.map(|href| view! { <link rel="stylesheet" href=href /> });
    let icon = favicon.map(|href| view! { <link rel="icon" type="image/svg+xml" href=href /> });
    let scripts = js.zip(wasm).map(|(js, wasm)| scripts(js, wasm, nonce));
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                {theme}
                {style}
                {icon}
                {scripts}
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

fn scripts(js: String, wasm: String, nonce: Option<String>) -> impl IntoView {
    let loader = loader(&js, &wasm);
    view! {
        <link rel="modulepreload" href=js nonce=nonce.clone() />
        <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous" />
        <script type="module" nonce=nonce inner_html=loader></script>
    }
}

fn loader(js: &str, wasm: &str) -> String {
    format!("import init,{{hydrate}} from {js:?};init({{module_or_path:{wasm:?}}}).then(()=>hydrate())")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loader_starts_hydration_when_the_module_is_there() {
        assert_eq!(
            loader("/pkg/a.js", "/pkg/a.wasm"),
            r#"import init,{hydrate} from "/pkg/a.js";init({module_or_path:"/pkg/a.wasm"}).then(()=>hydrate())"#
        );
    }
}
