//! What the pure core leaves to its host: the clock, the network, the disk, the terminal.

pub(crate) mod clock;
pub(crate) mod disk_cache;
pub(crate) mod endpoint;
pub(crate) mod exchange;
pub(crate) mod files;
pub(crate) mod http;
pub(crate) mod keys;
pub(crate) mod program;
pub(crate) mod randomness;
pub(crate) mod terminal;
pub(crate) mod token_cache;
