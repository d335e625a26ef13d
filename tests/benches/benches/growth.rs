//! How time and memory grow with the model: a process per model, the published ones and ours, from
//! the smallest to the largest.
//!
//! The last line is the slope of the logarithms: 1.0 is a line, 2.0 a square. Memory is the most
//! that the process had (`VmHWM`, Linux only).

#[path = "by_hand/models.rs"]
mod models;

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use drawplate_codegen::{Config, pipeline};
use drawplate_model::source::Sources;
use models::Case;

/// What a process found out.
#[derive(Clone, Copy)]
struct Measured {
    bytes: f64,
    milliseconds: f64,
    megabytes: Option<f64>,
}

fn main() {
    let arguments = std::env::args().skip(1).collect::<Vec<_>>();
    if let [flag, path] = &*arguments
        && flag == "--one"
    {
        return one(&Case::new(PathBuf::from(path)));
    }
    let mut cases = vec![models::shipped()];
    // Without `--bench` it is a test that this program runs.
    if arguments.iter().any(|argument| argument == "--bench") {
        let folder = models::published().and_then(|folder| folder.read_dir().ok());
        let paths = folder
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path());
        cases.extend(
            paths
                .filter(|path| {
                    path.extension()
                        .is_some_and(|extension| extension == "json")
                })
                .map(Case::new),
        );
    }
    cases.sort_by_key(|case| case.path.metadata().map_or(0, |metadata| metadata.len()));
    let mut points = Vec::new();
    println!("| model | bytes | ms | ns per byte | MB at most | bytes per byte |");
    println!("|---|---|---|---|---|---|");
    for case in &cases {
        match measured(case) {
            Ok(measured) => points.push(print(case, measured)),
            Err(why) => println!("| {case} | {why} |"),
        }
    }
    for (what, axis) in [("time", 1), ("memory", 2)] {
        if let Some(slope) = slope(points.iter().map(|point| (point[0], point[axis]))) {
            println!("growth of {what}: bytes to the power of {slope:.2}");
        }
    }
}

fn print(case: &Case, measured: Measured) -> [f64; 3] {
    let Measured {
        bytes,
        milliseconds,
        megabytes,
    } = measured;
    let per_byte = milliseconds * 1e6 / bytes;
    let memory = megabytes.map_or("unknown | unknown".to_owned(), |megabytes| {
        format!("{megabytes:.1} | {:.0}", megabytes * 1e6 / bytes)
    });
    println!("| {case} | {bytes} | {milliseconds:.1} | {per_byte:.0} | {memory} |");
    [bytes, milliseconds, megabytes.unwrap_or_default()]
}

/// The slope of the line through the logarithms that is nearest to all points.
fn slope(points: impl Iterator<Item = (f64, f64)>) -> Option<f64> {
    let points = points.filter(|(x, y)| *x > 0.0 && *y > 0.0);
    let points = points.map(|(x, y)| (x.ln(), y.ln())).collect::<Vec<_>>();
    if points.len() < 3 {
        return None;
    }
    let mean = |of: fn(&(f64, f64)) -> f64| {
        points.iter().map(of).sum::<f64>() / points.iter().map(|_| 1.0).sum::<f64>()
    };
    let (mean_x, mean_y) = (mean(|(x, _)| *x), mean(|(_, y)| *y));
    let covariance = points.iter().map(|(x, y)| (x - mean_x) * (y - mean_y));
    let variance = points.iter().map(|(x, _)| (x - mean_x).powi(2));
    Some(covariance.sum::<f64>() / variance.sum::<f64>())
}

fn measured(case: &Case) -> Result<Measured, String> {
    let mut command = Command::new(std::env::current_exe().expect("this program has a path"));
    let output = command.arg("--one").arg(&case.path).output();
    let output = output.expect("this program can be run again");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        return Err(text.lines().next().unwrap_or("it fails").to_owned());
    }
    let mut numbers = text.split_whitespace().map(str::parse::<f64>);
    let mut number = || numbers.next().and_then(Result::ok);
    match (number(), number()) {
        (Some(bytes), Some(milliseconds)) => Ok(Measured {
            bytes,
            milliseconds,
            megabytes: number(),
        }),
        _ => Err(format!("it printed {text:?}")),
    }
}

/// Generates from one model, and prints how large it is, the shortest of three times, and the most
/// memory that was used.
fn one(case: &Case) {
    let text = fs::read_to_string(&case.path).expect("a model can be read");
    let bytes = text.len();
    let mut best = f64::INFINITY;
    for _ in 0..3 {
        let start = Instant::now();
        let sources = Sources::from_texts([(case.path.clone(), text.clone())]);
        if let Err(why) = generate(&sources) {
            println!("{why}");
            std::process::exit(1);
        }
        best = best.min(start.elapsed().as_secs_f64());
    }
    println!("{bytes} {} {}", best * 1000.0, peak().unwrap_or_default());
}

fn generate(sources: &Sources) -> Result<(), String> {
    let files = match pipeline::run(sources, &Config::default()) {
        Ok(generated) => generated.files,
        Err(report) => {
            let report = report.render(sources, false);
            let first = report.lines().find(|line| line.starts_with("error"));
            return Err(format!("rejected: {}", first.unwrap_or_default()));
        }
    };
    if files.is_empty() {
        return Err("no files were made".to_owned());
    }
    Ok(())
}

/// The most memory that this process had, in megabytes.
fn peak() -> Option<String> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes = line.trim().strip_suffix("kB")?.trim().parse::<f64>().ok()?;
    Some(format!("{:.1}", kilobytes * 1024.0 / 1e6))
}
