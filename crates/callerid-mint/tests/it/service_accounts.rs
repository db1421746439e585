//! What service accounts sign themselves.

use callerid::{ErrorCode, Profile, TokenKind};
use callerid_mint::{ClaimsError, ServiceAccountClaims, ServiceAccountKey, TOKEN_ENDPOINT};
use serde_json::{Value, json};

use crate::key_files::{EMAIL, key_file};
use crate::{NOW, TestRandomness, part, verify};

fn account() -> ServiceAccountKey {
    ServiceAccountKey::parse(&key_file().to_string()).unwrap()
}

fn sign(claims: &ServiceAccountClaims) -> String {
    account().sign(claims, NOW, &mut TestRandomness::new(5)).unwrap()
}

fn profile() -> Profile {
    Profile::parse(&format!("service-account:{EMAIL}")).unwrap()
}

const IAT: i64 = NOW.as_seconds();

#[test]
fn each_purpose_has_the_claims_that_google_documents() {
    let scopes = ["https://www.googleapis.com/auth/cloud-platform", "openid"];
    let scope = scopes.join(" ");
    let exp = IAT + 3_600;
    let access_token = ServiceAccountClaims::access_token_assertion(EMAIL, &scopes).unwrap();
    let cases: [(ServiceAccountClaims, Value, TokenKind); 7] = [
        (
            ServiceAccountClaims::id_token_assertion(EMAIL, "https://svc.test").unwrap(),
            json!({ "iss": EMAIL, "sub": EMAIL, "aud": TOKEN_ENDPOINT, "iat": IAT, "exp": exp,
                    "target_audience": "https://svc.test" }),
            TokenKind::ServiceAccountAssertion,
        ),
        (
            access_token.clone(),
            json!({ "iss": EMAIL, "aud": TOKEN_ENDPOINT, "iat": IAT, "exp": exp, "scope": scope }),
            TokenKind::ServiceAccountAssertion,
        ),
        (
            access_token.with_subject("ann@example.com").unwrap().with_lifetime(60).unwrap(),
            json!({ "iss": EMAIL, "sub": "ann@example.com", "aud": TOKEN_ENDPOINT, "iat": IAT,
                    "exp": IAT + 60, "scope": scope }),
            TokenKind::ServiceAccountAssertion,
        ),
        (
            ServiceAccountClaims::access_jwt_for_audience(EMAIL, "https://pubsub.googleapis.com/").unwrap(),
            json!({ "iss": EMAIL, "sub": EMAIL, "aud": "https://pubsub.googleapis.com/", "iat": IAT, "exp": exp }),
            TokenKind::ServiceAccountAccessJwt,
        ),
        (
            ServiceAccountClaims::access_jwt_for_scopes(EMAIL, &scopes).unwrap(),
            json!({ "iss": EMAIL, "sub": EMAIL, "iat": IAT, "exp": exp, "scope": scope }),
            TokenKind::ServiceAccountAccessJwt,
        ),
        (
            ServiceAccountClaims::iap_jwt(EMAIL, "https://app.test/*").unwrap(),
            json!({ "iss": EMAIL, "sub": EMAIL, "aud": "https://app.test/*", "iat": IAT, "exp": exp }),
            TokenKind::ServiceAccountSignedJwt,
        ),
        (
            ServiceAccountClaims::api_gateway_jwt(EMAIL, "https://api.test").unwrap(),
            json!({ "iss": EMAIL, "sub": EMAIL, "aud": "https://api.test", "iat": IAT, "exp": exp, "email": EMAIL }),
            TokenKind::ServiceAccountSignedJwt,
        ),
    ];
    for (claims, expected, kind) in cases {
        let token = sign(&claims);
        assert_eq!(part(&token, 1), expected);
        let header = json!({ "alg": "RS256", "kid": account().private_key_id(), "typ": "JWT" });
        assert_eq!(part(&token, 0), header);
        assert_eq!(callerid::decode(&token, NOW).kind, kind, "{expected}");
        // A JWT for all APIs of some scopes is the one kind without an audience.
        let Some(audience) = expected["aud"].as_str() else { continue };
        let keys = account().key().public_keys().clone();
        let verified = verify(&token, &keys, &profile(), audience).unwrap();
        assert_eq!(verified.email(), Some(EMAIL));
        let elsewhere = verify(&token, &keys, &profile(), "https://other.test");
        assert_eq!(elsewhere.unwrap_err(), ErrorCode::AudienceMismatch);
    }
}

#[test]
fn what_google_would_refuse_is_refused_at_once() {
    type Claims = ServiceAccountClaims;
    let blank = [Claims::id_token_assertion(EMAIL, " "), Claims::iap_jwt(EMAIL, "")];
    for made in blank.into_iter().chain([Claims::access_jwt_for_audience(EMAIL, "\t")]) {
        assert_eq!(made.unwrap_err(), ClaimsError::AudienceEmpty);
    }
    let made = Claims::id_token_assertion("caller", "https://svc.test");
    assert_eq!(made.unwrap_err(), ClaimsError::EmailMalformed);
    for scopes in [&[][..], &[""], &["a b"], &["a", ""]] {
        let made = Claims::access_token_assertion(EMAIL, scopes);
        assert_eq!(made.unwrap_err(), ClaimsError::ScopeMalformed, "{scopes:?}");
    }
    let id_token = Claims::id_token_assertion(EMAIL, "https://svc.test").unwrap();
    let subject = id_token.clone().with_subject("ann@example.com");
    assert_eq!(subject.unwrap_err(), ClaimsError::SubjectOutOfPlace);
    for seconds in [0, 3_601] {
        let made = id_token.clone().with_lifetime(seconds);
        assert_eq!(made.unwrap_err(), ClaimsError::LifetimeOutOfRange { seconds });
    }
}
