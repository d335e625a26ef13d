//! What schemas print for debugging: members name the shapes of their values, since shapes can
//! contain themselves.

use std::fmt;

use super::{Member, Schema};

impl fmt::Debug for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Schema")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .field("members", &self.members)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Member")
            .field("name", &self.name)
            .field("target", &self.target.id)
            .field("required", &self.required)
            .field("binding", &self.binding)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use crate::schema::{Member, Schema};

    static TREE: Schema = Schema::structure("a#Tree", &[Member::new("left", &TREE)]);

    #[test]
    fn a_recursive_schema_names_itself() {
        let expected = r#"Schema { id: "a#Tree", kind: Structure, members: [Member { name: "left", target: "a#Tree", required: false, binding: Document, .. }], .. }"#;
        assert_eq!(format!("{TREE:?}"), expected);
    }
}
