//! What the pure core leaves to its host: the clock, the network, the disk, the terminal.

pub(crate) mod clock;
pub(crate) mod disk_cache;
pub(crate) mod endpoint;
pub(crate) mod files;
pub(crate) mod http;
pub(crate) mod keys;
pub(crate) mod terminal;
