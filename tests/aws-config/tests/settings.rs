//! The settings that the program takes from its environment and from profiles.

use std::fs;
use std::process::Command;

use drawplate_tests::recorder::{Received, Recorder};

/// Runs the program with these variables, and returns the request that it sends.
#[track_caller]
fn sent(recorder: &Recorder, variables: &[(&str, &str)]) -> Received {
    let output = Command::new(env!("CARGO_BIN_EXE_drawplate-aws-config"))
        .env_clear()
        .envs(variables.iter().copied())
        .output()
        .expect("the program starts");
    let log = String::from_utf8_lossy(&output.stderr);
    let received = <[_; 1]>::try_from(recorder.take());
    let [received] = received.unwrap_or_else(|other| panic!("{other:?}: {log}"));
    received
}

#[track_caller]
fn check(received: &Received, key: &str, region: &str, app: &str) {
    let authorization = received.header("authorization").expect("a signature");
    let start = format!("AWS4-HMAC-SHA256 Credential={key}/");
    let scope = format!("/{region}/amplifybackend/aws4_request, ");
    assert!(authorization.starts_with(&start), "{authorization}");
    assert!(authorization.contains(&scope), "{authorization}");
    assert_eq!(received.header("x-amz-security-token"), Some("TOKEN"));
    for header in ["user-agent", "x-amz-user-agent"] {
        let agent = received.header(header).expect("a user agent");
        assert!(agent.ends_with(&format!(" app/{app}")), "{agent}");
    }
}

#[test]
fn variables_are_settings() {
    let recorder = Recorder::start();
    let url = recorder.url();
    for endpoint in ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_AMPLIFYBACKEND"] {
        let received = sent(
            &recorder,
            &[
                ("AWS_ACCESS_KEY_ID", "AKID1"),
                ("AWS_SECRET_ACCESS_KEY", "SECRET"),
                ("AWS_SESSION_TOKEN", "TOKEN"),
                ("AWS_REGION", "eu-west-1"),
                ("AWS_SDK_UA_APP_ID", "shop"),
                (endpoint, &url),
            ],
        );
        check(&received, "AKID1", "eu-west-1", "shop");
    }
}

#[test]
fn profiles_are_settings() {
    let recorder = Recorder::start();
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).expect("the folder is writable");
        path.to_str().expect("a path in UTF-8").to_owned()
    };
    let config = file(
        "config",
        &format!(
            "[profile work]\nregion = us-gov-west-1\nsdk_ua_app_id = till\nservices = local\n\
             [services local]\namplifybackend =\n  endpoint_url = {}\n",
            recorder.url()
        ),
    );
    let credentials = file(
        "credentials",
        "[work]\naws_access_key_id = AKID2\naws_secret_access_key = SECRET\n\
         aws_session_token = TOKEN\n",
    );
    let received = sent(
        &recorder,
        &[
            ("AWS_CONFIG_FILE", &config),
            ("AWS_SHARED_CREDENTIALS_FILE", &credentials),
            ("AWS_PROFILE", "work"),
        ],
    );
    check(&received, "AKID2", "us-gov-west-1", "till");
}
