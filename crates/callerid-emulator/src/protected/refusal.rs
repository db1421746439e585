//! The refusals of Google's guards, as data: status, header fields and body.

use hyper::StatusCode;

use super::container::target;
use crate::http::{Request, Response, escaped};

/// A page of Google's front end, before Cloud Run and Cloud Functions.
pub(crate) struct Page {
    status: StatusCode,
    title: &'static str,
    heading: &'static str,
    /// `{}` stands for the path and the query of the request.
    sentence: &'static str,
    /// The `WWW-Authenticate` field.
    challenge: Option<&'static str>,
}

/// Nothing that names a caller was sent, or the caller lacks the role.
pub(crate) const FORBIDDEN: Page = Page {
    status: StatusCode::FORBIDDEN,
    title: "403 Forbidden",
    heading: "Error: Forbidden",
    sentence: "Your client does not have permission to get URL <code>{}</code> from this server.",
    challenge: None,
};

/// Something was sent, but it is no good: not for this service, expired, or no ID token at all.
pub(crate) const UNAUTHORIZED: Page = Page {
    status: StatusCode::UNAUTHORIZED,
    title: "401 Unauthorized",
    heading: "Error: Unauthorized",
    sentence: "Your client does not have permission to the requested URL <code>{}</code>.",
    // There is no comma between the parameters, and an ID token is called an access token: so Google has it.
    challenge: Some(
        "Bearer error=\"invalid_token\" error_description=\"The access token could not be verified\"",
    ),
};

/// The service takes requests from inside the network only.
pub(crate) const NOT_FOUND: Page = Page {
    status: StatusCode::NOT_FOUND,
    title: "404 Page not found",
    heading: "Error: Page not found",
    sentence: "The requested URL was not found on this server.",
    challenge: None,
};

impl Page {
    /// The page for that request.
    pub(crate) fn answer(&self, request: &Request) -> Response {
        let Self { status, title, heading, sentence, challenge } = self;
        let sentence = sentence.replace("{}", &escaped(target(request)));
        let body = format!(
            "\n<html><head>\n<meta http-equiv=\"content-type\" content=\"text/html;charset=utf-8\">\n\
             <title>{title}</title>\n</head>\n<body text=#000000 bgcolor=#ffffff>\n<h1>{heading}</h1>\n\
             <h2>{sentence}</h2>\n<h2></h2>\n</body></html>\n"
        );
        let page = Response::new(*status, "text/html; charset=UTF-8", body);
        match challenge {
            Some(challenge) => page.with_header("www-authenticate", challenge),
            None => page,
        }
    }
}

/// Why Identity-Aware Proxy does not take a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IapRefusal<'a> {
    /// No token was sent.
    Empty,
    /// It is no JWT: an access token, or cut off.
    NoJwt,
    /// It was altered, redacted, or signed by somebody else.
    Signature,
    /// A claim is malformed, or its time is over.
    Payload(&'a str),
    /// It names no e-mail address.
    NoEmail,
    /// It was made for somebody else than the first: the second is the right audience.
    Audience(&'a str, &'a str),
    /// The same without saying what would be right.
    AudienceNotNamed,
}

impl IapRefusal<'_> {
    fn words(self) -> String {
        match self {
            Self::Empty => "empty token".into(),
            Self::NoJwt => "Unable to parse JWT".into(),
            Self::Signature => "JWT signature is invalid".into(),
            Self::Payload(claim) => format!("Jwt payload is invalid [{claim}]"),
            Self::NoEmail => "JWT 'email' claim isn't a string".into(),
            Self::Audience(found, expected) => format!(
                "JWT audience doesn't match this application ('aud' claim ({found}) doesn't match expected \
                 value ({expected}))"
            ),
            Self::AudienceNotNamed => "Invalid bearer token. Invalid JWT audience.".into(),
        }
    }

    /// The refusal as it is sent: plain text that calls itself HTML.
    pub(crate) fn answer(self, status: StatusCode) -> Response {
        of_the_proxy(status, format!("Invalid IAP credentials: {}", self.words()))
    }
}

/// The caller is known and lacks the role.
pub(crate) fn iap_access_denied() -> Response {
    let page =
        "<html><head><title>Access denied</title></head><body><h1>You don't have access</h1></body></html>";
    of_the_proxy(StatusCode::FORBIDDEN, page.into())
}

/// The OAuth client is misconfigured. Which status goes with these words is not known.
pub(crate) fn iap_client_misconfigured() -> Response {
    let words = "There was a problem with your request. Error code 13";
    of_the_proxy(StatusCode::INTERNAL_SERVER_ERROR, words.into())
}

/// An answer of the proxy itself, which the header field says.
fn of_the_proxy(status: StatusCode, body: String) -> Response {
    Response::new(status, "text/html", body).with_header("x-goog-iap-generated-response", "true")
}
