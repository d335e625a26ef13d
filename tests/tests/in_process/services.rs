//! The services, each as a model, a router whose responses a test chooses, and a client that is
//! called with JSON, in any of the protocols.

use std::cell::Cell;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use amplify_admin::amplifybackend;
use amplify_admin::cognitoidentityprovider as cognito_idp;
use drawplate_fixtures::{kitchen_sink, polyglot, zoo};
use drawplate_model::model::{Kind, Model, Operation, OperationId, Service, Simple};
use drawplate_runtime::client::{Builder, Error, RetryConfig};
use drawplate_runtime::json::Json;
use drawplate_runtime::protocol::Protocol;
use drawplate_runtime::schema::{self, Member};
use drawplate_runtime::server::{Body, Handler, Router};
use drawplate_runtime::{
    Decode, DecodeError, Decoder, Encode, EncodeError, Encoder, HasSchema, ModeledError,
    OperationError, Schema, service,
};

use bytes::Bytes;
use http::{Request, Response};

use drawplate_tests as support;
use drawplate_tests::{
    amplifybackend_operations, amplifybackend_value_operations, cognitoidentityprovider_operations,
    cognitoidentityprovider_value_operations, kitchen_sink_operations,
    kitchen_sink_value_operations, polyglot_operations, polyglot_value_operations, zoo_operations,
    zoo_value_operations,
};

use crate::protocols::{Format, PROTOCOLS, Wire};

/// The idempotency token of the clients.
pub(crate) const TOKEN: &str = "a token";

/// A service in some protocols, for tests.
#[derive(Clone)]
pub(crate) struct Peer {
    pub(crate) name: String,
    /// The generated description, with these protocols.
    pub(crate) service: &'static service::Service,
    /// Its protocols, of which the client uses the first.
    pub(crate) wires: Vec<&'static Wire>,
    /// The model that it was generated from.
    pub(crate) model: Arc<Model>,
    make_router: fn(&'static service::Service, &Script) -> Router,
    make_call: fn(&'static service::Service, Channel, &str, &str) -> Exchange,
}

/// The receiver of a client's requests.
#[derive(Clone)]
pub(crate) enum Channel {
    Router(Router),
    /// The same response to every request.
    Response(Arc<Response<Bytes>>),
}

impl tower_service::Service<Request<Body>> for Channel {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        match self {
            Self::Router(router) => Box::pin(router.call(request)),
            Self::Response(response) => {
                let response = Response::clone(response).map(Body::from);
                Box::pin(async move { Ok(response) })
            }
        }
    }
}

impl Peer {
    /// The service in each protocol alone.
    pub(crate) fn in_each_protocol(&self) -> impl Iterator<Item = Self> {
        self.wires.iter().map(|wire| self.speaking(vec![*wire]))
    }

    /// The service in all its protocols at once.
    pub(crate) fn in_all_protocols(&self) -> Self {
        self.speaking(self.wires.clone())
    }

    /// The service in the protocols of its model.
    pub(crate) fn in_its_protocols(&self) -> Self {
        let own = |wire: &&Wire| {
            let mut protocols = self.service.protocols.iter();
            protocols.any(|protocol| protocol.id() == wire.protocol.id())
        };
        self.speaking(self.wires.iter().copied().filter(own).collect())
    }

    /// The service in other protocols than those in its model. The descriptions of services are
    /// statics.
    pub(crate) fn speaking(&self, wires: Vec<&'static Wire>) -> Self {
        let protocols = wires.iter().map(|wire| wire.protocol);
        let names = protocols.clone().map(Protocol::id);
        let name = format!("{} in {}", self.name, names.collect::<Vec<_>>().join(", "));
        Self {
            name,
            service: Box::leak(Box::new(service::Service {
                protocols: Vec::leak(protocols.collect()),
                ..*self.service
            })),
            wires,
            ..self.clone()
        }
    }

    /// The protocol of the client.
    pub(crate) fn wire(&self) -> &'static Wire {
        self.wires[0]
    }

    pub(crate) fn router(&self, script: &Script) -> Router {
        (self.make_router)(self.service, script)
    }

    /// Calls an operation with an input in JSON.
    pub(crate) fn call(&self, router: &Router, operation: &str, json: &str) -> Exchange {
        let channel = Channel::Router(router.clone());
        (self.make_call)(self.service, channel, operation, json)
    }

    /// Calls an operation with an input in JSON, which gets this response.
    pub(crate) fn receive(
        &self,
        response: Response<Bytes>,
        operation: &str,
        json: &str,
    ) -> Exchange {
        let channel = Channel::Response(Arc::new(response));
        (self.make_call)(self.service, channel, operation, json)
    }

    /// All operations, with and without streams.
    pub(crate) fn all_operations(&self) -> impl Iterator<Item = &Operation> {
        let ids = self.modeled().operations.iter();
        ids.map(|id| &self.model.operations[*id])
    }

    /// The service in the model.
    pub(crate) fn modeled(&self) -> &Service {
        let (_, service) = self.model.services.iter().next().expect("it has a service");
        service
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
        make_router: fn(&'static service::Service, &Script) -> Router,
        make_call: fn(&'static service::Service, Channel, &str, &str) -> Exchange,
    ) -> Self {
        let path = support::root().join(model);
        let text = std::fs::read_to_string(&path)
            .unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()));
        let mut peer = Self {
            name: name.to_owned(),
            service,
            wires: PROTOCOLS.iter().collect(),
            model: Arc::new(support::model(model, &text)),
            make_router,
            make_call,
        };
        // Some protocols need HTTP bindings.
        let binds = peer
            .all_operations()
            .all(|operation| operation.http.is_some());
        // XML has no documents.
        let mut shapes = peer.modeled().shapes.iter();
        let has_documents =
            shapes.any(|id| matches!(peer.model.shapes[*id].kind, Kind::Simple(Simple::Document)));
        peer.wires.retain(|wire| {
            (binds || !wire.binds()) && (!has_documents || wire.format != Format::Xml)
        });
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

/// The handlers of a service.
macro_rules! handlers {
    ($handlers:ident, $service:ident, $implementation:ident {
        $($operation:ident $method:ident $setter:ident [$($input:ident)?];)*
    }) => {
        fn $handlers<S: $service::server::$implementation>() -> &'static [Handler<S>] {
            drawplate_runtime::server_handlers!(S: $($method),*)
        }
    };
}

macro_rules! peer {
    ($peer:ident, $name:literal, $model:literal, $service:ident, $schema:ident, $routes:ident, $handlers:ident {
        $($operation:ident $method:ident $setter:ident [$($input:ident)?];)*
    }) => {
        pub(crate) fn $peer() -> Peer {
            fn router(service: &'static service::Service, script: &Script) -> Router {
                let mock = $service::server::Mock::new();
                $(let mock = {
                    let script = script.clone();
                    mock.$setter(move |input| script.respond(stringify!($operation), &input))
                };)*
                Router::new(service, $service::route::$routes, Arc::new(mock), $handlers())
            }

            fn call(
                service: &'static service::Service,
                channel: Channel,
                operation: &str,
                json: &str,
            ) -> Exchange {
                let client = Builder::<$service::Client>::new(service)
                    .unauthenticated()
                    .endpoint("http://in.process")
                    .transport(channel)
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

amplifybackend_operations! {
    handlers! amplify_handlers, amplifybackend, AmplifyBackend
}

amplifybackend_value_operations! {
    peer! amplify, "Amplify", "model/services/amplifybackend.json", amplifybackend, SERVICE, ROUTES, amplify_handlers
}

cognitoidentityprovider_operations! {
    handlers! cognito_handlers, cognito_idp, AwsCognitoIdentityProviderService
}

cognitoidentityprovider_value_operations! {
    peer! cognito, "Cognito", "model/services/cognito-idp.json", cognito_idp, SERVICE, ROUTES, cognito_handlers
}

kitchen_sink_operations! {
    handlers! kitchen_handlers, kitchen_sink, KitchenSink
}

kitchen_sink_value_operations! {
    peer! kitchen, "the kitchen sink", "tests/fixtures/services/kitchen-sink.smithy", kitchen_sink, SERVICE_, ROUTES_, kitchen_handlers
}

polyglot_operations! {
    handlers! polyglot_handlers, polyglot, Polyglot
}

polyglot_value_operations! {
    peer! polyglot, "Polyglot", "tests/fixtures/services/polyglot.smithy", polyglot, SERVICE, ROUTES, polyglot_handlers
}

zoo_operations! {
    handlers! zoo_handlers, zoo, Zoo
}

zoo_value_operations! {
    peer! animals, "the zoo", "tests/fixtures/services/zoo.smithy", zoo, SERVICE, ROUTES, zoo_handlers
}
