//! What stays of a finding when the lines around it move.

use std::collections::BTreeMap;

use crate::diag::Finding;

/// Gives the findings of one document their fingerprints, in order.
///
/// A fingerprint depends on the rule, the document's name, the logical path, and on how many
/// findings of that rule at that path came before; never on the line, the message or the text.
pub(super) struct Fingerprints<'r> {
    name: &'r str,
    seen: BTreeMap<(&'r str, &'r str), u32>,
}

impl<'r> Fingerprints<'r> {
    pub(super) fn new(name: &'r str) -> Fingerprints<'r> {
        Fingerprints {
            name,
            seen: BTreeMap::new(),
        }
    }

    /// The fingerprint of the next finding: 16 hexadecimal digits.
    pub(super) fn next(&mut self, finding: &'r Finding) -> String {
        let rule = finding.rule.name;
        let path = finding.path.as_str();
        let seen = self.seen.entry((rule, path)).or_default();
        let occurrence = seen.to_string();
        *seen += 1;
        let hash = fnv1a(&[&occurrence, rule, self.name, path].join("\0"));
        format!("{hash:016x}")
    }
}

/// FNV-1a: short, and the same on every machine and in every version.
fn fnv1a(text: &str) -> u64 {
    text.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_that_of_the_published_vectors() {
        assert_eq!(fnv1a(""), 0xCBF2_9CE4_8422_2325);
        assert_eq!(fnv1a("foobar"), 0x8594_4171_F739_67E8);
    }
}
