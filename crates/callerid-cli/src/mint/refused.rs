//! Why there is no token, in the two lines that every error has.

use callerid_mint::exchange::{Circumstances, FarSide, ReplyError, Request};

use crate::error::Error;
use crate::host::exchange::{Exchange, Trouble};

/// Says what went wrong with a request, and what to do about it.
pub(super) fn error(
    exchange: &Exchange,
    request: &Request,
    trouble: Trouble,
    circumstances: &Circumstances<'_>,
) -> Error {
    let name = request.far_side().name();
    let answer = match trouble {
        Trouble::NotReached(words) => {
            return Error::undecided(
                format_args!("{name} was not reached: {words} ({})", host_of(request)),
                not_reached(request.far_side()),
            );
        }
        Trouble::Answer(answer) => answer,
    };
    match answer {
        ReplyError::Refused(refusal) => {
            exchange.tell(format_args!("{name} refused: {refusal}"));
            let explanation = refusal.explain(circumstances);
            exchange.tell(format_args!("the refusal is known as {}", explanation.code));
            // A server that is out of order has refused nothing.
            if refusal.is_passing() || refusal.status >= 500 {
                Error::undecided(explanation.reason, explanation.next)
            } else {
                Error::rejected(explanation.reason, explanation.next)
            }
        }
        ReplyError::NotTheMetadataServer => Error::undecided(
            format_args!("what answers at {} is not Google's metadata server", host_of(request)),
            "Outside Google's cloud, name credentials with --credentials; inside, set NO_PROXY=metadata.google.internal,169.254.169.254.",
        ),
        other => Error::undecided(
            format_args!("{name} was asked, but {other} ({})", host_of(request)),
            "Look at HTTPS_PROXY and the network in between, then try again; --explain shows every step.",
        ),
    }
}

const fn not_reached(far_side: FarSide) -> &'static str {
    match far_side {
        FarSide::MetadataServer => {
            "Outside Google's cloud, name credentials with --credentials, or set GCE_METADATA_HOST for an emulator."
        }
        FarSide::SubjectTokenSource => "Check credential_source in the credentials file.",
        _ => "Check the network and HTTPS_PROXY; --mint-timeout gives it more time.",
    }
}

fn host_of(request: &Request) -> &str {
    let url = request.url();
    let after = url.split_once("://").map_or(url, |(_, after)| after);
    after.split(['/', '?']).next().unwrap_or_default()
}
