//! Tests of the functions of endpoint rules.

use std::borrow::Cow;

use super::arn::Arn;
use super::function::{
    is_valid_host_label, is_virtual_hostable_s3_bucket, split, substring, uri_encode,
};
use super::partition::Partition;
use super::url::Url;

#[test]
fn urls_have_parts() {
    let check = |text: &str, expected: Option<[&str; 4]>, is_ip: bool| {
        let url = Url::parse(&Cow::Borrowed(text));
        let path = url.as_ref().map(Url::normalized_path);
        let parts = url.as_ref().zip(path.as_ref());
        let parts = parts.map(|(it, path)| [&*it.scheme, &*it.authority, &*it.path, &**path]);
        assert_eq!(parts, expected, "{text}");
        assert_eq!(url.is_some_and(|url| url.is_ip()), is_ip, "{text}");
    };
    check(
        "https://a.example",
        Some(["https", "a.example", "", "/"]),
        false,
    );
    check(
        "https://a.example/",
        Some(["https", "a.example", "/", "/"]),
        false,
    );
    check(
        "http://a.example:80/b/c",
        Some(["http", "a.example:80", "/b/c", "/b/c/"]),
        false,
    );
    check(
        "https://127.0.0.1",
        Some(["https", "127.0.0.1", "", "/"]),
        true,
    );
    check(
        "http://127.0.0.1:1/x",
        Some(["http", "127.0.0.1:1", "/x", "/x/"]),
        true,
    );
    check(
        "https://[fe80::1]:443",
        Some(["https", "[fe80::1]:443", "", "/"]),
        true,
    );
    check(
        "https://999.1.1.1",
        Some(["https", "999.1.1.1", "", "/"]),
        false,
    );
    for invalid in [
        "",
        "a.example",
        "ftp://a.example",
        "https://",
        "https:///x",
        "https://:80",
        "https://a.example?x",
        "https://a.example#x",
        "https://me@a.example",
        "https://a.example:b",
        "https://a.example:+1",
        "https://a.example:65536",
        "https://a b",
        "https://[::1",
        "https://[::1]x",
        "https://[x]",
        "https://é.example",
    ] {
        check(invalid, None, false);
    }
}

#[test]
fn arns_have_parts() {
    let check = |text: &str, expected: Option<(&str, &[&str])>| {
        let arn = Arn::parse(&Cow::Owned(text.to_owned()));
        let found = arn.as_ref().map(|arn| {
            let parts = [&arn.partition, &arn.service, &arn.region, &arn.account_id];
            (parts.map(|part| &**part).join(","), arn.resource_id())
        });
        let expected = expected.map(|(parts, id)| {
            let id = id.iter().map(|part| Cow::Borrowed(*part)).collect();
            (parts.to_owned(), id)
        });
        assert_eq!(found, expected, "{text}");
    };
    check("arn:aws:s3:::bucket", Some(("aws,s3,,", &["bucket"])));
    check(
        "arn:aws:s3:eu-west-1:12:accesspoint/a:b/",
        Some(("aws,s3,eu-west-1,12", &["accesspoint", "a", "b", ""])),
    );
    for invalid in [
        "",
        "arn:aws:s3:::",
        "arn::s3:::b",
        "arn:aws::::b",
        "a:aws:s3:::b",
        "arn:aws:s3",
    ] {
        check(invalid, None);
    }
}

#[test]
fn regions_belong_to_partitions() {
    let check = |region: &str, expected: &str| {
        assert_eq!(Partition::of(region).name, expected, "{region}");
    };
    check("eu-west-1", "aws");
    check("aws-global", "aws");
    check("us-gov-west-1", "aws-us-gov");
    check("us-gov-new-12", "aws-us-gov");
    check("cn-north-1", "aws-cn");
    check("us-isob-east-1", "aws-iso-b");
    check("aws-iso-f-global", "aws-iso-f");
    check("eusc-de-east-1", "aws-eusc");
    check("eusc-fr-east-1", "aws");
    check("cn-north-1-x", "aws");
    check("cn-north-", "aws");
    check("", "aws");
}

#[test]
fn host_labels_follow_rfc_1123() {
    let check = |text: &str, one: bool, several: bool| {
        assert_eq!(is_valid_host_label(text, false), one, "{text}");
        assert_eq!(is_valid_host_label(text, true), several, "{text}");
    };
    check("us-east-1", true, true);
    check("3aws4", true, true);
    check("a.b", false, true);
    check(&"a".repeat(63), true, true);
    check(&"a".repeat(64), false, false);
    for invalid in ["", "a b", "a.", ".a", "a..b", "-a", "a-", "a_b", "é"] {
        check(invalid, false, false);
    }
}

#[test]
fn buckets_may_be_labels() {
    let check = |text: &str, one: bool, several: bool| {
        assert_eq!(is_virtual_hostable_s3_bucket(text, false), one, "{text}");
        assert_eq!(is_virtual_hostable_s3_bucket(text, true), several, "{text}");
    };
    check("my-bucket", true, true);
    check("a.b.c", false, true);
    check("a--b", true, false);
    for invalid in [
        "", "ab", "Bucket", "-ab", "ab-", "a..b", "a.-b", "1.2.3.4", "a_b", "a b",
    ] {
        check(invalid, false, false);
    }
    check(&"a".repeat(63), true, true);
    check(&"a".repeat(64), false, false);
}

#[test]
fn texts_are_cut() {
    let check = |start: i32, end: i32, reversed: bool, expected: Option<&str>| {
        for text in [Cow::Borrowed("abcdefg"), Cow::Owned("abcdefg".to_owned())] {
            let found = substring(&text, start, end, reversed);
            assert_eq!(found.as_deref(), expected, "{start} {end} {reversed}");
        }
    };
    check(0, 4, false, Some("abcd"));
    check(0, 4, true, Some("defg"));
    check(1, 3, true, Some("ef"));
    check(0, 7, false, Some("abcdefg"));
    check(0, 8, false, None);
    check(3, 3, false, None);
    check(4, 3, false, None);
    check(-1, 3, false, None);
    assert_eq!(substring(&Cow::Borrowed("\u{fdfd}"), 0, 1, false), None);

    let split = |text: &'static str, delimiter: &str, limit: i32| {
        split(&Cow::Borrowed(text), delimiter, limit).join(",")
    };
    assert_eq!(split("a--b--c", "--", 0), "a,b,c");
    assert_eq!(split("a--b--c", "--", 2), "a,b--c");
    assert_eq!(split("", "--", 0), "");
    assert_eq!(split("abc", "", 0), "abc");
    assert_eq!(split("a--b", "--", -1), "a,b");
    assert_eq!(uri_encode(&Cow::Borrowed("a/é")), "a%2F%C3%A9");
    assert_eq!(uri_encode(&Cow::Borrowed("a")), "a");
}
