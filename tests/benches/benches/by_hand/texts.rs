//! JSON as the service writes it, in the order of the model.

#![allow(dead_code, reason = "each bench uses a part of it")]

/// A response of four strings.
pub(crate) fn token() -> String {
    r#"{"appId":"d1abcdefgh","sessionId":"0123456789abcdef","ttl":"1700000000","challengeCode":"abcdefabcdef"}"#.to_owned()
}

/// Six levels of structures, lists of enums, strings, numbers.
pub(crate) fn auth() -> String {
    let delivery = r#"{"smsSettings":{"smsMessage":"Your code is {####}"},"deliveryMethod":"EMAIL","emailSettings":{"emailMessage":"Your code is {####}","emailSubject":"Your verification code"}}"#;
    let social = r#"{"Facebook":{"client_id":"1234567890","client_secret":"0123456789abcdef"},"Google":{"client_id":"1234567890.apps.googleusercontent.com","client_secret":"0123456789abcdef"},"SignInWithApple":{"client_id":"com.example.app","key_id":"ABC123DEFG","private_key":"0123456789abcdef0123456789abcdef","team_id":"DEF123GHIJ"}}"#;
    let oauth = format!(
        r#"{{"redirectSignOutURIs":["https://example.com/out/","http://localhost:3000/out/"],"domainPrefix":"example","redirectSignInURIs":["https://example.com/in/","http://localhost:3000/in/"],"oAuthScopes":["PHONE","EMAIL","OPENID","PROFILE"],"socialProviderSettings":{social},"oAuthGrantType":"CODE"}}"#
    );
    format!(
        r#"{{"userPoolConfigs":{{"userPoolName":"example-pool","forgotPassword":{delivery},"passwordPolicy":{{"minimumLength":12.5,"additionalConstraints":["REQUIRE_DIGIT","REQUIRE_LOWERCASE"]}},"requiredSignUpAttributes":["EMAIL","NAME","PHONE_NUMBER"],"mfa":{{"MFAMode":"OPTIONAL","settings":{{"mfaTypes":["SMS","TOTP"],"smsMessage":"Your code is {{####}}"}}}},"verificationMessage":{delivery},"oAuth":{oauth},"signInMethod":"EMAIL"}},"authResources":"IDENTITY_POOL_AND_USER_POOL","service":"COGNITO","identityPoolConfigs":{{"identityPoolName":"example-identities","unauthenticatedLogin":false}}}}"#
    )
}

/// The document of a request that carries it.
pub(crate) fn new_auth() -> String {
    format!(
        r#"{{"resourceConfig":{},"resourceName":"example-auth","backendEnvironmentName":"staging"}}"#,
        auth()
    )
}

/// The response to that.
pub(crate) fn new_auth_response() -> String {
    r#"{"jobId":"0a1b2c3d","appId":"d1abcdefgh","operation":"CreateBackendAuth","backendEnvironmentName":"staging","status":"OK"}"#.to_owned()
}

/// A page of a thousand jobs.
pub(crate) fn jobs() -> String {
    let jobs = (0..1000).map(|number| {
        format!(
            r#"{{"jobId":"job-{number:08}","createTime":"2024-11-05T10:20:30Z","appId":"d1abcdefgh","updateTime":"2024-11-05T10:25:30Z","operation":"CreateBackendAuth","backendEnvironmentName":"staging","status":"COMPLETED"}}"#
        )
    });
    format!(
        r#"{{"nextToken":"{}","jobs":[{}]}}"#,
        "0123456789abcdef".repeat(4),
        jobs.collect::<Vec<_>>().join(",")
    )
}

/// Strings that hold JSON and GraphQL, a tenth of which are escapes.
pub(crate) fn models() -> String {
    let schema = "type Todo @model {\n\tid: ID!\n\tname: String! # \"the name\"\n}\n".repeat(40);
    let models =
        r#"{"Todo":{"name":"Todo","fields":{"id":{"name":"id","isArray":false}}}}"#.repeat(40);
    let text = |text: &str| serde_json::Value::from(text).to_string();
    format!(
        r#"{{"models":{},"modelIntrospectionSchema":{},"status":"LATEST"}}"#,
        text(&models),
        text(&schema)
    )
}

/// Thirty-nine members, a third of which are there.
pub(crate) fn wide() -> String {
    let set = [
        "type",
        "super",
        "default",
        "gen",
        "empty",
        "decode",
        "value",
        "index",
        "clone",
        "into",
        "unwrap",
        "_leading",
        "PascalCase",
    ];
    let members = set.map(|name| format!(r#""{name}":"the value of {name}""#));
    format!("{{{}}}", members.join(","))
}
