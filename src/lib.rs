//! Decodes and verifies the JSON Web Tokens that Google issues, and says who is calling.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

pub mod rsa_verify;
