//! Turns ECMAScript modules into CommonJS, as far as this package's own modules need it.
//!
//! They import names, each with one statement on one line, and export declarations. Anything else is refused.

/// The module, which imports nothing, as CommonJS; an error names the line that is not understood.
pub(crate) fn from_module(module: &str) -> Result<String, String> {
    let Module { text, imported, exported } = Module::read(module)?;
    if let Some(name) = imported.first() {
        return Err(format!("nothing stands beside it that could be {name}.js"));
    }
    let exports: Vec<String> = exported.iter().map(|name| format!("exports.{name} = {name}\n")).collect();
    Ok(["'use strict'\n", &text, &exports.concat()].concat())
}

/// Modules that import from each other, by their names, as one of CommonJS that exports whatever any of them
/// does.
pub(crate) fn from_modules(modules: Vec<(String, String)>) -> Result<String, String> {
    let mut waiting = modules
        .into_iter()
        .map(|(name, text)| Ok((Module::read(&text)?, name)))
        .collect::<Result<Vec<_>, String>>()?;
    waiting.sort_by(|(_, one), (_, other)| one.cmp(other));
    let mut written: Vec<String> = Vec::new();
    let mut whole = String::from("'use strict'\n");
    while !waiting.is_empty() {
        let is_next = |(module, _): &(Module, String)| module.imported.iter().all(|it| written.contains(it));
        let next = waiting.iter().position(is_next).ok_or("modules import each other in a circle")?;
        let (Module { text, exported, .. }, name) = waiting.remove(next);
        whole += &format!(
            "const {} = (() => {{\n{text}return {{ {} }}\n}})()\n",
            object(&name),
            exported.join(", ")
        );
        written.push(name);
    }
    let all: Vec<String> = written.iter().map(|name| format!("...{}", object(name))).collect();
    Ok(whole + &format!("module.exports = {{ {} }}\n", all.join(", ")))
}

/// The object that holds what a module exports.
fn object(name: &str) -> String {
    format!("_{name}")
}

/// What a module is made of.
struct Module {
    /// Its text, with the objects of other modules in place of imports, and without the word `export`.
    text: String,
    /// The names of the modules that it imports from.
    imported: Vec<String>,
    exported: Vec<String>,
}

impl Module {
    fn read(module: &str) -> Result<Self, String> {
        let (mut text, mut imported, mut exported) = (String::new(), Vec::new(), Vec::new());
        for line in module.lines() {
            let line = line.trim_end();
            let converted = match line.strip_prefix("export ") {
                Some(declaration) => {
                    exported.push(declared_name(declaration).ok_or_else(|| not_understood(line))?.to_owned());
                    declaration.to_owned()
                }
                None if line.starts_with("import ") => {
                    let (names, from) = import(line).ok_or_else(|| not_understood(line))?;
                    imported.push(from.to_owned());
                    format!("const {} = {}", names.replace(" as ", ": "), object(from))
                }
                None => line.to_owned(),
            };
            text.extend([&*converted, "\n"]);
        }
        Ok(Self { text, imported, exported })
    }
}

/// The names and the module of `import { a, b as c } from './x.js'`.
fn import(line: &str) -> Option<(&str, &str)> {
    let (names, from) = line.strip_prefix("import ")?.split_once(" from ")?;
    let from = from.trim_end_matches(';').trim_matches(['\'', '"']);
    Some((names, from.strip_prefix("./")?.strip_suffix(".js")?)).filter(|_| names.starts_with('{'))
}

fn declared_name(declaration: &str) -> Option<&str> {
    let rest = ["async function ", "function ", "class ", "const "]
        .into_iter()
        .find_map(|keyword| declaration.strip_prefix(keyword))?;
    let is_part = |character: char| character.is_alphanumeric() || matches!(character, '_' | '$');
    let end = rest.find(|character| !is_part(character))?;
    rest.get(..end).filter(|name| !name.is_empty())
}

fn not_understood(line: &str) -> String {
    format!("cannot turn this line into CommonJS: {line}")
}

#[cfg(test)]
mod tests {
    use super::{from_module, from_modules};

    fn modules(modules: &[(&str, &str)]) -> Result<String, String> {
        from_modules(modules.iter().map(|(name, text)| (String::from(*name), String::from(*text))).collect())
    }

    #[test]
    fn exports_stand_at_the_end() {
        let module = "export class A {\n}\nexport async function f() {}\n";
        let expected = "'use strict'\nclass A {\n}\nasync function f() {}\nexports.A = A\nexports.f = f\n";
        assert_eq!(from_module(module).as_deref(), Ok(expected));
    }

    #[test]
    fn modules_follow_those_that_they_import_from() {
        let a = "import { c as d } from './b.js'\nexport function a() {}\n";
        let b = "export const c = 1\n";
        let expected = "'use strict'\n\
            const _b = (() => {\nconst c = 1\nreturn { c }\n})()\n\
            const _a = (() => {\nconst { c: d } = _b\nfunction a() {}\nreturn { a }\n})()\n\
            module.exports = { ..._b, ..._a }\n";
        assert_eq!(modules(&[("a", a), ("b", b)]).as_deref(), Ok(expected));
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for module in ["export default 1\n", "export * from './x.js'\n", "import x from './x.js'\n"] {
            assert!(from_module(module).is_err(), "{module}");
        }
        let (a, b) = ("import { b } from './b.js'\n", "import { a } from './a.js'\n");
        assert!(from_module(a).is_err());
        assert!(modules(&[("a", a)]).is_err());
        assert!(modules(&[("a", a), ("b", b)]).is_err());
        assert!(modules(&[("a", "import { b } from 'node:b'\n")]).is_err());
    }
}
