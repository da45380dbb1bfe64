//! What features look like.

/// `#rrggbb` with an opacity from 0 to 255.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shade(pub &'static str, pub u8);

/// How features of one rule are drawn. Lengths are millimetres on the paper.
#[derive(Clone, Debug, PartialEq)]
pub enum Symbol {
    /// An area of one colour with a thin outline.
    Fill {
        /// Inside.
        colour: Shade,
        /// Round it.
        outline: Shade,
    },
    /// An area with slanted lines, and an outline where it has one.
    Hatch {
        /// Between the lines; none leaves what lies below to be seen.
        ground: Option<Shade>,
        /// The lines.
        colour: Shade,
        /// Their angle, degrees.
        angle: i32,
        /// From one line to the next.
        distance: f64,
        /// How thick they are.
        width: f64,
    },
    /// A line.
    Line {
        /// Its colour.
        colour: Shade,
        /// Its width.
        width: f64,
        /// The casing on either side; none for nought.
        casing: f64,
        /// Whether it is broken.
        dashed: bool,
    },
    /// A point.
    Marker {
        /// `circle`, `square`, `diamond`, `triangle`, `cross2` and others of QGIS.
        shape: &'static str,
        /// Inside.
        colour: Shade,
        /// Round it.
        outline: Shade,
        /// Its diameter.
        size: f64,
    },
}

impl Shade {
    fn rgba(self) -> String {
        let part = |at: usize| {
            self.0
                .get(at..at + 2)
                .and_then(|hex| u8::from_str_radix(hex, 16).ok())
                .unwrap_or_default()
        };
        format!("{},{},{},{}", part(1), part(3), part(5), self.1)
    }
}

impl Symbol {
    fn kind(&self) -> &'static str {
        match self {
            Symbol::Fill { .. } | Symbol::Hatch { .. } => "fill",
            Symbol::Line { .. } => "line",
            Symbol::Marker { .. } => "marker",
        }
    }

    /// Writes the symbol under a name. What has a higher level is drawn later.
    pub(super) fn write(&self, xml: &mut String, name: &str, level: usize) {
        open(xml, self.kind(), name);
        match self {
            Symbol::Fill { colour, outline } => fill(xml, colour.rgba(), "solid", *outline, level),
            Symbol::Hatch { ground, colour, angle, distance, width } => {
                let (inside, style) =
                    ground.map_or((colour.rgba(), "no"), |ground| (ground.rgba(), "solid"));
                let mut nth = 0;
                if ground.is_some() {
                    fill(xml, inside, style, *colour, level);
                    nth = 1;
                }
                begin(xml, "LinePatternFill", level);
                prop(xml, "angle", &angle.to_string());
                prop(xml, "distance", &distance.to_string());
                prop(xml, "distance_unit", "MM");
                prop(xml, "line_width", &width.to_string());
                open(xml, "line", &format!("@{name}@{nth}"));
                line(xml, colour.rgba(), *width, false, level);
                close(xml);
                end(xml);
            }
            Symbol::Line { colour, width, casing, dashed } => {
                if *casing > 0.0 {
                    line(xml, "255,255,255,255".to_owned(), width + 2.0 * casing, false, level);
                }
                line(xml, colour.rgba(), *width, *dashed, level);
            }
            Symbol::Marker { shape, colour, outline, size } => {
                begin(xml, "SimpleMarker", level);
                prop(xml, "name", shape);
                prop(xml, "color", &colour.rgba());
                prop(xml, "outline_color", &outline.rgba());
                prop(xml, "outline_style", "solid");
                prop(xml, "outline_width", "0.2");
                prop(xml, "outline_width_unit", "MM");
                prop(xml, "size", &size.to_string());
                prop(xml, "size_unit", "MM");
                end(xml);
            }
        }
        close(xml);
    }
}

fn fill(xml: &mut String, colour: String, style: &str, outline: Shade, level: usize) {
    begin(xml, "SimpleFill", level);
    prop(xml, "color", &colour);
    prop(xml, "style", style);
    prop(xml, "outline_color", &outline.rgba());
    prop(xml, "outline_style", "solid");
    prop(xml, "outline_width", "0.12");
    prop(xml, "outline_width_unit", "MM");
    prop(xml, "joinstyle", "round");
    end(xml);
}

fn line(xml: &mut String, colour: String, width: f64, dashed: bool, level: usize) {
    begin(xml, "SimpleLine", level);
    prop(xml, "line_color", &colour);
    prop(xml, "line_style", if dashed { "dash" } else { "solid" });
    prop(xml, "line_width", &width.to_string());
    prop(xml, "line_width_unit", "MM");
    prop(xml, "capstyle", "round");
    prop(xml, "joinstyle", "round");
    end(xml);
}

fn open(xml: &mut String, kind: &str, name: &str) {
    xml.push_str(&format!(
        "   <symbol type=\"{kind}\" name=\"{name}\" alpha=\"1\" clip_to_extent=\"1\" force_rhr=\"0\">\n"
    ));
}

fn close(xml: &mut String) {
    xml.push_str("   </symbol>\n");
}

fn begin(xml: &mut String, class: &str, level: usize) {
    xml.push_str(&format!(
        "    <layer class=\"{class}\" enabled=\"1\" locked=\"0\" pass=\"{level}\">\n"
    ));
}

fn end(xml: &mut String) {
    xml.push_str("    </layer>\n");
}

fn prop(xml: &mut String, key: &str, value: &str) {
    xml.push_str(&format!("     <prop k=\"{key}\" v=\"{value}\"/>\n"));
}
