//! The reader on its own, by the files of JSONTestSuite.

extern crate std;

use std::eprintln;
use std::path::PathBuf;

use super::parse;

#[test]
fn json_test_suite() {
    let Some(folder) = std::env::var_os("CALLERID_CORPUS").map(PathBuf::from) else {
        eprintln!("NOT RUN: jsontestsuite, because CALLERID_CORPUS is not set");
        assert!(std::env::var_os("CI").is_none(), "CALLERID_CORPUS must be set under CI");
        return;
    };
    let mut files = 0;
    for entry in std::fs::read_dir(folder.join("jsontestsuite/test_parsing")).expect("the folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name");
        let bytes = std::fs::read(&path).expect("read");
        let parses = core::str::from_utf8(&bytes).is_ok_and(|text| parse(text).is_ok());
        // Numbers keep their digits, whatever their size; broken text and deep nesting are refused.
        let wanted = name.starts_with("y_") || name.starts_with("i_number");
        assert_eq!(parses, wanted, "{name}");
        files += 1;
    }
    assert!(files > 200, "only {files} files");
}
