//! Minting: from a source of credentials to a token.

mod development;
mod environment;
mod judge;
mod machine;
mod minted;
mod minter;
mod refused;
mod self_signed;
mod source;
mod subject_token;

use std::time::Duration;

use callerid_mint::exchange::{CLOUD_PLATFORM_SCOPE, Credentials};
pub(crate) use development::{DevelopmentToken, development_token};
pub(crate) use minted::MintedToken;
pub(crate) use self_signed::Purpose;
use zeroize::Zeroizing;

use crate::cli::SourceFlags;
use crate::error::{Error, Outcome};
use crate::host::exchange::Exchange;
use crate::host::http::Address;
use crate::host::token_cache::TokenCache;
use machine::default_endpoint;
use minter::{ACCESS_TOKEN_LIFETIME, Asker, Minter, Speaker};
use source::Source;

/// Mints an ID token for that audience, or takes one that is still good from the disk.
///
/// With `--explain` among the flags, each step is written to standard error.
///
/// # Errors
///
/// A refusal by the far side ends with exit status 1, everything else with 2; the hint says what to do.
pub(crate) fn id_token(flags: &SourceFlags, audience: &str) -> Outcome<MintedToken> {
    with_minter(flags, |minter| {
        let cache = minter.cache_of(flags, audience);
        if let Some((cache, (token, _))) = cache.as_ref().and_then(|cache| Some((cache, cache.read()?))) {
            let kept = judge::id_token(token, audience);
            if kept.warnings().is_empty() {
                minter.exchange.tell("the token was kept on disk by an earlier run");
                return Ok(kept);
            }
            cache.forget();
        }
        let token = match &flags.impersonate {
            Some(account) => minter.speaking_as(account, flags, |minter, asker, speaker| {
                minter.id_token_by(asker, speaker, audience)
            })?,
            None => match minter.source {
                Source::File { credentials, .. } => minter.id_token_of(credentials, audience)?,
                Source::Metadata { host, .. } => minter.id_token_of_machine(host, audience)?,
            },
        };
        let minted = judge::id_token(Zeroizing::new(token.expose().into()), audience);
        if let Some(cache) = cache.filter(|_| minted.warnings().is_empty()) {
            match cache.write(minted.expose(), minted.expires_at()) {
                Ok(()) => minter.exchange.tell("the token is kept on disk until it is about to expire"),
                Err(error) => {
                    minter.exchange.tell(format_args!("the token could not be kept on disk: {error}"));
                }
            }
        }
        Ok(minted)
    })
}

/// The client of the login, if the source speaks for a person: Google makes a person's ID token for it alone.
pub(crate) fn client_of_person(flags: &SourceFlags) -> Option<String> {
    let quietly = SourceFlags { explain: false, ..flags.clone() };
    let find = with_minter(&quietly, |minter| {
        Ok(match minter.source {
            Source::File { credentials, .. } => match credentials.as_ref() {
                Credentials::Person(person) => Some(person.client_id().into()),
                _ => None,
            },
            Source::Metadata { .. } => None,
        })
    });
    find.ok().flatten().filter(|_| flags.impersonate.is_none())
}

/// Mints an access token with these scopes. It is never kept on disk: it opens more than one service.
///
/// # Errors
///
/// As those of [`id_token`].
pub(crate) fn access_token(flags: &SourceFlags, scopes: &[String]) -> Outcome<MintedToken> {
    with_minter(flags, |minter| {
        let token = match &flags.impersonate {
            Some(account) => minter.speaking_as(account, flags, |minter, asker, speaker| {
                let read = callerid_mint::exchange::iam_credentials::access_token;
                minter.let_speak(asker, speaker, |ask| ask.access_token(scopes, ACCESS_TOKEN_LIFETIME), read)
            })?,
            None => match minter.source {
                Source::File { credentials, .. } => minter.access_token_of(credentials, scopes)?,
                Source::Metadata { host, .. } => minter.access_token_of_machine(host, scopes)?,
            },
        };
        let minted = MintedToken::new(Zeroizing::new(token.token.expose().into()), token.expires_at);
        let scopes_count = flags.impersonate.is_some() || !minter.source_is_a_login();
        let was_default = scopes == [CLOUD_PLATFORM_SCOPE];
        Ok(if scopes_count || was_default {
            minted
        } else {
            let warning = "the scopes of a person were chosen when logging in, and --scopes changes nothing";
            minted.with(None, vec![warning.into()])
        })
    })
}

/// Has a service account sign a JWT itself: with its key file, or through IAM Credentials.
///
/// # Errors
///
/// As those of [`id_token`].
pub(crate) fn self_signed(
    flags: &SourceFlags,
    purpose: &Purpose<'_>,
    lifetime: Option<u32>,
) -> Outcome<MintedToken> {
    with_minter(flags, |minter| minter.self_signed(flags, purpose, lifetime))
}

fn with_minter<T>(flags: &SourceFlags, work: impl FnOnce(&Minter<'_>) -> Outcome<T>) -> Outcome<T> {
    let exchange = Exchange::until(Duration::from_secs(flags.mint_timeout.into()), flags.explain);
    let source = source::find(flags, &exchange)?;
    let endpoint = environment::iam_credentials_endpoint();
    if endpoint.as_deref().is_some_and(|endpoint| Address::parse(endpoint).is_err()) {
        return Err(Error::undecided(
            "CLOUDSDK_API_ENDPOINT_OVERRIDES_IAMCREDENTIALS is neither https nor on this machine",
            "Give an https URL, or one on this machine; or unset it.",
        ));
    }
    let quota_project = environment::quota_project();
    work(&Minter { exchange: &exchange, source: &source, endpoint, quota_project })
}

impl Minter<'_> {
    fn source_is_a_login(&self) -> bool {
        let Source::File { credentials, .. } = self.source else { return false };
        matches!(credentials.as_ref(), Credentials::Person(_) | Credentials::ExternalUser(_))
    }

    /// Where a copy of the token may be kept. What a machine's account is, is known only by asking, and a
    /// home directory can be on more than one machine; besides, its metadata server keeps tokens itself.
    fn cache_of(&self, flags: &SourceFlags, audience: &str) -> Option<TokenCache> {
        let Source::File { digest, .. } = self.source else { return None };
        if flags.no_cache {
            return None;
        }
        let impersonated = flags.impersonate.as_deref().unwrap_or_default();
        let endpoint = self.endpoint.as_deref().unwrap_or_default();
        let delegates = flags.delegates.join(",");
        TokenCache::of(&["id", audience, digest, impersonated, &delegates, endpoint])
    }

    /// Lets the account speak that `--impersonate` names.
    fn speaking_as<T>(
        &self,
        account: &str,
        flags: &SourceFlags,
        work: impl FnOnce(&Self, &Asker<'_>, Speaker<'_>) -> Outcome<T>,
    ) -> Outcome<T> {
        let all = std::iter::once(account).chain(flags.delegates.iter().map(String::as_str));
        for name in all {
            if name.is_empty() || name.contains(|character: char| "/:?#% \t".contains(character)) {
                return Err(Error::undecided(
                    "--impersonate or --delegates names something that is no service account",
                    "Give addresses such as NAME@PROJECT.iam.gserviceaccount.com; gcloud iam service-accounts list shows them.",
                ));
            }
        }
        let endpoint = self.endpoint_of_source()?;
        let speaker = Speaker { account, delegates: &flags.delegates, endpoint: &endpoint };
        match self.source {
            Source::File { credentials, .. } => work(self, &self.asker(credentials)?, speaker),
            Source::Metadata { host, .. } => work(self, &self.machine_as_asker(host, None)?, speaker),
        }
    }

    /// The address of the IAM Credentials API that belongs to the source.
    fn endpoint_of_source(&self) -> Outcome<String> {
        let credentials = match self.source {
            Source::File { credentials, .. } => credentials,
            Source::Metadata { host, .. } => return self.endpoint_of_machine(host),
        };
        Ok(match credentials.as_ref() {
            Credentials::ServiceAccount(key) => format!("https://iamcredentials.{}", key.universe_domain()),
            Credentials::Impersonated(account) => account.endpoint().into(),
            Credentials::External(external) => {
                external.impersonation().map_or_else(default_endpoint, |(endpoint, _)| endpoint.into())
            }
            Credentials::Person(_) | Credentials::ExternalUser(_) => default_endpoint(),
        })
    }
}
