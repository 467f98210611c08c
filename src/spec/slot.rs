//! Where a key stands in the table of properties. The build script uses this file too: it looks for a
//! seed with which no two keys have one slot, so that a key is found with a single comparison.

/// How many slots the table has.
pub(crate) const SLOTS: usize = 2048;

/// The slot of a key.
pub(crate) fn slot(key: &str, seed: u64) -> usize {
    let mut hash = seed ^ key.len() as u64;
    for chunk in key.as_bytes().chunks(8) {
        let mut word = [0; 8];
        for (to, from) in word.iter_mut().zip(chunk) {
            *to = *from;
        }
        hash = (hash ^ u64::from_le_bytes(word)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        hash ^= hash >> 29;
    }
    hash as usize % SLOTS
}
