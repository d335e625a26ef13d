//! The console: a page on which people read the OpenAPI document of a service and send requests.
//!
//! It is Swagger UI, from the archive in `utoipa-swagger-ui-vendored`. The two files that the page
//! needs are taken out of the archive by the compiler, so that a program does not contain the rest.
//! They are compressed there in the same format as in HTTP, and are sent as they are.

mod archive;

use std::sync::LazyLock;

use http::header::{HeaderValue, LOCATION};
use http::{Response, StatusCode};
use utoipa_swagger_ui_vendored::SWAGGER_UI_VENDORED as ARCHIVE;

use crate::http::Body;

use self::archive::Entry;
use super::pages::Page;

/// The path of the document, below that of the console.
pub(super) const DOCUMENT: &str = "/openapi.json";

/// The page loads what the server has, and sends requests to it. Icons in the style sheet are
/// `data:` URLs.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
                      img-src 'self' data:; connect-src 'self'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

const VIEWER: Entry = Entry::find(ARCHIVE, b"/dist/swagger-ui-bundle.js");
static VIEWER_BYTES: [u8; VIEWER.packed] = VIEWER.bytes(ARCHIVE);

const VIEWER_STYLE: Entry = Entry::find(ARCHIVE, b"/dist/swagger-ui.css");
static VIEWER_STYLE_BYTES: [u8; VIEWER_STYLE.packed] = VIEWER_STYLE.bytes(ARCHIVE);

/// The resources by their paths below that of the console.
static PAGES: LazyLock<[(&str, Page); 5]> = LazyLock::new(|| {
    let own = |content_type, text: &'static str| Page::new(content_type, text.into());
    let index = own(
        "text/html; charset=utf-8",
        include_str!("console/index.html"),
    );
    let viewer = VIEWER.gzip(&VIEWER_BYTES);
    let viewer_style = VIEWER_STYLE.gzip(&VIEWER_STYLE_BYTES);
    [
        ("/", index.policy(POLICY)),
        (
            "/console.css",
            own(STYLE, include_str!("console/console.css")),
        ),
        (
            "/console.js",
            own(SCRIPT, include_str!("console/console.js")),
        ),
        ("/swagger-ui.css", Page::compressed(STYLE, viewer_style)),
        ("/swagger-ui-bundle.js", Page::compressed(SCRIPT, viewer)),
    ]
});

/// The resource with this path below that of the console.
pub(super) fn page(path: &str) -> Option<&'static Page> {
    let mut pages = PAGES.iter();
    pages.find(|(name, _)| *name == path).map(|(_, page)| page)
}

/// Sends the client from `path` to the page, whose path ends in a slash: it refers to its parts
/// below that. The address is relative, so that it is right behind a proxy.
pub(super) fn redirect(path: &str) -> Response<Body> {
    let name = path.rsplit('/').next().unwrap_or_default();
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::PERMANENT_REDIRECT;
    if let Ok(location) = HeaderValue::try_from(format!("./{name}/")) {
        response.headers_mut().insert(LOCATION, location);
    }
    response
}
