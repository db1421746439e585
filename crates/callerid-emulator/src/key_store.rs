//! Keys and their rotations on disk, for the owner's eyes only.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use callerid_mint::SigningKey;

use crate::error::StartError;
use crate::keys::Rotation;
use crate::randomness::Seed;

/// The directory that `--state` names.
#[derive(Clone)]
pub(crate) struct KeyStore {
    directory: PathBuf,
}

impl KeyStore {
    pub(crate) fn open(directory: &Path) -> Result<Self, StartError> {
        private_directory(directory)?;
        Ok(Self { directory: directory.into() })
    }

    /// The seed of the runs before, or a new one, which is then kept.
    pub(crate) fn seed(&self, wanted: Option<u64>) -> Result<Seed, StartError> {
        let path = self.directory.join("seed");
        let kept = match read(&path)? {
            Some(text) => {
                let unreadable = || StartError::Key(format!("{} holds no seed", path.display()));
                Some(Seed::from_hex(&text).ok_or_else(unreadable)?)
            }
            None => None,
        };
        let wanted = wanted.map(Seed::from_number);
        match (kept, wanted) {
            (Some(kept), Some(wanted)) if kept != wanted => Err(StartError::Key(format!(
                "the keys in {} come from another seed",
                self.directory.display()
            ))),
            (Some(kept), _) => Ok(kept),
            (None, wanted) => {
                let seed = match wanted {
                    Some(seed) => seed,
                    None => Seed::of_the_system()?,
                };
                write_private(&path, seed.to_hex().as_bytes())?;
                Ok(seed)
            }
        }
    }

    pub(crate) fn read(&self, name: &str) -> Result<Option<SigningKey>, StartError> {
        let path = self.key_file(name);
        let Some(text) = read(&path)? else { return Ok(None) };
        let key = SigningKey::from_pem(&text)
            .map_err(|error| StartError::Key(format!("{}: {error}", path.display())))?;
        Ok(Some(key))
    }

    pub(crate) fn write(&self, name: &str, key: &SigningKey) -> Result<(), StartError> {
        let pem = key.expose_private_pem().map_err(|error| StartError::Key(error.to_string()))?;
        write_private(&self.key_file(name), pem.as_bytes())
    }

    pub(crate) fn rotations(&self) -> Result<BTreeMap<String, Rotation>, StartError> {
        let path = self.directory.join("rotations.json");
        let Some(text) = read(&path)? else { return Ok(BTreeMap::new()) };
        serde_json::from_str(&text)
            .map_err(|_| StartError::Key(format!("{} is not what was written there", path.display())))
    }

    pub(crate) fn keep_rotations(&self, rotations: &BTreeMap<String, Rotation>) -> Result<(), StartError> {
        let text = serde_json::to_string(rotations).unwrap_or_default();
        write_private(&self.directory.join("rotations.json"), text.as_bytes())
    }

    /// Addresses of accounts have no character that a file's name may not have.
    fn key_file(&self, name: &str) -> PathBuf {
        self.directory.join(format!("{name}.pem"))
    }
}

fn read(path: &Path) -> Result<Option<String>, StartError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StartError::file(path, error)),
    }
}

/// Makes a directory that only its owner may look into; one that is there stays as it is.
pub(crate) fn private_directory(path: &Path) -> Result<(), StartError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(path).map_err(|error| StartError::file(path, error))
}

/// Replaces a file whole, readable by its owner alone.
pub(crate) fn write_private(path: &Path, contents: &[u8]) -> Result<(), StartError> {
    let directory = path.parent().unwrap_or_else(|| Path::new("."));
    let write = || {
        // Made with mode 0600.
        let mut file = tempfile::Builder::new().prefix(".callerid-").tempfile_in(directory)?;
        file.write_all(contents)?;
        file.persist(path)?;
        Ok(())
    };
    write().map_err(|error: io::Error| StartError::file(path, error))
}
