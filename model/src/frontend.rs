//! Front ends: each turns text of one format into an [`Ast`].

mod build_file;
mod files;
mod idl;
pub mod json;

pub(crate) use idl::format as format_idl;

use crate::ast::Ast;
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::source::{Location, Source, SourceId, Sources};

/// Reads every source; together they are one model. A source is in the Smithy IDL or a JSON AST.
pub fn load(sources: &Sources) -> Result<Ast<'_>, Report> {
    files(sources, sources.iter().map(|(id, _)| id))
}

/// Reads one source, which is a model of its own.
pub fn load_one(sources: &Sources, source: SourceId) -> Result<Ast<'_>, Report> {
    files(sources, [source])
}

fn files(sources: &Sources, chosen: impl IntoIterator<Item = SourceId>) -> Result<Ast<'_>, Report> {
    let mut ast = Ast::new(sources);
    let mut report = sources.notices().clone();
    let mut idl = Vec::new();
    for id in chosen {
        let source = &sources[id];
        if u32::try_from(source.text.len()).is_err() {
            let message = "the file has 4 GiB or more";
            let diagnostic = Diagnostic::new(Code::UnreadableFile, message, Location::file(id));
            report.push(diagnostic.help("divide the model into several files"));
        } else if is_idl(source) {
            idl.push(idl::parse(&source.text, id, &mut report));
        } else {
            json::read_file(&mut ast, id, &mut report);
        }
    }
    if !idl.is_empty() {
        idl::lower(&idl, &mut ast, &mut report);
    }
    ast.warnings = report.barrier()?;
    Ok(ast)
}

/// Whether a source is in the IDL, by the extension of its name.
fn is_idl(source: &Source) -> bool {
    let extension = source.path.extension();
    extension.is_some_and(|extension| extension.eq_ignore_ascii_case("smithy"))
}
