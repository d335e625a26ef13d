//! Behavior of services that their models do not describe.

use super::*;
use crate::client::{Builder, Call, Error, Inner, RetryConfig};
use crate::protocol::REST_XML_UNWRAPPED_ERRORS;
use crate::protocol::service::{Customizations, Signing, VirtualHosts};

static OBJECT: Schema = Schema::structure(
    "a#Object",
    &[
        Member::new("bucket", &s::STRING).required().label(),
        Member::new("key", &s::STRING).required().label(),
        Member::new("copyOf", &s::STRING),
        Member::new("version", &s::STRING).query("version"),
        Member::new("owner", &s::STRING).header("owner"),
    ],
);

#[derive(Clone, Default, PartialEq)]
pub(super) struct Object {
    bucket: String,
    key: String,
    copy_of: Option<String>,
    version: Option<String>,
    owner: Option<String>,
}
crate::structure!(Object: OBJECT { 0: bucket, 1: key, 2: copy_of, 3: version, 4: owner });

pub(super) static COPY: Operation = Operation {
    name: "CopyObject",
    input: &OBJECT,
    output: &PAGE,
    errors: &[&MISSING, &SLOW],
    route: Some(&Route {
        operation: "CopyObject",
        method: "PUT",
        path: &[Segment::Label(0), Segment::Greedy(1)],
        query: &[],
        status: 200,
    }),
    traits: OperationTraits {
        idempotent: true,
        virtual_host: true,
        ..OperationTraits::NONE
    },
};

static COPY_BY_ID: Operation = Operation {
    traits: OperationTraits {
        prefixed_ids: &[1, 2, 3, 4],
        ..OperationTraits::NONE
    },
    ..COPY
};

static COPY_BY_DEFAULT: Operation = Operation {
    traits: OperationTraits {
        default_label: Some((0, "-")),
        ..OperationTraits::NONE
    },
    ..COPY
};

/// The third member is the URL that the call is sent to.
static COPY_TO: Operation = Operation {
    traits: OperationTraits {
        endpoint_member: Some(2),
        ..OperationTraits::NONE
    },
    ..COPY
};

pub(super) static STORE: Service = Service {
    id: "a#Store",
    protocols: &[&REST_XML_UNWRAPPED_ERRORS],
    signing: Some(Signing {
        raw_path: true,
        ..Signing::new("store")
    }),
    endpoint_prefix: Some("store"),
    base_path: "",
    customizations: Customizations::NONE
        .errors_in_success()
        .virtual_hosts(VirtualHosts {
            dual_stack: "store.dual.{region}",
            accelerated: "store-fast",
            accelerated_dual_stack: "store-fast.dual",
        }),
    operations: &[&COPY, &COPY_BY_ID],
    ..SERVICE
};

/// The same service without its customizations.
static PLAIN: Service = Service {
    customizations: Customizations::NONE,
    ..STORE
};

fn builder(script: &Script) -> Builder<Inner> {
    Builder::new(&STORE)
        .unauthenticated()
        .transport(script.clone())
        .region("eu-west-1")
}

pub(super) fn object(bucket: &str, key: &str) -> Object {
    Object {
        bucket: bucket.to_owned(),
        key: key.to_owned(),
        ..Object::default()
    }
}

pub(super) const OUTPUT: &str = "<Page><size>1</size></Page>";

type CopyCall = Call<Page, ThingError>;

/// The URI that a call is sent to.
async fn uri(
    set: impl FnOnce(Builder<Inner>) -> Builder<Inner>,
    bucket: &str,
    configure: impl FnOnce(CopyCall) -> CopyCall,
) -> String {
    let script = Script::new([response(200, &[], OUTPUT)]);
    let client = set(builder(&script)).build().expect("a client");
    let call = client.call(&COPY, &object(bucket, "a/../b c/"));
    configure(call).await.expect("an output");
    script.seen()[0].target.clone()
}

#[tokio::test]
async fn a_call_is_sent_to_the_url_in_its_input() {
    let send = |url: Option<&'static str>| async move {
        let script = Script::new([response(200, &[], OUTPUT)]);
        let client = builder(&script).build().expect("a client");
        let input = Object {
            copy_of: url.map(str::to_owned),
            ..object("a", "b")
        };
        let called: CopyCall = client.call(&COPY_TO, &input);
        let outcome = called.await;
        let seen = script.seen();
        outcome
            .map(|_| seen[0].target.clone())
            .map_err(|error| (seen.len(), error.to_string()))
    };
    for (url, expected) in [
        (None, "https://store.eu-west-1.amazonaws.com/a/b"),
        (Some("https://other.example"), "https://other.example/a/b"),
        (
            Some("http://other.example:80/x/"),
            "http://other.example:80/x/a/b",
        ),
    ] {
        assert_eq!(send(url).await.as_deref(), Ok(expected));
    }
    for (url, why) in [
        ("", "empty string"),
        ("other.example", "it has no scheme; write `https://..`"),
        (
            "ftp://other.example",
            "its scheme must be `https` or `http`",
        ),
        (
            "https://me:SECRET@other.example",
            "it must not contain a user or password",
        ),
    ] {
        // Nothing is sent.
        let expected = format!(
            "CopyObject: cannot build the request: `copyOf` is not the URL of an endpoint, which the call is \
             sent to: {why}"
        );
        assert_eq!(send(Some(url)).await, Err((0, expected)));
    }
}

#[tokio::test]
async fn the_first_label_is_in_the_host_if_it_is_valid_there() {
    let usual = |call| call;
    assert_eq!(
        uri(|builder| builder, "bucket", usual).await,
        "https://bucket.store.eu-west-1.amazonaws.com/a/../b%20c/"
    );
    assert_eq!(
        uri(|builder| builder, "Bucket", usual).await,
        "https://store.eu-west-1.amazonaws.com/Bucket/a/../b%20c/"
    );
    let local = |builder: Builder<Inner>| builder.endpoint("http://127.0.0.1:9000/x");
    assert_eq!(
        uri(local, "bucket", usual).await,
        "http://127.0.0.1:9000/x/bucket/a/../b%20c/"
    );
    let named = |builder: Builder<Inner>| builder.endpoint("https://store.example:9000/x");
    assert_eq!(
        uri(named, "bucket", usual).await,
        "https://bucket.store.example:9000/x/a/../b%20c/"
    );
}

#[tokio::test]
async fn the_style_of_a_call_wins_over_that_of_the_client() {
    let host = "https://bucket.store.eu-west-1.amazonaws.com/a/../b%20c/";
    let path = "https://store.eu-west-1.amazonaws.com/bucket/a/../b%20c/";
    for (client, call, expected) in [
        (false, None, host),
        (true, None, path),
        (true, Some(false), host),
        (false, Some(true), path),
    ] {
        let configure = |made: CopyCall| match call {
            Some(force) => made.force_path_style(force),
            None => made,
        };
        let set = |builder: Builder<Inner>| builder.force_path_style(client);
        let found = uri(set, "bucket", configure).await;
        assert_eq!(found, expected, "{client} {call:?}");
    }
}

#[tokio::test]
async fn hosts_have_variants() {
    for (accelerate, dual_stack, host) in [
        (false, true, "store.dual.eu-west-1"),
        (true, false, "store-fast"),
        (true, true, "store-fast.dual"),
    ] {
        let set =
            |builder: Builder<Inner>| builder.accelerate(accelerate).use_dual_stack(dual_stack);
        let found = uri(set, "bucket", |call| call).await;
        let expected = format!("https://bucket.{host}.amazonaws.com/a/../b%20c/");
        assert_eq!(found, expected);
    }
}

#[test]
fn variants_exclude_other_settings() {
    let check = |builder: Builder<Inner>, expected: &str| {
        let error = builder.build().expect_err("no client").to_string();
        assert!(error.ends_with(expected), "{error}");
    };
    let script = Script::default();
    let store = || builder(&script).accelerate(true);
    check(
        store().endpoint("https://store.example"),
        "hosts of Store, but they do not apply to another endpoint: remove either",
    );
    check(
        store().force_path_style(true),
        "hosts of Store, but they need the label in the host: do not force it to the path",
    );
    check(
        Builder::new(&SERVICE).region("x").use_dual_stack(true),
        "hosts of Things, but it has none: remove them",
    );
}

#[tokio::test]
async fn an_error_in_a_successful_response_is_an_error() {
    const SLOW_DOWN: &str = "<?xml version=\"1.0\"?>\n\n <!-- --><Error><Code>Slow</Code></Error>";
    let script = Script::new([response(200, &[], SLOW_DOWN), response(200, &[], OUTPUT)]);
    let client = builder(&script).build().expect("a client");
    let copied = client
        .call::<Page, ThingError>(&COPY, &object("bucket", "key"))
        .await;
    assert_eq!(copied.expect("the second attempt succeeds").size, 1);
    assert_eq!(script.count(), 2);

    let other = "<Error><Code>InternalError</Code><Message>again</Message></Error>";
    let script = Script::new([response(200, &[("x-amz-request-id", "r")], other)]);
    let client = builder(&script).build().expect("a client");
    let failed = client
        .call::<Page, ThingError>(&COPY, &object("bucket", "key"))
        .retries(RetryConfig::none())
        .await;
    let failed = failed.expect_err("an error");
    assert!(
        matches!(failed, Error::Service(ThingError::Unmodeled(_))),
        "{failed}"
    );
    assert_eq!(failed.code(), Some("InternalError"));
    assert_eq!(failed.message(), Some("again"));
    assert_eq!(failed.status(), Some(500));
}

#[tokio::test]
async fn other_documents_in_a_successful_response_are_outputs() {
    for body in [
        "<Page><size>1</size><Error/></Page>",
        "<!--<Error/>--><x/>",
        "",
    ] {
        let script = Script::new([response(200, &[], body)]);
        let client = builder(&script).build().expect("a client");
        let copied = client
            .call::<Page, ThingError>(&COPY, &object("bucket", "key"))
            .await;
        assert!(copied.is_ok(), "{body}");
    }
    // A service without such errors.
    let script = Script::new([response(200, &[], "<Error><size>1</size></Error>")]);
    let client = Builder::<Inner>::new(&PLAIN)
        .transport(script)
        .unauthenticated()
        .region("x");
    let client = client.build().expect("a client");
    let copied = client
        .call::<Page, ThingError>(&COPY, &object("bucket", "key"))
        .await;
    assert_eq!(copied.expect("an output").size, 1);
}

#[tokio::test]
async fn ids_are_sent_without_their_prefixes() {
    let script = Script::new([response(200, &[], OUTPUT)]);
    let client = builder(&script).build().expect("a client");
    let input = Object {
        bucket: "a/b".to_owned(),
        key: "/zone/Z1".to_owned(),
        copy_of: Some("/zone/Z2".to_owned()),
        version: Some("Z3".to_owned()),
        owner: Some("/".to_owned()),
    };
    let copied = client.call::<Page, ThingError>(&COPY_BY_ID, &input).await;
    copied.expect("an output");
    let seen = &script.seen()[0];
    assert_eq!(
        seen.target,
        "https://store.eu-west-1.amazonaws.com/a%2Fb/Z1?version=Z3"
    );
    assert_eq!(seen.headers["owner"], "");
    assert!(
        String::from_utf8_lossy(&seen.body).contains("<copyOf>Z2</copyOf>"),
        "{seen:?}"
    );
}

#[tokio::test]
async fn an_empty_label_has_a_default() {
    for (bucket, path) in [("", "/-/key"), ("mine", "/mine/key")] {
        let script = Script::new([response(200, &[], OUTPUT)]);
        let client = builder(&script).build().expect("a client");
        let input = object(bucket, "key");
        let copied = client.call::<Page, ThingError>(&COPY_BY_DEFAULT, &input);
        copied.await.expect("an output");
        let target = &script.seen()[0].target;
        assert!(target.ends_with(path), "{target}");
    }
    // Other labels are still required.
    let script = Script::default();
    let client = builder(&script).build().expect("a client");
    let input = object("", "");
    let copied = client.call::<Page, ThingError>(&COPY_BY_DEFAULT, &input);
    copied.await.expect_err("a label is empty");
}
