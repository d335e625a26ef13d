//! The shapes that a bench of codecs compares.

/// Implements the `Shape` of a bench for pairs of a generated and a hand-written type, and defines
/// `check_all`, which calls the `check` of the bench for each.
macro_rules! shapes {
    ($($name:ident: $ours:ty, $theirs:ty, $json:path;)*) => {
        $(struct $name;

        impl Shape for $name {
            type Ours = $ours;
            type Theirs = $theirs;

            fn json() -> String {
                $json()
            }
        })*

        fn check_all() {
            $(check::<$name>();)*
        }
    };
}
