//! Values of expressions.

use std::borrow::Cow;

use super::arn::Arn;
use super::partition::Partition;
use super::url::Url;
use super::{Attribute, ParameterValue};

/// A text that a value contains. Most are parts of a parameter.
pub(super) type Text<'v> = Cow<'v, str>;

/// A value of an expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value<'v> {
    String(Text<'v>),
    Boolean(bool),
    Integer(i32),
    Strings(Vec<Text<'v>>),
    Url(Url<'v>),
    Partition(&'static Partition),
    Arn(Arn<'v>),
}

impl<'v> Value<'v> {
    /// The value of a parameter.
    pub(super) fn of(parameter: &'v ParameterValue) -> Self {
        match parameter {
            ParameterValue::String(text) => Self::String(Cow::Borrowed(text)),
            ParameterValue::Boolean(value) => Self::Boolean(*value),
            ParameterValue::Strings(texts) => {
                let texts = texts.iter().map(|text| Cow::Borrowed(&**text));
                Self::Strings(texts.collect())
            }
        }
    }

    /// An attribute; `None` if this value has no such attribute.
    pub(super) fn attribute(&self, attribute: Attribute) -> Option<Self> {
        use Attribute as A;
        let text = |text: &Text<'v>| Self::String(text.clone());
        let fixed = |text: &'static str| Self::String(Cow::Borrowed(text));
        Some(match (self, attribute) {
            (Self::Url(url), A::Scheme) => text(&url.scheme),
            (Self::Url(url), A::Authority) => text(&url.authority),
            (Self::Url(url), A::Path) => text(&url.path),
            (Self::Url(url), A::NormalizedPath) => Self::String(url.normalized_path()),
            (Self::Url(url), A::IsIp) => Self::Boolean(url.is_ip()),
            (Self::Partition(it), A::Name) => fixed(it.name),
            (Self::Partition(it), A::DnsSuffix) => fixed(it.dns_suffix),
            (Self::Partition(it), A::DualStackDnsSuffix) => fixed(it.dual_stack_dns_suffix),
            (Self::Partition(it), A::ImplicitGlobalRegion) => fixed(it.implicit_global_region),
            (Self::Partition(it), A::SupportsDualStack) => Self::Boolean(it.supports_dual_stack),
            (Self::Partition(it), A::SupportsFips) => Self::Boolean(it.supports_fips),
            (Self::Arn(arn), A::Partition) => text(&arn.partition),
            (Self::Arn(arn), A::Service) => text(&arn.service),
            (Self::Arn(arn), A::Region) => text(&arn.region),
            (Self::Arn(arn), A::AccountId) => text(&arn.account_id),
            (Self::Arn(arn), A::ResourceId) => Self::Strings(arn.resource_id()),
            _ => return None,
        })
    }
}

/// A part of a text. It borrows what the text borrows.
pub(super) fn part<'v>(text: &Text<'v>, range: std::ops::Range<usize>) -> Text<'v> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(&text[range]),
        Cow::Owned(text) => Cow::Owned(text[range].to_owned()),
    }
}
