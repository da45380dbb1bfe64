//! The rings of a multipolygon, joined from its member ways.

use rustc_hash::FxHashMap;

/// Rings of node numbers, closed ones without their repeated end; and how many lines did not close.
pub(super) struct Rings {
    pub rings: Vec<Vec<u32>>,
    pub open: u64,
}

/// Joins lines end to end into rings, taking them in the order given. A line that cannot be
/// continued stays as it is, counted as open.
pub(super) fn join(lines: Vec<Vec<u32>>) -> Rings {
    let mut at_end: FxHashMap<u32, Vec<usize>> = FxHashMap::default();
    for (n, line) in lines.iter().enumerate() {
        if let (Some(first), Some(last)) = (line.first(), line.last()) {
            at_end.entry(*first).or_default().push(n);
            at_end.entry(*last).or_default().push(n);
        }
    }
    let mut used = vec![false; lines.len()];
    let mut found = Rings { rings: Vec::new(), open: 0 };
    for n in 0..lines.len() {
        if used[n] || lines[n].len() < 2 {
            continue;
        }
        used[n] = true;
        let mut ring = lines[n].clone();
        while ring.first() != ring.last() {
            let Some(end) = ring.last().copied() else { break };
            let next = at_end.get(&end).and_then(|at| at.iter().copied().find(|n| !used[*n]));
            let Some(next) = next else { break };
            used[next] = true;
            if lines[next].first() == Some(&end) {
                ring.extend(&lines[next][1..]);
            } else {
                ring.extend(lines[next].iter().rev().skip(1));
            }
        }
        if ring.len() > 1 && ring.first() == ring.last() {
            ring.pop();
        } else {
            found.open += 1;
        }
        found.rings.push(ring);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_joined_whichever_way_they_run() {
        let rings = join(vec![vec![1, 2, 3], vec![5, 4, 3], vec![5, 6, 1], vec![7, 8, 9, 7]]);
        assert_eq!(rings.rings, [vec![1, 2, 3, 4, 5, 6], vec![7, 8, 9]]);
        assert_eq!(rings.open, 0);
    }

    #[test]
    fn a_gap_leaves_an_open_line_and_is_counted() {
        let rings = join(vec![vec![1, 2], vec![], vec![2, 3]]);
        assert_eq!((rings.rings, rings.open), (vec![vec![1, 2, 3]], 1));
    }
}
