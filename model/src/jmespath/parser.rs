//! The parser of JMESPath: operators by precedence.

use super::ExpressionKind::{
    And, Call, Chain, Compare, Current, Field, Flatten, Index, List, Literal, Not, Object, Or,
    Project, Reference,
};
use super::lexer::{Token, TokenKind, tokens};
use super::{Expression, Function, Projection, Slice, SyntaxError};

/// How deep brackets, function calls and prefix operators may be nested.
const MAX_DEPTH: usize = 32;

/// Binding powers: an operator takes an operand from operators with a lower one.
mod power {
    pub(super) const PIPE: u8 = 1;
    pub(super) const OR: u8 = 2;
    pub(super) const AND: u8 = 3;
    pub(super) const COMPARE: u8 = 5;
    pub(super) const FLATTEN: u8 = 9;
    /// Operators below it end a projection.
    pub(super) const PROJECTION_ENDS: u8 = 10;
    pub(super) const STAR: u8 = 20;
    pub(super) const FILTER: u8 = 21;
    pub(super) const DOT: u8 = 40;
    pub(super) const NOT: u8 = 45;
    pub(super) const BRACKET: u8 = 55;
    pub(super) const PAREN: u8 = 60;
}

pub(super) fn parse(text: &str) -> Result<Expression, SyntaxError> {
    let mut parser = Parser {
        tokens: tokens(text)?,
        next: 0,
        depth: 0,
    };
    let expression = parser.expression(0)?;
    match parser.peek() {
        TokenKind::End => Ok(expression),
        _ => Err(parser.unexpected("an operator or the end")),
    }
}

struct Parser {
    /// Ends with [`TokenKind::End`].
    tokens: Vec<Token>,
    next: usize,
    depth: usize,
}

fn current(at: usize) -> Expression {
    Expression::new(Current, at)
}

impl Parser {
    fn peek_at(&self, offset: usize) -> &TokenKind {
        let last = self.tokens.len() - 1;
        &self.tokens[(self.next + offset).min(last)].kind
    }

    fn peek(&self) -> &TokenKind {
        self.peek_at(0)
    }

    fn at(&self) -> usize {
        self.tokens[self.next].at
    }

    fn advance(&mut self) -> TokenKind {
        let kind = self.peek().clone();
        self.next = (self.next + 1).min(self.tokens.len() - 1);
        kind
    }

    fn eat(&mut self, kind: &TokenKind) -> bool {
        let found = self.peek() == kind;
        if found {
            self.advance();
        }
        found
    }

    fn expect(&mut self, kind: &TokenKind) -> Result<(), SyntaxError> {
        if self.eat(kind) {
            return Ok(());
        }
        Err(self.unexpected(&kind.phrase()))
    }

    fn unexpected(&self, expected: &str) -> SyntaxError {
        SyntaxError {
            message: format!("expected {expected}, but found {}", self.peek().phrase()),
            at: self.at(),
        }
    }

    /// The power of the next token as an operator after an operand; 0 if it is none.
    fn power(&self) -> u8 {
        match self.peek() {
            TokenKind::Pipe => power::PIPE,
            TokenKind::Or => power::OR,
            TokenKind::And => power::AND,
            TokenKind::Compare(_) => power::COMPARE,
            TokenKind::Flatten => power::FLATTEN,
            TokenKind::Filter => power::FILTER,
            TokenKind::Dot => power::DOT,
            TokenKind::LeftBracket => power::BRACKET,
            TokenKind::LeftParen => power::PAREN,
            _ => 0,
        }
    }

    /// An expression that ends before operators whose power is at most `least`.
    fn expression(&mut self, least: u8) -> Result<Expression, SyntaxError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            let message = format!("the expression is nested more than {MAX_DEPTH} levels deep");
            let at = self.at();
            return Err(SyntaxError { message, at });
        }
        let mut left = self.prefix()?;
        while self.power() > least {
            left = self.infix(left)?;
        }
        self.depth -= 1;
        Ok(left)
    }

    fn boxed(&mut self, least: u8) -> Result<Box<Expression>, SyntaxError> {
        self.expression(least).map(Box::new)
    }

    /// What an expression begins with.
    fn prefix(&mut self) -> Result<Expression, SyntaxError> {
        let at = self.at();
        let kind = match self.peek().clone() {
            TokenKind::Name(name) => {
                self.advance();
                if *self.peek() == TokenKind::LeftParen {
                    return self.call(&name, at);
                }
                Field(name)
            }
            TokenKind::Quoted(name) => {
                self.advance();
                if *self.peek() == TokenKind::LeftParen {
                    let message = "the name of a function must not be in quotes".to_owned();
                    return Err(SyntaxError { message, at });
                }
                Field(name)
            }
            TokenKind::Literal(node) => {
                self.advance();
                Literal(node)
            }
            TokenKind::Current => {
                self.advance();
                Current
            }
            TokenKind::Not => {
                self.advance();
                Not(self.boxed(power::NOT)?)
            }
            TokenKind::Reference => {
                self.advance();
                Reference(self.boxed(0)?)
            }
            TokenKind::LeftParen => {
                self.advance();
                let inner = self.expression(0)?;
                self.expect(&TokenKind::RightParen)?;
                return Ok(inner);
            }
            TokenKind::Star => {
                self.advance();
                return self.project(Projection::Values, current(at).into(), power::STAR, at);
            }
            TokenKind::Flatten | TokenKind::Filter => return self.infix(current(at)),
            TokenKind::LeftBrace => return self.object(),
            TokenKind::LeftBracket => match (self.peek_at(1), self.peek_at(2)) {
                (TokenKind::Number(_) | TokenKind::Colon, _)
                | (TokenKind::Star, TokenKind::RightBracket) => return self.infix(current(at)),
                _ => return self.list(),
            },
            _ => return Err(self.unexpected("an expression")),
        };
        Ok(Expression::new(kind, at))
    }

    /// What follows an operand.
    fn infix(&mut self, left: Expression) -> Result<Expression, SyntaxError> {
        let at = self.at();
        let left = Box::new(left);
        let kind = match self.advance() {
            TokenKind::Pipe => Chain(left, self.boxed(power::PIPE)?),
            TokenKind::Or => Or(left, self.boxed(power::OR)?),
            TokenKind::And => And(left, self.boxed(power::AND)?),
            TokenKind::Compare(comparator) => {
                Compare(comparator, left, self.boxed(power::COMPARE)?)
            }
            TokenKind::Flatten => {
                let left = Box::new(Expression::new(Flatten(left), at));
                return self.project(Projection::Elements, left, power::FLATTEN, at);
            }
            TokenKind::Filter => {
                let condition = self.boxed(0)?;
                self.expect(&TokenKind::RightBracket)?;
                return self.project(Projection::Filter(condition), left, power::FILTER, at);
            }
            TokenKind::Dot if self.eat(&TokenKind::Star) => {
                return self.project(Projection::Values, left, power::STAR, at);
            }
            TokenKind::Dot => Chain(left, Box::new(self.after_dot(power::DOT)?)),
            TokenKind::LeftBracket if self.eat(&TokenKind::Star) => {
                self.expect(&TokenKind::RightBracket)?;
                return self.project(Projection::Elements, left, power::STAR, at);
            }
            TokenKind::LeftBracket => return self.index_or_slice(left, at),
            _ => {
                let message = "only a name can be called as a function".to_owned();
                return Err(SyntaxError { message, at });
            }
        };
        Ok(Expression::new(kind, at))
    }

    /// A projection, with what is applied to each of its values.
    fn project(
        &mut self,
        projection: Projection,
        left: Box<Expression>,
        least: u8,
        at: usize,
    ) -> Result<Expression, SyntaxError> {
        let right = match self.peek() {
            _ if self.power() < power::PROJECTION_ENDS => current(at),
            TokenKind::Dot if *self.peek_at(1) == TokenKind::Star => {
                // `a[*].*`: the values of each element.
                let star = self.at();
                self.next += 2;
                self.project(Projection::Values, current(star).into(), power::STAR, star)?
            }
            TokenKind::Dot => {
                self.advance();
                self.after_dot(least)?
            }
            TokenKind::LeftBracket | TokenKind::Filter => self.expression(least)?,
            _ => return Err(self.unexpected("an operator or the end")),
        };
        Ok(Expression::new(
            Project(projection, left, Box::new(right)),
            at,
        ))
    }

    /// What may follow a dot.
    fn after_dot(&mut self, least: u8) -> Result<Expression, SyntaxError> {
        match self.peek() {
            TokenKind::Name(_) | TokenKind::Quoted(_) => self.expression(least),
            TokenKind::LeftBrace | TokenKind::LeftBracket => {
                let mut left = if *self.peek() == TokenKind::LeftBrace {
                    self.object()?
                } else {
                    self.list()?
                };
                while self.power() > least {
                    left = self.infix(left)?;
                }
                Ok(left)
            }
            _ => Err(self.unexpected("a name, `*`, `[` or `{`")),
        }
    }

    /// `[1]` or `[1:2:3]`, after its bracket.
    fn index_or_slice(
        &mut self,
        left: Box<Expression>,
        at: usize,
    ) -> Result<Expression, SyntaxError> {
        let mut bounds = [None; 3];
        let mut place = 0;
        loop {
            match self.peek() {
                TokenKind::Number(number) if bounds[place].is_none() => {
                    bounds[place] = Some(*number);
                    self.advance();
                }
                TokenKind::Colon if place < 2 => {
                    place += 1;
                    self.advance();
                }
                TokenKind::RightBracket => break,
                _ => return Err(self.unexpected("a number, `:` or `]`")),
            }
        }
        let closing = self.at();
        self.advance();
        match (place, bounds) {
            (0, [Some(index), ..]) => {
                let index = Box::new(Expression::new(Index(index), at));
                Ok(Expression::new(Chain(left, index), at))
            }
            (_, [_, _, Some(0)]) => {
                let message = "the step of a slice must not be zero".to_owned();
                Err(SyntaxError {
                    message,
                    at: closing,
                })
            }
            (_, [start, end, step]) => {
                let step = step.unwrap_or(1);
                let slice = super::ExpressionKind::Slice(Slice { start, end, step });
                let slice = Box::new(Expression::new(slice, at));
                let left = Box::new(Expression::new(Chain(left, slice), at));
                self.project(Projection::Elements, left, power::STAR, at)
            }
        }
    }

    /// `[a, b]`.
    fn list(&mut self) -> Result<Expression, SyntaxError> {
        let at = self.at();
        self.advance();
        let elements = self.separated(&TokenKind::RightBracket, |parser| parser.expression(0))?;
        Ok(Expression::new(List(elements), at))
    }

    /// `{x: a, y: b}`.
    fn object(&mut self) -> Result<Expression, SyntaxError> {
        let at = self.at();
        self.advance();
        let entries = self.separated(&TokenKind::RightBrace, |parser| {
            let (TokenKind::Name(key) | TokenKind::Quoted(key)) = parser.peek().clone() else {
                return Err(parser.unexpected("a key"));
            };
            parser.advance();
            parser.expect(&TokenKind::Colon)?;
            Ok((key, parser.expression(0)?))
        })?;
        Ok(Expression::new(Object(entries), at))
    }

    /// At least one item, with commas in between, and the token after them.
    fn separated<T>(
        &mut self,
        end: &TokenKind,
        item: impl Fn(&mut Self) -> Result<T, SyntaxError>,
    ) -> Result<Vec<T>, SyntaxError> {
        let mut items = vec![item(self)?];
        while self.eat(&TokenKind::Comma) {
            items.push(item(self)?);
        }
        self.expect(end)?;
        Ok(items)
    }

    /// The arguments of a function, from the parenthesis.
    fn call(&mut self, name: &str, at: usize) -> Result<Expression, SyntaxError> {
        let error = |message| SyntaxError { message, at };
        let function = Function::find(name).ok_or_else(|| {
            let known = Function::ALL.iter().map(|function| function.name());
            let suggestion = crate::did_you_mean(name, known);
            let suggestion = suggestion.map_or_else(String::new, |text| format!(": {text}"));
            error(format!("there is no function `{name}`{suggestion}"))
        })?;
        self.advance();
        let arguments = if self.eat(&TokenKind::RightParen) {
            Vec::new()
        } else {
            self.separated(&TokenKind::RightParen, |parser| parser.expression(0))?
        };
        if !function.accepts(arguments.len()) {
            let least = if function.is_variadic() {
                "at least "
            } else {
                ""
            };
            let expected = function.parameters().len();
            let plural = if expected == 1 { "" } else { "s" };
            return Err(error(format!(
                "`{name}` takes {least}{expected} argument{plural}, but has {}",
                arguments.len()
            )));
        }
        Ok(Expression::new(Call(function, arguments), at))
    }
}
