//! Paginated listings (Smithy 2.0, "paginated trait").

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::attempt::PreparedCall;
use super::call::Call;
use super::config::Config;
use super::error::{CallError, Error, ErrorClass};
use crate::codec::{Codec, Mode};
use crate::error::DecodeError;
use crate::protocol::service::Operation;
use crate::service_error::OperationError;
use crate::shape::path::value_at;
use crate::shape::visitor::ValueRef;
use crate::shape::{DecodeMembers, EncodeMembers, Structure};

/// The pages of a listing: a stream that makes one call per page.
///
/// It ends after the first error, or when the service returns no token, an empty token, or a token
/// that it was just sent or that the listing began with.
#[must_use = "a stream sends nothing until it is polled"]
pub struct Pages<O, E> {
    listing: Listing,
    call: Option<Call<O, E>>,
}

/// An input of any type, in which the token of the next page is set.
pub(super) trait PageInput: EncodeMembers + DecodeMembers + Send + Sync {}

impl<T: EncodeMembers + DecodeMembers + Send + Sync> PageInput for T {}

/// A listing without the types of its operation.
struct Listing {
    config: Arc<Config>,
    operation: &'static Operation,
    /// `None` at the end of the listing.
    input: Option<Box<dyn PageInput>>,
    /// The token that the listing began with, encoded.
    first: Option<Vec<u8>>,
    /// The most recent token, encoded.
    token: Option<Vec<u8>>,
}

impl Listing {
    /// Copies the token of the next page into the input, or ends the listing.
    fn advance(&mut self, output: &dyn EncodeMembers) -> Result<(), CallError> {
        let codec = self.config.protocol.codec();
        let paginated = self.operation.traits.paginated;
        let next = paginated.and_then(|paginated| token(codec, output, paginated.output_token));
        let repeated = next == self.token || next == self.first;
        let (Some(paginated), Some(next), Some(input), false) =
            (paginated, next, &mut self.input, repeated)
        else {
            self.input = None;
            return Ok(());
        };
        let copied = codec.decode(&next, Mode::Lenient.into(), &mut |decoder| {
            input.decode_member(paginated.input_token, decoder)
        });
        self.token = Some(next);
        copied.map_err(|error: DecodeError| {
            self.input = None;
            let message = "the token of the next page does not fit into the input";
            CallError::new(ErrorClass::Response, self.operation.name, message).with_source(error)
        })
    }
}

/// The token at a path in an input or output, encoded; `None` if it is missing or empty. Most
/// tokens are strings; some services use a map.
fn token(codec: &dyn Codec, structure: &dyn EncodeMembers, path: &[usize]) -> Option<Vec<u8>> {
    let mut token = None;
    let mut encode = |member, value: ValueRef<'_>| {
        token = match value {
            ValueRef::None | ValueRef::Stream(_) | ValueRef::String("") | ValueRef::Blob([]) => {
                None
            }
            ValueRef::Map(map) if map.len() == 0 => None,
            ValueRef::List(list) if list.len() == 0 => None,
            value => Some(codec.encode(member, &value)?),
        };
        Ok(())
    };
    value_at(structure, path, &mut encode).ok()?;
    token
}

impl<O: Structure, E: OperationError> Pages<O, E> {
    pub(super) fn new(
        config: Arc<Config>,
        operation: &'static Operation,
        input: Box<dyn PageInput>,
    ) -> Self {
        let codec = config.protocol.codec();
        let paginated = operation.traits.paginated;
        let first = paginated.and_then(|paginated| token(codec, &*input, &[paginated.input_token]));
        Self {
            listing: Listing {
                config,
                operation,
                input: Some(input),
                token: first.clone(),
                first,
            },
            call: None,
        }
    }

    /// The items of the pages, one by one; `items` extracts them from a page.
    pub fn items<T>(self, items: fn(O) -> Vec<T>) -> Items<O, E, T> {
        Items {
            pages: self,
            extract: items,
            buffered: VecDeque::new(),
        }
    }

    /// The next page; `None` after the last page and after an error.
    pub async fn next(&mut self) -> Option<Result<O, Error<E>>> {
        std::future::poll_fn(|cx| self.poll_page(cx)).await
    }

    fn poll_page(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<O, Error<E>>>> {
        let Listing {
            config,
            operation,
            input,
            ..
        } = &self.listing;
        let call = match (&mut self.call, input) {
            (Some(call), _) => call,
            (None, None) => return Poll::Ready(None),
            (call, Some(input)) => {
                call.insert(Call::new(PreparedCall::new(config, operation, &**input)))
            }
        };
        let page = ready!(Pin::new(call).poll(cx));
        self.call = None;
        let page = page.and_then(|page| {
            self.listing.advance(&page)?;
            Ok(page)
        });
        if page.is_err() {
            self.listing.input = None;
        }
        Poll::Ready(Some(page))
    }
}

impl<O: Structure, E: OperationError> Stream for Pages<O, E> {
    type Item = Result<O, Error<E>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_page(cx)
    }
}

/// The items of a listing: a stream over all of its pages.
#[must_use = "a stream sends nothing until it is polled"]
pub struct Items<O, E, T> {
    pages: Pages<O, E>,
    extract: fn(O) -> Vec<T>,
    buffered: VecDeque<T>,
}

impl<O: Structure, E: OperationError, T> Items<O, E, T> {
    /// The next item; `None` after the last item and after an error.
    pub async fn next(&mut self) -> Option<Result<T, Error<E>>> {
        std::future::poll_fn(|cx| self.poll_item(cx)).await
    }

    /// All remaining items, or the first error.
    pub async fn collect(mut self) -> Result<Vec<T>, Error<E>> {
        let mut all = Vec::new();
        while let Some(item) = self.next().await {
            all.push(item?);
        }
        Ok(all)
    }

    fn poll_item(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<T, Error<E>>>> {
        loop {
            if let Some(item) = self.buffered.pop_front() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(self.pages.poll_page(cx)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(page)) => self.buffered = (self.extract)(page).into(),
            }
        }
    }
}

impl<O: Structure, E: OperationError, T> Unpin for Items<O, E, T> {}

impl<O: Structure, E: OperationError, T> Stream for Items<O, E, T> {
    type Item = Result<T, Error<E>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_item(cx)
    }
}
