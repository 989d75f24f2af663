//! The style sheet: `style/main.css` and what it imports, bundled and minified.

use std::path::Path;

use anyhow::{Result, anyhow};
use lightningcss::bundler::{Bundler, FileProvider};
use lightningcss::printer::PrinterOptions;
use lightningcss::stylesheet::{MinifyOptions, ParserOptions};

/// One minified style sheet. Nothing is rewritten for older browsers: whoever can run the wasm
/// understands nesting, layers and `color-mix` as well.
pub(crate) fn bundle(main: &Path) -> Result<String> {
    let files = FileProvider::new();
    let mut bundler = Bundler::new(&files, None, ParserOptions::default());
    let mut sheet = bundler.bundle(main).map_err(|error| anyhow!("{}: {error}", main.display()))?;
    sheet.minify(MinifyOptions::default()).map_err(|error| anyhow!("{}: {error}", main.display()))?;
    let printed = sheet
        .to_css(PrinterOptions { minify: true, ..PrinterOptions::default() })
        .map_err(|error| anyhow!("{}: {error}", main.display()))?;
    Ok(printed.code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn imports_become_one_small_sheet_and_modern_css_stays() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("main.css"), "@import \"./a.css\";").unwrap();
        fs::write(
            folder.path().join("a.css"),
            ".a {\n  color: color-mix(in oklab, red, var(--x));\n  &:hover { margin-inline: 2px }\n}\n",
        )
        .unwrap();
        let css = bundle(&folder.path().join("main.css")).unwrap();
        assert_eq!(css, ".a{color:color-mix(in oklab, red, var(--x));&:hover{margin-inline:2px}}");
    }

    #[test]
    fn a_missing_import_is_named() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("main.css"), "@import \"./gone.css\";").unwrap();
        let error = bundle(&folder.path().join("main.css")).unwrap_err();
        assert!(error.to_string().contains("main.css"), "{error}");
    }
}
