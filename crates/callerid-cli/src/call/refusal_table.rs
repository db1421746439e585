//! How Google's guards refuse, as data: by what each refusal is recognised, what it means, and what to do.
//!
//! In the texts `{account}` is whom the token speaks for, `{member}` the same for gcloud, `{audience}` for whom it was made, `{host}` the host
//! that was called, `{location}` where a redirect leads to and `{status}` the status.

use super::refusal::{Refusal, Remedy, Sign};

const IAP: Sign = Sign::Field("x-goog-iap-generated-response", "true");
const INVALID_TOKEN: Sign = Sign::Field("www-authenticate", "error=\"invalid_token\"");
const UNAUTHORIZED: Sign = Sign::Body("Your client does not have permission to the requested URL");
const FORBIDDEN: Sign = Sign::Body("Your client does not have permission to get URL");

/// The refusals that are known; the first whose signs are all there is the one.
pub(crate) const REFUSALS: [Refusal; 25] = [
    // Identity-Aware Proxy
    Refusal {
        name: "iap_sign_in",
        signs: &[IAP, Sign::Redirect, Sign::Location("https://accounts.google.com/")],
        what: "Identity-Aware Proxy saw no token and redirects to Google's sign-in page; nothing was followed",
        hint: "It reads the fields Authorization and Proxy-Authorization; if {host} is yours, send a token for its OAuth \
               client in one of them.",
        remedy: Remedy::RevealedAudience,
    },
    Refusal {
        name: "iap_redirect",
        signs: &[IAP, Sign::Redirect],
        what: "Identity-Aware Proxy redirects to {location}, which was not followed",
        hint: "It is its page for external identities or for callers without access. Programs get in as Google \
               identities with the role roles/iap.httpsResourceAccessor only.",
        remedy: Remedy::None,
    },
    Refusal {
        name: "iap_no_token",
        signs: &[IAP, Sign::Status(401), Sign::Body("empty token")],
        what: "Identity-Aware Proxy saw no token",
        hint: "It reads the fields Authorization and Proxy-Authorization; if {host} is yours, send a token for its OAuth \
               client in one of them.",
        remedy: Remedy::RevealedAudience,
    },
    Refusal {
        name: "iap_unreadable",
        signs: &[IAP, Sign::Status(401), Sign::Body("Unable to parse JWT")],
        what: "Identity-Aware Proxy could not read the token as a JWT",
        hint: "Something on the way changed it: look for a proxy that rewrites header fields, or send it with \
               --token-field proxy-authorization.",
        remedy: Remedy::None,
    },
    Refusal {
        name: "iap_signature",
        signs: &[IAP, Sign::Status(401), Sign::Body("JWT signature is invalid")],
        what: "Identity-Aware Proxy does not accept the token's signature",
        hint: "It takes tokens that Google signed, or a service account for this URL; what an emulator signed is \
               good there alone. --explain says where the token came from.",
        remedy: Remedy::None,
    },
    Refusal {
        name: "iap_audience",
        signs: &[IAP, Sign::Status(401), Sign::Body("expected value (")],
        what: "Identity-Aware Proxy wants a token for its OAuth client, and this one is for {audience}",
        hint: "If {host} is yours, make the token for the client that it named.",
        remedy: Remedy::RevealedAudience,
    },
    Refusal {
        name: "iap_audience_unnamed",
        signs: &[IAP, Sign::Status(401), Sign::Body("Invalid JWT audience")],
        what: "Identity-Aware Proxy wants a token for an OAuth client that it admits, and this one is for {audience}",
        hint: "Clients are admitted in its settings for programmatic access, and none is needed with --self-signed; \
               if {host} is yours, begin with the client that it signs people in with.",
        remedy: Remedy::RevealedAudience,
    },
    Refusal {
        name: "iap_no_email",
        signs: &[IAP, Sign::Status(401), Sign::Body("'email' claim isn't a string")],
        what: "Identity-Aware Proxy wants a token with an e-mail address, and this one names none",
        hint: "Mint it anew with --no-cache, or from a source that names the address, such as --impersonate.",
        remedy: Remedy::None,
    },
    Refusal {
        name: "iap_claims",
        signs: &[IAP, Sign::Status(401), Sign::Body("Jwt payload is invalid")],
        what: "Identity-Aware Proxy cannot use what the token says: it has expired, or a claim is malformed",
        hint: "Check this machine's clock, and mint the token anew with --no-cache.",
        remedy: Remedy::None,
    },
    Refusal {
        name: "iap_client",
        signs: &[Sign::Body("There was a problem with your request. Error code 13")],
        what: "Identity-Aware Proxy cannot work: its OAuth client or consent screen is misconfigured",
        hint: "Whoever runs {host} must set up the OAuth client of Identity-Aware Proxy anew.",
        remedy: Remedy::None,
    },
    Refusal {
        name: "iap_no_access",
        signs: &[IAP, Sign::Status(403)],
        what: "Identity-Aware Proxy knows {account} and does not let it in",
        hint: "Give it the role roles/iap.httpsResourceAccessor on what the proxy protects.",
        remedy: Remedy::None,
    },
    Refusal {
        name: "iap_other",
        signs: &[IAP],
        what: "Identity-Aware Proxy answered with status {status} and let nothing through",
        hint: "What it says is on standard output; callerid decode says what a token is for.",
        remedy: Remedy::None,
    },
    // Cloud Run and Cloud Functions
    Refusal {
        name: "serverless_self_signed",
        signs: &[Sign::Status(401), INVALID_TOKEN, UNAUTHORIZED, Sign::SelfSigned],
        what: "Cloud Run and Cloud Functions take no token that a service account signed itself",
        hint: "Send an ID token of Google's.",
        remedy: Remedy::IdToken,
    },
    Refusal {
        name: "serverless_audience",
        signs: &[Sign::Status(401), INVALID_TOKEN, UNAUTHORIZED, Sign::OtherAudienceDerived],
        what: "Cloud Run or Cloud Functions cannot use the token: it is for {audience}",
        hint: "The service's own URL is its audience.",
        remedy: Remedy::DerivedAudience,
    },
    Refusal {
        name: "serverless_domain",
        signs: &[Sign::Status(401), INVALID_TOKEN, UNAUTHORIZED, Sign::OwnDomain],
        what: "Cloud Run or Cloud Functions cannot use the token: it is for {audience}",
        hint: "A domain of one's own is no audience unless it was added as a custom one: give the service's run.app \
               or cloudfunctions.net URL with --audience. Otherwise the token has expired by Google's clock.",
        remedy: Remedy::None,
    },
    Refusal {
        name: "serverless_function",
        signs: &[Sign::Status(401), INVALID_TOKEN, UNAUTHORIZED, Sign::FunctionUrlUntried],
        what: "Cloud Run or Cloud Functions cannot use the token: it is for {audience}",
        hint: "For a function of the first generation the audience is its whole URL.",
        remedy: Remedy::FunctionUrl,
    },
    Refusal {
        name: "serverless_token",
        signs: &[Sign::Status(401), INVALID_TOKEN, UNAUTHORIZED],
        what: "Cloud Run or Cloud Functions cannot use the token: it is for {audience}",
        hint: "The audience must be the service's own URL or one of its custom audiences, and the token Google's and \
               in force: check this machine's clock, or mint it anew with --no-cache.",
        remedy: Remedy::None,
    },
    Refusal {
        name: "serverless_iap_agent",
        signs: &[Sign::Status(403), FORBIDDEN, Sign::ClientAudience],
        what: "the token got past Identity-Aware Proxy, but Cloud Run does not let the proxy in",
        hint: "Give service-PROJECT_NUMBER@gcp-sa-iap.iam.gserviceaccount.com the role roles/run.invoker on the service.",
        remedy: Remedy::None,
    },
    Refusal {
        name: "serverless_no_role",
        signs: &[Sign::Status(403), FORBIDDEN],
        what: "{account} may not call this service, or the token was lost on the way",
        hint: "Give it the role roles/run.invoker (for a function of the first generation, \
               roles/cloudfunctions.invoker): gcloud run services add-iam-policy-binding SERVICE \
               --member={member} --role=roles/run.invoker",
        remedy: Remedy::None,
    },
    Refusal {
        name: "serverless_ingress",
        // Other servers say the same of their own pages, without the heading.
        signs: &[
            Sign::Status(404),
            Sign::Body("<h1>Error: Page not found</h1>"),
            Sign::Body("The requested URL was not found on this server"),
        ],
        what: "Google's front end knows no service at {host} that may be called from here",
        hint: "The address is wrong, or the service's ingress is internal: call it from its VPC network, or \
               change its ingress.",
        remedy: Remedy::None,
    },
    // API Gateway and Cloud Endpoints
    Refusal {
        name: "gateway_issuer",
        signs: &[Sign::Status(401), Sign::Body("Jwt issuer is not configured")],
        what: "the API Gateway or Cloud Endpoints at {host} takes no tokens of this issuer",
        hint: "Its API description must name https://accounts.google.com as an issuer; if it names the service \
               account, send what callerid mint --type self-signed --header prints.",
        remedy: Remedy::None,
    },
    Refusal {
        name: "gateway_audience",
        signs: &[Sign::Status(403), Sign::Body("Audiences in Jwt are not allowed")],
        what: "the API Gateway or Cloud Endpoints at {host} takes no tokens for {audience}",
        hint: "Give one of the audiences of its API description with --audience.",
        remedy: Remedy::None,
    },
    // Google's own APIs
    Refusal {
        name: "api_access_token",
        signs: &[Sign::Status(401), Sign::Body("ACCESS_TOKEN_TYPE_UNSUPPORTED")],
        what: "{host} is an API of Google's, which takes access tokens and no ID tokens",
        hint: "Send it the header field that callerid mint --type access --header prints.",
        remedy: Remedy::None,
    },
    // Anybody
    Refusal {
        name: "redirect",
        signs: &[Sign::Redirect, Sign::Location("")],
        what: "{host} redirects to {location} ({status}); the token was not sent there",
        hint: "If that address is the right one, call it.",
        remedy: Remedy::Location,
    },
    Refusal {
        name: "other",
        signs: &[],
        what: "{host} answered with status {status}",
        hint: "It does not look like a refusal by Cloud Run, Cloud Functions or Identity-Aware Proxy, so it is the \
               service's own; what it says is on standard output.",
        remedy: Remedy::None,
    },
];
