//! The server of the kitchen-sink service: what each request gets.

mod aws_json;
mod call;
mod double;
mod errors;
mod limits;
mod routing;
mod shutdown;
mod socket;
mod validation;
