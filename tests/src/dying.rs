//! A process that dies in the middle of its work.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll};

/// Runs a future to its end, or lets the process die after so many polls; true when it died.
pub async fn until_dead(future: impl Future<Output = ()>, polls: u64) -> bool {
    let mut future = pin!(future);
    let mut left = polls;
    std::future::poll_fn(move |context: &mut Context<'_>| {
        if left == 0 {
            return Poll::Ready(true);
        }
        left -= 1;
        future.as_mut().poll(context).map(|()| false)
    })
    .await
}
