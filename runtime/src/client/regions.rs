//! Resources in other regions than that of the client, which the service names in its responses.

use super::recent::Recent;
use crate::endpoint::{ParameterValue, Rules};
use crate::protocol::service::RegionRedirects;

/// The values of parameters, in the order of the parameters.
type Values = [Option<ParameterValue>];

/// The regions of the resources of a service.
pub(super) struct ResourceRegions {
    /// The parameter of the endpoint rules that names the resource.
    resource: usize,
    /// The parameter for the region.
    region: usize,
    /// The operation that creates a resource.
    creation: &'static str,
    /// Resources and their regions.
    known: Recent<(String, String)>,
}

impl ResourceRegions {
    /// Those of a service with these endpoint rules; `None` if they lack one of the parameters.
    pub(super) fn new(redirects: RegionRedirects, rules: &Rules, region: usize) -> Option<Self> {
        let mut parameters = rules.parameters.iter();
        Some(Self {
            resource: parameters.position(|it| it.name == redirects.parameter)?,
            region,
            creation: redirects.creation,
            known: Recent::default(),
        })
    }

    /// Sets the region of the resource of a call, if it is known. A resource that is created is in
    /// the region of the client from then on, wherever one of its name was before.
    pub(super) fn apply(&self, operation: &str, values: &mut Values) {
        let Some(ParameterValue::String(resource)) = &values[self.resource] else {
            return;
        };
        if operation == self.creation {
            self.known.forget(|(other, _)| other == resource);
        } else if let Some((_, region)) = self.known.find(|(other, _)| other == resource) {
            values[self.region] = Some(region.into());
        }
    }

    /// The same parameters for another region; `None` if they name no resource.
    pub(super) fn in_region(
        &self,
        values: &Values,
        region: &str,
    ) -> Option<Vec<Option<ParameterValue>>> {
        values[self.resource].as_ref()?;
        let mut values = values.to_vec();
        values[self.region] = Some(region.into());
        Some(values)
    }

    /// Keeps the region of the resource that the parameters name.
    pub(super) fn keep(&self, values: &Values) {
        let (Some(ParameterValue::String(resource)), Some(ParameterValue::String(region))) =
            (&values[self.resource], &values[self.region])
        else {
            return;
        };
        let region = (resource.clone(), region.clone());
        self.known.keep(region, |(other, _)| other == resource);
    }
}
