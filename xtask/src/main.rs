//! The repository's own commands: `cargo xtask demo | test | lint | bench`.

fn main() {}
