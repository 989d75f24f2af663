//! The floor: nothing but sockets and one buffer that all of them are sent.

use crate::{EVERY, message};
use std::sync::Arc;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::broadcast;

const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncache-control: no-store\r\n\r\n";

pub async fn serve(listener: TcpListener) {
    let (frames, _) = broadcast::channel::<Arc<str>>(64);
    let publisher = frames.clone();
    tokio::spawn(async move {
        for number in 0_u64.. {
            tokio::time::sleep(EVERY).await;
            let data = message::data(message::now());
            let _ = publisher.send(format!("event: change\nid: bench-{number}\ndata: {data}\n\n").into());
        }
    });
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        tokio::spawn(write(stream, frames.subscribe()));
    }
}

async fn write(mut stream: TcpStream, mut frames: broadcast::Receiver<Arc<str>>) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let mut request = [0; 1_024];
    // The request comes in one piece: the client of this bench sends it so.
    let _length = stream.read(&mut request).await.ok()?;
    stream.write_all(HEAD).await.ok()?;
    loop {
        let frame = frames.recv().await.ok()?;
        stream.write_all(frame.as_bytes()).await.ok()?;
    }
}
