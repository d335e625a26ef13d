//! Resources beside the operations of a service: its OpenAPI document, and the console.

mod page;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use http::{HeaderMap, Response};
use serde_json::value::RawValue;

use crate::http::Body;

pub(super) use self::page::Page;
#[cfg(feature = "console")]
use super::console;
use super::router::{Core, Router};

/// The resources of a router.
#[derive(Clone, Default)]
pub(super) struct Pages {
    /// The document, as it is generated.
    document: Option<&'static str>,
    /// The path of the document.
    openapi: Option<Box<str>>,
    /// The path of the console, without a slash at its end.
    #[cfg(feature = "console")]
    console: Option<Box<str>>,
    /// The document as it is served. It depends on the base path.
    served: OnceLock<Page>,
}

impl Router {
    /// Sets the OpenAPI document of the service. Called by generated code.
    #[doc(hidden)]
    #[must_use]
    pub fn described_by(mut self, document: &'static str) -> Self {
        self.set().pages.document = Some(document);
        self
    }

    /// Serves the OpenAPI document of the service to `GET` requests on `path`, such as
    /// `/openapi.json`. The path is that of the whole request: it does not follow the base path. An
    /// operation with the same path is hidden.
    ///
    /// The document is JSON. Clients that send the `ETag` back in `If-None-Match` receive a status
    /// 304 instead of it, and with the feature `gzip` those that accept it receive it compressed.
    /// With another [base path](Self::base_path) than that of the model, it names that one.
    ///
    /// # Panics
    ///
    /// If the service was generated without its document: add `openapi` to the parts in the
    /// configuration, and enable the feature `openapi` of the generated crate.
    #[must_use]
    #[track_caller]
    pub fn openapi(mut self, path: &str) -> Self {
        self.assert_described();
        self.set().pages.openapi = Some(absolute(path));
        self
    }

    /// Serves a page on `path`, such as `/docs`, on which people read the OpenAPI document and send
    /// requests to the service. Like the path of [`openapi`](Self::openapi), it is that of the
    /// whole request, and hides operations.
    ///
    /// The page is Swagger UI. It comes with the program and loads nothing from elsewhere, which
    /// its `Content-Security-Policy` states. Requests are sent with the credentials that the reader
    /// enters, for every scheme of the model except signatures of AWS: those operations are called
    /// without a signature, and the page says so.
    ///
    /// # Panics
    ///
    /// If the service was generated without its document, as for [`openapi`](Self::openapi).
    #[cfg(feature = "console")]
    #[must_use]
    #[track_caller]
    pub fn console(mut self, path: &str) -> Self {
        self.assert_described();
        let path = absolute(path);
        self.set().pages.console = Some(path.trim_end_matches('/').into());
        self
    }

    #[track_caller]
    fn assert_described(&mut self) {
        assert!(
            self.set().pages.document.is_some(),
            "the service was generated without its OpenAPI document: add `openapi` to `parts`, and \
             enable the feature `openapi` of the generated crate"
        );
    }
}

impl Pages {
    /// Called after a change of the base path.
    pub(super) fn rebase(&mut self) {
        self.served.take();
    }

    /// The response to a `GET` request on a path, if it is that of a resource.
    pub(super) fn respond(
        &self,
        core: &Core,
        path: &str,
        headers: &HeaderMap,
    ) -> Option<Response<Body>> {
        if self.openapi.as_deref() == Some(path) {
            return Some(self.document(core)?.respond(headers));
        }
        #[cfg(feature = "console")]
        if let Some(rest) = path.strip_prefix(self.console.as_deref()?) {
            return match rest {
                console::DOCUMENT => Some(self.document(core)?.respond(headers)),
                "" => Some(console::redirect(path)),
                _ => Some(console::page(rest)?.respond(headers)),
            };
        }
        None
    }

    fn document(&self, core: &Core) -> Option<&Page> {
        let document = self.document?;
        Some(self.served.get_or_init(|| {
            let body = match core.other_base_path() {
                None => document.into(),
                Some(base) => rebased(document, &base).map_or(document.into(), Into::into),
            };
            Page::new("application/json", body)
        }))
    }
}

/// A path with a slash at its start.
fn absolute(path: &str) -> Box<str> {
    format!("/{}", path.trim_start_matches('/')).into()
}

/// A document with another base path.
fn rebased(document: &str, base: &str) -> Option<Vec<u8>> {
    let servers = serde_json::value::to_raw_value(&[BTreeMap::from([("url", base)])]).ok()?;
    let mut members = serde_json::from_str::<BTreeMap<String, &RawValue>>(document).ok()?;
    members.insert("servers".to_owned(), &servers);
    serde_json::to_vec(&members).ok()
}
