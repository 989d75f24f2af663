//! The stream as axum's documentation writes it: a broadcast channel and `Sse`.

use crate::{EVERY, message};
use axum::Router;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::routing::get;
use std::convert::Infallible;
use tokio::net::TcpListener;
use tokio::sync::broadcast;

pub async fn serve(listener: TcpListener) {
    let (changes, _) = broadcast::channel::<u32>(64);
    let publisher = changes.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(EVERY).await;
            let _ = publisher.send(message::now());
        }
    });
    let stream = move || {
        let receiver = changes.subscribe();
        async move {
            let events = futures::stream::unfold((receiver, 0_u64), |(mut receiver, number)| async move {
                let made_at = receiver.recv().await.ok()?;
                let event = Event::default().event("change").id(format!("bench-{number}"));
                Some((Ok::<_, Infallible>(event.data(message::data(made_at))), (receiver, number + 1)))
            });
            Sse::new(events).keep_alive(KeepAlive::default())
        }
    };
    let listener = axum::serve::ListenerExt::tap_io(listener, |stream| {
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, Router::new().route("/events", get(stream))).await.expect("served");
}
