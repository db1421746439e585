use alloc::format;
use core::time::Duration;

use super::{FRESHNESS_DEFAULT, FRESHNESS_MAX, FRESHNESS_MIN, lifetime};

#[track_caller]
fn expect(cache_control: &str, age: Option<&str>, lifetime_expected: Duration) {
    assert_eq!(lifetime(Some(cache_control), age), lifetime_expected, "{cache_control:?}, age {age:?}");
}

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[test]
fn max_age_minus_age_is_the_lifetime() {
    // What Google's endpoints were seen to answer.
    expect("public, max-age=21155, must-revalidate, no-transform", Some("12"), seconds(21_143));
    expect("public, max-age=3000", Some("1023"), seconds(1_977));
    // The case of google-api-java-client, above the floor.
    expect("max-age=12345", Some("42"), seconds(12_303));
    expect("max-age=3000", None, seconds(3_000));
}

#[test]
fn lifetimes_stay_within_bounds() {
    expect("max-age=0", None, FRESHNESS_MIN);
    expect("max-age=59", None, FRESHNESS_MIN);
    expect("max-age=61", None, seconds(61));
    expect("max-age=3600", Some("3599"), FRESHNESS_MIN);
    expect("max-age=3600", Some("99999"), FRESHNESS_MIN);
    expect("max-age=86399", None, seconds(86_399));
    expect("max-age=86401", None, FRESHNESS_MAX);
    expect("max-age=99999999999999999999999999", None, FRESHNESS_MAX);
    expect("max-age=3600", Some("99999999999999999999999999"), FRESHNESS_MIN);
}

#[test]
fn missing_headers_leave_the_default() {
    assert_eq!(lifetime(None, None), FRESHNESS_DEFAULT);
    assert_eq!(lifetime(None, Some("600")), seconds(3_000));
    expect("", None, FRESHNESS_DEFAULT);
    expect("public", None, FRESHNESS_DEFAULT);
    expect("s-maxage=60", None, FRESHNESS_DEFAULT);
}

#[test]
fn unreadable_headers_count_as_missing() {
    for value in ["", "-1", "+1", "1.5", "1e3", "0x10", "abc", " 5", "5 ", "\"5", "5\"", "5 6", "٣", "\""] {
        expect(&format!("max-age={value}junk"), None, FRESHNESS_DEFAULT);
    }
    for field in [
        "max-age",
        "max-age=",
        "max-age =5",
        "max-age= 5",
        "max-age;5",
        "xmax-age=5",
        "=",
        ",,,",
        "\"",
        "\u{0}",
    ] {
        expect(field, None, FRESHNESS_DEFAULT);
    }
    for age in ["", "-1", "+1", "abc", "1.5", ",", ",12", "1 2", "٣"] {
        expect("max-age=7200", Some(age), seconds(7_200));
    }
    expect("max-age=7200, ext=\\\"", None, FRESHNESS_DEFAULT);
    // Quotes that never close leave nothing to trust.
    expect("max-age=7200, no-store=\"", None, FRESHNESS_DEFAULT);
}

#[test]
fn no_cache_and_no_store_leave_the_shortest_lifetime() {
    for field in [
        "no-cache",
        "no-store",
        "No-Store",
        "max-age=7200, no-cache",
        "no-cache=\"set-cookie\", max-age=7200",
    ] {
        expect(field, None, FRESHNESS_MIN);
    }
}

#[test]
fn directives_are_read_as_http_writes_them() {
    expect("Public , MAX-AGE=7200\t,no-transform", None, seconds(7_200));
    expect("max-age=\"7200\"", None, seconds(7_200));
    expect(",max-age=7200,", None, seconds(7_200));
    // Section 4.2.1: the first of several.
    expect("max-age=7200, max-age=100", None, seconds(7_200));
    // Section 5.1: the first of several, too.
    expect("max-age=7200", Some(" 200 , 300"), seconds(7_000));
    // A comma or an escaped quote within quotes separates nothing.
    expect("ext=\"no-store, max-age=100\", max-age=7200", None, seconds(7_200));
    expect("ext=\"\\\", no-store, \\\\\", max-age=7200", None, seconds(7_200));
}
