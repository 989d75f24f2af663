//! Where the browser finds the built files. Their names carry a hash of their content.

/// Paths of the built files; all empty in a server built without them, whose pages then work
/// without style and script.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assets {
    /// The glue of the wasm module.
    pub js: Option<String>,
    /// The wasm module.
    pub wasm: Option<String>,
    /// The style sheet.
    pub css: Option<String>,
    /// The keys and their help.
    pub keys_js: Option<String>,
    /// The command palette.
    pub palette_js: Option<String>,
    /// The icon.
    pub favicon: Option<String>,
}
