//! OpenAPI documents, compared with those of Smithy's converter and validated by a validator.

mod smithy;
mod validation;
