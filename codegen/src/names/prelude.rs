//! The types of Rust's prelude, whose bare names a model may use for its own shapes.

use std::fmt;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, TokenStreamExt as _, quote};

/// The paths of the types and traits of Rust's prelude: the bare name, or the absolute path in a
/// service that has a type of that name.
#[derive(Debug)]
pub struct Prelude {
    /// `Box`
    pub r#box: StdPath,
    /// `Default`
    pub default: StdPath,
    /// `Into`
    pub into: StdPath,
    /// `IntoIterator`
    pub into_iterator: StdPath,
    /// `Option`
    pub option: StdPath,
    /// `Result`
    pub result: StdPath,
    /// `String`
    pub string: StdPath,
    /// `Vec`
    pub vec: StdPath,
}

impl Prelude {
    /// The paths for a service; `shadowed` tells whether one of its types has a name.
    pub(super) fn new(shadowed: impl Fn(&str) -> bool) -> Self {
        let path = |module, name| StdPath::new(module, name, shadowed(name));
        Self {
            r#box: path("boxed", "Box"),
            default: path("default", "Default"),
            into: path("convert", "Into"),
            into_iterator: path("iter", "IntoIterator"),
            option: path("option", "Option"),
            result: path("result", "Result"),
            string: path("string", "String"),
            vec: path("vec", "Vec"),
        }
    }
}

/// The path of an item of the standard library.
#[derive(Clone, Copy, Debug)]
pub struct StdPath {
    module: &'static str,
    name: &'static str,
    absolute: bool,
}

impl StdPath {
    /// The path of `name`, absolute if it is `shadowed`.
    pub(super) fn new(module: &'static str, name: &'static str, shadowed: bool) -> Self {
        Self {
            module,
            name,
            absolute: shadowed,
        }
    }

    /// The absolute path.
    pub(crate) fn absolute(self) -> Self {
        Self {
            absolute: true,
            ..self
        }
    }
}

impl fmt::Display for StdPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { module, name, .. } = self;
        if self.absolute {
            write!(f, "::std::{module}::{name}")
        } else {
            f.write_str(name)
        }
    }
}

impl ToTokens for StdPath {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let name = Ident::new(self.name, Span::call_site());
        if self.absolute {
            let module = Ident::new(self.module, Span::call_site());
            tokens.extend(quote!(::std::#module::#name));
        } else {
            tokens.append(name);
        }
    }
}
