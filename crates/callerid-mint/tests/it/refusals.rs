//! Every refusal that is known: what is answered, and what is made of it.

use std::collections::BTreeSet;

use callerid_mint::exchange::iam_credentials::{self, Impersonation};
use callerid_mint::exchange::{
    Circumstances, Credentials, Explanation, FarSide, REFUSALS, Refusal, Reply, ReplyError, Request, Secret,
    metadata, sts, token_endpoint,
};

use crate::NOW;
use crate::credentials::EXTERNAL;
use FarSide::{IamCredentials, MetadataServer, SecurityTokenService, TokenEndpoint};

const SECRET: &str = "ya29.c.the-access-token-that-nobody-may-see";

fn request(far_side: FarSide) -> Request {
    let secret = Secret::from(SECRET);
    match far_side {
        TokenEndpoint => token_endpoint::exchange("https://oauth2.googleapis.com/token", &secret),
        IamCredentials => {
            let impersonation = Impersonation {
                endpoint: "https://iamcredentials.googleapis.com",
                account: "sa@p.iam.gserviceaccount.com",
                delegates: &[],
                access_token: &secret,
                quota_project: None,
            };
            impersonation.id_token("https://svc.test")
        }
        MetadataServer => metadata::identity(metadata::HOST, "https://svc.test"),
        SecurityTokenService => {
            let Ok(Credentials::External(account)) = Credentials::parse(EXTERNAL, None) else { panic!() };
            sts::exchange(&account, &secret, "s")
        }
        FarSide::SubjectTokenSource => unreachable!("nothing is known of it"),
    }
}

fn refusal(far_side: FarSide, status: u16, body: &str) -> Refusal {
    let reply =
        Reply { status, metadata_flavor: Some("Google".into()), retry_after: None, body: body.into() };
    let request = request(far_side);
    let answer = match far_side {
        TokenEndpoint => token_endpoint::id_token(&request, &reply),
        IamCredentials => iam_credentials::id_token(&request, &reply),
        MetadataServer => metadata::id_token(&request, &reply),
        _ => sts::access_token(&request, &reply, NOW).map(|token| token.token),
    };
    match answer.unwrap_err() {
        ReplyError::Refused(refusal) => refusal,
        other => panic!("{far_side:?} {status} {body}: {other}"),
    }
}

fn check(far_side: FarSide, status: u16, body: &str, code: &str, says: &str) -> Explanation {
    let circumstances = Circumstances {
        account: Some("sa@p.iam.gserviceaccount.com"),
        member: Some("user:ann@example.com"),
        audience: Some("https://svc.test"),
        key_id: Some("0123abcd"),
    };
    let explanation = refusal(far_side, status, body).explain(&circumstances);
    assert_eq!(explanation.code, code, "{body}");
    let all = format!("{} {}", explanation.reason, explanation.next);
    assert!(all.contains(says), "{body}: {all}");
    assert!(!all.contains('{') && !all.contains(SECRET), "{all}");
    explanation
}

fn oauth(error: &str, description: &str) -> String {
    format!(r#"{{"error":"{error}","error_description":"{description}"}}"#)
}

fn api(status: &str, message: &str, reason: &str) -> String {
    format!(
        r#"{{"error":{{"code":1,"message":"{message}","status":"{status}","details":[{{"@type":"t"}},{{"reason":"{reason}"}}]}}}}"#
    )
}

#[test]
fn every_known_refusal_is_explained() {
    let key = "keys list --iam-account=sa@p.iam.gserviceaccount.com";
    let login = "gcloud auth application-default login";
    let role = "gcloud iam service-accounts add-iam-policy-binding sa@p.iam.gserviceaccount.com --member='user:ann@example.com' --role=roles/iam.serviceAccountTokenCreator";
    let enable = "gcloud services enable iamcredentials.googleapis.com --project=123";
    let cases: &[(FarSide, u16, String, &str, &str)] = &[
        (TokenEndpoint, 400, oauth("invalid_grant", "Invalid JWT Signature."), "key_not_accepted", key),
        (TokenEndpoint, 400, oauth("invalid_grant", "Invalid grant: account not found"), "account_not_found", "gcloud iam service-accounts list"),
        (TokenEndpoint, 400, oauth("invalid_grant", "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim."), "clock_wrong", "timedatectl"),
        (TokenEndpoint, 400, oauth("invalid_grant", "Invalid JWT: Failed audience check."), "token_endpoint_mismatch", "token_uri"),
        (TokenEndpoint, 400, r#"{"error":"invalid_grant","error_subtype":"invalid_rapt"}"#.into(), "login_too_old", login),
        (TokenEndpoint, 400, r#"{"error":"invalid_grant","error_subtype":"rapt_required"}"#.into(), "login_too_old", login),
        (TokenEndpoint, 400, oauth("invalid_grant", "Token has been expired or revoked."), "login_revoked", login),
        (TokenEndpoint, 401, oauth("unauthorized_client", "Client is unauthorized to retrieve access tokens using this method"), "delegation_missing", "Domain-wide delegation"),
        (TokenEndpoint, 401, oauth("invalid_client", "The OAuth client was not found."), "client_unknown", login),
        (TokenEndpoint, 401, oauth("disabled_client", "d"), "client_disabled", login),
        (TokenEndpoint, 401, oauth("deleted_client", "d"), "client_deleted", login),
        (TokenEndpoint, 400, oauth("invalid_audience", "The audience client and the client need to be in the same project."), "audience_not_allowed", "--impersonate"),
        (TokenEndpoint, 400, oauth("invalid_scope", "x is not a valid audience string"), "audience_malformed", "gcloud run services describe"),
        (TokenEndpoint, 400, oauth("invalid_scope", "Bad scope"), "scope_malformed", "--scopes"),
        (TokenEndpoint, 400, oauth("invalid_grant", "Something new"), "grant_refused", "Something new"),
        (IamCredentials, 403, api("PERMISSION_DENIED", "disabled", "SERVICE_DISABLED"), "api_not_enabled", "gcloud services enable"),
        (IamCredentials, 403, api("PERMISSION_DENIED", "IAM Service Account Credentials API has not been used in project 123 before or it is disabled.", ""), "api_not_enabled", enable),
        (IamCredentials, 403, api("PERMISSION_DENIED", "m", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"), "scope_insufficient", "gcloud compute instances set-service-account"),
        (IamCredentials, 403, api("PERMISSION_DENIED", "Request had insufficient authentication scopes.", ""), "scope_insufficient", "--scopes=cloud-platform"),
        (IamCredentials, 401, api("UNAUTHENTICATED", "m", "ACCESS_TOKEN_TYPE_UNSUPPORTED"), "access_token_type", login),
        (IamCredentials, 403, api("PERMISSION_DENIED", "Permission 'iam.serviceAccounts.getOpenIdToken' denied on resource (or it may not exist).", ""), "role_missing", role),
        (IamCredentials, 403, api("PERMISSION_DENIED", "Request is prohibited by organization's policy.", ""), "permission_denied", "get-iam-policy sa@p.iam"),
        (IamCredentials, 404, api("NOT_FOUND", "Not found; Gaia id not found for email x", ""), "account_not_found", "gcloud iam service-accounts list"),
        (IamCredentials, 400, api("INVALID_ARGUMENT", "The access token lifetime cannot exceed 3600 seconds.", ""), "lifetime_too_long", "allowServiceAccountCredentialLifetimeExtension"),
        (IamCredentials, 400, api("INVALID_ARGUMENT", "Request contains an invalid argument.", ""), "argument_invalid", "--delegates"),
        (IamCredentials, 401, api("UNAUTHENTICATED", "Request had invalid authentication credentials.", ""), "access_token_refused", login),
        (MetadataServer, 403, r#"Missing required header "Metadata-Flavor": "Google""#.into(), "metadata_header_lost", "NO_PROXY"),
        (MetadataServer, 400, "non-empty audience parameter required".into(), "audience_missing", "--audience"),
        (MetadataServer, 404, "Unable to generate access token; IAM returned 404 Not Found: Not found; Gaia id not found for email x".into(), "account_not_found", "kubectl describe serviceaccount"),
        (MetadataServer, 403, "Unable to generate token; IAM returned 403 Forbidden: denied".into(), "workload_identity_role_missing", "roles/iam.workloadIdentityUser"),
        (MetadataServer, 403, "<html>Forbidden</html>".into(), "metadata_forbidden", "NO_PROXY"),
        (MetadataServer, 404, "Not Found".into(), "no_service_account", "gcloud compute instances set-service-account"),
        (SecurityTokenService, 400, oauth("invalid_request", "Invalid value for \\\"audience\\\". This value should be the full resource name of the Identity Provider."), "provider_malformed", "create-cred-config"),
        (SecurityTokenService, 400, oauth("invalid_target", "The target service indicated by the audience parameters is invalid."), "provider_unknown", "providers list"),
        (SecurityTokenService, 400, oauth("invalid_grant", "The issuer in ID Token https://a does not match the expected ones: https://b"), "issuer_mismatch", "--issuer-uri"),
        (SecurityTokenService, 401, oauth("unauthorized_client", "The given credential is rejected by the attribute condition."), "condition_not_met", "attributeCondition"),
        (SecurityTokenService, 400, oauth("invalid_request", "The access token lifetime cannot exceed 3600 seconds."), "lifetime_too_long", "token_lifetime_seconds"),
        (SecurityTokenService, 400, oauth("invalid_grant", "ID Token has expired"), "federated_token_refused", "ID Token has expired"),
    ];
    let mut met = BTreeSet::new();
    for (far_side, status, body, code, says) in cases {
        let explanation = check(*far_side, *status, body, code, says);
        met.insert((far_side.name(), explanation.code));
        assert!(explanation.next.ends_with('.') && !explanation.reason.ends_with('.'), "{explanation:?}");
    }
    let known: BTreeSet<_> = REFUSALS.iter().map(|row| (row.far_side().name(), row.code())).collect();
    assert_eq!(met, known, "every row has its case");
    assert_eq!(cases.len(), REFUSALS.len(), "no row hides another");
}

#[test]
fn a_command_to_copy_holds_nothing_but_words() {
    let body =
        api("PERMISSION_DENIED", "Permission 'iam.serviceAccounts.getOpenIdToken' denied on resource", "");
    for odd in
        ["$(evil)@p.x", "a';evil;'@p.x", "a`evil`@p.x", "a@p.x\nevil", "--evil", "a&evil@p.x", "a|evil@p.x"]
    {
        let circumstances =
            Circumstances { account: Some(odd), member: Some(odd), ..Circumstances::default() };
        let explanation = refusal(IamCredentials, 403, &body).explain(&circumstances);
        assert!(
            !explanation.next.contains("evil") && explanation.next.contains("SERVICE_ACCOUNT"),
            "{explanation:?}"
        );
        assert!(explanation.reason.contains("evil"), "{explanation:?}");
    }
}

#[test]
fn what_is_unknown_is_told_in_its_own_words() {
    let words = refusal(IamCredentials, 418, &api("TEAPOT", "Short and stout", ""))
        .explain(&Circumstances::default());
    assert_eq!(words.code, "refused");
    assert!(
        words.reason.contains("status 418 TEAPOT") && words.reason.contains("Short and stout"),
        "{words:?}"
    );
    let busy = refusal(IamCredentials, 503, "");
    assert!(busy.is_passing() && busy.explain(&Circumstances::default()).code == "far_side_busy");
    for (status, code, is_passing) in [
        (408, "", true),
        (429, "", true),
        (500, "", true),
        (502, "", false),
        (504, "", true),
        (400, "", false),
        (400, "server_error", true),
        (400, "internal_failure", true),
        (403, "temporarily_unavailable", true),
    ] {
        let refusal = refusal(TokenEndpoint, status, &oauth(code, "d"));
        assert_eq!(refusal.is_passing(), is_passing, "{refusal}");
    }
}

#[test]
fn a_far_side_that_repeats_what_it_was_sent_is_not_quoted() {
    for repeated in [SECRET, "eyJhbGciOi.x.y", "GOCSPX-abc", "1//0abc", &"x".repeat(200)] {
        let shown =
            refusal(TokenEndpoint, 400, &oauth("e", &format!("Bad token {repeated}, sorry"))).to_string();
        assert!(!shown.contains(repeated) && shown.contains("[hidden], sorry"), "{shown}");
    }
    let long = refusal(TokenEndpoint, 400, &oauth("e", &"a word ".repeat(1_000))).to_string();
    assert!(long.len() < 600, "{long}");
}

#[test]
fn what_is_no_answer_is_no_refusal() {
    let request = request(TokenEndpoint);
    let jwt = |body: &str, status| {
        let reply = Reply { status, metadata_flavor: None, retry_after: None, body: body.into() };
        token_endpoint::id_token(&request, &reply).unwrap_err()
    };
    for (status, body, says) in [
        (200, "<!doctype html><title>Log in</title>", "a web page"),
        (200, r#"{"id_token":"eyJ"#, "cut off"),
        (200, "", "with nothing"),
        (200, "hello", "not JSON"),
        (200, "{}", "without a token"),
        (200, r#"{"id_token":""}"#, "without a token"),
        (200, r#"{"id_token":"eyJhbGciOiJSUzI1NiJ9.e30"}"#, "not a whole JWT"),
        (302, "", "redirect"),
    ] {
        let error = jwt(body, status);
        assert!(matches!(error, ReplyError::Unreadable { .. }), "{body}: {error:?}");
        assert!(error.to_string().contains(says) && !error.is_worth_another_try(), "{body}: {error}");
    }
    let reply =
        Reply { status: 200, metadata_flavor: Some("AWS".into()), retry_after: None, body: "a.b.c".into() };
    let request = metadata::identity(metadata::HOST, "a");
    assert_eq!(metadata::id_token(&request, &reply).unwrap_err(), ReplyError::NotTheMetadataServer);
}

proptest::proptest! {
    /// Whatever is answered, with whatever status: a result, and nothing that was sent.
    #[test]
    fn any_answer_is_judged(body in "\\PC{0,300}", status in 0_u16..1000, far_side in 0_usize..4) {
        let far_side = [TokenEndpoint, IamCredentials, MetadataServer, SecurityTokenService][far_side];
        let request = request(far_side);
        for body in [body.clone(), format!("{body}{SECRET}{body}"), oauth("e", &body), api("S", &body, &body)] {
            let reply = Reply { status, metadata_flavor: Some("Google".into()), retry_after: None, body: body.as_str().into() };
            let judged = [
                token_endpoint::id_token(&request, &reply).map(drop),
                iam_credentials::access_token(&request, &reply).map(drop),
                metadata::text(&request, &reply).map(drop),
                sts::access_token(&request, &reply, NOW).map(drop),
            ];
            for error in judged.into_iter().filter_map(Result::err) {
                let shown = match &error {
                    ReplyError::Refused(refusal) => format!("{error} {:?}", refusal.explain(&Circumstances::default())),
                    _ => error.to_string(),
                };
                proptest::prop_assert!(!shown.contains(SECRET), "{}", shown);
            }
        }
    }
}
