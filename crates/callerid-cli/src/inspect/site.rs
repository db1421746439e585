//! The files of the page: those built into this program, or those of a folder.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use crate::error::{Error, Outcome};

/// What `build.rs` found: nothing, unless it was told where the page is.
const BUILT_IN: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/site.rs"));

const START: &str = "index.html";
/// How the page says who serves it, and how it is to be told that it is this program.
const SERVED_BY: [&str; 2] = ["data-served-by=\"host\"", "data-served-by=\"callerid\""];

const HOW_TO_BUILD: &str = "In callerid's repository, `cargo xtask dist` builds a program that has it, and `cargo xtask site` makes \
     the folder for --site.";

/// Far more than the page has.
const FILES_MAX: usize = 200;
const FILE_BYTES_MAX: u64 = 16 << 20;
const DEPTH_MAX: usize = 4;

/// Every file by its path, all in memory: no request reaches the disk.
pub(crate) struct Site(BTreeMap<String, Cow<'static, [u8]>>);

impl Site {
    /// The page that is part of this program, if it was built with it.
    pub(crate) fn built_in() -> Outcome<Self> {
        if BUILT_IN.is_empty() {
            return Err(Error::undecided("this program was built without the page", HOW_TO_BUILD));
        }
        let files = BUILT_IN.iter().map(|(path, bytes)| (String::from(*path), Cow::Borrowed(*bytes)));
        Self(files.collect()).told_who_serves().ok_or_else(|| {
            Error::undecided("the page in this program is not of its own version", HOW_TO_BUILD)
        })
    }

    /// The page of a folder.
    pub(crate) fn read(folder: &Path) -> Outcome<Self> {
        let unusable = |reason: &dyn std::fmt::Display| {
            let what = format!("the page in {} cannot be used: {reason}", folder.display());
            Error::undecided(what, HOW_TO_BUILD)
        };
        // Before anything else is read: no other folder has such a file.
        let start = fs::read(folder.join(START)).map_err(|error| unusable(&format!("{START}: {error}")))?;
        let mut site = Self(BTreeMap::from([(String::from(START), Cow::Owned(start))]));
        site.told_who_serves_mut().ok_or_else(|| unusable(&"it is not the inspector of this version"))?;
        site.add(folder, "", DEPTH_MAX).map_err(|error| unusable(&error))?;
        Ok(site)
    }

    /// The file at a path; an empty path is the page itself.
    pub(crate) fn file(&self, path: &str) -> Option<(&'static str, &[u8])> {
        let path = if path.is_empty() { START } else { path };
        Some((media_type(path)?, self.0.get(path)?))
    }

    fn add(&mut self, folder: &Path, prefix: &str, depth: usize) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
            let kind = entry.file_type()?;
            if kind.is_dir() && depth > 0 {
                self.add(&entry.path(), &format!("{path}/"), depth - 1)?;
            } else if kind.is_file() && media_type(&path).is_some() && !self.0.contains_key(&path) {
                if self.0.len() >= FILES_MAX || entry.metadata()?.len() > FILE_BYTES_MAX {
                    return Err(io::Error::other("there is more in it than the page"));
                }
                self.0.insert(path, Cow::Owned(fs::read(entry.path())?));
            }
        }
        Ok(())
    }

    fn told_who_serves(mut self) -> Option<Self> {
        self.told_who_serves_mut()?;
        Some(self)
    }

    /// Tells the page that there may be a token for it, and that keys are fetched for it.
    fn told_who_serves_mut(&mut self) -> Option<()> {
        let [nobody, us] = SERVED_BY;
        let start = self.0.get_mut(START)?;
        let text = str::from_utf8(start).ok().filter(|text| text.contains(nobody))?;
        *start = Cow::Owned(text.replacen(nobody, us, 1).into_bytes());
        Some(())
    }
}

/// The media type of what the page consists of. Nothing else is served; its service worker is not, either,
/// as there is nothing to keep of an address that is another one every time.
fn media_type(path: &str) -> Option<&'static str> {
    if path == "sw.js" {
        return None;
    }
    let (_, extension) = path.rsplit_once('.')?;
    Some(match extension {
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "wasm" => "application/wasm",
        "webmanifest" => "application/manifest+json",
        _ => return None,
    })
}
