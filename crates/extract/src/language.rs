//! Names the language of a text: detection when it is sure, else what the document claims.

use model::{Block, Span};
use whatlang::Lang;

/// Detection guesses wildly on less.
const MIN_DETECTED: usize = 80;
/// On this much text a sure detection overrules the document, whose `lang` is often a template's default.
const MIN_OVERRULING: usize = 400;
/// More text makes detection slower, not surer. In bytes.
const SAMPLE: usize = 20_000;

/// The BCP 47 code of the text's language.
pub fn identify(blocks: &[Block], claimed: Option<&str>) -> Option<String> {
    let mut sample = String::new();
    collect(blocks, &mut sample);
    let letters = sample.chars().filter(|c| c.is_alphabetic()).count();
    let claimed = claimed.and_then(primary);
    if letters < MIN_DETECTED && claimed.is_some() {
        return claimed;
    }
    let wide = sample.chars().filter(|c| *c > '\u{2e7f}').count();
    // One ideograph says as much as several letters.
    let floor = if wide * 2 > letters { MIN_DETECTED / 8 } else { MIN_DETECTED };
    let detected = whatlang::detect(&sample).filter(|found| found.is_reliable() && letters >= floor);
    let detected = detected.and_then(|found| code(found.lang()));
    match (claimed, detected) {
        (Some(claimed), Some(detected))
            if letters >= MIN_OVERRULING && claimed != detected && !are_close(&claimed, detected) =>
        {
            Some(detected.to_owned())
        }
        (None, Some(detected)) => Some(detected.to_owned()),
        (claimed, _) => claimed,
    }
}

/// `en-US` is `en`; what is no language code is nothing.
fn primary(claimed: &str) -> Option<String> {
    let primary = claimed.trim().split(['-', '_', ',']).next()?.to_ascii_lowercase();
    let is_code = matches!(primary.len(), 2 | 3) && primary.bytes().all(|byte| byte.is_ascii_lowercase());
    is_code.then_some(primary)
}

/// Languages that detection confuses: the document knows better.
fn are_close(one: &str, other: &str) -> bool {
    const GROUPS: [&[&str]; 6] = [
        &["nb", "nn", "no", "da"],
        &["hr", "sr", "bs"],
        &["cs", "sk"],
        &["ru", "uk", "be", "bg", "mk"],
        &["id", "ms", "jv"],
        &["pt", "gl", "es", "ca"],
    ];
    GROUPS.iter().any(|group| group.contains(&one) && group.contains(&other))
}

fn collect(blocks: &[Block], sample: &mut String) {
    for block in blocks {
        if sample.len() >= SAMPLE {
            return;
        }
        match block {
            Block::Heading { spans, .. } | Block::Paragraph { spans } => add(spans, sample),
            Block::List { items, .. } => items.iter().for_each(|item| collect(item, sample)),
            Block::Quote { blocks } => collect(blocks, sample),
            Block::Table { header, rows } => {
                header.iter().chain(rows.iter().flatten()).for_each(|cell| add(cell, sample));
            }
            Block::Code { .. } => {}
        }
    }
}

fn add(spans: &[Span], sample: &mut String) {
    for span in spans.iter().filter(|span| !span.code) {
        let room = SAMPLE.saturating_sub(sample.len());
        sample.push_str(&span.text[..span.text.floor_char_boundary(room)]);
    }
    sample.push('\n');
}

/// The two-letter codes; `whatlang` speaks ISO 639-3.
const CODES: [(Lang, &str); 70] = [
    (Lang::Afr, "af"),
    (Lang::Aka, "ak"),
    (Lang::Amh, "am"),
    (Lang::Ara, "ar"),
    (Lang::Aze, "az"),
    (Lang::Bel, "be"),
    (Lang::Ben, "bn"),
    (Lang::Bul, "bg"),
    (Lang::Cat, "ca"),
    (Lang::Ces, "cs"),
    (Lang::Cmn, "zh"),
    (Lang::Cym, "cy"),
    (Lang::Dan, "da"),
    (Lang::Deu, "de"),
    (Lang::Ell, "el"),
    (Lang::Eng, "en"),
    (Lang::Epo, "eo"),
    (Lang::Est, "et"),
    (Lang::Fin, "fi"),
    (Lang::Fra, "fr"),
    (Lang::Guj, "gu"),
    (Lang::Heb, "he"),
    (Lang::Hin, "hi"),
    (Lang::Hrv, "hr"),
    (Lang::Hun, "hu"),
    (Lang::Hye, "hy"),
    (Lang::Ind, "id"),
    (Lang::Ita, "it"),
    (Lang::Jav, "jv"),
    (Lang::Jpn, "ja"),
    (Lang::Kan, "kn"),
    (Lang::Kat, "ka"),
    (Lang::Khm, "km"),
    (Lang::Kor, "ko"),
    (Lang::Lat, "la"),
    (Lang::Lav, "lv"),
    (Lang::Lit, "lt"),
    (Lang::Mal, "ml"),
    (Lang::Mar, "mr"),
    (Lang::Mkd, "mk"),
    (Lang::Mya, "my"),
    (Lang::Nep, "ne"),
    (Lang::Nld, "nl"),
    (Lang::Nob, "nb"),
    (Lang::Ori, "or"),
    (Lang::Pan, "pa"),
    (Lang::Pes, "fa"),
    (Lang::Pol, "pl"),
    (Lang::Por, "pt"),
    (Lang::Ron, "ro"),
    (Lang::Rus, "ru"),
    (Lang::Sin, "si"),
    (Lang::Slk, "sk"),
    (Lang::Slv, "sl"),
    (Lang::Sna, "sn"),
    (Lang::Spa, "es"),
    (Lang::Srp, "sr"),
    (Lang::Swe, "sv"),
    (Lang::Tam, "ta"),
    (Lang::Tel, "te"),
    (Lang::Tgl, "tl"),
    (Lang::Tha, "th"),
    (Lang::Tuk, "tk"),
    (Lang::Tur, "tr"),
    (Lang::Ukr, "uk"),
    (Lang::Urd, "ur"),
    (Lang::Uzb, "uz"),
    (Lang::Vie, "vi"),
    (Lang::Yid, "yi"),
    (Lang::Zul, "zu"),
];

fn code(lang: Lang) -> Option<&'static str> {
    CODES.iter().find(|(known, _)| *known == lang).map(|(_, code)| *code)
}

#[cfg(test)]
mod tests;
