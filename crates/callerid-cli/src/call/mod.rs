//! Calling a service with a token: for whom it is made, how it is sent, and what a refusal means.

mod answer;
mod audience;
mod correction;
mod masked;
mod payload;
mod refusal;
mod refusal_table;
mod request;

pub(crate) use answer::Answer;
pub(crate) use audience::audience_of;
pub(crate) use correction::Correction;
pub(crate) use masked::{Masked, Secret};
pub(crate) use refusal::{Refused, explain};
pub(crate) use request::{Outgoing, Target};
