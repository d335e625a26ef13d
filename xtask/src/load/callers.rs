//! Callers that record the result of each of their calls. A load generator does not distinguish
//! them when its server shuts down.

use std::collections::BTreeMap;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::anyhow;

/// The result of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum End {
    /// A complete response.
    Answered,
    /// A complete response with `connection: close`, after which the connection was closed.
    Farewell,
    /// A kept connection was closed before a request was sent on it.
    Closed,
    /// The connection was refused.
    Refused,
    /// The connection was opened and the response was incomplete.
    Lost,
    /// A complete response without a success status.
    Failed,
}

/// The number of calls by result.
pub(super) type Ends = BTreeMap<End, u64>;

/// Callers that send the same requests in turn, each on a connection that it keeps, until they are
/// refused.
pub(super) struct Callers(Vec<JoinHandle<Ends>>);

impl Callers {
    pub(super) fn start(count: usize, address: &str, requests: &[Vec<u8>]) -> Self {
        let callers = (0..count).map(|caller| {
            let address = address.to_owned();
            let mut requests = requests.to_vec();
            let turn = caller % requests.len();
            requests.rotate_left(turn);
            std::thread::spawn(move || call(&address, &requests))
        });
        Self(callers.collect())
    }

    pub(super) fn finish(self) -> anyhow::Result<Ends> {
        let mut all = Ends::new();
        for caller in self.0 {
            let ends = caller.join().map_err(|_| anyhow!("a caller panicked"))?;
            for (end, count) in ends {
                *all.entry(end).or_default() += count;
            }
        }
        Ok(all)
    }
}

fn call(address: &str, requests: &[Vec<u8>]) -> Ends {
    let mut ends = Ends::new();
    let mut requests = requests.iter().cycle();
    loop {
        let Ok(stream) = TcpStream::connect(address) else {
            *ends.entry(End::Refused).or_default() += 1;
            return ends;
        };
        // Longer than the server takes to shut down.
        let _ = stream.set_read_timeout(Some(Duration::from_mins(1)));
        let _ = stream.set_nodelay(true);
        let mut stream = BufReader::new(stream);
        loop {
            if is_closed(&mut stream) {
                *ends.entry(End::Closed).or_default() += 1;
                break;
            }
            let request = requests.next().map(Vec::as_slice).unwrap_or_default();
            let end = exchange(&mut stream, request).unwrap_or(End::Lost);
            *ends.entry(end).or_default() += 1;
            if end != End::Answered {
                break;
            }
        }
    }
}

/// Whether the server is known to have closed the connection.
fn is_closed(stream: &mut BufReader<TcpStream>) -> bool {
    let stream = stream.get_mut();
    let _ = stream.set_nonblocking(true);
    let closed = match stream.peek(&mut [0]) {
        Ok(read) => read == 0,
        Err(error) => error.kind() != io::ErrorKind::WouldBlock,
    };
    let _ = stream.set_nonblocking(false);
    closed
}

/// Sends a request and reads the response to its end.
pub(super) fn exchange(stream: &mut BufReader<TcpStream>, request: &[u8]) -> io::Result<End> {
    stream.get_mut().write_all(request)?;
    let (mut success, mut length, mut closes) = (false, None, false);
    let mut line = String::new();
    loop {
        line.clear();
        stream.read_line(&mut line)?;
        match line.trim_end().split_once(": ") {
            Some(("content-length", value)) => length = value.parse().ok(),
            Some(("connection", value)) => closes = value == "close",
            Some(_) => {}
            None if line.starts_with("HTTP/1.1 ") => success = line.starts_with("HTTP/1.1 2"),
            None if line == "\r\n" => break,
            None => return Ok(End::Lost),
        }
    }
    let Some(length) = length else {
        return Ok(End::Lost);
    };
    stream.read_exact(&mut vec![0; length])?;
    // Nothing is received and nothing fails.
    if closes && stream.read(&mut [0])? != 0 {
        return Ok(End::Lost);
    }
    Ok(match (success, closes) {
        (false, _) => End::Failed,
        (true, true) => End::Farewell,
        (true, false) => End::Answered,
    })
}
