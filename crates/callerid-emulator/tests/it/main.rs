//! One integration-test binary; each module is one family of tests.

use callerid_emulator::{Config, Emulator};

#[test]
fn starts_and_stops() {
    let emulator = Emulator::start(Config::default()).expect("an emulator");
    assert!(emulator.urls().to_json().starts_with("{\"url\":\"http://127.0.0.1:"));
    emulator.stop();
}
