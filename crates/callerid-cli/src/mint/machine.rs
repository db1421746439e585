//! Tokens of the machine's own account, from its metadata server.

use callerid_mint::exchange::{AccessToken, Circumstances, Reply, ReplyError, Request, Secret, metadata};

use super::minter::{Asker, Minter, Speaker};
use super::source::{Source, nothing_found};
use super::{environment, refused};
use crate::error::{Error, Outcome};
use crate::host::clock;
use crate::host::exchange::Trouble;

impl Minter<'_> {
    /// An ID token of the machine's account.
    pub(super) fn id_token_of_machine(&self, host: &str, audience: &str) -> Outcome<Secret> {
        let request = metadata::identity(host, audience);
        match self.look_for_metadata(&request, metadata::id_token) {
            Err(Trouble::Answer(ReplyError::Refused(refusal)))
                if refusal.status == 404 && !refusal.to_string().contains("Gaia id") =>
            {
                let email = self.email_of_machine(host)?;
                self.exchange.note(format_args!(
                    "the metadata server has no ID tokens, as in Cloud Build, so {email} speaks for itself through IAM Credentials"
                ));
                let endpoint = self.endpoint_of_machine(host)?;
                let speaker = Speaker { account: &email, delegates: &[], endpoint: &endpoint };
                self.id_token_by(&self.machine_as_asker(host, Some(&email))?, speaker, audience)
            }
            answer => answer.map_err(|trouble| self.metadata_error(&request, trouble)),
        }
    }

    /// An access token of the machine's account, with these scopes or else those of the machine.
    pub(super) fn access_token_of_machine(&self, host: &str, scopes: &[String]) -> Outcome<AccessToken> {
        let request = metadata::token(host, scopes);
        let read = |request: &Request, reply: &Reply| metadata::access_token(request, reply, clock::now());
        let answer = self.look_for_metadata(&request, read);
        answer.map_err(|trouble| self.metadata_error(&request, trouble))
    }

    /// The machine's account as one that asks for another to speak, or for itself; its address is asked for
    /// unless it is known.
    pub(super) fn machine_as_asker(&self, host: &str, email: Option<&str>) -> Outcome<Asker<'_>> {
        let word = self.access_token_of_machine(host, &[])?.token;
        let email = email.map(String::from).or_else(|| self.email_of_machine(host).ok());
        let member = email.map(|email| format!("serviceAccount:{email}"));
        Ok(Asker { word, member, quota_project: self.quota_project.as_deref() })
    }

    /// The e-mail address of the machine's account.
    pub(super) fn email_of_machine(&self, host: &str) -> Outcome<String> {
        let request = metadata::email(host);
        let email = self.look_for_metadata(&request, metadata::text);
        let email = email.map_err(|trouble| self.metadata_error(&request, trouble))?;
        if email.contains('@') {
            return Ok(email);
        }
        // GKE names the pool where no service account is bound to the Kubernetes one.
        Err(Error::rejected(
            format_args!("the machine has no service account; its metadata server names {email}"),
            "Bind one to it: gcloud iam service-accounts add-iam-policy-binding SERVICE_ACCOUNT --role=roles/iam.workloadIdentityUser --member=MEMBER.",
        ))
    }

    /// The address of the IAM Credentials API of the cloud that the machine is in.
    pub(super) fn endpoint_of_machine(&self, host: &str) -> Outcome<String> {
        if self.endpoint.is_some() || environment::universe_domain().is_some() {
            return Ok(default_endpoint());
        }
        let request = metadata::universe_domain(host);
        match self.look_for_metadata(&request, metadata::domain) {
            Ok(universe) => Ok(format!("https://iamcredentials.{universe}")),
            // Older metadata servers know of one cloud alone.
            Err(Trouble::Answer(ReplyError::Refused(refusal))) if refusal.status == 404 => {
                Ok(default_endpoint())
            }
            Err(trouble) => Err(self.metadata_error(&request, trouble)),
        }
    }

    /// Asks the metadata server, patiently only where it was chosen.
    fn look_for_metadata<T>(
        &self,
        request: &Request,
        read: impl Fn(&Request, &Reply) -> Result<T, ReplyError>,
    ) -> Result<T, Trouble> {
        if !matches!(self.source, Source::Metadata { is_chosen: false, .. }) {
            return self.exchange.ask(request, read);
        }
        let reply = self.exchange.send(request, environment::metadata_timeout())?;
        match read(request, &reply) {
            Err(error) if error.is_worth_another_try() => self.exchange.ask(request, read),
            read => read.map_err(Trouble::Answer),
        }
    }

    fn metadata_error(&self, request: &Request, trouble: Trouble) -> Error {
        let is_chosen = !matches!(self.source, Source::Metadata { is_chosen: false, .. });
        match &trouble {
            Trouble::NotReached(_) | Trouble::Answer(ReplyError::NotTheMetadataServer) if !is_chosen => {
                nothing_found("no metadata server answers")
            }
            _ => refused::error(self.exchange, request, trouble, &Circumstances::default()),
        }
    }
}

/// The address of the IAM Credentials API for those whose credentials do not say.
pub(super) fn default_endpoint() -> String {
    let universe = environment::universe_domain();
    format!("https://iamcredentials.{}", universe.as_deref().unwrap_or("googleapis.com"))
}
