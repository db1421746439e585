//! What the command line says: one file per case, with arguments, input, output and exit status.
//!
//! `TRYCMD=overwrite cargo test -p callerid-cli --test cmd` writes what it says now into the cases.

#[test]
fn says_what_the_cases_say() {
    let nowhere = concat!(env!("CARGO_TARGET_TMPDIR"), "/no-keys-kept-here");
    trycmd::TestCases::new()
        .case("tests/cmd/*.toml")
        .env("CALLERID_CACHE_DIR", nowhere)
        .env("LC_ALL", "C.UTF-8")
        .run();
}
