//! Names that must differ from one another, and the rule that decides between equal ones.
//!
//! A name that the configuration chooses comes first. Then names of the model win over names that
//! the generator makes up, and a name that is written in the model as in Rust wins over one that is
//! converted. Among equals the first one wins. A name that loses gets underscores after it: no
//! spelling of another name ends in one, so that a new item never takes the name of an item whose
//! own spelling differs from its own.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use drawplate_model::diagnostic::{Code, Diagnostic};
use drawplate_model::source::Location;

use super::Name;
use super::chosen::Choices;
use super::ident::Case;
use crate::package::toml_string;

/// The key of a name in the table `[names]` of the configuration: `namespace#Shape`,
/// `namespace#Shape$member`, or either with the role of a name that is made up for it, as in
/// `namespace#Operation/error`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key<'a> {
    pub(super) shape: &'a str,
    pub(super) member: Option<&'a str>,
    pub(super) role: Option<&'static str>,
}

impl<'a> Key<'a> {
    pub(super) fn shape(shape: &'a str) -> Self {
        Self {
            shape,
            member: None,
            role: None,
        }
    }

    pub(super) fn member(self, member: &'a str) -> Self {
        Self {
            member: Some(member),
            ..self
        }
    }

    /// The shape or member itself.
    fn owner(self) -> Self {
        Self { role: None, ..self }
    }

    pub(super) fn role(self, role: &'static str) -> Self {
        Self {
            role: Some(role),
            ..self
        }
    }
}

impl fmt::Display for Key<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.shape)?;
        if let Some(member) = self.member {
            write!(f, "${member}")?;
        }
        if let Some(role) = self.role {
            write!(f, "/{role}")?;
        }
        Ok(())
    }
}

/// An item and the name that it would have.
pub(super) struct Claim<'a> {
    pub(super) key: Key<'a>,
    /// What the name is, such as `field`.
    pub(super) what: &'static str,
    /// The item, or the one that a name is made up for.
    pub(super) at: &'a Location,
    pub(super) case: Case,
    rank: Rank,
    /// Its own spelling, then those that it takes if that one is taken.
    spellings: Vec<Name>,
}

/// What decides between claims of the same spelling. A lower one wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// A name that the model spells as Rust does.
    Exact,
    /// A name of the model that is converted.
    Converted,
    /// A name that the model has no spelling of.
    Nameless,
    /// A name that the generator makes up.
    Invented,
}

impl<'a> Claim<'a> {
    /// The claim of an item of the model.
    pub(super) fn modeled(
        key: Key<'a>,
        what: &'static str,
        at: &'a Location,
        case: Case,
        name: &str,
    ) -> Self {
        let (rank, spelling) = match case.spell(name) {
            Some(spelling) if spelling.text() == name => (Rank::Exact, spelling),
            Some(spelling) => (Rank::Converted, spelling),
            None => (Rank::Nameless, case.nameless()),
        };
        Self {
            key,
            what,
            at,
            case,
            rank,
            spellings: vec![spelling],
        }
    }

    /// The same claim, whose name is converted before it is spelled.
    pub(super) fn converted(self) -> Self {
        let rank = self.rank.max(Rank::Converted);
        Self { rank, ..self }
    }

    /// The claim of a name that the generator makes up, with other spellings for the case that a
    /// name of the model is the same.
    pub(super) fn invented(
        key: Key<'a>,
        what: &'static str,
        at: &'a Location,
        case: Case,
        spellings: &[&str],
    ) -> Self {
        let spellings = spellings.iter().filter_map(|text| case.spell(text));
        let mut spellings = spellings.collect::<Vec<_>>();
        if spellings.is_empty() {
            spellings.push(case.nameless());
        }
        Self {
            key,
            what,
            at,
            case,
            rank: Rank::Invented,
            spellings,
        }
    }

    /// Its own spelling.
    pub(super) fn spelling(&self) -> &Name {
        &self.spellings[0]
    }
}

/// Names that must differ from one another.
#[derive(Default)]
pub(super) struct Namespace<'a> {
    owners: BTreeMap<Box<str>, (Key<'a>, &'a Location)>,
    /// Names of the configuration for items that are yet to claim them.
    reserved: BTreeSet<Box<str>>,
}

impl<'a> Namespace<'a> {
    /// Whether a name with this spelling has an owner.
    pub(super) fn has(&self, text: &str) -> bool {
        self.owners.contains_key(text)
    }

    /// Keeps the name that the configuration chooses for a key, for a claim that comes later.
    pub(super) fn reserve(
        &mut self,
        key: Key<'a>,
        case: Case,
        at: &'a Location,
        choices: &Choices<'_>,
    ) {
        if let Some(name) = choices.peek(key, case) {
            self.reserved.insert(name.text().into());
            self.add(&name, key, at);
        }
    }

    /// Adds a name that is assigned already.
    pub(super) fn add(&mut self, name: &Name, key: Key<'a>, at: &'a Location) {
        self.owners.insert(name.text().into(), (key, at));
    }

    /// Gives a claim a name. See [`Namespace::assign`].
    pub(super) fn assign_one(&mut self, claim: Claim<'a>, choices: &mut Choices<'_>) -> Name {
        let names = self.assign(&[claim], choices);
        names
            .into_iter()
            .next()
            .expect("there is a name for each claim")
    }

    fn take(&mut self, name: &Name, claim: &Claim<'a>) -> bool {
        match self.owners.entry(name.text().into()) {
            Entry::Vacant(entry) => {
                entry.insert((claim.key, claim.at));
                true
            }
            Entry::Occupied(_) => false,
        }
    }

    /// Gives each claim a name, in their order, and reports every choice.
    pub(super) fn assign(&mut self, claims: &[Claim<'a>], choices: &mut Choices<'_>) -> Vec<Name> {
        let mut names = claims
            .iter()
            .map(|claim| {
                choices
                    .chosen(claim)
                    .filter(|name| self.choose(name, claim, choices))
            })
            .collect::<Vec<_>>();
        for rank in [Rank::Exact, Rank::Converted, Rank::Nameless, Rank::Invented] {
            for (claim, name) in claims.iter().zip(&mut names) {
                if name.is_none() && claim.rank == rank && self.take(claim.spelling(), claim) {
                    *name = Some(claim.spelling().clone());
                    if rank == Rank::Nameless {
                        choices.report.push(nameless(claim));
                    }
                }
            }
        }
        let yielding = |(claim, name): (&Claim<'a>, Option<Name>)| {
            name.unwrap_or_else(|| self.settle(claim, choices))
        };
        claims.iter().zip(names).map(yielding).collect()
    }

    /// Takes a name that the configuration chooses. Two of them may not be the same.
    fn choose(&mut self, name: &Name, claim: &Claim<'a>, choices: &mut Choices<'_>) -> bool {
        if self.take(name, claim) {
            return true;
        }
        let (other, _) = self.owners[name.text()];
        if other == claim.key && self.reserved.remove(name.text()) {
            return true;
        }
        // Two models may have the same service, which has one line.
        if other != claim.key {
            choices.same_choice(claim, name, other);
        }
        false
    }

    /// The name of a claim whose own spelling is taken.
    fn settle(&mut self, claim: &Claim<'a>, choices: &mut Choices<'_>) -> Name {
        let others = claim.spellings.iter().cloned();
        let escaped = std::iter::successors(Some(claim.spelling().escaped()), |name| {
            Some(name.escaped())
        });
        let name = others
            .chain(escaped)
            .find(|name| self.take(name, claim))
            .expect("a longer name can always be made");
        let (other, place) = self.owners[claim.spelling().text()];
        choices.report.push(collision(claim, &name, other, place));
        name
    }
}

fn collision(claim: &Claim<'_>, name: &Name, other: Key<'_>, place: &Location) -> Diagnostic {
    let Claim {
        key,
        what,
        at,
        case: _,
        rank,
        spellings: _,
    } = claim;
    let own = claim.spelling().text();
    let text = name.text();
    let owner = key.owner();
    let (code, message) = if *rank == Rank::Invented {
        let message =
            format!("the {what} `{own}` of `{owner}` is `{text}`, because `{other}` is `{own}`");
        (Code::GeneratedNameTaken, message)
    } else {
        let message =
            format!("`{other}` and `{key}` are both the {what} `{own}`, so `{key}` is `{text}`");
        (Code::NameCollision, message)
    };
    Diagnostic::new(code, message, (*at).clone())
        .name()
        .label(format!("becomes `{text}`"))
        .shape(owner)
        .related_name(place.clone(), format!("is `{own}`"))
        .help(line(*key, name.text()))
}

fn nameless(claim: &Claim<'_>) -> Diagnostic {
    let Claim { key, what, at, .. } = claim;
    let name = claim.spelling();
    let message = format!(
        "`{key}` has no letter or digit to name a {what} for, so it is `{}`",
        name.text()
    );
    Diagnostic::new(Code::Nameless, message, (*at).clone())
        .name()
        .label(format!("becomes `{}`", name.text()))
        .shape(key)
        .help(line(*key, name.text()))
}

/// The line of the configuration that fixes a name.
pub(super) fn line(key: Key<'_>, name: &str) -> String {
    format!(
        "to keep this name or choose another, add `{} = \"{}\"` to the table `[names]` in \
         drawplate.toml",
        toml_string(&key.to_string()),
        name
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::ChosenNames;

    /// The names of members, in their order. Those in capitals are made up by the generator.
    fn assign(members: &[&'static str]) -> Vec<String> {
        let (chosen, at) = (ChosenNames::default(), Location::none());
        let key = Key::shape("a#A");
        let claims = members.iter().map(|name| {
            let key = key.member(name);
            if name.bytes().all(|byte| byte.is_ascii_uppercase()) {
                let other = format!("other {name}");
                Claim::invented(key, "field", &at, Case::Snake, &[name, &other])
            } else {
                Claim::modeled(key, "field", &at, Case::Snake, name)
            }
        });
        let claims = claims.collect::<Vec<_>>();
        let names = Namespace::default().assign(&claims, &mut Choices::new(&chosen));
        names.iter().map(|name| name.text().to_owned()).collect()
    }

    #[test]
    fn names_that_differ_are_left_alone() {
        assert_eq!(assign(&["unitPrice", "count"]), ["unit_price", "count"]);
    }

    #[test]
    fn an_exact_name_wins_over_one_that_is_converted() {
        let members = ["unitPrice", "UnitPrice", "unit_price"];
        let expected = ["unit_price_", "unit_price__", "unit_price"];
        assert_eq!(assign(&members), expected);
    }

    #[test]
    fn a_name_of_the_model_wins_over_one_that_is_made_up() {
        assert_eq!(assign(&["AB", "ab"]), ["other_ab", "ab"]);
        assert_eq!(assign(&["AB", "aB", "otherAb"]), ["ab", "a_b", "other_ab"]);
        assert_eq!(assign(&["AB", "ab", "otherAb"]), ["ab_", "ab", "other_ab"]);
    }

    #[test]
    fn a_new_item_renames_only_items_of_its_own_spelling() {
        let pool = [
            "a", "A_", "_a", "a_", "__a", "aB", "a_b", "a_B", "AB", "ab", "Ab", "abC", "a_bC",
            "self", "self_", "type", "Type", "type_", "a1", "a_1", "A1", "_1",
        ];
        let mut compared = 0;
        for first in pool {
            for second in pool {
                for third in pool {
                    if first == second || second == third || first == third {
                        continue;
                    }
                    let (before, after) =
                        (assign(&[first, second]), assign(&[first, third, second]));
                    let own = |name| assign(&[name]).remove(0);
                    for (name, before, after) in [
                        (first, &before[0], &after[0]),
                        (second, &before[1], &after[2]),
                    ] {
                        let collides = own(name) == own(third);
                        assert!(
                            before == after || collides,
                            "{third} renames {name} beside {first} and {second}"
                        );
                        compared += usize::from(!collides);
                    }
                }
            }
        }
        assert!(compared > 1000);
    }
}
