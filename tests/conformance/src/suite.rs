//! Selects the cases of a suite, runs them and counts those that pass.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;

use drawplate_runtime::endpoint::Rules;
use drawplate_runtime::server::Router;
use drawplate_runtime::service;

use crate::case::{Cases, Head, Side};
use crate::client::{self, Setup};
use crate::compare::Difference;
use crate::events;
use crate::expected::Listed;
use crate::given::{CaseResult, Given};
use crate::server::{self, Probe};

/// The future result of a call.
pub type Calling = Pin<Box<dyn Future<Output = CaseResult>>>;

/// A service and the cases of its protocol.
#[derive(Debug)]
pub struct Service {
    /// The description of the service.
    pub schema: &'static service::Service,
    /// The cases.
    pub cases: Cases,
    /// Calls the operation with an index by a client.
    pub call: fn(&Setup, usize, Given) -> Calling,
    /// The service of HTTP requests over an implementation; `None` if the protocols have no server.
    pub router: Option<fn(Probe) -> Router>,
    /// The endpoint rules of the client.
    pub rules: fn() -> Option<&'static Rules>,
}

impl Service {
    /// The service of HTTP requests over `probe`.
    pub(crate) fn serve(&self, probe: &Probe) -> Result<Router, String> {
        let router = self
            .router
            .ok_or("the protocols of the service have no server")?;
        Ok(router(probe.clone()))
    }
}

/// `calls!(Client: method, other(input), ..)`: calls the methods of a client by index. A method
/// with an event stream is followed by accessors of the streams in input and output:
/// `talk(input) [|input: &mut TalkInput| Some(&mut input.stream), |_| None]`.
#[macro_export]
macro_rules! calls {
    ($client:ty: $($method:ident $(($input:ident))? $([$sent:expr, $received:expr])?),* $(,)?) => {
        |setup, operation, given| {
            const CALLS: &[fn($client, $crate::Given) -> $crate::Calling] = &[$(
                $crate::calls!(@call $method $(($input))? $([$sent, $received])?)
            ),*];
            match setup.client(<$client>::builder()) {
                ::core::result::Result::Ok(client) => CALLS[operation](client, given),
                ::core::result::Result::Err(error) => ::std::boxed::Box::pin(async { ::core::result::Result::Err(error) }),
            }
        }
    };
    (@call $method:ident $(($input:ident))?) => {
        |client, given| ::std::boxed::Box::pin(async move {
            let call = given.configured(client.$method($(given.$input()?)?));
            given.outcome(call.await).await
        })
    };
    (@call $method:ident ($input:ident) [$sent:expr, $received:expr]) => {
        |client, given| ::std::boxed::Box::pin(async move {
            let call = given.configured(client.$method(given.input_with($sent)?));
            given.outcome_with(call.await, $received).await
        })
    };
    (@call $method:ident [$sent:expr, $received:expr]) => {
        |client, given| ::std::boxed::Box::pin(async move {
            let call = given.configured(client.$method());
            given.outcome_with(call.await, $received).await
        })
    };
}

/// The kinds of cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    ClientRequest,
    ClientResponse,
    ServerRequest,
    ServerResponse,
    Malformed,
    ClientEventStream,
    ServerEventStream,
}

impl Kind {
    pub(crate) const ALL: [Self; 7] = [
        Self::ClientRequest,
        Self::ClientResponse,
        Self::ServerRequest,
        Self::ServerResponse,
        Self::Malformed,
        Self::ClientEventStream,
        Self::ServerEventStream,
    ];

    /// The kinds in the line of a suite; the others have lines of their own.
    pub(crate) const HTTP: usize = 5;

    /// Its name in the list of expected failures and in reports.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::ClientRequest => "client request",
            Self::ClientResponse => "client response",
            Self::ServerRequest => "server request",
            Self::ServerResponse => "server response",
            Self::Malformed => "malformed",
            Self::ClientEventStream => "client event stream",
            Self::ServerEventStream => "server event stream",
        }
    }

    /// Its name in the line of a suite.
    pub(crate) const fn plural(self) -> &'static str {
        match self {
            Self::ClientRequest => "client requests",
            Self::ClientResponse => "client responses",
            Self::ServerRequest => "server requests",
            Self::ServerResponse => "server responses",
            Self::Malformed => "malformed",
            Self::ClientEventStream => "client event streams",
            Self::ServerEventStream => "server event streams",
        }
    }

    const fn side(self) -> Side {
        match self {
            Self::ClientRequest | Self::ClientResponse | Self::ClientEventStream => Side::Client,
            Self::ServerRequest
            | Self::ServerResponse
            | Self::Malformed
            | Self::ServerEventStream => Side::Server,
        }
    }

    /// The cases of the kind, by index. Cases of a service without a server are those of clients,
    /// whether or not they say so.
    fn heads(self, service: &'static Service) -> Vec<(usize, &'static Head)> {
        let Service { cases, router, .. } = service;
        if self.side() == Side::Server && router.is_none() {
            return Vec::new();
        }
        let heads: Vec<&Head> = match self {
            Self::ClientRequest | Self::ServerRequest => {
                cases.requests.iter().map(|case| &case.head).collect()
            }
            Self::ClientResponse | Self::ServerResponse => {
                cases.responses.iter().map(|case| &case.head).collect()
            }
            Self::Malformed => cases.malformed.iter().map(|case| &case.head).collect(),
            Self::ClientEventStream | Self::ServerEventStream => {
                cases.event_streams.iter().map(|case| &case.head).collect()
            }
        };
        let heads = heads.into_iter().enumerate();
        heads.filter(|(_, head)| head.is_for(self.side())).collect()
    }
}

/// The cases to run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Selection {
    pub(crate) side: Option<Side>,
    /// A part of the ID of a case or of the name of its operation.
    pub(crate) filter: Option<String>,
}

/// A case that was run.
pub(crate) struct Ran {
    pub(crate) kind: Kind,
    pub(crate) id: &'static str,
    pub(crate) operation: &'static str,
    /// Empty if the case has passed.
    pub(crate) differences: Vec<Difference>,
    pub(crate) listed: bool,
}

/// Runs the cases of a selection in their order and passes each to `took`. Returns the
/// entries of the list for which there is no case.
pub(crate) fn run<'l>(
    services: &[&'static Service],
    selection: &Selection,
    list: &'l [Listed],
    mut took: impl FnMut(Ran),
) -> Result<Vec<&'l Listed>, String> {
    let runtime = runtime()?;
    let mut unknown = list.iter().collect::<Vec<_>>();
    for kind in Kind::ALL {
        for service in services {
            for (place, head) in kind.heads(service) {
                let is_it = |listed: &&Listed| listed.kind == kind.name() && listed.case == head.id;
                unknown.retain(|listed| !is_it(listed));
                let operation = service
                    .schema
                    .operations
                    .get(head.operation)
                    .map_or("", |operation| operation.name);
                if !selection.takes(kind, head.id, operation) {
                    continue;
                }
                took(Ran {
                    kind,
                    id: head.id,
                    operation,
                    differences: match head.unread {
                        [] => differences(&runtime, service, kind, place),
                        [key, ..] => vec![Difference::failed(format!(
                            "it says `{key}`, which is not compared"
                        ))],
                    },
                    listed: list.iter().any(|listed| is_it(&listed)),
                });
            }
        }
    }
    Ok(unknown)
}

/// The runtime that futures of cases run on.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, String> {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .map_err(|error| error.to_string())
}

impl Selection {
    fn takes(&self, kind: Kind, id: &str, operation: &str) -> bool {
        let Self { side, filter } = self;
        side.is_none_or(|side| side == kind.side())
            && filter
                .as_ref()
                .is_none_or(|text| id.contains(&**text) || operation.contains(&**text))
    }
}

/// Runs a case. A panic is a failure.
fn differences(
    runtime: &tokio::runtime::Runtime,
    service: &'static Service,
    kind: Kind,
    place: usize,
) -> Vec<Difference> {
    let Cases {
        requests,
        responses,
        malformed,
        event_streams,
        endpoints: _,
    } = service.cases;
    let run = async {
        match kind {
            Kind::ClientRequest => client::request(service, &requests[place]).await,
            Kind::ClientResponse => client::response(service, &responses[place]).await,
            Kind::ServerRequest => server::request(service, &requests[place]).await,
            Kind::ServerResponse => server::response(service, &responses[place]).await,
            Kind::Malformed => server::malformed(service, &malformed[place]).await,
            Kind::ClientEventStream => events::client(service, &event_streams[place]).await,
            Kind::ServerEventStream => events::server(service, &event_streams[place]).await,
        }
    };
    match catch_unwind(AssertUnwindSafe(|| runtime.block_on(run))) {
        Ok(Ok(differences)) => differences,
        Ok(Err(why)) => vec![Difference::failed(why)],
        Err(_) => vec![Difference::failed("it panicked")],
    }
}
