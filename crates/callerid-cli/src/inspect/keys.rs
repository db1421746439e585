//! Keys for the page, which browsers do not let it fetch from everywhere: through the same cache as for
//! `callerid verify`.

use callerid::Profile;

use crate::host::clock;
use crate::host::endpoint::Endpoint;

/// A key set for the page, or why there is none, in words that can follow "because".
pub(crate) struct Keys {
    pub(crate) jwk_set: String,
    /// For so many seconds the page need not ask again.
    pub(crate) fresh_for: i64,
}

/// The keys of a profile's issuer, fetched if they must be: also if the token's key is not among them.
///
/// `question` is the profile and, in the next line, the key id, which may be missing.
pub(crate) fn find(question: &str) -> Result<Keys, String> {
    let (profile, key_id) = match question.split_once('\n') {
        Some((profile, key_id)) => (profile, Some(key_id)),
        None => (question, None),
    };
    let profile = Profile::parse(profile).map_err(|error| error.to_string())?;
    let mut endpoint = Endpoint::open(&profile.jwk_set_url(), false).map_err(String::from)?;
    let fetched = endpoint.keys_for(key_id)?;
    let now = clock::now().as_seconds();
    let expires_at = fetched.source.expires_at.map_or(now, callerid::UnixTime::as_seconds);
    Ok(Keys { jwk_set: fetched.keys.keys().to_jwk_set(), fresh_for: expires_at.saturating_sub(now).max(0) })
}
