//! Formats Rust as rustfmt would.

use proc_macro2::TokenStream;
use syn::Item;

use crate::macro_call::macro_call;

/// The text of items.
pub(crate) fn rust(path: &str, tokens: TokenStream) -> String {
    let mut file = match syn::parse2::<syn::File>(tokens) {
        Ok(file) => file,
        Err(error) => {
            panic!("drawplate bug: the tokens that were generated for {path} do not parse: {error}")
        }
    };
    let mut text = String::new();
    let items = std::mem::take(&mut file.items);
    if !file.attrs.is_empty() {
        text.push('\n');
        text.push_str(&prettyplease::unparse(&file));
        file.attrs.clear();
    }
    // prettyplease puts no blank lines between items. There are none within a group of one-line
    // items of the same kind, nor before a macro call that belongs to the type above it.
    let mut previous = None;
    for item in items {
        let line = match &item {
            Item::Mod(module) if module.attrs.is_empty() => Some("mod"),
            Item::Use(import) if import.attrs.is_empty() => Some("use"),
            Item::Macro(_) => Some("macro"),
            _ => None,
        };
        let attached = previous.is_some()
            && (line == Some("macro") || line.is_some() && previous == Some(line));
        if !attached {
            text.push('\n');
        }
        previous = Some(line);
        if let Item::Macro(call) = &item {
            text.push_str(&macro_call(call));
            continue;
        }
        file.items = vec![item];
        text.push_str(&prettyplease::unparse(&file));
    }
    text
}
