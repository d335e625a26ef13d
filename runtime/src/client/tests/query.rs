//! Calls in the query protocols, which are specified for clients alone.

use super::*;
use crate::client::{Error, Inner};
use crate::protocol::service::HostPart;
use crate::protocol::{AWS_QUERY, EC2_QUERY, Protocol};

static INPUT: Schema = Schema::structure(
    "a#Input",
    &[
        Member::new("id", &s::STRING).xml_name("Id"),
        Member::new("token", &s::STRING).idempotency_token(),
        Member::new("names", &NAMES),
        Member::new("account", &s::STRING).host_label(),
    ],
);

#[derive(Clone, Default, PartialEq)]
struct Input {
    id: Option<String>,
    token: Option<String>,
    names: Option<Vec<String>>,
    account: Option<String>,
}
crate::structure!(Input: INPUT { 0: id, 1: token, 2: names, 3: account });

static CODED: Schema = Schema::error(
    "a#CodedException",
    status(400, false, false),
    &[
        Member::new("message", &s::STRING),
        Member::new("limit", &s::INTEGER).xml_name("Limit"),
    ],
)
.query_code("Some.Coded");

#[derive(Clone, PartialEq)]
struct Coded {
    message: Option<String>,
    limit: Option<i32>,
    origin: crate::service_error::Origin,
}
crate::structure!(Coded: CODED { 0: message, 1: limit } with origin);
crate::modeled_error!(Coded, message: message, origin: origin);

enum QueryError {
    Coded(Coded),
    Missing(Missing),
    Unmodeled(UnmodeledError),
}
crate::service_error!(QueryError { Coded, Missing } else Unmodeled);

static LIST_THINGS: Operation = Operation {
    name: "ListThings",
    input: &INPUT,
    output: &PAGE,
    errors: &[&CODED, &MISSING],
    route: None,
    traits: OperationTraits {
        readonly: true,
        ..OperationTraits::NONE
    },
};

static HOSTED: Operation = Operation {
    traits: OperationTraits {
        host_prefix: &[
            HostPart::Literal("data-"),
            HostPart::Label(3),
            HostPart::Literal("."),
        ],
        ..OperationTraits::NONE
    },
    ..LIST_THINGS
};

static QUERY_SERVICE: Service = Service {
    protocols: &[&AWS_QUERY, &EC2_QUERY],
    version: "2020-01-08 beta",
    base_path: "",
    operations: &[&LIST_THINGS],
    ..SERVICE
};

fn client(protocol: &dyn Protocol, script: &Script) -> Inner {
    crate::client::Builder::new(&QUERY_SERVICE)
        .unauthenticated()
        .endpoint("https://things.example/custom")
        .transport(script.clone())
        .protocol(protocol.id())
        .idempotency_tokens(|| "a token".to_owned())
        .build()
        .expect("a client")
}

/// The result of a call with this response.
async fn call(
    protocol: &dyn Protocol,
    status: u16,
    headers: &[(&str, &str)],
    body: &str,
) -> Result<Page, Error<QueryError>> {
    let script = Script::new([response(status, headers, body)]);
    client(protocol, &script)
        .call(&LIST_THINGS, &Input::default())
        .await
}

/// The target, and the body, of the request for an input.
async fn sent(
    protocol: &dyn Protocol,
    operation: &'static Operation,
    input: &Input,
) -> [String; 2] {
    let script = Script::new([response(200, &[], "")]);
    let call = client(protocol, &script).call::<Page, QueryError>(operation, input);
    call.await.expect("an empty response is an empty output");
    let [seen] = <[_; 1]>::try_from(script.seen()).expect("one request");
    let length = seen.body.len().to_string();
    assert_eq!(
        seen.headers["content-type"],
        "application/x-www-form-urlencoded"
    );
    assert_eq!(seen.headers["content-length"], &*length);
    let body = String::from_utf8(seen.body.to_vec()).expect("a form is ASCII");
    [seen.target, body]
}

#[tokio::test]
async fn requests_are_forms_with_the_operation_and_the_version() {
    let input = Input {
        id: Some("a&b".to_owned()),
        names: Some(vec!["x".to_owned()]),
        ..Input::default()
    };
    let [target, body] = sent(&AWS_QUERY, &LIST_THINGS, &input).await;
    assert_eq!(target, "https://things.example/custom/");
    assert_eq!(
        body,
        "Action=ListThings&Version=2020-01-08%20beta&Id=a%26b&token=a%20token&names.member.1=x"
    );
    let [_, body] = sent(&EC2_QUERY, &LIST_THINGS, &input).await;
    assert_eq!(
        body,
        "Action=ListThings&Version=2020-01-08%20beta&Id=a%26b&Token=a%20token&Names.1=x"
    );
}

#[tokio::test]
async fn host_labels_are_in_the_host_and_in_the_form() {
    let input = Input {
        account: Some("one".to_owned()),
        token: Some("mine".to_owned()),
        ..Input::default()
    };
    let [target, body] = sent(&AWS_QUERY, &HOSTED, &input).await;
    assert_eq!(target, "https://data-one.things.example/custom/");
    assert!(body.ends_with("&token=mine&account=one"), "{body}");
}

#[tokio::test]
async fn outputs_are_in_the_result_of_the_response() {
    let members = "<names><member>a</member><member>b</member></names><size>2</size>";
    let aws = format!(
        "<ListThingsResponse xmlns=\"urn:x\"><ListThingsResult>{members}</ListThingsResult>\
         <ResponseMetadata><RequestId>id-1</RequestId></ResponseMetadata></ListThingsResponse>"
    );
    let ec2 = format!(
        "<?xml version=\"1.0\"?>\n<ListThingsResponse>{members}<requestId>id-1</requestId>\
         </ListThingsResponse>"
    );
    for (protocol, body) in [(&AWS_QUERY, aws), (&EC2_QUERY, ec2)] {
        let page = call(protocol, 200, &[], &body).await.expect("an output");
        assert_eq!((page.names, page.size), (vec!["a".into(), "b".into()], 2));
    }
    for body in [
        "",
        "<ListThingsResponse/>",
        "<ListThingsResponse><ResponseMetadata/></ListThingsResponse>",
    ] {
        let page = call(&AWS_QUERY, 200, &[], body).await;
        assert_eq!(page.expect("an empty output").names, [""; 0]);
    }
    let error = call(&AWS_QUERY, 200, &[], "<html><body>").await;
    let error = error.expect_err("no output").to_string();
    assert!(
        error.contains("the response is not application/xml"),
        "{error}"
    );
}

/// The error in the forms of both protocols.
fn error(members: &str) -> [(&'static dyn Protocol, String); 2] {
    [
        (
            &AWS_QUERY,
            format!(
                "<ErrorResponse><Error><Type>Sender</Type>{members}</Error>\
                 <RequestId>id-1</RequestId></ErrorResponse>"
            ),
        ),
        (
            &EC2_QUERY,
            format!(
                "<Response><Errors><Error>{members}</Error><Error><Code>Other</Code></Error>\
                 </Errors><RequestID>id-1</RequestID></Response>"
            ),
        ),
    ]
}

#[tokio::test]
async fn modelled_errors_are_known_by_their_codes() {
    let [(protocol, body), _] =
        error("<Code>Some.Coded</Code><Message>too many</Message><Limit>3</Limit>");
    let result = call(protocol, 400, &[], &body).await;
    let failed = result.expect_err("an error");
    assert_eq!(failed.code(), Some("Some.Coded"));
    assert_eq!(failed.request_id(), Some("id-1"));
    match failed {
        Error::Service(QueryError::Coded(coded)) => {
            assert_eq!(coded.message.as_deref(), Some("too many"));
            assert_eq!(coded.limit, Some(3));
        }
        other => panic!("{other:?}"),
    }
    // ec2Query has no other codes than the names of shapes.
    for (protocol, body) in error("<Code>Missing</Code><message>no x</message>") {
        let failed = call(protocol, 404, &[], &body).await;
        match failed.expect_err("an error") {
            Error::Service(QueryError::Missing(missing)) => {
                assert_eq!(missing.message.as_deref(), Some("no x"));
            }
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn other_errors_keep_their_code_and_message() {
    for (protocol, body) in error("<Code>Throttled</Code><Message>slow\ndown</Message>") {
        let failed = call(protocol, 400, &[], &body).await.expect_err("an error");
        assert_eq!(failed.code(), Some("Throttled"));
        assert_eq!(failed.request_id(), Some("id-1"));
        match failed {
            Error::Service(QueryError::Unmodeled(error)) => {
                assert_eq!(error.message.as_deref(), Some("slow\ndown"));
                assert_eq!(error.status, Some(400));
            }
            other => panic!("{other:?}"),
        }
        // The ID in a header is that of the response.
        let headers = [("x-amzn-requestid", "id-2")];
        let failed = call(protocol, 400, &headers, &body).await;
        assert_eq!(failed.expect_err("an error").request_id(), Some("id-2"));
    }
}

#[tokio::test]
async fn a_service_may_have_the_errors_of_the_other_protocol() {
    let [(aws, aws_body), (ec2, ec2_body)] = error("<Code>Missing</Code>");
    for (protocol, body) in [(aws, ec2_body), (ec2, aws_body)] {
        let failed = call(protocol, 404, &[], &body).await.expect_err("an error");
        assert!(
            matches!(failed, Error::Service(QueryError::Missing(_))),
            "{failed:?}"
        );
    }
}

#[tokio::test]
async fn errors_without_a_document_have_no_code() {
    for body in [
        "",
        "<html>",
        "<ErrorResponse/>",
        "<a>text</a>",
        "{}",
        "<ErrorResponse><Error/></ErrorResponse>",
    ] {
        for protocol in [&AWS_QUERY, &EC2_QUERY] {
            let failed = call(protocol, 403, &[], body).await.expect_err("an error");
            assert_eq!(failed.code(), None, "{body}");
            assert_eq!(failed.status(), Some(403), "{body}");
        }
    }
}
