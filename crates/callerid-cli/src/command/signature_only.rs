//! `callerid verify --signature-only`: is the signature good, whatever the payload says?

use callerid::{ErrorCode, Profile, UnverifiedToken};

use crate::cli::Verify;
use crate::error::{Error, Exit, Outcome};
use crate::host::keys::Keys;
use crate::host::terminal;
use crate::input;

/// Why there is no payload to print.
struct Refusal {
    code: ErrorCode,
    /// Why the keys could not be had.
    reason: Option<String>,
}

pub(crate) fn run(arguments: Verify, profile: &Profile) -> Outcome {
    let mut keys = Keys::open(arguments.keys.as_deref(), profile, arguments.offline)?;
    let token = input::exact_token(arguments.token)?;
    let payload = payload(&token, &mut keys);
    if arguments.json {
        let (verdict, code) = match &payload {
            Ok(_) => ("verified", "null".into()),
            Err(refusal) if refusal.code.is_undecided() => ("undecided", format!("\"{}\"", refusal.code)),
            Err(refusal) => ("rejected", format!("\"{}\"", refusal.code)),
        };
        terminal::print(&format!("{{\"verdict\":\"{verdict}\",\"code\":{code}}}\n"))?;
        return Ok(payload.map_or_else(|refusal| refusal.exit(), |_| Exit::Done));
    }
    match payload {
        Ok(payload) => terminal::print_bytes(&payload).map(|()| Exit::Done),
        Err(Refusal { code, reason: Some(reason) }) => {
            Err(Error::undecided(format_args!("{code}: {reason}"), code.hint()))
        }
        Err(Refusal { code, reason: None }) => {
            Err(Error::rejected(format_args!("{code}: {}", code.sentence()), code.hint()))
        }
    }
}

fn payload(token: &str, keys: &mut Keys) -> Result<Vec<u8>, Refusal> {
    let refuse = |code| Refusal { code, reason: None };
    let token = UnverifiedToken::parse(token).map_err(refuse)?;
    let algorithm = token.unverified_algorithm().ok_or_else(|| refuse(ErrorCode::AlgorithmUnsupported))?;
    let key_id = token.unverified_key_id().map(String::from);
    let fetched;
    let set = match keys {
        Keys::Given { keys, .. } => &*keys,
        Keys::Endpoint(endpoint) => {
            let unavailable = |reason| Refusal { code: ErrorCode::KeysUnavailable, reason: Some(reason) };
            fetched = endpoint.keys_for(key_id.as_deref()).map_err(unavailable)?;
            fetched.keys.keys()
        }
    };
    let key = set.select(key_id.as_deref(), algorithm).map_err(refuse)?;
    let verified = token.verify_signature(key).map_err(refuse)?;
    Ok(verified.unvalidated_payload().to_vec())
}

impl Refusal {
    const fn exit(&self) -> Exit {
        if self.code.is_undecided() { Exit::Undecided } else { Exit::Rejected }
    }
}
