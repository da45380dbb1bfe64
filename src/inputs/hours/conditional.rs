//! Conditions of access, such as `no @ (22:00-06:00)` or `yes @ (Mo-Fr 07:00-19:00; PH off)`
//! (<https://wiki.openstreetmap.org/wiki/Conditional_restrictions>).

use super::OpenState;
use super::spans::Span;

/// The states of a way by its conditions, in a window: of conditions that hold at once the last decides. A condition of another
/// kind than hours, such as `wet`, is unknown. `None` where the text has no condition.
pub(super) fn states(
    conditional: &str,
    otherwise: bool,
    opens: &dyn Fn(&str) -> bool,
    window: (i32, i32),
    hours: impl Fn(&str) -> Option<Vec<Span>>,
) -> Option<Vec<Span>> {
    let state = |open| if open { OpenState::Open } else { OpenState::Closed };
    let mut states = vec![(window.0, window.1, state(otherwise))];
    for clause in split(conditional, ';')? {
        let (value, condition) = clause.split_once('@')?;
        let value = state(opens(value.trim()));
        let condition = condition.trim();
        let inside = condition.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or(condition);
        for_each_piece(&mut states, &holds(inside, window, &hours), |before, holds| match holds {
            OpenState::Open => value,
            OpenState::Closed => before,
            OpenState::Unknown if before == value => before,
            OpenState::Unknown => OpenState::Unknown,
        });
    }
    Some(states)
}

/// When a condition holds: all its parts, joined by `AND`, at once.
fn holds(condition: &str, window: (i32, i32), hours: impl Fn(&str) -> Option<Vec<Span>>) -> Vec<Span> {
    let mut states = vec![(window.0, window.1, OpenState::Open)];
    for part in condition.split(" AND ").flat_map(|part| part.split(" and ")) {
        let part = hours(part.trim()).unwrap_or_else(|| vec![(window.0, window.1, OpenState::Unknown)]);
        for_each_piece(&mut states, &part, |one, other| match (one, other) {
            (OpenState::Closed, _) | (_, OpenState::Closed) => OpenState::Closed,
            (OpenState::Open, OpenState::Open) => OpenState::Open,
            _ => OpenState::Unknown,
        });
    }
    states
}

fn for_each_piece(states: &mut Vec<Span>, other: &[Span], made: impl Fn(OpenState, OpenState) -> OpenState) {
    let mut pieces: Vec<Span> = Vec::new();
    for (from, to, one) in states.iter() {
        for (start, end, too) in other {
            let (from, to) = (*from.max(start), *to.min(end));
            if from < to {
                let state = made(*one, *too);
                match pieces.last_mut() {
                    Some(last) if last.1 == from && last.2 == state => last.1 = to,
                    _ => pieces.push((from, to, state)),
                }
            }
        }
    }
    *states = pieces;
}

/// The parts between marks that stand in no bracket and no quotation; `None` where one is left open.
fn split(text: &str, mark: char) -> Option<Vec<&str>> {
    let (mut parts, mut from, mut depth, mut quoted) = (Vec::new(), 0, 0_u32, false);
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' => depth += 1,
            ')' => depth = depth.checked_sub(1)?,
            c if c == mark && depth == 0 => {
                parts.push(text.get(from..at)?);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text.get(from..)?);
    parts.retain(|part| !part.trim().is_empty());
    (!quoted && depth == 0 && !parts.is_empty()).then_some(parts)
}
