//! The signs that older pages name rather than hold.

const NAMED: [(&str, &str); 24] = [
    ("smile", "🙂"),
    ("sad", "🙁"),
    ("cheeky", "😛"),
    ("laugh", "😄"),
    ("wink", "😉"),
    ("thumbs-up", "👍"),
    ("thumbs-down", "👎"),
    ("information", "ℹ"),
    ("tick", "✔"),
    ("cross", "✘"),
    ("warning", "⚠"),
    ("plus", "➕"),
    ("minus", "➖"),
    ("question", "❓"),
    ("light-on", "💡"),
    ("light-off", "💡"),
    ("yellow-star", "★"),
    ("red-star", "★"),
    ("green-star", "★"),
    ("blue-star", "★"),
    ("heart", "♥"),
    ("broken-heart", "💔"),
    ("flag-on", "⚑"),
    ("flag-off", "⚐"),
];

/// The sign of this name; nothing for a name that is not known.
pub fn sign(name: &str) -> Option<&'static str> {
    NAMED.iter().find(|(known, _)| *known == name).map(|(_, sign)| *sign)
}
