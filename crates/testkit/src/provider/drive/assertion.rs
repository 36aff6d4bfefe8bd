//! The signed assertion of a service account, checked as the token endpoint does: RFC 7523 with RS256.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::Timestamp;
use ring::signature::{KeyPair, RSA_PKCS1_2048_8192_SHA256, RsaKeyPair, UnparsedPublicKey};
use serde_json::Value;

/// The longest that an assertion may hold.
const LONGEST: i64 = 3_600;
/// How far the clocks of the two sides may be apart.
const SKEW: Duration = Duration::from_mins(5);

/// What an assertion asks for.
#[derive(Debug)]
pub struct Claims {
    /// The user to speak for.
    pub subject: Option<String>,
    pub scopes: Vec<String>,
}

/// The claims of an assertion that is signed by the owner of the key, for one of these audiences, now; otherwise what is wrong.
pub fn verified(assertion: &str, private_key: &str, issuer: &str, audiences: &[&str]) -> Result<Claims, &'static str> {
    let malformed = "Invalid JWT: Failed to parse.";
    let (signed, signature) = assertion.rsplit_once('.').ok_or(malformed)?;
    let (header, claims) = signed.split_once('.').ok_or(malformed)?;
    let part = |text: &str| -> Option<Value> { serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok() };
    let (header, claims) = (part(header).ok_or(malformed)?, part(claims).ok_or(malformed)?);
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| malformed)?;
    let key = key_pair(private_key);
    let public = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key.public_key().as_ref());
    if header["alg"] != "RS256" || public.verify(signed.as_bytes(), &signature).is_err() {
        return Err("Invalid JWT Signature.");
    }
    if claims["iss"] != issuer {
        return Err("Invalid issuer: Not found.");
    }
    if !audiences.iter().any(|audience| claims["aud"] == *audience) {
        return Err("Invalid JWT: Failed audience check.");
    }
    let (from, until) = (instant(&claims["iat"]).ok_or(malformed)?, instant(&claims["exp"]).ok_or(malformed)?);
    let now = Timestamp::now();
    let is_fresh = from <= now + SKEW && until > now - SKEW && until.as_second() - from.as_second() <= LONGEST;
    if !is_fresh {
        return Err("Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.");
    }
    let scopes = claims["scope"].as_str().unwrap_or_default().split_whitespace().map(str::to_owned).collect();
    Ok(Claims { subject: claims["sub"].as_str().map(str::to_owned), scopes })
}

fn instant(seconds: &Value) -> Option<Timestamp> {
    Timestamp::from_second(seconds.as_i64()?).ok()
}

/// The pair of a private key in PEM.
pub fn key_pair(pem: &str) -> RsaKeyPair {
    let lines = pem.lines().filter(|line| !line.starts_with("-----"));
    let der = STANDARD.decode(lines.collect::<String>()).expect("the key of the fake is in PEM");
    RsaKeyPair::from_pkcs8(&der).expect("the key of the fake is an RSA key")
}
