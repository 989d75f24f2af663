//! The client: many streams from several addresses, and what came when.

use crate::{message, process};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::watch;

/// Streams from one address: below what Windsock lets one have.
const PER_ADDRESS: u32 = 200;
/// Connections that are opened at a time.
const AT_A_TIME: usize = 64;

/// Opens the streams and returns a line of JSON.
pub async fn run(port: u16, streams: u32, changes: u32, pid: u32) -> String {
    let before = process::resident(pid);
    let open = Arc::new(AtomicU32::new(0));
    let (start, counting_from) = watch::channel(None::<u32>);
    let gate = Arc::new(tokio::sync::Semaphore::new(AT_A_TIME));
    let readers: Vec<_> = (0..streams)
        .map(|number| {
            let (open, counting_from, gate) = (open.clone(), counting_from.clone(), gate.clone());
            tokio::spawn(async move {
                let permit = gate.acquire_owned().await.ok()?;
                let stream = connect(port, number).await?;
                drop(permit);
                open.fetch_add(1, Ordering::Relaxed);
                Some(delays(stream, counting_from, changes).await)
            })
        })
        .collect();
    let deadline = Instant::now() + Duration::from_secs(120);
    while open.load(Ordering::Relaxed) < streams && Instant::now() < deadline {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let opened = open.load(Ordering::Relaxed);
    // The storm is over when two changes have gone to everybody.
    tokio::time::sleep(Duration::from_secs(4)).await;
    let idle = process::resident(pid);
    let (ticks, clock) = (process::ticks(pid), Instant::now());
    start.send_replace(Some(message::now()));
    let mut all = vec![];
    let mut short = 0;
    for reader in readers {
        let limit = Duration::from_secs(10) + Duration::from_millis(1_250) * changes;
        match tokio::time::timeout(limit.saturating_sub(clock.elapsed()), reader).await {
            Ok(Ok(Some(delays))) => {
                short += changes.saturating_sub(u32::try_from(delays.len()).unwrap_or(u32::MAX));
                all.extend(delays);
            }
            _ => short += changes,
        }
    }
    let busy = process::ticks(pid) - ticks;
    let seconds = clock.elapsed().as_secs_f64();
    all.sort_unstable();
    let at = |share: f64| -> u32 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a share of a count"
        )]
        let index = (all.len() as f64 * share) as usize;
        all.get(index.min(all.len().saturating_sub(1))).copied().unwrap_or(0)
    };
    let memory = idle.saturating_sub(before) / u64::from(opened.max(1));
    format!(
        r#"{{"opened":{opened},"received":{},"lost":{short},"p50":{},"p99":{},"memory":{memory},"cpu":{:.1}}}"#,
        all.len(),
        at(0.50),
        at(0.99),
        f64::from(u32::try_from(busy).unwrap_or(u32::MAX)) / seconds,
    )
}

async fn connect(port: u16, number: u32) -> Option<TcpStream> {
    let socket = TcpSocket::new_v4().ok()?;
    let octets = (number / PER_ADDRESS + 1).to_be_bytes();
    socket.bind(SocketAddr::from((Ipv4Addr::new(127, 0, octets[2], octets[3].max(1)), 0))).ok()?;
    let mut stream = socket.connect(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await.ok()?;
    let request = format!("GET /events?topics=app:bench HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut first = [0; 4_096];
    let count = stream.read(&mut first).await.ok()?;
    first.get(..count)?.starts_with(b"HTTP/1.1 200").then_some(stream)
}

/// Microseconds from the making to the reading of each change made after the beginning.
async fn delays(
    mut stream: TcpStream,
    counting_from: watch::Receiver<Option<u32>>,
    changes: u32,
) -> Vec<u32> {
    let mut delays = vec![];
    let (mut buffer, mut rest) = ([0; 4_096], Vec::new());
    while u32::try_from(delays.len()).unwrap_or(u32::MAX) < changes {
        let Ok(count @ 1..) = stream.read(&mut buffer).await else { return delays };
        let now = message::now();
        rest.extend_from_slice(buffer.get(..count).unwrap_or_default());
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = rest.drain(..=end).collect();
            let from = *counting_from.borrow();
            // Only changes that were made after the beginning count, the clock going round or not.
            if let (Some(from), Some(made_at)) = (from, message::made_at(&line))
                && made_at.wrapping_sub(from) < u32::MAX / 2
            {
                delays.push(now.wrapping_sub(made_at));
            }
        }
    }
    delays
}
