//! What a receiver will make of a token, said before it is handed out.

use callerid::{CLOCK_SKEW_DEFAULT, Profile, UnixTime, UnverifiedToken, duration_in_words, visible};
use callerid_mint::Claims;
use zeroize::Zeroizing;

use super::MintedToken;
use crate::host::clock;

/// An ID token for that audience with whatever is odd about it. Its signature is for the receiver to
/// check.
pub(super) fn id_token(token: Zeroizing<String>, audience: &str) -> MintedToken {
    let payload = UnverifiedToken::parse(&token).ok();
    let payload = payload.and_then(|parsed| String::from_utf8(parsed.unverified_payload().to_vec()).ok());
    let claims = payload.and_then(|payload| Claims::from_json(&payload).ok());
    let Some(claims) = claims else {
        let warning = "the token cannot be read as a JWT, so nobody will accept it".into();
        return MintedToken::new(token, clock::now()).with(None, vec![warning]);
    };
    let time = |name| claims.json_of(name).and_then(|time| time.parse::<i64>().ok());
    let now = clock::now().as_seconds();
    let (issued_at, expires_at) = (time("iat").unwrap_or(now), time("exp").unwrap_or(now));
    let warnings = warnings(&claims, audience, now, issued_at, expires_at);
    let email = claims.text_of("email");
    MintedToken::new(token, UnixTime::from_seconds(expires_at)).with(email, warnings)
}

fn warnings(claims: &Claims, audience: &str, now: i64, issued_at: i64, expires_at: i64) -> Vec<String> {
    let profile = Profile::google();
    let skew = i64::from(CLOCK_SKEW_DEFAULT);
    let mut warnings = Vec::new();
    let issuer = claims.text_of("iss").unwrap_or_default();
    if !profile.issuers().contains(&issuer) {
        warnings.push(format!("the token's issuer is {}, not Google", visible(&issuer)));
    }
    match claims.text_of("aud") {
        Some(found) if found == audience => {}
        found => {
            let found = found.unwrap_or_else(|| "nobody".into());
            warnings.push(format!("the token is for {}, not for {}", visible(&found), visible(audience)));
        }
    }
    if claims.text_of("email").is_none() {
        warnings.push(
            "the token names no e-mail address, so Identity-Aware Proxy and most services refuse it".into(),
        );
    } else if claims.json_of("email_verified") != Some("true") {
        warnings.push("the token's e-mail address is not marked as verified".into());
    }
    let lifetime = expires_at.saturating_sub(issued_at);
    if lifetime > profile.lifetime_max().saturating_add(2 * skew) {
        let lifetime = duration_in_words(lifetime.unsigned_abs());
        warnings.push(format!("the token lives for {lifetime}, longer than verifiers accept"));
    }
    let clock_is_wrong = if issued_at > now.saturating_add(skew) {
        Some((issued_at, "behind"))
    } else if expires_at <= now {
        Some((expires_at, "ahead of"))
    } else {
        None
    };
    if let Some((time, direction)) = clock_is_wrong {
        let difference = duration_in_words(time.abs_diff(now));
        warnings.push(format!(
            "this machine's clock is at least {difference} {direction} the clock of whoever made the token"
        ));
    }
    warnings
}
