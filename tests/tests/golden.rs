//! What is generated for one feature at a time: a snapshot per fixture and file.
//!
//! After a change that is meant to change output: `INSTA_UPDATE=always cargo test -p drawplate-tests --test golden`, then
//! read the difference.

use drawplate_tests as support;
use std::fs;
use std::path::PathBuf;

use drawplate_codegen::Config;
use drawplate_model::Sources;

#[test]
fn each_fixture_generates_what_its_snapshots_show() {
    let folder = support::root().join("tests/fixtures/golden");
    let fixtures = support::json_files(&folder);
    assert!(!fixtures.is_empty(), "there are fixtures");
    for path in fixtures {
        let name = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .expect("fixtures have names in ASCII");
        let text = fs::read_to_string(&path).expect("a fixture can be read");
        let path = PathBuf::from(format!("{name}.json"));
        let sources = Sources::from_texts([(path, text)]);
        let files = support::generate(&sources, &Config::default());
        for (file, text) in files.iter() {
            let mut settings = insta::Settings::clone_current();
            settings.set_omit_expression(true);
            settings.set_prepend_module_to_snapshot(false);
            settings.set_snapshot_path("../fixtures/golden/snapshots");
            settings.bind(|| {
                insta::assert_snapshot!(format!("{name}__{}", file.replace('/', "__")), text);
            });
        }
    }
}
