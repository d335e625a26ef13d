//! The modules of the runtime import only from the layers below their own.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use drawplate_tests as support;

/// The layers, bottom up: each with the modules of the crate root that it consists of. Layers in
/// one row are on the same level and do not know each other.
const LAYERS: &[&[(&str, &[&str])]] = &[
    &[("error", &["error"])],
    &[("value", &["value"])],
    &[("schema", &["schema"])],
    &[("shape", &["shape", "service_error"])],
    &[("codec", &["codec"])],
    &[("jmespath", &["jmespath"])],
    &[("http", &["http"])],
    &[("stream", &["stream"])],
    &[("protocol", &["protocol"])],
    &[("validate", &["validate"])],
    &[("auth", &["auth"])],
    &[("aws", &["aws"]), ("endpoint", &["endpoint"])],
    &[("client", &["client"]), ("server", &["server"])],
];

/// Modules outside the layers: the crate root, which re-exports from all of them, and the macros
/// for generated code.
const OUTSIDE: [&str; 2] = ["lib", "macros"];

#[test]
fn a_module_imports_only_from_layers_below_its_own() {
    let found = upward_imports().into_iter().map(|((file, layer), names)| {
        let names = names.iter().map(|name| format!("`{name}`"));
        let names = names.collect::<Vec<_>>().join(", ");
        format!("runtime/src/{file} imports from the layer `{layer}` above it: {names}")
    });
    let found = found.collect::<Vec<_>>();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_module_of_the_runtime_belongs_to_a_layer() {
    for path in paths(Path::new("")) {
        let module = module(&path);
        let first = module.first().map_or("lib", |first| &**first);
        assert!(
            OUTSIDE.contains(&first) || layer(&module).is_some(),
            "runtime/src/{path} belongs to no layer"
        );
    }
}

#[test]
fn the_modules_of_the_client_have_no_cycle() {
    let mut modules = BTreeMap::new();
    for path in paths(Path::new("client")) {
        let module = module(&path);
        // The facade re-exports from the others.
        let [_, own] = &module[..] else { continue };
        let siblings = imports(&read(&path), &module)
            .into_iter()
            .filter(|name| name.len() > 1 && name[0] == "client" && name[1] != *own)
            .map(|mut name| name.swap_remove(1));
        modules.insert(own.clone(), siblings.collect::<BTreeSet<_>>());
    }
    for (module, siblings) in &modules {
        for sibling in siblings {
            assert!(
                modules.contains_key(sibling),
                "client/{module}.rs imports `{sibling}` from the facade"
            );
        }
    }
    // Remove the modules that import none of the others until a cycle is left.
    while let Some(lowest) = modules
        .iter()
        .find(|(_, siblings)| {
            siblings
                .iter()
                .all(|sibling| !modules.contains_key(sibling))
        })
        .map(|(module, _)| module.clone())
    {
        modules.remove(&lowest);
    }
    assert!(modules.is_empty(), "these import each other: {modules:#?}");
}

#[test]
fn imports_are_found_in_every_form() {
    let text = "
        use crate::a::{b, c::{D as E, self}};
        fn f() { super::g(); matches!(crate::h::I, _) }
        #[cfg(test)]
        mod tests { use crate::only_in_tests; }
    ";
    let module = ["codec".to_owned(), "json".to_owned()];
    let names = imports(text, &module)
        .into_iter()
        .map(|name| name.join("::"));
    assert_eq!(
        names.collect::<Vec<_>>(),
        ["a::b", "a::c::D", "a::c::self", "codec::g", "h::I"]
    );
}

/// By file and layer, the names that the file imports from that layer although it is not below its
/// own.
fn upward_imports() -> BTreeMap<(String, &'static str), BTreeSet<String>> {
    let exports = exports();
    let mut found = BTreeMap::<_, BTreeSet<_>>::new();
    for path in paths(Path::new("")) {
        let module = module(&path);
        let Some((level, own)) = layer(&module) else {
            continue;
        };
        for mut name in imports(&read(&path), &module) {
            if let Some(exported) = name.first().and_then(|first| exports.get(first)) {
                name.splice(..1, exported.iter().cloned());
            }
            // A name of the crate root that is neither a module nor an export is a macro.
            let Some((below, other)) = layer(&name) else {
                continue;
            };
            if other != own && below >= level {
                let names = found.entry((path.clone(), other)).or_default();
                names.insert(name.join("::"));
            }
        }
    }
    found
}

/// The level and the name of the layer of a module.
fn layer(module: &[String]) -> Option<(usize, &'static str)> {
    let first = module.first()?;
    let levels = LAYERS.iter().enumerate();
    let mut layers = levels.flat_map(|(level, row)| row.iter().map(move |layer| (level, layer)));
    layers
        .find_map(|(level, (name, modules))| modules.contains(&&**first).then_some((level, *name)))
}

/// What the crate root re-exports, by its name there.
fn exports() -> BTreeMap<String, Vec<String>> {
    let text = read("lib.rs")
        .parse::<TokenStream>()
        .expect("lib.rs is Rust");
    let tokens = text.into_iter().collect::<Vec<_>>();
    let mut exports = BTreeMap::new();
    for (index, token) in tokens.iter().enumerate() {
        if is_ident(token, "use") {
            let mut names = Vec::new();
            tree(&tokens[index + 1..], &mut Vec::new(), &mut names);
            for name in names {
                let last = name.last().expect("a name has a last part").clone();
                exports.insert(last, name);
            }
        }
    }
    exports
}

/// The names that a file of this module takes from the crate, as paths from its root. Tests are
/// left out.
fn imports(text: &str, module: &[String]) -> Vec<Vec<String>> {
    let tokens = text.parse::<TokenStream>().expect("the runtime is Rust");
    let mut names = Vec::new();
    collect(tokens, module, &mut names);
    names
}

fn collect(tokens: TokenStream, module: &[String], names: &mut Vec<Vec<String>>) {
    let tokens = tokens.into_iter().collect::<Vec<_>>();
    let mut index = 0;
    while index < tokens.len() {
        match &tokens[index] {
            TokenTree::Group(group) if is_test(group) => {
                // Up to the end of the item that the attribute is on.
                index += tokens[index..]
                    .iter()
                    .position(is_end)
                    .unwrap_or(tokens.len() - index - 1);
            }
            TokenTree::Group(group) => collect(group.stream(), module, names),
            TokenTree::Ident(ident) => {
                let mut root = match &*ident.to_string() {
                    "crate" => Some(Vec::new()),
                    "super" => Some(module[..module.len().saturating_sub(1)].to_vec()),
                    _ => None,
                };
                if let Some(root) = &mut root
                    && is_path(&tokens[index + 1..])
                {
                    index += tree(&tokens[index + 3..], root, names) + 2;
                }
            }
            _ => {}
        }
        index += 1;
    }
}

/// Reads what follows a `::` or `use`: a path, possibly with groups. Gives how many tokens it is.
fn tree(tokens: &[TokenTree], prefix: &mut Vec<String>, names: &mut Vec<Vec<String>>) -> usize {
    let depth = prefix.len();
    let mut read = 0;
    loop {
        match &tokens.get(read) {
            Some(TokenTree::Ident(ident)) => {
                let part = ident.to_string();
                if part == "super" {
                    prefix.pop();
                } else {
                    prefix.push(part);
                }
                read += 1;
            }
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                let inner = group.stream().into_iter().collect::<Vec<_>>();
                let branches = inner.split(|token| is_punct(token, ','));
                for branch in branches.filter(|branch| !branch.is_empty()) {
                    tree(branch, &mut prefix.clone(), names);
                }
                prefix.truncate(depth);
                return read + 1;
            }
            _ => break,
        }
        if !is_path(&tokens[read..]) {
            break;
        }
        read += 2;
    }
    names.push(prefix.clone());
    prefix.truncate(depth);
    read
}

fn is_path(tokens: &[TokenTree]) -> bool {
    matches!(tokens, [first, second, ..] if is_punct(first, ':') && is_punct(second, ':'))
}

fn is_punct(token: &TokenTree, char: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == char)
}

fn is_ident(token: &TokenTree, name: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if *ident == name)
}

/// Whether this is the `[cfg(test)]` of an attribute.
fn is_test(group: &Group) -> bool {
    group.delimiter() == Delimiter::Bracket && group.stream().to_string() == "cfg (test)"
}

/// Whether an item ends with this token.
fn is_end(token: &TokenTree) -> bool {
    is_punct(token, ';')
        || matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
}

/// The path of the module in a file.
fn module(path: &str) -> Vec<String> {
    let path = path.trim_end_matches(".rs").trim_end_matches("/mod");
    let parts = path.split('/').filter(|part| *part != "lib");
    parts.map(str::to_owned).collect()
}

fn read(path: &str) -> String {
    let path = support::root().join("runtime/src").join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The files of the runtime below a folder, relative to its `src`, without tests and the protocol
/// that exists for them.
fn paths(folder: &Path) -> Vec<String> {
    let src = support::root().join("runtime/src");
    let entries = src.join(folder).read_dir().expect("the folder can be read");
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.expect("the folder can be read").path();
        let relative = path.strip_prefix(&src).expect("it is below `src`");
        if path
            .file_stem()
            .is_some_and(|stem| stem == "tests" || stem == "toy")
        {
            continue;
        }
        if path.is_dir() {
            found.extend(paths(relative));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let path = relative.to_str().expect("file names are in ASCII");
            found.push(path.replace('\\', "/"));
        }
    }
    found.sort();
    found
}
