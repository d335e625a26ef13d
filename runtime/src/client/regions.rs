//! Resources in other regions than that of the client, which the service names in its responses.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::endpoint::{ParameterValue, Rules};
use crate::protocol::service::RegionRedirects;

/// The values of parameters, in the order of the parameters.
type Values = [Option<ParameterValue>];

/// The regions of the resources of a service.
#[derive(Debug)]
pub(super) struct ResourceRegions {
    /// The parameter of the endpoint rules that names the resource.
    resource: usize,
    /// The parameter for the region.
    region: usize,
    /// The regions of the resources that were used last, the latest one first.
    known: Mutex<Vec<(String, String)>>,
}

impl ResourceRegions {
    /// The number of resources whose regions are kept.
    const CAPACITY: usize = 64;

    /// Those of a service with these endpoint rules; `None` if they lack one of the parameters.
    pub(super) fn new(redirects: RegionRedirects, rules: &Rules, region: usize) -> Option<Self> {
        let mut parameters = rules.parameters.iter();
        Some(Self {
            resource: parameters.position(|it| it.name == redirects.parameter)?,
            region,
            known: Mutex::default(),
        })
    }

    /// Sets the region of the resource, if it is known.
    pub(super) fn apply(&self, values: &mut Values) {
        let Some(ParameterValue::String(resource)) = &values[self.resource] else {
            return;
        };
        let mut known = self.known();
        if let Some(index) = known.iter().position(|(other, _)| other == resource) {
            known[..=index].rotate_right(1);
            values[self.region] = Some(known[0].1.as_str().into());
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
        let mut known = self.known();
        known.retain(|(other, _)| other != resource);
        known.truncate(Self::CAPACITY - 1);
        known.insert(0, (resource.clone(), region.clone()));
    }

    fn known(&self) -> MutexGuard<'_, Vec<(String, String)>> {
        // Nothing panics while it is locked.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
