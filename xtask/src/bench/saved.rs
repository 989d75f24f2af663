//! Tables kept in a document between `<!-- bench:NAME -->` and `<!-- /bench:NAME -->`.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result, bail};

/// Replaces the marked table, or adds it at the end.
pub(super) fn update(path: &Path, mark: &str, table: &str) -> Result<()> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => "# Performance\n".to_owned(),
        Err(error) => return Err(error).with_context(|| path.display().to_string()),
    };
    let updated = replaced(&text, mark, table).with_context(|| format!("in {}", path.display()))?;
    fs::write(path, updated)?;
    Ok(())
}

fn replaced(text: &str, mark: &str, table: &str) -> Result<String> {
    let (open, close) = (format!("<!-- bench:{mark} -->"), format!("<!-- /bench:{mark} -->"));
    let block = format!("{open}\n{}\n{close}", table.trim_end());
    let Some((before, rest)) = text.split_once(&open) else {
        return Ok(format!("{}\n\n{block}\n", text.trim_end()));
    };
    let Some((_, after)) = rest.split_once(&close) else {
        bail!("`{open}` has no `{close}` after it");
    };
    Ok(format!("{before}{block}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_text_between_the_marks_is_replaced() {
        let text = "a\n<!-- bench:x -->\nold\n<!-- /bench:x -->\nb\n";
        assert_eq!(replaced(text, "x", "new\n").unwrap(), "a\n<!-- bench:x -->\nnew\n<!-- /bench:x -->\nb\n");
    }

    #[test]
    fn a_table_without_marks_is_added_at_the_end() {
        assert_eq!(replaced("# P\n", "x", "t").unwrap(), "# P\n\n<!-- bench:x -->\nt\n<!-- /bench:x -->\n");
    }

    #[test]
    fn an_opening_mark_alone_is_refused() {
        let error = replaced("<!-- bench:x -->\n", "x", "t").unwrap_err();
        assert!(error.to_string().contains("<!-- /bench:x -->"));
    }
}
