//! The addresses of a target's services, and the URLs that name them.
//!
//! Sends nothing and resolves no host name. The entry points are [`ServiceAddresses`], [`parse_url`] and [`is_loopback`].

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};

use http::Uri;

use super::error::ConnectError;
use crate::model::{PARTITIONS, Partition};

/// The URL in error messages.
const EXAMPLE_URL: &str = "http://127.0.0.1:5000";

/// The addresses of the services of a target.
#[derive(Debug, Clone)]
pub(super) enum ServiceAddresses {
    /// All services have one address.
    One {
        /// The address.
        url: String,
        /// The region in signatures.
        region: String,
    },
    /// Each service has its address at AWS, unless the AWS configuration names another.
    Aws {
        /// The region.
        region: String,
        /// The partition of the region.
        partition: Partition,
        /// The kind of addresses that the AWS configuration asks for.
        variant: EndpointVariant,
        /// Configured addresses, by endpoint prefix.
        overrides: BTreeMap<String, String>,
    },
}

/// A kind of addresses at AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct EndpointVariant {
    /// Addresses whose cryptography is validated by FIPS 140.
    pub fips: bool,
    /// Addresses for both IPv4 and IPv6.
    pub dual_stack: bool,
}

/// An address and the region in signatures of calls to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    pub url: String,
    pub region: String,
}

impl ServiceAddresses {
    /// Returns the configured addresses.
    pub fn configured(&self) -> impl Iterator<Item = &str> {
        let (one, many) = match self {
            Self::One { url, .. } => (Some(url), None),
            Self::Aws { overrides, .. } => (None, Some(overrides.values())),
        };
        one.into_iter().chain(many.into_iter().flatten()).map(String::as_str)
    }

    /// Returns the address of a service, by its endpoint prefix.
    pub fn of(&self, prefix: &str) -> Address {
        match self {
            Self::One { url, region } => Address { url: url.clone(), region: region.clone() },
            Self::Aws { region, partition, variant, overrides } => match overrides.get(prefix) {
                Some(url) => Address { url: url.clone(), region: region.clone() },
                None if prefix == "iam" => iam_address(*partition, *variant),
                None => Address {
                    url: format!("https://{}", regional_host(prefix, region, *partition, *variant)),
                    region: region.clone(),
                },
            },
        }
    }
}

/// Returns the host of a service in a region, as the published endpoint rules of the services do.
fn regional_host(prefix: &str, region: &str, partition: Partition, variant: EndpointVariant) -> String {
    let EndpointVariant { fips, dual_stack } = variant;
    // In GovCloud, the usual addresses of these services are the FIPS ones.
    let is_usual = partition.id == "aws-us-gov" && !dual_stack && matches!(prefix, "logs" | "sts");
    let prefix = if fips && !is_usual { format!("{prefix}-fips") } else { prefix.to_owned() };
    match (dual_stack, prefix.starts_with("s3")) {
        (true, true) => format!("{prefix}.dualstack.{region}.{}", partition.dns_suffix),
        (true, false) => format!("{prefix}.{region}.{}", partition.dual_stack_dns_suffix),
        (false, _) => format!("{prefix}.{region}.{}", partition.dns_suffix),
    }
}

/// Returns the address of IAM in a partition, and the region in signatures of calls to it. IAM has one address for all
/// regions of a partition; the table follows the published endpoint rules of IAM.
fn iam_address(partition: Partition, variant: EndpointVariant) -> Address {
    let EndpointVariant { fips, dual_stack } = variant;
    let has_fips_address = matches!(partition.id, "aws" | "aws-iso" | "aws-iso-b");
    let name = if fips && has_fips_address { "iam-fips" } else { "iam" };
    let (dns_suffix, dual_stack_suffix) = (partition.dns_suffix, partition.dual_stack_dns_suffix);
    let (host, region) = match (partition.id, dual_stack) {
        ("aws", true) => (format!("{name}.global.{dual_stack_suffix}"), "us-east-1"),
        ("aws", false) => (format!("{name}.{dns_suffix}"), "us-east-1"),
        ("aws-cn", true) => (format!("{name}.global.{dual_stack_suffix}"), "cn-north-1"),
        ("aws-cn", false) => (format!("{name}.cn-north-1.{dns_suffix}"), "cn-north-1"),
        ("aws-us-gov", true) => (format!("{name}.us-gov.{dual_stack_suffix}"), "us-gov-west-1"),
        ("aws-us-gov", false) => (format!("{name}.us-gov.{dns_suffix}"), "us-gov-west-1"),
        // In these partitions, IAM has no dual-stack address.
        _ => (format!("{name}.{}.{dns_suffix}", iam_region(partition)), iam_region(partition)),
    };
    Address { url: format!("https://{host}"), region: region.to_owned() }
}

fn iam_region(partition: Partition) -> &'static str {
    match partition.id {
        "aws-iso" => "us-iso-east-1",
        "aws-iso-b" => "us-isob-east-1",
        "aws-iso-e" => "eu-isoe-west-1",
        "aws-iso-f" => "us-isof-south-1",
        _ => partition.global_region,
    }
}

/// Returns true if the host belongs to AWS.
pub(super) fn is_aws(host: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let suffixes = PARTITIONS.iter().flat_map(|p| [p.dns_suffix, p.dual_stack_dns_suffix]);
    suffixes.map(|suffix| format!(".{suffix}")).any(|suffix| host.ends_with(&suffix))
}

/// Returns true if a region can be part of a host name.
pub(super) fn is_region_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// Parses the URL of an endpoint.
pub(super) fn parse_url(url: &str) -> Result<Uri, ConnectError> {
    let bad = |reason: &str| ConnectError::Url {
        url: url.to_owned(),
        reason: reason.to_owned(),
        example: with_scheme(url).unwrap_or_else(|| EXAMPLE_URL.to_owned()),
    };
    let uri: Uri = url.parse().map_err(|e: http::uri::InvalidUri| bad(&e.to_string()))?;
    match (uri.scheme_str(), uri.authority()) {
        (Some("http" | "https"), Some(authority)) if !authority.host().is_empty() => {
            if let Some((_, host)) = authority.as_str().rsplit_once('@') {
                // The part before the `@` may be a secret, so the error omits it.
                let url = format!("…@{host}");
                let reason = "credentials are read from the environment, not from the URL".to_owned();
                return Err(ConnectError::Url { url, reason, example: EXAMPLE_URL.to_owned() });
            }
            let port = authority.as_str().strip_prefix(authority.host()).unwrap_or_default();
            if !port.is_empty() && authority.port_u16().is_none() {
                return Err(bad(&format!("`{port}` is not a port")));
            }
            if uri.query().is_some() {
                return Err(bad("the address of a service has no query"));
            }
            Ok(uri)
        }
        (Some(other), Some(_)) => Err(bad(&format!("the scheme is `{other}`, not http or https"))),
        _ => Err(bad("it needs a scheme and a host")),
    }
}

/// Returns the URL with a scheme, if the text is a host and a port.
#[must_use]
pub fn with_scheme(text: &str) -> Option<String> {
    let (authority, _) = text.split_once('/').unwrap_or((text, ""));
    let (host, port) = authority.rsplit_once(':')?;
    let is_host = host.starts_with('[') && host.ends_with(']')
        || !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || "-.".contains(c));
    port.parse::<u16>().ok().filter(|_| is_host).map(|_| format!("http://{text}"))
}

/// Returns true if the host is this machine.
pub(super) fn is_loopback(uri: &Uri) -> bool {
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']).trim_end_matches('.');
    let host = host.to_ascii_lowercase();
    // Names below `localhost` are loopback names (RFC 6761). The unspecified address connects to this machine.
    host == "localhost"
        || host.ends_with(".localhost")
        || host.parse::<IpAddr>().is_ok_and(|ip| {
            let ip = ip.to_canonical();
            ip.is_loopback() || ip.is_unspecified() || ip == IpAddr::V6(Ipv6Addr::LOCALHOST)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::partition;

    fn of(variant: EndpointVariant, region: &str, prefix: &str) -> (String, String) {
        let partition = partition(region);
        let addresses = ServiceAddresses::Aws {
            region: region.to_owned(),
            partition,
            variant,
            overrides: BTreeMap::new(),
        };
        let Address { url, region } = addresses.of(prefix);
        (url, region)
    }

    #[track_caller]
    fn assert_address(variant: EndpointVariant, (region, prefix): (&str, &str), expected: (&str, &str)) {
        let (url, signed) = of(variant, region, prefix);
        assert_eq!((url.as_str(), signed.as_str()), expected);
    }

    #[test]
    fn aws_is_known_by_its_names() {
        let ours = [
            "glue.us-east-1.amazonaws.com",
            "Glue.cn-north-1.AmazonAWS.com.cn.",
            "glue.eu-west-1.api.aws",
            "a.c2s.ic.gov",
        ];
        assert!(ours.into_iter().all(is_aws));
        let others =
            ["localhost", "amazonaws.com.example", "notamazonaws.com", "glue.localhost.localstack.cloud"];
        assert!(!others.into_iter().any(is_aws));
    }

    #[test]
    fn services_have_addresses_in_every_partition() {
        let usual = EndpointVariant::default();
        let rows = [
            (("eu-west-1", "glue"), ("https://glue.eu-west-1.amazonaws.com", "eu-west-1")),
            (("eu-west-1", "iam"), ("https://iam.amazonaws.com", "us-east-1")),
            (("cn-north-1", "sts"), ("https://sts.cn-north-1.amazonaws.com.cn", "cn-north-1")),
            (("cn-northwest-1", "iam"), ("https://iam.cn-north-1.amazonaws.com.cn", "cn-north-1")),
            (("us-gov-east-1", "iam"), ("https://iam.us-gov.amazonaws.com", "us-gov-west-1")),
            (("us-iso-west-1", "glue"), ("https://glue.us-iso-west-1.c2s.ic.gov", "us-iso-west-1")),
            (("us-isob-east-1", "iam"), ("https://iam.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1")),
            (("eusc-de-east-1", "kms"), ("https://kms.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1")),
        ];
        for (call, expected) in rows {
            assert_address(usual, call, expected);
        }
        assert!(!is_region_name("evil.example/") && is_region_name("eu-west-1"));
    }

    #[test]
    fn fips_and_dual_stack_have_their_own_addresses() {
        let fips = EndpointVariant { fips: true, dual_stack: false };
        let dual = EndpointVariant { fips: false, dual_stack: true };
        let both = EndpointVariant { fips: true, dual_stack: true };
        assert_address(
            fips,
            ("us-east-1", "glue"),
            ("https://glue-fips.us-east-1.amazonaws.com", "us-east-1"),
        );
        assert_address(dual, ("us-east-1", "glue"), ("https://glue.us-east-1.api.aws", "us-east-1"));
        assert_address(both, ("us-east-1", "kms"), ("https://kms-fips.us-east-1.api.aws", "us-east-1"));
        assert_address(
            fips,
            ("us-gov-west-1", "logs"),
            ("https://logs.us-gov-west-1.amazonaws.com", "us-gov-west-1"),
        );
        assert_address(
            dual,
            ("us-east-1", "s3"),
            ("https://s3.dualstack.us-east-1.amazonaws.com", "us-east-1"),
        );
        assert_address(both, ("us-east-1", "iam"), ("https://iam-fips.global.api.aws", "us-east-1"));
    }

    #[test]
    fn every_name_of_this_machine_is_loopback() {
        let is_local = |url: &str| is_loopback(&url.parse().unwrap());
        for host in [
            "localhost",
            "LOCALHOST",
            "localhost.",
            "glue.localhost",
            "127.0.0.1",
            "127.8.9.1",
            "0.0.0.0",
            "[::1]",
            "[::]",
            "[::ffff:127.0.0.1]",
        ] {
            assert!(is_local(&format!("http://{host}:5000/path")), "{host}");
        }
        for host in ["localhost.example", "notlocalhost", "128.0.0.1", "[::ffff:10.0.0.1]", "10.0.0.1"] {
            assert!(!is_local(&format!("http://{host}")), "{host}");
        }
    }

    #[test]
    fn a_url_without_a_scheme_is_told_with_one() {
        let message = parse_url("127.0.0.1:4760").unwrap_err().to_string();
        assert!(message.ends_with("write it like http://127.0.0.1:4760"), "{message}");
        assert_eq!(with_scheme("[::1]:80/glue").as_deref(), Some("http://[::1]:80/glue"));
        assert_eq!(with_scheme("fake"), None);
    }
}
