use alloc::string::{String, ToString};

use super::{NumericDate, UnixTime, duration_in_words};

#[test]
fn rfc_3339_and_unix_seconds_are_read() {
    let check = |text: &str, seconds: Option<i64>| {
        assert_eq!(UnixTime::parse(text).map(UnixTime::as_seconds), seconds, "{text}");
    };
    check("0", Some(0));
    check("1587628088", Some(1_587_628_088));
    check("2020-04-23T07:48:08Z", Some(1_587_628_088));
    check("2020-04-23 09:48:08.999+02:00", Some(1_587_628_088));
    check("2020-04-22T23:48:08-08:00", Some(1_587_628_088));
    check("2024-02-29T00:00:00Z", Some(1_709_164_800));
    check("2016-12-31T23:59:60Z", Some(1_483_228_800));
    check("9999-12-31T23:59:59Z", Some(253_402_300_799));
    for bad in [
        "",
        "-1",
        "+1",
        "1.5",
        "now",
        "253402300800",
        "99999999999999999999",
        "2023-02-29T00:00:00Z",
        "2020-13-01T00:00:00Z",
        "2020-00-01T00:00:00Z",
        "2020-04-31T00:00:00Z",
        "2020-04-23T24:00:00Z",
        "2020-04-23T07:48:08",
        "2020-04-23T07:48:08.Z",
        "2020-04-23",
        "2020-04-23T07:48:08+2:00",
        "2020-04-23T07:48:08+02:0é",
        "1969-12-31T23:59:59Z",
        "2020-04-23T07:48:08Zz",
        "2O20-04-23T07:48:08Z",
    ] {
        check(bad, None);
    }
}

#[test]
fn times_are_written_as_they_are_read() {
    for text in
        ["1970-01-01T00:00:00Z", "2000-02-29T23:59:59Z", "2100-03-01T00:00:00Z", "9999-12-31T23:59:59Z"]
    {
        assert_eq!(UnixTime::parse(text).map(|time| time.to_string()).as_deref(), Some(text));
    }
}

#[test]
fn numeric_dates_are_exact() {
    let check = |text: &str, expected: Option<(i64, &str)>| {
        let date = NumericDate::from_json_number(text).map(|date| (date.seconds, date.fraction));
        assert_eq!(date, expected.map(|(seconds, fraction)| (seconds, String::from(fraction))), "{text}");
    };
    check("0", Some((0, "")));
    check("-0", Some((0, "")));
    check("-0.0e9", Some((0, "")));
    check("1700003590", Some((1_700_003_590, "")));
    check("1700003590.50", Some((1_700_003_590, "5")));
    check("17000035905e-1", Some((1_700_003_590, "5")));
    check("1.7000035905E9", Some((1_700_003_590, "5")));
    check("17e8", Some((1_700_000_000, "")));
    check("1e-3", Some((0, "001")));
    check("0.0017e12", Some((1_700_000_000, "")));
    check("253402300799", Some((253_402_300_799, "")));
    check("253402300799.9", Some((253_402_300_799, "9")));
    for bad in
        ["-1", "-0.5", "253402300800", "1e400", "1e-400", "1E999", "9007199254740993", "18446744073709551616"]
    {
        check(bad, None);
    }
    check("1700003590.000000000000000000000000000000000000000000000001", None);
}

#[test]
fn fractions_decide_at_the_edge() {
    let date = |text| NumericDate::from_json_number(text).unwrap();
    let time = UnixTime::from_seconds;
    assert!(
        date("10.5").is_after(time(10)) && !date("10.5").is_after(time(11)) && !date("10").is_after(time(10))
    );
    assert!(date("110.5").exceeds(&date("10.25"), 100) && !date("110.25").exceeds(&date("10.25"), 100));
    assert!(!date("110").exceeds(&date("10"), 100) && date("110.000001").exceeds(&date("10"), 100));
}

#[test]
fn lengths_of_time_are_told_in_words() {
    for (seconds, words) in [
        (0, "0 seconds"),
        (1, "1 second"),
        (59, "59 seconds"),
        (60, "1 minute"),
        (61, "1 minute 1 second"),
        (2_460, "41 minutes"),
        (12_000, "3 hours 20 minutes"),
        (86_400, "1 day"),
        (90_000, "1 day 1 hour"),
        (1_209_600, "14 days"),
        (31_536_000, "1 year"),
        (63_158_400, "2 years 1 day"),
    ] {
        assert_eq!(duration_in_words(seconds), words);
    }
    let at = UnixTime::from_seconds;
    assert_eq!(at(100).relative_to(at(40)), "in 1 minute");
    assert_eq!(at(40).relative_to(at(100)), "1 minute ago");
    assert_eq!(at(40).relative_to(at(40)), "now");
}
