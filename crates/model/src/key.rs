//! API keys: their shape, their checksum and what they may do. A key is never printed by accident.

use std::fmt;
use std::str::FromStr;

/// What every key starts with.
const PREFIX: &str = "fini_";
/// The part that is stored in clear, to find the row and to tell keys apart in a list.
const HANDLE: usize = 8;
/// The secret part: 32 letters of 62 are 190 bits.
const SECRET: usize = 32;
/// CRC-32 in base 62: a mistyped key is told apart from a wrong one without asking the store.
const CHECKSUM: usize = 6;
const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A whole key, in clear: `fini_` + handle + secret + checksum.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey(String);

impl ApiKey {
    /// How many random bytes [`ApiKey::from_random`] reads.
    pub const ENTROPY: usize = 64;

    /// Makes a key from random bytes. Bytes that would favour some letters are skipped; `None` when too many were.
    pub fn from_random(bytes: &[u8; Self::ENTROPY]) -> Option<Self> {
        let letters: String = bytes
            .iter()
            .filter(|byte| **byte < 248)
            .map(|byte| char::from(ALPHABET[usize::from(byte % 62)]))
            .take(HANDLE + SECRET)
            .collect();
        (letters.len() == HANDLE + SECRET).then(|| Self(format!("{PREFIX}{letters}{}", checksum(&letters))))
    }

    /// The public part: `fini_` and eight letters.
    pub fn handle(&self) -> &str {
        &self.0[..PREFIX.len() + HANDLE]
    }

    /// The whole key. Only for the one place that shows it, and for hashing.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

fn checksum(letters: &str) -> String {
    let mut rest = crc32fast::hash(letters.as_bytes()) as usize;
    let mut digits = [ALPHABET[0]; CHECKSUM];
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET[rest % 62];
        rest /= 62;
    }
    digits.into_iter().map(char::from).collect()
}

/// Shows the handle only.
impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiKey({}…)", self.handle())
    }
}

/// The text is no key: wrong prefix, length, letters or checksum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a Gleaner API key")]
pub struct MalformedKey;

impl FromStr for ApiKey {
    type Err = MalformedKey;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let letters = text.strip_prefix(PREFIX).ok_or(MalformedKey)?;
        let known = letters.bytes().all(|byte| ALPHABET.contains(&byte));
        if !known || letters.len() != HANDLE + SECRET + CHECKSUM {
            return Err(MalformedKey);
        }
        let (body, sum) = letters.split_at(HANDLE + SECRET);
        if checksum(body) == sum { Ok(Self(text.to_owned())) } else { Err(MalformedKey) }
    }
}

/// One thing a key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Read.
    Read,
    /// Create, update, queue.
    Write,
}

/// What a key may do. `write` does not imply `read`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scopes {
    /// May read.
    pub read: bool,
    /// May create, update and queue.
    pub write: bool,
}

impl Scopes {
    /// Both.
    pub const ALL: Self = Self { read: true, write: true };

    /// Whether `scope` is among them.
    pub const fn allow(self, scope: Scope) -> bool {
        match scope {
            Scope::Read => self.read,
            Scope::Write => self.write,
        }
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match (self.read, self.write) {
            (true, true) => "read,write",
            (true, false) => "read",
            (false, true) => "write",
            (false, false) => "",
        })
    }
}

/// The list of scopes is empty or names one that does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("scopes are `read`, `write` or `read,write`")]
pub struct UnknownScope;

impl FromStr for Scopes {
    type Err = UnknownScope;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut scopes = Self { read: false, write: false };
        for word in text.split(',') {
            match word.trim() {
                "read" => scopes.read = true,
                "write" => scopes.write = true,
                _ => return Err(UnknownScope),
            }
        }
        Ok(scopes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> ApiKey {
        ApiKey::from_random(&std::array::from_fn(|i| u8::try_from(i * 3).unwrap_or(0))).unwrap()
    }

    #[test]
    fn a_key_reads_back_and_a_damaged_one_does_not() {
        let key = key();
        assert_eq!(key.reveal().parse::<ApiKey>(), Ok(key.clone()));
        assert_eq!(key.reveal().len(), 51);
        let swapped = key.reveal().replacen('0', "1", 1);
        for bad in ["", "fini_", "fini_short", &key.reveal()[1..], &swapped, &format!("{}a", key.reveal())] {
            assert_eq!(bad.parse::<ApiKey>(), Err(MalformedKey), "{bad}");
        }
    }

    #[test]
    fn debug_shows_only_the_handle() {
        let key = key();
        let shown = format!("{key:?}");
        assert!(shown.contains(key.handle()));
        assert!(!shown.contains(&key.reveal()[13..]));
    }

    #[test]
    fn bytes_that_would_favour_letters_are_skipped() {
        assert_eq!(ApiKey::from_random(&[255; ApiKey::ENTROPY]), None);
    }

    #[test]
    fn scopes_read_back() {
        for text in ["read", "write", "read,write"] {
            assert_eq!(text.parse::<Scopes>().unwrap().to_string(), text);
        }
        for bad in ["", "admin", "read,", "READ"] {
            assert_eq!(bad.parse::<Scopes>(), Err(UnknownScope), "{bad}");
        }
    }
}
