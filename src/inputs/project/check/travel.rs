//! How people walk and ride, and when they set out.

use jiff::civil::Date;
use toml::Spanned;

use super::super::defaults::built_in_windows;
use super::super::raw;
use super::super::{ProfileName, ProjectError, ProjectWalk, TransitSettings, Window, WindowDay};
use super::Checker;
use super::values::{in_file_order, plain, quoted, whole_seconds};
use crate::units::{Metres, MetresPerSecond};

impl Checker<'_> {
    pub(super) fn walk(&self, raw: &raw::RawWalk) -> Result<ProjectWalk, ProjectError> {
        let minutes =
            self.number("walk.max_walk_min", &raw.max_walk_min, 30.0, 0.0..=600.0, "minutes")?;
        let speed = self.number("walk.speed_kmh", &raw.speed_kmh, 4.8, 0.5..=20.0, "km/h")?;
        let steps =
            self.number("walk.steps_speed_kmh", &raw.steps_speed_kmh, 2.4, 0.1..=20.0, "km/h")?;
        Ok(ProjectWalk {
            speed: MetresPerSecond::kmh(speed),
            steps_speed: MetresPerSecond::kmh(steps),
            max_walk: whole_seconds(minutes * 60.0),
            max_snap: Metres::new(self.number(
                "walk.max_snap_m",
                &raw.max_snap_m,
                300.0,
                0.0..=10_000.0,
                "metres",
            )?),
            max_snap_stop: Metres::new(self.number(
                "walk.max_snap_stop_m",
                &raw.max_snap_stop_m,
                100.0,
                0.0..=10_000.0,
                "metres",
            )?),
            profiles: self.profiles(raw)?,
        })
    }

    pub(super) fn profiles(&self, raw: &raw::RawWalk) -> Result<Vec<ProfileName>, ProjectError> {
        let known =
            [ProfileName::Default, ProfileName::StepFree].map(|profile| (profile.name(), profile));
        let given = match (&raw.profile, &raw.profiles) {
            (None, None) => return Ok(vec![ProfileName::Default]),
            (Some(profile), None) => {
                return Ok(vec![self.choice("walk.profile", profile, &known)?]);
            }
            (Some(profile), Some(_)) => {
                let wanted = "either `profile` or `profiles`, not both";
                return Err(self.bad(
                    &profile.span(),
                    "walk.profile",
                    quoted(profile.get_ref()),
                    wanted,
                ));
            }
            (None, Some(given)) => given,
        };
        if given.get_ref().is_empty() {
            let wanted = "one profile or more, such as [\"default\", \"step_free\"]";
            return Err(self.bad(&given.span(), "walk.profiles", "[]".to_owned(), wanted));
        }
        let mut profiles = Vec::new();
        for name in given.get_ref() {
            let profile = self.choice("walk.profiles", name, &known)?;
            if profiles.contains(&profile) {
                let (value, wanted) = (quoted(name.get_ref()), "each profile once");
                return Err(self.bad(&name.span(), "walk.profiles", value, wanted));
            }
            profiles.push(profile);
        }
        Ok(profiles)
    }

    pub(super) fn transit(&self, raw: &raw::RawTransit) -> Result<TransitSettings, ProjectError> {
        let max_rides = match &raw.max_rides {
            None => 4,
            Some(n) => u8::try_from(*n.get_ref())
                .ok()
                .filter(|n| (1..=10).contains(n))
                .ok_or_else(|| {
                    self.bad(
                        &n.span(),
                        "transit.max_rides",
                        n.get_ref(),
                        "a whole number of vehicles from 1 to 10",
                    )
                })?,
        };
        let minutes = self.number(
            "transit.max_time_min",
            &raw.max_time_min,
            120.0,
            1.0..=1_080.0,
            "minutes",
        )?;
        let slack = self.number(
            "transit.board_slack_s",
            &raw.board_slack_s,
            60.0,
            0.0..=3_600.0,
            "seconds",
        )?;
        let transfer = self.number(
            "transit.max_transfer_m",
            &raw.max_transfer_m,
            1_000.0,
            0.0..=10_000.0,
            "metres",
        )?;
        Ok(TransitSettings {
            max_rides,
            max_transfer: Metres::new(transfer),
            board_slack: whole_seconds(slack),
            max_time: whole_seconds(minutes * 60.0),
            phone_pickups: raw.phone_pickups,
        })
    }

    pub(super) fn windows(
        &self,
        raw: raw::RawNamed<raw::RawWindow>,
    ) -> Result<Vec<Window>, ProjectError> {
        if raw.is_empty() {
            return Ok(built_in_windows());
        }
        in_file_order(raw).into_iter().map(|(name, window)| self.window(&name, &window)).collect()
    }

    pub(super) fn window(
        &self,
        name: &Spanned<String>,
        raw: &raw::RawWindow,
    ) -> Result<Window, ProjectError> {
        let spelt = self.key_name("windows", name)?;
        let profile = [ProfileName::Default, ProfileName::StepFree].map(ProfileName::name);
        if let Some(profile) = profile.into_iter().find(|profile| spelt.starts_with(profile)) {
            let wanted = format!("a name that does not begin like a walking profile, {profile}");
            return Err(self.bad(&name.span(), "windows", quoted(&spelt), wanted));
        }
        let name = spelt;
        let key = |k: &str| format!("windows.{name}.{k}");
        let day = match (&raw.day, &raw.date) {
            (Some(day), None) => {
                let known = [
                    ("weekday", WindowDay::Weekday),
                    ("saturday", WindowDay::Saturday),
                    ("sunday", WindowDay::Sunday),
                ];
                if let Ok(date) = day.get_ref().parse::<Date>() {
                    let wanted = format!("the date as `date = \"{date}\"`, in place of `day`");
                    return Err(self.bad(&day.span(), &key("day"), quoted(day.get_ref()), wanted));
                }
                self.choice(&key("day"), day, &known)?
            }
            (None, Some(date)) => WindowDay::Date(self.date(&key("date"), date)?),
            (Some(day), Some(_)) => {
                return Err(self.bad(
                    &day.span(),
                    &key("day"),
                    quoted(day.get_ref()),
                    "either `day` or `date`, not both",
                ));
            }
            (None, None) => WindowDay::Weekday,
        };
        let from = self.time(&key("from"), &raw.from)?;
        let to = self.time(&key("to"), &raw.to)?;
        if to <= from {
            let wanted =
                format!("a time after `from` ({from}); through midnight count on, as in \"26:00\"");
            return Err(self.bad(&raw.to.span(), &key("to"), plain(raw.to.get_ref()), wanted));
        }
        Ok(Window { name, day, from, to })
    }
}
