//! A radio station that answers, and the ways to call it.

use std::sync::{Arc, Mutex};

use drawplate_fixtures::radio::Client;
use drawplate_fixtures::radio::client::Builder;
use drawplate_fixtures::radio::error::{BroadcastError, ConverseError, ListenError, RelayError};
use drawplate_fixtures::radio::input::{BroadcastInput, ConverseInput, ListenInput, RelayInput};
use drawplate_fixtures::radio::output::{
    BroadcastOutput, ConverseOutput, ListenOutput, RelayOutput,
};
use drawplate_fixtures::radio::server::{
    Body, Radio, RequestContext, Router, Serve, Unauthenticated, router, serve,
};
use drawplate_fixtures::radio::types::{Program, Said};
use drawplate_fixtures::{EventStream, StreamError};
use drawplate_runtime::UnmodeledError;
use hyper_util::client::legacy;
use hyper_util::rt::TokioExecutor;
use tokio::net::TcpListener;

/// What ends a stream that was received.
pub(crate) type Ended = Option<String>;

/// Sends what it is given, counts what it hears, and says back what is said to it.
#[derive(Clone, Default)]
pub(crate) struct Station {
    /// What the next listener hears.
    program: Arc<Mutex<Option<EventStream<Program>>>>,
    /// What was broadcast, and how it ended.
    heard: Arc<Mutex<(Vec<Program>, Ended)>>,
}

impl Station {
    /// What the next listener hears.
    pub(crate) fn sends(&self, program: impl Into<EventStream<Program>>) {
        *self.program.lock().expect("no panic") = Some(program.into());
    }

    pub(crate) fn heard(&self) -> (Vec<Program>, Ended) {
        self.heard.lock().expect("no panic").clone()
    }

    pub(crate) fn take_heard(&self) -> (Vec<Program>, Ended) {
        std::mem::take(&mut *self.heard.lock().expect("no panic"))
    }
}

impl Radio for Station {
    async fn listen(
        &self,
        input: ListenInput,
        _: &RequestContext,
    ) -> Result<ListenOutput, ListenError> {
        if input.station == "none" {
            return Err(UnmodeledError::new(404).code("NoSuchStation").into());
        }
        let program = self.program.lock().expect("no panic").take();
        Ok(ListenOutput::new(program.unwrap_or_default()).title(format!("on {}", input.station)))
    }

    async fn broadcast(
        &self,
        mut input: BroadcastInput,
        _: &RequestContext,
    ) -> Result<BroadcastOutput, BroadcastError> {
        loop {
            let event = input.program.event().await;
            let mut heard = self.heard.lock().expect("no panic");
            match event {
                Ok(Some(event)) => heard.0.push(event),
                Ok(None) => {
                    return Ok(BroadcastOutput::new(
                        i32::try_from(heard.0.len()).expect("few"),
                    ));
                }
                Err(error) => {
                    heard.1 = Some(error.to_string());
                    return Err(UnmodeledError::from(error).into());
                }
            }
        }
    }

    async fn converse(
        &self,
        input: ConverseInput,
        _: &RequestContext,
    ) -> Result<ConverseOutput, ConverseError> {
        Ok(ConverseOutput::new(
            "Ada",
            EventStream::try_new(input.words),
        ))
    }

    async fn relay(
        &self,
        input: RelayInput,
        _: &RequestContext,
    ) -> Result<RelayOutput, RelayError> {
        Ok(RelayOutput::new(EventStream::try_new(input.words)))
    }
}

pub(crate) fn wait<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let limit = std::time::Duration::from_secs(30);
    runtime.block_on(async { tokio::time::timeout(limit, future).await.expect("in time") })
}

/// Sets up a client that uses the HTTP bindings.
pub(crate) fn rest() -> Builder<Client> {
    Client::builder()
        .unauthenticated()
        .protocol("aws.protocols#restJson1")
        .endpoint("http://localhost")
}

/// Clients of one station: in its process, over HTTP/1.1 and over HTTP/2.
pub(crate) async fn clients(station: &Station) -> [(&'static str, Client); 3] {
    clients_of(station, |serve| serve).await
}

/// The same, with settings of the server.
pub(crate) async fn clients_of(
    station: &Station,
    set: impl FnOnce(Serve<Router>) -> Serve<Router>,
) -> [(&'static str, Client); 3] {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("its address");
    let router = router(station.clone(), Unauthenticated);
    tokio::spawn(set(serve(listener, router.clone())).into_future());
    let client = |http2| {
        let transport = legacy::Client::builder(TokioExecutor::new())
            .http2_only(http2)
            .build_http::<Body>();
        rest()
            .endpoint(format!("http://{address}"))
            .transport(transport)
            .build()
            .expect("a client")
    };
    [
        (
            "in process",
            rest().transport(router).build().expect("a client"),
        ),
        ("HTTP/1.1", client(false)),
        ("HTTP/2", client(true)),
    ]
}

pub(crate) fn said(text: &str) -> Program {
    Program::Said(Said::new().text(text))
}

/// All events of a stream, and what ended it.
pub(crate) async fn all(
    mut stream: EventStream<Program>,
) -> (Vec<Program>, Option<StreamError<Program>>) {
    let mut events = Vec::new();
    loop {
        match stream.event().await {
            Ok(Some(event)) => events.push(event),
            Ok(None) => return (events, None),
            Err(error) => return (events, Some(error)),
        }
    }
}
