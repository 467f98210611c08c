//! Nearest names: what a misspelling probably meant.

/// The one candidate that is nearest to `name`, if it is near enough to be meant: at most one
/// edit in four characters, and nearer than any other.
pub fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let limit = (name.chars().count() / 4).max(1);
    let folded = name.to_ascii_uppercase();
    let mut best: Option<(usize, &str)> = None;
    let mut tied = false;
    for candidate in candidates {
        if candidate.len().abs_diff(name.len()) > limit {
            continue;
        }
        let distance = strsim::osa_distance(&folded, &candidate.to_ascii_uppercase());
        if distance > limit {
            continue;
        }
        match best {
            Some((known, _)) if distance > known => {}
            Some((known, other)) if distance == known => tied = other != candidate,
            _ => {
                best = Some((distance, candidate));
                tied = false;
            }
        }
    }
    best.filter(|_| !tied).map(|(_, candidate)| candidate)
}

/// The one candidate of which `name` is a slip of the finger: a letter too many, too few, another,
/// or two in the wrong order. In short names a slip proves little, and digits number things.
pub fn slip<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    const LEAST: usize = 6;
    let digits = |name: &str| name.chars().filter(char::is_ascii_digit).count();
    let folded = name.to_ascii_uppercase();
    let mut slips = candidates.into_iter().filter(|candidate| {
        candidate.len() >= LEAST
            && candidate.len().abs_diff(name.len()) <= 1
            && digits(candidate) >= digits(name)
            && strsim::osa_distance(&folded, &candidate.to_ascii_uppercase()) == 1
    });
    slips.next().filter(|_| slips.next().is_none())
}

/// The name without case and separators: `Jdbc-Enforce_Ssl` and `JDBC_ENFORCE_SSL` are the same.
pub fn fold(name: &str) -> String {
    name.chars()
        .filter(|c| !matches!(c, '_' | '-' | '.' | ' '))
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_near_name_is_a_guess() {
        let names = ["USERNAME", "PASSWORD", "PORT", "HOST"];
        assert_eq!(nearest("USERNAM", names), Some("USERNAME"));
        assert_eq!(nearest("PROT", names), Some("PORT"));
        assert_eq!(nearest("POST", names), None);
        assert_eq!(nearest("REGION", names), None);
    }

    #[test]
    fn a_slip_is_one_letter_of_a_long_name() {
        let names = ["USERNAME", "PASSWORD", "PORT"];
        for name in ["USERNAM", "USERNAMES", "usrename", "USERNANE"] {
            assert_eq!(slip(name, names), Some("USERNAME"), "{name}");
        }
        for name in ["USERNAME", "USRNAM", "USERNAME2", "PROT", "PASS"] {
            assert_eq!(slip(name, names), None, "{name}");
        }
        assert_eq!(slip("TABLE_ID", ["TABLE_IDS", "TABLE_IN"]), None);
    }
}
