//! The program that runs a suite.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::case::Side;
use crate::columns;
use crate::compare::Difference;
use crate::endpoints::{self, EndpointResults};
use crate::expected::{self, Listed};
use crate::suite::{self, Kind, Ran, Selection, Service};

/// The arguments.
#[derive(Debug, Default)]
struct Arguments {
    selection: Selection,
    /// The list of expected failures.
    list: Option<PathBuf>,
}

/// Runs the cases of `services` and prints those that fail, then the line of the suite.
///
/// Takes `--side client|server`, `--filter TEXT` and `--expected-failures FILE`. Exits with 1 if
/// a case fails that is not listed, or a listed one passes; with 2 if the command line or the list
/// is invalid.
pub fn main(suite: &str, services: &[&'static Service]) -> ExitCode {
    match arguments(std::env::args().skip(1)).and_then(|arguments| run(suite, services, &arguments))
    {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            eprintln!("error: {why}");
            ExitCode::from(2)
        }
    }
}

fn arguments(mut words: impl Iterator<Item = String>) -> Result<Arguments, String> {
    let mut arguments = Arguments::default();
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("{word} needs a value"));
        match &*word {
            "--side" => {
                let name = value()?;
                let side = [Side::Client, Side::Server]
                    .into_iter()
                    .find(|side| side.name() == name);
                arguments.selection.side =
                    Some(side.ok_or_else(|| format!("there is no side `{name}`"))?);
            }
            "--filter" => arguments.selection.filter = Some(value()?),
            "--expected-failures" => arguments.list = Some(value()?.into()),
            _ => return Err(format!("there is no argument `{word}`")),
        }
    }
    Ok(arguments)
}

/// Whether everything is as expected.
fn run(suite: &str, services: &[&'static Service], arguments: &Arguments) -> Result<bool, String> {
    let Arguments { selection, list } = arguments;
    let list = match list {
        Some(path) => expected::read(path, suite)?,
        None => Vec::new(),
    };
    let mut tally = Tally::default();
    let unknown = suite::run(services, selection, &list, |ran| tally.take(suite, &ran))?;
    for listed in &unknown {
        let Listed { kind, case, .. } = listed;
        println!(
            "STALE {suite}: {kind} {case}: is listed as an expected failure, but there is no such case\n"
        );
    }
    let (messages, streams) = Kind::ALL.split_at(Kind::HTTP);
    let has_messages = |service: &&Service| service.cases.has_messages();
    let has_messages = services
        .iter()
        .copied()
        .any(|service| has_messages(&service));
    if has_messages {
        println!("{}", tally.line(suite, messages));
    }
    let has_streams = |service: &&Service| !service.cases.event_streams.is_empty();
    if services
        .iter()
        .copied()
        .any(|service| has_streams(&service))
    {
        println!("{}", tally.line(suite, streams));
    }
    let endpoints = endpoints(services, selection)?;
    Ok(tally.unexpected == 0 && unknown.is_empty() && endpoints)
}

/// Runs the cases of endpoint rules, and prints a line for each service that has some. Returns
/// whether all have passed.
fn endpoints(services: &[&'static Service], selection: &Selection) -> Result<bool, String> {
    let mut all_passed = true;
    if selection.side == Some(Side::Server) {
        return Ok(all_passed);
    }
    let runtime = suite::runtime()?;
    for service in services {
        if service.cases.endpoints.is_empty() {
            continue;
        }
        let name = service.schema.name();
        let filter = selection.filter.as_deref();
        let EndpointResults { passed, failed } = endpoints::run(service, filter, &runtime);
        for (documentation, why) in &failed {
            println!("FAIL endpoint tests {name}: {documentation}\n{why}\n");
        }
        println!("endpoint tests {name}: {passed}/{}", passed + failed.len());
        all_passed &= failed.is_empty();
    }
    Ok(all_passed)
}

/// The counts of a suite.
#[derive(Default)]
struct Tally {
    /// Per kind: the cases that passed, those that were run, and the expected failures.
    counts: [(usize, usize, usize); Kind::ALL.len()],
    /// Cases that failed without being listed, or passed although listed.
    unexpected: usize,
}

impl Tally {
    fn take(&mut self, suite: &str, ran: &Ran) {
        let Ran {
            kind,
            id,
            operation,
            differences,
            listed,
        } = ran;
        let passed = differences.is_empty();
        let (good, all, expected) = &mut self.counts[*kind as usize];
        *good += usize::from(passed);
        *all += 1;
        match (passed, listed) {
            (true, false) => {}
            (false, true) => *expected += 1,
            (true, true) => {
                self.unexpected += 1;
                println!(
                    "STALE {suite}: {} {id}: is expected to fail, and passes\n",
                    kind.name()
                );
            }
            (false, false) => {
                self.unexpected += 1;
                println!("FAIL {suite}: {} {id} ({operation})", kind.name());
                for Difference {
                    what,
                    expected,
                    actual,
                } in differences
                {
                    println!("  {what}: expected, actual");
                    println!("{}", columns::side_by_side(expected, actual));
                }
            }
        }
    }

    /// The line of a suite for some kinds of cases.
    fn line(&self, suite: &str, kinds: &[Kind]) -> String {
        let counts = kinds.iter().map(|kind| {
            let (passed, all, _) = self.counts[*kind as usize];
            format!("{} {passed}/{all}", kind.plural())
        });
        let counts = counts.collect::<Vec<_>>().join(", ");
        let expected = kinds.iter().map(|kind| self.counts[*kind as usize].2);
        let expected = expected.sum::<usize>();
        format!("suite {suite}: {counts}, expected failures {expected}")
    }
}
