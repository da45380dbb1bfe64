//! The first vehicle, the last one, and until when one gets home.

use super::{ChangeColumns, ChangeTableInput, NamedDay};
use crate::access::last_home::LastHome;
use crate::results::table::Value;
use crate::scenario::service_day::{Moments, shift};

impl ChangeTableInput<'_> {
    pub(super) fn day(&self, day: &NamedDay, columns: &mut ChangeColumns) {
        let NamedDay { name, suffix, says, change, .. } = day;
        let near = format!("at a stop within the longest walk{says}, from 04:00 to 04:00");
        let half = "half of its people have it so or better; past 24:00 is the night; empty: none";
        moments(
            &format!("first_departure{suffix}_{name}"),
            &format!("when the first vehicle can be boarded {near}; {half}"),
            "more is later",
            &change.first,
            columns,
        );
        moments(
            &format!("last_departure{suffix}_{name}"),
            &format!("when the last vehicle can be boarded {near}; {half}"),
            "below 0 is earlier, and worse",
            &change.last,
            columns,
        );
        moments(
            &format!("last_arrival{suffix}_{name}"),
            &format!("when the last vehicle arrives {near}; {half}"),
            "below 0 is earlier, and worse",
            &change.last_arrival,
            columns,
        );
        for (category, home) in self.categories.iter().zip(&change.home) {
            moments(
                &format!("{}_last_home{suffix}_{name}", category.name),
                &format!(
                    "until when one can leave the best placed of these and still get home, looked for from 17:00 to 04:00: {}{says}; half of its people have it so or better; on foot: at any time; empty: not in that time",
                    category.label
                ),
                "below 0 is earlier, and worse",
                home,
                columns,
            );
        }
    }
}

fn moments(
    name: &str,
    about: &str,
    sense: &str,
    zones: &[Option<Moments>],
    columns: &mut ChangeColumns,
) {
    let side = |get: fn(&Moments) -> LastHome| {
        zones
            .iter()
            .map(move |zone| zone.as_ref().map_or(Value::Missing, |moments| clock(get(moments))))
    };
    columns.add(
        format!("{name}_before"),
        "",
        0,
        format!("before: {about}"),
        side(|(before, _)| *before),
    );
    columns.add(
        format!("{name}_after"),
        "",
        0,
        format!("after: {about}"),
        side(|(_, after)| *after),
    );
    let change = zones.iter().map(|zone| {
        #[expect(clippy::cast_precision_loss, reason = "a day has few seconds")]
        let minutes = |seconds: i64| Value::number(seconds as f64 / 60.0);
        zone.and_then(shift).map_or(Value::Missing, minutes)
    });
    let meaning =
        format!("after less before, {sense}: {about}; empty also where it is so on one side only");
    columns.add_difference(format!("{name}_change_min"), "min", 1, meaning, change);
}

/// Hours and whole minutes, past 24 in the night.
fn clock(moment: LastHome) -> Value {
    match moment {
        LastHome::Never => Value::Missing,
        LastHome::OnFoot => Value::Text("on foot".into()),
        LastHome::Departure(time) => {
            let minutes = time.get().div_euclid(60);
            Value::Text(format!("{:02}:{:02}", minutes.div_euclid(60), minutes.rem_euclid(60)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::ServiceTime;

    #[test]
    fn the_night_is_past_24() {
        let at = |hours, minutes, seconds| {
            clock(LastHome::Departure(ServiceTime::hms(hours, minutes, seconds)))
        };
        assert_eq!(
            [at(5, 7, 59), at(24, 30, 0)],
            ["05:07", "24:30"].map(|text| Value::Text(text.into()))
        );
    }
}
