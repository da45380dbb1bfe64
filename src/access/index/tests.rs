use std::path::{Path, PathBuf};

use super::*;

fn indicator(worse: WorseValues, readings: &[IndexReading]) -> IndexIndicator {
    IndexIndicator { weight: 1.0, worse, readings: readings.to_vec() }
}

fn measured(numbers: &[f64]) -> Vec<IndexReading> {
    numbers.iter().map(|number| IndexReading::Measured(*number)).collect()
}

fn domain(weight: f64, indicators: Vec<IndexIndicator>) -> IndexDomain {
    IndexDomain { weight, indicators }
}

#[test]
fn ties_share_the_mean_rank_and_the_unknown_take_none() {
    let ranks = mean_ranks(&[Some(3.0), None, Some(5.0), Some(3.0), Some(1.0)]);
    assert_eq!(ranks, [Some(2.5), None, Some(1.0), Some(2.5), Some(4.0)]);
}

#[test]
fn the_transformation_is_that_of_the_english_indices() {
    // Rank 1 of any number is 100. The most deprived tenth begin at 50: R = 0.9, and 1 - 0.9 *
    // 0.987069 = 0.111638, whose logarithm is -2.19250.
    assert!((exponential(1.0, 33_755) - 100.0).abs() < 1e-9);
    assert!((exponential(1.0, 1) - 100.0).abs() < 1e-9);
    assert!((exponential(101.0, 1_000) - 50.4275).abs() < 0.001, "{}", exponential(101.0, 1_000));
    // By hand: rank 3 of 4 is R = 0.5, and 1 - 0.5 * 0.987069 = 0.506466, whose logarithm is
    // -0.680299.
    assert!((exponential(3.0, 4) - 15.646_87).abs() < 1e-4, "{}", exponential(3.0, 4));
}

#[test]
fn who_cannot_get_there_is_worst_and_of_whom_nothing_is_known_has_no_rank() {
    use IndexReading::{Measured, Unknown, Unreached};
    let far = indicator(WorseValues::High, &[Measured(10.0), Unreached, Unknown, Measured(20.0)]);
    let jobs = indicator(WorseValues::Low, &measured(&[500.0, 0.0, 900.0, 100.0]));
    let scores = score(&[domain(1.0, vec![far]), domain(2.0, vec![jobs])], 4);
    assert_eq!(scores.domains[0].ranks, [Some(3.0), Some(1.0), None, Some(2.0)]);
    assert_eq!(scores.domains[1].ranks, [Some(3.0), Some(1.0), Some(4.0), Some(2.0)]);
    assert_eq!(scores.ranks, [Some(3.0), Some(1.0), None, Some(2.0)]);
    let worst = scores.scores[1].expect("known");
    assert!((worst - 300.0).abs() < 1e-9, "100 and twice 100, not {worst}");
    assert_eq!(scores.scores[2], None);
}

#[test]
fn an_index_of_nothing_ranks_nobody() {
    assert_eq!(score(&[], 2).ranks, [None, None]);
    assert_eq!(score(&[domain(1.0, Vec::new())], 2).ranks, [None, None]);
}

#[test]
fn intervals_hold_the_rank_and_close_when_weights_stand_still() {
    // Two domains that contradict each other: only the weights decide.
    let up = indicator(WorseValues::High, &measured(&[1.0, 2.0, 3.0, 4.0, 5.0]));
    let down = indicator(WorseValues::High, &measured(&[5.0, 4.0, 3.0, 2.0, 1.0]));
    let domains = [domain(1.0, vec![up.clone()]), domain(1.01, vec![down, up.clone(), up])];
    let scores = score(&domains, 5);
    let vary = |by| WeightVariation { by, draws: 200, seed: 1 };
    let still = intervals(&domains, &scores, &vary(0.0));
    let wide = intervals(&domains, &scores, &vary(0.2));
    for ((rank, still), wide) in scores.ranks.iter().zip(&still).zip(&wide) {
        let (rank, still, wide) =
            (rank.expect("known"), still.expect("known"), wide.expect("known"));
        assert_eq!((still.low, still.high), (rank, rank));
        assert!(wide.low <= rank && rank <= wide.high);
    }
    assert_eq!(wide, intervals(&domains, &scores, &vary(0.2)), "the same seed draws the same");
    let one = [domain(1.0, vec![indicator(WorseValues::High, &measured(&[1.0, 2.0]))])];
    let scores = score(&one, 2);
    let alone = intervals(&one, &scores, &vary(0.2));
    assert_eq!(alone[0], Some(RankInterval { low: 2.0, high: 2.0 }), "one weight decides nothing");
    let evens = [1.0, 2.0]
        .map(|weight| domain(weight, vec![indicator(WorseValues::High, &measured(&[1.0, 2.0]))]));
    let against =
        [evens[0].clone(), domain(1.0, vec![indicator(WorseValues::Low, &measured(&[1.0, 2.0]))])];
    let moved = intervals(&against, &score(&against, 2), &vary(0.2));
    assert_eq!(
        moved[0],
        Some(RankInterval { low: 1.0, high: 2.0 }),
        "equal weights against each other"
    );
}

fn published(file: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("LASTMILE_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"),
        PathBuf::from,
    );
    let path = folder.join("indices").join(file);
    if path.exists() {
        return Some(path);
    }
    #[expect(clippy::print_stderr, reason = "a skipped check must be seen")]
    {
        eprintln!("skipped: {} is not there", path.display());
    }
    None
}

/// Ranks of the three domains, the score and the rank of each area.
fn needs(path: &Path) -> Vec<([f64; 3], f64, f64)> {
    let mut reader = csv::Reader::from_path(path).expect("opens");
    let header: Vec<String> =
        reader.headers().expect("a header").iter().map(str::to_lowercase).collect();
    let find = |whose: &str, what: &str| {
        header
            .iter()
            .position(|name| name.contains(whose) && name.ends_with(what))
            .expect("the column is there")
    };
    let domains = ["civic", "connectedness", "engaged"].map(|domain| find(domain, "rank"));
    let (score, rank) = (find("needs index", "score"), find("needs index", "rank"));
    let rows = reader.records().map(|row| {
        let row = row.expect("a row");
        let number = |at: usize| row[at].parse::<f64>().expect("a number");
        (domains.map(number), number(score), number(rank))
    });
    rows.collect()
}

/// The greatest difference from the published score, and from the published rank, of the index made
/// by [`score`] from the published domain ranks.
fn differences(areas: &[([f64; 3], f64, f64)]) -> (f64, f64) {
    let of = |nth: usize| {
        let ranks: Vec<f64> = areas.iter().map(|(ranks, ..)| ranks[nth]).collect();
        domain(1.0, vec![indicator(WorseValues::Low, &measured(&ranks))])
    };
    let index = score(&[of(0), of(1), of(2)], areas.len());
    let pairs = areas.iter().zip(index.scores.iter().zip(&index.ranks));
    pairs.fold((0.0_f64, 0.0_f64), |(most, moved), ((_, score, rank), (is, ranked))| {
        let (is, ranked) = (is.expect("all are known"), ranked.expect("all are known"));
        (most.max((is - score).abs()), moved.max((ranked - rank).abs()))
    })
}

/// Community Needs Index 2019, 7,433 English wards.
#[test]
fn the_published_scores_of_2019_come_out_of_their_domain_ranks() {
    let Some(path) = published("cni2019_england_ward17.csv") else { return };
    let areas = needs(&path);
    assert_eq!(areas.len(), 7_433);
    let (score, rank) = differences(&areas);
    assert!(score < 0.01, "scores differ by {score}");
    assert!(rank <= 2.0, "ranks differ by {rank}");
}

/// Community Needs Index 2022, 410 Welsh areas; four pairs share a rank there, and the published
/// scores take one of the two ranks that we share.
#[test]
fn the_published_scores_of_wales_come_out_of_their_domain_ranks() {
    let Some(path) = published("cni2022_wales_msoa11.csv") else { return };
    let areas = needs(&path);
    assert_eq!(areas.len(), 410);
    let (score, rank) = differences(&areas);
    assert!(score < 0.2, "scores differ by {score}");
    assert!(rank <= 2.0, "ranks differ by {rank}");
}

/// Community Needs Index 2023, 165 of 33,755 English neighbourhoods: ranks within the whole, scores
/// to two places.
#[test]
fn the_published_scores_of_2023_come_out_of_their_domain_ranks() {
    let Some(path) = published("cni2023_england_lsoa21_subset.csv") else { return };
    let areas = needs(&path);
    assert_eq!(areas.len(), 165);
    for (ranks, score, _) in areas {
        let sum: f64 = ranks.iter().map(|rank| exponential(*rank, 33_755)).sum();
        assert!((sum - score).abs() < 0.006, "{sum} is not {score}");
    }
}
