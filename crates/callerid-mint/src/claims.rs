//! The claims of a token that is to be signed (RFC 7519 section 4).

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use crate::error::ClaimsError;
use crate::json::{self, JsonError, quoted};

/// Claims in the order in which they will stand in the token; every value is JSON text, so that numbers
/// keep their digits.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Claims {
    members: Vec<(String, String)>,
}

impl Claims {
    /// No claims yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { members: Vec::new() }
    }

    /// Reads a JSON object; its values stay as they are written.
    ///
    /// # Errors
    ///
    /// [`ClaimsError::Malformed`], [`ClaimsError::NotAnObject`] or [`ClaimsError::DuplicateMember`].
    pub fn from_json(text: &str) -> Result<Self, ClaimsError> {
        let object = json::parse_object(text).map_err(|error| match error {
            JsonError::DuplicateMember(name) => ClaimsError::DuplicateMember { name },
            JsonError::NotAnObject => ClaimsError::NotAnObject,
            JsonError::Syntax => ClaimsError::Malformed,
        })?;
        let members = object.into_members();
        Ok(Self { members: members.into_iter().map(|(name, raw)| (name, String::from(raw))).collect() })
    }

    /// Sets a claim to a text.
    #[must_use]
    pub fn with_text(self, name: &str, text: &str) -> Self {
        self.with_raw(name, quoted(text))
    }

    /// Sets a claim to a whole number.
    #[must_use]
    pub fn with_number(self, name: &str, number: i64) -> Self {
        self.with_raw(name, number.to_string())
    }

    /// Sets a claim to any JSON value.
    ///
    /// # Errors
    ///
    /// [`ClaimsError::Malformed`] if the text is not JSON.
    pub fn with_json(self, name: &str, value: &str) -> Result<Self, ClaimsError> {
        if !json::is_json(value) {
            return Err(ClaimsError::Malformed);
        }
        Ok(self.with_raw(name, String::from(value.trim())))
    }

    /// Sets a claim to text that is known to be JSON.
    pub(crate) fn with_raw(mut self, name: &str, value: String) -> Self {
        match self.members.iter_mut().find(|(found, _)| found == name) {
            Some((_, present)) => *present = value,
            None => self.members.push((String::from(name), value)),
        }
        self
    }

    /// Puts other claims over these: a claim of the same name is replaced as a whole, `null` takes it
    /// away, and all others are added at the end.
    #[must_use]
    pub fn merged_with(self, others: &Self) -> Self {
        others.members.iter().fold(self, |claims, (name, value)| {
            if value == "null" { claims.without(name) } else { claims.with_raw(name, value.clone()) }
        })
    }

    /// Takes a claim away.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.members.retain(|(found, _)| found != name);
        self
    }

    /// The JSON text of a claim.
    #[must_use]
    pub fn json_of(&self, name: &str) -> Option<&str> {
        self.members.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// The text of a claim, if it is a string.
    #[must_use]
    pub fn text_of(&self, name: &str) -> Option<String> {
        self.json_of(name).and_then(json::string).map(|text| text.as_str().into())
    }

    /// The claims as one JSON object without white space between the members.
    #[must_use]
    pub fn to_json(&self) -> String {
        let member = |(name, value): &(String, String)| format!("{}:{value}", quoted(name));
        let members: Vec<String> = self.members.iter().map(member).collect();
        format!("{{{}}}", members.join(","))
    }
}

/// Shows the names alone.
impl fmt::Debug for Claims {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Claims ")?;
        formatter.debug_list().entries(self.members.iter().map(|(name, _)| name)).finish()
    }
}
