//! A person's consent in the browser: OAuth 2.0 for native apps (RFC 8252) with PKCE (RFC 7636). The browser is sent back to a
//! listener on this machine, which takes one answer and is gone.

use std::io::IsTerminal;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use connect::provider::{Code, exchange_code};
use model::{Account, Sealed, Secret};
use store::Store;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

use super::proof::secret;
use crate::args::connect::ProofArgs;
use crate::output;
use crate::settings::Settings;
use crate::setup;

/// How long the person may take.
const PATIENCE: Duration = Duration::from_mins(10);
/// The most bytes of the browser's request that are read.
const LONGEST_HEAD: usize = 16 * 1024;

/// Asks for consent and exchanges it for tokens.
pub async fn ask(
    store: &Store,
    settings: &Settings,
    account: &Account,
    client_id: &str,
    args: &ProofArgs,
) -> anyhow::Result<Sealed> {
    let client_secret = secret("Client secret", args.secret_file.as_deref())?;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.context("cannot listen for the browser")?;
    let redirect_url = format!("http://{}/callback", listener.local_addr()?);
    let (state, verifier) = (random()?, random()?);
    let page = consent_page(account, client_id, args, (&redirect_url, &state, &verifier))?;
    output::line(format_args!("Open this page, and allow Gleaner to read:\n\n{page}\n"))?;
    if std::io::stderr().is_terminal() {
        eprintln!("Waiting for the browser; Ctrl-C gives up.");
    }
    let answer = tokio::time::timeout(PATIENCE, answered(&listener, &state)).await;
    let code = answer.context("nobody consented in time; start again")??;
    let code =
        Code { client_id: client_id.to_owned(), client_secret, code, redirect_url, verifier: Secret::new(verifier) };
    let client = setup::client(settings)?;
    exchange_code(&client, account, &code, store.now()).await.map_err(|failure| anyhow::anyhow!("{failure}"))
}

/// The page on which a person consents.
fn consent_page(
    account: &Account,
    client_id: &str,
    args: &ProofArgs,
    (redirect_url, state, verifier): (&str, &str, &str),
) -> anyhow::Result<Url> {
    let (usual, extra): (String, &[(&str, &str)]) = match account {
        Account::Notion(account) => {
            (format!("{}/v1/oauth/authorize", account.api_url.trim_end_matches('/')), &[("owner", "user")])
        }
        Account::Zendesk(account) => {
            (format!("{}/oauth/authorizations/new", account.site_url.trim_end_matches('/')), &[("scope", "hc:read")])
        }
        Account::Confluence(_) => (
            "https://auth.atlassian.com/authorize".to_owned(),
            &[
                ("audience", "api.atlassian.com"),
                ("prompt", "consent"),
                ("scope", "read:space:confluence read:page:confluence read:folder:confluence offline_access"),
            ],
        ),
        Account::GoogleDrive(_) => (
            "https://accounts.google.com/o/oauth2/v2/auth".to_owned(),
            &[
                ("scope", "https://www.googleapis.com/auth/drive.readonly"),
                ("access_type", "offline"),
                ("prompt", "consent"),
            ],
        ),
    };
    let page = args.authorize_url.as_ref().unwrap_or(&usual);
    let mut page = Url::parse(page).with_context(|| format!("--authorize-url {page:?} is no address"))?;
    page.query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("client_id", client_id)
        .append_pair("redirect_uri", redirect_url)
        .append_pair("state", state)
        .append_pair("code_challenge", &connect::provider::exchange::challenge(verifier))
        .append_pair("code_challenge_method", "S256")
        .extend_pairs(extra);
    Ok(page)
}

/// Takes connections until one brings the answer to our question. Others, such as a browser's look for an icon, are sent away.
async fn answered(listener: &TcpListener, state: &str) -> anyhow::Result<Secret> {
    loop {
        let (mut stream, _) = listener.accept().await.context("cannot listen for the browser")?;
        let Some(target) = target(&mut stream).await else { continue };
        let Some(answer) = answer(&target, state) else {
            say(&mut stream, "404 Not Found", "This is not the answer that Gleaner waits for.").await;
            continue;
        };
        match answer {
            Ok(code) => {
                say(&mut stream, "200 OK", "Gleaner may read now. You can close this page.").await;
                return Ok(code);
            }
            Err(reason) => {
                say(&mut stream, "200 OK", "Nothing was allowed. You can close this page.").await;
                bail!("the provider says {reason:?}; nothing was connected");
            }
        }
    }
}

/// What the browser asks for: the target of its request line.
async fn target(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    let mut chunk = [0; 1024];
    while !head.windows(2).any(|end| end == b"\r\n") && head.len() < LONGEST_HEAD {
        let read = tokio::time::timeout(Duration::from_secs(5), stream.read(&mut chunk)).await.ok()?.ok()?;
        if read == 0 {
            break;
        }
        head.extend_from_slice(&chunk[..read]);
    }
    let line = String::from_utf8(head).ok()?;
    let mut words = line.lines().next()?.split(' ');
    (words.next()? == "GET").then(|| words.next().map(str::to_owned))?
}

/// The code that an answer brings, or why there is none; `None` where it is no answer to a question with this state.
fn answer(target: &str, state: &str) -> Option<Result<Secret, String>> {
    let url = Url::parse("http://127.0.0.1").and_then(|base| base.join(target)).ok()?;
    let value = |wanted: &str| url.query_pairs().find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned());
    if url.path() != "/callback" || value("state").as_deref() != Some(state) {
        return None;
    }
    match (value("code"), value("error")) {
        (Some(code), None) if !code.is_empty() => Some(Ok(Secret::new(code))),
        (_, error) => Some(Err(error.unwrap_or_else(|| "no code".to_owned()).chars().take(100).collect())),
    }
}

async fn say(stream: &mut TcpStream, status: &str, text: &str) {
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        text.len()
    );
    // The person's browser may be gone already.
    let _ = stream.write_all(format!("{head}{text}").as_bytes()).await;
    let _ = stream.shutdown().await;
}

/// 43 letters that nobody can guess.
fn random() -> anyhow::Result<String> {
    let text = connect::provider::exchange::random();
    ensure!(text.is_some(), "this machine gives no random numbers");
    Ok(text.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_answer_with_our_state_counts() {
        let code = |target: &str| answer(target, "s1").map(|answer| answer.map(|code| code.reveal().to_owned()));
        let cases = [
            ("/callback?code=abc&state=s1", Some(Ok("abc"))),
            ("/callback?state=s1&error=access_denied", Some(Err("access_denied"))),
            ("/callback?state=s1", Some(Err("no code"))),
            ("/callback?code=abc&state=s2", None),
            ("/callback?code=abc", None),
            ("/favicon.ico", None),
            ("http://evil.example/other?code=abc&state=s1", None),
        ];
        for (target, expected) in cases {
            let expected = expected.map(|answer| answer.map(str::to_owned).map_err(str::to_owned));
            assert_eq!(code(target), expected, "{target}");
        }
    }
}
