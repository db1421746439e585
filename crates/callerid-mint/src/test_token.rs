//! Tokens for tests: shaped exactly as Google's, with invented values.

use alloc::format;
use alloc::string::String;

use callerid::{Profile, UnixTime};

use crate::claims::Claims;
use crate::error::{ClaimsError, SignError};
use crate::json::quoted;
use crate::jwt::Issuer;
use crate::key::SigningKey;
use crate::rand_core::TryCryptoRng;
use crate::service_account_claims::is_email;
use crate::test_token_kind::TestTokenKind;

/// Who issues test tokens that do not imitate Google. Nobody can own the domain (RFC 6761 section 6.2).
pub const DEVELOPMENT_ISSUER: &str = "https://callerid.test";

const PROJECT_ID: &str = "callerid-test";
const PROJECT_NUMBER: &str = "123456789012";
const SERVICE_URL: &str = "https://service.callerid.test";

/// A token for tests: one of Google's kinds, with invented values that can be replaced.
///
/// Its issuer is [`DEVELOPMENT_ISSUER`] or another one of its own, so no verifier of Google's tokens takes
/// it, whatever keys it has been given, unless [`imitating_google`](Self::imitating_google) is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct TestToken {
    kind: TestTokenKind,
    audience: Option<String>,
    email: Option<String>,
    issuer: Option<String>,
    subject: Option<String>,
    project_id: String,
    project_number: String,
    lifetime: u32,
    other_claims: Claims,
    imitates_google: bool,
}

impl TestToken {
    /// A token of that kind, with nothing but invented values.
    pub fn new(kind: TestTokenKind) -> Self {
        Self {
            kind,
            audience: None,
            email: None,
            issuer: None,
            subject: None,
            project_id: String::from(PROJECT_ID),
            project_number: String::from(PROJECT_NUMBER),
            lifetime: kind.lifetime(),
            other_claims: Claims::new(),
            imitates_google: false,
        }
    }

    /// **Lets the token name Google as its issuer**, for testing what verifies Google's tokens. The
    /// header then says that it is a test ([`TEST_MARKER`](crate::TEST_MARKER)).
    pub const fn imitating_google(mut self) -> Self {
        self.imitates_google = true;
        self
    }

    /// Makes it for that audience; where the kind has an array of them, for this one alone.
    ///
    /// # Errors
    ///
    /// [`ClaimsError::AudienceEmpty`].
    pub fn with_audience(mut self, audience: &str) -> Result<Self, ClaimsError> {
        if audience.trim().is_empty() {
            return Err(ClaimsError::AudienceEmpty);
        }
        self.audience = Some(String::from(audience));
        Ok(self)
    }

    /// Lets it speak for that e-mail address.
    ///
    /// # Errors
    ///
    /// [`ClaimsError::EmailOutOfPlace`] where tokens of this kind name none, and
    /// [`ClaimsError::EmailMalformed`].
    pub fn with_email(mut self, email: &str) -> Result<Self, ClaimsError> {
        if !self.kind.has_email() {
            return Err(ClaimsError::EmailOutOfPlace);
        }
        if !is_email(email) {
            return Err(ClaimsError::EmailMalformed);
        }
        self.email = Some(String::from(email));
        Ok(self)
    }

    /// Lets that issuer issue it; without an imitation it must not be one of Google's.
    pub fn with_issuer(mut self, issuer: &str) -> Self {
        self.issuer = Some(String::from(issuer));
        self
    }

    /// Lets it speak for that subject.
    pub fn with_subject(mut self, subject: &str) -> Self {
        self.subject = Some(String::from(subject));
        self
    }

    /// Names another project wherever the kind names one by its id.
    pub fn with_project_id(mut self, project_id: &str) -> Self {
        self.project_id = String::from(project_id);
        self
    }

    /// Names another project wherever the kind names one by its number.
    pub fn with_project_number(mut self, project_number: &str) -> Self {
        self.project_number = String::from(project_number);
        self
    }

    /// Lets it live for so many seconds, however many Google would allow.
    pub const fn with_lifetime(mut self, seconds: u32) -> Self {
        self.lifetime = seconds;
        self
    }

    /// Puts claims over those of the kind, as [`Claims::merged_with`] does: a claim of the same name is
    /// replaced, `null` takes it away.
    pub fn with_claims(mut self, claims: Claims) -> Self {
        self.other_claims = claims;
        self
    }

    /// The kind of token.
    #[must_use]
    pub const fn kind(&self) -> TestTokenKind {
        self.kind
    }

    /// The profile that such a token of Google's is verified with.
    ///
    /// # Errors
    ///
    /// [`ClaimsError::Test`] if the project or the issuer is none that Google has.
    pub fn profile(&self) -> Result<Profile, ClaimsError> {
        use TestTokenKind as Kind;
        let name = match self.kind {
            Kind::ComputeEngine
            | Kind::GoogleServiceAccount
            | Kind::GoogleServiceAccountWithoutEmail
            | Kind::GoogleUser => String::from("google"),
            Kind::Iap | Kind::Chat | Kind::ConfidentialSpace => String::from(self.kind.as_str()),
            Kind::Firebase | Kind::FirebaseSession => format!("{}:{}", self.kind.as_str(), self.project_id),
            Kind::AppCheck => format!("{}:{}", self.kind.as_str(), self.project_number),
            Kind::Gke | Kind::ServiceAccount => {
                let issuer = self.issuer.clone().unwrap_or_else(|| self.googles_issuer());
                format!("{}:{issuer}", self.kind.as_str())
            }
        };
        Profile::parse(&name).map_err(ClaimsError::Test)
    }

    /// The token's claims, were it issued now.
    #[must_use]
    pub fn to_claims(&self, now: UnixTime) -> Claims {
        self.shape(&Values::of(self, now)).merged_with(&self.other_claims)
    }

    /// Signs the token as issued now.
    ///
    /// # Errors
    ///
    /// - [`SignError::ImitatesGoogle`] if the issuer is Google or a service account and nobody asked for
    ///   an imitation.
    /// - [`SignError::AlgorithmMismatch`] if an imitation is to be signed as Google never signs it.
    /// - Those of [`SigningKey::sign_jwt`].
    pub fn sign<R: TryCryptoRng + ?Sized>(
        &self,
        key: &SigningKey,
        now: UnixTime,
        rng: &mut R,
    ) -> Result<String, SignError> {
        let claims = self.to_claims(now);
        if !self.imitates_google {
            return match Issuer::of(&claims) {
                Issuer::Other => key.sign_jwt(&claims, rng),
                Issuer::Google | Issuer::ServiceAccount => Err(SignError::ImitatesGoogle),
            };
        }
        match self.kind.algorithms() {
            algorithms if algorithms.contains(&key.algorithm()) => {
                key.sign_jwt_imitating_google(&claims, rng)
            }
            algorithms => Err(SignError::AlgorithmMismatch {
                expected: algorithms.first().copied().unwrap_or(callerid::Algorithm::Rs256),
                found: key.algorithm(),
            }),
        }
    }

    /// Who would issue the token if it were Google's.
    fn googles_issuer(&self) -> String {
        use TestTokenKind as Kind;
        let Self { project_id, project_number, .. } = self;
        match self.kind {
            Kind::AppCheck => format!("https://firebaseappcheck.googleapis.com/{project_number}"),
            Kind::Chat => String::from("chat@system.gserviceaccount.com"),
            Kind::ConfidentialSpace => String::from("https://confidentialcomputing.googleapis.com"),
            Kind::Firebase => format!("https://securetoken.google.com/{project_id}"),
            Kind::FirebaseSession => format!("https://session.firebase.google.com/{project_id}"),
            Kind::Gke => format!(
                "https://container.googleapis.com/v1/projects/{project_id}/locations/us-central1/clusters/test"
            ),
            Kind::ComputeEngine
            | Kind::GoogleServiceAccount
            | Kind::GoogleServiceAccountWithoutEmail
            | Kind::GoogleUser => String::from("https://accounts.google.com"),
            Kind::Iap => String::from("https://cloud.google.com/iap"),
            Kind::ServiceAccount => self.email_or_invented(),
        }
    }

    fn email_or_invented(&self) -> String {
        use TestTokenKind as Kind;
        self.email.clone().unwrap_or_else(|| match self.kind {
            Kind::ComputeEngine => format!("{}-compute@developer.gserviceaccount.com", self.project_number),
            Kind::Firebase | Kind::FirebaseSession | Kind::GoogleUser | Kind::Iap => {
                String::from("ann@example.com")
            }
            _ => format!("caller@{}.iam.gserviceaccount.com", self.project_id),
        })
    }

    /// The claims of the kind, in the order in which Google writes them.
    fn shape(&self, values: &Values) -> Claims {
        use TestTokenKind as Kind;
        match self.kind {
            Kind::AppCheck => self.app_check(values),
            Kind::Chat => values.start_alphabetical(&self.audience_or(&self.project_number)),
            Kind::ComputeEngine | Kind::GoogleServiceAccount | Kind::GoogleServiceAccountWithoutEmail => {
                self.service_account_id_token(values)
            }
            Kind::ConfidentialSpace => self.confidential_space(values),
            Kind::Firebase | Kind::FirebaseSession => self.firebase(values),
            Kind::Gke => self.gke(values),
            Kind::GoogleUser => self.user(values),
            Kind::Iap => self.iap(values),
            Kind::ServiceAccount => Claims::new()
                .with_text("iss", &values.issuer)
                .with_text("sub", &self.subject_or(&values.email))
                .with_text("aud", &self.audience_or(SERVICE_URL))
                .with_number("iat", values.issued_at)
                .with_number("exp", values.expires_at),
        }
    }

    fn service_account_id_token(&self, values: &Values) -> Claims {
        let subject = self.subject_or("110000000000000000002");
        let mut claims = Claims::new()
            .with_text("aud", &self.audience_or(SERVICE_URL))
            // An account asks for its own tokens.
            .with_text("azp", &subject);
        if self.kind.has_email() {
            claims = claims.with_text("email", &values.email).with_raw("email_verified", "true".into());
        }
        claims = claims.with_number("exp", values.expires_at);
        if self.kind == TestTokenKind::ComputeEngine {
            claims = claims.with_raw("google", self.machine(values));
        }
        claims
            .with_number("iat", values.issued_at)
            .with_text("iss", &values.issuer)
            .with_text("sub", &subject)
    }

    /// Numbers and strings are mixed as the metadata server mixes them.
    fn machine(&self, values: &Values) -> String {
        let created = values.issued_at.saturating_sub(1_000_000).max(0);
        let number = self.project_number.parse::<u64>().unwrap_or_default();
        format!(
            "{{\"compute_engine\":{{\"instance_creation_timestamp\":{created},\
             \"instance_id\":\"1234567890123456789\",\"instance_name\":\"callerid-test-vm\",\
             \"project_id\":{},\"project_number\":{number},\"zone\":\"us-central1-a\"}}}}",
            quoted(&self.project_id),
        )
    }

    fn user(&self, values: &Values) -> Claims {
        let client = self.audience_or("111111111111-callerid.apps.googleusercontent.com");
        let claims = Claims::new()
            .with_text("iss", &values.issuer)
            .with_text("azp", &client)
            .with_text("aud", &client)
            .with_text("sub", &self.subject_or("100000000000000000001"));
        let name = |claims: Claims| {
            claims
                .with_text("email", &values.email)
                .with_raw("email_verified", "true".into())
                .with_text("at_hash", "q1w2e3r4t5y6u7i8o9p0aA")
                .with_text("name", "Ann Lee")
                .with_text("picture", "https://lh3.googleusercontent.com/a/callerid-test")
                .with_text("given_name", "Ann")
                .with_text("family_name", "Lee")
                .with_number("iat", values.issued_at)
                .with_number("exp", values.expires_at)
        };
        name(values.with_hosted_domain(claims))
    }

    fn iap(&self, values: &Values) -> Claims {
        let invented = format!("/projects/{}/global/backendServices/987654321", self.project_number);
        let audience = self.audience_or(&invented);
        let claims = Claims::new()
            .with_text("iss", &values.issuer)
            .with_text("aud", &audience)
            .with_text("azp", &audience)
            .with_text("sub", &self.subject_or("accounts.google.com:100000000000000000001"))
            .with_text("email", &values.email);
        values
            .with_hosted_domain(claims)
            .with_text("identity_source", "GOOGLE")
            .with_raw(
                "google",
                "{\"access_levels\":[\"accessPolicies/1/accessLevels/callerid_test\"]}".into(),
            )
            .with_number("iat", values.issued_at)
            .with_number("exp", values.expires_at)
    }

    fn firebase(&self, values: &Values) -> Claims {
        let user = self.subject_or("CallerIdTestUser000000000001");
        let email = quoted(&values.email);
        Claims::new()
            .with_text("iss", &values.issuer)
            .with_text("aud", &self.audience_or(&self.project_id))
            .with_number("auth_time", values.issued_at)
            .with_text("user_id", &user)
            .with_text("sub", &user)
            .with_number("iat", values.issued_at)
            .with_number("exp", values.expires_at)
            .with_text("email", &values.email)
            .with_raw("email_verified", "true".into())
            .with_raw(
                "firebase",
                format!("{{\"identities\":{{\"email\":[{email}]}},\"sign_in_provider\":\"password\"}}"),
            )
    }

    fn app_check(&self, values: &Values) -> Claims {
        let audiences = match &self.audience {
            Some(audience) => format!("[{}]", quoted(audience)),
            None => {
                let name = |project: &str| quoted(&format!("projects/{project}"));
                format!("[{},{}]", name(&self.project_number), name(&self.project_id))
            }
        };
        let app = format!("1:{}:web:0123456789abcdef", self.project_number);
        Claims::new()
            .with_text("iss", &values.issuer)
            .with_raw("aud", audiences)
            .with_text("sub", &self.subject_or(&app))
            .with_text("jti", &values.token_id)
            .with_number("iat", values.issued_at)
            .with_number("exp", values.expires_at)
    }

    fn confidential_space(&self, values: &Values) -> Claims {
        let (id, number) = (&self.project_id, &self.project_number);
        let machine = format!(
            "https://www.googleapis.com/compute/v1/projects/{id}/zones/us-central1-a/instances/callerid-test-vm"
        );
        let submodules = format!(
            "{{\"confidential_space\":{{\"support_attributes\":[\"LATEST\",\"STABLE\",\"USABLE\"]}},\
             \"container\":{{\"image_reference\":\"us-docker.pkg.dev/callerid-test/image:latest\",\
             \"restart_policy\":\"Never\"}},\"gce\":{{\"instance_id\":\"1234567890123456789\",\
             \"instance_name\":\"callerid-test-vm\",\"project_id\":{},\"project_number\":{},\
             \"zone\":\"us-central1-a\"}}}}",
            quoted(id),
            quoted(number),
        );
        Claims::new()
            .with_text("aud", &self.audience_or("https://sts.googleapis.com"))
            .with_number("exp", values.expires_at)
            .with_number("iat", values.issued_at)
            .with_text("iss", &values.issuer)
            .with_number("nbf", values.issued_at)
            .with_text("sub", &self.subject_or(&machine))
            .with_text("eat_nonce", "callerid-test-nonce")
            .with_text("dbgstat", "disabled-since-boot")
            .with_text("hwmodel", "GCP_AMD_SEV")
            .with_number("oemid", 11_129)
            .with_raw("secboot", "true".into())
            .with_text("swname", "CONFIDENTIAL_SPACE")
            .with_raw("swversion", "[\"250101\"]".into())
            .with_raw("google_service_accounts", format!("[{}]", quoted(&values.email)))
            .with_raw("submods", submodules)
    }

    fn gke(&self, values: &Values) -> Claims {
        let audience = self.audience_or(&format!("{}.svc.id.goog", self.project_id));
        let kubernetes = "{\"namespace\":\"default\",\
            \"node\":{\"name\":\"gke-test-node\",\"uid\":\"00000000-0000-4000-8000-000000000001\"},\
            \"pod\":{\"name\":\"caller-0\",\"uid\":\"00000000-0000-4000-8000-000000000002\"},\
            \"serviceaccount\":{\"name\":\"caller\",\"uid\":\"00000000-0000-4000-8000-000000000003\"}}";
        Claims::new()
            .with_raw("aud", format!("[{}]", quoted(&audience)))
            .with_number("exp", values.expires_at)
            .with_number("iat", values.issued_at)
            .with_text("iss", &values.issuer)
            .with_text("jti", &values.token_id)
            .with_raw("kubernetes.io", kubernetes.into())
            .with_number("nbf", values.issued_at)
            .with_text("sub", &self.subject_or("system:serviceaccount:default:caller"))
    }

    fn audience_or(&self, invented: &str) -> String {
        self.audience.clone().unwrap_or_else(|| String::from(invented))
    }

    fn subject_or(&self, invented: &str) -> String {
        self.subject.clone().unwrap_or_else(|| String::from(invented))
    }
}

/// What most kinds have in common.
struct Values {
    issuer: String,
    email: String,
    issued_at: i64,
    expires_at: i64,
    /// Another one in every second, as nothing here is random.
    token_id: String,
}

impl Values {
    fn of(token: &TestToken, now: UnixTime) -> Self {
        let issuer = match &token.issuer {
            Some(issuer) => issuer.clone(),
            None if token.imitates_google => token.googles_issuer(),
            None => String::from(DEVELOPMENT_ISSUER),
        };
        let issued_at = now.as_seconds();
        Self {
            issuer,
            email: token.email_or_invented(),
            issued_at,
            expires_at: issued_at.saturating_add(i64::from(token.lifetime)),
            token_id: format!("callerid-test-{issued_at}"),
        }
    }

    /// `aud`, `exp`, `iat` and `iss` alone.
    fn start_alphabetical(&self, audience: &str) -> Claims {
        Claims::new()
            .with_text("aud", audience)
            .with_number("exp", self.expires_at)
            .with_number("iat", self.issued_at)
            .with_text("iss", &self.issuer)
    }

    /// Consumer accounts and service accounts belong to no organisation.
    fn with_hosted_domain(&self, claims: Claims) -> Claims {
        match self.email.rsplit_once('@') {
            Some((_, "gmail.com" | "googlemail.com")) | None => claims,
            Some((_, domain)) if domain.ends_with("gserviceaccount.com") => claims,
            Some((_, domain)) => claims.with_text("hd", domain),
        }
    }
}
