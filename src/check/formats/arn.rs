//! ARNs, Regions and Availability Zones.
//!
//! Sources: botocore's list of partitions, by way of the facts; the ARN formats of AWS IAM,
//! AWS KMS and AWS Secrets Manager; the names of zones in the guide of Amazon EC2.

use crate::spec::{self, Partition};
use crate::syntax::GAP;

/// The parts of an ARN. A part with a gap is not wholly known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arn<'a> {
    /// `aws`, `aws-cn` and so on.
    pub partition: &'a str,
    /// `iam`, `kms`, `secretsmanager` and so on.
    pub service: &'a str,
    /// The Region; empty where the service is not bound to one.
    pub region: &'a str,
    /// The number of the account.
    pub account: &'a str,
    /// All that follows: `role/etl`, `secret:orders/etl-a1B2c3`.
    pub resource: &'a str,
}

/// Why a text is no ARN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArnProblem<'a> {
    /// It does not begin with `arn:`.
    NotAnArn,
    /// It has fewer than six parts.
    TooFewParts,
    /// There is no such partition.
    UnknownPartition(&'a str),
    /// A part that names a Region names none.
    NotARegion(&'a str),
    /// The Region belongs to the partition that is named beside it.
    RegionOfAnotherPartition(&'a str, &'static str),
    /// An account has twelve digits.
    Account(&'a str),
    /// Nothing follows the account.
    NoResource,
}

impl<'a> Arn<'a> {
    /// Reads an ARN. `None` where too little of it is known.
    ///
    /// # Errors
    ///
    /// [`ArnProblem`] says what is wrong with the first part that is.
    pub fn parse(text: &'a str) -> Result<Option<Arn<'a>>, ArnProblem<'a>> {
        let is_open = text.contains(GAP);
        let Some(rest) = text.strip_prefix("arn:") else {
            // What begins with a gap may begin with anything.
            return if text.starts_with(GAP) || (is_open && "arn:".starts_with(before_gap(text))) {
                Ok(None)
            } else {
                Err(ArnProblem::NotAnArn)
            };
        };
        let mut parts = rest.splitn(5, ':');
        let mut next = || parts.next();
        let (Some(partition), Some(service), Some(region), Some(account), Some(resource)) =
            (next(), next(), next(), next(), next())
        else {
            // A gap may stand for several parts.
            return if is_open {
                Ok(None)
            } else {
                Err(ArnProblem::TooFewParts)
            };
        };
        let arn = Arn {
            partition,
            service,
            region,
            account,
            resource,
        };
        arn.problem().map_or(Ok(Some(arn)), Err)
    }

    fn problem(&self) -> Option<ArnProblem<'a>> {
        let Arn {
            partition,
            region,
            account,
            resource,
            ..
        } = *self;
        let is_known = |part: &str| !part.contains(GAP);
        if is_known(partition) && !spec::partitions().iter().any(|p| p.name == partition) {
            return Some(ArnProblem::UnknownPartition(partition));
        }
        if is_known(region) && !region.is_empty() {
            if !has_region_shape(region) {
                return Some(ArnProblem::NotARegion(region));
            }
            if let Some(own) = partition_of(region)
                && is_known(partition)
                && own.name != partition
            {
                return Some(ArnProblem::RegionOfAnotherPartition(region, own.name));
            }
        }
        // Resources that AWS owns have `aws` in place of an account.
        let is_account = account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit());
        if is_known(account) && !is_account && !matches!(account, "" | "aws") {
            return Some(ArnProblem::Account(account));
        }
        resource.is_empty().then_some(ArnProblem::NoResource)
    }
}

fn before_gap(text: &str) -> &str {
    text.split(GAP).next().unwrap_or_default()
}

/// The words of which the names of Regions are made.
const COMPASS: &[&str] = &[
    "north",
    "south",
    "east",
    "west",
    "central",
    "northeast",
    "northwest",
    "southeast",
    "southwest",
];

/// Whether a Region of that name may exist, by what is known of partitions.
pub fn is_region(name: &str) -> bool {
    partition_of(name).is_some()
}

/// Whether a name is built like that of a Region, be its partition known or not: lower-case words
/// and then a number, joined by hyphens.
pub fn has_region_shape(name: &str) -> bool {
    name.rsplit_once('-').is_some_and(|(words, number)| {
        is_number(number)
            && words.contains('-')
            && words
                .split('-')
                .all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase()))
    })
}

/// The partition to which a Region belongs; `None` where none has Regions of such a name.
pub fn partition_of(region: &str) -> Option<&'static Partition> {
    let (partition, prefix) = spec::partitions()
        .iter()
        .flat_map(|partition| {
            partition
                .region_prefixes
                .iter()
                .map(move |p| (partition, *p))
        })
        .filter(|(_, prefix)| region.starts_with(prefix))
        .max_by_key(|(_, prefix)| prefix.len())?;
    let (words, number) = region.get(prefix.len()..)?.rsplit_once('-')?;
    // In the sovereign cloud the name of a country comes first.
    let direction = match words.split_once('-') {
        Some((country, rest)) if country.len() == 2 => rest,
        _ => words,
    };
    (is_number(number) && COMPASS.contains(&direction)).then_some(partition)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && !text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit())
}

/// Whether a name is that of an Availability Zone (`eu-west-1a`), a Local Zone
/// (`us-west-2-lax-1a`) or a Wavelength Zone (`us-east-1-wl1-bos-wlz-1`).
pub fn is_availability_zone(name: &str) -> bool {
    region_of_zone(name).is_some()
}

/// The Region of a zone: of `eu-west-1a`, `eu-west-1`. `None` where the name is that of no zone.
pub fn region_of_zone(name: &str) -> Option<&str> {
    let number = name.find(|c: char| c.is_ascii_digit())?;
    let from_number = name.get(number..)?;
    let digits = from_number
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(from_number.len());
    let (region, rest) = name.split_at_checked(number + digits)?;
    let is_letter = |text: &str| text.len() == 1 && text.bytes().all(|b| b.is_ascii_lowercase());
    let is_place = |text: &str| {
        text.split('-').count() >= 2
            && text.split('-').all(|word| {
                !word.is_empty()
                    && word
                        .bytes()
                        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
            })
    };
    let is_zone = is_letter(rest) || rest.strip_prefix('-').is_some_and(is_place);
    (is_zone && has_region_shape(region)).then_some(region)
}

/// Whether a name is the id of a zone, such as `euw1-az2`, which is the same zone in every
/// account. The API wants the name, not the id.
pub fn is_zone_id(name: &str) -> bool {
    name.rsplit_once("-az").is_some_and(|(region, number)| {
        // Behind a Region's letters and number may stand the name of a Local Zone.
        let region = region.split('-').next().unwrap_or_default();
        let letters = region.trim_end_matches(|c: char| c.is_ascii_digit());
        is_number(number)
            && letters.len() >= 3
            && letters.len() < region.len()
            && letters.bytes().all(|b| b.is_ascii_lowercase())
    })
}

/// The Region in the first endpoint of AWS that is found in a text: of
/// `jdbc:mysql://orders.abc.eu-west-1.rds.amazonaws.com/orders`, the slice `eu-west-1`.
pub fn region_in_endpoint(text: &str) -> Option<&str> {
    let is_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | GAP);
    text.split(|c| !is_host(c))
        .filter(|host| {
            spec::partitions().iter().any(|partition| {
                host.strip_suffix(partition.dns_suffix)
                    .is_some_and(|rest| rest.ends_with('.'))
            })
        })
        .flat_map(|host| host.split('.'))
        .find(|label| is_region(label))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_are_taken_apart() {
        let arn =
            Arn::parse("arn:aws:secretsmanager:eu-west-1:123456789012:secret:orders/etl-a1B2c3");
        assert_eq!(
            arn,
            Ok(Some(Arn {
                partition: "aws",
                service: "secretsmanager",
                region: "eu-west-1",
                account: "123456789012",
                resource: "secret:orders/etl-a1B2c3",
            }))
        );
        assert!(matches!(
            Arn::parse("arn:aws:iam::123456789012:role/etl"),
            Ok(Some(_))
        ));
        let problem = |text| Arn::parse(text).unwrap_err();
        assert_eq!(problem("orders/etl"), ArnProblem::NotAnArn);
        assert_eq!(problem("arn:aws:iam::role"), ArnProblem::TooFewParts);
        assert_eq!(
            problem("arn:amazon:iam::123456789012:role/etl"),
            ArnProblem::UnknownPartition("amazon")
        );
        assert_eq!(
            problem("arn:aws:kms:eu-west-1a:123456789012:key/x"),
            ArnProblem::NotARegion("eu-west-1a")
        );
        assert_eq!(
            problem("arn:aws:kms:cn-north-1:123456789012:key/x"),
            ArnProblem::RegionOfAnotherPartition("cn-north-1", "aws-cn")
        );
        assert_eq!(
            problem("arn:aws:iam::1234:role/etl"),
            ArnProblem::Account("1234")
        );
        assert_eq!(
            problem("arn:aws:iam::123456789012:"),
            ArnProblem::NoResource
        );
    }

    #[test]
    fn gaps_are_good_parts() {
        let arn = Arn::parse("arn:\u{FFFC}:kms:\u{FFFC}:\u{FFFC}:key/x");
        assert_eq!(
            arn.ok().flatten().map(|arn| (arn.service, arn.resource)),
            Some(("kms", "key/x"))
        );
        assert_eq!(Arn::parse("\u{FFFC}:role/etl"), Ok(None));
        assert_eq!(Arn::parse("arn:aws:\u{FFFC}"), Ok(None));
        assert_eq!(
            Arn::parse("arn:aws:iam::12\u{FFFC}:").unwrap_err(),
            ArnProblem::NoResource
        );
    }

    #[test]
    fn regions_and_zones_are_told_apart() {
        let partition = |name| partition_of(name).map(|partition| partition.name);
        assert_eq!(partition("eu-west-1"), Some("aws"));
        assert_eq!(partition("us-gov-west-1"), Some("aws-us-gov"));
        assert_eq!(partition("us-isob-east-1"), Some("aws-iso-b"));
        assert_eq!(partition("eusc-de-east-1"), Some("aws-eusc"));
        assert_eq!(partition("cn-northwest-1"), Some("aws-cn"));
        assert_eq!(partition("eu-wets-1"), None);
        assert_eq!(partition("eu-west-1a"), None);
        assert_eq!(partition("us-west"), None);
        assert!(has_region_shape("nz-north-1") && !is_region("nz-north-1"));
        assert_eq!(region_of_zone("eu-west-1a"), Some("eu-west-1"));
        assert_eq!(region_of_zone("us-west-2-lax-1a"), Some("us-west-2"));
        assert_eq!(region_of_zone("us-east-1-wl1-bos-wlz-1"), Some("us-east-1"));
        assert_eq!(region_of_zone("eusc-de-east-1a"), Some("eusc-de-east-1"));
        for name in ["eu-west-1", "euw1-az2", "eu-west-1A", "a", "", "eu-west-1-"] {
            assert_eq!(region_of_zone(name), None, "{name}");
        }
        for id in ["use1-az1", "usgw1-az1", "usw2-lax1-az1"] {
            assert!(is_zone_id(id), "{id}");
        }
        assert!(!is_zone_id("eu-west-1a") && !is_zone_id("-az1"));
    }

    #[test]
    fn endpoints_name_their_region() {
        for text in [
            "jdbc:mysql://orders.abc.eu-west-1.rds.amazonaws.com:3306/orders",
            "b-1.orders.abc.c2.kafka.eu-west-1.amazonaws.com:9098,b-2.x:9098",
            "mongodb://db.example.org,orders.abc.eu-west-1.docdb.amazonaws.com/x",
        ] {
            assert_eq!(region_in_endpoint(text), Some("eu-west-1"), "{text}");
        }
        for text in [
            "jdbc:mysql://db.eu-west-1.example.org/orders",
            "orders.abc.\u{FFFC}.rds.amazonaws.com",
            "s3.amazonaws.com",
        ] {
            assert_eq!(region_in_endpoint(text), None, "{text}");
        }
    }
}
