//! The texts of floats. Those that are not finite have names, which formats without such numbers
//! write as text (restJson1 and awsJson1, "Non-numeric float and double serialization").

#[cfg(any(feature = "http", feature = "query"))]
use std::borrow::Cow;
#[cfg(any(feature = "http", feature = "query"))]
use std::fmt::{Display, LowerExp};

/// The name of a value that is infinite or not a number; `None` for all other values.
pub(crate) fn name(value: f64) -> Option<&'static str> {
    if value.is_finite() {
        None
    } else if value.is_nan() {
        Some("NaN")
    } else if value > 0.0 {
        Some("Infinity")
    } else {
        Some("-Infinity")
    }
}

/// The text of a value: its name, or the shortest digits that parse to the same number. Very large
/// and very small numbers have an exponent. `printed` is the value in its own precision.
#[cfg(any(feature = "http", feature = "query"))]
pub(crate) fn text(value: f64, printed: &(impl Display + LowerExp)) -> Cow<'static, str> {
    if let Some(name) = name(value) {
        Cow::Borrowed(name)
    } else if value == 0.0 || (1e-5..1e16).contains(&value.abs()) {
        Cow::Owned(printed.to_string())
    } else {
        Cow::Owned(format!("{printed:e}"))
    }
}

/// The value with a name.
pub(crate) fn from_name(name: &str) -> Option<f64> {
    match name {
        "NaN" => Some(f64::NAN),
        "Infinity" => Some(f64::INFINITY),
        "-Infinity" => Some(f64::NEG_INFINITY),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{from_name, name};

    #[test]
    fn values_that_are_not_finite_have_names() {
        for text in ["NaN", "Infinity", "-Infinity"] {
            assert_eq!(from_name(text).and_then(name), Some(text));
        }
        for value in [0.0, -0.0, f64::MAX, f64::MIN] {
            assert_eq!(name(value), None, "{value}");
        }
        for text in ["nan", "inf", "+Infinity", "infinity", ""] {
            assert_eq!(from_name(text), None, "{text}");
        }
    }
}
