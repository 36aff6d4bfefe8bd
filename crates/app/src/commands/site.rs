//! `gleaner site`: what is content on a site's pages.

use std::process::ExitCode;

use anyhow::ensure;
use serde_json::{Value, json};
use store::Site;

use crate::args::site::SiteCommand;
use crate::output;
use crate::settings::Settings;
use crate::setup;
use crate::table::table;

pub async fn run(settings: &Settings, command: SiteCommand) -> anyhow::Result<ExitCode> {
    let store = setup::known_store(settings).await?;
    let workspace = setup::workspace(&store, settings).await?;
    match command {
        SiteCommand::List { json } => show(&store.read().await?.sites(workspace).await?, json)?,
        SiteCommand::Set { host, keep, drop } => {
            let site = Site { host, keep, drop, updated_at: store.now() };
            let mut write = store.write().await?;
            write.set_site(workspace, &site).await?;
            write.commit().await?;
            output::line(format_args!("pages of {} are read so from now on", site.host))?;
        }
        SiteCommand::Forget { host } => {
            let mut write = store.write().await?;
            let was_known = write.forget_site(workspace, &host).await?;
            ensure!(was_known, "nothing was said of {host}; `gleaner site list` shows of which sites there was");
            write.commit().await?;
            output::line(format_args!("pages of {host} are read by themselves from now on"))?;
        }
    }
    store.close().await;
    Ok(ExitCode::SUCCESS)
}

fn show(sites: &[Site], as_json: bool) -> anyhow::Result<()> {
    if as_json {
        let site = |site: &Site| json!({ "host": site.host, "keep": site.keep, "drop": site.drop });
        return output::line(json!({ "sites": sites.iter().map(site).collect::<Vec<Value>>() }));
    }
    let mut rows = table(["HOST", "KEEP", "DROP"]);
    for site in sites {
        rows.add_row([site.host.clone(), site.keep.join("\n"), site.drop.join("\n")]);
    }
    output::line(rows)
}
