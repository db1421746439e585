//! For whom a token must be made so that the service behind a URL takes it.

use ureq::http::Uri;

/// An audience, and why it is this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Derived {
    pub(crate) audience: String,
    pub(crate) reason: &'static str,
}

/// The audience that follows from a URL.
///
/// - Functions of the first generation want their whole URL, which ends with the function's name.
/// - Cloud Run wants the service's own URL, also where a revision is called by its tag.
/// - Everything else is taken to be like Cloud Run.
pub(crate) fn audience_of(uri: &Uri) -> Derived {
    let host = uri.host().unwrap_or_default().to_ascii_lowercase();
    if host.ends_with(".cloudfunctions.net") {
        let audience = function_url(uri);
        return Derived { audience, reason: "it is the URL of the function" };
    }
    match host.split_once("---") {
        Some((_, service)) if service.ends_with(".run.app") => Derived {
            audience: origin(uri, service),
            reason: "it is the URL of the service, without the revision's tag",
        },
        _ => Derived { audience: origin(uri, &host), reason: "it is the URL without its path" },
    }
}

/// The URL up to its first path segment: what a function of the first generation is called by.
pub(crate) fn function_url(uri: &Uri) -> String {
    let host = uri.host().unwrap_or_default().to_ascii_lowercase();
    let origin = origin(uri, &host);
    match uri.path().split('/').nth(1).filter(|segment| !segment.is_empty()) {
        Some(name) => format!("{origin}/{name}"),
        None => origin,
    }
}

/// Scheme, host and port; the scheme's own port is left out, as Google does.
fn origin(uri: &Uri, host: &str) -> String {
    let scheme = uri.scheme_str().unwrap_or("https");
    let default = if scheme == "https" { 443 } else { 80 };
    match uri.port_u16().filter(|port| *port != default) {
        Some(port) => format!("{scheme}://{host}:{port}"),
        None => format!("{scheme}://{host}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(url: &str, expected: &str) {
        assert_eq!(audience_of(&url.parse().unwrap()).audience, expected, "{url}");
    }

    #[test]
    fn follows_from_the_url() {
        for (url, expected) in [
            ("https://svc-abc-uc.a.run.app", "https://svc-abc-uc.a.run.app"),
            ("https://svc-abc-uc.a.run.app/", "https://svc-abc-uc.a.run.app"),
            ("https://SVC-abc-uc.a.run.app:443/a/b?c=d", "https://svc-abc-uc.a.run.app"),
            ("https://svc-1234.europe-west1.run.app/a", "https://svc-1234.europe-west1.run.app"),
            ("https://green---svc-abc-uc.a.run.app/a", "https://svc-abc-uc.a.run.app"),
            ("https://a---b.example/a", "https://a---b.example"),
            ("https://r-p.cloudfunctions.net/hello", "https://r-p.cloudfunctions.net/hello"),
            ("https://r-p.cloudfunctions.net/hello/a?b", "https://r-p.cloudfunctions.net/hello"),
            ("https://r-p.cloudfunctions.net/", "https://r-p.cloudfunctions.net"),
            ("https://cloudfunctions.net.example/hello", "https://cloudfunctions.net.example"),
            ("https://svc.example:8443/a", "https://svc.example:8443"),
            ("http://127.0.0.1:4000/a", "http://127.0.0.1:4000"),
            ("http://[::1]:4000/a", "http://[::1]:4000"),
        ] {
            check(url, expected);
        }
    }
}
