//! Streams whose chunks are produced on demand, and a server to send them to.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use drawplate_fixtures::ByteStream;
use drawplate_fixtures::kitchen_sink::Client;
use drawplate_fixtures::kitchen_sink::server::{Router, serve};
use futures_util::{StreamExt as _, stream};
use tokio::net::TcpListener;

/// Runs a future on a runtime of its own.
pub(crate) fn wait<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.expect("a runtime");
    runtime.block_on(async {
        tokio::time::timeout(Duration::from_mins(1), future)
            .await
            .expect("it ends")
    })
}

/// A stream of `count` chunks of `size` bytes.
pub(crate) fn pieces(count: u64, size: usize) -> ByteStream {
    counted(count, size, &Arc::default())
}

/// The same; `made` counts the bytes that were produced.
pub(crate) fn counted(count: u64, size: usize, made: &Arc<AtomicU64>) -> ByteStream {
    let piece = Bytes::from(vec![b'x'; size]);
    let made = Arc::clone(made);
    ByteStream::from_stream(stream::iter((0..count).map(move |_| {
        made.fetch_add(piece.len() as u64, Ordering::Relaxed);
        Ok::<_, io::Error>(piece.clone())
    })))
}

/// A piece, and when that is on its way an error.
pub(crate) fn torn() -> ByteStream {
    let first = stream::iter([Ok(Bytes::from_static(b"some"))]);
    let then = stream::once(async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        Err(io::Error::other("the disk is gone"))
    });
    ByteStream::from_stream(first.chain(then))
}

/// A piece, and then nothing any more.
pub(crate) fn stalled() -> ByteStream {
    let first = stream::iter([Ok::<_, io::Error>(Bytes::from_static(b"some"))]);
    ByteStream::from_stream(first.chain(stream::pending()))
}

/// Listens for a router.
pub(crate) async fn listen(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("its address");
    tokio::spawn(serve(listener, router).into_future());
    address
}

/// A client of it.
pub(crate) fn client(address: SocketAddr) -> Client {
    Client::builder()
        .unauthenticated()
        .endpoint(format!("http://{address}"))
        .build()
        .expect("an endpoint is all that it needs")
}
