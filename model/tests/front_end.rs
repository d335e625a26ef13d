//! A second front end: ASTs that are built by hand, with ranges in a text that is not JSON.

use std::ops::Range;

use drawplate_model::ast::{Ast, Definition, Link, MemberDefinition, Property, ShapeType};
use drawplate_model::model::{Kind, Simple};
use drawplate_model::node::{Node, Object, Text};
use drawplate_model::source::{SourceId, Sources};
use drawplate_model::{Model, Report, check, resolve};

/// A model in a notation that only [`Parser`] understands.
const WEATHER: &str = "\
service Weather speaks restJson1

operation PutCity
  @http method=PUT uri=/cities/{cityId} code=200

input PutCityInput
  @httpLabel @required cityId: String
  @mine level=3 units: String
";

/// A parser of the notation, as far as the tests need one: it knows what the text says, and looks
/// up where the text says it.
struct Parser<'a> {
    text: &'a str,
    source: SourceId,
}

impl<'a> Parser<'a> {
    /// The first occurrence of `part` after `line`.
    fn range(&self, line: &str, part: &str) -> Range<usize> {
        let start = self.text.find(line).expect("the line is in the text");
        let offset = self.text[start..].find(part);
        let start = start + offset.expect("the part is in the line");
        start..start + part.len()
    }

    /// What `key=` is followed by.
    fn field(&self, line: &str, key: &str) -> (Range<usize>, &'a str) {
        let start = self.range(line, &format!("{key}=")).end;
        let end = self.text[start..].find([' ', '\n']).expect("a line ends");
        (start..start + end, &self.text[start..start + end])
    }

    /// A name in the text that stands for `id`.
    fn name(&self, line: &str, part: &str, id: impl Into<Text<'a>>) -> Text<'a> {
        id.into().at(self.range(line, part))
    }

    fn service(&self) -> Definition<'a> {
        let id = self.name("service", "Weather", "example#Weather");
        let mut service = Definition::new(self.source, id, ShapeType::Service);
        let protocol = self.name("service", "restJson1", "aws.protocols#restJson1");
        service.traits = Object::from_iter([(protocol, Node::empty())]);
        service.links.push(Link {
            property: Property::Operations,
            index: Some(0),
            target: self.name("operation", "PutCity", "example#PutCity"),
        });
        service
    }

    fn operation(&self) -> Definition<'a> {
        let id = self.name("operation", "PutCity", "example#PutCity");
        let mut operation = Definition::new(self.source, id, ShapeType::Operation);
        let fields = ["method", "uri", "code"].map(|key| {
            let (range, text) = self.field("@http", key);
            let number = text.parse::<i64>().map(Node::from);
            let node = number.unwrap_or_else(|_| Node::from(text));
            (self.name("@http", key, key), node.at(range))
        });
        let http = self.name("@http", "http", "smithy.api#http");
        operation.traits = Object::from_iter([(http, Object::from_iter(fields).into())]);
        operation.links.push(Link {
            property: Property::Input,
            index: None,
            target: self.name("input", "PutCityInput", "example#PutCityInput"),
        });
        operation
    }

    fn input(&self) -> Definition<'a> {
        let id = self.name("input", "PutCityInput", "example#PutCityInput");
        let mut input = Definition::new(self.source, id, ShapeType::Structure);
        input.members = vec![self.city(), self.units()];
        input
    }

    fn city(&self) -> MemberDefinition<'a> {
        let line = &self.text[self.text.find("input").expect("an input")..];
        let target = line.split("cityId: ").nth(1).expect("a member");
        let target = target.lines().next().expect("a target");
        let name = self.name("cityId:", "cityId", "cityId");
        let target = self.name("cityId:", target, format!("smithy.api#{target}"));
        let mut member = MemberDefinition::new(name, target);
        let traits = ["httpLabel", "required"].into_iter();
        let traits = traits.filter(|name| self.text.contains(name));
        let annotation = |name| {
            (
                self.name("input", name, format!("smithy.api#{name}")),
                Node::empty(),
            )
        };
        member.traits = traits.map(annotation).collect();
        member
    }

    fn units(&self) -> MemberDefinition<'a> {
        let name = self.name("@mine", "units", "units");
        let target = self.name("@mine", "String", "smithy.api#String");
        let mut member = MemberDefinition::new(name, target);
        let (range, level) = self.field("@mine", "level");
        let level = Node::from(level.parse::<i64>().expect("a number")).at(range);
        let level = [(self.name("@mine", "level", "level"), level)];
        let mine = self.name("@mine", "mine", "example#mine");
        member.traits = Object::from_iter([(mine, Object::from_iter(level).into())]);
        member
    }
}

/// The definition of the trait that is not Smithy's. Its value is a document.
fn mine<'a>(source: SourceId) -> Definition<'a> {
    let kind = ShapeType::Simple(Simple::Document);
    let mut mine = Definition::new(source, Text::from("example#mine").at(0..0), kind);
    let definition = Text::from("smithy.api#trait").at(0..0);
    mine.traits = Object::from_iter([(definition, Node::empty())]);
    mine
}

/// Parses a text and runs the stages on it.
fn build(text: &str) -> (Sources, Result<Model, Report>) {
    let sources = Sources::from_texts([("weather.toy".into(), text.to_owned())]);
    let (source, file) = sources.iter().next().expect("there is one source");
    let text = &file.text;
    let parser = Parser { text, source };
    let mut ast = Ast::new(&sources);
    ast.definitions = vec![
        parser.service(),
        parser.operation(),
        parser.input(),
        mine(source),
    ];
    let model = resolve(ast).and_then(|(model, _)| check(&model).map(|_| model));
    (sources, model)
}

/// Compares what is printed about [`WEATHER`] with `from` replaced by `to`.
#[track_caller]
fn prints(from: &str, to: &str, expected: &str) {
    let (sources, model) = build(&WEATHER.replace(from, to));
    let report = model.expect_err("the text has an error");
    let printed = report.render(&sources, false);
    assert_eq!(printed.trim(), expected.trim(), "\n{printed}");
}

#[test]
fn a_model_is_built_from_ranges() {
    let (_, model) = build(WEATHER);
    let model = model.expect("the text is valid");
    let operation = model.operations.values().next().expect("one operation");
    let http = operation.http.as_ref().expect("it has the `http` trait");
    assert_eq!(http.uri.to_string(), "/cities/{cityId}");
    let input = &model.shapes[operation.input];
    let Kind::Structure(structure) = &input.kind else {
        panic!("{} is a structure", input.name);
    };
    let [city, units] = &*structure.members else {
        panic!("{} has two members", input.name);
    };
    let target = &model.shapes[city.target].kind;
    assert!(city.required && matches!(target, Kind::Simple(Simple::String)));
    let mine = units.traits.get("example#mine").expect("it is kept");
    assert_eq!(mine.get("level").and_then(Node::as_integer), Some(3));
}

#[test]
fn a_target_that_does_not_exist_is_marked_in_the_text() {
    prints(
        "cityId: String",
        "cityId: Sting",
        "\
error[E0103]: `example#PutCityInput$cityId` refers to `smithy.api#Sting`, which is not in the model
 --> weather.toy:7:32
  |
7 |   @httpLabel @required cityId: Sting
  |                                ^^^^^ no shape has this id
  |
  = note: shape `example#PutCityInput$cityId`
  = help: did you mean `smithy.api#String`?
",
    );
}

#[test]
fn a_field_of_a_trait_is_marked_in_the_text() {
    prints(
        "code=200",
        "code=OK",
        "\
error[E0109]: `code` of the trait `smithy.api#http` must be a status code, but is \"OK\"
 --> weather.toy:4:46
  |
4 |   @http method=PUT uri=/cities/{cityId} code=OK
  |                                              ^^ expected a status code
  |
  = note: shape `example#PutCity`
",
    );
}

#[test]
fn a_check_marks_members_and_fields_of_related_traits() {
    prints(
        "@httpLabel ",
        "",
        "\
error[E0206]: `cityId` is a label of `/cities/{cityId}`, but the member lacks the trait `httpLabel`
 --> weather.toy:7:13
  |
7 |   @required cityId: String
  |             ^^^^^^
  |
  = note: shape `example#PutCityInput$cityId`
  = help: add the trait `smithy.api#httpLabel` to the member
note: the URI with the label
 --> weather.toy:4:24
  |
4 |   @http method=PUT uri=/cities/{cityId} code=200
  |                        ^^^^^^^^^^^^^^^^
",
    );
}
