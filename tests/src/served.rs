//! Our servers, with responses that a test chooses; they keep the inputs that they receive.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use drawplate_runtime::schema::STRING;
use drawplate_runtime::server::{Listener, Router, TlsIdentity, TlsListener, serve};
use drawplate_runtime::shape::DecodeMap;
use drawplate_runtime::{
    Decode, DecodeError, Decoder, Encode, EncodeError, Encoder, HasSchema, Json, Member,
    OperationError, Schema, UnmodeledError,
};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// The response to the next call.
#[derive(Debug)]
pub enum ScriptedResponse {
    /// An output.
    Output(Value),
    /// An error of the model: its name and members.
    Modeled(&'static str, Value),
    /// An error that is not in the model: status, code and message.
    Unmodeled(u16, String, String),
}

/// The operation that was called, and its input.
pub type Received = (&'static str, Value);

/// The state that test and server share.
#[derive(Clone, Debug, Default)]
pub struct Script(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    next: Option<ScriptedResponse>,
    received: Vec<Received>,
}

impl Script {
    /// Sets the response to the next call.
    pub fn respond_with(&self, response: ScriptedResponse) {
        self.state(|state| state.next = Some(response));
    }

    /// Takes the calls that were received.
    pub fn take(&self) -> Vec<Received> {
        self.state(|state| std::mem::take(&mut state.received))
    }

    fn state<T>(&self, take: impl FnOnce(&mut State) -> T) -> T {
        take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Responds to a call of any operation.
    ///
    /// # Errors
    ///
    /// If the test has set an error.
    pub fn respond<I: Json, O: Json, E: OperationError>(
        &self,
        operation: &'static str,
        input: &I,
    ) -> Result<O, E> {
        let input = input.to_json().expect("an input that was read is written");
        let input = serde_json::from_str(&input).expect("what was written is JSON");
        let next = self.state(|state| {
            state.received.push((operation, input));
            state.next.take()
        });
        match next.expect("one response per call") {
            ScriptedResponse::Output(output) => {
                Ok(O::from_json_strict(output.to_string()).expect("the response is an output"))
            }
            ScriptedResponse::Modeled(name, members) => {
                let error = Modeled::from_json_strict(json!({ name: members }).to_string());
                Err(error.expect("the operation has the error").0)
            }
            ScriptedResponse::Unmodeled(status, code, message) => Err(E::from(
                UnmodeledError::new(status).code(code).message(message),
            )),
        }
    }
}

/// A mock of all operations of a service over a [`Script`].
#[macro_export]
macro_rules! mock {
    ($service:ident, $script:ident {
        $($operation:ident $method:ident $setter:ident [$input:ident];)*
    }) => {
        $service::server::Mock::new()$(.$setter({
            let script = $script.clone();
            move |input| script.respond(stringify!($operation), &input)
        }))*
    };
}

/// A server on a loopback socket, which is shut down when this goes out of scope.
#[derive(Debug)]
pub struct Served {
    /// Its endpoint.
    pub url: String,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Served {
    /// Starts a server on a free port.
    pub fn start(router: Router) -> Self {
        Self::listen(router, "http", |listener| listener)
    }

    /// Starts a server with TLS on a free port.
    pub fn start_with_tls(router: Router, identity: TlsIdentity) -> Self {
        Self::listen(router, "https", |listener| {
            TlsListener::new(listener, identity)
        })
    }

    fn listen<L: Listener + Send + 'static>(
        router: Router,
        scheme: &str,
        on: impl FnOnce(TcpListener) -> L,
    ) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime starts");
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"));
        let listener = listener.expect("there is a free port");
        let address = listener.local_addr().expect("it has an address");
        let listener = on(listener);
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            let server = serve(listener, router).shutdown_on(async {
                let _ = stopped.await;
            });
            runtime
                .block_on(server.into_future())
                .expect("the server ends well");
        });
        Self {
            url: format!("{scheme}://{address}"),
            stop: Some(stop),
            thread: Some(thread),
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.stop.take());
        let ended = self.thread.take().map(JoinHandle::join);
        // If the test has failed, its own message is the better one.
        if !std::thread::panicking() {
            ended
                .expect("there is a thread")
                .expect("the server does not panic");
        }
    }
}

/// One of an operation's errors, read from `{"Name": {..}}`.
struct Modeled<E>(E);

static MODELED: Schema = Schema::map(
    "tests#Modeled",
    &[Member::new("key", &STRING), Member::new("value", &ANY)],
);
/// Errors return their own schemas.
static ANY: Schema = Schema::structure("tests#Any", &[]);

impl<E> HasSchema for Modeled<E> {
    const SCHEMA: &'static Schema = &MODELED;
}

impl<E: OperationError> Decode for Modeled<E> {
    fn decode(member: &'static Member, decoder: &mut dyn Decoder) -> Result<Self, DecodeError> {
        let mut found = Found(None);
        decoder.map(member, &mut found)?;
        let Found(error) = found;
        error
            .map(Self)
            .ok_or_else(|| DecodeError::mismatch("an error", "none"))
    }

    fn empty() -> Self {
        Self(E::from(UnmodeledError::new(500)))
    }
}

impl<E: OperationError> Encode for Modeled<E> {
    fn encode(
        &self,
        member: &'static Member,
        encoder: &mut dyn Encoder,
    ) -> Result<(), EncodeError> {
        match self.0.as_modeled() {
            Some(error) => encoder.structure(member, error),
            None => encoder.none(member),
        }
    }
}

struct Found<E>(Option<E>);

impl<E: OperationError> DecodeMap for Found<E> {
    fn len(&self) -> usize {
        usize::from(self.0.is_some())
    }

    fn decode_entry(
        &mut self,
        key: &str,
        value: &'static Member,
        decoder: &mut dyn Decoder,
    ) -> Result<(), DecodeError> {
        let index = E::SCHEMAS.iter().position(|schema| schema.name() == key);
        let index =
            index.ok_or_else(|| DecodeError::mismatch("an error of the operation", "another"))?;
        let mut read = Ok(());
        self.0 = E::make(index, &mut |error| read = decoder.structure(value, error));
        read
    }
}
