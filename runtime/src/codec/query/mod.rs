//! Forms (`application/x-www-form-urlencoded`) with the encoding of awsQuery and ec2Query (Smithy,
//! "AWS query protocol" and "AWS EC2 query protocol", "x-www-form-urlencoded shape serialization").
//!
//! A form is a list of keys with texts. The key of a value is the path to it: the names of members
//! and the positions of elements, with dots in between. Forms are only encoded: the responses of
//! these protocols are XML.

mod encode;

use crate::error::EncodeError;
use crate::shape::{Encode, HasSchema};

pub(crate) use self::encode::{Form, KeyRules};

/// The media type of forms.
#[cfg(feature = "http")]
pub(crate) const MEDIA_TYPE: &str = "application/x-www-form-urlencoded";

/// A type that is encoded as a form: every structure and union.
pub trait Query: HasSchema + Encode {
    /// Encodes the members of the value as a form with the keys of awsQuery.
    ///
    /// # Errors
    ///
    /// If the value is not a structure or union, or contains a document, a stream, or a timestamp
    /// before the year 1.
    fn to_query(&self) -> Result<String, EncodeError>
    where
        Self: Sized,
    {
        form(KeyRules::AwsQuery, self)
    }

    /// Encodes the members of the value as a form with the keys of ec2Query, which has no maps.
    ///
    /// # Errors
    ///
    /// If the value contains a map; otherwise those of [`to_query`](Self::to_query).
    fn to_ec2_query(&self) -> Result<String, EncodeError>
    where
        Self: Sized,
    {
        form(KeyRules::Ec2Query, self)
    }
}

impl<T: HasSchema + Encode> Query for T {}

fn form<T: HasSchema + Encode>(rules: KeyRules, value: &T) -> Result<String, EncodeError> {
    let mut form = Form::new(rules);
    form.members(T::ROOT, value)?;
    Ok(form.finish())
}
