//! HTTP messages by schema: where members travel in requests and answers (Smithy 2.0, "HTTP protocol bindings").
//!
//! Writing and reading are mirror halves and do not know which side they work for: `encode` takes a structure apart into
//! path, query, headers, status and body, `decode` puts one together from them. A client writes inputs and reads
//! outputs and errors; a server does the reverse by the same functions.
//!
//! Under the awsJson protocols nothing is bound: all members are in the document.

#![cfg_attr(
    not(all(feature = "client", feature = "server")),
    allow(dead_code, reason = "each side has its half")
)]

pub mod body;
pub(crate) mod decode;
pub(crate) mod document;
pub(crate) mod encode;
pub(crate) mod failure;
pub(crate) mod header;
pub(crate) mod path;
pub(crate) mod request;
pub(crate) mod response;
pub(crate) mod text;

pub use body::{Body, BoxError};

use crate::service::{Protocol, Service};

impl Protocol {
    /// The content type of its documents.
    pub(crate) const fn content_type(self) -> &'static str {
        match self {
            Self::RestJson1 => "application/json",
            Self::AwsJson1_0 => "application/x-amz-json-1.0",
            Self::AwsJson1_1 => "application/x-amz-json-1.1",
        }
    }

    /// Members are bound to parts of the message.
    pub(crate) const fn binds(self) -> bool {
        matches!(self, Self::RestJson1)
    }
}

impl Service {
    /// The name of the shape without its namespace.
    pub fn name(&self) -> &'static str {
        self.id.rsplit('#').next().unwrap_or(self.id)
    }
}

#[cfg(test)]
mod tests;
