//! Any document as a key set; what is written must be read again as the same keys.
#![no_main]

use callerid::JwkSet;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(document) = std::str::from_utf8(data) else { return };
    let Ok(keys) = JwkSet::parse(document) else { return };
    if keys.keys().is_empty() {
        return;
    }
    let written = keys.to_jwk_set();
    let again = JwkSet::parse(&written).expect("what was written can be read");
    assert_eq!(again.to_jwk_set(), written);
    // Two keys of one id cannot both stand in a map.
    let _ = JwkSet::parse(&keys.to_pem_map());
});
