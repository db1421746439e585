//! One integration-test binary; each module is one family of tests.
