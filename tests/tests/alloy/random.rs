//! Random documents: whatever a client reads, it writes again, and reads what it has written.

use std::collections::BTreeSet;

use drawplate_fixtures::zoo::types::{Animal, Food, Meal, OpenAnimal, Patched};
use drawplate_runtime::json::Json;
use drawplate_tests::random::Random;

/// JSON that resembles the values of the fixture.
fn document(random: &mut Random, depth: usize) -> String {
    const KEYS: [&str; 14] = [
        "kind", "wingspan", "song", "notes", "lives", "friend", "fur", "parts", "at", "food",
        "name", "info", "others", "x",
    ];
    const SCALARS: [&str; 16] = [
        "null",
        "true",
        "0",
        "-7",
        "5.5",
        "1e400",
        "99999999999999999999",
        "\"small\"",
        "\"12:00:00\"",
        "\"bird\"",
        "\"big-cat\"",
        "\"stone\"",
        "\"fish\"",
        "\"\"",
        "\"\\ud83d\\ude00\"",
        "\"\\ud83d\"",
    ];
    let next = |random: &mut Random| document(random, depth + 1);
    match random.below(if depth < 6 { 3 } else { 1 }) {
        0 => (*random.pick(&SCALARS)).to_owned(),
        1 => {
            let elements = (0..random.below(4)).map(|_| next(random));
            format!("[{}]", elements.collect::<Vec<_>>().join(", "))
        }
        _ => {
            // Of equal keys, the last counts in documents, and each in structures.
            let keys = (0..random.below(5)).map(|_| *random.pick(&KEYS));
            let keys = keys.collect::<BTreeSet<_>>().into_iter();
            let entries = keys.map(|key| format!("\"{key}\": {}", next(random)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}

/// Whether a client reads the document.
fn check<T: Json>(json: &str) -> bool {
    let _ = T::from_json_strict(json);
    let Ok(value) = T::from_json(json) else {
        return false;
    };
    let written = value.to_json().expect(json);
    let again = T::from_json(&written).unwrap_or_else(|error| panic!("{error}: {written}"));
    assert_eq!(again.to_json().as_deref(), Ok(&*written), "{json}");
    true
}

#[test]
fn what_a_client_reads_it_writes_and_reads_again() {
    let cases = std::env::var("DRAWPLATE_FUZZ_CASES").ok();
    let cases = cases.map_or(5_000, |cases| cases.parse().expect("a number of cases"));
    let mut read = [0; 5];
    for seed in 0..cases {
        let json = document(&mut Random::new(seed), 0);
        let found = [
            check::<Food>(&json),
            check::<Animal>(&json),
            check::<OpenAnimal>(&json),
            check::<Meal>(&json),
            check::<Patched>(&json),
        ];
        for (count, found) in read.iter_mut().zip(found) {
            *count += usize::from(found);
        }
    }
    assert!(read.iter().all(|count| *count > 100), "{read:?}");
}
