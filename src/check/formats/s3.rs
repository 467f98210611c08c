//! S3 locations: `s3://bucket/key`.
//!
//! Sources: the developer guide of AWS Glue, which asks for absolute Amazon S3 paths; the naming
//! rules for buckets in the guide of Amazon S3.

use crate::syntax::GAP;

/// The parts of a location in S3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Location<'a> {
    /// What stands before `://`.
    pub scheme: &'a str,
    /// The bucket, or the alias of an access point.
    pub bucket: &'a str,
    /// The key; `None` where nothing separates it from the bucket.
    pub key: Option<&'a str>,
}

impl<'a> Location<'a> {
    /// The last part of the key.
    pub fn file_name(&self) -> Option<&'a str> {
        let key = self.key?;
        Some(key.rsplit_once('/').map_or(key, |(_, name)| name))
    }
}

/// What a text is that is no S3 location.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotS3<'a> {
    /// An `http:` or `https:` URL.
    Web,
    /// An ARN.
    Arn,
    /// A `file:` URL or a path in a file system.
    Local,
    /// A URL of another scheme: the scheme.
    Scheme(&'a str),
    /// `s3:` without two slashes.
    Slashes,
    /// Something else.
    Other,
}

/// Reads an S3 location. `None` where too little of it is known.
///
/// # Errors
///
/// [`NotS3`] says what it is instead.
pub fn parse_location(text: &str) -> Result<Option<Location<'_>>, NotS3<'_>> {
    let lower = |prefix: &str| {
        text.get(..prefix.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    let Some((scheme, rest)) = text.split_once("://") else {
        return if text.starts_with(GAP) {
            Ok(None)
        } else if lower("arn:") {
            Err(NotS3::Arn)
        } else if lower("s3:") {
            Err(NotS3::Slashes)
        } else if lower("file:") || is_local_path(text) {
            Err(NotS3::Local)
        } else if text.contains(GAP) {
            Ok(None)
        } else {
            Err(NotS3::Other)
        };
    };
    if scheme.contains(GAP) {
        return Ok(None);
    }
    match scheme.to_ascii_lowercase().as_str() {
        "s3" | "s3a" | "s3n" => {}
        "http" | "https" => return Err(NotS3::Web),
        "file" => return Err(NotS3::Local),
        _ => return Err(NotS3::Scheme(scheme)),
    }
    let (bucket, key) = match rest.split_once('/') {
        Some((bucket, key)) => (bucket, Some(key)),
        // A gap may hold the slash too.
        None if rest.contains(GAP) => return Ok(None),
        None => (rest, None),
    };
    Ok(Some(Location {
        scheme,
        bucket,
        key,
    }))
}

fn is_local_path(text: &str) -> bool {
    let mut characters = text.chars();
    let is_drive = characters.next().is_some_and(|c| c.is_ascii_alphabetic())
        && characters.next() == Some(':')
        && matches!(characters.next(), Some('\\' | '/'));
    is_drive
        || text.starts_with(['/', '~', '\\'])
        || text.starts_with("./")
        || text.starts_with("..")
}

/// Why a text is no name of a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BucketProblem<'a> {
    /// It is shorter than 3 characters or longer than 63.
    Length,
    /// It has a character that no bucket's name has.
    Character(&'a str),
    /// It has upper-case letters or underscores, as only old buckets in `us-east-1` have.
    Legacy(&'a str),
    /// It begins or ends with neither a letter nor a digit.
    Edge(&'a str),
    /// Two dots in a row.
    Dots(&'a str),
    /// It looks like an IPv4 address.
    Address,
    /// It begins with what AWS keeps for itself.
    Reserved(&'a str),
    /// It begins as the buckets in AWS's examples do.
    Example(&'a str),
}

/// Looks for what is wrong with the name of a bucket. `None` where nothing is, or where a part of
/// it is not known. The aliases of access points are good names.
pub fn bucket_problem(name: &str) -> Option<BucketProblem<'_>> {
    if name.contains(GAP) {
        return None;
    }
    let part = |is: &dyn Fn(char) -> bool| {
        let at = name.find(is)?;
        let len = name.get(at..)?.chars().next()?.len_utf8();
        name.get(at..at + len)
    };
    let is_usual = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-');
    let is_legacy = |c: char| c.is_ascii_uppercase() || c == '_';
    if let Some(character) = part(&|c| !is_usual(c) && !is_legacy(c)) {
        return Some(BucketProblem::Character(character));
    }
    if let Some(character) = part(&is_legacy) {
        return Some(if (3..=255).contains(&name.len()) {
            BucketProblem::Legacy(character)
        } else {
            BucketProblem::Length
        });
    }
    if !(3..=63).contains(&name.len()) {
        return Some(BucketProblem::Length);
    }
    if name.starts_with(['.', '-']) {
        return name.get(..1).map(BucketProblem::Edge);
    }
    if name.ends_with(['.', '-']) {
        return name.get(name.len() - 1..).map(BucketProblem::Edge);
    }
    if let Some(at) = name.find("..") {
        return name.get(at..at + 2).map(BucketProblem::Dots);
    }
    if name.parse::<std::net::Ipv4Addr>().is_ok() {
        return Some(BucketProblem::Address);
    }
    let start = |prefix: &str| name.get(..prefix.len()).filter(|start| *start == prefix);
    if let Some(prefix) = ["xn--", "sthree-"].iter().find_map(|prefix| start(prefix)) {
        return Some(BucketProblem::Reserved(prefix));
    }
    start("amzn-s3-demo-").map(BucketProblem::Example)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locations_are_taken_apart() {
        assert_eq!(
            parse_location("s3://drivers/jdbc/x.jar"),
            Ok(Some(Location {
                scheme: "s3",
                bucket: "drivers",
                key: Some("jdbc/x.jar"),
            }))
        );
        let key = |text| parse_location(text).ok().flatten().and_then(|l| l.key);
        assert_eq!(key("s3://drivers"), None);
        assert_eq!(key("s3a://drivers/"), Some(""));
        assert_eq!(key("s3://\u{FFFC}/x.jar"), Some("x.jar"));
        for unknown in [
            "\u{FFFC}/x.jar",
            "s3://\u{FFFC}",
            "s3://a-\u{FFFC}",
            "a\u{FFFC}",
        ] {
            assert_eq!(parse_location(unknown), Ok(None), "{unknown}");
        }
        let not = |text| parse_location(text).unwrap_err();
        assert_eq!(not("https://drivers.s3.amazonaws.com/x.jar"), NotS3::Web);
        assert_eq!(not("arn:aws:s3:::drivers/x.jar"), NotS3::Arn);
        assert_eq!(not("/opt/x.jar"), NotS3::Local);
        assert_eq!(not("file:///opt/x.jar"), NotS3::Local);
        assert_eq!(not("C:\\x.jar"), NotS3::Local);
        assert_eq!(not("gs://drivers/x.jar"), NotS3::Scheme("gs"));
        assert_eq!(not("s3:/drivers/x.jar"), NotS3::Slashes);
        assert_eq!(not("drivers/x.jar"), NotS3::Other);
    }

    #[test]
    fn buckets_have_names() {
        for good in [
            "drivers",
            "my.bucket-1",
            "orders-abcd1234-s3alias",
            "orders--use1-az4--x-s3",
            "a\u{FFFC}_",
        ] {
            assert_eq!(bucket_problem(good), None, "{good}");
        }
        let problem = |name| bucket_problem(name).unwrap();
        assert_eq!(problem("ab"), BucketProblem::Length);
        assert_eq!(problem(""), BucketProblem::Length);
        assert_eq!(problem("my bucket"), BucketProblem::Character(" "));
        assert_eq!(problem("My_bucket"), BucketProblem::Legacy("M"));
        assert_eq!(problem("-drivers"), BucketProblem::Edge("-"));
        assert_eq!(problem("drivers."), BucketProblem::Edge("."));
        assert_eq!(problem("my..bucket"), BucketProblem::Dots(".."));
        assert_eq!(problem("10.0.0.1"), BucketProblem::Address);
        assert_eq!(problem("xn--drivers"), BucketProblem::Reserved("xn--"));
        assert_eq!(
            problem("amzn-s3-demo-bucket"),
            BucketProblem::Example("amzn-s3-demo-")
        );
    }
}
