//! Identities of other clouds, CI systems and companies (workload and workforce identity federation).

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::FarSide;
use super::credentials::{
    IMPERSONATION_URL, check_googles, impersonation, optional, optional_secret, required,
};
use super::credentials_error::CredentialsError;
use super::reply::{ReplyError, form_of};
use super::request::Request;
use super::secret::Secret;
use crate::error::KeyFileError;
use crate::json::{self, Object};
use crate::url::Url;

/// A federated identity: where its token comes from, and what it becomes.
#[derive(Clone, Debug)]
pub struct ExternalAccount {
    pub(crate) audience: String,
    pub(crate) subject_token_type: String,
    pub(crate) token_url: String,
    pub(crate) client: Option<(String, Secret)>,
    pub(crate) workforce_pool_user_project: Option<String>,
    impersonation: Option<(String, String)>,
    lifetime: Option<u32>,
    source: SubjectTokenSource,
    quota_project: Option<String>,
}

/// Where the token of the federated identity comes from.
#[derive(Clone, Debug)]
pub enum SubjectTokenSource {
    /// A file that somebody keeps fresh.
    File {
        /// Its path.
        path: String,
        /// How the token stands in it.
        format: SubjectTokenFormat,
    },
    /// An address that answers with it.
    Url {
        /// The address: https, this machine, or the metadata server of the machine.
        url: String,
        /// Header fields to send.
        fields: Vec<(String, Secret)>,
        /// How the token stands in the answer.
        format: SubjectTokenFormat,
    },
    /// A program that prints it.
    Executable {
        /// The command line.
        command: String,
        /// How long it may take.
        timeout_millis: u64,
        /// Where it may have left an answer that is still good.
        output_file: Option<String>,
    },
    /// The machine's role at Amazon.
    Aws(AwsSource),
}

/// Where the role and region of a machine at Amazon are to be had.
#[derive(Clone, Debug)]
pub struct AwsSource {
    /// Answers with the zone.
    pub region_url: Option<String>,
    /// Answers with the role, and below it with its credentials.
    pub url: Option<String>,
    /// The request that is signed, with `{region}` in it.
    pub verification_url: String,
    /// Answers with a session's token (IMDSv2).
    pub session_token_url: Option<String>,
}

/// How a token stands in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubjectTokenFormat {
    /// It is the text.
    Text,
    /// It is a member of a JSON object.
    Json {
        /// The member's name.
        member: String,
    },
}

impl ExternalAccount {
    pub(crate) fn read(file: &Object<'_>, universe: &str) -> Result<Self, CredentialsError> {
        let token_url = required(file, "token_url")?;
        check_googles(&token_url, universe, "token_url")?;
        let url = optional(file, IMPERSONATION_URL)?;
        let source = file.raw("credential_source");
        let source = source.ok_or(KeyFileError::MemberMissing { name: "credential_source" })?;
        let client_id = optional(file, "client_id")?;
        let client_secret = optional_secret(file, "client_secret")?.unwrap_or_else(|| "".into());
        Ok(Self {
            audience: required(file, "audience")?,
            subject_token_type: required(file, "subject_token_type")?,
            token_url,
            client: client_id.map(|id| (id, client_secret)),
            workforce_pool_user_project: optional(file, "workforce_pool_user_project")?,
            impersonation: url.map(|url| impersonation(&url, universe)).transpose()?,
            lifetime: lifetime(file)?,
            source: SubjectTokenSource::read(&json::parse_object(source)?)?,
            quota_project: optional(file, "quota_project_id")?,
        })
    }

    /// The provider that vouches for the identity, by its full name.
    #[must_use]
    pub fn audience(&self) -> &str {
        &self.audience
    }

    /// What kind of token the provider gives.
    #[must_use]
    pub fn subject_token_type(&self) -> &str {
        &self.subject_token_type
    }

    /// Where the token comes from.
    #[must_use]
    pub const fn source(&self) -> &SubjectTokenSource {
        &self.source
    }

    /// The address of the IAM Credentials API and the service account that is to speak, if the file says
    /// so.
    #[must_use]
    pub fn impersonation(&self) -> Option<(&str, &str)> {
        self.impersonation.as_ref().map(|(endpoint, account)| (endpoint.as_str(), account.as_str()))
    }

    /// How many seconds the account's access tokens are to live, if the file says so.
    #[must_use]
    pub const fn lifetime(&self) -> Option<u32> {
        self.lifetime
    }

    pub(crate) fn quota_project(&self) -> Option<&str> {
        self.quota_project.as_deref()
    }
}

impl SubjectTokenSource {
    fn read(source: &Object<'_>) -> Result<Self, CredentialsError> {
        if source.raw("certificate").is_some() {
            return Err(CredentialsError::SourceNeedsCertificate);
        }
        if optional(source, "environment_id")?.is_some_and(|id| id.starts_with("aws")) {
            return AwsSource::read(source).map(Self::Aws);
        }
        if let Some(executable) = source.raw("executable") {
            let executable = json::parse_object(executable)?;
            let millis = executable.raw("timeout_millis").map(str::parse::<u64>);
            let millis =
                millis.transpose().map_err(|_| KeyFileError::MemberMalformed { name: "timeout_millis" })?;
            return Ok(Self::Executable {
                command: required(&executable, "command")?,
                timeout_millis: millis.unwrap_or(30_000).clamp(5_000, 120_000),
                output_file: optional(&executable, "output_file")?,
            });
        }
        let format = SubjectTokenFormat::read(source)?;
        if let Some(path) = optional(source, "file")? {
            return Ok(Self::File { path, format });
        }
        let url = optional(source, "url")?.ok_or(CredentialsError::SourceUnknown)?;
        // Azure's metadata server has no https.
        let is_allowed = Url::parse(&url)
            .is_some_and(|url| url.is_private() || (url.scheme == "http" && url.host == "169.254.169.254"));
        if !is_allowed {
            let expected = "https, on this machine or its metadata server";
            return Err(CredentialsError::AddressNotAllowed { name: "credential_source.url", expected });
        }
        Ok(Self::Url { url, fields: fields(source)?, format })
    }

    /// The request for the token, where it comes from an address.
    #[must_use]
    pub fn request(&self) -> Option<Request> {
        let Self::Url { url, fields, .. } = self else { return None };
        let request = Request::get(FarSide::SubjectTokenSource, url.clone());
        // The field often carries a token that was made for this alone.
        Some(
            fields
                .iter()
                .fold(request, |request, (name, value)| request.with(name, value.expose()).hiding(value)),
        )
    }
}

impl AwsSource {
    fn read(source: &Object<'_>) -> Result<Self, CredentialsError> {
        if optional(source, "environment_id")?.as_deref() != Some("aws1") {
            return Err(CredentialsError::SourceUnknown);
        }
        let on_the_machine = |name: &'static str| {
            let Some(found) = optional(source, name)? else { return Ok(None) };
            let hosts = ["169.254.169.254", "fd00:ec2::254"];
            let is_allowed = Url::parse(&found).is_some_and(|url| {
                url.is_on_this_machine() || (url.scheme == "http" && hosts.contains(&url.host))
            });
            let expected = "an address of Amazon's metadata server (169.254.169.254)";
            if is_allowed {
                Ok(Some(found))
            } else {
                Err(CredentialsError::AddressNotAllowed { name, expected })
            }
        };
        let name = "regional_cred_verification_url";
        let verification_url = required(source, name)?;
        let filled = verification_url.replace("{region}", "region");
        let is_amazons = Url::parse(&filled).is_some_and(|url| {
            url.scheme == "https" && (url.is_in("amazonaws.com") || url.is_in("amazonaws.com.cn"))
        });
        if !is_amazons {
            let expected = "an https URL of Amazon's (amazonaws.com)";
            return Err(CredentialsError::AddressNotAllowed { name, expected });
        }
        Ok(Self {
            region_url: on_the_machine("region_url")?,
            url: on_the_machine("url")?,
            verification_url,
            session_token_url: on_the_machine("imdsv2_session_token_url")?,
        })
    }
}

impl SubjectTokenFormat {
    fn read(source: &Object<'_>) -> Result<Self, CredentialsError> {
        let Some(format) = source.raw("format") else { return Ok(Self::Text) };
        let format = json::parse_object(format)?;
        match optional(&format, "type")?.as_deref() {
            None | Some("text") => Ok(Self::Text),
            Some("json") => Ok(Self::Json { member: required(&format, "subject_token_field_name")? }),
            Some(_) => Err(KeyFileError::MemberMalformed { name: "format" }.into()),
        }
    }

    /// The token in a text.
    ///
    /// # Errors
    ///
    /// [`ReplyError::Unreadable`] says what is wrong with the text.
    pub fn token(&self, text: &str) -> Result<Secret, ReplyError> {
        let token = match self {
            Self::Text => Some(Secret::from(text.trim())),
            Self::Json { member } => {
                let object =
                    json::parse_object(text).map_err(|_| ReplyError::Unreadable { what: form_of(text) })?;
                object.raw(member).and_then(json::string).map(Secret::new)
            }
        };
        let token = token.filter(|token| !token.expose().is_empty() && !token.expose().starts_with('<'));
        token.ok_or(ReplyError::Unreadable { what: "without a token" })
    }
}

fn fields(source: &Object<'_>) -> Result<Vec<(String, Secret)>, CredentialsError> {
    let Some(raw) = source.raw("headers").filter(|raw| *raw != "null") else { return Ok(Vec::new()) };
    let malformed = || CredentialsError::File(KeyFileError::MemberMalformed { name: "headers" });
    let members = json::parse_object(raw)?.into_members();
    let fields = members.into_iter().map(|(name, value)| {
        let value = json::string(value).ok_or_else(malformed)?;
        Ok((name, Secret::new(value)))
    });
    fields.collect()
}

/// `service_account_impersonation.token_lifetime_seconds`, which Google allows from 10 minutes to 12 hours.
fn lifetime(file: &Object<'_>) -> Result<Option<u32>, CredentialsError> {
    let Some(raw) = file.raw("service_account_impersonation").filter(|raw| *raw != "null") else {
        return Ok(None);
    };
    let object = json::parse_object(raw)?;
    let Some(seconds) = object.raw("token_lifetime_seconds") else { return Ok(None) };
    let seconds = seconds.to_string().parse().ok().filter(|seconds| (600..=43_200).contains(seconds));
    seconds.map(Some).ok_or_else(|| KeyFileError::MemberMalformed { name: "token_lifetime_seconds" }.into())
}
