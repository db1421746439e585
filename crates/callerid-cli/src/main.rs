//! callerid in the terminal.

fn main() {}
