//! Our clients against a server that nobody here wrote: moto. These are calls of operations that
//! the programs in `tests/interop/programs` leave out: their crates have ten each.

#[cfg(shared)]
mod calls;

macro_rules! tests {
    ($($name:ident: $test:path;)*) => {$(
        #[test]
        #[cfg_attr(
            not(all(shared, python)),
            ignore = "needs ../shared, and moto: `cargo xtask test` installs it"
        )]
        fn $name() {
            #[cfg(shared)]
            $test();
        }
    )*};
}

tests! {
    topics_have_tags: calls::topics;
    zones_have_tags: calls::zones;
    buckets_have_a_location_and_tags: calls::buckets;
    versions_and_parts_are_listed_and_objects_deleted: calls::versions;
}
