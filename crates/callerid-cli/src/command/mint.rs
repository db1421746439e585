//! `callerid mint`

use zeroize::Zeroizing;

use crate::cli::{Mint, MintKind};
use crate::error::{Error, Exit, Outcome};
use crate::host::{files, terminal};
use crate::mint::{self, DevelopmentToken, MintedToken, Purpose};

const SCOPE_DEFAULT: &str = callerid_mint::exchange::CLOUD_PLATFORM_SCOPE;

pub(crate) fn run(arguments: &Mint) -> Outcome {
    let minted = mint(arguments)?;
    minted.warnings().iter().for_each(|warning| terminal::say(&format!("warning: {warning}")));
    let start = if arguments.header { "Authorization: Bearer " } else { "" };
    let text = Zeroizing::new(format!("{start}{}\n", minted.expose()));
    match &arguments.output {
        None => terminal::print(&text)?,
        Some(file) => files::replace(file, text.as_bytes(), true).map_err(|error| {
            Error::undecided(
                format_args!("{} could not be written: {error}", file.display()),
                "Give a file in a directory that you may write to.",
            )
        })?,
    }
    Ok(Exit::Done)
}

fn mint(arguments: &Mint) -> Outcome<MintedToken> {
    let audience = arguments.audience.as_deref();
    if audience.is_some_and(|audience| audience.trim().is_empty()) {
        return Err(Error::undecided(
            "the audience is empty",
            "Give the URL of the service that gets the token (is the variable that holds it set?).",
        ));
    }
    if let Some(key) = &arguments.dev_key {
        return mint::development_token(&DevelopmentToken {
            key,
            audience,
            issuer: arguments.issuer.as_deref(),
            email: arguments.email.as_deref(),
            subject: arguments.subject.as_deref(),
            lifetime: arguments.lifetime,
            claims: arguments.claims.as_deref(),
            imitated: arguments.imitate.as_deref(),
        });
    }
    if arguments.lifetime.is_some() && arguments.r#type != MintKind::SelfSigned {
        return Err(Error::undecided(
            "how long a token of Google's lives is for Google to say",
            "Leave --lifetime out, or add --type self-signed.",
        ));
    }
    let default = [SCOPE_DEFAULT.into()];
    let scopes = if arguments.scopes.is_empty() { &default } else { arguments.scopes.as_slice() };
    match (arguments.r#type, audience) {
        (MintKind::Id, Some(_)) if !arguments.scopes.is_empty() => {
            Err(Error::undecided("an ID token has no scopes", "Leave --scopes out, or add --type access."))
        }
        (MintKind::Id, Some(audience)) => mint::id_token(&arguments.source, audience),
        (MintKind::Id, None) => Err(Error::undecided(
            "--audience is missing: for whom is the token?",
            "Add --audience with the URL of the service: gcloud run services describe SERVICE --format='value(status.url)'.",
        )),
        (MintKind::Access, Some(_)) => Err(Error::undecided(
            "an access token has no audience",
            "Leave --audience out, or --type access: a service of your own wants an ID token.",
        )),
        (MintKind::Access, None) => mint::access_token(&arguments.source, scopes),
        (MintKind::SelfSigned, Some(_)) if !arguments.scopes.is_empty() => Err(Error::undecided(
            "a self-signed token is for an audience or has scopes, not both",
            "Leave one of --audience and --scopes out.",
        )),
        (MintKind::SelfSigned, audience) => {
            let purpose = audience.map_or(Purpose::Scopes(scopes), Purpose::Audience);
            mint::self_signed(&arguments.source, &purpose, arguments.lifetime)
        }
    }
}
