//! The implementations that generated types have in common. They are thin, so that each type costs
//! little to compile, and `#[inline]`, so that only those that are called are compiled: a client
//! decodes no inputs, and a program calls some of the operations.

/// `structure!(Type: SCHEMA { 0: field, 1: other = default, .. })` implements the traits of a
/// structure: encoding, decoding and construction, `Debug` and serde. Decoding starts from
/// [`Decode::empty`](crate::Decode::empty), or from the default of a member that is marked with
/// `default`.
///
/// `with field` after the table names a field that is not a member. It starts from its `Default`.
/// `unknown 2: field` is the member that keeps those that the schema does not have
/// ([`UnknownMembers`](crate::unknown::UnknownMembers)).
///
/// `structure!(Type: SCHEMA)` leaves the implementations of the codec traits to the caller.
#[macro_export]
macro_rules! structure {
    (
        $type:ident: $schema:path { $($index:literal: $field:ident $(= $default:ident)?),* $(,)? }
        $(with $extra:ident)? $(unknown $unknown_index:literal: $unknown:ident)?
    ) => {
        impl $crate::Structure for $type {
            #[inline]
            fn empty() -> Self {
                Self {
                    $($field: $crate::structure!(@start $schema, $index $(, $default)?),)*
                    $($extra: ::core::default::Default::default(),)?
                    $($unknown: ::core::default::Default::default(),)?
                }
            }
        }

        impl $crate::EncodeMembers for $type {
            #[allow(unused_variables, reason = "a structure may have no members")]
            #[inline]
            fn encode_members(
                &self,
                encoder: &mut dyn $crate::Encoder,
            ) -> ::core::result::Result<(), $crate::EncodeError> {
                $($crate::Encode::encode(&self.$field, &$schema.members[$index], encoder)?;)*
                $($crate::unknown::UnknownMembers::encode(&self.$unknown, &$schema, encoder)?;)?
                ::core::result::Result::Ok(())
            }
        }

        impl $crate::DecodeMembers for $type {
            #[allow(unused_variables, reason = "a structure may have no members")]
            #[inline]
            fn decode_member(
                &mut self,
                index: usize,
                decoder: &mut dyn $crate::Decoder,
            ) -> ::core::result::Result<(), $crate::DecodeError> {
                match index {
                    $($index => self.$field = $crate::Decode::decode(&$schema.members[$index], decoder)?,)*
                    $($unknown_index => {
                        let member = &$schema.members[$unknown_index];
                        let value = decoder.document(member)?;
                        $crate::unknown::UnknownMembers::keep(&mut self.$unknown, member.name, value);
                    })?
                    _ => {}
                }
                ::core::result::Result::Ok(())
            }

            $(fn decode_unknown(&mut self, name: &str, value: $crate::Document) {
                $crate::unknown::UnknownMembers::keep(&mut self.$unknown, name, value);
            })?
        }

        $crate::structure!($type: $schema);
    };
    (@start $schema:path, $index:literal) => {
        $crate::Decode::empty()
    };
    (@start $schema:path, $index:literal, default) => {
        $crate::default(&$schema.members[$index])
    };
    ($type:ident: $schema:path) => {
        $crate::structure!(@codec $type: $schema, structure);
    };
    (@codec $type:ident: $schema:path, $method:ident) => {
        impl $crate::private::Sealed for $type {}

        impl $crate::Shape for $type {
            #[inline]
            fn schema(&self) -> &'static $crate::Schema {
                &$schema
            }
        }

        impl $crate::HasSchema for $type {
            const SCHEMA: &'static $crate::Schema = &$schema;
        }

        impl $crate::Encode for $type {
            #[inline]
            fn encode(
                &self,
                member: &'static $crate::Member,
                encoder: &mut dyn $crate::Encoder,
            ) -> ::core::result::Result<(), $crate::EncodeError> {
                encoder.$method(member, self)
            }
        }

        impl $crate::Decode for $type {
            #[inline]
            fn decode(
                member: &'static $crate::Member,
                decoder: &mut dyn $crate::Decoder,
            ) -> ::core::result::Result<Self, $crate::DecodeError> {
                let mut value = <Self as $crate::Structure>::empty();
                decoder.$method(member, &mut value)?;
                ::core::result::Result::Ok(value)
            }

            #[inline]
            fn empty() -> Self {
                <Self as $crate::Structure>::empty()
            }
        }

        impl ::core::fmt::Debug for $type {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::debug::structure(self, f)
            }
        }

        $crate::serde_impls!($type);
    };
}

/// `union!(Type: SCHEMA { 0: Variant, .. })` implements the same traits for a union.
/// The last variant of the type is `Unknown(UnknownMember)`, or `Other(UnknownMember)` with
/// `else Other` after the table.
///
/// `union!(Type: SCHEMA { 0: Variant, .. } else Other as union)` is the same for a union that has a
/// form of its own in JSON. `unknown 2: Variant` before `as` is the variant that keeps members that
/// the schema does not have.
///
/// `union!(Type: SCHEMA)` leaves the implementations of the codec traits to the caller.
#[macro_export]
macro_rules! union {
    ($type:ident: $schema:path { $($index:literal: $variant:ident),* $(,)? }) => {
        $crate::union!($type: $schema { $($index: $variant),* } else Unknown);
    };
    ($type:ident: $schema:path { $($index:literal: $variant:ident),* $(,)? } else $unknown:ident) => {
        $crate::union!($type: $schema { $($index: $variant),* } else $unknown as structure);
    };
    (
        $type:ident: $schema:path { $($index:literal: $variant:ident),* $(,)? } else $unknown:ident
        $(unknown $open_index:literal: $open:ident)? as $method:ident
    ) => {
        impl $crate::Structure for $type {
            #[inline]
            fn empty() -> Self {
                Self::$unknown(::core::default::Default::default())
            }
        }

        impl $crate::EncodeMembers for $type {
            #[inline]
            fn encode_members(
                &self,
                encoder: &mut dyn $crate::Encoder,
            ) -> ::core::result::Result<(), $crate::EncodeError> {
                match self {
                    $(Self::$variant(value) => $crate::Encode::encode(value, &$schema.members[$index], encoder),)*
                    $(Self::$open(value) => $crate::unknown::encode_object(value, &$schema, encoder),)?
                    Self::$unknown(unknown) => unknown.encode(encoder),
                }
            }
        }

        impl $crate::DecodeMembers for $type {
            #[allow(unused_variables, reason = "a union may have no members")]
            #[inline]
            fn decode_member(
                &mut self,
                index: usize,
                decoder: &mut dyn $crate::Decoder,
            ) -> ::core::result::Result<(), $crate::DecodeError> {
                match index {
                    $($index => {
                        *self = Self::$variant($crate::Decode::decode(&$schema.members[$index], decoder)?);
                    })*
                    $($open_index => {
                        let member = &$schema.members[$open_index];
                        let value = decoder.document(member)?;
                        *self = Self::$open($crate::unknown::object(&$schema, member.name, value));
                    })?
                    _ => {}
                }
                ::core::result::Result::Ok(())
            }

            #[inline]
            fn decode_unknown(&mut self, name: &str, value: $crate::Document) {
                $(if !$crate::Document::is_null(&value) {
                    *self = Self::$open($crate::unknown::object(&$schema, name, value));
                    return;
                })?
                *self = Self::$unknown($crate::UnknownMember::new(name, value));
            }
        }

        $crate::structure!(@codec $type: $schema, $method);
    };
    ($type:ident: $schema:path) => {
        $crate::structure!($type: $schema);
    };
}

/// `string_enum!(Type: SCHEMA { Variant = "value", .. })` implements the methods and traits of an
/// enum. Its last variant is `Unknown(UnknownValue)`, or `Other(UnknownValue)` with `else Other`
/// after the table.
#[macro_export]
macro_rules! string_enum {
    ($type:ident: $schema:path { $($variant:ident = $value:literal),* $(,)? }) => {
        $crate::string_enum!($type: $schema { $($variant = $value),* } else Unknown);
    };
    ($type:ident: $schema:path { $($variant:ident = $value:literal),* $(,)? } else $unknown:ident) => {
        impl $type {
            /// The value on the wire.
            #[inline]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $value,)*
                    Self::$unknown(value) => value.as_str(),
                }
            }

            /// The values in the model.
            #[inline]
            pub const fn values() -> &'static [&'static str] {
                &[$($value),*]
            }
        }

        impl ::core::convert::From<&str> for $type {
            #[inline]
            fn from(value: &str) -> Self {
                match value {
                    $($value => Self::$variant,)*
                    _ => Self::$unknown($crate::UnknownValue::new(::std::borrow::ToOwned::to_owned(value))),
                }
            }
        }

        impl ::core::convert::From<::std::string::String> for $type {
            #[inline]
            fn from(value: ::std::string::String) -> Self {
                match value.as_str() {
                    $($value => Self::$variant,)*
                    _ => Self::$unknown($crate::UnknownValue::new(value)),
                }
            }
        }

        impl ::core::str::FromStr for $type {
            type Err = ::core::convert::Infallible;

            // Not `Self::Err`, which could be a variant.
            #[inline]
            fn from_str(value: &str) -> ::core::result::Result<Self, ::core::convert::Infallible> {
                ::core::result::Result::Ok(::core::convert::From::from(value))
            }
        }

        impl ::core::convert::AsRef<str> for $type {
            #[inline]
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl ::core::fmt::Display for $type {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl $crate::MapKey for $type {
            #[inline]
            fn as_key(&self) -> &str {
                self.as_str()
            }

            #[inline]
            fn from_key(text: &str) -> Self {
                ::core::convert::From::from(text)
            }
        }

        impl $crate::HasSchema for $type {
            const SCHEMA: &'static $crate::Schema = &$schema;
        }

        impl $crate::Encode for $type {
            #[inline]
            fn encode(
                &self,
                member: &'static $crate::Member,
                encoder: &mut dyn $crate::Encoder,
            ) -> ::core::result::Result<(), $crate::EncodeError> {
                encoder.string(member, self.as_str())
            }
        }

        impl $crate::Decode for $type {
            #[inline]
            fn decode(
                member: &'static $crate::Member,
                decoder: &mut dyn $crate::Decoder,
            ) -> ::core::result::Result<Self, $crate::DecodeError> {
                let mut value = ::core::option::Option::None;
                decoder.text(member, &mut |text| value = ::core::option::Option::Some(text.into()))?;
                ::core::result::Result::Ok(::core::option::Option::unwrap_or_else(value, $crate::Decode::empty))
            }

            #[inline]
            fn empty() -> Self {
                ::core::convert::From::from("")
            }
        }

        $crate::serde_impls!($type);
    };
}

/// `int_enum!(Type: SCHEMA { Variant = 1, .. })` implements the methods and traits of an intEnum.
/// Its last variant is `Unknown(i32)`, or `Other(i32)` with `else Other` after the table.
#[macro_export]
macro_rules! int_enum {
    ($type:ident: $schema:path { $($variant:ident = $value:literal),* $(,)? }) => {
        $crate::int_enum!($type: $schema { $($variant = $value),* } else Unknown);
    };
    ($type:ident: $schema:path { $($variant:ident = $value:literal),* $(,)? } else $unknown:ident) => {
        impl $type {
            /// The value on the wire.
            #[inline]
            pub const fn as_i32(self) -> i32 {
                match self {
                    $(Self::$variant => $value,)*
                    Self::$unknown(value) => value,
                }
            }

            /// The values in the model.
            #[inline]
            pub const fn values() -> &'static [i32] {
                &[$($value),*]
            }
        }

        impl ::core::convert::From<i32> for $type {
            #[inline]
            fn from(value: i32) -> Self {
                match value {
                    $($value => Self::$variant,)*
                    _ => Self::$unknown(value),
                }
            }
        }

        impl ::core::convert::From<$type> for i32 {
            #[inline]
            fn from(value: $type) -> Self {
                value.as_i32()
            }
        }

        impl ::core::fmt::Display for $type {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&self.as_i32(), f)
            }
        }

        impl $crate::HasSchema for $type {
            const SCHEMA: &'static $crate::Schema = &$schema;
        }

        impl $crate::Encode for $type {
            #[inline]
            fn encode(
                &self,
                member: &'static $crate::Member,
                encoder: &mut dyn $crate::Encoder,
            ) -> ::core::result::Result<(), $crate::EncodeError> {
                $crate::Encode::encode(&self.as_i32(), member, encoder)
            }
        }

        impl $crate::Decode for $type {
            #[inline]
            fn decode(
                member: &'static $crate::Member,
                decoder: &mut dyn $crate::Decoder,
            ) -> ::core::result::Result<Self, $crate::DecodeError> {
                ::core::result::Result::map(<i32 as $crate::Decode>::decode(member, decoder), ::core::convert::From::from)
            }

            #[inline]
            fn empty() -> Self {
                ::core::convert::From::from(0)
            }
        }

        $crate::serde_impls!($type);
    };
}

/// `redacted_debug!(Type)` implements `Debug` for an enum whose shape is sensitive. `Display` and
/// the encoded value are not redacted.
#[macro_export]
macro_rules! redacted_debug {
    ($type:ident) => {
        impl ::core::fmt::Debug for $type {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::debug::redacted(<Self as $crate::HasSchema>::SCHEMA, f)
            }
        }
    };
}

/// `modeled_error!(Type)`, or `modeled_error!(Type, message: field)` where a member is the message.
#[macro_export]
macro_rules! modeled_error {
    ($type:ident $(, message: $message:ident)? $(, origin: $origin:ident)?) => {
        impl $crate::ModeledError for $type {
            #[inline]
            fn copy_to(&self, target: &mut dyn $crate::ModeledError) {
                $crate::service_error::copy(self, target);
            }

            #[inline]
            fn equals(&self, other: &dyn $crate::ModeledError) -> bool {
                $crate::service_error::equals(self, other)
            }

            $(#[inline]
            fn origin(&self) -> &$crate::service_error::Origin {
                &self.$origin
            }

            #[inline]
            fn set_origin(&mut self, origin: $crate::service_error::Origin) {
                self.$origin = origin;
            })?

            #[inline]
            fn message(&self) -> ::core::option::Option<&str> {
                $(if let ::core::option::Option::Some(message) = $crate::service_error::MessageText::text(&self.$message) {
                    return ::core::option::Option::Some(message);
                })?
                ::core::option::Option::None
            }
        }

        impl ::core::fmt::Display for $type {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::ModeledError::display(self, f)
            }
        }

        impl ::core::error::Error for $type {}
    };
}

/// `operation_error!(Type: ServiceError { Error, .. } else Unmodeled)`: what the errors of an
/// operation have beside their enum, which has a variant per error, named for its type, and one for
/// an [`UnmodeledError`](crate::UnmodeledError). They convert into the errors of the service, and
/// back: an error that the operation does not list becomes an `UnmodeledError`.
#[macro_export]
macro_rules! operation_error {
    ($type:ident: $service:ident { $($error:ident),* $(,)? } else $unmodeled:ident) => {
        $crate::service_error!($type { $($error),* } else $unmodeled);

        impl ::core::convert::From<$type> for $service {
            #[inline]
            fn from(error: $type) -> Self {
                $crate::service_error::convert(&error)
            }
        }

        impl ::core::convert::From<$service> for $type {
            #[inline]
            fn from(error: $service) -> Self {
                $crate::service_error::convert(&error)
            }
        }
    };
}

/// `service_error!(Type { Error, .. } else Unmodeled)`: the same for the errors of all operations
/// of a service.
#[macro_export]
macro_rules! service_error {
    ($type:ident { $($error:ident),* $(,)? } else $unmodeled:ident) => {
        impl $crate::private::Sealed for $type {}

        impl $crate::OperationError for $type {
            const SCHEMAS: &'static [&'static $crate::Schema] = &[$(<$error as $crate::HasSchema>::SCHEMA),*];

            #[inline]
            #[allow(unused_variables, reason = "an operation may have no errors")]
            fn make(
                index: usize,
                fill: &mut dyn FnMut(&mut dyn $crate::ModeledError),
            ) -> ::core::option::Option<Self> {
                let id = <Self as $crate::OperationError>::SCHEMAS.get(index)?.id;
                $(if id == <$error as $crate::HasSchema>::SCHEMA.id {
                    let mut error = <$error as $crate::Structure>::empty();
                    fill(&mut error);
                    return ::core::option::Option::Some(Self::$error(error));
                })*
                ::core::option::Option::None
            }

            #[inline]
            fn inner(&self) -> $crate::service_error::ErrorRef<'_> {
                match self {
                    $(Self::$error(error) => $crate::service_error::ErrorRef::Modeled(error),)*
                    Self::$unmodeled(error) => $crate::service_error::ErrorRef::Unmodeled(error),
                }
            }

        }

        impl ::core::fmt::Display for $type {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt($crate::OperationError::inner(self).as_error(), f)
            }
        }

        impl ::core::fmt::Debug for $type {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Debug::fmt(&$crate::OperationError::inner(self), f)
            }
        }

        impl ::core::error::Error for $type {}

        impl ::core::clone::Clone for $type {
            #[inline]
            fn clone(&self) -> Self {
                $crate::service_error::convert(self)
            }
        }

        impl ::core::cmp::PartialEq for $type {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                $crate::OperationError::inner(self) == $crate::OperationError::inner(other)
            }
        }

        $(impl ::core::convert::From<$error> for $type {
            #[inline]
            fn from(error: $error) -> Self {
                Self::$error(error)
            }
        })*

        impl ::core::convert::From<$crate::UnmodeledError> for $type {
            #[inline]
            fn from(error: $crate::UnmodeledError) -> Self {
                Self::$unmodeled(error)
            }
        }
    };
}

/// `Serialize` and `Deserialize` by the schema.
#[doc(hidden)]
#[macro_export]
macro_rules! serde_impls {
    ($type:ident) => {
        impl $crate::serde::Serialize for $type {
            #[inline]
            fn serialize<S: $crate::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::serde::serialize(self, serializer)
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $type {
            #[inline]
            fn deserialize<D: $crate::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::serde::deserialize(deserializer)
            }
        }
    };
}
