//! A subscriber that records traces.

use std::cell::RefCell;
use std::fmt::{Debug, Write as _};
use std::sync::Once;
use std::sync::atomic::{AtomicU64, Ordering};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

thread_local! {
    /// The recorded lines of this thread; `None` if nothing is recorded.
    static LINES: RefCell<Option<Vec<String>>> = const { RefCell::new(None) };
}

/// Runs `test` and returns the traces of its thread at every level: a line per span and event.
pub fn of(test: impl FnOnce()) -> Vec<String> {
    // One for all threads: tracing caches per call site whether the first subscriber is interested.
    static SET: Once = Once::new();
    SET.call_once(|| {
        let writer = Writer {
            spans: AtomicU64::new(1),
        };
        tracing::subscriber::set_global_default(writer).expect("it is set once");
    });
    LINES.set(Some(Vec::new()));
    test();
    LINES.take().unwrap_or_default()
}

struct Writer {
    spans: AtomicU64,
}

/// The fields of a span or event: ` name=value`.
struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {field}={value:?}").expect("memory can be written to");
    }
}

/// Records a line, if this thread records.
fn write(what: impl FnOnce() -> String, record: impl FnOnce(&mut Fields)) {
    LINES.with_borrow_mut(|lines| {
        if let Some(lines) = lines {
            let mut fields = Fields(what());
            record(&mut fields);
            lines.push(fields.0);
        }
    });
}

fn title(metadata: &Metadata<'_>) -> String {
    let (level, target, name) = (metadata.level(), metadata.target(), metadata.name());
    format!("{level} {target} {name}")
}

impl Subscriber for Writer {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        write(|| title(span.metadata()), |fields| span.record(fields));
        Id::from_u64(self.spans.fetch_add(1, Ordering::Relaxed))
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        write(|| "record".to_owned(), |fields| values.record(fields));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        write(|| title(event.metadata()), |fields| event.record(fields));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}
