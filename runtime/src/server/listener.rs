//! Sources of connections.

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};

use super::peer::Peer;

/// A source of connections for [`serve`](super::serve()): a TCP listener, a Unix socket, a
/// [`TlsListener`](super::TlsListener) around either (feature `tls`), or one of your own.
pub trait Listener: Send + 'static {
    /// A connection.
    type Io: AsyncRead + AsyncWrite + Unpin + Send + 'static;
    /// An address, of the listener or of a peer.
    type Addr: Send + 'static;

    /// Accepts the next connection. [`serve`](super::serve()) logs an error, and tries again after
    /// a moment; it drops the future when it shuts down, which must not lose a connection.
    fn accept(&mut self) -> impl Future<Output = io::Result<(Self::Io, Self::Addr)>> + Send;

    /// The address of the listener.
    fn local_addr(&self) -> io::Result<Self::Addr>;

    /// The description of the peer that [`RequestContext::peer`](super::RequestContext::peer)
    /// returns.
    fn peer(io: &Self::Io, address: &Self::Addr) -> Peer;

    /// Closes the listener. Returns the connections that clients have made already and that have
    /// not been accepted yet, so that a shutdown serves them. Must not wait for others.
    fn close(self) -> Vec<(Self::Io, Self::Addr)>
    where
        Self: Sized,
    {
        Vec::new()
    }
}

impl Listener for TcpListener {
    type Io = TcpStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> io::Result<(TcpStream, SocketAddr)> {
        let (stream, address) = Self::accept(self).await?;
        Ok((without_delay(stream), address))
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Self::local_addr(self)
    }

    fn peer(_: &TcpStream, address: &SocketAddr) -> Peer {
        Peer::from(*address)
    }

    fn close(self) -> Vec<(TcpStream, SocketAddr)> {
        let Ok(listener) = self.into_std() else {
            return Vec::new();
        };
        backlog(|| {
            let (stream, address) = listener.accept()?;
            stream.set_nonblocking(true)?;
            Ok((without_delay(TcpStream::from_std(stream)?), address))
        })
    }
}

/// Sends small responses at once.
fn without_delay(stream: TcpStream) -> TcpStream {
    // The connection works without it.
    let _ = stream.set_nodelay(true);
    stream
}

#[cfg(unix)]
impl Listener for tokio::net::UnixListener {
    type Io = tokio::net::UnixStream;
    type Addr = tokio::net::unix::SocketAddr;

    async fn accept(&mut self) -> io::Result<(Self::Io, Self::Addr)> {
        Self::accept(self).await
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        Self::local_addr(self)
    }

    fn peer(io: &Self::Io, _: &Self::Addr) -> Peer {
        let Ok(credentials) = io.peer_cred() else {
            return Peer::default();
        };
        Peer::from(super::peer::UnixCredentials {
            uid: credentials.uid(),
            gid: credentials.gid(),
            pid: credentials.pid(),
        })
    }

    fn close(self) -> Vec<(Self::Io, Self::Addr)> {
        let Ok(listener) = self.into_std() else {
            return Vec::new();
        };
        backlog(|| {
            let (stream, address) = listener.accept()?;
            stream.set_nonblocking(true)?;
            let stream = tokio::net::UnixStream::from_std(stream)?;
            Ok((stream, address.into()))
        })
    }
}

/// The connections in the queue of the system. The system is asked itself: Tokio knows about a
/// connection only after its next turn.
fn backlog<T>(mut accept: impl FnMut() -> io::Result<T>) -> Vec<T> {
    /// More than the queue of a socket holds by default: clients that connect without end do not
    /// hold up a shutdown.
    const LIMIT: usize = 4096;
    let mut connections = Vec::new();
    for _ in 0..LIMIT {
        match accept() {
            Ok(connection) => connections.push(connection),
            Err(error) if is_of_connection(&error) => {}
            Err(error) => {
                if error.kind() != io::ErrorKind::WouldBlock {
                    tracing::error!(%error, "cannot accept a connection");
                }
                break;
            }
        }
    }
    connections
}

/// The connection has failed, not the listener.
pub(super) fn is_of_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused
    )
}

/// The system has run out of something that every open connection takes, such as file descriptors.
pub(super) fn is_of_resources(error: &io::Error) -> bool {
    /// ENOMEM, ENFILE, EMFILE and ENOBUFS, which differ between systems.
    #[cfg(unix)]
    const CODES: [i32; 5] = [12, 23, 24, 55, 105];
    /// WSAEMFILE and WSAENOBUFS.
    #[cfg(not(unix))]
    const CODES: [i32; 2] = [10024, 10055];
    error.kind() == io::ErrorKind::OutOfMemory
        || error
            .raw_os_error()
            .is_some_and(|code| CODES.contains(&code))
}
