//! The inspector page, served to the browser of whoever runs this program, and to nobody else.

mod keys;
mod routes;
mod server;
mod site;

pub(crate) use server::Server;
pub(crate) use site::Site;
