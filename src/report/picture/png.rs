//! SVG of our own making, as PNG.

use std::sync::Arc;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};

use crate::report::ReportError;

/// See `fonts/README.md`.
const FONTS: [&[u8]; 2] =
    [include_bytes!("../fonts/NotoSans-Regular.ttf"), include_bytes!("../fonts/NotoSans-Bold.ttf")];

/// Pixels to a unit.
const RESOLUTION: f32 = 2.0;

/// The program's own font.
pub(super) struct Fonts(Arc<fontdb::Database>);

impl Fonts {
    pub fn load() -> Fonts {
        let mut fonts = fontdb::Database::new();
        FONTS.iter().for_each(|font| fonts.load_font_data(font.to_vec()));
        Fonts(Arc::new(fonts))
    }
}

/// The picture that an SVG shows, with these fonts alone.
pub(super) fn of(svg: &str, fonts: &Fonts) -> Result<Vec<u8>, ReportError> {
    let options = Options {
        font_family: "Noto Sans".into(),
        fontdb: Arc::clone(&fonts.0),
        ..Options::default()
    };
    let cannot = |why: String| ReportError::Picture(why);
    let tree = Tree::from_str(svg, &options).map_err(|error| cannot(error.to_string()))?;
    let size = tree.size().to_int_size().scale_by(RESOLUTION);
    let pixels = size.and_then(|size| Pixmap::new(size.width(), size.height()));
    let mut pixels = pixels.ok_or_else(|| cannot("it would have no pixels".into()))?;
    resvg::render(&tree, Transform::from_scale(RESOLUTION, RESOLUTION), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| cannot(error.to_string()))
}
