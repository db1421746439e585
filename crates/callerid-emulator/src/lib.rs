//! A local stand-in for Google's token services, for tests and for development without a network: the
//! metadata server, the token endpoint, IAM Credentials, the Security Token Service, and the key
//! endpoints, in Google's own shapes, statuses and headers.
//!
//! Its tokens name Google as their issuer, as clients insist on that. They are signed with keys of the
//! emulator's own, whose ids begin with [`callerid_mint::EMULATOR_KEY_ID_PREFIX`]: only who takes keys
//! from the emulator accepts them.
//!
//! ```
//! use callerid_emulator::{Config, Emulator};
//!
//! let emulator = Emulator::start(Config::default())?;
//! println!("GCE_METADATA_HOST={}", emulator.urls().metadata_host);
//! emulator.stop();
//! # Ok::<(), callerid_emulator::StartError>(())
//! ```
#![forbid(unsafe_code)]
#![allow(clippy::result_large_err, reason = "a refusal is an answer like any other, and as large")]

mod access_token;
mod api_error;
mod assertion;
mod body;
mod certificate;
mod clock;
mod config;
mod control;
mod credentials;
mod discovery;
mod emulator;
mod error;
mod faults;
mod http;
mod iam_credentials;
mod iam_policy;
mod id_token;
mod key_sets;
mod key_store;
mod keys;
mod metadata;
mod oauth;
mod orders;
mod protected;
mod proxy;
mod randomness;
mod resource_manager;
mod routes;
mod server;
mod settings;
mod state;
mod sts;
mod token_info;
mod urls;

pub use config::{Config, PROJECT_ID_DEFAULT, Protected, ProtectedKind, ServiceAccount};
pub use emulator::{Emulator, Interrupts};
pub use error::StartError;
pub use iam_policy::{Grant, OPEN_ID_TOKEN_CREATOR, TOKEN_CREATOR, WORKLOAD_IDENTITY_USER};
pub use urls::{KeyUrls, ProxyUrls, Urls};
