//! The server of the kitchen-sink service, and of one with several protocols: what each request
//! gets.

mod aws_json;
mod call;
mod checked;
mod context;
mod deadlines;
mod errors;
mod framing;
mod hostile;
mod http2;
mod limits;
mod listeners;
mod mock;
mod mounted;
mod pages;
mod protocols;
mod routing;
mod shutdown;
mod socket;
mod validation;
mod values;
