//! `cargo xtask site`: the folder to publish as the browser inspector.

use std::collections::BTreeSet;
use std::fs;
use std::hash::{DefaultHasher, Hasher as _};
use std::path::Path;

use crate::process::{built, cargo, command, run as run_command};
use crate::test::Counts;
use crate::{Outcome, package};

const SITE: &str = "target/site";
/// Tells the build script of the command line where the page is that shall be part of it.
const IN_PROGRAM: &str = "CALLERID_SITE";
/// The page's modules beside the package that they import, before they are bundled.
const SOURCE: &str = "target/site-source";

/// Builds the page into `target/site`, all paths relative.
pub(crate) fn run() -> Outcome {
    for folder in [SITE, SOURCE] {
        if Path::new(folder).exists() {
            fs::remove_dir_all(folder)?;
        }
    }
    let (site, source) = (Path::new(SITE), Path::new(SOURCE));
    let package = source.join("callerid");
    copy(Path::new("www"), source)?;
    for part in ["browser.js", "index.d.ts", "lib", "package.json"] {
        copy(&Path::new("pkg").join(part), &package.join(part))?;
    }
    package::build_for_page(&package.to_string_lossy())?;
    package::build_module("callerid-mint-wasm", &format!("{SOURCE}/mint"), "mint")?;

    run_command(command("npm", "ci --silent").current_dir("xtask/js"))?;
    run_command(&mut command("node", &format!("xtask/js/bundle.mjs {SOURCE} {SITE}")))?;
    for file in files_below(source, "")? {
        // What is bundled, what only Node reads, and what described it.
        let is_bundled = ["js/", "css/", "callerid/lib/"].iter().any(|folder| file.starts_with(folder))
            || [".js", ".cjs", ".cts", ".ts", "package.json"].iter().any(|end| file.ends_with(end));
        if !is_bundled || file == "sw.js" {
            copy(&source.join(&file), &site.join(&file))?;
        }
    }
    let files = files_below(site, "")?;
    let size = stamp(site, &files)?;
    println!("{SITE}: {} files, {} KiB", files.len(), size / 1024);
    Ok(())
}

/// Tries the page in a real browser, against what the npm package says in Node.
pub(crate) fn test(counts: &mut Counts) -> Outcome {
    package::build()?;
    run()?;
    package::run_node_tests("tests/browser", 1, &[(IN_PROGRAM, &Path::new(SITE).canonicalize()?)], counts)
}

/// Builds the command line as it is released, with the page in it.
pub(crate) fn distribute() -> Outcome {
    run()?;
    let site = Path::new(SITE).canonicalize()?;
    run_command(cargo("build --release --package callerid-cli").env(IN_PROGRAM, site))?;
    println!("{}", built(&format!("release/callerid{}", std::env::consts::EXE_SUFFIX))?);
    Ok(())
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
    let is_needed = |file: &&str| *file != "sw.js" && !file.contains("/LICENSE") && !file.ends_with(".map");
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
