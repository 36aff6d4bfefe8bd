//! The names of elements, interned: comparing two is comparing two numbers.

use std::fmt;

macro_rules! names {
    ($($name:ident $text:literal),* $(,)?) => {
        /// The name of an element; what HTML does not know is numbered page by page.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Name {
            /// No element: a run of text.
            Text,
            $(#[doc = stringify!($name)] $name,)*
            /// Any other, such as a custom element.
            Custom(u16),
        }

        impl fmt::Display for Name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let name: &[u8] = match self {
                    Self::Text => b"text",
                    $(Self::$name => $text,)*
                    Self::Custom(_) => b"custom-element",
                };
                f.write_str(str::from_utf8(name).unwrap_or_default())
            }
        }

        impl Name {
            /// The name that HTML knows by these letters, which are in lower case.
            pub fn known(text: &[u8]) -> Option<Self> {
                match text {
                    $($text => Some(Self::$name),)*
                    _ => None,
                }
            }

            /// The letters of a name that HTML knows.
            pub fn letters(self) -> Option<&'static str> {
                match self {
                    $(Self::$name => std::str::from_utf8($text).ok(),)*
                    Self::Text | Self::Custom(_) => None,
                }
            }
        }
    };
}

names! {
    A b"a", Abbr b"abbr", Address b"address", Annotation b"annotation", AnnotationXml b"annotation-xml",
    Applet b"applet", Area b"area", Article b"article", Aside b"aside", Audio b"audio", B b"b", Base b"base",
    Bgsound b"bgsound", Big b"big", Blockquote b"blockquote", Body b"body", Br b"br", Button b"button",
    Canvas b"canvas", Caption b"caption", Center b"center", Cite b"cite", Code b"code", Col b"col",
    Colgroup b"colgroup", Datalist b"datalist", Dd b"dd", Del b"del", Desc b"desc", Details b"details",
    Dfn b"dfn", Dialog b"dialog", Dir b"dir", Div b"div", Dl b"dl", Dt b"dt", Em b"em", Embed b"embed",
    Fieldset b"fieldset", Figcaption b"figcaption", Figure b"figure", Font b"font", Footer b"footer",
    ForeignObject b"foreignobject", Form b"form", Frame b"frame", Frameset b"frameset", H1 b"h1", H2 b"h2",
    H3 b"h3", H4 b"h4", H5 b"h5", H6 b"h6", Head b"head", Header b"header", Hgroup b"hgroup", Hr b"hr",
    Html b"html", I b"i", Iframe b"iframe", Image b"image", Img b"img", Input b"input", Kbd b"kbd",
    Keygen b"keygen", Label b"label", Legend b"legend", Li b"li", Link b"link", Listing b"listing",
    Main b"main", Map b"map", Marquee b"marquee", Math b"math", Menu b"menu", Meta b"meta", Meter b"meter",
    Mfrac b"mfrac", Mi b"mi", Mn b"mn", Mo b"mo", Mover b"mover", Mroot b"mroot", Ms b"ms", Msqrt b"msqrt",
    Msub b"msub", Msubsup b"msubsup", Msup b"msup", Mtd b"mtd", Mtext b"mtext", Mtr b"mtr", Munder b"munder",
    Munderover b"munderover", Nav b"nav", Nobr b"nobr", Noembed b"noembed",
    Noframes b"noframes", Noscript b"noscript", Object b"object", Ol b"ol", Optgroup b"optgroup",
    Option b"option", P b"p", Param b"param", Plaintext b"plaintext", Pre b"pre", Progress b"progress",
    Q b"q", Rb b"rb", Rp b"rp", Rt b"rt", Rtc b"rtc", Ruby b"ruby", S b"s", Samp b"samp", Script b"script",
    Search b"search", Section b"section", Select b"select", Slot b"slot", Small b"small", Source b"source",
    Span b"span", Strike b"strike", Strong b"strong", Style b"style", Sub b"sub", Summary b"summary",
    Sup b"sup", Svg b"svg", Table b"table", Tbody b"tbody", Td b"td", Template b"template",
    Textarea b"textarea", Tfoot b"tfoot", Th b"th", Thead b"thead", Time b"time", Title b"title", Tr b"tr",
    Track b"track", Tt b"tt", U b"u", Ul b"ul", Var b"var", Video b"video", Wbr b"wbr", Xmp b"xmp",
}

impl Name {
    /// Elements that never hold anything.
    pub fn is_void(self) -> bool {
        matches!(
            self,
            Self::Area
                | Self::Base
                | Self::Bgsound
                | Self::Br
                | Self::Col
                | Self::Embed
                | Self::Hr
                | Self::Img
                | Self::Image
                | Self::Input
                | Self::Keygen
                | Self::Link
                | Self::Meta
                | Self::Param
                | Self::Source
                | Self::Track
                | Self::Wbr
                | Self::Frame
        )
    }

    /// The level of a heading.
    pub fn heading(self) -> Option<u8> {
        match self {
            Self::H1 => Some(1),
            Self::H2 => Some(2),
            Self::H3 => Some(3),
            Self::H4 => Some(4),
            Self::H5 => Some(5),
            Self::H6 => Some(6),
            _ => None,
        }
    }
}
