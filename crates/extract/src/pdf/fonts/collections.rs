//! What the codes of fonts mean whose letters are numbered as Adobe's collections of Chinese, Japanese and Korean letters
//! number them. Such fonts need not say it themselves.

use std::collections::HashMap;
use std::rc::Rc;

use hayro_cmap::{BfString, CMap, CMapName, CidFamily};
use hayro_syntax::object::{Dict, Name, Stream, String as PdfString};

use super::signs::{is_rubbish, text};
use crate::pdf::streams;

/// A map from codes to numbers that is longer is not read, in bytes.
const MAX_MAP: usize = 4 * 1024 * 1024;

/// The collections that were needed so far.
#[derive(Default)]
pub struct Collections(HashMap<Vec<u8>, Option<Rc<CMap>>>);

/// How the letters of a font are numbered.
pub struct Collection {
    /// From codes to numbers, where those are not the same.
    numbers: Option<CMap>,
    /// From numbers to letters.
    letters: Rc<CMap>,
}

impl Collections {
    /// The collection of a font that does not say itself what its codes mean.
    pub fn find(&mut self, dict: &Dict<'_>, descendant: &Dict<'_>) -> Option<Collection> {
        if dict.contains_key("ToUnicode") {
            return None;
        }
        let info = descendant.get::<Dict<'_>>("CIDSystemInfo")?;
        let (registry, ordering) = (info.get::<PdfString<'_>>("Registry")?, info.get::<PdfString<'_>>("Ordering")?);
        let family = CidFamily::from_registry_ordering(registry.as_bytes(), ordering.as_bytes());
        let name = family.ucs2_cmap()?;
        let load = || embedded(family.ucs2_cmap()?).map(Rc::new);
        let letters = self.0.entry(name.to_bytes().to_vec()).or_insert_with(load).clone()?;
        let numbers = if let Some(name) = dict.get::<Name<'_>>("Encoding") {
            match CMapName::from_bytes(&name) {
                CMapName::IdentityH | CMapName::IdentityV => None,
                name => Some(embedded(name)?),
            }
        } else {
            let data = streams::decoded(&dict.get::<Stream<'_>>("Encoding")?, MAX_MAP)?;
            Some(CMap::parse(&data, hayro_cmap::load_embedded)?)
        };
        Some(Collection { numbers, letters })
    }
}

impl Collection {
    /// What a code means.
    pub fn text(&self, code: u32) -> Option<String> {
        let lengths = 1..=4_u8;
        let number = match &self.numbers {
            Some(numbers) => lengths.clone().find_map(|length| numbers.lookup_cid_code(code, length))?,
            None => code,
        };
        let letter = self.letters.lookup_bf_string(number).or_else(|| {
            let letter = lengths.clone().find_map(|length| self.letters.lookup_cid_code(number, length))?;
            char::from_u32(letter).map(BfString::Char)
        });
        letter.map(text).filter(|text| !is_rubbish(text))
    }
}

fn embedded(name: CMapName<'_>) -> Option<CMap> {
    CMap::parse(hayro_cmap::load_embedded(name)?, hayro_cmap::load_embedded)
}
