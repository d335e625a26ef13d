//! What has arrived of a signed chunk is memory of the server.

use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

use drawplate_runtime::server::serve;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};

use super::service::Server;
use super::{Caller, Change, client, input, put};

/// The head of an upload in signed chunks, as the client writes it.
async fn head() -> String {
    let (sender, heads) = channel();
    let change: Arc<Change> = Arc::new(move |headers, _| drop(sender.send(headers.clone())));
    let router = Server::new(true, true).router(&Arc::default());
    let client = client(Caller::SignedChunks, router, 1000, change);
    let uploaded = put(&client, &input("CRC32", &vec![0; 2 << 20])).await;
    uploaded.map(drop).expect("it is valid");
    let mut lines = vec!["PUT /bucket/a%20key/%C3%A4 HTTP/1.1".to_owned()];
    for (name, value) in &heads.recv().expect("a request") {
        let value = value.to_str().expect("text");
        lines.push(format!("{name}: {value}"));
    }
    lines.retain(|line| !line.starts_with("host:") && !line.starts_with("content-length:"));
    lines.push("host: objects.example\r\ncontent-length: 3000000\r\n\r\n".to_owned());
    lines.join("\r\n")
}

#[tokio::test]
async fn incomplete_chunks_are_bounded_in_total() {
    let head = head().await;
    let chunk = format!("fffff;chunk-signature={}\r\n", "0".repeat(64));
    for streams in [true, false] {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("its address");
        let router = Server::new(true, streams).router(&Arc::default());
        let router = router.body_limit(8 << 20);
        tokio::spawn(
            serve(listener, router)
                .total_buffer(2_000_000)
                .into_future(),
        );
        let mut uploads = Vec::new();
        for _ in 0..4 {
            let mut upload = TcpStream::connect(address).await.expect("it listens");
            let sent = [head.as_bytes(), chunk.as_bytes(), &vec![7; 900_000]].concat();
            upload.write_all(&sent).await.expect("sent");
            uploads.push(upload);
            sleep(Duration::from_millis(300)).await;
        }
        let mut open = Vec::new();
        for mut upload in uploads {
            let silent = timeout(Duration::from_millis(100), upload.read_u8()).await;
            open.push(silent.is_err());
        }
        assert_eq!(open, [false, false, true, true], "streams: {streams}");
    }
}
