//! Files in Amazon S3.

use super::{INVALID_BUCKET_NAME, NOT_AN_S3_LOCATION, S3_KEY_MISSING, Site, WRONG_FILE_SUFFIX, at};
use crate::check::formats::s3::{BucketProblem, Location, NotS3, bucket_problem, parse_location};
use crate::check::{Findings, Reading};
use crate::spec::Severity;
use crate::syntax::GAP;

pub(super) fn s3_file(
    reading: &Reading<'_>,
    site: &Site<'_>,
    inside: &str,
    findings: &mut Findings,
) {
    let called = site.called();
    let quoted = |part: &str| reading.quote(site.text(), part);
    match parse_location(inside) {
        Ok(None) => {}
        Ok(Some(location)) => {
            if location.scheme != "s3" {
                let why = if location.scheme.eq_ignore_ascii_case("s3") {
                    "is not lower case"
                } else {
                    "is a Hadoop scheme"
                };
                let finding = at(
                    &NOT_AN_S3_LOCATION,
                    site,
                    location.scheme,
                    format!(
                        "{} {why}, but {called} is documented with `s3://`",
                        quoted(location.scheme)
                    ),
                );
                findings.add_at(
                    site.value,
                    finding
                        .severity(Severity::Warning)
                        .help("Begin the location with `s3://`."),
                );
            }
            bucket(reading, site, &location, findings);
            if key_missing(site, &location, findings) {
                return;
            }
        }
        Err(problem) => {
            let (what, help) = match problem {
                NotS3::Web => (
                    "is a web URL",
                    "Write `s3://`, the bucket, `/` and the key.",
                ),
                NotS3::Arn => ("is an ARN", "Write `s3://`, the bucket, `/` and the key."),
                NotS3::Local => (
                    "is a path in a file system",
                    "Upload the file to Amazon S3 and write `s3://`, the bucket, `/` and the key.",
                ),
                NotS3::Scheme(_) => (
                    "belongs to another object store",
                    "Copy the file to Amazon S3 and write `s3://`, the bucket, `/` and the key.",
                ),
                NotS3::Slashes => (
                    "lacks the two slashes of an S3 location",
                    "Begin the location with `s3://`.",
                ),
                NotS3::Other => (
                    "does not begin with `s3://`",
                    "Write `s3://`, the bucket, `/` and the key.",
                ),
            };
            findings.add_at(
                site.value,
                at(
                    &NOT_AN_S3_LOCATION,
                    site,
                    inside,
                    format!(
                        "{} {what}, but {called} takes the location of a file in Amazon S3",
                        quoted(inside)
                    ),
                )
                .help(help),
            );
            return;
        }
    }
    wrong_suffix(reading, site, inside, findings);
}

/// The code of a connector, where it lies in Amazon S3; other places are for a rule of their own.
pub(super) fn connector(
    reading: &Reading<'_>,
    site: &Site<'_>,
    inside: &str,
    findings: &mut Findings,
) {
    if let Ok(Some(location)) = parse_location(inside)
        && location.scheme.eq_ignore_ascii_case("s3")
    {
        bucket(reading, site, &location, findings);
        key_missing(site, &location, findings);
    }
}

fn bucket(
    reading: &Reading<'_>,
    site: &Site<'_>,
    location: &Location<'_>,
    findings: &mut Findings,
) {
    let Some(problem) = bucket_problem(location.bucket) else {
        return;
    };
    let quoted = |part: &str| reading.quote(site.text(), part);
    let name = quoted(location.bucket);
    // An empty bucket is shown by the location around it.
    let whole = if location.bucket.is_empty() {
        site.text().as_str()
    } else {
        location.bucket
    };
    let (part, severity, message) = match problem {
        BucketProblem::Length if location.bucket.is_empty() => (
            whole,
            Severity::Error,
            "there is no bucket between `s3://` and the key".to_owned(),
        ),
        BucketProblem::Length => (
            whole,
            Severity::Error,
            format!("{name} is not a bucket name, which has 3 to 63 characters"),
        ),
        BucketProblem::Character(part) => (
            part,
            Severity::Error,
            format!(
                "{name} is not a bucket name, which cannot contain {}",
                quoted(part)
            ),
        ),
        BucketProblem::Legacy(part) => (
            part,
            Severity::Warning,
            format!(
                "{name} contains {}, which new bucket names cannot",
                quoted(part)
            ),
        ),
        BucketProblem::Edge(part) => (
            whole,
            Severity::Error,
            format!(
                "{name} is not a bucket name, which cannot begin or end with {}",
                quoted(part)
            ),
        ),
        BucketProblem::Dots(part) => (
            part,
            Severity::Error,
            format!("{name} is not a bucket name, which cannot contain two dots in a row"),
        ),
        BucketProblem::Address => (
            whole,
            Severity::Error,
            format!("{name} is not a bucket name, which cannot be an IP address"),
        ),
        BucketProblem::Reserved(prefix) => (
            prefix,
            Severity::Error,
            format!("{name} cannot be your bucket: AWS reserves names with this prefix"),
        ),
        BucketProblem::Example(prefix) => (
            prefix,
            Severity::Warning,
            format!(
                "{name} is from AWS's examples, and nobody can create a bucket with this prefix"
            ),
        ),
    };
    findings.add_at(
        site.value,
        at(&INVALID_BUCKET_NAME, site, part, message)
            .severity(severity)
            .help("Check the name of the bucket in the Amazon S3 console."),
    );
}

/// Whether no file is named; says so.
fn key_missing(site: &Site<'_>, location: &Location<'_>, findings: &mut Findings) -> bool {
    let (part, what) = match location.key {
        None => (location.bucket, "names a bucket"),
        Some("") => (location.bucket, "names a bucket"),
        Some(key) if key.ends_with('/') => (key, "names a folder"),
        Some(_) => return false,
    };
    if part.is_empty() {
        return true;
    }
    findings.add_at(
        site.value,
        at(
            &S3_KEY_MISSING,
            site,
            part,
            format!("{} {what}, but must name a file", site.called()),
        )
        .help("Write the key of the file after the bucket."),
    );
    true
}

fn wrong_suffix(reading: &Reading<'_>, site: &Site<'_>, inside: &str, findings: &mut Findings) {
    let (Some(suffix), Some(key)) = (site.suffix, site.name) else {
        return;
    };
    // Documented for three of the keys; customary for the others.
    let severity = match key {
        "KAFKA_CUSTOM_CERT" | "JDBC_DRIVER_JAR_URI" => Severity::Error,
        "KAFKA_CLIENT_KEYSTORE" => Severity::Warning,
        _ => Severity::Info,
    };
    if !findings.wants(severity) {
        return;
    }
    let known = inside.rsplit(GAP).next().unwrap_or_default();
    let lower = known.to_ascii_lowercase();
    let is_hidden = known.len() != inside.len() && suffix.ends_with(&lower);
    // Certificates go by several suffixes.
    let is_certificate =
        key == "CUSTOM_JDBC_CERT" && [".crt", ".cer", ".der"].iter().any(|s| lower.ends_with(s));
    if lower.ends_with(suffix) || is_hidden || is_certificate {
        return;
    }
    let name = known.rsplit('/').next().unwrap_or_default();
    let ending = name.rfind('.').and_then(|dot| name.get(dot..));
    let part = ending.unwrap_or(name);
    let quoted = reading.quote(site.text(), part);
    let end = match ending {
        Some(_) => format!("this one ends with {quoted}"),
        None => format!("{quoted} has no suffix"),
    };
    let (what, help) = match severity {
        Severity::Info => (
            "usually ends with",
            "Check that the key names the right file.",
        ),
        _ => (
            "must end with",
            "Name a file of the right kind, or rename the file in Amazon S3.",
        ),
    };
    findings.add_at(
        site.value,
        at(
            &WRONG_FILE_SUFFIX,
            site,
            part,
            format!("the file in `{key}` {what} `{suffix}`, but {end}"),
        )
        .severity(severity)
        .help(help),
    );
}
