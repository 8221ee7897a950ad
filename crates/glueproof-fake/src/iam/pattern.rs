//! Texts of policies with wildcards and variables, and what they match.
//! Must not know what a text belongs to.
//! [`Pattern::resolve`] reads a text; [`Pattern::matches`] and [`Pattern::matches_arn`] compare.

use super::request_context::RequestContext;

/// The number of parts of an ARN. Colons in the last part belong to it.
const ARN_PARTS: usize = 6;

/// The index of the service among the parts of an ARN.
const ARN_SERVICE: usize = 2;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Literal(char),
    /// `?`: any character.
    AnyChar,
    /// `*`: any text.
    AnyText,
}

/// A text of a policy, with its variables resolved. Wildcards in the values of variables are literal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(Vec<Token>);

impl From<&str> for Pattern {
    /// Reads a text without variables.
    fn from(text: &str) -> Self {
        let mut pattern = Self(Vec::with_capacity(text.len()));
        pattern.push_wildcards(text);
        pattern
    }
}

impl Pattern {
    /// Reads a text with variables, such as `${aws:username}`. Returns `None` if a variable has no value: then the whole
    /// statement does not apply (IAM User Guide, "Variables and tags").
    pub fn resolve(text: &str, context: &RequestContext) -> Option<Self> {
        let mut pattern = Self(Vec::with_capacity(text.len()));
        let mut rest = text;
        while let Some((before, variable)) = rest.split_once("${") {
            let (name, after) = variable.split_once('}')?;
            pattern.push_wildcards(before);
            pattern.0.extend(value_of(name.trim(), context)?.chars().map(Token::Literal));
            rest = after;
        }
        pattern.push_wildcards(rest);
        Some(pattern)
    }

    fn push_wildcards(&mut self, text: &str) {
        self.0.extend(text.chars().map(|c| match c {
            '*' => Token::AnyText,
            '?' => Token::AnyChar,
            literal => Token::Literal(literal),
        }));
    }

    /// Returns the text for comparisons without wildcards.
    pub fn text(&self) -> String {
        let written = |token: &Token| match token {
            Token::AnyText => '*',
            Token::AnyChar => '?',
            Token::Literal(literal) => *literal,
        };
        self.0.iter().map(written).collect()
    }

    /// Returns true if the pattern matches the whole text. Case matters.
    pub fn matches(&self, text: &str) -> bool {
        matches(&self.0, text)
    }

    /// Returns true if the pattern matches the ARN. A wildcard stays within one part between colons, except at the end of
    /// the pattern, and no wildcard matches the service (IAM User Guide, "Using wildcards in resource ARNs").
    pub fn matches_arn(&self, arn: &str) -> bool {
        if self.0 == [Token::AnyText] {
            return true;
        }
        let is_colon = |token: &Token| *token == Token::Literal(':');
        let patterns: Vec<&[Token]> = self.0.splitn(ARN_PARTS, is_colon).collect();
        let parts: Vec<&str> = arn.splitn(ARN_PARTS, ':').collect();
        if parts.first() != Some(&"arn") || !patterns.first().is_some_and(|first| is_literally(first, "arn"))
        {
            return false;
        }
        let is_whole = patterns.len() == ARN_PARTS;
        for (index, (part, pattern)) in parts.iter().zip(&patterns).enumerate() {
            if index + 1 == patterns.len() && !is_whole {
                // A shorter pattern must end with a star that covers the remaining parts.
                return pattern.last() == Some(&Token::AnyText)
                    && matches(pattern, &parts[index..].join(":"));
            }
            let fits =
                if index == ARN_SERVICE { is_literally(pattern, part) } else { matches(pattern, part) };
            if !fits {
                return false;
            }
        }
        is_whole && parts.len() == ARN_PARTS
    }
}

fn is_literally(pattern: &[Token], text: &str) -> bool {
    pattern.iter().copied().eq(text.chars().map(Token::Literal))
}

/// Matches greedily, and backtracks to the last star only.
fn matches(pattern: &[Token], text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    let (mut at, mut next, mut last_star) = (0, 0, None);
    while at < text.len() {
        match pattern.get(next) {
            Some(Token::AnyText) => {
                last_star = Some((at, next));
                next += 1;
            }
            Some(token) if *token == Token::AnyChar || *token == Token::Literal(text[at]) => {
                at += 1;
                next += 1;
            }
            _ => {
                let Some((covered, star)) = last_star else { return false };
                last_star = Some((covered + 1, star));
                (at, next) = (covered + 1, star + 1);
            }
        }
    }
    pattern[next..].iter().all(|token| *token == Token::AnyText)
}

fn value_of(variable: &str, context: &RequestContext) -> Option<String> {
    if matches!(variable, "*" | "?" | "$") {
        return Some(variable.to_owned());
    }
    let (key, default) = match variable.split_once(',') {
        Some((key, default)) => (key.trim(), Some(unquoted(default.trim())?)),
        None => (variable, None),
    };
    match context.get(key) {
        // A key with several values is not a variable.
        Some([single]) => Some(single.clone()),
        Some(_) | None => default.map(str::to_owned),
    }
}

fn unquoted(text: &str) -> Option<&str> {
    text.strip_prefix('\'')?.strip_suffix('\'')
}
