//! What of wasm-bindgen's output no browser needs, in the module and in its JavaScript glue.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use anyhow::{Result, bail};
use walrus::Module;

/// Classes that a crate exports wherever it is linked, and that are made by nobody here: streams out
/// of Rust, which the client of Leptos's server functions could send.
const UNUSED_CLASSES: [&str; 3] = ["IntoUnderlyingByteSource", "IntoUnderlyingSink", "IntoUnderlyingSource"];

/// Takes these classes out, with all that only they need.
pub(super) fn drop_unused_classes(module: &mut Module, javascript: &mut String) -> Result<()> {
    for class in UNUSED_CLASSES {
        let functions = ["", "__wbg_"].map(|before| format!("{before}{}_", class.to_lowercase()));
        let is_of_it = |name: &str| functions.iter().any(|start| name.starts_with(start.as_str()));
        let exports = module.exports.iter().filter(|export| is_of_it(&export.name));
        for export in exports.map(walrus::Export::id).collect::<Vec<_>>() {
            module.exports.delete(export);
        }
        without_class(javascript, class)?;
    }
    let before = import_names(module);
    walrus::passes::gc::run(module);
    for import in before.difference(&import_names(module)) {
        cut_braces(javascript, &format!("        {import}: function("));
    }
    Ok(())
}

fn import_names(module: &Module) -> BTreeSet<String> {
    module.imports.iter().map(|import| import.name.clone()).collect()
}

/// Fails where the class is named by something else, which would need it.
fn without_class(javascript: &mut String, class: &str) -> Result<()> {
    cut_braces(javascript, &format!("export class {class} {{\n"));
    cut_statement(javascript, &format!("if (Symbol.dispose) {class}."));
    cut_statement(javascript, &format!("const {class}Finalization = "));
    if javascript.contains(class) {
        bail!("the glue uses the class {class}, which was to be left out as unused");
    }
    Ok(())
}

/// Takes out what begins so and ends with its line, if it is there.
fn cut_statement(text: &mut String, start: &str) {
    if let Some(from) = text.find(start)
        && let Some(length) = text[from..].find(";\n")
    {
        text.replace_range(from..from + length + 2, "");
    }
}

/// Takes out what begins so, up to the line in which all its braces are closed, if it is there.
fn cut_braces(text: &mut String, start: &str) {
    let Some(from) = text.find(start) else { return };
    let (mut to, mut open) = (from, 0_usize);
    for line in text[from..].split_inclusive('\n') {
        open = (open + line.matches('{').count()).saturating_sub(line.matches('}').count());
        to += line.len();
        if open == 0 {
            text.replace_range(from..to, "");
            return;
        }
    }
}

/// In the names of exports that call a closure of Rust.
const CALLS_A_CLOSURE: &str = "__invoke__";

/// Names the wasm's imports and closures by number, in it and in the glue: each name ends with a
/// random-looking number, which does not compress.
pub(super) fn shorten_names(module: &mut Module, javascript: &mut String) {
    shorten_imports(module.imports.iter_mut().map(|import| &mut import.name), javascript);
    let exports = module.exports.iter_mut().map(|export| &mut export.name);
    shorten_closures(exports.filter(|name| name.contains(CALLS_A_CLOSURE)), javascript);
}

/// A name that the glue has twice stays.
fn shorten_imports<'a>(names: impl Iterator<Item = &'a mut String>, javascript: &mut String) {
    for (number, name) in names.enumerate() {
        if javascript.matches(name.as_str()).count() == 1 {
            let short = format!("i{number}");
            *javascript = javascript.replace(name.as_str(), &short);
            *name = short;
        }
    }
}

fn shorten_closures<'a>(names: impl Iterator<Item = &'a mut String>, javascript: &mut String) {
    let mut names: Vec<&mut String> = names.collect();
    // One may be the beginning of another.
    names.sort_by_key(|name| Reverse(name.len()));
    for (number, name) in names.into_iter().enumerate() {
        let short = format!("invoke{number}");
        *javascript = javascript.replace(name.as_str(), &short);
        *name = short;
    }
}

/// A script without indentation and without lines that only comment.
pub(crate) fn without_comments(javascript: &str) -> String {
    let lines = javascript.lines().map(str::trim_start);
    lines.filter(|line| !["//", "/*", "*"].iter().any(|start| line.starts_with(start))).fold(
        String::with_capacity(javascript.len()),
        |mut text, line| {
            text.push_str(line);
            text.push('\n');
            text
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const WITH_A_CLASS: &str = "/**\n * A sink.\n */\nexport class Sink {\n    free() {\n        if (a) {}\n    }\n}\nif (Symbol.dispose) Sink.prototype[Symbol.dispose] = Sink.prototype.free;\nkept();\nconst SinkFinalization = (typeof F === 'undefined')\n    ? { register: () => {} }\n    : new F(ptr => wasm.free(ptr, 1));\nalso();\n";

    #[test]
    fn a_class_goes_with_all_that_belongs_to_it() {
        let mut glue = WITH_A_CLASS.to_owned();
        without_class(&mut glue, "Sink").unwrap();
        assert_eq!(glue, "/**\n * A sink.\n */\nkept();\nalso();\n");
    }

    #[test]
    fn a_class_that_something_else_uses_is_not_left_out_in_silence() {
        let mut glue = format!("{WITH_A_CLASS}new Sink();\n");
        assert!(without_class(&mut glue, "Sink").unwrap_err().to_string().contains("Sink"));
    }

    #[test]
    fn a_class_that_is_not_there_is_not_missed() {
        let mut glue = "kept();\n".to_owned();
        without_class(&mut glue, "Sink").unwrap();
        assert_eq!(glue, "kept();\n");
    }

    #[test]
    fn the_exports_of_unused_classes_leave_the_module() {
        let mut module = Module::default();
        for name in ["intounderlyingsink_close", "__wbg_intounderlyingsink_free", "hydrate"] {
            let mut function = walrus::FunctionBuilder::new(&mut module.types, &[], &[]);
            function.func_body();
            let function = function.finish(Vec::new(), &mut module.funcs);
            module.exports.add(name, function);
        }
        drop_unused_classes(&mut module, &mut String::new()).unwrap();
        let left: Vec<&str> = module.exports.iter().map(|export| export.name.as_str()).collect();
        assert_eq!((left, module.funcs.iter().count()), (vec!["hydrate"], 1));
    }

    #[test]
    fn an_import_that_only_an_unused_class_needs_leaves_the_glue() {
        let mut module = Module::default();
        let unit = module.types.add(&[], &[]);
        let mut function = walrus::FunctionBuilder::new(&mut module.types, &[], &[]);
        for import in ["__wbg_ask", "__wbg_try"] {
            let (import, _) = module.add_import_func("from", import, unit);
            function.func_body().call(import);
        }
        let function = function.finish(Vec::new(), &mut module.funcs);
        module.exports.add("intounderlyingsource_pull", function);
        let mut glue = [
            "    const import0 = {",
            "        __wbg_ask: function(a) {",
            "            return {",
            "            };",
            "        },",
            "        __wbg_try: function() { return handleError(function (a) {",
            "            b();",
            "        }, arguments); },",
            "        __wbg_tell: function(a) {",
            "        },",
            "    };\n",
        ]
        .join("\n");
        drop_unused_classes(&mut module, &mut glue).unwrap();
        let left = ["    const import0 = {", "        __wbg_tell: function(a) {", "        },", "    };\n"];
        assert_eq!(glue, left.join("\n"));
    }

    #[test]
    fn the_glue_keeps_its_code_and_loses_its_comments() {
        let glue = "/**\n * Says so.\n */\nfunction f() {\n    // once\n    g(2 * 3); // kept\n}\n";
        assert_eq!(without_comments(glue), "function f() {\ng(2 * 3); // kept\n}\n");
    }

    #[test]
    fn an_import_has_the_same_short_name_in_the_wasm_and_in_the_glue() {
        let mut names = ["__wbg_body_1f2e".to_owned(), "__wbg_log_3c4d".to_owned()];
        let mut glue = "{ __wbg_body_1f2e: f, __wbg_log_3c4d: g } __wbg_log_3c4d".to_owned();
        shorten_imports(names.iter_mut(), &mut glue);
        assert_eq!(names, ["i0", "__wbg_log_3c4d"]);
        assert_eq!(glue, "{ i0: f, __wbg_log_3c4d: g } __wbg_log_3c4d");
    }

    #[test]
    fn a_closure_has_a_short_name_wherever_it_is_called() {
        let mut names = ["a__invoke__h1".to_owned(), "a__invoke__h1_14".to_owned()];
        let mut glue = "f(a__invoke__h1); wasm.a__invoke__h1_14(); wasm.a__invoke__h1();".to_owned();
        shorten_closures(names.iter_mut(), &mut glue);
        assert_eq!(names, ["invoke1", "invoke0"]);
        assert_eq!(glue, "f(invoke1); wasm.invoke0(); wasm.invoke1();");
    }
}
