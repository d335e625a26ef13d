//! Behavior of services that their models do not describe.

/// Behavior of a service that its model does not describe.
///
/// All of it needs the feature `customizations`: without the feature, only [`NONE`](Self::NONE)
/// exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Customizations {
    /// The hosts of the service if the first label of a path is a part of them.
    #[cfg(feature = "customizations")]
    pub(crate) virtual_hosts: Option<VirtualHosts>,
    /// Whether a response with a successful status may be an error.
    #[cfg(feature = "customizations")]
    pub(crate) errors_in_success: bool,
    /// Headers of all requests.
    #[cfg(feature = "customizations")]
    pub(crate) headers: &'static [(&'static str, &'static str)],
    /// The resources that are in regions of their own.
    #[cfg(feature = "customizations")]
    pub(crate) region_redirects: Option<RegionRedirects>,
}

/// The hosts of a service in which the first label of the path can be the first label of the host.
///
/// A host is written without the domain of AWS, and `{region}` is the region.
#[cfg(feature = "customizations")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VirtualHosts {
    /// The host with IPv4 and IPv6 addresses.
    pub dual_stack: &'static str,
    /// The accelerated host.
    pub accelerated: &'static str,
    /// The accelerated host with IPv4 and IPv6 addresses.
    pub accelerated_dual_stack: &'static str,
}

/// Resources of a service that are in regions of their own. A response to a request that was sent
/// to another region names the one of the resource.
#[cfg(feature = "customizations")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegionRedirects {
    /// The parameter of the endpoint rules that names the resource.
    pub parameter: &'static str,
    /// The header with the region of the resource, in lower case. Documents of errors may have it
    /// as `Region`.
    pub header: &'static str,
    /// The error codes of requests that were sent to another region. A response that redirects
    /// needs none of them.
    pub codes: &'static [&'static str],
    /// The operation that creates a resource, in the region that its caller has chosen: it is not
    /// sent to another one.
    pub creation: &'static str,
}

impl Customizations {
    /// The model describes all of the service.
    pub const NONE: Self = Self {
        #[cfg(feature = "customizations")]
        virtual_hosts: None,
        #[cfg(feature = "customizations")]
        errors_in_success: false,
        #[cfg(feature = "customizations")]
        headers: &[],
        #[cfg(feature = "customizations")]
        region_redirects: None,
    };
}

#[cfg(feature = "customizations")]
impl Customizations {
    /// The first label of the path can be the first label of the host, in the operations with
    /// [`OperationTraits::virtual_host`](super::service::OperationTraits::virtual_host).
    #[must_use]
    pub const fn virtual_hosts(mut self, hosts: VirtualHosts) -> Self {
        self.virtual_hosts = Some(hosts);
        self
    }

    /// A response with a successful status is an error if its document is one.
    #[must_use]
    pub const fn errors_in_success(mut self) -> Self {
        self.errors_in_success = true;
        self
    }

    /// Requests for a resource in another region are repeated there.
    #[must_use]
    pub const fn region_redirects(mut self, redirects: RegionRedirects) -> Self {
        self.region_redirects = Some(redirects);
        self
    }

    /// All requests have these headers, in lower case, unless the input sets them.
    #[must_use]
    pub const fn headers(mut self, headers: &'static [(&'static str, &'static str)]) -> Self {
        self.headers = headers;
        self
    }
}
