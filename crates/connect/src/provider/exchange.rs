//! Tokens for credentials: OAuth 2.0 (RFC 6749, RFC 7636) and the signed statements of Google's service accounts (RFC 7523).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::connection::DriveAccount;
use model::{Account, Credentials, Failure, FailureCode, Grant, Sealed, Secret, Timestamp, WebUrl};
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderValue};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::pki_types::pem::PemObject;
use serde_json::{Value, json};

use super::api::{all, authorization, secret};
use super::gate::Proof;
use super::notion;
use crate::{Ask, Client};

/// What a service account may ask for: to read, and nothing else.
const DRIVE_SCOPE: &str = "https://www.googleapis.com/auth/drive.readonly";
/// What a Zendesk client asks for: the articles of help centres, to read.
const ZENDESK_SCOPE: &str = "hc:read";
/// Where Atlassian's tokens come from.
const ATLASSIAN_TOKENS: &str = "https://auth.atlassian.com/oauth/token";
/// The longest life that Google grants a statement.
const STATEMENT_SECONDS: i64 = 3600;
/// How long before its end a token counts as over: requests under way must still be answered.
const EARLY_SECONDS: i64 = 30;

/// What a person's consent gave, to be exchanged for tokens.
#[derive(Debug, Clone)]
pub struct Code {
    /// The client's id.
    pub client_id: String,
    /// The client's secret.
    pub client_secret: Secret,
    /// The code.
    pub code: Secret,
    /// Where the person was sent back to.
    pub redirect_url: String,
    /// The verifier of the challenge (PKCE).
    pub verifier: Secret,
}

/// Gets a new token for credentials that are exchanged. What comes back replaces all that was sealed: providers end the old pair.
pub async fn exchange(
    client: &Client,
    account: &Account,
    credentials: &Credentials,
    now: Timestamp,
) -> Result<Sealed, Failure> {
    let (form, scope) = match credentials {
        Credentials::Client { client_id, client_secret, scope } => {
            let scope = if scope.is_empty() { ZENDESK_SCOPE } else { scope };
            let form = vec![
                ("grant_type", "client_credentials"),
                ("client_id", client_id),
                ("client_secret", client_secret.reveal()),
                ("scope", scope),
            ];
            (owned(form), Some(scope.to_owned()))
        }
        Credentials::Consent { client_id, client_secret, refresh_token } => {
            let form = vec![
                ("grant_type", "refresh_token"),
                ("client_id", client_id),
                ("client_secret", client_secret.reveal()),
                ("refresh_token", refresh_token.reveal()),
            ];
            (owned(form), None)
        }
        Credentials::ServiceAccount { .. } => {
            let Account::GoogleDrive(drive) = account else { return Err(unfit(account)) };
            let statement = statement(credentials, drive, now)?;
            let form =
                vec![("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), ("assertion", statement.reveal())];
            (owned(form), None)
        }
        Credentials::Anonymous | Credentials::Token { .. } | Credentials::Basic { .. } => return Err(unfit(account)),
    };
    let answer = ask(client, account, &form).await?;
    check_scope(account, scope.as_deref(), &answer)?;
    sealed(account, credentials, &answer, now)
}

/// Exchanges the code that a person's consent gave.
pub async fn exchange_code(client: &Client, account: &Account, code: &Code, now: Timestamp) -> Result<Sealed, Failure> {
    let form = owned(vec![
        ("grant_type", "authorization_code"),
        ("client_id", &code.client_id),
        ("client_secret", code.client_secret.reveal()),
        ("code", code.code.reveal()),
        ("redirect_uri", &code.redirect_url),
        ("code_verifier", code.verifier.reveal()),
    ]);
    let answer = ask(client, account, &form).await?;
    // A token without a successor lasts until somebody revokes it.
    let credentials = match secret(&answer, "refresh_token") {
        Some(refresh_token) => Credentials::Consent {
            client_id: code.client_id.clone(),
            client_secret: code.client_secret.clone(),
            refresh_token,
        },
        None => Credentials::Token { token: secret(&answer, "access_token").ok_or_else(|| no_token(account))? },
    };
    sealed(account, &credentials, &answer, now)
}

/// Whether a grant is still good at `now`.
pub fn is_good(grant: &Grant, now: Timestamp) -> bool {
    grant.expires_at.is_none_or(|end| now.as_micros() < end - EARLY_SECONDS * 1_000_000)
}

/// The challenge to a verifier (RFC 7636, `S256`).
pub fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(ring::digest::digest(&ring::digest::SHA256, verifier.as_bytes()))
}

/// 43 letters that nobody can guess; `None` where the machine gives no random numbers.
pub fn random() -> Option<String> {
    let mut bytes = [0; 32];
    ring::rand::SecureRandom::fill(&SystemRandom::new(), &mut bytes).ok()?;
    Some(URL_SAFE_NO_PAD.encode(bytes))
}

type Form = Vec<(&'static str, String)>;

fn owned(form: Vec<(&'static str, &str)>) -> Form {
    form.into_iter().map(|(name, value)| (name, value.to_owned())).collect()
}

/// Where the tokens of an account come from.
fn token_url(account: &Account) -> String {
    let below = |base: &str, path: &str| format!("{}{path}", base.trim_end_matches('/'));
    let or = |given: &str, usual: String| if given.is_empty() { usual } else { given.to_owned() };
    match account {
        Account::Notion(account) => below(&account.api_url, "/v1/oauth/token"),
        Account::Zendesk(account) => or(&account.token_url, below(&account.site_url, "/oauth/tokens")),
        Account::Confluence(account) => or(&account.token_url, ATLASSIAN_TOKENS.to_owned()),
        Account::GoogleDrive(account) => account.token_url.clone(),
    }
}

async fn ask(client: &Client, account: &Account, form: &Form) -> Result<Value, Failure> {
    let provider = account.provider();
    let url = WebUrl::parse(&token_url(account)).map_err(|refusal| {
        Failure::new(FailureCode::ProviderDisconnected, format!("the token address of {provider} {refusal}"))
    })?;
    let mut ask = request(account, url, form)?;
    ask.headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    let mut answer = client.ask(&ask).await?;
    let (status, retry_after) = (answer.status, answer.retry_after);
    let body: Value = serde_json::from_slice(&all(&mut answer.body).await?).unwrap_or_default();
    match status {
        200..=299 => Ok(body),
        429 => Err(Failure::new(FailureCode::RateLimited, format!("{provider} gives no token: too many requests"))
            .after(retry_after)),
        408 | 500..=599 => {
            Err(Failure::new(FailureCode::ServerError, format!("{provider} gives no token: it answered {status}"))
                .after(retry_after))
        }
        _ => Err(Failure::new(
            FailureCode::ProviderDisconnected,
            format!("{provider} gives no token ({}); connect it again", reason(status, &body)),
        )),
    }
}

/// Google takes a form, the others JSON; Notion wants the client's name and secret in the header.
fn request(account: &Account, url: WebUrl, form: &Form) -> Result<Ask, Failure> {
    let object = |names: &[&str]| {
        let fields = form.iter().filter(|(name, _)| !names.contains(name));
        Value::Object(fields.map(|(name, value)| ((*name).to_owned(), json!(value))).collect())
    };
    let json = |value: Value| value.to_string().into_bytes();
    match account {
        Account::GoogleDrive(_) => {
            let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
            Ok(Ask::post(url, "application/x-www-form-urlencoded", body.into_bytes()))
        }
        Account::Notion(_) => {
            let value = |wanted: &str| form.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.clone());
            let user = value("client_id").unwrap_or_default();
            let proof = Proof::Basic(user, Secret::new(value("client_secret").unwrap_or_default()));
            let mut ask = Ask::post(url, "application/json", json(object(&["client_id", "client_secret"])));
            ask.headers.extend([notion::version()]);
            if let Some(header) = authorization(&proof)? {
                ask.headers.insert(AUTHORIZATION, header);
            }
            Ok(ask)
        }
        Account::Zendesk(_) | Account::Confluence(_) => Ok(Ask::post(url, "application/json", json(object(&[])))),
    }
}

/// The error's name, which OAuth defines; descriptions may repeat what was sent.
fn reason(status: u16, body: &Value) -> String {
    // Notion calls it its code, like those of its other errors.
    let name = ["error", "code"].iter().find_map(|field| body.get(field).and_then(Value::as_str)).unwrap_or_default();
    let is_name =
        !name.is_empty() && name.len() <= 60 && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if is_name { name.to_owned() } else { format!("it answered {status}") }
}

/// A scope that nobody knows is granted all the same by some, and then opens nothing.
fn check_scope(account: &Account, asked: Option<&str>, answer: &Value) -> Result<(), Failure> {
    let (Some(asked), Some(granted)) = (asked, answer.get("scope").and_then(Value::as_str)) else { return Ok(()) };
    let granted: Vec<&str> = granted.split([' ', ',']).filter(|scope| !scope.is_empty()).collect();
    let opens = |scope: &str| granted.contains(&scope) || granted.contains(&"read") && scope.ends_with(":read");
    match asked.split(' ').find(|scope| !opens(scope)) {
        None => Ok(()),
        Some(scope) => Err(Failure::new(
            FailureCode::ProviderDisconnected,
            format!(
                "{} did not grant the scope {scope:?}; allow it to the client and connect again",
                account.provider()
            ),
        )),
    }
}

fn sealed(account: &Account, credentials: &Credentials, answer: &Value, now: Timestamp) -> Result<Sealed, Failure> {
    let access_token = secret(answer, "access_token").ok_or_else(|| no_token(account))?;
    let seconds = answer.get("expires_in").and_then(Value::as_i64);
    let expires_at = seconds.map(|seconds| now.as_micros().saturating_add(seconds.saturating_mul(1_000_000)));
    let mut credentials = credentials.clone();
    if let (Credentials::Consent { refresh_token, .. }, Some(next)) =
        (&mut credentials, secret(answer, "refresh_token"))
    {
        *refresh_token = next;
    }
    Ok(Sealed { credentials, grant: Some(Grant { access_token, expires_at }) })
}

/// The statement of a service account, signed with its key.
fn statement(credentials: &Credentials, drive: &DriveAccount, now: Timestamp) -> Result<Secret, Failure> {
    let Credentials::ServiceAccount { email, key_id, private_key, subject } = credentials else {
        return Err(Failure::new(FailureCode::Internal, "no service account"));
    };
    let bad = |what: &str| {
        let text = format!("the private key of {email} {what}; connect again with the key file as Google gave it");
        Failure::new(FailureCode::ProviderDisconnected, text)
    };
    let seconds = now.as_micros() / 1_000_000;
    let mut claims = json!({
        "iss": email, "scope": DRIVE_SCOPE, "aud": drive.token_url, "iat": seconds, "exp": seconds + STATEMENT_SECONDS,
    });
    if !subject.is_empty() {
        claims["sub"] = json!(subject);
    }
    let header = json!({ "alg": "RS256", "typ": "JWT", "kid": key_id });
    let said = format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(claims.to_string()));
    let der = PrivatePkcs8KeyDer::from_pem_slice(private_key.reveal().as_bytes()).map_err(|_| bad("is no PEM"))?;
    let key = RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()).map_err(|_| bad("is no RSA key"))?;
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), said.as_bytes(), &mut signature)
        .map_err(|_| bad("cannot sign"))?;
    Ok(Secret::new(format!("{said}.{}", URL_SAFE_NO_PAD.encode(signature))))
}

fn no_token(account: &Account) -> Failure {
    Failure::new(FailureCode::ServerError, format!("{} answered without a token", account.provider()))
}

fn unfit(account: &Account) -> Failure {
    let text = format!("credentials of this kind are not exchanged for tokens at {}", account.provider());
    Failure::new(FailureCode::ProviderDisconnected, text)
}
