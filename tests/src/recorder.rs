//! A server on a loopback socket that keeps each request byte for byte, and responds to all with an
//! empty object.

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// A request as it was received.
#[derive(Clone, Debug)]
pub struct Received {
    /// Its method.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// The version of HTTP.
    pub version: String,
    /// In the order and spelling of the request.
    pub headers: Vec<(String, String)>,
    /// Its body.
    pub body: Vec<u8>,
}

impl Received {
    /// The value of a header that must not occur twice.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self
            .headers
            .iter()
            .filter(|(other, _)| other.eq_ignore_ascii_case(name))
            .map(|(_, value)| &**value);
        let value = values.next();
        assert_eq!(values.next(), None, "`{name}` occurs twice: {self:?}");
        value
    }
}

/// The server. It stops when it goes out of scope.
pub struct Recorder {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    stopped: AtomicBool,
    received: Mutex<Vec<Result<Received, String>>>,
}

impl Recorder {
    /// Starts a server on a free port.
    pub fn start() -> Self {
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
        let address = listener
            .local_addr()
            .expect("a bound socket has an address");
        let shared = Arc::<Shared>::default();
        let accepting = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming() {
                if accepting.stopped.load(Ordering::Acquire) {
                    break;
                }
                let serving = Arc::clone(&accepting);
                thread::spawn(move || serve(&serving, stream));
            }
        });
        Self { address, shared }
    }

    /// Its endpoint.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Takes the requests that were received.
    ///
    /// # Panics
    ///
    /// If something was received that is not a request.
    pub fn take(&self) -> Vec<Received> {
        let mut received = self
            .shared
            .received
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        received
            .drain(..)
            .map(|request| request.unwrap_or_else(|why| panic!("not a request of HTTP/1.1: {why}")))
            .collect()
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::Release);
        // Wakes the thread that accepts.
        let _ = TcpStream::connect(self.address);
    }
}

/// Serves a connection to its end.
fn serve(shared: &Shared, stream: io::Result<TcpStream>) {
    let Ok(mut stream) = stream else { return };
    let mut buffer = Vec::new();
    loop {
        let request = match receive(&mut stream, &mut buffer) {
            Ok(Some(request)) => Ok(request),
            Ok(None) => return,
            Err(why) => Err(why),
        };
        let good = request.is_ok();
        let is_head = request
            .as_ref()
            .is_ok_and(|request| request.method == "HEAD");
        // Kept before the response is sent, so that a caller with the response finds the request.
        shared
            .received
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(request);
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n";
        let body = if is_head { "" } else { "{}" };
        let response = [head, body].concat();
        if !good || stream.write_all(response.as_bytes()).is_err() {
            return;
        }
    }
}

/// The next request of a connection, `None` at its end. The bytes after it stay in `buffer`, as
/// the start of the next one: a body without a length, or longer than its length, is reported as an
/// invalid request.
fn receive(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Result<Option<Received>, String> {
    let end = loop {
        if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        if !fill(stream, buffer)? {
            return if buffer.is_empty() {
                Ok(None)
            } else {
                Err(format!("it ends within its head: {buffer:?}"))
            };
        }
    };
    let head = buffer.drain(..end + 4).take(end).collect::<Vec<_>>();
    let mut request = head_of(&head)?;
    if request.header("transfer-encoding").is_some() {
        return Err("its body comes in chunks".to_owned());
    }
    let length = match request.header("content-length") {
        Some(length) => length
            .parse::<usize>()
            .map_err(|_| format!("`{length}` is not a length"))?,
        None => 0,
    };
    while buffer.len() < length {
        if !fill(stream, buffer)? {
            return Err(format!("its body ends after {} of {length}", buffer.len()));
        }
    }
    request.body = buffer.drain(..length).collect();
    Ok(Some(request))
}

/// Reads on; `false` at the end.
fn fill(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Result<bool, String> {
    let mut chunk = [0; 4096];
    match stream.read(&mut chunk) {
        Ok(read) => {
            buffer.extend_from_slice(&chunk[..read]);
            Ok(read > 0)
        }
        // How a process that ends leaves its connections.
        Err(error) if error.kind() == io::ErrorKind::ConnectionReset && buffer.is_empty() => {
            Ok(false)
        }
        Err(error) => Err(error.to_string()),
    }
}

fn head_of(head: &[u8]) -> Result<Received, String> {
    let text = std::str::from_utf8(head).map_err(|error| error.to_string())?;
    let mut lines = text.split("\r\n");
    let line = lines.next().unwrap_or_default();
    let [method, target, version] = line.split(' ').collect::<Vec<_>>()[..] else {
        return Err(format!("`{line}` is not a request line"));
    };
    let headers = lines.map(|line| {
        let (name, value) = line
            .split_once(':')
            .ok_or_else(|| format!("`{line}` is not a header"))?;
        Ok::<_, String>((name.to_owned(), value.trim().to_owned()))
    });
    Ok(Received {
        method: method.to_owned(),
        target: target.to_owned(),
        version: version.to_owned(),
        headers: headers.collect::<Result<_, _>>()?,
        body: Vec::new(),
    })
}
