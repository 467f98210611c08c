//! Java class names.

use crate::syntax::GAP;

/// Why a text is no qualified class name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClassProblem<'a> {
    /// It ends like the name of a file: the suffix.
    FileSuffix(&'a str),
    /// It has a slash or a backslash in it.
    Slash(&'a str),
    /// It has a character that no class name has.
    Character(&'a str),
    /// A word between the dots is empty or begins with a digit.
    Word(&'a str),
    /// It names no package.
    Unqualified,
}

/// Looks for what makes a text no qualified class name. `None` where it is one, or where too
/// little of it is known.
pub fn class_name_problem(text: &str) -> Option<ClassProblem<'_>> {
    for suffix in [".class", ".java", ".jar"] {
        let at = text.len().saturating_sub(suffix.len());
        if let Some(end) = text.get(at..)
            && end.eq_ignore_ascii_case(suffix)
        {
            return Some(ClassProblem::FileSuffix(end));
        }
    }
    let first = |is: fn(char) -> bool| {
        let at = text.find(is)?;
        let len = text.get(at..)?.chars().next()?.len_utf8();
        text.get(at..at + len)
    };
    if let Some(slash) = first(|c| matches!(c, '/' | '\\')) {
        return Some(ClassProblem::Slash(slash));
    }
    if let Some(character) = first(|c| !(c.is_alphanumeric() || matches!(c, '_' | '$' | '.' | GAP)))
    {
        return Some(ClassProblem::Character(character));
    }
    let is_bad_word = |word: &str| word.is_empty() || word.starts_with(|c: char| c.is_numeric());
    let mut from: usize = 0;
    for word in text.split('.') {
        if is_bad_word(word) {
            // An empty word is shown by the dots around it.
            let part = text.get(from.saturating_sub(1)..text.len().min(from + 1));
            return Some(ClassProblem::Word(if word.is_empty() {
                part.unwrap_or(text)
            } else {
                word
            }));
        }
        from += word.len() + 1;
    }
    (!text.contains('.') && !text.contains(GAP)).then_some(ClassProblem::Unqualified)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn class_names_are_told_from_files() {
        for good in [
            "org.postgresql.Driver",
            "com.example.Outer$Inner",
            "\u{FFFC}.Driver",
            "\u{FFFC}",
        ] {
            assert_eq!(class_name_problem(good), None, "{good}");
        }
        let problem = |text| class_name_problem(text).unwrap();
        assert_eq!(problem("org/postgresql/Driver"), ClassProblem::Slash("/"));
        assert_eq!(
            problem("org.postgresql.Driver.Class"),
            ClassProblem::FileSuffix(".Class")
        );
        assert_eq!(
            problem("org/postgresql/Driver.class"),
            ClassProblem::FileSuffix(".class")
        );
        assert_eq!(problem("org.x Driver"), ClassProblem::Character(" "));
        assert_eq!(problem("org..Driver"), ClassProblem::Word(".."));
        assert_eq!(problem(".Driver"), ClassProblem::Word("."));
        assert_eq!(problem("org.Driver."), ClassProblem::Word("."));
        assert_eq!(problem("org.9x.Driver"), ClassProblem::Word("9x"));
        assert_eq!(problem("Driver"), ClassProblem::Unqualified);
    }
}
