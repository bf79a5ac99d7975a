//! Texts that match a pattern: of LIKE, or a regular expression.

/// The deepest nesting of groups that is followed.
const DEEPEST: usize = 20;

/// The most letters of a text.
const LONGEST: usize = 400;

/// Returns texts that match a pattern of LIKE.
pub(super) fn like(pattern: &str) -> Vec<String> {
    let with = |any: &str| {
        let mut res = String::new();
        let mut letters = pattern.chars();
        while let Some(letter) = letters.next() {
            match letter {
                '%' => res.push_str(any),
                '_' => res.push('a'),
                '\\' => res.extend(letters.next()),
                _ => res.push(letter),
            }
        }
        res
    };
    vec![with("a"), with(""), with("b c")]
}

/// Tells whether a text has a sign that means something in regular expressions.
pub(super) fn is_regex(text: &str) -> bool {
    text.contains(['^', '$', '[', '(', '\\', '*', '+', '?', '{', '|']) || text.contains(".*")
}

/// Returns texts that match a regular expression; some may not.
pub(super) fn regex(pattern: &str) -> Vec<String> {
    let sample = |turn| {
        let mut reader = Reader { letters: pattern.chars().collect(), at: 0, turn };
        let mut res = reader.alternatives(0);
        res.truncate(res.char_indices().nth(LONGEST).map_or(res.len(), |(at, _)| at));
        res
    };
    (0..4).map(sample).collect()
}

/// A regular expression from which a text is made.
struct Reader {
    letters: Vec<char>,
    at: usize,
    /// Which of the letters and alternatives is taken.
    turn: usize,
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.letters.get(self.at).copied()
    }

    fn take(&mut self) -> Option<char> {
        let res = self.peek();
        self.at += 1;
        res
    }

    fn takes(&mut self, letter: char) -> bool {
        let is_next = self.peek() == Some(letter);
        self.at += usize::from(is_next);
        is_next
    }

    /// Reads alternatives up to the end of their group, and chooses one.
    fn alternatives(&mut self, depth: usize) -> String {
        let mut all = vec![self.sequence(depth)];
        while self.takes('|') {
            all.push(self.sequence(depth));
        }
        let chosen = self.turn % all.len();
        all.swap_remove(chosen)
    }

    fn sequence(&mut self, depth: usize) -> String {
        let mut res = String::new();
        while let Some(letter) = self.peek().filter(|it| !['|', ')'].contains(it)) {
            self.at += 1;
            let part = match letter {
                '^' | '$' => continue,
                '(' => self.group(depth),
                '[' => self.class().to_string(),
                '.' => pick(&['a', 'b', '1'], self.turn).to_string(),
                '\\' => self.escaped(),
                _ => letter.to_string(),
            };
            let (least, most) = self.quantifier();
            let few = if self.turn.is_multiple_of(2) { least.max(1).min(most) } else { least };
            let many = if self.turn >= 2 { (few + 1).min(most) } else { few };
            res.push_str(&part.repeat(many));
        }
        res
    }

    fn group(&mut self, depth: usize) -> String {
        let mut is_ahead = false;
        if self.takes('?') {
            match self.take() {
                Some(':') | None => {}
                Some('<') => {
                    is_ahead = true;
                    self.at += 1;
                }
                Some('=' | '!') => is_ahead = true,
                // Options for the whole.
                Some(_) => {
                    while self.take().is_some_and(|it| it != ')') {}
                    return String::new();
                }
            }
        }
        let inside = if depth < DEEPEST { self.alternatives(depth + 1) } else { String::new() };
        self.takes(')');
        if is_ahead { String::new() } else { inside }
    }

    fn escaped(&mut self) -> String {
        match self.take() {
            Some('d') => pick(&['1', '7', '4'], self.turn).to_string(),
            Some('w' | 'S' | 'D') => pick(&['a', 'b', 'c'], self.turn).to_string(),
            Some('s' | 'W') => " ".to_owned(),
            // Borders of words and texts.
            Some('A' | 'Z' | 'b' | 'B' | 'm' | 'M' | 'y' | 'Y') | None => String::new(),
            Some('n') => "\n".to_owned(),
            Some('t') => "\t".to_owned(),
            Some(letter) => letter.to_string(),
        }
    }

    /// Reads a class of letters, and chooses one of them.
    fn class(&mut self) -> char {
        let is_negated = self.takes('^');
        let mut members: Vec<(char, char)> = Vec::new();
        let mut is_first = true;
        while let Some(letter) = self.take() {
            if letter == ']' && !is_first {
                break;
            }
            is_first = false;
            match letter {
                '[' if self.peek() == Some(':') => members.extend(self.named_class()),
                '\\' => members.extend(self.escaped().chars().map(|it| (it, it))),
                _ if self.peek() == Some('-') && self.letters.get(self.at + 1) != Some(&']') => {
                    self.at += 1;
                    members.push((letter, self.take().unwrap_or(letter)));
                }
                _ => members.push((letter, letter)),
            }
        }
        if is_negated {
            let is_out = |it: &char| !members.iter().any(|(from, to)| (from..=to).contains(&it));
            let common: Vec<char> = "abc1x_-Z ,é".chars().filter(is_out).collect();
            return pick(&common, self.turn);
        }
        let chosen = members.get(self.turn % members.len().max(1)).copied();
        let (from, to) = chosen.unwrap_or(('a', 'a'));
        (from..=to).nth(self.turn / members.len().max(1)).unwrap_or(from)
    }

    fn named_class(&mut self) -> Vec<(char, char)> {
        let rest: String = self.letters.iter().skip(self.at).collect();
        let name = rest.split(":]").next().unwrap_or_default().to_owned();
        self.at += name.chars().count() + 2;
        match name.trim_start_matches(':') {
            "digit" => vec![('0', '9')],
            "upper" => vec![('A', 'Z')],
            "space" | "blank" => vec![(' ', ' ')],
            "punct" => vec![('.', '.')],
            "xdigit" => vec![('a', 'f'), ('0', '9')],
            _ => vec![('a', 'z')],
        }
    }

    /// Reads how often something may come: at least, at most.
    fn quantifier(&mut self) -> (usize, usize) {
        let res = match self.peek() {
            Some('*') => (0, LONGEST),
            Some('+') => (1, LONGEST),
            Some('?') => (0, 1),
            Some('{') => return self.counted(),
            _ => return (1, 1),
        };
        self.at += 1;
        self.takes('?');
        res
    }

    fn counted(&mut self) -> (usize, usize) {
        let rest: String = self.letters.iter().skip(self.at + 1).collect();
        let Some((inside, _)) = rest.split_once('}') else { return (1, 1) };
        let (least, most) = inside.split_once(',').unwrap_or((inside, inside));
        let Ok(least) = least.parse::<usize>() else { return (1, 1) };
        self.at += inside.chars().count() + 2;
        self.takes('?');
        (least.min(LONGEST), most.parse().unwrap_or(LONGEST).min(LONGEST))
    }
}

/// Chooses a letter by turns; a common one, if there is none to choose from.
fn pick(letters: &[char], turn: usize) -> char {
    letters.get(turn % letters.len().max(1)).copied().unwrap_or('~')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_match_their_regular_expression() {
        for (pattern, first, last) in [
            ("^[a-z]+$", "a", "dd"),
            (r"^\d{3}-[A-F0-9]{2}$", "111-AA", "111-11"),
            ("^(foo|bar)(baz)?$", "foobaz", "barbaz"),
            ("^[^@[:space:]]+@[^@]+\\.[a-z]{2,}$", "a@a.aa", "11@11.ddd"),
            ("^https?://.+", "https://a", "https://aa"),
            ("^(?:#[0-9a-f]{6})$", "#000000", "#bbbbbb"),
            ("(?i)^ab$", "ab", "ab"),
            ("[]x]", "]", "x"),
            ("(((", "", ""),
            ("a{2", "a{2", "a{2"),
        ] {
            let all = regex(pattern);
            assert_eq!(all.first().map(String::as_str), Some(first), "{pattern}");
            assert_eq!(all.last().map(String::as_str), Some(last), "{pattern}");
        }
    }

    #[test]
    fn texts_match_their_pattern_of_like() {
        assert_eq!(like("a_%\\%"), ["aaa%", "aa%", "aab c%"]);
    }
}
