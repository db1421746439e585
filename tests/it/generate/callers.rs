//! Who may call.

use serde_json::{Value, json};

use crate::generate::{Case, Claims, quoted};

const SA: &str = "sa@p.iam.gserviceaccount.com";

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for family in [
        emails,
        verified,
        domains,
        subjects,
        hosted_domains,
        projects,
        combinations,
        iap,
        self_signed,
        parties,
    ] {
        family(&mut cases);
    }
    cases
}

fn person(name: &str) -> Case {
    Case::new(name, Claims::person().by_k1())
}

fn emails(cases: &mut Vec<Case>) {
    cases.push(person("email: the address").set("email", "ann@example.com").accepted());
    cases.push(
        person("email: one of two").set("email", json!(["bob@example.com", "ann@example.com"])).accepted(),
    );
    for email in [
        "bob@example.com",
        "Ann@example.com",
        "ann@Example.com",
        "ann@example.com.evil.example",
        "ann@example.co",
        "nn@example.com",
        "ann@sub.example.com",
        "ann+x@example.com",
    ] {
        let case = person(&format!("email: {email}")).set("email", email);
        cases.push(case.rejected("email", "email_mismatch"));
    }
    let without = Claims::google().by_k1();
    cases.push(
        Case::new("email: none in the token", without)
            .set("email", "ann@example.com")
            .rejected("email", "claim_missing"),
    );
    for value in ["null", "1", "[]", r#"["ann@example.com"]"#, "true"] {
        let token = Claims::person().with("email", value).by_k1();
        let case = Case::new(format!("email: {value}"), token).set("email", "ann@example.com");
        cases.push(case.rejected("email", "claim_malformed"));
    }
    cases.push(person("callers: the address").set("callers", json!(["ann@example.com"])).accepted());
    cases.push(
        person("callers: another address")
            .set("callers", json!(["bob@example.com"]))
            .rejected("caller", "caller_not_allowed"),
    );
    cases.push(
        Case::new("callers: no address in the token", Claims::google().by_k1())
            .set("callers", json!(["ann@example.com"]))
            .rejected("caller", "caller_not_allowed"),
    );
}

fn verified(cases: &mut Vec<Case>) {
    for (value, good) in [
        ("true", true),
        ("false", false),
        (r#""true""#, false),
        ("1", false),
        ("null", false),
        ("[true]", false),
        (r#""TRUE""#, false),
    ] {
        let token = Claims::person().with("email_verified", value).by_k1();
        let each = Case::new(format!("email_verified {value}"), &*token).set("email", "ann@example.com");
        let one_of = Case::new(format!("email_verified {value}, callers"), &*token)
            .set("callers", json!(["bob@example.com", "ann@example.com"]));
        let nobody = Case::new(format!("email_verified {value}, nobody asks"), &*token);
        cases.push(if good { each.accepted() } else { each.rejected("email", "email_unverified") });
        cases.push(if good { one_of.accepted() } else { one_of.rejected("caller", "email_unverified") });
        cases.push(nobody.accepted());
    }
    let token = Claims::person().without("email_verified").by_k1();
    let case = Case::new("no email_verified", &*token).set("email", "ann@example.com");
    cases.push(case.rejected("email", "email_unverified"));
    let case = Case::new("no email_verified, and another address", token).set("email", "bob@example.com");
    cases.push(case.rejected("email", "email_mismatch"));
    let token = Claims::person().without("email_verified").with("verified_email", "true").by_k1();
    let case = Case::new("verified_email instead", token).set("email", "ann@example.com");
    cases.push(case.rejected("email", "email_unverified"));
    let token = Claims::person().with("email_verified", "false").by_k1();
    let case =
        Case::new("an unverified stranger is a stranger", token).set("callers", json!(["bob@example.com"]));
    cases.push(case.rejected("caller", "caller_not_allowed"));
}

fn domains(cases: &mut Vec<Case>) {
    cases.push(person("email_domain: the domain").set("email_domain", "example.com").accepted());
    cases.push(person("email_domain: in capitals").set("email_domain", "EXAMPLE.com").accepted());
    for domain in ["xample.com", "sub.example.com", "example.com.evil.example", "notexample.com", "ample.com"]
    {
        let case = person(&format!("email_domain: {domain}")).set("email_domain", domain);
        cases.push(case.rejected("email", "email_mismatch"));
    }
    for email in [
        "ann@sub.example.com",
        "ann@evil.example@example.com",
        "@example.com",
        "ann@example.com.",
        "ann@notexample.com",
        "example.com",
        "ann@evil.example/example.com",
        "evil.example/x@example.com",
        "a:b@example.com",
        "ann@example.com\0",
        "ann@ex\u{430}mple.com",
    ] {
        let token = Claims::person().with("email", &quoted(email)).by_k1();
        let case = Case::new(format!("email_domain: address {}", quoted(email)), token)
            .set("email_domain", "example.com");
        cases.push(case.rejected("email", "email_mismatch"));
    }
    let token = Claims::person().with("email_verified", "false").by_k1();
    let case = Case::new("email_domain: unverified", token).set("email_domain", "example.com");
    cases.push(case.rejected("email", "email_unverified"));
}

fn subjects(cases: &mut Vec<Case>) {
    cases.push(person("subject: the subject").set("subject", "100000000000000000001").accepted());
    for subject in ["100000000000000000002", "10000000000000000000", "1e20", "100000000000000000001 "] {
        let case = person(&format!("subject: {subject}")).set("subject", subject);
        cases.push(case.rejected("subject", "subject_mismatch"));
    }
    let number = Claims::person().with("sub", "100000000000000000001").by_k1();
    let case = Case::new("subject: a number", number).set("subject", "100000000000000000001");
    cases.push(case.rejected_by(&["required_claims", "subject"], "claim_malformed"));
    let none = Claims::person().without("sub").by_k1();
    let case = Case::new("subject: none", none).set("subject", "100000000000000000001");
    cases.push(case.rejected_by(&["required_claims", "subject"], "claim_missing"));
}

fn hosted_domains(cases: &mut Vec<Case>) {
    cases.push(person("hosted_domain: the domain").set("hosted_domain", "example.com").accepted());
    for domain in ["sub.example.com", "example.com.evil.example", "ample.com"] {
        let case = person(&format!("hosted_domain: {domain}")).set("hosted_domain", domain);
        cases.push(case.rejected("hosted_domain", "hosted_domain_mismatch"));
    }
    let consumer = Claims::person().without("hd").by_k1();
    let case = Case::new("hosted_domain: a consumer account with an address in the domain", consumer);
    cases.push(case.set("hosted_domain", "example.com").rejected("hosted_domain", "hosted_domain_mismatch"));
    for value in ["null", "1", r#"["example.com"]"#] {
        let token = Claims::person().with("hd", value).by_k1();
        let case = Case::new(format!("hosted_domain: hd {value}"), token).set("hosted_domain", "example.com");
        cases.push(case.rejected("hosted_domain", "claim_malformed"));
    }
    let sub = Claims::person().with("hd", r#""sub.example.com""#).by_k1();
    let case = Case::new("hosted_domain: a subdomain in the token", sub).set("hosted_domain", "example.com");
    cases.push(case.rejected("hosted_domain", "hosted_domain_mismatch"));
}

fn projects(cases: &mut Vec<Case>) {
    for (email, project) in [
        (SA, "p"),
        ("123456789012-compute@developer.gserviceaccount.com", "123456789012"),
        ("my-project@appspot.gserviceaccount.com", "my-project"),
        ("123456789012@cloudbuild.gserviceaccount.com", "123456789012"),
        ("sa@p.example.com.iam.gserviceaccount.com", "p.example.com"),
    ] {
        let token = Claims::service_account(email).by_k1();
        cases.push(Case::new(format!("project: {email}"), &*token).set("project", project).accepted());
        let case = Case::new(format!("project: {email} for another project"), token).set("project", "other");
        cases.push(case.rejected("project", "project_mismatch"));
    }
    for (email, project) in [
        ("service-123456789012@gcp-sa-iap.iam.gserviceaccount.com", "gcp-sa-iap"),
        ("service-123456789012@gcp-sa-iap.iam.gserviceaccount.com", "123456789012"),
        ("chat@system.gserviceaccount.com", "system"),
        ("p@example.com", "p"),
        ("sa@p.iam.gserviceaccount.com.evil.example", "p"),
        ("sa@p.iam.gserviceaccount.co", "p"),
        ("sa@sub.p.iam.gserviceaccount.com", "p"),
        ("sa@P.iam.gserviceaccount.com", "p"),
        ("123456789012@developer.gserviceaccount.com", "123456789012"),
        ("x-compute@developer.gserviceaccount.com", "123456789012"),
        ("sa@q.iam.gserviceaccount.com@p.iam.gserviceaccount.com", "p"),
        ("sa@p.iam.gserviceaccount.com@q.iam.gserviceaccount.com", "p"),
        ("@.iam.gserviceaccount.com", "p"),
    ] {
        let token = Claims::service_account(email).by_k1();
        let case =
            Case::new(format!("project {project} must not own {email}"), token).set("project", project);
        cases.push(case.rejected("project", "project_mismatch"));
    }
    let unverified = Claims::service_account(SA).with("email_verified", "false").by_k1();
    let case = Case::new("project: unverified address", unverified).set("project", "p");
    cases.push(case.rejected("project", "email_unverified"));
    let none = Claims::service_account(SA).without("email").by_k1();
    let case = Case::new("project: no address", none).set("project", "p");
    cases.push(case.rejected("project", "claim_missing"));
}

fn combinations(cases: &mut Vec<Case>) {
    let all = |case: Case| {
        case.set("email", "ann@example.com")
            .set("subject", "100000000000000000001")
            .set("hosted_domain", "example.com")
    };
    cases.push(all(person("all demands hold")).accepted());
    cases.push(all(person("one demand fails")).set("subject", "2").rejected("subject", "subject_mismatch"));
    cases.push(
        all(person("every demand fails"))
            .set("email", "bob@example.com")
            .set("subject", "2")
            .set("hosted_domain", "other.example")
            .rejected_by(&["email", "subject", "hosted_domain"], "email_mismatch"),
    );
    let rules = |rules: Value| person(&format!("callers: {rules}")).set("callers", rules);
    for good in [
        json!([{"email": "ann@example.com"}]),
        json!([{"email": ["bob@example.com", "ann@example.com"]}]),
        json!([{"emailDomain": "example.com"}]),
        json!([{"subject": "100000000000000000001"}]),
        json!([{"hostedDomain": "example.com"}]),
        json!([{"email": "ann@example.com", "hostedDomain": "example.com"}]),
        json!([{"email": "bob@example.com"}, {"subject": "100000000000000000001"}]),
        json!([{"project": "p"}, "ann@example.com"]),
        json!([{"email": "ann@example.com", "emailDomain": "example.com"}]),
    ] {
        cases.push(rules(good).accepted());
    }
    for bad in [
        json!([{"email": "ann@example.com", "hostedDomain": "other.example"}]),
        json!([{"email": "bob@example.com", "subject": "100000000000000000001"}]),
        json!([{"project": "p"}]),
        json!([{"emailDomain": "other.example"}, {"hostedDomain": "other.example"}, {"subject": "1"}]),
        json!([{"email": "ann@example.com", "emailDomain": "other.example"}]),
    ] {
        cases.push(rules(bad).rejected("caller", "caller_not_allowed"));
    }
    let token = Claims::service_account(SA).by_k1();
    cases.push(Case::new("callers: a project", &*token).set("callers", json!([{"project": "p"}])).accepted());
    cases.push(
        Case::new("callers: wrong audience and wrong caller are both told", token)
            .set("audience", "aud-2")
            .set("callers", json!(["other@p.iam.gserviceaccount.com"]))
            .rejected_by(&["audience", "caller"], "audience_mismatch"),
    );
}

fn iap(cases: &mut Vec<Case>) {
    let case = |name: &str, claims: &Claims| Case::iap(name, claims.by_k2());
    let vouched = Claims::iap();
    cases.push(
        case("iap: the address needs no email_verified", &vouched).set("email", "ann@example.com").accepted(),
    );
    let denied = Claims::iap().with("email_verified", "false");
    cases.push(
        case("iap: email_verified is not IAP's to say", &denied).set("email", "ann@example.com").accepted(),
    );
    let none = Claims::iap().without("email");
    cases.push(
        case("iap: no address", &none).set("email", "ann@example.com").rejected("email", "claim_missing"),
    );
    let hosted = Claims::iap().with("hd", r#""example.com""#);
    cases.push(case("iap: hosted domain", &hosted).set("hosted_domain", "example.com").accepted());

    let prefixed = "securetoken.google.com/p:ann@example.com";
    let external = |gcip: &str| Claims::iap().with("email", &quoted(prefixed)).with("gcip", gcip);
    let verified = external(r#"{"email":"ann@example.com","email_verified":true}"#);
    cases.push(case("iap: external identity, whole address", &verified).set("email", prefixed).accepted());
    cases.push(
        case("iap: external identity must not pass for the bare address", &verified)
            .set("email", "ann@example.com")
            .rejected("email", "email_mismatch"),
    );
    cases.push(
        case("iap: external identity belongs to no domain", &verified)
            .set("email_domain", "example.com")
            .rejected("email", "email_mismatch"),
    );
    for gcip in [
        r#"{"email_verified":false}"#,
        r#"{"email_verified":"true"}"#,
        "{}",
        r#""{\"email_verified\":true}""#,
        "null",
        r#"{"email_verified":false,"email_verified":true}"#,
        r#"{"email_verified":true,"email_verified":true}"#,
        r#"[{"email_verified":true}]"#,
    ] {
        let claims = external(gcip);
        let case = case(&format!("iap: external identity with gcip {gcip}"), &claims).set("email", prefixed);
        cases.push(case.rejected("email", "email_unverified"));
    }
    let bare = external("{}").without("gcip").with("email_verified", "true");
    cases.push(
        case("iap: external identity without gcip", &bare)
            .set("email", prefixed)
            .rejected("email", "email_unverified"),
    );
}

fn self_signed(cases: &mut Vec<Case>) {
    let claims = Claims::google()
        .with("iss", &quoted(SA))
        .with("sub", &quoted(SA))
        .with("email", r#""boss@example.com""#)
        .with("email_verified", "true")
        .with("hd", r#""example.com""#);
    let case = |name: &str| {
        Case::new(format!("self-signed: {name}"), claims.by_k1())
            .set("profile", format!("service-account:{SA}"))
    };
    cases.push(case("the issuer is the caller").set("email", SA).accepted());
    cases.push(case("the issuer's project").set("project", "p").accepted());
    cases.push(
        case("its own email claim proves nothing")
            .set("email", "boss@example.com")
            .rejected("email", "email_mismatch"),
    );
    cases.push(
        case("its own email claim proves no domain")
            .set("email_domain", "example.com")
            .rejected("email", "email_mismatch"),
    );
    cases.push(
        case("its own hd claim proves nothing")
            .set("hosted_domain", "example.com")
            .rejected("hosted_domain", "hosted_domain_mismatch"),
    );
    cases.push(
        case("its own claims do not satisfy callers")
            .set("callers", json!(["boss@example.com", {"hostedDomain": "example.com"}]))
            .rejected("caller", "caller_not_allowed"),
    );
}

fn parties(cases: &mut Vec<Case>) {
    let token = Claims::google().with("azp", r#""client-1""#).with("nonce", r#""n-1""#).by_k1();
    let case = |name: &str| Case::new(name, &*token);
    cases.push(case("authorized_party: the client").set("authorized_party", "client-1").accepted());
    cases.push(
        case("authorized_party: one of two")
            .set("authorized_party", json!(["client-0", "client-1"]))
            .accepted(),
    );
    cases.push(
        case("authorized_party: another client")
            .set("authorized_party", "client-2")
            .rejected("authorized_party", "authorized_party_mismatch"),
    );
    cases.push(case("nonce: the nonce").set("nonce", "n-1").accepted());
    for nonce in ["n-2", "N-1", "n-1 ", "n-"] {
        cases.push(case(&format!("nonce: {nonce}")).set("nonce", nonce).rejected("nonce", "nonce_mismatch"));
    }
    let without = Claims::google().by_k1();
    cases.push(Case::new("nonce: none", &*without).set("nonce", "n-1").rejected("nonce", "claim_missing"));
    cases.push(
        Case::new("authorized_party: none", without)
            .set("authorized_party", "client-1")
            .rejected("authorized_party", "claim_missing"),
    );
    for value in ["null", "1", r#"["n-1"]"#] {
        let token = Claims::google().with("nonce", value).with("azp", value).by_k1();
        cases.push(
            Case::new(format!("nonce and azp {value}"), token)
                .set("nonce", "n-1")
                .set("authorized_party", "n-1")
                .rejected_by(&["authorized_party", "nonce"], "claim_malformed"),
        );
    }
}
