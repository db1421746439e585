//! The key set of one endpoint on disk, so that the next run needs no network.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use callerid::key_cache::{CachedKeys, KeyCache};
use callerid::{KEY_SET_BYTES_MAX, UnixTime};
use etcetera::BaseStrategy;
use sha2::{Digest, Sha256};

use super::{clock, files};

/// The directory to use instead of the one that the platform has for caches.
const DIRECTORY_VARIABLE: &str = "CALLERID_CACHE_DIR";

/// First line of every file. A change of the format changes it, and old files are fetched anew.
const TITLE: &str = "callerid key set 1";

/// Bytes of a file besides the document.
const HEAD_BYTES_MAX: usize = 8_192;

/// The file that keeps one endpoint's keys.
pub(crate) struct DiskCache {
    file: PathBuf,
    url: String,
}

/// What a look at the file brought.
pub(crate) enum Kept {
    /// There are keys; the core decides whether they can be used.
    Cache(Box<KeyCache>),
    /// There is none.
    Nothing,
    /// There is one, and it cannot be used for this reason.
    Unusable(String),
}

impl DiskCache {
    /// The file for this address; `None` if the platform names no place for it.
    pub(crate) fn of(url: &str) -> Option<Self> {
        let directory = directory()?;
        let file = directory.join("keys").join(hexadecimal(&Sha256::digest(url)) + ".txt");
        Some(Self { file, url: url.into() })
    }

    /// Reads what an earlier run kept.
    pub(crate) fn read(&self) -> Kept {
        match files::read_text(&self.file, KEY_SET_BYTES_MAX.saturating_add(HEAD_BYTES_MAX)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Kept::Nothing,
            Err(error) => return Kept::Unusable(error.to_string()),
            Ok(_) if !is_only_ours(&self.file) => {
                return Kept::Unusable("others may write to it, so its keys prove nothing".into());
            }
            Ok(text) => self.parse(&text).map(Box::new),
        }
        .map_or_else(|| Kept::Unusable("it is damaged".into()), Kept::Cache)
    }

    /// Keeps a document that the core has accepted.
    pub(crate) fn write(&self, document: &str, keys: &CachedKeys) -> io::Result<()> {
        let directory = self.file.parent().unwrap_or_else(|| Path::new("."));
        make_directory(directory)?;
        let mut text = format!("{TITLE}\nurl: {}\n", self.url);
        let _ = writeln!(text, "fetched-at: {}", keys.fetched_at().as_seconds());
        let _ = writeln!(text, "expires-at: {}", keys.expires_at().as_seconds());
        let _ = write!(text, "sha256: {}\n\n{document}", hexadecimal(&Sha256::digest(document)));
        files::replace(&self.file, text.as_bytes(), true)
    }

    fn parse(&self, text: &str) -> Option<KeyCache> {
        let (head, document) = text.split_once("\n\n")?;
        let mut lines = head.lines();
        let mut field = |name: &str| lines.next()?.strip_prefix(name)?.strip_prefix(": ").map(String::from);
        let title = head.starts_with(TITLE);
        // The title has no colon, so it is skipped by itself.
        field("");
        let url = field("url")?;
        let fetched_at = UnixTime::parse(&field("fetched-at")?)?;
        let expires_at = UnixTime::parse(&field("expires-at")?)?;
        let digest = field("sha256")?;
        let is_whole = title && url == self.url && digest == hexadecimal(&Sha256::digest(document));
        is_whole.then(|| KeyCache::restore(document, fetched_at, expires_at, clock::now_millis()))?
    }
}

/// Where everything is kept; `None` if the platform names no place for it.
pub(super) fn directory() -> Option<PathBuf> {
    match env::var_os(DIRECTORY_VARIABLE).filter(|value| !value.is_empty()) {
        Some(directory) => Some(PathBuf::from(directory)),
        None => Some(etcetera::choose_base_strategy().ok()?.cache_dir().join("callerid")),
    }
}

pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Whoever may write here decides which keys are trusted.
#[cfg(unix)]
pub(super) fn make_directory(directory: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(directory)
}

#[cfg(not(unix))]
pub(super) fn make_directory(directory: &Path) -> io::Result<()> {
    fs::create_dir_all(directory)
}

/// Whether neither group nor others may write to the file or put another in its place.
#[cfg(unix)]
pub(super) fn is_only_ours(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    [Some(file), file.parent()]
        .into_iter()
        .flatten()
        .all(|path| fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o022 == 0))
}

/// Elsewhere the cache lies in the user's own profile, which the system guards.
#[cfg(not(unix))]
pub(super) fn is_only_ours(_: &Path) -> bool {
    true
}
