//! Which code was meant where a name was given.

use super::project::nearest;

/// How many codes are listed at most.
const SHOWN: usize = 5;

/// Tells whose name a word is, or which names or codes are like it, with their codes; `None` if
/// there is none like it. Things are codes with names.
pub fn meant<'a>(
    word: &str,
    things: impl Iterator<Item = (&'a str, &'a str)> + Clone,
) -> Option<String> {
    let wanted = word.trim().to_lowercase();
    let named: Vec<(&str, &str)> =
        things.clone().filter(|(_, name)| name.to_lowercase() == wanted).collect();
    if let [(code, name), rest @ ..] = named.as_slice() {
        let more: String =
            rest.iter().take(SHOWN - 1).map(|(code, _)| format!(", {code}")).collect();
        let all = if rest.len() < SHOWN { "" } else { " …" };
        return Some(format!("`{name}` is the name of {code}{more}{all}: give the code"));
    }
    let holds = |name: &str| wanted.chars().count() > 2 && name.to_lowercase().contains(&wanted);
    let like: Vec<(&str, &str)> = things
        .clone()
        .filter(|(code, name)| holds(name) || code.to_lowercase() == wanted)
        .collect();
    if !like.is_empty() {
        return Some(format!("did you mean {}?", listed(&like)));
    }
    let words = things.clone().flat_map(|(code, name)| [code, name]);
    let near = nearest(word, words.filter(|word| !word.is_empty()))?.to_owned();
    let (code, name) = things.into_iter().find(|(code, name)| *code == near || *name == near)?;
    Some(format!("did you mean {}?", listed(&[(code, name)])))
}

/// Codes with their names.
fn listed(things: &[(&str, &str)]) -> String {
    let one = |(code, name): &(&str, &str)| match *name {
        "" => format!("`{code}`"),
        name if name == *code => format!("`{code}`"),
        name => format!("`{code}` ({name})"),
    };
    let mut text: Vec<String> = things.iter().take(SHOWN).map(one).collect();
    if things.len() > SHOWN {
        text.push(format!("or {} more", things.len() - SHOWN));
    }
    text.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const AREAS: [(&str, &str); 4] =
        [("W01", "Ringland 1"), ("W02", "Ringland 2"), ("W03", "Malpas"), ("W04", "Malpas")];

    fn of(word: &str) -> Option<String> {
        meant(word, AREAS.into_iter())
    }

    #[test]
    fn a_name_is_told_its_code() {
        assert_eq!(
            of("ringland 2").as_deref(),
            Some("`Ringland 2` is the name of W02: give the code")
        );
        assert_eq!(
            of("Malpas").as_deref(),
            Some("`Malpas` is the name of W03, W04: give the code")
        );
        let both = "did you mean `W01` (Ringland 1), `W02` (Ringland 2)?";
        assert_eq!(of("ringland").as_deref(), Some(both));
        assert_eq!(of("w03").as_deref(), Some("did you mean `W03` (Malpas)?"));
        assert_eq!(of("Malpsa").as_deref(), Some("did you mean `W03` (Malpas)?"));
        assert_eq!(of("Nowhere"), None);
    }
}
