//! Follows the instructions of a page as far as they concern its text (ISO 32000-2, 8 and 9): state, transforms, letters,
//! forms, marked content and layers. Whatever a file may repeat takes steps, and the page ends with them.

use std::collections::HashMap;
use std::rc::Rc;

use hayro_font::kurbo::{Affine, Rect};
use hayro_syntax::object::{Array, Dict, FromBytes, MaybeRef, Name, Object, ObjectIdentifier, Rect as Frame, Stream};
use hayro_syntax::page::{Page, Resources};

use super::content::{self, Content, Operand};
use super::fonts::{Font, Fonts};
use super::glyphs::Drawn;
use super::layers::Layers;
use super::state::State;
use super::steps::Steps;
use super::streams;

/// Forms in forms: more than any program nests, and far less than a stack bears.
const MAX_FORMS: usize = 16;

/// States that are saved and not yet restored; those beyond are the last one again.
const MAX_SAVED: usize = 512;

/// The instructions of a page and of the forms that are open on it, in bytes.
const MAX_CONTENT: usize = 128 * 1024 * 1024;

/// More streams than the instructions of a page are cut into.
const MAX_STREAMS: usize = 10_000;

/// The steps to open a form, and to draw a letter. To read a dictionary takes one for each of its bytes.
const FORM: usize = 200;
const LETTER: usize = 4;

/// So many operands are read in one step.
const OPERANDS: usize = 4;

/// More notes than a page has.
const MAX_NOTES: usize = 5_000;

/// Flags of notes that no reader sees (ISO 32000-2, table 167): hidden, and not to be viewed.
const UNSEEN: u32 = (1 << 1) | (1 << 5);

/// What draws a page.
pub struct Interpreter<'a, 'b, 'd> {
    fonts: &'d mut Fonts<'a>,
    layers: &'d Layers,
    steps: &'d mut Steps<'b>,
    drawn: &'d mut Drawn,
    /// The forms that are open.
    forms: Vec<ObjectIdentifier>,
    /// The room that their instructions and those of the page take.
    room: usize,
}

/// What the instructions of one page or form share.
struct Scope<'a, 'r> {
    resources: &'r Resources<'a>,
    /// The fonts that were named so far.
    fonts: HashMap<Vec<u8>, Option<Rc<Font<'a>>>>,
    saved: Vec<State<'a>>,
    /// How many states there would be beyond those.
    lost: usize,
}

impl<'a, 'b, 'd> Interpreter<'a, 'b, 'd> {
    pub fn new(fonts: &'d mut Fonts<'a>, layers: &'d Layers, steps: &'d mut Steps<'b>, drawn: &'d mut Drawn) -> Self {
        Self { fonts, layers, steps, drawn, forms: Vec::new(), room: MAX_CONTENT }
    }

    /// Draws a page, then the notes on it, such as the fields of a form that are filled in.
    pub fn page(&mut self, page: &Page<'a>, transform: Affine) {
        let content = self.contents(page);
        self.room -= content.len();
        self.run(&content, page.resources(), State::new(transform));
        for note in items(page, "Annots").take(MAX_NOTES).filter_map(Object::into_dict) {
            if !self.steps.take(1 + note.data().len()) {
                break;
            }
            self.note(&note, page.resources(), transform);
        }
    }

    /// The instructions of a page, which may be cut into streams.
    fn contents(&mut self, page: &Page<'a>) -> Vec<u8> {
        let one = page.raw().get::<Stream<'_>>("Contents");
        let streams = one.into_iter().chain(items(page, "Contents").filter_map(Object::into_stream));
        let mut content = Vec::new();
        for stream in streams.take(MAX_STREAMS) {
            let room = self.room.saturating_sub(content.len() + 1);
            if room == 0 || !self.steps.take(1 + stream.dict().data().len()) {
                break;
            }
            let Some(data) = streams::decoded(&stream, room) else { continue };
            content.extend_from_slice(&data);
            content.push(b' ');
            if !self.steps.take_bytes(data.len()) {
                break;
            }
        }
        content
    }

    fn run(&mut self, bytes: &[u8], resources: &Resources<'a>, mut state: State<'a>) {
        // Passages that were open before stay open.
        let passages = self.drawn.depth();
        let mut scope = Scope { resources, fonts: HashMap::new(), saved: Vec::new(), lost: 0 };
        let mut content = Content::new(bytes);
        while let Some(operator) = content.next_operator() {
            let operands = content.operands();
            if !self.steps.take(1 + operands.len() / OPERANDS) {
                break;
            }
            match operator {
                b"q" if scope.saved.len() < MAX_SAVED => scope.saved.push(state.clone()),
                b"q" => scope.lost += 1,
                b"Q" if scope.lost > 0 => scope.lost -= 1,
                b"Q" => state = scope.saved.pop().unwrap_or(state),
                b"cm" => state.transform *= matrix(operands),
                b"gs" => self.set(operands, &scope, &mut state),
                b"Do" => self.object(operands, &scope, &state),
                content::PICTURE => self.drawn.pictures += 1,
                b"BMC" | b"BDC" => self.begin_passage(operands, &scope),
                b"EMC" if self.drawn.depth() > passages => self.drawn.end_passages(self.drawn.depth() - 1),
                b"Tf" => self.choose(operands, &mut scope, &mut state),
                b"Tj" | b"TJ" | b"'" | b"\"" => self.show(operator, operands, &mut state),
                operator => move_on(operator, operands, &mut state),
            }
        }
        self.drawn.end_passages(passages);
    }

    /// Shows a text, or several with shifts between them.
    fn show(&mut self, operator: &[u8], operands: &[Operand<'_>], state: &mut State<'a>) {
        if operator == b"\"" {
            let [words, letters] = numbers(&operands[..operands.len().saturating_sub(1)]).unwrap_or_default();
            (state.word_space, state.letter_space) = (words, letters);
        }
        if matches!(operator, b"'" | b"\"") {
            state.next_line(0.0, -state.leading);
        }
        if state.font.is_none() {
            state.font = self.fonts.stand_in();
        }
        let Some(font) = state.font.clone() else { return };
        for operand in operands {
            match operand {
                Operand::Text(text) if !self.text(text, &font, state) => return,
                Operand::Number(amount) if operator == b"TJ" => state.adjust(*amount),
                _ => {}
            }
        }
    }

    fn text(&mut self, text: &[u8], font: &Font<'a>, state: &mut State<'a>) -> bool {
        let (is_shown, is_vertical, face) = (font.can_show(text), font.is_vertical(), font.face());
        let mut at = 0;
        while at < text.len() {
            let (code, length) = font.code(text, at);
            let glyph = font.glyph(code);
            // Ligatures are several letters.
            if !self.steps.take(LETTER * glyph.text.as_ref().map_or(1, |text| text.len().max(1))) {
                return false;
            }
            if is_shown {
                self.drawn.letter(&glyph, state.glyph_transform(), is_vertical, face);
            }
            state.step(glyph.advance, code == u32::from(b' ') && length == 1);
            at += length;
        }
        true
    }

    /// Sets the font.
    fn choose(&mut self, operands: &[Operand<'_>], scope: &mut Scope<'a, '_>, state: &mut State<'a>) {
        let [.., Operand::Name(name), Operand::Number(size)] = operands else { return };
        let font = if let Some(font) = scope.fonts.get(&name[..]) {
            font.clone()
        } else {
            let font = match scope.resources.fonts.get::<Dict<'_>>(name) {
                Some(dict) if self.steps.take(dict.data().len()) => self.fonts.get(&dict, self.steps),
                _ => self.fonts.stand_in(),
            };
            scope.fonts.insert(name.to_vec(), font.clone());
            font
        };
        (state.font, state.size) = (font, *size);
    }

    /// Takes the font out of a set of parameters.
    fn set(&mut self, operands: &[Operand<'_>], scope: &Scope<'a, '_>, state: &mut State<'a>) {
        let [.., Operand::Name(name)] = operands else { return };
        let Some(dict) = scope.resources.ext_g_states.get::<Dict<'_>>(name) else { return };
        self.steps.take(dict.data().len());
        let Some(font) = dict.get::<Array<'_>>("Font") else { return };
        let mut parts = font.iter::<Object<'_>>();
        if let (Some(Object::Dict(font)), Some(Object::Number(size))) = (parts.next(), parts.next()) {
            (state.font, state.size) = (self.fonts.get(&font, self.steps), size.as_f64());
        }
    }

    fn begin_passage(&mut self, operands: &[Operand<'_>], scope: &Scope<'a, '_>) {
        let tag: &[u8] = match operands.first() {
            Some(Operand::Name(tag)) => tag,
            _ => b"",
        };
        let length = match operands.get(1) {
            Some(Operand::Name(name)) => {
                let properties = scope.resources.properties.get::<Dict<'_>>(name);
                self.steps.take(properties.as_ref().map_or(0, |dict| dict.data().len()));
                let is_hidden = self.layers.hide(&scope.resources.properties, name);
                self.drawn.begin_passage(tag, properties.as_ref(), is_hidden)
            }
            Some(Operand::Dictionary(bytes)) => {
                self.steps.take(bytes.len());
                self.drawn.begin_passage(tag, Dict::from_bytes(bytes).as_ref(), false)
            }
            _ => self.drawn.begin_passage(tag, None, false),
        };
        // Its letters may be drawn as others, and as often as it is opened.
        self.steps.take(length.saturating_mul(LETTER));
    }

    /// Draws a form, or counts a picture.
    fn object(&mut self, operands: &[Operand<'_>], scope: &Scope<'a, '_>, state: &State<'a>) {
        let [.., Operand::Name(name)] = operands else { return };
        let Some(stream) = scope.resources.x_objects.get::<Stream<'_>>(name) else { return };
        let dict = stream.dict();
        let is_over = !self.steps.take(dict.data().len());
        if is_over || self.layers.hide(dict, b"OC") {
            return;
        }
        match dict.get::<Name<'_>>("Subtype").as_deref() {
            Some(b"Image") => self.drawn.pictures += 1,
            Some(b"Form") => self.form(&stream, scope.resources, state.clone()),
            _ => {}
        }
    }

    fn form(&mut self, form: &Stream<'a>, outer: &Resources<'a>, mut state: State<'a>) {
        let id = form.obj_id();
        if self.forms.len() >= MAX_FORMS || self.forms.contains(&id) || !self.steps.take(FORM) {
            return;
        }
        let Some(data) = streams::decoded(form, self.room) else { return };
        let own = form.dict().get::<Dict<'_>>("Resources");
        let described = own.as_ref().map_or(0, |own| own.data().len());
        if !self.steps.take_bytes(data.len()) || !self.steps.take(described) {
            return;
        }
        state.transform *= form_matrix(form);
        let own = own.map(Resources::new);
        self.forms.push(id);
        self.room -= data.len();
        self.run(&data, own.as_ref().unwrap_or(outer), state);
        self.room += data.len();
        self.forms.pop();
    }

    /// Draws what a note looks like, put into its frame (ISO 32000-2, 12.5.5).
    fn note(&mut self, note: &Dict<'a>, resources: &Resources<'a>, transform: Affine) {
        let is_unseen = note.get::<u32>("F").unwrap_or(0) & UNSEEN != 0 || self.layers.hide(note, b"OC");
        let (Some(frame), Some(form)) = (note.get::<Frame>("Rect"), appearance(note)) else { return };
        let Some([x0, y0, x1, y1]) = form.dict().get::<[f64; 4]>("BBox").filter(|_| !is_unseen) else { return };
        let drawn = form_matrix(&form).transform_rect_bbox(Rect::new(x0, y0, x1, y1));
        let scale = |wanted: f64, drawn: f64| if drawn > 0.0 { wanted / drawn } else { 1.0 };
        let (x, y) = (scale(frame.width(), drawn.width()), scale(frame.height(), drawn.height()));
        let placed = Affine::new([x, 0.0, 0.0, y, frame.x0 - x * drawn.x0, frame.y0 - y * drawn.y0]);
        self.form(&form, resources, State::new(transform * placed));
    }
}

/// What an array of a page holds; what is missing is skipped.
fn items<'a>(page: &Page<'a>, key: &str) -> impl Iterator<Item = Object<'a>> + use<'a> {
    let xref = page.xref();
    let array = page.raw().get::<Array<'a>>(key);
    array.into_iter().flat_map(|array| array.raw_iter()).filter_map(move |item| match item {
        MaybeRef::Ref(id) => xref.get::<Object<'_>>(id.into()),
        MaybeRef::NotRef(object) => Some(object),
    })
}

/// What a note looks like, in the state that it is in.
fn appearance<'a>(note: &Dict<'a>) -> Option<Stream<'a>> {
    match note.get::<Dict<'_>>("AP")?.get::<Object<'_>>("N")? {
        Object::Stream(stream) => Some(stream),
        Object::Dict(states) => {
            let state = note.get::<Name<'_>>("AS").and_then(|state| states.get::<Stream<'_>>(state));
            state.or_else(|| states.get::<Stream<'_>>("Off"))
        }
        _ => None,
    }
}

fn form_matrix(form: &Stream<'_>) -> Affine {
    form.dict().get::<[f64; 6]>("Matrix").map(Affine::new).unwrap_or_default()
}

/// Instructions that only set numbers.
fn move_on(operator: &[u8], operands: &[Operand<'_>], state: &mut State<'_>) {
    let one = || numbers(operands).map(|[number]: [f64; 1]| number);
    match operator {
        b"BT" => state.place(Affine::IDENTITY),
        b"Tm" => state.place(matrix(operands)),
        b"Td" | b"TD" => {
            let Some([x, y]) = numbers(operands) else { return };
            if operator == b"TD" {
                state.leading = -y;
            }
            state.next_line(x, y);
        }
        b"T*" => state.next_line(0.0, -state.leading),
        b"Tc" => state.letter_space = one().unwrap_or(state.letter_space),
        b"Tw" => state.word_space = one().unwrap_or(state.word_space),
        b"Tz" => state.stretch = one().map_or(state.stretch, |percent| percent / 100.0),
        b"TL" => state.leading = one().unwrap_or(state.leading),
        b"Ts" => state.rise = one().unwrap_or(state.rise),
        _ => {}
    }
}

/// The last operands, if they are numbers.
fn numbers<const N: usize>(operands: &[Operand<'_>]) -> Option<[f64; N]> {
    let last = operands.last_chunk::<N>()?;
    let mut found = [0.0; N];
    for (number, operand) in found.iter_mut().zip(last) {
        let Operand::Number(value) = operand else { return None };
        *number = *value;
    }
    Some(found)
}

fn matrix(operands: &[Operand<'_>]) -> Affine {
    numbers(operands).map(Affine::new).unwrap_or_default()
}
