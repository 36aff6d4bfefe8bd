//! What is wrong with the items of a batch, collected so that one answer names them all.

use crate::error::Error;

/// How many offenders an answer names; the rest are counted.
const NAMED: usize = 20;

/// The offending items of one request.
#[derive(Debug, Default)]
pub struct Offenders {
    named: Vec<String>,
    count: usize,
}

impl Offenders {
    /// Notes one: which item, its value, what is wrong, the mend. The text is only made while it would be shown.
    pub fn add(&mut self, describe: impl FnOnce() -> String) {
        self.count += 1;
        if self.named.len() < NAMED {
            self.named.push(describe());
        }
    }

    /// The refusal that names them; `Ok` when there are none.
    pub fn refuse(self) -> Result<(), Error> {
        match self.count {
            0 => Ok(()),
            1 => Err(Error::BadRequest(self.named.concat())),
            count => Err(Error::BadRequest(format!("{}{}", heading(count), numbered(&self.named)))),
        }
    }
}

fn heading(count: usize) -> String {
    if count > NAMED {
        format!("{count} values are refused, the first {NAMED} are: ")
    } else {
        format!("{count} values are refused: ")
    }
}

fn numbered(named: &[String]) -> String {
    let lines: Vec<_> = named.iter().enumerate().map(|(at, text)| format!("({}) {text}", at + 1)).collect();
    lines.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(count: usize) -> String {
        let mut offenders = Offenders::default();
        for item in 0..count {
            offenders.add(|| format!("item {item} is odd"));
        }
        offenders.refuse().map_or_else(|error| error.to_string(), |()| String::new())
    }

    #[test]
    fn one_is_named_many_are_numbered_and_the_rest_counted() {
        assert_eq!(message(0), "");
        assert_eq!(message(1), "item 0 is odd");
        assert_eq!(message(2), "2 values are refused: (1) item 0 is odd; (2) item 1 is odd");
        let many = message(25);
        assert!(many.starts_with("25 values are refused, the first 20 are: (1) item 0 is odd; "), "{many}");
        assert!(many.ends_with("(20) item 19 is odd"), "{many}");
    }
}
