//! Tokens to text with line breaks and indents: readable, and still the same tokens.

use proc_macro2::{Delimiter, Group, Spacing, TokenStream, TokenTree};

/// The longest that what stands in round or square brackets may be to stay on its line.
const LINE: usize = 100;

/// Operators of several characters, the longest first.
const OPERATORS: [&str; 25] = [
    "<<=", ">>=", "...", "..=", "::", "->", "=>", "==", "!=", "<=", ">=", "&&", "||", "..", "+=", "-=", "*=", "/=",
    "%=", "^=", "&=", "|=", "<<", ">>", "<-",
];

/// Words behind which an operand begins.
const KEYWORDS: [&str; 17] = [
    "as", "const", "dyn", "else", "for", "if", "impl", "in", "let", "match", "move", "mut", "ref", "return", "unsafe",
    "where", "while",
];

/// The text of emitted items.
pub fn format(tokens: &TokenStream) -> String {
    let mut printer = Printer::default();
    printer.tokens(tokens, Break::Statements);
    printer.end_line();
    printer.text
}

/// Tokens on one line.
pub fn inline(tokens: &TokenStream) -> String {
    let mut printer = Printer::default();
    printer.tokens(tokens, Break::Never);
    printer.text
}

/// Where lines end.
#[derive(Clone, Copy, PartialEq)]
enum Break {
    /// Behind `;`, blocks, attributes, and commas outside of `<…>`.
    Statements,
    /// Behind commas.
    Commas,
    /// Nowhere.
    Never,
}

/// What was written last, as far as the next space depends on it.
#[derive(Clone, Copy, PartialEq, Default)]
enum Last {
    /// A line or bracket was opened, or a sign that belongs to what follows.
    #[default]
    Open,
    /// A name, a literal, or brackets: an operand is complete.
    Operand,
    /// A keyword.
    Keyword,
    /// `#`, or the `!` of a macro or inner attribute.
    Mark,
    /// Any other sign.
    Sign,
}

#[derive(Default)]
struct Printer {
    text: String,
    depth: usize,
    last: Last,
    /// Open `<` of generic arguments.
    angles: usize,
    /// Whether the parameters of a closure are open.
    is_closure: bool,
}

impl Printer {
    fn tokens(&mut self, tokens: &TokenStream, breaks: Break) {
        let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
        let mut rest = &tokens[..];
        while let Some((token, behind)) = rest.split_first() {
            rest = behind;
            let ends = match token {
                TokenTree::Group(group) => self.group(group, breaks, behind.first()),
                TokenTree::Punct(_) => {
                    let operator = operator(token, behind, self.angles > 0);
                    rest = &behind[operator.len() - 1..];
                    self.operator(&operator);
                    match operator.as_str() {
                        ";" => breaks == Break::Statements,
                        "," => breaks == Break::Commas || breaks == Break::Statements && self.angles == 0,
                        _ => false,
                    }
                }
                TokenTree::Ident(_) | TokenTree::Literal(_) => {
                    self.word(&token.to_string());
                    false
                }
            };
            if ends && !rest.is_empty() {
                self.end_line();
            }
        }
    }

    /// Writes a group; says whether a line ends behind it.
    fn group(&mut self, group: &Group, breaks: Break, next: Option<&TokenTree>) -> bool {
        let is_attribute = self.last == Last::Mark && group.delimiter() == Delimiter::Bracket;
        let is_brace = group.delimiter() == Delimiter::Brace;
        let (open, close) = match group.delimiter() {
            Delimiter::Parenthesis => ("(", ")"),
            Delimiter::Bracket => ("[", "]"),
            Delimiter::Brace => ("{", "}"),
            Delimiter::None => ("", ""),
        };
        self.write(open, !is_brace && matches!(self.last, Last::Operand | Last::Mark));
        self.inner(group, breaks);
        self.text.push_str(close);
        self.last = Last::Operand;
        breaks != Break::Never && (is_attribute || is_brace && breaks == Break::Statements && is_complete(next))
    }

    fn inner(&mut self, group: &Group, breaks: Break) {
        let tokens = group.stream();
        self.last = Last::Open;
        let angles = std::mem::take(&mut self.angles);
        let is_brace = group.delimiter() == Delimiter::Brace;
        let is_short = || inline(&tokens).len() <= LINE;
        if tokens.is_empty() || breaks == Break::Never || !is_brace && is_short() {
            let space = if is_brace && !tokens.is_empty() { " " } else { "" };
            self.text.push_str(space);
            self.tokens(&tokens, Break::Never);
            self.text.push_str(space);
        } else {
            self.depth += 1;
            self.end_line();
            self.tokens(&tokens, if is_brace { Break::Statements } else { Break::Commas });
            self.depth -= 1;
            self.end_line();
            self.indent();
        }
        self.angles = angles;
    }

    fn word(&mut self, word: &str) {
        self.write(word, false);
        self.last = if KEYWORDS.contains(&word) { Last::Keyword } else { Last::Operand };
    }

    fn operator(&mut self, operator: &str) {
        let is_prefix = self.last != Last::Operand;
        match operator {
            "," | ";" | ":" => self.behind(operator, Last::Sign),
            "?" => self.behind(operator, Last::Operand),
            "." | "::" if !is_prefix => self.behind(operator, Last::Open),
            "#" => self.sign(operator, Last::Mark),
            "!" if self.last == Last::Mark || !is_prefix => self.behind(operator, Last::Mark),
            "<" if is_prefix || self.opens_generics() => {
                self.write(operator, true);
                self.angles += 1;
                self.last = Last::Open;
            }
            ">" if self.angles > 0 => {
                self.angles -= 1;
                self.behind(operator, Last::Operand);
            }
            "|" if self.is_closure => {
                self.is_closure = false;
                self.behind(operator, Last::Sign);
            }
            "|" if is_prefix => {
                self.is_closure = true;
                self.sign(operator, Last::Open);
            }
            "&" | "*" | "-" | "!" | "::" if is_prefix => self.sign(operator, Last::Open),
            "'" => self.sign(operator, Last::Open),
            _ => self.sign(operator, Last::Sign),
        }
    }

    /// Whether a name that begins as types do, or the name of a function, was written last.
    fn opens_generics(&self) -> bool {
        let word = |text: &str| text.rsplit(|c: char| !c.is_alphanumeric() && c != '_').next().map(str::len);
        let Some(length) = word(&self.text) else { return false };
        let (before, word) = self.text.split_at(self.text.len() - length);
        word.starts_with(char::is_uppercase) || before.ends_with("fn ") || word == "impl"
    }

    fn sign(&mut self, sign: &str, last: Last) {
        self.write(sign, false);
        self.last = last;
    }

    /// Writes a sign without a space in front, unless it would run into another one.
    fn behind(&mut self, sign: &str, last: Last) {
        self.write(sign, self.last != Last::Sign || self.text.ends_with([',', ';']));
        self.last = last;
    }

    fn write(&mut self, text: &str, is_glued: bool) {
        let is_free = is_glued || self.last == Last::Open && !self.runs_together(text);
        if !is_free && !self.text.is_empty() && !self.text.ends_with(['\n', ' ']) {
            self.text.push(' ');
        }
        self.indent();
        self.text.push_str(text);
    }

    /// Whether a sign would become part of the one before it.
    fn runs_together(&self, text: &str) -> bool {
        let signs = "&*-!<>=|:.";
        self.text.ends_with(|c| signs.contains(c)) && text.starts_with(|c| signs.contains(c))
    }

    fn indent(&mut self) {
        if self.text.ends_with('\n') {
            self.text.extend(std::iter::repeat_n("    ", self.depth));
        }
    }

    fn end_line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
        self.last = Last::Open;
    }
}

/// The operator that begins with a sign.
fn operator(first: &TokenTree, behind: &[TokenTree], in_generics: bool) -> String {
    let mut signs = String::new();
    for token in std::iter::once(first).chain(behind).take(3) {
        let TokenTree::Punct(punct) = token else { break };
        signs.push(punct.as_char());
        if punct.spacing() == Spacing::Alone {
            break;
        }
    }
    let is_closing = in_generics && signs.starts_with('>');
    let known = OPERATORS.iter().find(|operator| signs.starts_with(**operator) && !is_closing);
    known.map_or_else(|| signs.chars().take(1).collect(), |operator| (*operator).to_owned())
}

/// Whether a block that is followed by `next` is a statement or item of its own.
fn is_complete(next: Option<&TokenTree>) -> bool {
    match next {
        Some(TokenTree::Punct(punct)) => !";,.?".contains(punct.as_char()),
        Some(TokenTree::Ident(ident)) => ident != "else",
        Some(_) | None => true,
    }
}
