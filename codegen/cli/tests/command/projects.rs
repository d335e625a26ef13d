//! Models as people write them, in `tests/projects`: each goes through every command that reads
//! one.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::Folder;

/// A folder in `tests/projects`.
struct Project {
    name: &'static str,
    /// The starts of the lines that `check` prints.
    warnings: &'static [&'static str],
    /// The files that are not formatted.
    unformatted: &'static [&'static str],
    /// Shapes and members of the model, mixins resolved, with a value in each: the path to it and
    /// the value as JSON.
    facts: &'static [(&'static str, &'static str, &'static str)],
}

const PROJECTS: &[Project] = &[
    // Payloads of bytes and streams, headers, `cors`.
    Project {
        name: "archive",
        warnings: &[],
        unformatted: &[],
        facts: &[(
            "io.archive#StoreInput$body",
            "/target",
            "\"io.archive#Upload\"",
        )],
    },
    // Three files and namespaces with `use`, pages in mixins.
    Project {
        name: "bookshop",
        warnings: &[],
        unformatted: &[],
        facts: &[
            (
                "com.paperback.shop#SearchBooksInput$limit",
                "/traits/smithy.api#range/max",
                "100",
            ),
            (
                "com.paperback.catalog#Format$E_BOOK",
                "/traits/smithy.api#enumValue",
                "\"e-book\"",
            ),
        ],
    },
    // Event streams in both directions, a recursive union.
    Project {
        name: "chat",
        warnings: &[],
        unformatted: &[],
        facts: &[("com.chatter#Outgoing", "/traits/smithy.api#streaming", "{}")],
    },
    // Resources, with members that take their targets from them and from mixins.
    Project {
        name: "clinic",
        warnings: &[],
        unformatted: &[],
        facts: &[
            (
                "example.clinic#RegisterPatientInput$born",
                "/target",
                "\"example.clinic#Date\"",
            ),
            (
                "example.clinic#GetPatientOutput$allergies",
                "/traits/smithy.api#documentation",
                "\"Never empty, unlike in requests.\"",
            ),
        ],
    },
    // A file of Smithy 1.0 beside one of 2.0, with commas.
    Project {
        name: "fleet",
        warnings: &[],
        unformatted: &["fleet/service.smithy", "fleet/vehicles.smithy"],
        facts: &[
            (
                "com.fleet.vehicles#Vehicle$seats",
                "/traits/smithy.api#default",
                "0",
            ),
            (
                "com.fleet.vehicles#Kind",
                "/traits/smithy.api#enum/1/value",
                "\"lorry\"",
            ),
        ],
    },
    // Suffixes of inline structures, enums with and without values, defaults, AWS traits.
    Project {
        name: "ledger",
        warnings: &[],
        unformatted: &[],
        facts: &[
            (
                "org.ledger#PostEntryRequest$priority",
                "/traits/smithy.api#default",
                "2",
            ),
            (
                "org.ledger#Currency$CHF",
                "/traits/smithy.api#enumValue",
                "\"CHF\"",
            ),
        ],
    },
    // `rename`, authentication, a host prefix, recursive shapes.
    Project {
        name: "permissions",
        warnings: &[],
        unformatted: &[],
        facts: &[(
            "com.gate#Permissions",
            "/rename/com.gate.people#Group",
            "\"PeopleGroup\"",
        )],
    },
    // Traits of its own, documentation in Markdown, a text block, `apply` in all forms, metadata.
    Project {
        name: "recipes",
        warnings: &[],
        unformatted: &[],
        facts: &[
            (
                "kitchen#Recipe",
                "/traits/smithy.api#documentation",
                r#""A dish.\n\nQuotes (\"), backslashes (\\) and lines that are joined are allowed.\n  This line is indented.""#,
            ),
            ("kitchen#Recipe$steps", "/traits/smithy.api#length/min", "1"),
            ("kitchen#Rate", "/traits/kitchen.traits#instant", "{}"),
        ],
    },
    // `smithy-build.json`, a JSON AST beside the IDL, metadata in both.
    Project {
        name: "sensors",
        warnings: &["sensors/smithy-build.json:6:5: warning[W0533]"],
        unformatted: &[],
        facts: &[(
            "sensors#Value$temperature",
            "/target",
            "\"shared.units#Celsius\"",
        )],
    },
    // Mixins of services, operations and structures, with traits that stay in them.
    Project {
        name: "tickets",
        warnings: &[],
        unformatted: &[],
        facts: &[
            (
                "desk.tickets#Tickets",
                "/errors/1/target",
                "\"desk.mixins#Unavailable\"",
            ),
            (
                "desk.tickets#GetTicketResult$updatedBy",
                "/traits/smithy.api#deprecated",
                "{}",
            ),
        ],
    },
];

impl Project {
    fn path(&self) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/projects")
            .join(self.name)
    }

    /// A folder with a copy of the project, in a folder of this name. Its lines end in `end`.
    fn copy(&self, name: &str, end: &str) -> Folder {
        let folder = Folder::new();
        copy(&self.path(), &folder, name, end);
        folder
    }

    /// The model as one JSON AST.
    fn ast(&self, folder: &Folder) -> String {
        let [out, _] = folder.streams(&["ast", self.name], 0);
        out
    }
}

fn copy(from: &Path, folder: &Folder, to: &str, end: &str) {
    for entry in fs::read_dir(from).expect("the project can be read") {
        let path = entry.expect("the project can be read").path();
        let name = path.file_name().and_then(|name| name.to_str());
        let to = format!("{to}/{}", name.expect("names are text"));
        if path.is_dir() {
            copy(&path, folder, &to, end);
        } else {
            let text = fs::read_to_string(&path).expect("the project can be read");
            folder.write(&to, &text.lines().collect::<Vec<_>>().join(end));
        }
    }
}

#[test]
fn the_projects_are_those_in_the_folder() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/projects");
    let entries = fs::read_dir(folder).expect("the folder can be read");
    let names = entries.map(|entry| entry.expect("the folder can be read").file_name());
    let mut names = names.collect::<Vec<_>>();
    names.sort();
    assert_eq!(names, PROJECTS.iter().map(|it| it.name).collect::<Vec<_>>());
}

#[test]
fn projects_are_valid() {
    for project in PROJECTS {
        let folder = project.copy(project.name, "\n");
        let text = folder.check(&["check", project.name, "--format", "short"], 0);
        let lines: Vec<&str> = text.lines().collect();
        let is_expected = |(line, start): (&&str, &&str)| line.starts_with(start);
        assert!(
            lines.len() == project.warnings.len()
                && lines.iter().zip(project.warnings).all(is_expected),
            "{}: {text}",
            project.name
        );
    }
}

#[test]
fn projects_have_the_model_that_is_meant() {
    for project in PROJECTS {
        let folder = project.copy(project.name, "\n");
        let [model, _] = folder.streams(&["ast", project.name, "--flatten"], 0);
        let model: Value = serde_json::from_str(&model).expect("it is JSON");
        for (id, path, expected) in project.facts {
            let (shape, member) = id
                .split_once('$')
                .map_or((*id, None), |(shape, member)| (shape, Some(member)));
            let mut found = &model["shapes"][shape];
            if let Some(member) = member {
                found = &found["members"][member];
            }
            // Slashes separate keys; no key has one.
            for key in path.split('/').skip(1) {
                found = match key.parse::<usize>() {
                    Ok(index) => &found[index],
                    Err(_) => &found[key],
                };
            }
            let expected: Value = serde_json::from_str(expected).expect("it is JSON");
            assert_eq!(*found, expected, "{id}{path}");
        }
    }
}

#[test]
fn formatted_projects_have_the_same_model() {
    for project in PROJECTS {
        let name = project.name;
        let folder = project.copy(name, "\n");
        // The copy lacks the last newline.
        let before = project.ast(&folder);
        folder.check(&["fmt", name], 0);
        assert_eq!(project.ast(&folder), before, "{name}");
        assert_eq!(folder.check(&["fmt", "--check", name], 0), "", "{name}");

        let original = Folder::new();
        let path = project.path().display().to_string();
        let code = i32::from(!project.unformatted.is_empty());
        let [out, _] = original.streams(&["fmt", "--check", &path], code);
        let out = out.replace('\\', "/");
        let lines = out.lines().zip(project.unformatted);
        assert_eq!(out.lines().count(), project.unformatted.len(), "{out}");
        for (line, file) in lines {
            assert!(line.ends_with(file), "{out}");
        }
    }
}

#[test]
fn projects_survive_the_json_ast() {
    for project in PROJECTS {
        let folder = project.copy(project.name, "\n");
        let printed = project.ast(&folder);
        let again = Folder::new();
        again.write(&format!("{}/model.json", project.name), &printed);
        assert_eq!(project.ast(&again), printed, "{}", project.name);
    }
}

#[test]
fn projects_with_other_line_ends_have_the_same_model() {
    for project in PROJECTS {
        let [unix, windows] =
            ["\n", "\r\n"].map(|end| project.ast(&project.copy(project.name, end)));
        assert_eq!(unix, windows, "{}", project.name);
    }
}

#[test]
fn a_new_crate_takes_the_model_of_a_project() {
    for project in PROJECTS {
        let folder = Folder::new();
        folder.check(&["new", project.name, "--quiet"], 0);
        let model = format!("{}/model", project.name);
        fs::remove_dir_all(folder.path(&model)).expect("removes");
        copy(&project.path(), &folder, &model, "\n");
        let generate = |more: &[&str]| {
            let arguments = [&["generate", "model", "--out", "."], more].concat();
            let inside = folder.path(project.name);
            let output = folder.command(&arguments).current_dir(inside).output();
            let output = output.expect("the command runs");
            let error = String::from_utf8_lossy(&output.stderr).into_owned();
            (output.status.code(), error)
        };
        let (code, text) = generate(&["--check"]);
        assert_eq!(code, Some(1), "{}: the model is another one", project.name);
        assert!(text.contains("generate"), "{text}");
        for arguments in [&[] as &[&str], &["--check"]] {
            let (code, text) = generate(arguments);
            assert_eq!(code, Some(0), "{}: {text}", project.name);
        }
    }
}
