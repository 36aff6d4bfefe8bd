//! `gleaner connect`: the providers that the workspace imports from.

mod consent;
mod proof;

use std::process::ExitCode;
use std::time::Duration;

use ::connect::provider::confluence::gateway::{GATEWAY, api_url};
use anyhow::{Context, bail};
use model::connection::{ConfluenceAccount, DriveAccount, NotionAccount, ZendeskAccount};
use model::{Account, Connection, ConnectionId, Sealed, Source, WorkspaceId};
use serde_json::{Value, json};
use store::Store;

use self::proof::{KeyFile, Proof};
use crate::args::connect::{ConnectCommand, ProofArgs};
use crate::output;
use crate::settings::Settings;
use crate::setup;
use crate::table::table;

pub async fn run(settings: &Settings, command: ConnectCommand) -> anyhow::Result<ExitCode> {
    let store = setup::store(settings).await?;
    let workspace = setup::workspace(&store, settings).await?;
    let code = match command {
        ConnectCommand::List { json } => {
            show(&store.read().await?.connections(workspace).await?, json)?;
            ExitCode::SUCCESS
        }
        ConnectCommand::Test { provider } => test(&store, settings, &known(&store, workspace, provider).await?).await?,
        ConnectCommand::Remove { provider } => {
            let connection = known(&store, workspace, provider).await?;
            let mut write = store.write().await?;
            write.disconnect(connection.id).await?;
            write.commit().await?;
            output::line(format_args!("{} is disconnected; its documents stay as they are", provider.title()))?;
            ExitCode::SUCCESS
        }
        made => {
            let gateway = gateway(&made);
            let (mut account, proof, args) = wished(made)?;
            if let (Account::Confluence(account), Some(gateway)) = (&mut account, gateway) {
                let found = api_url(&setup::client(settings)?, &account.site_url, &gateway).await;
                account.api_url = found.map_err(|failure| anyhow::anyhow!("{failure}"))?;
            }
            let wished = Wished { account, proof, args };
            connect(&store, settings, workspace, wished).await?
        }
    };
    setup::close(&store).await;
    Ok(code)
}

/// What is to be connected.
struct Wished {
    account: Account,
    proof: Proof,
    args: ProofArgs,
}

/// Atlassian's gateway, where a consent goes by it and the way to the site is not given.
fn gateway(command: &ConnectCommand) -> Option<String> {
    match command {
        ConnectCommand::Confluence { api_url: None, data_center: false, gateway_url, proof, .. } if proof.oauth => {
            Some(gateway_url.clone().unwrap_or_else(|| GATEWAY.to_owned()))
        }
        _ => None,
    }
}

fn wished(command: ConnectCommand) -> anyhow::Result<(Account, Proof, ProofArgs)> {
    Ok(match command {
        ConnectCommand::Notion { api_url, proof } => {
            let usual = NotionAccount::default();
            let account = NotionAccount { api_url: api_url.unwrap_or(usual.api_url) };
            (Account::Notion(account), Proof::of(&proof, None), proof)
        }
        ConnectCommand::Zendesk { site, locale, drafts, restricted, anonymous, scope, token_url, proof } => {
            let account = ZendeskAccount {
                site_url: site,
                token_url: token_url.unwrap_or_default(),
                locale: locale.unwrap_or_default(),
                drafts,
                restricted,
            };
            let kind = if anonymous { Proof::Nothing } else { Proof::of(&proof, scope) };
            (Account::Zendesk(account), kind, proof)
        }
        ConnectCommand::Confluence {
            site,
            api_url,
            data_center,
            spaces,
            rendered,
            token_url,
            proof,
            gateway_url: _,
        } => {
            let account = ConfluenceAccount {
                site_url: site,
                api_url: api_url.unwrap_or_default(),
                token_url: token_url.unwrap_or_default(),
                data_center,
                spaces,
                rendered,
            };
            (Account::Confluence(account), Proof::of(&proof, None), proof)
        }
        ConnectCommand::GoogleDrive { key_file, subject, folders, drive, api_url, token_url, proof } => {
            let key = key_file.as_deref().map(KeyFile::read).transpose()?;
            let usual = DriveAccount::default();
            let token_url =
                token_url.or_else(|| key.as_ref().map(|key| key.token_uri.clone())).unwrap_or(usual.token_url);
            let account = DriveAccount {
                api_url: api_url.unwrap_or(usual.api_url),
                token_url,
                folders,
                drive: drive.unwrap_or_default(),
            };
            let kind = match key {
                Some(key) => Proof::Given(key.credentials(subject.unwrap_or_default())),
                None => Proof::of(&proof, None),
            };
            (Account::GoogleDrive(account), kind, proof)
        }
        ConnectCommand::List { .. } | ConnectCommand::Test { .. } | ConnectCommand::Remove { .. } => {
            bail!("nothing is to be connected")
        }
    })
}

/// Keeps the connection and tests it at once.
async fn connect(
    store: &Store,
    settings: &Settings,
    workspace: WorkspaceId,
    wished: Wished,
) -> anyhow::Result<ExitCode> {
    let Wished { account, proof, args } = wished;
    // Reading them back checks every address.
    let account = Account::of(account.provider(), &account.settings()).map_err(anyhow::Error::msg)?;
    let sealed = match (args.oauth, &args.client_id) {
        (true, Some(client)) => consent::ask(store, settings, &account, client, &args).await?,
        _ => Sealed { credentials: proof.credentials(args.secret_file.as_deref())?, grant: None },
    };
    account.takes(&sealed.credentials).map_err(anyhow::Error::msg)?;
    let now = store.now();
    let mut write = store.write().await?;
    let before = write.connection_to(workspace, account.provider()).await?;
    let connection = Connection {
        id: before.as_ref().map_or_else(ConnectionId::new, |before| before.id),
        workspace,
        proof: sealed.credentials.word().to_owned(),
        problem: String::new(),
        created_at: before.map_or(now, |before| before.created_at),
        updated_at: now,
        account,
    };
    write.connect(&connection, &sealed, delay(&args, &connection.account)?).await?;
    write.commit().await?;
    test(store, settings, &connection).await
}

fn delay(args: &ProofArgs, account: &Account) -> anyhow::Result<Duration> {
    match args.requests_per_second {
        None => Ok(account.delay()),
        Some(rate) if (0.001..=100.0).contains(&rate) => Ok(Duration::from_secs_f64(1.0 / rate)),
        Some(rate) => bail!("--requests-per-second must be from 0.001 to 100, it is {rate}"),
    }
}

async fn test(store: &Store, settings: &Settings, connection: &Connection) -> anyhow::Result<ExitCode> {
    let title = connection.provider().title();
    match setup::sources(store, settings)?.probe(connection).await {
        Ok(identity) => {
            output::line(format_args!("{title} takes us: {}", identity.name))?;
            for note in identity.notes {
                output::line(format_args!("  {note}"))?;
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(failure) => {
            eprintln!("gleaner: {title} is kept, but does not take us: {failure}");
            Ok(ExitCode::FAILURE)
        }
    }
}

async fn known(store: &Store, workspace: WorkspaceId, provider: Source) -> anyhow::Result<Connection> {
    let found = store.read().await?.connection_to(workspace, provider).await?;
    found.with_context(|| format!("{} is not connected; connect it with: gleaner connect {provider}", provider.title()))
}

fn show(connections: &[Connection], as_json: bool) -> anyhow::Result<()> {
    if as_json {
        let one = |connection: &Connection| {
            json!({ "id": connection.id, "provider": connection.provider().as_str(), "settings": connection.account.settings(),
                    "proof": connection.proof, "problem": connection.problem })
        };
        return output::line(json!({ "connections": connections.iter().map(one).collect::<Vec<Value>>() }));
    }
    let mut rows = table(["PROVIDER", "WHERE", "PROOF", "PROBLEM"]);
    for connection in connections {
        let place = match &connection.account {
            Account::Notion(account) => &account.api_url,
            Account::Zendesk(account) => &account.site_url,
            Account::Confluence(account) => &account.site_url,
            Account::GoogleDrive(account) => &account.api_url,
        };
        rows.add_row([connection.provider().title(), place, &connection.proof, &connection.problem]);
    }
    output::line(rows)
}
