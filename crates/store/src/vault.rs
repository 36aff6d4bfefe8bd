//! Secrets at rest: XChaCha20-Poly1305 under a key that is not in the database, bound to the row that holds them.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use sha2::{Digest, Sha256};

use crate::Error;
use crate::blobs::hexadecimal;

/// The bytes of a key.
const KEY: usize = 32;
/// The bytes before each sealed text, drawn anew each time.
const NONCE: usize = 24;
/// The name of the key's file in the data folder.
const FILE: &str = "secret.key";

/// The keys of this process. What is sealed is sealed with the first; the others still open what was sealed before.
#[derive(Clone, Default)]
pub struct Vault(Arc<Vec<VaultKey>>);

#[derive(Clone)]
struct VaultKey {
    id: String,
    cipher: XChaCha20Poly1305,
}

/// Bytes that only the vault can read, and the id of the key that they were sealed with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SealedBytes {
    pub(crate) key: String,
    pub(crate) bytes: Vec<u8>,
}

/// Why a text names no keys. The text is not repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a secret key is 64 hexadecimal digits (32 random bytes, as `openssl rand -hex 32` makes them); several are separated by commas, the newest first"
)]
pub struct MalformedSecretKey;

impl Vault {
    /// The keys that a text names: 64 hexadecimal digits each, the newest first.
    pub fn parse(text: &str) -> Result<Self, MalformedSecretKey> {
        let keys: Vec<VaultKey> = text
            .split([',', '\n'])
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(key)
            .collect::<Result<_, _>>()?;
        if keys.is_empty() { Err(MalformedSecretKey) } else { Ok(Self(Arc::new(keys))) }
    }

    /// The key in the data folder, which is made where there is none. Only its owner may read the file.
    pub async fn in_folder(data: &Path) -> Result<Self, Error> {
        let path = data.join(FILE);
        let text = match tokio::fs::read_to_string(&path).await {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => make(data, &path).await?,
            read => read.map_err(Error::at(&path))?,
        };
        Self::parse(&text).map_err(|malformed| Error::Corrupt(format!("{}: {malformed}", path.display())))
    }

    pub(crate) fn seal(&self, place: &str, open: &[u8]) -> Result<SealedBytes, Error> {
        let key = self.0.first().ok_or_else(closed)?;
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).map_err(|error| Error::Corrupt(format!("no random numbers: {error}")))?;
        let payload = Payload { msg: open, aad: place.as_bytes() };
        let sealed = key
            .cipher
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| Error::Corrupt("a secret cannot be sealed".to_owned()))?;
        let mut bytes = nonce.to_vec();
        bytes.extend_from_slice(&sealed);
        Ok(SealedBytes { key: key.id.clone(), bytes })
    }

    pub(crate) fn open(&self, place: &str, sealed: &SealedBytes) -> Result<Vec<u8>, Error> {
        if self.0.is_empty() {
            return Err(closed());
        }
        let key = self.0.iter().find(|key| key.id == sealed.key).ok_or_else(|| unknown(&sealed.key))?;
        let broken = || {
            Error::Corrupt(
                "a sealed secret is damaged, or was moved from another row; connect the provider again".to_owned(),
            )
        };
        let (nonce, bytes) = sealed.bytes.split_at_checked(NONCE).ok_or_else(broken)?;
        let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| broken())?;
        let payload = Payload { msg: bytes, aad: place.as_bytes() };
        key.cipher.decrypt(&XNonce::from(nonce), payload).map_err(|_| broken())
    }
}

fn key(text: &str) -> Result<VaultKey, MalformedSecretKey> {
    let bytes: [u8; KEY] = bytes_of(text).and_then(|bytes| bytes.try_into().ok()).ok_or(MalformedSecretKey)?;
    // The id tells keys apart and tells nothing of them.
    let id = hexadecimal(&Sha256::digest(bytes))[..16].to_owned();
    Ok(VaultKey { id, cipher: XChaCha20Poly1305::new(&Key::from(bytes)) })
}

fn bytes_of(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let is_sound = digits.len() == 2 * KEY && digits.iter().all(u8::is_ascii_hexdigit);
    is_sound.then(|| digits.chunks(2).map(byte).collect())?
}

/// Makes a key, in a file that appears whole: of two processes that start together one makes it and the other reads it.
async fn make(data: &Path, path: &Path) -> Result<String, Error> {
    let mut bytes = [0; KEY];
    getrandom::fill(&mut bytes).map_err(|error| Error::Corrupt(format!("no random numbers: {error}")))?;
    let text = hexadecimal(&bytes);
    let beside = data.join(format!("{FILE}.{}", model::JobId::new()));
    write_for_owner(&beside, &text).await.map_err(Error::at(&beside))?;
    let linked = tokio::fs::hard_link(&beside, path).await;
    tokio::fs::remove_file(&beside).await.map_err(Error::at(&beside))?;
    match linked {
        Ok(()) => Ok(text),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            tokio::fs::read_to_string(path).await.map_err(Error::at(path))
        }
        Err(error) => Err(Error::at(path)(error)),
    }
}

async fn write_for_owner(path: &Path, text: &str) -> std::io::Result<()> {
    use tokio::io::AsyncWriteExt as _;
    let mut options = tokio::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    options.mode(0o600);
    let mut file = options.open(path).await?;
    file.write_all(text.as_bytes()).await?;
    file.write_all(b"\n").await?;
    file.sync_all().await
}

fn closed() -> Error {
    Error::Locked("this process has no secret key".to_owned())
}

fn unknown(key: &str) -> Error {
    Error::Locked(format!(
        "it was sealed with the key {key}, which this process does not have; give every machine the same secret.key or GLEANER_SECRET_KEY"
    ))
}

/// Shows ids alone.
impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|key| &key.id)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault(letters: &str) -> Vault {
        let keys: Vec<String> = letters.chars().map(|letter| letter.to_string().repeat(64)).collect();
        Vault::parse(&keys.join(",")).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_in_its_place_with_its_key_alone() {
        let sealed = vault("a").seal("row 1", b"hunter2").unwrap();
        assert_eq!(vault("a").open("row 1", &sealed).unwrap(), b"hunter2");
        assert_eq!(vault("ba").open("row 1", &sealed).unwrap(), b"hunter2", "an older key");
        assert!(matches!(vault("a").open("row 2", &sealed), Err(Error::Corrupt(_))));
        assert!(matches!(vault("b").open("row 1", &sealed), Err(Error::Locked(_))));
        assert!(matches!(Vault::default().open("row 1", &sealed), Err(Error::Locked(_))));
        for place in 0..sealed.bytes.len() {
            let mut damaged = sealed.clone();
            damaged.bytes[place] ^= 1;
            assert!(matches!(vault("a").open("row 1", &damaged), Err(Error::Corrupt(_))), "{place}");
            damaged.bytes.truncate(place);
            assert!(matches!(vault("a").open("row 1", &damaged), Err(Error::Corrupt(_))), "{place}");
        }
    }

    #[test]
    fn the_same_secret_is_sealed_differently_each_time() {
        let vault = vault("c");
        assert_ne!(vault.seal("row", b"same").unwrap(), vault.seal("row", b"same").unwrap());
    }

    #[test]
    fn a_key_is_sixty_four_digits() {
        for text in ["", "abc", "g".repeat(64).as_str(), "a".repeat(63).as_str(), "a".repeat(66).as_str(), ","] {
            assert_eq!(Vault::parse(text).err(), Some(MalformedSecretKey), "{text:?}");
        }
        assert!(!format!("{:?}", vault("a")).contains(&"a".repeat(9)));
    }

    #[tokio::test]
    async fn processes_that_start_together_have_one_key_that_only_the_owner_reads() {
        let folder = tempfile::tempdir().unwrap();
        let (one, two) = tokio::join!(Vault::in_folder(folder.path()), Vault::in_folder(folder.path()));
        let sealed = one.unwrap().seal("row", b"x").unwrap();
        assert_eq!(two.unwrap().open("row", &sealed).unwrap(), b"x");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(folder.path().join(FILE)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    }
}
