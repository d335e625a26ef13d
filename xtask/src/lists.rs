//! Lists of what is generated, as macros for this repository's suites. Generated crates do not have
//! them.

use std::fmt::Write as _;

use drawplate_codegen::files::GENERATED;
use drawplate_codegen::names::{ServiceUnit, TypeModule};
use drawplate_codegen::{CheckedModel, Config, Output, SourceFile, assign_names};
use drawplate_model::diagnostic::Report;
use drawplate_model::model::{Kind, Model, Operation, ShapeId};

/// The output: a file with three macros for each service.
///
/// - `<module>_operations!`: name, method of the client, setter of the mock, and the input type in
///   brackets. The brackets are empty where the method has no parameter.
/// - `<module>_value_operations!`: the same without the operations that stream.
/// - `<module>_structures!`: structures and unions by module.
///
/// Each passes its list to the macro that it is given, after the arguments for that macro.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lists;

impl Output for Lists {
    fn files<'a>(
        &'a self,
        models: &'a [CheckedModel],
        config: &'a Config,
        report: &mut Report,
    ) -> Vec<SourceFile<'a>> {
        let Some(names) = assign_names(models, &config.names, report) else {
            return Vec::new();
        };
        let mut text = format!(
            "// {GENERATED} from the models of all crates that the suites use.\n\
             // Do not edit: run `cargo xtask codegen`.\n\n\
             //! The operations and types of each service, for macros.\n"
        );
        for unit in &names.services {
            service(&mut text, &models[unit.model].model, unit)
                .expect("a text can always be written to");
        }
        vec![SourceFile::plain("mod.rs", "", text)]
    }
}

fn service(text: &mut String, model: &Model, unit: &ServiceUnit) -> std::fmt::Result {
    let ServiceUnit { service, names, .. } = unit;
    let service = &model.services[*service];
    let module = names.module.text();
    let operations = service.operations.iter();
    let operations = operations.map(|id| (&model.operations[*id], names.operation(*id)));
    let lines = operations.map(|(operation, spelt)| {
        let method = &spelt.method;
        let input = names.shape(operation.input);
        let parameter = if model.shapes[operation.input].kind.is_synthetic() {
            String::new()
        } else {
            input.ident.to_string()
        };
        let setter = spelt.mock_setter();
        let line = format!("{} {method} {setter} [{parameter}];", operation.name.name());
        (streams(model, operation), line)
    });
    let lines = lines.collect::<Vec<_>>();
    let all = lines.iter().map(|(_, line)| &**line);
    list(text, &format!("{module}_operations"), all)?;
    let values = lines.iter().filter(|(streams, _)| !streams);
    list(
        text,
        &format!("{module}_value_operations"),
        values.map(|(_, line)| &**line),
    )?;
    let modules = [
        TypeModule::Input,
        TypeModule::Output,
        TypeModule::Error,
        TypeModule::Types,
    ];
    let modules = modules.map(|module| {
        let ids = service.shapes.iter().copied();
        let ids = ids.filter(|id| is_structure(model, *id));
        let names = ids.map(|id| names.shape(id));
        let types = names.filter(|names| names.module == module);
        let types = types.map(|names| format!("{} ", names.ident));
        format!("{} {{ {}}}", module.name(), types.collect::<String>())
    });
    list(
        text,
        &format!("{module}_structures"),
        modules.iter().map(|line| &**line),
    )
}

/// Whether the shape is a structure or a union whose values can be held in memory.
fn is_structure(model: &Model, id: ShapeId) -> bool {
    match &model.shapes[id].kind {
        Kind::Structure(_) => true,
        Kind::Union(union) => !union.streaming,
        _ => false,
    }
}

/// Whether a message of the operation has a stream in it.
fn streams(model: &Model, operation: &Operation) -> bool {
    [operation.input, operation.output].iter().any(|id| {
        let mut members = model.shapes[*id].kind.members();
        members.any(|member| member.streaming)
    })
}

fn list<'l>(
    text: &mut String,
    name: &str,
    lines: impl Iterator<Item = &'l str>,
) -> std::fmt::Result {
    write!(
        text,
        "
/// Passes the list to a macro.
#[macro_export]
macro_rules! {name} {{
    ($then:ident! $($arguments:tt)*) => {{
        $then! {{
            $($arguments)* {{
"
    )?;
    for line in lines {
        writeln!(text, "                {line}")?;
    }
    text.push_str("            }\n        }\n    };\n}\n");
    Ok(())
}
