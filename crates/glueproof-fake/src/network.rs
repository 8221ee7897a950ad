//! The network that crawlers and jobs start in when they connect to a data store: whether there is a way from
//! a subnet to KMS. Must not know what travels it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A private network. It has a route to KMS through a NAT gateway, or through an endpoint of KMS's own that
/// answers to KMS's usual name and shares a security group, which lets its own members in, with the connection.
///
/// ```
/// use glueproof_fake::{FakeCloud, Vpc};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let closed = Vpc::new("vpc-1").subnet("subnet-1").self_referencing_group("sg-1");
/// let cloud = FakeCloud::builder().vpc(closed.clone()).build()?;
/// cloud.set_vpc(closed.kms_endpoint(true, ["sg-1"]))?; // mended
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vpc {
    id: String,
    #[serde(default)]
    subnets: Vec<String>,
    #[serde(default)]
    nat_gateway: bool,
    #[serde(default)]
    kms_endpoint: Option<KmsEndpoint>,
    /// Security groups whose members may reach each other.
    #[serde(default)]
    self_referencing_groups: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KmsEndpoint {
    private_dns: bool,
    security_groups: Vec<String>,
}

impl Vpc {
    /// A network of that id with nothing in it.
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            subnets: Vec::new(),
            nat_gateway: false,
            kms_endpoint: None,
            self_referencing_groups: Vec::new(),
        }
    }

    /// With a subnet of that id.
    #[must_use]
    pub fn subnet(mut self, id: impl Into<String>) -> Self {
        self.subnets.push(id.into());
        self
    }

    /// With a security group whose members may reach each other.
    #[must_use]
    pub fn self_referencing_group(mut self, id: impl Into<String>) -> Self {
        self.self_referencing_groups.push(id.into());
        self
    }

    /// With a way to the internet.
    #[must_use]
    pub fn nat_gateway(mut self) -> Self {
        self.nat_gateway = true;
        self
    }

    /// With an endpoint of KMS in these security groups, and with or without "Enable Private DNS Name".
    #[must_use]
    pub fn kms_endpoint<S: Into<String>>(
        mut self,
        private_dns: bool,
        security_groups: impl IntoIterator<Item = S>,
    ) -> Self {
        let security_groups = security_groups.into_iter().map(Into::into).collect();
        self.kms_endpoint = Some(KmsEndpoint { private_dns, security_groups });
        self
    }

    fn reaches_kms(&self, groups: &[String]) -> bool {
        let meets = |endpoint: &KmsEndpoint| {
            let shared = |group: &String| {
                endpoint.security_groups.contains(group) && self.self_referencing_groups.contains(group)
            };
            endpoint.private_dns && groups.iter().any(shared)
        };
        self.nat_gateway || self.kms_endpoint.as_ref().is_some_and(meets)
    }
}

/// All private networks that the fake was told of.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Network(BTreeMap<String, Vpc>);

impl Network {
    /// Adds the network, in place of the one of that id.
    pub fn set(&mut self, vpc: Vpc) {
        self.0.insert(vpc.id.clone(), vpc);
    }

    /// Returns true if work in a subnet and security groups reaches KMS. Unknown subnets reach everything, like the
    /// internet.
    pub fn reaches_kms(&self, subnet: &str, groups: &[String]) -> bool {
        let mut homes = self.0.values().filter(|vpc| vpc.subnets.iter().any(|own| own == subnet));
        homes.all(|vpc| vpc.reaches_kms(groups))
    }

    /// The network that the subnet is part of.
    pub fn of_subnet(&self, subnet: &str) -> Option<&str> {
        self.0.values().find(|vpc| vpc.subnets.iter().any(|own| own == subnet)).map(|vpc| vpc.id.as_str())
    }
}
