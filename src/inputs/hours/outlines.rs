//! In which nation a point lies.

use std::sync::LazyLock;

use country_boundaries::{BOUNDARIES_ODBL_60X30, CountryBoundaries, LatLon};

use super::Nation;
use crate::geometry::LonLat;

/// Outlines simplified from OpenStreetMap (ODbL): settlements and main roads lie on the right side.
static OUTLINES: LazyLock<Option<CountryBoundaries>> =
    LazyLock::new(|| CountryBoundaries::from_reader(BOUNDARIES_ODBL_60X30).ok());

/// The nation of a point; `None` in any other country.
pub(super) fn nation_at(point: LonLat) -> Option<Nation> {
    let point = LatLon::new(point.lat(), point.lon()).ok()?;
    OUTLINES.as_ref()?.ids(point).into_iter().find_map(|id| match id {
        "GB-ENG" | "GB-WLS" => Some(Nation::EnglandAndWales),
        "GB-SCT" => Some(Nation::Scotland),
        "GB-NIR" => Some(Nation::NorthernIreland),
        "IE" => Some(Nation::Ireland),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn towns_on_either_side_of_a_border_are_told_apart() {
        let at = |lon, lat| nation_at(LonLat::new(lon, lat).expect("a point"));
        assert_eq!(at(-2.9977, 51.5842), Some(Nation::EnglandAndWales), "Newport");
        assert_eq!(at(-2.0049, 55.7710), Some(Nation::EnglandAndWales), "Berwick-upon-Tweed");
        assert_eq!(at(-2.9360, 54.8925), Some(Nation::EnglandAndWales), "Carlisle");
        assert_eq!(at(-2.0920, 55.8720), Some(Nation::Scotland), "Eyemouth");
        assert_eq!(at(-3.0670, 54.9960), Some(Nation::Scotland), "Gretna");
        assert_eq!(at(-1.1400, 60.1550), Some(Nation::Scotland), "Lerwick");
        assert_eq!(at(-7.3180, 54.9970), Some(Nation::NorthernIreland), "Derry");
        assert_eq!(at(-6.3370, 54.1780), Some(Nation::NorthernIreland), "Newry");
        assert_eq!(at(-6.4050, 54.0000), Some(Nation::Ireland), "Dundalk");
        assert_eq!(at(-4.4820, 54.1520), None, "Douglas, Isle of Man");
        assert_eq!(at(-2.1060, 49.1840), None, "St Helier, Jersey");
        assert_eq!(at(2.3500, 48.8500), None, "Paris");
        assert_eq!(at(-51.2300, -30.0300), None, "Porto Alegre");
    }
}
