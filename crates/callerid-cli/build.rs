//! Puts the inspector page into the program, if `CALLERID_SITE` says where it is.

use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-env-changed=CALLERID_SITE");
    let mut list = String::from("&[");
    if let Some(site) = env::var_os("CALLERID_SITE").filter(|site| !site.is_empty()) {
        let site = Path::new(&site).canonicalize().map_err(|error| format!("CALLERID_SITE: {error}"))?;
        println!("cargo::rerun-if-changed={}", site.display());
        add(&mut list, &site, "")?;
    }
    list.push(']');
    let target = Path::new(&env::var("OUT_DIR")?).join("site.rs");
    fs::write(target, list)?;
    Ok(())
}

/// Lists the files of a folder as `(path, bytes)`; those that explain other files stay out.
fn add(list: &mut String, folder: &Path, prefix: &str) -> Result<(), Box<dyn Error>> {
    let mut entries = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            add(list, &entry.path(), &format!("{name}/"))?;
        } else if !name.ends_with(".map") {
            write!(list, "({name:?}, include_bytes!({:?})),", entry.path())?;
        }
    }
    Ok(())
}
