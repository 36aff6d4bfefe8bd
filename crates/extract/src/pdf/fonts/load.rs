//! Loads the fonts of a document once each, those that ask for more room than fonts take not at all.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Arc;

use hayro_font::{CMapResolverFn, FontCache, FontQuery, FontResolverFn, StandardFont};
use hayro_syntax::object::{Array, Dict, Name, Object, ObjectIdentifier, Stream};

use super::collections::Collections;
use super::font::Font;
use super::look;
use crate::pdf::steps::Steps;
use crate::pdf::streams;

/// The programs of all fonts of a document, in bytes. Those of a book in Chinese take about a tenth.
const MAX_PROGRAMS: usize = 128 * 1024 * 1024;

/// One map from codes to letters, and all of a document, in bytes. Each of them takes some times its room to read.
const MAX_MAP: usize = 4 * 1024 * 1024;
const MAX_MAPS: usize = 24 * 1024 * 1024;

/// No font has more codes.
const MAX_CODES: u64 = 200_000;

/// The room that one of the maps takes that stand for the encodings of Chinese, Japanese and Korean, and the steps to read it.
const NAMED_MAP: usize = 512 * 1024;
const NAMING: usize = 40_000;

/// The steps to load a font, and a step more for each byte of what describes it, which is no longer than this.
const LOADING: usize = 800;
const MAX_DESCRIPTION: usize = 2 * 1024 * 1024;

/// The fonts of a document that were needed so far.
pub struct Fonts<'a> {
    cache: FontCache<'a>,
    programs: FontResolverFn,
    maps: CMapResolverFn,
    collections: Collections,
    /// By where they are described.
    known: HashMap<(usize, usize), Option<Rc<Font<'a>>>>,
    stand_in: OnceCell<Option<Rc<Font<'a>>>>,
    /// The programs that are unpacked.
    unpacked: HashSet<ObjectIdentifier>,
    room_for_programs: usize,
    room_for_maps: usize,
}

impl<'a> Fonts<'a> {
    /// None so far.
    pub fn new() -> Self {
        let programs: FontResolverFn = Arc::new(|query: &FontQuery| match query {
            FontQuery::Standard(font) => Some(font.get_font_data()),
            FontQuery::Fallback(font) => Some(font.pick_standard_font().get_font_data()),
        });
        Self {
            cache: FontCache::new(),
            programs,
            maps: Arc::new(hayro_cmap::load_embedded),
            collections: Collections::default(),
            known: HashMap::new(),
            stand_in: OnceCell::new(),
            unpacked: HashSet::new(),
            room_for_programs: MAX_PROGRAMS,
            room_for_maps: MAX_MAPS,
        }
    }

    /// The font that a dictionary describes, or one that stands in for it where it cannot be read.
    pub fn get(&mut self, dict: &Dict<'a>, steps: &mut Steps<'_>) -> Option<Rc<Font<'a>>> {
        let data = dict.data();
        let place = (data.as_ptr().addr(), data.len());
        let found = if let Some(found) = self.known.get(&place) {
            found.clone()
        } else {
            let found = self.load(dict, steps);
            self.known.insert(place, found.clone());
            found
        };
        found.or_else(|| self.stand_in())
    }

    /// The font that readers take where a page names none.
    pub fn stand_in(&self) -> Option<Rc<Font<'a>>> {
        let make = || {
            let inner = self.cache.standard_font(StandardFont::Helvetica, &self.programs)?;
            Some(Rc::new(Font::stand_in(inner)))
        };
        self.stand_in.get_or_init(make).clone()
    }

    fn load(&mut self, dict: &Dict<'a>, steps: &mut Steps<'_>) -> Option<Rc<Font<'a>>> {
        let descendant = dict.get::<Array<'_>>("DescendantFonts").and_then(|fonts| fonts.iter::<Dict<'_>>().next());
        let inner = descendant.as_ref().unwrap_or(dict);
        let descriptor = inner.get::<Dict<'_>>("FontDescriptor");
        let description = description(dict, inner);
        let is_bearable = description <= MAX_DESCRIPTION
            && steps.take(LOADING + description)
            && has_bearable_widths(dict, inner)
            && self.has_room_for_maps(dict, inner, steps)
            && descriptor.as_ref().is_none_or(|descriptor| self.has_room_for_program(descriptor));
        if !is_bearable {
            return None;
        }
        // Its parsers are not ours: a font that breaks one is a font that cannot be read.
        let load = AssertUnwindSafe(|| self.cache.font(dict, &self.programs, &self.maps));
        let loaded = catch_unwind(load).ok().flatten()?;
        let collection = descendant.and_then(|font| self.collections.find(dict, &font));
        let face = look::face(&loaded, dict);
        Some(Rc::new(Font::new(loaded, face, dict.clone(), collection)))
    }

    fn has_room_for_program(&mut self, descriptor: &Dict<'_>) -> bool {
        ["FontFile", "FontFile2", "FontFile3"].into_iter().all(|key| {
            let Some(stream) = descriptor.get::<Stream<'_>>(key) else { return true };
            if !self.unpacked.insert(stream.obj_id()) {
                return true;
            }
            take(&mut self.room_for_programs, &stream, MAX_PROGRAMS)
        })
    }

    fn has_room_for_maps(&mut self, dict: &Dict<'_>, inner: &Dict<'_>, steps: &mut Steps<'_>) -> bool {
        let encoding = dict.get::<Name<'_>>("Encoding").filter(|_| dict.contains_key("DescendantFonts"));
        if encoding.is_some_and(|name| !name.starts_with(b"Identity")) {
            let Some(left) = self.room_for_maps.checked_sub(NAMED_MAP) else { return false };
            self.room_for_maps = left;
            steps.take(NAMING);
        }
        [(dict, "ToUnicode"), (dict, "Encoding"), (inner, "CIDToGIDMap")].into_iter().all(|(dict, key)| {
            let stream = dict.get::<Stream<'_>>(key);
            stream.is_none_or(|stream| take(&mut self.room_for_maps, &stream, MAX_MAP))
        })
    }
}

/// Takes room for what a stream holds, or says that there is none.
fn take(room: &mut usize, stream: &Stream<'_>, most: usize) -> bool {
    let Some(size) = streams::size(stream, most.min(*room)) else { return false };
    *room -= size;
    true
}

/// How long what describes a font is, in bytes, the streams left out.
fn description(dict: &Dict<'_>, inner: &Dict<'_>) -> usize {
    if dict.data().len() > MAX_DESCRIPTION {
        return dict.data().len();
    }
    let dictionary = |key: &str| dict.get::<Dict<'_>>(key).map_or(0, |part| part.data().len());
    let array = |dict: &Dict<'_>, key: &str| dict.get::<Array<'_>>(key).map_or(0, |part| part.data().len());
    dict.data().len()
        + dictionary("Encoding")
        + dictionary("CharProcs")
        + array(dict, "Widths")
        + array(inner, "W")
        + array(inner, "W2")
}

/// Whether the widths are those of a font: the parser writes each of them out.
fn has_bearable_widths(dict: &Dict<'_>, inner: &Dict<'_>) -> bool {
    let first = dict.get::<f64>("FirstChar").unwrap_or(0.0);
    let codes = |key: &str, numbers| inner.get::<Array<'_>>(key).map_or(0, |widths| codes(&widths, numbers));
    first <= f64::from(u16::MAX) && codes("W", 3) <= MAX_CODES && codes("W2", 5) <= MAX_CODES
}

/// For how many codes an array gives widths: either a code and an array of widths for the codes from it on, or two codes
/// and what those between them have, `numbers` in all.
fn codes(widths: &Array<'_>, numbers: usize) -> u64 {
    let mut open: Vec<i64> = Vec::with_capacity(numbers);
    let mut count = 0_u64;
    for object in widths.iter::<Object<'_>>() {
        match object {
            Object::Number(number) => open.push(number.as_i64()),
            _ => open.clear(),
        }
        if open.len() == numbers {
            count = count.saturating_add(u64::try_from(open[1].saturating_sub(open[0])).unwrap_or(0));
            open.clear();
        }
    }
    count
}
