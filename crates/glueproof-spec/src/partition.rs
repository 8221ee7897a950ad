//! The partitions of AWS: [`partition`] returns the one that a region belongs to.
//!
//! The table and the order of matching follow `partitions.json`, which the endpoint rules of every AWS SDK contain.
//! Knows no service, and does not check that a region exists.

use std::fmt;

/// A part of AWS with its own accounts, ARNs and host names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Partition {
    /// The second field of an ARN, for example `aws-cn`.
    pub id: &'static str,
    /// The domain of its host names, for example `amazonaws.com.cn`.
    pub dns_suffix: &'static str,
    /// The domain of its host names that also have IPv6 addresses.
    pub dual_stack_dns_suffix: &'static str,
    /// The region of services that have no regions.
    pub global_region: &'static str,
    /// The prefix of the names of its regions. The rest is a word, a hyphen and a number.
    region_prefixes: &'static [&'static str],
}

/// All partitions.
pub const PARTITIONS: [Partition; 8] = [
    Partition {
        id: "aws",
        dns_suffix: "amazonaws.com",
        dual_stack_dns_suffix: "api.aws",
        global_region: "us-east-1",
        region_prefixes: &["us-", "eu-", "ap-", "sa-", "ca-", "me-", "af-", "il-", "mx-"],
    },
    Partition {
        id: "aws-cn",
        dns_suffix: "amazonaws.com.cn",
        dual_stack_dns_suffix: "api.amazonwebservices.com.cn",
        global_region: "cn-northwest-1",
        region_prefixes: &["cn-"],
    },
    Partition {
        id: "aws-eusc",
        dns_suffix: "amazonaws.eu",
        dual_stack_dns_suffix: "api.amazonwebservices.eu",
        global_region: "eusc-de-east-1",
        region_prefixes: &["eusc-de-"],
    },
    Partition {
        id: "aws-iso",
        dns_suffix: "c2s.ic.gov",
        dual_stack_dns_suffix: "api.aws.ic.gov",
        global_region: "us-iso-east-1",
        region_prefixes: &["us-iso-"],
    },
    Partition {
        id: "aws-iso-b",
        dns_suffix: "sc2s.sgov.gov",
        dual_stack_dns_suffix: "api.aws.scloud",
        global_region: "us-isob-east-1",
        region_prefixes: &["us-isob-"],
    },
    Partition {
        id: "aws-iso-e",
        dns_suffix: "cloud.adc-e.uk",
        dual_stack_dns_suffix: "api.cloud-aws.adc-e.uk",
        global_region: "eu-isoe-west-1",
        region_prefixes: &["eu-isoe-"],
    },
    Partition {
        id: "aws-iso-f",
        dns_suffix: "csp.hci.ic.gov",
        dual_stack_dns_suffix: "api.aws.hci.ic.gov",
        global_region: "us-isof-south-1",
        region_prefixes: &["us-isof-"],
    },
    Partition {
        id: "aws-us-gov",
        dns_suffix: "amazonaws.com",
        dual_stack_dns_suffix: "api.aws",
        global_region: "us-gov-west-1",
        region_prefixes: &["us-gov-"],
    },
];

/// Returns the partition of a region. Regions of no known partition belong to `aws`, as in the SDKs.
#[must_use]
pub fn partition(region: &str) -> Partition {
    let [commercial, ..] = PARTITIONS;
    PARTITIONS.into_iter().find(|partition| partition.contains(region)).unwrap_or(commercial)
}

impl Partition {
    fn contains(&self, region: &str) -> bool {
        let is_named = |rest: &str| {
            rest.split_once('-').is_some_and(|(word, number)| is_word(word) && is_number(number))
        };
        region == format!("{}-global", self.id)
            || self.region_prefixes.iter().any(|prefix| region.strip_prefix(prefix).is_some_and(is_named))
    }

    /// Returns the text with `{partition}` and `{dns_suffix}` replaced.
    #[must_use]
    pub fn fill(&self, template: &str) -> String {
        template.replace("{partition}", self.id).replace("{dns_suffix}", self.dns_suffix)
    }
}

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id)
    }
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_')
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_region_belongs_to_the_partition_of_the_endpoint_rules() {
        let expected = [
            ("us-east-1", "aws"),
            ("ap-southeast-7", "aws"),
            ("mx-central-1", "aws"),
            ("aws-global", "aws"),
            ("cn-north-1", "aws-cn"),
            ("cn-northwest-1", "aws-cn"),
            ("aws-cn-global", "aws-cn"),
            ("us-gov-west-1", "aws-us-gov"),
            ("us-gov-east-1", "aws-us-gov"),
            ("us-iso-east-1", "aws-iso"),
            ("us-isob-west-1", "aws-iso-b"),
            ("eu-isoe-west-1", "aws-iso-e"),
            ("us-isof-south-1", "aws-iso-f"),
            ("eusc-de-east-1", "aws-eusc"),
        ];
        assert_eq!(expected.map(|(region, _)| (region, partition(region).id)), expected);
    }

    #[test]
    fn an_unknown_region_belongs_to_the_commercial_partition() {
        for region in ["", "local", "xx-nowhere-1", "cn-north", "us-gov-west-x", "eusc-fr-west-1", "cn--1"] {
            assert_eq!(partition(region).id, "aws", "{region}");
        }
    }
}
