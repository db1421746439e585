//! `cargo xtask site`: the folder to publish as the browser inspector.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::hash::{DefaultHasher, Hasher as _};
use std::path::Path;

use crate::test::Counts;
use crate::{Outcome, package};

const SITE: &str = "target/site";

/// Copies `www/` to `target/site` and the npm package beside it, all paths relative.
///
/// The module is compiled for size here: a page judges one token at a time, and is waited for.
pub(crate) fn run() -> Outcome {
    if Path::new(SITE).exists() {
        fs::remove_dir_all(SITE)?;
    }
    let site = Path::new(SITE);
    let package = site.join("callerid");
    copy(Path::new("www"), site)?;
    for part in ["browser.js", "index.d.ts", "lib"] {
        copy(&Path::new("pkg").join(part), &package.join(part))?;
    }
    package::build_into(&package.to_string_lossy(), "wasm-small")?;
    for entry in fs::read_dir(package.join("dist"))? {
        let path = entry?.path();
        if !matches!(path.extension().and_then(OsStr::to_str), Some("js" | "wasm")) {
            fs::remove_file(path)?; // for Node
        }
    }
    fs::remove_file(package.join("index.d.ts"))?; // was needed to generate the rest
    let files = files_below(site, "")?;
    let size = stamp(site, &files)?;
    println!("{SITE}: {} files, {} KiB", files.len(), size / 1024);
    Ok(())
}

/// Tries the page in a real browser, against what the npm package says in Node.
pub(crate) fn test(counts: &mut Counts) -> Outcome {
    package::build()?;
    run()?;
    package::run_node_tests("tests/browser", 1, &[], counts)
}

/// Tells the service worker which files there are, and a name for just these contents.
fn stamp(site: &Path, files: &BTreeSet<String>) -> Outcome<usize> {
    let mut hasher = DefaultHasher::new();
    let mut size = 0;
    for file in files {
        let bytes = fs::read(site.join(file))?;
        size += bytes.len();
        hasher.write(file.as_bytes());
        hasher.write(&bytes);
    }
    let is_needed = |file: &&str| *file != "sw.js" && !file.contains("/LICENSE");
    let mut kept: Vec<&str> = files.iter().map(String::as_str).filter(is_needed).collect();
    kept.push("./");
    let worker = site.join("sw.js");
    let text = fs::read_to_string(&worker)?;
    let stamped = text
        .replace("'development'", &format!("'{:016x}'", hasher.finish()))
        .replace("FILES = []", &format!("FILES = {}", serde_json::to_string(&kept)?));
    fs::write(worker, stamped)?;
    Ok(size)
}

fn copy(from: &Path, to: &Path) -> Outcome {
    if from.is_dir() {
        for entry in fs::read_dir(from)? {
            let name = entry?.file_name();
            copy(&from.join(&name), &to.join(&name))?;
        }
        return Ok(());
    }
    fs::create_dir_all(to.parent().unwrap_or(to))?;
    fs::copy(from, to).map_err(|error| format!("{}: {error}", from.display()))?;
    Ok(())
}

/// The files below a folder, by their paths from it with forward slashes.
fn files_below(folder: &Path, prefix: &str) -> Outcome<BTreeSet<String>> {
    let mut files = BTreeSet::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            files.extend(files_below(&entry.path(), &format!("{name}/"))?);
        } else {
            files.insert(name);
        }
    }
    Ok(files)
}
