//! Where the services of a target are: all at one address, or each where AWS has it. Sends nothing.

use std::collections::BTreeMap;

/// Where the services of a target are.
#[derive(Debug, Clone)]
pub(super) enum Addresses {
    /// All there.
    One {
        /// The address.
        url: String,
        /// Region to sign for.
        region: String,
    },
    /// Each where AWS has it, but for those that are told to be elsewhere.
    Aws {
        /// Region.
        region: String,
        /// The part of AWS that the region is in.
        partition: Partition,
        /// By what services are called in host names.
        elsewhere: BTreeMap<String, String>,
    },
}

/// An address, and the region that calls to it are signed for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    pub url: String,
    pub region: String,
}

/// A part of AWS with accounts and host names of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Partition {
    /// What all its host names end in.
    pub domain: &'static str,
    /// Where it has IAM, and the region that is signed for there.
    iam: (&'static str, &'static str),
}

/// Whether a host is one of AWS's own.
pub(super) fn is_aws(host: &str) -> bool {
    const DOMAINS: [&str; 3] = [".amazonaws.com", ".amazonaws.com.cn", ".api.aws"];
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    DOMAINS.iter().any(|domain| host.ends_with(domain))
}

impl Partition {
    /// That of a region, if we know it.
    pub fn of(region: &str) -> Option<Self> {
        const COMMERCIAL: Partition =
            Partition { domain: "amazonaws.com", iam: ("https://iam.amazonaws.com", "us-east-1") };
        const CHINA: Partition = Partition {
            domain: "amazonaws.com.cn",
            iam: ("https://iam.cn-north-1.amazonaws.com.cn", "cn-north-1"),
        };
        const GOVERNMENT: Partition =
            Partition { domain: "amazonaws.com", iam: ("https://iam.us-gov.amazonaws.com", "us-gov-west-1") };
        let plain = region.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        match region {
            _ if !plain || region.contains("-iso") || region.starts_with("eusc-") => None,
            _ if region.starts_with("cn-") => Some(CHINA),
            _ if region.starts_with("us-gov-") => Some(GOVERNMENT),
            _ => Some(COMMERCIAL),
        }
    }
}

impl Addresses {
    /// The places where services are told to be.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        let (one, many) = match self {
            Self::One { url, .. } => (Some(url), None),
            Self::Aws { elsewhere, .. } => (None, Some(elsewhere.values())),
        };
        one.into_iter().chain(many.into_iter().flatten()).map(String::as_str)
    }

    /// Of a service, by what it is called in host names.
    pub fn of(&self, prefix: &str) -> Address {
        match self {
            Self::One { url, region } => Address { url: url.clone(), region: region.clone() },
            Self::Aws { region, partition, elsewhere } => match elsewhere.get(prefix) {
                Some(url) => Address { url: url.clone(), region: region.clone() },
                None if prefix == "iam" => {
                    Address { url: partition.iam.0.to_owned(), region: partition.iam.1.to_owned() }
                }
                None => Address {
                    url: format!("https://{prefix}.{region}.{}", partition.domain),
                    region: region.clone(),
                },
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(region: &str, prefix: &str) -> (String, String) {
        let partition = Partition::of(region).unwrap();
        let addresses = Addresses::Aws { region: region.to_owned(), partition, elsewhere: BTreeMap::new() };
        let Address { url, region } = addresses.of(prefix);
        (url, region)
    }

    #[test]
    fn hosts_of_aws_are_known_whatever_their_case() {
        for host in
            ["glue.us-east-1.amazonaws.com", "Glue.cn-north-1.AmazonAWS.com.cn.", "glue.eu-west-1.api.aws"]
        {
            assert!(is_aws(host), "{host}");
        }
        for host in
            ["localhost", "amazonaws.com.example", "notamazonaws.com", "glue.localhost.localstack.cloud"]
        {
            assert!(!is_aws(host), "{host}");
        }
    }

    #[test]
    fn each_service_has_its_own_host() {
        let there = |url: &str, region: &str| (url.to_owned(), region.to_owned());
        assert_eq!(of("eu-west-1", "glue"), there("https://glue.eu-west-1.amazonaws.com", "eu-west-1"));
        assert_eq!(of("eu-west-1", "logs"), there("https://logs.eu-west-1.amazonaws.com", "eu-west-1"));
        assert_eq!(of("eu-west-1", "iam"), there("https://iam.amazonaws.com", "us-east-1"));
        assert_eq!(of("cn-north-1", "sts"), there("https://sts.cn-north-1.amazonaws.com.cn", "cn-north-1"));
        assert_eq!(of("us-gov-east-1", "iam").1, "us-gov-west-1");
        assert!(Partition::of("us-iso-east-1").is_none());
        assert!(Partition::of("evil.example/").is_none());
    }
}
