//! The files that the page is made of. They are in the binary.

/// A file of the page.
pub(super) struct PageFile {
    /// Its address behind the token.
    pub name: &'static str,
    /// Its media type.
    pub kind: &'static str,
    /// Its bytes.
    pub bytes: &'static [u8],
    /// Whether they are packed with gzip.
    pub packed: bool,
}

const JS: &str = "text/javascript; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";

macro_rules! page {
    ($name:literal, $kind:expr) => {
        PageFile {
            name: $name,
            kind: $kind,
            bytes: include_bytes!(concat!("page/", $name)),
            packed: false,
        }
    };
}

macro_rules! vendored {
    ($name:literal, $kind:expr) => {
        PageFile {
            name: $name,
            kind: $kind,
            bytes: include_bytes!(concat!("vendor/", $name, ".gz")),
            packed: true,
        }
    };
}

/// All of them; the first is the page itself.
pub(super) const PIECES: [PageFile; 12] = [
    page!("index.html", "text/html; charset=utf-8"),
    page!("style.css", CSS),
    page!("main.js", JS),
    page!("ask.js", JS),
    page!("map.js", JS),
    page!("here.js", JS),
    page!("lists.js", JS),
    page!("areas.js", JS),
    page!("measures.js", JS),
    vendored!("maplibre-gl-csp.js", JS),
    vendored!("maplibre-gl-csp-worker.js", JS),
    vendored!("maplibre-gl.css", CSS),
];

/// The file with this very name; the page itself has none.
pub(super) fn piece(name: &str) -> Option<&'static PageFile> {
    if name.is_empty() {
        PIECES.first()
    } else {
        PIECES.iter().skip(1).find(|piece| piece.name == name)
    }
}
