//! A bound on the time a keychain may take: the system's own prompt can stay open for ever.

use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};

use crate::{Error, VaultState};

/// Runs one keychain call at a time, each on a thread of its own, and gives up waiting after a while. A call
/// that hangs keeps its place, so however often the app asks, at most one thread waits for the prompt.
#[derive(Clone, Default)]
pub(crate) struct Guard {
    place: Arc<Place>,
}

#[derive(Default)]
struct Place {
    taken: Mutex<bool>,
    free: Condvar,
}

/// Gives the place back even when the call panics.
struct Held(Arc<Place>);

impl Drop for Held {
    fn drop(&mut self) {
        *self.0.taken.lock() = false;
        self.0.free.notify_one();
    }
}

impl Guard {
    /// Waits for the place and then for the answer of `call`, `patience` in all.
    pub(crate) fn run<T: Send + 'static>(
        &self,
        patience: Duration,
        call: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Error> {
        let deadline = Instant::now() + patience;
        let held = self.take(deadline).ok_or(Error::TimedOut(patience))?;
        let (answer, answers) = mpsc::sync_channel(1);
        thread::Builder::new()
            .name("keychain".to_owned())
            .spawn(move || {
                let held = held;
                let value = call();
                // Free before answering: the caller's next call must not find the place taken by this one.
                drop(held);
                // The caller may have stopped waiting; then nobody needs the answer.
                let _ = answer.send(value);
            })
            .map_err(Error::Thread)?;
        match answers.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(value) => Ok(value),
            Err(RecvTimeoutError::Timeout) => Err(Error::TimedOut(patience)),
            Err(RecvTimeoutError::Disconnected) => Err(Error::unavailable(VaultState::Broken)),
        }
    }

    fn take(&self, deadline: Instant) -> Option<Held> {
        let mut taken = self.place.taken.lock();
        while *taken {
            if self.place.free.wait_until(&mut taken, deadline).timed_out() && *taken {
                return None;
            }
        }
        *taken = true;
        Some(Held(Arc::clone(&self.place)))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use super::Guard;
    use crate::{Error, VaultState};

    const LONG: Duration = Duration::from_secs(30);
    const SHORT: Duration = Duration::from_millis(20);

    #[test]
    fn answers_come_through() {
        let guard = Guard::default();
        assert_eq!(guard.run(LONG, || 1).unwrap() + guard.run(LONG, || 2).unwrap(), 3);
    }

    #[test]
    fn a_hanging_call_times_out_keeps_others_waiting_and_is_over_when_it_ends() {
        let guard = Guard::default();
        let (release, released) = mpsc::channel::<()>();
        let hung = guard.run(SHORT, move || released.recv());
        assert!(matches!(hung, Err(Error::TimedOut(_))));
        assert!(
            matches!(guard.run(SHORT, || ()), Err(Error::TimedOut(_))),
            "only one call at a time"
        );
        release.send(()).unwrap();
        assert!(guard.run(LONG, || true).unwrap());
    }

    #[test]
    fn a_panicking_call_is_a_broken_keychain_and_blocks_nobody() {
        let guard = Guard::default();
        let result = guard.run(LONG, || -> u8 {
            panic!("as the keychain crate does on a poisoned lock")
        });
        assert!(matches!(
            result,
            Err(Error::Unavailable {
                state: VaultState::Broken,
                ..
            })
        ));
        assert_eq!(guard.run(LONG, || 7).unwrap(), 7);
    }
}
