//! What every seeded suite needs: how many seeds, which ones, and a process that dies.

use std::future::Future;
use std::ops::Range;
use std::pin::pin;
use std::task::{Context, Poll};

pub(crate) use suites::dying::until_dead;

/// How many seeds a suite gets that has this share of the whole, in a hundredth of `GUITAI_SEEDS` (500 by default).
/// `GUITAI_SEED` replays that one alone.
pub(crate) fn seeds(share: u64) -> Range<u64> {
    seeds_from(0, share)
}

/// The same, beginning elsewhere.
pub(crate) fn seeds_from(first: u64, share: u64) -> Range<u64> {
    let number = |name: &str| -> Option<u64> { std::env::var(name).ok()?.parse().ok() };
    match number("GUITAI_SEED") {
        Some(seed) => seed..seed + 1,
        None => first..first + number("GUITAI_SEEDS").unwrap_or(500) * share / 100,
    }
}

/// Whether all seeds are run, so that their sums mean something.
pub(crate) fn is_whole() -> bool {
    std::env::var_os("GUITAI_SEED").is_none()
}

/// Plays one seed on a runtime of its own whose time is paused; a seed that fails is named.
pub(crate) fn play<T>(suite: &str, seed: u64, run: impl Future<Output = T>) -> T {
    struct Named<'a>(&'a str, u64);
    impl Drop for Named<'_> {
        fn drop(&mut self) {
            if std::thread::panicking() {
                println!(
                    "{}: seed {} failed; GUITAI_SEED={} replays it",
                    self.0, self.1, self.1
                );
            }
        }
    }
    let _named = Named(suite, seed);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap();
    runtime.block_on(run)
}

/// The harness itself: a process that dies at its first await point has done nothing.
#[test]
fn dying_at_once_stops_the_work() {
    let mut died = pin!(until_dead(async {}, 0));
    let mut context = Context::from_waker(std::task::Waker::noop());
    assert_eq!(died.as_mut().poll(&mut context), Poll::Ready(true));
}
