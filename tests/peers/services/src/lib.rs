//! Nothing: the dependencies are what is measured.
