//! From credentials to tokens, by the requests that lead there.

use callerid::UnixTime;
use callerid_mint::exchange::iam_credentials::{self, Impersonation};
use callerid_mint::exchange::{
    AccessToken, CLOUD_PLATFORM_SCOPE, Circumstances, Credentials, ExternalAccount, Person, Reply,
    ReplyError, Request, Secret, sts, token_endpoint,
};
use callerid_mint::{ClaimsError, ServiceAccountClaims, ServiceAccountKey};

use super::source::Source;
use super::{refused, subject_token};
use crate::error::{Error, Outcome};
use crate::host::exchange::Exchange;
use crate::host::{clock, randomness};

/// What a key file needs to open the IAM Credentials API, and nothing else.
const IAM_SCOPE: &str = "https://www.googleapis.com/auth/iam";

/// Seconds that an access token lives.
pub(super) const ACCESS_TOKEN_LIFETIME: u32 = 3_600;

/// Sends what has to be sent for a token.
pub(super) struct Minter<'a> {
    pub(super) exchange: &'a Exchange,
    pub(super) source: &'a Source,
    /// The address of the IAM Credentials API, if the environment names another one.
    pub(super) endpoint: Option<String>,
    /// The project that pays, if the environment names one.
    pub(super) quota_project: Option<String>,
}

/// A service account that is to speak on somebody's word.
#[derive(Clone, Copy)]
pub(super) struct Speaker<'a> {
    pub(super) account: &'a str,
    pub(super) delegates: &'a [String],
    /// The address of the IAM Credentials API.
    pub(super) endpoint: &'a str,
}

/// Whoever asks for another to speak.
pub(super) struct Asker<'a> {
    /// The access token that opens the IAM Credentials API.
    pub(super) word: Secret,
    /// How an IAM policy names the one who asks.
    pub(super) member: Option<String>,
    pub(super) quota_project: Option<&'a str>,
}

impl Minter<'_> {
    /// An access token of these credentials.
    pub(super) fn access_token_of(
        &self,
        credentials: &Credentials,
        scopes: &[String],
    ) -> Outcome<AccessToken> {
        let read =
            |request: &Request, reply: &Reply| token_endpoint::access_token(request, reply, clock::now());
        let unknown = Circumstances::default();
        match credentials {
            Credentials::ServiceAccount(key) => self.access_token_of_key(key, scopes),
            Credentials::Person(person) => self.ask(&token_endpoint::refresh(person), &unknown, read),
            Credentials::ExternalUser(user) => {
                self.ask(&token_endpoint::refresh_external(user), &unknown, read)
            }
            Credentials::External(external) if external.impersonation().is_none() => {
                self.federated(external, &scopes.join(" "))
            }
            Credentials::External(_) | Credentials::Impersonated(_) => {
                let (asker, speaker) = self.asker_and_speaker(credentials)?;
                let lifetime = match credentials {
                    Credentials::External(external) => external.lifetime(),
                    _ => None,
                };
                let lifetime = lifetime.unwrap_or(ACCESS_TOKEN_LIFETIME);
                let make = |ask: &Impersonation<'_>| ask.access_token(scopes, lifetime);
                self.let_speak(&asker, speaker, make, iam_credentials::access_token)
            }
        }
    }

    fn access_token_of_key(&self, key: &ServiceAccountKey, scopes: &[String]) -> Outcome<AccessToken> {
        let email = key.client_email();
        if !key.is_in_default_universe() {
            // Other clouds have no token endpoint; there the account's own word is an access token.
            let token = self.sign(key, ServiceAccountClaims::access_jwt_for_scopes(email, scopes))?;
            let expires_at = clock::now().as_seconds().saturating_add(ACCESS_TOKEN_LIFETIME.into());
            return Ok(AccessToken { token, expires_at: UnixTime::from_seconds(expires_at) });
        }
        let assertion = self.sign(key, ServiceAccountClaims::access_token_assertion(email, scopes))?;
        let request = token_endpoint::exchange(key.token_uri(), &assertion);
        self.ask(&request, &circumstances_of(key), |request, reply| {
            token_endpoint::access_token(request, reply, clock::now())
        })
    }

    /// An ID token of these credentials.
    pub(super) fn id_token_of(&self, credentials: &Credentials, audience: &str) -> Outcome<Secret> {
        match credentials {
            Credentials::ServiceAccount(key) if key.is_in_default_universe() => {
                let claims = ServiceAccountClaims::id_token_assertion(key.client_email(), audience);
                let request = token_endpoint::exchange(key.token_uri(), &self.sign(key, claims)?);
                let circumstances = Circumstances { audience: Some(audience), ..circumstances_of(key) };
                self.ask(&request, &circumstances, token_endpoint::id_token)
            }
            Credentials::ServiceAccount(key) => {
                let endpoint = format!("https://iamcredentials.{}", key.universe_domain());
                let speaker = Speaker { account: key.client_email(), delegates: &[], endpoint: &endpoint };
                self.id_token_by(&self.asker(credentials)?, speaker, audience)
            }
            Credentials::Person(person) if person.client_id() == audience => {
                let circumstances = Circumstances { audience: Some(audience), ..Circumstances::default() };
                self.ask(&token_endpoint::refresh(person), &circumstances, token_endpoint::id_token)
            }
            Credentials::Person(person) => Err(person_has_none(person, audience)),
            Credentials::External(external) if external.impersonation().is_none() => {
                Err(federated_has_none(credentials))
            }
            Credentials::External(_) | Credentials::Impersonated(_) => {
                let (asker, speaker) = self.asker_and_speaker(credentials)?;
                self.id_token_by(&asker, speaker, audience)
            }
            Credentials::ExternalUser(_) => Err(federated_has_none(credentials)),
        }
    }

    /// An ID token of an account that speaks on somebody's word.
    pub(super) fn id_token_by(
        &self,
        asker: &Asker<'_>,
        speaker: Speaker<'_>,
        audience: &str,
    ) -> Outcome<Secret> {
        self.let_speak(asker, speaker, |ask| ask.id_token(audience), iam_credentials::id_token)
    }

    /// Credentials as one who asks for another to speak.
    pub(super) fn asker<'c>(&'c self, credentials: &'c Credentials) -> Outcome<Asker<'c>> {
        let is_key = matches!(credentials, Credentials::ServiceAccount(_));
        let scope = if is_key { IAM_SCOPE } else { CLOUD_PLATFORM_SCOPE };
        Ok(Asker {
            word: self.access_token_of(credentials, &[scope.into()])?.token,
            member: member(credentials),
            quota_project: self.quota_project.as_deref().or_else(|| credentials.quota_project()),
        })
    }

    /// Credentials that let an account speak, taken apart.
    pub(super) fn asker_and_speaker<'c>(
        &'c self,
        credentials: &'c Credentials,
    ) -> Outcome<(Asker<'c>, Speaker<'c>)> {
        match credentials {
            Credentials::Impersonated(account) => {
                let (account_name, delegates) = (account.account(), account.delegates());
                let speaker = Speaker { account: account_name, delegates, endpoint: account.endpoint() };
                let asker = self.asker(account.source())?;
                let quota_project = asker.quota_project.or_else(|| credentials.quota_project());
                Ok((Asker { quota_project, ..asker }, speaker))
            }
            Credentials::External(external) => {
                let (endpoint, account) =
                    external.impersonation().ok_or_else(|| federated_has_none(credentials))?;
                let asker = Asker {
                    word: self.federated(external, CLOUD_PLATFORM_SCOPE)?.token,
                    member: member(credentials),
                    quota_project: self.quota_project.as_deref().or_else(|| credentials.quota_project()),
                };
                Ok((asker, Speaker { account, delegates: &[], endpoint }))
            }
            _ => Err(federated_has_none(credentials)),
        }
    }

    /// Has the IAM Credentials API do something in the name of an account.
    pub(super) fn let_speak<T>(
        &self,
        asker: &Asker<'_>,
        speaker: Speaker<'_>,
        make: impl FnOnce(&Impersonation<'_>) -> Request,
        read: fn(&Request, &Reply) -> Result<T, ReplyError>,
    ) -> Outcome<T> {
        self.exchange.tell(format_args!("{} is to speak, through IAM Credentials", speaker.account));
        let request = make(&Impersonation {
            endpoint: self.endpoint.as_deref().unwrap_or(speaker.endpoint),
            account: speaker.account,
            delegates: speaker.delegates,
            access_token: &asker.word,
            quota_project: asker.quota_project,
        });
        let circumstances = Circumstances {
            account: Some(speaker.account),
            member: asker.member.as_deref(),
            ..Circumstances::default()
        };
        self.ask(&request, &circumstances, read)
    }

    /// The token of a federated identity, exchanged for an access token.
    fn federated(&self, external: &ExternalAccount, scope: &str) -> Outcome<AccessToken> {
        let subject_token = subject_token::obtain(external, self.exchange)?;
        let request = sts::exchange(external, &subject_token, scope);
        self.ask(&request, &Circumstances::default(), |request, reply| {
            sts::access_token(request, reply, clock::now())
        })
    }

    /// Signs what an account says of itself with its key file.
    pub(super) fn sign(
        &self,
        key: &ServiceAccountKey,
        claims: Result<ServiceAccountClaims, ClaimsError>,
    ) -> Outcome<Secret> {
        let claims = claims.map_err(|error| Error::undecided(&error, error.hint()))?;
        self.exchange.tell(format_args!(
            "the key {} of {} signs in this process",
            key.private_key_id(),
            key.client_email()
        ));
        let signed = key.sign(&claims, clock::now(), &mut randomness::source());
        signed.map(Secret::from).map_err(|error| Error::undecided(&error, error.hint()))
    }

    pub(super) fn ask<T>(
        &self,
        request: &Request,
        circumstances: &Circumstances<'_>,
        read: impl Fn(&Request, &Reply) -> Result<T, ReplyError>,
    ) -> Outcome<T> {
        let asked = self.exchange.ask(request, read);
        asked.map_err(|trouble| refused::error(self.exchange, request, trouble, circumstances))
    }
}

fn circumstances_of(key: &ServiceAccountKey) -> Circumstances<'_> {
    Circumstances {
        account: Some(key.client_email()),
        key_id: Some(key.private_key_id()),
        ..Circumstances::default()
    }
}

/// How an IAM policy names whoever has these credentials.
fn member(credentials: &Credentials) -> Option<String> {
    match credentials {
        Credentials::ServiceAccount(key) => Some(format!("serviceAccount:{}", key.client_email())),
        Credentials::Impersonated(account) => Some(format!("serviceAccount:{}", account.account())),
        // Everybody whom the pool vouches for; a narrower member is better, and only its owner knows it.
        Credentials::External(external) => {
            let (pool, _) = external.audience().split_once("/providers/")?;
            Some(format!("principalSet:{pool}/*"))
        }
        Credentials::Person(_) => Some("user:YOUR_ADDRESS".into()),
        Credentials::ExternalUser(_) => None,
    }
}

fn person_has_none(person: &Person, audience: &str) -> Error {
    Error::undecided(
        format_args!(
            "these are the credentials of a person, and Google makes a person's ID token only for {}, the client of the login",
            person.client_id()
        ),
        format_args!(
            "Let a service account speak: callerid mint --audience {audience} --impersonate SERVICE_ACCOUNT, or once for all gcloud auth application-default login --impersonate-service-account=SERVICE_ACCOUNT."
        ),
    )
}

fn federated_has_none(credentials: &Credentials) -> Error {
    Error::undecided(
        format_args!(
            "credentials of the type {} have no token of their own of this kind: no service account is to speak",
            credentials.type_name()
        ),
        "Name one with --impersonate SERVICE_ACCOUNT, or make the file anew: gcloud iam workload-identity-pools create-cred-config … --service-account=SERVICE_ACCOUNT.",
    )
}
