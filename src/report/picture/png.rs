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

/// The picture that an SVG shows, with the program's own font alone.
pub(super) fn of(svg: &str) -> Result<Vec<u8>, ReportError> {
    let mut fonts = fontdb::Database::new();
    FONTS.iter().for_each(|font| fonts.load_font_data(font.to_vec()));
    let options = Options { font_family: "Noto Sans".into(), fontdb: Arc::new(fonts), ..Options::default() };
    let cannot = |why: String| ReportError::Picture(why);
    let tree = Tree::from_str(svg, &options).map_err(|error| cannot(error.to_string()))?;
    let size = tree.size().to_int_size().scale_by(RESOLUTION);
    let pixels = size.and_then(|size| Pixmap::new(size.width(), size.height()));
    let mut pixels = pixels.ok_or_else(|| cannot("it would have no pixels".into()))?;
    resvg::render(&tree, Transform::from_scale(RESOLUTION, RESOLUTION), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| cannot(error.to_string()))
}
