//! Verifiers of credentials, whatever implements them.

use std::fmt;

use super::super::context::RequestContext;
use super::AuthFuture;
use super::error::VerifyError;
use super::verify::Verify;

/// A [`Verify`] of any type.
trait AnyVerify<C, I>: Send + Sync {
    fn verify<'a>(
        &'a self,
        credentials: C,
        cx: &'a RequestContext,
    ) -> AuthFuture<'a, Result<I, VerifyError>>;
}

struct Implementation<V>(V);

impl<C: Send + 'static, I: 'static, V: Verify<C, I>> AnyVerify<C, I> for Implementation<V> {
    fn verify<'a>(
        &'a self,
        credentials: C,
        cx: &'a RequestContext,
    ) -> AuthFuture<'a, Result<I, VerifyError>> {
        Box::pin(self.0.verify(credentials, cx))
    }
}

struct Function<F>(F);

impl<C, I, F, R> AnyVerify<C, I> for Function<F>
where
    F: Fn(C) -> R + Send + Sync,
    R: Future<Output = Result<I, VerifyError>> + Send + 'static,
{
    fn verify<'a>(
        &'a self,
        credentials: C,
        _: &'a RequestContext,
    ) -> AuthFuture<'a, Result<I, VerifyError>> {
        Box::pin((self.0)(credentials))
    }
}

/// A verifier of credentials `C`, such as the bearer tokens of a service. `I` is the identity of a
/// caller.
pub struct Verifier<C, I>(Box<dyn AnyVerify<C, I>>);

impl<C: Send + 'static, I: 'static> Verifier<C, I> {
    /// A verifier that an implementation of [`Verify`] makes.
    pub fn new(verify: impl Verify<C, I>) -> Self {
        Self(Box::new(Implementation(verify)))
    }

    /// A verifier that needs the credentials only.
    pub fn from_fn<F, R>(verify: F) -> Self
    where
        F: Fn(C) -> R + Send + Sync + 'static,
        R: Future<Output = Result<I, VerifyError>> + Send + 'static,
    {
        Self(Box::new(Function(verify)))
    }

    /// Finds the identity of a caller.
    pub(super) fn verify<'a>(
        &'a self,
        credentials: C,
        cx: &'a RequestContext,
    ) -> AuthFuture<'a, Result<I, VerifyError>> {
        self.0.verify(credentials, cx)
    }
}

impl<C, I> fmt::Debug for Verifier<C, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Verifier")
    }
}
