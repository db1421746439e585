//! `xtask-pkg package PACKAGE WHOLE [VERIFYING]`: writes what is generated of the npm package into its
//! `dist/`, around the whole module and, where it is given, its part that verifies.
//! `xtask-pkg bind MODULE FOLDER NAME`: writes a module and its glue for browsers, `NAME.wasm` and
//! `NAME.js`.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

mod common_js;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    let arguments: Vec<&str> = arguments.iter().skip(1).map(String::as_str).collect();
    let outcome = match arguments.as_slice() {
        ["package", package, whole] => generate(Path::new(package), whole, None),
        ["package", package, whole, verifying] => generate(Path::new(package), whole, Some(verifying)),
        ["bind", module, folder, name] => bind(Path::new(module), Path::new(folder), name, name),
        _ => {
            eprintln!("usage: xtask-pkg package PACKAGE WHOLE [VERIFYING]");
            eprintln!("       xtask-pkg bind MODULE FOLDER NAME");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask-pkg: {error}");
            ExitCode::FAILURE
        }
    }
}

fn generate(package: &Path, whole: &str, verifying: Option<&str>) -> Result<(), Box<dyn Error>> {
    let dist = package.join("dist");
    if dist.exists() {
        fs::remove_dir_all(&dist)?;
    }
    fs::create_dir_all(&dist)?;

    bind(Path::new(whole), &dist, "glue", "callerid")?;
    if let Some(verifying) = verifying {
        bind(Path::new(verifying), &dist, "verifying", "verifying")?;
    }
    // Node's `require` cannot read the modules that everyone else imports.
    for glue in ["glue", "verifying"].into_iter().take(1 + usize::from(verifying.is_some())) {
        let module = fs::read_to_string(dist.join(glue).with_extension("js"))?;
        fs::write(dist.join(glue).with_extension("cjs"), common_js::from_module(&module)?)?;
    }
    let mut modules = Vec::new();
    for entry in fs::read_dir(package.join("lib"))? {
        let path = entry?.path();
        if let (Some(name), Some("js")) =
            (path.file_stem().and_then(|it| it.to_str()), path.extension().and_then(|it| it.to_str()))
        {
            modules.push((name.to_owned(), fs::read_to_string(&path)?));
        }
    }
    // One file, since each costs every cold start some of its time.
    fs::write(dist.join("lib.cjs"), common_js::from_modules(modules)?)?;
    // What stands once in the repository stands in every package.
    fs::copy(package.join("index.d.ts"), dist.join("index.d.cts"))?;
    for license in ["LICENSE-APACHE", "LICENSE-MIT"] {
        fs::copy(license, package.join(license))?;
    }
    Ok(())
}

/// Writes `GLUE.js` and `NAME.wasm`, which imports `./GLUE_bg.js`.
fn bind(module: &Path, folder: &Path, glue: &str, name: &str) -> Result<(), Box<dyn Error>> {
    // Glue for bundlers is the only kind that leaves it to us to load the module.
    Bindgen::new()
        .input_path(module)
        .out_name(glue)
        .bundler(true)?
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(folder)?;
    let file = |end: &str| folder.join(format!("{glue}{end}"));
    fs::remove_file(file(".js"))?; // it only loads
    fs::rename(file("_bg.wasm"), folder.join(format!("{name}.wasm")))?;
    fs::rename(file("_bg.js"), file(".js"))?;
    Ok(())
}
