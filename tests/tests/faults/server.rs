//! A server on a loopback socket that follows a script, faults included, and counts requests.

use std::collections::VecDeque;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// The next action of the server.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Resets the connection without reading a request.
    Unread,
    /// Reads a request, writes these bytes, and continues with `Then`.
    Write(Vec<u8>, Then),
}

/// The fate of a connection after a response.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Then {
    /// It stays open for the next request.
    Keep,
    /// It is closed.
    Close,
    /// It is reset.
    Reset,
    /// It stays open and silent until the client leaves.
    Stall,
    /// It sends a space every 20 ms until the client leaves.
    Drip,
}

/// A complete response.
pub(crate) fn response(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Step {
    let body = body.as_ref();
    let mut bytes = head(status, headers);
    bytes.extend(format!("content-length: {}\r\n\r\n", body.len()).bytes());
    bytes.extend(body);
    Step::Write(bytes, Then::Keep)
}

/// Raw bytes.
pub(crate) fn raw(bytes: impl AsRef<[u8]>, then: Then) -> Step {
    Step::Write(bytes.as_ref().to_vec(), then)
}

/// The beginning of a response that declares a body of `length` bytes.
pub(crate) fn cut(length: usize, body: &str, then: Then) -> Step {
    let mut bytes = head(200, &[("content-type", "application/json")]);
    bytes.extend(format!("content-length: {length}\r\n\r\n{body}").bytes());
    Step::Write(bytes, then)
}

fn head(status: u16, headers: &[(&str, &str)]) -> Vec<u8> {
    let headers = headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"));
    format!("HTTP/1.1 {status} So\r\n{}", headers.collect::<String>()).into_bytes()
}

/// A request as it was received.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    /// The number of the connection.
    pub(crate) connection: usize,
    /// Method, target and version.
    pub(crate) line: String,
    pub(crate) body: String,
}

/// The server. It runs until the runtime of the test ends.
pub(crate) struct Server {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    script: VecDeque<Step>,
    connections: usize,
    left: usize,
    received: Vec<Received>,
}

impl Server {
    /// Starts a server on a free port. After the end of its script it closes connections without a
    /// response.
    pub(crate) async fn start(script: impl IntoIterator<Item = Step>) -> Self {
        Self::at(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), script).await
    }

    pub(crate) async fn at(address: SocketAddr, script: impl IntoIterator<Item = Step>) -> Self {
        let listener = TcpListener::bind(address)
            .await
            .expect("loopback has a free port");
        let address = listener
            .local_addr()
            .expect("a bound socket has an address");
        let state = Arc::new(Mutex::new(State {
            script: script.into_iter().collect(),
            ..State::default()
        }));
        tokio::spawn(accept(listener, Arc::clone(&state)));
        Self { address, state }
    }

    /// An address without a listener.
    pub(crate) async fn unused_address() -> SocketAddr {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
        let listener = listener.expect("loopback has a free port");
        listener
            .local_addr()
            .expect("a bound socket has an address")
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Appends to the script.
    pub(crate) fn then(&self, steps: impl IntoIterator<Item = Step>) {
        lock(&self.state).script.extend(steps);
    }

    /// The number of connections.
    pub(crate) fn connections(&self) -> usize {
        lock(&self.state).connections
    }

    /// The number of requests that were read.
    pub(crate) fn count(&self) -> usize {
        lock(&self.state).received.len()
    }

    /// The requests that were read.
    pub(crate) fn received(&self) -> Vec<Received> {
        lock(&self.state).received.clone()
    }

    /// Waits until this many requests were read.
    pub(crate) async fn has_received(&self, count: usize) {
        self.until(|state| state.received.len() >= count).await;
    }

    /// Waits until the client has left this many connections.
    pub(crate) async fn is_left(&self, count: usize) {
        self.until(|state| state.left >= count).await;
    }

    async fn until(&self, holds: impl Fn(&State) -> bool) {
        while !holds(&lock(&self.state)) {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn accept(listener: TcpListener, state: Arc<Mutex<State>>) {
    while let Ok((stream, _)) = listener.accept().await {
        let connection = {
            let mut state = lock(&state);
            state.connections += 1;
            state.connections
        };
        let state = Arc::clone(&state);
        tokio::spawn(async move {
            if serve(stream, connection, &state).await.is_err() {
                lock(&state).left += 1;
            }
        });
    }
}

/// Serves a connection until the script ends it. It is an error if the client ends it.
async fn serve(mut stream: TcpStream, connection: usize, state: &Mutex<State>) -> io::Result<()> {
    let mut buffer = Vec::new();
    loop {
        let unread = {
            let mut state = lock(state);
            state
                .script
                .pop_front_if(|step| matches!(step, Step::Unread))
                .is_some()
        };
        if unread {
            return stream.set_zero_linger();
        }
        let received = receive(&mut stream, connection, &mut buffer).await?;
        let step = {
            let mut state = lock(state);
            state.received.push(received);
            state.script.pop_front()
        };
        let Some(Step::Write(bytes, then)) = step else {
            return Ok(());
        };
        stream.write_all(&bytes).await?;
        match then {
            Then::Keep => {}
            Then::Close => return stream.shutdown().await,
            Then::Reset => return stream.set_zero_linger(),
            Then::Stall => loop {
                more(&mut stream, &mut buffer).await?;
            },
            Then::Drip => loop {
                tokio::time::sleep(Duration::from_millis(20)).await;
                stream.write_all(b" ").await?;
            },
        }
    }
}

/// Reads a request.
async fn receive(
    stream: &mut TcpStream,
    connection: usize,
    buffer: &mut Vec<u8>,
) -> io::Result<Received> {
    let end = loop {
        match buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            Some(end) => break end,
            None => more(stream, buffer).await?,
        }
    };
    let head = buffer.drain(..end + 4).collect::<Vec<_>>();
    let head = String::from_utf8_lossy(&head).to_ascii_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let length = length.map_or(0, |length| length.parse().expect("a length is a number"));
    while buffer.len() < length {
        more(stream, buffer).await?;
    }
    let body = buffer.drain(..length).collect::<Vec<_>>();
    Ok(Received {
        connection,
        line: head.lines().next().unwrap_or_default().to_owned(),
        body: String::from_utf8_lossy(&body).into_owned(),
    })
}

/// Reads more bytes. The end of the stream is an error.
async fn more(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> io::Result<()> {
    match stream.read_buf(buffer).await? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        _ => Ok(()),
    }
}
