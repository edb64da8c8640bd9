//! Patterns over dotted names.

/// Whether a name is of a pattern: `*` stands for any characters, also none, and `?` for one.
///
/// ```
/// use graven_runtime::optimizer::matches;
///
/// assert!(matches("encoder.*", "encoder.0.weight") && matches("*.bias", "head.bias"));
/// assert!(!matches("*.bias", "head.weight") && !matches("head", "head.bias"));
/// ```
#[must_use]
pub fn matches(pattern: &str, name: &str) -> bool {
    let (mut pattern, mut name) = (pattern.chars(), name.chars());
    // Behind the last star, and the name from where that star may take one more character.
    let mut retry: Option<(core::str::Chars<'_>, core::str::Chars<'_>)> = None;
    loop {
        let left = name.clone();
        match (pattern.next(), name.next()) {
            (None, None) => return true,
            (Some('*'), _) => {
                retry = Some((pattern.clone(), left.clone()));
                name = left;
            }
            (Some('?'), Some(_)) => {}
            (Some(wanted), Some(found)) if wanted == found => {}
            _ => {
                let Some((behind, from)) = &mut retry else { return false };
                if from.next().is_none() {
                    return false;
                }
                pattern = behind.clone();
                name = from.clone();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    /// By its definition.
    fn slow(pattern: &[char], name: &[char]) -> bool {
        match pattern {
            [] => name.is_empty(),
            ['*', rest @ ..] => (0..=name.len()).any(|taken| slow(rest, &name[taken..])),
            ['?', rest @ ..] => !name.is_empty() && slow(rest, &name[1..]),
            [first, rest @ ..] => name.first() == Some(first) && slow(rest, &name[1..]),
        }
    }

    fn words(letters: &[char], longest: usize) -> Vec<Vec<char>> {
        let mut all = vec![vec![]];
        for length in 0..longest {
            let last: Vec<_> = all.iter().filter(|word| word.len() == length).cloned().collect();
            for word in last {
                all.extend(letters.iter().map(|&letter| [&word[..], &[letter]].concat()));
            }
        }
        all
    }

    #[test]
    fn every_short_pattern_on_every_short_name() {
        let names = words(&['a', 'b'], 4);
        for pattern in words(&['a', 'b', '*', '?'], 4) {
            for name in &names {
                let (text, of) = (String::from_iter(&pattern), String::from_iter(name));
                assert_eq!(matches(&text, &of), slow(&pattern, name), "`{text}` on `{of}`");
            }
        }
    }
}
