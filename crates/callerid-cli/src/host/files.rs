//! Reading files within bounds, and replacing them whole.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use tempfile::Builder;

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
    let directory =
        path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let mut builder = Builder::new();
    builder.prefix(".callerid-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // What the umask leaves of it.
        builder.permissions(std::fs::Permissions::from_mode(if is_private { 0o600 } else { 0o666 }));
    }
    #[cfg(not(unix))]
    let _ = is_private;
    let mut file = builder.tempfile_in(directory)?;
    io::copy(&mut contents, &mut file)?;
    file.persist(path)?;
    Ok(())
}
