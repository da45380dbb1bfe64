//! The map behind the neighbourhoods, from the extract itself: streets, and the lines that nobody
//! walks across.

use std::fmt::Write as _;

use crate::geometry::LonLat;
use crate::ids::{EdgeIdx, Idx};
use crate::inputs::osm::walk_rules::WayKind;
use crate::inputs::osm::{BarrierKind, BarrierLine};
use crate::network::streets::Streets;

/// GeoJSON of some multi-lines, told apart by `kind`: `water`, `railway`, `motorway`, `street`,
/// `steps`, `ferry`. To five decimals, which is a metre.
pub fn backdrop(streets: &Streets, barriers: &[BarrierLine]) -> Vec<u8> {
    let mut features = Vec::new();
    for (name, kind) in [
        ("water", BarrierKind::Water),
        ("railway", BarrierKind::Railway),
        ("motorway", BarrierKind::Motorway),
    ] {
        let of_kind = barriers.iter().filter(|barrier| barrier.kind == kind);
        features.push(lines(name, of_kind.map(|barrier| barrier.line.clone())));
    }
    for name in ["street", "steps", "ferry"] {
        let edges = (0..streets.edges.len()).map(EdgeIdx::new);
        let of_kind = edges.filter(|edge| name_of(streets.edges[*edge].traits.kind) == name);
        let course = |edge: EdgeIdx| -> Vec<LonLat> {
            streets.courses[edge].iter().map(|at| streets.projection.unproject(*at)).collect()
        };
        features.push(lines(name, of_kind.map(course)));
    }
    format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", features.join(",")).into_bytes()
}

/// GeoJSON of points, in their order.
pub fn points(of: impl Iterator<Item = LonLat>) -> Vec<u8> {
    let feature = |at: LonLat| {
        format!(
            "{{\"type\":\"Feature\",\"properties\":{{}},\"geometry\":{{\"type\":\"Point\",\"coordinates\":{}}}}}",
            position(at)
        )
    };
    let features: Vec<String> = of.map(feature).collect();
    format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", features.join(",")).into_bytes()
}

fn name_of(kind: WayKind) -> &'static str {
    match kind {
        WayKind::Street => "street",
        WayKind::Steps => "steps",
        WayKind::Ferry(_) => "ferry",
    }
}

fn position(at: LonLat) -> String {
    format!("[{:.5},{:.5}]", at.lon(), at.lat())
}

fn lines(kind: &str, lines: impl Iterator<Item = Vec<LonLat>>) -> String {
    let mut text = format!(
        "{{\"type\":\"Feature\",\"properties\":{{\"kind\":\"{kind}\"}},\"geometry\":{{\"type\":\"MultiLineString\",\"coordinates\":["
    );
    for (nth, line) in lines.filter(|line| line.len() > 1).enumerate() {
        let positions: Vec<String> = line.into_iter().map(position).collect();
        // Writing to a string cannot fail.
        let _ = write!(text, "{}[{}]", if nth > 0 { "," } else { "" }, positions.join(","));
    }
    text.push_str("]}}");
    text
}
