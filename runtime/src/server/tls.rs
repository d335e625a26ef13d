//! TLS for any listener.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::rustls::pki_types::pem::{self, PemObject as _};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ServerConfig, crypto};
use tokio_rustls::{Accept, TlsAcceptor, server};

use super::listener::Listener;
use super::peer::{Peer, TlsInfo};

/// A certificate and its private key, which identify a server.
#[derive(Clone)]
pub struct TlsIdentity {
    config: Arc<ServerConfig>,
}

impl TlsIdentity {
    /// Reads a certificate chain, the server's own certificate first, and its private key (PKCS#8,
    /// PKCS#1 or SEC1), both as PEM. Both may be in one file.
    ///
    /// ```no_run
    /// # use drawplate_runtime::server::TlsIdentity;
    /// let chain = std::fs::read("chain.pem")?;
    /// let key = std::fs::read("key.pem")?;
    /// let identity = TlsIdentity::from_pem(chain, key)?;
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_pem(
        chain: impl AsRef<[u8]>,
        key: impl AsRef<[u8]>,
    ) -> Result<Self, TlsIdentityError> {
        let chain = CertificateDer::pem_slice_iter(chain.as_ref())
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| TlsIdentityError::Certificate(error.to_string()))?;
        let key = PrivateKeyDer::from_pem_slice(key.as_ref()).map_err(|error| match error {
            pem::Error::NoItemsFound => TlsIdentityError::MissingKey,
            error => TlsIdentityError::Key(error.to_string()),
        })?;
        Self::new(chain, key)
    }

    /// Reads a certificate chain, the server's own certificate first, and its private key (PKCS#8,
    /// PKCS#1 or SEC1), as DER.
    pub fn from_der(
        chain: impl IntoIterator<Item = Vec<u8>>,
        key: Vec<u8>,
    ) -> Result<Self, TlsIdentityError> {
        let chain = chain.into_iter().map(CertificateDer::from).collect();
        let key = PrivateKeyDer::try_from(key)
            .map_err(|error| TlsIdentityError::Key(error.to_owned()))?;
        Self::new(chain, key)
    }

    fn new(
        chain: Vec<CertificateDer<'static>>,
        key: PrivateKeyDer<'static>,
    ) -> Result<Self, TlsIdentityError> {
        if chain.is_empty() {
            return Err(TlsIdentityError::MissingCertificate);
        }
        let unusable = |error: tokio_rustls::rustls::Error| {
            // rustls reports a key of another certificate and an unreadable one alike.
            TlsIdentityError::Unusable(error.to_string())
        };
        let mut config =
            ServerConfig::builder_with_provider(crypto::ring::default_provider().into())
                .with_safe_default_protocol_versions()
                .map_err(unusable)?
                .with_no_client_auth()
                .with_single_cert(chain, key)
                .map_err(unusable)?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self {
            config: Arc::new(config),
        })
    }
}

/// Shows no key.
impl fmt::Debug for TlsIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsIdentity").finish_non_exhaustive()
    }
}

/// An unusable certificate or private key.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TlsIdentityError {
    /// The chain has no certificate.
    MissingCertificate,
    /// The chain is not valid PEM.
    Certificate(String),
    /// There is no private key.
    MissingKey,
    /// The private key cannot be read.
    Key(String),
    /// The certificate and the private key cannot be used, or not together.
    Unusable(String),
}

crate::error::debug_as_display!(TlsIdentityError);

impl fmt::Display for TlsIdentityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingCertificate => f.write_str(
                "the certificate chain is empty; it needs a `BEGIN CERTIFICATE` section per \
                 certificate, the server's own first",
            ),
            Self::Certificate(error) => write!(f, "the certificate chain is not valid: {error}"),
            Self::MissingKey => f.write_str(
                "the private key is missing; it needs a `BEGIN PRIVATE KEY`, `BEGIN RSA PRIVATE \
                 KEY` or `BEGIN EC PRIVATE KEY` section without encryption",
            ),
            Self::Key(error) => write!(f, "the private key is not valid: {error}"),
            Self::Unusable(error) => {
                write!(
                    f,
                    "the certificate and the private key cannot be used: {error}"
                )
            }
        }
    }
}

impl std::error::Error for TlsIdentityError {}

/// TLS 1.2 and 1.3 over the connections of another listener, with HTTP/2 and HTTP/1.1 by ALPN.
///
/// A handshake runs in the task of its connection: it does not delay other connections, counts as
/// an open connection, and must end, together with the head of the first request, within
/// [`Serve::header_timeout`](super::Serve::header_timeout).
///
/// ```no_run
/// # use drawplate_runtime::server::{Router, TlsIdentity, TlsListener, serve};
/// # async fn run(router: Router, identity: TlsIdentity) -> std::io::Result<()> {
/// let listener = tokio::net::TcpListener::bind("0.0.0.0:443").await?;
/// serve(TlsListener::new(listener, identity), router).await
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct TlsListener<L> {
    listener: L,
    identity: TlsIdentity,
}

impl<L: Listener> TlsListener<L> {
    /// Serves TLS on the connections of `listener`.
    pub fn new(listener: L, identity: TlsIdentity) -> Self {
        Self { listener, identity }
    }
}

impl<L: Listener> Listener for TlsListener<L> {
    type Io = TlsStream<L::Io>;
    type Addr = L::Addr;

    async fn accept(&mut self) -> io::Result<(Self::Io, L::Addr)> {
        let (io, address) = self.listener.accept().await?;
        Ok((TlsStream::new(io, &self.identity), address))
    }

    fn local_addr(&self) -> io::Result<L::Addr> {
        self.listener.local_addr()
    }

    fn peer(io: &Self::Io, address: &L::Addr) -> Peer {
        match &io.state {
            State::Handshake(accept) => match accept.get_ref() {
                Some(inner) => L::peer(inner, address).with_handshake(Arc::clone(&io.info)),
                None => Peer::default(),
            },
            State::Open(stream) => {
                L::peer(stream.get_ref().0, address).with_handshake(Arc::clone(&io.info))
            }
            State::Failed => Peer::default(),
        }
    }

    fn close(self) -> Vec<(Self::Io, L::Addr)> {
        let Self { listener, identity } = self;
        let connections = listener.close().into_iter();
        connections
            .map(|(io, address)| (TlsStream::new(io, &identity), address))
            .collect()
    }
}

/// A connection of a [`TlsListener`]. The first read or write makes the handshake.
pub struct TlsStream<Io> {
    state: State<Io>,
    info: Arc<OnceLock<TlsInfo>>,
}

enum State<Io> {
    Handshake(Box<Accept<Io>>),
    Open(Box<server::TlsStream<Io>>),
    Failed,
}

impl<Io: AsyncRead + AsyncWrite + Unpin> TlsStream<Io> {
    fn new(io: Io, identity: &TlsIdentity) -> Self {
        let acceptor = TlsAcceptor::from(Arc::clone(&identity.config));
        Self {
            state: State::Handshake(Box::new(acceptor.accept(io))),
            info: Arc::default(),
        }
    }

    /// The stream after the handshake.
    fn poll_open(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<Pin<&mut server::TlsStream<Io>>>> {
        if let State::Handshake(accept) = &mut self.state {
            match ready!(Pin::new(&mut **accept).poll(cx)) {
                Ok(stream) => {
                    let connection = stream.get_ref().1;
                    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                    let info = TlsInfo {
                        server_name: connection.server_name().map(str::to_owned),
                        protocol: connection.alpn_protocol().map(text),
                    };
                    // There is one handshake.
                    let _ = self.info.set(info);
                    self.state = State::Open(Box::new(stream));
                }
                Err(error) => {
                    self.state = State::Failed;
                    return Poll::Ready(Err(error));
                }
            }
        }
        Poll::Ready(match &mut self.state {
            State::Open(stream) => Ok(Pin::new(&mut **stream)),
            _ => Err(io::ErrorKind::NotConnected.into()),
        })
    }
}

impl<Io> fmt::Debug for TlsStream<Io> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsStream")
            .field("info", &self.info.get())
            .finish_non_exhaustive()
    }
}

impl<Io: AsyncRead + AsyncWrite + Unpin> AsyncRead for TlsStream<Io> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        ready!(self.poll_open(cx))?.poll_read(cx, buffer)
    }
}

impl<Io: AsyncRead + AsyncWrite + Unpin> AsyncWrite for TlsStream<Io> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_open(cx))?.poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_open(cx))?.poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_open(cx))?.poll_shutdown(cx)
    }
}
