//! The services, each as a model, a router whose responses a test chooses, and a client that
//! is called with JSON.

use std::cell::Cell;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use amplify_admin::amplifybackend;
use amplify_admin::cognitoidentityprovider as cognito_idp;
use drawplate_fixtures::{kitchen_sink, zoo};
use drawplate_model::model::{Model, Operation, OperationId, Service};
use drawplate_runtime::client::{Error, RetryConfig};
use drawplate_runtime::json::Json;
use drawplate_runtime::schema::{self, Member};
use drawplate_runtime::server::Router;
use drawplate_runtime::{
    Decode, DecodeError, Decoder, Encode, EncodeError, Encoder, HasSchema, ModeledError,
    OperationError, Schema, service,
};

use drawplate_tests as support;
use drawplate_tests::{
    amplifybackend_value_operations, cognitoidentityprovider_value_operations,
    kitchen_sink_value_operations, zoo_value_operations,
};

/// The idempotency token of the clients.
pub(crate) const TOKEN: &str = "a token";

/// A service, for tests.
pub(crate) struct Peer {
    pub(crate) name: &'static str,
    /// The generated description.
    pub(crate) service: &'static service::Service,
    /// The model that it was generated from.
    pub(crate) model: Model,
    pub(crate) router: fn(&Script) -> Router,
    pub(crate) call: fn(&Router, &str, &str) -> Exchange,
}

impl Peer {
    /// The service in the model.
    pub(crate) fn modeled(&self) -> &Service {
        let (_, service) = self.model.services.iter().next().expect("it has a service");
        service
    }

    pub(crate) fn binds(&self) -> bool {
        matches!(
            self.service.protocol().id(),
            "aws.protocols#restJson1" | "alloy#simpleRestJson"
        )
    }

    /// The content type of its documents.
    pub(crate) fn document_type(&self) -> &'static str {
        match self.service.protocol().id() {
            "aws.protocols#restJson1" | "alloy#simpleRestJson" => "application/json",
            "aws.protocols#awsJson1_0" => "application/x-amz-json-1.0",
            "aws.protocols#awsJson1_1" => "application/x-amz-json-1.1",
            other => panic!("{other} has no known content type"),
        }
    }

    /// The operations without streams.
    pub(crate) fn operations(&self) -> impl Iterator<Item = (OperationId, &Operation)> {
        let ids = self.modeled().operations.iter();
        ids.map(|id| (*id, &self.model.operations[*id]))
            .filter(|(_, operation)| !self.streams(operation))
    }

    /// Whether the input or output of an operation has a stream (Smithy 2.0, "streaming trait").
    pub(crate) fn streams(&self, operation: &Operation) -> bool {
        [operation.input, operation.output].iter().any(|id| {
            let mut members = self.model.shapes[*id].kind.members();
            members.any(|member| member.streaming)
        })
    }

    fn new(
        name: &'static str,
        model: &str,
        service: &'static service::Service,
        router: fn(&Script) -> Router,
        call: fn(&Router, &str, &str) -> Exchange,
    ) -> Self {
        let path = support::root().join(model);
        let text = std::fs::read_to_string(&path)
            .unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()));
        let peer = Self {
            name,
            service,
            model: support::model(model, &text),
            router,
            call,
        };
        peer.is_complete();
        peer
    }

    /// Checks that the generated service has the operations of the model.
    fn is_complete(&self) {
        let generated = self
            .service
            .operations
            .iter()
            .map(|operation| operation.name);
        let modeled = &self.modeled().operations;
        let modeled = modeled
            .iter()
            .map(|id| self.model.operations[*id].name.name());
        assert!(generated.eq(modeled), "what was generated is not the model");
    }
}

/// The response of an implementation.
#[derive(Clone, Debug)]
pub(crate) enum ScriptedResponse {
    /// An output, as JSON.
    Output(String),
    /// The error with this index in the operation's list, as JSON.
    Error(usize, String),
}

/// The next response of an implementation, and the inputs that it has received. Clones share them.
#[derive(Clone, Default)]
pub(crate) struct Script(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// `None` for an output without optional members.
    given: Option<ScriptedResponse>,
    /// The last operation that was called, its input and its result, as the codec writes them.
    seen: Option<Seen>,
}

#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) operation: &'static str,
    pub(crate) input: String,
    pub(crate) gave: String,
}

impl Script {
    pub(crate) fn give(&self, given: ScriptedResponse) {
        self.state().given = Some(given);
    }

    /// Takes what was recorded.
    pub(crate) fn seen(&self) -> Option<Seen> {
        self.state().seen.take()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn respond<I: Json, O: Json, E: OperationError>(
        &self,
        operation: &'static str,
        input: &I,
    ) -> Result<O, E> {
        let mut state = self.state();
        let given = state
            .given
            .clone()
            .unwrap_or(ScriptedResponse::Output("{}".to_owned()));
        let (result, gave) = match given {
            ScriptedResponse::Output(json) => {
                let output = O::from_json(&json).expect("what is given is an output");
                let gave = written(&output);
                (Ok(output), gave)
            }
            ScriptedResponse::Error(index, json) => {
                INDEX.set(index);
                let error = AnyError::<E>::from_json(&json).expect("what is given is an error");
                let gave = written(&error);
                (Err(error.0), gave)
            }
        };
        state.seen = Some(Seen {
            operation,
            input: written(input),
            gave,
        });
        result
    }
}

/// The result of a call.
#[derive(Debug)]
pub(crate) struct Exchange {
    /// The input that the client was called with.
    pub(crate) sent: String,
    pub(crate) got: Got,
}

#[derive(Debug, PartialEq)]
pub(crate) enum Got {
    Output(String),
    /// The name of an error's shape, and its members.
    Error(&'static str, String),
    /// Any other error, as text.
    Failure(String),
}

fn written<T: Json>(value: &T) -> String {
    value.to_json().expect("what was read can be written")
}

fn read<T: Json>(name: &str, json: &str) -> T {
    T::from_json(json).unwrap_or_else(|error| panic!("{name}: {error}: {json}"))
}

fn got<O: Json, E: OperationError>(result: Result<O, Error<E>>) -> Got {
    match result {
        Ok(output) => Got::Output(written(&output)),
        Err(Error::Service(error)) => match error.as_modeled().map(ModeledError::name) {
            Some(name) => Got::Error(name, written(&AnyError(error))),
            None => Got::Failure(format!("{error:?}")),
        },
        Err(error) => Got::Failure(format!("{error:?}")),
    }
}

thread_local! {
    /// The error to decode: `Decode` has no other parameter.
    static INDEX: Cell<usize> = const { Cell::new(0) };
}

/// A modelled error of an operation as a value of its own.
struct AnyError<E>(E);

impl<E> HasSchema for AnyError<E> {
    const SCHEMA: &'static Schema = &schema::DOCUMENT;
}

impl<E: OperationError> Encode for AnyError<E> {
    fn encode(
        &self,
        member: &'static Member,
        encoder: &mut dyn Encoder,
    ) -> Result<(), EncodeError> {
        match self.0.as_modeled() {
            Some(error) => encoder.structure(member, error),
            None => Err(EncodeError::new("the model does not know the error")),
        }
    }
}

impl<E: OperationError> Decode for AnyError<E> {
    fn decode(member: &'static Member, decoder: &mut dyn Decoder) -> Result<Self, DecodeError> {
        let mut read = Ok(());
        let error = E::make(INDEX.get(), &mut |error| {
            read = decoder.structure(member, error);
        });
        read?;
        Ok(Self(error.expect("the operation has so many errors")))
    }

    fn empty() -> Self {
        let error = E::make(INDEX.get(), &mut |_| ());
        Self(error.expect("the operation has so many errors"))
    }
}

thread_local! {
    static RUNTIME: tokio::runtime::Runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime starts");
}

/// Runs a future to its end.
pub(crate) fn wait<T>(future: impl Future<Output = T>) -> T {
    RUNTIME.with(|runtime| runtime.block_on(future))
}

macro_rules! peer {
    ($peer:ident, $name:literal, $model:literal, $service:ident, $schema:ident {
        $($operation:ident $method:ident $setter:ident [$($input:ident)?];)*
    }) => {
        pub(crate) fn $peer() -> Peer {
            fn router(script: &Script) -> Router {
                let mock = $service::server::Mock::new();
                $(let mock = {
                    let script = script.clone();
                    mock.$setter(move |input| script.respond(stringify!($operation), &input))
                };)*
                $service::server::router(mock)
            }

            fn call(router: &Router, operation: &str, json: &str) -> Exchange {
                let client = $service::Client::builder()
                    .endpoint("http://in.process")
                    .transport(router.clone())
                    .retries(RetryConfig::none())
                    .idempotency_tokens(|| TOKEN.to_owned())
                    .build();
                let client = client.expect("an endpoint and a transport are all that a client needs");
                let mut sent = "{}".to_owned();
                let got = match operation {
                    $(stringify!($operation) => got(wait(async {
                        client.$method($({
                            // An input that is also an output is in another module.
                            let input = read(stringify!($input), json);
                            sent = written(&input);
                            input
                        })?).await
                    })),)*
                    other => panic!("`{other}` is not an operation of the service"),
                };
                Exchange { sent, got }
            }

            Peer::new($name, $model, &$service::operation::$schema, router, call)
        }
    };
}

amplifybackend_value_operations! {
    peer! amplify, "Amplify", "model/services/amplifybackend.json", amplifybackend, SERVICE
}

cognitoidentityprovider_value_operations! {
    peer! cognito, "Cognito", "model/services/cognito-idp.json", cognito_idp, SERVICE
}

kitchen_sink_value_operations! {
    peer! kitchen, "the kitchen sink", "tests/fixtures/services/kitchen-sink.smithy", kitchen_sink, SERVICE_
}

zoo_value_operations! {
    peer! animals, "the zoo", "tests/fixtures/services/zoo.smithy", zoo, SERVICE
}
