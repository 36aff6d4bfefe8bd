//! How alike two texts or titles are, for finding the article that a text belongs to.

use crate::letters;
use crate::lexer::{Kind, Lexer};

/// So many successive words are one shingle.
const SHINGLE: usize = 3;
/// So many hashes are a signature.
const HASHES: usize = 128;
/// So many hashes are a band of a signature.
const ROWS: usize = 4;

/// The set of all runs of three successive words of a text, as hashes: capitals, typography and white space aside.
///
/// Two texts are near-duplicates when they share most of them (A. Broder, "On the resemblance and containment of documents", 1997).
///
/// ```
/// use diff::Shingles;
///
/// let old = Shingles::of(&["Refunds are paid to the card that you used, within 30 days."]);
/// let new = Shingles::of(&["Refunds are paid to the card that you used, within 14 days."]);
/// assert!(old.similarity(&new) > 0.5);
/// assert_eq!(old.similarity(&Shingles::of(&["Our office is closed in August."])), 0.0);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shingles(Vec<u64>);

impl Shingles {
    /// The shingles of a text, a list of paragraphs. A text of one or two words has one.
    pub fn of<P: AsRef<str>>(paragraphs: &[P]) -> Self {
        let words: Vec<u64> = paragraphs.iter().flat_map(|text| words(text.as_ref())).map(|word| hash(&word)).collect();
        let whole = (!words.is_empty() && words.len() < SHINGLE).then_some(words.as_slice());
        let mut hashes: Vec<u64> = words.windows(SHINGLE).chain(whole).map(joined).collect();
        hashes.sort_unstable();
        hashes.dedup();
        Self(hashes)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether the text has no words.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The share of common shingles in all of both texts (Jaccard), 0 to 1. Empty texts are like nothing.
    pub fn similarity(&self, other: &Self) -> f64 {
        let common = self.common(other);
        ratio(common, self.len() + other.len() - common)
    }

    /// The share of our shingles that the other text has too, 0 to 1: 1 for a text that is a part of the other.
    pub fn containment(&self, other: &Self) -> f64 {
        ratio(self.common(other), self.len())
    }

    /// A digest of fixed length, from which the similarity can be told without the texts.
    pub fn signature(&self) -> Signature {
        let mut least = Box::new([u32::MAX; HASHES]);
        for shingle in &self.0 {
            for (seed, least) in (1..).zip(least.iter_mut()) {
                let value = mixed(shingle ^ mixed(seed));
                *least = (*least).min(u32::try_from(value >> 32).unwrap_or(u32::MAX));
            }
        }
        Signature(least)
    }

    fn common(&self, other: &Self) -> usize {
        let (mut i, mut j, mut common) = (0, 0, 0);
        while let (Some(a), Some(b)) = (self.0.get(i), other.0.get(j)) {
            i += usize::from(a <= b);
            j += usize::from(b <= a);
            common += usize::from(a == b);
        }
        common
    }
}

/// A `MinHash` signature of 128 hashes, 512 bytes. The same text gives the same on every machine and in every version, so it can
/// be stored.
///
/// ```
/// use diff::{Shingles, Signature};
///
/// let signature = Shingles::of(&["Refunds are paid within 30 days."]).signature();
/// let stored = signature.to_bytes();
/// assert_eq!(Signature::from_bytes(&stored).unwrap().similarity(&signature), 1.0);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature(Box<[u32; HASHES]>);

impl Signature {
    /// The estimated [`Shingles::similarity`], with a standard error of at most 0.045. Empty texts are like nothing.
    pub fn similarity(&self, other: &Self) -> f64 {
        let same = self.0.iter().zip(other.0.iter()).filter(|(a, b)| a == b && **a != u32::MAX).count();
        ratio(same, HASHES)
    }

    /// 32 keys of four hashes each. Texts that share at least one key are worth comparing: with a similarity of 0.5 the chance is 87 %,
    /// with 0.7 it is 99.98 %, with 0.2 it is 5 %.
    pub fn bands(&self) -> Vec<u64> {
        let number = |row: &u32| u64::from(*row);
        (0..).zip(self.0.chunks(ROWS)).map(|(at, rows)| rows.iter().map(number).fold(mixed(at), fold)).collect()
    }

    /// For storing, 512 bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|hash| hash.to_le_bytes()).collect()
    }

    /// What [`Signature::to_bytes`] gave; `None` when it is not 512 bytes long.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (chunks, rest) = bytes.as_chunks::<4>();
        let hashes: Vec<u32> = chunks.iter().map(|chunk| u32::from_le_bytes(*chunk)).collect();
        let hashes: [u32; HASHES] = hashes.try_into().ok().filter(|_| rest.is_empty())?;
        Some(Self(Box::new(hashes)))
    }
}

/// How alike two titles are, 0 to 1: the share of common words or of common runs of three letters, whichever is more
/// (Sørensen–Dice), capitals aside. Titles with other numbers are half as alike: "Plan 1" is not "Plan 2".
///
/// ```
/// assert_eq!(diff::title_similarity("How to get a refund", "How To Get a Refund"), 1.0);
/// assert!(diff::title_similarity("Refund policy", "Refund policies") > 0.6);
/// assert!(diff::title_similarity("Refund policy", "Office hours") < 0.3);
/// assert!(diff::title_similarity("Install version 1", "Install version 2") < 0.5);
/// ```
pub fn title_similarity(a: &str, b: &str) -> f64 {
    let (a, b) = (words(a), words(b));
    let numbers = |title: &[String]| -> Vec<String> {
        title.iter().filter(|word| word.starts_with(|c: char| c.is_ascii_digit())).cloned().collect()
    };
    let alike = dice(a.clone(), b.clone()).max(dice(trigrams(&a), trigrams(&b)));
    if numbers(&a) == numbers(&b) { alike } else { alike / 2.0 }
}

/// The words and numbers of a text in small letters.
fn words(text: &str) -> Vec<String> {
    let text = letters::folded(text);
    Lexer::new(&text).filter(|piece| piece.kind != Kind::Sign).map(|piece| piece.text.to_lowercase()).collect()
}

fn trigrams(words: &[String]) -> Vec<String> {
    let letters: Vec<char> = words.iter().flat_map(|word| [' '].into_iter().chain(word.chars())).chain([' ']).collect();
    letters.windows(3).map(|three| three.iter().collect()).collect()
}

fn dice(mut a: Vec<String>, mut b: Vec<String>) -> f64 {
    a.sort_unstable();
    b.sort_unstable();
    let (mut i, mut j, mut common) = (0, 0, 0);
    while let (Some(one), Some(other)) = (a.get(i), b.get(j)) {
        i += usize::from(one <= other);
        j += usize::from(other <= one);
        common += usize::from(one == other);
    }
    ratio(2 * common, a.len() + b.len())
}

#[expect(clippy::cast_precision_loss, reason = "counts of words are far below 2^52")]
fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// FNV-1a, mixed: the same on every machine, which the hashes of the standard library do not promise.
fn hash(word: &str) -> u64 {
    let fnv = word
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    mixed(fnv)
}

fn joined(words: &[u64]) -> u64 {
    words.iter().copied().fold(0, fold)
}

fn fold(hash: u64, next: u64) -> u64 {
    mixed(hash.rotate_left(5) ^ next)
}

/// The finaliser of `SplitMix64` (G. Steele and others, 2014): each bit of the result depends on all bits.
fn mixed(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests;
