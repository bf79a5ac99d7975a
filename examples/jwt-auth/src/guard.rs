//! Counts failed sign-ins of addresses that nobody has.
//!
//! An account locks itself in its row. If only accounts did, the answer 429 would tell who has
//! one; so an unknown address is locked alike. It is remembered in memory, by its digest, and
//! only so many: whoever brings one to be forgotten has paid for thousands of sign-ins.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::config::LockPolicy;
use crate::random::sha256;

/// How many addresses are remembered.
const MOST: usize = 10_000;

/// What is known of an address.
#[derive(Default)]
struct Failures {
    count: u32,
    locked_until: Option<i64>,
    last: i64,
}

/// The failures of unknown addresses.
pub(crate) struct Guard {
    policy: LockPolicy,
    known: Mutex<HashMap<[u8; 32], Failures>>,
}

impl Guard {
    /// Returns one that remembers nothing yet.
    pub(crate) fn new(policy: LockPolicy) -> Self {
        Self { policy, known: Mutex::default() }
    }

    /// Returns until when an address is locked, if it is.
    pub(crate) fn locked_until(&self, email: &str, now: i64) -> Option<i64> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&sha256(email))?.locked_until.filter(|until| now < *until)
    }

    /// Counts a failure, as the accounts' rows do.
    pub(crate) fn fail(&self, email: &str, now: i64) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let key = sha256(email);
        if MOST <= known.len() && !known.contains_key(&key) {
            let oldest = known.iter().min_by_key(|(_, it)| it.last).map(|(key, _)| *key);
            oldest.map(|key| known.remove(&key));
        }
        let failures = known.entry(key).or_default();
        match failures.locked_until.take() {
            Some(until) if now < until => failures.locked_until = Some(until),
            Some(_) => failures.count = 1,
            None => failures.count += 1,
        }
        failures.last = now;
        if failures.locked_until.is_none() && self.policy.failures <= failures.count {
            failures.locked_until = Some(now + self.policy.seconds);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: LockPolicy = LockPolicy { failures: 3, seconds: 60 };

    #[test]
    fn the_last_failure_locks_for_a_while_and_then_counting_begins_anew() {
        let guard = Guard::new(POLICY);
        for now in 100..103 {
            assert_eq!(guard.locked_until("a@b", now), None);
            guard.fail("a@b", now);
        }
        assert_eq!(guard.locked_until("a@b", 103), Some(162));
        assert_eq!(guard.locked_until("other@b", 103), None);
        assert_eq!(guard.locked_until("a@b", 162), None);
        guard.fail("a@b", 162);
        assert_eq!(guard.locked_until("a@b", 163), None);
    }

    #[test]
    fn memory_has_an_end() {
        let guard = Guard::new(LockPolicy { failures: 1, seconds: 60 });
        guard.fail("first@b", 1);
        for number in 0..MOST {
            guard.fail(&format!("{number}@b"), 2);
        }
        assert_eq!(guard.known.lock().unwrap().len(), MOST);
        assert_eq!(guard.locked_until("first@b", 2), None);
        assert_eq!(guard.locked_until("0@b", 2), Some(62));
    }
}
