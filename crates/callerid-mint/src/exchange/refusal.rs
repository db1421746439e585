//! What the far side said no with, and what that means.

use alloc::format;
use alloc::string::{String, ToString};
use core::fmt;

use super::refusals::REFUSALS;
use super::request::Request;
use crate::json::{self, Object};

/// Who was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FarSide {
    /// The IAM Credentials API.
    IamCredentials,
    /// The metadata server.
    MetadataServer,
    /// The Security Token Service, which takes the tokens of others.
    SecurityTokenService,
    /// Whoever hands out the token of a federated identity: another cloud, a CI system.
    SubjectTokenSource,
    /// The OAuth token endpoint.
    TokenEndpoint,
}

/// What the far side said no with. Nothing secret that was sent is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Who refused.
    pub far_side: FarSide,
    /// The status code.
    pub status: u16,
    /// `error`, or `error.status` of Google's APIs.
    pub code: Option<String>,
    /// The sentence that came with it; **untrusted text**.
    pub message: Option<String>,
    /// `error_subtype`, or the first `reason` among the details of Google's APIs.
    pub reason: Option<String>,
}

/// What is known on this side of a request that was refused.
#[derive(Clone, Copy, Debug, Default)]
pub struct Circumstances<'a> {
    /// The service account that was to speak.
    pub account: Option<&'a str>,
    /// Who asked, as an IAM policy names members: `serviceAccount:…`, `user:…`.
    pub member: Option<&'a str>,
    /// For whom the token was to be.
    pub audience: Option<&'a str>,
    /// The key that signed the request.
    pub key_id: Option<&'a str>,
}

/// A refusal in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// A stable name, in `snake_case`.
    pub code: &'static str,
    /// What is the matter.
    pub reason: String,
    /// What to do, with the command that does it.
    pub next: String,
}

/// One row of [`REFUSALS`]: by what a refusal is known, what it means, and what to do.
#[derive(Clone, Copy, Debug)]
pub struct KnownRefusal {
    pub(crate) far_side: FarSide,
    /// Any, if there is none.
    pub(crate) status: Option<u16>,
    /// All of these stand in code, reason or message, in lower case.
    pub(crate) says: &'static [&'static str],
    pub(crate) code: &'static str,
    pub(crate) reason: &'static str,
    pub(crate) next: &'static str,
}

impl FarSide {
    /// Its name in a sentence.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::IamCredentials => "the IAM Credentials API",
            Self::MetadataServer => "the metadata server",
            Self::SecurityTokenService => "Google's Security Token Service",
            Self::SubjectTokenSource => "the source of the federated identity",
            Self::TokenEndpoint => "the token endpoint",
        }
    }
}

impl KnownRefusal {
    /// The row's stable name.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.code
    }

    /// Who refuses so.
    #[must_use]
    pub const fn far_side(&self) -> FarSide {
        self.far_side
    }
}

impl Refusal {
    pub(crate) fn read(request: &Request, status: u16, body: &str) -> Self {
        let far_side = request.far_side();
        let none = Self { far_side, status, code: None, message: None, reason: None };
        let text = |text: &str| Some(shortened(&request.masked(text.trim()))).filter(|text| !text.is_empty());
        let Ok(object) = json::parse_object(body) else {
            let is_page = body.trim_start().starts_with('<');
            return Self { message: if is_page { None } else { text(body) }, ..none };
        };
        let string = |object: &Object<'_>, name: &str| {
            object.raw(name).and_then(json::string).and_then(|found| text(&found))
        };
        match object.raw("error").map(json::parse_object) {
            Some(Ok(error)) => Self {
                code: string(&error, "status"),
                message: string(&error, "message"),
                reason: error.raw("details").and_then(first_reason).and_then(|found| text(&found)),
                ..none
            },
            _ => Self {
                code: string(&object, "error"),
                message: string(&object, "error_description"),
                reason: string(&object, "error_subtype"),
                ..none
            },
        }
    }

    /// Whether the far side is only busy or disturbed.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        let passing = ["internal_failure", "server_error", "temporarily_unavailable"];
        matches!(self.status, 408 | 429 | 500 | 503 | 504)
            || self.code.as_deref().is_some_and(|code| passing.contains(&code))
    }

    /// What the refusal means, and what to do about it.
    #[must_use]
    pub fn explain(&self, circumstances: &Circumstances<'_>) -> Explanation {
        let said = format!("{self}").to_lowercase();
        let known = REFUSALS.iter().find(|row| {
            row.far_side == self.far_side
                && row.status.is_none_or(|status| status == self.status)
                && row.says.iter().all(|words| said.contains(words))
        });
        let Some(row) = known else { return self.in_its_own_words() };
        let shown = |text: Option<&str>, name: &str| String::from(text.unwrap_or(name));
        // A command is copied into a shell, so nothing goes into it that a shell could take for more than a word.
        let pasted = |text: Option<&str>, name: &str| shown(text.filter(|text| is_plain_word(text)), name);
        Explanation {
            code: row.code,
            reason: self.filled(row.reason, circumstances, shown),
            next: self.filled(row.next, circumstances, pasted),
        }
    }

    fn in_its_own_words(&self) -> Explanation {
        let (code, next) = if self.is_passing() {
            (
                "far_side_busy",
                "Try again in a minute; if it goes on, look at https://status.cloud.google.com.",
            )
        } else {
            ("refused", "Run the command again with --explain to see every step.")
        };
        Explanation { code, reason: format!("{} refused: {self}", self.far_side.name()), next: next.into() }
    }

    fn filled(
        &self,
        template: &str,
        circumstances: &Circumstances<'_>,
        value: impl Fn(Option<&str>, &str) -> String,
    ) -> String {
        let Circumstances { account, member, audience, key_id } = *circumstances;
        let message = self.message.as_deref().map(|message| message.trim_end_matches('.'));
        let values = [
            ("{account}", value(account, "SERVICE_ACCOUNT")),
            ("{member}", value(member, "MEMBER")),
            ("{audience}", value(audience, "AUDIENCE")),
            ("{key_id}", value(key_id, "KEY_ID")),
            ("{project}", value(message.and_then(project_of), "PROJECT")),
            ("{message}", value(message, "no reason given")),
        ];
        values.into_iter().fold(template.to_string(), |text, (name, value)| text.replace(name, &value))
    }
}

/// `403 PERMISSION_DENIED (REASON): the message`, as far as there is something of it.
impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "status {}", self.status)?;
        if let Some(code) = &self.code {
            write!(formatter, " {code}")?;
        }
        if let Some(reason) = &self.reason {
            write!(formatter, " ({reason})")?;
        }
        match &self.message {
            Some(message) => write!(formatter, ": {message}"),
            None => Ok(()),
        }
    }
}

/// The first `reason` of `error.details`, a list of objects.
fn first_reason(details: &str) -> Option<String> {
    let details: alloc::vec::Vec<&serde_json::value::RawValue> = serde_json::from_str(details).ok()?;
    details.into_iter().find_map(|detail| {
        let detail = json::parse_object(detail.get()).ok()?;
        detail.raw("reason").and_then(json::string).map(|reason| reason.as_str().into())
    })
}

/// The project that a message names: `… in project 1234 before or it is disabled …`.
fn project_of(message: &str) -> Option<&str> {
    let (_, after) = message.split_once("project ")?;
    let end = after.find(|character: char| !character.is_ascii_alphanumeric() && character != '-');
    after.get(..end.unwrap_or(after.len())).filter(|project| !project.is_empty())
}

/// Whether a shell takes a text for one word, and no more.
fn is_plain_word(text: &str) -> bool {
    !text.starts_with('-')
        && text.chars().all(|character| character.is_ascii_alphanumeric() || "@._-:/*".contains(character))
}

/// A message is a sentence or two; more is a page.
fn shortened(text: &str) -> String {
    const CHARACTERS_MAX: usize = 400;
    match text.char_indices().nth(CHARACTERS_MAX) {
        Some((end, _)) => text.get(..end).map(|start| format!("{start}…")).unwrap_or_default(),
        None => text.into(),
    }
}
