//! JWTs that a service account signs itself: for Identity-Aware Proxy, API Gateway, and Google's APIs.

use callerid::UnixTime;
use callerid_mint::exchange::iam_credentials;
use callerid_mint::exchange::{Credentials, Secret};
use callerid_mint::{ClaimsError, LIFETIME_MAX, ServiceAccountClaims};
use zeroize::Zeroizing;

use super::MintedToken;
use super::minter::{Asker, Minter, Speaker};
use super::source::Source;
use crate::cli::SourceFlags;
use crate::error::{Error, Outcome};
use crate::host::clock;

/// What the JWT is for.
pub(crate) enum Purpose<'a> {
    /// A receiver, by its URL.
    Audience(&'a str),
    /// Google's APIs.
    Scopes(&'a [String]),
}

impl Purpose<'_> {
    fn claims(&self, email: &str, lifetime: u32) -> Result<ServiceAccountClaims, ClaimsError> {
        match self {
            Purpose::Audience(audience) => ServiceAccountClaims::iap_jwt(email, audience),
            Purpose::Scopes(scopes) => ServiceAccountClaims::access_jwt_for_scopes(email, scopes),
        }
        .and_then(|claims| claims.with_lifetime(lifetime))
    }
}

impl Minter<'_> {
    pub(super) fn self_signed(
        &self,
        flags: &SourceFlags,
        purpose: &Purpose<'_>,
        lifetime: Option<u32>,
    ) -> Outcome<MintedToken> {
        let lifetime = lifetime.unwrap_or(LIFETIME_MAX);
        let by_api =
            |asker: &Asker<'_>, speaker: Speaker<'_>| self.signed_by_api(asker, speaker, purpose, lifetime);
        let (token, email) = match (&flags.impersonate, self.source) {
            (Some(account), _) => {
                let token = self.speaking_as(account, flags, |_, asker, speaker| by_api(asker, speaker))?;
                (token, account.clone())
            }
            (None, Source::Metadata { host, .. }) => {
                let email = self.email_of_machine(host)?;
                let endpoint = self.endpoint_of_machine(host)?;
                let speaker = Speaker { account: &email, delegates: &[], endpoint: &endpoint };
                (by_api(&self.machine_as_asker(host, Some(&email))?, speaker)?, email)
            }
            (None, Source::File { credentials, .. }) => match credentials.as_ref() {
                Credentials::ServiceAccount(key) => {
                    let email = key.client_email();
                    (self.sign(key, purpose.claims(email, lifetime))?, email.into())
                }
                _ => {
                    let (asker, speaker) = self.asker_and_speaker(credentials)?;
                    (by_api(&asker, speaker)?, speaker.account.into())
                }
            },
        };
        let expires_at = clock::now().as_seconds().saturating_add(lifetime.into());
        let token = Zeroizing::new(token.expose().into());
        Ok(MintedToken::new(token, UnixTime::from_seconds(expires_at)).with(Some(email), Vec::new()))
    }

    fn signed_by_api(
        &self,
        asker: &Asker<'_>,
        speaker: Speaker<'_>,
        purpose: &Purpose<'_>,
        lifetime: u32,
    ) -> Outcome<Secret> {
        let claims = purpose.claims(speaker.account, lifetime);
        let claims = claims.map_err(|error| Error::undecided(&error, error.hint()))?.to_claims(clock::now());
        self.let_speak(asker, speaker, |ask| ask.sign_jwt(&claims), iam_credentials::signed_jwt)
    }
}
