//! Floor 4: what somebody has looked at and allows: suppressions, in comments and in data.
//!
//! A suppression governs a part of a document, and takes the findings of its rules there out of the
//! report. What is wrong with suppressions themselves is found here too: one that is malformed, has
//! run out or takes nothing away would else stay forever.

mod comments;
mod data;
mod date;
mod directive;
mod governed;
mod trouble;
mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::check::{self, suppressions};
use crate::diag::{Finding, Fix, Secrets};
use crate::spec::{Overlay, Rule, near};
use crate::syntax::{Language, Outline, Text, Tree};
use crate::text::{Edit, FileId, Place, Span, Unit};

pub use date::Date;
pub use write::{Additions, Wording, additions};

use comments::{Comment, Comments};
use data::Data;
use directive::{Directive, Malformed};
use governed::Governed;
use trouble::Trouble;

/// The word by which a suppression is found.
const WORD: &[u8] = b"gluelint";

/// A finding that is not reported, since somebody allows it.
#[derive(Clone, Debug)]
pub struct Allowed {
    /// The finding.
    pub finding: Finding,
    /// Why it is allowed; empty where nobody says.
    pub reason: String,
    /// Where that is written, if it is in the document.
    pub(crate) reason_place: Place,
    /// Whether the document allows it, and not a configuration.
    pub in_source: bool,
}

/// What a configuration allows: for documents that have no comments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permission {
    /// The name of the rule.
    pub rule: String,
    /// The connection that it is about, as findings call it; `None` for any.
    pub connection: Option<String>,
    /// Whole segments of the logical path that it is about, one behind the other; `None` for any.
    pub path: Option<String>,
    /// The last day on which it holds.
    pub until: Option<Date>,
    /// Why; empty where nobody says.
    pub reason: String,
}

impl fmt::Display for Permission {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.rule)?;
        for part in [&self.connection, &self.path].into_iter().flatten() {
            write!(formatter, " {part}")?;
        }
        if let Some(until) = self.until {
            write!(formatter, " until {until}")?;
        }
        Ok(())
    }
}

impl Permission {
    /// Whether it allows a finding on that day.
    pub fn covers(&self, finding: &Finding, today: Option<Date>) -> bool {
        finding.rule.name == self.rule
            && !check::cannot_be_allowed(finding.rule.name)
            && !self.until.is_some_and(|until| until.is_over(today))
            && (self.connection.as_ref()).is_none_or(|it| *it == finding.connection)
            && (self.path.as_ref()).is_none_or(|path| is_on_path(path, &finding.path))
    }

    /// The finding as one that it allows.
    pub(crate) fn allow(&self, finding: &Finding) -> Allowed {
        Allowed {
            finding: finding.clone(),
            reason: self.reason.clone(),
            reason_place: Place::default(),
            in_source: false,
        }
    }
}

/// A name in the list of suppressions: the index of its suppression, and its own in that.
type Nth = (usize, usize);

/// The suppressions of the files of a unit. Spans count bytes of the unit's text.
#[derive(Debug, Default)]
pub(crate) struct Suppressions {
    list: Vec<Suppression>,
    troubles: Vec<(Span, Trouble)>,
}

/// A suppression.
#[derive(Debug)]
struct Suppression {
    /// Where it is written: a comment with its mark, an item of `allow`.
    place: Span,
    names: Vec<Name>,
    until: Option<(Span, Date)>,
    reason: Reason,
    /// What it governs; `None` where there is nothing.
    governs: Option<Span>,
    /// The logical path that it is narrowed to.
    path: Option<String>,
    is_comment: bool,
}

/// What should be the name of a rule.
#[derive(Debug)]
struct Name {
    text: String,
    span: Span,
    rule: Option<&'static Rule>,
    /// Whether it took a finding out of the report.
    is_used: bool,
}

#[derive(Debug, Default)]
struct Reason {
    text: String,
    span: Span,
}

/// What has to be known to judge suppressions.
#[derive(Clone, Copy)]
pub(crate) struct Terms<'a> {
    /// The day on which suppressions are judged; without it, none has run out.
    pub(crate) today: Option<Date>,
    /// Whether each must have a reason.
    pub(crate) needs_reason: bool,
    /// Whether nobody wants to know what a rule finds.
    pub(crate) is_off: &'a dyn Fn(&str) -> bool,
}

impl Name {
    fn new(text: &str, span: Span) -> Name {
        Name {
            text: text.to_owned(),
            span,
            rule: check::rule(text),
            is_used: false,
        }
    }
}

impl Suppressions {
    /// Finds the suppressions in the files of a unit.
    pub(crate) fn of(unit: &Unit, trees: &[Tree<'_>], overlay: &Overlay) -> Suppressions {
        let mut found = Suppressions::default();
        for (part, tree) in unit.parts().iter().zip(trees) {
            if memchr::memmem::find(unit.text_of(part).as_bytes(), WORD).is_none() {
                continue;
            }
            if tree.language() != Language::Hcl {
                let mut data = Data {
                    file: part.span,
                    suppressions: &mut found.list,
                    troubles: &mut found.troubles,
                };
                data.find(tree);
            }
            let comments = Comments {
                text: unit.text(),
                file: part.span,
                language: tree.language(),
                outline: &Outline::of(tree),
            };
            for comment in comments.all() {
                found.add(comment, unit.text());
            }
        }
        let names = found.list.iter_mut().flat_map(|it| &mut it.names);
        for name in names.filter(|name| name.rule.is_none()) {
            let mut policies = overlay.policies.iter().map(|policy| policy.rule);
            name.rule = policies.find(|rule| rule.name == name.text);
        }
        found
    }

    fn add(&mut self, comment: Comment, text: &str) {
        let span_of = |range: std::ops::Range<usize>| {
            let span = Span::of(range);
            Span::new(comment.start + span.start, comment.start + span.end)
        };
        match comment.directive {
            Err(Malformed { range, fault }) => {
                // There may be nothing to underline behind the colon.
                let span = Some(span_of(range)).filter(|span| !span.is_empty());
                let trouble = Trouble::Directive(fault);
                self.troubles.push((span.unwrap_or(comment.span), trouble));
            }
            Ok(Directive {
                names,
                until,
                reason,
                ..
            }) => {
                let name = |range| {
                    let span = span_of(range);
                    Name::new(span.slice(text), span)
                };
                let reason = span_of(reason);
                self.list.push(Suppression {
                    place: comment.span,
                    names: names.into_iter().map(name).collect(),
                    until: until.map(|(range, date)| (span_of(range), date)),
                    reason: Reason {
                        text: reason.slice(text).to_owned(),
                        span: reason,
                    },
                    governs: comment.governs,
                    path: None,
                    is_comment: true,
                });
            }
        }
    }

    /// Whether there are none, nor anything that should be one.
    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty() && self.troubles.is_empty()
    }

    /// Takes the findings that are allowed out of `findings`.
    pub(crate) fn take(&mut self, findings: &mut Vec<Finding>, terms: Terms<'_>) -> Vec<Allowed> {
        let mut by_rule: BTreeMap<String, Vec<(Span, Nth)>> = BTreeMap::new();
        for (at, suppression) in self.list.iter().enumerate() {
            let Some(governed) = suppression
                .governs
                .filter(|_| !suppression.has_run_out(terms))
            else {
                continue;
            };
            for (nth, name) in suppression.names.iter().enumerate() {
                if name.may_be_allowed() {
                    let of_rule = by_rule.entry(name.text.clone()).or_default();
                    of_rule.push((governed, (at, nth)));
                }
            }
        }
        let by_rule: BTreeMap<String, Governed<Nth>> = (by_rule.into_iter())
            .map(|(rule, spans)| (rule, Governed::new(spans)))
            .collect();
        let mut allowed = Vec::new();
        findings.retain(|finding| {
            let mut reason: Option<(String, Span)> = None;
            // In the order in which they are written.
            let near: BTreeSet<Nth> = (by_rule.get(finding.rule.name).into_iter())
                .flat_map(|governed| {
                    judged_places(finding).flat_map(|place| governed.at(place.span.start))
                })
                .copied()
                .collect();
            for (at, nth) in near {
                let Some(suppression) = self.list.get_mut(at).filter(|it| it.covers(finding))
                else {
                    continue;
                };
                // Each that would do is used: none of them is stale.
                if let Some(name) = suppression.names.get_mut(nth) {
                    name.is_used = true;
                }
                let said = &suppression.reason;
                if reason.as_ref().is_none_or(|(text, _)| text.is_empty()) {
                    reason = Some((said.text.clone(), said.span));
                }
            }
            let Some((reason, span)) = reason else {
                return true;
            };
            allowed.push(Allowed {
                finding: finding.clone(),
                reason,
                reason_place: here(span),
                in_source: true,
            });
            false
        });
        allowed
    }

    /// What is wrong with the suppressions in the files that `is_read` knows as read in full. Where
    /// not everything was found, `all_found` being false, none is called unused.
    pub(crate) fn findings(
        &self,
        terms: Terms<'_>,
        text: &str,
        secrets: &Secrets,
        is_read: &dyn Fn(Span) -> bool,
        all_found: bool,
    ) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (span, trouble) in self.troubles.iter().filter(|(span, _)| is_read(*span)) {
            findings.push(trouble.finding(*span, text, secrets));
        }
        for suppression in self.list.iter().filter(|it| is_read(it.place)) {
            suppression.judge(terms, text, secrets, all_found, &mut findings);
        }
        findings
    }
}

fn here(span: Span) -> Place {
    Place {
        file: FileId::default(),
        span,
    }
}

/// The place of a finding, and where the text is written that it is about.
fn judged_places(finding: &Finding) -> impl Iterator<Item = Place> {
    let origins = finding.labels.iter().filter(|label| label.is_origin);
    std::iter::once(finding.place).chain(origins.map(|label| label.place))
}

impl Name {
    fn may_be_allowed(&self) -> bool {
        self.rule
            .is_some_and(|rule| !check::cannot_be_allowed(rule.name))
    }
}

impl Suppression {
    fn has_run_out(&self, terms: Terms<'_>) -> bool {
        (self.until.as_ref()).is_some_and(|(_, until)| until.is_over(terms.today))
    }

    /// Whether it governs a place that a finding is judged by.
    fn covers(&self, finding: &Finding) -> bool {
        let Some(governed) = self.governs else {
            return false;
        };
        let is_governed = |place: Place| {
            // What is found behind the last line of a text has no length.
            governed.contains(place.span)
                || (governed.start <= place.span.start && place.span.start < governed.end)
        };
        judged_places(finding).any(is_governed)
            && (self.path.as_ref()).is_none_or(|path| is_on_path(path, &finding.path))
    }

    fn judge(
        &self,
        terms: Terms<'_>,
        text: &str,
        secrets: &Secrets,
        all_found: bool,
        findings: &mut Vec<Finding>,
    ) {
        if terms.needs_reason && self.reason.text.is_empty() {
            findings.push(suppressions::without_reason(here(self.place)));
        }
        if let Some((span, until)) = self.until.as_ref().filter(|_| self.has_run_out(terms)) {
            let finding = suppressions::expired(here(*span), &until.to_string());
            // With it goes the reason, which somebody should read.
            findings.push(finding.fix(self.removal(text).map(Fix::unsafe_to_apply)));
        }
        for (nth, name) in self.names.iter().enumerate() {
            let place = here(name.span);
            let Some(rule) = name.rule else {
                // A rule of a team's own may be known with another configuration.
                if !name.text.contains('/') {
                    findings.push(name.unknown(text, secrets));
                }
                continue;
            };
            let finding = if check::cannot_be_allowed(rule.name) {
                suppressions::never_allowed(place, rule)
            } else if name.is_used
                || !all_found
                || self.has_run_out(terms)
                || (terms.is_off)(rule.name)
            {
                continue;
            } else {
                suppressions::unused(place, rule, self.governs.map(here), self.is_comment)
            };
            findings.push(finding.fix(self.without(nth, text)));
        }
    }

    /// Whether a name of it is of no use, and a fix may take it away.
    fn is_idle(name: &Name) -> bool {
        name.rule.is_some() && !name.is_used
    }

    /// Takes a name away, and with the last one the comment.
    fn without(&self, nth: usize, text: &str) -> Option<Fix> {
        if !self.is_comment {
            return None;
        }
        if self.names.iter().all(Suppression::is_idle) {
            return self.removal(text);
        }
        let name = self.names.get(nth)?;
        let span = match (nth.checked_sub(1), self.names.get(nth + 1)) {
            (_, Some(next)) => Span::new(name.span.start, next.span.start),
            (Some(before), None) => Span::new(self.names.get(before)?.span.end, name.span.end),
            (None, None) => return None,
        };
        let title = format!("Remove `{}`", name.rule?.name);
        Some(Fix::written(title, vec![Edit::delete(span)]))
    }

    /// Takes a comment away, and its line if there is nothing else.
    fn removal(&self, text: &str) -> Option<Fix> {
        if !self.is_comment {
            return None;
        }
        let before = text.get(..self.place.start as usize)?;
        let behind = text.get(self.place.end as usize..)?;
        let kept = before.trim_end_matches([' ', '\t']);
        let line_break = ["\r\n", "\n"].into_iter().find(|it| behind.starts_with(it));
        let is_alone = kept.is_empty() || kept.ends_with('\n');
        let end = self.place.end as usize;
        let span = match line_break {
            Some(line_break) if is_alone => Span::of(kept.len()..end + line_break.len()),
            // Something may stand behind a comment of HCL.
            None if !behind.is_empty() => self.place,
            _ => Span::of(kept.len()..end),
        };
        Some(Fix::written("Remove the comment", vec![Edit::delete(span)]))
    }
}

impl Name {
    fn unknown(&self, text: &str, secrets: &Secrets) -> Finding {
        let name = self.text.as_str();
        if matches!(name, "all" | "*") {
            return suppressions::not_all(here(self.span));
        }
        let nearest = near::nearest(name, check::rules().map(|rule| rule.name));
        let written = Text::verbatim(self.span.slice(text), self.span.start);
        let quoted = secrets.quote(&written, written.as_str());
        // What is no word of ours may be anything, even a secret.
        let is_name =
            name.contains('-') && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
        let quoted = Some(&*quoted).filter(|_| is_name);
        let finding = suppressions::unknown_rule(here(self.span), quoted, nearest);
        // In data, it stands in quotes or not.
        let fix = nearest.filter(|_| written.as_str() == name).map(|nearest| {
            Fix::written(
                format!("Write `{nearest}`"),
                vec![Edit::new(self.span, nearest)],
            )
        });
        finding.fix(fix)
    }
}

/// Whether a part of a logical path, of one or several whole segments, is in another.
fn is_on_path(part: &str, path: &str) -> bool {
    let is_edge = |c: Option<char>| c.is_none_or(|c| matches!(c, '.' | '[' | ']'));
    (path.match_indices(part)).any(|(at, _)| {
        let before = path.get(..at).and_then(|it| it.chars().next_back());
        let behind = path.get(at + part.len()..).and_then(|it| it.chars().next());
        is_edge(before) && (is_edge(behind) || part.is_empty())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_matched_by_whole_segments() {
        let path = "Resources.Orders.ConnectionInput.ConnectionProperties.PORT";
        for part in ["PORT", "ConnectionProperties.PORT", "Resources", path] {
            assert!(is_on_path(part, path), "{part}");
        }
        for part in ["POR", "Connection", "PORT.x", "Orders.PORT"] {
            assert!(!is_on_path(part, path), "{part}");
        }
        assert!(is_on_path("List[3]", "List[3].Name"));
    }
}
