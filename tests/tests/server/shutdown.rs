//! A shutdown under load: callers that are connected get responses, later connections are refused,
//! and no call is cut off.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use drawplate_fixtures::kitchen_sink::output::GetThingOutput;
use drawplate_fixtures::kitchen_sink::server::{Body, Mock, Unauthenticated, router, serve};
use http::Request;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::Notify;
use tokio::time::sleep;
use tower::{ServiceExt as _, service_fn};

use crate::call::wait;

/// Callers at once; half of them keep their connections.
const CALLERS: usize = 300;

/// The end of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    /// A complete response arrived, and the connection stays open.
    Complete,
    /// A complete response with `connection: close` arrived, and the connection was closed.
    Farewell,
    /// The connection was refused.
    Refused,
    /// The connection was established, but no complete response arrived.
    Lost,
}

/// The number of calls per end.
type Ends = BTreeMap<End, usize>;

/// Calls until a connection is refused, and returns the ends of the calls.
async fn call_on(address: SocketAddr, keep: bool, responses: Arc<AtomicUsize>) -> Ends {
    let mut ends = Ends::new();
    loop {
        let mut stream = match TcpStream::connect(address).await {
            Ok(stream) => BufReader::new(stream),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
                ends.insert(End::Refused, 1);
                return ends;
            }
        };
        loop {
            let end = exchange(&mut stream, keep).await.unwrap_or(End::Lost);
            *ends.entry(end).or_default() += 1;
            responses.fetch_add(1, Ordering::Relaxed);
            if end != End::Complete {
                break;
            }
        }
    }
}

/// Sends one request. An incomplete response does not count.
async fn exchange(stream: &mut BufReader<TcpStream>, keep: bool) -> Option<End> {
    let connection = if keep { "keep-alive" } else { "close" };
    let request =
        format!("GET /v1/things/7 HTTP/1.1\r\nhost: a\r\nconnection: {connection}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.ok()?;
    let (mut line, mut length, mut closes) = (String::new(), None, false);
    loop {
        line.clear();
        stream.read_line(&mut line).await.ok()?;
        match line.trim_end().split_once(": ") {
            Some(("content-length", value)) => length = value.parse().ok(),
            Some(("connection", value)) => closes = value == "close",
            Some(_) => {}
            None if line.starts_with("HTTP/1.1 ") => assert_eq!(line, "HTTP/1.1 200 OK\r\n"),
            None if line == "\r\n" => break,
            None => return None,
        }
    }
    let mut body = vec![0; length?];
    stream.read_exact(&mut body).await.ok()?;
    if !closes {
        return Some(End::Complete);
    }
    // The connection ends without more bytes.
    (stream.read(&mut [0]).await.ok()? == 0).then_some(End::Farewell)
}

#[test]
fn a_shutdown_under_load_loses_no_call() {
    // One thread for all: connections in the backlog at the time of the signal are visible to the
    // server, and no new ones are made meanwhile.
    let (kept, fresh) = wait(async {
        // A backlog for all callers at once: the system delays others by a second.
        let socket = TcpSocket::new_v4().expect("a socket");
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        socket.bind(any).expect("a free port");
        let listener = socket.listen(1024).expect("it listens");
        let address = listener.local_addr().expect("its address");
        let stop = Arc::new(Notify::new());
        let signal = Arc::clone(&stop);
        let service = router(
            Mock::new().on_get_thing(|_| Ok(GetThingOutput::new())),
            Unauthenticated,
        );
        // Calls are slow, so that most of them are in progress at the time of the signal.
        let service = service_fn(move |request: Request<Body>| {
            let service = service.clone();
            async {
                sleep(Duration::from_millis(20)).await;
                service.oneshot(request).await
            }
        });
        let server = serve(listener, service).shutdown_on(async move { signal.notified().await });
        let server = tokio::spawn(server.into_future());
        let responses = Arc::new(AtomicUsize::new(0));
        let callers = (0..CALLERS).map(|caller| {
            let keep = caller % 2 == 0;
            (
                keep,
                tokio::spawn(call_on(address, keep, Arc::clone(&responses))),
            )
        });
        let callers = callers.collect::<Vec<_>>();
        while responses.load(Ordering::Relaxed) < 4 * CALLERS {
            sleep(Duration::from_millis(1)).await;
        }
        stop.notify_one();
        let (mut kept, mut fresh) = (Ends::new(), Ends::new());
        for (keep, caller) in callers {
            let all = if keep { &mut kept } else { &mut fresh };
            for (end, count) in caller.await.expect("no panic") {
                *all.entry(end).or_default() += count;
            }
        }
        server.await.expect("no panic").expect("no error");
        (kept, fresh)
    });
    let callers = CALLERS / 2;
    // Callers that keep their connections get `connection: close` once; the others asked for it in
    // each request.
    assert_eq!(kept[&End::Farewell], callers, "{kept:?}");
    assert!(fresh[&End::Farewell] > callers, "{fresh:?}");
    assert_eq!(fresh.get(&End::Complete), None, "{fresh:?}");
    for ends in [&kept, &fresh] {
        assert_eq!(ends.get(&End::Lost), None, "{ends:?}");
        assert_eq!(ends[&End::Refused], callers, "{ends:?}");
    }
}
