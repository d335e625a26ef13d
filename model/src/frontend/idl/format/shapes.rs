//! Shapes, their members and `apply` statements.

use super::Formatter;
use super::comments::Comment;
use super::layout::Doc;
use super::values::block;
use crate::frontend::idl::token::TokenKind;
use crate::frontend::idl::tree::{Node, NodeKind};

impl<'t, 'a> Formatter<'t, 'a> {
    /// A shape or `apply` statement without the comments in front of it.
    pub(super) fn statement(&self, statement: Node<'t, 'a>) -> Doc<'a> {
        if statement.kind() == NodeKind::Apply {
            return self.apply(statement);
        }
        let keyword = statement
            .child(NodeKind::Keyword)
            .expect("a shape has a keyword");
        let traits = self.traits(statement, keyword.tokens().start);
        let mut comments = Vec::new();
        let mut at = keyword.tokens().end;
        let mut body = None;
        for child in statement.children() {
            let tokens = child.tokens();
            if tokens.start < at {
                continue;
            }
            comments.extend(self.lines.comments(at..tokens.start));
            at = tokens.end;
            body = match child.kind() {
                NodeKind::Members | NodeKind::OperationBody => Some(self.members(child)),
                NodeKind::Object => {
                    Some(Doc::Concat(vec![Doc::LineOr(" "), self.properties(child)]))
                }
                _ => body,
            };
        }
        let comments = comments.into_iter().map(Comment::demoted).collect();
        let shape = self.head(statement, Some(Doc::text(keyword.text())), body);
        Doc::Concat(vec![traits, Self::hoisted(comments), shape])
    }

    /// What is in front of the members of a shape, and the members.
    fn head(
        &self,
        node: Node<'t, 'a>,
        start: Option<Doc<'a>>,
        members: Option<Doc<'a>>,
    ) -> Doc<'a> {
        let mut words: Vec<Doc<'a>> = start.into_iter().collect();
        for child in node.children() {
            match child.kind() {
                NodeKind::Name => words.push(Doc::text(child.text())),
                NodeKind::For => {
                    let id = child.child(NodeKind::ShapeId).map_or("", Node::text);
                    words.push(Doc::text(format!("for {id}")));
                }
                NodeKind::Mixins => words.push(self.mixins(child)),
                _ => {}
            }
        }
        let mut shape = vec![Doc::join(words, &Doc::text(" "))];
        shape.extend(members.map(Doc::group));
        Doc::Concat(shape)
    }

    /// The traits in front of a token, with the comments after each, on lines of their own.
    fn traits(&self, node: Node<'t, 'a>, before: u32) -> Doc<'a> {
        let traits = node.children().filter(|it| it.kind() == NodeKind::Trait);
        let traits: Vec<_> = traits.take_while(|it| it.tokens().start < before).collect();
        let mut lines = Vec::new();
        for (index, application) in traits.iter().enumerate() {
            let next = traits
                .get(index + 1)
                .map_or(before, |next| next.tokens().start);
            let comments = self.lines.comments(application.tokens().end..next);
            lines.extend([self.application(*application), Doc::Line]);
            lines.push(Self::hoisted(
                comments.into_iter().map(Comment::demoted).collect(),
            ));
        }
        Doc::Concat(lines)
    }

    fn apply(&self, apply: Node<'t, 'a>) -> Doc<'a> {
        let id = apply
            .child(NodeKind::ShapeId)
            .expect("`apply` has a shape id");
        let start = vec![Doc::text("apply "), Doc::text(id.text())];
        let brace = self.lines.find(apply, TokenKind::OpenBrace);
        let brace = brace.filter(|brace| {
            let first = apply.child(NodeKind::Trait);
            first.is_none_or(|first| *brace < first.tokens().start)
        });
        let keyword = self.start_of(apply);
        let Some(brace) = brace else {
            let first = apply.child(NodeKind::Trait).expect("`apply` has a trait");
            let comments = self.lines.comments(keyword..first.tokens().start);
            let comments = comments.into_iter().map(Comment::demoted).collect();
            let mut line = vec![Self::hoisted(comments)];
            line.extend(start);
            line.extend([Doc::text(" "), self.application(first)]);
            return Doc::Concat(line);
        };
        let comments = self.lines.comments(keyword..brace);
        let comments = comments.into_iter().map(Comment::demoted).collect();
        let mut items = vec![Self::hoisted(comments)];
        items.extend(start);
        let mut lines = Vec::new();
        let mut at = brace;
        for application in apply.children().filter(|it| it.kind() == NodeKind::Trait) {
            lines.extend(
                self.lines
                    .comments(at..application.tokens().start)
                    .into_iter()
                    .map(|it| Doc::text(it.demoted().print())),
            );
            lines.push(self.application(application));
            at = application.tokens().end;
        }
        let rest = self.lines.comments(at..apply.tokens().end).into_iter();
        lines.extend(rest.map(|it| Doc::text(it.demoted().print())));
        if lines.is_empty() {
            items.extend([Doc::text(" {"), Doc::Line, Doc::text("}")]);
        } else {
            items.push(block(Doc::text(" {"), "}", Doc::join(lines, &Doc::Line)));
        }
        Doc::Concat(items)
    }

    /// The members of a shape, or the properties of an operation, with their braces.
    fn members(&self, members: Node<'t, 'a>) -> Doc<'a> {
        let is_member = |it: &Node<'t, 'a>| {
            matches!(
                it.kind(),
                NodeKind::Member | NodeKind::ElidedMember | NodeKind::Property
            )
        };
        let children: Vec<_> = members.children().filter(is_member).collect();
        let brace = members.tokens().start;
        let end = members.tokens().end;
        // The comments in front of each member, and those after the last one.
        let mut gaps = Vec::with_capacity(children.len() + 1);
        let mut at = brace + 1;
        for child in &children {
            gaps.push(self.lines.comments(at..self.start_of(*child)));
            at = child.tokens().end;
        }
        gaps.push(self.lines.comments(at..end));
        let ends: Vec<usize> = children.iter().map(|it| self.lines.end_line(*it)).collect();
        // The comment in the line of an assigned value is a part of its member.
        let mut inline: Vec<Vec<Comment<'a>>> = vec![Vec::new(); children.len()];
        for (index, child) in children.iter().enumerate() {
            if self.is_assigned(*child) {
                let gap = &mut gaps[index + 1];
                let same = gap.iter().take_while(|it| it.line == ends[index]).count();
                inline[index] = gap.drain(..same).map(Comment::demoted).collect();
            }
        }
        let is_spaced = self.is_spaced(members, &children, &gaps, &ends);
        if children.is_empty() && gaps[0].is_empty() {
            return Doc::Concat(vec![Doc::LineOr(" "), Doc::text("{}")]).group();
        }
        let last = children.len();
        let mut docs: Vec<Doc<'a>> = Vec::new();
        let mut current: Vec<Doc<'a>> = Vec::new();
        for (index, gap) in gaps.into_iter().enumerate() {
            let before = index.checked_sub(1).map(|before| ends[before]);
            for comment in gap {
                let is_same_line = before == Some(comment.line);
                let is_documentation = index < last && !is_same_line;
                let comment = if is_documentation {
                    comment
                } else {
                    comment.demoted()
                };
                let printed = Doc::text(comment.print());
                let is_inline = is_same_line && (index < last || !is_spaced);
                if let (true, Some(member)) = (is_inline, docs.last_mut()) {
                    let mut line = vec![std::mem::replace(member, Doc::empty())];
                    line.extend([Doc::text(" "), printed]);
                    *member = Doc::Concat(line);
                    continue;
                }
                if !current.is_empty() {
                    current.push(Doc::Line);
                }
                current.push(printed);
            }
            if let Some(child) = children.get(index) {
                if !current.is_empty() {
                    current.push(Doc::Line);
                }
                current.push(self.member(*child));
                for comment in inline[index].drain(..) {
                    current.extend([Doc::text(" "), Doc::text(comment.print())]);
                }
                docs.push(Doc::Concat(std::mem::take(&mut current)));
            }
        }
        if !current.is_empty() {
            docs.push(Doc::Concat(current));
        }
        let separator = if is_spaced {
            Doc::Concat(vec![Doc::Line, Doc::Line])
        } else {
            Doc::Line
        };
        let open = Doc::Concat(vec![Doc::LineOr(" "), Doc::text("{")]);
        block(open, "}", Doc::join(docs, &separator))
    }

    /// Whether there are blank lines between members: one of them has a trait or a comment.
    fn is_spaced(
        &self,
        members: Node<'t, 'a>,
        children: &[Node<'t, 'a>],
        gaps: &[Vec<Comment<'a>>],
        ends: &[usize],
    ) -> bool {
        if members.contains(|it| it.kind() == NodeKind::Trait) {
            return true;
        }
        for (index, gap) in gaps.iter().enumerate() {
            let (end, is_assigned) = match index.checked_sub(1) {
                Some(before) => (ends[before], self.is_assigned(children[before])),
                None => (self.lines.line(members.tokens().start), false),
            };
            let is_apart =
                |it: &Comment<'_>| it.line != end && !(is_assigned && it.line == end + 1);
            if gap.iter().any(is_apart) {
                return true;
            }
        }
        let inside = |child: &Node<'t, 'a>| {
            let tokens = self.start_of(*child)..child.tokens().end;
            !self.lines.comments(tokens).is_empty()
        };
        children.iter().any(inside)
    }

    /// Whether a member has a value after `=`.
    fn is_assigned(&self, member: Node<'t, 'a>) -> bool {
        let name = member
            .child(NodeKind::Name)
            .map_or(0, |name| name.tokens().end);
        let mut tokens = name..member.tokens().end;
        member.kind() != NodeKind::Property
            && tokens.any(|it| self.lines.tree.tokens[it as usize].kind == TokenKind::Equal)
    }

    fn member(&self, member: Node<'t, 'a>) -> Doc<'a> {
        if member.kind() == NodeKind::Property {
            return self.property(member);
        }
        let name = member.child(NodeKind::Name).expect("a member has a name");
        let is_elided = member.kind() == NodeKind::ElidedMember;
        let before = name.tokens().start - u32::from(is_elided);
        let dollar = if is_elided { "$" } else { "" };
        let mut line = vec![
            self.traits(member, before),
            Doc::text(dollar),
            Doc::text(name.text()),
        ];
        let after_name = member
            .children()
            .skip_while(|it| it.kind() != NodeKind::Name);
        let mut rest = after_name.skip(1).peekable();
        let has_target = !is_elided && self.is_followed_by(name, TokenKind::Colon);
        if has_target && let Some(target) = rest.next() {
            line.extend([Doc::text(": "), Doc::text(target.text())]);
        }
        if let Some(value) = rest.next() {
            line.extend([Doc::text(" = "), self.value(value, false)]);
        }
        Doc::Concat(line)
    }

    /// Whether the first token after a node, other than spaces, is of a kind.
    fn is_followed_by(&self, node: Node<'t, 'a>, kind: TokenKind) -> bool {
        let tokens = &self.lines.tree.tokens[node.tokens().end as usize..];
        let next = tokens.iter().find(|token| token.kind != TokenKind::Space);
        next.is_some_and(|token| token.kind == kind)
    }

    /// `input`, `output` or `errors`, after the comments in it.
    fn property(&self, property: Node<'t, 'a>) -> Doc<'a> {
        let comments = self.lines.direct(property, property.tokens().start);
        let comments = comments.into_iter().map(Comment::demoted).collect();
        let mut children = property.children();
        let name = children.next().expect("a property has a name");
        let value = children.next().expect("a property has a value");
        let value = match value.kind() {
            NodeKind::Ids => Doc::Concat(vec![Doc::text(": "), self.ids(value)]),
            NodeKind::Inline => self.inline(value),
            _ => Doc::Concat(vec![Doc::text(": "), Doc::text(value.text())]),
        };
        Doc::Concat(vec![Self::hoisted(comments), Doc::text(name.text()), value])
    }

    /// `:= ..`.
    fn inline(&self, inline: Node<'t, 'a>) -> Doc<'a> {
        let members = inline.child(NodeKind::Members).expect("it has members");
        let first_trait = inline.child(NodeKind::Trait);
        let head = inline.children().find(|it| {
            matches!(
                it.kind(),
                NodeKind::For | NodeKind::Mixins | NodeKind::Members
            )
        });
        let head = head.expect("it has members").tokens().start;
        let lead = first_trait.map_or(head, |it| it.tokens().start);
        let mut comments = self.lines.comments(inline.tokens().start..lead);
        let after_head = self.lines.direct(inline, head);
        comments.extend(after_head.into_iter().map(Comment::demoted));
        let body = self.members(members);
        if comments.is_empty() && first_trait.is_none() {
            return self.head(inline, Some(Doc::text(" :=")), Some(body));
        }
        let lines = vec![
            Doc::text(" :="),
            Doc::Line,
            Self::hoisted(comments),
            self.traits(inline, head),
            self.head(inline, None, Some(body)),
        ];
        Doc::Concat(lines).indent()
    }

    /// The first token of a statement or member after its documentation.
    pub(super) fn start_of(&self, node: Node<'t, 'a>) -> u32 {
        let docs = node.child(NodeKind::Docs);
        let after = docs.map_or(node.tokens().start, |docs| docs.tokens().end);
        let mut rest = after..node.tokens().end;
        let is_trivia = |index: u32| {
            let kind = self.lines.tree.tokens[index as usize].kind;
            kind.is_whitespace() || kind == TokenKind::DocComment
        };
        rest.find(|index| !is_trivia(*index)).unwrap_or(after)
    }
}
