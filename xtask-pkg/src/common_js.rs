//! Turns an ECMAScript module into a CommonJS one, as far as this package's own modules need it.
//!
//! They import names, each with one statement on one line, and export declarations. Anything else is refused.

/// The module as CommonJS; an error names the line that is not understood.
pub(crate) fn from_module(module: &str) -> Result<String, String> {
    let mut text = String::from("'use strict'\n");
    let mut exported = Vec::new();
    for line in module.lines() {
        let line = line.trim_end();
        let converted = match line.strip_prefix("export ") {
            Some(declaration) => {
                exported.push(declared_name(declaration).ok_or_else(|| not_understood(line))?);
                declaration.to_owned()
            }
            None if line.starts_with("import ") => require(line).ok_or_else(|| not_understood(line))?,
            None => line.to_owned(),
        };
        text.extend([&*converted, "\n"]);
    }
    for name in exported {
        text.extend(["exports.", name, " = ", name, "\n"]);
    }
    Ok(text)
}

/// `import { a, b as c } from './x.js'` or `import * as x from './x.js'`, as a call of `require`.
fn require(line: &str) -> Option<String> {
    let (names, from) = line.strip_prefix("import ")?.split_once(" from ")?;
    let from = from.trim_end_matches(';').trim_matches(['\'', '"']);
    let from = match from.strip_prefix("../dist/").or_else(|| from.strip_prefix("./")) {
        Some(file) => format!("./{}.cjs", file.strip_suffix(".js")?),
        None => from.to_owned(),
    };
    let names = match names.strip_prefix("* as ") {
        Some(name) => name.to_owned(),
        None => names.replace(" as ", ": "),
    };
    Some(format!("const {names} = require('{from}')"))
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
    use super::from_module;

    #[test]
    fn imports_become_requires_and_exports_stand_at_the_end() {
        let module = "import { a, b as c } from './x.js'\nimport * as g from '../dist/g.js'\nexport class A {\n}\nexport async function f() {}\n";
        let expected = "'use strict'\nconst { a, b: c } = require('./x.cjs')\nconst g = require('./g.cjs')\nclass A {\n}\nasync function f() {}\nexports.A = A\nexports.f = f\n";
        assert_eq!(from_module(module).as_deref(), Ok(expected));
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        assert!(from_module("export default 1\n").is_err());
        assert!(from_module("export * from './x.js'\n").is_err());
    }
}
