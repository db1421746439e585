//! Every kind of test token, its profile, and what sets it apart from Google's.

use callerid::{Algorithm, ErrorCode, TokenKind, UnixTime};
use callerid_mint::{
    Claims, ClaimsError, DEVELOPMENT_ISSUER, EMULATOR_KEY_ID_PREFIX, SignError, SigningKey, TEST_MARKER,
    TestToken, TestTokenKind,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{NOW, TestRandomness, p256_key, part, rsa_key, verify};

fn key_for(kind: TestTokenKind) -> SigningKey {
    if kind.algorithms().contains(&Algorithm::Rs256) { rsa_key() } else { p256_key() }
}

fn sign(token: &TestToken) -> Result<String, SignError> {
    token.sign(&key_for(token.kind()), NOW, &mut TestRandomness::new(11))
}

/// The audience of a token, or the first of them.
fn audience(token: &str) -> String {
    let claims = part(token, 1);
    let audience = claims["aud"].as_str().or_else(|| claims["aud"][0].as_str());
    audience.expect("an audience").into()
}

fn check(token: &TestToken) -> Result<(), ErrorCode> {
    let signed = sign(token).expect("a token");
    let made_for = audience(&sign(&TestToken::new(token.kind())).expect("a token"));
    let keys = key_for(token.kind()).public_keys().clone();
    verify(&signed, &keys, &token.profile().expect("a profile"), &made_for).map(drop)
}

#[test]
fn imitations_verify_under_their_profile_and_are_recognised() {
    use TestTokenKind as Kind;
    for kind in Kind::ALL {
        let token = TestToken::new(kind).imitating_google();
        assert_eq!(check(&token), Ok(()), "{}", kind.as_str());
        let expected = match kind {
            Kind::AppCheck => TokenKind::FirebaseAppCheckToken,
            Kind::Chat => TokenKind::ChatToken,
            Kind::ComputeEngine => TokenKind::GoogleComputeEngineIdToken,
            Kind::ConfidentialSpace => TokenKind::ConfidentialSpaceToken,
            Kind::Firebase => TokenKind::FirebaseIdToken,
            Kind::FirebaseSession => TokenKind::FirebaseSessionCookie,
            Kind::Gke => TokenKind::GkeToken,
            Kind::GoogleServiceAccount | Kind::GoogleServiceAccountWithoutEmail => {
                TokenKind::GoogleServiceAccountIdToken
            }
            Kind::GoogleUser => TokenKind::GoogleUserIdToken,
            Kind::Iap => TokenKind::IapAssertion,
            Kind::ServiceAccount => TokenKind::ServiceAccountSignedJwt,
            other => panic!("{other:?} has no expectation"),
        };
        assert_eq!(callerid::decode(&sign(&token).unwrap(), NOW).kind, expected, "{}", kind.as_str());
        assert_eq!(Kind::from_name(kind.as_str()), Some(kind));
    }
    assert_eq!(Kind::from_name("Google-User"), None);
}

#[test]
fn a_twisted_claim_is_refused() {
    let now = NOW.as_seconds();
    for kind in TestTokenKind::ALL {
        let token = TestToken::new(kind).imitating_google();
        let twist = |claims: &str| check(&token.clone().with_claims(Claims::from_json(claims).unwrap()));
        assert_eq!(twist("{\"iss\":\"https://accounts.google.com.test\"}"), Err(ErrorCode::IssuerMismatch));
        assert_eq!(twist("{\"aud\":\"https://other.test\"}"), Err(ErrorCode::AudienceMismatch));
        assert_eq!(twist(&format!("{{\"exp\":{}}}", now - 31)), Err(ErrorCode::TokenExpired));
        assert_eq!(twist("{\"exp\":\"tomorrow\"}"), Err(ErrorCode::ClaimMalformed));
        assert_eq!(twist("{\"exp\":null}"), Err(ErrorCode::ClaimMissing));
        assert_eq!(twist(&format!("{{\"iat\":{}}}", now + 31)), Err(ErrorCode::IssuedInFuture));
        assert_eq!(twist(&format!("{{\"nbf\":{}}}", now + 31)), Err(ErrorCode::TokenNotYetValid));
        let lifetime = u32::try_from(token.profile().unwrap().lifetime_max() + 61).unwrap();
        assert_eq!(check(&token.clone().with_lifetime(lifetime)), Err(ErrorCode::LifetimeTooLong));
        let signed = sign(&token).unwrap();
        let other = key_for(kind).with_key_id(Some("other")).unwrap();
        let refused = verify(&signed, other.public_keys(), &token.profile().unwrap(), &audience(&signed));
        assert_eq!(refused.unwrap_err(), ErrorCode::KeyNotFound);
    }
}

#[test]
fn the_claims_stand_in_googles_order() {
    let token = sign(&TestToken::new(TestTokenKind::GoogleServiceAccount).imitating_google()).unwrap();
    let names = |text: &str| {
        let claims = Claims::from_json(text).unwrap();
        format!("{claims:?}")
    };
    let payload = part(&token, 1).to_string();
    let expected =
        "Claims [\"aud\", \"azp\", \"email\", \"email_verified\", \"exp\", \"iat\", \"iss\", \"sub\"]";
    assert_eq!(names(&payload), expected);
    let claims = TestToken::new(TestTokenKind::GoogleServiceAccount).to_claims(NOW);
    assert_eq!(names(&claims.to_json()), expected);
}

#[test]
fn the_header_admits_an_imitation_and_nothing_else_pretends() {
    for kind in TestTokenKind::ALL {
        let key = key_for(kind);
        let mut header = json!({ "alg": key.algorithm().as_str(), "kid": key.key_id(), "typ": "JWT" });
        let own = sign(&TestToken::new(kind)).unwrap();
        assert_eq!((part(&own, 0), &part(&own, 1)["iss"]), (header.clone(), &json!(DEVELOPMENT_ISSUER)));
        header[TEST_MARKER] = true.into();
        assert_eq!(part(&sign(&TestToken::new(kind).imitating_google()).unwrap(), 0), header);
        let refused = check(&TestToken::new(kind));
        let expected = Err(ErrorCode::IssuerMismatch);
        assert_eq!(refused, expected, "{}", kind.as_str());
    }
}

#[test]
fn an_emulator_signs_with_googles_header_and_a_key_that_is_named_as_its_own() {
    let claims = TestToken::new(TestTokenKind::GoogleUser).imitating_google().to_claims(NOW);
    let sign = |key_id: Option<&str>| {
        let key = rsa_key().with_key_id(key_id).unwrap();
        key.sign_jwt_emulating_google(&claims, &mut TestRandomness::new(0))
    };
    let key_id = format!("{EMULATOR_KEY_ID_PREFIX}1");
    let header = json!({"alg": "RS256", "kid": key_id, "typ": "JWT"});
    assert_eq!(part(&sign(Some(&key_id)).unwrap(), 0), header);
    for other in [None, Some("1"), Some("callerid-emulator"), Some("Callerid-Emulator-1")] {
        assert_eq!(sign(other).unwrap_err(), SignError::KeyIdNotEmulated, "{other:?}");
    }
}

#[test]
fn google_is_not_imitated_by_accident() {
    for issuer in [
        "https://accounts.google.com",
        "accounts.google.com",
        "https://accounts.google.com/",
        "HTTPS://Accounts.Google.com",
        "https://accounts.google.com.",
        "https://accounts.google.com:443",
        " https://accounts.google.com",
        "https://cloud.google.com/iap",
        "https://securetoken.google.com/p",
        "https://securetoken.google.com/p@q",
        "https://firebaseappcheck.googleapis.com/1",
        "https://confidentialcomputing.googleapis.com",
        "https://container.googleapis.com/v1/projects/p/locations/l/clusters/c",
        "chat@system.gserviceaccount.com",
    ] {
        let token = TestToken::new(TestTokenKind::GoogleUser).with_issuer(issuer);
        assert_eq!(sign(&token), Err(SignError::ImitatesGoogle), "{issuer}");
        let claims = Claims::new().with_text("iss", issuer);
        let over = TestToken::new(TestTokenKind::GoogleUser).with_claims(claims.clone());
        assert_eq!(sign(&over), Err(SignError::ImitatesGoogle), "{issuer}");
        let direct = rsa_key().sign_jwt(&claims, &mut TestRandomness::new(1));
        assert_eq!(direct, Err(SignError::ImitatesGoogle), "{issuer}");
    }
    let account = "caller@p.iam.gserviceaccount.com";
    let token = TestToken::new(TestTokenKind::GoogleUser).with_issuer(account);
    assert_eq!(sign(&token), Err(SignError::ImitatesGoogle));
    for issuer in
        ["https://accounts.google.com.test", "https://notgoogle.com", "me", "a@gserviceaccount.com.test"]
    {
        assert!(sign(&TestToken::new(TestTokenKind::GoogleUser).with_issuer(issuer)).is_ok(), "{issuer}");
    }
}

#[test]
fn an_imitation_is_signed_as_google_signs() {
    let mut randomness = TestRandomness::new(1);
    let iap = TestToken::new(TestTokenKind::Iap).imitating_google();
    let (rs256, es256) = (Algorithm::Rs256, Algorithm::Es256);
    assert_eq!(
        iap.sign(&rsa_key(), NOW, &mut randomness),
        Err(SignError::AlgorithmMismatch { expected: es256, found: rs256 })
    );
    let google = TestToken::new(TestTokenKind::GoogleUser);
    assert_eq!(
        google.clone().imitating_google().sign(&p256_key(), NOW, &mut randomness),
        Err(SignError::AlgorithmMismatch { expected: rs256, found: es256 })
    );
    assert!(google.sign(&p256_key(), NOW, &mut randomness).is_ok());
    let gke = TestToken::new(TestTokenKind::Gke).imitating_google();
    assert!(gke.sign(&p256_key(), NOW, &mut randomness).is_ok());
}

#[test]
fn values_can_be_replaced() {
    let token = TestToken::new(TestTokenKind::GoogleServiceAccount)
        .with_audience("https://svc.test/?a=\"b\"")
        .unwrap()
        .with_email("robot@other.iam.gserviceaccount.com")
        .unwrap()
        .with_subject("123")
        .with_lifetime(60)
        .with_issuer("https://issuer.test")
        .with_claims(
            Claims::from_json("{\"azp\":null,\"nested\":{\"big\":12345678901234567890123}}").unwrap(),
        );
    let claims = token.to_claims(NOW);
    assert_eq!(
        claims.to_json(),
        format!(
            "{{\"aud\":\"https://svc.test/?a=\\\"b\\\"\",\"email\":\"robot@other.iam.gserviceaccount.com\",\
             \"email_verified\":true,\"exp\":{},\"iat\":{},\"iss\":\"https://issuer.test\",\"sub\":\"123\",\
             \"nested\":{{\"big\":12345678901234567890123}}}}",
            NOW.as_seconds() + 60,
            NOW.as_seconds(),
        )
    );
    let gmail = TestToken::new(TestTokenKind::GoogleUser).with_email("ann@gmail.com").unwrap();
    assert_eq!(gmail.to_claims(NOW).json_of("hd"), None);
    let firebase = TestToken::new(TestTokenKind::Firebase).with_project_id("my-app").imitating_google();
    assert_eq!(firebase.to_claims(NOW).text_of("iss").unwrap(), "https://securetoken.google.com/my-app");
    assert_eq!(firebase.to_claims(NOW).text_of("aud").unwrap(), "my-app");
    let chat = TestToken::new(TestTokenKind::Chat).with_email("ann@example.com");
    assert_eq!(chat.unwrap_err(), ClaimsError::EmailOutOfPlace);
    let blank = TestToken::new(TestTokenKind::Chat).with_audience(" ");
    assert_eq!(blank.unwrap_err(), ClaimsError::AudienceEmpty);
    let profile = TestToken::new(TestTokenKind::Firebase).with_project_id("No Project").profile();
    assert!(matches!(profile.unwrap_err(), ClaimsError::Test(_)));
}

#[test]
fn claims_are_read_as_they_are_written() {
    let duplicate = |name: &str| ClaimsError::DuplicateMember { name: name.into() };
    assert_eq!(Claims::from_json("{\"a\":1,\"\\u0061\":2}").unwrap_err(), duplicate("a"));
    for (text, expected) in [
        ("", ClaimsError::Malformed),
        ("{\"a\":}", ClaimsError::Malformed),
        ("{} {}", ClaimsError::Malformed),
        ("[]", ClaimsError::NotAnObject),
        ("null", ClaimsError::NotAnObject),
    ] {
        assert_eq!(Claims::from_json(text).unwrap_err(), expected, "{text}");
    }
    let claims = Claims::from_json(" { \"a\" : 1.50e2 , \"b\" : [ ] } ").unwrap();
    assert_eq!(claims.to_json(), "{\"a\":1.50e2,\"b\":[ ]}");
    assert_eq!(claims.clone().with_json("a", "tru").unwrap_err(), ClaimsError::Malformed);
    assert_eq!(claims.with_json("a", " true ").unwrap().to_json(), "{\"a\":true,\"b\":[ ]}");
    let text = Claims::from_json("{\"a\":\"\\ud83d\\ude00\\n\\/\",\"b\":\"\\ud83d\",\"c\":1}").unwrap();
    assert_eq!(text.text_of("a").unwrap(), "😀\n/");
    assert_eq!((text.text_of("b"), text.text_of("c")), (None, None));
    let long = Claims::new().with_text("a", &"a".repeat(callerid::TOKEN_BYTES_MAX));
    let signed = rsa_key().sign_jwt(&long, &mut TestRandomness::new(1));
    assert_eq!(signed, Err(SignError::TooLarge));
}

/// JSON values as they stand in claims.
fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(any::<String>(), inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// What decides about a token is not to be hit by chance.
const DECISIVE: [&str; 9] = ["iss", "aud", "exp", "iat", "nbf", "sub", "auth_time", "email", "azp"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever else is claimed, the token verifies, and the claims arrive as they were given.
    #[test]
    fn any_claims_verify(
        others in prop::collection::hash_map(any::<String>(), any_value(), 0..8),
        kind in prop::sample::select(&TestTokenKind::ALL[..]),
        subject in "[!-~]{1,100}",
        audience in "[ -~]{0,40}[!-~]",
        now in 0_i64..4_000_000_000,
        seed in any::<u64>(),
    ) {
        let others: serde_json::Map<String, Value> =
            others.into_iter().filter(|(name, _)| !DECISIVE.contains(&name.as_str())).collect();
        let token = TestToken::new(kind)
            .imitating_google()
            .with_subject(&subject)
            .with_audience(&audience)
            .unwrap()
            .with_claims(Claims::from_json(&Value::Object(others.clone()).to_string()).unwrap());
        let key = key_for(kind);
        let now = UnixTime::from_seconds(now);
        let signed = token.sign(&key, now, &mut TestRandomness::new(seed)).unwrap();
        let policy = callerid::Policy::new(
            token.profile().unwrap(),
            callerid::Audience::exactly(audience).unwrap(),
            callerid::Callers::any(),
        );
        let verified = callerid::verify(&signed, key.public_keys(), &policy, now);
        prop_assert!(verified.is_ok(), "{:?}", verified.err());
        let claims = part(&signed, 1);
        for (name, value) in others.iter().filter(|(_, value)| !value.is_null()) {
            prop_assert_eq!(&claims[name], value);
        }
    }

    #[test]
    fn any_text_is_read_or_refused_without_a_panic(text in any::<String>()) {
        let _ = Claims::from_json(&text);
        let _ = SigningKey::parse(&text);
        let _ = SigningKey::parse(&format!("-----BEGIN PRIVATE KEY-----{text}-----END PRIVATE KEY-----"));
        let _ = callerid_mint::ServiceAccountKey::parse(&text);
    }
}
