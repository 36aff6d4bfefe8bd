//! The attributes that mean something to a reader; all others are dropped while parsing.

macro_rules! attributes {
    ($($name:ident $text:literal),* $(,)?) => {
        /// The name of an attribute that is kept.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Attribute { $(#[doc = stringify!($name)] $name),* }

        impl Attribute {
            /// Whether it holds the state of an application, which may be long.
            pub fn is_state(self) -> bool {
                matches!(self, Self::DataPreloaded | Self::DataPage)
            }

            /// The attribute of this name, which is in lower case.
            pub fn known(text: &[u8]) -> Option<Self> {
                match text {
                    $($text => Some(Self::$name),)*
                    _ => None,
                }
            }
        }
    };
}

attributes! {
    Id b"id", Class b"class", Role b"role", Href b"href", Src b"src", DataSrc b"data-src", Alt b"alt",
    Lang b"lang", XmlLang b"xml:lang", AriaExpanded b"aria-expanded", AriaControls b"aria-controls",
    AriaLabel b"aria-label", AriaHidden b"aria-hidden", AriaModal b"aria-modal", DataToggle b"data-toggle", DataBsToggle b"data-bs-toggle",
    DataLang b"data-lang", DataLanguage b"data-language", DataCodeLanguage b"data-code-language",
    Colspan b"colspan", Rowspan b"rowspan", Start b"start", Type b"type", Name b"name", Property b"property",
    Content b"content", Rel b"rel", Itemprop b"itemprop", Itemtype b"itemtype", Datetime b"datetime",
    HttpEquiv b"http-equiv", Width b"width", Height b"height", Encoding b"encoding", Alttext b"alttext",
    Style b"style", Hidden b"hidden", DataTestid b"data-testid", Title b"title", Shadowroot b"shadowrootmode",
    Value b"value", DataPreloaded b"data-preloaded", DataPage b"data-page",
    Checked b"checked", Disabled b"disabled", DataLazySrc b"data-lazy-src", DataOriginal b"data-original",
    Srcset b"srcset", AriaLevel b"aria-level", AriaLabelledby b"aria-labelledby", DataTarget b"data-target",
    DataBsTarget b"data-bs-target", For b"for", Display b"display", DataFootnoteRef b"data-footnote-ref",
    CodeParameters b"data-syntaxhighlighter-params",
}
