//! ID tokens on disk, for as long as they are good, readable for their owner alone.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use callerid::{TOKEN_BYTES_MAX, UnixTime};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::disk_cache::{directory, hexadecimal, is_only_ours, make_directory};
use super::{clock, files};

/// First line of every file. A change of the format changes it, and old files count for nothing.
const TITLE: &str = "callerid token 1";

/// Seconds before its expiry from which on a token is not handed out any more. The metadata server has no
/// newer one earlier, and it is long enough for a request under way.
const MARGIN: i64 = 225;

/// The file that keeps one token.
pub(crate) struct TokenCache {
    file: PathBuf,
}

impl TokenCache {
    /// The file for a token that is described by these texts: its source, its audience.
    pub(crate) fn of(description: &[&str]) -> Option<Self> {
        let mut digest = Sha256::new();
        for text in description {
            digest.update(text.len().to_be_bytes());
            digest.update(text);
        }
        let name = hexadecimal(&digest.finalize()) + ".txt";
        Some(Self { file: directory()?.join("tokens").join(name) })
    }

    /// A token that an earlier run kept and that is still good.
    pub(crate) fn read(&self) -> Option<(Zeroizing<String>, UnixTime)> {
        let text = Zeroizing::new(files::read_text(&self.file, TOKEN_BYTES_MAX.saturating_add(256)).ok()?);
        if !is_only_ours(&self.file) || !is_secret(&self.file) {
            return None;
        }
        let mut lines = text.lines();
        if lines.next() != Some(TITLE) {
            return None;
        }
        let expires_at = UnixTime::parse(lines.next()?.strip_prefix("expires-at: ")?)?;
        let token = lines.next()?;
        is_good(expires_at).then(|| (Zeroizing::new(token.into()), expires_at))
    }

    /// Keeps a token, unless it is about to expire.
    pub(crate) fn write(&self, token: &str, expires_at: UnixTime) -> io::Result<()> {
        if !is_good(expires_at) {
            return Ok(());
        }
        make_directory(self.file.parent().unwrap_or_else(|| Path::new(".")))?;
        let text = Zeroizing::new(format!("{TITLE}\nexpires-at: {}\n{token}\n", expires_at.as_seconds()));
        files::replace(&self.file, text.as_bytes(), true)
    }

    /// Takes a token away that turned out to be none.
    pub(crate) fn forget(&self) {
        let _ = fs::remove_file(&self.file);
    }
}

fn is_good(expires_at: UnixTime) -> bool {
    expires_at.as_seconds() > clock::now().as_seconds().saturating_add(MARGIN)
}

/// Whether nobody else may read the file.
#[cfg(unix)]
fn is_secret(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(file).is_ok_and(|metadata| metadata.permissions().mode() & 0o077 == 0)
}

/// Elsewhere the cache lies in the user's own profile, which the system guards.
#[cfg(not(unix))]
fn is_secret(_: &Path) -> bool {
    true
}
