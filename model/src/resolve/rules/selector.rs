//! Selectors (Smithy 2.0, "Selectors"): what the definitions of traits say about where the traits
//! may be applied.
//!
//! Variables, scoped attributes and the functions `:root`, `:in`, `:topdown` and `:recursive` are
//! not supported: no selector of a published trait has them. Such a selector matches everything.

use crate::ast::ShapeType;

/// A parsed selector: shapes flow through its steps from first to last.
#[derive(Debug, PartialEq)]
pub(super) struct Selector {
    pub(super) steps: Vec<Step>,
}

/// A step of a selector.
#[derive(Debug, PartialEq)]
pub(super) enum Step {
    /// Keeps shapes of a type.
    Type(TypeTest),
    /// Keeps shapes that have an attribute.
    Attribute(Attribute),
    /// Goes on to the shapes that a shape refers to, by these relationships or by all of them.
    Forward(Vec<String>),
    /// Goes on to the shapes that refer to a shape.
    Reverse(Vec<String>),
    /// Goes on to everything that a shape leads to.
    Closure,
    /// Goes on to the results of each selector.
    Is(Vec<Selector>),
    /// Keeps shapes for which one of the selectors has a result.
    Test(Vec<Selector>),
    /// Keeps shapes for which the selector has none.
    Not(Selector),
}

/// A test of the type of a shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TypeTest {
    /// `*`
    Any,
    /// `member`
    Member,
    /// `simpleType`
    SimpleType,
    /// `number`
    Number,
    /// `dataType`
    DataType,
    /// `aggregateType`
    AggregateType,
    /// `serviceType`
    ServiceType,
    /// One type.
    One(ShapeType),
}

/// A test of an attribute.
#[derive(Debug, PartialEq)]
pub(super) struct Attribute {
    /// `trait|smithy.api#tags|(values)` and so on: the parts of the path.
    pub(super) path: Vec<String>,
    /// `None` tests that the attribute exists.
    pub(super) comparison: Option<Comparison>,
}

/// A comparison of an attribute with texts, one of which has to match.
#[derive(Debug, PartialEq)]
pub(super) struct Comparison {
    pub(super) operator: Operator,
    pub(super) values: Vec<String>,
    pub(super) ignores_case: bool,
}

/// The operator of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    StartsWith,
    EndsWith,
    Contains,
    Exists,
}

/// More steps than any selector has that a person wrote.
const MOST_STEPS: usize = 100;

impl Selector {
    /// Parses a selector. `None` if it is invalid or not supported.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut parser = Parser {
            rest: text,
            steps: 0,
        };
        let selector = parser.selector(0)?;
        parser.rest.is_empty().then_some(selector)
    }

    /// Whether it selects every shape.
    pub(super) fn is_any(&self) -> bool {
        self.steps
            .iter()
            .all(|step| *step == Step::Type(TypeTest::Any))
    }
}

struct Parser<'t> {
    rest: &'t str,
    steps: usize,
}

impl Parser<'_> {
    fn selector(&mut self, depth: usize) -> Option<Selector> {
        let mut steps = Vec::new();
        loop {
            self.space();
            if self.rest.is_empty() || self.rest.starts_with([')', ',']) {
                return (!steps.is_empty()).then_some(Selector { steps });
            }
            self.steps += 1;
            if self.steps > MOST_STEPS || depth > 8 {
                return None;
            }
            steps.push(self.step(depth)?);
        }
    }

    fn step(&mut self, depth: usize) -> Option<Step> {
        let step = if self.eat("*") {
            Step::Type(TypeTest::Any)
        } else if self.eat("~>") {
            Step::Closure
        } else if self.eat(">") {
            Step::Forward(Vec::new())
        } else if self.eat("<-[") {
            let names = self.names("]-")?;
            Step::Reverse(names)
        } else if self.eat("<") {
            Step::Reverse(Vec::new())
        } else if self.eat("-[") {
            let names = self.names("]->")?;
            Step::Forward(names)
        } else if self.eat("[") {
            Step::Attribute(self.attribute()?)
        } else if self.eat(":") {
            self.function(depth)?
        } else {
            Step::Type(TypeTest::parse(self.identifier()?)?)
        };
        Some(step)
    }

    fn function(&mut self, depth: usize) -> Option<Step> {
        let name = self.identifier()?.to_owned();
        self.space();
        if !self.eat("(") {
            return None;
        }
        let mut selectors = Vec::new();
        loop {
            selectors.push(self.selector(depth + 1)?);
            if self.eat(")") {
                break;
            }
            if !self.eat(",") {
                return None;
            }
        }
        match &*name {
            "is" | "each" => Some(Step::Is(selectors)),
            "test" => Some(Step::Test(selectors)),
            "not" => {
                let selector = selectors.pop()?;
                selectors.is_empty().then_some(Step::Not(selector))
            }
            _ => None,
        }
    }

    /// The names of relationships up to the end of an arrow.
    fn names(&mut self, end: &str) -> Option<Vec<String>> {
        let mut names = Vec::new();
        loop {
            self.space();
            names.push(self.identifier()?.to_owned());
            self.space();
            if self.eat(end) {
                return Some(names);
            }
            if !self.eat(",") {
                return None;
            }
        }
    }

    fn attribute(&mut self) -> Option<Attribute> {
        let mut path = Vec::new();
        loop {
            self.space();
            let part = if self.eat("(") {
                let name = self.identifier()?.to_owned();
                self.eat(")").then(|| format!("({name})"))?
            } else {
                self.value()?
            };
            path.push(part);
            self.space();
            if !self.eat("|") {
                break;
            }
        }
        if !matches!(&*path[0], "trait" | "id") {
            return None;
        }
        if self.eat("]") {
            return Some(Attribute {
                path,
                comparison: None,
            });
        }
        let operators = [
            ("!=", Operator::NotEqual),
            ("^=", Operator::StartsWith),
            ("$=", Operator::EndsWith),
            ("*=", Operator::Contains),
            ("?=", Operator::Exists),
            ("=", Operator::Equal),
        ];
        let operator = operators.iter().find(|(text, _)| self.eat(text))?.1;
        let mut values = Vec::new();
        loop {
            self.space();
            values.push(self.value()?);
            self.space();
            if !self.eat(",") {
                break;
            }
        }
        let ignores_case = self.eat("i");
        self.space();
        let comparison = Comparison {
            operator,
            values,
            ignores_case,
        };
        self.eat("]").then_some(Attribute {
            path,
            comparison: Some(comparison),
        })
    }

    /// A quoted text, a number or an id.
    fn value(&mut self) -> Option<String> {
        for quote in ['"', '\''] {
            if let Some(rest) = self.rest.strip_prefix(quote) {
                let (text, rest) = rest.split_once(quote)?;
                self.rest = rest;
                return Some(text.to_owned());
            }
        }
        let is_end = |c: char| !(c.is_ascii_alphanumeric() || "_-.#$".contains(c));
        self.word(is_end).map(ToOwned::to_owned)
    }

    fn identifier(&mut self) -> Option<&str> {
        self.word(|c| !(c.is_ascii_alphanumeric() || c == '_'))
    }

    fn word(&mut self, is_end: impl Fn(char) -> bool) -> Option<&str> {
        let end = self.rest.find(is_end).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        (!word.is_empty()).then_some(word)
    }

    fn space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn eat(&mut self, expected: &str) -> bool {
        let rest = self.rest.strip_prefix(expected);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }
}

impl TypeTest {
    fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "member" => Self::Member,
            "simpleType" => Self::SimpleType,
            "number" => Self::Number,
            "dataType" => Self::DataType,
            "aggregateType" | "collection" => Self::AggregateType,
            "serviceType" => Self::ServiceType,
            _ => Self::One(ShapeType::parse(name)?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_of_published_traits_are_parsed() {
        for id in crate::library::traits() {
            let shape = crate::library::definition(&id).expect("the trait has a shape");
            let definition = shape.traits.get("smithy.api#trait");
            let selector = definition.and_then(|it| it.get("selector")?.as_str());
            if let Some(selector) = selector {
                assert!(Selector::parse(selector).is_some(), "{id}: {selector}");
            }
        }
    }

    #[test]
    fn a_selector_has_steps() {
        let selector = Selector::parse("structure > :test(member[trait|required] > string)");
        let steps = selector.expect("it is valid").steps;
        assert_eq!(steps[0], Step::Type(TypeTest::One(ShapeType::Structure)));
        assert_eq!(steps[1], Step::Forward(Vec::new()));
        assert!(matches!(&steps[2], Step::Test(tests) if tests[0].steps.len() == 4));
    }

    #[test]
    fn what_is_not_a_selector_or_not_supported_is_not_parsed() {
        let deep = format!("{}*{}", ":not(".repeat(50), ")".repeat(50));
        let long = "> ".repeat(200);
        for text in [
            "",
            "thing",
            "[",
            "[trait|",
            ":not(",
            ":root(*)",
            "$a(*)",
            "${a}",
            "* )",
            "[service|version=1]",
        ] {
            assert_eq!(Selector::parse(text), None, "{text}");
        }
        assert_eq!(Selector::parse(&deep), None);
        assert_eq!(Selector::parse(&long), None);
    }
}
