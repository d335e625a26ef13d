//! The Smithy IDL in its usual format.

use crate::diagnostic::Report;
use crate::frontend::format_idl;
use crate::source::{SourceId, Sources};

/// The text of a file in the Smithy IDL, formatted as Smithy's own formatter formats it; the syntax
/// errors of the file if it has any.
pub fn format(sources: &Sources, source: SourceId) -> Result<String, Report> {
    format_idl(&sources[source].text, source)
}
