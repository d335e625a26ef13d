//! Our client against a server that nobody here wrote: moto's Amazon Cognito.
//!
//! boto3 prepares a user pool and users who must choose a new password; our client responds to
//! the challenge, signed, over a real socket. Errors are moto's, which are not always
//! those of AWS: moto has `ResourceNotFoundException` for an unknown session.

use std::collections::BTreeMap;

use amplify_admin::cognitoidentityprovider::client::Credentials;
use amplify_admin::cognitoidentityprovider::error::AdminRespondToAuthChallengeError as Refusal;
use amplify_admin::cognitoidentityprovider::input::{
    AdminRespondToAuthChallengeRequest as Request,
    AdminRespondToAuthChallengeRequestRequired as RequiredMembers,
};
use amplify_admin::cognitoidentityprovider::output::AdminRespondToAuthChallengeResponse as Response;
use amplify_admin::cognitoidentityprovider::types::ChallengeNameType;
use amplify_admin::cognitoidentityprovider::{Client, Error};
use drawplate_tests::python::{self, ACCESS_KEY, Conversation, Python, REGION, SECRET_KEY};
use serde_json::{Value, json};

const GOOD_PASSWORD: &str = "Chosen-by-me-2";

/// A user pool with users, in a server that ends with it.
struct Pool {
    server: Conversation,
    endpoint: String,
    id: String,
    /// An app without a secret.
    app: String,
    /// An app with one.
    confidential: String,
}

impl Pool {
    fn start(users: &[&str]) -> Self {
        let mut server = Python::installed().converse("user_pool.py");
        let task = json!({
            "region": REGION,
            "credentials": python::credentials(None),
            "users": users,
        });
        let prepared = server.ask(&task);
        let text = |name: &str| text(&prepared[name]);
        Self {
            endpoint: text("endpoint"),
            id: text("pool"),
            app: text("client"),
            confidential: text("confidential"),
            server,
        }
    }

    /// Begins the challenge of a user.
    fn session_of(&mut self, user: &str) -> String {
        text(&self.server.ask(&json!({ "session_of": user })))
    }

    /// Whom an access token was given to.
    fn name_of(&mut self, access_token: &str) -> String {
        text(&self.server.ask(&json!({ "name_of": access_token })))
    }

    /// An answer to a challenge.
    fn request(
        &self,
        challenge: ChallengeNameType,
        session: &str,
        responses: &[(&str, &str)],
    ) -> Request {
        let responses = responses.iter();
        let responses = responses.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Request::new(RequiredMembers {
            challenge_name: challenge,
            client_id: &*self.app,
            user_pool_id: &*self.id,
        })
        .session(session)
        .challenge_responses(responses.collect::<BTreeMap<_, _>>())
    }

    /// The answer to the challenge to choose a password.
    fn choose(&self, session: &str, user: &str, password: &str) -> Request {
        let responses = [("USERNAME", user), ("NEW_PASSWORD", password)];
        self.request(ChallengeNameType::NewPasswordRequired, session, &responses)
    }

    fn send(&self, request: Request) -> Result<Response, Error<Refusal>> {
        let credentials = Credentials::new(ACCESS_KEY, SECRET_KEY);
        let client = Client::builder()
            .endpoint(&*self.endpoint)
            .sigv4(credentials, REGION)
            .build()
            .expect("an endpoint is all that a client needs");
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime starts")
            .block_on(client.admin_respond_to_auth_challenge(request))
    }

    /// Checks the error of a request, and that its text is useful.
    fn refusal(&self, request: Request) -> Refusal {
        let error = self.send(request).expect_err("the request is refused");
        assert_eq!(error.status(), Some(400), "{error}");
        assert!(!error.is_retryable(), "{error}");
        let code = error.code().expect("a modelled error has a code");
        let printed = error.to_string();
        assert!(
            printed.contains("AdminRespondToAuthChallenge") && printed.contains(code),
            "{printed}"
        );
        assert!(!printed.contains('\n'), "{printed}");
        match error {
            Error::Service(refusal) => refusal,
            other => panic!("{other}"),
        }
    }
}

fn text(value: &Value) -> String {
    let text = value.as_str();
    text.unwrap_or_else(|| panic!("not a text: {value}"))
        .to_owned()
}

/// Checks that a refusal is of one kind.
macro_rules! check {
    ($refusal:expr, $kind:ident) => {
        match $refusal {
            Refusal::$kind(_) => {}
            other => panic!("expected {}: {other:?}", stringify!($kind)),
        }
    };
}

#[test]
#[cfg_attr(not(python), ignore = "needs moto: `cargo xtask test` installs it")]
fn a_user_chooses_a_password_and_gets_tokens() {
    let mut pool = Pool::start(&["ann"]);
    let session = pool.session_of("ann");
    let request = pool.choose(&session, "ann", GOOD_PASSWORD);
    let answer = pool.send(request).expect("the password is accepted");
    assert_eq!(answer.challenge_name, None, "nothing else is asked");
    let tokens = answer.authentication_result.expect("there are tokens");
    assert_eq!(tokens.token_type.as_deref(), Some("Bearer"));
    assert!(tokens.expires_in > Some(0), "{:?}", tokens.expires_in);
    assert!(tokens.id_token.is_some() && tokens.refresh_token.is_some());
    let access_token = tokens.access_token.expect("there is an access token");
    assert_eq!(pool.name_of(&access_token), "ann");
}

#[test]
#[cfg_attr(not(python), ignore = "needs moto: `cargo xtask test` installs it")]
fn errors_come_back_as_the_right_type() {
    let mut pool = Pool::start(&["bob", "eve"]);
    let session = pool.session_of("bob");

    let unknown = "there-is-no-such-session";
    check!(
        pool.refusal(pool.choose(unknown, "bob", GOOD_PASSWORD)),
        ResourceNotFoundException
    );
    // Too short; without a number; none at all.
    for password in ["Short-1", "without-a-number", ""] {
        check!(
            pool.refusal(pool.choose(&session, "bob", password)),
            InvalidPasswordException
        );
    }
    check!(
        pool.refusal(pool.choose(&session, "nobody", GOOD_PASSWORD)),
        UserNotFoundException
    );
    let mut request = pool.choose(&session, "bob", GOOD_PASSWORD);
    request.client_id = "nosuchapp".to_owned();
    check!(pool.refusal(request), ResourceNotFoundException);

    let code = [("USERNAME", "bob"), ("SOFTWARE_TOKEN_MFA_CODE", "000000")];
    let mut request = pool.request(ChallengeNameType::SoftwareTokenMfa, &session, &code);
    check!(pool.refusal(request.clone()), CodeMismatchException);
    // An app with a secret wants a proof of it.
    request.client_id.clone_from(&pool.confidential);
    check!(pool.refusal(request), NotAuthorizedException);

    // None of it used up the session: the right response still gets tokens, and then the session
    // is gone.
    let right = pool.choose(&session, "bob", GOOD_PASSWORD);
    let answer = pool.send(right.clone()).expect("the password is accepted");
    assert!(answer.authentication_result.is_some());
    check!(pool.refusal(right), ResourceNotFoundException);
    assert_ne!(
        pool.session_of("eve"),
        session,
        "each challenge has its own"
    );
}
