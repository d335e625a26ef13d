//! Changes data items of CBOR at random.

use crate::cbor::Cbor;
use drawplate_tests::random::Random;

/// Changes an item or one within it.
pub(super) fn change(random: &mut Random, item: &mut Cbor) {
    match item {
        Cbor::List(elements) if !elements.is_empty() && !random.once_in(4) => {
            let at = random.below(elements.len());
            change(random, &mut elements[at]);
        }
        Cbor::Map(entries) if !entries.is_empty() && !random.once_in(4) => {
            let at = random.below(entries.len());
            let (key, value) = &mut entries[at];
            let changed = if random.once_in(8) { key } else { value };
            change(random, changed);
        }
        Cbor::Tag(_, inner) if !random.once_in(3) => change(random, inner),
        other => *other = another(random, other),
    }
}

/// Another item: near the previous one, or of any type.
fn another(random: &mut Random, old: &Cbor) -> Cbor {
    const TAGS: [u64; 9] = [0, 1, 2, 3, 4, 5, 24, 55_799, u64::MAX];
    const FLOATS: [f64; 9] = [
        0.0,
        -0.0,
        1.0,
        1.5,
        65_504.0,
        3.5e38,
        1e300,
        f64::NAN,
        f64::NEG_INFINITY,
    ];
    match random.below(14) {
        0 => Cbor::Tag(*random.pick(&TAGS), Box::new(old.clone())),
        1 => match old.untagged() {
            (_, inner) if inner != old => inner.clone(),
            _ => Cbor::Tag(1, Box::new(old.clone())),
        },
        2 => match old {
            Cbor::Text(text) => Cbor::Bytes(text.clone().into_bytes()),
            Cbor::Bytes(bytes) => Cbor::Text(String::from_utf8_lossy(bytes).into_owned()),
            Cbor::Integer(value) => {
                #[expect(clippy::cast_precision_loss, reason = "any number will do")]
                let value = *value as f64;
                Cbor::Float(value)
            }
            _ => Cbor::text("NaN"),
        },
        3 => {
            let sum = |value: &i128| (*value + 1).clamp(-(1 << 64), (1 << 64) - 1);
            match old {
                Cbor::Integer(value) => Cbor::Integer(sum(value)),
                _ => Cbor::Integer(*random.pick(&[-(1 << 64), i64::MIN.into(), (1 << 64) - 1])),
            }
        }
        4 => Cbor::Float(*random.pick(&FLOATS)),
        5 => Cbor::Simple(*random.pick(&[0, 19, 23, 32, 255])),
        6 => Cbor::Null,
        7 => bignum(random),
        8 => {
            let exponent = *random.pick(&[0, -2, 3, 400, i128::from(i64::MAX), 1 << 63]);
            let mantissa = match random.below(4) {
                0 => bignum(random),
                1 => old.clone(),
                _ => Cbor::Integer(-25),
            };
            let mut parts = vec![Cbor::Integer(exponent), mantissa];
            parts.extend(random.once_in(8).then_some(Cbor::Null));
            Cbor::Tag(4, Box::new(Cbor::List(parts)))
        }
        9 => Cbor::List(vec![old.clone(); random.below(3)]),
        10 => Cbor::Map(vec![(old.clone(), Cbor::Null)]),
        11 => Cbor::Map(vec![
            (Cbor::text("a"), old.clone()),
            (old.clone(), Cbor::Bool(true)),
        ]),
        12 => nested(*random.pick(&[10, 100, 124, 126, 127, 128, 300]), random),
        _ => Cbor::Bool(random.once_in(2)),
    }
}

fn bignum(random: &mut Random) -> Cbor {
    let length = *random.pick(&[0, 1, 8, 9, 16, 128, 200, 1024, 1025]);
    let byte = *random.pick(&[0, 1, 0xff]);
    let bytes = Cbor::Bytes(vec![byte; length]);
    Cbor::Tag(*random.pick(&[2, 3]), Box::new(bytes))
}

/// Nested lists or maps.
fn nested(depth: usize, random: &mut Random) -> Cbor {
    let lists = random.once_in(2);
    (0..depth).fold(Cbor::Null, |inner, _| {
        if lists {
            Cbor::List(vec![inner])
        } else {
            Cbor::Map(vec![(Cbor::text("a"), inner)])
        }
    })
}
