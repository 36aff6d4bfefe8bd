//! `gleaner show`: one document and its text.

use std::process::ExitCode;

use crate::args::ShowArgs;
use crate::backend::Backend;
use crate::output;
use crate::place;
use crate::settings::Settings;

pub async fn run(settings: &Settings, args: ShowArgs) -> anyhow::Result<ExitCode> {
    let backend = Backend::known(settings, &args.remote).await?;
    let document = backend.document(&args.id).await?;
    if args.markdown {
        output::text_of(backend.markdown(&args.id).await?)?;
        return Ok(ExitCode::SUCCESS);
    }
    if args.json {
        output::line(serde_json::to_string_pretty(&document)?)?;
        return Ok(ExitCode::SUCCESS);
    }
    output::line(&document.title)?;
    output::line(&document.original_url)?;
    let language = document.language.as_deref().unwrap_or("language unknown");
    let status = document.linked_job_status.as_deref().unwrap_or("never run");
    println!(
        "{status} · {} · {language} · revision {} · updated {}",
        place::standing(&document),
        document.revision,
        document.updated_at
    );
    for paragraph in &document.paragraphs {
        output::line(format_args!("\n{paragraph}"))?;
    }
    Ok(ExitCode::SUCCESS)
}
