//! Passwords: Argon2id, only so many at once, and never less work for an address nobody has.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::available_parallelism;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::spawn_blocking;

use crate::error::ApiError;

/// How many requests may wait for their turn; one more is sent away.
const MOST_WAITING: usize = 1000;

/// Hashes and verifies.
pub(crate) struct Passwords {
    /// A hash takes 19 MiB and a core: no more at once than there are cores.
    slots: Arc<Semaphore>,
    waiting: AtomicUsize,
    /// The hash of a password that nobody knows, of today's parameters.
    dummy: String,
}

/// The right to hash or verify once.
pub(crate) struct Slot(OwnedSemaphorePermit);

/// What a comparison found.
pub(crate) enum Verdict {
    /// The password is another.
    Wrong,
    /// It is the password; the hash is a new one if the stored one is of weaker parameters.
    Right(Option<String>),
}

impl Passwords {
    /// Makes the dummy that unknown addresses are compared with.
    pub(crate) fn new() -> Result<Self, ApiError> {
        let slots = available_parallelism().map_or(2, usize::from);
        let dummy = hash(&crate::random::hex::<16>()?)?;
        let slots = Arc::new(Semaphore::new(slots));
        Ok(Self { slots, waiting: AtomicUsize::new(0), dummy })
    }

    /// Waits for a turn.
    pub(crate) async fn slot(&self) -> Result<Slot, ApiError> {
        let _place = Place::take(&self.waiting).ok_or_else(ApiError::busy)?;
        let permit = Arc::clone(&self.slots).acquire_owned().await;
        permit.map(Slot).map_err(|_| ApiError::unavailable())
    }

    /// Hashes a new password.
    pub(crate) async fn hash(&self, slot: Slot, password: String) -> Result<String, ApiError> {
        run(slot, move || hash(&password)).await
    }

    /// Compares a password with a stored hash; without one, with the dummy, and to no avail.
    pub(crate) async fn verify(
        &self,
        slot: Slot,
        password: String,
        stored: Option<&str>,
    ) -> Result<Verdict, ApiError> {
        let is_known = stored.is_some();
        let stored = stored.unwrap_or(&self.dummy).to_owned();
        run(slot, move || {
            let is_right = PasswordHash::new(&stored).is_ok_and(|stored| {
                Argon2::default().verify_password(password.as_bytes(), &stored).is_ok()
            });
            if !is_right || !is_known {
                return Ok(Verdict::Wrong);
            }
            let fresh = if is_todays(&stored) { None } else { Some(hash(&password)?) };
            Ok(Verdict::Right(fresh))
        })
        .await
    }
}

/// Runs on a thread that may block. The slot goes along: if the client hangs up, the work goes on
/// and still counts.
async fn run<T: Send + 'static>(
    slot: Slot,
    work: impl FnOnce() -> Result<T, ApiError> + Send + 'static,
) -> Result<T, ApiError> {
    let work = move || {
        let _permit = slot.0;
        work()
    };
    spawn_blocking(work).await.map_err(|_| ApiError::unavailable())?
}

/// Returns the PHC string of a password, with a salt of its own.
fn hash(password: &str) -> Result<String, ApiError> {
    let hash = Argon2::default().hash_password(password.as_bytes());
    hash.map(|it| it.to_string()).map_err(|_| ApiError::unavailable())
}

/// Tells whether a PHC string was made with the parameters of today.
fn is_todays(stored: &str) -> bool {
    let today = argon2::Params::default();
    let (memory, times, lanes) = (today.m_cost(), today.t_cost(), today.p_cost());
    stored.starts_with(&format!("$argon2id$v=19$m={memory},t={times},p={lanes}$"))
}

/// A place among those that wait.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize) -> Option<Self> {
        let place = Self(waiting);
        // Counted first: dropping it takes it back.
        (waiting.fetch_add(1, Ordering::Relaxed) < MOST_WAITING).then_some(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_argon2id_with_a_salt_of_its_own() {
        let (one, other) = (hash("correct horse").unwrap(), hash("correct horse").unwrap());
        assert!(is_todays(&one), "{one}");
        assert_ne!(one, other);
        assert!(!is_todays(&one.replace("m=19456", "m=4096")));
    }

    #[test]
    fn a_place_is_given_back() {
        let waiting = AtomicUsize::new(MOST_WAITING - 1);
        let place = Place::take(&waiting);
        assert!(place.is_some());
        assert!(Place::take(&waiting).is_none());
        drop(place);
        assert_eq!(waiting.load(Ordering::Relaxed), MOST_WAITING - 1);
    }
}
