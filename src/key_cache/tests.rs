//! The cache in virtual time, with many callers and an endpoint that does as it is told.

mod clock;
mod fetching;
mod flood;
mod freshness;
mod host;
mod random;
mod restoring;
