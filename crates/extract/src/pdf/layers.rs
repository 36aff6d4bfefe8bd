//! The layers of a document (ISO 32000-2, 8.11): what is on a layer that is off is not shown, so it is not read.

use std::collections::HashSet;

use hayro_syntax::Pdf;
use hayro_syntax::object::{Array, Dict, Name, ObjectIdentifier};

/// More layers than one thing lies on.
const MAX_MEMBERS: usize = 256;

/// The layers that are off.
#[derive(Debug, Default)]
pub struct Layers {
    off: HashSet<ObjectIdentifier>,
}

impl Layers {
    /// Those of a document as it is opened.
    pub fn of(pdf: &Pdf) -> Self {
        let xref = pdf.xref();
        let root = xref.get::<Dict<'_>>(xref.root_id());
        let mut layers = Self::default();
        let Some(properties) = root.and_then(|root| root.get::<Dict<'_>>("OCProperties")) else { return layers };
        let Some(first) = properties.get::<Dict<'_>>("D") else { return layers };
        if first.get::<Name<'_>>("BaseState").is_some_and(|state| state.as_ref() == b"OFF") {
            layers.off.extend(members(&properties, "OCGs", usize::MAX));
        }
        for layer in members(&first, "ON", usize::MAX) {
            layers.off.remove(&layer);
        }
        layers.off.extend(members(&first, "OFF", usize::MAX));
        layers
    }

    /// Whether what the entry of a dictionary puts on layers is hidden.
    pub fn hide(&self, dict: &Dict<'_>, key: &[u8]) -> bool {
        if self.off.is_empty() {
            return false;
        }
        let Some(layer) = dict.get::<Dict<'_>>(key) else { return false };
        let is_group = layer.get::<Name<'_>>("Type").is_some_and(|kind| kind.as_ref() == b"OCMD");
        if is_group {
            return self.hide_group(&layer);
        }
        dict.get_ref(key).is_some_and(|id| self.off.contains(&id.into()))
    }

    /// Whether what belongs to several layers is hidden.
    fn hide_group(&self, group: &Dict<'_>) -> bool {
        let mut layers: Vec<ObjectIdentifier> = members(group, "OCGs", MAX_MEMBERS).collect();
        if layers.is_empty() {
            layers.extend(group.get_ref("OCGs").map(ObjectIdentifier::from));
        }
        let is_off = |layer: &ObjectIdentifier| self.off.contains(layer);
        match group.get::<Name<'_>>("P").as_deref() {
            _ if layers.is_empty() => false,
            Some(b"AllOn") => layers.iter().any(is_off),
            Some(b"AnyOff") => !layers.iter().any(is_off),
            Some(b"AllOff") => !layers.iter().all(is_off),
            _ => layers.iter().all(is_off),
        }
    }
}

/// The layers that an array refers to.
fn members<'a>(dict: &Dict<'a>, key: &str, most: usize) -> impl Iterator<Item = ObjectIdentifier> + use<'a> {
    let layers = dict.get::<Array<'a>>(key);
    let layers = layers.into_iter().flat_map(|layers| layers.raw_iter()).take(most);
    layers.filter_map(|item| item.as_obj_ref().map(ObjectIdentifier::from))
}
