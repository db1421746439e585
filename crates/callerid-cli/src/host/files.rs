//! Reading files within bounds, and replacing them whole.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

use tempfile::{Builder, NamedTempFile};

/// The file's text, unless it is longer than that.
pub(crate) fn read_text(path: &Path, bytes_max: usize) -> io::Result<String> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(bytes_max).unwrap_or(u64::MAX).saturating_add(1);
    File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    if bytes.len() > bytes_max {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            format!("it is longer than {bytes_max} bytes"),
        ));
    }
    String::from_utf8(bytes)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is not text in UTF-8"))
}

/// Replaces a file whole: whoever reads it meanwhile sees the old or the new one, never a part.
pub(crate) fn replace(path: &Path, contents: &[u8], is_private: bool) -> io::Result<()> {
    replace_from(path, contents, is_private)
}

/// The same, with what a stream holds until its end.
pub(crate) fn replace_from(path: &Path, mut contents: impl Read, is_private: bool) -> io::Result<()> {
    // A device or a pipe is written to, not replaced by a file.
    if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir()) {
        return io::copy(&mut contents, &mut OpenOptions::new().write(true).open(path)?).map(drop);
    }
    let mut file = temporary_beside(path, is_private)?;
    io::copy(&mut contents, &mut file)?;
    file.persist(path)?;
    Ok(())
}

/// Makes a file readable for its owner alone; whatever is there already stays.
pub(crate) fn create_private(path: &Path, contents: &[u8]) -> io::Result<()> {
    let mut file = temporary_beside(path, true)?;
    file.write_all(contents)?;
    file.persist_noclobber(path)?;
    Ok(())
}

/// A file without a name of its own yet.
fn temporary_beside(path: &Path, is_private: bool) -> io::Result<NamedTempFile> {
    let directory =
        path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let mut builder = Builder::new();
    builder.prefix(".callerid-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // What the umask leaves of it.
        builder.permissions(fs::Permissions::from_mode(if is_private { 0o600 } else { 0o666 }));
    }
    #[cfg(not(unix))]
    let _ = is_private;
    builder.tempfile_in(directory)
}
