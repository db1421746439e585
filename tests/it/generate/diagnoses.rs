//! The commonest mistakes, and what a report must say of them.

use crate::generate::{Case, Claims, HEADER, NOW, quoted, with_header};
use crate::support::{K1, base64url, hmac_sha256, sign, signing_input};

const SA: &str = "sa@p.iam.gserviceaccount.com";

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for family in [texts, cuts, algorithms, keys, audiences, times, kinds, callers] {
        family(&mut cases);
    }
    cases
}

trait Says {
    fn says(self, id: &str, message: &str, hint: &str) -> Self;
}

impl Says for Case {
    /// The message and the hint of the failed check hold these words.
    fn says(self, id: &str, message: &str, hint: &str) -> Self {
        let case = self.set("diagnosis", id).expect("message_contains", message);
        case.expect("hint_contains", hint)
    }
}

fn texts(cases: &mut Vec<Case>) {
    let not_a_jwt = |name: &str, text: &str| Case::new(name, text).rejected("format", "not_a_jwt");
    cases.push(not_a_jwt("access token", "ya29.a0AfH6SMBx").says(
        "D1",
        "access token",
        "print-identity-token",
    ));
    for (name, text) in [
        ("refresh token", "1//0gabcdefghijklmnop"),
        ("client secret", "GOCSPX-abcdefghijklmnop"),
        ("API key", "AIzaabcdefghijklmnopqrstuvwxyz012345678"),
        ("private key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"),
    ] {
        let hint = "leaked";
        cases.push(not_a_jwt(&format!("secret: {name}"), text).says("D2", "secret", hint));
    }
    cases.push(
        not_a_jwt("key file", r#"{"type":"service_account","private_key":"-----BEGIN PRIVATE KEY-----\n"}"#)
            .says("D2", "key file", "delete"),
    );
    cases.push(not_a_jwt("key set", r#"{"keys":[]}"#).says("", "key set", "keys"));
    cases.push(
        not_a_jwt("gcloud's message", "ERROR: (gcloud.auth.print-identity-token) No identity token can be obtained from the current credentials.")
            .says("D26", "gcloud", "Cloud Build"),
    );
    cases.push(not_a_jwt("claims that a gateway forwarded", &base64url(Claims::google().json())).says(
        "",
        "without a signature",
        "X-Forwarded-Authorization",
    ));
    let good = Claims::google().by_k1();
    let spelled = |name: &str, token: String| Case::new(name, token).rejected("format", "base64_invalid");
    cases.push(spelled("padding", format!("{good}==")).says("D3", "padded", "exactly as it was issued"));
    cases.push(spelled("white space", format!("{good} ")).says(
        "D3",
        "white space",
        "exactly as it was issued",
    ));
    let standard = good.replace('-', "+").replace('_', "/");
    cases.push(spelled("standard base64", standard).says(
        "D23",
        "standard base64",
        "exactly as it was issued",
    ));
    let empty = Case::new("no token", "").rejected("format", "token_malformed");
    cases.push(empty.says("", "no token", "set"));
}

fn cuts(cases: &mut Vec<Case>) {
    let good = Claims::google().by_k1();
    let dots: Vec<usize> = good.match_indices('.').map(|(at, _)| at).collect();
    let malformed = |name: &str, token: &str| Case::new(name, token).rejected("format", "token_malformed");
    cases.push(malformed("only the header", &good[..dots[0]]).says("D4", "cut off", "Copy the whole token"));
    cases.push(malformed("no signature", &good[..dots[1]]).says("D4", "cut off", "logs"));
    cases.push(
        Case::new("signature of 51 bytes", &good[..=dots[1] + 68])
            .rejected("signature", "signature_invalid")
            .says("D4", "51 bytes", "logs"),
    );
    cases.push(
        Case::new("signature of an odd length", &good[..=dots[1] + 69])
            .rejected("format", "base64_invalid")
            .says("D4", "cut off", "logs"),
    );
    cases.push(malformed("four parts", &format!("{good}.x")).says("", "4 parts", "alone"));
    let redacted = format!("{}.SIGNATURE_REMOVED_BY_GOOGLE", &good[..dots[1]]);
    cases.push(Case::new("redacted", redacted).rejected("format", "signature_removed").says(
        "D5",
        "removed the signature",
        "X-Serverless-Authorization",
    ));
    let altered = format!(
        "{}.{}",
        signing_input(HEADER, Claims::google().with("sub", r#""2""#).json()),
        &good[dots[1] + 1..]
    );
    cases.push(Case::new("altered payload", altered).rejected("signature", "signature_invalid").says(
        "D23",
        "does not belong",
        "altered",
    ));
}

fn algorithms(cases: &mut Vec<Case>) {
    let unsupported =
        |name: &str, token: String| Case::new(name, token).rejected("algorithm", "algorithm_unsupported");
    let none = format!("{}.", signing_input(r#"{"alg":"none"}"#, Claims::google().json()));
    cases.push(unsupported("alg none", none).says("D6", "Firebase emulator", "real issuer"));
    let input = signing_input(r#"{"alg":"HS256"}"#, Claims::google().json());
    let shared = format!("{input}.{}", base64url(hmac_sha256(b"secret", input.as_bytes())));
    cases.push(unsupported("HS256", shared).says("D6", "shared secret", "Google"));
}

fn keys(cases: &mut Vec<Case>) {
    let unknown = |name: &str, claims: &Claims| {
        let token = sign(r#"{"alg":"RS256","kid":"k7","typ":"JWT"}"#, claims.json(), &K1);
        Case::new(name, token).rejected("key", "key_not_found")
    };
    let firebase = Claims::google().with("iss", r#""https://securetoken.google.com/p""#);
    cases.push(unknown("kid of another issuer", &firebase).says("D7", "other keys", "firebase:p"));
    let old = Claims::google().lasting(-90_000, -86_400);
    cases.push(unknown("kid rotated away", &old).says("D7", "changed its keys", "fresh token"));
    cases.push(unknown("kid unknown", &Claims::google()).says("D7", "k7", "fetch them again"));
}

fn audiences(cases: &mut Vec<Case>) {
    const RUN: &str = "https://hello-abc123-uc.a.run.app";
    const WEB: &str = "1-web.apps.googleusercontent.com";
    const GCLOUD: &str = "32555940559.apps.googleusercontent.com";
    const LOGIN: &str = "764086051850-6qr4p6gpi6hn506pt8ejuq83di341hur.apps.googleusercontent.com";
    const BACKEND: &str = "/projects/123456789012/global/backendServices/987654321";
    for (id, name, found, expected, message, hint) in [
        ("D8", "gcloud's own client", GCLOUD, RUN, "gcloud itself", "--audiences"),
        ("D25", "gcloud's own client, as D25 has it", GCLOUD, RUN, "without --audiences", "--audiences"),
        ("D8", "the login client", LOGIN, RUN, "application-default login", "impersonate"),
        (
            "D8",
            "slash at the end",
            "https://hello-abc123-uc.a.run.app/",
            RUN,
            "slash at the end",
            "without a slash",
        ),
        ("D8", "scheme", "http://hello-abc123-uc.a.run.app", RUN, "scheme", "https"),
        ("D8", "no scheme", "hello-abc123-uc.a.run.app", RUN, "scheme", "https"),
        (
            "D8",
            "case",
            "https://Hello-abc123-uc.a.run.app",
            RUN,
            "upper and lower case",
            "character by character",
        ),
        ("D8", "port", "https://hello-abc123-uc.a.run.app:443", RUN, "port", "port"),
        ("D8", "white space", " https://hello-abc123-uc.a.run.app", RUN, "white space", "white space"),
        ("D8", "path", "https://hello-abc123-uc.a.run.app/api?x=1", RUN, "different paths", "path"),
        ("D8", "custom domain", "https://api.example.com", RUN, "custom domain", "custom audiences"),
        ("D8", "client id for a URL", WEB, RUN, "OAuth client", "URL"),
        ("D8", "URL for a client id", RUN, WEB, "URL of a service", "client id"),
        (
            "D8",
            "another client id",
            "1-android.apps.googleusercontent.com",
            WEB,
            "another OAuth client",
            "web",
        ),
        ("D8", "client id for IAP's path", WEB, BACKEND, "assertion that IAP adds", "profile iap"),
        ("D8", "number and id", "123456789012", "my-project", "number", "id"),
        ("D8", "something else", "a", "b", "made for a, but b is expected", "Mint"),
    ] {
        let token = Claims::google().with("aud", &quoted(found)).by_k1();
        let case = Case::new(format!("audience: {name}"), token).set("audience", expected);
        cases.push(case.rejected("audience", "audience_mismatch").says(id, message, hint));
    }
    let iap = Claims::iap().with("aud", &quoted(BACKEND)).by_k2();
    cases.push(
        Case::iap("IAP's assertion and a client id", iap)
            .set("audience", WEB)
            .rejected("audience", "audience_mismatch")
            .says("D19", "IAP's assertion", "/projects/PROJECT_NUMBER"),
    );
    cases.push(
        Case::new("no audience expected", Claims::google().by_k1())
            .set("audience", serde_json::Value::Null)
            .set("diagnosis", "D24")
            .accepted()
            .expect("notes", serde_json::json!(["any_audience", "no_caller_rule"])),
    );
    let list = Claims::google().with("aud", r#"["aud-1"]"#).by_k1();
    cases.push(Case::new("audience: a list", list).rejected("audience", "claim_malformed").says(
        "",
        "aud is a list",
        "one string",
    ));
}

fn times(cases: &mut Vec<Case>) {
    let case = |name: &str, claims: &Claims| Case::new(name, claims.by_k1());
    let expired = |name: &str, ago: i64| {
        case(name, &Claims::google().lasting(-3_600 - ago, -ago)).rejected("expiry", "token_expired")
    };
    cases.push(expired("expired long ago", 7_200).says("D9", "2 hours ago", "fresh token"));
    cases.push(expired("expired just now", 120).says("D9", "Node and Java", "before the old one"));
    let ahead = Claims::google().lasting(300, 3_600);
    cases.push(case("issued in the future", &ahead).rejected("issued_at", "issued_in_future").says(
        "D10",
        "in the future",
        "NTP",
    ));
    let not_yet = Claims::google().with("nbf", &(NOW + 300).to_string());
    cases.push(case("valid in the future", &not_yet).rejected("not_before", "token_not_yet_valid").says(
        "D10",
        "becomes valid",
        "NTP",
    ));
    let milliseconds = Claims::google().with("exp", &((NOW + 3_590) * 1_000).to_string());
    cases.push(case("milliseconds", &milliseconds).rejected("expiry", "claim_malformed").says(
        "D11",
        "milliseconds",
        "seconds",
    ));
    let long = Claims::google().lasting(0, 86_500);
    cases.push(case("too long", &long).rejected("lifetime", "lifetime_too_long").says(
        "D12",
        "1 day",
        "short-lived",
    ));
    let string = Claims::google().with("exp", r#""1760003590""#);
    cases.push(case("exp a string", &string).rejected("expiry", "claim_malformed").says(
        "",
        "a string instead of a number",
        "",
    ));
}

fn kinds(cases: &mut Vec<Case>) {
    let issued =
        |name: &str, claims: &Claims| Case::new(name, claims.by_k1()).rejected("issuer", "issuer_mismatch");
    let by = |issuer: &str| Claims::google().with("iss", &quoted(issuer));
    cases.push(
        issued("Firebase token to the profile google", &by("https://securetoken.google.com/my-project"))
            .says("D13", "Firebase", "firebase:my-project"),
    );
    let custom = by(SA).with(
        "aud",
        r#""https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit""#,
    );
    cases.push(
        Case::new("custom token", custom.by_k1())
            .rejected_by(&["issuer", "audience"], "issuer_mismatch")
            .says("D14", "custom token", "signInWithCustomToken"),
    );
    let session = by("https://session.firebase.google.com/my-project").with("aud", r#""my-project""#);
    let session = session.with("auth_time", &(NOW - 100).to_string());
    cases.push(
        issued("session cookie to the profile firebase", &session)
            .set("profile", "firebase:my-project")
            .set("audience", "my-project")
            .says("D15", "session cookie", "firebase-session:my-project"),
    );
    let assertion = by(SA).with("sub", &quoted(SA)).with("aud", r#""https://oauth2.googleapis.com/token""#);
    cases.push(
        Case::new("assertion as bearer token", assertion.by_k1())
            .rejected_by(&["issuer", "audience"], "issuer_mismatch")
            .says("D20", "assertion", "Exchange it first"),
    );
    cases.push(issued("self-signed JWT to Cloud Run", &by(SA).with("sub", &quoted(SA))).says(
        "D21",
        "signed itself",
        "service-account:",
    ));
    let risc = by("https://accounts.google.com").with("events", "{}").without("exp").by_k1();
    cases.push(Case::new("security event", risc).rejected("expiry", "claim_missing").says(
        "D27",
        "Security events have no exp",
        "RISC",
    ));
    cases.push(issued("look-alike", &by("https://accounts.google.com.evil.example")).says(
        "D28",
        "looks like Google",
        "Do not trust",
    ));
    cases.push(
        issued("slash behind the issuer", &by("https://accounts.google.com/"))
            .says("D28", "slash", "no slash"),
    );
    cases.push(issued("another provider", &by("https://login.example")).says(
        "D28",
        "https://login.example",
        "own keys",
    ));
    cases.push(
        Case::iap("ID token to the profile iap", Claims::google().by_k1())
            .rejected("algorithm", "algorithm_not_allowed")
            .says("D7", "other keys", "profile google"),
    );
    cases.push(
        Case::new("no kid", with_header(r#"{"alg":"RS256"}"#)).rejected("key", "key_id_missing").says(
            "",
            "which key",
            "issuer",
        ),
    );
}

fn callers(cases: &mut Vec<Case>) {
    let nameless =
        Claims::google().with("azp", r#""110000000000000000002""#).with("sub", r#""110000000000000000002""#);
    cases.push(
        Case::new("service account without address", nameless.by_k1())
            .set("email", SA)
            .rejected("email", "claim_missing")
            .says("D16", "does not carry", "includeEmail"),
    );
    let unverified = |value: &str| Claims::person().with("email_verified", value).by_k1();
    let case = |name: &str, token: String| {
        Case::new(name, token).set("email", "ann@example.com").rejected("email", "email_unverified")
    };
    cases.push(case("email_verified false", unverified("false")).says("D17", "not verified", "sub"));
    cases.push(case("email_verified a text", unverified(r#""true""#)).says("D17", "a text", "boolean"));
    cases.push(case("no email_verified", Claims::person().without("email_verified").by_k1()).says(
        "D17",
        "does not say",
        "sub",
    ));
    let hosted = |name: &str, claims: &Claims| {
        Case::new(name, claims.by_k1())
            .set("hosted_domain", "example.com")
            .rejected("hosted_domain", "hosted_domain_mismatch")
    };
    cases.push(hosted("consumer account", &Claims::person().without("hd")).says(
        "D18",
        "Consumer accounts",
        "domain",
    ));
    cases.push(hosted("service account and hosted domain", &Claims::service_account(SA)).says(
        "D18",
        "Service accounts have none",
        "domain",
    ));
    let stranger = Claims::service_account("evil@attacker.iam.gserviceaccount.com").by_k1();
    cases.push(
        Case::new("a stranger's good token", &*stranger)
            .set("callers", serde_json::json!([SA]))
            .rejected("caller", "caller_not_allowed")
            .says("D22", "evil@attacker.iam.gserviceaccount.com", "caller rules"),
    );
    cases.push(
        Case::new("a stranger's good token, and nobody asks", stranger)
            .set("diagnosis", "D22")
            .accepted()
            .expect("notes", serde_json::json!(["no_caller_rule"])),
    );
}
