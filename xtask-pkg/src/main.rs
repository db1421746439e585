//! `xtask-pkg MODULE PACKAGE`: writes what is generated of the npm package into its `dist/`.
//! `xtask-pkg MODULE FOLDER NAME`: writes a module and its glue for browsers, `NAME.wasm` and `NAME.js`.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

mod common_js;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    let outcome = match arguments.as_slice() {
        [_, module, package] => generate(Path::new(module), Path::new(package)),
        [_, module, folder, name] => bind(Path::new(module), Path::new(folder), name, name),
        _ => {
            eprintln!("usage: xtask-pkg MODULE PACKAGE\n       xtask-pkg MODULE FOLDER NAME");
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

fn generate(module: &Path, package: &Path) -> Result<(), Box<dyn Error>> {
    let dist = package.join("dist");
    if dist.exists() {
        fs::remove_dir_all(&dist)?;
    }
    fs::create_dir_all(&dist)?;

    bind(module, &dist, "glue", "callerid")?;
    let glue = fs::read_to_string(dist.join("glue.js"))?;

    // Node's `require` cannot read the modules that everyone else imports.
    fs::write(dist.join("glue.cjs"), common_js::from_module(&glue)?)?;
    for entry in fs::read_dir(package.join("lib"))? {
        let path = entry?.path();
        let (Some(name), Some("js")) = (path.file_stem(), path.extension().and_then(|it| it.to_str())) else {
            continue;
        };
        let text = common_js::from_module(&fs::read_to_string(&path)?)?;
        fs::write(dist.join(name).with_extension("cjs"), text)?;
    }
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
