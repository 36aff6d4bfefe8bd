//! Whether the time of a refusal tells how much of a key is right: Welch's t between keys with a known public part and
//! keys that are wrong from the start. Below 4.5 the two cannot be told apart (the bar of dudect, Reparaz et al., 2017).

use std::time::Instant;

use model::{ApiKey, Clock, Scopes};
use store::{Store, Target, new_key};

const ROUNDS: u32 = 50_000;

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let target = Target::Sqlite(folder.path().join("gleaner.db"));
    let store = Store::open(&target, folder.path(), Clock::system()).await.expect("an empty database");
    let known = new_key().expect("randomness");
    let mut write = store.write().await.expect("a fresh store");
    let (workspace, _) = write.ensure_workspace("bench", store.now()).await.expect("a fresh store");
    write.save_key(workspace, "bench", Scopes::ALL, &known, store.now()).await.expect("a fresh store");
    write.commit().await.expect("a fresh store");

    let mut read = store.read().await.expect("a snapshot");
    let (mut near, mut far) = (Sample::default(), Sample::default());
    for round in 0..ROUNDS {
        // Both are made before either is timed, and they take turns at being first, so that nothing else favours one.
        let (wrong, like) = (new_key().expect("randomness"), near_miss(&known));
        let mut pair = [(&like, &mut near), (&wrong, &mut far)];
        if round % 2 == 1 {
            pair.reverse();
        }
        for (key, sample) in pair {
            let started = Instant::now();
            let found = read.access(key).await.expect("an answer");
            sample.add(started.elapsed().as_secs_f64() * 1e6);
            assert!(found.is_none());
        }
    }
    let t = (near.mean() - far.mean()) / (near.variance() / near.count + far.variance() / far.count).sqrt();
    println!(
        "{ROUNDS} refusals each: right public part {:.2} µs, all wrong {:.2} µs, t = {t:.2}",
        near.mean(),
        far.mean()
    );
}

/// A well-formed key with the public part of `key` and another secret.
fn near_miss(key: &ApiKey) -> ApiKey {
    loop {
        let other = new_key().expect("randomness");
        let start = key.handle().len();
        let letters = format!("{}{}", &key.handle()["fini_".len()..], &other.reveal()[start..other.reveal().len() - 6]);
        if let Some(key) = with_checksum(&letters) {
            return key;
        }
    }
}

/// The checksum is CRC-32 in base 62, six digits.
fn with_checksum(letters: &str) -> Option<ApiKey> {
    const ALPHABET: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut rest = crc32fast::hash(letters.as_bytes()) as usize;
    let mut digits = [b'0'; 6];
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET[rest % 62];
        rest /= 62;
    }
    let digits: String = digits.into_iter().map(char::from).collect();
    format!("fini_{letters}{digits}").parse().ok()
}

/// Times in microseconds; the slowest, which are the machine's and not ours, are cut off.
#[derive(Default)]
struct Sample {
    count: f64,
    sum: f64,
    squares: f64,
}

impl Sample {
    const CUT: f64 = 2_000.0;

    fn add(&mut self, micros: f64) {
        if micros < Self::CUT {
            self.count += 1.0;
            self.sum += micros;
            self.squares += micros * micros;
        }
    }

    fn mean(&self) -> f64 {
        self.sum / self.count
    }

    fn variance(&self) -> f64 {
        self.squares / self.count - self.mean() * self.mean()
    }
}
