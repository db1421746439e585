//! What people read. Text of a token is shown only as the core has made it fit to be shown.

mod decoded;
pub(crate) mod json;
pub(crate) mod keys;
mod page;
mod verified;

pub(crate) use self::decoded::decoded;
pub(crate) use self::verified::verified;
