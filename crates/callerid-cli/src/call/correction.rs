//! The command that would have worked, as far as a refusal tells.

use crate::cli::{Call, TokenField};

/// What to change in a command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Correction {
    /// Make the token for this audience.
    pub(crate) audience: Option<String>,
    /// Let this service account speak.
    pub(crate) account: Option<String>,
    /// Send it in the usual field.
    pub(crate) in_authorization: bool,
    /// Send an ID token, not one that the account signs itself.
    pub(crate) with_id_token: bool,
    /// Call this address, for which the audience follows anew.
    pub(crate) url: Option<String>,
}

impl Correction {
    /// The whole command. What was sent, with which header fields and which query, is not repeated: it may be
    /// secret.
    pub(crate) fn command(&self, call: &Call) -> String {
        let mut words = vec![String::from("callerid call")];
        let mut flag = |name: &str, value: Option<&str>| match value {
            Some(value) => words.push(format!("{name} {}", quoted(value))),
            None => words.push(name.into()),
        };
        // Another host wants another audience.
        let audience =
            if self.url.is_some() { None } else { self.audience.as_ref().or(call.audience.as_ref()) };
        if let Some(audience) = audience {
            flag("--audience", Some(audience));
        }
        if call.self_signed && !self.with_id_token {
            flag("--self-signed", None);
        }
        if call.token_field != TokenField::Authorization && !self.in_authorization {
            flag("--token-field", Some(call.token_field.as_str()));
        }
        let source = &call.source;
        if let Some(credentials) = &source.credentials {
            flag("--credentials", Some(&credentials.display().to_string()));
        }
        if source.metadata {
            flag("--metadata", None);
        }
        if let Some(account) = self.account.as_ref().or(source.impersonate.as_ref()) {
            flag("--impersonate", Some(account));
        }
        if !source.delegates.is_empty() {
            flag("--delegates", Some(&source.delegates.join(",")));
        }
        if let Some(method) = &call.request {
            flag("-X", Some(method));
        }
        for (is_there, name) in [
            (!call.header.is_empty(), "-H …"),
            (call.data.is_some(), "-d …"),
            (call.json.is_some(), "--json …"),
        ] {
            if is_there {
                words.push(name.into());
            }
        }
        let url = self.url.as_ref().unwrap_or(&call.url);
        words.push(match url.split_once(['?', '#']) {
            Some((start, _)) => quoted(&format!("{start}?…")),
            None => quoted(url),
        });
        words.join(" ")
    }
}

/// The text as one word of a shell, whatever is in it.
fn quoted(text: &str) -> String {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "-_./:@,=+%~".contains(character);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.into();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_what_a_shell_would_act_upon() {
        let check = |text: &str, expected: &str| assert_eq!(quoted(text), expected);
        check("https://svc.example/a", "https://svc.example/a");
        check("https://svc.example/a?b=c&d", "'https://svc.example/a?b=c&d'");
        check("$(reboot)", "'$(reboot)'");
        check("it's", "'it'\\''s'");
        check("", "''");
    }
}
