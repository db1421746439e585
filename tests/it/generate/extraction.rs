//! What people paste, and the tokens in it.

use serde_json::json;

use crate::generate::{Case, Claims};

pub(crate) fn cases() -> Vec<Case> {
    let token = Claims::google().by_k1();
    let other = Claims::google().with("sub", r#""2""#).by_k1();
    let mut folded = String::new();
    for (at, character) in token.chars().enumerate() {
        if at > 0 && at % 76 == 0 {
            folded.push('\n');
        }
        folded.push(character);
    }
    vec![
        row("the token alone", token.clone(), &[&token], &[]),
        row("a line feed behind", format!("{token}\n"), &[&token], &[]),
        row("CRLF behind", format!("{token}\r\n"), &[&token], &[]),
        row("white space around", format!("  {token} \n"), &[&token], &["white_space_removed"]),
        row("Bearer", format!("Bearer {token}"), &[&token], &["scheme_removed"]),
        row("bearer in lower case", format!("bearer  {token}"), &[&token], &["scheme_removed"]),
        row(
            "a header line",
            format!("Authorization: Bearer {token}"),
            &[&token],
            &["header_name_removed", "scheme_removed"],
        ),
        row(
            "IAP's header",
            format!("x-goog-iap-jwt-assertion: {token}"),
            &[&token],
            &["header_name_removed"],
        ),
        row("double quotes", format!("\"{token}\""), &[&token], &["quotes_removed"]),
        row("single quotes", format!("'{token}'"), &[&token], &["quotes_removed"]),
        row(
            "quotes and a comma",
            format!("\"{token}\","),
            &[&token],
            &["quotes_removed", "punctuation_removed"],
        ),
        row("a trailing comma", format!("{token},"), &[&token], &["punctuation_removed"]),
        row("encoded dots", token.replace('.', "%2E"), &[&token], &["percent_decoded"]),
        row("encoded padding", format!("{token}%3D%3d"), &[&token], &["percent_decoded"]),
        row("folded at 76", folded.clone(), &[&token], &["lines_joined"]),
        row("folded with CRLF", folded.replace('\n', "\r\n"), &[&token], &["lines_joined"]),
        row("folded with backslashes", folded.replace('\n', "\\\n"), &[&token], &["lines_joined"]),
        row(
            "a curl command",
            format!("curl -H \"Authorization: Bearer {token}\" https://svc.example/"),
            &[&token],
            &["taken_from_text"],
        ),
        row(
            "a JSON reply",
            format!("{{\"id_token\": \"{token}\", \"expires_in\": 3599}}"),
            &[&token],
            &["taken_from_text"],
        ),
        row("a form field", format!("id_token={token}&state=x"), &[&token], &["taken_from_text"]),
        row("a URL", format!("https://jwt.example/#id_token={token}"), &[&token], &["taken_from_text"]),
        row(
            "a log line",
            format!("2026-01-01T00:00:00Z INFO got token {token} from caller"),
            &[&token],
            &["taken_from_text"],
        ),
        row("two tokens", format!("{token}\n{other}\n"), &[&token, &other], &["several_tokens"]),
        row("two tokens and a comma", format!("{token},{other}"), &[&token, &other], &["several_tokens"]),
        row("one token twice", format!("first {token} then {token}"), &[&token], &["taken_from_text"]),
        row(
            "two JSON members",
            format!("{{\"access_token\":\"ya29.x\",\"id_token\":\"{token}\",\"old\":\"{other}\"}}"),
            &[&token, &other],
            &["several_tokens"],
        ),
        row("padding stays", format!("{token}=="), &[&format!("{token}==")], &[]),
        row("an access token", String::from("ya29.a0AfH6SMBx"), &["ya29.a0AfH6SMBx"], &[]),
        row(
            "a quoted access token",
            String::from("\"ya29.a0AfH6SMBx\""),
            &["ya29.a0AfH6SMBx"],
            &["quotes_removed"],
        ),
        row("words", String::from("no token here"), &["no token here"], &[]),
        row("nothing", String::new(), &[""], &[]),
        row("blanks", String::from("  \n "), &[""], &["white_space_removed"]),
    ]
}

fn row(name: &str, text: impl Into<String>, tokens: &[&str], notes: &[&str]) -> Case {
    Case::named(name).set("text", text.into()).expect("tokens", json!(tokens)).expect("notes", json!(notes))
}
