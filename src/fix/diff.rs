//! What fixes change, as a unified diff.
//!
//! A diff is for people to read and for `git apply` and `patch` to make, and no secret may be in it.
//! So the lines around a change end where a masked one begins: a hunk with less context can be made,
//! one that shows what is not there cannot.

use std::fmt::Write as _;
use std::ops::Range;

use super::Masked;

/// So many unchanged lines are shown on either side of a change.
const CONTEXT: usize = 3;

/// A change that goes on for more lines than this, old and new, is taken for lines that were replaced
/// one by one: fixes are small, and the time for a large document is bounded.
const FAR: usize = 64;

/// The difference between two texts.
#[derive(Clone, Debug, Default)]
pub struct Diff {
    hunks: Vec<Hunk>,
    /// How many hunks show a masked secret among what they change, so that no program can make them.
    pub masked: usize,
    /// How many hunks have no line of context behind them because a masked one follows: `git apply`
    /// takes them with `--unidiff-zero`.
    pub bare: usize,
}

/// Changes with the lines around them.
#[derive(Clone, Debug)]
struct Hunk {
    old: Range<usize>,
    new: Range<usize>,
    /// The line that it stands under.
    heading: String,
    lines: Vec<(Mark, String)>,
}

/// What becomes of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    Kept,
    Removed,
    Added,
}

impl Diff {
    /// The difference between a text and what becomes of it.
    pub fn new(old: &Masked, new: &Masked) -> Diff {
        let (old, new) = (Lines::of(old), Lines::of(new));
        let changes = changes(&old.text, &new.text);
        let mut diff = Diff::default();
        let mut rest = changes.as_slice();
        let mut from = 0;
        while let Some(first) = rest.first() {
            // Changes whose contexts meet are shown together.
            let meets = |[one, next]: &&[Change; 2]| {
                let between = one.old.end..next.old.start;
                between.len() <= 2 * CONTEXT && !old.is_masked(between)
            };
            let together = 1 + rest.array_windows().take_while(meets).count();
            let (hunk, behind) = rest.split_at(together);
            let last = hunk.last().unwrap_or(first);
            let until = (behind.first()).map_or(old.text.len(), |next| next.old.start);
            let trail = (last.old.end..until)
                .take(CONTEXT)
                .take_while(|line| !old.is_masked(*line..line + 1))
                .count();
            let is_at_end = last.old.end + trail == old.text.len();
            // A hunk with more lines in front than behind is taken for one at the end.
            let most = if is_at_end { CONTEXT } else { trail };
            let lead = (from..first.old.start)
                .rev()
                .take(most)
                .take_while(|line| !old.is_masked(*line..line + 1))
                .count();
            diff.bare += usize::from(trail == 0 && !is_at_end);
            let is_masked = |change: &Change| {
                old.is_masked(change.old.clone()) || new.is_masked(change.new.clone())
            };
            diff.masked += usize::from(hunk.iter().any(is_masked));
            diff.hunks.push(Hunk::new(&old, &new, hunk, lead, trail));
            from = last.old.end + trail;
            rest = behind;
        }
        diff
    }

    /// Whether the texts are the same.
    pub fn is_empty(&self) -> bool {
        self.hunks.is_empty()
    }

    /// Writes the difference as `git diff` does, for a file of that name.
    pub fn write(&self, name: &str, color: bool) -> String {
        let mut out = String::new();
        if self.is_empty() {
            return out;
        }
        for (sign, side) in [("---", 'a'), ("+++", 'b')] {
            line(
                &mut out,
                &format!("{sign} {}", path(side, name)),
                "1",
                color,
            );
        }
        for hunk in &self.hunks {
            let range = |range: &Range<usize>| {
                // An empty range stands behind the line that it names.
                let first = range.start + usize::from(!range.is_empty());
                format!("{first},{}", range.len())
            };
            let (old, new) = (range(&hunk.old), range(&hunk.new));
            let head = format!("@@ -{old} +{new} @@ {}", hunk.heading);
            let head = head.trim_end();
            line(&mut out, head, "36", color);
            for (mark, text) in &hunk.lines {
                let (sign, paint) = match mark {
                    Mark::Kept => (' ', ""),
                    Mark::Removed => ('-', "31"),
                    Mark::Added => ('+', "32"),
                };
                let whole = text.strip_suffix('\n');
                line(
                    &mut out,
                    &format!("{sign}{}", whole.unwrap_or(text)),
                    paint,
                    color,
                );
                if whole.is_none() {
                    line(&mut out, "\\ No newline at end of file", "", color);
                }
            }
        }
        out
    }
}

impl Hunk {
    /// The hunk of some changes, with so many lines in front of the first and behind the last.
    fn new(
        old: &Lines<'_>,
        new: &Lines<'_>,
        changes: &[Change],
        lead: usize,
        trail: usize,
    ) -> Hunk {
        let mut lines = Vec::new();
        let mut add = |mark, of: &Lines<'_>, range: Range<usize>| {
            let shown = of.shown.get(range).unwrap_or_default();
            lines.extend(shown.iter().map(|line| (mark, (*line).to_owned())));
        };
        let first = changes.first().cloned().unwrap_or_default();
        let mut last = Change {
            old: first.old.start - lead..first.old.start - lead,
            new: first.new.start - lead..first.new.start - lead,
        };
        let start = (last.old.start, last.new.start);
        for change in changes {
            add(Mark::Kept, old, last.old.end..change.old.start);
            add(Mark::Removed, old, change.old.clone());
            add(Mark::Added, new, change.new.clone());
            last = change.clone();
        }
        add(Mark::Kept, old, last.old.end..last.old.end + trail);
        Hunk {
            old: start.0..last.old.end + trail,
            new: start.1..last.new.end + trail,
            heading: old.heading(start.0).to_owned(),
            lines,
        }
    }
}

/// The lines of a text, with their line breaks.
struct Lines<'t> {
    text: Vec<&'t str>,
    shown: Vec<&'t str>,
}

impl<'t> Lines<'t> {
    fn of(masked: &'t Masked) -> Lines<'t> {
        Lines {
            text: masked.text().split_inclusive('\n').collect(),
            shown: masked.shown().split_inclusive('\n').collect(),
        }
    }

    /// The nearest line above that one which is indented less: in nearly all that people write, what
    /// it belongs to.
    fn heading(&self, line: usize) -> &'t str {
        let indent = |line: &str| line.len() - line.trim_start().len();
        let own = (self.shown.get(line)).map_or(0, |line| indent(line));
        let above = self.shown.get(..line).unwrap_or_default().iter().rev();
        let is_heading = |line: &&&str| indent(line) < own && !line.trim().is_empty();
        above
            .take(FAR)
            .find(is_heading)
            .map_or("", |line| line.trim())
    }

    /// Whether something in these lines is not shown.
    fn is_masked(&self, lines: Range<usize>) -> bool {
        self.text.get(lines.clone()) != self.shown.get(lines)
    }
}

/// Lines in place of others, at least one of either.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Change {
    old: Range<usize>,
    new: Range<usize>,
}

/// What was changed, in order, apart from each other.
fn changes(old: &[&str], new: &[&str]) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    let (mut at_old, mut at_new) = (0, 0);
    loop {
        let rest_old = old.get(at_old..).unwrap_or_default();
        let rest_new = new.get(at_new..).unwrap_or_default();
        if rest_old.is_empty() && rest_new.is_empty() {
            return changes;
        }
        let same = (rest_old.iter().zip(rest_new)).take_while(|(one, other)| one == other);
        let same = same.count();
        if same > 0 {
            (at_old, at_new) = (at_old + same, at_new + same);
            continue;
        }
        let (removed, added) = until_same(rest_old, rest_new);
        match changes.last_mut() {
            Some(last) if last.old.end == at_old && last.new.end == at_new => {
                last.old.end += removed;
                last.new.end += added;
            }
            _ => changes.push(Change {
                old: at_old..at_old + removed,
                new: at_new..at_new + added,
            }),
        }
        (at_old, at_new) = (at_old + removed, at_new + added);
    }
}

/// How many lines of each stand in front of the nearest line, or end, that they share.
fn until_same(old: &[&str], new: &[&str]) -> (usize, usize) {
    let is_same = |(removed, added): &(usize, usize)| {
        *removed <= old.len() && *added <= new.len() && old.get(*removed) == new.get(*added)
    };
    let found = (1..=FAR).find_map(|far| (0..=far).map(|added| (far - added, added)).find(is_same));
    found.unwrap_or((old.len().min(1), new.len().min(1)))
}

/// A path as git writes it: with a letter for its side, in quotes where it has to be.
fn path(side: char, name: &str) -> String {
    let name = name.trim_start_matches('/');
    let is_odd = |c: char| c.is_control() || matches!(c, '"' | '\\');
    if name.contains(is_odd) {
        let mut quoted = format!("\"{side}/");
        for character in name.chars() {
            match character {
                '"' | '\\' => quoted.extend(['\\', character]),
                _ if character.is_control() => {
                    let mut bytes = [0; 4];
                    for byte in character.encode_utf8(&mut bytes).bytes() {
                        let _ = write!(quoted, "\\{byte:03o}");
                    }
                }
                _ => quoted.push(character),
            }
        }
        return quoted + "\"";
    }
    // Else what stands behind a blank would be taken for a date.
    let end = if name.contains(' ') { "\t" } else { "" };
    format!("{side}/{name}{end}")
}

/// Adds a line, in a colour if wanted. What a terminal would obey is an escape then: colours are for
/// people.
fn line(out: &mut String, text: &str, paint: &str, color: bool) {
    if !color {
        out.push_str(text);
        out.push('\n');
        return;
    }
    let text = text.strip_suffix('\r').unwrap_or(text);
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() && character != '\t' {
            plain.extend(character.escape_default());
        } else {
            plain.push(character);
        }
    }
    if paint.is_empty() {
        let _ = writeln!(out, "{plain}");
    } else {
        let _ = writeln!(out, "\x1b[{paint}m{plain}\x1b[0m");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diff(old: &str, new: &str) -> String {
        let [old, new] = [old, new].map(|text| Masked::new(text.to_owned(), text).unwrap());
        Diff::new(&old, &new).write("x", false)
    }

    #[test]
    fn a_diff_reads_as_git_writes_it() {
        assert_eq!(diff("a\n", "a\n"), "");
        assert_eq!(
            diff("a\nb\nc\nd\ne\nf\n", "a\nb\nc\nd\nE\nf\n"),
            "--- a/x\n+++ b/x\n@@ -2,5 +2,5 @@\n b\n c\n d\n-e\n+E\n f\n"
        );
        assert_eq!(
            diff("a\nb", "b\nc"),
            "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n-a\n-b\n\\ No newline at end of file\n+b\n+c\n\\ No \
             newline at end of file\n"
        );
        assert_eq!(diff("a\n", ""), "--- a/x\n+++ b/x\n@@ -1,1 +0,0 @@\n-a\n");
    }

    #[test]
    fn changes_that_are_apart_have_hunks_of_their_own() {
        let lines = |edited: &[usize]| -> String {
            (0..30)
                .map(|i| format!("{i}{}\n", if edited.contains(&i) { "!" } else { "" }))
                .collect()
        };
        let heads = |edited: &[usize]| -> Vec<String> {
            (diff(&lines(&[]), &lines(edited)).lines())
                .filter(|line| line.starts_with("@@"))
                .map(str::to_owned)
                .collect()
        };
        assert_eq!(heads(&[5, 12]), ["@@ -3,14 +3,14 @@"]);
        assert_eq!(heads(&[5, 13]), ["@@ -3,7 +3,7 @@", "@@ -11,7 +11,7 @@"]);
    }

    #[test]
    fn a_masked_line_is_no_context() {
        let masked = |text: &str| Masked::new(text.to_owned(), &text.replace("pw", "**")).unwrap();
        let change = |text: &str| Diff::new(&masked("a\nb\npw\nc\nd\n"), &masked(text));
        let far = change("a\nb\npw\nc\nD\n");
        let near = change("a\nB\npw\nc\nd\n");
        let within = change("a\nb\npw!\nc\nd\n");
        assert_eq!(
            far.write("x", false),
            "--- a/x\n+++ b/x\n@@ -4,2 +4,2 @@\n c\n-d\n+D\n"
        );
        assert_eq!(
            near.write("x", false),
            "--- a/x\n+++ b/x\n@@ -2,1 +2,1 @@\n-b\n+B\n"
        );
        assert_eq!([far.bare, near.bare, within.bare], [0, 1, 0]);
        assert_eq!([far.masked, near.masked, within.masked], [0, 0, 1]);
    }

    #[test]
    fn a_hunk_says_what_it_stands_under() {
        let old = "a:\n  b:\n\n    1\n    2\n    3\n    4\n    5\n";
        let hunk = diff(old, &old.replace('5', "x"));
        assert!(hunk.contains("\n@@ -5,4 +5,4 @@ b:\n"), "{hunk}");
    }

    #[test]
    fn large_differences_take_no_long_time() {
        let text =
            |from: usize| (from..from + 20_000).fold(String::new(), |t, i| t + &format!("{i}\n"));
        assert!(diff(&text(0), &text(100_000)).lines().count() > 40_000);
    }

    #[test]
    fn odd_names_are_quoted() {
        assert_eq!(path('a', "/x y"), "a/x y\t");
        assert_eq!(path('b', "ü\"\u{1}"), "\"b/ü\\\"\\001\"");
    }
}
