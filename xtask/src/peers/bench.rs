//! The output of `cargo bench -p drawplate-benches`, as ratios.

use std::collections::BTreeMap;
use std::process::Command;

use anyhow::Context as _;

use super::Row;

/// Ours beside a peer, and the budget.
struct Pair {
    bench: &'static str,
    what: String,
    /// The groups above both, from the root down; `*` is the part in which ours and the peer
    /// differ.
    path: String,
    /// The name of the peer in the bench.
    peer: &'static str,
    /// The name of the peer in the table.
    label: &'static str,
    budget: Option<f64>,
}

fn pair(
    bench: &'static str,
    what: &str,
    label: &'static str,
    path: &str,
    peer: &'static str,
    budget: Option<f64>,
) -> Pair {
    Pair {
        bench,
        what: what.to_owned(),
        path: path.to_owned(),
        peer,
        label,
        budget,
    }
}

/// A format of the benches of codecs.
struct Format {
    bench: &'static str,
    name: &'static str,
    decode: &'static str,
    encode: &'static str,
    /// The names of peers in the bench and in the table.
    peers: &'static [(&'static str, &'static str)],
}

const FORMATS: [Format; 3] = [
    Format {
        bench: "codec",
        name: "JSON",
        decode: "decode",
        encode: "encode",
        peers: &[("peer", "serde derive")],
    },
    Format {
        bench: "codec",
        name: "CBOR",
        decode: "cbor_decode",
        encode: "cbor_encode",
        peers: &[("ciborium", "ciborium"), ("minicbor", "minicbor-serde")],
    },
    Format {
        bench: "xml",
        name: "XML",
        decode: "decode",
        encode: "encode",
        peers: &[("peer", "quick-xml and serde derive")],
    },
];

/// The shapes of the benches of codecs.
const SHAPES: [(&str, &str); 5] = [
    ("Small", "small"),
    ("Nested", "nested"),
    ("LargeList", "large list"),
    ("ManyOptional", "many optional members"),
    ("Escapes", "escapes"),
];

/// Every shape of every format, decoded and encoded, beside each peer.
fn codecs() -> Vec<Pair> {
    let mut pairs = Vec::new();
    for format in &FORMATS {
        let directions = [
            ("decode", format.decode, 1.1),
            ("encode", format.encode, 1.0),
        ];
        for (direction, group, budget) in directions {
            for (shape, name) in SHAPES {
                for (peer, label) in format.peers {
                    pairs.push(Pair {
                        bench: format.bench,
                        what: format!("{} {direction}, {name}", format.name),
                        path: format!("{group}/*/{shape}"),
                        peer,
                        label,
                        budget: Some(budget),
                    });
                }
            }
        }
    }
    pairs
}

/// The pairs that are not codecs.
fn others() -> [Pair; 15] {
    [
        pair(
            "client",
            "client, GET unsigned",
            "by hand, bare",
            "get/*/false",
            "bare",
            Some(1.3),
        ),
        pair(
            "client",
            "client, GET unsigned",
            "by hand, careful",
            "get/*/false",
            "careful",
            None,
        ),
        pair(
            "client",
            "client, POST unsigned",
            "by hand, bare",
            "post/*/false",
            "bare",
            Some(1.3),
        ),
        pair(
            "client",
            "client, POST unsigned",
            "by hand, careful",
            "post/*/false",
            "careful",
            None,
        ),
        pair(
            "client",
            "client, GET signed",
            "by hand, careful",
            "get/*/true",
            "careful",
            None,
        ),
        pair(
            "client",
            "client, POST signed",
            "by hand, careful",
            "post/*/true",
            "careful",
            None,
        ),
        pair("server", "server, GET", "axum", "get/*", "peer", Some(1.1)),
        pair(
            "server",
            "server, POST",
            "axum",
            "post/*",
            "peer",
            Some(1.1),
        ),
        pair(
            "server",
            "server, invalid POST",
            "axum",
            "violations/*",
            "peer",
            None,
        ),
        pair(
            "routes",
            "31 routes, hit",
            "matchit",
            "hit/*/31",
            "peer",
            None,
        ),
        pair(
            "routes",
            "31 routes, miss",
            "matchit",
            "miss/*/31",
            "peer",
            None,
        ),
        pair(
            "routes",
            "500 routes, hit",
            "matchit",
            "hit/*/500",
            "peer",
            None,
        ),
        pair(
            "routes",
            "500 routes, miss",
            "matchit",
            "miss/*/500",
            "peer",
            None,
        ),
        pair(
            "routes",
            "5,000 routes, hit",
            "matchit",
            "hit/*/5000",
            "peer",
            None,
        ),
        pair(
            "routes",
            "5,000 routes, miss",
            "matchit",
            "miss/*/5000",
            "peer",
            None,
        ),
    ]
}

/// Runs the benches `rounds` times. Each pair reports the round with the median ratio: both sides
/// of a round ran within seconds of each other.
pub(super) fn rows(rounds: u32) -> anyhow::Result<Vec<Row>> {
    let mut seen = Vec::new();
    for _ in 0..rounds.max(1) {
        let mut round = BTreeMap::new();
        for bench in ["codec", "xml", "client", "server", "routes"] {
            round.insert(bench, run(bench)?);
        }
        seen.push(round);
    }
    let rows = codecs().into_iter().chain(others()).map(|pair| {
        let mut pairs = seen
            .iter()
            .map(|round| pair.of(&round[pair.bench]))
            .collect::<anyhow::Result<Vec<_>>>()?;
        pairs.sort_by(|(a, b), (c, d)| (a / b).total_cmp(&(c / d)));
        let (ours, peer) = pairs[pairs.len() / 2];
        Ok(Row::new(
            &pair.what,
            pair.label,
            ours,
            peer,
            "ns",
            pair.budget,
        ))
    });
    rows.collect()
}

impl Pair {
    fn of(&self, medians: &BTreeMap<String, f64>) -> anyhow::Result<(f64, f64)> {
        let find = |side: &str| {
            let path = self.path.replace('*', side);
            let median = medians.get(&path).copied();
            median.with_context(|| format!("the bench {} does not measure {path}", self.bench))
        };
        Ok((find("ours")?, find(self.peer)?))
    }
}

fn run(bench: &str) -> anyhow::Result<BTreeMap<String, f64>> {
    let mut command = Command::new("cargo");
    command
        .args([
            "bench",
            "--quiet",
            "--package",
            "drawplate-benches",
            "--bench",
            bench,
        ])
        .args(["--", "--min-time", "0.05", "--max-time", "0.5"])
        .current_dir(crate::root());
    let output = super::succeeded(command, "cargo")?;
    Ok(medians(&super::text(&output)))
}

/// The medians in nanoseconds, by the names from the root down to each: divan prints a tree.
fn medians(printed: &str) -> BTreeMap<String, f64> {
    let mut medians = BTreeMap::new();
    let mut path = Vec::<String>::new();
    for line in printed.lines() {
        let rest = line.trim_start_matches(['│', '├', '╰', '─', ' ']);
        let depth = (line.chars().count() - rest.chars().count()) / 3;
        let mut columns = rest.split('│').map(str::trim);
        let Some(name) = columns
            .next()
            .and_then(|first| first.split_whitespace().next())
        else {
            continue;
        };
        if depth == 0 {
            continue;
        }
        path.truncate(depth - 1);
        path.push(name.to_owned());
        if let Some(median) = columns.nth(1).and_then(nanoseconds) {
            medians.insert(path.join("/"), median);
        }
    }
    medians
}

fn nanoseconds(text: &str) -> Option<f64> {
    let (number, unit) = text.split_once(' ')?;
    let scale = match unit {
        "ps" => 1e-3,
        "ns" => 1.0,
        "µs" => 1e3,
        "ms" => 1e6,
        "s" => 1e9,
        _ => return None,
    };
    Some(number.parse::<f64>().ok()? * scale)
}

#[cfg(test)]
mod tests {
    use super::medians;

    #[test]
    fn the_tree_of_divan_is_read() {
        let printed = "\
codec        fastest       │ slowest       │ median        │ mean          │ samples │ iters
├─ decode                  │               │               │               │         │
│  ├─ ours                 │               │               │               │         │
│  │  ╰─ Small  297.8 ns   │ 2.706 µs      │ 337.3 ns      │ 365.4 ns      │ 100     │ 100
│  │            345.7 MB/s │ 38.05 MB/s    │ 305.3 MB/s    │ 281.8 MB/s    │         │
╰─ encode       1.2 µs     │ 3 µs          │ 2.5 µs        │ 2.6 µs        │ 100     │ 100";
        let expected = [("decode/ours/Small", 337.3), ("encode", 2500.0)];
        let medians = medians(printed);
        assert_eq!(
            medians
                .iter()
                .map(|(path, median)| (path.as_str(), *median))
                .collect::<Vec<_>>(),
            expected
        );
    }
}
