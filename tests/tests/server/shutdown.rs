//! A shutdown under load: whoever is connected is answered, whoever comes later is refused, nobody
//! is cut off.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use drawplate_fixtures::kitchen_sink::output::GetThingOutput;
use drawplate_fixtures::kitchen_sink::server::{Body, Mock, router, serve};
use http::Request;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::Notify;
use tokio::time::sleep;
use tower::{ServiceExt as _, service_fn};

use crate::call::wait;

/// Callers at once; half of them keep their connections.
const CALLERS: usize = 300;

/// What became of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    /// A whole answer came, and the connection stays.
    Answered,
    /// A whole answer came that said `connection: close`, and the connection was closed.
    Farewell,
    /// The connection was refused.
    Refused,
    /// The connection was made, and no whole answer came.
    Lost,
}

/// How many calls came to which end.
type Ends = BTreeMap<End, usize>;

/// Calls until it is refused, and says what became of the calls.
async fn call_on(address: SocketAddr, keep: bool, answers: Arc<AtomicUsize>) -> Ends {
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
            answers.fetch_add(1, Ordering::Relaxed);
            if end != End::Answered {
                break;
            }
        }
    }
}

/// One call. An answer that is not all there is none.
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
        return Some(End::Answered);
    }
    // Nothing more comes, and nothing breaks.
    (stream.read(&mut [0]).await.ok()? == 0).then_some(End::Farewell)
}

#[test]
fn a_shutdown_under_load_loses_no_call() {
    // One thread for all: what the kernel holds when the signal comes is there before the server
    // looks, and nobody connects behind its back.
    let (kept, fresh) = wait(async {
        // With room for all callers to come at once: whom the system turns away comes back a second
        // later.
        let socket = TcpSocket::new_v4().expect("a socket");
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        socket.bind(any).expect("a free port");
        let listener = socket.listen(1024).expect("it listens");
        let address = listener.local_addr().expect("its address");
        let stop = Arc::new(Notify::new());
        let signal = Arc::clone(&stop);
        let service = router(Mock::new().on_get_thing(|_| Ok(GetThingOutput::new())));
        // Calls take their time, so that most of them are on their way when the signal comes.
        let service = service_fn(move |request: Request<Body>| {
            let service = service.clone();
            async {
                sleep(Duration::from_millis(20)).await;
                service.oneshot(request).await
            }
        });
        let server = serve(listener, service).shutdown_on(async move { signal.notified().await });
        let server = tokio::spawn(server.into_future());
        let answers = Arc::new(AtomicUsize::new(0));
        let callers = (0..CALLERS).map(|caller| {
            let keep = caller % 2 == 0;
            (
                keep,
                tokio::spawn(call_on(address, keep, Arc::clone(&answers))),
            )
        });
        let callers = callers.collect::<Vec<_>>();
        while answers.load(Ordering::Relaxed) < 4 * CALLERS {
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
    // Who keeps its connection is told once that it ends; who does not has asked for it each time.
    assert_eq!(kept[&End::Farewell], callers, "{kept:?}");
    assert!(fresh[&End::Farewell] > callers, "{fresh:?}");
    assert_eq!(fresh.get(&End::Answered), None, "{fresh:?}");
    for ends in [&kept, &fresh] {
        assert_eq!(ends.get(&End::Lost), None, "{ends:?}");
        assert_eq!(ends[&End::Refused], callers, "{ends:?}");
    }
}
