//! The traits of alloy that change JSON, with the types and the service of one model
//! (`tests/fixtures/services/zoo.smithy`).

mod documents;
mod messages;
mod random;
mod untagged;
