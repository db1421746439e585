//! RSA signature verification (RFC 8017 section 8.2.2) for public values only.
