//! The token, the keys and the case of the demo.

use crate::generate::{NOW, folder, key_set, quoted};
use crate::support::{K1, check_generated, sign};

/// A key id as Google makes them.
const KEY_ID: &str = "3f1d6a0c5b7e9d2481c6f0a37b5e8d914c2a6f70";
const AUDIENCE: &str = "https://hello-abc123-uc.a.run.app";

pub(crate) fn write() {
    let header = format!(r#"{{"alg":"RS256","kid":"{KEY_ID}","typ":"JWT"}}"#);
    let claims = format!(
        r#"{{"aud":{},"azp":"110000000000000000002","email":"caller@my-project.iam.gserviceaccount.com","email_verified":true,"exp":{},"iat":{},"iss":"https://accounts.google.com","sub":"110000000000000000002"}}"#,
        quoted(AUDIENCE),
        NOW + 3_600,
        NOW,
    );
    let key = K1.jwk(&format!(r#""alg":"RS256","use":"sig","kid":"{KEY_ID}""#));
    let demo = folder().join("demo");
    check_generated(&demo.join("token.jwt"), &format!("{}\n", sign(header, claims, &K1)));
    check_generated(&demo.join("keys.json"), &format!("{}\n", key_set(&[key])));
    let case = format!("{{\"audience\": {}, \"now\": {}}}\n", quoted(AUDIENCE), NOW + 600);
    check_generated(&demo.join("case.json"), &case);
}
