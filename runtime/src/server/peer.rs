//! The other end of a connection.

use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

/// The other end of a connection, in the extensions of a request. [`serve`](fn@super::serve) sets
/// it; other servers and layers can set it too.
///
/// ```
/// # use drawplate_runtime::server::Peer;
/// # use std::net::SocketAddr;
/// let peer = Peer::from(SocketAddr::from(([192, 0, 2, 1], 4711)));
/// assert_eq!(peer.ip().map(|ip| ip.to_string()).as_deref(), Some("192.0.2.1"));
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Peer {
    address: Option<Address>,
    /// Filled at the end of the handshake.
    tls: Option<Arc<OnceLock<TlsInfo>>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Address {
    Socket(SocketAddr),
    Unix(UnixCredentials),
}

/// The process at the other end of a Unix socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnixCredentials {
    /// The user ID.
    pub uid: u32,
    /// The group ID.
    pub gid: u32,
    /// The process ID, where the system reports it.
    pub pid: Option<i32>,
}

/// The result of a TLS handshake.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TlsInfo {
    /// The host name that the client asked for (server name indication).
    pub server_name: Option<String>,
    /// The protocol that both ends agreed on, such as `h2` (ALPN).
    pub protocol: Option<String>,
}

impl Peer {
    /// The IP address and port of a peer on the network.
    pub fn socket_addr(&self) -> Option<SocketAddr> {
        match self.address {
            Some(Address::Socket(address)) => Some(address),
            _ => None,
        }
    }

    /// The IP address of a peer on the network.
    pub fn ip(&self) -> Option<std::net::IpAddr> {
        self.socket_addr().map(|address| address.ip())
    }

    /// The process at the other end of a Unix socket.
    pub fn unix_credentials(&self) -> Option<UnixCredentials> {
        match self.address {
            Some(Address::Unix(credentials)) => Some(credentials),
            _ => None,
        }
    }

    /// The result of the TLS handshake, if the connection uses TLS.
    pub fn tls(&self) -> Option<&TlsInfo> {
        self.tls.as_deref().and_then(OnceLock::get)
    }

    /// The same peer, connected by TLS.
    #[must_use]
    pub fn with_tls(mut self, tls: TlsInfo) -> Self {
        self.tls = Some(Arc::new(OnceLock::from(tls)));
        self
    }

    /// The same peer, whose handshake is still to come.
    #[cfg(feature = "tls")]
    pub(super) fn with_handshake(mut self, tls: Arc<OnceLock<TlsInfo>>) -> Self {
        self.tls = Some(tls);
        self
    }
}

impl From<SocketAddr> for Peer {
    fn from(address: SocketAddr) -> Self {
        Self {
            address: Some(Address::Socket(address)),
            tls: None,
        }
    }
}

impl From<UnixCredentials> for Peer {
    fn from(credentials: UnixCredentials) -> Self {
        Self {
            address: Some(Address::Unix(credentials)),
            tls: None,
        }
    }
}

impl fmt::Debug for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Peer");
        match &self.address {
            Some(Address::Socket(address)) => debug.field("address", address),
            Some(Address::Unix(credentials)) => debug.field("address", credentials),
            None => &mut debug,
        };
        if let Some(tls) = self.tls() {
            debug.field("tls", tls);
        }
        debug.finish()
    }
}
