//! The client without the methods of a service.

use std::fmt;
use std::sync::Arc;

use super::attempt::PreparedCall;
use super::call::Call;
use super::config::Config;
use super::pages::Pages;
#[cfg(feature = "waiters")]
use super::waiter::{Waiter, WaiterSchema};
use crate::protocol::service::Operation;
use crate::service_error::OperationError;
use crate::shape::{EncodeMembers, Structure};

/// The client that generated clients wrap. It is cheap to clone: clones share connections and the
/// retry budget.
#[derive(Clone)]
pub struct Inner(Arc<Config>);

impl Inner {
    pub(super) fn new(config: Config) -> Self {
        Self(Arc::new(config))
    }

    /// Prepares a call of `operation`. The input is encoded here; nothing is sent until the call
    /// is awaited.
    pub fn call<O: Structure, E: OperationError>(
        &self,
        operation: &'static Operation,
        input: &dyn EncodeMembers,
    ) -> Call<O, E> {
        Call::new(PreparedCall::new(&self.0, operation, input))
    }

    /// Lists all pages of `operation`, one call per page.
    pub fn pages<O: Structure, E: OperationError>(
        &self,
        operation: &'static Operation,
        input: impl Structure + Send + Sync + 'static,
    ) -> Pages<O, E> {
        Pages::new(Arc::clone(&self.0), operation, Box::new(input))
    }

    /// Calls the operation of a waiter until a resource has a state.
    #[cfg(feature = "waiters")]
    pub fn wait<O: Structure + Send + 'static, E: OperationError>(
        &self,
        waiter: &'static WaiterSchema,
        input: impl EncodeMembers + Send + Sync + 'static,
    ) -> Waiter<O, E> {
        Waiter::new(Arc::clone(&self.0), waiter, Box::new(input))
    }
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
