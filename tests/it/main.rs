//! One integration-test binary; each module is one family of tests.

mod caching_verifier;
mod codes;
mod corpus;
mod exceptions;
mod generate;
mod judged;
mod laws;
mod rsa_verify;
mod rsa_verify_corpus;
mod rsa_verify_forgeries;
mod support;
mod vectors;
