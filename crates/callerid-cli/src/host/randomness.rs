//! Random numbers of the operating system.

use callerid_mint::rand_core::UnwrapErr;
use getrandom::SysRng;

/// For signing, which can fail where there are none.
pub(crate) const fn source() -> SysRng {
    SysRng
}

/// For new keys, where without random numbers there is no way on.
pub(crate) const fn for_keys() -> UnwrapErr<SysRng> {
    UnwrapErr(SysRng)
}
