use super::*;

fn files(files: &[(&str, &str)]) -> Files {
    let mut all = Files::default();
    for (path, text) in files {
        all.add((*path).to_owned(), format!("// {GENERATED}\n{text}"));
    }
    all
}

fn bring<'f>(root: &Path, files: &'f Files) -> Result<Change<'f>, WriteError> {
    let change = Change::compare(root, "", files)?;
    apply(std::slice::from_ref(&change))?;
    Ok(change)
}

/// Path and text of everything below a folder.
fn snapshot(root: &Path) -> Vec<(String, String)> {
    let mut found = BTreeSet::new();
    list(root, "", &mut found).expect("the folder can be listed");
    let text =
        |path: &String| fs::read_to_string(root.join(path)).expect("a listed file can be read");
    found
        .iter()
        .map(|path| (path.clone(), text(path)))
        .collect()
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn modified(path: &Path) -> std::time::SystemTime {
    let metadata = fs::metadata(path).and_then(|metadata| metadata.modified());
    metadata.expect("the file exists")
}

#[test]
fn only_differences_are_written_and_files_no_longer_generated_are_removed() {
    let folder = folder();
    let first = files(&[("a.rs", "1"), ("b/c.rs", "2"), ("d/e.rs", "3")]);
    let change = bring(folder.path(), &first).expect("writes");
    let expected = "3 added, 0 changed, 0 removed, 0 unchanged";
    assert_eq!(change.to_string(), expected);
    let before = modified(&folder.path().join("a.rs"));

    let next = files(&[("a.rs", "1"), ("b/c.rs", "changed"), ("f.rs", "4")]);
    let change = bring(folder.path(), &next).expect("writes");
    let expected = "1 added, 1 changed, 1 removed, 1 unchanged";
    assert_eq!(change.to_string(), expected);
    assert_eq!(
        change.lists().map(|(_, paths)| paths.join(" ")),
        ["b/c.rs", "f.rs", "d/e.rs"]
    );
    let after = modified(&folder.path().join("a.rs"));
    assert_eq!(before, after, "an unchanged file is not touched");
    assert!(
        !folder.path().join("d").exists(),
        "a folder that became empty is removed"
    );
    let again = Change::compare(folder.path(), "", &next).expect("compares");
    assert!(again.is_empty());
}

#[test]
fn a_file_that_was_not_generated_is_neither_replaced_nor_removed() {
    for own in ["a.rs", "own.rs"] {
        let folder = folder();
        fs::write(folder.path().join(own), "my own work").expect("writes");
        let before = snapshot(folder.path());
        let files = files(&[("a.rs", "1"), ("b.rs", "2")]);
        let error = bring(folder.path(), &files).expect_err("the file is in the way");
        assert!(error.to_string().contains(own), "{error}");
        assert_eq!(snapshot(folder.path()), before);
    }
}

#[test]
fn an_empty_file_was_not_generated() {
    for own in ["a.rs", "own.rs", ".gitkeep", "deep/mod.rs"] {
        let folder = folder();
        fs::create_dir(folder.path().join("deep")).expect("creates");
        fs::write(folder.path().join(own), "").expect("writes");
        let before = snapshot(folder.path());
        let files = files(&[("a.rs", "1"), ("b.rs", "2"), ("deep/mod.rs", "3")]);
        let error = bring(folder.path(), &files).expect_err("the file is in the way");
        assert!(error.to_string().contains(own), "{error}");
        assert_eq!(snapshot(folder.path()), before);
    }
}

#[cfg(unix)]
#[test]
fn what_is_not_a_regular_file_is_neither_read_nor_replaced() {
    use std::os::unix::fs::symlink;

    for own in ["a.rs", "own.rs"] {
        let folder = folder();
        let place = folder.path().join(own);
        symlink("absent", &place).expect("links");
        let error = bring(folder.path(), &files(&[("a.rs", "1")])).expect_err("the link is ours");
        assert!(error.to_string().contains(own), "{error}");
        assert!(place.is_symlink());

        fs::remove_file(&place).expect("removes");
        // A socket is not read either, and reading a pipe would not end.
        let socket = std::os::unix::net::UnixListener::bind(&place).expect("binds");
        let error = bring(folder.path(), &files(&[("a.rs", "1")])).expect_err("it is no file");
        assert!(error.to_string().contains(own), "{error}");
        drop(socket);
    }
}

#[cfg(unix)]
#[test]
fn a_link_to_a_folder_that_does_not_exist_is_an_error_that_says_so() {
    let folder = folder();
    let link = folder.path().join("link");
    std::os::unix::fs::symlink("absent", &link).expect("links");
    for root in [link.clone(), link.join("deep/er")] {
        let files = files(&[("a.rs", "1")]);
        let error = Change::of_files(&root, &files).expect_err("the link leads nowhere");
        let source = std::error::Error::source(&error).expect("it has a reason");
        let text = source.to_string();
        assert!(
            text.contains("link is a link to a path that does not exist"),
            "{text}"
        );
    }
}

#[test]
fn only_the_owned_folder_is_searched_for_extra_files() {
    let folder = folder();
    fs::create_dir(folder.path().join("src")).expect("creates");
    fs::write(folder.path().join("notes.txt"), "my own work").expect("writes");
    let stale = format!("// {GENERATED}");
    fs::write(folder.path().join("src/old.rs"), stale).expect("writes");
    let files = files(&[("Cargo.toml", "1"), ("src/lib.rs", "2")]);
    let change = Change::compare(folder.path(), "src", &files).expect("compares");
    assert_eq!(change.lists()[2].1, ["src/old.rs"]);
}

#[test]
fn documents_that_are_not_generated_any_more_are_extra_and_others_are_not() {
    let folder = folder();
    let mark = |origins: &str| {
        format!("{{\"x-generated\": \"{GENERATED} from {origins}. Do not edit: edit the model.\"}}")
    };
    let old = mark("a.smithy, old.smithy");
    for (name, text) in [
        ("Kept.openapi.json", &*old),
        ("Old.openapi.json", &old),
        ("Old.openapi.yaml", &old),
        // Documents of other models, and files of the user.
        ("Other.openapi.json", &mark("c.smithy")),
        ("Similar.openapi.json", &mark("old.smithy.a.smithy")),
        ("Own.openapi.json", "{\"openapi\": \"3.1.0\"}"),
        ("Empty.openapi.json", ""),
        ("api.json", &old),
        ("openapi.json", &old),
        ("deep/Old.openapi.json", &old),
    ] {
        let place = folder.path().join(name);
        fs::create_dir_all(place.parent().expect("it is in the folder")).expect("creates");
        fs::write(place, text).expect("writes");
    }
    let mut files = Files::default();
    files.add("Kept.openapi.json".to_owned(), old.clone());
    let change = Change::of_files(folder.path(), &files).expect("compares");
    let change = change
        .with_old_documents("a.smithy, b.smithy")
        .expect("compares");
    assert_eq!(
        change.lists()[2].1,
        ["Old.openapi.json", "Old.openapi.yaml"]
    );
    apply(&[change]).expect("removes");
    let left = snapshot(folder.path());
    assert_eq!(left.len(), 8, "{left:?}");
    assert!(
        left.iter().all(|(path, _)| !path.starts_with("Old")),
        "{left:?}"
    );

    let absent = Change::of_files(&folder.path().join("absent"), &files).expect("compares");
    let absent = absent.with_old_documents("a.smithy").expect("compares");
    assert!(absent.lists()[2].1.is_empty());
}

#[test]
fn a_failure_half_way_leaves_the_folder_as_it_was() {
    let folder = folder();
    let first = files(&[("a.rs", "1"), ("z.rs", "2"), ("extra.rs", "3")]);
    bring(folder.path(), &first).expect("writes");
    let next = files(&[
        ("a.rs", "changed"),
        ("b.rs", "new"),
        ("c.rs", "new"),
        ("z.rs", "changed"),
    ]);
    let change = Change::compare(folder.path(), "", &next).expect("compares");
    // Nothing can be written to c.rs: it has become a folder with content.
    fs::create_dir(folder.path().join("c.rs")).expect("creates a folder");
    fs::write(folder.path().join("c.rs/in-the-way"), "x").expect("writes");
    let before = snapshot(folder.path());
    let error = apply(&[change]).expect_err("cannot write c.rs");
    assert!(error.to_string().contains("c.rs"), "{error}");
    assert_eq!(snapshot(folder.path()), before);
}

#[test]
fn a_failure_in_one_folder_leaves_the_others_as_they_were() {
    let (first, second) = (folder(), folder());
    fs::write(second.path().join("own.rs"), "my own work").expect("writes");
    let files = files(&[("a.rs", "1")]);
    let changes = [&first, &second]
        .map(|folder| Change::compare(folder.path(), "", &files).expect("compares"));
    let error = apply(&changes).expect_err("own.rs is in the way");
    assert!(error.to_string().contains("own.rs"), "{error}");
    assert_eq!(snapshot(first.path()), []);
}

#[test]
fn a_failure_removes_the_folders_that_were_created() {
    let folder = folder();
    // A file is where a folder is needed.
    fs::write(folder.path().join("z"), "x").expect("writes");
    let files = files(&[("deep/er/a.rs", "1"), ("other/b.rs", "2")]);
    let root = folder.path();
    let change = Change::compare(&root.join("new"), "", &files).expect("compares");
    let other = Change {
        root: root.join("z"),
        files: &files,
        stale: Vec::new(),
        missing: vec!["deep/er/a.rs".to_owned()],
        extra: Vec::new(),
    };
    let error = apply(&[change, other]).expect_err("z is not a folder");
    assert!(error.to_string().contains("z/deep/er/a.rs"), "{error}");
    assert!(!root.join("new").exists());
    assert_eq!(snapshot(root), [("z".to_owned(), "x".to_owned())]);
}

#[test]
fn a_file_in_place_of_the_folder_is_an_error() {
    let folder = folder();
    let place = folder.path().join("file");
    fs::write(&place, "x").expect("writes");
    let error = Change::compare(&place, "", &Files::default()).expect_err("it is not a folder");
    assert!(error.to_string().contains("file"), "{error}");
}

#[test]
fn an_initial_file_is_written_once() {
    let folder = folder();
    let files = |text: &str| {
        let mut files = files(&[("src/lib.rs", "1")]);
        files.add_initial("Cargo.toml".to_owned(), text.to_owned());
        files
    };
    let first = files("first");
    bring(folder.path(), &first).expect("writes");
    let second = files("second");
    let change = bring(folder.path(), &second).expect("writes");
    assert!(change.is_empty());
    let text = fs::read_to_string(folder.path().join("Cargo.toml")).expect("it exists");
    assert_eq!(text, "first");
}

#[test]
fn a_missing_folder_is_empty() {
    let folder = folder();
    let files = files(&[("a.rs", "1")]);
    let change = Change::compare(&folder.path().join("not/there"), "", &files).expect("compares");
    let expected = "1 added, 0 changed, 0 removed, 0 unchanged";
    assert_eq!(change.to_string(), expected);
}
