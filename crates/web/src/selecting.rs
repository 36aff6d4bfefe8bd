//! Reads what a call says of a site, and why a selector is refused.

use model::{Timestamp, WebUrl};
use store::Site;

use crate::error::Error;
use crate::fields::Fields;
use crate::offenders::Offenders;
use crate::quoted::quoted;

const HOST: &str = "host";
const KEEP: &str = "keep";
const DROP: &str = "drop";
/// The most selectors in one list.
const MOST: usize = 50;
/// The most characters of a selector.
const LONGEST: usize = 500;

/// What a body says of a site.
pub fn said(body: &[u8], now: Timestamp) -> Result<Site, Error> {
    let mut fields = Fields::read_strictly(body, &[HOST, KEEP, DROP], MOST)?;
    let host = host(&mut fields)?;
    let (keep, drop) = (selectors(&mut fields, KEEP)?, selectors(&mut fields, DROP)?);
    if keep.is_empty() && drop.is_empty() {
        return Err(Error::BadRequest(format!("name at least one selector in {KEEP} or {DROP}")));
    }
    Ok(Site { host, keep, drop, updated_at: now })
}

/// The host that a body wants forgotten.
pub fn forgotten(body: &[u8]) -> Result<String, Error> {
    host(&mut Fields::read_strictly(body, &[HOST], MOST)?)
}

fn host(fields: &mut Fields) -> Result<String, Error> {
    let wanted = "a host such as docs.example.com or docs.example.com:8080";
    let Some(text) = fields.text(HOST)? else {
        return Err(Error::BadRequest(format!("{HOST} is missing; name {wanted}")));
    };
    WebUrl::lane_named(&text)
        .ok_or_else(|| Error::BadRequest(format!("{HOST} must be {wanted}, got {}", quoted(&text))))
}

fn selectors(fields: &mut Fields, name: &str) -> Result<Vec<String>, Error> {
    let (texts, count) = fields.texts(name)?;
    if count > MOST {
        return Err(Error::BadRequest(format!("{name} holds {count} selectors; at most {MOST} are allowed")));
    }
    let mut offenders = Offenders::default();
    for (at, text) in texts.iter().enumerate() {
        if text.chars().count() > LONGEST {
            offenders.add(|| format!("{name}[{at}] is longer than {LONGEST} characters"));
        } else if let Err(error) = extract::check_selector(text) {
            offenders.add(|| format!("{name}[{at}]: {error}"));
        }
    }
    offenders.refuse().map(|()| texts)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_wrong_is_named() {
        let long = "a".repeat(LONGEST + 1);
        let many: Vec<String> = (0..=MOST).map(|number| format!(".c{number}")).collect();
        let cases = [
            (json!({ "drop": [".a"] }), "host is missing"),
            (json!({ "host": "a b", "drop": [".a"] }), "host must be a host"),
            (json!({ "host": "a.example" }), "name at least one selector in keep or drop"),
            (json!({ "host": "a.example", "keep": ["p:hover"] }), "keep[0]: "),
            (json!({ "host": "a.example", "drop": [long] }), "drop[0] is longer than 500 characters"),
            (json!({ "host": "a.example", "drop": many }), "drop holds 51 selectors"),
            (json!({ "host": "a.example", "dropped": [".a"] }), "dropped"),
        ];
        for (body, expected) in cases {
            let refused = said(body.to_string().as_bytes(), Timestamp::default()).unwrap_err().to_string();
            assert!(refused.contains(expected), "{body}: {refused}");
        }
    }

    #[test]
    fn a_host_is_written_in_one_way() {
        let body = json!({ "host": "Docs.Example.com", "keep": ["main"] }).to_string();
        let site = said(body.as_bytes(), Timestamp::default()).unwrap();
        assert_eq!((site.host.as_str(), site.keep, site.drop), ("docs.example.com", vec!["main".to_owned()], vec![]));
    }
}
