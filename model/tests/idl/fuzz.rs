//! Random files: reading, printing and formatting them must not panic, and must not take long.
//!
//! `DRAWPLATE_RANDOM_TEXTS=1000000 cargo test --release -p drawplate-model --test idl fuzz` reads
//! more of them; `DRAWPLATE_RANDOM_SEED` is the first one.

use std::path::Path;
use std::time::{Duration, Instant};
use std::{env, fs};

use drawplate_model::print::{Mixins, format, json_ast};
use drawplate_model::{Sources, build, load};
use libtest_mimic::Trial;

use crate::{Outcome, files, trial};

/// A file with every construct, for machines without the fixtures.
const SAMPLE: &str = include_str!("sample.smithy");

/// The number of files of each test, unless the environment says another.
const FEW: u64 = 2_000;

pub(crate) fn trials(shared: Option<&Path>) -> Vec<Trial> {
    let mut texts = vec![SAMPLE.to_owned()];
    let folders = [
        "smithy/idl-valid",
        "smithy/idl-invalid",
        "smithy/idl-format",
        "smithy/protocol-tests-idl",
        "smithy/traits",
    ];
    for folder in folders.iter().filter_map(|it| Some(shared?.join(it))) {
        let read = |path| fs::read_to_string(path).expect("a fixture can be read");
        texts.extend(files(&folder, "smithy").into_iter().map(read));
    }
    texts.retain(|text| text.len() < 20_000);
    let of_tokens = texts.clone();
    vec![
        trial("fuzz::bytes".into(), move || {
            run(|random| bytes(random, &texts))
        }),
        trial("fuzz::tokens".into(), move || {
            let files: Vec<Vec<&str>> = of_tokens.iter().map(|text| tokens(text)).collect();
            run(|random| mixed(random, &files))
        }),
        trial("fuzz::sample".into(), is_a_model),
        trial("time::linear".into(), takes_linear_time),
    ]
}

/// Numbers that look random: xorshift64*.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end.max(1)).expect("it fits");
        usize::try_from((self.next() >> 11) % end).expect("it fits")
    }

    pub(crate) fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }
}

fn variable(name: &str) -> Option<u64> {
    let text = env::var(name).ok()?;
    let number = text.parse();
    Some(number.unwrap_or_else(|_| panic!("{name} is no number: `{text}`")))
}

fn run(make: impl Fn(&mut Random) -> String) -> Outcome {
    let count = variable("DRAWPLATE_RANDOM_TEXTS").unwrap_or(FEW);
    let first = variable("DRAWPLATE_RANDOM_SEED").unwrap_or(0);
    for seed in first..first + count {
        survives(&make(&mut Random::new(seed)), seed)?;
    }
    Ok(())
}

/// Reads, prints and formats a text. A formatted text stays as it is.
fn survives(text: &str, seed: u64) -> Outcome {
    let start = Instant::now();
    let sources = Sources::from_texts([("m.smithy".into(), text.to_owned())]);
    let (source, _) = sources.iter().next().expect("there is one source");
    match load(&sources) {
        Ok(ast) => {
            if let Err(report) = json_ast(&ast, Mixins::Keep) {
                report.render(&sources, false);
            }
            let _ = json_ast(&ast, Mixins::Flatten).is_ok();
            if let Err(report) = build(&sources) {
                report.render(&sources, false);
            }
        }
        Err(report) => drop(report.render(&sources, false)),
    }
    if let Ok(once) = format(&sources, source) {
        let sources = Sources::from_texts([("m.smithy".into(), once.clone())]);
        let (source, _) = sources.iter().next().expect("there is one source");
        let twice = format(&sources, source).map_err(|report| {
            let report = report.render(&sources, false);
            format!("seed {seed}: the formatted text is broken\n{text}\n{report}")
        })?;
        if once != twice {
            return Err(format!(
                "seed {seed}: formatting changes\n{text}\n---\n{once}\n---\n{twice}"
            ));
        }
    }
    // The time is generous, since other tests run too.
    if start.elapsed() > Duration::from_secs(20) {
        return Err(format!(
            "seed {seed}: {} bytes take too long\n{text}",
            text.len()
        ));
    }
    Ok(())
}

/// The sample is valid, and formatted except for its commas.
fn is_a_model() -> Outcome {
    survives(SAMPLE, 0)?;
    let sources = Sources::from_texts([("sample.smithy".into(), SAMPLE.to_owned())]);
    let built = build(&sources).map_err(|report| report.render(&sources, false))?;
    drop(built);
    Ok(())
}

/// A file that is four times as long takes about four times as long to read.
fn takes_linear_time() -> Outcome {
    let is_full = env::var_os("DRAWPLATE_FULL").is_some();
    let sizes: &[usize] = if is_full { &[1, 4, 16] } else { &[1, 4] };
    let unit = if is_full { 1_000_000 } else { 100_000 };
    let body = &SAMPLE[SAMPLE
        .find("/// A service.")
        .expect("the sample has a service")..];
    let time = |size: usize| {
        let mut text = "$version: \"2\"\nnamespace sample.shapes\n\n".to_owned();
        while text.len() < size * unit {
            text.push_str(body);
        }
        let sources = Sources::from_texts([("m.smithy".into(), text)]);
        let start = Instant::now();
        let outcome = load(&sources).map(|ast| ast.definitions.len());
        let time = start.elapsed();
        outcome
            .map(|_| time)
            .map_err(|report| report.render(&sources, false))
    };
    let mut best = Vec::new();
    for size in sizes {
        let times = [time(*size)?, time(*size)?, time(*size)?];
        let shortest = times.into_iter().min().expect("there are three");
        best.push(shortest.max(Duration::from_millis(1)));
    }
    if is_full {
        println!("{sizes:?} MB take {best:?}");
    }
    // Twice as long as linear, for a busy machine; quadratic is four times as long.
    match best.windows(2).find(|pair| pair[1] > pair[0] * 10) {
        Some(pair) => Err(format!(
            "four times as many bytes take {:?}, not {:?}",
            pair[1], pair[0]
        )),
        None => Ok(()),
    }
}

/// A real file with random bytes in it, or only such bytes.
fn bytes(random: &mut Random, texts: &[String]) -> String {
    const BYTES: &[u8] = b" \t\r\n,@$.{}[]()#=:\"\"\"///-019_aAzZ\\u\xc3\xa9\xff\0'*;with";
    let mut made = Vec::new();
    if random.below(4) > 0 {
        let text = &texts[random.below(texts.len())];
        let start = random.below(text.len());
        let end = start + random.below(400);
        made.extend(&text.as_bytes()[start..end.min(text.len())]);
        if random.below(2) == 0 {
            made.splice(0..0, *b"$version: \"2\"\nnamespace a\n");
        }
    }
    for _ in 0..random.below(12) {
        let at = random.below(made.len() + 1);
        match random.below(3) {
            0 if at < made.len() => drop(made.remove(at)),
            _ => made.insert(at, random.pick(BYTES)),
        }
    }
    String::from_utf8_lossy(&made).into_owned()
}

/// The words, spaces and other characters of a text.
fn tokens(text: &str) -> Vec<&str> {
    let class = |it: char| match it {
        _ if it.is_alphanumeric() || it == '_' => 0,
        ' ' => 1,
        _ => 2,
    };
    let mut tokens = Vec::new();
    let mut start = 0;
    let mut before = None;
    for (at, character) in text.char_indices() {
        let class = class(character);
        if at > start && (before != Some(class) || class == 2) {
            tokens.push(&text[start..at]);
            start = at;
        }
        before = Some(class);
    }
    tokens.push(&text[start..]);
    tokens
}

/// Parts of real files, some tokens of which are removed, repeated or exchanged.
fn mixed(random: &mut Random, files: &[Vec<&str>]) -> String {
    let part = |random: &mut Random, length: usize| {
        let file = &files[random.below(files.len())];
        let start = random.below(file.len());
        file[start..(start + random.below(length)).min(file.len())].to_vec()
    };
    let mut made = vec!["$version: \"2\"\n", "namespace a\n"];
    if random.below(4) == 0 {
        made.clear();
    }
    for _ in 0..=random.below(3) {
        made.extend(part(random, 120));
    }
    for _ in 0..random.below(6) {
        let at = random.below(made.len());
        match random.below(4) {
            0 if at < made.len() => drop(made.remove(at)),
            1 => {
                let piece = part(random, 6);
                made.splice(at..at, piece);
            }
            2 if at < made.len() => made.insert(at, made[at]),
            _ => made.insert(
                at,
                random.pick(&[
                    "\"", "{", "}", "[", "]", "(", ")", "\n", "@", "$", "///x\n", ":=", "\"\"\"",
                ]),
            ),
        }
    }
    made.concat()
}
