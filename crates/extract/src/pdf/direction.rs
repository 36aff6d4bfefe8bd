//! Text that is written from right to left: pages hold it as it looks, and readers want it as it is read.

use unicode_bidi::{BidiClass, BidiInfo, LTR_LEVEL, Level, RTL_LEVEL, bidi_class};

/// The end from which a text is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    #[default]
    LeftToRight,
    RightToLeft,
}

impl Direction {
    /// That of most letters.
    pub fn of(signs: impl Iterator<Item = char>) -> Self {
        let (mut left, mut right) = (0_usize, 0_usize);
        for sign in signs {
            left += usize::from(sign.is_alphabetic() && !is_right_to_left(sign));
            right += usize::from(is_right_to_left(sign));
        }
        if right > left { Self::RightToLeft } else { Self::LeftToRight }
    }

    fn level(self) -> Level {
        match self {
            Self::LeftToRight => LTR_LEVEL,
            Self::RightToLeft => RTL_LEVEL,
        }
    }
}

/// The first sign of a script that is written from right to left.
const FIRST: char = '\u{590}';

/// Whether this is a letter of such a script.
pub fn is_right_to_left(sign: char) -> bool {
    sign >= FIRST && matches!(bidi_class(sign), BidiClass::R | BidiClass::AL)
}

/// Whether the sign stands on the letter before it, such as a vowel of Hebrew or Arabic.
pub fn is_mark(sign: char) -> bool {
    sign >= '\u{300}' && bidi_class(sign) == BidiClass::NSM
}

/// Whether this is one of the invisible signs that say which way text runs.
pub fn is_control(sign: char) -> bool {
    matches!(sign, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The text as it is read, of signs as they look from left to right; each keeps what is noted of it. Marks stand behind
/// their letters.
///
/// To show a text and to read it are nearly the same: what the Unicode Bidirectional Algorithm (UAX #9) turns around, it
/// turns back when it gets the result.
pub fn logical<T: Copy>(shown: &[(char, T)], base: Direction) -> Vec<(char, T)> {
    let mut clusters: Vec<&[(char, T)]> = Vec::new();
    let mut rest = shown;
    while !rest.is_empty() {
        let marks = rest[1..].iter().take_while(|(sign, _)| is_mark(*sign)).count();
        let (cluster, after) = rest.split_at(1 + marks);
        clusters.push(cluster);
        rest = after;
    }
    let signs: Vec<char> = clusters.iter().map(|cluster| cluster[0].0).collect();
    let probe = probe(&signs);
    let info = BidiInfo::new(&probe, Some(base.level()));
    let levels: Vec<Level> = probe.char_indices().map(|(at, _)| info.levels[at]).collect();
    let order = BidiInfo::reorder_visual(&levels);
    let turned = || order.iter().filter(|at| levels[**at].is_rtl()).map(|at| signs[*at]);
    // Most fonts note a bracket as it looks, some programs as it is read.
    let are_mirrored = pairs(turned().map(mirrored)) >= pairs(turned());
    let mut text = Vec::with_capacity(shown.len());
    for at in order {
        let is_mirrored = are_mirrored && levels[at].is_rtl();
        text.extend(clusters[at].iter().map(|(sign, it)| (if is_mirrored { mirrored(*sign) } else { *sign }, *it)));
    }
    text
}

/// The signs as one paragraph. Digits that are read behind Arabic letters are Arabic digits in it: the algorithm asks for
/// the letter before them, and finds the one after them in a text that is shown.
fn probe(signs: &[char]) -> String {
    let is_strong = |class: &BidiClass| matches!(class, BidiClass::L | BidiClass::R | BidiClass::AL);
    let classes: Vec<BidiClass> = signs.iter().map(|sign| bidi_class(*sign)).collect();
    let mut before = vec![None; signs.len()];
    let mut last = None;
    // Before in reading is to the right.
    for (at, class) in classes.iter().enumerate().rev() {
        before[at] = last;
        last = Some(*class).filter(is_strong).or(last);
    }
    let mut left = None;
    let counted = signs.iter().zip(&classes).zip(before).map(|((sign, class), before)| {
        left = Some(*class).filter(is_strong).or(left);
        match class {
            BidiClass::EN if before == Some(BidiClass::AL) && left != Some(BidiClass::L) => '\u{660}',
            BidiClass::B => ' ',
            _ => *sign,
        }
    });
    counted.collect()
}

/// The sign that looks like this one in a mirror.
fn mirrored(sign: char) -> char {
    let pair = BRACKETS.iter().find(|(open, close)| sign == *open || sign == *close);
    pair.map_or(sign, |(open, close)| if sign == *open { *close } else { *open })
}

/// How many brackets open and close again.
fn pairs(signs: impl Iterator<Item = char>) -> usize {
    let mut open = [0_usize; BRACKETS.len()];
    let mut pairs = 0;
    for sign in signs {
        for (kind, (start, end)) in open.iter_mut().zip(BRACKETS) {
            if sign == start {
                *kind += 1;
            } else if sign == end && *kind > 0 {
                *kind -= 1;
                pairs += 1;
            }
        }
    }
    pairs
}

const BRACKETS: [(char, char); 6] = [('(', ')'), ('[', ']'), ('{', '}'), ('<', '>'), ('«', '»'), ('‹', '›')];

#[cfg(test)]
mod tests;
