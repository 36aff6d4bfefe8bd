//! The signs that letters of fonts stand for, and those that none stands for.

use hayro_cmap::BfString;

/// No letter stands for more, in bytes.
const LONGEST: usize = 64;

/// The signs that a map leads to.
pub fn text(found: BfString) -> String {
    match found {
        BfString::Char(sign) => sign.to_string(),
        BfString::String(text) => text,
    }
}

/// Whether no letter stands for these signs.
pub fn is_rubbish(text: &str) -> bool {
    let is_no_sign = |sign: char| {
        let is_control = sign.is_control() && !matches!(sign, '\t' | '\n' | '\r');
        is_control || matches!(sign, '\u{fffd}'..='\u{ffff}' | '\u{feff}')
    };
    text.chars().all(is_no_sign) || text.len() > LONGEST
}

/// Whether only the font knows what these signs are.
pub fn is_private(text: &str) -> bool {
    text.chars().all(|sign| matches!(sign, '\u{e000}'..='\u{f8ff}'))
}

/// The bitmap fonts of TeX do not say what their letters are, and keep to its own order: ASCII, and before it ligatures.
pub fn tex(code: u32) -> Option<String> {
    let ligature = match code {
        11 => "ff",
        12 => "fi",
        13 => "fl",
        14 => "ffi",
        15 => "ffl",
        code => return char::from_u32(code).filter(char::is_ascii_graphic).map(String::from),
    };
    Some(ligature.to_owned())
}
