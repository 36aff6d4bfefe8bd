//! The links of a page: where they lie and where they lead.

use hayro_font::kurbo::{self, Affine, Point};
use hayro_syntax::object::{Array, Dict, Name, Rect, String as PdfString};
use hayro_syntax::page::Page;

use super::strings::text_string;
use crate::package;

/// More links than a page that people read.
const MAX_LINKS: usize = 1_000;

/// More links of a document are forgotten.
const MAX_ADDRESSES: usize = 100_000;

/// A page is cut into strips of this height, in points, each with the links that reach into it.
const STRIP: f64 = 16.0;
const MAX_STRIPS: usize = 1_000;

/// More links than a line has.
const MAX_IN_STRIP: usize = 32;

/// Where a link leads: its place among the addresses of the document.
pub type Target = u32;

/// The links of a page.
#[derive(Default)]
pub struct Links {
    strips: Vec<Vec<(kurbo::Rect, Target)>>,
}

impl Links {
    /// The links that lead out of the document, their places turned by `transform`; where they lead goes to `addresses`.
    pub fn of(page: &Page<'_>, transform: Affine, addresses: &mut Vec<String>) -> Self {
        let mut links = Self::default();
        let Some(annotations) = page.raw().get::<Array<'_>>("Annots") else { return links };
        for annotation in annotations.iter::<Dict<'_>>().take(MAX_LINKS) {
            let Some((place, address)) = link(&annotation) else { continue };
            if addresses.len() >= MAX_ADDRESSES {
                break;
            }
            if addresses.last() != Some(&address) {
                addresses.push(address);
            }
            let target = Target::try_from(addresses.len() - 1).unwrap_or_default();
            links.add(transform.transform_rect_bbox(place), target);
        }
        links
    }

    /// Where the link leads that lies at a point.
    pub fn at(&self, point: Point) -> Option<Target> {
        let strip = self.strips.get(strip(point.y))?;
        strip.iter().find(|(place, _)| place.contains(point)).map(|(_, target)| *target)
    }

    fn add(&mut self, place: kurbo::Rect, target: Target) {
        let last = strip(place.y1);
        if self.strips.len() <= last {
            self.strips.resize_with(last + 1, Vec::new);
        }
        for strip in &mut self.strips[strip(place.y0)..=last] {
            if strip.len() < MAX_IN_STRIP {
                strip.push((place, target));
            }
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float that is too large or negative becomes the nearest number of a strip"
)]
fn strip(y: f64) -> usize {
    ((y / STRIP) as usize).min(MAX_STRIPS - 1)
}

fn link(annotation: &Dict<'_>) -> Option<(kurbo::Rect, String)> {
    if annotation.get::<Name<'_>>("Subtype")?.as_ref() != b"Link" {
        return None;
    }
    let place = annotation.get::<Rect>("Rect")?;
    let target = annotation.get::<Dict<'_>>("A")?.get::<PdfString<'_>>("URI")?;
    let address = package::address(&text_string(target.as_bytes()))?.to_string();
    Some((kurbo::Rect::new(place.x0, place.y0, place.x1, place.y1), address))
}
