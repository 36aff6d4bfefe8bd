//! Reads the body that connects a provider. Nothing of the credentials is ever repeated.

use std::time::Duration;

use model::{Account, Credentials, Source};
use serde_json::{Map, Value};

use crate::error::Error;
use crate::query::one_of;
use crate::quoted::quoted;
use crate::words::CONNECTED;

/// The fields of the body.
const FIELDS: [&str; 4] = ["provider", "settings", "credentials", "requestsPerSecond"];
/// The most requests a second that anybody may ask for.
const MOST_A_SECOND: f64 = 100.0;
/// The fewest: one in ten minutes.
const FEWEST_A_SECOND: f64 = 1.0 / 600.0;

/// What a body asks to connect.
pub struct Wished {
    /// What it leads to.
    pub account: Account,
    /// What proves that we may read there.
    pub credentials: Credentials,
    /// The least time between two requests.
    pub delay: Duration,
}

/// Reads a body.
pub fn read(body: &[u8]) -> Result<Wished, Error> {
    // The parser's own words are left out: they repeat what they stumble over, which may be a secret.
    let Ok(Value::Object(mut fields)) = serde_json::from_slice(body) else {
        return Err(bad("the body must be a JSON object with provider, settings and credentials".to_owned()));
    };
    if let Some(field) = fields.keys().find(|field| !FIELDS.contains(&field.as_str())) {
        return Err(bad(format!("there is no field {} here; there are {}", quoted(field), FIELDS.join(", "))));
    }
    let provider = provider(fields.remove("provider"))?;
    let settings = settings(fields.remove("settings"))?;
    let account = Account::of(provider, &settings).map_err(|text| bad(format!("settings: {text}")))?;
    let credentials = credentials(fields.remove("credentials"))?;
    account.takes(&credentials).map_err(bad)?;
    let delay = delay(fields.remove("requestsPerSecond"))?.unwrap_or(account.delay());
    Ok(Wished { account, credentials, delay })
}

/// A provider that can be connected, by its word.
pub fn connected(word: &str) -> Result<Source, Error> {
    let known = word.parse().ok().filter(|source| CONNECTED.contains(source));
    known.ok_or_else(|| bad(format!("the provider must be {}, got {}", one_of(&CONNECTED), quoted(word))))
}

fn provider(value: Option<Value>) -> Result<Source, Error> {
    match value {
        Some(Value::String(word)) => connected(&word),
        _ => Err(bad(format!("provider must be {}", one_of(&CONNECTED)))),
    }
}

fn settings(value: Option<Value>) -> Result<Map<String, Value>, Error> {
    match value {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(settings)) => Ok(settings),
        Some(_) => Err(bad("settings must be an object".to_owned())),
    }
}

fn credentials(value: Option<Value>) -> Result<Credentials, Error> {
    let Some(Value::Object(fields)) = value else {
        return Err(bad("credentials must be an object with a kind; the API reference lists the kinds".to_owned()));
    };
    let kind = fields.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned();
    serde_json::from_value(fields.into()).map_err(|_| {
        let wanted = match kind.as_str() {
            "anonymous" => "no further fields",
            "token" => "token",
            "basic" => "user and token",
            "client" => "clientId, clientSecret and, if it must be another than the usual one, scope",
            "consent" => "clientId, clientSecret and refreshToken",
            "service_account" => "email, keyId, privateKey and, to read on a user's behalf, subject",
            _ => {
                return bad(
                    "credentials.kind must be anonymous, token, basic, client, consent or service_account".to_owned()
                );
            }
        };
        bad(format!("credentials of the kind {kind} have {wanted}, all of them texts"))
    })
}

fn delay(value: Option<Value>) -> Result<Option<Duration>, Error> {
    let wanted = || bad("requestsPerSecond must be a number from 0.0017 to 100".to_owned());
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Number(number)) => {
            let rate = number.as_f64().filter(|rate| (FEWEST_A_SECOND..=MOST_A_SECOND).contains(rate));
            rate.map(|rate| Some(Duration::from_secs_f64(1.0 / rate))).ok_or_else(wanted)
        }
        Some(_) => Err(wanted()),
    }
}

fn bad(text: String) -> Error {
    Error::BadRequest(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(body: &str) -> String {
        read(body.as_bytes()).map_or_else(|error| error.to_string(), |_| String::new())
    }

    #[test]
    fn what_is_wrong_is_told_without_what_is_secret() {
        let cases = [
            (r#"{"provider":"notion","credentials":{"kind":"token","token":"s3cret"}}"#, ""),
            (r#"{"provider":"notion","credentials":"s3cret"}"#, "credentials must be an object"),
            (r#"{"provider":"notion","credentials":{"kind":"s3cret"}}"#, "credentials.kind must be"),
            (r#"{"provider":"notion","credentials":{"kind":"token","token":5,"x":"s3cret"}}"#, "have token"),
            (r#"{"provider":"notion","credentials":{"kind":"token","tokn":"s3cret"}}"#, "have token"),
            (r#"{"provider":"notion","credentials":{"kind":"basic","user":"a","token":"s3cret"}}"#, "does not take"),
            (r#"{"provider":"notion","credentials":{"kind":"token","token":"s3cret"}"#, "must be a JSON object"),
            (r#"["s3cret"]"#, "must be a JSON object"),
            (r#"{"provider":"slack","credentials":{}}"#, "the provider must be"),
            (r#"{"provider":"zendesk","credentials":{"kind":"anonymous"}}"#, "siteUrl must be"),
            (r#"{"provider":"notion","settings":[],"credentials":{"kind":"anonymous"}}"#, "settings must be"),
            (r#"{"provider":"notion","key":"s3cret"}"#, "there is no field"),
            (r#"{"provider":"notion","credentials":{"kind":"token","token":"s3cret"},"requestsPerSecond":0}"#, "from"),
        ];
        for (body, expected) in cases {
            let said = refusal(body);
            assert_eq!(said.is_empty(), expected.is_empty(), "{body}: {said}");
            assert!(said.contains(expected), "{body}: {said}");
            assert!(!said.contains("s3cret"), "{body}: {said}");
        }
    }

    #[test]
    fn a_rate_becomes_a_pause() {
        let body = r#"{"provider":"notion","credentials":{"kind":"token","token":"x"},"requestsPerSecond":4}"#;
        assert_eq!(read(body.as_bytes()).map(|wished| wished.delay).ok(), Some(Duration::from_millis(250)));
    }
}
