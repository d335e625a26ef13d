//! Helpers that several suites in `tests` use.
#![expect(
    clippy::missing_panics_doc,
    reason = "a helper panics where its test should fail"
)]

#[macro_use]
mod lists;

pub mod arbitrary;
pub mod calls;
pub mod crates;
mod models;
pub mod openapi;
pub mod python;
pub mod random;
pub mod recorder;
pub mod served;
pub mod signatures;
pub mod traces;
pub mod wire;

pub use models::{generate, model, model_files, root, separate_models, shared};

/// The examples in the documents are documentation tests. Those in README.md are programs that use
/// a crate of their own, which the suite `readme` generates.
#[cfg(doctest)]
mod documents {
    macro_rules! documents {
        ($($name:ident $text:expr;)*) => {
            $(#[doc = $text] struct $name;)*
        };
    }

    documents! {
        Configuration include_str!("../../docs/configuration.md");
        Delivery include_str!("../../docs/delivery.md");
        Guide include_str!("../../docs/guide.md");
        Performance include_str!("../../docs/performance.md");
        Tour include_str!("../../docs/tour.md");
        Model include_str!("../../model/README.md");
        Codegen include_str!("../../codegen/README.md");
        Runtime include_str!("../../runtime/README.md");
        AmplifyAdmin include_str!("../../generated/README.md");
        Conformance include_str!("../conformance/README.md");
    }
}

/// A required member that is missing does not compile.
///
/// ```
/// use amplify_admin::amplifybackend::input::{GetTokenInput, GetTokenInputRequired};
/// let required = GetTokenInputRequired { app_id: "d1abc", session_id: "session" };
/// GetTokenInput::new(required);
/// ```
///
/// ```compile_fail,E0063
/// use amplify_admin::amplifybackend::input::{GetTokenInput, GetTokenInputRequired};
/// let required = GetTokenInputRequired { app_id: "d1abc" };
/// GetTokenInput::new(required);
/// ```
#[cfg(doctest)]
pub struct RequiredMembers;
