//! `aws.parseArn`.

use super::value::{Text, part};

/// The name of a resource of AWS.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Arn<'v> {
    pub(super) partition: Text<'v>,
    pub(super) service: Text<'v>,
    pub(super) region: Text<'v>,
    pub(super) account_id: Text<'v>,
    resource: Text<'v>,
}

impl<'v> Arn<'v> {
    /// The parts of an ARN; `None` if the text is not one.
    pub(super) fn parse(text: &Text<'v>) -> Option<Self> {
        let mut parts = text.splitn(6, ':');
        let mut start = 0;
        let mut next = || {
            let part = parts.next()?;
            let range = start..start + part.len();
            start = range.end + 1;
            Some(range)
        };
        let (prefix, partition, service) = (next()?, next()?, next()?);
        let (region, account_id, resource) = (next()?, next()?, next()?);
        if &text[prefix] != "arn"
            || partition.is_empty()
            || service.is_empty()
            || resource.is_empty()
        {
            return None;
        }
        Some(Self {
            partition: part(text, partition),
            service: part(text, service),
            region: part(text, region),
            account_id: part(text, account_id),
            resource: part(text, resource),
        })
    }

    /// The parts of the ID of the resource, which are separated by colons and slashes.
    pub(super) fn resource_id(&self) -> Vec<Text<'v>> {
        let mut parts = Vec::new();
        let mut start = 0;
        for text in self.resource.split([':', '/']) {
            parts.push(part(&self.resource, start..start + text.len()));
            start += text.len() + 1;
        }
        parts
    }
}
