//! Which letters the glyphs of an embedded font are, by the font's own table (OpenType, `cmap`). The table leads from
//! letters to glyphs; here it is read backwards.

use std::collections::HashMap;

/// More letters than fonts have.
const MAX_LETTERS: usize = 300_000;

/// More tables than a font has.
const MAX_TABLES: usize = 64;

/// The letter of each glyph that has one; of several, the first that is no presentation form of another.
pub fn letters(font: &[u8]) -> HashMap<u32, char> {
    let mut letters = HashMap::new();
    if let Some(map) = table(font, *b"cmap") {
        let count = usize::from(short(map, 2).unwrap_or(0)).min(MAX_TABLES);
        for at in 0..count {
            let record = 4 + 8 * at;
            let (Some(platform), Some(encoding)) = (short(map, record), short(map, record + 2)) else { break };
            let is_unicode = platform == 0 || (platform == 3 && matches!(encoding, 1 | 10));
            let Some(part) = long(map, record + 4).and_then(|offset| map.get(usize::try_from(offset).ok()?..)) else {
                continue;
            };
            if is_unicode {
                read(part, &mut letters);
            }
        }
    }
    letters
}

/// A table of a font.
fn table(font: &[u8], name: [u8; 4]) -> Option<&[u8]> {
    let count = usize::from(short(font, 4)?).min(MAX_TABLES);
    let record = (0..count).map(|at| 12 + 16 * at).find(|at| font.get(*at..at + 4) == Some(&name))?;
    font.get(usize::try_from(long(font, record + 8)?).ok()?..)
}

fn read(map: &[u8], letters: &mut HashMap<u32, char>) {
    // What breaks off holds the letters up to there.
    let _ = match short(map, 0) {
        Some(4) => segments(map, letters),
        Some(12) => groups(map, letters),
        _ => None,
    };
}

/// Format 4: ranges of letters, each with what to add, or with a list of glyphs.
fn segments(map: &[u8], letters: &mut HashMap<u32, char>) -> Option<()> {
    let size = usize::from(short(map, 6)?) & !1;
    let (ends, starts) = (14, 16 + size);
    let (deltas, offsets) = (starts + size, starts + 2 * size);
    let mut left = MAX_LETTERS;
    for at in (0..size).step_by(2) {
        let (start, end) = (short(map, starts + at)?, short(map, ends + at)?);
        let (delta, offset) = (short(map, deltas + at)?, usize::from(short(map, offsets + at)?));
        for letter in start..=end {
            left = left.checked_sub(1)?;
            let glyph = if offset == 0 {
                letter.wrapping_add(delta)
            } else {
                let place = offsets + at + offset + 2 * usize::from(letter - start);
                short(map, place).filter(|glyph| *glyph != 0).map_or(0, |glyph| glyph.wrapping_add(delta))
            };
            note(letters, u32::from(glyph), u32::from(letter));
        }
    }
    Some(())
}

/// Format 12: ranges of letters with glyphs in the same order.
fn groups(map: &[u8], letters: &mut HashMap<u32, char>) -> Option<()> {
    let count = long(map, 12)?;
    let mut left = MAX_LETTERS;
    for at in 0..usize::try_from(count).ok()? {
        let group = 16 + 12 * at;
        let (start, end, glyph) = (long(map, group)?, long(map, group + 4)?, long(map, group + 8)?);
        for letter in start..=end {
            left = left.checked_sub(1)?;
            note(letters, glyph.wrapping_add(letter - start), letter);
        }
    }
    Some(())
}

fn note(letters: &mut HashMap<u32, char>, glyph: u32, letter: u32) {
    let Some(letter) = char::from_u32(letter).filter(|letter| glyph != 0 && is_letter(*letter)) else { return };
    let known = letters.entry(glyph).or_insert(letter);
    if is_form(*known) && !is_form(letter) {
        *known = letter;
    }
}

/// What only the font knows, and what is no sign.
fn is_letter(letter: char) -> bool {
    !letter.is_control() && !matches!(letter, '\u{e000}'..='\u{f8ff}' | '\u{fffd}'..='\u{ffff}' | '\u{feff}')
}

/// Whether this is another letter in a certain place of a word.
fn is_form(letter: char) -> bool {
    matches!(letter, '\u{fb00}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|pair| u16::from_be_bytes(*pair))
}

fn long(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|four| u32::from_be_bytes(*four))
}

#[cfg(test)]
mod tests {
    use super::letters;

    fn shorts(numbers: &[u16]) -> Vec<u8> {
        numbers.iter().flat_map(|number| number.to_be_bytes()).collect()
    }

    /// A font of one table with one part, for Unicode.
    fn font(part: &[u8]) -> Vec<u8> {
        let header = shorts(&[0, 1, 1, 0, 0, 0]);
        let record = [&b"cmap"[..], &shorts(&[0, 0, 0, 28, 0, 0])].concat();
        let map = shorts(&[0, 1, 3, 1, 0, 12]);
        [header, record, map, part.to_vec()].concat()
    }

    fn found(part: &[u8]) -> Vec<(u32, char)> {
        let mut found: Vec<_> = letters(&font(part)).into_iter().collect();
        found.sort_unstable();
        found
    }

    #[test]
    fn tables_are_read_backwards() {
        // Letters 65 to 66 with a difference, 0x633 and its form at the end of a word with a list of glyphs.
        let segments =
            [[4, 0, 0, 8, 0, 0, 0], [66, 0x633, 0xfeb2, 0xffff, 0, 65, 0x633], [0xfeb2, 0xffff, 0xffc9, 0, 0, 1, 0]];
        let part = [shorts(&segments.concat()), shorts(&[6, 6, 0, 20, 20])].concat();
        assert_eq!(found(&part), [(10, 'A'), (11, 'B'), (20, '\u{633}')]);
        let groups = shorts(&[12, 0, 0, 28, 0, 0, 0, 1, 1, 0xf600, 1, 0xf601, 0, 7]);
        assert_eq!(found(&groups), [(7, '😀'), (8, '😁')]);
    }

    #[test]
    fn damaged_tables_end() {
        let endless = shorts(&[12, 0, 0, 0, 0, 0, 0xffff, 0xffff, 0, 0, 0xffff, 0xffff, 0, 1]);
        assert!(found(&endless).len() < 300_000);
        for length in 0..endless.len() {
            letters(&font(&endless)[..length]);
        }
        assert!(found(&shorts(&[4, 0, 0, 0xffff])).is_empty());
        assert!(letters(b"OTTO").is_empty() && letters(b"").is_empty());
    }
}
